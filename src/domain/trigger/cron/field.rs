//! One cron field: its range, its canonical text, the numbers it names.
//!
//! Knows nothing of other fields, of dates or zones. Invariant: an [`Item`] was
//! accepted by the grammar, so it names at least one number within the range
//! of its field.
//! Source: `APScheduler` 3.11.0, `apscheduler/triggers/cron/expressions.py`; the
//! words of its refusals are kept. Stricter in one point: text after a name,
//! which the library drops silently, is refused.

use super::calendar::{Bits, Days, FIRST_YEAR, LAST_YEAR};
use super::grammar::parse_item;
use crate::domain::trigger::FieldFault;

const MONTHS: Names = Names {
    noun: "month",
    short: &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
    first: 1,
};
pub(super) const WEEKDAYS: Names = Names {
    noun: "weekday",
    short: &["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    first: 0,
};
pub(super) const POSITIONS: [&str; 6] = ["1st", "2nd", "3rd", "4th", "5th", LAST];
pub(super) const LAST: &str = "last";

/// The names that stand for the numbers of a field.
pub(super) struct Names {
    /// What the library calls one of them in its refusals.
    noun: &'static str,
    short: &'static [&'static str],
    /// The number of the first name.
    first: u32,
}

/// What a field may contain.
pub(super) struct Spec {
    name: &'static str,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) names: Option<Names>,
    /// Whether `last` and positions of weekdays are allowed.
    pub(super) has_positions: bool,
    /// The range in words, for messages.
    allowed: &'static str,
}

pub(super) static YEAR: Spec = numeric(
    "year",
    FIRST_YEAR.unsigned_abs(),
    LAST_YEAR.unsigned_abs(),
    "numbers 1970-9999",
);
pub(super) static MONTH: Spec = Spec {
    names: Some(MONTHS),
    ..numeric("month", 1, 12, "numbers 1-12, names jan-dec")
};
pub(super) static DAY: Spec = Spec {
    has_positions: true,
    ..numeric(
        "day",
        1,
        31,
        "numbers 1-31, last, 1st|2nd|3rd|4th|5th|last and a weekday name mon-sun",
    )
};
pub(super) static WEEK: Spec = numeric("week", 1, 53, "numbers 1-53");
pub(super) static DAY_OF_WEEK: Spec = Spec {
    names: Some(WEEKDAYS),
    ..numeric(
        "day_of_week",
        0,
        6,
        "numbers 0-6 (0 is Monday), names mon-sun",
    )
};
pub(super) static HOUR: Spec = numeric("hour", 0, 23, "numbers 0-23");
pub(super) static MINUTE: Spec = numeric("minute", 0, 59, "numbers 0-59");
pub(super) static SECOND: Spec = numeric("second", 0, 59, "numbers 0-59");

const fn numeric(name: &'static str, min: u32, max: u32, allowed: &'static str) -> Spec {
    Spec {
        name,
        min,
        max,
        names: None,
        has_positions: false,
        allowed,
    }
}

/// An accepted field: one or more items, as the list had them.
pub(super) struct Field {
    spec: &'static Spec,
    items: Vec<Item>,
}

pub(super) enum Item {
    /// `*` and `*/n`; without a step, 1 is meant.
    All { step: Option<u32> },
    /// `a`, `a-b`, `a/n`, `a-b/n`; without `last` and with a step: to the maximum.
    Range {
        first: u32,
        last: Option<u32>,
        step: Option<u32>,
    },
    /// A name or a range of names, by number.
    Names {
        names: &'static Names,
        first: u32,
        last: u32,
    },
    /// An index into [`POSITIONS`] and a weekday, 0 = Monday.
    Position { position: usize, weekday: u32 },
    /// The last day of the month.
    LastDay,
}

impl Field {
    /// Reads one field; the fault is about its first bad item.
    pub(super) fn parse(spec: &'static Spec, text: &str) -> Result<Self, FieldFault> {
        let items: Result<Vec<Item>, FieldFault> = text
            .trim()
            .split(',')
            .map(|item| item.trim_matches(' '))
            .map(|item| parse_item(spec, item).map_err(|words| spec.fault(text, item, &words)))
            .collect();
        items.map(|items| Self { spec, items })
    }

    /// The field as `APScheduler` prints it.
    pub(super) fn canonical(&self) -> String {
        let items: Vec<String> = self.items.iter().map(Item::canonical).collect();
        items.join(",")
    }

    /// The numbers named, of a field within 0 to 63.
    pub(super) fn numbers(&self) -> Bits {
        let mut numbers = Bits::default();
        self.each_number(|number| numbers.insert(number));
        numbers
    }

    /// The numbers named; `None` when the field names all of them.
    pub(super) fn restricting_numbers(&self) -> Option<Bits> {
        (!self.is_unrestricted()).then(|| self.numbers())
    }

    /// Whether each year from [`FIRST_YEAR`] on is named; `None` when all are.
    pub(super) fn years(&self) -> Option<Vec<bool>> {
        if self.is_unrestricted() {
            return None;
        }
        let mut years = Vec::new();
        self.each_number(|year| {
            // invariant: each number lies within the range of the field; usize holds u32 here.
            let index = (year - self.spec.min) as usize;
            if years.len() <= index {
                years.resize(index + 1, false);
            }
            years[index] = true;
        });
        Some(years)
    }

    /// The days named, positions and all.
    pub(super) fn days(&self) -> Days {
        let mut days = Days {
            numbers: self.numbers(),
            ..Days::default()
        };
        for item in &self.items {
            match item {
                Item::LastDay => days.last_day = true,
                Item::Position { position, weekday } => days
                    .nth
                    .get_mut(*position)
                    .unwrap_or(&mut days.last_weekdays)
                    .insert(*weekday),
                Item::All { .. } | Item::Range { .. } | Item::Names { .. } => {}
            }
        }
        days
    }

    fn is_unrestricted(&self) -> bool {
        let all = |item: &Item| {
            matches!(
                item,
                Item::All {
                    step: None | Some(1)
                }
            )
        };
        self.items.iter().any(all)
    }

    /// Each number named; what several items of one step name, once. So a list
    /// as long as a body can be is read at once, years and all.
    fn each_number(&self, mut seen: impl FnMut(u32)) {
        let mut ranges: Vec<_> = self.items.iter().filter_map(|i| self.range(i)).collect();
        ranges.sort_unstable_by_key(|(first, _, step)| (*step, first % step, *first));
        // The numbers that a step reaches from one remainder, and how far they are done.
        let mut class = None;
        let mut next = 0;
        for (first, last, step) in ranges {
            if class != Some((step, first % step)) {
                class = Some((step, first % step));
                next = first;
            }
            let mut number = next.max(first);
            while number <= last {
                seen(number);
                number += step;
            }
            next = number;
        }
    }

    /// First, last and step of an item that names numbers.
    fn range(&self, item: &Item) -> Option<(u32, u32, u32)> {
        let (first, last, step) = match *item {
            Item::All { step } => (self.spec.min, self.spec.max, step),
            Item::Range { first, last, step } => (first, last.unwrap_or(self.spec.max), step),
            Item::Names { first, last, .. } => (first, last, None),
            Item::Position { .. } | Item::LastDay => return None,
        };
        Some((first, last, step.unwrap_or(1)))
    }
}

impl Spec {
    /// The library's words, the item they are about, and what is allowed.
    fn fault(&self, given: &str, item: &str, words: &str) -> FieldFault {
        let about = if words.contains(item) {
            String::new()
        } else {
            format!(", given {item:?}")
        };
        FieldFault {
            field: self.name,
            value: given.to_owned(),
            message: format!(
                "{words}{about}; allowed: *, */n, a, a-b, a/n, a-b/n, lists with commas; {}",
                self.allowed
            ),
        }
    }

    pub(super) fn unrecognized(&self, item: &str) -> String {
        format!(
            "Unrecognized expression \"{item}\" for field \"{}\"",
            self.name
        )
    }
}

impl Item {
    fn canonical(&self) -> String {
        let stepped = |text: String, step: Option<u32>| match step {
            Some(step) => format!("{text}/{step}"),
            None => text,
        };
        match *self {
            Self::All { step } => stepped("*".to_owned(), step),
            // A step within a single number (`0-0/5`) says nothing, and would
            // mean something else without its end.
            Self::Range {
                first,
                last: Some(last),
                ..
            } if first == last => first.to_string(),
            Self::Range { first, last, step } => match last {
                Some(last) => stepped(format!("{first}-{last}"), step),
                None => stepped(first.to_string(), step),
            },
            Self::Names { names, first, last } if first == last => names.of(first).to_owned(),
            Self::Names { names, first, last } => {
                format!("{}-{}", names.of(first), names.of(last))
            }
            Self::Position { position, weekday } => {
                format!("{} {}", POSITIONS[position], WEEKDAYS.of(weekday))
            }
            Self::LastDay => LAST.to_owned(),
        }
    }
}

impl Names {
    pub(super) fn number(&self, name: &str) -> Result<u32, String> {
        (self.first..)
            .zip(self.short)
            .find(|(_, short)| short.eq_ignore_ascii_case(name))
            .map(|(number, _)| number)
            .ok_or_else(|| format!("Invalid {} name \"{name}\"", self.noun))
    }

    pub(super) fn of(&self, number: u32) -> &'static str {
        // invariant: the number came from `number`, so it has a name.
        self.short[(number - self.first) as usize]
    }
}

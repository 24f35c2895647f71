//! What is thrown at the parsers: wild texts, texts near the grammar, sound
//! texts with a few faults, instants and zones of all kinds.

use chrono::{DateTime, Utc};
use chrono_tz::TZ_VARIANTS;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::domain::zone::Zone;

/// What cron texts are made of, here and in other crons, and what looks like it.
const TOKENS: &[&str] = &[
    "*",
    "/",
    "-",
    ",",
    " ",
    "?",
    "*/",
    "0",
    "1",
    "2",
    "5",
    "6",
    "7",
    "00",
    "007",
    "12",
    "23",
    "24",
    "31",
    "32",
    "53",
    "59",
    "60",
    "1970",
    "2024",
    "9999",
    "10000",
    "4294967296",
    "170141183460469231731687303715884105728",
    "last",
    "LAST",
    "1st",
    "2nd ",
    "5th",
    "6th",
    "mon",
    "Tue",
    "SUN",
    "sunday",
    "jan",
    "Dec",
    "dec-jan",
    "fri-mon",
    "mon-fri",
    "L",
    "W",
    "#2",
    "H",
    "@",
    "@daily",
    "_",
    "\t",
    "\n",
    "\u{a0}",
    "\u{3000}",
    "\u{0}",
    "é",
    "٣",
    "１",
    "ſun",
    "İ",
    "\u{202e}",
    "😀",
    "--",
    "//",
    "+1",
    "-1",
    "1.5",
    "0x1",
    "\"",
    "'",
];

/// Sound texts of one field or another.
const SOUND: &[&str] = &[
    "*",
    "*/1",
    "*/2",
    "0",
    "5",
    "05",
    "1-5",
    "1-5/2",
    "1/2",
    "0-0/5",
    "1,2 , 3",
    "*,1",
    "mon",
    "Mon-FRI",
    "sat,sun",
    "jan-jun",
    "feb",
    "last",
    "LAST fri",
    "1st  mon",
    "5th sun,last",
    "1970-9999",
    "2024-2030/2",
    "53",
    "*/52",
];

/// Sound lines of cron text.
const LINES: &[&str] = &[
    "* * * * *",
    "*/15 9-17 * JAN,3 *",
    "0 0 ? * ?",
    "0 0 last * *",
    "30 0 12 * * MON",
    "* * * * * *",
    "@hourly",
    " @Daily ",
    "@annually",
    "0 0 * * 7",
    "0 0 * * fri-mon",
    "0 0 * * 1-5/2",
    "0 0 1 * *",
    "0 0 */1 * 5",
    "0 0 29 2 *",
    "59 59 23 31 12 ?",
];

/// Any text at all: all of Unicode, control characters, long ASCII.
pub(super) fn wild() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => vec(any::<char>(), 0..12).prop_map(String::from_iter),
        2 => "[ -~]{0,24}",
        1 => "[0-9]{0,60}",
        1 => "(?s).{0,40}",
    ]
}

fn tokens(count: usize) -> impl Strategy<Value = String> {
    vec(select(TOKENS), 0..count).prop_map(|parts| parts.concat())
}

/// Anything that a field could be given.
pub(super) fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => wild(),
        3 => tokens(6),
        4 => faulty(SOUND),
        1 => vec(faulty(SOUND), 1..4).prop_map(|items| items.join(",")),
    ]
}

/// Anything that could be given as a line.
pub(super) fn line() -> impl Strategy<Value = String> {
    let part = prop_oneof![select(SOUND).prop_map(str::to_owned), tokens(4)];
    prop_oneof![
        1 => wild(),
        1 => tokens(12),
        4 => faulty(LINES),
        3 => vec(part, 4..8).prop_map(|parts| parts.join(" ")),
    ]
}

/// A name of a zone, often with a typing error.
pub(super) fn zone_name() -> impl Strategy<Value = String> {
    let name = any::<Index>().prop_map(|index| index.get(&TZ_VARIANTS).name().to_owned());
    prop_oneof![1 => wild(), 2 => mutated(name)]
}

/// Any zone of the data.
pub(super) fn zone() -> impl Strategy<Value = Zone> {
    any::<Index>().prop_map(|index| Zone::parse(index.get(&TZ_VARIANTS).name()).unwrap())
}

/// One of these, changed in up to three places.
fn faulty(sound: &'static [&'static str]) -> impl Strategy<Value = String> {
    mutated(select(sound).prop_map(str::to_owned))
}

/// Up to three times: a character goes, comes twice, or is replaced; a token
/// comes in.
pub(super) fn mutated(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let change = (0..4_u8, any::<Index>(), select(TOKENS));
    (text, vec(change, 0..3)).prop_map(|(text, changes)| {
        changes.into_iter().fold(text, |text, (how, place, token)| {
            let mut chars: Vec<char> = text.chars().collect();
            let place = place.index(chars.len() + 1);
            match chars.get(place).copied() {
                Some(_) if how == 0 => drop(chars.remove(place)),
                Some(twice) if how == 1 => chars.insert(place, twice),
                Some(_) if how == 2 => drop(chars.splice(place..=place, token.chars())),
                _ => drop(chars.splice(place..place, token.chars())),
            }
            chars.into_iter().collect()
        })
    })
}

/// Instants of the years 1 to 9999, most of them where zones have rules.
pub(super) fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let years = |seconds: std::ops::Range<i64>| {
        (seconds, 0_u32..1_000_000_000)
            .prop_map(|(unix_s, nanos)| DateTime::from_timestamp(unix_s, nanos).unwrap())
    };
    prop_oneof![
        2 => years(-62_135_596_800..253_402_300_800),
        3 => years(0..4_102_444_800),
        1 => select(super::hard_instants()),
    ]
}

/// Numbers of every size, the hard ones often.
pub(super) fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -100_i64..10_100,
        1 => any::<i64>(),
        1 => select(vec![i64::MIN, i64::MIN + 1, -1, 0, 1, 59, 60, 3_600_000, 3_600_001, i64::MAX]),
    ]
}

//! Reading JSON so that every fault is told, not only the first.
//!
//! What is wrong is taken out and the rest is read again, until it can be read or
//! what is wrong is needed. Knows no field of ours.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Deserializer, Path, Segment, Track};

use super::problem::Fault;
use super::strict::Strict;

/// How many faults of one value are told.
const MOST: usize = 50;

/// Reads `value`, which stands at `place` in the body (`""`: the whole). `None`:
/// something that is needed is wrong or missing; `faults` has it.
pub fn read<T: DeserializeOwned>(
    mut value: Value,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let mut told = Told::default();
    for _ in 0..MOST {
        let mut track = Track::new();
        let error = match T::deserialize(Deserializer::new(Strict(&value), &mut track)) {
            Ok(read) => return Some(read),
            Err(error) => error.to_string(),
        };
        let mut steps = steps(&track.path());
        let field = told.name(place, &steps);
        match missing_field(&error) {
            Some(name) => {
                let field = join(&field, name);
                // Told already, if it was there and wrong.
                if !told.fields.contains(&field) {
                    faults.push(Fault::new(field, "this field is required", Value::Null));
                }
            }
            None => {
                let given = lookup(&value, &steps).cloned();
                faults.push(Fault::new(field.clone(), error, given.unwrap_or_default()));
                told.fields.push(field);
            }
        }
        // A choice cannot be without its variant.
        while let Some(Step::Variant(_)) = steps.last() {
            steps.pop();
        }
        take_out(&mut value, &steps, place, &mut told)?;
    }
    None
}

/// One step down into a value.
enum Step {
    Key(String),
    Variant(String),
    Index(usize),
}

/// What was told and taken out.
#[derive(Default)]
struct Told {
    fields: Vec<String>,
    /// Lists and the places that are gone from them, as they were sent.
    gone: Vec<(String, usize)>,
}

impl Told {
    /// The name of what lies at the end of the way, as it was sent.
    fn name(&self, place: &str, steps: &[Step]) -> String {
        let mut name = place.to_owned();
        for step in steps {
            name = match step {
                Step::Key(key) | Step::Variant(key) => join(&name, key),
                Step::Index(index) => format!("{name}[{}]", self.sent_at(&name, *index)),
            };
        }
        name
    }

    /// Where in the list as it was sent this place was.
    fn sent_at(&self, list: &str, index: usize) -> usize {
        let gone = self.gone.iter().filter(|(name, _)| name == list);
        let mut gone: Vec<usize> = gone.map(|(_, index)| *index).collect();
        gone.sort_unstable();
        gone.into_iter()
            .fold(index, |at, gone| at + usize::from(gone <= at))
    }
}

fn steps(path: &Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { variant } => Some(Step::Variant(variant.clone())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Unknown => None,
        })
        .collect()
}

fn lookup<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        // A variant without a value is a text.
        Step::Variant(key) => value.get(key).or(Some(value)),
        Step::Index(index) => value.get(index),
    })
}

/// Takes out what lies at the end of the way; `None`: that is the whole.
fn take_out(value: &mut Value, steps: &[Step], place: &str, told: &mut Told) -> Option<()> {
    let (last, way) = steps.split_last()?;
    let holder = way.iter().try_fold(value, |value, step| match step {
        Step::Key(key) | Step::Variant(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })?;
    match last {
        Step::Key(key) | Step::Variant(key) => {
            holder.as_object_mut()?.shift_remove(key)?;
        }
        Step::Index(index) => {
            let list = told.name(place, way);
            let sent_at = told.sent_at(&list, *index);
            let items = holder.as_array_mut()?;
            (*index < items.len()).then(|| items.remove(*index))?;
            told.gone.push((list, sent_at));
        }
    }
    Some(())
}

/// The name of `field` within `place`.
pub fn join(place: &str, field: &str) -> String {
    match place {
        "" => field.to_owned(),
        _ => format!("{place}.{field}"),
    }
}

/// The field that serde misses, from its words.
fn missing_field(error: &str) -> Option<&str> {
    error.strip_prefix("missing field `")?.split('`').next()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read, not used")]
    struct Outer {
        needed: u8,
        #[serde(default)]
        count: Option<i32>,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(default)]
        choice: Choice,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read, not used")]
    struct Inner {
        name: String,
    }

    #[derive(Debug, PartialEq, Default, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        #[default]
        None,
        Some(u8),
    }

    fn faults(value: &Value) -> (bool, Vec<String>) {
        let mut faults = Vec::new();
        let read = read::<Outer>(value.clone(), "", &mut faults);
        let fields = faults.into_iter().map(|fault| fault.field);
        (read.is_some(), fields.collect())
    }

    #[test]
    fn every_fault_is_told() {
        let cases = [
            (json!({"needed": 1}), true, vec![]),
            (
                json!({"needed": 1, "count": "x", "more": 1, "list": [{"name": "a"}]}),
                true,
                vec!["count", "more"],
            ),
            (
                json!({"needed": "x", "count": []}),
                false,
                vec!["needed", "count"],
            ),
            (json!({"count": {}}), false, vec!["count", "needed"]),
            (json!({}), false, vec!["needed"]),
            (json!([]), false, vec![""]),
            (
                json!({"needed": 1, "list": [{"name": 5}, {"name": "a"}, {"nam": "b"}, 7]}),
                true,
                vec!["list[0].name", "list[2].nam", "list[2].name", "list[3]"],
            ),
            (
                json!({"needed": 1, "choice": {"some": 500}, "x": 1}),
                true,
                vec!["choice.some", "x"],
            ),
            (
                json!({"needed": 1, "choice": "other"}),
                true,
                vec!["choice"],
            ),
        ];
        for (value, read, fields) in cases {
            let found = faults(&value);
            assert_eq!(
                found,
                (read, fields.into_iter().map(str::to_owned).collect()),
                "{value}"
            );
        }
    }
}

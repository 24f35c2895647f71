//! What form a set of numbers has, so that it can be told shortly.

/// How many numbers at equal distances are told as such.
const STEPS: usize = 4;
/// How many in a row are told as a range.
const RANGE: u32 = 3;

/// The form of the numbers a field names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// All there are.
    All,
    /// Each so-many-th from the least one on, so that the field goes on evenly when
    /// it begins anew.
    Even(u32),
    /// At equal distances, but for that.
    Steps { first: u32, last: u32, step: u32 },
    /// Single ones, and ranges with both ends.
    Runs(Vec<(u32, u32)>),
}

/// The shape of ascending numbers of a field that goes from `min` to `max`.
pub(super) fn shape(numbers: &[u32], min: u32, max: u32) -> Shape {
    let cycle = max - min + 1;
    if numbers.len() == cycle as usize {
        return Shape::All;
    }
    if let Some((first, last, step)) = progression(numbers).filter(|(.., step)| *step > 1) {
        let even = first == min && cycle.is_multiple_of(step) && last + step > max;
        if even && numbers.len() > 2 {
            return Shape::Even(step);
        }
        if numbers.len() >= STEPS {
            return Shape::Steps { first, last, step };
        }
    }
    Shape::Runs(runs(numbers))
}

/// First, last and distance of numbers at equal distances.
fn progression(numbers: &[u32]) -> Option<(u32, u32, u32)> {
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    let step = numbers.get(1)? - first;
    let even = numbers.windows(2).all(|pair| pair[1] - pair[0] == step);
    even.then_some((first, last, step))
}

/// Single numbers, and ranges where at least three are in a row.
pub(super) fn runs(numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut rows: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match rows.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => rows.push((*number, *number)),
        }
    }
    let apart = |(first, last): (u32, u32)| match last - first + 1 {
        count if count >= RANGE => vec![(first, last)],
        _ => (first..=last).map(|n| (n, n)).collect(),
    };
    rows.into_iter().flat_map(apart).collect()
}

/// Runs as texts: `one` of a number, `both` of a range.
pub(super) fn texts(
    runs: &[(u32, u32)],
    one: impl Fn(u32) -> String,
    both: impl Fn(u32, u32) -> String,
) -> Vec<String> {
    let text = |(first, last): &(u32, u32)| match first == last {
        true => one(*first),
        false => both(*first, *last),
    };
    runs.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_has_a_form() {
        let all: Vec<u32> = (0..60).collect();
        assert_eq!(shape(&all, 0, 59), Shape::All);
        assert_eq!(shape(&[0, 15, 30, 45], 0, 59), Shape::Even(15));
        assert_eq!(
            shape(&[5, 20, 35, 50], 0, 59),
            Shape::Steps {
                first: 5,
                last: 50,
                step: 15
            }
        );
        assert_eq!(shape(&[0, 30], 0, 59), Shape::Runs(vec![(0, 0), (30, 30)]));
        assert_eq!(
            shape(&[1, 2, 4, 5, 6], 0, 6),
            Shape::Runs(vec![(1, 1), (2, 2), (4, 6)])
        );
        assert_eq!(shape(&[], 0, 6), Shape::Runs(vec![]));
    }
}

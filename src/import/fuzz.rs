//! Fuzzing of the pickles: no bytes make their reading panic, run away, or end
//! in anything but a job or a reason. See `domain::fuzz` for how seeds are kept.

use std::time::Duration;

use chrono::DateTime;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{FileFailurePersistence, TestCaseError};

use super::apscheduler::{Row, carry_over};
use super::pickle;
use crate::clock::processor_time;

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/fuzz/pickle.seeds");

/// What the real library wrote.
const SOUND: [&[u8]; 4] = [
    include_bytes!("../../tests/data/apscheduler/protocols/2.pickle"),
    include_bytes!("../../tests/data/apscheduler/protocols/3.pickle"),
    include_bytes!("../../tests/data/apscheduler/protocols/4.pickle"),
    include_bytes!("../../tests/data/apscheduler/protocols/5.pickle"),
];

/// The opcodes that are known, and pieces that they go with.
const PIECES: &[&[u8]] = &[
    b"N",
    b"\x88",
    b"\x89",
    b"J\xff\xff\xff\x7f",
    b"K\x07",
    b"M\xff\xff",
    b"\x8a\x08",
    b"\x8a\x00",
    b"G\x7f\xf8\0\0\0\0\0\0",
    b"X\x03\0\0\0abc",
    b"\x8c\x01a",
    b"C\x02\0\0",
    b")",
    b"\x85",
    b"\x86",
    b"\x87",
    b"(",
    b"t",
    b"]",
    b"}",
    b"a",
    b"e",
    b"s",
    b"u",
    b"q\0",
    b"h\0",
    b"\x94",
    b"R",
    b"\x81",
    b"b",
    b"\x93",
    b".",
    b"cdatetime\ndatetime\n",
    b"cdatetime\ntimedelta\n",
    b"cpytz\n_p\n",
    b"cbuiltins\ngetattr\n",
    b"czoneinfo\nZoneInfo\n",
    b"capscheduler.triggers.interval\nIntervalTrigger\n",
    b"cos\nsystem\n",
    b"\x95",
    b"0",
    b"2",
];

/// Opcodes in any order.
fn program() -> impl Strategy<Value = Vec<u8>> {
    vec(select(PIECES), 0..60).prop_map(|pieces| [&b"\x80\x04"[..], &pieces.concat()].concat())
}

/// A change of a pickle: something in the place of something else.
type Change = (Index, usize, Vec<u8>);

fn change() -> impl Strategy<Value = Change> {
    let new = prop_oneof![
        select(PIECES).prop_map(<[u8]>::to_vec),
        vec(any::<u8>(), 0..4),
        Just(Vec::new()),
    ];
    (any::<Index>(), 0_usize..6, new)
}

/// What the library wrote, with a few faults.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let changes = vec(change(), 1..5);
    (select(SOUND.to_vec()), changes, any::<Option<Index>>()).prop_map(|(sound, changes, cut)| {
        let mut bytes = sound.to_vec();
        for (at, length, new) in changes {
            let from = at.index(bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, new);
        }
        if let Some(cut) = cut.filter(|_| bytes.len() % 3 == 0) {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        bytes
    })
}

fn check(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let began = processor_time();
    match pickle::load(&bytes) {
        Ok(read) => prop_assert!(read.size() <= bytes.len(), "each value costs a byte"),
        Err(fault) => {
            prop_assert!(fault.offset <= bytes.len());
            prop_assert!(!fault.what.is_empty() && fault.what.len() < 2_000);
        }
    }
    let row = Row {
        id: "protocol".to_owned(),
        next_run_time: Some(2_209_766_400.0),
        state: Ok(bytes),
    };
    let now = DateTime::UNIX_EPOCH;
    if let Ok(carried) = carry_over(&row, &[], now) {
        prop_assert!(carried.draft.policies.check().is_empty());
        prop_assert_eq!(carried.draft.id.as_str(), "protocol");
        let schedule = serde_json::to_string(&carried.draft.schedule).unwrap();
        let stored = serde_json::from_str(&schedule).unwrap();
        prop_assert_eq!(carried.draft.schedule, stored);
    }
    let took = processor_time() - began;
    prop_assert!(took < Duration::from_secs(2), "took {:?}", took);
    Ok(())
}

#[test]
fn what_the_library_wrote_is_read() {
    for sound in SOUND {
        let read = pickle::load(sound).unwrap();
        assert!(read.size() > 100);
        check(sound.to_vec()).unwrap();
        for end in 0..sound.len() {
            assert!(pickle::load(&sound[..end]).is_err(), "cut off at {end}");
            check(sound[..end].to_vec()).unwrap();
        }
    }
}

#[test]
fn the_largest_pickles_are_refused_in_time() {
    for piece in PIECES {
        let count = pickle::MAX_BYTES / piece.len();
        check([&b"\x80\x04"[..], &piece.repeat(count)].concat()).unwrap();
        check([&b"\x80\x04](}("[..], &piece.repeat(count - 8)].concat()).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases * 4,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..300), pickled: bool) {
        let head = if pickled { &b"\x80\x04"[..] } else { b"" };
        check([head, &bytes].concat())?;
    }

    #[test]
    fn any_program(bytes in program()) {
        check(bytes)?;
    }

    #[test]
    fn sound_pickles_with_faults(bytes in mutated()) {
        check(bytes)?;
    }
}

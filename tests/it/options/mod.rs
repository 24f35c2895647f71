//! Each option of a job: set through `/api/v1/jobs`, shown by what a real
//! target receives. `docs/OPTIONS.md` names the test of each.

mod actions;
mod dst;
mod overlap;
mod policies;
mod request;
mod retry;
mod secrets;
mod trigger;

use std::path::Path;

/// The table of options names tests that there are, and all of them.
#[test]
fn the_table_names_the_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/OPTIONS.md")).unwrap();
    let mut tests = Vec::new();
    for file in std::fs::read_dir(root.join("tests/it/options")).unwrap() {
        let path = file.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for after in text
            .split("#[tokio::test(flavor = \"multi_thread\")]\nasync fn ")
            .skip(1)
        {
            let name = after.split('(').next().unwrap();
            tests.push(format!("{module}::{name}"));
        }
    }
    let words = table
        .split('`')
        .filter(|word| word.contains("::") && !word.contains(' '));
    for named in words.clone() {
        assert!(
            tests.iter().any(|test| test == named),
            "there is no test {named}"
        );
    }
    for test in &tests {
        assert!(
            words.clone().any(|named| named == test),
            "{test} is not named"
        );
    }
}

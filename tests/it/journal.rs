//! Old journals fold for ever: what a version has written, every later one reads, and means the same by it.

use std::fs;
use std::path::{Path, PathBuf};

use nightbell::domain::World;
use nightbell::domain::ids::AlertId;
use nightbell::engine::journal::Recorded;

fn journals() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals");
    let files = fs::read_dir(folder)
        .expect("tests/journals")
        .flatten()
        .map(|entry| entry.path());
    let mut journals: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    journals.sort();
    journals
}

#[test]
fn every_journal_ever_written_folds_to_what_it_meant() {
    let journals = journals();
    assert!(!journals.is_empty());
    for path in journals {
        let mut world = World::default();
        for (number, line) in fs::read_to_string(&path).expect("a journal").lines().enumerate() {
            let recorded: Recorded =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{}:{}: {error}", path.display(), number + 1));
            world.apply(&recorded.event, recorded.at);
        }
        let folded: Vec<_> = world.alerts().collect();
        let folded = serde_json::to_value(&folded).expect("alerts are plain data");
        let meant = fs::read_to_string(path.with_extension("world.json")).expect("what it meant");
        let meant: serde_json::Value = serde_json::from_str(&meant).expect("JSON");
        assert_eq!(folded, meant, "{}", path.display());
    }
}

#[test]
fn a_row_with_a_field_of_a_later_version_is_still_read() {
    let path = &journals()[0];
    let text = fs::read_to_string(path).expect("a journal");
    let mut row: serde_json::Value = serde_json::from_str(text.lines().next().expect("a row")).expect("JSON");
    row["event"]["what"]["colour"] = serde_json::json!("red");
    let recorded: Recorded = serde_json::from_value(row).expect("unknown fields are let be");
    let mut world = World::default();
    world.apply(&recorded.event, recorded.at);
    assert!(world.alert(AlertId(1)).is_some());
}

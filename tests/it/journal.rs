//! Old journals fold for ever: what a version has written, every later one reads, and means the same by it.

use std::fs;
use std::path::{Path, PathBuf};

use nightbell::domain::ids::AlertId;
use nightbell::domain::{World, run};
use nightbell::engine::journal::Recorded;
use serde_json::{Value, json};

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

/// What a journal adds up to: the alerts of one that has nothing else, or all of it.
fn folded(path: &Path, world: &World) -> Value {
    let alerts: Vec<_> = world.alerts().collect();
    if path.ends_with("v0.1.jsonl") {
        return serde_json::to_value(&alerts).expect("alerts are plain data");
    }
    let incidents: Vec<_> = world.incidents().iter().collect();
    let runs: Vec<_> = world.runs().iter().collect();
    json!({"alerts": alerts, "incidents": incidents, "runs": runs, "reviews": world.reviews()})
}

/// The names that serde takes for an enum's variants, as it says itself.
fn variants<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let refused = serde_json::from_value::<T>(json!({"event": "?"})).err();
    let refused = refused.expect("no event is called that").to_string();
    let names = refused.split('`').skip(3).step_by(2);
    names.map(str::to_owned).collect()
}

#[test]
fn the_journals_have_every_event_of_a_run() {
    let rows: Vec<String> = journals()
        .iter()
        .map(|path| fs::read_to_string(path).expect("a journal"))
        .collect();
    let rows = rows.concat();
    let names = variants::<run::Event>();
    assert!(names.contains(&"card_lost".to_owned()), "{names:?}");
    for name in names {
        let written = rows
            .lines()
            .any(|row| row.contains(r#""of":"run""#) && row.contains(&format!(r#""event":"{name}""#)));
        assert!(written, "no journal has `{name}` of a run: play one, and keep its rows");
    }
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
        let folded = folded(&path, &world);
        let meant = fs::read_to_string(path.with_extension("world.json")).expect("what it meant");
        let meant: serde_json::Value = serde_json::from_str(&meant).expect("JSON");
        assert_eq!(folded, meant, "{}", path.display());
    }
}

#[test]
fn a_row_with_a_field_of_a_later_version_is_still_read() {
    let path = journals();
    let path = path
        .iter()
        .find(|path| path.ends_with("v0.1.jsonl"))
        .expect("the first");
    let text = fs::read_to_string(path).expect("a journal");
    let mut row: serde_json::Value = serde_json::from_str(text.lines().next().expect("a row")).expect("JSON");
    row["event"]["what"]["colour"] = serde_json::json!("red");
    let recorded: Recorded = serde_json::from_value(row).expect("unknown fields are let be");
    let mut world = World::default();
    world.apply(&recorded.event, recorded.at);
    assert!(world.alert(AlertId(1)).is_some());
}

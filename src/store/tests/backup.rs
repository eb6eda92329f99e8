//! Backups: what comes back is what was there, and what is not whole replaces nothing.

use std::fs;

use super::super::*;
use super::{alert, row};

fn filled(folder: &std::path::Path) -> Store {
    let mut store = Store::open(folder).unwrap();
    let big = format!("{{\"text\":\"{}\"}}", "x".repeat(100_000));
    let commit = Commit {
        seen: vec![("press/1".to_owned(), DateTime::UNIX_EPOCH)],
        events: vec![row(alert(1), 1, "{}"), row(alert(2), 2, "{}")],
        entries: vec![(1, b"{}".to_vec()), (2, big.into_bytes())],
        places: vec![("C1/1.2".to_owned(), alert(1))],
        ..Commit::default()
    };
    store.commit(&[commit]).unwrap();
    let retired = Commit {
        retired: vec![alert(2)],
        ..Commit::default()
    };
    store.commit(&[retired]).unwrap();
    store
}

/// All that can be read from a store.
#[derive(Debug, PartialEq)]
struct Everything {
    loaded: Loaded,
    entries: Vec<(u64, Vec<u8>)>,
    archived: Vec<Row>,
    seen: bool,
    place: Option<Stream>,
}

fn everything(store: &Store) -> Everything {
    let mut entries = Vec::new();
    let loaded = store.load(|id, json| entries.push((id, json))).unwrap();
    Everything {
        loaded,
        entries,
        archived: store.archived(alert(2)).unwrap(),
        seen: store.seen("press/1").unwrap(),
        place: store.place("C1/1.2").unwrap(),
    }
}

#[test]
fn what_comes_back_is_what_was_there_and_the_old_folder_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let store = filled(&data);
    let before = everything(&store);
    let size = store.backup(&file).unwrap();
    assert_eq!(size, fs::metadata(&file).unwrap().len());
    assert!(
        matches!(store.backup(&file), Err(BackupError::Exists(_))),
        "no backup is written over"
    );
    assert!(matches!(
        restore(&file, &data, "x"),
        Err(BackupError::Store(StoreError::AlreadyOpen { .. }))
    ));
    drop(store);
    let aside = restore(&file, &data, "x").unwrap().expect("there was one");
    assert_eq!(aside, folder.path().join("data.before-x"));
    let mut store = Store::open(&data).unwrap();
    assert_eq!(everything(&store), before);
    let more = Commit {
        events: vec![row(alert(3), 3, "{}")],
        ..Commit::default()
    };
    store.commit(&[more]).unwrap();
    assert_eq!(
        everything(&Store::open(&aside).unwrap()),
        before,
        "the old one is whole too"
    );
    let elsewhere = folder.path().join("elsewhere");
    assert_eq!(restore(&file, &elsewhere, "x").unwrap(), None);
    assert_eq!(everything(&Store::open(&elsewhere).unwrap()), before);
}

#[test]
fn a_damaged_folder_is_replaced_too() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let store = filled(&data);
    let before = everything(&store);
    store.backup(&file).unwrap();
    drop(store);
    fs::write(data.join("db"), b"nothing of it is left").unwrap();
    restore(&file, &data, "x").unwrap();
    assert_eq!(everything(&Store::open(&data).unwrap()), before);
}

#[test]
fn whatever_is_not_whole_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let store = filled(&data);
    let before = everything(&store);
    store.backup(&file).unwrap();
    drop(store);
    let whole = fs::read(&file).unwrap();
    let attempt = |bytes: &[u8]| {
        let broken = folder.path().join("broken");
        fs::write(&broken, bytes).unwrap();
        let error = restore(&broken, &data, "x").expect_err("it is not whole");
        assert!(!folder.path().join("data.before-x").exists(), "{error}");
        error
    };
    assert!(matches!(attempt(b"hello"), BackupError::NotABackup(_)));
    for cut in (20..whole.len()).step_by(7_919).chain([whole.len() - 1]) {
        assert!(
            matches!(attempt(&whole[..cut]), BackupError::Damaged { .. }),
            "cut at {cut}"
        );
    }
    for at in (21..whole.len()).step_by(4_099) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(
            matches!(attempt(&changed), BackupError::Damaged { .. }),
            "changed at {at}"
        );
    }
    let mut newer = whole.clone();
    newer[20] = 99;
    let error = attempt(&newer);
    assert!(matches!(error, BackupError::Newer { found: 99, .. }), "{error}");
    assert_eq!(everything(&Store::open(&data).unwrap()), before);
}

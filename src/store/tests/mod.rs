//! A store that is opened again is what was written, whatever happened in between.

mod backup;
mod damage;
mod properties;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::*;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn alert(id: u64) -> Stream {
    Stream { kind: b'a', id }
}

fn row(stream: Stream, seq: u64, text: &str) -> Row {
    Row {
        stream,
        seq,
        json: text.as_bytes().to_vec(),
    }
}

fn events(rows: &[Row]) -> Commit {
    Commit {
        events: rows.to_vec(),
        ..Commit::default()
    }
}

/// Everything that is found when the folder is opened.
fn reopened(folder: &Path) -> (Store, Loaded, Vec<(u64, Vec<u8>)>) {
    let store = Store::open(folder).expect("opens");
    let mut entries = Vec::new();
    let loaded = store.load(|id, json| entries.push((id, json))).expect("loads");
    (store, loaded, entries)
}

fn epoch() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

#[test]
fn an_empty_folder_holds_nothing() {
    let folder = folder();
    let (_store, loaded, entries) = reopened(folder.path());
    assert_eq!(loaded, Loaded::default());
    assert!(entries.is_empty());
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let folder = folder();
    let commit = Commit {
        seen: vec![("Ev1".to_owned(), epoch())],
        events: vec![row(alert(7), 1, "raised"), row(alert(7), 2, "paged")],
        entries: vec![(1, b"card".to_vec()), (2, b"page".to_vec())],
        snapshots: vec![Snapshot {
            stream: alert(7),
            seq: 1,
            json: b"state".to_vec(),
        }],
        places: vec![("C1/1.2".to_owned(), alert(7))],
        ..Commit::default()
    };
    let mut store = Store::open(folder.path()).unwrap();
    store.commit(&[commit]).unwrap();
    store
        .commit(&[Commit {
            settled: vec![1],
            ..Commit::default()
        }])
        .unwrap();
    drop(store);

    let (store, loaded, entries) = reopened(folder.path());
    let stream = &loaded.streams[0];
    assert_eq!(stream.rows, [row(alert(7), 1, "raised"), row(alert(7), 2, "paged")]);
    assert_eq!(
        stream
            .snapshot
            .as_ref()
            .map(|snapshot| (snapshot.seq, snapshot.json.as_slice())),
        Some((1, &b"state"[..]))
    );
    assert_eq!((loaded.last_seq, loaded.last_entry), (2, 2));
    assert_eq!(loaded.last_ids, BTreeMap::from([(b'a', 7)]));
    assert_eq!(entries, [(2, b"page".to_vec())]);
    assert!(store.seen("Ev1").unwrap() && !store.seen("Ev2").unwrap());
    assert_eq!(store.place("C1/1.2").unwrap(), Some(alert(7)));
    assert_eq!(store.place("C1/9.9").unwrap(), None);
}

#[test]
fn an_entry_added_and_settled_in_one_batch_leaves_nothing_behind() {
    let folder = folder();
    let big = vec![b'x'; 200_000];
    let mut store = Store::open(folder.path()).unwrap();
    let added = Commit {
        entries: vec![(1, big)],
        ..Commit::default()
    };
    let settled = Commit {
        settled: vec![1],
        ..Commit::default()
    };
    store.commit(&[added, settled]).unwrap();
    assert_eq!(store.reader().entry(1).unwrap(), None);
    assert_eq!(store.disk.scan(Name::Pieces, &[]).count(), 0);
}

#[test]
fn values_of_any_size_come_back_whole_and_leave_whole() {
    let folder = folder();
    let big = |length: usize| -> Vec<u8> { (0..length).map(|at| b'a' + u8::try_from(at % 26).unwrap()).collect() };
    let sizes = [0, 1, 32 << 10, (32 << 10) + 1, 64 << 10, 100 << 10, 1 << 20];
    let mut store = Store::open(folder.path()).unwrap();
    let entries = (1..).zip(sizes.map(big)).collect::<Vec<_>>();
    store
        .commit(&[Commit {
            entries: entries.clone(),
            ..Commit::default()
        }])
        .unwrap();
    drop(store);

    let (mut store, _, found) = reopened(folder.path());
    assert!(
        found == entries,
        "sizes {:?}",
        found.iter().map(|(_, json)| json.len()).collect::<Vec<_>>()
    );
    for name in [Name::Outbox, Name::Pieces] {
        assert!(
            store
                .disk
                .scan(name, &[])
                .all(|found| found.unwrap().1.len() < 100 << 10)
        );
    }
    store
        .commit(&[Commit {
            settled: entries.iter().map(|(id, _)| *id).collect(),
            ..Commit::default()
        }])
        .unwrap();
    assert_eq!(
        store.disk.scan(Name::Pieces, &[]).count(),
        0,
        "pieces go with the row that names them"
    );
}

#[test]
fn pieces_that_no_row_names_are_removed_at_the_next_start() {
    let folder = folder();
    let store = Store::open(folder.path()).unwrap();
    let (_, pieces) = values::apart(1, &vec![b'x'; 100_000]);
    for piece in &pieces {
        store.disk.write(piece).unwrap();
    }
    store.disk.sync().unwrap();
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.disk.scan(Name::Pieces, &[]).count(), 0);
}

#[test]
fn a_retired_stream_moves_to_the_archive_whole() {
    let folder = folder();
    let mut store = Store::open(folder.path()).unwrap();
    let note = "n".repeat(900);
    let rows: Vec<Row> = (1..=300).map(|seq| row(alert(7), seq, &note)).collect();
    for some in rows.chunks(50) {
        store.commit(&[events(some)]).unwrap();
    }
    let snapshots = vec![Snapshot {
        stream: alert(7),
        seq: 200,
        json: vec![b's'; 50_000],
    }];
    store
        .commit(&[Commit {
            snapshots,
            retired: vec![alert(7)],
            ..events(&[row(alert(7), 301, "last")])
        }])
        .unwrap();
    store.commit(&[events(&[row(alert(9), 302, "another")])]).unwrap();
    drop(store);

    let (store, loaded, _) = reopened(folder.path());
    assert_eq!(
        loaded.streams.iter().map(|stream| stream.stream).collect::<Vec<_>>(),
        [alert(9)]
    );
    let archived = store.archived(alert(7)).unwrap();
    assert_eq!(archived.len(), 301);
    assert!(archived.iter().zip(1..).all(|(row, seq)| row.seq == seq));
    assert!(
        store
            .disk
            .scan(Name::Archive, &[])
            .all(|found| found.unwrap().1.len() < 100 << 10)
    );
    assert_eq!(
        store.disk.scan(Name::Pieces, &[]).count(),
        0,
        "the snapshot is gone with its pieces"
    );
}

#[test]
fn what_happens_after_retirement_is_archived_behind_it() {
    let folder = folder();
    let mut store = Store::open(folder.path()).unwrap();
    for seq in [1, 2] {
        let retired = vec![alert(7)];
        store
            .commit(&[Commit {
                retired,
                ..events(&[row(alert(7), seq, "row")])
            }])
            .unwrap();
    }
    assert_eq!(
        store
            .archived(alert(7))
            .unwrap()
            .iter()
            .map(|row| row.seq)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn a_retirement_that_was_interrupted_at_any_step_loses_no_row() {
    let note = "n".repeat(900);
    let rows: Vec<Row> = (1..=200).map(|seq| row(alert(7), seq, &note)).collect();
    for steps_done in 0..4 {
        let folder = folder();
        let mut store = Store::open(folder.path()).unwrap();
        for some in rows.chunks(50) {
            store.commit(&[events(some)]).unwrap();
        }
        let steps = store.retirement(alert(7)).unwrap();
        assert!(steps.len() >= 4, "the stream is moved in several steps");
        for step in steps.into_iter().take(steps_done) {
            store.disk.write(&step).unwrap();
        }
        drop(store);

        let (mut store, loaded, _) = reopened(folder.path());
        let mut found = store.archived(alert(7)).unwrap();
        found.extend(loaded.streams.into_iter().flat_map(|stream| stream.rows));
        assert_eq!(found, rows, "after {steps_done} steps");
        store
            .commit(&[Commit {
                retired: vec![alert(7)],
                ..Commit::default()
            }])
            .unwrap();
        assert_eq!(store.archived(alert(7)).unwrap(), rows);
    }
}

#[test]
fn the_archive_is_read_from_its_newest_end() {
    let folder = folder();
    let mut store = Store::open(folder.path()).unwrap();
    for id in 1..=5 {
        let retired = vec![alert(id)];
        store
            .commit(&[Commit {
                retired,
                ..events(&[row(alert(id), id, "row")])
            }])
            .unwrap();
    }
    assert_eq!(store.archived_latest(b'a', u64::MAX, 2).unwrap(), [alert(5), alert(4)]);
    assert_eq!(
        store.archived_latest(b'a', 4, 9).unwrap(),
        [alert(3), alert(2), alert(1)]
    );
    assert_eq!(store.archived_latest(b'b', u64::MAX, 9).unwrap(), []);
    drop(store);
    let (_, loaded, _) = reopened(folder.path());
    assert_eq!(
        loaded.last_ids,
        BTreeMap::from([(b'a', 5)]),
        "the highest id is known though nothing is open"
    );
}

#[test]
fn seen_names_are_forgotten_by_age_a_few_at_a_time() {
    let folder = folder();
    let mut store = Store::open(folder.path()).unwrap();
    let at = |hours| epoch() + TimeDelta::hours(hours);
    let seen = (0..10).map(|hours| (format!("Ev{hours}"), at(hours))).collect();
    store
        .commit(&[Commit {
            seen,
            ..Commit::default()
        }])
        .unwrap();
    store.forget_seen(at(6), 4).unwrap();
    let left = |store: &Store| {
        (0..10)
            .filter(|hours| store.seen(&format!("Ev{hours}")).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(left(&store), [4, 5, 6, 7, 8, 9], "one look reaches four names");
    store.forget_seen(at(6), 4).unwrap();
    store.forget_seen(at(6), 4).unwrap();
    assert_eq!(left(&store), [6, 7, 8, 9]);
}

#[test]
fn a_second_opener_is_told_that_the_folder_is_taken() {
    let folder = folder();
    let _store = Store::open(folder.path()).unwrap();
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::AlreadyOpen { .. }), "{error:?}");
    assert!(error.to_string().contains("in use by another Nightbell"));
}

#[test]
fn a_folder_of_a_later_version_is_left_alone() {
    let folder = folder();
    let store = Store::open(folder.path()).unwrap();
    let mut group = group::Group::default();
    group.put(Name::Meta, b"format".to_vec(), b"2".to_vec());
    store.disk.write(&group).unwrap();
    store.disk.sync().unwrap();
    drop(store);
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::NewerFormat { found: 2, .. }), "{error:?}");
}

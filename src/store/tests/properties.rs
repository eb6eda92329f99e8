//! Random commits, opened again, are what a map of them would be.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// One thing in a commit.
#[derive(Debug, Clone)]
enum Act {
    Event(u64, usize),
    Entry(usize),
    Settle(u64),
    Snapshot(u64),
    Retire(u64),
}

fn act() -> impl Strategy<Value = Act> {
    let size = prop_oneof![8 => 0_usize..2_000, 1 => 30_000_usize..150_000];
    prop_oneof![
        4 => (1_u64..5, size.clone()).prop_map(|(id, size)| Act::Event(id, size)),
        3 => size.prop_map(Act::Entry),
        2 => (1_u64..12).prop_map(Act::Settle),
        1 => (1_u64..5).prop_map(Act::Snapshot),
        1 => (1_u64..5).prop_map(Act::Retire),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_reopened_store_is_the_sum_of_its_commits(batches in prop::collection::vec(prop::collection::vec(prop::collection::vec(act(), 0..4), 1..4), 1..5)) {
        let folder = folder();
        let mut rows: BTreeMap<u64, Vec<Row>> = BTreeMap::new();
        let mut entries: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let (mut seq, mut entry) = (0, 0);
        for batch in batches {
            let mut store = Store::open(folder.path()).unwrap();
            let mut commits = Vec::new();
            for acts in batch {
                let mut commit = Commit::default();
                for act in acts {
                    match act {
                        Act::Event(id, size) => {
                            seq += 1;
                            let row = row(alert(id), seq, &"e".repeat(size));
                            rows.entry(id).or_default().push(row.clone());
                            commit.events.push(row);
                        }
                        Act::Entry(size) => {
                            entry += 1;
                            entries.insert(entry, vec![b'c'; size]);
                            commit.entries.push((entry, vec![b'c'; size]));
                        }
                        // What is settled was committed before.
                        Act::Settle(id) if id <= entry && commit.entries.iter().all(|(added, _)| *added != id) => {
                            entries.remove(&id);
                            commit.settled.push(id);
                        }
                        Act::Snapshot(id) if rows.contains_key(&id) => {
                            commit.snapshots.push(Snapshot { stream: alert(id), seq, json: b"state".to_vec() });
                        }
                        Act::Retire(id) if !commit.retired.contains(&alert(id)) => commit.retired.push(alert(id)),
                        Act::Retire(_) | Act::Settle(_) | Act::Snapshot(_) => {}
                    }
                }
                commits.push(commit);
            }
            store.commit(&commits).unwrap();
            drop(store);

            let (store, loaded, found) = reopened(folder.path());
            prop_assert_eq!(found, entries.clone().into_iter().collect::<Vec<_>>());
            let mut whole: BTreeMap<u64, Vec<Row>> = BTreeMap::new();
            for id in 1..5 {
                let archived = store.archived(alert(id)).unwrap();
                if !archived.is_empty() {
                    whole.insert(id, archived);
                }
            }
            for stream in loaded.streams {
                if !stream.rows.is_empty() {
                    whole.entry(stream.stream.id).or_default().extend(stream.rows);
                }
            }
            prop_assert_eq!(&whole, &rows);
            prop_assert_eq!(loaded.last_seq, seq);
            prop_assert_eq!(loaded.last_entry, entry);
        }
    }
}

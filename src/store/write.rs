//! Commits on their way to the disk.
//!
//! Commits are gathered into groups of at most [`BETWEEN_SYNCS`]; each group is one transaction, one flush and one sync,
//! so that a busy moment costs little more than a quiet one. A commit is never split, except for what may be repeated:
//! the pieces of big values before it, and the retirement of streams after it.

use super::disk::Name;
use super::error::StoreError;
use super::group::{Group, Pending};
use super::{Commit, Row, Snapshot, Store, Stream, values};
use chrono::{DateTime, Utc};

/// What is written between two syncs, at most; sled's segments have 512 KiB, and far fewer bytes are safe.
pub(super) const BETWEEN_SYNCS: usize = 128 << 10;
/// A commit of more is made smaller by laying its values down apart.
const BIG_COMMIT: usize = 64 << 10;
/// What a row may hold itself in an ordinary commit, and in a big one.
const BIG_VALUE: usize = 32 << 10;
const BIG_VALUE_OF_BIG: usize = 1 << 10;
/// What one archive row holds, about.
const ARCHIVE_ROW: usize = 48 << 10;

impl Store {
    /// Stores commits, in order; durable on return.
    ///
    /// # Errors
    /// When the disk is full or broken. Some of the commits may be stored; none is half stored. From then on every
    /// commit fails: the caller's memory is ahead of the disk, so the process has to end.
    pub fn commit(&mut self, batch: &[Commit]) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Ended);
        }
        let stored = self.store(batch);
        self.failed = stored.is_err();
        stored
    }

    /// Forgets the names of deliveries older than `before`. A call looks at `at_most` names and the next goes on from
    /// there, so that no call takes long.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn forget_seen(&mut self, before: DateTime<Utc>, at_most: usize) -> Result<(), StoreError> {
        let mut group = Group::default();
        let mut last = None;
        for found in self.disk.range(Name::Seen, self.sweep.clone()..).take(at_most) {
            let (name, at) = found?;
            let at = <[u8; 8]>::try_from(&*at).map_or(0, i64::from_be_bytes);
            if at < before.timestamp_millis() {
                group.remove(Name::Seen, name.to_vec());
            }
            last = Some(name.to_vec());
        }
        self.sweep = last.unwrap_or_default();
        if group.is_empty() {
            return Ok(());
        }
        self.flush(&group)
    }

    fn store(&mut self, batch: &[Commit]) -> Result<(), StoreError> {
        let mut waiting = Group::default();
        for commit in batch {
            let (pieces, changes) = self.changes(commit, &waiting)?;
            for group in pieces.into_iter().chain([changes]) {
                self.gather(&mut waiting, group)?;
            }
            if !commit.retired.is_empty() {
                // The archive is made of what is on disk.
                self.flush(&std::mem::take(&mut waiting))?;
                for stream in &commit.retired {
                    for step in self.retirement(*stream)? {
                        self.gather(&mut waiting, step)?;
                    }
                }
            }
        }
        self.flush(&waiting)
    }

    /// Adds a group to those that wait, writing them first when it would be too much.
    fn gather(&mut self, waiting: &mut Group, group: Group) -> Result<(), StoreError> {
        if waiting.bytes() + group.bytes() > BETWEEN_SYNCS {
            self.flush(&std::mem::take(waiting))?;
        }
        waiting.append(group);
        Ok(())
    }

    fn flush(&mut self, group: &Group) -> Result<(), StoreError> {
        if group.is_empty() {
            return Ok(());
        }
        self.disk.write(group)?;
        self.disk.sync()?;
        self.watermark.raise(&self.disk, group)
    }

    /// A commit's own changes, and the pieces that must be written before them.
    fn changes(&mut self, commit: &Commit, waiting: &Group) -> Result<(Vec<Group>, Group), StoreError> {
        let limit = if size(commit) > BIG_COMMIT {
            BIG_VALUE_OF_BIG
        } else {
            BIG_VALUE
        };
        let mut pieces = Vec::new();
        let mut changes = Group::default();
        for (name, at) in &commit.seen {
            let at = at.timestamp_millis().to_be_bytes();
            changes.put(Name::Seen, name.clone().into_bytes(), at.to_vec());
        }
        for Row { stream, seq, json } in &commit.events {
            let value = self.value(json, limit, &mut pieces);
            changes.put(Name::Journal, stream.row_key(*seq), value);
            self.counters.seq = self.counters.seq.max(*seq);
        }
        for (id, json) in &commit.entries {
            let value = self.value(json, limit, &mut pieces);
            changes.put(Name::Outbox, id.to_be_bytes().to_vec(), value);
            self.counters.entry = self.counters.entry.max(*id);
        }
        for id in &commit.settled {
            self.give_up(Name::Outbox, id.to_be_bytes().to_vec(), waiting, &mut changes)?;
        }
        for Snapshot { stream, seq, json } in &commit.snapshots {
            self.give_up(Name::Snapshots, stream.key(), waiting, &mut changes)?;
            let mut value = seq.to_be_bytes().to_vec();
            value.extend(self.value(json, limit, &mut pieces));
            changes.put(Name::Snapshots, stream.key(), value);
        }
        for (place, stream) in &commit.places {
            changes.put(Name::Places, place.clone().into_bytes(), stream.key());
        }
        self.counters.put(&mut changes);
        Ok((pieces, changes))
    }

    fn value(&mut self, json: &[u8], limit: usize, pieces: &mut Vec<Group>) -> Vec<u8> {
        if json.len() <= limit {
            return values::here(json);
        }
        self.counters.blob += 1;
        let (value, parts) = values::apart(self.counters.blob, json);
        pieces.extend(parts);
        value
    }

    /// Removes a row and whatever it holds in pieces.
    fn give_up(&self, name: Name, key: Vec<u8>, waiting: &Group, changes: &mut Group) -> Result<(), StoreError> {
        let on_disk = self.disk.get(name, &key)?;
        let value = match waiting.pending(name, &key) {
            Pending::Unchanged => on_disk.as_deref(),
            Pending::Removed => None,
            Pending::Value(value) => Some(value),
        };
        if let Some(value) = value {
            let value = if name == Name::Snapshots {
                value.get(8..).unwrap_or_default()
            } else {
                value
            };
            values::release(value, changes);
        }
        changes.remove(name, key);
        Ok(())
    }

    /// Moves a stream's rows to the archive, in steps that may each be the last.
    pub(super) fn retirement(&self, stream: Stream) -> Result<Vec<Group>, StoreError> {
        let mut steps = Vec::new();
        let mut step = Group::default();
        // Without its snapshot a stream is folded from its rows, wherever they are.
        self.give_up(Name::Snapshots, stream.key(), &Group::default(), &mut step)?;
        let mut row: Option<(Vec<u8>, Vec<u8>)> = None;
        for found in self.disk.scan(Name::Journal, &stream.key()) {
            let (key, value) = found?;
            let (_, packed) = row.get_or_insert_with(|| (key.to_vec(), Vec::new()));
            pack(packed, &key[9..], &value);
            let full = packed.len() >= ARCHIVE_ROW;
            step.remove(Name::Journal, key.to_vec());
            if full && let Some((first, packed)) = row.take() {
                step.put(Name::Archive, first, packed);
                steps.push(std::mem::take(&mut step));
            }
        }
        if let Some((first, packed)) = row {
            step.put(Name::Archive, first, packed);
        }
        steps.push(step);
        Ok(steps)
    }
}

fn size(commit: &Commit) -> usize {
    let events: usize = commit.events.iter().map(|row| row.json.len()).sum();
    let entries: usize = commit.entries.iter().map(|(_, json)| json.len()).sum();
    let snapshots: usize = commit.snapshots.iter().map(|snapshot| snapshot.json.len()).sum();
    events + entries + snapshots
}

/// Appends a row to an archive row: its number, its length, its value.
fn pack(packed: &mut Vec<u8>, seq: &[u8], value: &[u8]) {
    packed.extend(seq);
    packed.extend((value.len() as u64).to_be_bytes());
    packed.extend(value);
}

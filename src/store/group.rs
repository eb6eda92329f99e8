//! Changes that reach the disk together.

use std::collections::BTreeMap;

use super::disk::Name;

type Key = (Name, Vec<u8>);

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending<'a> {
    /// Nothing.
    Unchanged,
    /// It goes.
    Removed,
    /// It is this from now on.
    Value(&'a [u8]),
}

/// Changes of several trees; the last change of a key counts.
#[derive(Debug, Default)]
pub(super) struct Group {
    changes: BTreeMap<Key, Option<Vec<u8>>>,
    bytes: usize,
}

impl Group {
    pub(super) fn put(&mut self, name: Name, key: Vec<u8>, value: Vec<u8>) {
        self.change(name, key, Some(value));
    }

    pub(super) fn remove(&mut self, name: Name, key: Vec<u8>) {
        self.change(name, key, None);
    }

    fn change(&mut self, name: Name, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.bytes += key.len() + value.as_ref().map_or(0, Vec::len);
        self.changes.insert((name, key), value);
    }

    /// What a key will be.
    pub(super) fn pending(&self, name: Name, key: &[u8]) -> Pending<'_> {
        match self.changes.get(&(name, key.to_vec())) {
            None => Pending::Unchanged,
            Some(None) => Pending::Removed,
            Some(Some(value)) => Pending::Value(value),
        }
    }

    pub(super) fn changes(&self) -> impl Iterator<Item = (&Key, &Option<Vec<u8>>)> {
        self.changes.iter()
    }

    /// Takes over all of `later`'s changes.
    pub(super) fn append(&mut self, later: Self) {
        self.bytes += later.bytes;
        self.changes.extend(later.changes);
    }

    /// About how much will be written.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

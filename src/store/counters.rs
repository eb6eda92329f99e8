//! What has been given out so far, and the watermark that proves it.
//!
//! sled takes a damaged place in its log for the end of it, if no index of its own says otherwise: everything after it
//! is gone without a word. So after every sync the counters are also written into a small file beside the database. It
//! is never ahead of what is durable, and a database that is behind it has lost something.

use std::fs::{self, File};
use std::io::{Seek as _, Write as _};

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Name};
use super::error::StoreError;
use super::group::{Group, Pending};

/// The highest numbers ever given; stored with each commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Counters {
    /// Of rows.
    pub(super) seq: u64,
    /// Of outgoing calls.
    pub(super) entry: u64,
    /// Of values in pieces.
    pub(super) blob: u64,
}

impl Counters {
    const KEY: &'static [u8] = b"counters";

    pub(super) fn read(disk: &Disk) -> Result<Self, StoreError> {
        let Some(stored) = disk.get(Name::Meta, Self::KEY)? else {
            return Ok(Self::default());
        };
        serde_json::from_slice(&stored).map_err(|_| disk.damaged("its counters cannot be read"))
    }

    /// # Panics
    /// Never: numbers always become JSON.
    pub(super) fn put(self, group: &mut Group) {
        let json = serde_json::to_vec(&self).expect("numbers become JSON");
        group.put(Name::Meta, Self::KEY.to_vec(), json);
    }
}

/// The file that remembers how far the database had come.
#[derive(Debug)]
pub(super) struct Watermark {
    file: File,
}

impl Watermark {
    /// Opens the file and compares.
    pub(super) fn check(disk: &Disk, found: Counters) -> Result<Self, StoreError> {
        let path = disk.folder().join("watermark");
        // A watermark that cannot be read proves nothing.
        let stored = fs::read(&path)
            .ok()
            .and_then(|json| serde_json::from_slice::<Counters>(&json).ok());
        let mark = stored.unwrap_or_default();
        if found.seq < mark.seq || found.entry < mark.entry {
            return Err(disk.damaged(&format!(
                "it ends at row {} and call {}, but row {} and call {} had been stored",
                found.seq, found.entry, mark.seq, mark.entry
            )));
        }
        let opened = File::options().create(true).truncate(false).write(true).open(path);
        let file = opened.map_err(|error| disk.io("open the watermark", error))?;
        Ok(Self { file })
    }

    /// Writes down how far the database has come with `durable`, which has been synced. Not synced itself: an old mark only proves less.
    pub(super) fn raise(&mut self, disk: &Disk, durable: &Group) -> Result<(), StoreError> {
        let Pending::Value(counters) = durable.pending(Name::Meta, Counters::KEY) else {
            return Ok(());
        };
        // The numbers only grow, so nothing of an older mark stays behind.
        let written = self.file.rewind().and_then(|()| self.file.write_all(counters));
        written.map_err(|error| disk.io("write the watermark", error))
    }
}

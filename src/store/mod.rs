//! What survives: journal, outbox, requests already seen, archive. sled underneath, and nothing of alerts.
//!
//! One writer ([`Store`], owned by the engine's thread) and any number of cheap [`Reader`]s. A [`Commit`] is what one
//! input made happen; it is on disk as a whole or not at all, and [`Store::commit`] returns only when it is.
//!
//! sled 0.34.7 is fast and has sharp edges; every rule that keeps us off them is in this folder:
//!
//! - `flush()` alone does not survive a power cut on Linux, so an `fdatasync` of our own follows it (`disk`);
//! - between two of them at most 128 KiB are written, because with more, sled may reuse a segment whose replacement is
//!   not yet durable (`write`);
//! - no value comes near 100 KiB: big ones are laid down in pieces first, then named (`values`);
//! - a process killed while opening leaves a half-written index behind that bricks the folder: removed before opening;
//!   a damaged index is rebuilt from the log (`disk`);
//! - a damaged place in the log passes for its end, so a watermark beside it says how far it had come (`counters`);
//! - opening can panic on a damaged log: done in a thread of its own (`disk`);
//! - errors stick until the folder is opened again, so after the first failure every commit fails ([`StoreError::Ended`]),
//!   and opening needs disk space, so a ballast file is kept to be let go when the disk is full (`disk`).
//!
//! Rejected: sled 1.0 alpha (no transactions), a format of our own (a database is not what this project is for).

mod backup;
mod counters;
mod disk;
mod error;
mod group;
mod read;
mod values;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};

pub use backup::{BackupError, restore, unpack};
pub use error::StoreError;
pub use read::Reader;

use counters::{Counters, Watermark};
use disk::{Disk, Name};

/// Which history a row belongs to; rows of one stream are folded together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream {
    /// What it is a history of; an ASCII letter, `a` for alerts.
    pub kind: u8,
    /// Which of them.
    pub id: u64,
}

/// One row of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub stream: Stream,
    /// Its place in the order of everything that happened; the caller counts up.
    pub seq: u64,
    /// What it says. Opaque here.
    pub json: Vec<u8>,
}

/// A stream's state at one moment, so that the rows before it need not be folded at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Whose.
    pub stream: Stream,
    /// The last row it includes.
    pub seq: u64,
    /// The state. Opaque here.
    pub json: Vec<u8>,
}

/// What one input made happen: all of it is stored, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// Names of deliveries that are dealt with, and when: whatever brings one of them again is a repetition.
    pub seen: Vec<(String, DateTime<Utc>)>,
    /// Journal rows.
    pub events: Vec<Row>,
    /// Outgoing calls, by id; the caller counts up.
    pub entries: Vec<(u64, Vec<u8>)>,
    /// Outgoing calls that are done with.
    pub settled: Vec<u64>,
    /// States of streams.
    pub snapshots: Vec<Snapshot>,
    /// Which stream a place (`channel/ts`) belongs to; kept for ever.
    pub places: Vec<(String, Stream)>,
    /// Streams that move to the archive, this commit's rows included. Done last, in steps: an interruption leaves a
    /// stream half moved, which [`Store::load`] and [`Store::archived`] together still give whole.
    pub retired: Vec<Stream>,
}

/// A stream as it was found at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedStream {
    /// Which.
    pub stream: Stream,
    /// The newest snapshot.
    pub snapshot: Option<Snapshot>,
    /// The rows that are not in the archive, in order; also those the snapshot includes.
    pub rows: Vec<Row>,
}

/// Everything that was going on when the last process ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Streams that are not archived.
    pub streams: Vec<LoadedStream>,
    /// The highest row number ever given.
    pub last_seq: u64,
    /// The highest id ever given to an outgoing call.
    pub last_entry: u64,
    /// The highest id of each kind of stream, archived ones included.
    pub last_ids: BTreeMap<u8, u64>,
}

/// The data folder, held open for writing.
#[derive(Debug)]
pub struct Store {
    disk: Disk,
    counters: Counters,
    watermark: Watermark,
    /// Where the next sweep through the seen keys begins.
    sweep: Vec<u8>,
    failed: bool,
}

impl Store {
    /// Opens a data folder, creating it where there is none. Takes a lock that other processes respect, and waits a
    /// moment for one that has just ended.
    ///
    /// # Errors
    /// [`StoreError::AlreadyOpen`], [`StoreError::Damaged`], [`StoreError::NewerFormat`], [`StoreError::Full`] or
    /// [`StoreError::Io`]; each says what to do.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let disk = Disk::open(folder)?;
        let counters = Counters::read(&disk)?;
        let watermark = Watermark::check(&disk, counters)?;
        values::remove_orphans(&disk, counters.blob)?;
        Ok(Self {
            disk,
            counters,
            watermark,
            sweep: Vec::new(),
            failed: false,
        })
    }

    /// A handle for reading, for other threads.
    pub fn reader(&self) -> Reader {
        Reader::new(&self.disk)
    }

    /// Whether a delivery of this name was dealt with.
    pub fn seen(&self, name: &str) -> Result<bool, StoreError> {
        self.disk.contains(Name::Seen, name.as_bytes())
    }

    /// The stream that a place belongs to.
    pub fn place(&self, place: &str) -> Result<Option<Stream>, StoreError> {
        let found = self.disk.get(Name::Places, place.as_bytes())?;
        Ok(found.and_then(|key| Stream::from_key(&key)))
    }
}

impl Stream {
    /// Its key; streams of a kind sort by id.
    fn key(self) -> Vec<u8> {
        let mut key = vec![self.kind];
        key.extend(self.id.to_be_bytes());
        key
    }

    /// The key of one of its rows.
    fn row_key(self, seq: u64) -> Vec<u8> {
        let mut key = self.key();
        key.extend(seq.to_be_bytes());
        key
    }

    /// Reads the beginning of a key.
    fn from_key(key: &[u8]) -> Option<Self> {
        let (kind, rest) = key.split_first()?;
        let id = u64::from_be_bytes(rest.get(..8)?.try_into().ok()?);
        Some(Self { kind: *kind, id })
    }
}

#[cfg(test)]
mod tests;

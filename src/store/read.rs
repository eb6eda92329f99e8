//! What was stored, read back.

use std::collections::BTreeMap;

use super::disk::{Disk, Name};
use super::error::StoreError;
use super::{Loaded, LoadedStream, Row, Snapshot, Store, Stream, values};

/// Reads from any thread, while the [`Store`] writes.
#[derive(Debug, Clone)]
pub struct Reader {
    disk: Disk,
}

impl Reader {
    pub(super) fn new(disk: &Disk) -> Self {
        Self { disk: disk.clone() }
    }

    /// An outgoing call; none when it is settled.
    pub fn entry(&self, id: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.disk.get(Name::Outbox, &id.to_be_bytes())?;
        found.map(|value| values::whole(&self.disk, &value)).transpose()
    }
}

impl Store {
    /// Everything that is not archived; outgoing calls go to `entry`, in order, one after the other.
    ///
    /// # Errors
    /// When the folder cannot be read or is damaged.
    pub fn load(&self, mut entry: impl FnMut(u64, Vec<u8>)) -> Result<Loaded, StoreError> {
        let mut streams: BTreeMap<Stream, LoadedStream> = BTreeMap::new();
        let empty = |stream| LoadedStream {
            stream,
            snapshot: None,
            rows: Vec::new(),
        };
        for found in self.disk.scan(Name::Snapshots, &[]) {
            let (key, value) = found?;
            let stream = self.stream(&key)?;
            let seq = self.number(value.get(..8))?;
            let json = values::whole(&self.disk, &value[8..])?;
            streams.entry(stream).or_insert_with(|| empty(stream)).snapshot = Some(Snapshot { stream, seq, json });
        }
        for found in self.disk.scan(Name::Journal, &[]) {
            let (key, value) = found?;
            let stream = self.stream(&key)?;
            let seq = self.number(key.get(9..))?;
            let json = values::whole(&self.disk, &value)?;
            streams
                .entry(stream)
                .or_insert_with(|| empty(stream))
                .rows
                .push(Row { stream, seq, json });
        }
        for found in self.disk.scan(Name::Outbox, &[]) {
            let (key, value) = found?;
            entry(self.number(Some(&key))?, values::whole(&self.disk, &value)?);
        }
        let mut last_ids = self.last_archived()?;
        for stream in streams.keys() {
            let last = last_ids.entry(stream.kind).or_default();
            *last = stream.id.max(*last);
        }
        Ok(Loaded {
            streams: streams.into_values().collect(),
            last_seq: self.counters.seq,
            last_entry: self.counters.entry,
            last_ids,
        })
    }

    /// The rows of a stream that are in the archive, in order; none were there never any.
    pub fn archived(&self, stream: Stream) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for found in self.disk.scan(Name::Archive, &stream.key()) {
            self.unpack(stream, &found?.1, &mut rows)?;
        }
        Ok(rows)
    }

    /// The newest archived streams of a kind with ids below `before`, the newest first.
    pub fn archived_latest(&self, kind: u8, before: u64, at_most: usize) -> Result<Vec<Stream>, StoreError> {
        let range = vec![kind]..Stream { kind, id: before }.key();
        let mut latest: Vec<Stream> = Vec::new();
        for found in self.disk.range(Name::Archive, range).rev() {
            let stream = self.stream(&found?.0)?;
            if latest.last() == Some(&stream) {
                continue;
            }
            if latest.len() == at_most {
                break;
            }
            latest.push(stream);
        }
        Ok(latest)
    }

    /// The highest archived id of each kind.
    fn last_archived(&self) -> Result<BTreeMap<u8, u64>, StoreError> {
        let mut last = BTreeMap::new();
        let mut before = vec![u8::MAX];
        while let Some(found) = self.disk.range(Name::Archive, ..before).next_back() {
            let stream = self.stream(&found?.0)?;
            last.insert(stream.kind, stream.id);
            before = vec![stream.kind];
        }
        Ok(last)
    }

    fn unpack(&self, stream: Stream, mut packed: &[u8], rows: &mut Vec<Row>) -> Result<(), StoreError> {
        while !packed.is_empty() {
            let seq = self.number(packed.get(..8))?;
            let length = usize::try_from(self.number(packed.get(8..16))?).unwrap_or(usize::MAX);
            let rest = &packed[16..];
            let Some((value, rest)) = rest.split_at_checked(length) else {
                return Err(self.disk.damaged("an archived row breaks off"));
            };
            rows.push(Row {
                stream,
                seq,
                json: values::whole(&self.disk, value)?,
            });
            packed = rest;
        }
        Ok(())
    }

    fn stream(&self, key: &[u8]) -> Result<Stream, StoreError> {
        Stream::from_key(key).ok_or_else(|| self.disk.damaged("a key is of an unknown shape"))
    }

    fn number(&self, bytes: Option<&[u8]>) -> Result<u64, StoreError> {
        let number = bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
        number.ok_or_else(|| self.disk.damaged("a key is of an unknown shape"))
    }
}

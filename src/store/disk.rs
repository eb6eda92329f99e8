//! The files: opening them whatever state they are in, writing atomically, and making it real.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional as _};
use sled::{Db, IVec, Tree};

use super::error::{StoreError, is_full};
use super::group::Group;

/// The format of the folder; raised when an older version could no longer read it.
pub(super) const FORMAT: u32 = 1;
/// What sled may keep in memory; it takes several times as much.
const CACHE: u64 = 2 << 20;
/// Space kept aside so that a full disk can be opened again.
const BALLAST: usize = 2 << 20;
/// How often a lock is tried that another process holds; sled lets go of it up to 40 ms after its process ended.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// The trees of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// stream, seq → row.
    Journal,
    /// stream → seq and state.
    Snapshots,
    /// stream, first seq → rows.
    Archive,
    /// id → call.
    Outbox,
    /// name of a delivery → when.
    Seen,
    /// place → stream.
    Places,
    /// Pieces of big values.
    Pieces,
    /// Format and counters.
    Meta,
}

impl Name {
    pub(super) const ALL: [(Self, &'static str); 8] = [
        (Self::Journal, "journal"),
        (Self::Snapshots, "snapshots"),
        (Self::Archive, "archive"),
        (Self::Outbox, "outbox"),
        (Self::Seen, "seen"),
        (Self::Places, "places"),
        (Self::Pieces, "pieces"),
        (Self::Meta, "meta"),
    ];
}

/// An open folder; a clone reads and writes the same one.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    folder: PathBuf,
    db: Db,
    /// sled's one file, to be synced.
    log: Arc<File>,
    trees: Vec<Tree>,
}

impl Disk {
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let io = |doing, source| StoreError::Io {
            doing,
            folder: folder.to_owned(),
            source,
        };
        fs::create_dir_all(folder).map_err(|error| io("create the data folder", error))?;
        for leftover in indexes(folder, Index::HalfWritten) {
            // A killed start leaves it behind, and sled would take it for a whole one.
            fs::remove_file(leftover).map_err(|error| io("remove a half-written index", error))?;
        }
        let db = match open_patiently(folder) {
            Err(StoreError::Damaged { what, .. }) if !indexes(folder, Index::Any).is_empty() => {
                tracing::warn!(what, "the database's index is damaged and built anew from its log");
                for index in indexes(folder, Index::Any) {
                    fs::remove_file(index).map_err(|error| io("remove a damaged index", error))?;
                }
                open_patiently(folder)?
            }
            opened => opened?,
        };
        let trees = Name::ALL
            .iter()
            .map(|(_, name)| db.open_tree(name))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| fault(folder, "open the database", error))?;
        let log = File::options()
            .write(true)
            .open(folder.join("db"))
            .map_err(|error| io("open the database's file", error))?;
        let disk = Self {
            folder: folder.to_owned(),
            db,
            log: Arc::new(log),
            trees,
        };
        disk.check_format()?;
        disk.sync()?;
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| io("sync the data folder", error))?;
        disk.lay_ballast();
        Ok(disk)
    }

    fn check_format(&self) -> Result<(), StoreError> {
        let Some(found) = self.get(Name::Meta, b"format")? else {
            let mut group = Group::default();
            group.put(Name::Meta, b"format".to_vec(), FORMAT.to_string().into_bytes());
            return self.write(&group);
        };
        let format = std::str::from_utf8(&found).ok().and_then(|text| text.parse().ok());
        match format {
            Some(found) if found > FORMAT => Err(StoreError::NewerFormat {
                folder: self.folder.clone(),
                found,
                known: FORMAT,
            }),
            Some(_) => Ok(()),
            None => Err(self.damaged("its format is not a number")),
        }
    }

    /// Keeps some space aside. Doing without it is no reason not to start.
    fn lay_ballast(&self) {
        let path = self.ballast();
        if fs::metadata(&path).is_ok_and(|found| found.len() == BALLAST as u64) {
            return;
        }
        let laid = File::create(&path).and_then(|mut file| file.write_all(&vec![0; BALLAST]));
        if let Err(error) = laid {
            tracing::warn!(%error, "there is no room for the ballast file; the disk is nearly full");
            drop(fs::remove_file(path));
        }
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    /// Writes all of it, atomically; durable after the next [`Disk::sync`].
    pub(super) fn write(&self, group: &Group) -> Result<(), StoreError> {
        let written = self.trees.as_slice().transaction(|trees| {
            for ((name, key), value) in group.changes() {
                let tree = &trees[*name as usize];
                match value {
                    Some(value) => tree.insert(key.as_slice(), value.as_slice())?,
                    None => tree.remove(key.as_slice())?,
                };
            }
            Ok::<(), ConflictableTransactionError<std::convert::Infallible>>(())
        });
        written.map_err(|error| match error {
            TransactionError::Storage(error) => self.fault("write", error),
            TransactionError::Abort(never) => match never {},
        })
    }

    /// Makes what was written survive a power cut.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        self.db.flush().map_err(|error| self.fault("write", error))?;
        // sled's flush reaches the kernel's cache only.
        self.log.sync_data().map_err(|error| self.io("sync", error))
    }

    pub(super) fn get(&self, name: Name, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.tree(name).get(key).map_err(|error| self.fault("read", error))
    }

    pub(super) fn contains(&self, name: Name, key: &[u8]) -> Result<bool, StoreError> {
        self.tree(name)
            .contains_key(key)
            .map_err(|error| self.fault("read", error))
    }

    /// Everything whose key begins with `prefix`, in order.
    pub(super) fn scan(
        &self,
        name: Name,
        prefix: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), StoreError>> + use<'_> {
        self.tree(name)
            .scan_prefix(prefix)
            .map(|found| found.map_err(|error| self.fault("read", error)))
    }

    /// Everything from `key` on (or before it, when read from the end), in order.
    pub(super) fn range<R: std::ops::RangeBounds<Vec<u8>>>(
        &self,
        name: Name,
        range: R,
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), StoreError>> + use<'_, R> {
        self.tree(name)
            .range(range)
            .map(|found| found.map_err(|error| self.fault("read", error)))
    }

    pub(super) fn damaged(&self, what: &str) -> StoreError {
        StoreError::Damaged {
            folder: self.folder.clone(),
            what: what.to_owned(),
        }
    }

    pub(super) fn io(&self, doing: &'static str, error: io::Error) -> StoreError {
        self.fault(doing, sled::Error::Io(error))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn tree(&self, name: Name) -> &Tree {
        &self.trees[name as usize]
    }

    fn fault(&self, doing: &'static str, error: sled::Error) -> StoreError {
        let fault = fault(&self.folder, doing, error);
        if matches!(fault, StoreError::Full { .. }) {
            // The next start needs some room.
            drop(fs::remove_file(self.ballast()));
        }
        fault
    }
}

fn fault(folder: &Path, doing: &'static str, error: sled::Error) -> StoreError {
    let folder = folder.to_owned();
    match error {
        sled::Error::Io(error) if is_full(&error) => StoreError::Full { folder },
        sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => {
            StoreError::AlreadyOpen { folder }
        }
        sled::Error::Io(source) => StoreError::Io { doing, folder, source },
        sled::Error::CollectionNotFound(_)
        | sled::Error::Unsupported(_)
        | sled::Error::ReportableBug(_)
        | sled::Error::Corruption { .. } => StoreError::Damaged {
            folder,
            what: error.to_string(),
        },
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a lock of another process tells nobody when it is free"
)]
fn open_patiently(folder: &Path) -> Result<Db, StoreError> {
    for _ in 1..LOCK_TRIES {
        match open_apart(folder) {
            Err(StoreError::AlreadyOpen { .. }) => std::thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
    }
    open_apart(folder)
}

/// Opens in a thread of its own, because a damaged log can make sled panic.
fn open_apart(folder: &Path) -> Result<Db, StoreError> {
    let path = folder.to_owned();
    let open = move || {
        sled::Config::new()
            .path(path)
            .cache_capacity(CACHE)
            .mode(sled::Mode::LowSpace)
            .flush_every_ms(Some(500))
            .open()
    };
    let thread = std::thread::Builder::new()
        .name("store-open".to_owned())
        .spawn(open)
        .map_err(|error| fault(folder, "start a thread", sled::Error::Io(error)))?;
    match thread.join() {
        Ok(opened) => opened.map_err(|error| fault(folder, "open the database", error)),
        Err(_) => Err(StoreError::Damaged {
            folder: folder.to_owned(),
            what: "its log breaks off".to_owned(),
        }),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    HalfWritten,
    Any,
}

/// sled's index files.
fn indexes(folder: &Path, which: Index) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(io::Result::ok);
    files
        .filter(|file| {
            let name = file.file_name();
            let name = name.to_string_lossy();
            name.starts_with("snap.") && (which == Index::Any || name.ends_with(".generating"))
        })
        .map(|file| file.path())
        .collect()
}

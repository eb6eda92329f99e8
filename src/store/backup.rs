//! Everything that is stored, in one file, and back.
//!
//! The file is a header, the rows of every tree as they are, and at the end their number and a checksum, so that a file
//! that was cut short or changed is recognised before anything is replaced. It is written by the one writer between two
//! rounds: what it holds is one moment, with the calls that were still to be made at that moment. After a restore those
//! that were made in the meantime are found in Slack, not repeated.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::Store;
use super::disk::{Disk, FORMAT, Name};
use super::error::StoreError;
use super::group::Group;
use super::write::BETWEEN_SYNCS;

const HEADER: &[u8] = b"nightbell backup ";
/// What stands where a row's tree would, at the end.
const END: u8 = 0xff;
/// No key and no value is longer.
const LONGEST_KEY: u32 = 64 << 10;
const LONGEST_VALUE: u32 = 16 << 20;

/// Why a backup could not be written or taken back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file of that name.
    #[error("`{}` is there already; backups are never written over each other", .0.display())]
    Exists(PathBuf),
    /// It is another kind of file.
    #[error("`{}` is no backup of Nightbell", .0.display())]
    NotABackup(PathBuf),
    /// It was cut short, or changed.
    #[error("`{}` is damaged: {what}. The data folder was left as it is; take an older backup", file.display())]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// What was found.
        what: &'static str,
    },
    /// A later version wrote it.
    #[error("`{}` has format {found} and this version reads up to {FORMAT}; install the version that wrote it, or a later one", file.display())]
    Newer {
        /// Which file.
        file: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The system refused.
    #[error("failed to {doing} `{}`: {source}", path.display())]
    Io {
        /// What.
        doing: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A data folder could not be opened, read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes everything that is stored into `file`, durably; returns its size in bytes.
    ///
    /// # Errors
    /// When the file is there already or cannot be written; then there is none of that name.
    pub fn backup(&self, file: &Path) -> Result<u64, BackupError> {
        if file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        let part = with_suffix(file, ".part");
        let io = |doing| {
            let path = file.to_owned();
            move |source| BackupError::Io { doing, path, source }
        };
        let written = File::create(&part).map_err(io("create")).and_then(|created| {
            let mut out = Summed::new(BufWriter::new(created));
            self.write_rows(&mut out, file)?;
            let written = out
                .inner
                .into_inner()
                .map_err(|error| io("write")(error.into_error()))?;
            written.sync_all().map_err(io("sync"))?;
            written.metadata().map_err(io("look at")).map(|found| found.len())
        });
        let kept = written.and_then(|size| fs::rename(&part, file).map_err(io("name")).map(|()| size));
        if kept.is_err() {
            drop(fs::remove_file(part));
        }
        sync_folder_of(file);
        kept
    }

    fn write_rows(&self, out: &mut Summed<impl Write>, file: &Path) -> Result<(), BackupError> {
        let mut put = |bytes: &[u8]| {
            out.write(bytes).map_err(|source| BackupError::Io {
                doing: "write",
                path: file.to_owned(),
                source,
            })
        };
        let mut rows = 0_u64;
        put(HEADER)?;
        put(&FORMAT.to_be_bytes())?;
        for (name, _) in Name::ALL {
            for found in self.disk.scan(name, &[]) {
                let (key, value) = found?;
                put(&[name as u8])?;
                for part in [&key, &value] {
                    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
                    put(&length.to_be_bytes())?;
                    put(part)?;
                }
                rows += 1;
            }
        }
        put(&[END])?;
        put(&rows.to_be_bytes())?;
        let sum = out.sum();
        out.write(&sum.to_be_bytes()).map_err(|source| BackupError::Io {
            doing: "write",
            path: file.to_owned(),
            source,
        })
    }
}

/// Puts what a backup holds in the place of a data folder; the folder that was there is kept beside it, under the name
/// that is returned.
///
/// # Errors
/// When the backup is not whole, or the folder is in use. Nothing is replaced before everything was read back.
pub fn restore(file: &Path, folder: &Path, suffix: &str) -> Result<Option<PathBuf>, BackupError> {
    let io = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::Io { doing, path, source }
    };
    verify(file)?;
    let is_there = folder.exists();
    if is_there && let Err(in_use @ StoreError::AlreadyOpen { .. }) = Store::open(folder) {
        return Err(in_use.into());
    }
    let new = with_suffix(folder, ".restoring");
    if new.exists() {
        fs::remove_dir_all(&new).map_err(io("remove what an earlier restore left in", &new))?;
    }
    unpack(file, &new)?;
    // As the next start will: all of it is read, or none of it is taken.
    Store::open(&new)?.load(|_, _| ())?;
    let aside = with_suffix(folder, &format!(".before-{suffix}"));
    if is_there {
        fs::rename(folder, &aside).map_err(io("move aside", folder))?;
    }
    fs::rename(&new, folder).map_err(io("put in place", &new))?;
    sync_folder_of(folder);
    Ok(is_there.then_some(aside))
}

/// What a backup holds, as a data folder of its own that does not exist yet.
///
/// # Errors
/// When the backup is not whole, or the folder cannot be written.
pub fn unpack(file: &Path, folder: &Path) -> Result<(), BackupError> {
    let disk = Disk::open(folder)?;
    let mut group = Group::default();
    read_rows(file, |name, key, value| {
        group.put(name, key, value);
        if group.bytes() > BETWEEN_SYNCS / 2 {
            disk.write(&std::mem::take(&mut group))?;
            disk.sync()?;
        }
        Ok(())
    })?;
    disk.write(&group)?;
    Ok(disk.sync()?)
}

/// Reads a backup through.
fn verify(file: &Path) -> Result<(), BackupError> {
    read_rows(file, |_, _, _| Ok(()))
}

fn read_rows(
    file: &Path,
    mut row: impl FnMut(Name, Vec<u8>, Vec<u8>) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let damaged = |what| BackupError::Damaged {
        file: file.to_owned(),
        what,
    };
    let cut_short = |_: io::Error| damaged("it is cut short");
    let opened = File::open(file).map_err(|source| BackupError::Io {
        doing: "open",
        path: file.to_owned(),
        source,
    })?;
    let mut from = Summed::new(BufReader::new(opened));
    let mut header = [0; HEADER.len()];
    if from.read(&mut header).is_err() || header != *HEADER {
        return Err(BackupError::NotABackup(file.to_owned()));
    }
    let found = from.number().map_err(cut_short)?;
    if found > FORMAT {
        return Err(BackupError::Newer {
            file: file.to_owned(),
            found,
        });
    }
    let mut rows = 0_u64;
    loop {
        let mut tree = [0];
        from.read(&mut tree).map_err(cut_short)?;
        if tree == [END] {
            break;
        }
        let name = Name::ALL
            .into_iter()
            .map(|(name, _)| name)
            .find(|name| *name as u8 == tree[0]);
        let name = name.ok_or_else(|| damaged("it has a row of no known kind"))?;
        let mut parts = [Vec::new(), Vec::new()];
        for (part, longest) in parts.iter_mut().zip([LONGEST_KEY, LONGEST_VALUE]) {
            let length = from.number().map_err(cut_short)?;
            if length > longest {
                return Err(damaged("it has a row that is too long"));
            }
            part.resize(length as usize, 0);
            from.read(part).map_err(cut_short)?;
        }
        let [key, value] = parts;
        row(name, key, value)?;
        rows += 1;
    }
    let mut counted = [0; 8];
    from.read(&mut counted).map_err(cut_short)?;
    let sum = from.sum();
    if u64::from_be_bytes(counted) != rows || from.number().map_err(cut_short)? != sum {
        return Err(damaged("its checksum is another"));
    }
    Ok(())
}

/// Writes or reads, and sums up what went through.
struct Summed<T> {
    inner: T,
    sum: crc32fast::Hasher,
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self {
            inner,
            sum: crc32fast::Hasher::new(),
        }
    }

    fn sum(&self) -> u32 {
        self.sum.clone().finalize()
    }
}

impl<T: Write> Summed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.inner.write_all(bytes)
    }
}

impl<T: Read> Summed<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.inner.read_exact(bytes)?;
        self.sum.update(bytes);
        Ok(())
    }

    fn number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.read(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A new name is durable once its folder is; where that cannot be had, the file itself still is.
fn sync_folder_of(path: &Path) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Ok(folder) = File::open(parent.unwrap_or(Path::new("."))) {
        drop(folder.sync_all());
    }
}

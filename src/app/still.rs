//! A data folder that stands still, to be read at leisure: the folder itself, or a copy where a bot is using it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::control::{self, AskError, Question};
use crate::store::{self, BackupError};

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
pub enum StillError {
    /// The running bot gave no copy.
    #[error("failed to get a copy from the running Nightbell: {0}")]
    NoCopy(#[from] AskError),
    /// The copy could not be unpacked.
    #[error(transparent)]
    Unpack(#[from] BackupError),
}

/// Reads a data folder, whether a bot uses it or not.
///
/// # Errors
/// When a bot uses it and no copy could be had.
pub fn read<T>(data: &Path, read: impl FnOnce(&Path) -> T) -> Result<T, StillError> {
    let copy = Copy(beside(data));
    let file = copy.0.with_extension("backup");
    let asked = Question::Backup {
        file: std::path::absolute(&file).unwrap_or(file.clone()),
    };
    match control::ask(data, &asked) {
        Err(AskError::NobodyThere) => return Ok(read(data)),
        other => other?,
    };
    let unpacked = store::unpack(&file, &copy.0);
    drop(fs::remove_file(file));
    unpacked?;
    Ok(read(&copy.0))
}

fn beside(data: &Path) -> PathBuf {
    let mut name: OsString = data.as_os_str().to_owned();
    name.push(format!(".copy-{}", std::process::id()));
    PathBuf::from(name)
}

/// A copy that goes when it is no longer read.
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // There is none where nothing had to be copied.
        drop(fs::remove_dir_all(&self.0));
    }
}

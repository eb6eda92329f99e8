//! What can go wrong with the data folder, and what its owner can do.

use std::io;
use std::path::PathBuf;

/// Why something could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the folder.
    #[error(
        "the data folder {} is in use by another Nightbell; stop that one first, or give this one a folder of its own with --data",
        folder.display()
    )]
    AlreadyOpen {
        /// Which folder.
        folder: PathBuf,
    },
    /// No space is left.
    #[error(
        "the disk that holds {} is full; nothing that was confirmed is lost. Free some space and start again",
        folder.display()
    )]
    Full {
        /// Which folder.
        folder: PathBuf,
    },
    /// The files are not what was written.
    #[error(
        "the data folder {} is damaged ({what}); put a backup in its place, or move it away to start empty",
        folder.display()
    )]
    Damaged {
        /// Which folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// A later version wrote it.
    #[error(
        "the data folder {} has format {found} and this version reads up to {known}; install the version that wrote it, or a later one",
        folder.display()
    )]
    NewerFormat {
        /// Which folder.
        folder: PathBuf,
        /// Its format.
        found: u32,
        /// The newest one we know.
        known: u32,
    },
    /// The system refused.
    #[error("failed to {doing} in {}: {source}", folder.display())]
    Io {
        /// What.
        doing: &'static str,
        /// Where.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An earlier failure ended all writing: what is in memory may be ahead of the disk.
    #[error("nothing more is stored after the failure before")]
    Ended,
}

/// Whether the system says that there is no room; a limit on file sizes counts.
pub(super) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    // sled wraps some errors into text on its way up.
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
        || ["No space left", "File too large", "quota exceeded"]
            .iter()
            .any(|words| error.to_string().contains(words))
}

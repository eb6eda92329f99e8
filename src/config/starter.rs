//! A configuration to start from, with every setting explained.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The text of it.
pub const STARTER: &str = include_str!("starter.toml");

/// Why it was not written.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// Something is there already.
    #[error("`{}` is there already and stays as it is; `--config` names another place", .0.display())]
    Exists(PathBuf),
    /// The system refused.
    #[error("failed to write `{}`", path.display())]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Writes it to `path`, where nothing must be yet.
///
/// # Errors
/// When something is there, or it cannot be written.
pub fn write(path: &Path) -> Result<(), StarterError> {
    let unwritable = |source| StarterError::Unwritable {
        path: path.to_owned(),
        source,
    };
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => StarterError::Exists(path.to_owned()),
        _ => unwritable(error),
    })?;
    file.write_all(STARTER.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(unwritable)
}

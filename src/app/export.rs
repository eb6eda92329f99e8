//! `nightbell export`: every alert with its timeline, for other programs.
//!
//! One JSON object a line, the oldest alert first, its history folded into the state it has now. Reads a data folder that
//! no bot holds; of a running bot, the command line takes a backup first and exports that.

use std::io::{self, Write};
use std::path::Path;

use crate::domain::World;
use crate::domain::ids::AlertId;
use crate::engine::{EngineError, journal};
use crate::store::Store;

/// Why nothing more was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What is stored cannot be read.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What was read cannot be written.
    #[error("failed to write what was exported: {0}")]
    Write(#[from] io::Error),
}

/// Exports every alert to `out`; returns how many.
///
/// # Errors
/// When the folder cannot be read, or `out` cannot be written.
pub fn export(data: &Path, mut out: impl Write) -> Result<usize, ExportError> {
    let store = Store::open(data).map_err(EngineError::from)?;
    let loaded = store.load(|_, _| ()).map_err(EngineError::from)?;
    let last = loaded.last_ids.get(&journal::ALERT).copied().unwrap_or_default();
    let mut exported = 0;
    for id in 1..=last {
        let stream = journal::stream(AlertId(id));
        let archived = store.archived(stream).map_err(EngineError::from)?;
        let alert = match loaded.streams.iter().find(|found| found.stream == stream) {
            Some(found) => {
                let mut world = World::default();
                journal::fold(&mut world, &archived, found).map_err(EngineError::from)?;
                world.retire(AlertId(id))
            }
            None => journal::recall(stream, archived).map_err(EngineError::from)?,
        };
        if let Some(alert) = alert {
            serde_json::to_writer(&mut out, &alert).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
            exported += 1;
        }
    }
    out.flush()?;
    Ok(exported)
}

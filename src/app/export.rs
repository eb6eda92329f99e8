//! `nightbell export`: every alert, incident, run and override with its timeline, for other programs.
//!
//! One JSON object a line, its kind in `kind`, the oldest of each kind first, its history folded into the state it has
//! now. Reads a data folder that no bot holds; of a running bot, the command line takes a backup first and exports that.

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use crate::domain::Subject;
use crate::engine::{EngineError, journal};
use crate::store::{LoadedStream, Store, Stream};

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

/// Exports everything that people made to `out`; returns how many lines.
///
/// # Errors
/// When the folder cannot be read, or `out` cannot be written.
pub fn export(data: &Path, mut out: impl Write) -> Result<usize, ExportError> {
    let store = Store::open(data).map_err(EngineError::from)?;
    let loaded = store.load(|_, _| ()).map_err(EngineError::from)?;
    let mut exported = 0;
    for kind in journal::KINDS {
        let last = loaded.last_ids.get(&kind).copied().unwrap_or_default();
        for stream in (1..=last).map(|id| Stream { kind, id }) {
            let live = loaded.streams.iter().find(|found| found.stream == stream);
            if let Some(state) = state(&store, stream, live)? {
                serde_json::to_writer(&mut out, &state).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
                exported += 1;
            }
        }
    }
    out.flush()?;
    Ok(exported)
}

/// What became of one thing, and its kind; none when nothing is known of it, or it is bookkeeping.
fn state(store: &Store, stream: Stream, live: Option<&LoadedStream>) -> Result<Option<Value>, EngineError> {
    let Some(subject) = journal::subject(stream) else {
        return Ok(None);
    };
    let kind = match subject {
        Subject::Alert(_) => "alert",
        Subject::Incident(_) => "incident",
        Subject::Run(_) => "run",
        Subject::Override(_) => "override",
        Subject::Watch(_) | Subject::Subscription(_) | Subject::Reviews => return Ok(None),
    };
    let archived = store.archived(stream)?;
    let only_archived = LoadedStream {
        stream,
        snapshot: None,
        rows: Vec::new(),
    };
    let world = journal::alone(&archived, live.unwrap_or(&only_archived))?;
    Ok(journal::snapshot(&world, subject, 0).map(|state| {
        let mut state: Value = serde_json::from_slice(&state.json).unwrap_or_default();
        state["kind"] = kind.into();
        state
    }))
}

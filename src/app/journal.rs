//! `nightbell journal`: what happened, as it is stored.

use std::path::Path;

use serde_json::Value;

use crate::domain::Event;
use crate::domain::ids::AlertId;
use crate::engine::EngineError;
use crate::engine::journal::{self, Recorded};
use crate::store::{Row, Store};

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line a person can read.
    Readable,
    /// The row as it is stored, one JSON object a line.
    Json,
}

/// Prints the rows of one alert, or of all, in the order of what happened, to `print`.
///
/// # Errors
/// When the folder cannot be opened, as by a bot that runs, or holds what this version cannot read.
pub fn print(data: &Path, of: Option<AlertId>, form: Form, mut print: impl FnMut(&str)) -> Result<(), EngineError> {
    let store = Store::open(data)?;
    let loaded = store.load(|_, _| ())?;
    let ids = match of {
        Some(id) => id.0..=id.0,
        None => 1..=loaded.last_ids.get(&journal::ALERT).copied().unwrap_or_default(),
    };
    for id in ids {
        let stream = journal::stream(AlertId(id));
        let mut rows = store.archived(stream)?;
        rows.extend(
            loaded
                .streams
                .iter()
                .filter(|found| found.stream == stream)
                .flat_map(|found| found.rows.clone()),
        );
        for row in rows {
            print(&line(&row, form));
        }
    }
    Ok(())
}

fn line(row: &Row, form: Form) -> String {
    let stored = String::from_utf8_lossy(&row.json).into_owned();
    let Ok(recorded) = serde_json::from_slice::<Recorded>(&row.json) else {
        return stored;
    };
    match form {
        Form::Json => stored,
        Form::Readable => {
            let (id, what) = match recorded.event {
                Event::Alert { id, what } => (id.to_string(), serde_json::to_value(what)),
                Event::OnCall { id, what } => (id.to_string(), serde_json::to_value(what)),
                Event::Watch { id, what } => (id.to_string(), serde_json::to_value(what)),
                Event::Incident { id, what } => (id.to_string(), serde_json::to_value(what)),
                Event::Subscription { id, what } => (id.to_string(), serde_json::to_value(what)),
                Event::Run { id, what } => (id.to_string(), serde_json::to_value(what)),
            };
            let mut what = what.unwrap_or_default();
            let event = what
                .as_object_mut()
                .and_then(|fields| fields.remove("event"))
                .unwrap_or_default();
            let event = event.as_str().unwrap_or("?").replace('_', " ");
            let more: Vec<String> = what
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, value)| field(key, value))
                .collect();
            format!(
                "{} {id} {event}: {}",
                recorded.at.format("%Y-%m-%d %H:%M:%SZ"),
                more.join(", ")
            )
        }
    }
}

fn field(key: &str, value: &Value) -> String {
    format!("{} {value}", key.replace('_', " "))
}

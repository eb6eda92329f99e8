//! `nightbell journal`: what happened, as it is stored.

use std::path::Path;

use serde_json::Value;

use crate::domain::ids::{AlertId, IncidentId, OverrideId, RunId};
use crate::domain::{Event, Subject};
use crate::engine::EngineError;
use crate::engine::journal::{self, Recorded};
use crate::store::{Row, Store, Stream};

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line a person can read.
    Readable,
    /// The row as it is stored, one JSON object a line.
    Json,
}

/// What a typed id means, such as `A-12`, `inc-3`, `R-7` or `O-2`; a number alone is an alert's.
pub fn meant(id: &str) -> Option<Subject> {
    let id = id.trim().to_ascii_lowercase();
    let digits = id.find(|it: char| it.is_ascii_digit())?;
    let (kind, number) = id.split_at(digits);
    let number = number.parse().ok()?;
    match kind.trim_end_matches('-') {
        "" | "a" => Some(Subject::Alert(AlertId(number))),
        "inc" => Some(Subject::Incident(IncidentId(number))),
        "r" => Some(Subject::Run(RunId(number))),
        "o" => Some(Subject::Override(OverrideId(number))),
        _ => None,
    }
}

/// Prints the rows of one thing, or of everything, thing by thing and in the order of what happened, to `print`.
///
/// # Errors
/// When the folder cannot be opened, as by a bot that runs, or holds what this version cannot read.
pub fn print(data: &Path, of: Option<Subject>, form: Form, mut print: impl FnMut(&str)) -> Result<(), EngineError> {
    let store = Store::open(data)?;
    let loaded = store.load(|_, _| ())?;
    let last = |kind| loaded.last_ids.get(&kind).copied().unwrap_or_default();
    let streams: Vec<Stream> = match of {
        Some(subject) => vec![journal::stream(subject)],
        None => journal::KINDS
            .into_iter()
            .flat_map(|kind| (1..=last(kind)).map(move |id| Stream { kind, id }))
            .collect(),
    };
    for stream in streams {
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
                Event::Reviews { what } => ("reviews".to_owned(), serde_json::to_value(what)),
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

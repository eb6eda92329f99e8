//! Journal rows: the stored shape of what happened, and of the state now and then.
//!
//! Rows are kept for ever, so what is here may grow and never change: a field that is added has a default, one that is
//! no longer written is still read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::alert::{self, Alert};
use crate::domain::ids::AlertId;
use crate::domain::{Event, World};
use crate::store::{LoadedStream, Row, Snapshot, Stream};

/// The kind of stream that holds an alert's rows.
pub const ALERT: u8 = b'a';

/// One event and when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: Event,
}

/// Why a stored row could not be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the journal of {subject}, which another version may have written: {source}")]
pub struct Unreadable {
    subject: AlertId,
    source: serde_json::Error,
}

/// The stream that an alert's rows belong to.
pub fn stream(id: AlertId) -> Stream {
    Stream { kind: ALERT, id: id.0 }
}

/// The row that records an event.
///
/// # Panics
/// Never: events are plain data that serializes.
pub fn row(event: &Event, at: DateTime<Utc>, seq: u64) -> Row {
    let Event::Alert { id, .. } = event;
    let recorded = Recorded {
        at,
        event: event.clone(),
    };
    Row {
        stream: stream(*id),
        seq,
        json: serde_json::to_vec(&recorded).expect("events are plain data"),
    }
}

/// An alert's state after row `seq`.
///
/// # Panics
/// Never: alerts are plain data that serializes.
pub fn snapshot(alert: &Alert, seq: u64) -> Snapshot {
    let json = serde_json::to_vec(alert).expect("alerts are plain data");
    Snapshot {
        stream: stream(alert.id),
        seq,
        json,
    }
}

/// Whether a row begins its alert, so that nothing of it is in the archive.
pub fn begins(row: &Row) -> bool {
    let recorded = serde_json::from_slice::<Recorded>(&row.json);
    matches!(
        recorded,
        Ok(Recorded {
            event: Event::Alert {
                what: alert::Event::Raised { .. },
                ..
            },
            ..
        })
    )
}

/// Folds a stream into `world`: its snapshot, then the rows after it. `before` are rows that were archived earlier.
///
/// # Errors
/// When a row or the snapshot is not what this version, or one before it, wrote.
pub fn fold(world: &mut World, before: &[Row], loaded: &LoadedStream) -> Result<(), Unreadable> {
    let subject = AlertId(loaded.stream.id);
    let unreadable = |source| Unreadable { subject, source };
    if let Some(snapshot) = &loaded.snapshot {
        world.recall(serde_json::from_slice(&snapshot.json).map_err(unreadable)?);
    }
    let after = loaded.snapshot.as_ref().map_or(0, |snapshot| snapshot.seq);
    for row in before.iter().chain(&loaded.rows).filter(|row| row.seq > after) {
        let recorded: Recorded = serde_json::from_slice(&row.json).map_err(unreadable)?;
        world.apply(&recorded.event, recorded.at);
    }
    Ok(())
}

/// An alert from the rows the archive kept of it; none when they do not begin one.
///
/// # Errors
/// When a row is not what this version, or one before it, wrote.
pub fn recall(stream: Stream, rows: Vec<Row>) -> Result<Option<Alert>, Unreadable> {
    let mut world = World::default();
    fold(
        &mut world,
        &[],
        &LoadedStream {
            stream,
            snapshot: None,
            rows,
        },
    )?;
    Ok(world.retire(AlertId(stream.id)))
}

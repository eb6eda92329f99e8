//! Journal rows: the stored shape of what happened, and of the state now and then.
//!
//! Rows are kept for ever, so what is here may grow and never change: a field that is added has a default, one that is
//! no longer written is still read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::alert::{self, Alert};
use crate::domain::ids::{AlertId, IncidentId, OverrideId, RunId, SubscriptionId, WatchId};
use crate::domain::incident::{self, Incident};
use crate::domain::run::{self, Run};
use crate::domain::{Event, Subject, World, oncall};
use crate::store::{LoadedStream, Row, Snapshot, Stream};

/// The kind of stream that holds an alert's rows.
pub const ALERT: u8 = b'a';
/// The kind of stream that holds an override's rows.
pub const OVERRIDE: u8 = b'o';
/// The kind of stream that holds the rows of a rotation's handoffs.
pub const WATCH: u8 = b'w';

/// The kind of stream that holds an incident's rows.
pub const INCIDENT: u8 = b'i';
/// The kind of stream that holds a subscription's rows.
pub const SUBSCRIPTION: u8 = b's';
/// The kind of stream that holds a run's rows.
pub const RUN: u8 = b'r';

/// The kind of the one stream that says who was told when which runbooks are to be looked through.
pub const REVIEWS: u8 = b'v';

/// Every kind of stream.
pub const KINDS: [u8; 7] = [ALERT, INCIDENT, RUN, OVERRIDE, WATCH, SUBSCRIPTION, REVIEWS];

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
    subject: String,
    source: serde_json::Error,
}

/// The stream that rows about something belong to.
pub fn stream(of: impl Into<Subject>) -> Stream {
    match of.into() {
        Subject::Alert(id) => Stream { kind: ALERT, id: id.0 },
        Subject::Override(id) => Stream {
            kind: OVERRIDE,
            id: id.0,
        },
        Subject::Watch(id) => Stream { kind: WATCH, id: id.0 },
        Subject::Incident(id) => Stream {
            kind: INCIDENT,
            id: id.0,
        },
        Subject::Subscription(id) => Stream {
            kind: SUBSCRIPTION,
            id: id.0,
        },
        Subject::Run(id) => Stream { kind: RUN, id: id.0 },
        Subject::Reviews => Stream { kind: REVIEWS, id: 1 },
    }
}

/// What a stream is about; none for a kind that this version does not know.
pub fn subject(stream: Stream) -> Option<Subject> {
    match stream.kind {
        ALERT => Some(Subject::Alert(AlertId(stream.id))),
        OVERRIDE => Some(Subject::Override(OverrideId(stream.id))),
        WATCH => Some(Subject::Watch(WatchId(stream.id))),
        INCIDENT => Some(Subject::Incident(IncidentId(stream.id))),
        SUBSCRIPTION => Some(Subject::Subscription(SubscriptionId(stream.id))),
        RUN => Some(Subject::Run(RunId(stream.id))),
        REVIEWS => Some(Subject::Reviews),
        _ => None,
    }
}

/// The row that records an event.
///
/// # Panics
/// Never: events are plain data that serializes.
pub fn row(event: &Event, at: DateTime<Utc>, seq: u64) -> Row {
    let recorded = Recorded {
        at,
        event: event.clone(),
    };
    Row {
        stream: stream(event.subject()),
        seq,
        json: serde_json::to_vec(&recorded).expect("events are plain data"),
    }
}

/// The state of something after row `seq`; none when it is not in memory.
///
/// # Panics
/// Never: what is in memory is plain data that serializes.
pub fn snapshot(world: &World, subject: Subject, seq: u64) -> Option<Snapshot> {
    let json = match subject {
        Subject::Alert(id) => serde_json::to_vec(world.alert(id)?),
        Subject::Override(id) => serde_json::to_vec(world.overrides().get(id)?),
        Subject::Watch(id) => serde_json::to_vec(world.watches().get(id)?),
        Subject::Incident(id) => serde_json::to_vec(world.incidents().get(id)?),
        Subject::Subscription(id) => serde_json::to_vec(world.subscriptions().get(id)?),
        Subject::Run(id) => serde_json::to_vec(world.runs().get(id)?),
        Subject::Reviews => serde_json::to_vec(world.reviews()),
    };
    Some(Snapshot {
        stream: stream(subject),
        seq,
        json: json.expect("what is in memory is plain data"),
    })
}

/// Whether a row begins its stream, so that nothing of it is in the archive.
pub fn begins(row: &Row) -> bool {
    let recorded = serde_json::from_slice::<Recorded>(&row.json);
    matches!(
        recorded,
        Ok(Recorded {
            event: Event::Alert {
                what: alert::Event::Raised { .. },
                ..
            } | Event::OnCall {
                what: oncall::Event::Made { .. } | oncall::Event::Asked { .. },
                ..
            } | Event::Watch {
                what: oncall::WatchEvent::Begun { .. },
                ..
            } | Event::Incident {
                what: incident::Event::Declared { .. },
                ..
            } | Event::Subscription {
                what: incident::Change::Subscribed { .. },
                ..
            } | Event::Run {
                what: run::Event::Started { .. },
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
    let unreadable = |source| Unreadable {
        subject: format!("{}-{}", char::from(loaded.stream.kind).to_uppercase(), loaded.stream.id),
        source,
    };
    if let Some(snapshot) = &loaded.snapshot {
        let json = &snapshot.json;
        match subject(loaded.stream) {
            Some(Subject::Alert(_)) => world.recall(serde_json::from_slice(json).map_err(unreadable)?),
            Some(Subject::Override(_)) => world.recall_override(serde_json::from_slice(json).map_err(unreadable)?),
            Some(Subject::Watch(_)) => world.recall_watch(serde_json::from_slice(json).map_err(unreadable)?),
            Some(Subject::Incident(_)) => world.recall_incident(serde_json::from_slice(json).map_err(unreadable)?),
            Some(Subject::Subscription(id)) => {
                world.recall_subscription(id, serde_json::from_slice(json).map_err(unreadable)?);
            }
            Some(Subject::Run(_)) => world.recall_run(serde_json::from_slice(json).map_err(unreadable)?),
            Some(Subject::Reviews) => world.recall_reviews(serde_json::from_slice(json).map_err(unreadable)?),
            None => {}
        }
    }
    let after = loaded.snapshot.as_ref().map_or(0, |snapshot| snapshot.seq);
    for row in before.iter().chain(&loaded.rows).filter(|row| row.seq > after) {
        let recorded: Recorded = serde_json::from_slice(&row.json).map_err(unreadable)?;
        world.apply(&recorded.event, recorded.at);
    }
    Ok(())
}

/// A run from the rows the archive kept of it; none when they do not begin one.
///
/// # Errors
/// When a row is not what this version, or one before it, wrote.
pub fn recall_run(stream: Stream, rows: Vec<Row>) -> Result<Option<Run>, Unreadable> {
    Ok(recalled(stream, rows)?.retire_run(RunId(stream.id)))
}

/// An alert from the rows the archive kept of it; none when they do not begin one.
///
/// # Errors
/// When a row is not what this version, or one before it, wrote.
pub fn recall(stream: Stream, rows: Vec<Row>) -> Result<Option<Alert>, Unreadable> {
    Ok(recalled(stream, rows)?.retire(AlertId(stream.id)))
}

/// An incident from the rows the archive kept of it; none when they do not begin one.
///
/// # Errors
/// When a row is not what this version, or one before it, wrote.
pub fn recall_incident(stream: Stream, rows: Vec<Row>) -> Result<Option<Incident>, Unreadable> {
    Ok(recalled(stream, rows)?.retire_incident(IncidentId(stream.id)))
}

/// A world of one stream and nothing else; `before` are rows that were archived earlier.
///
/// # Errors
/// When a row or the snapshot is not what this version, or one before it, wrote.
pub fn alone(before: &[Row], loaded: &LoadedStream) -> Result<World, Unreadable> {
    let mut world = World::default();
    fold(&mut world, before, loaded)?;
    Ok(world)
}

fn recalled(stream: Stream, rows: Vec<Row>) -> Result<World, Unreadable> {
    let snapshot = None;
    alone(&[], &LoadedStream { stream, snapshot, rows })
}

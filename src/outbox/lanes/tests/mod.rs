//! The scheduler without a clock, a socket or a task: order, pace, holds and back-off as tables (`order.rs`,
//! `pace.rs`), and what holds for every history (`properties.rs`).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Interest, Lanes, Turn, Verdict};
use crate::outbox::{Fate, Header, LOOK_UP, Pace, Rate, Subject, Urgency};

mod order;
mod pace;
mod properties;

/// Nothing may go.
const NOBODY: [u64; 0] = [];

/// A moment so many milliseconds after the beginning of every test.
fn at(millis: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::milliseconds(millis)
}

/// A new message of a lane into a channel.
fn post(lane: &str, urgency: Urgency, channel: &str) -> Header {
    Header {
        lane: Subject::new(lane),
        urgency,
        method: "chat.postMessage",
        channel: Some(Arc::from(channel)),
        expires: None,
        fate: Fate::Fresh,
    }
}

/// An edit in a lane.
fn edit(lane: &str, urgency: Urgency) -> Header {
    Header {
        method: "chat.update",
        channel: None,
        ..post(lane, urgency, "")
    }
}

/// Lanes that wait for nothing but each other.
fn unpaced() -> Lanes {
    Lanes::new(Pace {
        in_flight: 1000,
        ..Pace::lifted()
    })
}

/// Everything that may go now, in order.
fn drain(lanes: &mut Lanes, now: DateTime<Utc>) -> Vec<u64> {
    std::iter::from_fn(|| lanes.next(now)).map(|turn| turn.id).collect()
}

/// Sends and settles everything that may go now.
fn deliver_all(lanes: &mut Lanes, now: DateTime<Utc>) -> Vec<u64> {
    let mut sent = Vec::new();
    while let Some(turn) = lanes.next(now) {
        assert_eq!(lanes.done(turn.id, Verdict::Settled, now), Interest::Wanted);
        sent.push(turn.id);
    }
    sent
}

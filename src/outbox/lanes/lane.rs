//! What is remembered of an entry and of a lane. Both are plain data: the rules that change them stand together in
//! `mod.rs`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::Interest;
use super::gates::Gate;
use crate::outbox::entry::{Header, Urgency};

/// An entry: its header, and what has become of it since it came.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) header: Header,
    pub(super) state: State,
    /// Times it was handed out.
    pub(super) attempts: u32,
    /// Times it failed in a way that asks for back-off; being told to wait is none.
    pub(super) failures: u32,
    /// Until when it stands back after a failure.
    pub(super) rests_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    /// Handed out; its lane is busy until it is done.
    InFlight(Interest),
}

/// The entries of one subject.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// Those not in flight, in the order they go.
    pub(super) waiting: BTreeSet<u64>,
    /// How many of the waiting have which urgency.
    pub(super) urgencies: [usize; 3],
    /// Whether one of them is in flight.
    pub(super) busy: bool,
    /// Where its first entry stands; nowhere while it is busy.
    pub(super) filed: Option<Filed>,
}

impl Lane {
    /// The most urgent of those who wait; routine when nobody does.
    pub(super) fn urgency(&self) -> Urgency {
        let most_urgent = Urgency::ALL
            .into_iter()
            .find(|urgency| self.urgencies[urgency.rank()] > 0);
        most_urgent.unwrap_or(Urgency::Routine)
    }
}

/// Where the first entry of a lane stands.
#[derive(Debug)]
pub(super) enum Filed {
    /// At a gate, under the urgency of its lane.
    Ready { gate: Gate, urgency: Urgency, id: u64 },
    /// Among those who stand back after a failure.
    Resting { until: DateTime<Utc>, id: u64 },
}

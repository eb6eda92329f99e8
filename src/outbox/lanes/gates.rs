//! What holds a ready call back: the bucket of its method, the bucket of its channel, a 429 that is being waited out.
//!
//! Buckets come into being with the first token taken and are forgotten once they are full again, so that memory does
//! not grow with every channel there ever was.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::outbox::entry::{Fate, Header, Urgency};
use crate::outbox::pace::{Bucket, LOOK_UP, Pace};

/// No 429 is waited out for longer than this, whatever it says.
const LONGEST_HOLD: TimeDelta = TimeDelta::hours(1);

/// Full channel buckets are looked for when there are this many.
const CHANNELS_BEFORE_PRUNING: usize = 256;

/// Calls that are held back by exactly the same things wait at the same gate, so that only gates, not calls, have to be
/// asked whether they are open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Gate {
    method: &'static str,
    channel: Option<Arc<str>>,
    fate: Fate,
}

impl Gate {
    /// The gate a call waits at.
    pub(super) fn of(header: &Header) -> Self {
        Self {
            method: header.method,
            channel: header.channel.clone(),
            fate: header.fate,
        }
    }

    /// Every method that will be called when it opens.
    fn methods(&self) -> impl Iterator<Item = &'static str> {
        let look_up = match self.fate {
            Fate::Fresh => None,
            Fate::Doubtful => Some(LOOK_UP),
        };
        look_up.into_iter().chain([self.method])
    }
}

/// All buckets and all waits.
#[derive(Debug)]
pub(super) struct Gates {
    methods: HashMap<&'static str, Bucket>,
    channels: HashMap<Arc<str>, Bucket>,
    held: HashMap<&'static str, DateTime<Utc>>,
    prune_at: usize,
}

impl Gates {
    /// All open.
    pub(super) fn new() -> Self {
        Self {
            methods: HashMap::new(),
            channels: HashMap::new(),
            held: HashMap::new(),
            prune_at: CHANNELS_BEFORE_PRUNING,
        }
    }

    /// From when on a call may pass; none when nothing has ever held it back.
    pub(super) fn open_at(&self, pace: &Pace, gate: &Gate, urgency: Urgency) -> Option<DateTime<Utc>> {
        let channel = gate.channel.as_ref().and_then(|channel| self.channels.get(channel));
        let by_channel = channel.map(|bucket| bucket.free_at(pace.channel, urgency));
        gate.methods()
            .flat_map(|method| {
                let bucket = self.methods.get(method);
                [
                    bucket.map(|bucket| bucket.free_at(pace.of(method), urgency)),
                    self.held.get(method).copied(),
                ]
            })
            .fold(by_channel, Option::max)
    }

    /// A call passes.
    pub(super) fn pass(&mut self, pace: &Pace, gate: &Gate, now: DateTime<Utc>) {
        for method in gate.methods() {
            let bucket = self.methods.entry(method).or_insert_with(|| Bucket::full(now));
            bucket.take(pace.of(method), now);
        }
        if let Some(channel) = &gate.channel {
            let bucket = self.channels.entry(Arc::clone(channel));
            bucket.or_insert_with(|| Bucket::full(now)).take(pace.channel, now);
        }
        if self.channels.len() >= self.prune_at {
            self.channels.retain(|_, bucket| !bucket.is_full(now));
            self.prune_at = (self.channels.len() * 2).max(CHANNELS_BEFORE_PRUNING);
        }
    }

    /// Slack asked for a pause of one method: everything that needs it waits, and never less than was asked before.
    pub(super) fn hold(&mut self, method: &'static str, pause: TimeDelta, now: DateTime<Utc>) {
        let until = now + pause.clamp(TimeDelta::zero(), LONGEST_HOLD);
        let held = self.held.entry(method).or_insert(until);
        *held = (*held).max(until);
    }

    /// How many channels are remembered.
    #[cfg(test)]
    pub(super) fn channels(&self) -> usize {
        self.channels.len()
    }
}

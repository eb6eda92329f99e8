//! The one sender.
//!
//! The engine commits what is to be said together with why; here it is said. Every row of the store's outbox is one
//! finished call ([`Entry`]); a row that is committed is delivered, or somebody hears why not. Three parts:
//!
//! - [`lanes`] decides who goes next, and when: order within a message, pages first, Slack's rate limits, back-off. Pure.
//! - `attempt` carries one call out and says in our words what Slack made of it.
//! - `sender` joins both: it starts attempts, hears of new entries, reports outcomes, sleeps.
//!
//! What is true of it. *Nothing is polled*: the sender sleeps until news, an answer, or the instant the lanes named.
//! *Memory holds headers*: a message is read from the store when its turn comes. *A message of unknown fate is looked up
//! before it is repeated*, by the entry's id in its metadata; so a message may at worst appear twice, never zero times.
//! *A page is not lost to formatting*: what Slack refuses for its blocks goes out as plain text at once. *Nothing is
//! settled here*: an [`Outcome`] goes to the engine, whose commit removes the row; a crash before that repeats the
//! look-up, not the message.
//!
//! Deliberately absent: a task per channel or a library of retry middleware (order, pace and priority across channels
//! are one decision), and a persistent attempt counter (a restart is a new start).

mod attempt;
mod entry;
pub mod lanes;
mod pace;
mod sender;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};

pub use entry::{Entry, Fate, Header, Subject, Urgency};
pub use pace::{LOOK_UP, Pace, Rate};

use crate::clock::Clock;
use crate::domain::ids::AlertId;
use crate::domain::{Errand, Outcome};
use crate::slack::call::Call;
use crate::slack::web::Web;
use crate::store::Reader;

/// Everything the sender works with; [`Outbox::run`] is the sender.
///
/// `Mail` is whatever the engine's mailbox takes: a [`Settled`], or an enum that has one among others.
#[derive(Debug)]
pub struct Outbox<Mail> {
    /// Slack.
    pub web: Web,
    /// Where the messages are.
    pub reader: Reader,
    /// Story time: pace, `Retry-After` and back-off run on it.
    pub clock: Clock,
    /// How fast.
    pub pace: Pace,
    /// What was committed. When the other end is gone, the sender stops as if told to; once it stops, it closes this one.
    pub news: mpsc::Receiver<News>,
    /// The engine's mailbox. News is read while it is full, so both ends may wait for each other without a knot.
    pub settled: mpsc::Sender<Mail>,
    /// What the sender is doing, after every step.
    pub status: watch::Sender<OutboxStatus>,
    /// Turns true when the sender is to stop.
    pub shutdown: watch::Receiver<bool>,
}

impl<Mail: From<Settled> + Send + 'static> Outbox<Mail> {
    /// Sends until told to stop; then starts nothing more, waits for what is under way for at most 3 s of machine time,
    /// reports it, and returns. What is not reported is still in the store and is looked up at the next start.
    pub async fn run(self) {
        sender::Sender::new(self).run().await;
    }
}

/// What the engine tells the sender after a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// These were committed; also, at start, these were found in the store.
    Added(Vec<(u64, Header)>),
    /// These were removed, because newer entries say the same and more.
    Dropped(Vec<u64>),
}

/// How an entry ended. The engine decides what follows and removes the row.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The entry.
    pub entry: u64,
    /// What it was sent for.
    pub errand: Errand,
    /// The alert it was about.
    pub about: Option<AlertId>,
    /// What became of it. Besides Slack's own codes: [`EXPIRED`], [`FATE_UNKNOWN`], [`UNREADABLE`].
    pub outcome: Outcome,
    /// What is to be sent instead, where it was refused.
    pub otherwise: Option<Call>,
}

/// Refused by ourselves: its time had passed before it could be sent.
pub const EXPIRED: &str = "expired";
/// Refused by ourselves: Slack did not say whether it happened, and it is of a kind that must not happen twice.
pub const FATE_UNKNOWN: &str = "fate_unknown";
/// Refused by ourselves: the stored row is not an entry this version understands.
pub const UNREADABLE: &str = "unreadable_entry";

/// What the sender is doing: for the operator, and for tests that wait until all is quiet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboxStatus {
    /// Entries that wait for their turn.
    pub pending: usize,
    /// Entries being sent, or sent with an outcome that has not reached the engine's mailbox yet.
    pub in_flight: usize,
    /// When the next one may go by time alone; none while only news or an answer can change anything.
    pub next_wake: Option<DateTime<Utc>>,
    /// Why everything waits, such as Slack's `token_revoked`; none in ordinary times.
    pub held: Option<String>,
    /// How many [`News`] have been taken in since the start.
    pub heard: u64,
    /// How many [`Settled`] have been handed over since the start.
    pub reported: u64,
}

impl OutboxStatus {
    /// Whether nothing happens until the clock moves or news comes. (Who sends news compares [`OutboxStatus::heard`].)
    pub fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        self.in_flight == 0 && self.next_wake.is_none_or(|at| at > now)
    }
}

#[cfg(test)]
mod tests;

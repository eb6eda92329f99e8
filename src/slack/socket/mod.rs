//! Socket Mode, in our own hands: connections kept open, envelopes handed on, each acknowledged once.
//!
//! - [`run`] (in `keeper`) holds several connections, so that one can be lost without anybody noticing, and opens the
//!   successor of a connection before Slack closes it.
//! - `link` is one connection: a reader that only reads and hands on, and a `writer` with a queue of its own, so that an
//!   acknowledgement waits for no handler.
//! - [`Reply`] acknowledges, once, on the connection the envelope came in on; bare when it is dropped or forgotten for
//!   [`Timings::acknowledge_within`].
//!
//! **When the bot cannot keep up** (the channel of deliveries stays full for [`Timings::room_within`]) an envelope is *not*
//! acknowledged: Slack then repeats events, and shows people that their command failed, which is true. An acknowledgement
//! would be a promise nobody keeps.
//!
//! Deliberately absent: recognising repetitions (that needs what is on disk) and any reading of what an envelope means.

mod backoff;
mod keeper;
mod link;
mod reply;
mod writer;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

pub use keeper::run;
pub use reply::{Carried, Reply};

use super::envelope::Envelope;

/// An envelope and the duty to acknowledge it.
#[derive(Debug)]
pub struct Delivery {
    /// What came in.
    pub envelope: Envelope,
    /// Acknowledges it, at the latest when dropped.
    pub reply: Reply,
}

/// How the connections are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SocketStatus {
    /// Connections Slack has greeted and that are not about to close.
    pub connected: usize,
    /// Connections that still read and acknowledge while their successor takes over.
    pub closing: usize,
    /// How many connections were up so far, over the life of the program.
    pub opened: u64,
    /// The last thing that went wrong, until a connection is up again.
    pub last_problem: Option<Problem>,
}

/// What keeps the bot from being connected, or from hearing everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Slack does not accept the app-level token; only an operator can help.
    Unauthorized {
        /// Slack's code.
        code: String,
    },
    /// Socket Mode is switched off in the app's settings; only an operator can help.
    LinkDisabled,
    /// The app has more connections than Slack allows.
    TooManyConnections,
    /// So many connections of the app are not ours: another program uses the same token and takes part of what people do.
    Strangers(usize),
    /// Slack could not be reached, or a connection broke.
    Unreachable {
        /// What went wrong.
        why: String,
    },
}

/// How long things may take, in machine time.
#[derive(Clone, Debug)]
pub struct Timings {
    /// Connections to hold; Slack allows ten per app.
    pub connections: usize,
    /// Each step of connecting: asking for an address, the upgrade, Slack's greeting.
    pub open_within: Duration,
    /// Between two pings.
    pub ping_every: Duration,
    /// A connection that says nothing for so long is dead.
    pub silence: Duration,
    /// Until an envelope is acknowledged without its handler; Slack gives up after 3 s.
    pub acknowledge_within: Duration,
    /// Until written bytes have left.
    pub write_within: Duration,
    /// How long an envelope waits for room in the channel of deliveries.
    pub room_within: Duration,
    /// How long a connection that Slack announced to close is still read.
    pub drain: Duration,
    /// How long shutting down waits for acknowledgements.
    pub shutdown_within: Duration,
    /// A connection that lived so long makes the next failure count as the first.
    pub stable_after: Duration,
    /// The first pause before connecting again; it doubles.
    pub first_pause: Duration,
    /// The longest.
    pub longest_pause: Duration,
    /// The pause when only an operator can help.
    pub rare_pause: Duration,
    /// Where the jitter of the pauses begins, so that many bots do not come back at once.
    pub seed: u64,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            connections: 2,
            open_within: Duration::from_secs(5),
            ping_every: Duration::from_secs(5),
            silence: Duration::from_secs(12),
            acknowledge_within: Duration::from_millis(2500),
            write_within: Duration::from_secs(2),
            room_within: Duration::from_secs(1),
            drain: Duration::from_secs(15),
            shutdown_within: Duration::from_secs(3),
            stable_after: Duration::from_secs(10),
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_mins(1),
            rare_pause: Duration::from_mins(2),
            seed: RandomState::new().hash_one("jitter"),
        }
    }
}

#[cfg(test)]
mod tests;

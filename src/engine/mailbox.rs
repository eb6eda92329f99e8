//! Everything the engine can be told. The list is closed, and the channel that carries it is bounded.

use std::sync::Arc;

use crate::domain::roster::Roster;
use crate::outbox::Settled;
use crate::slack::Delivery;

/// How many letters wait at the most; whoever sends more waits.
pub const CAPACITY: usize = 1024;

/// One thing the engine is told.
#[derive(Debug)]
pub enum Letter {
    /// Slack delivered something that somebody did.
    Delivery(Box<Delivery>),
    /// A call was delivered, or never will be.
    Settled(Box<Settled>),
    /// The next deadline has come.
    Tick,
    /// The configuration or the workspace changed.
    Roster(Arc<Roster>),
    /// Something that whoever runs us should know; said in the fallback channel.
    Notice(String),
    /// Finish what was taken, then end.
    Stop,
}

impl Letter {
    /// Nobody deals with it any more; whoever waits for it hears that it failed.
    pub fn forsake(self) {
        if let Self::Delivery(delivery) = self {
            delivery.reply.forsake();
        }
    }
}

impl From<Settled> for Letter {
    fn from(settled: Settled) -> Self {
        Self::Settled(Box::new(settled))
    }
}

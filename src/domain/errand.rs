//! What messages are sent for, and what became of them.

use serde::{Deserialize, Serialize};

use super::alert::Step;
use super::escalation::Recipient;
use super::ids::{AlertId, ChannelId, IncidentId, MessageRef, OverrideId, RunId, UserId, WatchId};
use super::incident;

/// What a message was sent for: the domain hears what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Errand {
    /// An alert's card.
    Card {
        /// Which alert.
        alert: AlertId,
        /// Where it is posted.
        channel: ChannelId,
        /// The revision it shows.
        shows: u64,
    },
    /// A page.
    Page {
        /// Which alert.
        alert: AlertId,
        /// Whom it is to reach.
        to: Recipient,
        /// The step it belongs to.
        step: Step,
        /// The revision it shows.
        shows: u64,
    },
    /// The raiser's message.
    Raiser {
        /// Which alert.
        alert: AlertId,
        /// The revision it shows.
        shows: u64,
    },
    /// A message to the fallback channel.
    Fallback {
        /// Which alert it is about.
        alert: AlertId,
    },
    /// A team's user group.
    Group {
        /// The watch over the team's first rotation, which remembers what became of it.
        of: WatchId,
    },
    /// A message that asks for the duties of a shift.
    Duties {
        /// The rotation's watch.
        of: WatchId,
        /// Which asking.
        round: u64,
    },
    /// Something for an incident.
    Incident {
        /// Which.
        id: IncidentId,
        /// What.
        what: incident::Errand,
    },
    /// What somebody said is looked at, to be kept in the incident whose thread it is in.
    Keep {
        /// Who wants it kept.
        by: UserId,
    },
    /// A message that asks for a cover or a swap.
    Ask {
        /// Which.
        of: OverrideId,
    },
    /// The head of a run's thread.
    Root {
        /// Which run.
        run: RunId,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelId>,
    },
    /// A step's card.
    StepCard {
        /// Which run.
        run: RunId,
        /// Which visit.
        visit: u64,
        /// The head of the thread it stands in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        under: Option<MessageRef>,
    },
    /// Something else in the thread of a run, or the head of it drawn again.
    RunThread {
        /// Which run.
        run: RunId,
        /// The head of the thread.
        under: MessageRef,
    },
    /// A step's card drawn again.
    StepDrawn {
        /// Which run.
        run: RunId,
        /// Which visit.
        visit: u64,
        /// The card.
        at: MessageRef,
    },
    /// Nobody waits for the outcome.
    Nothing,
}

impl Errand {
    /// The alert it belongs to.
    pub fn alert(&self) -> Option<AlertId> {
        match self {
            Self::Card { alert, .. }
            | Self::Page { alert, .. }
            | Self::Raiser { alert, .. }
            | Self::Fallback { alert } => Some(*alert),
            Self::Group { .. }
            | Self::Duties { .. }
            | Self::Ask { .. }
            | Self::Incident { .. }
            | Self::Keep { .. }
            | Self::Root { .. }
            | Self::StepCard { .. }
            | Self::RunThread { .. }
            | Self::StepDrawn { .. }
            | Self::Nothing => None,
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands there; no place for what is not a message.
    Delivered(Option<MessageRef>),
    /// What was looked at says this.
    Read(Box<incident::Quote>),
    /// It never will, by the chat service's word.
    Refused {
        /// That word.
        code: String,
    },
}

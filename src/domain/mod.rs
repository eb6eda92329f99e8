//! What is true and what is allowed.
//!
//! [`World`] is the state; [`World::decide`] turns an [`Input`] into events or a refusal without changing anything, and
//! [`World::apply`] is the only mutation. So a replay of the journal is the state, and a test is a table.
//!
//! Invariant: no IO, no async, no clock, no randomness, no Slack vocabulary. Time and the [`roster::Roster`] are
//! arguments; people and places are opaque ids.

pub mod actor;
pub mod alert;
pub mod duration;
pub mod duty;
mod errand;
pub mod escalation;
#[cfg(test)]
mod fixtures;
pub mod ids;
pub mod incident;
pub mod oncall;
pub mod permission;
pub mod priority;
mod request;
pub mod roster;
pub mod rotation;
pub mod run;
pub mod runbook;
pub mod team;
mod world;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use alert::Refusal;
pub use errand::{Errand, Outcome};
pub use request::Request;
pub use world::{LastIds, World};

use alert::Report;
use ids::{AlertId, ChannelId, IncidentId, MessageRef, OverrideId, RunId, SubscriptionId, UserId, WatchId};

/// Everything that can come in. The list is closed: what is not in it cannot change anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Somebody asked for something.
    Asked {
        /// Who.
        by: UserId,
        /// What.
        what: Request,
    },
    /// A program reported something.
    Reported(Report),
    /// Time has passed.
    Tick,
    /// Somebody is to look for gaps ahead.
    LookAhead,
    /// Somebody took a message of ours away.
    MessageGone {
        /// Which.
        at: MessageRef,
    },
    /// A channel takes no messages any more.
    ChannelGone {
        /// Which.
        channel: ChannelId,
        /// The chat service's word for why.
        code: String,
    },
    /// The bot has started; pages that were decided before and never sent are named, each with when it was decided.
    Started {
        /// Which alert, since when.
        unsent: Vec<(AlertId, DateTime<Utc>)>,
    },
    /// A request of a run was answered, or never will be.
    Answered(run::Heard),
    /// A message was delivered, or never will be.
    Settled {
        /// What the message was for.
        errand: Errand,
        /// What became of it.
        outcome: Outcome,
    },
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Event {
    /// About an alert.
    Alert {
        /// Which.
        id: AlertId,
        /// What.
        what: alert::Event,
    },
    /// About who is on call.
    #[serde(rename = "on_call")]
    OnCall {
        /// Which override.
        id: OverrideId,
        /// What.
        what: oncall::Event,
    },
    /// About an incident.
    Incident {
        /// Which.
        id: IncidentId,
        /// What.
        what: incident::Event,
    },
    /// About a subscription to incidents.
    Subscription {
        /// Which.
        id: SubscriptionId,
        /// What.
        what: incident::Change,
    },
    /// About a rotation's handoffs.
    Watch {
        /// Which watch.
        id: WatchId,
        /// What.
        what: oncall::WatchEvent,
    },
    /// About a run.
    Run {
        /// Which.
        id: RunId,
        /// What.
        what: run::Event,
    },
    /// About runbooks that are to be looked through.
    Reviews {
        /// What.
        what: runbook::ReviewEvent,
    },
}

impl Event {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Alert { id, .. } => Subject::Alert(*id),
            Self::OnCall { id, .. } => Subject::Override(*id),
            Self::Watch { id, .. } => Subject::Watch(*id),
            Self::Incident { id, .. } => Subject::Incident(*id),
            Self::Subscription { id, .. } => Subject::Subscription(*id),
            Self::Run { id, .. } => Subject::Run(*id),
            Self::Reviews { .. } => Subject::Reviews,
        }
    }

    /// Where a message of ours now stands, when that is what happened.
    pub fn message(&self) -> Option<&MessageRef> {
        match self {
            Self::Alert { what, .. } => what.message(),
            Self::OnCall {
                what: oncall::Event::AskPosted { at },
                ..
            } => Some(at),
            Self::Run { what, .. } => what.message(),
            Self::Incident { what, .. } => what.message(),
            Self::OnCall { .. } | Self::Watch { .. } | Self::Subscription { .. } | Self::Reviews { .. } => None,
        }
    }

    /// The channel that belongs to what it is about from now on.
    pub fn room(&self) -> Option<&ChannelId> {
        match self {
            Self::Incident { what, .. } => what.room(),
            Self::Alert { .. }
            | Self::OnCall { .. }
            | Self::Watch { .. }
            | Self::Subscription { .. }
            | Self::Run { .. }
            | Self::Reviews { .. } => None,
        }
    }
}

impl From<AlertId> for Subject {
    fn from(id: AlertId) -> Self {
        Self::Alert(id)
    }
}

/// What something can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An alert.
    Alert(AlertId),
    /// An override, a cover or a swap.
    Override(OverrideId),
    /// A rotation's handoffs.
    Watch(WatchId),
    /// An incident.
    Incident(IncidentId),
    /// A subscription to incidents.
    Subscription(SubscriptionId),
    /// A run of a runbook.
    Run(RunId),
    /// Who was told when which runbooks are to be looked through.
    Reviews,
}

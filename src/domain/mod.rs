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
pub mod escalation;
#[cfg(test)]
mod fixtures;
pub mod ids;
pub mod incident;
pub mod oncall;
pub mod permission;
pub mod priority;
pub mod roster;
pub mod rotation;
pub mod run;
pub mod runbook;
pub mod team;
mod world;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use alert::Refusal;
pub use world::{LastIds, World};

use alert::{Assignee, Raise, Report, Step};
use escalation::Recipient;
use ids::{AlertId, ChannelId, IncidentId, MessageRef, OverrideId, RunId, SubscriptionId, TeamId, UserId, WatchId};
use oncall::{How, TaskRef};

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

/// What people can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Raise an alert.
    Raise(Raise),
    /// Change who is on call.
    OnCall(oncall::Ask),
    /// Begin an incident.
    Declare(incident::Declaration),
    /// Do something about an incident.
    Incident {
        /// Which; the only open one when none.
        id: Option<IncidentId>,
        /// What.
        ask: incident::Ask,
    },
    /// Hear of incidents, or no longer.
    Subscription(incident::Wish),
    /// Start a runbook.
    StartRun(run::Start),
    /// Go on with a run.
    Run {
        /// Which.
        target: run::Target,
        /// What.
        ask: run::Ask,
    },
    /// Leave something for whoever is on call next.
    HandoffNote {
        /// For which team.
        team: TeamId,
        /// What.
        text: String,
    },
    /// Page the next level for oneself, because there is too much.
    Underwater {
        /// Of this team; of the one they are on call for when none.
        team: Option<TeamId>,
        /// What for.
        text: Option<String>,
    },
    /// Say what became of a duty.
    Duty {
        /// Which.
        task: TaskRef,
        /// What.
        how: How,
    },
    /// Page somebody without anything being wrong, to see whether it reaches them.
    Test {
        /// This team; whoever asks when none.
        team: Option<TeamId>,
    },
    /// Say the same as an alert that is open already.
    Join {
        /// Which.
        alert: AlertId,
        /// What was to be raised.
        text: String,
    },
    /// Take care of an alert.
    Acknowledge {
        /// Which.
        alert: AlertId,
        /// For how long; the team's usual time when none.
        lease: Option<TimeDelta>,
    },
    /// No longer take care of an alert.
    GiveBack {
        /// Which.
        alert: AlertId,
    },
    /// Leave an alert alone for a while.
    Snooze {
        /// Which.
        alert: AlertId,
        /// For how long.
        length: TimeDelta,
        /// Why.
        because: String,
    },
    /// Go on with an alert that was over.
    Reopen {
        /// Which.
        alert: AlertId,
    },
    /// End an alert.
    Resolve {
        /// Which.
        alert: AlertId,
        /// Why.
        because: Option<String>,
    },
    /// Page somebody else instead.
    Assign {
        /// Which.
        alert: AlertId,
        /// To whom.
        to: Assignee,
    },
    /// Page the next level now.
    Escalate {
        /// Which.
        alert: AlertId,
        /// How many moments of the timeline the card showed whose button was pressed; none when it was typed.
        drawn_for: Option<u64>,
    },
    /// Write something into an alert's timeline.
    Note {
        /// Which.
        alert: AlertId,
        /// What.
        text: String,
    },
}

impl Request {
    /// The alert that must be in memory to decide it.
    pub fn alert(&self) -> Option<AlertId> {
        match self {
            Self::StartRun(start) => start.alert,
            Self::Raise(_)
            | Self::Test { .. }
            | Self::OnCall(_)
            | Self::Declare(_)
            | Self::Incident { .. }
            | Self::Subscription(_)
            | Self::Run { .. }
            | Self::HandoffNote { .. }
            | Self::Duty { .. }
            | Self::Underwater { .. } => None,
            Self::Acknowledge { alert, .. }
            | Self::GiveBack { alert }
            | Self::Snooze { alert, .. }
            | Self::Reopen { alert }
            | Self::Assign { alert, .. }
            | Self::Resolve { alert, .. }
            | Self::Escalate { alert, .. }
            | Self::Join { alert, .. }
            | Self::Note { alert, .. } => Some(*alert),
        }
    }

    /// The incidents that must be in memory to decide it.
    pub fn incidents(&self) -> Vec<IncidentId> {
        match self {
            Self::Incident { id, ask } => {
                let other = match ask {
                    incident::Ask::Merge(into) => Some(*into),
                    _ => None,
                };
                id.iter().copied().chain(other).collect()
            }
            Self::Subscription(
                incident::Wish::Subscribe {
                    to: Some(incident::Topic::Incident(id)),
                    ..
                }
                | incident::Wish::Unsubscribe {
                    to: Some(incident::Topic::Incident(id)),
                    ..
                },
            ) => vec![*id],
            Self::StartRun(start) => start.incident.into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

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

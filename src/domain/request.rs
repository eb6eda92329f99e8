//! What people can ask for.

use chrono::TimeDelta;

use super::alert::{Assignee, Raise};
use super::ids::{AlertId, IncidentId, TeamId};
use super::oncall::{self, How, TaskRef};
use super::{incident, run};

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

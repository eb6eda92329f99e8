//! What buttons do about an incident at once.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::command::form::incident::Sheet;
use crate::command::reading::{Question, Reading};
use crate::domain::Request;
use crate::domain::ids::{IncidentId, MessageRef};
use crate::domain::incident::{Aftermath, Ask, Declaration, Level, Nag, Recipient, Severity, Topic, Wish};

/// What is done about an incident at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Press {
    /// Whoever presses leads it.
    TakeLead,
    /// It is shown.
    Show,
    /// Its timeline is shown.
    Timeline,
    /// What is to be done is shown.
    Actions,
    /// It goes on.
    Reopen,
    /// The next reminder comes half an hour later; how buttons said it that did not know which.
    Snooze,
    /// Whoever presses is told of it.
    Follow,
    /// Whoever presses is told no more of it.
    Leave,
    /// A draft of its analysis is sent.
    Draft,
}

impl Press {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::TakeLead,
        Self::Show,
        Self::Timeline,
        Self::Actions,
        Self::Reopen,
        Self::Snooze,
        Self::Follow,
        Self::Leave,
        Self::Draft,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::TakeLead => "lead",
            Self::Show => "show",
            Self::Timeline => "timeline",
            Self::Actions => "actions",
            Self::Reopen => "reopen",
            Self::Snooze => "snooze",
            Self::Follow => "follow",
            Self::Leave => "leave",
            Self::Draft => "draft",
        }
    }

    pub(super) fn reading(self, incident: IncidentId) -> Reading {
        let ask = |ask| {
            Reading::Ask(Request::Incident {
                id: Some(incident),
                ask,
            })
        };
        match self {
            Self::Follow => Reading::Ask(Request::Subscription(Wish::Subscribe {
                who: None,
                to: Some(Topic::Incident(incident)),
                level: Level::default(),
            })),
            Self::Leave => Reading::Ask(Request::Subscription(Wish::Unsubscribe {
                who: None,
                to: Some(Topic::Incident(incident)),
            })),
            Self::Draft => Reading::Postmortem(Some(incident)),
            Self::TakeLead => ask(Ask::TakeLead),
            Self::Show => Reading::Show(Question::Incident(Some(incident))),
            Self::Timeline => Reading::Show(Question::Timeline(Some(incident))),
            Self::Actions => Reading::Show(Question::Actions(Some(incident))),
            Self::Reopen => ask(Ask::Reopen(None)),
            Self::Snooze => ask(Ask::Snooze {
                length: TimeDelta::minutes(30),
                because: None,
                of: None,
            }),
        }
    }
}

/// What is done about incidents by buttons that carry more than which one: what was asked, so that nobody types it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrying {
    /// A reminder comes half an hour later.
    Later(IncidentId, Nag),
    /// What it took is said after its end.
    Took(IncidentId, Aftermath),
    /// What was asked, now that it is clear of which incident.
    Ask(IncidentId, Box<Ask>),
    /// A message is kept in its timeline.
    Keep(IncidentId, MessageRef),
    /// Somebody wants to hear so much of something, or nothing more.
    Wish(Option<Recipient>, Topic, Option<Level>),
    /// The form that declares one, with what is known.
    Declare(Severity, String),
}

impl Carrying {
    /// The family of such buttons on the wire.
    pub(super) const FAMILY: &'static str = "carrying";

    /// A name that is different for every two that can stand in one block.
    pub(super) fn action(&self) -> String {
        let key = match self {
            Self::Later(id, of) => format!("later:{}:{}", id.0, of.word()),
            Self::Took(id, took) => format!("took:{}:{}{}{}", id.0, took.rollback, took.hotfix, took.external),
            Self::Ask(id, _) => format!("ask:{}", id.0),
            Self::Keep(id, _) => format!("keep:{}", id.0),
            Self::Wish(who, to, level) => format!("wish:{}", super::json(&(who, to, level))),
            Self::Declare(..) => "declare".to_owned(),
        };
        format!("incident.{key}")
    }

    pub(super) fn reading(self) -> Reading {
        let ask = |id, ask| Reading::Ask(Request::Incident { id: Some(id), ask });
        match self {
            Self::Later(id, of) => ask(
                id,
                Ask::Snooze {
                    length: TimeDelta::minutes(30),
                    because: None,
                    of: Some(of),
                },
            ),
            Self::Took(id, took) => ask(id, Ask::Took(took)),
            Self::Ask(id, what) => ask(id, *what),
            Self::Keep(id, at) => Reading::Keep { incident: Some(id), at },
            Self::Wish(who, to, level) => {
                let to = Some(to);
                Reading::Ask(Request::Subscription(match level {
                    Some(level) => Wish::Subscribe { who, to, level },
                    None => Wish::Unsubscribe { who, to },
                }))
            }
            Self::Declare(severity, title) => Reading::Sheet(Sheet::declare(Declaration {
                title,
                severity,
                ..Declaration::default()
            })),
        }
    }
}

//! What buttons do about an incident at once.

use chrono::TimeDelta;

use crate::command::reading::{Question, Reading};
use crate::domain::Request;
use crate::domain::ids::IncidentId;
use crate::domain::incident::{Ask, Level, Topic, Wish};

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
    /// The next reminder comes half an hour later.
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
            Self::Reopen => ask(Ask::Reopen),
            Self::Snooze => ask(Ask::Snooze {
                length: TimeDelta::minutes(30),
                because: "pressed Snooze".to_owned(),
            }),
        }
    }
}

//! What buttons do about an incident at once.

use chrono::TimeDelta;

use crate::command::reading::{Question, Reading};
use crate::domain::Request;
use crate::domain::ids::IncidentId;
use crate::domain::incident::Ask;

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
}

impl Press {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::TakeLead,
        Self::Show,
        Self::Timeline,
        Self::Actions,
        Self::Reopen,
        Self::Snooze,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::TakeLead => "lead",
            Self::Show => "show",
            Self::Timeline => "timeline",
            Self::Actions => "actions",
            Self::Reopen => "reopen",
            Self::Snooze => "snooze",
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

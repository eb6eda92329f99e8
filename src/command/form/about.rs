//! The forms about one alert: snooze, assign, note. The alert's number travels in the form's `private_metadata`.

use std::collections::BTreeMap;

use super::{FieldProblem, typed};
use crate::domain::alert::Assignee;
use crate::domain::duration;
use crate::domain::ids::{AlertId, TeamId, UserId};
use crate::domain::roster::Roster;
use crate::domain::{Refusal, Request};

/// What a form about an alert is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// Leaving it alone for a while.
    Snooze,
    /// Giving it to somebody.
    Assign,
    /// Writing something down.
    Note,
}

/// The field for a length of time.
pub const DURATION: &str = "duration";
/// The field for a reason.
pub const REASON: &str = "reason";
/// The field for a person.
pub const PERSON: &str = "person";
/// The field for a team.
pub const TEAM: &str = "to_team";
/// The field for any text.
pub const TEXT: &str = "text";
/// The most characters that may be typed into a reason or a text.
pub const LONGEST: usize = 3000;

impl About {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Snooze, Self::Assign, Self::Note];

    /// The form's `callback_id`.
    pub fn callback(self) -> &'static str {
        match self {
            Self::Snooze => "snooze_alert",
            Self::Assign => "assign_alert",
            Self::Note => "note_alert",
        }
    }

    /// The form of that `callback_id`.
    pub fn called(callback: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.callback() == callback)
    }

    /// The field that a refusal is about.
    pub fn field_of(self, refusal: &Refusal) -> &'static str {
        match (self, refusal) {
            (Self::Snooze, Refusal::Duration { .. }) => DURATION,
            (Self::Snooze, _) => REASON,
            (Self::Assign, _) => TEAM,
            (Self::Note, _) => TEXT,
        }
    }

    /// Reads a submission.
    ///
    /// # Errors
    /// Every problem at once, by the `block_id` of its field.
    pub fn read(
        self,
        alert: AlertId,
        fields: &BTreeMap<String, String>,
        roster: &Roster,
    ) -> Result<Request, BTreeMap<String, FieldProblem>> {
        let text = |field: &str| typed(fields, field);
        let long = |field: &str| match text(field) {
            None => Err((field.to_owned(), FieldProblem::Missing)),
            Some(text) if text.chars().count() > LONGEST => {
                Err((field.to_owned(), FieldProblem::TooLong { limit: LONGEST }))
            }
            Some(text) => Ok(text),
        };
        let problem = |field: &str, problem| BTreeMap::from([(field.to_owned(), problem)]);
        match self {
            Self::Note => Ok(Request::Note {
                alert,
                text: long(TEXT).map_err(|wrong| BTreeMap::from([wrong]))?,
            }),
            Self::Snooze => {
                let length = match text(DURATION) {
                    None => Err((DURATION.to_owned(), FieldProblem::Missing)),
                    Some(text) => duration::parse(&text).map_err(|_| (DURATION.to_owned(), FieldProblem::NotADuration)),
                };
                match (length, long(REASON)) {
                    (Ok(length), Ok(because)) => Ok(Request::Snooze { alert, length, because }),
                    (length, because) => Err(length.err().into_iter().chain(because.err()).collect()),
                }
            }
            Self::Assign => match (text(PERSON).map(UserId::new), text(TEAM).map(TeamId::new)) {
                (None, None) => Err(problem(TEAM, FieldProblem::Nobody)),
                (Some(_), Some(_)) => Err(problem(TEAM, FieldProblem::Both)),
                (None, Some(team)) if !roster.teams.contains_key(&team) => {
                    Err(problem(TEAM, FieldProblem::UnknownTeam))
                }
                (Some(person), None) => Ok(Request::Assign {
                    alert,
                    to: Assignee::Person(person),
                }),
                (None, Some(team)) => Ok(Request::Assign {
                    alert,
                    to: Assignee::Team(team),
                }),
            },
        }
    }
}

//! The forms: the ids of their fields, their limits, and what a submission means. The raise form is here, those about one
//! alert are in [`about`].
//!
//! The view draws them from here and Slack brings the same ids back. What a form names is looked up again on submission,
//! because it may have been open for an hour.
//! What is typed into a form's field arrives as it was typed, without markup, so it is cleaned and never decoded.

pub mod about;
pub mod incident;
pub mod run;

use std::collections::BTreeMap;

use super::Speaker;
use super::markup;
use super::reading::Draft;
use crate::domain::Request;
use crate::domain::alert::Alike;
use crate::domain::ids::TeamId;
use crate::domain::priority::Priority;
use crate::domain::roster::Roster;
use crate::domain::team::Team;

/// The form's `callback_id`.
pub const CALLBACK: &str = "raise_alert";
/// The `callback_id` of the message shortcut that opens the form with the message's text.
pub const SHORTCUT: &str = "raise_alert_from_message";
/// How many options Slack takes in one group of a select.
pub const GROUP_SIZE: usize = 100;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Which team; required. A choice whose values are the teams' keys.
    Team,
    /// How urgent; required. A choice of `p1` … `p5`.
    Priority,
    /// What is wrong; required.
    Summary,
    /// What it is about.
    Service,
}

impl Field {
    /// All of them, from the top down.
    pub const ALL: [Self; 4] = [Self::Team, Self::Priority, Self::Summary, Self::Service];

    /// Its `block_id`, by which Slack shows a problem on it.
    pub fn block_id(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Priority => "priority",
            Self::Summary => "summary",
            Self::Service => "service",
        }
    }

    /// The `action_id` of its element.
    pub fn action_id(self) -> &'static str {
        match self {
            Self::Team => "raise.team",
            Self::Priority => "raise.priority",
            Self::Summary => "raise.summary",
            Self::Service => "raise.service",
        }
    }

    /// The most characters that may be typed into it; none when it is chosen.
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::Team | Self::Priority => None,
            Self::Summary => Some(3000),
            Self::Service => Some(80),
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    /// It must be filled in.
    Missing,
    /// It is too long.
    TooLong {
        /// The most characters it may have.
        limit: usize,
    },
    /// There is no such team any more.
    UnknownTeam,
    /// It is none of `p1` … `p5`.
    UnknownPriority,
    /// It is no length of time.
    NotADuration,
    /// Neither a person nor a team was chosen.
    Nobody,
    /// A person and a team were chosen.
    Both,
}

/// A draft's text as the form can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefill<'a> {
    /// All of it.
    Whole(&'a str),
    /// As much as fits; the form says so.
    Cut(&'a str),
}

/// A draft's summary, cut to what the form's field takes.
pub fn prefill(summary: &str) -> Prefill<'_> {
    let limit = Field::Summary.limit().unwrap_or(usize::MAX);
    // UTF-16, because that is how a browser counts `max_length`.
    let mut length = 0;
    for (at, character) in summary.char_indices() {
        length += character.len_utf16();
        if length > limit {
            return Prefill::Cut(&summary[..at]);
        }
    }
    Prefill::Whole(summary)
}

/// The teams to choose from, by name, in groups that Slack takes.
pub fn team_choices(roster: &Roster) -> Vec<Vec<&Team>> {
    let mut teams: Vec<&Team> = roster.teams.values().collect();
    teams.sort_by_cached_key(|team| team.name.to_lowercase());
    teams.chunks(GROUP_SIZE).map(<[&Team]>::to_vec).collect()
}

/// Reads a submission: block ids with what was typed or chosen; fields that were left empty are absent or empty.
///
/// # Errors
/// Every problem at once, by the `block_id` of its field.
pub fn read(fields: &BTreeMap<String, String>, roster: &Roster) -> Result<Request, BTreeMap<String, FieldProblem>> {
    let mut problems = BTreeMap::new();
    let mut note = |field: Field, problem| {
        problems.insert(field.block_id().to_owned(), problem);
    };
    let text = |field: Field| typed(fields, field.block_id());

    let team = match text(Field::Team).map(TeamId::new) {
        None => Err(FieldProblem::Missing),
        Some(team) if roster.teams.contains_key(&team) => Ok(team),
        Some(_) => Err(FieldProblem::UnknownTeam),
    }
    .map_err(|problem| note(Field::Team, problem));
    let priority = match text(Field::Priority) {
        None => Err(FieldProblem::Missing),
        Some(text) => text.parse::<Priority>().map_err(|_| FieldProblem::UnknownPriority),
    }
    .map_err(|problem| note(Field::Priority, problem));
    let summary = text(Field::Summary)
        .ok_or(FieldProblem::Missing)
        .and_then(|text| within(Field::Summary, text))
        .map_err(|problem| note(Field::Summary, problem));
    let service = text(Field::Service)
        .map(|text| within(Field::Service, text))
        .transpose()
        .map_err(|problem| note(Field::Service, problem));

    match (team, priority, summary, service) {
        (Ok(team), Ok(priority), Ok(summary), Ok(service)) => Ok(Draft {
            team: None,
            priority,
            summary,
            service,
            to: None,
            // A form has no room to ask back, and whoever fills one in has thought about it.
            alike: Alike::Raise,
        }
        .raise_for(team)),
        _ => Err(problems),
    }
}

/// The draft that the message shortcut opens the form with: the message as people read it, whole; the team it names at its
/// end, or the one whose channel it was written in.
pub fn draft_from_message(text: &str, speaker: &Speaker<'_>) -> Draft {
    super::alert::draft_of_message(text, speaker)
}

/// What was typed into a field, or chosen; none when it is empty.
fn typed(fields: &BTreeMap<String, String>, block: &str) -> Option<String> {
    fields
        .get(block)
        .map(|text| markup::clean(text))
        .filter(|text| !markup::is_blank(text))
        .map(|text| text.trim().to_owned())
}

fn within(field: Field, text: String) -> Result<String, FieldProblem> {
    match field.limit() {
        Some(limit) if text.chars().count() > limit => Err(FieldProblem::TooLong { limit }),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests;

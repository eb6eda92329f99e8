//! What people are reminded of, and when: questions to the state, as every deadline is.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Action, Analysis, Event, Incident, Severity, Status};

/// A kind of reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nag {
    /// Nobody leads it.
    Lead,
    /// Readers have heard nothing for a while.
    Update,
    /// It has been watched for long.
    Monitoring,
    /// Its analysis is due.
    Analysis,
    /// An action is due.
    Action,
}

impl Nag {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Lead, Self::Update, Self::Monitoring, Self::Analysis, Self::Action];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Update => "updates",
            Self::Monitoring => "monitoring",
            Self::Analysis => "postmortem",
            Self::Action => "actions",
        }
    }

    /// The kind of that name.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|nag| nag.word() == word)
    }
}

impl Incident {
    /// When each reminder comes, those that nobody wants left out.
    pub fn due(&self) -> impl Iterator<Item = (DateTime<Utc>, Nag)> + '_ {
        let wanted = Nag::ALL.into_iter().filter(|nag| !self.muted.contains(nag));
        wanted.filter_map(|nag| {
            let due = self.due_of(nag)?;
            let moved = self.snoozed.filter(|(of, _)| *of == nag).map(|(_, until)| until);
            Some((moved.unwrap_or(due), nag))
        })
    }

    fn due_of(&self, nag: Nag) -> Option<DateTime<Utc>> {
        let reminded = self.reminded.get(&nag).copied();
        let since = |begin: DateTime<Utc>| reminded.map_or(begin, |at| at.max(begin));
        match nag {
            Nag::Lead => (self.is_open() && self.lead().is_none()).then(|| since(self.begun()) + self.lead_again()),
            // What is watched is not told about again and again; it has a reminder of its own.
            Nag::Update => (self.is_open() && self.status != Status::Monitoring)
                .then(|| (since(self.begun()) + self.cadence.updates(self.severity)).max(self.after_others())),
            Nag::Monitoring => {
                (self.status == Status::Monitoring).then(|| since(self.status_since) + self.cadence.monitoring())
            }
            Nag::Analysis => match &self.analysis {
                Analysis::Due { by } => Some(reminded.map_or(*by, |at| (at + self.cadence.analysis()).max(*by))),
                Analysis::NotDue | Analysis::Written { .. } | Analysis::Declined { .. } => None,
            },
            Nag::Action => self.actions.iter().filter_map(Action::next_reminder).min(),
        }
    }

    /// Somebody is reminded of what is due: of what they were not reminded of lately, and of all of it when the reminder
    /// was moved.
    pub(super) fn remind_of_actions(&mut self, at: DateTime<Utc>) {
        let moved = self.snoozed.is_some_and(|(of, _)| of == Nag::Action);
        for action in &mut self.actions {
            let is_due = action.is_open() && action.due.is_some_and(|due| due <= at);
            if is_due && (moved || action.next_reminder().is_some_and(|next| next <= at)) {
                action.reminded = Some(at);
            }
        }
    }

    /// What somebody was reminded of last, each with its number.
    pub fn actions_reminded_of(&self) -> impl Iterator<Item = (usize, &Action)> {
        let last = self.reminded.get(&Nag::Action).copied();
        self.open_actions()
            .filter(move |(_, action)| last.is_some() && action.reminded == last)
    }

    /// How long until somebody is asked (again) who leads it: as long as it has been asked for, several times that for
    /// what is not so bad.
    fn lead_again(&self) -> TimeDelta {
        let first = self.cadence.lead();
        let (factor, longest) = if self.severity <= Severity::Sev2 {
            (1, TimeDelta::hours(4))
        } else {
            (5, TimeDelta::hours(24))
        };
        let asked = self.reminded.get(&Nag::Lead).map(|at| *at - self.begun());
        let length = asked.and_then(|length| length.checked_mul(factor));
        length.unwrap_or(first).min(longest).max(first)
    }

    /// Whether it is asked for the first time at this moment who leads it.
    pub fn is_first_without_lead(&self, now: DateTime<Utc>) -> bool {
        now - self.begun() < self.cadence.lead() * 2
    }

    /// Not in the same breath as another reminder.
    fn after_others(&self) -> DateTime<Utc> {
        const APART: TimeDelta = TimeDelta::minutes(5);
        let asked = self.reminded.get(&Nag::Lead).filter(|_| self.lead().is_none());
        asked.map_or(self.declared_at, |at| *at + APART)
    }

    /// When readers heard something last: an update, or how far it has come.
    pub fn heard_at(&self) -> DateTime<Utc> {
        let told = self.updates.last().map(|update| update.at);
        told.into_iter()
            .fold(self.status_since.max(self.declared_at), DateTime::max)
    }

    /// Since when it is open.
    fn begun(&self) -> DateTime<Utc> {
        match self.status {
            Status::Investigating => self.status_since,
            _ => self.declared_at,
        }
    }

    /// When something must happen by itself next.
    pub fn deadline(&self) -> Option<DateTime<Utc>> {
        self.due().map(|(due, _)| due).min()
    }

    /// What somebody has to be reminded of now.
    pub(super) fn tick(&self, now: DateTime<Utc>) -> Vec<Event> {
        let due = || self.due().filter(|(due, _)| *due <= now).map(|(_, of)| of);
        // Where it is worked on one thing at a time is asked; what is asked of one person is asked beside it.
        let is_personal = |of: &Nag| matches!(of, Nag::Analysis | Nag::Action);
        let first = due().find(|of| !is_personal(of));
        let all = first.into_iter().chain(due().filter(is_personal));
        all.map(|of| Event::Reminded { of }).collect()
    }
}

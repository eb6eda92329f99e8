//! What programs report: raised once, counted while it is open, cleared by the one that raised it.
//!
//! A *key* says what is the same thing. While an alert of its key is open, a report counts up and pages nobody again,
//! unless it has become more urgent; shortly after its end, it is reopened; else it is a new alert.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::decide::{Refusal, team_for};
use super::event::{Cause, Event};
use super::paging::{FIRST, page_from};
use super::{Alert, Page};
use crate::domain::actor::Actor;
use crate::domain::ids::TeamId;
use crate::domain::oncall::Staff;
use crate::domain::priority::Priority;

/// How long after its end the same key is the same alert.
pub(in crate::domain) const REOPENED_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// What a program says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What people call the program. Foreign text.
    pub source: String,
    /// The team that answers for it.
    pub team: TeamId,
    /// What the program knows it by; without one, every report is an alert of its own.
    pub key: Option<String>,
    /// What it says.
    pub what: Observation,
}

impl Report {
    /// Its key among those of all teams. It keeps its first team, also when the alert moves to another.
    pub(in crate::domain) fn scoped_key(&self) -> Option<String> {
        self.key.as_ref().map(|key| format!("{}/{key}", self.team))
    }
}

/// What a program sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// Something is wrong.
    Firing(Firing),
    /// It no longer is.
    Cleared {
        /// What becomes of the alert.
        then: AfterClearing,
    },
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// In words.
    pub summary: String,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is about.
    pub service: Option<String>,
    /// What else the program says, by name.
    pub labels: BTreeMap<String, String>,
}

/// What becomes of an alert whose source says that it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterClearing {
    /// It is resolved.
    Resolve,
    /// Whoever has it is told, and decides.
    Tell,
}

/// Raises what a program reports for the first time.
///
/// # Errors
/// When there is no such team, or nothing is said.
pub fn first_report(
    report: &Report,
    firing: &Firing,
    staff: Staff<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let team = team_for(&report.team, &firing.summary, staff.roster)?;
    let mut events = vec![Event::Raised {
        by: Actor::source(&report.source),
        team: team.id.clone(),
        summary: firing.summary.clone(),
        priority: firing.priority,
        service: firing.service.clone(),
        card: team.channel.clone(),
        policy: team.policy.clone(),
        key: report.scoped_key(),
        labels: firing.labels.clone(),
        test: None,
    }];
    if !team.posts_only.contains(&firing.priority) {
        let paged = page_from(Some(FIRST), &team.policy, &team.id, staff, Cause::Raised, now);
        events.extend(paged);
    }
    Ok(events)
}

impl Alert {
    /// Its source says it again.
    pub(in crate::domain) fn repeated(
        &self,
        source: &str,
        priority: Priority,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let by = Actor::source(source);
        if let Page::Ended { .. } = self.page {
            let mut events = vec![Event::Reopened { by }];
            events.extend(self.page_again(Cause::Reopened, staff, now));
            return events;
        }
        let worse = (priority < self.priority).then_some(priority);
        let mut events = vec![Event::Repeated {
            by,
            text: None,
            priority: worse,
        }];
        let posts_only = |priority| {
            let team = staff.teams.get(&self.team);
            team.is_some_and(|team| team.posts_only.contains(&priority))
        };
        // What was only shown and is urgent now wakes somebody.
        if self.page == Page::Quiet && worse.is_some_and(|priority| !posts_only(priority)) {
            events.extend(self.page_from(Some(FIRST), staff, Cause::Worse, now));
        }
        events
    }

    /// Its source says that it is over.
    pub(in crate::domain) fn cleared(&self, source: &str, then: AfterClearing) -> Vec<Event> {
        let by = Actor::source(source);
        if !self.is_open() {
            return Vec::new();
        }
        let mut events = Vec::new();
        if self.cleared_at.is_none() {
            events.push(Event::Cleared { by: by.clone() });
        }
        if then == AfterClearing::Resolve {
            events.push(Event::Resolved { by, because: None });
        }
        events
    }

    /// Whether a report with its key is still about it.
    pub(in crate::domain) fn takes_reports(&self, now: DateTime<Utc>) -> bool {
        match self.page {
            Page::Ended { at, .. } => now - at <= REOPENED_WITHIN,
            _ => true,
        }
    }
}

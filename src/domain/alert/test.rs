//! Tests: a real page about nothing. Whoever answers ends it; when nobody does, it ends by itself and wakes no one else.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::decide::Refusal;
use super::event::{Cause, Event, Test};
use super::holding::person_first;
use super::paging::{FIRST, page_from};
use crate::domain::escalation::Policy;
use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::Staff;
use crate::domain::priority::Priority;

/// What a test says is wrong.
const SUMMARY: &str = "This is only a test";

/// Pages a team, or whoever asks for it.
///
/// # Errors
/// When there is no such team.
pub fn test(by: &UserId, team: Option<&TeamId>, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    let own = || staff.teams.values().find(|team| team.has(by, now));
    let found = match team {
        Some(id) => staff.teams.get(id),
        None => own().or_else(|| staff.teams.values().next()),
    };
    let Some(found) = found else {
        return Err(Refusal::NoSuchTeam {
            team: team.cloned().unwrap_or_else(|| TeamId::new("")),
            summary: SUMMARY.to_owned(),
        });
    };
    let (test, policy) = match team {
        Some(_) => (Test::Team, once(&found.policy)),
        None => (Test::Oneself, person_first(by, &Policy::default())),
    };
    let mut events = vec![Event::Raised {
        by: by.into(),
        team: found.id.clone(),
        summary: SUMMARY.to_owned(),
        priority: Priority::default(),
        service: None,
        card: found.channel.clone(),
        policy: policy.clone(),
        key: None,
        labels: BTreeMap::new(),
        test: Some(test),
    }];
    let paged = page_from(Some(FIRST), &policy, &found.id, staff, Cause::Raised, now);
    events.extend(quietly(Some(test), paged));
    Ok(events)
}

/// The levels, walked once: a test is no reason to wake everybody twice.
fn once(policy: &Policy) -> Policy {
    Policy {
        levels: policy.levels.clone(),
        repeat: 0,
    }
}

/// Where everything else would become loud, a test is over.
pub(super) fn quietly(test: Option<Test>, events: Vec<Event>) -> Vec<Event> {
    let quiet = |event| match event {
        Event::Exhausted { .. } if test.is_some() => Event::Tested { by: None },
        event => event,
    };
    events.into_iter().map(quiet).collect()
}

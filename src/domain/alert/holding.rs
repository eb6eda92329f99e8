//! Who has an alert, and for how long: acknowledged, given back, snoozed, assigned, reopened.

use chrono::{DateTime, TimeDelta, Utc};

use super::decide::Refusal;
use super::event::{Assignee, Cause, Event};
use super::paging::{FIRST, page_from};
use super::{Alert, Page, test};
use crate::domain::escalation::{Level, Policy, Target};
use crate::domain::ids::UserId;
use crate::domain::oncall::Staff;
use crate::domain::rotation::Member;
use crate::domain::team::USUAL_LEASE;

/// How long a person who was assigned an alert has to answer, in seconds.
const PERSON_WAITS: u32 = 10 * 60;

/// The shortest and the longest time for which an alert can be left to somebody, or alone.
const LEAST: TimeDelta = TimeDelta::minutes(1);
const MOST: TimeDelta = TimeDelta::days(7);

fn allowed(asked: TimeDelta) -> Result<(), Refusal> {
    if (LEAST..=MOST).contains(&asked) {
        Ok(())
    } else {
        Err(Refusal::Duration {
            asked,
            least: LEAST,
            most: MOST,
        })
    }
}

/// A policy that pages one person, and then whoever `policy` says.
pub(super) fn person_first(user: &UserId, policy: &Policy) -> Policy {
    let first = Level {
        targets: vec![Target::Person(Member::Known(user.clone()))],
        wait_seconds: PERSON_WAITS,
    };
    Policy {
        levels: std::iter::once(first).chain(policy.levels.iter().cloned()).collect(),
        repeat: policy.repeat,
    }
}

impl Alert {
    /// Somebody takes care of it, for as long as `lease` says, else their team's usual time. Whoever has it already
    /// renews it by naming a time, or by answering when they are asked.
    pub fn acknowledge(
        &self,
        by: &UserId,
        lease: Option<TimeDelta>,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some(lease) = lease {
            allowed(lease)?;
        }
        if self.test.is_some() && self.is_open() {
            return Ok(vec![Event::Tested { by: Some(by.clone()) }]);
        }
        match &self.page {
            Page::Acknowledged { by: holder, asked, .. } if holder == by && lease.is_none() && !asked => {
                return Ok(Vec::new());
            }
            Page::Acknowledged { by: holder, at, .. } if holder != by => {
                return Err(Refusal::AlreadyAcknowledged {
                    id: self.id,
                    by: holder.clone(),
                    at: *at,
                });
            }
            Page::Ended { by, at } => return Err(self.already_resolved(by, *at)),
            Page::Quiet
            | Page::Paging { .. }
            | Page::Exhausted { .. }
            | Page::Acknowledged { .. }
            | Page::Snoozed { .. } => {}
        }
        let usual = staff.teams.get(&self.team).map_or(USUAL_LEASE, |team| team.lease);
        // What paged nobody does not begin to when somebody has looked at it.
        let pages = self.step.is_some() || lease.is_some();
        let until = pages.then(|| now + lease.unwrap_or(usual));
        Ok(vec![Event::Acknowledged { by: by.clone(), until }])
    }

    /// Nobody takes care of it any more: paging starts again.
    pub fn give_back(&self, by: &UserId, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match &self.page {
            Page::Acknowledged { .. } | Page::Snoozed { .. } => {
                let mut events = vec![Event::GivenBack { by: by.clone() }];
                events.extend(self.page_again(Cause::GivenBack, staff, now));
                Ok(events)
            }
            Page::Ended { by, at } => Err(self.already_resolved(by, *at)),
            Page::Quiet | Page::Paging { .. } | Page::Exhausted { .. } => Err(Refusal::NotAcknowledged { id: self.id }),
        }
    }

    /// It is left alone for a while, for a reason; then paging starts again.
    pub fn snooze(
        &self,
        by: &UserId,
        length: TimeDelta,
        because: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        allowed(length)?;
        let because = because.trim();
        if because.is_empty() {
            return Err(Refusal::Empty);
        }
        if let Page::Ended { by, at } = &self.page {
            return Err(self.already_resolved(by, *at));
        }
        Ok(vec![Event::Snoozed {
            by: by.clone(),
            until: now + length,
            because: because.to_owned(),
        }])
    }

    /// Somebody else is paged from now on: a person and then the team's levels, or another team's levels.
    pub fn assign(
        &self,
        by: &UserId,
        to: &Assignee,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        if let Page::Ended { by, at } = &self.page {
            return Err(self.already_resolved(by, *at));
        }
        let (team, policy) = match to {
            Assignee::Team(id) => {
                let team = staff.teams.get(id).ok_or_else(|| Refusal::NoSuchTeam {
                    team: id.clone(),
                    summary: self.summary.clone(),
                })?;
                (&team.id, team.policy.clone())
            }
            Assignee::Person(user) => {
                let own = staff.teams.get(&self.team).map_or(&self.policy, |team| &team.policy);
                (&self.team, person_first(user, own))
            }
        };
        let mut events = vec![Event::Assigned {
            by: by.clone(),
            to: to.clone(),
            policy: policy.clone(),
        }];
        let paged = page_from(Some(FIRST), &policy, team, staff, Cause::Assigned, now);
        events.extend(test::quietly(self.test, paged));
        Ok(events)
    }

    /// It was over, and is not: paging starts again, with the same id.
    pub fn reopen(&self, by: &UserId, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        if self.is_open() {
            return Err(Refusal::StillOpen { id: self.id });
        }
        let mut events = vec![Event::Reopened { by: by.into() }];
        events.extend(self.page_again(Cause::Reopened, staff, now));
        Ok(events)
    }
}

//! What is allowed: a request and an alert make events, or a refusal that says why not.
//!
//! Acting twice is no error: whoever asks for what they already did gets no events and a friendly answer. Acting against
//! somebody else's action is refused by name.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::event::{Cause, Event, Step};
use super::holding::person_first;
use super::paging::{EXHAUSTED_EVERY, FIRST, page_from, step_after};
use super::{Alert, Page, test};
use crate::domain::actor::Actor;
use crate::domain::escalation::Recipient;
use crate::domain::ids::{AlertId, ChannelId, TeamId, UserId};
use crate::domain::incident;
use crate::domain::oncall::{self, Staff};
use crate::domain::permission::{Circle, Deed};
use crate::domain::priority::Priority;
use crate::domain::roster::Roster;
use crate::domain::team::Team;

/// What somebody wants to raise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// The team that is to answer for it.
    pub team: TeamId,
    /// What is wrong.
    pub summary: String,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is about.
    pub service: Option<String>,
    /// Who is to be paged before the team is.
    pub to: Option<UserId>,
    /// What happens when an open alert says nearly the same.
    pub alike: Alike,
}

/// What happens when an open alert says nearly the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// Whoever raises it is asked whether it is the same.
    #[default]
    Ask,
    /// It is raised all the same.
    Raise,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such alert.
    NoSuchAlert {
        /// The id that was asked for.
        id: AlertId,
    },
    /// Something about a run.
    Run(Box<crate::domain::run::Refusal>),
    /// There is no such team (any more).
    NoSuchTeam {
        /// The key that was asked for.
        team: TeamId,
        /// What was to be raised: nothing typed is lost.
        summary: String,
    },
    /// There is nothing to say.
    Empty,
    /// Nearly the same was said a moment ago, and it is open.
    Similar {
        /// The alert that says so.
        id: AlertId,
    },
    /// Who is on call stays as it is.
    OnCall(oncall::Refusal),
    /// An incident stays as it is.
    Incident(incident::Refusal),
    /// Only some people may do this.
    NotAllowed {
        /// What.
        deed: Deed,
        /// Of whose alert.
        team: TeamId,
        /// Who may; guests of the workspace may not where it is anyone.
        who: Circle,
    },
    /// Somebody else was first.
    AlreadyAcknowledged {
        /// The alert.
        id: AlertId,
        /// Who was first.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Nobody takes care of it, so there is nothing to give back.
    NotAcknowledged {
        /// The alert.
        id: AlertId,
    },
    /// It is not over, so there is nothing to reopen.
    StillOpen {
        /// The alert.
        id: AlertId,
    },
    /// Nothing is left alone for so short or so long a time.
    Duration {
        /// The time that was asked for.
        asked: TimeDelta,
        /// The shortest that is allowed.
        least: TimeDelta,
        /// The longest.
        most: TimeDelta,
    },
    /// It is over.
    AlreadyResolved {
        /// The alert.
        id: AlertId,
        /// Who resolved it.
        by: Actor,
        /// When.
        at: DateTime<Utc>,
    },
    /// The level this button was drawn for is no longer the last: somebody else pressed it, or its time was up.
    AlreadyEscalated {
        /// The alert.
        id: AlertId,
        /// Who asked for it; none when nobody had answered in time.
        by: Option<UserId>,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Lateness from which on it is admitted; below it is the ordinary course of things.
const LATE_FROM: TimeDelta = TimeDelta::minutes(1);

/// Admits that what was due at `due` happens only now, when that is worth telling.
pub(super) fn late(due: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Event> {
    if now - due < LATE_FROM {
        Vec::new()
    } else {
        vec![Event::Late { due }]
    }
}

/// Raises an alert and pages the first level.
pub fn raise(by: &UserId, raise: &Raise, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    let team = team_for(&raise.team, &raise.summary, staff.roster)?;
    let policy = match &raise.to {
        Some(user) => person_first(user, &team.policy),
        None => team.policy.clone(),
    };
    let mut events = vec![Event::Raised {
        by: by.into(),
        team: team.id.clone(),
        summary: raise.summary.clone(),
        priority: raise.priority,
        service: raise.service.clone(),
        card: team.channel.clone(),
        policy: policy.clone(),
        key: None,
        labels: BTreeMap::new(),
        test: None,
    }];
    if raise.to.is_some() || !team.posts_only.contains(&raise.priority) {
        events.extend(page_from(Some(FIRST), &policy, &team.id, staff, Cause::Raised, now));
    }
    Ok(events)
}

/// The team that is to answer for something.
pub(super) fn team_for<'r>(team: &TeamId, summary: &str, roster: &'r Roster) -> Result<&'r Team, Refusal> {
    if summary.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    roster.teams.get(team).ok_or_else(|| Refusal::NoSuchTeam {
        team: team.clone(),
        summary: summary.to_owned(),
    })
}

impl Alert {
    /// It is over.
    pub fn resolve(&self, by: &UserId, because: Option<&str>) -> Result<Vec<Event>, Refusal> {
        match &self.page {
            Page::Quiet
            | Page::Paging { .. }
            | Page::Exhausted { .. }
            | Page::Acknowledged { .. }
            | Page::Snoozed { .. } => {
                let because = because
                    .map(str::trim)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned);
                Ok(vec![match self.test {
                    Some(_) => Event::Tested { by: Some(by.clone()) },
                    None => Event::Resolved { by: by.into(), because },
                }])
            }
            Page::Ended { by: first, .. } if first.is(by) => Ok(Vec::new()),
            Page::Ended { by, at } => Err(self.already_resolved(by, *at)),
        }
    }

    /// The next level now. `drawn_for` is how many moments the card showed whose button was pressed: two people who press
    /// the same button skip no level, and who did not see that somebody else acknowledged it wakes nobody.
    pub fn escalate(
        &self,
        by: &UserId,
        drawn_for: Option<u64>,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        if let Page::Ended { by, at } = &self.page {
            return Err(self.already_resolved(by, *at));
        }
        if let Some(refusal) = drawn_for.and_then(|shown| self.overtaken(by, shown)) {
            return Err(refusal);
        }
        let next = match (&self.page, self.step) {
            (Page::Exhausted { .. } | Page::Snoozed { .. }, _) | (_, None) => Some(FIRST),
            // Somebody did answer, so this is not in vain: after the last level it begins again.
            (Page::Acknowledged { .. }, Some(step)) => step_after(step, &self.policy).or(Some(FIRST)),
            (_, Some(step)) => step_after(step, &self.policy),
        };
        let mut events = vec![Event::Escalated { by: by.clone() }];
        events.extend(self.page_from(next, staff, Cause::Asked, now));
        Ok(events)
    }

    /// Somebody writes something down; also when it is over, because that is when people remember.
    pub fn note(&self, by: &UserId, text: &str) -> Result<Vec<Event>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::Empty);
        }
        Ok(vec![Event::Noted {
            by: by.clone(),
            text: text.to_owned(),
        }])
    }

    /// Somebody says the same as it does.
    pub fn join(&self, by: &UserId, text: &str) -> Result<Vec<Event>, Refusal> {
        if let Page::Ended { by, at } = &self.page {
            return Err(self.already_resolved(by, *at));
        }
        Ok(vec![Event::Repeated {
            by: by.into(),
            text: Some(text.trim().to_owned()),
            priority: None,
        }])
    }

    /// What is due at `now`: one step, however late it is, because nobody had a chance to answer the steps between.
    pub fn tick(&self, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        match self.page {
            Page::Paging { due } if due <= now => {
                let mut events = late(due, now);
                events.extend(self.next_level(Cause::NoAnswer, staff, now));
                events
            }
            Page::Exhausted { times, due, .. } if due <= now => {
                let mut events = late(due, now);
                events.push(Event::Exhausted {
                    times: times.saturating_add(1),
                    due: now + EXHAUSTED_EVERY,
                });
                events
            }
            Page::Acknowledged {
                ref by,
                until: Some(until),
                ..
            } if until <= now => {
                let mut events = late(until, now);
                events.push(Event::LeaseEnded { holder: by.clone() });
                events.extend(self.page_again(Cause::LeaseEnded, staff, now));
                events
            }
            Page::Acknowledged {
                ref by,
                until: Some(until),
                ..
            } if self.deadline().is_some_and(|due| due <= now) => {
                vec![Event::HolderAsked {
                    holder: by.clone(),
                    until,
                }]
            }
            Page::Snoozed { until, .. } if until <= now => {
                let mut events = late(until, now);
                events.push(Event::SnoozeEnded);
                events.extend(self.page_again(Cause::SnoozeEnded, staff, now));
                events
            }
            Page::Quiet
            | Page::Paging { .. }
            | Page::Exhausted { .. }
            | Page::Acknowledged { .. }
            | Page::Snoozed { .. }
            | Page::Ended { .. } => Vec::new(),
        }
    }

    /// A page of this step did not get through: when nobody else of the step was reached, the next one follows at once.
    pub fn page_refused(
        &self,
        to: &Recipient,
        step: Step,
        code: &str,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let mut events = vec![Event::PageRefused {
            to: to.clone(),
            step,
            code: code.to_owned(),
        }];
        let others = self.reached.iter().any(|who| who != to);
        if matches!(self.page, Page::Paging { .. }) && self.step == Some(step) && !others {
            events.extend(self.next_level(Cause::NobodyReached, staff, now));
        }
        events
    }

    /// The card could not be posted in its channel: it goes to the fallback channel, unless that is where it was.
    pub fn card_refused(&self, channel: &ChannelId, code: &str, staff: Staff<'_>) -> Vec<Event> {
        let instead = (*channel != staff.fallback).then(|| staff.fallback.clone());
        vec![Event::CardRefused {
            channel: channel.clone(),
            code: code.to_owned(),
            instead,
        }]
    }

    /// A page that had been decided at `queued` was still not sent when the bot started: it is late.
    pub fn unsent(&self, queued: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Event> {
        match self.page {
            Page::Paging { .. } | Page::Exhausted { .. } => late(queued, now),
            Page::Quiet | Page::Acknowledged { .. } | Page::Snoozed { .. } | Page::Ended { .. } => Vec::new(),
        }
    }

    /// From the first level on, unless it never paged anybody.
    pub(super) fn page_again(&self, because: Cause, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        if self.step.is_none() {
            return Vec::new();
        }
        self.page_from(Some(FIRST), staff, because, now)
    }

    /// From a step of its policy on. A test that reaches nobody is over; anything else becomes loud.
    pub(super) fn page_from(
        &self,
        from: Option<Step>,
        staff: Staff<'_>,
        because: Cause,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let events = page_from(from, &self.policy, &self.team, staff, because, now);
        test::quietly(self.test, events)
    }

    fn next_level(&self, because: Cause, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        let next = self.step.map_or(Some(FIRST), |step| step_after(step, &self.policy));
        self.page_from(next, staff, because, now)
    }

    /// The refusal for `by`, whose button showed the first `shown` moments and not what came after: a level that was
    /// paged since, or somebody else's acknowledgement. The newest of them is the news.
    fn overtaken(&self, by: &UserId, shown: u64) -> Option<Refusal> {
        let unseen = self.timeline.iter().skip(usize::try_from(shown).ok()?);
        let mut asked = None;
        let mut news = None;
        for moment in unseen {
            let at = moment.at;
            match &moment.what {
                Event::Escalated { by } => asked = Some((by, at)),
                // Said again is no news: the levels are where they were.
                Event::Exhausted { times, .. } if *times > 1 => {}
                Event::Paged {
                    because: Cause::TookOver,
                    ..
                } => {}
                Event::Paged { .. } | Event::Exhausted { .. } => {
                    news = Some(Refusal::AlreadyEscalated {
                        id: self.id,
                        // Whoever asked was paged for in the same moment.
                        by: asked.filter(|(_, then)| *then == at).map(|(by, _)| by.clone()),
                        at,
                    });
                }
                Event::Acknowledged { by: holder, .. } if holder != by => {
                    news = Some(Refusal::AlreadyAcknowledged {
                        id: self.id,
                        by: holder.clone(),
                        at,
                    });
                }
                _ => {}
            }
        }
        news
    }

    pub(super) fn already_resolved(&self, by: &Actor, at: DateTime<Utc>) -> Refusal {
        Refusal::AlreadyResolved {
            id: self.id,
            by: by.clone(),
            at,
        }
    }
}

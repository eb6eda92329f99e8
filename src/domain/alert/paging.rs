//! Who a level reaches now, and what follows when it is over.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{Cause, Event, Missed, Paged, Reason, Step};
use super::{Alert, Page};
use crate::domain::escalation::{Level, Policy, Recipient, Target};
use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::{Because, Staff};
use crate::domain::roster::Standing;
use crate::domain::rotation::Member;

/// How long until an exhausted page is said again.
pub(super) const EXHAUSTED_EVERY: TimeDelta = TimeDelta::minutes(30);

/// Pages the steps from `from` on until one reaches somebody; when a whole walk through the levels reaches nobody, or
/// the policy is over, the page is exhausted.
pub(super) fn page_from(
    from: Option<Step>,
    policy: &Policy,
    team: &TeamId,
    staff: Staff<'_>,
    mut because: Cause,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let mut events = Vec::new();
    let mut next = from;
    for _ in 0..policy.levels.len() {
        let Some((step, level)) = next.and_then(|step| Some((step, policy.levels.get(step.level)?))) else {
            break;
        };
        let (to, missed) = resolve(level, team, staff, now);
        let reached = !to.is_empty();
        events.push(Event::Paged {
            step,
            to,
            missed,
            because,
            due: now + level.wait(),
        });
        if reached {
            return events;
        }
        because = Cause::NobodyReached;
        next = step_after(step, policy);
    }
    events.push(Event::Exhausted {
        times: 1,
        due: now + EXHAUSTED_EVERY,
    });
    events
}

impl Alert {
    /// Pages whoever has come on call in one of these rotations while the level that was paged has time to answer: the
    /// one before them may be asleep by now.
    pub fn taken_over(&self, changed: &[(&TeamId, &str)], staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        let (Page::Paging { due }, Some(step)) = (&self.page, self.step) else {
            return Vec::new();
        };
        let Some(level) = self.policy.levels.get(step.level) else {
            return Vec::new();
        };
        let is_new = |paged: &Paged| match &paged.because {
            Reason::OnCall { rotation, team } => {
                changed.contains(&(team, rotation)) && !self.reached.contains(&paged.who)
            }
            Reason::Named => false,
        };
        let (to, _) = resolve(level, &self.team, staff, now);
        let to: Vec<Paged> = to.into_iter().filter(is_new).collect();
        if to.is_empty() {
            return Vec::new();
        }
        vec![Event::Paged {
            step,
            to,
            missed: Vec::new(),
            because: Cause::TookOver,
            due: *due,
        }]
    }
}

/// The first step of a policy.
pub(super) const FIRST: Step = Step { level: 0, round: 0 };

/// The step that follows; none when the policy is over.
pub(super) fn step_after(step: Step, policy: &Policy) -> Option<Step> {
    if step.level + 1 < policy.levels.len() {
        Some(Step {
            level: step.level + 1,
            ..step
        })
    } else if step.round < policy.repeat {
        Some(Step {
            level: 0,
            round: step.round + 1,
        })
    } else {
        None
    }
}

/// Whom a level reaches now.
pub fn reached(level: &Level, team: &TeamId, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Recipient> {
    let (to, _) = resolve(level, team, staff, now);
    to.into_iter().map(|paged| paged.who).collect()
}

/// Who is to be paged by `level` now: everybody once, with the reason they are.
fn resolve(level: &Level, team: &TeamId, staff: Staff<'_>, now: DateTime<Utc>) -> (Vec<Paged>, Vec<Missed>) {
    let mut found = Found {
        staff,
        now,
        to: Vec::new(),
        missed: Vec::new(),
        asked: BTreeSet::new(),
    };
    found.targets(&level.targets, team, &mut vec![team.clone()]);
    (found.to, found.missed)
}

/// The people a team's first level pages now.
pub fn on_call(team: &TeamId, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<UserId> {
    let known = staff.roster.teams.get(team);
    let Some(level) = known.and_then(|team| team.policy.levels.first()) else {
        return Vec::new();
    };
    let (to, _) = resolve(level, team, staff, now);
    let people = to.into_iter().filter_map(|paged| match paged.who {
        Recipient::Person(user) => Some(user),
        Recipient::Channel(_) => None,
    });
    people.collect()
}

struct Found<'a> {
    staff: Staff<'a>,
    now: DateTime<Utc>,
    to: Vec<Paged>,
    missed: Vec<Missed>,
    /// Other teams whose people are in already, so that each is asked once however many teams page it.
    asked: BTreeSet<TeamId>,
}

impl Found<'_> {
    /// `way` holds the teams on the way here: two teams that page each other end there.
    fn targets(&mut self, targets: &[Target], team: &TeamId, way: &mut Vec<TeamId>) {
        for target in targets {
            match target {
                Target::Person(member) => self.member(member, Reason::Named),
                Target::Channel(Ok(channel)) => self.reach(Recipient::Channel(channel.clone()), Reason::Named),
                Target::Channel(Err(name)) => self.missed.push(Missed::UnknownChannel { name: name.clone() }),
                Target::Rotation(name) => self.rotation(name, team),
                Target::Team(other) => self.team(other, way),
            }
        }
    }

    fn team(&mut self, team: &TeamId, way: &mut Vec<TeamId>) {
        let staff = self.staff;
        let first = staff.roster.teams.get(team).and_then(|team| team.policy.levels.first());
        match first.filter(|_| !way.contains(team)) {
            Some(level) => {
                if self.asked.insert(team.clone()) {
                    way.push(team.clone());
                    self.targets(&level.targets, team, way);
                    way.pop();
                }
            }
            None => self.missed.push(Missed::NoSuchTeam { team: team.clone() }),
        }
    }

    fn rotation(&mut self, name: &str, team: &TeamId) {
        let rotation = name.to_owned();
        let staff = self.staff;
        let Some(found) = staff.roster.teams.get(team).and_then(|team| team.rotation(name)) else {
            self.missed.push(Missed::NoSuchRotation { rotation });
            return;
        };
        let now = staff.who(team, found, self.now);
        match now.who {
            Some(member) => self.member(
                &member,
                Reason::OnCall {
                    rotation,
                    team: team.clone(),
                },
            ),
            None => self.missed.push(match now.because.last() {
                Some(Because::OutOfHours { .. }) => Missed::OutOfHours { rotation },
                Some(Because::Unavailable { who, until, .. }) => Missed::Unavailable {
                    user: who.clone(),
                    until: *until,
                },
                _ => Missed::NobodyOnCall { rotation },
            }),
        }
    }

    fn member(&mut self, member: &Member, because: Reason) {
        match member {
            Member::Unknown(name) => self.missed.push(Missed::UnknownPerson { name: name.clone() }),
            Member::Known(user) => self.user(user, because),
        }
    }

    fn user(&mut self, user: &UserId, because: Reason) {
        let standing = self.staff.people.get(user).map(|person| person.standing);
        match standing {
            // An id the directory has not seen may be somebody new: trying is better than not.
            Some(Standing::Active | Standing::Guest) | None => self.reach(Recipient::Person(user.clone()), because),
            Some(Standing::Deactivated) => self.missed.push(Missed::Deactivated { user: user.clone() }),
            Some(Standing::Bot) => self.missed.push(Missed::Bot { user: user.clone() }),
        }
    }

    fn reach(&mut self, who: Recipient, because: Reason) {
        if self.to.iter().all(|paged| paged.who != who) {
            self.to.push(Paged { who, because });
        }
    }
}

//! Who is on call: rotations, and what people agreed on instead.
//!
//! A rotation is configuration; an [`Override`] is state: for an interval somebody else takes a rotation's place. A *cover*
//! is an override that somebody asked for and somebody took, a *swap* is two that belong together. Where two overlap, the
//! newer one holds: whoever made it saw the older one. A *freeze* is configuration that replaces a team's rotations for an
//! interval; overrides hold before it. Whoever has a shift may be *unavailable* for a time: it stays theirs, and pages pass
//! to the next level.
//!
//! [`who`](Staff::who) is a pure function of the rotation, the overrides and an instant, and says why.

mod decide;
mod duties;
mod event;
mod gap;
mod levels;
mod refusal;
mod slot;
mod watch;
mod who;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use decide::Ask;
pub use duties::{Answer, How, Occasion, Round, Task, TaskRef};
pub use event::Event;
pub use gap::{Gap, Notice, Told};
pub use refusal::Refusal;
pub use slot::Slot;
pub use watch::{Event as WatchEvent, Note, Watch, Watches};
pub use who::{Because, By, OnCall, Stint};

use super::ids::{MessageRef, OverrideId, TeamId, UserId};
use super::roster::Roster;

/// How long an override that is over stays in memory.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Somebody in somebody else's place, or the wish for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Its id.
    pub id: OverrideId,
    /// What it is.
    pub kind: Kind,
    /// Who made it, or asked for it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// For which times, of which rotations.
    pub parts: Vec<Part>,
    /// How it stands.
    pub standing: Standing,
    /// Messages that ask for it.
    pub asks: Vec<MessageRef>,
}

/// What an override is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody said who.
    Override,
    /// Somebody took it.
    Take,
    /// Somebody asked others to take it.
    Cover {
        /// Who was asked.
        asked: Vec<UserId>,
    },
    /// Two people give each other a shift.
    Swap {
        /// The other one.
        with: UserId,
    },
    /// Whoever has it cannot be paged: its parts have nobody.
    Unavailable,
}

/// One rotation for one interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Whose rotation.
    pub team: TeamId,
    /// Its name.
    pub rotation: String,
    /// Who is on call; of a cover, whoever takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<UserId>,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Up to, but not including.
    pub until: DateTime<Utc>,
}

/// How an override stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Somebody has yet to agree.
    Asked,
    /// It holds.
    Agreed,
    /// It does not hold any more, or never did.
    Off,
}

impl Override {
    /// When its first part begins.
    pub fn from(&self) -> DateTime<Utc> {
        self.parts.iter().map(|part| part.from).min().unwrap_or(self.at)
    }

    /// When its last part ends.
    pub fn until(&self) -> DateTime<Utc> {
        self.parts.iter().map(|part| part.until).max().unwrap_or(self.at)
    }

    /// Whether somebody has something to do with it.
    pub fn concerns(&self, user: &UserId) -> bool {
        let is_other = matches!(&self.kind, Kind::Swap { with } if with == user);
        self.by == *user || is_other || self.parts.iter().any(|part| part.who.as_ref() == Some(user))
    }

    /// When something must happen by itself: what nobody agreed to before it begins is off; what was asked for at once can
    /// be agreed to until it is over; whoever was unavailable is told when they no longer are.
    fn deadline(&self) -> Option<DateTime<Utc>> {
        if self.kind == Kind::Unavailable && self.standing == Standing::Agreed {
            return Some(self.until());
        }
        let from = self.from();
        let last = if from > self.at { from } else { self.until() };
        (self.standing == Standing::Asked).then_some(last)
    }
}

/// All overrides in memory: those to come, those that hold, and those that ended a moment ago.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    all: BTreeMap<OverrideId, Override>,
    /// By rotation, so that a page looks at few.
    of: BTreeMap<(TeamId, String), BTreeSet<OverrideId>>,
    last: u64,
}

impl Overrides {
    /// An empty collection whose next id follows `last`.
    pub fn after(last: u64) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// One of them.
    pub fn get(&self, id: OverrideId) -> Option<&Override> {
        self.all.get(&id)
    }

    /// Each of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Override> {
        self.all.values()
    }

    /// The highest id ever given; 0 before the first.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The parts that hold for a rotation, the newest override first.
    pub fn holding<'o>(&'o self, team: &TeamId, rotation: &str) -> impl Iterator<Item = (&'o Override, &'o Part)> {
        let key = (team.clone(), rotation.to_owned());
        let ids = self.of.get(&key).into_iter().flatten().rev();
        let agreed = ids
            .filter_map(|id| self.all.get(id))
            .filter(|it| it.standing == Standing::Agreed);
        agreed.flat_map(move |it| {
            let key = key.clone();
            let own = it
                .parts
                .iter()
                .filter(move |part| part.team == key.0 && part.rotation == key.1);
            own.map(move |part| (it, part))
        })
    }

    /// For which times somebody has said that they are unavailable, and it is not over.
    pub fn unavailable(&self, who: &UserId, now: DateTime<Utc>) -> impl Iterator<Item = &Override> {
        let is_theirs = move |it: &&Override| {
            it.kind == Kind::Unavailable && it.standing == Standing::Agreed && it.by == *who && it.until() > now
        };
        self.all.values().filter(is_theirs)
    }

    /// When something must happen by itself next.
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.all.values().filter_map(Override::deadline).min()
    }

    /// What nobody agreed to in time, and what is over.
    pub fn overdue(&self, now: DateTime<Utc>) -> Vec<(OverrideId, Event)> {
        let due = self
            .all
            .values()
            .filter(|it| it.deadline().is_some_and(|due| due <= now));
        let what = |it: &Override| match it.standing {
            Standing::Agreed => Event::Ended,
            Standing::Asked | Standing::Off => Event::Lapsed,
        };
        due.map(|it| (it.id, what(it))).collect()
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing.
    pub fn apply(&mut self, id: OverrideId, event: &Event, at: DateTime<Utc>) {
        self.last = self.last.max(id.0);
        match self.all.remove(&id) {
            Some(mut known) => {
                self.unfile(&known);
                known.apply(event, at);
                self.file(known);
            }
            None => {
                if let Some(new) = Override::begin(id, event, at) {
                    self.file(new);
                }
            }
        }
    }

    /// Takes one in, as a snapshot or the archive kept it.
    pub fn recall(&mut self, known: Override) {
        self.last = self.last.max(known.id.0);
        if let Some(before) = self.all.remove(&known.id) {
            self.unfile(&before);
        }
        self.file(known);
    }

    /// Those that need not stay in memory.
    pub fn retirable(&self, now: DateTime<Utc>) -> Vec<OverrideId> {
        let over = |it: &&Override| now - it.until() >= KEPT;
        self.all.values().filter(over).map(|it| it.id).collect()
    }

    /// Lets one go, for the archive.
    pub fn retire(&mut self, id: OverrideId) -> Option<Override> {
        let known = self.all.remove(&id)?;
        self.unfile(&known);
        Some(known)
    }

    fn file(&mut self, known: Override) {
        for part in &known.parts {
            let key = (part.team.clone(), part.rotation.clone());
            self.of.entry(key).or_default().insert(known.id);
        }
        self.all.insert(known.id, known);
    }

    fn unfile(&mut self, known: &Override) {
        for part in &known.parts {
            let key = (part.team.clone(), part.rotation.clone());
            if let Some(ids) = self.of.get_mut(&key) {
                ids.remove(&known.id);
                if ids.is_empty() {
                    self.of.remove(&key);
                }
            }
        }
    }
}

/// The roster, and what people agreed on instead of it: all it takes to say who is on call.
#[derive(Debug, Clone, Copy)]
pub struct Staff<'a> {
    /// Who is who.
    pub roster: &'a Roster,
    /// What people agreed on.
    pub overrides: &'a Overrides,
}

impl std::ops::Deref for Staff<'_> {
    type Target = Roster;

    fn deref(&self) -> &Roster {
        self.roster
    }
}

#[cfg(test)]
mod tests;

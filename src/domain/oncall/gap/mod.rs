//! Gaps ahead: times in which a level that depends on rotations has nobody, though nobody meant it.
//!
//! A level is empty while every rotation it pages has nobody on call; a level that names a person, a channel or another
//! team never is. An empty level is **meant**, and nobody is warned about it,
//! - where hours or a freeze say so and a later level has somebody: that is what the later level is for;
//! - where hours alone say so and it was the same a week before, at the same time on the wall: that is the plan, and
//!   `/oncall check` tells whoever asks.
//!
//! Everything else is a gap: hours in two zones that a clock change tears apart, a freeze with nobody and no level after it.
//! The team's channel is warned a week before and a day before, once each; what was told is kept in the watch over the
//! team's first rotation. A warning of a week before names the gaps of the week after it too, so that what comes every day
//! is one message.
//!
//! Who is unavailable for a while has said so in the channel, and leaves no gap here.
//!
//! Looking takes a walk over the coming weeks, so only levels that can have a gap at all are looked at, once a day and
//! whenever the configuration or an override changes.

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::watch::Event;
use super::{Because, OnCall, Staff, Watch, Watches};
use crate::domain::escalation::{Level, Target};
use crate::domain::ids::WatchId;
use crate::domain::rotation::{Rotation, first_moment};
use crate::domain::team::Team;

/// How long before a gap the first warning is, and the last.
const WEEK: TimeDelta = TimeDelta::days(7);
const DAY: TimeDelta = TimeDelta::days(1);
/// How far ahead gaps are looked for, and no gap is followed further.
const AHEAD: TimeDelta = TimeDelta::days(15);
const LONGEST: TimeDelta = TimeDelta::days(400);
/// More steps than a few weeks of any hours take; a bound.
const STEPS: usize = 5_000;
/// How many told gaps a watch remembers; those that are over are forgotten first.
const REMEMBERED: usize = 200;

/// A level that nobody has for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Which level, the first is 0.
    pub level: usize,
    /// The rotations it pages.
    pub rotations: Vec<String>,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Up to, but not including.
    pub until: DateTime<Utc>,
    /// The next level that has somebody then; the fallback channel when none has.
    pub then: Option<usize>,
}

/// How long before a gap a warning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A week.
    Week,
    /// A day.
    Day,
}

/// A gap that the team's channel was warned about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which level, the first is 0.
    pub level: usize,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Up to, but not including.
    pub until: DateTime<Utc>,
    /// The last warning about it.
    pub notice: Notice,
}

impl Watch {
    /// Remembers a warning, and forgets those about what is over.
    pub(super) fn remember(&mut self, told: Told, at: DateTime<Utc>) {
        self.gaps_told.retain(|known| known.until > at);
        if self.gaps_told.len() >= REMEMBERED {
            self.gaps_told.remove(0);
        }
        self.gaps_told.push(told);
    }

    /// Whether somebody was warned about a gap, or about a longer one around it.
    fn has_told(&self, gap: &Gap, notice: Notice) -> bool {
        self.gaps_told.iter().any(|told| {
            let is_late_enough = told.notice == notice || told.notice == Notice::Day;
            is_late_enough && told.level == gap.level && told.from <= gap.from && gap.until <= told.until
        })
    }
}

impl Watches {
    /// The warnings that are due.
    pub fn warnings(&self, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<(WatchId, Event)> {
        let mut warnings = Vec::new();
        for (team, watch) in self.of_teams(staff) {
            let gaps = staff.gaps(team, now, now + AHEAD);
            let mut due: Vec<(Gap, Notice)> = Vec::new();
            for gap in gaps.into_iter().filter(|gap| gap.from > now) {
                let is_told_with_another = due.first().is_some_and(|(first, _)| gap.from - first.from <= WEEK);
                let notice = if gap.from - now <= DAY {
                    Notice::Day
                } else {
                    Notice::Week
                };
                let is_due = gap.from - now <= WEEK || is_told_with_another;
                if is_due && !watch.has_told(&gap, notice) {
                    due.push((gap, notice));
                }
            }
            warnings.extend(due.into_iter().map(|(gap, notice)| (watch.id, warning(gap, notice))));
        }
        warnings
    }

    /// When to look for gaps again; never when there can be none.
    pub fn next_look(&self, staff: Staff<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let dues = self.of_teams(staff).flat_map(|(team, _)| {
            let gaps = staff.gaps(team, now, now + AHEAD).into_iter();
            let warned = gaps.flat_map(|gap| [gap.from - WEEK, gap.from - DAY]);
            warned.filter(|due| *due > now).chain([now + DAY]).collect::<Vec<_>>()
        });
        dues.min()
    }

    /// The teams that can have gaps, each with the watch that remembers what was told.
    fn of_teams<'a>(&'a self, staff: Staff<'a>) -> impl Iterator<Item = (&'a Team, &'a Watch)> {
        let teams = staff.roster.teams.values();
        let doubtful = teams.filter(|team| (0..team.policy.levels.len()).any(|level| doubtful(team, level)));
        doubtful.filter_map(move |team| {
            let first = team.rotations.first()?;
            Some((team, self.of(&team.id, &first.name)?))
        })
    }
}

fn warning(gap: Gap, notice: Notice) -> Event {
    Event::GapAhead {
        level: gap.level,
        rotations: gap.rotations,
        from: gap.from,
        until: gap.until,
        then: gap.then,
        notice,
    }
}

/// The rotations of a level that pages nothing else; none where it does.
fn only_rotations<'t>(team: &'t Team, level: &Level) -> Option<Vec<&'t Rotation>> {
    let rotations = level.targets.iter().map(|target| match target {
        Target::Rotation(name) => team.rotation(name),
        Target::Person(_) | Target::Channel(_) | Target::Team(_) => None,
    });
    rotations
        .collect::<Option<Vec<_>>>()
        .filter(|rotations| !rotations.is_empty())
}

/// Whether only its hours can leave a rotation without anybody, once it has begun.
fn is_empty_by_hours_alone(rotation: &Rotation) -> bool {
    !rotation.members.is_empty() && rotation.freezes.iter().all(|freeze| freeze.who.is_some())
}

/// Whether a level can have a gap at all, without looking at any time but the beginning of its rotations.
fn doubtful(team: &Team, level: usize) -> bool {
    let Some(rotations) = team
        .policy
        .levels
        .get(level)
        .and_then(|level| only_rotations(team, level))
    else {
        return false;
    };
    if rotations.iter().any(|rotation| is_always_there(rotation)) {
        return false;
    }
    if !rotations.iter().all(|rotation| is_empty_by_hours_alone(rotation)) {
        return true;
    }
    let later = &team.policy.levels[level + 1..];
    let is_covered = later.iter().any(|level| {
        only_rotations(team, level).is_none_or(|rotations| rotations.iter().any(|rotation| is_always_there(rotation)))
    });
    // In one zone the hours of every week are the same.
    !is_covered && rotations.iter().any(|rotation| rotation.zone != rotations[0].zone)
}

/// Whether somebody has a rotation at every moment, once it has begun.
fn is_always_there(rotation: &Rotation) -> bool {
    rotation.hours.is_empty() && is_empty_by_hours_alone(rotation)
}

impl Staff<'_> {
    /// The gaps of a team that begin between two instants, or hold at the first; each to its end.
    pub fn gaps(&self, team: &Team, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Gap> {
        let levels = 0..team.policy.levels.len();
        let mut gaps: Vec<Gap> = levels
            .filter(|level| doubtful(team, *level))
            .flat_map(|level| self.gaps_of(team, level, from, to))
            .collect();
        gaps.sort_by_key(|gap| (gap.from, gap.level));
        gaps
    }

    fn gaps_of(&self, team: &Team, level: usize, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Gap> {
        let Some(rotations) = team
            .policy
            .levels
            .get(level)
            .and_then(|level| only_rotations(team, level))
        else {
            return Vec::new();
        };
        let mut gaps: Vec<Gap> = Vec::new();
        let mut at = from;
        for _ in 0..STEPS {
            let goes_on = gaps.last().is_some_and(|last| last.until == at);
            if at >= to && !goes_on || at >= to + LONGEST {
                break;
            }
            let now = self.moment(team, level, &rotations, at);
            let until = now.until.unwrap_or(to + LONGEST);
            if let Moment { is_gap: true, then, .. } = now {
                match gaps.last_mut() {
                    Some(last) if last.until == at && last.then == then => last.until = until,
                    _ if at < to => gaps.push(Gap {
                        level,
                        rotations: rotations.iter().map(|rotation| rotation.name.clone()).collect(),
                        from: at,
                        until,
                        then,
                    }),
                    _ => break,
                }
            }
            at = until;
        }
        gaps
    }

    /// How a level stands at an instant.
    fn moment(&self, team: &Team, level: usize, rotations: &[&Rotation], at: DateTime<Utc>) -> Moment {
        let found: Vec<OnCall> = rotations
            .iter()
            .map(|rotation| self.holder(&team.id, rotation, at))
            .collect();
        let until = found.iter().filter_map(|found| found.until).min();
        if found.iter().any(|found| found.who.is_some()) {
            return Moment {
                is_gap: false,
                then: None,
                until,
            };
        }
        let (then, changes) = self.level_after(team, level, at);
        let mut until = until.into_iter().chain(changes).min();
        let said_by = |found: &OnCall, and_freezes: bool| match found.because.last() {
            Some(Because::OutOfHours { .. }) => true,
            Some(Because::Freeze { .. }) => and_freezes,
            _ => false,
        };
        let is_covered = then.is_some() && found.iter().all(|found| said_by(found, true));
        let mut is_meant = is_covered;
        if !is_covered && found.iter().all(|found| said_by(found, false)) {
            let (was_same, changes) = week_before(rotations, at);
            until = until.into_iter().chain(changes).min();
            is_meant = was_same;
        }
        Moment {
            is_gap: !is_meant,
            then,
            until,
        }
    }

    /// The next level that has somebody at an instant, and until when that is certain.
    fn level_after(&self, team: &Team, level: usize, at: DateTime<Utc>) -> (Option<usize>, Option<DateTime<Utc>>) {
        let mut until: Option<DateTime<Utc>> = None;
        for (number, later) in team.policy.levels.iter().enumerate().skip(level + 1) {
            let Some(rotations) = only_rotations(team, later) else {
                return (Some(number), until);
            };
            for rotation in rotations {
                let found = self.holder(&team.id, rotation, at);
                until = until.into_iter().chain(found.until).min();
                if found.who.is_some() {
                    return (Some(number), until);
                }
            }
        }
        (None, until)
    }
}

/// How a level stands at an instant, and until when.
struct Moment {
    is_gap: bool,
    then: Option<usize>,
    until: Option<DateTime<Utc>>,
}

/// Whether it was out of the hours of all rotations a week before at the same time on the wall, and until when that says
/// something about now.
fn week_before(rotations: &[&Rotation], at: DateTime<Utc>) -> (bool, Option<DateTime<Utc>>) {
    let Some(zone) = rotations.first().map(|rotation| rotation.zone) else {
        return (false, None);
    };
    let Some(before) = moved(zone, at, false) else {
        return (false, None);
    };
    let hours: Vec<_> = rotations.iter().map(|rotation| rotation.hours_at(before)).collect();
    let changes = hours.iter().filter_map(|(_, change)| moved(zone, (*change)?, true));
    let until = changes.filter(|change| *change > at).min();
    (hours.iter().all(|(is_in, _)| !is_in), until)
}

/// A week later or earlier on the wall clock.
fn moved(zone: Tz, at: DateTime<Utc>, later: bool) -> Option<DateTime<Utc>> {
    let wall = at.with_timezone(&zone).naive_local();
    let week = Days::new(7);
    let wall = if later {
        wall.checked_add_days(week)
    } else {
        wall.checked_sub_days(week)
    };
    first_moment(zone, wall?)
}

#[cfg(test)]
mod tests;

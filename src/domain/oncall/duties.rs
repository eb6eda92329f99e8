//! The duties of a shift: asked for at each handoff and each day, answered by whoever has the shift, and left to the next
//! one where nobody did.
//!
//! A *round* is one asking: a message with a button for each duty. The next round takes its place, so an older message is
//! recognised by its number. What is asked for is written into the events; a duty that is no longer in the configuration
//! is neither asked for again nor left to anybody.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::watch::{Event, Note, Watch, Watches};
use super::{Refusal, Staff};
use crate::domain::duty::Duty;
use crate::domain::ids::{MessageRef, UserId, WatchId};
use crate::domain::roster::Standing;
use crate::domain::rotation::{Member, Rotation};
use crate::domain::team::Team;

/// One asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Counted from 1 for each rotation.
    pub number: u64,
    /// Who is asked.
    pub who: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why now.
    pub occasion: Occasion,
    /// When the turn of the rotation began in which it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<DateTime<Utc>>,
    /// What is asked for.
    pub tasks: Vec<Task>,
    /// What was left for whoever took over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The message that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageRef>,
    /// Whether the shift passed to somebody else.
    #[serde(default)]
    pub is_over: bool,
}

/// Why duties are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Somebody took over.
    Handoff,
    /// It is the time of day.
    Daily,
}

/// A duty, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What.
    pub text: String,
    /// Where, or how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Since when.
    pub asked: DateTime<Utc>,
    /// Who had it before and did not get to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_by: Option<UserId>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// What became of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub how: How,
}

/// How a duty can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is done.
    Done,
    /// It is not done, and need not be.
    NotToday,
}

/// A duty of a round, as a button names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskRef {
    /// The rotation's watch.
    pub of: WatchId,
    /// The number of the round.
    pub round: u64,
    /// Which of its tasks, counted from 0.
    pub task: usize,
}

impl Task {
    fn new(duty: &Duty, asked: DateTime<Utc>) -> Self {
        Self {
            text: duty.text.clone(),
            link: duty.link.clone(),
            asked,
            left_by: None,
            answer: None,
        }
    }

    /// Whether nobody has answered it.
    pub fn is_open(&self) -> bool {
        self.answer.is_none()
    }
}

impl Round {
    fn task_of(&self, duty: &Duty) -> Option<&Task> {
        self.tasks.iter().find(|task| task.text == duty.text)
    }

    /// What nobody has answered.
    pub fn open(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.is_open())
    }
}

impl Watch {
    /// The newest round, also of a shift that is over.
    fn latest(&self) -> Option<&Round> {
        self.round.as_ref().or(self.past.as_ref())
    }

    /// Asks whoever takes over for everything; what stays within the turn of the rotation, such as a cover of two hours,
    /// is not asked for again.
    pub(super) fn ask_next(
        &self,
        to: Option<&Member>,
        staff: Staff<'_>,
        (team, rotation): (&Team, &Rotation),
        now: DateTime<Utc>,
    ) -> Option<Event> {
        let who = told(to?, staff)?;
        let zone = staff.zone_of(who);
        let turn = turn_at(rotation, now);
        let before = self.latest();
        let goes_on = before.is_some_and(|before| before.turn.is_some() && before.turn == turn);
        let tasks = team.duties_of(&rotation.name).map(|duty| {
            let known = before.and_then(|before| Some((before, before.task_of(duty)?)));
            let Some((before, known)) = known else {
                return Task::new(duty, now);
            };
            let is_due = duty.again(known.asked, zone, now).is_some_and(|again| again <= now);
            let mut task = if goes_on && !is_due {
                known.clone()
            } else {
                Task::new(duty, now)
            };
            if known.is_open() && before.who != *who {
                task.left_by = Some(before.who.clone());
            } else if task.left_by.as_ref() == Some(who) {
                task.left_by = None;
            }
            task
        });
        asked(who, Occasion::Handoff, turn, tasks.collect())
    }

    /// Asks whoever has it for what is due today.
    pub(super) fn ask_again(
        &self,
        staff: Staff<'_>,
        (team, rotation): (&Team, &Rotation),
        now: DateTime<Utc>,
    ) -> Option<Event> {
        let (who, _) = self
            .next_ask(staff, (team, rotation), now)
            .filter(|(_, at)| *at <= now)?;
        let zone = staff.zone_of(who);
        let tasks = team.duties_of(&rotation.name).filter_map(|duty| {
            let known = self.round.as_ref().and_then(|round| round.task_of(duty));
            let last = known.map_or_else(|| self.asked_last(), |task| task.asked);
            if duty.again(last, zone, now).is_none_or(|again| again > now) {
                return known.cloned();
            }
            let left_by = known
                .filter(|task| task.is_open())
                .and_then(|task| task.left_by.clone());
            Some(Task {
                left_by,
                ..Task::new(duty, now)
            })
        });
        let turn = turn_at(rotation, now);
        asked(who, Occasion::Daily, turn, tasks.collect())
    }

    /// Who is asked again, and when.
    fn next_ask<'w>(
        &'w self,
        staff: Staff<'_>,
        (team, rotation): (&Team, &Rotation),
        now: DateTime<Utc>,
    ) -> Option<(&'w UserId, DateTime<Utc>)> {
        let who = told(self.who.as_ref()?, staff)?;
        let zone = staff.zone_of(who);
        let again = team.duties_of(&rotation.name).filter_map(|duty| {
            let known = self.round.as_ref().and_then(|round| round.task_of(duty));
            duty.again(known.map_or_else(|| self.asked_last(), |task| task.asked), zone, now)
        });
        Some((who, again.min()?))
    }

    /// When whoever has it was asked last, for duties they have not been asked for.
    fn asked_last(&self) -> DateTime<Utc> {
        self.round.as_ref().map_or(self.since, |round| round.at)
    }

    /// Somebody answers a duty.
    fn answer(
        &self,
        by: &UserId,
        task: TaskRef,
        how: How,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let round = self.round.as_ref().filter(|round| round.number == task.round);
        let Some(round) = round else {
            return Err(Refusal::OldDuty {
                of: self.id,
                is_over: task.round < self.first || self.round.is_none(),
            });
        };
        let found = round.tasks.get(task.task).ok_or(Refusal::NoSuchDuty)?;
        let team = staff.teams.get(&self.team);
        let is_theirs = round.who == *by || staff.admins.contains(by) || team.is_some_and(|team| team.has(by, now));
        if !is_theirs {
            return Err(Refusal::NotTheirDuty { who: round.who.clone() });
        }
        match &found.answer {
            Some(answer) if answer.by == *by && answer.how == how => return Ok(Vec::new()),
            Some(answer) if answer.by != *by => {
                return Err(Refusal::DutyAnswered {
                    text: found.text.clone(),
                    answer: answer.clone(),
                });
            }
            _ => {}
        }
        let is_known = team.is_some_and(|team| team.duties_of(&self.rotation).any(|duty| duty.text == found.text));
        if !is_known {
            return Err(Refusal::DutyGone {
                text: found.text.clone(),
            });
        }
        Ok(vec![Event::DutyAnswered {
            by: by.clone(),
            round: task.round,
            task: task.task,
            how,
        }])
    }

    /// Takes in what happened to its duties.
    pub(super) fn apply_duties(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::HandedOver { notes, .. } => {
                self.handed.clone_from(notes);
                self.first = self.asked + 1;
                if let Some(round) = self.round.take() {
                    self.past = Some(Round { is_over: true, ..round });
                }
            }
            Event::DutiesAsked {
                who,
                occasion,
                turn,
                tasks,
            } => {
                if let Some(round) = self.round.take() {
                    self.past = Some(round);
                }
                self.asked += 1;
                self.round = Some(Round {
                    number: self.asked,
                    who: who.clone(),
                    at,
                    occasion: *occasion,
                    turn: *turn,
                    tasks: tasks.clone(),
                    notes: std::mem::take(&mut self.handed),
                    message: None,
                    is_over: false,
                });
            }
            Event::DutyAnswered { by, round, task, how } => {
                let current = self.round.as_mut().filter(|current| current.number == *round);
                if let Some(task) = current.and_then(|current| current.tasks.get_mut(*task)) {
                    task.answer = Some(Answer {
                        by: by.clone(),
                        at,
                        how: *how,
                    });
                }
            }
            Event::DutiesPosted { round, at } => {
                for known in self.round.iter_mut().chain(&mut self.past) {
                    if known.number == *round {
                        known.message = Some(at.clone());
                    }
                }
            }
            Event::Begun { .. }
            | Event::NoteLeft { .. }
            | Event::GroupRefused { .. }
            | Event::GroupSet
            | Event::GapAhead { .. }
            | Event::Answered { .. } => {}
        }
    }
}

impl Watches {
    /// Somebody answers a duty.
    ///
    /// # Errors
    /// The refusal, for whoever did.
    pub fn answer(
        &self,
        by: &UserId,
        task: TaskRef,
        how: How,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let watch = self.get(task.of).ok_or(Refusal::NoSuchDuty)?;
        watch.answer(by, task, how, staff, now)
    }

    /// When duties are asked for next, by the time of day.
    pub fn next_ask(&self, staff: Staff<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let asks = staff.rotations().filter_map(|(team, rotation)| {
            let watch = self.of(&team.id, &rotation.name)?;
            watch.next_ask(staff, (team, rotation), now).map(|(_, at)| at)
        });
        asks.min()
    }
}

/// When the turn or the freeze of a rotation began that an instant falls into.
fn turn_at(rotation: &Rotation, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let freeze = rotation.freeze_at(now).map(|freeze| freeze.from);
    freeze.or_else(|| rotation.shift_at(now).map(|turn| turn.from))
}

/// Whoever can be asked for anything.
fn told<'m>(member: &'m Member, staff: Staff<'_>) -> Option<&'m UserId> {
    let Member::Known(user) = member else { return None };
    let standing = staff.people.get(user).map(|person| person.standing);
    matches!(standing, Some(Standing::Active | Standing::Guest) | None).then_some(user)
}

fn asked(who: &UserId, occasion: Occasion, turn: Option<DateTime<Utc>>, tasks: Vec<Task>) -> Option<Event> {
    (!tasks.is_empty()).then(|| Event::DutiesAsked {
        who: who.clone(),
        occasion,
        turn,
        tasks,
    })
}

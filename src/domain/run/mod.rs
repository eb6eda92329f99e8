//! Runs: a runbook that people step through.
//!
//! A run keeps the runbook as it stood when it was started. What was finished is a list of [`Line`]s, and everything else
//! follows from it: which steps are still to come, which no longer apply because another way was taken, what is left to
//! undo. So *Back* is the end of that list taken off, and nothing more.
//!
//! Each time a step becomes current is a *visit*, with a number of its own: a press on an older card is recognised by it.

mod ask;
mod chapter;
mod decide;
mod event;
mod paging;
mod runs;
mod sending;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use ask::{Ask, Refusal, Start, Target};
pub use chapter::{Chapter, Turn};
pub use decide::start;
pub use event::Event;
pub use paging::Page;
pub use runs::Runs;
pub use sending::{Answer, Doubt, Heard, Hindrance, Order, Seal, Sent};

use super::ids::{AlertId, ChannelId, IncidentId, MessageRef, RunId, UserId};
use super::runbook::{Parameter, Runbook, Step, Values};

/// How many notes a run keeps; older ones stay in its journal.
const NOTES: usize = 50;

/// One execution of a runbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What is done, as it stood at the start.
    pub runbook: Runbook,
    /// Who started it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// The alert it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<AlertId>,
    /// The incident it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// Whether nothing of it is real.
    #[serde(default)]
    pub practice: bool,
    /// Where its thread is.
    pub channel: ChannelId,
    /// What is known of what it wants to know.
    #[serde(default)]
    pub values: Values,
    /// What was finished, in order.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// What is to be done now; none when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// The message at the head of its thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<MessageRef>,
    /// The card of each visit that has one and is not known to be drawn as over.
    #[serde(default)]
    pub cards: BTreeMap<u64, MessageRef>,
    /// What people said.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// What kept steps from being done, also of those that were done later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Note>,
    /// The chat service's word for why its thread had to begin again elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
    /// The number of the last visit.
    pub visits: u64,
    /// Requests that were sent, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
    /// The number of the last request.
    #[serde(default)]
    pub sends: u64,
    /// How often values were filled in.
    #[serde(default)]
    pub fills: u64,
    /// Alerts that its steps raised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raised: Vec<AlertId>,
}

/// The step that is to be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Which.
    pub step: usize,
    /// Which value of a repeated step, from 0.
    #[serde(default)]
    pub pass: usize,
    /// Which visit it is.
    pub visit: u64,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<UserId>,
    /// What keeps it from being done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Note>,
    /// Which boxes are ticked.
    #[serde(default)]
    pub ticked: BTreeSet<usize>,
    /// How many gates were confirmed.
    #[serde(default)]
    pub confirmed: usize,
    /// How often somebody was reminded.
    #[serde(default)]
    pub nudges: u32,
    /// Who was paged for help with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helped: Option<AlertId>,
    /// Which of its alerts were raised, and as what.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub paged: BTreeMap<usize, AlertId>,
}

/// A step that was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which.
    pub step: usize,
    /// Which value of a repeated step.
    #[serde(default)]
    pub pass: usize,
    /// Which visit it was.
    pub visit: u64,
    /// Who finished it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub how: How,
    /// What the step was called then, filled in; nothing in old journals.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Of a repeated step, the value it was done for, and how many there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<(String, usize)>,
}

/// How a step was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum How {
    /// It was done.
    Done,
    /// It was left out.
    Skipped {
        /// Why.
        because: String,
    },
    /// A way was taken from it.
    Decided {
        /// Which.
        way: usize,
    },
}

/// Something said about a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// The step.
    pub step: usize,
    /// What.
    pub text: String,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it was stopped; none when it came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The step at which it was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nobody was there yet.
    #[default]
    Open,
    /// It was done.
    Done,
    /// It was left out.
    Skipped,
    /// Another way was taken.
    NotApplicable,
}

impl Run {
    /// Whether there is something to do.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// The step that is to be done now.
    pub fn step(&self) -> Option<(&Current, &Step)> {
        let current = self.current.as_ref()?;
        Some((current, self.runbook.steps.get(current.step)?))
    }

    /// How each step stands.
    pub fn marks(&self) -> Vec<Mark> {
        let mut marks = vec![Mark::Open; self.runbook.steps.len()];
        for line in &self.lines {
            let Some(step) = self.runbook.steps.get(line.step) else {
                continue;
            };
            // It is behind once it was done for the last value.
            if self.is_last(line) || step.ways().len() > 1 {
                marks[line.step] = match line.how {
                    How::Done | How::Decided { .. } => Mark::Done,
                    How::Skipped { .. } => Mark::Skipped,
                };
            }
            let Some(taken) = self.way_on(line) else { continue };
            let others = step.ways().iter().map(|way| way.to).filter(|to| *to != taken);
            let passed = line.step + 1..taken;
            // Who goes back comes here again, and every way is open then.
            let ahead = taken > line.step;
            for at in others.chain(passed).filter(|_| ahead) {
                if let Some(mark @ Mark::Open) = marks.get_mut(at) {
                    *mark = Mark::NotApplicable;
                }
            }
            // Going back does what lies between again.
            if let Some(again) = marks.get_mut(taken..=line.step) {
                again.fill(Mark::Open);
            }
            if let Some(mark) = marks.get_mut(taken) {
                *mark = Mark::Open;
            }
        }
        marks
    }

    /// The step that a way led to from a finished one. A single way is gone whatever was done with the step, once it was for
    /// the last of its values; one of several was chosen.
    fn way_on(&self, line: &Line) -> Option<usize> {
        let step = self.runbook.steps.get(line.step)?;
        let way = match (step.ways(), &line.how) {
            ([only], _) if self.is_last(line) => only,
            (ways @ [_, _, ..], How::Decided { way }) => ways.get(*way)?,
            _ => return None,
        };
        Some(way.to)
    }

    /// Whether a step was finished for the last value it is repeated for.
    fn is_last(&self, line: &Line) -> bool {
        let of = line.value.as_ref().map(|(_, of)| *of);
        let of = of.or_else(|| Some(self.passes(self.runbook.steps.get(line.step)?).len()));
        line.pass + 1 >= of.unwrap_or_default()
    }

    /// The values that a repeated step is done for, one by one; empty when it is done once.
    pub fn passes(&self, step: &Step) -> Vec<String> {
        let Some(value) = step.repeat.as_ref().and_then(|name| self.values.get(name)) else {
            return Vec::new();
        };
        let values = value
            .split([',', '\n'])
            .map(str::trim)
            .filter(|value| !value.is_empty());
        values.map(str::to_owned).collect()
    }

    /// What blanks are filled in with: a repeated parameter has the value whose turn it is.
    pub fn values_at(&self, at: usize, pass: usize) -> Values {
        let mut values = self.values.clone();
        if let Some(step) = self.runbook.steps.get(at)
            && let (Some(name), Some(value)) = (&step.repeat, self.passes(step).get(pass))
        {
            values.insert(name.clone(), value.clone());
        }
        values
    }

    /// What a step wants to know and nobody has said.
    pub fn lacks(&self, step: &Step) -> Vec<&Parameter> {
        let needs = step.needs();
        let lacking = self
            .runbook
            .parameters
            .iter()
            .filter(|parameter| needs.contains(&parameter.name) && !self.values.contains_key(&parameter.name));
        lacking.collect()
    }

    /// Steps that were done and not taken back since: each with the step that does it. What was done for one value of many
    /// has to be taken back too, whichever way the run went on.
    pub fn left_to_undo(&self) -> Vec<(usize, usize)> {
        let mut left: BTreeMap<usize, usize> = BTreeMap::new();
        for line in &self.lines {
            if matches!(line.how, How::Skipped { .. }) {
                continue;
            }
            if self.is_last(line) {
                left.retain(|_, undo| *undo != line.step);
            }
            let undo = self.runbook.steps.get(line.step).and_then(|step| step.undo);
            left.extend(undo.map(|undo| (line.step, undo)));
        }
        left.into_iter().collect()
    }

    /// How many steps are behind, and how many there are without those that no longer apply.
    pub fn progress(&self) -> (usize, usize) {
        let marks = self.marks();
        let behind = marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Done | Mark::Skipped))
            .count();
        let all = marks.iter().filter(|mark| **mark != Mark::NotApplicable).count();
        (behind, all)
    }

    /// When somebody must be reminded.
    pub fn deadline(&self) -> Option<DateTime<Utc>> {
        let (current, step) = self.step()?;
        let expected = TimeDelta::seconds(step.expect_seconds?.into());
        match current.nudges {
            _ if current.blocked.is_some() => None,
            0 => Some(current.since + expected),
            1 => Some(current.since + expected * 2),
            _ => None,
        }
    }

    /// Who has to do with it.
    pub fn concerns(&self, user: &UserId) -> bool {
        let is_assignee = self
            .current
            .as_ref()
            .is_some_and(|current| current.assignee.as_ref() == Some(user));
        self.by == *user || is_assignee || self.lines.iter().any(|line| line.by == *user)
    }

    /// Every message of ours that shows it.
    pub fn messages(&self) -> impl Iterator<Item = &MessageRef> {
        self.root.iter().chain(self.cards.values())
    }

    /// What comes after a line: another value of the same step, a step, or the end.
    fn after(&self, line: &Line) -> Option<(usize, usize)> {
        let step = self.runbook.steps.get(line.step)?;
        // One of several ways is gone at once.
        if step.ways().len() < 2 && !self.is_last(line) {
            return Some((line.step, line.pass + 1));
        }
        if let Some(to) = self.way_on(line) {
            return Some((to, 0));
        }
        let marks = self.marks();
        let next = (line.step + 1..marks.len()).find(|at| marks[*at] == Mark::Open);
        next.map(|at| (at, 0))
    }

    /// Who is asked how the current step goes: whoever has it, or else whoever did the last one.
    pub fn whose(&self) -> &UserId {
        let assignee = self.current.as_ref().and_then(|current| current.assignee.as_ref());
        let last = || self.lines.last().map(|line| &line.by);
        assignee.or_else(last).unwrap_or(&self.by)
    }

    fn visit(&mut self, place: Option<(usize, usize)>, at: DateTime<Utc>) {
        let Some((step, pass)) = place else {
            self.current = None;
            return;
        };
        self.visits += 1;
        self.current = Some(Current {
            step,
            pass,
            visit: self.visits,
            since: at,
            assignee: None,
            blocked: None,
            ticked: BTreeSet::new(),
            confirmed: 0,
            nudges: 0,
            helped: None,
            paged: BTreeMap::new(),
        });
    }
}

#[cfg(test)]
mod tests;

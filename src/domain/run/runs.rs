//! All runs in memory: those that go on, and those that ended a moment ago.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Event, Run, Start};
use crate::domain::ids::{AlertId, MessageRef, RunId, UserId};

/// How long a run that is over stays in memory.
const KEPT: TimeDelta = TimeDelta::hours(12);

/// Runs, and finding them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    all: BTreeMap<RunId, Run>,
    /// Which run a message of ours shows.
    shown: HashMap<MessageRef, RunId>,
    last: u64,
}

impl Runs {
    /// An empty collection whose next id follows `last`.
    pub fn after(last: u64) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// One of them.
    pub fn get(&self, id: RunId) -> Option<&Run> {
        self.all.get(&id)
    }

    /// Each of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.all.values()
    }

    /// Those that go on and have to do with somebody, the newest first.
    pub fn of<'r>(&'r self, user: &'r UserId) -> impl Iterator<Item = &'r Run> {
        let open = self.iter().rev().filter(|run| run.is_open());
        open.filter(move |run| run.concerns(user))
    }

    /// Those for an alert, the oldest first.
    pub fn of_alert(&self, alert: AlertId) -> impl Iterator<Item = &Run> {
        self.iter().filter(move |run| run.alert == Some(alert))
    }

    /// The one that goes on already, when what is offered was begun by somebody else in the meantime.
    pub fn going(&self, start: &Start) -> Option<&Run> {
        let is_for_something = start.alert.is_some() || start.incident.is_some();
        let is_it = |run: &&Run| {
            run.is_open()
                && !run.practice
                && run.runbook.id == start.runbook
                && (run.alert, run.incident) == (start.alert, start.incident)
        };
        self.iter()
            .find(is_it)
            .filter(|_| start.offered && !start.practice && is_for_something)
    }

    /// Which visit of a run a message of ours is the card of; none for the head of its thread.
    pub fn visit_shown_by(&self, message: &MessageRef) -> Option<u64> {
        let run = self.get(self.shown_by(message)?)?;
        let card = run.cards.iter().find(|(_, card)| *card == message);
        card.map(|(visit, _)| *visit)
    }

    /// The run that a message of ours shows.
    pub fn shown_by(&self, message: &MessageRef) -> Option<RunId> {
        self.shown.get(message).copied()
    }

    /// The highest id ever given; 0 before the first.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// When somebody must be reminded next.
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.all.values().filter_map(Run::deadline).min()
    }

    /// Steps that take too long.
    pub fn overdue(&self, now: DateTime<Utc>) -> Vec<(RunId, Event)> {
        let due = self
            .all
            .values()
            .filter(|run| run.deadline().is_some_and(|due| due <= now));
        let nudged = due.filter_map(|run| {
            let times = run.current.as_ref()?.nudges + 1;
            Some((run.id, Event::Nudged { times }))
        });
        nudged.collect()
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing.
    pub fn apply(&mut self, id: RunId, event: &Event, at: DateTime<Utc>) {
        self.last = self.last.max(id.0);
        match self.all.remove(&id) {
            Some(mut run) => {
                self.unfile(&run);
                run.apply(event, at);
                self.file(run);
            }
            None => {
                if let Some(run) = Run::begin(id, event, at) {
                    self.file(run);
                }
            }
        }
    }

    /// Takes one in, as a snapshot or the archive kept it.
    pub fn recall(&mut self, run: Run) {
        self.last = self.last.max(run.id.0);
        if let Some(before) = self.all.remove(&run.id) {
            self.unfile(&before);
        }
        self.file(run);
    }

    /// Those that ended long ago.
    pub fn retirable(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Run> {
        let is_over = move |run: &&Run| run.ended.as_ref().is_some_and(|ended| now - ended.at >= KEPT);
        self.all.values().filter(is_over)
    }

    /// Lets one go, for the archive.
    pub fn retire(&mut self, id: RunId) -> Option<Run> {
        let run = self.all.remove(&id)?;
        self.unfile(&run);
        Some(run)
    }

    fn file(&mut self, run: Run) {
        for message in run.messages() {
            self.shown.insert(message.clone(), run.id);
        }
        self.all.insert(run.id, run);
    }

    fn unfile(&mut self, run: &Run) {
        for message in run.messages() {
            self.shown.remove(message);
        }
    }
}

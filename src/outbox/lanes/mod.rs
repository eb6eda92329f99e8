//! Who is sent next: a scheduler without a clock, a socket or a task.
//!
//! Entries wait in lanes, one per message [`Subject`]. Within a lane they go in the order of their ids, one at a time,
//! because an edit must not overtake the post it edits. Across lanes pages go before replies before routine, then the
//! oldest first. A lane is as urgent as the most urgent entry in it: a second page to somebody is not kept waiting by
//! the routine edit of the first one that happens to stand before it.
//!
//! Time is an argument and waking is a question ([`Lanes::wake_at`]), so a test of an hour of back-off is a loop. Only
//! the first entry of a lane is ever looked at, and those that wait for the same thing stand at the same gate
//! (`gates.rs`): ten thousand messages for one channel cost as much as one.
//!
//! Invariants: at most one entry of a lane is in flight; every waiting lane is filed exactly once, as ready or as
//! resting; an entry that is not in flight never changes by itself.

mod gates;
mod lane;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::entry::{Fate, Header, Subject, Urgency};
use super::pace::Pace;
use gates::{Gate, Gates};
use lane::{Filed, Item, Lane, State};

/// All that waits and all that is under way.
#[derive(Debug)]
pub struct Lanes {
    pace: Pace,
    gates: Gates,
    items: HashMap<u64, Item>,
    by_subject: HashMap<Subject, Lane>,
    /// First entries that only a gate holds back, by urgency.
    ready: BTreeMap<Gate, [BTreeSet<u64>; 3]>,
    /// First entries that wait after a failure.
    resting: BTreeSet<(DateTime<Utc>, u64)>,
    /// Waiting entries that become worthless.
    expiring: BTreeSet<(DateTime<Utc>, u64)>,
    in_flight: usize,
    /// While Slack does not accept our token: when one call is tried next.
    next_probe: Option<DateTime<Utc>>,
}

/// An entry whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The entry.
    pub id: u64,
    /// Slack's method.
    pub method: &'static str,
    /// Which attempt this is; the first is 1.
    pub attempt: u32,
    /// Whether it must be looked up first.
    pub fate: Fate,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Slack gave its last word: done, or never.
    Settled,
    /// There was nothing to send any more.
    Gone,
    /// Slack asked for a pause of one method.
    Wait {
        /// The method: the entry's own, or the one that looks messages up.
        method: &'static str,
        /// How long from now.
        pause: TimeDelta,
    },
    /// It failed and has certainly not happened.
    Again,
    /// It failed and may have happened.
    Doubt,
    /// Slack does not accept our token: everything waits.
    Unauthorized,
}

/// Whether anybody still wants to know how an entry ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// Yes.
    Wanted,
    /// It was dropped while it was in flight.
    Dropped,
}

impl Lanes {
    /// Nothing waits, and everything is open.
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            gates: Gates::new(),
            items: HashMap::new(),
            by_subject: HashMap::new(),
            ready: BTreeMap::new(),
            resting: BTreeSet::new(),
            expiring: BTreeSet::new(),
            in_flight: 0,
            next_probe: None,
        }
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.items.len() - self.in_flight
    }

    /// How many are under way.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Takes an entry in. Ids are never used twice: one that is known already changes nothing.
    pub fn add(&mut self, id: u64, header: Header) {
        if self.items.contains_key(&id) {
            return;
        }
        let lane = header.lane.clone();
        let item = Item {
            header,
            state: State::Waiting,
            attempts: 0,
            failures: 0,
            rests_until: None,
        };
        self.queue(id, item);
        self.file(&lane);
    }

    /// Forgets an entry, because a newer one says the same and more. One that is in flight keeps its lane busy until it
    /// is done, and is not tried again.
    pub fn drop_entry(&mut self, id: u64) {
        let Some(item) = self.items.get_mut(&id) else { return };
        match item.state {
            State::InFlight(_) => item.state = State::InFlight(Interest::Dropped),
            State::Waiting => self.forget(id),
        }
    }

    /// An entry that became worthless while it waited; it is forgotten here. One that may have been sent is not among
    /// them: it gets its turn, to be looked up.
    pub fn expired(&mut self, now: DateTime<Utc>) -> Option<u64> {
        let (_, id) = self.expiring.first().copied().filter(|(at, _)| *at <= now)?;
        self.forget(id);
        Some(id)
    }

    /// The entry to send now, if there is one. From now on it is in flight, until [`Lanes::done`].
    pub fn next(&mut self, now: DateTime<Utc>) -> Option<Turn> {
        self.wake_rested(now);
        if self.next_probe.is_some_and(|at| now < at) {
            return None;
        }
        let (gate, id) = self.first_that_may_pass(now)?;
        if let Some(at) = &mut self.next_probe {
            // One call finds out whether the token is good again; nobody else until it has.
            *at = now + self.pace.probe_every;
        }
        self.gates.pass(&self.pace, &gate, now);
        let item = self.unqueue(id)?;
        let turn = Turn {
            id,
            method: item.header.method,
            attempt: item.attempts.saturating_add(1),
            fate: item.header.fate,
        };
        let lane = item.header.lane.clone();
        let item = Item {
            state: State::InFlight(Interest::Wanted),
            attempts: turn.attempt,
            ..item
        };
        self.items.insert(id, item);
        self.in_flight += 1;
        self.set_busy(&lane, true);
        Some(turn)
    }

    /// An attempt has ended. Says whether the outcome still matters to anybody; nothing happens when `id` is not in
    /// flight.
    pub fn done(&mut self, id: u64, verdict: Verdict, now: DateTime<Utc>) -> Interest {
        let Some(State::InFlight(interest)) = self.items.get(&id).map(|item| item.state) else {
            return Interest::Dropped;
        };
        let Some(mut item) = self.items.remove(&id) else {
            return Interest::Dropped;
        };
        self.in_flight -= 1;
        let lane = item.header.lane.clone();

        let settled = matches!(verdict, Verdict::Settled | Verdict::Gone);
        match verdict {
            Verdict::Settled => self.next_probe = None,
            Verdict::Gone => {}
            Verdict::Wait { method, pause } => {
                self.next_probe = None;
                self.gates.hold(method, pause, now);
            }
            Verdict::Again => self.rest(&mut item, now),
            Verdict::Doubt => {
                item.header.fate = Fate::Doubtful;
                self.rest(&mut item, now);
            }
            Verdict::Unauthorized => self.next_probe = Some(now + self.pace.probe_every),
        }
        if !settled && interest == Interest::Wanted {
            item.state = State::Waiting;
            self.queue(id, item);
        }
        self.set_busy(&lane, false);
        interest
    }

    /// When something may become possible by time alone; none while only news can change anything. After
    /// [`Lanes::next`] and [`Lanes::expired`] have said no, it lies in the future.
    pub fn wake_at(&self) -> Option<DateTime<Utc>> {
        let rested = self.resting.first().map(|(at, _)| *at);
        let open = Urgency::ALL.into_iter().filter(|urgency| self.has_room_for(*urgency));
        let open = open.flat_map(|urgency| {
            let gates = self.ready.iter();
            let gates = gates.filter(move |(_, ids)| !ids[urgency.rank()].is_empty());
            // What nothing holds back may go at once.
            gates.map(move |(gate, _)| {
                let at = self.gates.open_at(&self.pace, gate, urgency);
                at.unwrap_or(DateTime::UNIX_EPOCH)
            })
        });
        let sending = rested.into_iter().chain(open).min();
        let sending = sending.map(|at| self.next_probe.map_or(at, |probe| at.max(probe)));
        let expiring = self.expiring.first().map(|(at, _)| *at);
        sending.into_iter().chain(expiring).min()
    }

    /// Whether Slack does not accept our token, as far as we know.
    pub fn is_barred(&self) -> bool {
        self.next_probe.is_some()
    }

    /// The last places are for pages, so that one always finds a place.
    fn has_room_for(&self, urgency: Urgency) -> bool {
        let places = self.pace.in_flight.max(1);
        match urgency {
            Urgency::Page => self.in_flight < places,
            Urgency::Reply | Urgency::Routine => {
                self.in_flight < places.saturating_sub(self.pace.in_flight_for_pages).max(1)
            }
        }
    }

    fn first_that_may_pass(&self, now: DateTime<Utc>) -> Option<(Gate, u64)> {
        let urgencies = Urgency::ALL.into_iter().filter(|urgency| self.has_room_for(*urgency));
        urgencies.into_iter().find_map(|urgency| {
            let firsts = self.ready.iter();
            let firsts = firsts.filter_map(|(gate, ids)| Some((gate, *ids[urgency.rank()].first()?)));
            let open = firsts.filter(|(gate, _)| {
                let at = self.gates.open_at(&self.pace, gate, urgency);
                at.is_none_or(|at| at <= now)
            });
            let (gate, id) = open.min_by_key(|(_, id)| *id)?;
            Some((gate.clone(), id))
        })
    }

    fn rest(&self, item: &mut Item, now: DateTime<Utc>) {
        item.failures = item.failures.saturating_add(1);
        item.rests_until = Some(now + self.pace.back_off(item.failures));
    }

    fn wake_rested(&mut self, now: DateTime<Utc>) {
        while let Some((_, id)) = self.resting.first().copied().filter(|(until, _)| *until <= now) {
            let Some(item) = self.items.get_mut(&id) else { return };
            item.rests_until = None;
            let lane = item.header.lane.clone();
            self.file(&lane);
        }
    }

    /// Puts an entry into its lane, without filing the lane.
    fn queue(&mut self, id: u64, item: Item) {
        let lane = self.by_subject.entry(item.header.lane.clone()).or_default();
        lane.waiting.insert(id);
        lane.urgencies[item.header.urgency.rank()] += 1;
        if let (Some(at), Fate::Fresh) = (item.header.expires, item.header.fate) {
            self.expiring.insert((at, id));
        }
        self.items.insert(id, item);
    }

    /// Takes an entry out of its lane, without filing the lane.
    fn unqueue(&mut self, id: u64) -> Option<Item> {
        let item = self.items.remove(&id)?;
        if let Some(lane) = self.by_subject.get_mut(&item.header.lane) {
            lane.waiting.remove(&id);
            lane.urgencies[item.header.urgency.rank()] -= 1;
        }
        if let Some(at) = item.header.expires {
            self.expiring.remove(&(at, id));
        }
        Some(item)
    }

    fn forget(&mut self, id: u64) {
        if let Some(item) = self.unqueue(id) {
            self.file(&item.header.lane);
        }
    }

    fn set_busy(&mut self, subject: &Subject, busy: bool) {
        if let Some(lane) = self.by_subject.get_mut(subject) {
            lane.busy = busy;
        }
        self.file(subject);
    }

    /// Brings the place of a lane's first entry up to date, and forgets a lane that has come to its end.
    fn file(&mut self, subject: &Subject) {
        let Some(lane) = self.by_subject.get_mut(subject) else {
            return;
        };
        match lane.filed.take() {
            None => {}
            Some(Filed::Resting { until, id }) => {
                self.resting.remove(&(until, id));
            }
            Some(Filed::Ready { gate, urgency, id }) => {
                if let Some(ids) = self.ready.get_mut(&gate) {
                    ids[urgency.rank()].remove(&id);
                    if ids.iter().all(BTreeSet::is_empty) {
                        self.ready.remove(&gate);
                    }
                }
            }
        }
        if lane.busy {
            return;
        }
        let Some(id) = lane.waiting.first().copied() else {
            self.by_subject.remove(subject);
            return;
        };
        let Some(item) = self.items.get(&id) else { return };
        if let Some(until) = item.rests_until {
            self.resting.insert((until, id));
            lane.filed = Some(Filed::Resting { until, id });
        } else {
            let (gate, urgency) = (Gate::of(&item.header), lane.urgency());
            self.ready.entry(gate.clone()).or_default()[urgency.rank()].insert(id);
            lane.filed = Some(Filed::Ready { gate, urgency, id });
        }
    }
}

#[cfg(test)]
mod tests;

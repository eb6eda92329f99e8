//! All incidents in memory: those that are open, and those that ended a while ago.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::decide::declare;
use super::{Analysis, Ask, Declaration, Errand, Event, Incident, Quote, Refusal};
use crate::domain::Outcome;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, MessageRef, UserId};
use crate::domain::oncall::Staff;
use crate::domain::roster::Roster;

/// How long an incident that ended stays in memory, when nothing more is to be done.
const KEPT: TimeDelta = TimeDelta::days(7);
/// How long it stays when something is.
const KEPT_UNFINISHED: TimeDelta = TimeDelta::days(60);

/// All incidents in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incidents {
    all: BTreeMap<IncidentId, Incident>,
    last: u64,
    /// When each needs us next.
    deadlines: BTreeSet<(DateTime<Utc>, IncidentId)>,
    /// Which one a channel belongs to.
    rooms: HashMap<ChannelId, IncidentId>,
    /// Which one a message of ours shows.
    shown: HashMap<MessageRef, IncidentId>,
}

/// Whether an alert is known.
type Alerts<'a> = &'a dyn Fn(AlertId) -> bool;

impl Incidents {
    /// None, and the next id follows `last`.
    pub fn after(last: u64) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// One of them.
    pub fn get(&self, id: IncidentId) -> Option<&Incident> {
        self.all.get(&id)
    }

    /// Each of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Incident> {
        self.all.values()
    }

    /// Those that somebody still works on, the oldest first.
    pub fn open(&self) -> impl DoubleEndedIterator<Item = &Incident> {
        self.all.values().filter(|incident| incident.is_open())
    }

    /// The incident that goes on for another: itself, unless it was merged.
    pub fn successor(&self, id: IncidentId) -> IncidentId {
        // Nothing can be merged into itself, so a walk as long as the book ends.
        let mut id = id;
        for _ in 0..self.all.len() {
            match self.all.get(&id).and_then(|incident| incident.merged_into) {
                Some(into) => id = into,
                None => break,
            }
        }
        id
    }

    /// The highest id ever given; 0 before the first.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The incident whose own channel this is.
    pub fn of_channel(&self, channel: &ChannelId) -> Option<IncidentId> {
        self.rooms.get(channel).copied()
    }

    /// The incident that a message of ours shows.
    pub fn shown_by(&self, message: &MessageRef) -> Option<IncidentId> {
        self.shown.get(message).copied()
    }

    /// Whether the card of an incident stands in a channel.
    pub fn has_card_in(&self, channel: &ChannelId) -> bool {
        let mut cards = self.all.values().filter_map(|incident| incident.card.as_ref());
        cards.any(|card| card.at.channel == *channel)
    }

    /// What follows when a message was looked up that somebody wants kept: it is, where it belongs to an incident.
    pub(in crate::domain) fn kept(&self, by: &UserId, quote: &Quote) -> Option<(IncidentId, Event)> {
        let thread = quote.thread.as_ref();
        let id = self
            .of_channel(&quote.at.channel)
            .or_else(|| self.shown_by(&quote.at))
            .or_else(|| thread.and_then(|thread| self.shown_by(thread)))?;
        let incident = self.get(id).filter(|incident| !incident.has_kept(&quote.at))?;
        let event = Event::Kept {
            by: by.clone(),
            quote: quote.clone(),
        };
        Some((incident.id, event))
    }

    /// The open incidents an alert belongs to.
    pub fn of_alert(&self, alert: AlertId) -> impl Iterator<Item = &Incident> {
        self.open().filter(move |incident| incident.alerts.contains(&alert))
    }

    /// The incident that is meant: the one that was named, or the only one that is open.
    ///
    /// # Errors
    /// When there is none of that id, or it is not clear which.
    pub fn meant(&self, id: Option<IncidentId>) -> Result<&Incident, Refusal> {
        if let Some(id) = id {
            return self.get(id).ok_or(Refusal::NoSuchIncident { id });
        }
        let open: Vec<&Incident> = self.open().collect();
        match open.as_slice() {
            [one] => Ok(one),
            _ => Err(Refusal::Which {
                open: open.iter().map(|incident| incident.id).collect(),
            }),
        }
    }

    /// Begins an incident.
    pub(in crate::domain) fn declare(
        &self,
        by: &UserId,
        what: &Declaration,
        alerts: Alerts<'_>,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<(IncidentId, Vec<Event>), Refusal> {
        let id = IncidentId(self.last + 1);
        Ok((id, declare(id, by, what, alerts, staff, now)?))
    }

    /// What follows from a wish about one of them.
    pub(in crate::domain) fn decide(
        &self,
        by: &UserId,
        id: Option<IncidentId>,
        ask: &Ask,
        alerts: Alerts<'_>,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(IncidentId, Event)>, Refusal> {
        let incident = self.meant(id)?;
        let events = incident.ask(by, ask, alerts, staff, now)?;
        let mut all: Vec<(IncidentId, Event)> = events.into_iter().map(|event| (incident.id, event)).collect();
        if let Ask::Merge(into) = ask {
            let other = self.get(*into).ok_or(Refusal::NoSuchIncident { id: *into })?;
            if !other.is_open() {
                return Err(Refusal::Over {
                    id: *into,
                    status: other.status,
                    at: other.ended_at.unwrap_or(other.status_since),
                    into: other.merged_into,
                    text: None,
                });
            }
            let absorbed = Event::Absorbed {
                by: by.clone(),
                from: incident.id,
                alerts: incident.alerts.clone(),
                actions: incident.open_actions().map(|(_, action)| action.clone()).collect(),
            };
            all.push((*into, absorbed));
        }
        Ok(all)
    }

    /// What follows from what became of a message.
    pub(in crate::domain) fn settled(
        &self,
        id: IncidentId,
        errand: &Errand,
        outcome: &Outcome,
        roster: &Roster,
    ) -> Vec<Event> {
        let incident = self.all.get(&id);
        incident.map_or_else(Vec::new, |incident| incident.settled(errand, outcome, roster))
    }

    /// What follows when nothing can be said in a channel any more. What is over stays where it was: its channel may be
    /// put away, and what is still said about it finds its way when it is said.
    pub(in crate::domain) fn lost(&self, channel: &ChannelId, code: &str, roster: &Roster) -> Vec<(IncidentId, Event)> {
        let lost = self.open().filter_map(|incident| {
            let event = incident.lost(channel, code, roster)?;
            Some((incident.id, event))
        });
        lost.collect()
    }

    /// Reminders whose time has come.
    pub(in crate::domain) fn overdue(&self, now: DateTime<Utc>) -> Vec<(IncidentId, Event)> {
        let due = self.deadlines.iter().take_while(|(due, _)| *due <= now);
        let incidents = due.filter_map(|(_, id)| self.all.get(id));
        incidents
            .flat_map(|incident| incident.tick(now).into_iter().map(|event| (incident.id, event)))
            .collect()
    }

    /// When something must happen by itself next.
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.deadlines.first().map(|(due, _)| *due)
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing.
    pub fn apply(&mut self, id: IncidentId, event: &Event, at: DateTime<Utc>) {
        self.last = self.last.max(id.0);
        let Some(incident) = self.all.get_mut(&id) else {
            if let Some(new) = Incident::begin(id, event, at) {
                self.recall(new);
            }
            return;
        };
        let due = incident.deadline();
        incident.apply(event, at);
        let now_due = incident.deadline();
        if due != now_due {
            if let Some(due) = due {
                self.deadlines.remove(&(due, id));
            }
            if let Some(due) = now_due {
                self.deadlines.insert((due, id));
            }
        }
        if let Some(room) = event.room() {
            self.rooms.insert(room.clone(), id);
        }
        if let Some(message) = event.message() {
            self.shown.insert(message.clone(), id);
        }
    }

    /// Takes one in, as a snapshot or the archive kept it.
    pub fn recall(&mut self, incident: Incident) {
        let id = incident.id;
        self.last = self.last.max(id.0);
        self.retire(id);
        self.deadlines.extend(incident.deadline().map(|due| (due, id)));
        if let Some(room) = incident.room() {
            self.rooms.insert(room.clone(), id);
        }
        for message in incident.messages() {
            self.shown.insert(message.clone(), id);
        }
        self.all.insert(id, incident);
    }

    /// Those that need not stay in memory. What somebody is still to be reminded of stays: from the archive nobody is.
    pub fn retirable(&self, now: DateTime<Utc>) -> Vec<IncidentId> {
        let is_over = |incident: &&Incident| {
            let unfinished =
                matches!(incident.analysis, Analysis::Due { .. }) || incident.open_actions().next().is_some();
            let kept = if unfinished { KEPT_UNFINISHED } else { KEPT };
            incident.deadline().is_none() && incident.ended_at.is_some_and(|ended| now - ended >= kept)
        };
        self.all.values().filter(is_over).map(|incident| incident.id).collect()
    }

    /// Lets one go, for the archive.
    pub fn retire(&mut self, id: IncidentId) -> Option<Incident> {
        let incident = self.all.remove(&id)?;
        if let Some(due) = incident.deadline() {
            self.deadlines.remove(&(due, id));
        }
        self.rooms.retain(|_, of| *of != id);
        self.shown.retain(|_, of| *of != id);
        Some(incident)
    }
}

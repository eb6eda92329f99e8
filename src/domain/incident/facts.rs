//! What can be read off an incident.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Action, Event, Home, Incident, LEAD};
use crate::domain::ids::{ChannelId, MessageRef, UserId};

impl Incident {
    /// Whether somebody still works on it.
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// Who leads it.
    pub fn lead(&self) -> Option<&UserId> {
        self.roles.get(LEAD)
    }

    /// Its own channel.
    pub fn room(&self) -> Option<&ChannelId> {
        match &self.home {
            Home::Room { channel, .. } => Some(channel),
            Home::Thread | Home::Opening { .. } => None,
        }
    }

    /// How long it has lasted, or did.
    pub fn length(&self, now: DateTime<Utc>) -> TimeDelta {
        self.ended_at.unwrap_or(now) - self.declared_at
    }

    /// Which update a moment of the timeline told, counted from 1; none when it told none. Of two that say the same the
    /// one that is pointed at is meant, else the later.
    pub fn number_of(&self, what: &Event) -> Option<usize> {
        let told = || self.timeline.iter().map(|moment| &moment.what);
        let updates: Vec<&Event> = told().filter(|what| matches!(what, Event::Updated { .. })).collect();
        let exactly = updates.iter().position(|known| std::ptr::eq(*known, what));
        let index = exactly.or_else(|| updates.iter().rposition(|known| *known == what))?;
        Some(index + 1)
    }

    /// When something of the timeline happened; of two that are the same the one that is pointed at is meant, else the
    /// later.
    pub fn moment_of(&self, what: &Event) -> Option<DateTime<Utc>> {
        let exactly = self
            .timeline
            .iter()
            .find(|moment| std::ptr::eq(&raw const moment.what, what));
        let moment = exactly.or_else(|| self.timeline.iter().rev().find(|moment| moment.what == *what))?;
        Some(moment.at)
    }

    /// Whether it is worked on, or its card stands, in a channel: there everything is told already.
    pub fn lives_in(&self, channel: &ChannelId) -> bool {
        let card = self.card.as_ref().map(|card| &card.at.channel);
        self.room() == Some(channel) || card == Some(channel)
    }

    /// Whether somebody has a part in it.
    pub fn concerns(&self, who: &UserId) -> bool {
        self.people.contains(who) || self.roles.values().any(|has| has == who) || self.declared_by == *who
    }

    /// What is still to be done, each with its number.
    pub fn open_actions(&self) -> impl Iterator<Item = (usize, &Action)> {
        let numbered = self
            .actions
            .iter()
            .enumerate()
            .map(|(index, action)| (index + 1, action));
        numbered.filter(|(_, action)| action.is_open())
    }

    /// Every message of ours that shows it.
    pub fn messages(&self) -> impl Iterator<Item = &MessageRef> {
        let in_room = match &self.home {
            Home::Room { card, .. } => card.as_ref(),
            Home::Thread | Home::Opening { .. } => None,
        };
        let followers = self.followers.values().filter_map(|follower| follower.drawn.as_ref());
        self.card.iter().chain(in_room).chain(followers).map(|drawn| &drawn.at)
    }
}

//! Members who join or leave from a date on.
//!
//! A change moves no handover. It begins with the first turn that begins at its instant or later, so whoever is on call
//! stays to the end of their shift and every turn before is as it was. The turn goes on to whoever would have been next,
//! if they are still there: after the last one, in the new list; where the last one is no longer in it, to the first of
//! those who followed them in the old list and is.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{Member, Rotation, first_moment};

/// Other members from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// From then on, on the wall clock of the rotation's zone.
    pub from: NaiveDateTime,
    /// Who takes turns, in order.
    pub members: Vec<Member>,
    /// The number of its first turn.
    first: u64,
    /// Who of the members has that turn.
    begins_with: usize,
}

impl Rotation {
    /// The rotation with other members from an instant on: after all earlier changes, and with everything else as it will
    /// stay. Nobody at all is no change.
    #[must_use]
    pub fn changing(mut self, from: NaiveDateTime, members: Vec<Member>) -> Self {
        let Some(first) = first_moment(self.zone, from).and_then(|from| self.first_at_or_after(from)) else {
            return self;
        };
        if members.is_empty() {
            return self;
        }
        let begins_with = self.goes_on_with(first, &members);
        self.changes.push(Change {
            from,
            members,
            first,
            begins_with,
        });
        self
    }

    /// Who has a turn.
    pub(super) fn turn(&self, number: u64) -> Option<&Member> {
        let (members, turn) = self.turn_of(number)?;
        members.get(turn)
    }

    /// The members in their order at an instant; the first ones before the rotation begins.
    pub fn members_at(&self, instant: DateTime<Utc>) -> &[Member] {
        let number = self.shift_at(instant).map_or(0, |shift| shift.number);
        self.members_of(number)
    }

    /// The change that made the members what they are at an instant.
    pub fn change_at(&self, instant: DateTime<Utc>) -> Option<&Change> {
        self.change_of(self.shift_at(instant)?.number)
    }

    /// Changes that have not begun at an instant, each with the beginning of its first turn.
    pub fn changes_after(&self, instant: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, &Change)> {
        let begun = self.shift_at(instant).map(|shift| shift.number);
        let later = self
            .changes
            .iter()
            .filter(move |change| begun.is_none_or(|begun| change.first > begun));
        later.filter_map(|change| Some((self.boundary(change.first)?, change)))
    }

    /// Everybody who takes turns, or is named by a freeze, at an instant or later; some more than once.
    pub fn members_from(&self, instant: DateTime<Utc>) -> impl Iterator<Item = &Member> {
        let later = self.changes_after(instant).flat_map(|(_, change)| &change.members);
        let freezes = self.freezes.iter().filter(move |freeze| freeze.until > instant);
        let frozen = freezes.filter_map(|freeze| freeze.who.as_ref());
        self.members_at(instant).iter().chain(later).chain(frozen)
    }

    /// Everybody it ever names; some more than once.
    pub fn everybody(&self) -> impl Iterator<Item = &Member> {
        let changes = self.changes.iter().flat_map(|change| &change.members);
        let frozen = self.freezes.iter().filter_map(|freeze| freeze.who.as_ref());
        self.members.iter().chain(changes).chain(frozen)
    }

    fn change_of(&self, number: u64) -> Option<&Change> {
        self.changes.iter().rev().find(|change| change.first <= number)
    }

    fn members_of(&self, number: u64) -> &[Member] {
        self.change_of(number).map_or(&self.members, |change| &change.members)
    }

    /// The members of a turn, and who of them has it.
    fn turn_of(&self, number: u64) -> Option<(&[Member], usize)> {
        let (members, passed) = match self.change_of(number) {
            None => (&self.members, number),
            Some(change) => {
                let passed = (number - change.first).checked_add(change.begins_with as u64)?;
                (&change.members, passed)
            }
        };
        let turn = usize::try_from(passed.checked_rem(members.len() as u64)?).ok()?;
        Some((members, turn))
    }

    /// The number of the first turn that begins at an instant or later.
    fn first_at_or_after(&self, instant: DateTime<Utc>) -> Option<u64> {
        if instant <= self.boundary(0)? {
            return Some(0);
        }
        let mut number = self.number_at(instant)?;
        // Of boundaries that fall together the first counts.
        while number > 0 && self.boundary(number - 1)? >= instant {
            number -= 1;
        }
        if self.boundary(number)? < instant {
            number += 1;
        }
        Some(number)
    }

    /// Who of `members` comes after those who had their turns before turn `first`.
    fn goes_on_with(&self, first: u64, members: &[Member]) -> usize {
        let before = first.checked_sub(1).and_then(|last| self.turn_of(last));
        let Some((old, last)) = before else { return 0 };
        // Somebody may be in a list more than once: their second place there is their second place here.
        let place = |at: usize| {
            let nth = old[..at].iter().filter(|other| **other == old[at]).count();
            let places = members.iter().enumerate().filter(|(_, member)| **member == old[at]);
            let places: Vec<usize> = places.map(|(place, _)| place).collect();
            places.get(nth).or(places.last()).copied()
        };
        if let Some(place) = place(last) {
            return (place + 1) % members.len();
        }
        let mut following = (1..old.len()).map(|step| (last + step) % old.len());
        following.find_map(place).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;

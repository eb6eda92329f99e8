//! Shifts as a calendar shows them: whole, from their nominal beginning to their end, with whoever has parts of them.
//!
//! A [`Stint`] begins where somebody looks; a [`Slot`] begins where the rotation says, however often it is looked at and
//! whoever covers it: so it can be recognised again.

use chrono::{DateTime, Utc};

use super::who::{MOST_SHIFTS, Stint, by_rotation};
use super::{Overrides, Staff};
use crate::domain::ids::{OverrideId, TeamId};
use crate::domain::rotation::{Member, Rotation};

/// What the rotation alone would give to one member, or to nobody out of its hours, and who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// When it begins by the rotation alone.
    pub from: DateTime<Utc>,
    /// When it ends by the rotation alone.
    pub until: DateTime<Utc>,
    /// Who would have it; nobody out of the hours and before the rotation begins.
    pub turn: Option<Member>,
    /// Who has it, in order and without a gap.
    pub pieces: Vec<Stint>,
    /// The newest override there ever was for a part of it, whether it holds or not.
    pub newest: Option<OverrideId>,
}

impl Slot {
    /// Which of the pieces is the shift itself: what is left to the rotation; the first one when it was given away whole.
    /// None where there is no shift.
    pub fn shift(&self) -> Option<usize> {
        self.turn.as_ref()?;
        let left = self.pieces.iter().position(|piece| piece.by.is_none());
        Some(left.unwrap_or_default())
    }
}

impl Staff<'_> {
    /// The slots of a rotation that have something between two instants, each of them whole.
    pub fn slots(&self, team: &TeamId, rotation: &Rotation, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut at = self.beginning(team, rotation, from);
        for _ in 0..MOST_SHIFTS {
            if at >= to {
                break;
            }
            let (turn, until) = by_rotation(rotation, at, &mut Vec::new());
            let until = until.unwrap_or(to);
            if until > from {
                slots.push(Slot {
                    from: at,
                    until,
                    turn,
                    pieces: self.shifts(team, rotation, at, until),
                    newest: self.overrides.newest(team, &rotation.name, at, until),
                });
            }
            at = until;
        }
        slots
    }

    /// Where the turn begins that an instant falls into; its hours are walked from there, so that each begins where it
    /// always does.
    fn beginning(&self, team: &TeamId, rotation: &Rotation, instant: DateTime<Utc>) -> DateTime<Utc> {
        rotation.shift_at(instant).map_or_else(
            || {
                let overrides = self.overrides.holding(team, &rotation.name);
                let first = overrides.map(|(_, part)| part.from).min();
                first.map_or(instant, |first| first.min(instant))
            },
            |turn| turn.from,
        )
    }
}

impl Overrides {
    /// The newest override for a part of an interval of a rotation, whether it holds or not.
    fn newest(&self, team: &TeamId, rotation: &str, from: DateTime<Utc>, until: DateTime<Utc>) -> Option<OverrideId> {
        let ids = self.of.get(&(team.clone(), rotation.to_owned()))?;
        let meets = |id: &&OverrideId| {
            let parts = self.all.get(id).map_or(&[][..], |it| &it.parts);
            parts
                .iter()
                .any(|part| part.team == *team && part.rotation == rotation && part.from < until && from < part.until)
        };
        ids.iter().rev().find(meets).copied()
    }
}

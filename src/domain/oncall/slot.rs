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
    /// Which of the pieces is the shift itself: the last that is left to the rotation; the last of all when it was given
    /// away whole. None where there is no shift.
    pub fn shift(&self) -> Option<usize> {
        self.turn.as_ref()?;
        let left = self.pieces.iter().rposition(|piece| piece.by.is_none());
        left.or(self.pieces.len().checked_sub(1))
    }
}

impl Staff<'_> {
    /// The slots of a rotation that have something between two instants, each of them whole.
    pub fn slots(&self, team: &TeamId, rotation: &Rotation, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut at = beginning(rotation, from);
        for _ in 0..MOST_SHIFTS {
            if at >= to {
                break;
            }
            let (turn, until) = by_rotation(rotation, at, &mut Vec::new());
            // Out of its hours nobody's turn ends; here it does, so that where one begins is always the same.
            let end = rotation.shift_at(at).map(|turn| turn.until);
            let until = until.into_iter().chain(end).min().unwrap_or(to);
            if until > from {
                slots.push(Slot {
                    from: at,
                    until,
                    turn,
                    pieces: self.held(team, rotation, at, until),
                    newest: self.overrides.newest(team, &rotation.name, at, until),
                });
            }
            at = until;
        }
        slots
    }
}

/// Where the turn begins that an instant falls into; its hours are walked from there, so that each begins where it always
/// does. Before the rotation everything is one slot.
fn beginning(rotation: &Rotation, instant: DateTime<Utc>) -> DateTime<Utc> {
    let turn = rotation.shift_at(instant);
    turn.map_or(DateTime::UNIX_EPOCH, |turn| turn.from)
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fixtures::{Desk, at, roster, team_id, user};
    use crate::domain::oncall::Ask;
    use crate::domain::rotation::{Freeze, Period};
    use crate::domain::{Request, team::Team};

    /// A rotation of the table below, around New York's clock change on 8 March 2026.
    fn rotation(period: u8, hours: u8) -> Rotation {
        let hours: &[&str] = match hours {
            0 => &[],
            1 => &["Mon-Fri 09:00-18:00"],
            2 => &["Mon-Sun 22:00-06:00", "Sat,Sun 00:00-24:00"],
            _ => &["Mon-Sun 00:00-24:00"],
        };
        Rotation {
            name: "primary".to_owned(),
            zone: Tz::America__New_York,
            start: "2026-02-25T02:30:00".parse().unwrap(),
            every: [Period::Hours(7), Period::Days(1), Period::Weeks(1), Period::Months(1)][usize::from(period % 4)],
            members: ["ana", "ben"].map(|name| Member::Known(user(name))).into(),
            changes: Vec::new(),
            freezes: Vec::new(),
            hours: hours.iter().map(|hours| hours.parse().unwrap()).collect(),
        }
    }

    fn slots(desk: &Desk, rotation: &Rotation, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Slot> {
        let team: &Team = &desk.roster.teams[&team_id("cloud")];
        desk.world.staff(&desk.roster).slots(&team.id, rotation, from, to)
    }

    proptest! {
        #[test]
        fn slots_have_no_gap_their_pieces_fill_them_and_a_later_look_finds_the_same(
            period in 0_u8..4,
            hours in 0_u8..4,
            overrides in proptest::collection::vec((0_i64..40_000, 1_i64..9_000), 0..4),
            later in 0_i64..40_000,
            freeze in (0_i64..40_000, 1_i64..20_000),
            frozen in 0_u8..3,
        ) {
            // The fixtures' noon is a Monday of January; the table's rotation begins in February.
            const SOON: i64 = 55 * 24 * 60;
            let mut rotation = rotation(period, hours);
            if frozen > 0 {
                rotation.freezes.push(Freeze {
                    name: "quiet".to_owned(),
                    from: at(SOON + freeze.0),
                    until: at(SOON + freeze.0 + freeze.1),
                    who: (frozen > 1).then(|| Member::Known(user("cleo"))),
                });
            }
            let mut desk = Desk::new(roster());
            for (from, length) in overrides {
                let ask = Ask::Override {
                    team: team_id("cloud"),
                    rotation: Some("primary".to_owned()),
                    who: user("dan"),
                    from: Some(at(SOON + from)),
                    until: at(SOON + from + length),
                };
                desk.ask_any("zoe", Request::OnCall(ask)).unwrap();
            }
            let (from, to) = (at(SOON), at(SOON + 45_000));
            let all = slots(&desk, &rotation, from, to);
            prop_assert!(all[0].from <= from && all[all.len() - 1].until >= to);
            for pair in all.windows(2) {
                prop_assert_eq!(pair[0].until, pair[1].from);
            }
            for slot in &all {
                let mut end = slot.from;
                for piece in &slot.pieces {
                    prop_assert_eq!(piece.from, end);
                    end = piece.until;
                    if piece.by.is_none() {
                        prop_assert_eq!(&piece.who, &slot.turn);
                    }
                }
                prop_assert_eq!(end, slot.until);
            }
            let begun = rotation.first().unwrap().from;
            let later = (from + TimeDelta::minutes(later)).max(begun);
            let known: Vec<Slot> = all.into_iter().filter(|slot| slot.until > later).collect();
            prop_assert_eq!(slots(&desk, &rotation, later, to), known);
        }
    }
}

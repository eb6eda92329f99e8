//! Who is on call at an instant, until when, and why; and the shifts that follow from it.

use chrono::{DateTime, Utc};

use super::{Kind, Staff};
use crate::domain::ids::{OverrideId, TeamId, UserId};
use crate::domain::rotation::{Member, Rotation};

/// More shifts than anybody reads; a bound for a rotation of hours over a year.
pub(super) const MOST_SHIFTS: usize = 20_000;

/// Who is on call in a rotation at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnCall {
    /// Who; nobody when it has not begun, has no members, it is not its hours, or whoever has it is unavailable.
    pub who: Option<Member>,
    /// Until when that is certain; none when it never changes.
    pub until: Option<DateTime<Utc>>,
    /// Why, from the rotation to the last word.
    pub because: Vec<Because>,
}

/// One reason in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It is their turn.
    Turn {
        /// Whose.
        member: Member,
        /// Since when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The rotation begins later.
    NotBegun {
        /// When; none when it has no members.
        first: Option<DateTime<Utc>>,
    },
    /// It is not the rotation's hours.
    OutOfHours {
        /// When they begin; none when there are none.
        next: Option<DateTime<Utc>>,
    },
    /// A freeze of the team says so.
    Freeze {
        /// What people call it.
        name: String,
        /// Who is on call by it; nobody where that is what the configuration says.
        who: Option<Member>,
        /// Since when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// An override says so.
    Override {
        /// Which.
        id: OverrideId,
        /// What it is.
        kind: Kind,
        /// Who made it or asked for it.
        by: UserId,
        /// Who is on call by it.
        who: UserId,
        /// Since when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Whoever has it said that they cannot be paged for a time.
    Unavailable {
        /// By which override.
        id: OverrideId,
        /// Who.
        who: UserId,
        /// Since when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
    },
}

/// Somebody on call for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stint {
    /// Who; none where nobody is.
    pub who: Option<Member>,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Up to, but not including.
    pub until: DateTime<Utc>,
    /// What says so, when it is not the rotation.
    pub by: Option<By>,
}

/// What says who is on call in place of the rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// An override.
    Override(OverrideId),
    /// A freeze, by its name.
    Freeze(String),
}

/// How many turns of the same person in a row are followed.
const MOST_TURNS: usize = 100;

impl By {
    /// The override, if it is one.
    pub fn id(&self) -> Option<OverrideId> {
        match self {
            Self::Override(id) => Some(*id),
            Self::Freeze(_) => None,
        }
    }
}

impl OnCall {
    /// What says so, when it is not the rotation.
    pub fn by(&self) -> Option<By> {
        match self.because.last() {
            Some(Because::Override { id, .. } | Because::Unavailable { id, .. }) => Some(By::Override(*id)),
            Some(Because::Freeze { name, .. }) => Some(By::Freeze(name.clone())),
            _ => None,
        }
    }
}

impl Staff<'_> {
    /// Whom a page to a rotation of a team reaches at an instant, until when that is certain, and why: whoever has it, and
    /// nobody while they are unavailable.
    pub fn who(&self, team: &TeamId, rotation: &Rotation, instant: DateTime<Utc>) -> OnCall {
        let mut found = self.holder(team, rotation, instant);
        let Some(Member::Known(user)) = found.who.clone() else {
            return found;
        };
        // Whoever took it again after they said so can be paged.
        let since = match found.because.last() {
            Some(Because::Override { id, .. }) => Some(*id),
            _ => None,
        };
        for (it, part) in self.overrides.holding(team, &rotation.name) {
            let counts = it.kind == Kind::Unavailable && it.by == user && since.is_none_or(|since| since < it.id);
            if !counts || part.until <= instant {
                continue;
            }
            let change = if part.from > instant { part.from } else { part.until };
            found.until = Some(found.until.map_or(change, |known| known.min(change)));
            if part.from <= instant && found.who.take().is_some() {
                found.because.push(Because::Unavailable {
                    id: it.id,
                    who: user.clone(),
                    from: part.from,
                    until: part.until,
                });
            }
        }
        found
    }

    /// Who has a rotation of a team at an instant, whether they can be paged or not: shifts, covers and handoffs are
    /// about them.
    pub fn holder(&self, team: &TeamId, rotation: &Rotation, instant: DateTime<Utc>) -> OnCall {
        let mut because = Vec::new();
        let (mut who, mut until) = by_rotation(rotation, instant, &mut because);
        if let Some(freeze) = rotation.freeze_at(instant) {
            (who, until) = (freeze.who.clone(), Some(freeze.until));
            because.push(Because::Freeze {
                name: freeze.name.clone(),
                who: freeze.who.clone(),
                from: freeze.from,
                until: freeze.until,
            });
        }
        let mut earlier = |change: DateTime<Utc>| until = Some(until.map_or(change, |known| known.min(change)));
        if let Some(next) = rotation.freeze_from(instant).filter(|next| next.from > instant) {
            earlier(next.from);
        }
        let mut found = None;
        for (it, part) in self.overrides.holding(team, &rotation.name) {
            if part.until <= instant || it.kind == Kind::Unavailable {
                continue;
            }
            if part.from > instant {
                // What begins later may end what holds now, unless something newer already holds beyond.
                earlier(part.from);
            } else if found.is_none() {
                earlier(part.until);
                found = Some((it, part));
            }
        }
        if let Some((it, part)) = found
            && let Some(user) = &part.who
        {
            who = Some(Member::Known(user.clone()));
            because.push(Because::Override {
                id: it.id,
                kind: it.kind.clone(),
                by: it.by.clone(),
                who: user.clone(),
                from: part.from,
                until: part.until,
            });
        }
        OnCall { who, until, because }
    }

    /// Whom pages reach from one instant to another, in order and without a gap; neighbours that are the same are one.
    pub fn shifts(&self, team: &TeamId, rotation: &Rotation, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Stint> {
        stints(from, to, |at| self.who(team, rotation, at))
    }

    /// When a stint ends that was cut off where whoever asked stopped looking; its own end when that is too far.
    pub fn end_of(&self, team: &TeamId, rotation: &Rotation, stint: &Stint) -> DateTime<Utc> {
        let mut end = stint.until;
        for _ in 0..MOST_TURNS {
            let then = self.who(team, rotation, end);
            match then.until {
                Some(until) if then.who == stint.who && then.by() == stint.by && until > end => end = until,
                Some(_) => return end,
                None => break,
            }
        }
        stint.until
    }

    /// Who has it from one instant to another, whether they can be paged or not.
    pub fn held(&self, team: &TeamId, rotation: &Rotation, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Stint> {
        stints(from, to, |at| self.holder(team, rotation, at))
    }
}

fn stints(from: DateTime<Utc>, to: DateTime<Utc>, who: impl Fn(DateTime<Utc>) -> OnCall) -> Vec<Stint> {
    let mut shifts: Vec<Stint> = Vec::new();
    let mut at = from;
    for _ in 0..MOST_SHIFTS {
        if at >= to {
            break;
        }
        let now = who(at);
        let until = now.until.unwrap_or(to).min(to);
        let by = now.by();
        match shifts.last_mut() {
            Some(last) if last.who == now.who && last.by == by => last.until = until,
            _ => shifts.push(Stint {
                who: now.who,
                from: at,
                until,
                by,
            }),
        }
        at = until;
    }
    shifts
}

/// What the rotation alone says.
pub(super) fn by_rotation(
    rotation: &Rotation,
    instant: DateTime<Utc>,
    because: &mut Vec<Because>,
) -> (Option<Member>, Option<DateTime<Utc>>) {
    let Some(turn) = rotation.shift_at(instant) else {
        let first = rotation.first().map(|first| first.from);
        because.push(Because::NotBegun { first });
        return (None, first);
    };
    because.push(Because::Turn {
        member: turn.member.clone(),
        from: turn.from,
        until: turn.until,
    });
    let (is_in, change) = rotation.hours_at(instant);
    let until = change.map_or(turn.until, |change| change.min(turn.until));
    if is_in {
        (Some(turn.member), Some(until))
    } else {
        because.push(Because::OutOfHours { next: change });
        (None, change)
    }
}

//! Who takes which shift: members in order, each for the same stretch of wall-clock time.
//!
//! The rules of time, and why:
//! - A boundary is a *wall-clock* time in the rotation's zone, `start + n × every`: a handover at 09:00 stays at 09:00
//!   through a clock change, as people's lives do. So a shift of a day may last 23 or 25 hours.
//! - A boundary that a clock change skips happens at the first moment after the gap; one that occurs twice happens the
//!   first time. Both keep boundaries in order and leave no moment without a member. (RFC 5545, section 3.3.5, reads a
//!   repeated local time as its first occurrence too.)
//! - Months are counted from the start, not from the last boundary, so that a rotation that starts on the 31st hands
//!   over on the last day of shorter months and returns to the 31st.
//! - Members who join or leave from a date on move no boundary and no turn before it; see `change`.
//!
//! Nothing here asks what time it is: the instant is an argument.

mod change;
mod freeze;
mod hours;

use chrono::{DateTime, Days, LocalResult, Months, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use change::Change;
pub use freeze::Freeze;
pub use hours::{Hours, NotHours};

use super::ids::UserId;

/// Somebody who is to be paged, as far as we know them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// A person of the workspace.
    Known(UserId),
    /// A name in the configuration that nobody in the workspace answers to, as it was written.
    Unknown(String),
}

/// How long a shift is on the wall clock. The count is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// That many hours.
    Hours(u32),
    /// That many days.
    Days(u32),
    /// That many weeks.
    Weeks(u32),
    /// That many months.
    Months(u32),
}

/// An ordered list of members who take shifts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Its name within the team, such as `primary`.
    pub name: String,
    /// The zone its boundaries are read in.
    pub zone: Tz,
    /// When the first member's first shift begins, on the wall clock of `zone`.
    pub start: NaiveDateTime,
    /// How long each shift is.
    pub every: Period,
    /// Who takes turns from the start on, in order.
    pub members: Vec<Member>,
    /// Who takes turns later, the earliest first; [`Rotation::changing`] adds one.
    pub changes: Vec<Change>,
    /// What holds instead for an interval, the earliest first and without overlap.
    pub freezes: Vec<Freeze>,
    /// When it is on call at all; round the clock when there are none.
    pub hours: Vec<Hours>,
}

/// One member's turn: from an instant up to, but not including, another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Whose turn it is.
    pub member: Member,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When the next one takes over.
    pub until: DateTime<Utc>,
    /// Its number, counted from 0.
    number: u64,
}

impl Rotation {
    /// The shift that `instant` falls into; none before the start, or when there is no member.
    pub fn shift_at(&self, instant: DateTime<Utc>) -> Option<Shift> {
        self.shift(self.number_at(instant)?)
    }

    /// The number of the shift that `instant` falls into; none before the start.
    fn number_at(&self, instant: DateTime<Utc>) -> Option<u64> {
        let mut number = self.estimate(instant)?;
        // The estimate is off by a clock change or by months of different lengths: a few steps at the most.
        while number > 0 && self.boundary(number)? > instant {
            number -= 1;
        }
        while self.boundary(number + 1)? <= instant {
            number += 1;
        }
        (self.boundary(number)? <= instant).then_some(number)
    }

    /// The shift that follows; none when the calendar ends.
    pub fn after(&self, shift: &Shift) -> Option<Shift> {
        // Two boundaries inside one clock change fall together: the empty shift between them is nobody's.
        (shift.number + 1..)
            .map_while(|number| self.shift(number))
            .find(|next| next.from < next.until)
    }

    /// Whether an instant is in the rotation's hours, and when that changes; none when it never does.
    pub fn hours_at(&self, instant: DateTime<Utc>) -> (bool, Option<DateTime<Utc>>) {
        hours::at(&self.hours, self.zone, instant)
    }

    /// The first shift there will ever be.
    pub fn first(&self) -> Option<Shift> {
        self.shift(0)
    }

    fn shift(&self, number: u64) -> Option<Shift> {
        Some(Shift {
            member: self.turn(number)?.clone(),
            from: self.boundary(number)?,
            until: self.boundary(number + 1)?,
            number,
        })
    }

    /// A number of the shift near `instant`, never more than a few away; none before the start.
    fn estimate(&self, instant: DateTime<Utc>) -> Option<u64> {
        let elapsed = (instant - self.boundary(0)?).num_seconds();
        let length = match self.every {
            Period::Hours(count) => i64::from(count) * 3600,
            Period::Days(count) => i64::from(count) * 86_400,
            Period::Weeks(count) => i64::from(count) * 7 * 86_400,
            // 400 Gregorian years have 4800 months and 146097 days.
            Period::Months(count) => i64::from(count) * (146_097 * 86_400 / 4800),
        };
        u64::try_from(elapsed).ok()?.checked_div(u64::try_from(length).ok()?)
    }

    /// The instant at which shift `number` begins.
    fn boundary(&self, number: u64) -> Option<DateTime<Utc>> {
        let steps = |count: u32| number.checked_mul(u64::from(count));
        let wall = match self.every {
            Period::Hours(count) => self
                .start
                .checked_add_signed(TimeDelta::try_hours(i64::try_from(steps(count)?).ok()?)?),
            Period::Days(count) => self.start.checked_add_days(Days::new(steps(count)?)),
            Period::Weeks(count) => self.start.checked_add_days(Days::new(steps(count)?.checked_mul(7)?)),
            Period::Months(count) => self
                .start
                .checked_add_months(Months::new(u32::try_from(steps(count)?).ok()?)),
        }?;
        first_moment(self.zone, wall)
    }
}

/// The first instant at which a clock in `zone` shows `wall`, or, when a clock change skips it, the first after the gap.
pub fn first_moment(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.to_utc()),
        LocalResult::None => {
            // The gap ends where the offset changes: the last instant that still has the offset before the gap.
            // A day on either side holds any gap there has been (Apia skipped a whole day in 2011).
            let at = |hours| {
                let wall = wall.checked_add_signed(TimeDelta::hours(hours))?;
                zone.from_local_datetime(&wall).earliest()
            };
            let before = (1..=30).find_map(|hours| at(-hours))?.to_utc();
            let after = (1..=30).find_map(at)?.to_utc();
            Some(first_after_change(zone, before, after))
        }
    }
}

/// Finds, to the second, where `zone` changes its offset between two instants that have different ones.
fn first_after_change(zone: Tz, before: DateTime<Utc>, after: DateTime<Utc>) -> DateTime<Utc> {
    use chrono::Offset;
    let offset = |instant: DateTime<Utc>| zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
    let (mut low, mut high) = (before.timestamp(), after.timestamp());
    let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap_or(after);
    let old = offset(before);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset(at(middle)) == old {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(high)
}

#[cfg(test)]
mod tests;

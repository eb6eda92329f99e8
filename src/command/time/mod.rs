//! Times as people write them: `tomorrow 9:00`, `mon 18:00`, `2026-11-21 09:00`, `in 2h`, `fri`.
//!
//! Reading is apart from meaning: words become a [`Moment`], which means an instant only for somebody's clock and at some
//! time. A wall-clock time that a clock change skips is refused with its neighbours, one that occurs twice with both
//! readings; so what is understood is never a guess.

use std::fmt;

use chrono::{
    DateTime, Datelike as _, Days, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone as _, Utc, Weekday,
};
use chrono_tz::Tz;

use crate::domain::duration;
use crate::domain::rotation::first_moment;

/// How many words a time has at the most: `in 1 week 2 days`.
pub(super) const LONGEST: usize = 5;

/// A time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `now`
    Now,
    /// `in 2h`, `2h`
    In(TimeDelta),
    /// A time on the wall.
    Wall {
        /// On which day.
        day: Day,
        /// At which time; the beginning of the day when none.
        time: Option<NaiveTime>,
    },
    /// With an offset from UTC, so that it is one instant everywhere.
    Exact(DateTime<Utc>),
}

/// A day as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// `2026-11-21`
    Date(NaiveDate),
    /// `today`
    Today,
    /// `tomorrow`
    Tomorrow,
    /// `mon`: the next one.
    Weekday(Weekday),
    /// Only a time: the next time the clock shows it.
    Next,
}

/// Why a time on the wall is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoInstant {
    /// A clock change skips it.
    Skipped {
        /// The last minute before the gap.
        before: DateTime<Tz>,
        /// The first moment after it.
        after: DateTime<Tz>,
    },
    /// It occurs twice.
    Twice {
        /// The first time.
        first: DateTime<Tz>,
        /// The second time.
        second: DateTime<Tz>,
    },
    /// The calendar ends before it.
    BeyondTheCalendar,
}

/// As it can be typed.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::In(length) => write!(f, "in {}s", length.num_seconds()),
            Self::Exact(instant) => write!(f, "{}", instant.format("%Y-%m-%dT%H:%MZ")),
            Self::Wall { day, time } => {
                let day = match day {
                    Day::Date(date) => date.to_string(),
                    Day::Today => "today".to_owned(),
                    Day::Tomorrow => "tomorrow".to_owned(),
                    Day::Weekday(day) => day.to_string(),
                    Day::Next => String::new(),
                };
                let time = time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
                f.write_str(format!("{day} {time}").trim())
            }
        }
    }
}

impl Moment {
    /// Reads words; none when they are no time.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text == "now" {
            return Some(Self::Now);
        }
        if let Ok(length) = duration::parse(text.strip_prefix("in ").unwrap_or(&text)) {
            return Some(Self::In(length));
        }
        if let Some(exact) = exact(&text) {
            return Some(Self::Exact(exact));
        }
        let text = text.replace(" at ", " ");
        let wall = |day, time| Some(Self::Wall { day, time });
        if let Some(time) = time(&text) {
            return wall(Day::Next, Some(time));
        }
        if let Some(day) = day(&text) {
            return wall(day, None);
        }
        let (first, rest) = text.split_once([' ', 't'].as_slice())?;
        // `t` separates only where a date stands before it: `tomorrow` begins with one.
        let (first, rest) = if day(first).is_some() {
            (first, rest)
        } else {
            text.split_once(' ')?
        };
        wall(day(first)?, Some(time(rest.trim())?))
    }

    /// The instant it means for somebody in `zone` at `now`.
    ///
    /// # Errors
    /// When a clock change makes it none or two.
    pub fn on(self, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, NoInstant> {
        let (day, time) = match self {
            Self::Now => return Ok(now),
            Self::In(length) => return now.checked_add_signed(length).ok_or(NoInstant::BeyondTheCalendar),
            Self::Exact(instant) => return Ok(instant),
            Self::Wall { day, time } => (day, time.unwrap_or(NaiveTime::MIN)),
        };
        let here = now.with_timezone(&zone).naive_local();
        let today = here.date();
        let ahead = |days: u64| {
            today
                .checked_add_days(Days::new(days))
                .ok_or(NoInstant::BeyondTheCalendar)
        };
        let date = match day {
            Day::Date(date) => date,
            Day::Today => today,
            Day::Tomorrow => ahead(1)?,
            Day::Next => ahead(u64::from(time <= here.time()))?,
            Day::Weekday(weekday) => {
                let days = (7 + weekday.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
                let is_past = days == 0 && time <= here.time();
                ahead(u64::from(days) + if is_past { 7 } else { 0 })?
            }
        };
        instant(date.and_time(time), zone)
    }
}

fn instant(wall: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, NoInstant> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(found) => Ok(found.to_utc()),
        LocalResult::Ambiguous(first, second) => Err(NoInstant::Twice { first, second }),
        LocalResult::None => {
            let after = first_moment(zone, wall).ok_or(NoInstant::BeyondTheCalendar)?;
            let after = after.with_timezone(&zone);
            Err(NoInstant::Skipped {
                before: after - TimeDelta::minutes(1),
                after,
            })
        }
    }
}

/// `2026-10-25 02:30+02:00`, as a refusal writes it, or with a `Z`.
fn exact(text: &str) -> Option<DateTime<Utc>> {
    let text = text.to_uppercase().replace('T', " ").replace('Z', "+00:00");
    let found = DateTime::<FixedOffset>::parse_from_str(&text, "%Y-%m-%d %H:%M%:z");
    found.ok().map(|found| found.to_utc())
}

fn day(text: &str) -> Option<Day> {
    match text {
        "today" => return Some(Day::Today),
        "tomorrow" => return Some(Day::Tomorrow),
        _ => {}
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        // The calendars of years nobody plans for have no zones.
        return (2000..2200).contains(&date.year()).then_some(Day::Date(date));
    }
    let is_word = text.len() >= 3 && text.chars().all(|c| c.is_ascii_alphabetic());
    is_word.then(|| text.parse().ok().map(Day::Weekday)).flatten()
}

fn time(text: &str) -> Option<NaiveTime> {
    match text {
        "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return Some(NaiveTime::MIN),
        _ => {}
    }
    for format in ["%H:%M", "%I:%M%p", "%I:%M %p"] {
        if let Ok(time) = NaiveTime::parse_from_str(text, format) {
            return Some(time);
        }
    }
    // `9am` has no minutes, and the library wants some.
    let (hour, half) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let hour: u32 = hour.trim().parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let hour = match half {
        "am" => hour % 12,
        "pm" => hour % 12 + 12,
        _ => return None,
    };
    NaiveTime::from_hms_opt(hour, 0, 0)
}

#[cfg(test)]
mod tests;

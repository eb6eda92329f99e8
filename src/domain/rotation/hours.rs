//! The hours of the week in which a rotation is on call, on the wall clock of its zone.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::first_moment;

/// On some days of the week, from one time of the day to another; past midnight when the end is not after the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The days on which it begins, Monday is 0.
    days: BTreeSet<u32>,
    from: NaiveTime,
    until: NaiveTime,
}

/// A text that names no hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "hours are written as days and times, such as `Mon-Fri 09:00-18:00`, `Sat,Sun 00:00-24:00` or `daily 22:00-06:00`"
)]
pub struct NotHours;

/// Every day of the week.
const DAILY: &str = "daily";
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// A year has every window there is.
const LOOKED_AHEAD: u64 = 370;

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (days, times) = text.trim().rsplit_once(char::is_whitespace).ok_or(NotHours)?;
        let (from, until) = times.split_once(['-', '–']).ok_or(NotHours)?;
        let days = if days.trim().eq_ignore_ascii_case(DAILY) {
            "mon-sun"
        } else {
            days
        };
        let mut found = BTreeSet::new();
        for part in days.split(',') {
            match part.split_once(['-', '–']) {
                None => {
                    found.insert(day(part)?);
                }
                Some((first, last)) => {
                    let (first, last) = (day(first)?, day(last)?);
                    // `Fri-Mon` goes round the weekend.
                    let length = (last + 7 - first) % 7;
                    found.extend((0..=length).map(|step| (first + step) % 7));
                }
            }
        }
        Ok(Self {
            days: found,
            from: time(from)?,
            until: time(until)?,
        })
    }
}

fn day(text: &str) -> Result<u32, NotHours> {
    let text = text.trim().to_lowercase();
    let short = text.get(..3).ok_or(NotHours)?;
    let day = DAYS.iter().position(|day| *day == short).ok_or(NotHours)?;
    u32::try_from(day).map_err(|_| NotHours)
}

/// `24:00` is the midnight at the end of the day, which is where the next one begins.
fn time(text: &str) -> Result<NaiveTime, NotHours> {
    let text = if text.trim() == "24:00" { "00:00" } else { text.trim() };
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| NotHours)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}-{}",
            self.shown_days(),
            self.from.format("%H:%M"),
            match self.until {
                NaiveTime::MIN => "24:00".to_owned(),
                until => until.format("%H:%M").to_string(),
            }
        )
    }
}

impl Hours {
    /// As short as people write them: `daily`, `Mon-Fri`, `Sat,Sun`.
    fn shown_days(&self) -> String {
        if self.days.len() == DAYS.len() {
            return DAILY.to_owned();
        }
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for day in &self.days {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *day => *last = *day,
                _ => runs.push((*day, *day)),
            }
        }
        let name = |day: u32| {
            let day = u8::try_from(day).ok().and_then(|day| Weekday::try_from(day).ok());
            day.map(|day| day.to_string()).unwrap_or_default()
        };
        let shown = runs.into_iter().map(|(first, last)| match last - first {
            0 => name(first),
            1 => format!("{},{}", name(first), name(last)),
            _ => format!("{}-{}", name(first), name(last)),
        });
        shown.collect::<Vec<_>>().join(",")
    }

    /// The window that begins on a day; none when it does not begin then, or a clock change swallows it.
    fn on(&self, date: NaiveDate, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        if !self.days.contains(&date.weekday().num_days_from_monday()) {
            return None;
        }
        let last = if self.until > self.from { date } else { date.succ_opt()? };
        let from = first_moment(zone, date.and_time(self.from))?;
        let until = first_moment(zone, last.and_time(self.until))?;
        (from < until).then_some((from, until))
    }
}

/// Whether an instant is in any of the hours, and when that ends or begins next; no hours are all hours. None as the
/// instant when it never changes.
pub(super) fn at(hours: &[Hours], zone: Tz, instant: DateTime<Utc>) -> (bool, Option<DateTime<Utc>>) {
    if hours.is_empty() {
        return (true, None);
    }
    let Some(yesterday) = (instant.with_timezone(&zone).date_naive()).checked_sub_days(Days::new(2)) else {
        return (false, None);
    };
    let mut end: Option<DateTime<Utc>> = None;
    for date in yesterday
        .iter_days()
        .take(usize::try_from(LOOKED_AHEAD).unwrap_or_default())
    {
        let mut windows: Vec<_> = hours.iter().filter_map(|hours| hours.on(date, zone)).collect();
        windows.sort_unstable();
        for (from, until) in windows {
            match end {
                // It goes on where one window touches the next.
                Some(known) if from <= known => end = Some(known.max(until)),
                Some(known) => return (true, Some(known)),
                None if until <= instant => {}
                None if from <= instant => end = Some(until),
                None => return (false, Some(from)),
            }
        }
        // Windows that touch each other round the week never end.
        if end.is_some_and(|end| end - instant > TimeDelta::days(9)) {
            return (true, None);
        }
    }
    (end.is_some(), end)
}

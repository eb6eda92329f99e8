//! Zones, wall-clock times and lengths.

use std::ops::RangeInclusive;

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::domain::{duration, rotation::Period, rotation::first_moment};

use super::{
    super::{
        problem::{Problem, Written},
        suggest,
    },
    collector::Collector,
};

/// Reads the name of a zone, or reports the nearest.
pub(super) fn zone(text: &Written<String>, out: &mut Collector<'_>) -> Option<Tz> {
    let typed = text.value.as_str();
    let zone = typed.parse().ok();
    if zone.is_none() {
        let problem = Problem::at(&text.mark, format!("there is no time zone `{typed}`"));
        let usual = "write the name of a city's zone, such as `Europe/Berlin`";
        out.push(problem.help(nearest_zone(typed).unwrap_or_else(|| usual.to_owned())));
    }
    zone
}

fn nearest_zone(typed: &str) -> Option<String> {
    let all = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let typed = typed.replace(char::is_whitespace, "_");
    let city = all().find(|name| {
        let city = name.rsplit('/').next().unwrap_or(name);
        name.eq_ignore_ascii_case(&typed) || city.eq_ignore_ascii_case(&typed)
    });
    match city {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None => suggest::did_you_mean(&typed, "", all()),
    }
}

/// Reads a wall-clock time that the clocks of `zone` show, or reports its neighbours.
pub(super) fn start(text: &Written<String>, zone: Tz, out: &mut Collector<'_>) -> Option<NaiveDateTime> {
    const EXAMPLE: &str = "write the date and the time on the wall, such as `2026-01-05 09:00`";
    let typed = text.value.as_str();
    let formats = [
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
    ];
    let read = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(typed, format).ok());
    let Some(wall) = read else {
        let hint = match NaiveDate::parse_from_str(typed, "%Y-%m-%d") {
            Ok(day) => format!("add the time of the handover: `{} 09:00`", day.format("%Y-%m-%d")),
            Err(_) => EXAMPLE.to_owned(),
        };
        out.push(Problem::at(&text.mark, format!("`{typed}` is not a wall-clock time")).help(hint));
        return None;
    };
    if !is_near(wall) {
        out.push(far(text).help(EXAMPLE));
        return None;
    }
    if matches!(zone.from_local_datetime(&wall), LocalResult::None) {
        let after = first_moment(zone, wall).map(|moment| moment.with_timezone(&zone));
        let hint = after.map_or_else(
            || EXAMPLE.to_owned(),
            |after| {
                let before = (after - TimeDelta::minutes(1)).format("%Y-%m-%d %H:%M");
                format!("use `{before}` or `{}`", after.format("%Y-%m-%d %H:%M"))
            },
        );
        let what = format!("a clock change in {zone} skips `{}`", wall.format("%Y-%m-%d %H:%M"));
        out.push(Problem::at(&text.mark, what).help(hint));
        return None;
    }
    Some(wall)
}

/// Reads a date, which begins at midnight, or a wall-clock time as [`start`] does.
pub(super) fn since(text: &Written<String>, zone: Tz, out: &mut Collector<'_>) -> Option<NaiveDateTime> {
    let Ok(day) = NaiveDate::parse_from_str(&text.value, "%Y-%m-%d") else {
        return start(text, zone, out);
    };
    let midnight = day.and_time(NaiveTime::MIN);
    if !is_near(midnight) {
        out.push(far(text).help("write a date such as `2026-12-01`"));
        return None;
    }
    Some(midnight)
}

fn far(text: &Written<String>) -> Problem {
    let what = format!("`{}` is not a time between the years 2000 and 2199", text.value);
    Problem::at(&text.mark, what)
}

fn is_near(wall: NaiveDateTime) -> bool {
    (day(2000)..day(2200)).contains(&wall)
}

/// The first moment of a year.
fn day(year: i32) -> NaiveDateTime {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
    first.and_time(NaiveTime::MIN)
}

/// Reads how long a shift is, or reports what would work.
pub(super) fn every(text: &Written<String>, out: &mut Collector<'_>) -> Option<Period> {
    let typed = text.value.to_lowercase();
    let digits = typed.len() - typed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = typed.split_at(digits);
    let (period, most): (fn(u32) -> Period, u32) = match unit.trim() {
        "h" | "hr" | "hrs" | "hour" | "hours" => (Period::Hours, 366 * 24),
        "d" | "day" | "days" => (Period::Days, 366),
        "w" | "week" | "weeks" => (Period::Weeks, 52),
        "month" | "months" => (Period::Months, 12),
        _ => {
            let what = format!("`{}` is not the length of a shift", text.value);
            let hint = "write a number of hours, days, weeks or months, such as `12 hours` or `1 week`";
            out.push(Problem::at(&text.mark, what).help(hint));
            return None;
        }
    };
    // No number at all: `day` is what people write for `1 day`.
    let count = if count.is_empty() { Ok(1) } else { count.parse() };
    match count {
        Ok(count @ 1..) if count <= most => Some(period(count)),
        _ => {
            let what = format!("a shift of `{}` is not between an hour and a year", text.value);
            out.push(Problem::at(&text.mark, what).help("write for example `1 week`"));
            None
        }
    }
}

/// Reads a time of day; none when it is none.
pub(super) fn of_day(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// Reads how long a level waits, or reports what would work.
pub(super) fn wait(text: &Written<String>, out: &mut Collector<'_>) -> Option<TimeDelta> {
    let allowed = TimeDelta::seconds(30)..=TimeDelta::hours(24);
    length(
        text,
        &allowed,
        "a wait of",
        "is not between 30 seconds and 24 hours",
        "10m",
        out,
    )
}

/// Reads how long an acknowledgement holds, or reports what would work.
pub(super) fn lease(text: &Written<String>, out: &mut Collector<'_>) -> Option<TimeDelta> {
    let allowed = TimeDelta::minutes(1)..=TimeDelta::days(7);
    length(
        text,
        &allowed,
        "an acknowledgement of",
        "is not between a minute and a week",
        "30m",
        out,
    )
}

/// Reads how long somebody waits for a reminder, or reports what would work.
pub(super) fn reminder(text: &Written<String>, out: &mut Collector<'_>) -> Option<TimeDelta> {
    let allowed = TimeDelta::minutes(1)..=TimeDelta::days(90);
    length(
        text,
        &allowed,
        "a reminder after",
        "is not between a minute and 90 days",
        "30m",
        out,
    )
}

fn length(
    text: &Written<String>,
    allowed: &RangeInclusive<TimeDelta>,
    what: &str,
    why: &str,
    example: &str,
    out: &mut Collector<'_>,
) -> Option<TimeDelta> {
    match duration::parse(&text.value) {
        Ok(length) if allowed.contains(&length) => Some(length),
        Ok(_) | Err(duration::NotADuration::TooLong) => {
            let problem = Problem::at(&text.mark, format!("{what} `{}` {why}", text.value));
            out.push(problem.help(format!("write for example `{example}`")));
            None
        }
        Err(unreadable @ duration::NotADuration::Unreadable) => {
            let problem = Problem::at(&text.mark, format!("`{}` is not a duration", text.value));
            out.push(problem.help(unreadable.to_string()));
            None
        }
    }
}

//! Durations as people write and read them: `45s`, `10m`, `2h30m`, `3d`, `1 week`.
//!
//! One reader for what is typed in Slack and what stands in the configuration, so that both accept the same. Months and
//! years are absent on purpose: they are not a fixed length, and "for 1 month" is never what a page needs.

use std::fmt;

use chrono::TimeDelta;

/// Why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADuration {
    /// No number with a unit was found, or something else stands between them.
    #[error("write a duration as `45s`, `10m`, `2h30m`, `3d` or `1 week`")]
    Unreadable,
    /// It is longer than ten years, or does not fit into a number.
    #[error("that is longer than ten years")]
    TooLong,
}

const TEN_YEARS: i64 = 10 * 366 * 24 * 3600;

/// Reads a duration; zero is a duration, and the caller decides whether it makes sense.
///
/// # Errors
/// When the text is not a sequence of numbers with units, or when it adds up to more than ten years.
pub fn parse(text: &str) -> Result<TimeDelta, NotADuration> {
    let mut rest = text.trim();
    let mut seconds: i64 = 0;
    if rest.is_empty() {
        return Err(NotADuration::Unreadable);
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.len() - after.trim_start_matches(char::is_alphabetic).len();
        let (unit, after) = after.split_at(letters);
        if number.is_empty() {
            return Err(NotADuration::Unreadable);
        }
        let unit = unit_in_seconds(&unit.to_lowercase()).ok_or(NotADuration::Unreadable)?;
        let number: i64 = number.parse().map_err(|_| NotADuration::TooLong)?;
        seconds = number
            .checked_mul(unit)
            .and_then(|part| part.checked_add(seconds))
            .filter(|sum| *sum <= TEN_YEARS)
            .ok_or(NotADuration::TooLong)?;
        rest = after.trim_start();
    }
    Ok(TimeDelta::seconds(seconds))
}

fn unit_in_seconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 24 * 3600,
        "w" | "week" | "weeks" => 7 * 24 * 3600,
        _ => return None,
    })
}

/// Shows a duration as a reader wants it: its two largest units, `2 h 30 min`; less than a second is `0 s`.
pub fn show(duration: TimeDelta) -> impl fmt::Display {
    struct Shown(i64);
    impl fmt::Display for Shown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let parts = [
                (self.0 / 86_400, "d"),
                (self.0 / 3600 % 24, "h"),
                (self.0 / 60 % 60, "min"),
                (self.0 % 60, "s"),
            ];
            let Some(first) = parts.iter().position(|(count, _)| *count > 0) else {
                return f.write_str("0 s");
            };
            write!(f, "{} {}", parts[first].0, parts[first].1)?;
            if let Some((count, unit)) = parts.get(first + 1).filter(|(count, _)| *count > 0) {
                write!(f, " {count} {unit}")?;
            }
            Ok(())
        }
    }
    Shown(duration.num_seconds().max(0))
}

#[cfg(test)]
mod tests;

//! Duties of a shift: what whoever is on call looks after besides pages.

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

use super::rotation::first_moment;
use super::team::Team;

/// Something that whoever has a rotation is asked to do. It is known by its text: with another text it is another duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub text: String,
    /// Where it is done, or how.
    pub link: Option<String>,
    /// When it is asked for.
    pub when: When,
    /// The name of the rotation.
    pub rotation: String,
}

/// When a duty is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Once, by whoever takes over.
    AtHandoff,
    /// By whoever takes over, and again on each later day at this time, on the clock of whoever has the shift: a duty is
    /// no page, and is to wake nobody in another zone.
    Daily(NaiveTime),
}

impl Duty {
    /// When it is asked for again, after `last`: on a later day of whoever lives in `zone`, and what was missed not before
    /// its time today. None for what is asked for once.
    pub fn again(&self, last: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let When::Daily(time) = self.when else { return None };
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let next = day(last).checked_add_days(Days::new(1))?.max(day(now));
        first_moment(zone, next.and_time(time))
    }
}

impl Team {
    /// What whoever has that rotation is asked to do, in the order of the configuration.
    pub fn duties_of<'t>(&'t self, rotation: &'t str) -> impl Iterator<Item = &'t Duty> {
        self.duties.iter().filter(move |duty| duty.rotation == rotation)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn daily(time: &str) -> Duty {
        Duty {
            text: "look".to_owned(),
            link: None,
            when: When::Daily(time.parse().expect("a time")),
            rotation: "primary".to_owned(),
        }
    }

    #[test]
    fn a_daily_duty_is_asked_for_on_the_next_day_of_whoever_has_it() {
        let nine = daily("09:00:00");
        let late = at("2026-03-02T23:30:00Z");
        assert_eq!(nine.again(late, Tz::UTC, late), Some(at("2026-03-03T09:00:00Z")));
        // In Tokyo it is the 3rd already.
        assert_eq!(
            nine.again(late, Tz::Asia__Tokyo, late),
            Some(at("2026-03-04T00:00:00Z"))
        );
        let once = Duty {
            when: When::AtHandoff,
            ..nine
        };
        assert_eq!(once.again(late, Tz::UTC, late), None);
    }

    #[test]
    fn a_time_that_a_clock_change_skips_is_the_first_after_it() {
        let noon = at("2026-03-28T12:00:00Z");
        let found = daily("02:30:00").again(noon, Tz::Europe__Berlin, noon);
        assert_eq!(found, Some(at("2026-03-29T01:00:00Z")));
    }

    #[test]
    fn what_was_missed_is_asked_for_once_and_not_in_the_middle_of_the_night() {
        let (nine, last) = (daily("09:00:00"), at("2026-03-02T09:00:00Z"));
        let today = Some(at("2026-03-06T09:00:00Z"));
        assert_eq!(nine.again(last, Tz::UTC, at("2026-03-06T03:00:00Z")), today);
        assert_eq!(nine.again(last, Tz::UTC, at("2026-03-06T22:00:00Z")), today);
    }
}

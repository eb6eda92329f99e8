//! Runbooks that somebody should look through again: whoever keeps them is told once a week, on Monday at ten by their clock.
//!
//! A Monday on which nobody was there to tell ends with the day; the next one comes.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Runbook;
use crate::domain::ids::{RunbookId, TeamId};
use crate::domain::roster::Roster;
use crate::domain::rotation::first_moment;

/// The day and the hour, on the clock of whoever is told.
const DAY: Weekday = Weekday::Mon;
const HOUR: u32 = 10;

/// When each team was told last; a team is none where nobody keeps a runbook, or nobody who is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviews {
    #[serde(default)]
    teams: BTreeMap<TeamId, DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nobody: Option<DateTime<Utc>>,
}

/// Somebody is told. Stored for ever: a field may be added with a default, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ReviewEvent {
    /// That runbooks of theirs were to be looked through.
    Told {
        /// Which team; none where nobody keeps them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// Which runbooks.
        runbooks: Vec<RunbookId>,
    },
}

impl Reviews {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &ReviewEvent, at: DateTime<Utc>) {
        let ReviewEvent::Told { team, .. } = event;
        match team {
            Some(team) => drop(self.teams.insert(team.clone(), at)),
            None => self.nobody = Some(at),
        }
    }

    /// Who is to be told now, and of what.
    pub fn due(&self, roster: &Roster, now: DateTime<Utc>) -> Vec<ReviewEvent> {
        let mut due = Vec::new();
        for (team, books) in kept(roster) {
            let zone = zone(roster, team.as_ref());
            let today = now.with_timezone(&zone).date_naive();
            let Some(begins) = moment(zone, today).filter(|begins| today.weekday() == DAY && *begins <= now) else {
                continue;
            };
            let last = match &team {
                Some(team) => self.teams.get(team).copied(),
                None => self.nobody,
            };
            let late = books.iter().filter(|(review, _)| *review < today);
            let runbooks: Vec<RunbookId> = late.map(|(_, book)| book.id.clone()).collect();
            if last.is_none_or(|last| last < begins) && !runbooks.is_empty() {
                due.push(ReviewEvent::Told { team, runbooks });
            }
        }
        due
    }
}

/// When somebody is to be told next, after `now`; never when no runbook has a date.
pub fn next_review(roster: &Roster, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let nexts = kept(roster).into_iter().filter_map(|(team, books)| {
        let zone = zone(roster, team.as_ref());
        let today = now.with_timezone(&zone).date_naive();
        let first = books.iter().map(|(review, _)| *review).min()?;
        let from = today.max(first.checked_add_days(Days::new(1))?);
        let days = from.iter_days().filter(|day| day.weekday() == DAY).take(2);
        days.filter_map(|day| moment(zone, day)).find(|at| *at > now)
    });
    nexts.min()
}

/// Runbooks with a date, by the team that keeps them.
fn kept(roster: &Roster) -> BTreeMap<Option<TeamId>, Vec<(NaiveDate, &Runbook)>> {
    let mut kept: BTreeMap<Option<TeamId>, Vec<(NaiveDate, &Runbook)>> = BTreeMap::new();
    for book in roster.runbooks.books() {
        let Some(review) = book.review else { continue };
        let owner = book.owner.as_deref().and_then(|owner| roster.team_named(owner));
        let team = owner.map(|team| team.id.clone());
        kept.entry(team).or_default().push((review, book));
    }
    kept
}

/// The clock of a team is that of its first rotation.
fn zone(roster: &Roster, team: Option<&TeamId>) -> Tz {
    let team = team.and_then(|team| roster.teams.get(team));
    let first = team.and_then(|team| team.rotations.first());
    first.map_or(roster.zone, |rotation| rotation.zone)
}

fn moment(zone: Tz, day: NaiveDate) -> Option<DateTime<Utc>> {
    first_moment(zone, day.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0)?))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::fixtures::{roster, team_id};
    use crate::domain::runbook::Library;

    fn book(id: &str, owner: Option<&str>, review: &str) -> Runbook {
        Runbook {
            id: RunbookId::new(id),
            owner: owner.map(str::to_owned),
            review: review.parse().ok(),
            ..Runbook::default()
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn told(team: Option<&str>, runbooks: &[&str]) -> ReviewEvent {
        ReviewEvent::Told {
            team: team.map(team_id),
            runbooks: runbooks.iter().map(|id| RunbookId::new(*id)).collect(),
        }
    }

    #[test]
    fn each_team_is_told_on_mondays_at_ten_of_all_that_is_late() {
        let mut roster = roster();
        roster.runbooks = Library::new(
            [
                book("a", Some("Cloud"), "2026-03-01"),
                book("b", Some("cloud"), "2026-03-09"),
                book("c", None, "2026-03-01"),
                book("d", Some("nobody"), "2026-03-02"),
                book("e", Some("payments"), "2027-01-01"),
                book("f", Some("payments"), ""),
            ],
            Vec::new(),
        );
        let mut reviews = Reviews::default();
        // A Tuesday: Monday is waited for.
        let tuesday = at("2026-03-03T12:00:00Z");
        assert_eq!(reviews.due(&roster, tuesday), []);
        let monday = at("2026-03-09T10:00:00Z");
        assert_eq!(next_review(&roster, tuesday), Some(monday));
        assert_eq!(reviews.due(&roster, monday - TimeDelta::seconds(1)), []);
        let due = reviews.due(&roster, monday);
        assert_eq!(due, [told(None, &["c", "d"]), told(Some("cloud"), &["a"])]);
        for event in &due {
            reviews.apply(event, monday);
        }
        assert_eq!(reviews.due(&roster, monday + TimeDelta::hours(3)), [], "told once");
        let next = at("2026-03-16T10:00:00Z");
        assert_eq!(next_review(&roster, monday), Some(next));
        // Whoever comes back in the afternoon still tells; the next day is too late.
        assert_eq!(
            reviews.due(&roster, next + TimeDelta::hours(5)),
            [told(None, &["c", "d"]), told(Some("cloud"), &["a", "b"])]
        );
        assert_eq!(reviews.due(&roster, next + TimeDelta::days(1)), []);
        let stored = serde_json::to_string(&reviews).expect("plain data");
        assert_eq!(serde_json::from_str::<Reviews>(&stored).expect("plain data"), reviews);
    }

    #[test]
    fn nobody_is_woken_for_what_is_not_late() {
        let mut roster = roster();
        assert_eq!(next_review(&roster, at("2026-03-03T12:00:00Z")), None);
        roster.runbooks = Library::new([book("e", Some("payments"), "2027-01-01")], Vec::new());
        let next = next_review(&roster, at("2026-03-03T12:00:00Z"));
        assert_eq!(
            next,
            Some(at("2027-01-04T10:00:00Z")),
            "the first Monday after its date"
        );
    }
}

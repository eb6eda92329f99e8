//! Who is on call, alone: a weekly rotation with 50 overrides, and 1,000 rotations.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use nightbell::clock::{Clock, monotonic};
use nightbell::config;
use nightbell::demo::Configuration;
use nightbell::directory::{Directory, roster};
use nightbell::domain::ids::{OverrideId, TeamId, UserId};
use nightbell::domain::oncall::{Event, Kind, Overrides, Part, Staff};
use nightbell::domain::roster::Roster;
use nightbell::domain::rotation::{Member, Period, Rotation};

use crate::Figure;

const ROTATIONS: usize = 1000;
const OVERRIDES: i64 = 50;
const ASKED: i64 = 10_000;

pub(crate) fn measure() -> Vec<Figure> {
    let file = config::read(&Configuration::default().text, "nightbell.toml").expect("the demo's file is right");
    let (mut roster, _) = roster(&file, &Directory::default());
    let now = Clock::System.now();
    let cloud = TeamId::new("cloud");
    let overrides = overrides(&cloud, now);
    let weekly = rotation("primary");
    let staff = Staff {
        roster: &roster,
        overrides: &overrides,
    };

    let begun = monotonic();
    let mut on_call = 0;
    for number in 0..ASKED {
        let instant = now + TimeDelta::minutes(number * 52);
        on_call += usize::from(staff.who(&cloud, &weekly, instant).who.is_some());
    }
    assert_eq!(i64::try_from(on_call), Ok(ASKED));
    let who = begun.elapsed().as_secs_f64() * 1e6 / ASKED as f64;

    let begun = monotonic();
    let shifts = staff.shifts(&cloud, &weekly, now, now + TimeDelta::days(365));
    let year = begun.elapsed();
    assert!(shifts.len() > 100, "{} shifts", shifts.len());

    fill(&mut roster, &cloud);
    let staff = Staff {
        roster: &roster,
        overrides: &overrides,
    };
    let begun = monotonic();
    assert!(staff.next_change(now).is_some());
    let next = begun.elapsed();

    vec![
        Figure {
            what: "who is on call in a weekly rotation with 50 overrides".to_owned(),
            measured: format!("{who:.1} µs"),
            target: "under 5 µs",
        },
        Figure {
            what: "a year of its shifts".to_owned(),
            measured: crate::milliseconds(year),
            target: "under 2 ms",
        },
        Figure {
            what: "1,000 rotations checked for their next change".to_owned(),
            measured: crate::milliseconds(next),
            target: "under 10 ms",
        },
    ]
}

fn rotation(name: &str) -> Rotation {
    Rotation {
        name: name.to_owned(),
        zone: chrono_tz::Tz::Europe__Berlin,
        start: NaiveDate::from_ymd_opt(2024, 1, 1)
            .and_then(|day| day.and_hms_opt(9, 0, 0))
            .expect("a day of the calendar"),
        every: Period::Weeks(1),
        members: ["U1", "U2", "U3"].map(|id| Member::Known(UserId::new(id))).to_vec(),
        changes: Vec::new(),
        freezes: Vec::new(),
        hours: Vec::new(),
    }
}

fn overrides(team: &TeamId, now: DateTime<Utc>) -> Overrides {
    let mut overrides = Overrides::default();
    for number in 0..OVERRIDES {
        let from = now + TimeDelta::days(number * 7) + TimeDelta::hours(5);
        let event = Event::Made {
            by: UserId::new("U1"),
            kind: Kind::Override,
            parts: vec![Part {
                team: team.clone(),
                rotation: "primary".to_owned(),
                who: Some(UserId::new("U4")),
                from,
                until: from + TimeDelta::hours(9),
            }],
        };
        overrides.apply(OverrideId(number.unsigned_abs() + 1), &event, now);
    }
    overrides
}

fn fill(roster: &mut Roster, team: &TeamId) {
    let team = roster.teams.get_mut(team).expect("the demo has it");
    team.rotations = (0..ROTATIONS).map(|number| rotation(&format!("r{number}"))).collect();
}

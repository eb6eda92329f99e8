//! What holds in every zone, for any overrides, changes and freezes.

use chrono::{NaiveDate, TimeZone as _};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::{roster, team_id, user};
use crate::domain::rotation::{Freeze, Member, Period, Rotation};

fn member(name: &str) -> Member {
    Member::Known(user(name))
}

const ZONES: [Tz; 8] = [
    Tz::Europe__London,
    Tz::America__New_York,
    Tz::America__Sao_Paulo,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
    Tz::Africa__Casablanca,
    Tz::Asia__Kathmandu,
    Tz::UTC,
];
const HOURS: [&[&str]; 5] = [
    &[],
    &["Mon-Fri 09:00-18:00"],
    &["Mon-Sun 22:00-06:00"],
    &["Mon-Fri 00:00-24:00", "Sat,Sun 10:00-14:00"],
    &["Sun 01:00-03:30", "Mon 00:00-02:00"],
];

pub(super) fn any_rotation() -> impl Strategy<Value = Rotation> {
    let every = prop_oneof![
        (1..40_u32).prop_map(Period::Hours),
        (1..10_u32).prop_map(Period::Days),
        (1..4_u32).prop_map(Period::Weeks),
        (1..3_u32).prop_map(Period::Months),
    ];
    let start = (2008..2013_i32, 1..13_u32, 1..29_u32, 0..24_u32);
    // Other members some hours after the beginning of 2011.
    let changes = prop::collection::btree_map(0..9_000_i64, 1..4_usize, 0..3);
    (
        0..ZONES.len(),
        every,
        start,
        1..4_usize,
        0..HOURS.len(),
        changes,
        any_freezes(),
    )
        .prop_map(
            |(zone, every, (year, month, day, hour), members, hours, changes, freezes)| {
                let rotation = Rotation {
                    name: "primary".to_owned(),
                    zone: ZONES[zone],
                    start: NaiveDate::from_ymd_opt(year, month, day)
                        .unwrap()
                        .and_hms_opt(hour, 0, 0)
                        .unwrap(),
                    every,
                    members: ["ana", "ben", "cleo"][..members]
                        .iter()
                        .map(|name| member(name))
                        .collect(),
                    changes: Vec::new(),
                    freezes: Vec::new(),
                    hours: HOURS[hours].iter().map(|hours| hours.parse().unwrap()).collect(),
                };
                let rotation = Rotation { freezes, ..rotation };
                changes.into_iter().fold(rotation, |rotation, (hours, members)| {
                    let from = new_year().naive_utc() + TimeDelta::hours(hours);
                    let members = ["dan", "ben", "eve"][..members].iter().map(|name| member(name));
                    rotation.changing(from, members.collect())
                })
            },
        )
}

/// Freezes some hours after the beginning of 2011, each a while after the one before; some of them with nobody.
fn any_freezes() -> impl Strategy<Value = Vec<Freeze>> {
    prop::collection::vec((0..3_000_i64, 1..700_i64, 0..3_u8), 0..4).prop_map(|freezes| {
        let mut end = new_year();
        let mut all = Vec::new();
        for (wait, length, who) in freezes {
            let from = end + TimeDelta::hours(wait);
            end = from + TimeDelta::hours(length);
            all.push(Freeze {
                name: "quiet".to_owned(),
                from,
                until: end,
                who: (who > 0).then(|| member("frozen")),
            });
        }
        all
    })
}

/// Overrides of the rotation, as (from, length) in hours after the beginning of 2011.
pub(super) fn any_overrides() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..9_000_i64, 1..200_i64), 0..6)
}

pub(super) fn new_year() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2011, 1, 1, 0, 0, 0).unwrap()
}

pub(super) fn made(parts: &[(i64, i64)]) -> Overrides {
    let mut overrides = Overrides::default();
    for (number, (from, length)) in parts.iter().enumerate() {
        let id = OverrideId(number as u64 + 1);
        let from = new_year() + TimeDelta::hours(*from);
        let event = Event::Made {
            by: user("zoe"),
            kind: Kind::Override,
            parts: vec![Part {
                team: team_id("cloud"),
                rotation: "primary".to_owned(),
                who: Some(user(&format!("cover-{number}"))),
                from,
                until: from + TimeDelta::hours(*length),
            }],
        };
        overrides.apply(id, &event, from);
    }
    overrides
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn shifts_are_without_gap_or_overlap_and_say_what_who_says(
        rotation in any_rotation(),
        parts in any_overrides(),
        begin in 0..8_000_i64,
        looked in prop::collection::vec(0..1_000_i64, 1..12),
    ) {
        let (roster, overrides) = (roster(), made(&parts));
        let staff = Staff { roster: &roster, overrides: &overrides };
        let from = new_year() + TimeDelta::hours(begin);
        let to = from + TimeDelta::hours(1_000);
        let shifts = staff.shifts(&team_id("cloud"), &rotation, from, to);
        prop_assert_eq!(shifts.first().map(|first| first.from), Some(from));
        prop_assert_eq!(shifts.last().map(|last| last.until), Some(to));
        for pair in shifts.windows(2) {
            prop_assert_eq!(pair[0].until, pair[1].from);
            prop_assert!(pair[0].from < pair[0].until);
        }
        for minutes in looked {
            let instant = from + TimeDelta::minutes(minutes * 60 + minutes % 60);
            let shift = shifts.iter().find(|shift| shift.from <= instant && instant < shift.until);
            let who = staff.who(&team_id("cloud"), &rotation, instant);
            prop_assert_eq!(&shift.unwrap().who, &who.who);
            prop_assert!(who.until.is_none_or(|until| until > instant), "it goes on");
        }
    }

    #[test]
    fn an_override_changes_nothing_outside_its_interval(
        rotation in any_rotation(),
        parts in any_overrides(),
        from in 0..9_000_i64,
        length in 1..200_i64,
        looked in prop::collection::vec(0..9_500_i64, 1..12),
    ) {
        let roster = roster();
        let (before, after) = (made(&parts), made(&[parts.clone(), vec![(from, length)]].concat()));
        for hours in looked {
            let instant = new_year() + TimeDelta::hours(hours);
            let who = |overrides: &Overrides| {
                let staff = Staff { roster: &roster, overrides };
                staff.who(&team_id("cloud"), &rotation, instant).who
            };
            if (from..from + length).contains(&hours) {
                prop_assert_eq!(who(&after), Some(member(&format!("cover-{}", parts.len()))));
            } else {
                prop_assert_eq!(who(&after), who(&before));
            }
        }
    }

    #[test]
    fn a_freeze_changes_nothing_outside_its_interval_and_overrides_hold_before_it(
        rotation in any_rotation(),
        parts in any_overrides(),
        looked in prop::collection::vec(0..9_500_i64, 1..12),
    ) {
        let (roster, overrides) = (roster(), made(&parts));
        let staff = Staff { roster: &roster, overrides: &overrides };
        let without = Rotation { freezes: Vec::new(), ..rotation.clone() };
        for hours in looked {
            let instant = new_year() + TimeDelta::hours(hours);
            let [with, without] = [&rotation, &without].map(|it| staff.who(&team_id("cloud"), it, instant));
            let freeze = rotation.freezes.iter().find(|freeze| freeze.from <= instant && instant < freeze.until);
            let is_overridden = parts.iter().any(|(from, length)| (*from..from + length).contains(&hours));
            match freeze {
                Some(freeze) if !is_overridden => {
                    prop_assert_eq!(&with.who, &freeze.who);
                    prop_assert!(with.until <= Some(freeze.until));
                    prop_assert_eq!(with.by(), Some(By::Freeze("quiet".to_owned())));
                }
                Some(_) => prop_assert_eq!(with.who, without.who),
                None => {
                    prop_assert_eq!(&with.who, &without.who);
                    prop_assert_eq!(&with.because, &without.because);
                    let next = rotation.freezes.iter().map(|freeze| freeze.from).find(|from| *from > instant);
                    let known = without.until.into_iter().chain(next).min();
                    prop_assert_eq!(with.until, known);
                }
            }
        }
    }

    #[test]
    fn inside_its_hours_a_rotation_has_exactly_one_member_on_the_wall_clock(
        rotation in any_rotation(),
        looked in prop::collection::vec(0..9_500_i64, 1..20),
    ) {
        let (roster, overrides) = (roster(), Overrides::default());
        let staff = Staff { roster: &roster, overrides: &overrides };
        let begun = rotation.first().unwrap().from;
        for hours in looked {
            // Ten minutes past, so that no boundary of a clock change is met.
            let instant = new_year() + TimeDelta::hours(hours) + TimeDelta::minutes(10);
            if instant < begun {
                continue;
            }
            let who = staff.who(&team_id("cloud"), &rotation, instant).who;
            let (is_in, _) = rotation.hours_at(instant);
            let freeze = rotation.freezes.iter().find(|freeze| freeze.from <= instant && instant < freeze.until);
            prop_assert_eq!(who.is_some(), freeze.map_or(is_in, |freeze| freeze.who.is_some()));
        }
    }
}

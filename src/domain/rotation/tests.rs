//! Shifts over every kind of clock change, as tables and as properties.

use chrono::{NaiveDate, Timelike as _};
use proptest::prelude::*;

use super::*;

const ZONES: [Tz; 8] = [
    Tz::Europe__London,
    Tz::America__New_York,
    // Its clock change is half an hour.
    Tz::Australia__Lord_Howe,
    // It skipped 2011-12-30, and its day begins where others end.
    Tz::Pacific__Apia,
    // Its clocks go back for Ramadan and forward after it.
    Tz::Africa__Casablanca,
    // 5 h 45 min ahead, no clock change.
    Tz::Asia__Kathmandu,
    // Its clocks changed at midnight, until 2019.
    Tz::America__Sao_Paulo,
    Tz::UTC,
];

pub(super) fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

pub(super) fn utc(text: &str) -> DateTime<Utc> {
    wall(text).and_utc()
}

pub(super) fn member(name: &str) -> Member {
    Member::Unknown(name.to_owned())
}

pub(super) fn rotation(zone: Tz, start: &str, every: Period, members: &[&str]) -> Rotation {
    Rotation {
        name: "primary".to_owned(),
        zone,
        start: wall(start),
        every,
        members: members.iter().map(|name| member(name)).collect(),
        changes: Vec::new(),
        freezes: Vec::new(),
        hours: Vec::new(),
    }
}

/// The shift that holds an instant, found by walking from the first one.
fn walked_to(rotation: &Rotation, instant: DateTime<Utc>) -> Option<Shift> {
    let mut shift = rotation.first()?;
    if instant < shift.from {
        return None;
    }
    while shift.until <= instant {
        shift = rotation.after(&shift)?;
    }
    Some(shift)
}

#[test]
fn before_the_start_nobody_is_on_call_and_at_the_start_the_first_is() {
    let rotation = rotation(
        Tz::Europe__London,
        "2026-01-05 09:00",
        Period::Weeks(1),
        &["ana", "ben"],
    );
    assert_eq!(rotation.shift_at(utc("2026-01-05 08:59")), None);
    let first = rotation.shift_at(utc("2026-01-05 09:00")).unwrap();
    assert_eq!(
        (first.member.clone(), first.from),
        (member("ana"), utc("2026-01-05 09:00"))
    );
    assert_eq!(Some(first), rotation.first());
    assert_eq!(
        rotation.shift_at(utc("2026-01-12 08:59")).unwrap().member,
        member("ana")
    );
    assert_eq!(
        rotation.shift_at(utc("2026-01-12 09:00")).unwrap().member,
        member("ben")
    );
    assert_eq!(
        rotation.shift_at(utc("2026-01-19 09:00")).unwrap().member,
        member("ana")
    );
}

#[test]
fn a_rotation_without_members_has_no_shift() {
    let rotation = rotation(Tz::UTC, "2026-01-05 09:00", Period::Days(1), &[]);
    assert_eq!(rotation.first(), None);
    assert_eq!(rotation.shift_at(utc("2026-06-01 00:00")), None);
}

#[test]
fn a_shift_of_a_day_has_23_or_25_hours_where_the_clocks_change_in_it() {
    for (zone, day, length) in [
        (Tz::Europe__London, "2026-03-28 09:00", TimeDelta::hours(23)),
        (Tz::Europe__London, "2026-10-24 09:00", TimeDelta::hours(25)),
        (Tz::America__New_York, "2026-03-07 09:00", TimeDelta::hours(23)),
        (Tz::America__New_York, "2026-10-31 09:00", TimeDelta::hours(25)),
        (
            Tz::Australia__Lord_Howe,
            "2026-10-03 09:00",
            TimeDelta::minutes(23 * 60 + 30),
        ),
        (
            Tz::Australia__Lord_Howe,
            "2026-04-04 09:00",
            TimeDelta::minutes(24 * 60 + 30),
        ),
        (Tz::Africa__Casablanca, "2026-02-14 09:00", TimeDelta::hours(25)),
        (Tz::Africa__Casablanca, "2026-03-21 09:00", TimeDelta::hours(23)),
        (Tz::America__Sao_Paulo, "2018-11-03 09:00", TimeDelta::hours(23)),
        (Tz::America__Sao_Paulo, "2019-02-16 09:00", TimeDelta::hours(25)),
        (Tz::Asia__Kathmandu, "2026-03-28 09:00", TimeDelta::hours(24)),
        (Tz::Pacific__Apia, "2026-03-28 09:00", TimeDelta::hours(24)),
        (Tz::UTC, "2026-03-28 09:00", TimeDelta::hours(24)),
    ] {
        let rotation = rotation(zone, "2018-01-01 09:00", Period::Days(1), &["ana", "ben", "cleo"]);
        let shift = rotation.shift_at(first_moment(zone, wall(day)).unwrap()).unwrap();
        assert_eq!(shift.from.with_timezone(&zone).naive_local(), wall(day), "{zone}");
        assert_eq!(shift.until - shift.from, length, "{zone} {day}");
        assert_eq!(shift.until.with_timezone(&zone).hour(), 9, "{zone} {day}");
    }
}

#[test]
fn a_handover_that_a_clock_change_skips_happens_at_the_first_moment_after_the_gap() {
    for (zone, skipped, moment) in [
        (Tz::Europe__London, "2026-03-29 01:00", "2026-03-29 01:00"),
        (Tz::Europe__London, "2026-03-29 01:30", "2026-03-29 01:00"),
        (Tz::Europe__London, "2026-03-29 01:59", "2026-03-29 01:00"),
        (Tz::America__New_York, "2026-03-08 02:30", "2026-03-08 07:00"),
        (Tz::Australia__Lord_Howe, "2026-10-04 02:15", "2026-10-03 15:30"),
        (Tz::America__Sao_Paulo, "2018-11-04 00:00", "2018-11-04 03:00"),
        (Tz::Pacific__Apia, "2011-12-30 00:00", "2011-12-30 10:00"),
        (Tz::Pacific__Apia, "2011-12-30 12:00", "2011-12-30 10:00"),
        (Tz::Pacific__Apia, "2011-12-30 23:59", "2011-12-30 10:00"),
    ] {
        assert_eq!(first_moment(zone, wall(skipped)), Some(utc(moment)), "{zone} {skipped}");
    }
}

#[test]
fn a_handover_that_occurs_twice_happens_the_first_time() {
    for (zone, twice, moment) in [
        (Tz::Europe__London, "2026-10-25 01:30", "2026-10-25 00:30"),
        (Tz::America__New_York, "2026-11-01 01:30", "2026-11-01 05:30"),
        (Tz::Australia__Lord_Howe, "2026-04-05 01:45", "2026-04-04 14:45"),
    ] {
        assert_eq!(first_moment(zone, wall(twice)), Some(utc(moment)), "{zone} {twice}");
    }
}

#[test]
fn a_rotation_that_starts_on_the_31st_returns_to_the_31st() {
    let rotation = rotation(Tz::UTC, "2026-01-31 09:00", Period::Months(1), &["ana", "ben"]);
    let starts = std::iter::successors(rotation.first(), |shift| rotation.after(shift)).map(|shift| shift.from);
    let starts: Vec<_> = starts.take(6).collect();
    let expected = [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ];
    assert_eq!(starts, expected.map(|day| utc(&format!("{day} 09:00"))));
}

#[test]
fn two_handovers_in_one_gap_leave_an_empty_shift_that_nobody_is_told_of() {
    // Apia skipped a whole day: both handovers of it happen at once when it is over.
    let rotation = rotation(
        Tz::Pacific__Apia,
        "2011-12-28 00:00",
        Period::Hours(12),
        &["ana", "ben", "cleo"],
    );
    let shifts: Vec<_> = std::iter::successors(rotation.first(), |shift| rotation.after(shift))
        .take(6)
        .collect();
    assert!(shifts.iter().all(|shift| shift.from < shift.until));
    assert!(shifts.windows(2).all(|pair| pair[0].until == pair[1].from));
}

#[test]
fn the_end_of_the_calendar_is_no_shift_and_no_panic() {
    let rotation = rotation(Tz::UTC, "2026-01-31 09:00", Period::Months(12), &["ana"]);
    assert_eq!(rotation.shift_at(DateTime::<Utc>::MAX_UTC), None);
    assert_eq!(rotation.shift_at(DateTime::<Utc>::MIN_UTC), None);
    for edge in [NaiveDateTime::MAX, NaiveDateTime::MIN] {
        for zone in ZONES {
            let _: Option<DateTime<Utc>> = first_moment(zone, edge);
        }
    }
}

#[test]
fn the_longest_counts_are_no_panic() {
    for every in [
        Period::Hours(u32::MAX),
        Period::Days(u32::MAX),
        Period::Weeks(u32::MAX),
        Period::Months(u32::MAX),
    ] {
        let rotation = rotation(Tz::UTC, "2026-01-31 09:00", every, &["ana"]);
        drop(rotation.shift_at(utc("2200-01-01 00:00")));
        assert_eq!(rotation.shift_at(utc("2026-01-01 00:00")), None);
    }
}

pub(super) fn any_rotation() -> impl Strategy<Value = Rotation> {
    let every = prop_oneof![
        (1..200_u32).prop_map(Period::Hours),
        (1..20_u32).prop_map(Period::Days),
        (1..6_u32).prop_map(Period::Weeks),
        (1..14_u32).prop_map(Period::Months),
    ];
    // From 2010 to 2030: the day Apia skipped, the last clock changes of São Paulo, Ramadans in Casablanca.
    let start = (0..20 * 366_i64 * 24 * 60).prop_map(|minutes| {
        let first = NaiveDate::from_ymd_opt(2010, 1, 1)
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        first + TimeDelta::minutes(minutes)
    });
    (proptest::sample::select(ZONES.to_vec()), start, every, 1..5_usize).prop_map(|(zone, start, every, count)| {
        Rotation {
            name: "primary".to_owned(),
            zone,
            start,
            every,
            members: (0..count).map(|number| member(&number.to_string())).collect(),
            changes: Vec::new(),
            freezes: Vec::new(),
            hours: Vec::new(),
        }
    })
}

proptest! {
    #[test]
    fn at_every_instant_after_the_start_exactly_one_is_on_call(
        rotation in any_rotation(),
        seconds in 0..15 * 366 * 86_400_i64,
    ) {
        let first = rotation.first().unwrap();
        let instant = first.from + TimeDelta::seconds(seconds);
        let shift = rotation.shift_at(instant).unwrap();
        prop_assert!(shift.from <= instant && instant < shift.until);
        prop_assert_eq!(Some(shift.clone()), rotation.shift_at(shift.from));
        let last = shift.until - TimeDelta::nanoseconds(1);
        prop_assert_eq!(Some(shift.clone()), rotation.shift_at(last));
        let next = rotation.after(&shift).unwrap();
        prop_assert_eq!(Some(next), rotation.shift_at(shift.until));
        prop_assert_eq!(rotation.shift_at(first.from - TimeDelta::nanoseconds(1)), None);
    }

    #[test]
    fn boundaries_never_go_back(rotation in any_rotation(), number in 0..5_000_u64) {
        prop_assert!(rotation.boundary(number) <= rotation.boundary(number + 1));
    }

    #[test]
    fn looking_up_agrees_with_walking(rotation in any_rotation(), share in 0.0..1.0_f64) {
        // At most some 400 steps, so that the walk stays short.
        let far = rotation.boundary(400).unwrap() - rotation.first().unwrap().from;
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any instant in it will do")]
        let into = TimeDelta::seconds((far.num_seconds() as f64 * share) as i64);
        let instant = rotation.first().unwrap().from + into;
        prop_assert_eq!(rotation.shift_at(instant), walked_to(&rotation, instant));
    }

    #[test]
    fn a_boundary_shows_its_wall_clock_time_unless_a_clock_change_skips_it(
        zone in proptest::sample::select(ZONES.to_vec()),
        minutes in 0..30 * 366 * 24 * 60_i64,
    ) {
        let wall = wall("2005-01-01 00:00") + TimeDelta::minutes(minutes);
        let moment = first_moment(zone, wall).unwrap();
        let shown = moment.with_timezone(&zone).naive_local();
        let before = (moment - TimeDelta::seconds(1)).with_timezone(&zone).naive_local();
        // The clock shows it, or jumps over it at this very second.
        prop_assert!(shown == wall || before < wall && wall < shown, "{} {} {}", zone, wall, shown);
    }
}

fn hours(texts: &[&str]) -> Vec<Hours> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// Whether a rotation of these hours in Berlin is on call at an instant, and when that changes, in UTC.
fn open(texts: &[&str], at: &str) -> (bool, Option<String>) {
    let mut rotation = rotation(Tz::Europe__Berlin, "2026-01-05 09:00", Period::Weeks(1), &["ana"]);
    rotation.hours = hours(texts);
    let (is_in, change) = rotation.hours_at(utc(at));
    (is_in, change.map(|at| at.format("%a %-d %b %H:%M").to_string()))
}

#[test]
fn hours_begin_and_end_on_the_wall_clock_also_past_midnight() {
    let office = ["Mon-Fri 09:00-18:00"];
    assert_eq!(
        open(&office, "2026-03-06 16:59"),
        (true, Some("Fri 6 Mar 17:00".to_owned()))
    );
    assert_eq!(
        open(&office, "2026-03-06 17:00"),
        (false, Some("Mon 9 Mar 08:00".to_owned()))
    );
    let night = ["Mon-Sun 22:00-06:00"];
    assert_eq!(
        open(&night, "2026-03-06 04:59"),
        (true, Some("Fri 6 Mar 05:00".to_owned()))
    );
    assert_eq!(
        open(&night, "2026-03-06 05:00"),
        (false, Some("Fri 6 Mar 21:00".to_owned()))
    );
    assert_eq!(open(&[], "2026-03-06 05:00"), (true, None), "no hours are all hours");
    assert_eq!(
        open(&["Mon-Sun 00:00-24:00"], "2026-03-06 05:00"),
        (true, None),
        "and so are these"
    );
    let touching = ["Mon-Fri 08:00-12:00", "Mon-Fri 12:00-16:00"];
    assert_eq!(
        open(&touching, "2026-03-06 08:00"),
        (true, Some("Fri 6 Mar 15:00".to_owned()))
    );
}

#[test]
fn a_clock_change_moves_the_hours_with_the_wall() {
    // The clocks go forward on Sunday 29 March at 2:00, and back on Sunday 25 October at 3:00.
    assert_eq!(
        open(&["Sun 01:00-03:30"], "2026-03-29 00:00"),
        (true, Some("Sun 29 Mar 01:30".to_owned())),
        "an hour short"
    );
    assert_eq!(
        open(&["Sun 02:10-02:50"], "2026-03-28 12:00"),
        (false, Some("Sun 5 Apr 00:10".to_owned())),
        "swallowed whole"
    );
    assert_eq!(
        open(&["Sun 01:00-03:30"], "2026-10-24 23:00"),
        (true, Some("Sun 25 Oct 02:30".to_owned())),
        "an hour longer"
    );
}

#[test]
fn hours_are_read_as_people_write_them() {
    for (text, shown) in [
        ("Mon-Fri 09:00-18:00", "Mon-Fri 09:00-18:00"),
        ("Daily 09:00-17:00", "daily 09:00-17:00"),
        ("Mon-Sun 09:00-17:00", "daily 09:00-17:00"),
        ("sat, sun 00:00-24:00", "Sat,Sun 00:00-24:00"),
        ("Friday–Monday 22:00–06:00", "Mon,Fri-Sun 22:00-06:00"),
        ("wed 9:30-10:00", "Wed 09:30-10:00"),
    ] {
        let read: Hours = text.parse().unwrap();
        assert_eq!(read.to_string(), shown, "{text}");
        assert_eq!(read.to_string().parse(), Ok(read), "{text}");
    }
    for text in [
        "",
        "Mon-Fri",
        "09:00-18:00",
        "Mon 9-18",
        "Mo 09:00-18:00",
        "Xyz 09:00-18:00",
        "Mon 09:00-25:00",
        "é 9:00-10:00",
    ] {
        assert_eq!(text.parse::<Hours>(), Err(NotHours), "{text}");
    }
}

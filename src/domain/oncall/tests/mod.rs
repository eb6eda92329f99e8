//! Who is on call, whatever people agree on; and what holds over every kind of zone.

mod duties;
mod unavailable;

use chrono::{NaiveDate, TimeZone as _};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::domain::alert::{Cause, Event as AlertEvent};
use crate::domain::escalation::Recipient;
use crate::domain::fixtures::{Desk, at, change, channel, noon, roster, team_id, user, weekly};
use crate::domain::ids::MessageId;
use crate::domain::rotation::{Freeze, Member, Period, Rotation};
use crate::domain::{Errand, Event as Happened, Outcome, Refusal as Refused, Request};

const O1: OverrideId = OverrideId(1);

fn member(name: &str) -> Member {
    Member::Known(user(name))
}

/// Asks for something about on-call; the refusal is the one about on-call.
fn ask(desk: &mut Desk, by: &str, ask: Ask) -> Result<(), Refusal> {
    match desk.ask_any(by, Request::OnCall(ask)) {
        Ok(()) => Ok(()),
        Err(Refused::OnCall(refusal)) => Err(refusal),
        Err(other) => panic!("another refusal: {other:?}"),
    }
}

fn put(who: &str, from: i64, until: i64) -> Ask {
    Ask::Override {
        team: team_id("cloud"),
        rotation: None,
        who: user(who),
        from: Some(at(from)),
        until: at(until),
    }
}

/// Who is on call for cloud so many minutes after noon.
fn on_call(desk: &Desk, minutes: i64) -> String {
    let staff = desk.world.staff(&desk.roster);
    let team = &desk.roster.teams[&team_id("cloud")];
    match staff.who(&team.id, &team.rotations[0], at(minutes)).who {
        Some(Member::Known(user)) => user.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn an_override_holds_for_its_interval_and_pages_go_there() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "zoe", put("dan", 60, 120)).unwrap();
    assert_eq!(
        [59, 60, 119, 120].map(|minutes| on_call(&desk, minutes)),
        ["ana", "dan", "dan", "ana"]
    );
    desk.now = at(90);
    desk.raise("cloud", crate::domain::priority::Priority::P1).unwrap();
    assert_eq!(desk.alert().reached[0].key(), "dan");
}

#[test]
fn somebody_who_comes_on_call_in_the_middle_is_paged_when_the_levels_repeat() {
    let mut desk = Desk::raised(roster());
    assert_eq!(desk.alert().reached[0].key(), "ana");
    ask(&mut desk, "zoe", put("dan", 20, 120)).unwrap();
    desk.let_pass(3);
    assert_eq!(
        desk.alert().reached[0].key(),
        "dan",
        "the people are those on call when each page goes out"
    );
}

#[test]
fn somebody_who_comes_on_call_while_a_level_has_time_is_paged_too_and_the_time_stays() {
    let mut desk = Desk::new(roster());
    desk.tick_at(at(0));
    desk.raise("cloud", crate::domain::priority::Priority::P1).unwrap();
    ask(&mut desk, "zoe", put("dan", 3, 120)).unwrap();
    assert!(desk.tick_at(at(2)).is_empty());
    let events = desk.tick_at(at(3));
    let [
        AlertEvent::Paged {
            to,
            because: Cause::TookOver,
            due,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((to[0].who.key(), to.len(), *due), ("dan", 1, at(10)));
    let reached: Vec<&str> = desk.alert().reached.iter().map(Recipient::key).collect();
    assert_eq!(reached, ["ana", "dan"]);
    assert!(desk.tick_at(at(4)).is_empty(), "once");
}

#[test]
fn the_newer_of_two_that_overlap_holds_and_the_older_one_after_it() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "zoe", put("dan", 0, 120)).unwrap();
    ask(&mut desk, "zoe", put("cleo", 30, 60)).unwrap();
    assert_eq!(
        [0, 30, 59, 60, 120].map(|minutes| on_call(&desk, minutes)),
        ["dan", "cleo", "cleo", "dan", "ana"]
    );
    ask(&mut desk, "zoe", Ask::Cancel(OverrideId(2))).unwrap();
    assert_eq!(on_call(&desk, 45), "dan");
    assert_eq!(
        ask(&mut desk, "zoe", Ask::Cancel(OverrideId(2))),
        Err(Refusal::Off { id: OverrideId(2) })
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let mut desk = Desk::new(roster());
    let refused = |desk: &mut Desk, what: Ask| ask(desk, "zoe", what).expect_err("it is refused");
    assert!(matches!(
        refused(&mut desk, put("dan", 60, 60)),
        Refusal::EndsBeforeItBegins { .. }
    ));
    assert!(matches!(refused(&mut desk, put("dan", -60, -30)), Refusal::Over { .. }));
    assert!(matches!(refused(&mut desk, put("dan", 0, 600_000)), Refusal::TooLong));
    assert!(matches!(
        refused(&mut desk, put("gone", 0, 60)),
        Refusal::Unreachable { .. }
    ));
    assert!(matches!(
        refused(&mut desk, put("robot", 0, 60)),
        Refusal::Unreachable { .. }
    ));
    let in_rotation = |team: &str, rotation: Option<&str>| Ask::Override {
        team: team_id(team),
        rotation: rotation.map(str::to_owned),
        who: user("dan"),
        from: None,
        until: at(60),
    };
    assert!(matches!(
        refused(&mut desk, in_rotation("clod", None)),
        Refusal::NoSuchTeam { .. }
    ));
    assert!(matches!(
        refused(&mut desk, in_rotation("cloud", Some("x"))),
        Refusal::NoSuchRotation { .. }
    ));
    assert!(matches!(
        refused(&mut desk, in_rotation("lead", None)),
        Refusal::NoSuchRotation { .. }
    ));
    assert!(matches!(
        refused(&mut desk, Ask::Cancel(O1)),
        Refusal::NoSuchOverride { .. }
    ));
    ask(&mut desk, "zoe", put("dan", 0, 60)).unwrap();
    assert!(matches!(
        ask(&mut desk, "stranger", Ask::Cancel(O1)),
        Err(Refusal::NotTheirs { .. })
    ));
    desk.now = at(60);
    assert!(matches!(refused(&mut desk, Ask::Cancel(O1)), Refusal::Over { .. }));
}

fn cover(from: i64, until: i64) -> Ask {
    Ask::Cover {
        team: None,
        from: Some(at(from)),
        until: at(until),
    }
}

#[test]
fn a_cover_is_asked_of_the_others_taken_by_one_and_given_back() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "ana", cover(60, 120)).unwrap();
    let it = desk.world.overrides().get(O1).unwrap();
    assert_eq!(
        it.kind,
        Kind::Cover {
            asked: vec![user("ben")]
        }
    );
    assert_eq!(on_call(&desk, 90), "ana", "until somebody takes it, it stays with them");
    assert_eq!(ask(&mut desk, "ana", Ask::Agree(O1)), Err(Refusal::Own));
    ask(&mut desk, "cleo", Ask::Agree(O1)).expect("anybody may help");
    assert_eq!(on_call(&desk, 90), "cleo");
    assert_eq!(ask(&mut desk, "cleo", Ask::Agree(O1)), Ok(()), "twice is no error");
    let taken = Refusal::AlreadyAgreed {
        id: O1,
        by: Some(user("cleo")),
    };
    assert_eq!(ask(&mut desk, "ben", Ask::Agree(O1)), Err(taken));
    assert!(matches!(
        ask(&mut desk, "ben", Ask::Decline(O1)),
        Err(Refusal::NotTheirs { .. })
    ));
    ask(&mut desk, "cleo", Ask::Decline(O1)).unwrap();
    assert_eq!(on_call(&desk, 90), "ana");
    ask(&mut desk, "ben", Ask::Agree(O1)).expect("it is asked for again");
    assert_eq!(on_call(&desk, 90), "ben");
    desk.now = at(120);
    assert!(matches!(
        ask(&mut desk, "ben", Ask::Decline(O1)),
        Err(Refusal::Over { .. })
    ));
}

#[test]
fn a_cover_that_nobody_takes_lapses_when_it_begins() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "ana", cover(60, 120)).unwrap();
    assert_eq!(desk.world.next_deadline(), Some(at(60)));
    desk.tick_at(at(60));
    assert_eq!(desk.world.overrides().get(O1).unwrap().standing, Standing::Off);
    assert_eq!(ask(&mut desk, "ben", Ask::Agree(O1)), Err(Refusal::Off { id: O1 }));
    assert_eq!(desk.world.next_deadline(), None);
}

#[test]
fn who_is_not_on_call_needs_no_cover_and_hears_when_they_are_next() {
    let mut desk = Desk::new(roster());
    let refusal = ask(&mut desk, "ben", cover(0, 60));
    let Err(Refusal::NotOnCall { next: Some(next), .. }) = refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!(
        next,
        noon() - TimeDelta::hours(3) + TimeDelta::weeks(1),
        "next Monday 9:00"
    );
    change(&mut desk.roster, "cloud", |cloud| {
        cloud.rotations = vec![weekly("primary", &["ana"])];
        cloud.policy.levels.truncate(1);
    });
    assert_eq!(ask(&mut desk, "ana", cover(0, 60)), Err(Refusal::NobodyElse));
}

#[test]
fn a_swap_is_two_overrides_that_hold_once_both_agree() {
    let mut desk = Desk::new(roster());
    let week = 7 * 24 * 60;
    let swap = |mine: i64, theirs: i64| Ask::Swap {
        with: user("ben"),
        mine: at(mine),
        theirs: at(theirs),
    };
    assert!(
        matches!(ask(&mut desk, "ana", swap(week, 0)), Err(Refusal::NotOnCall { .. })),
        "not their shifts"
    );
    let own = Ask::Swap {
        with: user("ana"),
        mine: at(0),
        theirs: at(0),
    };
    assert_eq!(ask(&mut desk, "ana", own), Err(Refusal::Own));
    ask(&mut desk, "ana", swap(0, week)).unwrap();
    assert_eq!(
        [0, week].map(|minutes| on_call(&desk, minutes)),
        ["ana", "ben"],
        "nothing changes before"
    );
    assert!(matches!(
        ask(&mut desk, "cleo", Ask::Agree(O1)),
        Err(Refusal::NotTheirs { .. })
    ));
    ask(&mut desk, "ben", Ask::Agree(O1)).unwrap();
    assert_eq!(
        [0, week, 2 * week].map(|minutes| on_call(&desk, minutes)),
        ["ben", "ana", "ana"]
    );
    ask(&mut desk, "ana", Ask::Cancel(O1)).unwrap();
    assert_eq!([0, week].map(|minutes| on_call(&desk, minutes)), ["ana", "ben"]);
    ask(&mut desk, "ana", swap(0, week)).unwrap();
    ask(&mut desk, "ben", Ask::Decline(OverrideId(2))).unwrap();
    assert_eq!(on_call(&desk, 0), "ana");
}

#[test]
fn what_is_over_for_a_day_leaves_memory_and_ids_go_on() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "zoe", put("dan", 0, 60)).unwrap();
    let errand = Errand::Ask { of: O1 };
    let posted = MessageRef {
        channel: channel("c"),
        message: MessageId::new("1"),
    };
    desk.settle_any(errand, Outcome::Delivered(Some(posted.clone())));
    assert_eq!(desk.world.overrides().get(O1).unwrap().asks, [posted]);
    assert_eq!(desk.world.overrides().retirable(at(60 + 24 * 60 - 1)), []);
    assert_eq!(desk.world.overrides().retirable(at(60 + 24 * 60)), [O1]);
    desk.world.retire_override(O1).unwrap();
    ask(&mut desk, "zoe", put("dan", 0, 60)).unwrap();
    assert!(desk.world.overrides().get(OverrideId(2)).is_some());
}

// What holds in every zone, for any overrides.

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

#[test]
fn events_of_overrides_are_stored_as_they_are_and_fold_to_the_same() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "ana", cover(60, 120)).unwrap();
    ask(&mut desk, "ben", Ask::Agree(O1)).unwrap();
    ask(&mut desk, "zoe", put("dan", 0, 60)).unwrap();
    let mut again = crate::domain::World::default();
    for (event, at) in &desk.journal {
        let text = serde_json::to_string(event).unwrap();
        let read: Happened = serde_json::from_str(&text).unwrap();
        assert_eq!(&read, event);
        again.apply(&read, *at);
    }
    assert_eq!(again, desk.world);
}

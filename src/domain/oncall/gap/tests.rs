//! Which gaps are warned about, when, and how often.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::super::tests::{any_overrides, any_rotation, made, new_year};
use super::*;
use crate::domain::fixtures::{
    Desk, at, change, level, new_team, noon, person, roster, rotation, team_id, user, weekly,
};
use crate::domain::oncall::{Ask, Overrides, WatchEvent};
use crate::domain::rotation::{Freeze, Member};
use crate::domain::{Event as Happened, Input, Request};

/// Minutes of a day.
const D: i64 = 24 * 60;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn with_hours(name: &str, zone: Tz, hours: &str) -> Rotation {
    Rotation {
        zone,
        hours: vec![hours.parse().unwrap()],
        ..weekly(name, &["ana", "ben"])
    }
}

fn nobody(from: i64, until: i64) -> Freeze {
    Freeze {
        name: "quiet".to_owned(),
        from: at(from),
        until: at(until),
        who: None,
    }
}

/// The gaps of a team in the weeks after a time, as `from until level>then`.
fn gaps(team: &Team, from: &str, days: i64) -> Vec<String> {
    let (roster, overrides) = (roster(), Overrides::default());
    let staff = Staff {
        roster: &roster,
        overrides: &overrides,
    };
    let from = instant(from);
    let shown = |gap: Gap| {
        let then = gap.then.map_or_else(|| "fallback".to_owned(), |then| then.to_string());
        let time = |at: DateTime<Utc>| at.format("%-d %b %H:%M").to_string();
        format!("{} to {}: {}>{then}", time(gap.from), time(gap.until), gap.level)
    };
    let gaps = staff.gaps(team, from, from + TimeDelta::days(days)).into_iter();
    gaps.map(shown).collect()
}

/// Day and night in two zones that meet in winter and not in summer.
fn two_zones(later: Vec<Level>) -> Team {
    let day = with_hours("day", Tz::Europe__Berlin, "Mon-Sun 08:00-20:00");
    let night = with_hours("night", Tz::UTC, "Mon-Sun 19:00-07:00");
    let mut levels = vec![level([rotation("day"), rotation("night")], 5)];
    levels.extend(later);
    new_team("cloud", vec![day, night], levels, 0)
}

#[test]
fn hours_that_a_clock_change_tears_apart_are_gaps_in_the_first_week_of_it() {
    let all = gaps(&two_zones(Vec::new()), "2026-02-20T12:00:00Z", 70);
    let days = ["29 Mar", "30 Mar", "31 Mar", "1 Apr", "2 Apr", "3 Apr", "4 Apr"];
    let expected = days.map(|day| format!("{day} 18:00 to {day} 19:00: 0>fallback"));
    assert_eq!(all, expected, "what was so a week before is the plan");
    let covered = two_zones(vec![level([person("ben")], 5)]);
    assert_eq!(gaps(&covered, "2026-02-20T12:00:00Z", 70), Vec::<String>::new());
}

#[test]
fn office_hours_are_meant_whether_or_not_a_later_level_covers() {
    let office = || with_hours("primary", Tz::America__New_York, "Mon-Fri 09:00-18:00");
    for later in [vec![level([person("ben")], 5)], Vec::new()] {
        let levels = [vec![level([rotation("primary")], 5)], later].concat();
        let team = new_team("cloud", vec![office()], levels, 0);
        assert_eq!(gaps(&team, "2026-01-06T12:00:00Z", 370), Vec::<String>::new());
    }
}

#[test]
fn a_freeze_with_nobody_is_a_gap_unless_a_later_level_has_somebody() {
    let frozen = |freeze: Freeze, name: &str| Rotation {
        freezes: vec![freeze],
        ..weekly(name, &["ana", "ben"])
    };
    let first = || frozen(nobody(D, 4 * D), "primary");
    let levels = |names: &[&str]| names.iter().map(|name| level([rotation(name)], 5)).collect::<Vec<_>>();
    let from = "2026-01-05T12:00:00Z";
    let alone = new_team("cloud", vec![first()], levels(&["primary"]), 0);
    assert_eq!(gaps(&alone, from, 30), ["6 Jan 12:00 to 9 Jan 12:00: 0>fallback"]);
    let both = vec![first(), weekly("second", &["cleo"])];
    let covered = new_team("cloud", both, levels(&["primary", "second"]), 0);
    assert_eq!(gaps(&covered, from, 30), Vec::<String>::new());
    // The second one is away for a part of it.
    let both = vec![first(), frozen(nobody(2 * D, 3 * D), "second")];
    let partly = new_team("cloud", both, levels(&["primary", "second"]), 0);
    let part = "7 Jan 12:00 to 8 Jan 12:00";
    assert_eq!(
        gaps(&partly, from, 30),
        [format!("{part}: 0>fallback"), format!("{part}: 1>fallback")]
    );
    // A gap is told to its end, also beyond where one looks.
    assert_eq!(gaps(&alone, from, 2), ["6 Jan 12:00 to 9 Jan 12:00: 0>fallback"]);
    // A level that begins later, although somebody is after it: it depends on it.
    let mut late = vec![first(), weekly("second", &["cleo"])];
    late[0].freezes.clear();
    late[0].hours = vec!["Mon-Sun 00:00-24:00".parse().unwrap()];
    late[0].zone = Tz::Asia__Tokyo;
    assert_eq!(
        gaps(&new_team("cloud", late, levels(&["primary", "second"]), 0), from, 30),
        Vec::<String>::new()
    );
}

/// The warnings of a look, as `notice from until` in days after noon.
fn look(desk: &mut Desk, minutes: i64) -> Vec<String> {
    desk.tick_at(at(minutes));
    let known = desk.journal.len();
    desk.input(&Input::LookAhead).unwrap();
    let warnings = desk.journal[known..].iter().filter_map(|(event, _)| match event {
        Happened::Watch {
            what: WatchEvent::GapAhead {
                from, until, notice, ..
            },
            ..
        } => {
            let days = |at: &DateTime<Utc>| (*at - noon()).num_days();
            Some(format!("{notice:?} {} {}", days(from), days(until)))
        }
        _ => None,
    });
    warnings.collect()
}

/// A desk whose team cloud pages one rotation, with nobody from the 20th to the 22nd day.
fn desk() -> Desk {
    let mut roster = roster();
    change(&mut roster, "cloud", |cloud| {
        cloud.rotations[0].freezes = vec![nobody(20 * D, 22 * D)];
        cloud.policy.levels.truncate(1);
    });
    Desk::new(roster)
}

fn put(from: i64, until: i64) -> Request {
    Request::OnCall(Ask::Override {
        team: team_id("cloud"),
        rotation: None,
        who: user("dan"),
        from: Some(at(from)),
        until: at(until),
    })
}

#[test]
fn a_gap_is_told_a_week_and_a_day_before_once_each_also_over_a_restart() {
    let mut desk = desk();
    let none: [&str; 0] = [];
    assert_eq!(look(&mut desk, 0), none);
    let next = |desk: &Desk| desk.world.watches().next_look(desk.world.staff(&desk.roster), desk.now);
    assert_eq!(next(&desk), Some(at(D)), "beyond what is looked at: a day later");
    assert_eq!(look(&mut desk, 12 * D), none);
    desk.now = at(12 * D + 60);
    assert_eq!(next(&desk), Some(at(13 * D)));
    assert_eq!(look(&mut desk, 13 * D - 1), none);
    assert_eq!(look(&mut desk, 13 * D), ["Week 20 22"]);
    assert_eq!(look(&mut desk, 13 * D), none);
    assert_eq!(look(&mut desk, 14 * D), none);
    // What is stored is all there is after a restart.
    let mut again = crate::domain::World::default();
    for watch in desk.world.watches().iter() {
        let stored = serde_json::to_string(watch).unwrap();
        again.recall_watch(serde_json::from_str(&stored).unwrap());
    }
    desk.world = again;
    assert_eq!(look(&mut desk, 15 * D), none);
    assert_eq!(look(&mut desk, 19 * D - 1), none);
    assert_eq!(next(&desk), Some(at(19 * D)));
    assert_eq!(look(&mut desk, 19 * D), ["Day 20 22"]);
    assert_eq!(look(&mut desk, 19 * D + 60), none);
    // Somebody takes a part: what is left of it was told already.
    desk.ask_any("zoe", put(20 * D, 21 * D)).unwrap();
    assert_eq!(look(&mut desk, 19 * D + 120), none);
    assert_eq!(look(&mut desk, 20 * D), none, "what has begun is the handoff's");
}

#[test]
fn a_gap_that_comes_up_late_is_told_at_once_with_the_warning_that_fits() {
    let mut desk = desk();
    desk.ask_any("zoe", put(20 * D, 22 * D)).unwrap();
    let none: [&str; 0] = [];
    assert_eq!(look(&mut desk, 14 * D), none, "somebody has it");
    desk.ask_any("zoe", Request::OnCall(Ask::Cancel(crate::domain::ids::OverrideId(1))))
        .unwrap();
    assert_eq!(look(&mut desk, 17 * D), ["Week 20 22"]);
    let mut late = self::desk();
    assert_eq!(look(&mut late, 20 * D - 30), ["Day 20 22"]);
    assert_eq!(look(&mut late, 20 * D - 20), none);
}

#[test]
fn what_comes_every_day_is_one_warning_and_then_one_a_day() {
    let mut roster = roster();
    let team = two_zones(Vec::new());
    change(&mut roster, "cloud", |cloud| *cloud = team.clone());
    let mut desk = Desk::new(roster);
    // The first is on Sunday 29 March at 18:00, 83 days and 6 hours after noon.
    let first = 83 * D + 6 * 60;
    assert_eq!(look(&mut desk, 60).len(), 0);
    assert_eq!(look(&mut desk, first - 7 * D).len(), 7);
    let later: Vec<usize> = (1..=14)
        .map(|day| look(&mut desk, first - 7 * D + day * D).len())
        .collect();
    assert_eq!(later, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
}

#[test]
fn where_there_can_be_no_gap_nobody_looks() {
    let mut desk = Desk::new(roster());
    look(&mut desk, 0);
    assert_eq!(
        desk.world.watches().next_look(desk.world.staff(&desk.roster), desk.now),
        None
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn in_a_gap_nobody_has_the_level_and_gaps_are_in_order(
        one in any_rotation(),
        other in any_rotation(),
        parts in any_overrides(),
        begin in 0..8_000_i64,
        looked in prop::collection::vec(0..100_i64, 1..5),
    ) {
        let (roster, overrides) = (roster(), made(&parts));
        let staff = Staff { roster: &roster, overrides: &overrides };
        let other = Rotation { name: "other".to_owned(), ..other };
        let levels = vec![level([rotation("primary")], 5), level([rotation("primary"), rotation("other")], 5)];
        let team = new_team("cloud", vec![one, other], levels, 0);
        let from = new_year() + TimeDelta::hours(begin);
        let gaps = staff.gaps(&team, from, from + AHEAD);
        for level in 0..2 {
            let own: Vec<&Gap> = gaps.iter().filter(|gap| gap.level == level).collect();
            for pair in own.windows(2) {
                prop_assert!(pair[0].until <= pair[1].from);
            }
        }
        for gap in &gaps {
            prop_assert!(from <= gap.from && gap.from < from + AHEAD && gap.from < gap.until);
            for share in &looked {
                let instant = gap.from + (gap.until - gap.from) / 100 * i32::try_from(*share).unwrap();
                for name in &gap.rotations {
                    let found = staff.who(&team.id, team.rotation(name).unwrap(), instant);
                    prop_assert_eq!(found.who, None);
                    let is_covered = gap.then.is_some();
                    let is_meant = matches!(found.because.last(), Some(Because::Freeze { .. } | Because::OutOfHours { .. }));
                    prop_assert!(!(is_covered && is_meant && gap.rotations.len() == 1));
                }
            }
        }
    }
}

#[test]
fn nobody_at_all_is_no_endless_walk() {
    let mut roster = roster();
    change(&mut roster, "cloud", |cloud| {
        cloud.rotations[0].members.clear();
        cloud.policy.levels.truncate(1);
    });
    let mut desk = Desk::new(roster);
    assert_eq!(look(&mut desk, 0).len(), 0, "it holds already");
    let unknown = Member::Unknown("nemo".to_owned());
    change(&mut desk.roster, "cloud", |cloud| {
        cloud.rotations[0].members.push(unknown);
    });
    assert_eq!(look(&mut desk, 1).len(), 0);
}

//! Who goes on after a change, and that nothing before it moves.

use chrono::TimeDelta;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::super::tests::{any_rotation, member, rotation, utc, wall};
use super::super::{Period, Shift};
use super::*;

fn members(names: &[&str]) -> Vec<Member> {
    names.iter().map(|name| member(name)).collect()
}

/// Days of ana, ben and cleo from Monday 5 January on, 9:00 in Berlin, with other members from a time on.
fn days(changes: &[(&str, &[&str])]) -> Rotation {
    let start = "2026-01-05 09:00";
    let days = rotation(Tz::Europe__Berlin, start, Period::Days(1), &["ana", "ben", "cleo"]);
    let add = |days: Rotation, (from, names): &(&str, &[&str])| days.changing(wall(from), members(names));
    changes.iter().fold(days, add)
}

/// Who has the first so many turns.
fn turns(rotation: &Rotation, count: usize) -> String {
    let all = std::iter::successors(rotation.first(), |shift| rotation.after(shift)).take(count);
    let names = all.map(|shift| match shift.member {
        Member::Unknown(name) => name,
        Member::Known(user) => user.to_string(),
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_turn_goes_on_after_the_one_who_was_last() {
    for (from, names, expected) in [
        // Cleo has the 7th when somebody joins.
        (
            "2026-01-08 09:00",
            &["ana", "ben", "cleo", "dan"][..],
            "ana ben cleo dan ana ben cleo dan",
        ),
        (
            "2026-01-08 09:00",
            &["dan", "ana", "ben", "cleo"],
            "ana ben cleo dan ana ben cleo dan",
        ),
        // Ben has the 6th when he leaves: cleo is next all the same.
        (
            "2026-01-07 09:00",
            &["ana", "cleo"],
            "ana ben cleo ana cleo ana cleo ana",
        ),
        // Ben and whoever is next leave: the first who stays goes on.
        ("2026-01-07 09:00", &["dan", "ana"], "ana ben ana dan ana dan ana dan"),
        // Nobody stays: the new list begins.
        ("2026-01-07 09:00", &["dan", "eve"], "ana ben dan eve dan eve dan eve"),
        // In the middle of ben's turn: it is his to its end.
        (
            "2026-01-06 09:01",
            &["ana", "cleo"],
            "ana ben cleo ana cleo ana cleo ana",
        ),
        (
            "2026-01-07 08:59",
            &["ana", "cleo"],
            "ana ben cleo ana cleo ana cleo ana",
        ),
        ("2026-01-07 00:00", &["ben"], "ana ben ben ben ben ben ben ben"),
        ("2026-01-07 09:00", &[], "ana ben cleo ana ben cleo ana ben"),
        // From the start on, or before.
        ("2026-01-05 09:00", &["dan", "ana"], "dan ana dan ana dan ana dan ana"),
        ("2025-01-05 09:00", &["dan", "ana"], "dan ana dan ana dan ana dan ana"),
    ] {
        assert_eq!(turns(&days(&[(from, names)]), 8), expected, "{from} {names:?}");
    }
}

#[test]
fn somebody_who_is_twice_in_the_list_goes_on_from_the_same_place() {
    let start = "2026-01-05 09:00";
    let days = rotation(Tz::UTC, start, Period::Days(1), &["ana", "ben", "ana", "cleo"]);
    let days = days.changing(wall("2026-01-08 00:00"), members(&["ana", "ben", "ana", "cleo", "dan"]));
    assert_eq!(turns(&days, 8), "ana ben ana cleo dan ana ben ana");
}

#[test]
fn of_two_changes_in_one_turn_the_later_one_holds() {
    let both = days(&[
        ("2026-01-06 10:00", &["dan"]),
        ("2026-01-06 18:00", &["ana", "ben", "eve"]),
        ("2026-01-10 00:00", &["eve", "ana"]),
    ]);
    assert_eq!(turns(&both, 8), "ana ben eve ana ben eve ana eve");
    let orders = [
        ("2026-01-05 12:00", 3),
        ("2026-01-07 08:59", 3),
        ("2026-01-07 09:00", 3),
        ("2026-01-10 09:00", 2),
    ];
    for (at, length) in orders {
        assert_eq!(both.members_at(utc(at) - TimeDelta::hours(1)).len(), length, "{at}");
    }
    let later: Vec<_> = both
        .changes_after(utc("2026-01-07 12:00"))
        .map(|(first, _)| first)
        .collect();
    assert_eq!(later, [utc("2026-01-10 08:00")]);
}

#[test]
fn who_left_is_no_longer_one_of_the_people_after_their_last_turn() {
    let days = rotation(Tz::UTC, "2026-01-05 09:00", Period::Days(1), &["ana", "ben"]);
    let days = days.changing(wall("2026-01-06 12:00"), members(&["cleo", "ana"]));
    let people = |at: &str| {
        let mut people: Vec<String> = days.members_from(utc(at)).map(|member| format!("{member:?}")).collect();
        people.sort_unstable();
        people.dedup();
        people.len()
    };
    assert_eq!(people("2026-01-01 00:00"), 3);
    assert_eq!(people("2026-01-07 08:59"), 3, "ben has it still");
    assert_eq!(people("2026-01-07 09:00"), 2);
}

/// A rotation with up to three changes within its first 60 turns, and each change's instant.
fn any_changes() -> impl Strategy<Value = (Rotation, Vec<DateTime<Utc>>)> {
    let lists = proptest::collection::vec((0..60_u64, proptest::collection::vec(0..7_usize, 1..5)), 1..4);
    (any_rotation(), lists, 0..86_400_i64).prop_map(|(plain, mut lists, into)| {
        lists.sort_unstable();
        let mut changed = plain.clone();
        let mut instants = Vec::new();
        for (number, list) in lists {
            let instant = plain.boundary(number).unwrap() + TimeDelta::seconds(into);
            let from = instant.with_timezone(&plain.zone).naive_local();
            instants.push(first_moment(plain.zone, from).unwrap());
            changed = changed.changing(from, list.iter().map(|name| member(&name.to_string())).collect());
        }
        (changed, instants)
    })
}

fn first_shifts(rotation: &Rotation, count: usize) -> Vec<Shift> {
    let all = std::iter::successors(rotation.first(), |shift| rotation.after(shift));
    all.take(count).collect()
}

proptest! {
    #[test]
    fn nothing_before_a_change_differs_and_no_handover_moves((changed, instants) in any_changes()) {
        for (count, instant) in instants.iter().enumerate() {
            let mut before = changed.clone();
            before.changes.truncate(count);
            let (new, old) = (first_shifts(&changed, 90), first_shifts(&before, 90));
            for (new, old) in new.iter().zip(&old) {
                prop_assert_eq!((new.from, new.until), (old.from, old.until));
                if new.from < *instant {
                    // Whoever is on call at the change stays to the end of their shift.
                    prop_assert_eq!(new, old);
                }
            }
        }
    }

    #[test]
    fn at_every_instant_exactly_one_of_the_members_is_on_call(
        (rotation, instants) in any_changes(),
        seconds in 0..3 * 366 * 86_400_i64,
    ) {
        let instant = rotation.first().unwrap().from + TimeDelta::seconds(seconds);
        let shift = rotation.shift_at(instant).unwrap();
        prop_assert!(shift.from <= instant && instant < shift.until);
        prop_assert!(rotation.members_at(instant).contains(&shift.member));
        // Only members of the newest list that had begun when the turn did.
        let newest = instants.iter().zip(&rotation.changes).rfind(|(from, _)| **from <= shift.from);
        let list = newest.map_or(&rotation.members, |(_, change)| &change.members);
        prop_assert!(list.contains(&shift.member), "{:?} {:?}", list, shift);
    }
}

//! Whoever has a shift cannot be paged for a while: pages pass to the next level, and the shift stays theirs.

use super::*;
use crate::domain::alert::Event as AlertEvent;
use crate::domain::priority::Priority;

fn unavailable(until: i64) -> Ask {
    Ask::Unavailable { until: at(until) }
}

/// Whose shift it is, whoever is paged.
fn holder(desk: &Desk, minutes: i64) -> Option<Member> {
    let staff = desk.world.staff(&desk.roster);
    let team = &desk.roster.teams[&team_id("cloud")];
    staff.holder(&team.id, &team.rotations[0], at(minutes)).who
}

#[test]
fn pages_pass_to_the_next_level_and_come_back_by_themselves() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "ana", unavailable(60)).unwrap();
    assert_eq!(
        [0, 59, 60].map(|minutes| on_call(&desk, minutes)),
        ["None", "None", "ana"]
    );
    assert_eq!(
        holder(&desk, 30),
        Some(Member::Known(user("ana"))),
        "the shift stays hers"
    );
    let events = desk.raise("cloud", Priority::P1).unwrap();
    assert_eq!(desk.alert().reached[0].key(), "ben");
    let missed = events.iter().find_map(|event| match event {
        AlertEvent::Paged { missed, .. } => missed.first().cloned(),
        _ => None,
    });
    let away = crate::domain::alert::Missed::Unavailable {
        user: user("ana"),
        until: at(60),
    };
    assert_eq!(missed, Some(away));
    assert_eq!(desk.world.overrides().next_deadline(), Some(at(60)));
    desk.tick_at(at(60));
    assert_eq!(desk.world.overrides().get(O1).unwrap().standing, Standing::Off);
    assert_eq!(desk.world.overrides().next_deadline(), None);
}

#[test]
fn it_ends_with_the_shift_and_a_second_wish_adds_only_what_is_new() {
    let mut desk = Desk::new(roster());
    let week = 7 * 24 * 60;
    ask(&mut desk, "ana", unavailable(60)).unwrap();
    let again = ask(&mut desk, "ana", unavailable(30));
    assert_eq!(again, Err(Refusal::AlreadyUnavailable { until: at(60) }));
    // Her week ends next Monday at nine.
    ask(&mut desk, "ana", unavailable(week)).unwrap();
    let second = desk.world.overrides().get(OverrideId(2)).unwrap();
    assert_eq!((second.from(), second.until()), (at(60), at(week - 180)));
    assert_eq!(on_call(&desk, week - 181), "None");
    assert_eq!(on_call(&desk, week - 180), "ben");
    // One word ends both.
    ask(&mut desk, "ana", Ask::Available).unwrap();
    assert_eq!([30, 90].map(|minutes| on_call(&desk, minutes)), ["ana", "ana"]);
    assert_eq!(ask(&mut desk, "ana", Ask::Available), Err(Refusal::Available));
}

#[test]
fn who_has_no_shift_has_nothing_to_be_kept_from() {
    let mut desk = Desk::new(roster());
    let Err(Refusal::NoShift { next: Some(_), .. }) = ask(&mut desk, "ben", unavailable(60)) else {
        panic!("ben is not on call");
    };
    let Err(Refusal::NoShift { next: None, .. }) = ask(&mut desk, "zoe", unavailable(60)) else {
        panic!("zoe never is");
    };
    assert_eq!(ask(&mut desk, "ana", Ask::Available), Err(Refusal::Available));
    assert!(matches!(
        ask(&mut desk, "ana", unavailable(0)),
        Err(Refusal::EndsBeforeItBegins { .. })
    ));
    assert_eq!(ask(&mut desk, "ana", unavailable(600_000)), Err(Refusal::TooLong));
}

#[test]
fn whoever_takes_it_meanwhile_is_paged_and_whoever_takes_it_back_too() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "ana", unavailable(120)).unwrap();
    ask(&mut desk, "zoe", put("dan", 30, 60)).unwrap();
    assert_eq!(
        [20, 30, 60].map(|minutes| on_call(&desk, minutes)),
        ["None", "dan", "None"]
    );
    ask(&mut desk, "ana", put("ana", 60, 90)).unwrap();
    assert_eq!([60, 90].map(|minutes| on_call(&desk, minutes)), ["ana", "None"]);
}

#[test]
fn a_cover_can_be_asked_for_while_one_is_unavailable_and_only_they_end_it() {
    let mut desk = Desk::new(roster());
    ask(&mut desk, "ana", unavailable(120)).unwrap();
    assert!(matches!(
        ask(&mut desk, "ben", Ask::Cancel(O1)),
        Err(Refusal::NotTheirs { .. })
    ));
    ask(&mut desk, "ana", cover(0, 60)).unwrap();
    ask(&mut desk, "ben", Ask::Agree(OverrideId(2))).unwrap();
    assert_eq!([0, 60].map(|minutes| on_call(&desk, minutes)), ["ben", "None"]);
    ask(&mut desk, "ana", Ask::Cancel(O1)).unwrap();
    assert_eq!(on_call(&desk, 60), "ana");
}

#[test]
fn no_handoff_is_made_of_it_and_it_means_nothing_once_the_configuration_gives_the_shift_to_others() {
    let mut desk = Desk::new(roster());
    desk.tick_at(at(0));
    let before = desk.journal.len();
    ask(&mut desk, "ana", unavailable(60)).unwrap();
    desk.tick_at(at(1));
    assert_eq!(desk.journal.len(), before + 1, "nothing is handed over");
    change(&mut desk.roster, "cloud", |cloud| {
        cloud.rotations = vec![weekly("primary", &["dan"])];
    });
    assert_eq!(on_call(&desk, 30), "dan");
}

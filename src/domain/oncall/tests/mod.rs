//! Who is on call, whatever people agree on.

use super::*;
use crate::domain::fixtures::{Desk, at, change, channel, noon, roster, team_id, user, weekly};
use crate::domain::ids::MessageId;
use crate::domain::rotation::Member;
use crate::domain::{Errand, Event as Happened, Outcome, Refusal as Refused, Request};

const O1: OverrideId = OverrideId(1);

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

#[test]
fn who_answered_a_test_is_known_once_and_for_ever_and_stored_as_it_is() {
    let mut desk = Desk::new(roster());
    desk.tick_at(noon());
    let answers = |desk: &mut Desk, who: &str, number: u64| {
        desk.ask_any(who, Request::Test { team: None }).unwrap();
        let alert = crate::domain::ids::AlertId(number);
        let known = desk.journal.len();
        desk.ask_any(who, Request::Acknowledge { alert, lease: None }).unwrap();
        desk.journal[known..]
            .iter()
            .filter(|(event, _)| matches!(event, Happened::Watch { .. }))
            .count()
    };
    let knows = |desk: &Desk| ["ana", "ben", "zoe"].map(|who| desk.world.watches().has_answered(&user(who)));
    assert_eq!(knows(&desk), [false, false, false]);
    assert_eq!(answers(&mut desk, "ben", 1), 1);
    assert_eq!(answers(&mut desk, "ben", 2), 0, "once");
    // She is in no team.
    assert_eq!(answers(&mut desk, "zoe", 3), 1);
    assert_eq!(knows(&desk), [false, true, true]);
    // A test that nobody answers says nothing of anybody; what is real neither.
    desk.ask_any("ana", Request::Test { team: None }).unwrap();
    desk.let_pass(1);
    desk.raise("cloud", crate::domain::priority::Priority::P1).unwrap();
    let alert = crate::domain::ids::AlertId(5);
    desk.ask_any("ana", Request::Acknowledge { alert, lease: None })
        .unwrap();
    assert_eq!(knows(&desk), [false, true, true]);
    let mut again = crate::domain::World::default();
    for watch in desk.world.watches().iter() {
        let text = serde_json::to_string(watch).unwrap();
        again.recall_watch(serde_json::from_str(&text).unwrap());
    }
    assert_eq!(again.watches(), desk.world.watches());
    let old = r#"{"id":7,"team":"cloud","rotation":"primary","who":null,"since":"2026-01-05T12:00:00Z","notes":[]}"#;
    let old: Watch = serde_json::from_str(old).unwrap();
    assert!(
        old.answered.is_empty() && old.gaps_told.is_empty(),
        "as earlier versions stored it"
    );
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

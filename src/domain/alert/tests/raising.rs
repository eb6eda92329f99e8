//! The same again, tests, and who may do what.

use super::super::*;
use crate::domain::fixtures::*;
use crate::domain::ids::AlertId;
use crate::domain::permission::{Circle, Deed};
use crate::domain::priority::Priority;
use crate::domain::roster::{Guests, Standing};
use crate::domain::{Refusal, Request};

fn raise(summary: &str, priority: Priority, alike: Alike) -> Request {
    Request::Raise(Raise {
        team: team_id("cloud"),
        summary: summary.to_owned(),
        priority,
        service: None,
        to: None,
        alike,
    })
}

#[test]
fn nearly_the_same_is_offered_to_be_joined_and_raised_when_meant() {
    let mut desk = Desk::new(roster());
    desk.ask("zoe", raise("the API times out", Priority::P3, Alike::Ask))
        .unwrap();
    let again = |words: &str| raise(words, Priority::P3, Alike::Ask);
    let similar = Err(Refusal::Similar { id: A1 });
    assert_eq!(desk.ask("ben", again("API times out!")), similar);
    desk.now = at(30);
    assert_eq!(desk.ask("ben", again("The API: times out")), similar);
    desk.ask("ben", raise("API times out", Priority::P3, Alike::Raise))
        .expect("it was meant");
    desk.ask("ben", raise("the API times out", Priority::P1, Alike::Ask))
        .expect("it is more urgent");
    desk.ask("ben", again("the API is slow"))
        .expect("it says something else");
    let mut desk = Desk::new(roster());
    desk.ask("zoe", again("the API times out")).unwrap();
    desk.now = at(31);
    desk.ask("ben", again("the API times out"))
        .expect("it is half an hour ago");
    desk.ask(
        "zoe",
        Request::Resolve {
            alert: AlertId(2),
            because: None,
        },
    )
    .unwrap();
    desk.ask("ben", again("the API times out"))
        .expect("the last one is over");
}

#[test]
fn words_decide_what_is_similar() {
    for (one, other) in [
        ("the API times out", "API times out"),
        ("Disk full on db-3!", "disk full, on DB-3"),
        ("help", "HELP"),
        ("Fläche voll auf Müller", "fläche voll auf MÜLLER"),
        ("down down down", "down"),
    ] {
        assert!(Words::of(one).are_nearly_those_of(other), "{one} / {other}");
        assert!(Words::of(other).are_nearly_those_of(one), "{other} / {one}");
    }
    for (one, other) in [
        ("disk full on db-3", "disk full on db-4"),
        ("the API times out", "the API is down"),
        ("", ""),
        ("!!!", "!!!"),
    ] {
        assert!(!Words::of(one).are_nearly_those_of(other), "{one} / {other}");
        assert!(!Words::of(other).are_nearly_those_of(one), "{other} / {one}");
    }
}

#[test]
fn whoever_joins_is_counted_and_quoted() {
    let mut desk = Desk::raised(roster());
    let join = |text: &str| Request::Join {
        alert: A1,
        text: text.to_owned(),
    };
    desk.ask("ben", join(" me too ")).unwrap();
    assert_eq!(desk.alert().repeats, 1);
    assert!(matches!(
        &desk.alert().timeline.last().unwrap().what,
        Event::Repeated { text: Some(text), .. } if text == "me too"
    ));
    desk.resolve("ana").unwrap();
    assert!(matches!(
        desk.ask("ben", join("me too")),
        Err(Refusal::AlreadyResolved { .. })
    ));
}

#[test]
fn a_test_of_oneself_is_answered_or_ends_by_itself_and_is_never_loud() {
    let mut desk = Desk::new(roster());
    desk.ask("ben", Request::Test { team: None }).unwrap();
    assert!(!desk.alert().is_shown());
    assert_eq!(desk.alert().reached[0].key(), "ben");
    let over = desk.tick_at(at(10));
    assert_eq!(over, [Event::Tested { by: None }]);
    assert_eq!(desk.world.next_deadline(), None);
    desk.ask("ben", Request::Test { team: None }).unwrap();
    let answer = Request::Acknowledge {
        alert: AlertId(2),
        lease: None,
    };
    assert_eq!(
        desk.ask("ben", answer),
        Ok(vec![Event::Tested { by: Some(user("ben")) }])
    );
    assert_eq!(desk.world.next_deadline(), None);
}

#[test]
fn a_test_of_a_team_walks_its_levels_once() {
    let mut desk = Desk::new(roster());
    desk.ask(
        "ben",
        Request::Test {
            team: Some(team_id("cloud")),
        },
    )
    .unwrap();
    assert!(desk.alert().is_shown());
    let last = desk.let_pass(3);
    assert_eq!(last, [Event::Tested { by: None }], "cloud's own policy has two rounds");
    let gone = Request::Test {
        team: Some(team_id("clod")),
    };
    assert!(matches!(desk.ask("ben", gone), Err(Refusal::NoSuchTeam { .. })));
}

#[test]
fn what_is_kept_to_some_is_refused_to_others_who_are_told_who_may() {
    let mut roster = roster();
    roster.admins = vec![user("zoe")];
    change(&mut roster, "cloud", |cloud| {
        cloud.permissions.resolve = Circle::Team;
        cloud.permissions.snooze = Circle::People(vec![user("dan")]);
    });
    let mut desk = Desk::raised(roster);
    let refusal = |deed, who| {
        Err(Refusal::NotAllowed {
            deed,
            team: team_id("cloud"),
            who,
        })
    };
    assert_eq!(desk.resolve("dan"), refusal(Deed::Resolve, Circle::Team));
    assert_eq!(
        desk.snooze("ana", 30),
        refusal(Deed::Snooze, Circle::People(vec![user("dan")]))
    );
    desk.snooze("dan", 30).unwrap();
    desk.snooze("zoe", 30).expect("whoever runs the bot may");
    desk.resolve("ben").expect("the rotation has them");
}

#[test]
fn guests_take_part_and_end_nothing_unless_they_are_allowed_to() {
    let mut roster = roster();
    roster.people.get_mut(&user("dan")).unwrap().standing = Standing::Guest;
    let mut desk = Desk::raised(roster.clone());
    desk.acknowledge("dan").unwrap();
    desk.note("dan", "looking").unwrap();
    assert!(matches!(
        desk.resolve("dan"),
        Err(Refusal::NotAllowed {
            who: Circle::Anyone,
            ..
        })
    ));
    roster.guests = Guests::Allowed;
    desk.roster = roster;
    desk.resolve("dan").unwrap();
}

//! Somebody on call has too much: the levels after theirs are paged.

use super::super::*;
use crate::domain::fixtures::*;
use crate::domain::oncall;
use crate::domain::priority::Priority;
use crate::domain::{Refusal, Request};

fn help(desk: &mut Desk, by: &str, team: Option<&str>, text: Option<&str>) -> Result<Vec<Event>, Refusal> {
    let what = Request::Underwater {
        team: team.map(team_id),
        text: text.map(str::to_owned),
    };
    desk.ask(by, what)
}

fn refusal(desk: &mut Desk, by: &str, team: Option<&str>) -> oncall::Refusal {
    match help(desk, by, team, Some("too much")) {
        Err(Refusal::OnCall(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn newest(desk: &Desk) -> &Alert {
    desk.world.alerts().last().expect("an alert")
}

#[test]
fn the_next_level_is_paged_with_what_is_open() {
    let mut desk = Desk::raised(roster());
    help(&mut desk, "ana", None, Some("two at once")).unwrap();
    let alert = newest(&desk);
    assert_eq!(alert.summary, "@ana is underwater and asks for help: two at once");
    assert_eq!(alert.reached[0].key(), "ben");
    assert_eq!(
        (alert.priority, alert.labels["A-1"].as_str()),
        (Priority::P1, "P1 the API times out")
    );
    assert_eq!(alert.policy.levels.len(), 2, "her own level is not among them");
    // When nobody answers it goes on as any page does.
    desk.let_pass(2);
    assert_eq!(newest(&desk).reached[0].key(), "cleo");
}

#[test]
fn asked_twice_it_is_one_alert_and_new_words_are_added() {
    let mut desk = Desk::new(roster());
    help(&mut desk, "ana", Some("cloud"), None).unwrap();
    let first = newest(&desk).id;
    let again = help(&mut desk, "ana", None, None);
    assert_eq!(
        again,
        Err(Refusal::OnCall(oncall::Refusal::AlreadyUnderwater { alert: first }))
    );
    let added = help(&mut desk, "ana", None, Some("and a third one")).unwrap();
    assert!(matches!(&added[..], [Event::Repeated { text: Some(text), .. }] if text == "and a third one"));
    desk.ask(
        "ben",
        Request::Resolve {
            alert: first,
            because: None,
        },
    )
    .unwrap();
    help(&mut desk, "ana", None, None).expect("what is over is asked for again");
    assert_ne!(newest(&desk).id, first);
}

#[test]
fn nobody_next_nobody_on_call_and_no_shift_are_refused_each_by_its_reason() {
    let mut desk = Desk::new(roster());
    let text = || Some("too much".to_owned());
    let refused = refusal(&mut desk, "cleo", Some("payments"));
    let team = team_id("payments");
    assert_eq!(refused, oncall::Refusal::NobodyNext { team, text: text() });
    assert_eq!(
        refusal(&mut desk, "zoe", None),
        oncall::Refusal::NoShiftNow { text: text() }
    );
    let refused = refusal(&mut desk, "dan", Some("cloud"));
    let team = team_id("cloud");
    assert_eq!(refused, oncall::Refusal::NotYourShift { team, text: text() });
    let refused = refusal(&mut desk, "dan", Some("moon"));
    assert_eq!(refused, oncall::Refusal::NoSuchTeam { team: team_id("moon") });
    change(&mut desk.roster, "cloud", |cloud| {
        cloud.rotations = vec![weekly("primary", &[])];
    });
    assert!(matches!(
        refusal(&mut desk, "ana", Some("cloud")),
        oncall::Refusal::NotYourShift { .. }
    ));
}

#[test]
fn who_is_in_two_teams_is_asked_which() {
    let mut desk = Desk::new(roster());
    change(&mut desk.roster, "payments", |team| {
        team.rotations = vec![weekly("primary", &["ana"])];
    });
    let refused = refusal(&mut desk, "ana", None);
    let teams = vec![team_id("cloud"), team_id("payments")];
    let text = Some("too much".to_owned());
    assert_eq!(refused, oncall::Refusal::WhichTeam { teams, text });
    help(&mut desk, "ana", Some("payments"), None).unwrap();
    assert_eq!(newest(&desk).reached[0].key(), "cleo");
}

#[test]
fn whoever_has_one_of_the_teams_alerts_may_ask_too_and_is_not_paged_themselves() {
    let mut desk = Desk::raised(roster());
    desk.acknowledge("dan").unwrap();
    help(&mut desk, "dan", Some("cloud"), None).unwrap();
    assert_eq!(newest(&desk).reached[0].key(), "ben");
    // Unavailable she keeps the shift, and may ask.
    let away = oncall::Ask::Unavailable { until: at(60) };
    desk.ask_any("ana", Request::OnCall(away)).unwrap();
    help(&mut desk, "ana", Some("cloud"), None).unwrap();
    assert_eq!(newest(&desk).reached[0].key(), "ben");
}

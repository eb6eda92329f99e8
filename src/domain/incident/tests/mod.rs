//! What is allowed, what follows, and what is remembered.

mod afterwards;
mod changing;
mod journal;

use chrono::TimeDelta;

use super::{Aftermath, Analysis, Ask, Declaration, Errand, Home, Incident, Nag, Refusal, Severity, Status, Words};
use crate::domain::fixtures::{Desk, at, channel, message, refused, roster, team_id, user};
use crate::domain::ids::IncidentId;
use crate::domain::{self, Outcome, Request};

const I1: IncidentId = IncidentId(1);

/// A desk on which ana has declared an incident of cloud.
pub(super) fn declared(severity: Severity) -> Desk {
    let mut desk = Desk::new(roster());
    let what = Declaration {
        title: "checkout times out".to_owned(),
        severity,
        team: Some(team_id("cloud")),
        ..Declaration::default()
    };
    desk.ask_any("ana", Request::Declare(what)).expect("a title");
    desk
}

pub(super) fn ask(desk: &mut Desk, by: &str, ask: Ask) -> Result<(), Refusal> {
    let request = Request::Incident { id: Some(I1), ask };
    desk.ask_any(by, request).map_err(|refusal| match refusal {
        domain::Refusal::Incident(refusal) => refusal,
        other => panic!("another refusal: {other:?}"),
    })
}

fn incident(desk: &Desk) -> &Incident {
    desk.world.incidents().get(I1).expect("an incident")
}

fn status(to: Status) -> Ask {
    Ask::Status { to, note: None }
}

fn resolve() -> Ask {
    Ask::Resolve {
        summary: None,
        aftermath: Aftermath::default(),
    }
}

fn settle(desk: &mut Desk, what: Errand, outcome: Outcome) {
    desk.settle_any(domain::Errand::Incident { id: I1, what }, outcome);
}

#[test]
fn every_open_status_leads_to_every_other_and_going_back_needs_a_note() {
    for from in Status::OPEN {
        for to in Status::OPEN {
            let mut desk = declared(Severity::Sev3);
            ask(&mut desk, "ana", status(from)).expect("forward");
            let plain = ask(&mut desk, "ana", status(to));
            assert_eq!(plain.is_err(), to < from, "{from} to {to}");
            let note = Some("it is back".to_owned());
            ask(&mut desk, "ana", Ask::Status { to, note }).expect("with a note anything goes");
            assert_eq!(incident(&desk).status, to);
        }
    }
}

#[test]
fn what_is_over_takes_no_more_updates_and_says_what_was_typed() {
    let ends = [resolve(), Ask::Cancel("a drill".to_owned())];
    for end in ends {
        let mut desk = declared(Severity::Sev3);
        ask(&mut desk, "ana", end).expect("it is open");
        let refusal = ask(&mut desk, "ben", Ask::Update(Words::free("half is back")));
        let Err(Refusal::Over { text, .. }) = refusal else {
            panic!("{refusal:?}");
        };
        assert_eq!(text.as_deref(), Some("half is back"));
        ask(&mut desk, "ben", Ask::Note("a late thought".to_owned())).expect("its timeline stays open");
        ask(&mut desk, "ben", Ask::Reopen(None)).expect("it is over");
        assert_eq!(
            ask(&mut desk, "ben", Ask::Reopen(None)),
            Err(Refusal::StillOpen { id: I1 })
        );
    }
}

#[test]
fn two_leads_at_once_and_handing_over() {
    let mut desk = declared(Severity::Sev3);
    ask(&mut desk, "ben", Ask::TakeLead).expect("nobody leads it");
    ask(&mut desk, "ben", Ask::TakeLead).expect("twice is no error");
    let lead = user("ben");
    assert_eq!(
        ask(&mut desk, "cleo", Ask::TakeLead),
        Err(Refusal::HasLead { id: I1, lead })
    );
    let role = |role: &str, who: &str| Ask::Role {
        role: role.to_owned(),
        who: user(who),
    };
    ask(&mut desk, "cleo", role("Lead", "cleo")).expect("saying so hands it over");
    assert_eq!(incident(&desk).lead(), Some(&user("cleo")));
    let gone = ask(&mut desk, "cleo", role("lead", "gone"));
    assert_eq!(gone, Err(Refusal::Unreachable { who: user("gone") }));
    let robot = ask(&mut desk, "cleo", role("scribe", "robot"));
    assert_eq!(robot, Err(Refusal::Unreachable { who: user("robot") }));
    assert!(matches!(
        ask(&mut desk, "cleo", role("wizard", "ana")),
        Err(Refusal::NoSuchRole { .. })
    ));
}

#[test]
fn a_channel_is_a_chain_of_errands_each_begun_by_the_receipt_before() {
    let mut desk = declared(Severity::Sev1);
    let name = |desk: &Desk| match &incident(desk).home {
        Home::Opening { name } => name.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(&desk), "inc-1-checkout-times-out");
    // Whoever declared it, and whoever is on call for cloud, who is the same.
    assert_eq!(incident(&desk).people.iter().collect::<Vec<_>>(), [&user("ana")]);
    for next in ["inc-1-checkout-times-out-2", "inc-1-checkout-times-out-3"] {
        let errand = Errand::Room { name: name(&desk) };
        settle(&mut desk, errand, refused("name_taken"));
        assert_eq!(name(&desk), next);
    }
    let errand = Errand::Room { name: name(&desk) };
    settle(&mut desk, errand, Outcome::Delivered(Some(message("C7", ""))));
    assert_eq!(incident(&desk).room(), Some(&channel("C7")));
    assert_eq!(desk.world.incidents().of_channel(&channel("C7")), Some(I1));
    let line = Errand::Line {
        channel: channel("C7"),
        moment: 1,
    };
    settle(&mut desk, line, refused("is_archived"));
    assert_eq!(incident(&desk).home, Home::Thread);
}

#[test]
fn names_run_out_and_it_goes_on_in_the_thread() {
    let mut desk = declared(Severity::Sev1);
    for _ in 0..50 {
        if let Home::Opening { name } = &incident(&desk).home {
            let errand = Errand::Room { name: name.clone() };
            settle(&mut desk, errand, refused("name_taken"));
        }
    }
    assert_eq!(incident(&desk).home, Home::Thread);
}

#[test]
fn reminders_come_when_they_should_can_be_moved_and_switched_off() {
    let mut desk = declared(Severity::Sev1);
    let next = |desk: &Desk| {
        let due = incident(desk).due().min().expect("something is due");
        ((due.0 - at(0)).num_minutes(), due.1)
    };
    assert_eq!(next(&desk), (10, Nag::Lead));
    desk.tick_at(at(10));
    assert_eq!(next(&desk), (20, Nag::Lead), "asked again, and later every time");
    ask(&mut desk, "ana", Ask::TakeLead).expect("nobody leads it");
    assert_eq!(next(&desk), (30, Nag::Update));
    desk.now = at(25);
    ask(&mut desk, "ana", Ask::Update(Words::free("we roll back"))).expect("it is open");
    assert_eq!(next(&desk), (55, Nag::Update), "an update begins the wait anew");
    desk.now = at(50);
    let snooze = Ask::Snooze {
        length: TimeDelta::minutes(20),
        because: Some("the vendor is on it".to_owned()),
        of: None,
    };
    ask(&mut desk, "ana", snooze).expect("something is due");
    assert_eq!(next(&desk), (70, Nag::Update));
    desk.tick_at(at(70));
    assert_eq!(next(&desk), (100, Nag::Update), "the cadence stays");
    let off = Ask::Switch {
        of: Nag::Update,
        on: false,
    };
    ask(&mut desk, "ana", off).expect("it was on");
    assert!(incident(&desk).due().next().is_none());
    ask(&mut desk, "ana", status(Status::Monitoring)).expect("forward");
    assert_eq!(next(&desk), (70 + 24 * 60, Nag::Monitoring));
}

#[test]
fn an_analysis_is_due_after_a_rollback_and_after_bad_ones() {
    let aftermath = |rollback| Aftermath {
        rollback,
        ..Aftermath::default()
    };
    for (severity, rollback, due) in [
        (Severity::Sev1, false, true),
        (Severity::Sev3, true, true),
        (Severity::Sev3, false, false),
    ] {
        let mut desk = declared(severity);
        let end = Ask::Resolve {
            summary: None,
            aftermath: aftermath(rollback),
        };
        ask(&mut desk, "ana", end).expect("it is open");
        let is_due = matches!(incident(&desk).analysis, Analysis::Due { .. });
        assert_eq!(is_due, due, "{severity} {rollback}");
    }
}

#[test]
fn a_merge_changes_both_and_neither_into_itself() {
    let mut desk = declared(Severity::Sev3);
    let other = Declaration {
        title: "paying fails".to_owned(),
        ..Declaration::default()
    };
    desk.ask_any("ben", Request::Declare(other)).expect("a title");
    assert_eq!(
        ask(&mut desk, "ben", Ask::Merge(I1)),
        Err(Refusal::IntoItself { id: I1 })
    );
    ask(&mut desk, "ben", Ask::Merge(IncidentId(2))).expect("both are open");
    assert_eq!(incident(&desk).merged_into, Some(IncidentId(2)));
    let other = desk.world.incidents().get(IncidentId(2)).expect("the other");
    assert_eq!(other.timeline.len(), 1);
    assert!(matches!(
        ask(&mut desk, "ben", Ask::Merge(IncidentId(2))),
        Err(Refusal::Over { .. })
    ));
}

#[test]
fn titles_are_needed_and_bounded() {
    let mut desk = Desk::new(roster());
    for (title, fits) in [
        ("", false),
        ("  ", false),
        (&"x".repeat(500), true),
        (&"x".repeat(501), false),
    ] {
        let what = Declaration {
            title: title.to_owned(),
            ..Declaration::default()
        };
        assert_eq!(
            desk.ask_any("ana", Request::Declare(what)).is_ok(),
            fits,
            "{}",
            title.len()
        );
    }
}

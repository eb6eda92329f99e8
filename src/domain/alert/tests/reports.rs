//! What programs report.

use std::collections::BTreeMap;

use super::super::*;
use crate::domain::fixtures::*;
use crate::domain::priority::Priority;
use crate::domain::{Input, Refusal};

fn report(key: Option<&str>, what: Observation) -> Input {
    Input::Reported(Report {
        source: "Build Tracker".to_owned(),
        team: team_id("cloud"),
        key: key.map(str::to_owned),
        what,
    })
}

fn firing(priority: Priority) -> Observation {
    Observation::Firing(Firing {
        summary: "no builds for 10 min".to_owned(),
        priority,
        service: None,
        labels: BTreeMap::from([("policy".to_owned(), "no-builds".to_owned())]),
    })
}

fn cleared(then: AfterClearing) -> Observation {
    Observation::Cleared { then }
}

/// Cloud's monitor has reported something urgent.
fn reported() -> Desk {
    let mut desk = Desk::new(roster());
    desk.input(&report(Some("k"), firing(Priority::P2))).unwrap();
    desk
}

#[test]
fn the_first_report_pages_and_the_next_ones_count() {
    let mut desk = reported();
    assert!(matches!(desk.alert().page, Page::Paging { .. }));
    assert_eq!(desk.alert().labels["policy"], "no-builds");
    for _ in 0..3 {
        let events = desk.input(&report(Some("k"), firing(Priority::P2))).unwrap();
        assert!(matches!(events.as_slice(), [Event::Repeated { .. }]), "{events:?}");
    }
    assert_eq!((desk.alert().repeats, desk.world.last_alert()), (3, 1));
    assert_eq!(
        desk.alert().timeline.len(),
        1,
        "a monitor that repeats itself fills no timeline"
    );
    desk.input(&report(Some("other"), firing(Priority::P2))).unwrap();
    desk.input(&report(None, firing(Priority::P2))).unwrap();
    desk.input(&report(None, firing(Priority::P2))).unwrap();
    assert_eq!(
        desk.world.last_alert(),
        4,
        "another key, and none, are alerts of their own"
    );
}

#[test]
fn what_was_only_shown_pages_when_it_becomes_urgent() {
    let mut desk = Desk::new(roster());
    desk.input(&report(Some("k"), firing(Priority::P4))).unwrap();
    assert_eq!(desk.alert().page, Page::Quiet);
    let events = desk.input(&report(Some("k"), firing(Priority::P1))).unwrap();
    assert!(
        matches!(events.as_slice(), [Event::Repeated { .. }, Event::Paged { .. }]),
        "{events:?}"
    );
    assert_eq!(desk.alert().priority, Priority::P1);
    let events = desk.input(&report(Some("k"), firing(Priority::P3))).unwrap();
    assert_eq!(events.len(), 1, "less urgent is no news");
    assert_eq!(desk.alert().priority, Priority::P1);
}

#[test]
fn clearing_resolves_where_the_rule_says_so_and_else_is_told_once() {
    let mut desk = reported();
    let events = desk.input(&report(Some("k"), cleared(AfterClearing::Tell))).unwrap();
    assert!(matches!(events.as_slice(), [Event::Cleared { .. }]), "{events:?}");
    assert_eq!(desk.alert().cleared_at, Some(noon()));
    assert!(desk.alert().is_open(), "somebody has to look");
    assert_eq!(
        desk.input(&report(Some("k"), cleared(AfterClearing::Tell))),
        Ok(Vec::new())
    );
    desk.input(&report(Some("k"), firing(Priority::P2))).unwrap();
    assert_eq!(desk.alert().cleared_at, None, "it is back");
    let events = desk.input(&report(Some("k"), cleared(AfterClearing::Resolve))).unwrap();
    assert!(
        matches!(events.as_slice(), [Event::Cleared { .. }, Event::Resolved { .. }]),
        "{events:?}"
    );
    assert!(!desk.alert().is_open());
    assert_eq!(
        desk.input(&report(Some("k"), cleared(AfterClearing::Resolve))),
        Ok(Vec::new())
    );
    assert_eq!(
        desk.input(&report(Some("unheard of"), cleared(AfterClearing::Resolve))),
        Ok(Vec::new())
    );
}

#[test]
fn what_comes_back_within_ten_minutes_is_the_same_alert_also_after_somebody_resolved_it() {
    let mut desk = reported();
    desk.resolve("ana").unwrap();
    desk.now = at(10);
    let events = desk.input(&report(Some("k"), firing(Priority::P2))).unwrap();
    assert!(
        matches!(events.as_slice(), [Event::Reopened { .. }, Event::Paged { .. }]),
        "{events:?}"
    );
    desk.resolve("ana").unwrap();
    desk.now = at(21);
    desk.input(&report(Some("k"), firing(Priority::P2))).unwrap();
    assert_eq!(desk.world.last_alert(), 2, "after eleven minutes it is a new one");
}

#[test]
fn an_alert_keeps_its_key_when_it_moves_to_another_team() {
    let mut desk = reported();
    let to = Assignee::Team(team_id("payments"));
    desk.ask("ana", crate::domain::Request::Assign { alert: A1, to })
        .unwrap();
    desk.input(&report(Some("k"), firing(Priority::P2))).unwrap();
    assert_eq!((desk.alert().repeats, desk.world.last_alert()), (1, 1));
}

#[test]
fn a_report_for_a_team_that_is_gone_or_without_words_is_refused() {
    let mut desk = Desk::new(roster());
    let mut input = report(None, firing(Priority::P2));
    if let Input::Reported(report) = &mut input {
        report.team = team_id("clod");
    }
    assert!(matches!(desk.input(&input), Err(Refusal::NoSuchTeam { .. })));
    let silent = Observation::Firing(Firing {
        summary: "  ".to_owned(),
        priority: Priority::P1,
        service: None,
        labels: BTreeMap::new(),
    });
    assert_eq!(desk.input(&report(None, silent)), Err(Refusal::Empty));
}

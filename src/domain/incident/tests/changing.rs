//! What changes later: its description, its reminders, what becomes of its alerts, and what goes along in a merge.

use super::*;
use crate::domain::alert::{Alike, Raise};
use crate::domain::ids::AlertId;
use crate::domain::incident::{Details, Event, Level, Recipient, Rest, Topic, Turn, Wish};
use crate::domain::priority::Priority;

const I2: IncidentId = IncidentId(2);

fn second(desk: &mut Desk) {
    let other = Declaration {
        title: "paying fails".to_owned(),
        ..Declaration::default()
    };
    desk.ask_any("ben", Request::Declare(other)).expect("a title");
}

/// The minutes at which somebody was reminded, of what.
fn reminded(desk: &Desk) -> Vec<(i64, Nag)> {
    let all = desk.journal.iter().filter_map(|(event, when)| match event {
        domain::Event::Incident {
            what: Event::Reminded { of },
            ..
        } => Some(((*when - at(0)).num_minutes(), *of)),
        _ => None,
    });
    all.collect()
}

#[test]
fn who_leads_it_is_asked_less_and_less_often_and_never_in_one_breath_with_something_else() {
    for (severity, expected) in [
        (Severity::Sev1, vec![10, 20, 40, 80, 160, 320, 560, 800]),
        (Severity::Sev4, vec![10, 60, 360]),
    ] {
        let mut desk = declared(severity);
        for minute in 1..=800 {
            desk.tick_at(at(minute));
        }
        let all = reminded(&desk);
        let of_lead: Vec<i64> = all
            .iter()
            .filter(|(_, of)| *of == Nag::Lead)
            .map(|(at, _)| *at)
            .collect();
        assert_eq!(of_lead, expected, "{severity}");
        let mut minutes: Vec<i64> = all.iter().map(|(at, _)| *at).collect();
        let many = minutes.len();
        minutes.dedup();
        assert_eq!(minutes.len(), many, "two at once: {all:?}");
    }
}

#[test]
fn a_button_moves_the_reminder_it_belongs_to() {
    let mut desk = declared(Severity::Sev1);
    desk.tick_at(at(10));
    let later = |of| Ask::Snooze {
        length: TimeDelta::minutes(30),
        because: None,
        of: Some(of),
    };
    ask(&mut desk, "ben", later(Nag::Update)).expect("it comes");
    assert_eq!(incident(&desk).snoozed, Some((Nag::Update, at(40))));
    let gone = ask(&mut desk, "ben", later(Nag::Analysis));
    assert_eq!(gone, Err(Refusal::NothingDue { id: I1 }));
}

#[test]
fn it_is_described_in_other_words_and_saying_the_same_is_no_event() {
    let mut desk = declared(Severity::Sev3);
    let title = |title: &str| {
        Ask::Describe(Details {
            title: Some(title.to_owned()),
            rest: None,
        })
    };
    ask(&mut desk, "ben", title(" nobody \n can pay ")).expect("a title");
    assert_eq!(incident(&desk).title, "nobody can pay");
    assert_eq!(incident(&desk).team, Some(team_id("cloud")), "the rest stays");
    let before = desk.journal.len();
    ask(&mut desk, "ben", title("nobody can pay")).expect("it says so");
    assert_eq!(desk.journal.len(), before);
    assert_eq!(ask(&mut desk, "ben", title("  ")), Err(Refusal::Empty));
    let rest = |team: Option<&str>| {
        Ask::Describe(Details {
            title: None,
            rest: Some(Rest {
                scope: Some(crate::domain::incident::Scope::Several),
                services: vec!["shop".to_owned(), "Shop".to_owned()],
                team: team.map(team_id),
            }),
        })
    };
    ask(&mut desk, "ben", rest(None)).expect("it may have none");
    assert_eq!(incident(&desk).services, ["shop"]);
    assert_eq!(incident(&desk).team, None);
    assert!(matches!(
        ask(&mut desk, "ben", rest(Some("nobody"))),
        Err(Refusal::NoSuchTeam { .. })
    ));
}

#[test]
fn who_subscribed_to_a_topic_hears_of_what_becomes_one() {
    let mut desk = declared(Severity::Sev3);
    let wish = Wish::Subscribe {
        who: None,
        to: Some(Topic::Customers),
        level: Level::Updates,
    };
    desk.ask_any("cleo", Request::Subscription(wish)).expect("anybody may");
    assert!(incident(&desk).followers.is_empty());
    let scope = Rest {
        scope: Some(crate::domain::incident::Scope::One),
        ..Rest::default()
    };
    let details = Details {
        title: None,
        rest: Some(scope),
    };
    ask(&mut desk, "ben", Ask::Describe(details)).expect("it is open");
    assert!(incident(&desk).followers.contains_key(user("cleo").as_str()));
}

#[test]
fn an_incident_hears_what_becomes_of_its_pages_once_each() {
    let mut desk = declared(Severity::Sev3);
    let raise = Raise {
        team: team_id("cloud"),
        summary: "disk full".to_owned(),
        priority: Priority::P2,
        service: None,
        to: None,
        alike: Alike::Raise,
    };
    desk.ask_any("ben", Request::Raise(raise)).expect("a team");
    let a1 = AlertId(1);
    ask(&mut desk, "ben", Ask::Link(a1)).expect("it is there");
    let lease = Some(TimeDelta::hours(1));
    desk.ask_any("ana", Request::Acknowledge { alert: a1, lease })
        .expect("it pages");
    let lease = Some(TimeDelta::hours(2));
    desk.ask_any("ana", Request::Acknowledge { alert: a1, lease })
        .expect("longer");
    let because = None;
    desk.ask_any("ben", Request::Resolve { alert: a1, because })
        .expect("it is open");
    let turns: Vec<&Turn> = incident(&desk)
        .timeline
        .iter()
        .filter_map(|moment| match &moment.what {
            Event::AlertTurned { how, .. } => Some(how),
            _ => None,
        })
        .collect();
    assert!(
        matches!(turns[..], [Turn::Acknowledged { .. }, Turn::Resolved { .. }]),
        "{turns:?}"
    );
}

#[test]
fn a_merge_takes_readers_and_what_is_to_be_done_along() {
    let mut desk = declared(Severity::Sev3);
    second(&mut desk);
    let follow = |level| Wish::Subscribe {
        who: None,
        to: Some(Topic::Incident(I1)),
        level,
    };
    for (who, level) in [("cleo", Level::Updates), ("ben", Level::Resolved)] {
        desk.ask_any(who, Request::Subscription(follow(level)))
            .expect("it is there");
    }
    let act = Ask::Act {
        text: "raise the limit".to_owned(),
        owner: Some(user("ben")),
        due: Some(at(60)),
    };
    ask(&mut desk, "ana", act).expect("it is open");
    ask(&mut desk, "ana", Ask::Merge(I2)).expect("both are open");
    assert_eq!(incident(&desk).open_actions().count(), 0);
    assert_eq!(incident(&desk).deadline(), None, "nobody is reminded twice");
    let other = desk.world.incidents().get(I2).expect("the other");
    let moved: Vec<&str> = other.open_actions().map(|(_, action)| action.text.as_str()).collect();
    assert_eq!(moved, ["raise the limit"]);
    let told = desk.world.subscriptions().of(other, &[]);
    assert_eq!(told.get(&Recipient::Person(user("cleo"))), Some(&Level::Updates));
    assert_eq!(told.get(&Recipient::Person(user("ben"))), Some(&Level::Resolved));
    assert!(other.followers.contains_key(user("cleo").as_str()));
}

#[test]
fn what_it_took_can_be_said_after_its_end_and_then_asks_why_once() {
    let mut desk = declared(Severity::Sev3);
    let took = |rollback, hotfix| {
        Ask::Took(Aftermath {
            rollback,
            hotfix,
            external: false,
        })
    };
    assert_eq!(
        ask(&mut desk, "ana", took(true, false)),
        Err(Refusal::StillOpen { id: I1 })
    );
    ask(&mut desk, "ana", resolve()).expect("it is open");
    ask(&mut desk, "ana", took(true, false)).expect("it is over");
    ask(&mut desk, "ana", took(false, true)).expect("more of it");
    assert!(incident(&desk).aftermath.rollback && incident(&desk).aftermath.hotfix);
    assert!(matches!(incident(&desk).analysis, Analysis::Due { .. }));
}

#[test]
fn a_postmortem_that_is_written_is_not_one_that_is_not_needed() {
    let mut desk = declared(Severity::Sev1);
    ask(&mut desk, "ana", resolve()).expect("it is open");
    ask(&mut desk, "ana", Ask::Written("https://wiki/1".to_owned())).expect("a link");
    let declined = ask(&mut desk, "ben", Ask::NotNeeded("known".to_owned()));
    assert!(matches!(declined, Err(Refusal::IsWritten { .. })), "{declined:?}");
    ask(&mut desk, "ben", Ask::Written("https://wiki/2".to_owned())).expect("another link");
    let before = incident(&desk).timeline.last().map(|moment| &moment.what);
    assert!(
        matches!(before, Some(Event::AnalysisLinked { before: Some(before), .. }) if before == "https://wiki/1"),
        "{before:?}"
    );
}

//! Buttons there and back.

use proptest::prelude::*;

use super::*;
use crate::command::click;
use crate::domain::alert::Alike;
use crate::domain::ids::{MessageId, MessageRef};
use crate::domain::incident::{Level, Nag, Severity};
use crate::domain::priority::Priority;

fn draft() -> impl Strategy<Value = Draft> {
    let priority = proptest::sample::select(Priority::ALL.to_vec());
    let team = proptest::option::of(any::<String>().prop_map(TeamId::new));
    let service = proptest::option::of(any::<String>());
    (team, priority, any::<String>(), service).prop_map(|(team, priority, summary, service)| Draft {
        team,
        priority,
        summary,
        service,
        to: None,
        alike: Alike::Ask,
    })
}

fn button() -> impl Strategy<Value = Button> {
    let on_card = (any::<u64>(), any::<u64>());
    let team = any::<String>().prop_map(TeamId::new);
    let which = prop_oneof![
        Just(Which::Open),
        Just(Which::All),
        "[UW][A-Z0-9]{1,10}".prop_map(|user| Which::Mine(UserId::new(user)))
    ];
    let sweep = proptest::sample::select(vec![Sweep::Acknowledge, Sweep::Resolve]);
    prop_oneof![
        on_card.prop_map(|(id, drawn_for)| Button::Acknowledge {
            alert: AlertId(id),
            drawn_for
        }),
        (any::<u64>(), any::<u64>()).prop_map(|(id, drawn_for)| Button::Resolve {
            alert: AlertId(id),
            drawn_for
        }),
        (any::<u64>(), any::<u64>()).prop_map(|(id, drawn_for)| Button::Escalate {
            alert: AlertId(id),
            drawn_for
        }),
        any::<u64>().prop_map(|id| Button::Show { alert: AlertId(id) }),
        (any::<String>(), proptest::option::of(any::<String>())).prop_map(|(team, text)| Button::Underwater {
            team: TeamId::new(team),
            text
        }),
        (any::<u64>(), any::<u64>(), any::<usize>(), any::<bool>()).prop_map(|(of, round, task, done)| Button::Duty {
            task: TaskRef {
                of: WatchId(of),
                round,
                task
            },
            how: if done { How::Done } else { How::NotToday },
        }),
        any::<u64>().prop_map(|id| Button::Available { of: OverrideId(id) }),
        (team.clone(), draft()).prop_map(|(team, draft)| Button::Raise { team, draft }),
        (sweep, proptest::collection::vec(any::<u64>().prop_map(AlertId), 1..5))
            .prop_map(|(what, alerts)| Button::Sweep { what, alerts }),
        (proptest::option::of(team), which, any::<usize>()).prop_map(|(team, which, page)| Button::List {
            team,
            which,
            page
        }),
        draft().prop_map(|draft| Button::OpenForm { draft }),
        (any::<u64>(), draft()).prop_map(|(id, draft)| Button::Join {
            alert: AlertId(id),
            draft
        }),
        (any::<u64>(), proptest::sample::select(About::ALL.to_vec())).prop_map(|(id, about)| Button::About {
            alert: AlertId(id),
            about
        }),
        about_an_incident(),
    ]
}

fn about_an_incident() -> impl Strategy<Value = Button> {
    let kinds = Kind::ALL
        .into_iter()
        .filter(|kind| *kind != Kind::Declare)
        .collect::<Vec<_>>();
    let incident = || any::<u64>().prop_map(IncidentId);
    prop_oneof![
        (incident(), proptest::sample::select(kinds)).prop_map(|(incident, kind)| Button::Sheet { incident, kind }),
        (incident(), proptest::sample::select(Press::ALL.to_vec()))
            .prop_map(|(incident, press)| Button::Incident { incident, press }),
        (incident(), any::<String>()).prop_map(|(incident, template)| Button::UpdateWith { incident, template }),
        (incident(), any::<usize>()).prop_map(|(incident, number)| Button::EditUpdate { incident, number }),
        (incident(), any::<usize>()).prop_map(|(incident, number)| Button::Did { incident, number }),
        carrying().prop_map(Button::Carrying),
    ]
}

fn carrying() -> impl Strategy<Value = Carrying> {
    let incident = || any::<u64>().prop_map(IncidentId);
    let nag = proptest::sample::select(Nag::ALL.to_vec());
    let level = proptest::option::of(proptest::sample::select(Level::ALL.to_vec()));
    let at = |ts: String| MessageRef {
        channel: ChannelId::new("C1"),
        message: MessageId::new(ts),
    };
    prop_oneof![
        (incident(), nag.clone()).prop_map(|(id, of)| Carrying::Later(id, of)),
        (incident(), any::<String>()).prop_map(|(id, text)| Carrying::Ask(id, Box::new(OfIncident::Note(text)))),
        (incident(), any::<i32>(), nag).prop_map(|(id, seconds, of)| {
            let snooze = OfIncident::Snooze {
                length: chrono::TimeDelta::seconds(seconds.into()),
                because: None,
                of: Some(of),
            };
            Carrying::Ask(id, Box::new(snooze))
        }),
        (incident(), any::<String>()).prop_map(move |(id, ts)| Carrying::Keep(id, at(ts))),
        (any::<String>(), level).prop_map(|(name, level)| Carrying::Wish(None, Topic::Service(name), level)),
        any::<String>().prop_map(|title| Carrying::Declare(Severity::Sev2, title)),
    ]
}

proptest! {
    #[test]
    fn a_button_comes_back_as_it_was_drawn(button in button()) {
        let Encoded { action, value } = button.encode();
        prop_assert_eq!(Button::parse(&action, &value), Some(button));
    }

    #[test]
    fn anything_else_is_no_button_and_no_panic(action in any::<String>(), value in any::<String>(), tail in "[0-9a-z:{}\\[\\]\",-]{0,20}") {
        prop_assert_eq!(Button::parse(&action, &value), None);
        for family in ["alert", "oncall", "duty", "underwater", "list", "sweep", "raise", "form", "join", "incident", "carrying"] {
            Button::parse(&action, &format!("{family}:{tail}"));
        }
    }
}

#[test]
fn values_can_be_read_in_a_log() {
    let acknowledge = Button::Acknowledge {
        alert: AlertId(17),
        drawn_for: 4,
    };
    let Encoded { action, value } = acknowledge.encode();
    assert_eq!((action.as_str(), value.as_str()), ("alert.ack:17", "alert:17:ack:4"));
    let list = Button::List {
        team: Some(TeamId::new("cloud")),
        which: Which::All,
        page: 2,
    };
    assert_eq!(list.encode().value, "list:all:2:cloud");
}

#[test]
fn a_press_means_what_the_same_words_mean() {
    let escalate = Button::Escalate {
        alert: AlertId(17),
        drawn_for: 4,
    };
    let Encoded { action, value } = escalate.encode();
    let expected = Request::Escalate {
        alert: AlertId(17),
        drawn_for: Some(4),
    };
    assert_eq!(click(&action, &value), Reading::Ask(expected));
}

#[test]
fn a_button_under_another_action_is_none_of_ours() {
    assert_eq!(Button::parse("alert.resolve:17", "alert:17:ack:4"), None);
    assert_eq!(Button::parse("alert.ack:18", "alert:17:ack:4"), None);
    assert_eq!(Button::parse("alert.ack:17", "alert:17:ack:4:5"), None);
    assert_eq!(
        Button::parse("alert.ack:17", "alert:017:ack:4"),
        Button::parse("alert.ack:17", "alert:17:ack:4")
    );
}

#[test]
fn a_draft_that_is_too_long_for_a_button_says_so() {
    let carrying = |length: usize| Button::Raise {
        team: TeamId::new("cloud"),
        draft: Draft {
            summary: "x".repeat(length),
            ..Draft::default()
        },
    };
    assert!(carrying(1900).fits());
    assert!(!carrying(2000).fits());
    assert!(
        !Button::OpenForm {
            draft: Draft {
                summary: "🔥".repeat(1000),
                ..Draft::default()
            }
        }
        .fits()
    );
}

//! The world as a whole: what it finds, what it lets go, and what holds after anything people and time can do to it.

use proptest::prelude::*;

use super::*;
use crate::domain::alert::{AfterClearing, Assignee, Firing, Raise, Step};
use crate::domain::escalation::{Recipient, Target};
use crate::domain::fixtures::{
    A1, Desk, at, change, level, message, new_team, noon, person, refused, roster, rotation, team, team_id, user,
};
use crate::domain::ids::ChannelId;
use crate::domain::priority::Priority;
use crate::domain::rotation::Member;
use crate::domain::{Errand, Outcome};

fn page(to: &str) -> Errand {
    Errand::Page {
        alert: A1,
        to: Recipient::Person(user(to)),
        step: Step { level: 0, round: 0 },
        shows: 2,
    }
}

fn card(channel: &ChannelId) -> Errand {
    Errand::Card {
        alert: A1,
        channel: channel.clone(),
        shows: 2,
    }
}

#[test]
fn every_message_of_an_alert_leads_to_it_while_it_is_the_newest() {
    let mut desk = Desk::raised(roster());
    let posted = message("cloud-alerts", "1");
    let told = message("dm-zoe", "2");
    let paged = message("dm-ana", "3");
    desk.settle(card(&posted.channel), Outcome::Delivered(Some(posted.clone())));
    desk.settle(
        Errand::Raiser { alert: A1, shows: 2 },
        Outcome::Delivered(Some(told.clone())),
    );
    desk.settle(page("ana"), Outcome::Delivered(Some(paged.clone())));
    for here in [&posted, &told, &paged] {
        assert_eq!(desk.world.shown_by(here), Some(A1));
    }
    assert_eq!(desk.world.shown_by(&message("cloud-alerts", "9")), None);

    // The channel was archived: the card now stands somewhere else.
    let moved = message("fallback", "4");
    desk.settle(card(&moved.channel), Outcome::Delivered(Some(moved.clone())));
    assert_eq!(desk.world.shown_by(&moved), Some(A1));
    assert_eq!(desk.world.shown_by(&posted), None);

    let alert = desk.world.retire(A1).unwrap();
    assert_eq!(desk.world.shown_by(&moved), None);
    desk.world.recall(alert);
    assert_eq!(desk.world.shown_by(&moved), Some(A1));
}

#[test]
fn what_is_not_in_memory_is_refused_by_its_id_and_its_outcomes_change_nothing() {
    let mut desk = Desk::new(roster());
    assert_eq!(desk.acknowledge("ana"), Err(Refusal::NoSuchAlert { id: A1 }));
    assert_eq!(desk.settle(page("ana"), refused("channel_not_found")), []);
    assert_eq!(desk.settle(Errand::Nothing, refused("channel_not_found")), []);
    assert_eq!(desk.world, World::default());
}

#[test]
fn an_alert_follows_the_highest_id_ever_given() {
    let mut desk = Desk::new(roster());
    desk.world = World::after(LastIds {
        alert: 16,
        ..LastIds::default()
    });
    desk.raise("cloud", Priority::P1).unwrap();
    assert_eq!(
        desk.world.alerts().map(|alert| alert.id).collect::<Vec<_>>(),
        [AlertId(17)]
    );
    desk.world.retire(AlertId(17)).unwrap();
    desk.raise("cloud", Priority::P1).unwrap();
    assert!(desk.world.alert(AlertId(18)).is_some(), "an id is never given twice");
}

#[test]
fn a_tick_takes_care_of_every_alert_that_is_due_the_longest_overdue_first() {
    let mut desk = Desk::new(roster());
    desk.raise("cloud", Priority::P1).unwrap();
    desk.raise("payments", Priority::P1).unwrap();
    assert_eq!(desk.world.next_deadline(), Some(at(5)));
    desk.tick_at(at(10));
    let late: Vec<AlertId> = desk
        .journal
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Alert { id, .. } => Some(*id),
            Event::OnCall { .. }
            | Event::Watch { .. }
            | Event::Incident { .. }
            | Event::Subscription { .. }
            | Event::Run { .. }
            | Event::Reviews { .. } => None,
        })
        .collect();
    // Raised and paged, twice; then payments was late and is paged, and cloud is paged.
    assert_eq!(late, [1, 1, 2, 2, 2, 2, 1].map(AlertId));
}

#[test]
fn what_the_fallback_channel_refuses_is_told_and_what_it_takes_is_not() {
    let mut desk = Desk::raised(roster());
    let fallback = Errand::Fallback { alert: A1 };
    assert_eq!(desk.settle(fallback.clone(), Outcome::Delivered(None)), []);
    let code = "is_archived".to_owned();
    assert_eq!(
        desk.settle(fallback, refused(&code)),
        [alert::Event::FallbackRefused { code }]
    );
}

#[test]
fn an_open_alert_is_never_retirable_and_a_closed_one_after_an_hour() {
    let mut desk = Desk::raised(roster());
    assert_eq!(desk.world.retirable(at(100_000), 10), []);
    desk.now = at(1);
    desk.resolve("ana").unwrap();
    assert_eq!(desk.world.retirable(at(60), 10), []);
    assert_eq!(desk.world.retirable(at(61), 10), [A1]);
    desk.world.retire(A1).unwrap();
    assert_eq!(desk.world.retirable(at(61), 10), []);
}

#[test]
fn beyond_200_closed_alerts_the_oldest_are_retirable_at_once() {
    let mut desk = Desk::new(roster());
    for id in 1..=203 {
        desk.now = noon() + TimeDelta::seconds(i64::try_from(id).unwrap());
        desk.raise("cloud", Priority::P5).unwrap();
        let resolve = Request::Resolve {
            alert: AlertId(id),
            because: None,
        };
        desk.ask("ana", resolve).unwrap();
    }
    assert_eq!(desk.world.retirable(desk.now, 10), [1, 2, 3].map(AlertId));
    assert_eq!(desk.world.retirable(desk.now, 2), [1, 2].map(AlertId));
    assert_eq!(desk.world.retirable(desk.now + TimeDelta::hours(1), 500).len(), 203);
}

// What holds whatever happens.

const PEOPLE: [&str; 5] = ["ana", "ben", "cleo", "zoe", "stranger"];
const TEAMS: [&str; 6] = ["cloud", "payments", "ring", "gap", "empty", "nowhere"];

/// Something that happens, by chance.
#[derive(Debug, Clone)]
enum Happening {
    Raise {
        by: usize,
        team: usize,
        priority: usize,
    },
    Ask {
        by: usize,
        what: Request,
    },
    Report(Report),
    Tick,
    Wait {
        seconds: i64,
    },
    /// One of the messages that are under way arrives, or is refused.
    Settle {
        which: usize,
        refused: bool,
    },
}

fn anything() -> impl Strategy<Value = Happening> {
    let alert = || (1..5_u64).prop_map(AlertId);
    let ask = prop_oneof![
        (alert(), prop::option::of(-10..20_000_i64)).prop_map(|(alert, seconds)| Request::Acknowledge {
            alert,
            lease: seconds.map(TimeDelta::seconds)
        }),
        alert().prop_map(|alert| Request::GiveBack { alert }),
        (alert(), 0..PEOPLE.len(), 0..TEAMS.len(), any::<bool>()).prop_map(|(alert, person, team, to_team)| {
            let to = if to_team {
                Assignee::Team(team_id(TEAMS[team]))
            } else {
                Assignee::Person(user(PEOPLE[person]))
            };
            Request::Assign { alert, to }
        }),
        alert().prop_map(|alert| Request::Reopen { alert }),
        (alert(), -10..20_000_i64, "[ a]{0,2}").prop_map(|(alert, seconds, because)| Request::Snooze {
            alert,
            length: TimeDelta::seconds(seconds),
            because
        }),
        alert().prop_map(|alert| Request::Resolve {
            alert,
            because: Some(" fixed ".to_owned())
        }),
        (alert(), prop::option::of(0..12_u64)).prop_map(|(alert, drawn_for)| Request::Escalate { alert, drawn_for }),
        (alert(), "[ a]{0,2}").prop_map(|(alert, text)| Request::Note { alert, text }),
    ];
    prop_oneof![
        2 => (0..PEOPLE.len(), 0..TEAMS.len(), 0..5_usize)
            .prop_map(|(by, team, priority)| Happening::Raise { by, team, priority }),
        3 => (0..PEOPLE.len(), ask).prop_map(|(by, what)| Happening::Ask { by, what }),
        1 => (0..PEOPLE.len(), prop::option::of(0..TEAMS.len())).prop_map(|(by, team)| Happening::Ask {
            by,
            what: Request::Test { team: team.map(|team| team_id(TEAMS[team])) },
        }),
        2 => report().prop_map(Happening::Report),
        3 => Just(Happening::Tick),
        3 => (0..2_400_i64).prop_map(|seconds| Happening::Wait { seconds }),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(which, refused)| Happening::Settle { which, refused }),
    ]
}

fn report() -> impl Strategy<Value = Report> {
    let firing = (0..5_usize).prop_map(|priority| {
        Observation::Firing(Firing {
            summary: "the queue is full".to_owned(),
            priority: Priority::ALL[priority],
            service: None,
            labels: BTreeMap::new(),
        })
    });
    let cleared = prop_oneof![Just(AfterClearing::Resolve), Just(AfterClearing::Tell)];
    let what = prop_oneof![2 => firing, 1 => cleared.prop_map(|then| Observation::Cleared { then })];
    (0..TEAMS.len(), prop::option::of("[ab]"), what).prop_map(|(team, key, what)| Report {
        source: "a monitor".to_owned(),
        team: team_id(TEAMS[team]),
        key,
        what,
    })
}

/// The roster, and teams that page each other, nobody, and nothing.
fn odd_roster() -> Roster {
    let mut roster = roster();
    let ring = vec![level([team("payments"), team("ring"), person("dan")], 1)];
    let gap = vec![
        level([rotation("none"), person("gone")], 1),
        level(
            [Target::Person(Member::Unknown("@annna".to_owned())), person("robot")],
            1,
        ),
    ];
    for odd in [
        new_team("ring", Vec::new(), ring, 2),
        new_team("gap", Vec::new(), gap, 1),
        new_team("empty", Vec::new(), Vec::new(), 1),
    ] {
        roster.teams.insert(odd.id.clone(), odd);
    }
    change(&mut roster, "payments", |payments| {
        payments.policy.levels[0].targets.push(team("ring"));
    });
    roster
}

/// Plays it; every message that the events call for is under way until it is settled.
fn play(steps: &[Happening]) -> Desk {
    let mut desk = Desk::new(odd_roster());
    let mut under_way: Vec<Errand> = Vec::new();
    let mut messages = 0_u32;
    for step in steps {
        let before = desk.journal.len();
        let input = match step {
            Happening::Wait { seconds } => {
                desk.now += TimeDelta::seconds(*seconds);
                continue;
            }
            Happening::Tick => Input::Tick,
            Happening::Raise { by, team, priority } => Input::Asked {
                by: user(PEOPLE[*by]),
                what: Request::Raise(Raise {
                    team: team_id(TEAMS[*team]),
                    summary: "the API times out".to_owned(),
                    priority: Priority::ALL[*priority],
                    service: None,
                    to: None,
                    alike: Alike::Raise,
                }),
            },
            Happening::Ask { by, what } => Input::Asked {
                by: user(PEOPLE[*by]),
                what: what.clone(),
            },
            Happening::Report(report) => Input::Reported(report.clone()),
            Happening::Settle { .. } if under_way.is_empty() => continue,
            Happening::Settle {
                which,
                refused: is_refused,
            } => {
                let errand = under_way.swap_remove(which % under_way.len());
                messages += 1;
                let outcome = if *is_refused {
                    refused("channel_not_found")
                } else {
                    Outcome::Delivered(Some(message("somewhere", &messages.to_string())))
                };
                Input::Settled { errand, outcome }
            }
        };
        // A refusal is an answer like any other; a panic is not.
        drop(desk.input(&input));
        for (event, _) in &desk.journal[before..] {
            let Event::Alert { id, what } = event else { continue };
            under_way.extend(errands(*id, what));
        }
        let deadlines = desk.world.alerts().filter_map(Alert::deadline);
        assert_eq!(
            desk.world.next_deadline(),
            deadlines.min(),
            "the next deadline after {step:?}"
        );
    }
    desk
}

fn errands(alert: AlertId, event: &alert::Event) -> Vec<Errand> {
    match event {
        alert::Event::Raised { card: Ok(channel), .. } => vec![
            Errand::Card {
                alert,
                channel: channel.clone(),
                shows: 2,
            },
            Errand::Raiser { alert, shows: 2 },
        ],
        alert::Event::Paged { step, to, .. } => to
            .iter()
            .map(|paged| Errand::Page {
                alert,
                to: paged.who.clone(),
                step: *step,
                shows: 2,
            })
            .collect(),
        alert::Event::CardRefused {
            instead: Some(channel), ..
        } => {
            vec![Errand::Card {
                alert,
                channel: channel.clone(),
                shows: 2,
            }]
        }
        alert::Event::Exhausted { .. } => vec![Errand::Fallback { alert }],
        _ => Vec::new(),
    }
}

fn fold(mut world: World, events: &[(Event, DateTime<Utc>)]) -> World {
    for (event, at) in events {
        world.apply(event, *at);
    }
    world
}

/// Takes in what `from` knows of handoffs, as it comes back from the disk.
fn recall_watches(world: &mut World, from: &World) {
    for watch in from.watches().iter() {
        let text = serde_json::to_string(watch).unwrap();
        world.recall_watch(serde_json::from_str(&text).unwrap());
    }
}

/// The alert as it comes back from the disk.
fn stored(alert: &Alert) -> Alert {
    serde_json::from_str(&serde_json::to_string(alert).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn the_events_are_the_world_also_from_a_snapshot_and_from_the_disk(
        steps in prop::collection::vec(anything(), 0..60),
        cut in any::<prop::sample::Index>(),
    ) {
        let desk = play(&steps);
        for (event, _) in &desk.journal {
            let text = serde_json::to_string(event).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Event>(&text).unwrap(), event);
        }
        prop_assert_eq!(&fold(World::default(), &desk.journal), &desk.world);

        let (before, after) = desk.journal.split_at(cut.index(desk.journal.len() + 1));
        let snapshot = fold(World::default(), before);
        let mut recalled = World::after(LastIds {
            alert: snapshot.last_alert(),
            ..LastIds::default()
        });
        for alert in snapshot.alerts() {
            prop_assert_eq!(&stored(alert), alert);
            recalled.recall(stored(alert));
        }
        recall_watches(&mut recalled, &snapshot);
        prop_assert_eq!(&recalled, &snapshot);
        prop_assert_eq!(&fold(recalled, after), &desk.world);
    }

    #[test]
    fn an_alert_that_goes_and_comes_back_leaves_the_world_as_it_was(
        steps in prop::collection::vec(anything(), 0..60),
    ) {
        let Desk { mut world, .. } = play(&steps);
        let before = world.clone();
        let ids: Vec<AlertId> = world.alerts().map(|alert| alert.id).collect();
        let gone: Vec<Alert> = ids.iter().filter_map(|id| world.retire(*id)).collect();
        let mut empty = World::after(LastIds {
            alert: before.last_alert(),
            ..LastIds::default()
        });
        recall_watches(&mut empty, &before);
        prop_assert_eq!(&world, &empty, "nothing is left behind");
        // Also when one comes back twice.
        for alert in gone.iter().chain(&gone).rev() {
            world.recall(alert.clone());
        }
        prop_assert_eq!(world, before);
    }

    #[test]
    fn once_somebody_has_it_nobody_is_paged_until_somebody_asks(
        steps in prop::collection::vec(anything(), 0..60),
    ) {
        let mut held: BTreeMap<AlertId, bool> = BTreeMap::new();
        let mut over: BTreeSet<AlertId> = BTreeSet::new();
        let mut last = 0;
        for (event, _) in &play(&steps).journal {
            let Event::Alert { id, what } = event else { continue };
            match what {
                alert::Event::Raised { .. } => {
                    prop_assert!(id.0 > last, "ids only grow");
                    last = id.0;
                }
                alert::Event::Acknowledged { .. } | alert::Event::Snoozed { .. } => {
                    held.insert(*id, true);
                }
                alert::Event::Assigned { .. }
                | alert::Event::GivenBack { .. } | alert::Event::LeaseEnded { .. } | alert::Event::SnoozeEnded => {
                    held.insert(*id, false);
                }
                alert::Event::Reopened { .. } => {
                    prop_assert!(over.remove(id), "only what is over is reopened");
                    held.insert(*id, false);
                }
                alert::Event::Escalated { .. } => {
                    prop_assert!(!over.contains(id), "what is over is not escalated");
                    held.insert(*id, false);
                }
                alert::Event::Tested { .. } | alert::Event::Resolved { .. } => prop_assert!(over.insert(*id), "it ends once"),
                alert::Event::Paged { .. } | alert::Event::Exhausted { .. } => {
                    prop_assert!(!over.contains(id) && held.get(id) != Some(&true), "{what:?} of {id}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_key_has_one_open_alert_at_the_most(steps in prop::collection::vec(anything(), 0..60)) {
        let desk = play(&steps);
        let reopened_by_hand = desk.journal.iter().any(|(event, _)| {
            matches!(event, Event::Alert { what: alert::Event::Reopened { by }, .. } if by.person().is_some())
        });
        let open = desk.world.alerts().filter(|alert| alert.is_open());
        let mut keys: Vec<&String> = open.filter_map(|alert| alert.key.as_ref()).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        prop_assert!(reopened_by_hand || keys.len() == all);
    }
}

//! Duties are asked for at handoffs and each day, answered once, and left to the next one where nobody did.

use super::*;
use crate::domain::duty::{Duty, When};
use crate::domain::fixtures::message;
use crate::domain::ids::WatchId;
use crate::domain::roster::Roster;

const W1: WatchId = WatchId(1);
/// From the fixtures' Monday noon to the next Monday at nine, in minutes.
const HANDOFF: i64 = 7 * 24 * 60 - 180;

fn duty(text: &str, when: When) -> Duty {
    Duty {
        text: text.to_owned(),
        link: None,
        when,
        rotation: "primary".to_owned(),
    }
}

fn daily(hour: u32) -> When {
    When::Daily(chrono::NaiveTime::from_hms_opt(hour, 0, 0).expect("a time of the day"))
}

/// The fixtures' roster, in which Cloud's shifts have two duties.
fn with_duties() -> Roster {
    let mut roster = roster();
    change(&mut roster, "cloud", |cloud| {
        cloud.duties = vec![
            duty("read the notes", When::AtHandoff),
            duty("look at the issues", daily(14)),
        ];
    });
    roster
}

/// A desk whose rotations are watched since noon.
fn watched() -> Desk {
    let mut desk = Desk::new(with_duties());
    desk.tick_at(at(0));
    desk
}

fn cloud(desk: &Desk) -> &Watch {
    desk.world.watches().get(W1).expect("a watch over Cloud's rotation")
}

fn round(desk: &Desk) -> &Round {
    cloud(desk).round.as_ref().expect("duties were asked for")
}

/// What is asked of whom, and how it stands.
fn shown(desk: &Desk) -> String {
    let round = round(desk);
    let tasks = round.tasks.iter().map(|task| {
        let answer = task
            .answer
            .as_ref()
            .map(|answer| format!(" {:?} by {}", answer.how, answer.by));
        let left = task.left_by.as_ref().map(|user| format!(" from {user}"));
        format!(
            "{}{}{}",
            task.text,
            answer.unwrap_or_default(),
            left.unwrap_or_default()
        )
    });
    format!("{}: {}", round.who, tasks.collect::<Vec<_>>().join(", "))
}

fn answer(desk: &mut Desk, by: &str, round: u64, task: usize, how: How) -> Result<(), Refusal> {
    let task = TaskRef { of: W1, round, task };
    match desk.ask_any(by, Request::Duty { task, how }) {
        Ok(()) => Ok(()),
        Err(Refused::OnCall(refusal)) => Err(refusal),
        Err(other) => panic!("another refusal: {other:?}"),
    }
}

/// The next time duties are asked for by the time of day.
fn next(desk: &Desk) -> Option<DateTime<Utc>> {
    desk.world.watches().next_ask(desk.world.staff(&desk.roster), desk.now)
}

#[test]
fn each_day_at_its_time_and_everything_at_a_handoff() {
    let mut desk = watched();
    assert!(
        cloud(&desk).round.is_none(),
        "a rotation that is new asks nobody for anything"
    );
    let day = 24 * 60;
    assert_eq!(next(&desk), Some(at(day + 120)), "tomorrow at two");
    desk.tick_at(at(day + 119));
    assert!(cloud(&desk).round.is_none());
    desk.tick_at(at(day + 120));
    assert_eq!(shown(&desk), "ana: look at the issues");
    let journal = desk.journal.len();
    desk.tick_at(at(day + 121));
    assert_eq!(desk.journal.len(), journal, "asked once");
    assert_eq!(next(&desk), Some(at(2 * day + 120)));
    answer(&mut desk, "ana", 1, 0, How::Done).unwrap();
    assert_eq!(shown(&desk), "ana: look at the issues Done by ana");
    // Two days later, after an outage: once, and not before its time.
    desk.now = at(4 * day);
    assert_eq!(next(&desk), Some(at(4 * day + 120)));
    desk.tick_at(at(4 * day + 120));
    assert_eq!(
        (shown(&desk).as_str(), round(&desk).number),
        ("ana: look at the issues", 2)
    );
    desk.tick_at(at(HANDOFF));
    assert_eq!(shown(&desk), "ben: read the notes, look at the issues from ana");
    assert_eq!(next(&desk), Some(at(HANDOFF + day + 300)), "the next day at two");
}

#[test]
fn a_cover_within_the_turn_takes_over_what_is_left_and_gives_it_back() {
    let mut desk = watched();
    desk.tick_at(at(HANDOFF));
    answer(&mut desk, "ben", 1, 0, How::Done).unwrap();
    desk.now = at(HANDOFF + 10);
    ask(&mut desk, "cleo", put("cleo", HANDOFF + 10, HANDOFF + 70)).unwrap();
    desk.tick_at(at(HANDOFF + 10));
    assert_eq!(
        shown(&desk),
        "cleo: read the notes Done by ben, look at the issues from ben"
    );
    desk.tick_at(at(HANDOFF + 70));
    assert_eq!(
        shown(&desk),
        "ben: read the notes Done by ben, look at the issues from cleo"
    );
    // The next turn is another shift: everything is asked for again.
    desk.tick_at(at(HANDOFF + 7 * 24 * 60));
    assert_eq!(shown(&desk), "ana: read the notes, look at the issues from ben");
}

#[test]
fn a_shift_nobody_has_leaves_its_duties_to_whoever_is_next() {
    let mut desk = watched();
    desk.tick_at(at(HANDOFF));
    let away = |desk: &mut Desk, members: &[&str]| {
        change(&mut desk.roster, "cloud", |cloud| {
            cloud.rotations = vec![weekly("primary", members)];
        });
    };
    away(&mut desk, &[]);
    desk.tick_at(at(HANDOFF + 1));
    assert!(cloud(&desk).round.is_none());
    away(&mut desk, &["gone"]);
    desk.tick_at(at(HANDOFF + 2));
    assert!(cloud(&desk).round.is_none(), "who has left is asked for nothing");
    assert_eq!(next(&desk), None);
    away(&mut desk, &["dan"]);
    desk.tick_at(at(HANDOFF + 3));
    assert_eq!(
        shown(&desk),
        "dan: read the notes from ben, look at the issues from ben"
    );
}

#[test]
fn twice_is_no_error_another_is_told_who_was_first_and_strangers_are_refused() {
    let mut desk = watched();
    desk.tick_at(at(HANDOFF));
    let strangers = answer(&mut desk, "zoe", 1, 0, How::Done);
    assert_eq!(strangers, Err(Refusal::NotTheirDuty { who: user("ben") }));
    answer(&mut desk, "ben", 1, 0, How::Done).unwrap();
    let journal = desk.journal.len();
    answer(&mut desk, "ben", 1, 0, How::Done).unwrap();
    assert_eq!(desk.journal.len(), journal);
    let second = answer(&mut desk, "ana", 1, 0, How::NotToday);
    assert!(
        matches!(&second, Err(Refusal::DutyAnswered { answer, .. }) if answer.by == user("ben")),
        "{second:?}"
    );
    answer(&mut desk, "ben", 1, 0, How::NotToday).expect("one may think again");
    assert_eq!(answer(&mut desk, "ben", 1, 9, How::Done), Err(Refusal::NoSuchDuty));
    let nowhere = TaskRef {
        of: WatchId(99),
        round: 1,
        task: 0,
    };
    let nowhere = desk.ask_any(
        "ben",
        Request::Duty {
            task: nowhere,
            how: How::Done,
        },
    );
    assert_eq!(nowhere, Err(Refused::OnCall(Refusal::NoSuchDuty)));
}

#[test]
fn the_button_of_an_old_message_changes_nothing() {
    let mut desk = watched();
    desk.tick_at(at(HANDOFF));
    desk.tick_at(at(HANDOFF + 24 * 60 + 300));
    let again = answer(&mut desk, "ben", 1, 0, How::Done);
    assert_eq!(again, Err(Refusal::OldDuty { of: W1, is_over: false }));
    desk.tick_at(at(HANDOFF + 7 * 24 * 60));
    for round in [1, 2] {
        let over = answer(&mut desk, "ben", round, 0, How::Done);
        assert_eq!(over, Err(Refusal::OldDuty { of: W1, is_over: true }));
    }
}

#[test]
fn a_duty_that_is_gone_is_neither_answered_nor_left_to_anybody() {
    let mut desk = watched();
    desk.tick_at(at(HANDOFF));
    change(&mut desk.roster, "cloud", |cloud| {
        cloud.duties.remove(0);
        cloud.duties.push(duty("water the plants", daily(15)));
    });
    let gone = answer(&mut desk, "ben", 1, 0, How::Done);
    let text = "read the notes".to_owned();
    assert_eq!(gone, Err(Refusal::DutyGone { text }));
    desk.tick_at(at(HANDOFF + 24 * 60 + 360));
    assert_eq!(shown(&desk), "ben: look at the issues, water the plants");
    desk.roster.teams.remove(&team_id("cloud"));
    desk.tick_at(at(HANDOFF + 48 * 60));
    let gone = answer(&mut desk, "ben", 2, 0, How::Done);
    assert!(matches!(gone, Err(Refusal::DutyGone { .. })), "{gone:?}");
}

#[test]
fn messages_are_remembered_and_the_journal_folds_to_the_same() {
    let mut desk = watched();
    desk.tick_at(at(HANDOFF));
    let post = |desk: &mut Desk, number: u64, at: MessageRef| {
        desk.settle_any(Errand::Duties { of: W1, round: number }, Outcome::Delivered(Some(at)));
    };
    let (first, second) = (message("D1", "1"), message("D1", "2"));
    desk.tick_at(at(HANDOFF + 24 * 60 + 300));
    post(&mut desk, 1, first.clone());
    post(&mut desk, 2, second.clone());
    assert_eq!(cloud(&desk).past.as_ref().unwrap().message, Some(first));
    assert_eq!(round(&desk).message, Some(second));
    let mut again = crate::domain::World::default();
    for (event, at) in &desk.journal {
        let read: Happened = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
        again.apply(&read, *at);
    }
    assert_eq!(again, desk.world);
    let kept: Watch = serde_json::from_str(&serde_json::to_string(cloud(&desk)).unwrap()).unwrap();
    assert_eq!(&kept, cloud(&desk));
}

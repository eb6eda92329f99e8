//! Stepping through runbooks, on paper.

use chrono::{DateTime, TimeDelta, Utc};

use super::Mark::{self, Done, NotApplicable, Open};
use super::{Ask, Event, Refusal, Run, Runs, Start, Target, start};
use crate::domain::World;
use crate::domain::fixtures::{at, channel, noon, roster, user};
use crate::domain::ids::{RunId, RunbookId};
use crate::domain::roster::Roster;
use crate::domain::runbook::{Asked, Block, Library, Parameter, Piece, Runbook, Step, Values, Way, Weight};

mod people;
mod properties;
mod values;

const R1: RunId = RunId(1);

fn step(title: &str, body: Vec<Block>) -> Step {
    Step {
        title: title.to_owned(),
        anchor: title.to_lowercase(),
        body,
        ..Step::default()
    }
}

fn prose(text: &str) -> Vec<Piece> {
    vec![Piece {
        text: text.to_owned(),
        ..Piece::default()
    }]
}

fn ways(ways: &[(&str, usize)]) -> Block {
    let ways = ways.iter().map(|(words, to)| Way {
        words: (*words).to_owned(),
        to: *to,
    });
    Block::Decision { ways: ways.collect() }
}

fn parameter(name: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        ..Parameter::default()
    }
}

fn book(steps: Vec<Step>, parameters: Vec<Parameter>) -> Runbook {
    Runbook {
        id: RunbookId::new("book"),
        title: "Book".to_owned(),
        steps,
        parameters,
        ..Runbook::default()
    }
}

/// A desk to step through one runbook on.
struct Desk {
    runs: Runs,
    now: DateTime<Utc>,
    journal: Vec<(Event, DateTime<Utc>)>,
    roster: Roster,
    world: World,
}

impl Desk {
    fn with(book: Runbook, values: &[(&str, &str)]) -> Result<Self, Refusal> {
        let mut desk = Self {
            runs: Runs::default(),
            now: noon(),
            journal: Vec::new(),
            roster: roster(),
            world: World::default(),
        };
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let asked = Start {
            runbook: book.id.clone(),
            values: values.collect(),
            practice: false,
            alert: None,
            incident: None,
            channel: channel("ops"),
            offered: false,
        };
        let events = start(&Library::new([book], Vec::new()), &user("ana"), &asked)?;
        desk.take(events);
        Ok(desk)
    }

    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            self.runs.apply(R1, &event, self.now);
            self.journal.push((event, self.now));
        }
    }

    fn asks(&mut self, by: &str, ask: impl Into<Ask>) -> Result<(), Refusal> {
        self.asks_of(by, Target::Run(R1), &ask.into())
    }

    fn asks_of(&mut self, by: &str, target: Target, ask: &Ask) -> Result<(), Refusal> {
        self.now += TimeDelta::minutes(1);
        let (_, events) = self
            .runs
            .decide(&user(by), target, ask, self.world.staff(&self.roster), self.now)?;
        self.take(events);
        Ok(())
    }

    fn run(&self) -> &Run {
        self.runs.get(R1).expect("it was started")
    }

    fn at(&self) -> Option<(usize, usize)> {
        self.run().current.as_ref().map(|current| (current.step, current.pass))
    }
}

fn says(text: &str) -> Ask {
    Ask::Say { text: text.to_owned() }
}

fn because(text: &str) -> String {
    text.to_owned()
}

#[test]
fn steps_follow_each_other_and_the_last_one_ends_it() {
    let mut desk = Desk::with(
        book(vec![step("A", vec![]), step("B", vec![]), step("C", vec![])], vec![]),
        &[],
    )
    .unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    desk.asks(
        "ben",
        Ask::Skip {
            because: because("not here"),
        },
    )
    .unwrap();
    assert_eq!(desk.run().progress(), (2, 3));
    desk.asks("ben", Ask::Done).unwrap();
    assert_eq!(desk.at(), None);
    let ended = desk.run().ended.clone().unwrap();
    assert_eq!((ended.by, ended.because), (user("ben"), None));
    assert_eq!(desk.run().marks(), [Mark::Done, Mark::Skipped, Mark::Done]);
    assert!(matches!(desk.asks("ana", Ask::Done), Err(Refusal::Over { .. })));
    assert_eq!(
        desk.asks("ana", says("thanks")),
        Ok(()),
        "talk after the end is nobody's concern"
    );
}

#[test]
fn a_decision_leads_on_and_what_it_leaves_out_does_not_apply() {
    let steps = vec![
        step("How", vec![ways(&[("Automated", 1), ("By hand", 2)])]),
        step("Workflow", vec![ways(&[("On", 4)])]),
        step("Log in", vec![]),
        step("Restart", vec![]),
        step("Look", vec![ways(&[("Again", 0), ("Fine", 5)])]),
        step("Tell", vec![]),
    ];
    let mut desk = Desk::with(book(steps, vec![]), &[]).unwrap();
    let Err(Refusal::Undecided { ways, .. }) = desk.asks("ana", Ask::Done) else {
        panic!("it is a decision")
    };
    assert_eq!(ways, ["Automated", "By hand"]);
    desk.asks("ana", says("automated.")).unwrap();
    desk.asks("ana", Ask::Decide { way: 0 }).unwrap();
    assert_eq!(desk.at(), Some((4, 0)));
    assert_eq!(
        desk.run().marks(),
        [Done, Done, NotApplicable, NotApplicable, Open, Open]
    );
    assert_eq!(desk.run().progress(), (2, 4));
    // Round again, the other way.
    desk.asks("ana", says("again")).unwrap();
    assert_eq!(desk.run().marks(), [Open; 6]);
    desk.asks("ana", says("By Hand")).unwrap();
    assert_eq!(desk.at(), Some((2, 0)));
    desk.asks("ana", Ask::Done).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.at(), Some((4, 0)));
    desk.asks("ana", Ask::Back).unwrap();
    desk.asks("ana", Ask::Back).unwrap();
    desk.asks("ana", Ask::Back).unwrap();
    assert_eq!(desk.at(), Some((0, 0)), "back over the decision");
    assert_eq!(desk.run().marks(), [Open; 6], "which is no longer taken");
    assert_eq!(
        desk.asks("ana", Ask::Decide { way: 7 }).unwrap_err(),
        Refusal::Undecided {
            id: R1,
            ways: vec!["Automated".to_owned(), "By hand".to_owned()]
        }
    );
}

#[test]
fn gates_boxes_and_what_is_unknown_come_before_the_end_of_a_step() {
    let gate = Block::Gate {
        weight: Weight::Warning,
        text: vec![prose("careful")],
    };
    let steps = vec![step("Restart {{server}}", vec![gate, Block::Box { text: prose("up") }])];
    let mut desk = Desk::with(book(steps, vec![parameter("server")]), &[]).unwrap();
    assert_eq!(desk.asks("ana", Ask::Done), Err(Refusal::Gate { id: R1 }));
    desk.asks("ana", Ask::Confirm).unwrap();
    desk.asks("ana", Ask::Confirm).unwrap();
    assert!(matches!(desk.asks("ana", Ask::Done), Err(Refusal::Needs { .. })));
    desk.asks("ana", says("Server: web 1")).unwrap();
    assert_eq!(desk.run().values["server"], "web 1");
    assert_eq!(desk.asks("ana", Ask::Done), Err(Refusal::Boxes { id: R1, open: 1 }));
    desk.asks("ana", Ask::Tick { item: 0, on: true }).unwrap();
    desk.asks("ana", Ask::Tick { item: 9, on: true }).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    assert!(!desk.run().is_open());
}

#[test]
fn a_step_that_takes_long_is_asked_about_twice_and_not_while_it_is_blocked() {
    let mut slow = step("Slow", vec![]);
    slow.expect_seconds = Some(600);
    let mut desk = Desk::with(book(vec![slow], vec![]), &[]).unwrap();
    assert_eq!(desk.runs.next_deadline(), Some(at(10)));
    assert_eq!(desk.runs.overdue(at(9)), []);
    let due = desk.runs.overdue(at(10));
    assert_eq!(due, [(R1, Event::Nudged { times: 1 })]);
    desk.take(vec![due[0].1.clone()]);
    assert_eq!(desk.runs.next_deadline(), Some(at(20)));
    desk.asks(
        "ana",
        Ask::Block {
            because: because("no access"),
        },
    )
    .unwrap();
    assert_eq!(desk.runs.next_deadline(), None);
}

#[test]
fn a_secret_step_keeps_nothing_that_is_said() {
    let mut secret = step("Share", vec![]);
    secret.secret = true;
    let mut desk = Desk::with(book(vec![secret], vec![]), &[]).unwrap();
    for ask in [
        says("hunter2"),
        Ask::Note {
            text: because("hunter2"),
        },
    ] {
        assert_eq!(desk.asks("ana", ask), Err(Refusal::Secret { id: R1 }));
    }
    assert!(!format!("{:?}", desk.journal).contains("hunter2"));
    desk.asks("ana", Ask::Done).unwrap();
}

#[test]
fn a_single_way_is_gone_by_done_and_by_skip_and_a_choice_is_not_left_out() {
    let steps = vec![
        step("A", vec![ways(&[("On", 2)])]),
        step("B", vec![]),
        step("C", vec![ways(&[("On", 4)])]),
        step("D", vec![]),
        step(
            "E",
            vec![ways(&[
                ("It is somebody else's", 5),
                ("Nobody can say, and it hurts", 5),
            ])],
        ),
        step("F", vec![]),
    ];
    let mut desk = Desk::with(book(steps, vec![]), &[]).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.at(), Some((2, 0)));
    let skip = Ask::Skip {
        because: because("later"),
    };
    desk.asks("ana", skip.clone()).unwrap();
    assert_eq!(desk.at(), Some((4, 0)));
    assert_eq!(
        desk.run().marks()[..4],
        [Done, NotApplicable, Mark::Skipped, NotApplicable]
    );
    assert!(matches!(desk.asks("ana", skip), Err(Refusal::Undecided { .. })));
    desk.asks("ana", says("It is somebody else’s.")).unwrap();
    desk.asks("ana", Ask::Back).unwrap();
    desk.asks("ana", says("nobody can say and it hurts")).unwrap();
    assert_eq!(
        desk.at(),
        Some((5, 0)),
        "whatever a telephone makes of quotes and commas"
    );
}

#[test]
fn in_a_secret_step_words_of_a_way_count_and_reasons_are_not_kept() {
    let mut secret = step("Share", vec![ways(&[("Tell them", 1), ("Tell nobody", 1)])]);
    secret.secret = true;
    let mut desk = Desk::with(book(vec![secret, step("End", vec![])], vec![]), &[]).unwrap();
    let block = Ask::Block {
        because: because("hunter2 does not work"),
    };
    desk.asks("ana", block).unwrap();
    assert!(desk.run().current.as_ref().unwrap().blocked.is_some());
    desk.asks("ana", Ask::Unblock).unwrap();
    assert!(desk.run().current.as_ref().unwrap().blocked.is_none());
    assert!(!format!("{:?}", desk.journal).contains("hunter2"));
    desk.asks("ana", says("tell them")).unwrap();
    assert_eq!(desk.at(), Some((1, 0)));
}

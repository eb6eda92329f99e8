//! Stepping through runbooks, on paper.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::Mark::{self, Done, NotApplicable, Open};
use super::{Ask, Event, Refusal, Run, Runs, Start, Target, start};
use crate::domain::fixtures::{at, channel, noon, user};
use crate::domain::ids::{RunId, RunbookId};
use crate::domain::runbook::{Allowed, Asked, Block, Library, Parameter, Piece, Runbook, Step, Values, Way, Weight};

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
    allowed: Allowed,
}

impl Desk {
    fn with(book: Runbook, values: &[(&str, &str)]) -> Result<Self, Refusal> {
        let mut desk = Self {
            runs: Runs::default(),
            now: noon(),
            journal: Vec::new(),
            allowed: Allowed::default(),
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
        let (_, events) = self.runs.decide(&user(by), target, ask, &self.allowed)?;
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
fn two_people_at_once_and_the_second_is_told_who_was_first() {
    let mut desk = Desk::with(book(vec![step("A", vec![]), step("B", vec![])], vec![]), &[]).unwrap();
    desk.asks_of("ben", Target::Visit(R1, 1), &Ask::Done).unwrap();
    let late = desk.asks_of("ana", Target::Visit(R1, 1), &Ask::Done);
    let Err(Refusal::Stale { line: Some(line), .. }) = late else {
        panic!("{late:?}")
    };
    assert_eq!((line.by, line.at), (user("ben"), at(1)));
    assert_eq!(desk.at(), Some((1, 0)), "nothing was done twice");
    desk.asks("ana", Ask::Back).unwrap();
    assert!(matches!(
        desk.asks_of("ben", Target::Visit(R1, 2), &Ask::Done),
        Err(Refusal::Stale { line: None, .. })
    ));
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
fn a_repeated_step_is_done_for_each_value() {
    let mut restart = step("Restart {{server}}", vec![]);
    restart.repeat = Some("server".to_owned());
    let mut desk = Desk::with(
        book(vec![restart, step("Look", vec![])], vec![parameter("server")]),
        &[("server", "http, rpc ,")],
    )
    .unwrap();
    assert_eq!(desk.run().values_at(0, 1)["server"], "rpc");
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.at(), Some((0, 1)));
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.at(), Some((1, 0)));
    desk.asks("ana", Ask::Back).unwrap();
    assert_eq!(desk.at(), Some((0, 1)));
}

#[test]
fn a_repeated_step_with_one_way_on_goes_it_after_the_last_value() {
    let mut restart = step("Restart {{server}}", vec![ways(&[("Then", 2)])]);
    restart.repeat = Some("server".to_owned());
    let mut choice = step("Look at {{server}}", vec![ways(&[("Fine", 3), ("Bad", 1)])]);
    choice.repeat = Some("server".to_owned());
    let steps = vec![restart, step("Other", vec![]), choice, step("End", vec![])];
    let mut desk = Desk::with(book(steps, vec![parameter("server")]), &[("server", "http, rpc")]).unwrap();
    desk.asks("ana", Ask::Decide { way: 0 }).unwrap();
    assert_eq!(desk.at(), Some((0, 1)), "the second server is not forgotten");
    desk.asks("ana", Ask::Decide { way: 0 }).unwrap();
    assert_eq!(desk.at(), Some((2, 0)));
    desk.asks("ana", Ask::Decide { way: 0 }).unwrap();
    assert_eq!(desk.at(), Some((3, 0)), "one of several ways is taken at once");
}

#[test]
fn what_was_not_taken_back_is_listed() {
    let mut up = step("Up", vec![]);
    up.undo = Some(1);
    let mut desk = Desk::with(book(vec![up, step("Down", vec![])], vec![]), &[]).unwrap();
    assert_eq!(desk.run().left_to_undo(), []);
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.run().left_to_undo(), [(0, 1)]);
    desk.asks(
        "ana",
        Ask::Skip {
            because: because("tomorrow"),
        },
    )
    .unwrap();
    assert_eq!(desk.run().left_to_undo(), [(0, 1)], "also when it was left out");
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
fn what_must_be_known_first_is_asked_and_what_does_not_fit_is_refused() {
    let mut server = parameter("server");
    server.asked = Asked::AtTheStart;
    server.pattern = Some("[a-z0-9-]+".to_owned());
    let mut place = parameter("place");
    place.choices = vec!["Marathon".to_owned(), "Kubernetes".to_owned()];
    place.default = Some("Marathon".to_owned());
    let try_with = |values: &[(&str, &str)]| {
        Desk::with(
            book(
                vec![step("A {{server}} {{place}}", vec![])],
                vec![server.clone(), place.clone()],
            ),
            values,
        )
    };
    assert!(matches!(try_with(&[]).err(), Some(Refusal::Missing { lacking, .. }) if lacking.len() == 1));
    assert!(matches!(
        try_with(&[("server", "  ")]).err(),
        Some(Refusal::Missing { .. })
    ));
    assert!(matches!(
        try_with(&[("server", "a b'; rm")]).err(),
        Some(Refusal::Unfit { .. })
    ));
    assert!(matches!(
        try_with(&[("server", "a"), ("place", "Mars")]).err(),
        Some(Refusal::Unfit { .. })
    ));
    assert!(matches!(
        try_with(&[("sever", "a")]).err(),
        Some(Refusal::UnknownName { .. })
    ));
    let desk = try_with(&[("SERVER", "web-1")]).unwrap();
    assert_eq!(
        desk.run().values,
        Values::from([
            ("server".to_owned(), "web-1".to_owned()),
            ("place".to_owned(), "Marathon".to_owned())
        ])
    );
}

#[test]
fn without_a_number_ones_own_run_is_meant() {
    let mut desk = Desk::with(book(vec![step("A", vec![]), step("B", vec![])], vec![]), &[]).unwrap();
    assert_eq!(desk.asks_of("ben", Target::Mine, &Ask::Done), Err(Refusal::NoneOfYours));
    desk.asks_of("ana", Target::Mine, &Ask::Assign { to: user("ben") })
        .unwrap();
    desk.asks_of("ben", Target::Mine, &Ask::Done).unwrap();
    let other = desk.journal[0].0.clone();
    desk.runs.apply(RunId(2), &other, desk.now);
    assert_eq!(
        desk.asks_of("ana", Target::Mine, &Ask::Done),
        Err(Refusal::Several(vec![RunId(2), R1]))
    );
    assert_eq!(
        desk.asks_of("ana", Target::Run(RunId(9)), &Ask::Done),
        Err(Refusal::NoSuchRun { id: RunId(9) })
    );
}

fn any_ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        Just(Ask::Done),
        Just(Ask::Back),
        Just(Ask::Confirm),
        ".{0,5}".prop_map(|because| Ask::Skip { because }),
        ".{0,5}".prop_map(|because| Ask::Block { because }),
        ".{0,5}".prop_map(|text| Ask::Say { text }),
        (0..4_usize).prop_map(|way| Ask::Decide { way }),
        (0..3_usize, any::<bool>()).prop_map(|(item, on)| Ask::Tick { item, on }),
        ("[abx]", ".{0,5}").prop_map(|(name, value)| Ask::Fill {
            values: Values::from([(name, value)])
        }),
        Just(Ask::Stop {
            because: because("enough")
        }),
    ]
}

proptest! {
    /// Whatever people do: nothing panics, the journal adds up to the run, and an open run has a step.
    #[test]
    fn a_run_is_what_its_journal_says(asks in prop::collection::vec(any_ask(), 0..40)) {
        let mut repeated = step("B {{a}}", vec![Block::Box { text: prose("box") }]);
        repeated.repeat = Some("a".to_owned());
        let steps = vec![
            step("A", vec![ways(&[("one", 1), ("two", 2), ("three", 3)])]),
            repeated,
            step("C {{b}}", vec![ways(&[("again", 0), ("on", 3)])]),
            step("D", vec![]),
        ];
        let mut desk = Desk::with(book(steps, vec![parameter("a"), parameter("b")]), &[]).unwrap();
        for ask in asks {
            // A refusal is as good an answer as any.
            drop(desk.asks("ana", ask));
            let run = desk.run();
            prop_assert_eq!(run.is_open(), run.current.is_some());
            let (behind, all) = run.progress();
            prop_assert!(behind <= all);
        }
        let mut again = Runs::default();
        for (event, at) in &desk.journal {
            let json = serde_json::to_string(event).unwrap();
            again.apply(R1, &serde_json::from_str(&json).unwrap(), *at);
        }
        prop_assert_eq!(&again, &desk.runs);
        let stored = serde_json::to_string(desk.run()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Run>(&stored).unwrap(), desk.run());
    }
}

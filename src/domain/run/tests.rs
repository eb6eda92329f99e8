//! Stepping through runbooks, on paper.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::Mark::{self, Done, NotApplicable, Open};
use super::{Ask, Event, Refusal, Run, Runs, Start, Target, start};
use crate::domain::World;
use crate::domain::fixtures::{at, channel, noon, roster, user};
use crate::domain::ids::{RunId, RunbookId};
use crate::domain::roster::Roster;
use crate::domain::runbook::{Asked, Block, Library, Parameter, Piece, Runbook, Step, Values, Way, Weight};

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

#[test]
fn two_who_say_done_at_the_same_time_finish_one_step() {
    let mut desk = Desk::with(book(vec![step("A", vec![]), step("B", vec![])], vec![]), &[]).unwrap();
    desk.asks("ben", Ask::Done).unwrap();
    let say = |desk: &mut Desk, by: &str, seconds: i64| {
        desk.now = at(1) + TimeDelta::seconds(seconds);
        let staff = desk.world.staff(&desk.roster);
        desk.runs
            .decide(&user(by), Target::Run(R1), &Ask::Done, staff, desk.now)
            .map(|_| ())
    };
    let Err(Refusal::JustFinished { line, .. }) = say(&mut desk, "cleo", 1) else {
        panic!("it was not meant for the next step")
    };
    assert_eq!(line.by, user("ben"));
    assert_eq!(say(&mut desk, "ben", 1), Ok(()), "one person knows what they do");
    assert_eq!(
        say(&mut desk, "cleo", 10),
        Ok(()),
        "after a while it is the next step that is meant"
    );
}

#[test]
fn what_was_done_keeps_the_value_it_was_done_for() {
    let mut restart = step("Restart {{server}}", vec![Block::Box { text: prose("up") }]);
    restart.repeat = Some("server".to_owned());
    let mut desk = Desk::with(
        book(
            vec![restart, step("Look at {{server}}", vec![])],
            vec![parameter("server")],
        ),
        &[("server", "a,b")],
    )
    .unwrap();
    let set = |value: &str| Ask::Fill {
        values: Values::from([("server".to_owned(), value.to_owned())]),
    };
    desk.asks("ana", Ask::Tick { item: 0, on: true }).unwrap();
    desk.asks("ana", set("x,y")).unwrap();
    assert!(
        desk.run().current.as_ref().unwrap().ticked.is_empty(),
        "what was ticked was ticked for another"
    );
    desk.asks("ana", Ask::Tick { item: 0, on: true }).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    let refused = desk.asks("ana", set("p,q,r")).unwrap_err();
    assert!(matches!(refused, Refusal::GoneThrough { .. }), "{refused:?}");
    desk.asks("ana", Ask::Tick { item: 0, on: true }).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    desk.asks("ana", set("p,q,r")).unwrap();
    let done: Vec<&str> = desk.run().lines.iter().map(|line| line.title.as_str()).collect();
    assert_eq!(done, ["Restart x", "Restart y"]);
    assert_eq!(desk.run().lines[1].value, Some(("y".to_owned(), 2)));
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

#[test]
fn a_program_is_given_no_step_and_whoever_works_is_asked_how_it_goes() {
    let mut desk = Desk::with(book(vec![step("A", vec![]), step("B", vec![])], vec![]), &[]).unwrap();
    for gone in ["robot", "gone"] {
        let refused = desk.asks("ana", Ask::Assign { to: user(gone) });
        assert_eq!(refused, Err(Refusal::CannotTake { who: user(gone) }));
    }
    assert_eq!(desk.run().whose(), &user("ana"));
    desk.asks("ben", Ask::Done).unwrap();
    assert_eq!(desk.run().whose(), &user("ben"));
    desk.asks("ben", Ask::Assign { to: user("cleo") }).unwrap();
    assert_eq!(desk.run().whose(), &user("cleo"));
}

#[test]
fn what_was_done_for_one_value_has_to_be_taken_back_whichever_way_it_went_on() {
    let mut up = step("Up", vec![]);
    (up.undo, up.repeat) = (Some(2), Some("server".to_owned()));
    let steps = vec![
        up,
        step("Look", vec![ways(&[("Again", 0), ("Fine", 2)])]),
        step("Down", vec![]),
    ];
    let mut desk = Desk::with(book(steps, vec![parameter("server")]), &[("server", "a,b")]).unwrap();
    let skip = Ask::Skip {
        because: because("not here"),
    };
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.run().marks()[0], Open, "one value of two is not the step");
    desk.asks("ana", skip).unwrap();
    assert_eq!(desk.run().left_to_undo(), [(0, 2)]);
    desk.asks("ana", says("again")).unwrap();
    assert_eq!(desk.run().left_to_undo(), [(0, 2)], "also when the run goes round");
    desk.asks("ana", Ask::Done).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    desk.asks("ana", says("fine")).unwrap();
    desk.asks("ana", Ask::Done).unwrap();
    assert_eq!(desk.run().left_to_undo(), []);
}

#[test]
fn back_into_a_list_that_became_shorter_is_at_its_last_value() {
    let mut restart = step("Restart {{server}}", vec![]);
    restart.repeat = Some("server".to_owned());
    let mut desk = Desk::with(
        book(vec![restart, step("Look", vec![])], vec![parameter("server")]),
        &[("server", "a,b,c")],
    )
    .unwrap();
    for _ in 0..3 {
        desk.asks("ana", Ask::Done).unwrap();
    }
    desk.asks("ana", says("server=x,y")).unwrap();
    desk.asks("ana", Ask::Back).unwrap();
    assert_eq!(desk.at(), Some((0, 1)));
    assert_eq!(desk.run().values_at(0, 1)["server"], "y");
}

#[test]
fn what_is_said_is_a_value_while_it_is_asked_for_or_a_note_and_what_is_said_to_us_is_answered() {
    let steps = vec![step("Restart {{server}}", vec![]), step("Look", vec![])];
    let mut desk = Desk::with(book(steps, vec![parameter("server")]), &[]).unwrap();
    desk.asks("ana", says("server: web 1")).unwrap();
    desk.asks("ana", says("Server=web 2")).unwrap();
    assert_eq!(desk.run().values["server"], "web 2", "a value can be put right");
    let empty = desk.asks("ana", says("server="));
    assert_eq!(
        empty,
        Err(Refusal::NoValue {
            name: "Server".to_lowercase()
        })
    );
    desk.asks("ana", says("server: it is slow")).unwrap();
    desk.asks("ana", says("load=12")).unwrap();
    let notes: Vec<&str> = desk.run().notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, ["server: it is slow", "load=12"]);
    let tell = |text: &str| Ask::Tell { text: text.to_owned() };
    assert!(matches!(
        desk.asks("ana", tell("frobnicate")),
        Err(Refusal::NotUnderstood { .. })
    ));
    desk.asks("ana", tell("server=web 3")).unwrap();
    assert_eq!(desk.run().values["server"], "web 3");
}

#[test]
fn a_run_of_an_incident_is_meant_where_it_is_worked_on() {
    use crate::domain::ids::IncidentId;
    let mut desk = Desk::with(book(vec![step("A", vec![]), step("B", vec![])], vec![]), &[]).unwrap();
    let of = Target::Of(IncidentId(7));
    assert_eq!(desk.asks_of("ben", of, &Ask::Done), Err(Refusal::NoneOfYours));
    let mut run = desk.run().clone();
    run.incident = Some(IncidentId(7));
    desk.runs.recall(run);
    desk.asks_of("ben", of, &Ask::Done).unwrap();
    assert_eq!(desk.at(), Some((1, 0)));
}

//! What is known, what a step is repeated for, and what has to be taken back.

use super::*;

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

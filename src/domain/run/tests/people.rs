//! Several people, and whose a run is.

use super::*;

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

//! Actions, updates that are put right, places that are lost, and what stays in memory.

use super::*;

#[test]
fn each_action_is_reminded_of_when_it_is_due_and_every_day_until_it_is_done() {
    let mut desk = declared(Severity::Sev3);
    let off = |of| Ask::Switch { of, on: false };
    for nag in [Nag::Lead, Nag::Update] {
        ask(&mut desk, "ana", off(nag)).expect("it was on");
    }
    let act = |minutes: i64| Ask::Act {
        text: format!("after {minutes}"),
        owner: None,
        due: Some(at(minutes)),
    };
    for minutes in [30, 60] {
        ask(&mut desk, "ana", act(minutes)).expect("it is ahead");
    }
    assert!(matches!(ask(&mut desk, "ana", act(0)), Err(Refusal::DuePast { .. })));
    let day = 24 * 60;
    let reminded = |desk: &Desk| {
        incident(desk)
            .actions_reminded_of()
            .map(|(number, _)| number)
            .collect::<Vec<_>>()
    };
    for (minutes, of) in [(30, vec![1]), (60, vec![2]), (30 + day, vec![1]), (60 + day, vec![2])] {
        assert_eq!(incident(&desk).deadline(), Some(at(minutes)));
        desk.tick_at(at(minutes));
        assert_eq!(reminded(&desk), of, "after {minutes}");
    }
    let snooze = Ask::Snooze {
        length: TimeDelta::minutes(30),
        because: Some("at lunch".to_owned()),
        of: None,
    };
    ask(&mut desk, "ana", snooze).expect("it was just asked");
    desk.tick_at(at(90 + day));
    assert_eq!(reminded(&desk), [1, 2], "what was put off is asked for together");
    ask(&mut desk, "ana", Ask::Did(1)).expect("it is open");
    ask(&mut desk, "ana", Ask::Did(2)).expect("it is open");
    assert_eq!(incident(&desk).deadline(), None);
}

#[test]
fn what_is_moved_never_comes_sooner() {
    let mut desk = declared(Severity::Sev3);
    ask(&mut desk, "ana", Ask::TakeLead).expect("nobody leads it");
    let before = incident(&desk).deadline();
    let snooze = Ask::Snooze {
        length: TimeDelta::minutes(30),
        because: Some("later".to_owned()),
        of: None,
    };
    ask(&mut desk, "ana", snooze).expect("something is due");
    assert_eq!(incident(&desk).deadline(), before, "an update is due in four hours");
}

#[test]
fn what_somebody_is_to_be_reminded_of_stays_in_memory() {
    let later = |days: i64| at(0) + TimeDelta::days(days);
    let with = |due: Option<chrono::DateTime<chrono::Utc>>| {
        let mut desk = declared(Severity::Sev3);
        let act = Ask::Act {
            text: "tidy up".to_owned(),
            owner: None,
            due,
        };
        ask(&mut desk, "ana", act).expect("it is ahead");
        ask(&mut desk, "ana", resolve()).expect("it is open");
        desk
    };
    for (due, days, goes) in [
        (None, 59, false),
        (None, 61, true),
        (Some(later(400)), 61, false),
        (Some(later(3)), 400, false),
    ] {
        let desk = with(due);
        let retirable = desk.world.incidents().retirable(later(days));
        assert_eq!(retirable == [I1], goes, "due {due:?}, after {days} days");
    }
    let mut done = with(Some(later(400)));
    ask(&mut done, "ana", Ask::Did(1)).expect("it is open");
    assert_eq!(done.world.incidents().retirable(later(8)), [I1]);
}

#[test]
fn a_channel_that_is_lost_twice_is_left_once_and_what_was_on_its_way_is_not_forgotten() {
    let mut desk = declared(Severity::Sev1);
    let Home::Opening { name } = incident(&desk).home.clone() else {
        panic!("{:?}", incident(&desk).home);
    };
    let errand = Errand::Room { name };
    settle(&mut desk, errand, Outcome::Delivered(Some(message("C7", ""))));
    ask(&mut desk, "ana", Ask::Note("the disk is full".to_owned())).expect("a note");
    let note = incident(&desk).timeline.len() - 1;
    let lost = domain::Input::ChannelGone {
        channel: channel("C7"),
        code: "is_archived".to_owned(),
    };
    let decide = |desk: &Desk| desk.world.decide(&lost, &desk.roster, desk.now).expect("nobody asked");
    let events = decide(&desk);
    assert_eq!(events.len(), 1, "{events:?}");
    for event in &events {
        desk.world.apply(event, desk.now);
    }
    assert_eq!(incident(&desk).home, Home::Thread);
    assert!(decide(&desk).is_empty());
    let line = |moment| domain::Errand::Incident {
        id: I1,
        what: Errand::Line {
            channel: channel("C7"),
            moment,
        },
    };
    let refused = |moment| domain::Input::Settled {
        errand: line(moment),
        outcome: refused("is_archived"),
    };
    let untold = |moment| {
        desk.world
            .decide(&refused(moment), &desk.roster, desk.now)
            .expect("nobody asked")
            .len()
    };
    assert_eq!(
        (untold(note), untold(note + 5)),
        (1, 0),
        "what came later is told in the thread anyway"
    );
}

#[test]
fn services_are_named_once_however_they_were_typed() {
    let mut desk = Desk::new(roster());
    let typed = [" checkout", "Checkout ", "", "the  search", "The Search", "mail"];
    let what = Declaration {
        title: "down".to_owned(),
        services: typed.map(str::to_owned).into(),
        ..Declaration::default()
    };
    desk.ask_any("ana", Request::Declare(what)).expect("a title");
    assert_eq!(incident(&desk).services, ["checkout", "the search", "mail"]);
}

#[test]
fn any_update_is_put_right_and_numbered_as_it_was_told() {
    let mut desk = declared(Severity::Sev3);
    let edit = |number, text: &str| Ask::EditUpdate {
        number,
        words: Words::free(text),
    };
    assert_eq!(
        ask(&mut desk, "ana", edit(None, "x")),
        Err(Refusal::NoUpdate { id: I1 })
    );
    for text in ["nothing new", "nothing new", "it is back"] {
        ask(&mut desk, "ana", Ask::Update(Words::free(text))).expect("it is open");
    }
    ask(&mut desk, "ben", edit(Some(1), "all is new")).expect("there is one");
    ask(&mut desk, "ben", edit(None, "it is back again")).expect("there is a last");
    for number in [0, 4] {
        let refusal = ask(&mut desk, "ben", edit(Some(number), "lost?"));
        assert!(
            matches!(
                refusal,
                Err(Refusal::NoSuchUpdate {
                    last: 3,
                    text: Some(_),
                    ..
                })
            ),
            "{refusal:?}"
        );
    }
    let said: Vec<_> = incident(&desk)
        .updates
        .iter()
        .map(|update| update.words.text.as_deref())
        .collect();
    assert_eq!(
        said,
        [Some("all is new"), Some("nothing new"), Some("it is back again")]
    );
    let told = incident(&desk)
        .timeline
        .iter()
        .filter_map(|moment| incident(&desk).number_of(&moment.what));
    assert_eq!(told.collect::<Vec<_>>(), [1, 2, 3]);
}

//! What follows when a page does not get through, is late, or is asked for again.

use super::paging::*;

#[test]
fn one_refused_page_of_two_does_not_escalate_and_the_second_does() {
    let levels = vec![level([person("ana"), person("dan")], 10), level([person("ben")], 10)];
    let mut desk = Desk::raised(roster_with(levels, 0));
    desk.now = at(1);
    assert_eq!(
        happened(&desk.refuse_page("ana", FIRST)),
        "page L1R1 of ana refused (channel_not_found)"
    );
    assert_eq!(desk.alert().page, Page::Paging { due: at(10) });
    assert_eq!(
        happened(&desk.refuse_page("dan", FIRST)),
        "page L1R1 of dan refused (channel_not_found); page L2R1 ben, nobody reached, next 12:11"
    );
}

#[test]
fn a_page_refused_twice_says_nothing_about_the_other_one() {
    let levels = vec![level([person("ana"), person("dan")], 10), level([person("ben")], 10)];
    let mut desk = Desk::raised(roster_with(levels, 0));
    desk.refuse_page("ana", FIRST);
    assert_eq!(paged(&desk.refuse_page("ana", FIRST)), []);
}

#[test]
fn a_refusal_that_comes_after_the_next_level_pages_nobody() {
    let mut desk = Desk::raised(roster());
    desk.let_pass(1);
    assert_eq!(
        happened(&desk.refuse_page("ana", FIRST)),
        "page L1R1 of ana refused (channel_not_found)"
    );
    assert_eq!(desk.alert().page, Page::Paging { due: at(20) });
}

#[test]
fn a_refusal_of_an_earlier_round_says_nothing_about_the_page_of_this_one() {
    let mut desk = Desk::raised(roster_with(targets([person("ana")]), 1));
    desk.let_pass(1);
    assert_eq!(paged(&desk.refuse_page("ana", FIRST)), []);
    assert_eq!(desk.alert().page, Page::Paging { due: at(20) });
    assert_eq!(desk.alert().reached, [Recipient::Person(user("ana"))]);
}

#[test]
fn an_exhausted_page_remembers_since_when_and_how_often_it_was_said() {
    let mut desk = Desk::new(roster());
    desk.raise("payments", Priority::P1).unwrap();
    desk.let_pass(4);
    let page = Page::Exhausted {
        since: at(10),
        times: 3,
        due: at(100),
    };
    assert_eq!(desk.alert().page, page);
}

#[test]
fn an_acknowledged_alert_pages_nobody_whatever_comes_late() {
    let mut desk = Desk::raised(roster());
    desk.now = at(1);
    desk.acknowledge("ben").unwrap();
    assert_eq!(paged(&desk.refuse_page("ana", FIRST)), []);
    assert_eq!(paged(&desk.tick_at(at(20))), []);
    assert_eq!(
        desk.alert().page,
        Page::Acknowledged {
            by: user("ben"),
            at: at(1),
            until: Some(at(31)),
            asked: false
        }
    );
}

#[test]
fn asking_after_an_acknowledgement_pages_the_next_level_and_paging_goes_on() {
    let mut desk = Desk::raised(roster());
    desk.acknowledge("ana").unwrap();
    desk.now = at(5);
    let shown = desk.alert().moments();
    assert_eq!(
        happened(&desk.escalate("ana", Some(shown)).unwrap()),
        "escalated by ana; page L2R1 ben, asked, next 12:15"
    );
    assert_eq!(happened(&desk.let_pass(1)), "page L3R1 cleo, no answer, next 12:30");
}

#[test]
fn asking_after_an_acknowledgement_of_the_last_level_begins_again() {
    // Somebody did answer: to say that everybody was paged in vain would be wrong, and would wake nobody.
    for deadlines in [5, 6] {
        let mut desk = Desk::raised(roster());
        desk.let_pass(deadlines);
        desk.acknowledge("cleo").unwrap();
        assert_eq!(
            paged(&desk.escalate("cleo", None).unwrap()),
            [user("ana")],
            "after {deadlines} deadlines"
        );
    }
}

#[test]
fn two_people_who_press_the_same_button_skip_no_level() {
    let mut desk = Desk::raised(roster());
    let shown = desk.alert().moments();
    desk.now = at(1);
    assert_eq!(paged(&desk.escalate("ana", Some(shown)).unwrap()), [user("ben")]);
    desk.now = at(2);
    let first = Refusal::AlreadyEscalated {
        id: A1,
        by: Some(user("ana")),
        at: at(1),
    };
    assert_eq!(desk.escalate("cleo", Some(shown)), Err(first));
    // Once nobody has answered in time either, that is the news.
    desk.let_pass(1);
    let by_itself = Refusal::AlreadyEscalated {
        id: A1,
        by: None,
        at: at(11),
    };
    assert_eq!(desk.escalate("cleo", Some(shown)), Err(by_itself));
}

#[test]
fn a_button_drawn_before_somebody_elses_acknowledgement_wakes_nobody() {
    let mut desk = Desk::raised(roster());
    let shown = desk.alert().moments();
    desk.now = at(1);
    desk.acknowledge("ana").unwrap();
    let first = Refusal::AlreadyAcknowledged {
        id: A1,
        by: user("ana"),
        at: at(1),
    };
    assert_eq!(desk.escalate("ben", Some(shown)), Err(first));
    // Whoever acknowledged it knows that they did.
    assert_eq!(paged(&desk.escalate("ana", Some(shown)).unwrap()), [user("ben")]);
}

#[test]
fn a_button_stays_good_while_an_exhausted_page_is_only_said_again() {
    let mut desk = Desk::raised(roster());
    desk.let_pass(6);
    let shown = desk.alert().moments();
    desk.let_pass(3);
    desk.note("dan", "anybody?").unwrap();
    assert_eq!(paged(&desk.escalate("ben", Some(shown)).unwrap()), [user("ana")]);
}

#[test]
fn an_alert_keeps_its_levels_while_the_people_are_those_of_the_moment() {
    let mut desk = Desk::raised(roster());
    change(&mut desk.roster, "cloud", |cloud| {
        cloud.policy.levels = targets([person("dan")]);
        cloud.rotations = vec![weekly("primary", &["cleo"])];
    });
    assert_eq!(paged(&desk.let_pass(1)), [user("ben")], "the second level, as it was");
    assert_eq!(paged(&desk.let_pass(1)), [user("cleo")]);
    assert_eq!(paged(&desk.let_pass(1)), [user("cleo")], "on call by now");
}

#[test]
fn the_page_goes_to_whoever_is_on_call_when_it_goes_out() {
    let mut desk = Desk::raised(roster_with(targets([rotation("primary")]), 3));
    let handover = noon() + TimeDelta::days(7) - TimeDelta::hours(3);
    assert_eq!(paged(&desk.tick_at(handover - TimeDelta::seconds(1))), [user("ana")]);
    assert_eq!(paged(&desk.tick_at(handover + TimeDelta::minutes(10))), [user("ben")]);
}

#[test]
fn a_team_that_is_gone_leaves_the_named_people_of_the_policy() {
    let mut desk = Desk::raised(roster());
    desk.roster.teams.clear();
    assert_eq!(paged(&desk.let_pass(1)), [user("ben")]);
    assert_eq!(
        happened(&desk.let_pass(1)),
        "page L3R1 nobody, missed no team lead, no answer, next 12:35; \
         page L1R2 nobody, missed no rotation primary, nobody reached, next 12:30; \
         page L2R2 ben, nobody reached, next 12:30"
    );
}

#[test]
fn a_minute_late_is_admitted_and_a_second_less_is_not() {
    let mut desk = Desk::raised(roster());
    assert_eq!(
        happened(&desk.clone().tick_at(at(10) + TimeDelta::seconds(59))),
        "page L2R1 ben, no answer, next 12:20:59"
    );
    assert_eq!(
        happened(&desk.tick_at(at(11))),
        "late, due 12:10; page L2R1 ben, no answer, next 12:21"
    );
}

#[test]
fn however_late_it_is_only_one_step_follows() {
    let mut desk = Desk::raised(roster());
    assert_eq!(paged(&desk.tick_at(noon() + TimeDelta::days(3))), [user("ben")]);
    assert_eq!(desk.alert().step, Some(SECOND));
    assert_eq!(desk.tick_at(desk.now), []);
}

#[test]
fn a_page_that_was_still_unsent_at_the_start_is_late_unless_it_is_over() {
    let mut desk = Desk::raised(roster());
    desk.now = at(9);
    let started = Input::Started {
        unsent: vec![(A1, noon())],
    };
    assert_eq!(happened(&desk.clone().input(&started).unwrap()), "late, due 12:00");
    desk.acknowledge("ana").unwrap();
    assert_eq!(desk.input(&started), Ok(Vec::new()));
}

#[test]
fn a_reason_is_kept_without_the_blanks_around_it() {
    let mut desk = Desk::raised(roster());
    let resolve = |because: &str| Request::Resolve {
        alert: A1,
        because: Some(because.to_owned()),
    };
    assert_eq!(
        happened(&desk.clone().ask("ana", resolve("  ")).unwrap()),
        "resolved by ana"
    );
    assert_eq!(
        happened(&desk.ask("ana", resolve(" a bad deploy ")).unwrap()),
        "resolved by ana because a bad deploy"
    );
}

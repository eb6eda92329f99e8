//! Who is paged, when, and what happens when nobody can be.

use chrono::TimeDelta;

use super::super::event::{Event, Paged, Step};
use super::super::{Page, Raise, Refusal};
use super::render::happened;
use crate::domain::escalation::{Level, Recipient, Target};
use crate::domain::fixtures::{
    A1, Desk, at, change, channel, level, new_team, noon, person, roster, roster_with, rotation, team, team_id, user,
    weekly,
};
use crate::domain::ids::UserId;
use crate::domain::priority::Priority;
use crate::domain::roster::Roster;
use crate::domain::rotation::Member;
use crate::domain::{Input, Request};

const FIRST: Step = Step { level: 0, round: 0 };
const SECOND: Step = Step { level: 1, round: 0 };

/// What the first page of cloud says with these levels.
fn first_page(roster: Roster) -> String {
    happened(&Desk::new(roster).raise("cloud", Priority::P1).unwrap()[1..])
}

fn targets(targets: impl IntoIterator<Item = Target>) -> Vec<Level> {
    vec![level(targets, 10)]
}

fn unknown(name: &str) -> Target {
    Target::Person(Member::Unknown(name.to_owned()))
}

/// Everybody whom the events page.
fn paged(events: &[Event]) -> Vec<UserId> {
    let pages = events.iter().filter_map(|event| match event {
        Event::Paged { to, .. } => Some(to),
        _ => None,
    });
    let person = |paged: &Paged| match &paged.who {
        Recipient::Person(user) => Some(user.clone()),
        Recipient::Channel(_) => None,
    };
    pages.flatten().filter_map(person).collect()
}

#[test]
fn each_level_has_its_wait_and_the_levels_repeat_until_the_page_is_exhausted() {
    let mut desk = Desk::new(roster());
    let mut story = vec![happened(&desk.raise("cloud", Priority::P1).unwrap())];
    for _ in 0..8 {
        let events = desk.let_pass(1);
        story.push(format!("{} {}", desk.now.format("%H:%M"), happened(&events)));
    }
    insta::assert_snapshot!(story.join("\n"), @"
    P1 raised by zoe for cloud, card in cloud-alerts; page L1R1 ana (primary of cloud), raised, next 12:10
    12:10 page L2R1 ben, no answer, next 12:20
    12:20 page L3R1 cleo, no answer, next 12:35
    12:35 page L1R2 ana (primary of cloud), no answer, next 12:45
    12:45 page L2R2 ben, no answer, next 12:55
    12:55 page L3R2 cleo, no answer, next 13:10
    13:10 exhausted 1×, again 13:40
    13:40 exhausted 2×, again 14:10
    14:10 exhausted 3×, again 14:40
    ");
}

#[test]
fn without_a_repeat_the_levels_are_walked_once() {
    let mut desk = Desk::new(roster());
    desk.raise("payments", Priority::P1).unwrap();
    assert_eq!(happened(&desk.let_pass(1)), "page L2R1 cleo, no answer, next 12:10");
    assert_eq!(happened(&desk.let_pass(1)), "exhausted 1×, again 12:40");
}

#[test]
fn a_policy_without_levels_is_exhausted_at_once() {
    assert_eq!(first_page(roster_with(Vec::new(), 3)), "exhausted 1×, again 12:30");
}

#[test]
fn nobody_on_call_is_recorded_and_the_next_level_is_paged_at_once() {
    let mut roster = roster();
    change(&mut roster, "cloud", |cloud| {
        cloud.rotations[0].start += TimeDelta::days(1);
    });
    assert_eq!(
        first_page(roster),
        "page L1R1 nobody, missed nobody on call in primary, raised, next 12:10; \
         page L2R1 ben, nobody reached, next 12:10"
    );
}

#[test]
fn a_rotation_without_members_has_nobody_on_call() {
    let mut roster = roster_with(targets([rotation("primary")]), 0);
    change(&mut roster, "cloud", |cloud| cloud.rotations[0].members.clear());
    assert_eq!(
        first_page(roster),
        "page L1R1 nobody, missed nobody on call in primary, raised, next 12:10; exhausted 1×, again 12:30"
    );
}

#[test]
fn whoever_cannot_be_paged_is_named_with_the_reason() {
    let levels = targets([
        unknown("@annna"),
        person("gone"),
        person("robot"),
        rotation("secondary"),
        Target::Channel(Err("#nowhere".to_owned())),
        team("nobody"),
        person("ben"),
    ]);
    assert_eq!(
        first_page(roster_with(levels, 0)),
        "page L1R1 ben, missed unknown @annna + gone left + robot is a bot + no rotation secondary + \
         no channel #nowhere + no team nobody, raised, next 12:10"
    );
}

#[test]
fn somebody_on_call_who_left_or_is_unknown_or_a_bot_is_missed_too() {
    for (member, reason) in [
        (Member::Known(user("gone")), "gone left"),
        (Member::Known(user("robot")), "robot is a bot"),
        (Member::Unknown("@annna".to_owned()), "unknown @annna"),
    ] {
        let mut roster = roster();
        change(&mut roster, "cloud", |cloud| cloud.rotations[0].members = vec![member]);
        let page = first_page(roster);
        assert!(
            page.starts_with(&format!("page L1R1 nobody, missed {reason}, raised")),
            "{page}"
        );
        assert!(page.ends_with("page L2R1 ben, nobody reached, next 12:10"), "{page}");
    }
}

#[test]
fn somebody_the_directory_has_not_seen_is_tried() {
    let levels = targets([person("new")]);
    assert_eq!(first_page(roster_with(levels, 0)), "page L1R1 new, raised, next 12:10");
}

#[test]
fn a_channel_can_be_paged() {
    let levels = targets([Target::Channel(Ok(channel("war-room")))]);
    assert_eq!(
        first_page(roster_with(levels, 0)),
        "page L1R1 #war-room, raised, next 12:10"
    );
}

#[test]
fn when_nobody_of_any_level_can_be_reached_one_walk_is_enough() {
    let levels = vec![level([person("gone")], 10), level([person("robot")], 10)];
    assert_eq!(
        first_page(roster_with(levels, 5)),
        "page L1R1 nobody, missed gone left, raised, next 12:10; \
         page L2R1 nobody, missed robot is a bot, nobody reached, next 12:10; exhausted 1×, again 12:30"
    );
}

#[test]
fn a_team_is_paged_by_its_first_level_and_with_its_own_rotation() {
    let levels = targets([team("payments")]);
    assert_eq!(
        first_page(roster_with(levels, 0)),
        "page L1R1 dan (primary of payments), raised, next 12:10"
    );
}

#[test]
fn two_teams_that_page_each_other_come_to_an_end() {
    let mut roster = roster_with(targets([team("payments")]), 0);
    change(&mut roster, "payments", |payments| {
        payments.policy.levels = targets([team("cloud"), rotation("primary")]);
    });
    assert_eq!(
        first_page(roster),
        "page L1R1 dan (primary of payments), missed no team cloud, raised, next 12:10"
    );
}

#[test]
fn a_team_that_two_teams_page_is_paged_once_and_not_called_missing() {
    let mut roster = roster_with(targets([team("payments"), team("web")]), 0);
    change(&mut roster, "payments", |payments| {
        payments.policy.levels = targets([team("lead")]);
    });
    let web = new_team("web", Vec::new(), targets([team("lead")]), 0);
    roster.teams.insert(web.id.clone(), web);
    assert_eq!(first_page(roster), "page L1R1 cleo, raised, next 12:10");
}

#[test]
fn a_person_named_by_two_targets_is_paged_once_for_the_first() {
    let levels = targets([rotation("primary"), person("ana"), team("payments"), person("dan")]);
    assert_eq!(
        first_page(roster_with(levels, 0)),
        "page L1R1 ana (primary of cloud) + dan (primary of payments), raised, next 12:10"
    );
}

#[test]
fn p4_and_p5_page_nobody_unless_the_team_says_otherwise() {
    for priority in Priority::ALL {
        let mut desk = Desk::new(roster());
        let events = desk.raise("cloud", priority).unwrap();
        let quiet = matches!(priority, Priority::P4 | Priority::P5);
        assert_eq!(paged(&events).is_empty(), quiet, "{priority}");
        assert_eq!(desk.alert().page == Page::Quiet, quiet, "{priority}");
        assert_eq!(desk.world.next_deadline().is_none(), quiet, "{priority}");

        let mut roster = roster();
        change(&mut roster, "cloud", |cloud| cloud.posts_only = vec![Priority::P1]);
        let events = Desk::new(roster).raise("cloud", priority).unwrap();
        assert_eq!(
            paged(&events).is_empty(),
            priority == Priority::P1,
            "{priority}, as the team says"
        );
    }
}

#[test]
fn nothing_is_raised_without_a_summary_or_for_a_team_that_is_not_there() {
    let mut desk = Desk::new(roster());
    let raise = |team: &str, summary: &str| {
        Request::Raise(Raise {
            team: team_id(team),
            summary: summary.to_owned(),
            priority: Priority::P1,
            service: None,
        })
    };
    assert_eq!(desk.ask("zoe", raise("cloud", " \n")), Err(Refusal::Empty));
    let refusal = Refusal::NoSuchTeam {
        team: team_id("clod"),
        summary: "the API times out".to_owned(),
    };
    assert_eq!(desk.ask("zoe", raise("clod", "the API times out")), Err(refusal));
    assert_eq!(desk.journal, []);
}

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
    assert_eq!(paged(&desk.tick_at(at(600))), []);
    assert_eq!(
        desk.alert().page,
        Page::Acknowledged {
            by: user("ben"),
            at: at(1)
        }
    );
    assert_eq!(desk.world.next_deadline(), None);
}

#[test]
fn asking_after_an_acknowledgement_pages_the_next_level_and_paging_goes_on() {
    let mut desk = Desk::raised(roster());
    desk.acknowledge("ana").unwrap();
    desk.now = at(5);
    let shown = desk.alert().revision;
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
    let shown = desk.alert().revision;
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
    let shown = desk.alert().revision;
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
    let shown = desk.alert().revision;
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

//! Who is paged, when, and what happens when nobody can be.

pub(super) use chrono::TimeDelta;

pub(super) use super::super::event::{Event, Paged, Step};
pub(super) use super::super::{Page, Raise, Refusal};
pub(super) use super::render::happened;
pub(super) use crate::domain::escalation::{Level, Recipient, Target};
pub(super) use crate::domain::fixtures::{
    A1, Desk, at, change, channel, level, new_team, noon, person, roster, roster_with, rotation, team, team_id, user,
    weekly,
};
pub(super) use crate::domain::ids::UserId;
pub(super) use crate::domain::priority::Priority;
pub(super) use crate::domain::roster::Roster;
pub(super) use crate::domain::rotation::Member;
pub(super) use crate::domain::{Input, Request};

pub(super) const FIRST: Step = Step { level: 0, round: 0 };
pub(super) const SECOND: Step = Step { level: 1, round: 0 };

/// What the first page of cloud says with these levels.
pub(super) fn first_page(roster: Roster) -> String {
    happened(&Desk::new(roster).raise("cloud", Priority::P1).unwrap()[1..])
}

pub(super) fn targets(targets: impl IntoIterator<Item = Target>) -> Vec<Level> {
    vec![level(targets, 10)]
}

pub(super) fn unknown(name: &str) -> Target {
    Target::Person(Member::Unknown(name.to_owned()))
}

/// Everybody whom the events page.
pub(super) fn paged(events: &[Event]) -> Vec<UserId> {
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
            to: None,
            alike: crate::domain::alert::Alike::Ask,
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

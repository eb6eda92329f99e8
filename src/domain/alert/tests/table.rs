//! Every state of an alert × everything that can come in, as one snapshot to be read and judged.
//!
//! Each state is reached by playing it, never put together by hand, so the table has no state that cannot be.

use std::fmt::Write as _;

use chrono::TimeDelta;

use super::super::event::{Assignee, Event, Step};
use super::super::{Page, Refusal};
use super::render;
use crate::domain::Request;
use crate::domain::fixtures::{A1, Desk, at, level, person, roster, roster_with, rotation, team_id, user};
use crate::domain::priority::Priority;
use crate::domain::roster::Roster;

/// A way to bring a fresh alert into a state.
type Play = fn(Roster) -> Desk;

/// Something that comes in.
type Act = fn(&mut Desk) -> Result<Vec<Event>, Refusal>;

const STATES: [(&str, Play); 8] = [
    ("quiet", |roster| {
        let mut desk = Desk::new(roster);
        desk.raise("cloud", Priority::P4).unwrap();
        desk
    }),
    ("paging, first level", Desk::raised),
    ("paging, last level of last round", |roster| {
        let mut desk = Desk::raised(roster);
        desk.let_pass(5);
        desk
    }),
    ("exhausted", |roster| {
        let mut desk = Desk::raised(roster);
        desk.let_pass(6);
        desk
    }),
    ("acknowledged by ana", |roster| {
        let mut desk = Desk::raised(roster);
        desk.now = at(5);
        desk.acknowledge("ana").unwrap();
        desk
    }),
    ("acknowledged by ana, who has been asked", |roster| {
        let mut desk = Desk::raised(roster);
        desk.now = at(5);
        desk.acknowledge("ana").unwrap();
        desk.tick_at(at(30));
        desk
    }),
    ("snoozed by ana", |roster| {
        let mut desk = Desk::raised(roster);
        desk.now = at(5);
        desk.snooze("ana", 60).unwrap();
        desk
    }),
    ("ended by ana", |roster| {
        let mut desk = Desk::raised(roster);
        desk.now = at(5);
        desk.resolve("ana").unwrap();
        desk
    }),
];

const REQUESTS: [(&str, Act); 21] = [
    ("ack by ana", |desk| desk.acknowledge("ana")),
    ("ack by ben", |desk| desk.acknowledge("ben")),
    ("ack by ana for 2 h", |desk| desk.acknowledge_for("ana", 120)),
    ("ack by ana for 8 days", |desk| desk.acknowledge_for("ana", 8 * 24 * 60)),
    ("unack by ana", |desk| desk.ask("ana", Request::GiveBack { alert: A1 })),
    ("unack by ben", |desk| desk.ask("ben", Request::GiveBack { alert: A1 })),
    ("snooze by ben for 1 h", |desk| desk.snooze("ben", 60)),
    ("snooze by ben for nothing", |desk| desk.snooze("ben", 0)),
    ("assign by ben to dan", |desk| {
        let to = Assignee::Person(user("dan"));
        desk.ask("ben", Request::Assign { alert: A1, to })
    }),
    ("assign by ben to payments", |desk| {
        let to = Assignee::Team(team_id("payments"));
        desk.ask("ben", Request::Assign { alert: A1, to })
    }),
    ("reopen by ben", |desk| desk.ask("ben", Request::Reopen { alert: A1 })),
    ("resolve by ana", |desk| desk.resolve("ana")),
    ("resolve by ben", |desk| desk.resolve("ben")),
    ("escalate typed by ben", |desk| desk.escalate("ben", None)),
    ("escalate by ben, button drawn before the last change", |desk| {
        let before = desk.alert().moments().saturating_sub(1);
        desk.escalate("ben", Some(before))
    }),
    ("escalate by ana, button drawn before the last change", |desk| {
        let before = desk.alert().moments().saturating_sub(1);
        desk.escalate("ana", Some(before))
    }),
    ("escalate by ben, button as it stands", |desk| {
        let shown = desk.alert().moments();
        desk.escalate("ben", Some(shown))
    }),
    ("note by ben", |desk| desk.note("ben", " looking at it ")),
    ("empty note by ben", |desk| desk.note("ben", " \n ")),
    ("card refused in the team's channel", |desk| {
        Ok(desk.refuse_card("cloud-alerts"))
    }),
    ("card refused in the fallback channel", |desk| {
        Ok(desk.refuse_card("fallback"))
    }),
];

const TIMES: [(&str, TimeDelta); 3] = [
    ("a second before it is due", TimeDelta::seconds(-1)),
    ("when it is due", TimeDelta::zero()),
    ("three hours after it was due", TimeDelta::hours(3)),
];

/// Cloud as it is, and with dan paged beside everybody.
fn crews() -> [(&'static str, Roster); 2] {
    let two = vec![
        level([rotation("primary"), person("dan")], 10),
        level([person("ben"), person("dan")], 10),
        level([person("cleo"), person("dan")], 15),
    ];
    [("the only page", roster()), ("one of two pages", roster_with(two, 1))]
}

/// The person that the last step paged first, and that step; the first one's for an alert that paged nobody.
fn last_paged(desk: &Desk) -> (String, Step) {
    let step = desk.alert().step.unwrap_or(Step { level: 0, round: 0 });
    let who = ["ana", "ben", "cleo"][step.level];
    (who.to_owned(), step)
}

fn table() -> String {
    let mut table = String::new();
    for (state, play) in STATES {
        let start = play(roster());
        let page = render::page(&start.alert().page);
        writeln!(table, "{state} ({page})").unwrap();
        let mut row = |input: &str, result: &Result<Vec<Event>, Refusal>| {
            writeln!(table, "  {input:<54} → {}", render::outcome(result)).unwrap();
        };
        for (input, act) in REQUESTS {
            let mut desk = start.clone();
            desk.now += TimeDelta::minutes(1);
            row(input, &act(&mut desk));
        }
        for (input, after) in TIMES {
            let mut desk = start.clone();
            let due = match desk.alert().page {
                Page::Paging { due } | Page::Exhausted { due, .. } => due,
                Page::Acknowledged { .. } | Page::Snoozed { .. } if desk.alert().deadline().is_some() => {
                    desk.alert().deadline().unwrap()
                }
                // Nothing is due: as if a level were.
                _ => desk.now + TimeDelta::minutes(10),
            };
            row(input, &Ok(desk.tick_at(due + after)));
        }
        for (which, roster) in crews() {
            let mut desk = play(roster);
            desk.now += TimeDelta::minutes(1);
            let (who, step) = last_paged(&desk);
            row(&format!("{which} refused, {who}'s"), &Ok(desk.refuse_page(&who, step)));
        }
        table.push('\n');
    }
    table
}

#[test]
fn every_state_answers_every_input_as_the_table_says() {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => "One alert for cloud, raised at 12:00. L1R2 is the first level in the second round.",
    }, {
        insta::assert_snapshot!("alert_and_page", table());
    });
}

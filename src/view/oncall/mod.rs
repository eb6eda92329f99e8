//! Who is on call, and what people agree on about it: answers, messages, reasons.

mod alias;
pub mod announce;
mod calendar;
mod check;
mod duties;
mod explain;
mod gap;
mod handoff;
mod levels;
mod reply;
mod schedule;
mod unavailable;
mod underwater;
mod words;

use slack_morphism::prelude::SlackBlock;

pub use alias::instead_of_group;
pub use announce::announce;
pub(super) use announce::wish;
pub use calendar::{Calendar, calendar, send as send_calendar};
pub use check::{check, findings};
pub(super) use duties::mine as my_duties;
pub use duties::{answered as duty_answered, show as duties};
pub use explain::explain;
pub use handoff::{announce as announce_handoffs, group, noted};
pub use levels::levels;
pub use reply::{done, refused};
pub(super) use schedule::shifts_of;
pub use schedule::{mine, person, schedule};
pub(super) use unavailable::lines as unavailable_lines;
pub(super) use underwater::on_home as underwater_on_home;

pub(super) use words::answers_for;

use super::alert::show::sections;
use super::blocks::context;
use super::text::{date, escape, name};
use super::{Scene, message, say};
use crate::domain::ids::TeamId;
use crate::domain::oncall::Because;
use crate::domain::rotation::Rotation;
use crate::domain::team::Team;
use crate::slack::call::Message;
use words::{by, member};

/// How many teams one answer shows; Slack takes 50 blocks a message.
const TEAMS: usize = 45;
const BLOCKS: usize = 50;

/// Who is on call in each rotation, until when, and who is next: for one team or for all.
pub fn show(scene: Scene<'_>, of: Option<&TeamId>) -> Message {
    let teams: Vec<&Team> = match of {
        Some(id) => scene.roster.teams.get(id).into_iter().collect(),
        None => scene.roster.teams.values().collect(),
    };
    if teams.is_empty() {
        return say("There are no teams in the configuration yet.");
    }
    let mut parts: Vec<String> = teams.iter().take(TEAMS).map(|team| team_line(scene, team)).collect();
    if teams.len() > TEAMS {
        parts.push(format!(
            "… and {} more: `/oncall` with a team's name shows one.",
            teams.len() - TEAMS
        ));
    }
    told(&parts)
}

/// A message of a few parts, each in as many sections as its lines need.
fn told(parts: &[String]) -> Message {
    let mut drawn: Vec<SlackBlock> = parts.iter().flat_map(|part| sections(part)).collect();
    if drawn.len() > BLOCKS {
        drawn.truncate(BLOCKS - 1);
        drawn.push(context("… and more than fits into one message: name one team."));
    }
    message(parts.join("\n"), drawn)
}

/// Who is on call in each of a team's rotations.
pub(super) fn team_line(scene: Scene<'_>, team: &Team) -> String {
    let title = format!("*{}*", escape(&team.name));
    if team.rotations.is_empty() {
        return format!("{title}\nThis team has no rotations; its escalation policy names whom to page.");
    }
    let lines: Vec<String> = team
        .rotations
        .iter()
        .map(|rotation| rotation_line(scene, team, rotation))
        .collect();
    format!("{title}\n{}", lines.join("\n"))
}

fn rotation_line(scene: Scene<'_>, team: &Team, rotation: &Rotation) -> String {
    let label = escape(&rotation.name);
    let staff = scene.staff();
    let now = staff.who(&team.id, rotation, scene.now);
    let until = now
        .until
        .map(|until| format!(" until {}", date(until)))
        .unwrap_or_default();
    let next = now.until.map(|until| staff.who(&team.id, rotation, until));
    match (&now.who, now.because.last()) {
        (Some(who), _) => {
            let by = by(now.by().as_ref());
            let next = match next.and_then(|next| next.who) {
                Some(next) if next == *who => ", then again".to_owned(),
                Some(next) => format!(", then {}", member(scene, &next)),
                None => String::new(),
            };
            format!("{label}: {}{by}{until}{next}", member(scene, who))
        }
        (None, Some(Because::Freeze { name, .. })) => {
            let next = next.and_then(|next| next.who);
            let next = next.map_or_else(String::new, |next| format!(", then {}", member(scene, &next)));
            format!("{label}: nobody ({}){until}{next}", escape(name))
        }
        (None, Some(Because::Unavailable { id, who, until, .. })) => format!(
            "{label}: nobody, {} is unavailable ({id}) until {}; pages go to the next level",
            name(scene.roster, who),
            date(*until)
        ),
        (None, Some(Because::OutOfHours { .. })) if now.until.is_some() => {
            let next = next.and_then(|next| next.who);
            let next = next.map_or_else(String::new, |next| format!(" with {}", member(scene, &next)));
            let begins = now.until.map(date).unwrap_or_default();
            format!("{label}: nobody, it is out of hours; it goes on {begins}{next}")
        }
        (None, Some(Because::NotBegun { .. })) if now.until.is_some() => {
            let first = next.and_then(|next| next.who);
            let first = first.map(|first| member(scene, &first)).unwrap_or_default();
            let begins = now.until.map(date).unwrap_or_default();
            format!("{label}: :warning: nobody yet; {first} starts {begins}")
        }
        (None, _) => format!("{label}: :warning: nobody, it has no members"),
    }
}

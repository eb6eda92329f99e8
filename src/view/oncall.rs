//! Who is on call.

use chrono::{DateTime, Utc};

use super::blocks::section;
use super::text::{date, escape, name};
use super::{Scene, message, say};
use crate::domain::ids::TeamId;
use crate::domain::roster::Standing;
use crate::domain::rotation::{Member, Rotation, Shift};
use crate::domain::team::Team;
use crate::slack::call::Message;

/// How many teams one answer shows; Slack takes 50 blocks a message.
const TEAMS: usize = 45;

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
    let drawn = parts.iter().map(|part| section(part)).collect();
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
        .map(|rotation| rotation_line(scene, rotation))
        .collect();
    format!("{title}\n{}", lines.join("\n"))
}

fn rotation_line(scene: Scene<'_>, rotation: &Rotation) -> String {
    let label = escape(&rotation.name);
    match rotation.shift_at(scene.now) {
        Some(shift) => {
            let who = member(scene, &shift.member);
            let next = next(scene, rotation, &shift);
            format!("{label}: {who} until {}{next}", date(shift.until))
        }
        None => match rotation.first() {
            Some(first) => starts(scene, &label, &first.member, first.from),
            None => format!("{label}: :warning: nobody, it has no members"),
        },
    }
}

fn next(scene: Scene<'_>, rotation: &Rotation, shift: &Shift) -> String {
    match rotation.after(shift) {
        Some(next) if next.member == shift.member => ", then again".to_owned(),
        Some(next) => format!(", then {}", member(scene, &next.member)),
        None => String::new(),
    }
}

fn starts(scene: Scene<'_>, label: &str, first: &Member, from: DateTime<Utc>) -> String {
    format!(
        "{label}: :warning: nobody yet; {} starts on {}",
        member(scene, first),
        date(from)
    )
}

fn member(scene: Scene<'_>, member: &Member) -> String {
    match member {
        Member::Unknown(name) => format!(":warning: `{}`, whom nobody here is called", escape(name)),
        Member::Known(user) => match scene.roster.people.get(user).map(|person| person.standing) {
            Some(Standing::Deactivated) => format!(":warning: {}, who has left", name(scene.roster, user)),
            Some(Standing::Bot) => format!(":warning: {}, which is a bot", name(scene.roster, user)),
            Some(Standing::Active | Standing::Guest) | None => name(scene.roster, user),
        },
    }
}

//! Shifts to come: of a team, or of a person.

use chrono::{DateTime, TimeDelta, Utc};

use super::told;
use super::unavailable;
use super::words::{by, interval, kind, member, members, parts, with_rotations};
use crate::domain::escalation::Target;
use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::{Standing, Stint};
use crate::domain::rotation::{Member, Rotation};
use crate::domain::team::Team;
use crate::slack::call::Message;
use crate::view::text::{count, date, escape, list, name, shift};
use crate::view::{Scene, say};

/// How many shifts of a rotation are listed.
const LISTED: usize = 40;
/// How far ahead somebody's own shifts are looked for.
const AHEAD: TimeDelta = TimeDelta::days(60);

/// A team's coming shifts, with overrides.
pub fn schedule(scene: Scene<'_>, of: &TeamId, days: u32) -> Message {
    let team = match with_rotations(scene, of) {
        Ok(team) => team,
        Err(said) => return said,
    };
    let until = scene.now + TimeDelta::days(i64::from(days));
    let mut told_parts = vec![format!(
        "*{}*, the next {}",
        escape(&team.name),
        count(days as usize, "day")
    )];
    told_parts.extend(
        team.rotations
            .iter()
            .map(|rotation| of_rotation(scene, team, rotation, until)),
    );
    told(&told_parts)
}

fn of_rotation(scene: Scene<'_>, team: &Team, rotation: &Rotation, until: DateTime<Utc>) -> String {
    let stints = scene.staff().shifts(&team.id, rotation, scene.now, until);
    let mut lines = vec![format!("*{}* ({})", escape(&rotation.name), rotation.zone)];
    lines.extend(
        stints
            .iter()
            .take(LISTED)
            .map(|stint| line(scene, team, rotation, stint)),
    );
    if stints.len() > LISTED {
        lines.push(format!("… and {}.", count(stints.len() - LISTED, "more shift")));
    }
    let changes = rotation
        .changes_after(scene.now)
        .take_while(|(first, _)| *first < until);
    lines.extend(changes.map(|(first, change)| {
        let order = members(scene, &change.members);
        format!("From {} on the order is {order}.", date(first))
    }));
    lines.join("\n")
}

fn line(scene: Scene<'_>, team: &Team, rotation: &Rotation, stint: &Stint) -> String {
    let away = || {
        let it = scene.world.overrides().get(stint.by.as_ref()?.id()?)?;
        Some(format!("nobody, {} is unavailable", name(scene.roster, &it.by)))
    };
    let who = match &stint.who {
        Some(who) => member(scene, who),
        None => away().unwrap_or_else(|| "nobody".to_owned()),
    };
    let by = by(stint.by.as_ref());
    format!("{}: {who}{by}", when(scene, team, rotation, stint))
}

/// A shift as people think of it: one that goes on has begun, and what is beyond the days that were asked for belongs to
/// the last one.
fn when(scene: Scene<'_>, team: &Team, rotation: &Rotation, stint: &Stint) -> String {
    let until = scene.staff().end_of(&team.id, rotation, stint);
    if stint.from <= scene.now {
        format!("now until {}", date(until))
    } else {
        interval(stint.from, until)
    }
}

/// Somebody's shifts to come, a line each, the next one first.
pub(in crate::view) fn shifts_of(scene: Scene<'_>, who: &UserId) -> Vec<String> {
    let own = Some(Member::Known(who.clone()));
    let staff = scene.staff();
    let mut lines = Vec::new();
    for (of, rotation) in staff.rotations() {
        let stints = staff.shifts(&of.id, rotation, scene.now, scene.now + AHEAD);
        let own = stints.into_iter().filter(|stint| stint.who == own).take(LISTED);
        lines.extend(own.map(|stint| {
            let by = by(stint.by.as_ref());
            let what = shift(scene.roster, &of.id, &rotation.name);
            let when = when(scene, of, rotation, &stint);
            (stint.from, format!("{when}: {what}{by}"))
        }));
    }
    lines.sort();
    lines.into_iter().take(LISTED).map(|(_, line)| line).collect()
}

/// What somebody is on call for: now, else next, and where they are paged besides.
pub fn person(scene: Scene<'_>, who: &UserId) -> Message {
    let called = name(scene.roster, who);
    let shifts = shifts_of(scene, who);
    let own = Some(Member::Known(who.clone()));
    let staff = scene.staff();
    let mut now = Vec::new();
    for (of, rotation) in staff.rotations() {
        let found = staff.holder(&of.id, rotation, scene.now);
        if found.who != own {
            continue;
        }
        let until = found
            .until
            .map(|until| format!(" until {}", date(until)))
            .unwrap_or_default();
        let away = staff.who(&of.id, rotation, scene.now).who.is_none();
        let away = if away { ", but unavailable now" } else { "" };
        let what = shift(scene.roster, &of.id, &rotation.name);
        now.push(format!("{what}{}{until}{away}", by(found.by().as_ref())));
    }
    let mut parts = vec![if now.is_empty() {
        let next = shifts.first().map(|next| format!(" Next: {next}."));
        format!("{called} is on call for nothing now.{}", next.unwrap_or_default())
    } else {
        format!("{called} is on call now:\n{}", now.join("\n"))
    }];
    let is_them = |target: &Target| matches!(target, Target::Person(member) if Some(member) == own.as_ref());
    let teams = scene.roster.teams.values().filter(|team| {
        let mut targets = team.policy.levels.iter().flat_map(|level| &level.targets);
        targets.any(is_them)
    });
    let named: Vec<String> = teams.map(|team| escape(&team.name)).collect();
    if !named.is_empty() {
        parts.push(format!("The escalation policy of {} names them.", list(&named)));
    } else if now.is_empty() && shifts.is_empty() {
        parts.push("They have no shift in the next 60 days. `/oncall` shows who is on call.".to_owned());
    }
    told(&parts)
}

/// Somebody's own shifts, covers and swaps.
pub fn mine(scene: Scene<'_>, who: &UserId) -> Message {
    let shifts = shifts_of(scene, who);
    let open = scene
        .world
        .overrides()
        .iter()
        .filter(|it| it.standing == Standing::Asked && it.concerns(who));
    let asked: Vec<String> = open
        .map(|it| format!("{} {}: {}, not agreed yet", kind(it), it.id, parts(scene, &it.parts)))
        .collect();
    let away = scene.world.overrides().unavailable(who, scene.now);
    let away: Vec<String> = away.map(|it| unavailable::lines(scene, it)).collect();
    if shifts.is_empty() && asked.is_empty() && away.is_empty() {
        return say("You are not on call in the next 60 days.");
    }
    let mut told_parts = Vec::new();
    if !shifts.is_empty() {
        told_parts.push(format!("*Your shifts*\n{}", shifts.join("\n")));
    }
    if !away.is_empty() {
        told_parts.push(format!(
            "*Unavailable*\n{}\n`/oncall available` ends it now.",
            away.join("\n")
        ));
    }
    if !asked.is_empty() {
        told_parts.push(format!("*Asked for*\n{}", asked.join("\n")));
    }
    told(&told_parts)
}

//! Why somebody is on call: the reason chain in words.

use chrono::{DateTime, Utc};

use super::told;
use super::words::{interval, member, members, with_rotations};
use crate::domain::ids::TeamId;
use crate::domain::oncall::{Because, Kind};
use crate::domain::rotation::{Period, Rotation};
use crate::domain::team::Team;
use crate::slack::call::Message;
use crate::view::Scene;
use crate::view::text::{date, escape, list, name};

/// Why whoever it is is on call for a team at an instant.
pub fn explain(scene: Scene<'_>, of: &TeamId, at: DateTime<Utc>) -> Message {
    let team = match with_rotations(scene, of) {
        Ok(team) => team,
        Err(said) => return said,
    };
    let mut parts = vec![format!("*{}*, {}", escape(&team.name), date(at))];
    parts.extend(team.rotations.iter().map(|rotation| chain(scene, team, rotation, at)));
    told(&parts)
}

fn chain(scene: Scene<'_>, team: &Team, rotation: &Rotation, at: DateTime<Utc>) -> String {
    let found = scene.staff().who(&team.id, rotation, at);
    let mut lines = vec![format!(
        "*{}*: {}",
        escape(&rotation.name),
        found
            .who
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), |who| member(scene, who))
    )];
    lines.push(format!(
        "1. The rotation changes every {} since {} on the clocks of {}, in this order: {}.{}",
        period(rotation.every),
        rotation.start.format("%a %-d %b %Y %H:%M"),
        rotation.zone,
        members(scene, rotation.members_at(at)),
        changes(scene, rotation, at)
    ));
    for (number, reason) in found.because.iter().enumerate() {
        lines.push(format!("{}. {}", number + 2, because(scene, rotation, reason)));
    }
    if let Some(until) = found.until {
        lines.push(format!("This holds until {}.", date(until)));
    }
    lines.join("\n")
}

/// Since when the order is what it is, and until when.
fn changes(scene: Scene<'_>, rotation: &Rotation, at: DateTime<Utc>) -> String {
    let since = rotation.change_at(at).map(|since| {
        let since = since.from.format("%a %-d %b %Y %H:%M");
        format!(" That order holds since the first turn from {since} on.")
    });
    let next = rotation.changes_after(at).next();
    let next = next.map(|(first, change)| {
        let order = members(scene, &change.members);
        format!(" From the turn of {} on it is: {order}.", date(first))
    });
    format!("{}{}", since.unwrap_or_default(), next.unwrap_or_default())
}

/// One reason, in a sentence.
pub(super) fn because(scene: Scene<'_>, rotation: &Rotation, reason: &Because) -> String {
    match reason {
        Because::Turn {
            member: who,
            from,
            until,
        } => {
            format!(
                "It is the turn of {} from {}.",
                member(scene, who),
                interval(*from, *until)
            )
        }
        Because::NotBegun { first: Some(first) } => format!("It only begins {}.", date(*first)),
        Because::NotBegun { first: None } => "It has no members.".to_owned(),
        Because::OutOfHours { next } => {
            let hours: Vec<String> = rotation.hours.iter().map(|hours| format!("`{hours}`")).collect();
            let next = next
                .map(|next| format!(" They begin again {}.", date(next)))
                .unwrap_or_default();
            format!("It is out of its hours, which are {}.{next}", list(&hours))
        }
        Because::Freeze { name, who, from, until } => {
            let who = who
                .as_ref()
                .map_or_else(|| "nobody".to_owned(), |who| member(scene, who));
            format!(
                "The freeze {} replaces the rotation from {}: {who} is on call.",
                escape(name),
                interval(*from, *until)
            )
        }
        Because::Unavailable { id, who, from, until } => format!(
            "{} is unavailable from {} ({id}): they keep the shift, and pages go to the next level.",
            name(scene.roster, who),
            interval(*from, *until)
        ),
        Because::Override {
            id,
            kind,
            by,
            who,
            from,
            until,
        } => {
            let (by, who) = (name(scene.roster, by), name(scene.roster, who));
            let when = interval(*from, *until);
            match kind {
                Kind::Take | Kind::Unavailable => format!("{who} took it from {when} ({id})."),
                Kind::Override => format!("{by} put {who} on call from {when} ({id})."),
                Kind::Cover { .. } => format!("{by} asked for cover and {who} took it, from {when} ({id})."),
                Kind::Swap { with } => format!(
                    "{by} and {} swapped: {who} has it from {when} ({id}).",
                    name(scene.roster, with)
                ),
            }
        }
    }
}

fn period(every: Period) -> String {
    let (count, unit) = match every {
        Period::Hours(count) => (count, "hour"),
        Period::Days(count) => (count, "day"),
        Period::Weeks(count) => (count, "week"),
        Period::Months(count) => (count, "month"),
    };
    if count == 1 {
        unit.to_owned()
    } else {
        format!("{count} {unit}s")
    }
}

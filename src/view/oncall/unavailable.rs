//! Somebody is unavailable for a time: who says so, whom pages reach meanwhile, and that they are back.

use super::words::{interval, parts, rotation_of};
use crate::domain::ids::UserId;
use crate::domain::oncall::{Override, Part};
use crate::domain::rotation::Member;
use crate::view::Scene;
use crate::view::text::{channel, date, list, name, recipient};

/// `@ben is unavailable (O-3): Cloud (primary) from … until …. Pages go to level 2 (@cleo) meanwhile.`
pub(super) fn said(scene: Scene<'_>, it: &Override) -> String {
    format!(
        "{} is unavailable ({}): {}. {}",
        name(scene.roster, &it.by),
        it.id,
        parts(scene, &it.parts),
        instead(scene, it)
    )
}

/// Whom pages reach meanwhile, a sentence for each rotation.
pub(super) fn instead(scene: Scene<'_>, it: &Override) -> String {
    let mut known: Vec<(&Part, String)> = Vec::new();
    for part in &it.parts {
        let is_known = |(other, _): &(&Part, String)| other.team == part.team && other.rotation == part.rotation;
        if !known.iter().any(is_known) {
            known.push((part, then(scene, part, &it.by)));
        }
    }
    let sentences = known.iter().map(|(part, then)| match known.len() {
        1 => format!("Pages go to {then}."),
        _ => format!("Pages to {} go to {then}.", rotation_of(scene, part)),
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn then(scene: Scene<'_>, part: &Part, away: &UserId) -> String {
    let staff = scene.staff();
    let at = part.from.max(scene.now);
    let next = scene.roster.teams.get(&part.team).and_then(|team| {
        let level = staff.level_of_rotation(team, &part.rotation)?;
        staff.next_level(team, level, away, at)
    });
    match next {
        Some((level, others)) => {
            let others: Vec<String> = others.iter().map(|who| recipient(scene.roster, who)).collect();
            format!("{} (level {}) meanwhile", list(&others), level + 1)
        }
        None => format!(
            ":warning: {}, because no other level reaches anybody; `/oncall cover me` may find somebody",
            channel(&scene.roster.fallback)
        ),
    }
}

/// What they are paged for again, now that they are back; none when it has passed to somebody else.
pub(super) fn back(scene: Scene<'_>, it: &Override) -> Option<String> {
    let mut again = Vec::new();
    for (team, rotation) in scene.staff().rotations() {
        let is_part = |part: &Part| part.team == team.id && part.rotation == rotation.name && part.from <= scene.now;
        let found = scene.staff().who(&team.id, rotation, scene.now);
        if let Some(part) = it.parts.iter().find(|part| is_part(part))
            && found.who == Some(Member::Known(it.by.clone()))
        {
            let until = found.until.map(|until| format!(" until {}", date(until)));
            again.push(format!("{}{}", rotation_of(scene, part), until.unwrap_or_default()));
        }
    }
    (!again.is_empty()).then(|| list(&again))
}

/// When somebody is unavailable, a line for each time.
pub(in crate::view) fn lines(scene: Scene<'_>, it: &Override) -> String {
    let to_come = it.parts.iter().filter(|part| part.until > scene.now);
    let lines = to_come.map(|part| {
        format!(
            "{}: {}, unavailable ({})",
            interval(part.from, part.until),
            rotation_of(scene, part),
            it.id
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

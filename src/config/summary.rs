//! `nightbell check`: what the file means, in a few lines, without asking Slack.

use std::{collections::HashSet, fmt::Write as _, path::Path};

use chrono::{DateTime, Utc};

use crate::domain::rotation::Member;

use super::{
    file::{File, PersonReference, Rotation, Team},
    problem::LoadError,
    read::load,
};

/// Reads the file, and says what it means.
///
/// # Errors
/// What keeps the file from being used.
pub fn check(path: &Path, now: DateTime<Utc>) -> Result<String, LoadError> {
    Ok(summary(&load(path)?, now))
}

/// Counts what is in the file, and says who is on call at `now`, each in the rotation's own zone.
pub fn summary(file: &File, now: DateTime<Utc>) -> String {
    let rotations = || file.teams.iter().flat_map(|team| &team.rotations);
    let mut text = format!(
        "{} is fine: {}, {}, {}; fallback {}\n",
        file.name,
        counted(file.teams.len(), "team", "teams"),
        counted(rotations().count(), "rotation", "rotations"),
        counted(people(file).len(), "person", "people"),
        file.workspace.fallback.value,
    );
    let width = rotations().map(|rotation| rotation.name.value.chars().count()).max();
    let width = width.unwrap_or(0);
    for team in &file.teams {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "\n{} ({})", team.name.value, team.channel.value);
        for rotation in &team.rotations {
            let _ = writeln!(text, "  {:width$}  {}", rotation.name.value, on_call(rotation, now));
        }
    }
    text
}

/// Everybody the file names to be paged.
fn people(file: &File) -> HashSet<&PersonReference> {
    file.teams.iter().flat_map(Team::people).collect()
}

fn on_call(rotation: &Rotation, now: DateTime<Utc>) -> String {
    let turns = rotation.resolve(|member| Member::Unknown(member.value.to_string()));
    let shown = |instant: DateTime<Utc>| {
        let local = instant.with_timezone(&rotation.zone);
        format!("{} ({})", local.format("%a %Y-%m-%d %H:%M"), rotation.zone)
    };
    let name = |member: &Member| match member {
        Member::Known(id) => id.to_string(),
        Member::Unknown(written) => written.clone(),
    };
    if let Some(freeze) = turns.freeze_at(now) {
        let who = freeze.who.as_ref().map_or_else(|| "nobody".to_owned(), name);
        return format!("{who} until {}, by the freeze {}", shown(freeze.until), freeze.name);
    }
    match (turns.shift_at(now), turns.first()) {
        (Some(shift), _) => {
            let next = turns.after(&shift).filter(|next| next.member != shift.member);
            let then = next.map_or_else(String::new, |next| format!(", then {}", name(&next.member)));
            format!("{} until {}{then}", name(&shift.member), shown(shift.until))
        }
        (None, Some(first)) => format!("nobody yet; {} from {}", name(&first.member), shown(first.from)),
        (None, None) => "nobody".to_owned(),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

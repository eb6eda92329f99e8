//! Who is on call for each level of a team, until when and why: for a terminal, so in plain text on the clocks of a zone.

use chrono_tz::Tz;

use super::explain::because;
use super::rotation_line;
use super::words::member;
use crate::domain::duration;
use crate::domain::escalation::{Level, Target};
use crate::domain::rotation::Rotation;
use crate::domain::team::Team;
use crate::view::Scene;
use crate::view::text::{channel, date, escape, plain};

/// Each level of a team at the scene's time, a line for each that can be read in a terminal.
pub fn levels(scene: Scene<'_>, team: &Team, zone: Tz) -> String {
    let mut lines = vec![format!("{}, {} ({zone})", escape(&team.name), date(scene.now))];
    for (number, level) in team.policy.levels.iter().enumerate() {
        lines.push(format!("  level {}, for {}:", number + 1, duration::show(level.wait())));
        lines.extend(targets(scene, team, level, &mut vec![team]));
    }
    let pages = |rotation: &Rotation| {
        let mut targets = team.policy.levels.iter().flat_map(|level| &level.targets);
        targets.any(|target| matches!(target, Target::Rotation(name) if *name == rotation.name))
    };
    let idle: Vec<&Rotation> = team.rotations.iter().filter(|rotation| !pages(rotation)).collect();
    if !idle.is_empty() {
        lines.push("  paged by no level:".to_owned());
        lines.extend(
            idle.into_iter()
                .flat_map(|rotation| with_reasons(scene, team, rotation)),
        );
    }
    plain(&lines.join("\n"), zone)
}

/// `way` holds the teams on the way here: two teams that page each other end there.
fn targets<'a>(scene: Scene<'a>, team: &'a Team, level: &Level, way: &mut Vec<&'a Team>) -> Vec<String> {
    let mut lines = Vec::new();
    for target in &level.targets {
        match target {
            Target::Person(person) => lines.push(format!("    {}", member(scene, person))),
            Target::Channel(Ok(id)) => lines.push(format!("    {}", channel(id))),
            Target::Channel(Err(name)) => lines.push(format!("    {}", escape(name))),
            Target::Rotation(name) => {
                let rotation = team.rotation(name);
                lines.extend(
                    rotation
                        .into_iter()
                        .flat_map(|rotation| with_reasons(scene, team, rotation)),
                );
            }
            Target::Team(id) => {
                let Some(other) = scene.roster.teams.get(id) else {
                    continue;
                };
                lines.push(format!("    the first level of {}:", escape(&other.name)));
                let first = other.policy.levels.first();
                if let Some(first) = first.filter(|_| !way.iter().any(|known| known.id == *id)) {
                    way.push(other);
                    lines.extend(targets(scene, other, first, way).iter().map(|line| format!("  {line}")));
                    way.pop();
                }
            }
        }
    }
    lines
}

fn with_reasons(scene: Scene<'_>, team: &Team, rotation: &Rotation) -> Vec<String> {
    let mut lines = vec![format!("    {}", rotation_line(scene, team, rotation))];
    let found = scene.staff().who(&team.id, rotation, scene.now);
    let reasons = found.because.iter();
    lines.extend(reasons.map(|reason| format!("      {}", because(scene, rotation, reason))));
    lines
}

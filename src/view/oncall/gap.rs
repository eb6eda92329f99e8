//! A gap ahead: the team's channel reads what it would cost and what helps, while there is time.

use crate::domain;
use crate::domain::oncall::{Watch, WatchEvent};
use crate::outbox::Entry;
use crate::view::blocks::section;
use crate::view::text::{between, channel, count, escape, list, team};
use crate::view::{Scene, message};

use super::handoff::post;
use super::words::interval;

/// How many gaps one warning names.
const NAMED: usize = 10;

/// One message for all gaps of a team that one look found.
pub(super) fn announce(scene: Scene<'_>, events: &[domain::Event]) -> Option<Entry> {
    let mut lines = Vec::new();
    let mut found: Option<(&Watch, &str)> = None;
    for event in events {
        if let domain::Event::Watch {
            id,
            what:
                WatchEvent::GapAhead {
                    rotations,
                    from,
                    until,
                    then,
                    ..
                },
        } = event
        {
            let watch = scene.world.watches().get(*id)?;
            let first = rotations.first().map_or(watch.rotation.as_str(), String::as_str);
            found.get_or_insert((watch, first));
            let names: Vec<String> = rotations.iter().map(|name| escape(name)).collect();
            lines.push(format!(
                "{}, {}: nobody is on call for {} ({}); a page then goes to {}.",
                interval(*from, *until),
                between(*from, *until),
                team(scene.roster, &watch.team),
                list(&names),
                then.map_or_else(|| channel(&scene.roster.fallback), |then| format!("level {}", then + 1))
            ));
        }
    }
    let (watch, rotation) = found?;
    let channel = scene.roster.teams.get(&watch.team)?.channel.as_ref().ok()?;
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    if more > 0 {
        lines.push(format!("… and {}.", count(more, "more gap")));
    }
    let what = format!(":warning: *A gap ahead*\n{}", lines.join("\n"));
    let (of, rotation) = (escape(watch.team.as_str()), escape(rotation));
    let help = format!(
        "Who can be there? `/oncall override {of} {rotation} @you from … to …` settles it now, with times on your own \
         clock; `/oncall take {of} {rotation} for 1h` when it has begun."
    );
    let drawn = [&what, &help].map(|part| section(part)).into();
    Some(post(
        scene,
        watch.id,
        channel.as_str(),
        message(format!("{what}\n{help}"), drawn),
    ))
}

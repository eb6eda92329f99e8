//! Whoever is on call, named where a mention of the user group would not reach them.

use crate::domain::ids::TeamId;
use crate::domain::rotation::Member;
use crate::slack::call::Message;
use crate::view::text::{date, escape, list, mention};
use crate::view::{Scene, say};

/// The answer to a mention of a team's user group; it mentions them, as the group would have. None where the team is gone.
pub fn instead_of_group(scene: Scene<'_>, of: &TeamId) -> Option<Message> {
    let team = scene.roster.teams.get(of)?;
    let staff = scene.staff();
    let on_call = team.rotations.iter().filter_map(|rotation| {
        let found = staff.who(&team.id, rotation, scene.now);
        let Member::Known(user) = found.who? else { return None };
        let until = found.until.map(|until| format!(" until {}", date(until)));
        Some(format!(
            "{} ({}){}",
            mention(&user),
            escape(&rotation.name),
            until.unwrap_or_default()
        ))
    });
    let on_call: Vec<String> = on_call.collect();
    let name = escape(&team.name);
    let page = format!("`/alert &lt;message&gt; for {}` pages them", team.id);
    Some(say(if on_call.is_empty() {
        format!(
            "Nobody is on call for {name} now. `/alert &lt;message&gt; for {}` pages whoever its escalation policy names.",
            team.id
        )
    } else {
        format!(
            "On call for {name} now: {}. The user group is not kept up to date here; {page}.",
            list(&on_call)
        )
    }))
}

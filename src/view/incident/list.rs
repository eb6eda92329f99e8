//! Lists of incidents.

use slack_morphism::prelude::SlackBlock;

use super::card::title;
use crate::command::Button;
use crate::command::Which;
use crate::command::button::Press;
use crate::domain::alert::Alert;
use crate::domain::ids::TeamId;
use crate::domain::incident::{Incident, Status};
use crate::slack::call::Message;
use crate::view::blocks::{actions, context, press, section, section_with};
use crate::view::text::{between, channel, count, escape, name, team};
use crate::view::{Scene, message};

/// How many are shown.
const SHOWN: usize = 20;

/// A list; `archive` holds those that are no longer in memory, the newest first.
pub fn list(scene: Scene<'_>, of: Option<&TeamId>, which: &Which, archive: &[Incident]) -> Message {
    let is_of = |incident: &&Incident| of.is_none_or(|team| incident.team.as_ref() == Some(team));
    let everything = *which == Which::All;
    let has_a_part = |incident: &Incident| match which {
        Which::Mine(who) => incident.concerns(who),
        Which::Open | Which::All => true,
    };
    let mut in_memory: Vec<&Incident> = scene
        .world
        .incidents()
        .iter()
        .filter(|incident| everything || incident.is_open() && has_a_part(incident))
        .collect();
    // What is open first, the worst and oldest before the others; then the newest of what is over.
    in_memory.sort_by_key(|incident| {
        let open = incident.is_open().then_some((incident.severity, incident.id.0));
        (open.is_none(), open, u64::MAX - incident.id.0)
    });
    let known = |incident: &&Incident| scene.world.incidents().get(incident.id).is_none();
    let archived = archive.iter().filter(known).filter(|_| everything);
    let found: Vec<&Incident> = in_memory.into_iter().chain(archived).filter(is_of).collect();
    let whose = of
        .map(|id| format!(" of {}", team(scene.roster, id)))
        .unwrap_or_default();
    let whose = match which {
        Which::Mine(_) => format!("{whose} in which you have a part"),
        Which::Open | Which::All => whose,
    };
    let kind = if everything { "incident" } else { "open incident" };
    if found.is_empty() {
        let text = format!("No {kind}{whose}.{}", alerts(scene, of));
        let declare = Button::Declare {
            alert: None,
            title: String::new(),
        };
        let mut drawn = vec![section(&text)];
        drawn.extend(actions(vec![press("Declare an incident…", &declare)]));
        return message(text, drawn);
    }
    let lead = format!("*{}{whose}*", count(found.len(), kind));
    let mut drawn: Vec<SlackBlock> = vec![section(&lead)];
    let mut text = lead;
    for incident in found.iter().take(SHOWN) {
        let line = line(scene, incident);
        text = format!("{text}\n{line}");
        let show = Button::Incident {
            incident: incident.id,
            press: Press::Show,
        };
        drawn.push(section_with(&line, "Show", &show));
    }
    if found.len() > SHOWN {
        drawn.push(context(
            &format!(
                "… and {} more; `/incident list <team>` shows fewer.",
                found.len() - SHOWN
            )
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
        ));
    }
    message(text, drawn)
}

/// What else may be wrong: alerts that are open.
fn alerts(scene: Scene<'_>, of: Option<&TeamId>) -> String {
    let is_of = |alert: &&Alert| of.is_none_or(|team| alert.team == *team);
    let open = scene.world.alerts().filter(is_of).filter(|alert| alert.is_open());
    match open.filter(|alert| alert.test.is_none()).count() {
        0 => " No alert is open either.".to_owned(),
        1 => " One alert is open: `/alert list` shows it.".to_owned(),
        number => format!(" {number} alerts are open: `/alert list` shows them."),
    }
}

/// One incident in a line.
pub(in crate::view) fn line(scene: Scene<'_>, incident: &Incident) -> String {
    let length = between(incident.declared_at, incident.ended_at.unwrap_or(scene.now));
    let state = match incident.status {
        Status::Investigating | Status::Identified | Status::Monitoring => {
            let lead = incident
                .lead()
                .map(|lead| format!(", {} leads", name(scene.roster, lead)));
            format!(
                "{} for {length}{}",
                incident.status,
                lead.unwrap_or_else(|| ", no lead".to_owned())
            )
        }
        Status::Resolved => format!("resolved after {length}"),
        Status::Cancelled => "not an incident".to_owned(),
        Status::Merged => format!(
            "merged into {}",
            incident.merged_into.map(|into| into.to_string()).unwrap_or_default()
        ),
    };
    let room = incident
        .room()
        .map(|room| format!(" · {}", channel(room)))
        .unwrap_or_default();
    format!("*{}* · {state}{room}", escape(&title(incident)))
}

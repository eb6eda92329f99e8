//! One incident: whole, its timeline, its roles, its actions.

use super::card::{card, title};
use super::refused::{Meant, unclear};
use super::told::{Naming, line};
use crate::command::button::Press;
use crate::domain::ids::IncidentId;
use crate::domain::incident::Incident;
use crate::slack::call::Message;
use crate::view::Scene;
use crate::view::alert::show::sections;
use crate::view::blocks::{actions as row, finish, press, section};
use crate::view::text::{count, date, escape, name, shorten};

/// How many moments the card's view shows, and the timeline; the newest.
const MOMENTS: usize = 15;
const TIMELINE: usize = 100;
/// How much of one moment a timeline shows.
const MOMENT: usize = 400;
/// The most sections below a card; Slack takes 50 blocks a message.
const SECTIONS: usize = 40;

/// Shows an incident that is in memory.
pub fn show(scene: Scene<'_>, id: Option<IncidentId>) -> Message {
    with(scene, id, Press::Show, |incident| {
        let drawn = card(scene, incident, None);
        let mut blocks = drawn.blocks.unwrap_or_default();
        let told = format!("*Timeline*\n{}", moments(scene, incident, MOMENTS));
        blocks.extend(finish(sections(&told)).into_iter().take(SECTIONS));
        Message {
            text: format!("{}\n{told}", drawn.text),
            blocks: Some(blocks),
        }
    })
}

/// Everything that happened, the newest where it is long.
pub fn timeline(scene: Scene<'_>, id: Option<IncidentId>) -> Message {
    with(scene, id, Press::Timeline, |incident| {
        let told = format!("*{}*\n{}", escape(&title(incident)), moments(scene, incident, TIMELINE));
        Message {
            blocks: Some(finish(sections(&told)).into_iter().take(SECTIONS).collect()),
            text: shorten(&told, 30_000),
        }
    })
}

fn moments(scene: Scene<'_>, incident: &Incident, at_most: usize) -> String {
    let skipped = incident.timeline.len().saturating_sub(at_most);
    let mut lines = Vec::new();
    if skipped > 0 {
        lines.push(format!(
            "… {} earlier; `/incident export {}` has them all …",
            count(skipped, "entry").replace("entrys", "entries"),
            incident.id
        ));
    } else {
        lines.push(format!(
            "{} · {} declares it.",
            date(incident.declared_at),
            name(scene.roster, &incident.declared_by)
        ));
    }
    for moment in incident.timeline.iter().skip(skipped) {
        if let Some(text) = line(scene, incident, &moment.what, Naming::Quiet) {
            // Cut after it was escaped, and never inside of what is ours.
            let text = text.replace('\n', " ");
            let text = if text.chars().count() > MOMENT {
                cut(&text)
            } else {
                text
            };
            lines.push(format!("{} · {text}", date(moment.at)));
        }
    }
    lines.join("\n")
}

/// Cuts a line where neither an entity nor our own markup is open.
fn cut(text: &str) -> String {
    let mut end = text.char_indices().nth(MOMENT).map_or(text.len(), |(at, _)| at);
    for (open, close) in [('&', ';'), ('<', '>')] {
        if let Some(begun) = text[..end].rfind(open)
            && !text[begun..end].contains(close)
        {
            end = begun;
        }
    }
    format!("{}…", &text[..end])
}

/// Who does what.
pub fn roles(scene: Scene<'_>, id: Option<IncidentId>) -> Message {
    with(scene, id, Press::Show, |incident| {
        let roles = scene.roster.incidents.all_roles().map(|role| {
            let who = incident.roles.get(role);
            let who = who.map_or_else(|| "nobody".to_owned(), |who| name(scene.roster, who));
            format!("{}: {who}", escape(role))
        });
        let lines: Vec<String> = roles.collect();
        let text = format!("*{}*\n{}", escape(&title(incident)), lines.join("\n"));
        let button = crate::command::Button::Sheet {
            incident: incident.id,
            kind: crate::command::form::incident::Kind::Role,
        };
        let mut drawn = vec![section(&text)];
        drawn.extend(
            incident
                .is_open()
                .then(|| row(vec![press("Roles…", &button)]))
                .flatten(),
        );
        crate::view::message(text, drawn)
    })
}

/// Draws the incident that is meant; `look` shows the same of one where it is not clear which.
pub(super) fn with(
    scene: Scene<'_>,
    id: Option<IncidentId>,
    look: Press,
    draw: impl Fn(&Incident) -> Message,
) -> Message {
    match scene.world.incidents().meant(id) {
        Ok(incident) => draw(incident),
        Err(refusal) => {
            let which = unclear(scene, &refusal, &Meant::Look(look));
            which.unwrap_or_else(|| super::refused::show(scene, &refusal))
        }
    }
}

//! One alert, whole: its card and its timeline.

use super::card;
use super::told::{Naming, line};
use crate::domain::Refusal;
use crate::domain::alert::{Alert, Event};
use crate::domain::ids::AlertId;
use crate::slack::call::Message;
use crate::view::Scene;
use crate::view::blocks::{finish, literal, section};
use crate::view::text::{actor, count, date, escape, shorten};

/// How many moments of a long timeline are shown; the newest.
const MOMENTS: usize = 20;

/// Shows an alert that is in memory (the engine recalls it from the archive before asking).
pub fn show(scene: Scene<'_>, id: AlertId) -> Message {
    match scene.world.alert(id) {
        Some(alert) => whole(scene, alert),
        None => super::reply::refused(scene, &Refusal::NoSuchAlert { id }),
    }
}

fn whole(scene: Scene<'_>, alert: &Alert) -> Message {
    let drawn = card::in_channel(scene, alert, None);
    let mut blocks = drawn.blocks.unwrap_or_default();
    let mut lines = vec![format!(
        "{} · {} raised it.",
        date(alert.raised_at),
        actor(scene.roster, &alert.raised_by)
    )];
    let skipped = alert.timeline.len().saturating_sub(MOMENTS);
    if skipped > 0 {
        lines.push(format!(
            "… {} earlier …",
            count(skipped, "entry").replace("entrys", "entries")
        ));
    }
    for moment in alert.timeline.iter().skip(skipped) {
        let Some(text) = line(scene, alert, &moment.what, moment.at, Naming::Quiet) else {
            continue;
        };
        let note = match &moment.what {
            Event::Noted { text, .. } | Event::Repeated { text: Some(text), .. } => {
                format!(" {}", escape(&shorten(text, 200)))
            }
            _ => String::new(),
        };
        lines.push(format!("{} · {text}{note}", date(moment.at)));
    }
    let timeline = format!("*Timeline*\n{}", lines.join("\n"));
    if card::is_long(&alert.summary) {
        blocks.extend(finish(literal(&alert.summary).into_iter().collect()));
    }
    blocks.extend(finish(sections(&timeline)));
    Message {
        text: format!("{}\n{timeline}", drawn.text),
        blocks: Some(blocks),
    }
}

/// Text in as many sections as it needs, broken between lines.
pub(in crate::view) fn sections(text: &str) -> Vec<slack_morphism::prelude::SlackBlock> {
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.lines() {
        let fits = parts
            .last()
            .is_some_and(|part| part.chars().count() + line.chars().count() < crate::view::blocks::SECTION);
        match parts.last_mut().filter(|_| fits) {
            Some(part) if part.is_empty() => part.push_str(line),
            Some(part) => {
                part.push('\n');
                part.push_str(line);
            }
            None => parts.push(line.to_owned()),
        }
    }
    parts.iter().map(|part| section(part)).collect()
}

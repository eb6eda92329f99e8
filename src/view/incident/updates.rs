//! What readers were told, with what it said before it was put right.

use slack_morphism::prelude::SlackBlock;

use super::card::title;
use super::show::with;
use super::told::said;
use crate::command::Button;
use crate::command::button::Press;
use crate::domain::ids::IncidentId;
use crate::slack::call::Message;
use crate::view::blocks::{context, finish, section, section_with};
use crate::view::text::{date, escape, name, shorten};
use crate::view::{Scene, say};

/// How many updates are shown, the newest; each may have an earlier version below it, and Slack takes 50 blocks a message.
const SHOWN: usize = 20;
/// How much of one, and of what it said before.
const LONG: usize = 1500;
const EARLIER: usize = 600;

/// Every update with its number, the newest first.
pub fn list(scene: Scene<'_>, id: Option<IncidentId>) -> Message {
    with(scene, id, Press::Show, |incident| {
        let subject = escape(&title(incident));
        if incident.updates.is_empty() {
            return say(format!(
                "{subject}: readers were told nothing yet. `/incident update {}` does.",
                incident.id
            ));
        }
        let lead = format!("*{subject}*");
        let mut drawn: Vec<SlackBlock> = vec![section(&lead)];
        let mut text = lead;
        for (index, update) in incident.updates.iter().enumerate().rev().take(SHOWN) {
            let number = index + 1;
            let line = format!(
                "*Update {number}* by {} at {}\n{}",
                name(scene.roster, &update.by),
                date(update.at),
                said(&update.words, LONG)
            );
            text = format!("{text}\n{line}");
            let edit = Button::EditUpdate {
                incident: incident.id,
                number,
            };
            drawn.push(section_with(&line, "Edit…", &edit));
            if !update.earlier.is_empty() {
                let each = EARLIER / update.earlier.len().min(3);
                let newest_first = update.earlier.iter().rev().take(3);
                let earlier: Vec<String> = newest_first.map(|words| said(words, each).replace('\n', " ")).collect();
                let line = format!("before: {}", earlier.join(" · before that: "));
                text = format!("{text}\n{line}");
                drawn.push(context(&line));
            }
        }
        if incident.updates.len() > SHOWN {
            drawn.push(context(&format!(
                "… and {} earlier; `/incident export {}` has them all.",
                incident.updates.len() - SHOWN,
                incident.id
            )));
        }
        Message {
            blocks: Some(finish(drawn)),
            text: shorten(&text, 30_000),
        }
    })
}

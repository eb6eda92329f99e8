//! The analysis after an incident: a draft put together from its timeline, and which are due.

use std::fmt::Write as _;

use chrono_tz::Tz;

use super::card::title;
use super::markdown;
use super::refused::{Meant, unclear};
use super::told::{said, took};
use crate::command::button::Press;
use crate::domain::Errand;
use crate::domain::ids::{IncidentId, TeamId, UserId};
use crate::domain::incident::{Analysis, Event, Incident, Status};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Message, SharedFile};
use crate::view::calls::share;
use crate::view::text::{between, count, date, escape, list as list_of, name, shorten, team, unescape};
use crate::view::{Scene, say};

/// How many analyses a list shows.
const SHOWN: usize = 30;

/// Sends a draft to where the incident was worked on, or to whoever asks when it has no channel.
pub fn send(scene: Scene<'_>, by: &UserId, id: Option<IncidentId>) -> (Message, Vec<Entry>) {
    let incident = match scene.world.incidents().meant(id) {
        Ok(incident) => incident,
        Err(refusal) => {
            let which = unclear(scene, &refusal, &Meant::Look(Press::Draft));
            let said = which.unwrap_or_else(|| super::refused::show(scene, &refusal));
            return (said, Vec::new());
        }
    };
    let place = incident.room().map_or(by.as_str(), |room| room.as_str());
    let told = match incident.room() {
        Some(room) => format!(
            "The draft of {} is on its way to {}.",
            incident.id,
            crate::view::text::channel(room)
        ),
        None => format!("The draft of {} is on its way to our direct messages.", incident.id),
    };
    let file = SharedFile {
        name: format!("{}-postmortem.md", incident.id),
        title: format!("Postmortem of {} (draft)", incident.id),
        content: draft(scene, incident, scene.roster.zone_of(by)),
    };
    let lane = format!("incident/{}/draft", incident.id.0);
    let sentence = format!(
        "A draft of the postmortem of {}, as {} asked. What is known stands in it; what is in _italics_ is for you to \
         write. `/incident postmortem {} https://…` says where it is when it is done.",
        escape(&title(incident)),
        name(scene.roster, by),
        incident.id
    );
    let call = share(place, file.clone(), sentence.clone());
    let mut entry = scene.entry(&lane, Urgency::Reply, call, Errand::Nothing);
    // The channel may have been archived.
    entry.otherwise = incident.room().map(|_| share(by.as_str(), file, sentence));
    (say(told), vec![entry])
}

/// The draft, in Markdown: what is known is filled in, what is not is asked.
fn draft(scene: Scene<'_>, incident: &Incident, zone: Tz) -> String {
    let at = |at| markdown::at(at, zone);
    let words = |text: &str| markdown::words(scene, incident, text, zone);
    let mut text = format!("# Postmortem: {}\n\n## Summary\n\n", unescape(&title(incident)));
    let summary = incident
        .summary
        .as_deref()
        .unwrap_or("_In two sentences: what broke, and what ended it._");
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{summary}\n\n## Impact\n");
    let ended = incident.ended_at.map_or_else(|| "now".to_owned(), at);
    let length = between(incident.declared_at, incident.ended_at.unwrap_or(scene.now));
    let _ = writeln!(
        text,
        "- From {} to {ended} ({zone}), {length}",
        at(incident.declared_at)
    );
    let by = words(&name(scene.roster, &incident.declared_by));
    let _ = writeln!(text, "- Declared by {by}");
    for (role, who) in &incident.roles {
        let _ = writeln!(text, "- {role}: {}", words(&name(scene.roster, who)));
    }
    let scope = incident.scope.map_or("_who?_", |scope| scope.meaning());
    let _ = writeln!(text, "- Affected: {scope}");
    if !incident.services.is_empty() {
        let _ = writeln!(text, "- Services: {}", incident.services.join(", "));
    }
    if let Some(times) = super::card::times(incident) {
        let _ = writeln!(text, "- {times}");
    }
    let took = took(incident.aftermath);
    if !took.is_empty() {
        let _ = writeln!(text, "- There was {}", list_of(&took));
    }
    if let Some(update) = incident.updates.last() {
        let _ = writeln!(
            text,
            "\nWhat readers were told last:\n\n{}",
            words(&said(&update.words, usize::MAX))
        );
    }
    let _ = writeln!(text, "\n## What happened\n");
    let _ = writeln!(text, "{}", markdown::timeline(scene, incident, zone).join("\n"));
    let _ = writeln!(text, "\n## Causes\n\n_Why could it happen? Why did it last so long?_");
    let _ = writeln!(
        text,
        "\n## What helped\n\n_What made it shorter, or less bad?_\n\n## Detection\n"
    );
    for alert in markdown::alerts(scene, incident) {
        let _ = writeln!(text, "{alert}");
    }
    let _ = writeln!(text, "- _Which logs and indicators should alert next time?_");
    for moment in &incident.timeline {
        if let Event::Kept { quote, .. } = &moment.what
            && let Some(link) = &quote.link
        {
            let _ = writeln!(text, "- Kept: {link}");
        }
    }
    let _ = writeln!(text, "\n## Actions\n");
    for action in markdown::actions(scene, incident, zone) {
        let _ = writeln!(text, "{action}");
    }
    let _ = writeln!(text, "- [ ] _What keeps it from happening again?_");
    text
}

/// Which analyses are due, and which are written; `archive` holds incidents that are no longer in memory.
pub fn list(scene: Scene<'_>, of: Option<&TeamId>, archive: &[Incident]) -> Message {
    let known = |incident: &&Incident| scene.world.incidents().get(incident.id).is_none();
    let all = scene.world.incidents().iter().rev().chain(archive.iter().filter(known));
    let theirs = all.filter(|incident| of.is_none_or(|team| incident.team.as_ref() == Some(team)));
    let counted = theirs.filter(|incident| incident.status != Status::Cancelled);
    let lines: Vec<String> = counted
        .filter_map(|incident| {
            let state = match &incident.analysis {
                Analysis::NotDue => return None,
                Analysis::Due { by } if *by < scene.now => format!(":warning: due since {}", date(*by)),
                Analysis::Due { by } => format!("due by {}", date(*by)),
                Analysis::Written { link } => escape(&shorten(link, 300)),
                Analysis::Declined { because } => format!("not needed: {}", escape(&shorten(because, 200))),
            };
            Some(format!("• *{}*: {state}", escape(&shorten(&title(incident), 100))))
        })
        .collect();
    let whose = of
        .map(|id| format!(" of {}", team(scene.roster, id)))
        .unwrap_or_default();
    if lines.is_empty() {
        return say(format!(
            "There are no postmortems{whose} yet. `/incident postmortem INC-…` drafts one."
        ));
    }
    let shown: Vec<&str> = lines.iter().take(SHOWN).map(String::as_str).collect();
    let lead = format!("*{}{whose}*", count(lines.len(), "postmortem"));
    let text = format!("{lead}\n{}", shown.join("\n"));
    Message {
        blocks: Some(crate::view::blocks::finish(crate::view::alert::show::sections(&text))),
        text,
    }
}

//! The analysis after an incident: a draft put together from its timeline, and which are due.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::card::title;
use super::told::{Naming, line, said, took};
use crate::domain::Errand;
use crate::domain::ids::{IncidentId, TeamId, UserId};
use crate::domain::incident::{Analysis, Event, Incident, Status};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Message, SharedFile};
use crate::view::calls::share;
use crate::view::text::{between, count, date, escape, name, plain, shorten, team, unescape};
use crate::view::{Scene, say};

/// How many analyses a list shows.
const SHOWN: usize = 30;

/// Sends a draft to where the incident was worked on, or to whoever asks when it has no channel.
pub fn send(scene: Scene<'_>, by: &UserId, id: Option<IncidentId>) -> (Message, Vec<Entry>) {
    let incident = match scene.world.incidents().meant(id) {
        Ok(incident) => incident,
        Err(refusal) => return (super::reply::refused(scene, &refusal), Vec::new()),
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
    let call = share(place, file.clone(), String::new());
    let mut entry = scene.entry(&lane, Urgency::Reply, call, Errand::Nothing);
    // The channel may have been archived.
    entry.otherwise = incident.room().map(|_| share(by.as_str(), file, String::new()));
    (say(told), vec![entry])
}

/// The draft, in Markdown: what is known is filled in, what is not is asked.
fn draft(scene: Scene<'_>, incident: &Incident, zone: Tz) -> String {
    let at = |at: DateTime<Utc>| at.with_timezone(&zone).format("%a %-d %b %Y %H:%M").to_string();
    let words = |text: &str| plain(text, zone);
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
        let _ = writeln!(text, "- It took {}", took.join(", "));
    }
    if let Some(update) = incident.updates.last() {
        let _ = writeln!(
            text,
            "\nWhat readers were told last:\n\n{}",
            words(&said(&update.words, usize::MAX))
        );
    }
    let _ = writeln!(text, "\n## What happened\n");
    for moment in &incident.timeline {
        if let Some(line) = line(scene, incident, &moment.what, Naming::Quiet) {
            let _ = writeln!(text, "- {}: {}", at(moment.at), words(&line).replace('\n', "\n  "));
        }
    }
    let _ = writeln!(text, "\n## Causes\n\n_Why could it happen? Why did it last so long?_");
    let _ = writeln!(
        text,
        "\n## What helped\n\n_What made it shorter, or less bad?_\n\n## Detection\n"
    );
    for alert in &incident.alerts {
        let summary = scene.world.alert(*alert).map(|alert| format!(": {}", alert.summary));
        let _ = writeln!(text, "- {alert}{}", summary.unwrap_or_default());
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
    for action in &incident.actions {
        let mark = if action.done.is_some() { "x" } else { " " };
        let owner = action
            .owner
            .as_ref()
            .map(|owner| format!(" ({})", words(&name(scene.roster, owner))));
        let due = action.due.map(|due| format!(", by {}", at(due))).unwrap_or_default();
        let _ = writeln!(text, "- [{mark}] {}{}{due}", action.text, owner.unwrap_or_default());
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

//! An incident whole, in files: for people, and for programs.

use std::fmt::Write as _;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::card::{state, times, title};
use super::told::{Naming, line, said};
use crate::domain::Errand;
use crate::domain::ids::{IncidentId, UserId};
use crate::domain::incident::Incident;
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Message, SharedFile};
use crate::view::calls::{post_to, share};
use crate::view::text::{plain, unescape};
use crate::view::{Scene, say};

/// Sends an incident to somebody, as Markdown and as JSON; says so, or why not.
pub fn send(scene: Scene<'_>, to: &UserId, id: Option<IncidentId>) -> (Message, Vec<Entry>) {
    let incident = match scene.world.incidents().meant(id) {
        Ok(incident) => incident,
        Err(refusal) => return (super::reply::refused(scene, &refusal), Vec::new()),
    };
    let zone = scene.roster.zone_of(to);
    let markdown = (format!("{}.md", incident.id), markdown(scene, incident, zone));
    let json = (format!("{}.json", incident.id), format!("{:#}", whole(scene, incident)));
    let lane = format!("incident/{}/export/{to}", incident.id.0);
    let entries = [markdown, json].into_iter().map(|(name, content)| {
        let file = SharedFile {
            title: format!("{} ({name})", incident.id),
            name,
            content,
        };
        let call = share(to.as_str(), file, String::new());
        let sorry = say("The file did not get through: the app needs the scope `files:write`.");
        Entry {
            otherwise: Some(post_to(to.as_str(), sorry)),
            ..scene.entry(&lane, Urgency::Reply, call, Errand::Nothing)
        }
    });
    let told = format!(
        "{} is on its way to our direct messages, as Markdown and as JSON.",
        incident.id
    );
    (say(told), entries.collect())
}

/// For people: everything, on the clocks of a zone.
pub(super) fn markdown(scene: Scene<'_>, incident: &Incident, zone: Tz) -> String {
    let at = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).format("%a %-d %b %Y %H:%M").to_string();
    let words = |text: &str| plain(text, zone);
    let mut text = format!(
        "# {}\n\n{}\n",
        unescape(&title(incident)),
        words(&state(scene, incident))
    );
    // Writing into a String cannot fail.
    let _ = writeln!(text, "\nDeclared {} ({zone}).", at(incident.declared_at));
    if let Some(times) = times(incident) {
        let _ = writeln!(text, "{times}.");
    }
    if !incident.roles.is_empty() {
        let _ = writeln!(text, "\n## Roles\n");
        for (role, who) in &incident.roles {
            let _ = writeln!(text, "- {role}: {}", words(&crate::view::text::name(scene.roster, who)));
        }
    }
    if !incident.updates.is_empty() {
        let _ = writeln!(text, "\n## Updates");
        for update in &incident.updates {
            let by = words(&crate::view::text::name(scene.roster, &update.by));
            let _ = writeln!(
                text,
                "\n### {}, {by}\n\n{}",
                at(update.at),
                words(&said(&update.words, usize::MAX))
            );
            for earlier in &update.earlier {
                let _ = writeln!(text, "\nEarlier version:\n\n{}", words(&said(earlier, usize::MAX)));
            }
        }
    }
    if !incident.actions.is_empty() {
        let _ = writeln!(text, "\n## Actions\n");
        for action in &incident.actions {
            let mark = if action.done.is_some() { "x" } else { " " };
            let owner = action
                .owner
                .as_ref()
                .map(|owner| crate::view::text::name(scene.roster, owner));
            let owner = owner.map(|owner| format!(" ({})", words(&owner))).unwrap_or_default();
            let due = action.due.map(|due| format!(", by {}", at(due))).unwrap_or_default();
            let _ = writeln!(text, "- [{mark}] {}{owner}{due}", action.text);
        }
    }
    let _ = writeln!(text, "\n## Timeline\n");
    for moment in &incident.timeline {
        if let Some(line) = line(scene, incident, &moment.what, Naming::Quiet) {
            let _ = writeln!(text, "- {}: {}", at(moment.at), words(&line).replace('\n', "\n  "));
        }
    }
    text
}

/// For programs: everything but where our messages stand.
fn whole(scene: Scene<'_>, incident: &Incident) -> Value {
    let mut whole = serde_json::to_value(incident).unwrap_or_default();
    if let Some(fields) = whole.as_object_mut() {
        for ours in [
            "card",
            "card_channel",
            "home",
            "followers",
            "left",
            "reminded",
            "snoozed",
            "revision",
        ] {
            fields.remove(ours);
        }
        fields.insert("name".to_owned(), json!(incident.id.to_string()));
        let mut people: Vec<&UserId> = incident.roles.values().chain(&incident.people).collect();
        people.push(&incident.declared_by);
        let handles = people.into_iter().filter_map(|id| {
            let person = scene.roster.people.get(id)?;
            Some((id.as_str().to_owned(), json!(person.handle)))
        });
        fields.insert("handles".to_owned(), Value::Object(handles.collect()));
    }
    whole
}

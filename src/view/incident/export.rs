//! An incident whole, in files: for people, and for programs.

use std::fmt::Write as _;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::card::{state, times, title};
use super::markdown;
use super::told::said;
use crate::domain::Errand;
use crate::domain::ids::{IncidentId, UserId};
use crate::domain::incident::Incident;
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Message, SharedFile};
use crate::view::calls::{post_to, share};
use crate::view::text::{escape, unescape};
use crate::view::{Scene, say};

/// Sends an incident to somebody, as Markdown and as JSON; says so, or why not.
pub fn send(scene: Scene<'_>, to: &UserId, id: Option<IncidentId>) -> (Message, Vec<Entry>) {
    let incident = match scene.world.incidents().meant(id) {
        Ok(incident) => incident,
        Err(refusal) => return (super::refused::show(scene, &refusal), Vec::new()),
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
        let sentence = format!("{} as you asked for it, to be kept.", escape(&title(incident)));
        let call = share(to.as_str(), file, sentence);
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
    let at = |at| markdown::at(at, zone);
    let words = |text: &str| markdown::words(scene, incident, text, zone);
    let mut text = format!(
        "# {}\n\n{}\n",
        unescape(&title(incident)),
        words(&state(scene, incident))
    );
    // Writing into a String cannot fail.
    let by = words(&crate::view::text::name(scene.roster, &incident.declared_by));
    let _ = writeln!(text, "\nDeclared by {by} {} ({zone}).", at(incident.declared_at));
    if let Some(times) = times(incident) {
        let _ = writeln!(text, "{times}.");
    }
    let alerts = markdown::alerts(scene, incident);
    if !alerts.is_empty() {
        let _ = writeln!(text, "\n## Alerts\n\n{}", alerts.join("\n"));
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
        let actions = markdown::actions(scene, incident, zone);
        let _ = writeln!(text, "\n## Actions\n\n{}", actions.join("\n"));
    }
    let timeline = markdown::timeline(scene, incident, zone);
    let _ = writeln!(text, "\n## Timeline\n\n{}", timeline.join("\n"));
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

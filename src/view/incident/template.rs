//! Templates in the form for an update: which are offered, and what they say of an incident.

use serde_json::{Value, json};

use crate::command::form::incident::TEMPLATE;
use crate::domain::incident::template::{Piece, Placeholder, pieces};
use crate::domain::incident::{Incident, Template, Words};
use crate::view::Scene;
use crate::view::form::plain;
use crate::view::text::list;

/// What stands where nothing is known; whoever fills the form in sees that something is missing.
const UNKNOWN: &str = "…";

/// The menu of templates that are for such an incident, and the one that was picked; none when there are none.
pub(super) fn menu(scene: Scene<'_>, incident: &Incident, picked: Option<&Template>) -> Option<Value> {
    let templates = scene.roster.incidents.templates.iter();
    let offered: Vec<&Template> = templates
        .filter(|template| template.fits(incident) || picked == Some(template))
        .collect();
    let option = |template: &Template| json!({"text": plain(&template.name), "value": template.name});
    let options: Vec<Value> = offered.into_iter().map(option).collect();
    if options.is_empty() {
        return None;
    }
    let mut select = json!({
        "type": "static_select",
        "action_id": TEMPLATE,
        "options": options,
        "placeholder": plain("Choose one, or write"),
    });
    if let Some(picked) = picked {
        select["initial_option"] = option(picked);
    }
    Some(json!({
        "type": "input",
        "block_id": TEMPLATE,
        "label": plain("From a template"),
        "hint": plain("Fills in what follows. What you typed yourself stays."),
        "optional": true,
        "dispatch_action": true,
        "element": select,
    }))
}

/// The words of a template over what readers were told last. What somebody `typed` themselves stays.
pub(super) fn filled(
    scene: Scene<'_>,
    incident: &Incident,
    template: &Template,
    last: &Words,
    typed: Option<&Words>,
) -> Words {
    let says: Vec<Words> = scene
        .roster
        .incidents
        .templates
        .iter()
        .map(|template| said(scene, incident, template))
        .collect();
    let new = said(scene, incident, template);
    let part = |of: fn(&Words) -> &Option<String>| {
        let own = typed.and_then(|typed| of(typed).as_ref());
        let ours = |text: &String| says.iter().chain([last]).any(|words| of(words).as_ref() == Some(text));
        let own = own.filter(|text| !ours(text));
        own.or(of(&new).as_ref()).or(of(last).as_ref()).cloned()
    };
    Words {
        text: None,
        broken: part(|words| &words.broken),
        affected: part(|words| &words.affected),
        workaround: part(|words| &words.workaround),
        next: part(|words| &words.next),
        upstream: part(|words| &words.upstream),
    }
}

/// What a template says of an incident.
fn said(scene: Scene<'_>, incident: &Incident, template: &Template) -> Words {
    let fill = |text: &Option<String>| {
        let text = text.as_deref()?;
        let said = pieces(text).into_iter().map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Known(what) => known(scene, incident, what),
            Piece::Unknown(word) => format!("{{{word}}}"),
        });
        Some(said.collect::<String>())
    };
    Words {
        text: None,
        broken: fill(&template.words.broken),
        affected: fill(&template.words.affected),
        workaround: fill(&template.words.workaround),
        next: fill(&template.words.next),
        upstream: fill(&template.words.upstream),
    }
}

/// Plain text: it stands in a field.
fn known(scene: Scene<'_>, incident: &Incident, what: Placeholder) -> String {
    let unknown = || UNKNOWN.to_owned();
    match what {
        Placeholder::Id => incident.id.to_string(),
        Placeholder::Title => incident.title.clone(),
        Placeholder::Severity => incident.severity.to_string(),
        Placeholder::Status => incident.status.to_string(),
        Placeholder::Scope => incident.scope.map_or_else(unknown, |scope| scope.meaning().to_owned()),
        Placeholder::Services if incident.services.is_empty() => unknown(),
        Placeholder::Services => list(&incident.services),
        Placeholder::Team => {
            let team = incident.team.as_ref().and_then(|id| scene.roster.teams.get(id));
            team.map_or_else(unknown, |team| team.name.clone())
        }
        Placeholder::Lead => {
            let lead = incident.lead().and_then(|lead| scene.roster.people.get(lead));
            lead.map_or_else(unknown, |lead| format!("@{}", lead.handle))
        }
    }
}

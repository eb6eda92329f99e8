//! The fields of an update, and the menus that fill them in.

use serde_json::{Value, json};

use super::sheet::{hint, input, long, option, optional, text};
use super::template;
use crate::command::form::incident::{LONGEST, PARTS, Sheet, WHICH};
use crate::domain::incident::{Incident, Words};
use crate::view::Scene;

/// An update: filled in from the last one, or by a template.
pub(super) fn update(scene: Scene<'_>, incident: &Incident, sheet: &Sheet, so_far: Option<&Words>) -> Vec<Value> {
    let name = match sheet {
        Sheet::Update(_, Some(name)) => Some(name),
        _ => None,
    };
    let template = name.and_then(|name| scene.roster.incidents.template(name));
    let last = incident.updates.last().map(|update| prefill(&update.words));
    let last = last.unwrap_or_default();
    let (says, round) = match template {
        Some(it) => (
            template::filled(scene, incident, it, &last, so_far),
            format!(":{}", it.name),
        ),
        None => (so_far.unwrap_or(&last).clone(), String::new()),
    };
    let menu = template::menu(scene, incident, template).into_iter();
    menu.chain(words(&says, &round)).collect()
}

/// The menu of updates, when there are several.
pub(super) fn which(incident: &Incident, number: usize) -> Option<Value> {
    if incident.updates.len() < 2 {
        return None;
    }
    let shown = |number: usize| {
        let words = incident.updates.get(number - 1).map(|update| &update.words);
        let says = words.map(|words| {
            [
                &words.text,
                &words.broken,
                &words.affected,
                &words.workaround,
                &words.next,
            ]
        });
        let first = says.into_iter().flatten().flatten().next();
        let first = first.map_or_else(String::new, |text| text.replace('\n', " "));
        option(&format!("{number}. {first}"), &number.to_string())
    };
    // A menu takes a hundred; the one that is open has to be among them.
    let mut numbers: Vec<usize> = (1..=incident.updates.len()).rev().take(100).collect();
    if !numbers.contains(&number)
        && let Some(last) = numbers.last_mut()
    {
        *last = number;
    }
    let options: Vec<Value> = numbers.into_iter().map(shown).collect();
    let select = json!({
        "type": "static_select",
        "action_id": WHICH,
        "options": options,
        "initial_option": shown(number),
    });
    let mut which = input(WHICH, "Which update?", &select);
    which["dispatch_action"] = json!(true);
    Some(which)
}

/// What was said in one's own words stands in the first field.
pub(super) fn prefill(words: &Words) -> Words {
    Words {
        broken: words.broken.clone().or_else(|| words.text.clone()),
        text: None,
        ..words.clone()
    }
}

/// The fields of an update. Slack keeps what stands in a field when a form is drawn again, unless the element has another
/// name: `round` makes it one.
pub(super) fn words(last: &Words, round: &str) -> Vec<Value> {
    let mut fields = parts(last);
    for field in &mut fields {
        let action = field["element"]["action_id"].as_str().unwrap_or_default();
        field["element"]["action_id"] = json!(format!("{action}{round}"));
    }
    fields
}

fn parts(last: &Words) -> Vec<Value> {
    let [broken, affected, workaround, next, upstream] = PARTS;
    vec![
        optional(long(
            broken,
            "What is broken?",
            last.broken.as_deref().unwrap_or_default(),
        )),
        optional(long(
            affected,
            "Who is affected?",
            last.affected.as_deref().unwrap_or_default(),
        )),
        hint(
            optional(long(
                workaround,
                "What can they do instead?",
                last.workaround.as_deref().unwrap_or_default(),
            )),
            "\"None known\" helps too.",
        ),
        optional(input(
            next,
            "When is it fixed, or when do they hear more?",
            &text(next, last.next.as_deref().unwrap_or_default(), LONGEST, false),
        )),
        hint(
            optional(input(
                upstream,
                "Somebody else's trouble?",
                &text(upstream, last.upstream.as_deref().unwrap_or_default(), LONGEST, false),
            )),
            "A link to where they tell about it.",
        ),
    ]
}

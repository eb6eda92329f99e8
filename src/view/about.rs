//! The forms about one alert: snooze, assign, note.

use serde_json::{Value, json};

use super::alert::card::title;
use super::alert::reply;
use super::form::{option_of_team, plain, team_options};
use super::text::shorten;
use super::{Scene, say};
use crate::command::About;
use crate::command::form::about::{DURATION, LONGEST, PERSON, REASON, TEAM, TEXT};
use crate::domain::Refusal;
use crate::domain::alert::{Alert, Page};
use crate::domain::ids::AlertId;
use crate::slack::call::Message;

/// The form; or why there is none, in the words of a refusal.
///
/// # Errors
/// When there is no such alert, or it is over.
pub fn open(scene: Scene<'_>, about: About, id: AlertId) -> Result<Value, Message> {
    let refused = |refusal| Err(reply::refused(scene, &refusal));
    let Some(alert) = scene.world.alert(id) else {
        return refused(Refusal::NoSuchAlert { id });
    };
    if let (Page::Ended { by, at }, About::Snooze | About::Assign) = (&alert.page, about) {
        return refused(Refusal::AlreadyResolved {
            id,
            by: by.clone(),
            at: *at,
        });
    }
    let (heading, submit, fields) = match about {
        About::Snooze => ("Snooze", "Snooze", snooze()),
        About::Assign => ("Assign", "Assign", assign(scene)),
        About::Note => ("Note", "Write it down", note()),
    };
    Ok(modal(about, alert, heading, submit, fields))
}

/// The form could not be opened: how to type the same.
pub fn too_late(about: About, id: AlertId) -> Message {
    let typed = match about {
        About::Snooze => format!("/alert snooze {id} 2h because the vendor is on it"),
        About::Assign => format!("/alert assign {id} to payments"),
        About::Note => format!("/alert note {id} restarted the node, watching it"),
    };
    say(format!(
        "The form did not open: Slack gives me three seconds for it. Press again, or type it, for example `{typed}`"
    ))
}

fn modal(about: About, alert: &Alert, heading: &str, submit: &str, fields: Vec<Value>) -> Value {
    let what = json!({"type": "context", "elements": [plain(&shorten(&title(alert), 300))]});
    let blocks: Vec<Value> = std::iter::once(what).chain(fields).collect();
    json!({
        "type": "modal",
        "callback_id": about.callback(),
        "private_metadata": alert.id.0.to_string(),
        "title": plain(&format!("{heading} {}", alert.id)),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    })
}

fn snooze() -> Vec<Value> {
    let mut length = input(DURATION, "For how long?", &text(DURATION, "1h", false));
    length["hint"] = plain("Such as 45m, 2h30m or 3d. Then its paging starts again.");
    vec![length, input(REASON, "Why?", &text(REASON, "", true))]
}

fn assign(scene: Scene<'_>) -> Vec<Value> {
    let mut teams = team_options(scene.roster, option_of_team);
    teams["action_id"] = json!(TEAM);
    teams["placeholder"] = plain("Choose a team");
    let person = json!({
        "type": "users_select",
        "action_id": PERSON,
        "placeholder": plain("Choose a person"),
    });
    let mut team = optional(input(TEAM, "A team", &teams));
    team["hint"] = plain("Its levels are paged from the first one on.");
    let mut person = optional(input(PERSON, "Or a person", &person));
    person["hint"] = plain("They are paged first, and the team when they do not answer.");
    vec![team, person]
}

fn note() -> Vec<Value> {
    vec![input(TEXT, "What shall be remembered?", &text(TEXT, "", true))]
}

fn input(block: &str, label: &str, element: &Value) -> Value {
    json!({"type": "input", "block_id": block, "label": plain(label), "element": element})
}

fn optional(mut input: Value) -> Value {
    input["optional"] = json!(true);
    input
}

fn text(action: &str, initial: &str, multiline: bool) -> Value {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": action,
        "multiline": multiline,
        "max_length": LONGEST,
    });
    if !initial.is_empty() {
        element["initial_value"] = json!(initial);
    }
    element
}

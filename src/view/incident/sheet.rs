//! The forms about incidents.

use serde_json::{Value, json};

use super::card::title;
use super::fields::{prefill, update, which, words};
use super::refused::{Meant, show as refused, unclear};
use crate::command::Button;
use crate::command::form::incident::{
    AFTERMATH, DUE, Kind, LONGEST, LONGEST_SERVICES, LONGEST_TITLE, PERSON, ROLE, SCOPE, SERVICES, SEVERITY, STATUS,
    Sheet, TEAM, TEXT, TITLE, TOOK,
};
use crate::domain::alert::Refusal as Refused;
use crate::domain::ids::TeamId;
use crate::domain::incident::{Declaration, Incident, Refusal, Scope, Severity, Status, Words};
use crate::domain::team::Team;
use crate::slack::call::Message;
use crate::view::blocks::{actions, press, section};
use crate::view::form::{option_of_team, plain, team_options};
use crate::view::text::{count, shorten};
use crate::view::{Scene, message, say};

/// The form; or why there is none, in the words of a refusal.
///
/// # Errors
/// When there is no such incident, or it is over.
pub fn open(scene: Scene<'_>, sheet: &Sheet) -> Result<Value, Message> {
    draw(scene, sheet, None)
}

/// The form again, because of what was picked in it; `so_far` is what stood in its fields.
///
/// # Errors
/// When there is no such incident, or it is over.
pub fn again(scene: Scene<'_>, sheet: &Sheet, so_far: &Words) -> Result<Value, Message> {
    draw(scene, sheet, Some(so_far))
}

fn draw(scene: Scene<'_>, sheet: &Sheet, so_far: Option<&Words>) -> Result<Value, Message> {
    if let Sheet::Declare(draft) = sheet {
        return Ok(declare(scene, draft));
    }
    let incident = scene.world.incidents().meant(sheet.incident());
    let kind = sheet.kind();
    let incident = incident.map_err(|refusal| {
        let which = unclear(scene, &refusal, &Meant::Form(kind));
        which.unwrap_or_else(|| refused(scene, &refusal))
    })?;
    let mut metadata = incident.id.0.to_string();
    let needs_open = !matches!(kind, Kind::Note | Kind::Act | Kind::Edit | Kind::Details);
    if needs_open && !incident.is_open() {
        return Err(refused(
            scene,
            &Refusal::Over {
                id: incident.id,
                status: incident.status,
                at: incident.ended_at.unwrap_or(incident.status_since),
                into: incident.merged_into,
                text: None,
            },
        ));
    }
    let (heading, submit, fields) = match kind {
        Kind::Declare | Kind::Note => (
            "Note",
            "Write it down",
            vec![long(TEXT, "What shall be remembered?", "")],
        ),
        Kind::Update => ("Update", "Tell readers", update(scene, incident, sheet, so_far)),
        Kind::Edit => {
            let last = incident.updates.len();
            let number = match sheet {
                Sheet::Edit(_, Some(number)) => *number,
                _ => last,
            };
            let known = number.checked_sub(1).and_then(|index| incident.updates.get(index));
            let id = incident.id;
            let refusal = match last {
                0 => Refusal::NoUpdate { id },
                _ => Refusal::NoSuchUpdate {
                    id,
                    number,
                    last,
                    text: None,
                },
            };
            let known = known.ok_or_else(|| refused(scene, &refusal))?;
            metadata = format!("{metadata}/{number}");
            let fields = which(incident, number).into_iter();
            let fields = fields.chain(words(&prefill(&known.words), &format!(":{number}")));
            ("Edit update", "Put it right", fields.collect())
        }
        Kind::Details => ("Edit the incident", "Say so", details(scene, incident)),
        Kind::Status => ("Status", "Change", status(incident)),
        Kind::Severity => (
            "Severity",
            "Change",
            vec![severity(incident.severity), optional(long(TEXT, "Why?", ""))],
        ),
        Kind::Role => ("Roles", "Give", role(scene, incident)),
        Kind::Act => ("Add action", "Add", act()),
        Kind::Page => (
            "Page a team",
            "Page",
            vec![
                team(scene, None, "Which team?"),
                hint(
                    optional(long(TEXT, "With which words?", "")),
                    "The incident's title when you leave it empty.",
                ),
            ],
        ),
        Kind::Resolve => {
            let left = crate::view::runbook::left_of(scene, incident);
            let left = left.map(|left| json!({"type": "context", "elements": [{"type": "mrkdwn", "text": left}]}));
            (
                "Resolve",
                "Resolve",
                left.into_iter().chain(resolve(incident)).collect(),
            )
        }
    };
    let what = json!({"type": "context", "elements": [plain(&shorten(&title(incident), 300))]});
    let blocks: Vec<Value> = std::iter::once(what).chain(fields).collect();
    Ok(json!({
        "type": "modal",
        "callback_id": kind.callback(),
        "private_metadata": metadata,
        "title": plain(&shorten(heading, 24)),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    }))
}

/// The form could not be opened: how to type the same.
pub fn too_late(sheet: &Sheet) -> Message {
    let id = sheet.incident().map(|id| format!(" {id}")).unwrap_or_default();
    let typed = match sheet.kind() {
        Kind::Declare => "/incident declare sev2 checkout times out".to_owned(),
        Kind::Update => format!("/incident update{id} we are rolling back the release"),
        Kind::Edit => format!("/incident edit{id} 1 half of the nodes are back, not all"),
        Kind::Details => format!("/incident title{id} nobody can pay by card"),
        Kind::Status => format!("/incident status{id} identified"),
        Kind::Severity => format!("/incident severity{id} sev2"),
        Kind::Role => format!("/incident role{id} lead @ana"),
        Kind::Note => format!("/incident note{id} restarted db-3"),
        Kind::Act => format!("/incident action{id} alert on the queue length"),
        Kind::Page => format!("/incident page{id} payments"),
        Kind::Resolve => format!("/incident resolve{id} the release was rolled back"),
    };
    let text = format!(
        "The form did not open: Slack gives me three seconds for it. Press again, or type it, for example `{typed}`"
    );
    with_button(text, sheet)
}

/// Offers the form where none can be opened: only a press may open one.
pub fn offer(sheet: &Sheet) -> Message {
    with_button("Here is the form.".to_owned(), sheet)
}

fn with_button(text: String, sheet: &Sheet) -> Message {
    let button = match sheet {
        Sheet::Declare(draft) => Some(Button::Declare {
            alert: draft.alert,
            title: draft.title.clone(),
        }),
        Sheet::Update(Some(incident), Some(template)) => Some(Button::UpdateWith {
            incident: *incident,
            template: template.clone(),
        }),
        Sheet::Edit(Some(incident), Some(number)) => Some(Button::EditUpdate {
            incident: *incident,
            number: *number,
        }),
        other => other.incident().map(|incident| Button::Sheet {
            incident,
            kind: other.kind(),
        }),
    };
    let Some(button) = button.filter(Button::fits) else {
        return say(text);
    };
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(vec![press("Open the form", &button)]));
    message(text, drawn)
}

/// A refusal in the field it is about.
pub fn field_of(callback: &str, refusal: &Refused) -> Option<&'static str> {
    Kind::called(callback).map(|kind| kind.field_of(refusal))
}

fn declare(scene: Scene<'_>, draft: &Declaration) -> Value {
    let from = draft.alert.and_then(|id| scene.world.alert(id));
    let team = draft.team.as_ref().or_else(|| from.map(|alert| &alert.team));
    let services = if draft.services.is_empty() {
        from.and_then(|alert| alert.service.clone()).unwrap_or_default()
    } else {
        draft.services.join(", ")
    };
    let alert = draft
        .alert
        .map(|alert| json!({"type": "context", "elements": [plain(&format!("{alert} will belong to it."))]}));
    let fields = [symptom(&draft.title), severity(draft.severity)];
    let rest = rest(scene, draft.scope, &services, team);
    let blocks: Vec<Value> = alert.into_iter().chain(fields).chain(rest).collect();
    let mut form = json!({
        "type": "modal",
        "callback_id": Kind::Declare.callback(),
        "title": plain("Declare an incident"),
        "submit": plain("Declare"),
        "close": plain("Cancel"),
        "blocks": blocks,
    });
    if let Some(alert) = draft.alert {
        form["private_metadata"] = json!(alert.0.to_string());
    }
    form
}

fn details(scene: Scene<'_>, incident: &Incident) -> Vec<Value> {
    let services = incident.services.join(", ");
    let rest = rest(scene, incident.scope, &services, incident.team.as_ref());
    std::iter::once(symptom(&incident.title)).chain(rest).collect()
}

fn symptom(title: &str) -> Value {
    // What a field does not take would keep the whole form from opening.
    let name: String = title.chars().take(LONGEST_TITLE).collect();
    let field = text(TITLE, name.trim(), LONGEST_TITLE, false);
    hint(
        input(TITLE, "What do people notice?", &field),
        "The symptom, such as: checkout times out. Why comes later.",
    )
}

/// What is said of an incident besides its title.
fn rest(scene: Scene<'_>, scope: Option<Scope>, services: &str, of: Option<&TeamId>) -> [Value; 3] {
    let known = |scope: Scope| option(&capital(scope.meaning()), scope.word());
    let mut select = json!({"type": "static_select", "action_id": SCOPE, "options": Scope::ALL.map(known),
        "placeholder": plain("If you know")});
    if let Some(scope) = scope {
        select["initial_option"] = known(scope);
    }
    let services = text(SERVICES, services, LONGEST_SERVICES, false);
    [
        optional(input(SCOPE, "Who is affected?", &select)),
        hint(
            optional(input(SERVICES, "What is broken?", &services)),
            "Services or components, with commas between them.",
        ),
        optional(team(scene, of, "Which team answers for it?")),
    ]
}

fn status(incident: &Incident) -> Vec<Value> {
    let options: Vec<Value> = Status::OPEN
        .into_iter()
        .map(|status| option(&capital(&format!("{status}: {}", status.meaning())), status.word()))
        .collect();
    let now = Status::OPEN.into_iter().position(|status| status == incident.status);
    let mut select = json!({"type": "static_select", "action_id": STATUS, "options": options});
    if let Some(now) = now {
        select["initial_option"] = select["options"][now].clone();
    }
    vec![
        input(STATUS, "How far has it come?", &select),
        hint(optional(long(TEXT, "A note", "")), "Needed when it goes back."),
    ]
}

fn severity(now: Severity) -> Value {
    let options: Vec<Value> = Severity::ALL
        .into_iter()
        .map(|severity| {
            let word = severity.to_string().to_lowercase();
            option(&format!("{severity}: {}", severity.meaning()), &word)
        })
        .collect();
    let initial = options[now.rank()].clone();
    let select = json!({
        "type": "static_select",
        "action_id": SEVERITY,
        "options": options,
        "initial_option": initial,
    });
    input(SEVERITY, "How bad is it?", &select)
}

fn role(scene: Scene<'_>, incident: &Incident) -> Vec<Value> {
    let options: Vec<Value> = scene
        .roster
        .incidents
        .all_roles()
        .take(100)
        .map(|role| {
            let has = incident.roles.get(role).and_then(|who| scene.roster.people.get(who));
            let has = has.map(|who| format!(" (now @{})", who.handle)).unwrap_or_default();
            option(&format!("{}{has}", capital(role)), role)
        })
        .collect();
    let initial = options.first().cloned();
    let mut select = json!({"type": "static_select", "action_id": ROLE, "options": options});
    if let Some(initial) = initial {
        select["initial_option"] = initial;
    }
    let person = json!({"type": "users_select", "action_id": PERSON, "placeholder": plain("Choose a person")});
    vec![input(ROLE, "Which role?", &select), input(PERSON, "Who?", &person)]
}

fn act() -> Vec<Value> {
    let person = json!({"type": "users_select", "action_id": PERSON, "placeholder": plain("Nobody yet")});
    let due = json!({"type": "datetimepicker", "action_id": DUE});
    vec![
        long(TEXT, "What is to be done?", ""),
        optional(input(PERSON, "Who does it?", &person)),
        hint(
            optional(input(DUE, "By when?", &due)),
            "Whoever does it is reminded then, and every day until it is done.",
        ),
    ]
}

fn resolve(incident: &Incident) -> Vec<Value> {
    let labels = [
        "There was a rollback",
        "There was a hotfix",
        "The external status page was changed",
    ];
    let options: Vec<Value> = TOOK
        .into_iter()
        .zip(labels)
        .map(|(word, label)| option(label, word))
        .collect();
    let boxes = json!({"type": "checkboxes", "action_id": AFTERMATH, "options": options});
    let mut fields = vec![
        hint(
            optional(long(TEXT, "Last words", "")),
            "What it was, and what ended it. Readers see it; without it they see only that it is over.",
        ),
        hint(
            optional(input(AFTERMATH, "What did it take?", &boxes)),
            "Any of these asks for a postmortem.",
        ),
    ];
    let open: Vec<String> = incident
        .open_actions()
        .take(10)
        .map(|(number, action)| format!("{number}. {}", shorten(&action.text, 150)))
        .collect();
    if !open.is_empty() {
        let open = format!("{} still open:\n{}", count(open.len(), "action"), open.join("\n"));
        fields.push(json!({"type": "section", "text": plain(&shorten(&open, 2500))}));
    }
    fields
}

fn team(scene: Scene<'_>, chosen: Option<&TeamId>, label: &str) -> Value {
    let mut select = team_options(scene.roster, option_of_team);
    select["action_id"] = json!(TEAM);
    select["placeholder"] = plain("Choose a team");
    let known: Option<&Team> = chosen.and_then(|id| scene.roster.teams.get(id));
    if let Some(team) = known {
        select["initial_option"] = option_of_team(team);
    }
    input(TEAM, label, &select)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

pub(super) fn option(label: &str, value: &str) -> Value {
    json!({"text": plain(&shorten(label, 75)), "value": shorten(value, 75)})
}

pub(super) fn input(block: &str, label: &str, element: &Value) -> Value {
    json!({"type": "input", "block_id": block, "label": plain(label), "element": element})
}

pub(super) fn optional(mut input: Value) -> Value {
    input["optional"] = json!(true);
    input
}

pub(super) fn hint(mut input: Value, text: &str) -> Value {
    input["hint"] = plain(text);
    input
}

pub(super) fn long(block: &str, label: &str, initial: &str) -> Value {
    input(block, label, &text(block, initial, LONGEST, true))
}

pub(super) fn text(action: &str, initial: &str, limit: usize, multiline: bool) -> Value {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": action,
        "multiline": multiline,
        "max_length": limit,
    });
    if !initial.is_empty() {
        element["initial_value"] = json!(shorten(initial, limit));
    }
    element
}

//! The raise form, and what is said about its fields.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::blocks::{actions, context, finish, press, section};
use super::text::shorten;
use super::{Scene, message};
use crate::command::form::{CALLBACK, Field, FieldProblem, Prefill, prefill, team_choices};
use crate::command::{Button, Draft};
use crate::domain::priority::Priority;
use crate::domain::roster::Roster;
use crate::domain::team::Team;
use crate::slack::call::Message;

/// Longest text of an option.
const OPTION: usize = 75;

/// The form, filled in as far as it is known.
pub fn raise(scene: Scene<'_>, draft: &Draft) -> Value {
    let mut blocks = Vec::new();
    let summary = match prefill(&draft.summary) {
        Prefill::Whole(text) => text,
        Prefill::Cut(text) => {
            blocks.extend(finish(vec![context(
                "The message was longer than this form takes; it is cut.",
            )]));
            text
        }
    };
    blocks.push(input(Field::Team, "Team", &team_select(scene, draft)));
    blocks.push(input(Field::Priority, "Priority", &priority_select(draft.priority)));
    blocks.push(input(
        Field::Summary,
        "What is wrong?",
        &text_input(Field::Summary, summary, Lines::Many),
    ));
    let service = draft.service.as_deref().unwrap_or_default();
    let mut service = input(
        Field::Service,
        "Service",
        &text_input(Field::Service, service, Lines::One),
    );
    service["optional"] = json!(true);
    service["hint"] = plain("What it is about, if you know: a system, a host, a customer.");
    blocks.push(service);
    json!({
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain("Raise an alert"),
        "submit": plain("Raise"),
        "close": plain("Cancel"),
        "blocks": blocks,
    })
}

/// Offers the form where none can be opened: only a press may open one.
pub fn offer(draft: &Draft) -> Message {
    let text =
        "What is wrong, and for which team? Type `alert &lt;message&gt; for &lt;team&gt;` here, or use the form.";
    with_button(text, draft)
}

/// The form could not be opened in time.
pub fn too_late(draft: &Draft) -> Message {
    with_button(
        "The form did not open: Slack gives me three seconds for it, and they were over. Nothing you typed is lost.",
        draft,
    )
}

/// What is wrong with each field, by block id.
pub fn problems(problems: &BTreeMap<String, FieldProblem>) -> BTreeMap<String, String> {
    let said = |problem: &FieldProblem| match problem {
        FieldProblem::Missing => "This is needed.".to_owned(),
        FieldProblem::TooLong { limit } => format!("At most {limit} characters, please; the rest can become a note."),
        FieldProblem::UnknownTeam => "This team is no longer there; please choose another.".to_owned(),
        FieldProblem::UnknownPriority => "P1 to P5, please.".to_owned(),
        FieldProblem::NotADuration => "This is not a length of time; those look like 45m, 2h30m or 3d.".to_owned(),
        FieldProblem::Nobody => "Choose a team, or a person below.".to_owned(),
        FieldProblem::Both => "A team or a person, please, not both: a person's team follows by itself.".to_owned(),
    };
    problems
        .iter()
        .map(|(block, problem)| (block.clone(), said(problem)))
        .collect()
}

fn with_button(text: &str, draft: &Draft) -> Message {
    let open = Button::OpenForm { draft: draft.clone() };
    let mut drawn = vec![section(text)];
    if open.fits() {
        drawn.extend(actions(vec![press("Open the form", &open)]));
    } else {
        // Too long for a button: the words are given back, to be copied.
        drawn.extend(super::blocks::literal(&draft.summary));
        let empty = Button::OpenForm {
            draft: Draft {
                summary: String::new(),
                ..draft.clone()
            },
        };
        drawn.extend(actions(vec![press("Open the form", &empty)]));
    }
    message(text.to_owned(), drawn)
}

/// What takes the place of a form that nothing came of.
pub fn refused<'s>(said: impl Iterator<Item = &'s String>) -> Value {
    let said: Vec<&str> = said.map(String::as_str).collect();
    json!({
        "type": "modal",
        "title": plain("Nothing was done"),
        "close": plain("Close"),
        "blocks": [{"type": "section", "text": plain(&said.join("\n"))}],
    })
}

fn input(field: Field, label: &str, element: &Value) -> Value {
    json!({"type": "input", "block_id": field.block_id(), "label": plain(label), "element": element})
}

/// A team, to be chosen.
pub(super) fn option_of_team(team: &Team) -> Value {
    option(&team.name, team.id.as_str())
}

/// A select of every team.
pub(super) fn team_options(roster: &Roster, option: impl Fn(&Team) -> Value) -> Value {
    let groups = team_choices(roster);
    let mut select = json!({"type": "static_select"});
    // Slack takes either up to 100 options or groups of them.
    match groups.as_slice() {
        [one] => select["options"] = one.iter().map(|team| option(team)).collect(),
        many => {
            select["option_groups"] = many
                .iter()
                .map(|teams| {
                    let ends = [teams.first(), teams.last()].map(|team| team.map_or("", |team| team.name.as_str()));
                    let label = shorten(&format!("{} to {}", ends[0], ends[1]), OPTION);
                    json!({"label": plain(&label), "options": teams.iter().map(|team| option(team)).collect::<Value>()})
                })
                .collect();
        }
    }
    select
}

fn team_select(scene: Scene<'_>, draft: &Draft) -> Value {
    let mut select = team_options(scene.roster, option_of_team);
    select["action_id"] = json!(Field::Team.action_id());
    select["placeholder"] = plain("Choose a team");
    if let Some(team) = draft.team.as_ref().and_then(|id| scene.roster.teams.get(id)) {
        select["initial_option"] = option_of_team(team);
    }
    select
}

fn priority_select(chosen: Priority) -> Value {
    let option = |priority: Priority| {
        option(
            &format!("{priority}: {}", priority.meaning()),
            &priority.to_string().to_lowercase(),
        )
    };
    json!({
        "type": "static_select",
        "action_id": Field::Priority.action_id(),
        "options": Priority::ALL.map(option),
        "initial_option": option(chosen),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

fn text_input(field: Field, text: &str, lines: Lines) -> Value {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": field.action_id(),
        "multiline": lines == Lines::Many,
    });
    if let Some(limit) = field.limit() {
        element["max_length"] = json!(limit);
    }
    if !text.is_empty() {
        element["initial_value"] = json!(text);
    }
    element
}

fn option(text: &str, value: &str) -> Value {
    json!({"text": plain(&shorten(text, OPTION)), "value": value})
}

/// Plain text, as an object of Block Kit.
pub(super) fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text, "emoji": false})
}

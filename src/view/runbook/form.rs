//! The forms about a run: what must be known before it starts or goes on, and the few words that some buttons want.

use serde_json::{Value, json};

use super::card::step_title;
use crate::command::form::about::{LONGEST, PERSON, REASON, TEXT};
use crate::command::form::run::{AboutRun, Draft, value_field};
use crate::domain::ids::UserId;
use crate::domain::run::{Refusal, Run, Start, Target};
use crate::domain::runbook::{Asked, Parameter, Runbook, Values};
use crate::slack::call::Message;
use crate::view::form::plain;
use crate::view::text::{shorten, unescape};
use crate::view::{Scene, say};

/// The longest label of a field, in characters.
const LABEL: usize = 150;

/// The form about a run's step; or why there is none.
///
/// # Errors
/// When there is no such run, it is over, or the step has been finished.
pub fn open(scene: Scene<'_>, about: AboutRun, by: &UserId, target: Target) -> Result<Value, Message> {
    let refused = |refusal| Err(super::refused(scene, &refusal));
    let run = match scene.world.runs().meant(target, by) {
        Ok(run) => run,
        Err(refusal) => return refused(refusal),
    };
    let id = run.id;
    if let Some(ended) = &run.ended {
        let ended = ended.clone();
        return refused(Refusal::Over { id, ended });
    }
    let Some((current, step)) = run.step() else {
        return refused(Refusal::NoSuchRun { id });
    };
    let visit = match target {
        Target::Visit(_, visit) => visit,
        Target::Run(_) | Target::Mine => current.visit,
    };
    if current.visit != visit && !matches!(about, AboutRun::Fill | AboutRun::Note) {
        let line = run.lines.iter().rev().find(|line| line.visit == visit).cloned();
        return refused(Refusal::Stale { id, line });
    }
    if step.secret && about == AboutRun::Note {
        return refused(Refusal::Secret { id });
    }
    if let AboutRun::Send(pressed) = about {
        // Who types it means what is still to be sent.
        let unsent = || run.requests().iter().position(|(_, sent)| sent.is_none());
        let request = match target {
            Target::Visit(..) => pressed,
            Target::Run(_) | Target::Mine => unsent().unwrap_or(pressed),
        };
        return super::sending::form(scene, run, request);
    }
    let (heading, submit, fields) = match about {
        AboutRun::Skip => ("Skip", "Skip the step", vec![text(REASON, "Why is it left out?")]),
        AboutRun::Block => (
            "Blocked",
            "Say so",
            vec![text(REASON, "What keeps it from being done?")],
        ),
        AboutRun::Note => ("Note", "Write it down", vec![text(TEXT, "What shall be remembered?")]),
        AboutRun::Assign => {
            let element = json!({"type": "users_select", "action_id": PERSON, "placeholder": plain("Choose a person")});
            ("Assign", "Assign", vec![input(PERSON, "Whose is this step?", &element)])
        }
        AboutRun::Fill | AboutRun::Start | AboutRun::Send(_) => {
            let fields = run
                .lacks(step)
                .into_iter()
                .map(|parameter| field(parameter, &run.values, true))
                .collect();
            ("Fill in", "Fill in", fields)
        }
    };
    if fields.is_empty() {
        return Err(say("Everything this step wants to know is known by now."));
    }
    Ok(modal(
        run,
        about,
        heading,
        submit,
        &step_title(run, current.step, current.pass, step),
        visit,
        fields,
    ))
}

fn modal(
    run: &Run,
    about: AboutRun,
    heading: &str,
    submit: &str,
    title: &str,
    visit: u64,
    fields: Vec<Value>,
) -> Value {
    let what = json!({"type": "context", "elements": [plain(&shorten(&unescape(title), 300))]});
    let blocks: Vec<Value> = std::iter::once(what).chain(fields).collect();
    json!({
        "type": "modal",
        "callback_id": about.callback(),
        "private_metadata": format!("{}:{visit}", run.id.0),
        "title": plain(&shorten(&format!("{heading} {}", run.id), 24)),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    })
}

/// The form that asks for what a runbook wants to know before it starts.
pub fn start(book: &Runbook, start: &Start) -> Value {
    let what = json!({"type": "context", "elements": [plain(&shorten(&book.title, 300))]});
    let fields = book.parameters.iter().map(|parameter| {
        let is_needed = parameter.asked == Asked::AtTheStart;
        field(parameter, &start.values, is_needed)
    });
    let blocks: Vec<Value> = std::iter::once(what).chain(fields).collect();
    json!({
        "type": "modal",
        "callback_id": AboutRun::Start.callback(),
        "private_metadata": json!(Draft::from(start)).to_string(),
        "title": plain(if start.practice { "Practice a runbook" } else { "Start a runbook" }),
        "submit": plain("Start"),
        "close": plain("Cancel"),
        "blocks": blocks,
    })
}

/// The form could not be opened: how to type the same.
pub fn too_late(about: AboutRun, target: Target) -> Message {
    let id = match target {
        Target::Run(id) | Target::Visit(id, _) => id.to_string(),
        Target::Mine => "R-3".to_owned(),
    };
    let typed = match about {
        AboutRun::Skip => format!("/runbook skip {id} because the node is gone"),
        AboutRun::Block => format!("/runbook block {id} because I have no access"),
        AboutRun::Assign => format!("/runbook assign @ana {id}"),
        AboutRun::Note => format!("/runbook note {id} the first node is slow"),
        AboutRun::Send(_) => format!("/runbook send {id}"),
        AboutRun::Fill | AboutRun::Start => format!("/runbook set {id} name=value"),
    };
    say(format!(
        "The form did not open: Slack gives me three seconds for it. Press again, or type it, for example `{typed}`"
    ))
}

/// The form could not be opened: how to start it by typing.
pub fn start_too_late(scene: Scene<'_>, start: &Start) -> Message {
    let Some(book) = scene.roster.runbooks.get(&start.runbook) else {
        return say(super::no_runbook(scene, start.runbook.as_str()));
    };
    let lacking = book
        .parameters
        .iter()
        .filter(|parameter| parameter.asked == Asked::AtTheStart);
    super::refused(
        scene,
        &Refusal::Missing {
            runbook: book.id.clone(),
            lacking: lacking.cloned().collect(),
            alert: start.alert,
            incident: start.incident,
        },
    )
}

fn field(parameter: &Parameter, known: &Values, is_needed: bool) -> Value {
    let block = value_field(&parameter.name);
    let initial = known.get(&parameter.name).or(parameter.default.as_ref());
    let element = if parameter.choices.is_empty() {
        let mut element = json!({
            "type": "plain_text_input",
            "action_id": "value",
            "multiline": false,
            "max_length": LONGEST,
        });
        if let Some(initial) = initial {
            element["initial_value"] = json!(initial);
        }
        element
    } else {
        let option = |choice: &str| json!({"text": plain(&shorten(choice, 75)), "value": choice});
        let options: Vec<Value> = parameter.choices.iter().map(|choice| option(choice)).collect();
        let mut element = json!({"type": "static_select", "action_id": "value", "options": options});
        if let Some(initial) = initial.filter(|initial| parameter.choices.contains(initial)) {
            element["initial_option"] = option(initial);
        }
        element
    };
    let mut input = input(&block, &shorten(parameter.question(), LABEL), &element);
    if let Some(pattern) = &parameter.pattern {
        input["hint"] = plain(&shorten(&format!("It looks like {pattern}"), LABEL));
    }
    if !is_needed {
        input["optional"] = json!(true);
    }
    input
}

fn input(block: &str, label: &str, element: &Value) -> Value {
    json!({"type": "input", "block_id": block, "label": plain(label), "element": element})
}

fn text(block: &str, label: &str) -> Value {
    let element = json!({
        "type": "plain_text_input",
        "action_id": block,
        "multiline": true,
        "max_length": LONGEST,
    });
    input(block, label, &element)
}

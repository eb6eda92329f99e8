//! Forms, as the one in front of them fills them in.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::blocks;
use super::payloads;
use super::person::{ActError, Person};
use super::presses::{Choice, Surface};
use super::socket::Unconnected;
use super::state::OpenView;

/// What is filled into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill<'a> {
    /// Typed.
    Text(&'a str),
    /// Chosen, by the option's value.
    Choice(&'a str),
    /// Ticked, by the options' values.
    Choices(&'a [&'a str]),
    /// Chosen: a person, by id.
    Person(&'a str),
    /// Picked: an instant, in seconds since 1970.
    Moment(i64),
}

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It is closed.
    Closed,
    /// It stays, with words on some fields.
    Errors(BTreeMap<String, String>),
    /// Another is in its place, or on top of it.
    Another,
}

/// What a filled-in element may hold its value in.
const HELD: [&str; 10] = [
    "value",
    "selected_option",
    "selected_options",
    "selected_user",
    "selected_users",
    "selected_conversation",
    "selected_channel",
    "selected_date",
    "selected_time",
    "selected_date_time",
];

impl Person {
    /// Fills in a form and submits it; fields that are not named keep what they were opened with.
    ///
    /// # Errors
    /// When something required is empty, or nobody acknowledges.
    pub async fn submits(&self, open: &OpenView, fields: &[(&str, Fill<'_>)]) -> Result<Submitted, ActError> {
        let mut values = json!({});
        for block in inputs(open) {
            let id = block["block_id"].as_str().unwrap_or_default();
            let filled = fields.iter().find(|(field, _)| *field == id).map(|(_, fill)| *fill);
            let action = block["element"]["action_id"].as_str().unwrap_or_default();
            values[id] = json!({action: held(open, block, filled)});
        }
        self.submits_values(open, &values).await
    }

    /// Picks something in a form that acts on it at once; the form keeps what was filled in beside it, and in the view that
    /// takes its place keeps it where block and action are the same.
    ///
    /// # Errors
    /// When there is no such field, or nobody acknowledges.
    pub async fn picks(
        &self,
        open: &OpenView,
        field: &str,
        chosen: Fill<'_>,
        beside: &[(&str, Fill<'_>)],
    ) -> Result<(), ActError> {
        let acts = |block: &&Value| block["block_id"] == field && block["dispatch_action"] == true;
        let nothing = || ActError::NoSuchThing(format!("no field {field} that acts at once"));
        let block = inputs(open).find(acts).ok_or_else(nothing)?.clone();
        let mut values = json!({});
        for block in inputs(open) {
            let id = block["block_id"].as_str().unwrap_or_default();
            let beside = beside.iter().find(|(known, _)| *known == id).map(|(_, fill)| *fill);
            let filled = if id == field { Some(chosen) } else { beside };
            let action = block["element"]["action_id"].as_str().unwrap_or_default();
            values[id] = json!({action: held(open, block, filled)});
        }
        let action = block["element"]["action_id"].as_str().unwrap_or_default().to_owned();
        let picked = values[field][&action].clone();
        self.workspace.change(|state, _| {
            if let Some(open) = state.views.iter_mut().find(|it| it.id == open.id) {
                open.held = values.clone();
            }
        });
        let choice = Choice {
            block_id: field,
            action_id: &action,
            chosen: &picked,
            values: &values,
        };
        self.chooses(Surface::View(open), &choice).await
    }

    /// Submits a form with what its inputs hold, by block and action, in Slack's words.
    ///
    /// # Errors
    /// When something required is empty, or nobody acknowledges.
    pub async fn submits_values(&self, open: &OpenView, values: &Value) -> Result<Submitted, ActError> {
        for block in inputs(open).filter(|block| block["optional"] != true) {
            let id = block["block_id"].as_str().unwrap_or_default();
            let action = block["element"]["action_id"].as_str().unwrap_or_default();
            let held = &values[id][action];
            let is_filled = |field: &str| match &held[field] {
                Value::Null => false,
                Value::Array(several) => !several.is_empty(),
                _ => true,
            };
            if !HELD.iter().any(|field| is_filled(field)) {
                return Err(ActError::Incomplete(format!(
                    "Please complete this required field: {id}"
                )));
            }
        }
        let delivered = self.workspace.change(|state, now| {
            let payload = payloads::submission(state, &self.id, open, values, now);
            state
                .send("interactive", &payload, true)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        let answer = self.acknowledgement(delivered).await?.unwrap_or_default();
        Ok(self.workspace.change(|state, _| {
            let view = &answer["view"];
            let action = answer["response_action"].as_str();
            if let (Some("update" | "push"), Err(wrong)) = (action, blocks::check_view(view)) {
                state.complain(format!(
                    "an answer to a form has a view Slack refuses: {}",
                    wrong.join("; ")
                ));
            }
            match action {
                Some("errors") => {
                    let errors: BTreeMap<String, String> =
                        serde_json::from_value(answer["errors"].clone()).unwrap_or_default();
                    if errors.is_empty() || errors.keys().any(|field| values.get(field).is_none()) {
                        let errors = &answer["errors"];
                        state.complain(format!("a form was answered with errors on no field of it: {errors}"));
                    }
                    return Submitted::Errors(errors);
                }
                Some("update") => {
                    state.change_view(&open.id, view);
                    return Submitted::Another;
                }
                Some("push") => {
                    state.push_view(&open.id, &self.id, view);
                    return Submitted::Another;
                }
                Some("clear") => state.views.retain(|it| it.user != self.id),
                None => state.views.retain(|it| it.id != open.id),
                Some(other) => {
                    state.complain(format!("a form was answered with {other}, which does not exist"));
                    state.views.retain(|it| it.id != open.id);
                }
            }
            Submitted::Closed
        }))
    }

    /// Closes a form without submitting it; whoever asked to be told is told.
    ///
    /// # Errors
    /// When nobody acknowledges.
    pub async fn closes(&self, open: &OpenView) -> Result<(), ActError> {
        let delivered = self.workspace.change(|state, now| {
            state.views.retain(|it| it.id != open.id);
            if open.view["notify_on_close"] != true {
                return None;
            }
            let payload = payloads::closed(state, open, now);
            state.send("interactive", &payload, false).ok()
        });
        match delivered {
            Some(delivered) => self.acknowledgement(delivered).await.map(|_| ()),
            None => Ok(()),
        }
    }
}

fn inputs(open: &OpenView) -> impl Iterator<Item = &Value> {
    let blocks = open.view["blocks"].as_array().into_iter().flatten();
    blocks.filter(|block| block["type"] == "input")
}

/// What a field holds: what is filled in now, or was before, or stood in it from the first.
fn held(open: &OpenView, block: &Value, filled: Option<Fill<'_>>) -> Value {
    let id = block["block_id"].as_str().unwrap_or_default();
    let action = block["element"]["action_id"].as_str().unwrap_or_default();
    match open.held.get(id).and_then(|block| block.get(action)) {
        Some(before) if filled.is_none() => before.clone(),
        _ => element(&block["element"], filled),
    }
}

/// What a field holds when the form is submitted.
fn element(element: &Value, filled: Option<Fill<'_>>) -> Value {
    let kind = &element["type"];
    if kind == "plain_text_input" {
        let typed = match filled {
            Some(Fill::Text(text)) => Some(text.to_owned()),
            _ => element["initial_value"].as_str().map(str::to_owned),
        };
        return json!({"type": kind, "value": typed.filter(|text| !text.is_empty())});
    }
    if kind == "users_select" {
        let user = match filled {
            Some(Fill::Person(user)) => Some(user.to_owned()),
            _ => element["initial_user"].as_str().map(str::to_owned),
        };
        return json!({"type": kind, "selected_user": user});
    }
    if kind == "datetimepicker" {
        let picked = match filled {
            Some(Fill::Moment(seconds)) => Some(seconds),
            _ => element["initial_date_time"].as_i64(),
        };
        return json!({"type": kind, "selected_date_time": picked});
    }
    if kind == "checkboxes" {
        let ticked: Vec<Value> = match filled {
            Some(Fill::Choices(values)) => values.iter().filter_map(|value| option(element, value)).collect(),
            _ => element["initial_options"].as_array().cloned().unwrap_or_default(),
        };
        return json!({"type": kind, "selected_options": ticked});
    }
    let chosen = match filled {
        Some(Fill::Choice(value)) => option(element, value),
        _ => element.get("initial_option").cloned(),
    };
    json!({"type": kind, "selected_option": chosen})
}

fn option(select: &Value, value: &str) -> Option<Value> {
    let grouped = select["option_groups"].as_array().into_iter().flatten();
    let grouped = grouped.flat_map(|group| group["options"].as_array().into_iter().flatten());
    let options = select["options"].as_array().into_iter().flatten().chain(grouped);
    options.into_iter().find(|option| option["value"] == value).cloned()
}

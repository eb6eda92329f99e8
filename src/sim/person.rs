//! Somebody at their keyboard. Everything returns once the bot has acknowledged; what follows from it comes later.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::events;
use super::manifest::Escape;
use super::markup::{escaped, literal};
use super::payloads;
use super::render;
use super::socket::{Delivered, PATIENCE, Unconnected};
use super::state::{BOT_USER, Message, OpenView, State};
use super::workspace::Workspace;

/// A member of the workspace; cheap to clone.
#[derive(Debug, Clone)]
pub struct Person {
    workspace: Workspace,
    id: String,
    name: String,
}

/// What Slack tells somebody instead of doing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActError {
    /// The app has no such command, shortcut or button.
    NoSuchThing(String),
    /// Nobody listens ("failed with the error `dispatch_failed`").
    NoConnection,
    /// Nobody acknowledged within three seconds (`operation_timeout`).
    Unanswered,
    /// The form's own checks.
    Incomplete(String),
}

/// What is filled into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill<'a> {
    /// Typed.
    Text(&'a str),
    /// Chosen, by the option's value.
    Choice(&'a str),
    /// Chosen: a person, by id.
    Person(&'a str),
}

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It is closed.
    Closed,
    /// It stays, with words on some fields.
    Errors(BTreeMap<String, String>),
}

impl Person {
    pub(super) fn new(workspace: Workspace, id: String, name: String) -> Self {
        Self { workspace, id, name }
    }

    /// Their id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Their handle.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Types something and presses enter: a slash command, or a message. `channel` is `#name`, an id, or `@nightbell`
    /// for the direct conversation. Returns the answer that came with the acknowledgement.
    ///
    /// # Errors
    /// What Slack says when a command cannot be delivered.
    pub async fn types(&self, channel: &str, text: &str) -> Result<Option<Message>, ActError> {
        let channel = self.workspace.change(|state, _| self.conversation(state, channel));
        if !text.starts_with('/') {
            self.writes(&channel, None, text).await?;
            return Ok(None);
        }
        let (command, rest) = text.split_once([' ', '\n']).unwrap_or((text, ""));
        let base = self.workspace.address().to_string();
        let delivered = self.workspace.change(|state, now| {
            let known = state.manifest.commands.iter().find(|(known, _)| known == command);
            let Some((_, escape)) = known.cloned() else {
                return Err(ActError::NoSuchThing(format!("{command} is not a valid command")));
            };
            state.did(&self.id, &channel, text.to_owned(), now);
            let rest = if escape == Escape::Yes {
                escaped(state, rest)
            } else {
                literal(rest)
            };
            let payload = payloads::slash(state, &self.id, &channel, command, &rest, &base, now);
            state
                .send("slash_commands", &payload, true)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        let Some(payload) = self.acknowledgement(delivered).await? else {
            return Ok(None);
        };
        Ok(Some(self.workspace.change(|state, now| {
            let only_to = (payload["response_type"] != "in_channel").then(|| self.id.clone());
            let blocks = payload.get("blocks").cloned();
            if let Some(Err(wrong)) = blocks.as_ref().map(super::blocks::check_message) {
                state.complain(format!(
                    "an answer to {command} has blocks Slack refuses: {}",
                    wrong.join("; ")
                ));
            }
            let message = Message {
                channel: channel.clone(),
                ts: state.next_ts(now),
                thread: None,
                user: BOT_USER.to_owned(),
                text: payload["text"].as_str().unwrap_or_default().to_owned(),
                blocks,
                edited: false,
                only_to,
                metadata: None,
                ..Message::default()
            };
            state.show(message, now)
        })))
    }

    /// Replies in the thread of a message (or in the one it is in).
    ///
    /// # Errors
    /// When nobody acknowledges.
    pub async fn replies(&self, to: &Message, text: &str) -> Result<Message, ActError> {
        let parent = to.thread.clone().unwrap_or_else(|| to.ts.clone());
        self.writes(&to.channel, Some(parent), text).await
    }

    /// Presses a button, by its label.
    ///
    /// # Errors
    /// When there is none, or nobody acknowledges.
    pub async fn clicks(&self, on: &Message, label: &str) -> Result<(), ActError> {
        let current = self.workspace.look(|state| {
            state
                .messages
                .iter()
                .find(|it| it.channel == on.channel && it.ts == on.ts)
                .cloned()
        });
        self.clicks_as_seen(&current.unwrap_or_else(|| on.clone()), label).await
    }

    /// Presses a button of a message as it looked before: it has changed in the meantime, and the press was faster.
    ///
    /// # Errors
    /// When there is none, or nobody acknowledges.
    pub async fn clicks_as_seen(&self, on: &Message, label: &str) -> Result<(), ActError> {
        let found = render::buttons(on.blocks.as_ref())
            .into_iter()
            .find(|button| button.label == label);
        let Some(button) = found else {
            let labels = on.buttons().join(", ");
            return Err(ActError::NoSuchThing(format!("no button {label}, only {labels}")));
        };
        let base = self.workspace.address().to_string();
        let delivered = self.workspace.change(|state, now| {
            if !state.manifest.interactive {
                return Err(ActError::NoSuchThing("the app is not interactive".to_owned()));
            }
            state.did(&self.id, &on.channel, format!("presses [{label}]"), now);
            let payload = payloads::click(state, &self.id, on, &button, &base, now);
            state
                .send("interactive", &payload, false)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        self.acknowledgement(delivered).await.map(|_| ())
    }

    /// Opens the bot's Home tab.
    ///
    /// # Errors
    /// When nobody acknowledges.
    pub async fn opens_home(&self) -> Result<(), ActError> {
        let delivered = self
            .workspace
            .change(|state, now| events::home_opened(state, &self.id, now));
        match delivered {
            Some(delivered) => self.acknowledgement(delivered).await.map(|_| ()),
            None => Err(ActError::NoSuchThing("the app has no Home tab".to_owned())),
        }
    }

    /// Presses a button on their Home tab, by its label.
    ///
    /// # Errors
    /// When there is none, or nobody acknowledges.
    pub async fn clicks_home(&self, label: &str) -> Result<(), ActError> {
        let nothing = || ActError::NoSuchThing(format!("no button {label} on the Home tab"));
        let home = self.workspace.home(self).ok_or_else(nothing)?;
        let found = render::buttons(home.view.get("blocks"));
        let button = found
            .into_iter()
            .find(|button| button.label == label)
            .ok_or_else(nothing)?;
        let delivered = self.workspace.change(|state, now| {
            let payload = payloads::home_click(state, &home, &button, now);
            state
                .send("interactive", &payload, false)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        self.acknowledgement(delivered).await.map(|_| ())
    }

    /// Uses a message shortcut.
    ///
    /// # Errors
    /// When the app has none of that name, or nobody acknowledges.
    pub async fn shortcut(&self, on: &Message, callback: &str) -> Result<(), ActError> {
        let base = self.workspace.address().to_string();
        let delivered = self.workspace.change(|state, now| {
            if !state.manifest.shortcuts.contains(callback) {
                return Err(ActError::NoSuchThing(format!("no shortcut {callback}")));
            }
            let payload = payloads::shortcut(state, &self.id, on, callback, &base, now);
            state
                .send("interactive", &payload, false)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        self.acknowledgement(delivered).await.map(|_| ())
    }

    /// Fills in a form and submits it; fields that are not named keep what they were opened with.
    ///
    /// # Errors
    /// When something required is empty, or nobody acknowledges.
    pub async fn submits(&self, open: &OpenView, fields: &[(&str, Fill<'_>)]) -> Result<Submitted, ActError> {
        let mut values = json!({});
        for block in open.view["blocks"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|block| block["type"] == "input")
        {
            let id = block["block_id"].as_str().unwrap_or_default();
            let filled = fields.iter().find(|(field, _)| *field == id).map(|(_, fill)| *fill);
            let element = element(&block["element"], filled);
            let filled_in = ["value", "selected_option", "selected_user"];
            let is_empty = filled_in.iter().all(|field| element[*field].is_null());
            if is_empty && block["optional"] != true {
                return Err(ActError::Incomplete(format!(
                    "Please complete this required field: {id}"
                )));
            }
            let action = block["element"]["action_id"].as_str().unwrap_or_default();
            values[id] = json!({action: element});
        }
        let delivered = self.workspace.change(|state, now| {
            let payload = payloads::submission(state, &self.id, open, &values, now);
            state
                .send("interactive", &payload, true)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        let answer = self.acknowledgement(delivered).await?.unwrap_or_default();
        if answer["response_action"] == "errors" {
            let errors = serde_json::from_value(answer["errors"].clone()).unwrap_or_default();
            return Ok(Submitted::Errors(errors));
        }
        self.workspace
            .change(|state, _| state.views.retain(|view| view.id != open.id));
        Ok(Submitted::Closed)
    }

    /// Puts an emoji on a message.
    ///
    /// # Errors
    /// When nobody acknowledges.
    pub async fn reacts(&self, to: &Message, emoji: &str) -> Result<(), ActError> {
        let delivered = self.workspace.change(|state, now| {
            state.did(&self.id, &to.channel, format!("reacts :{emoji}:"), now);
            events::reacted(state, &self.id, to, emoji, now)
        });
        match delivered {
            Some(delivered) => self.acknowledgement(delivered).await.map(|_| ()),
            None => Ok(()),
        }
    }

    async fn writes(&self, channel: &str, thread: Option<String>, text: &str) -> Result<Message, ActError> {
        let (message, sent) = self.workspace.change(|state, now| {
            let message = Message {
                channel: channel.to_owned(),
                ts: state.next_ts(now),
                thread,
                user: self.id.clone(),
                text: escaped(state, text),
                blocks: None,
                edited: false,
                only_to: None,
                metadata: None,
                ..Message::default()
            };
            let message = state.show(message, now);
            let sent = events::message(state, &message, now);
            (message, sent)
        });
        for delivered in sent {
            self.acknowledgement(delivered).await?;
        }
        Ok(message)
    }

    async fn acknowledgement(&self, delivered: Delivered) -> Result<Option<Value>, ActError> {
        if let Ok(Ok(payload)) = tokio::time::timeout(PATIENCE, delivered.acknowledged).await {
            return Ok(payload);
        }
        let id = delivered.id;
        self.workspace
            .change(|state, _| state.complain(format!("{id} was not acknowledged within 3 s")));
        Err(ActError::Unanswered)
    }

    fn conversation(&self, state: &mut State, words: &str) -> String {
        if words.starts_with('@') {
            return state.direct(&self.id);
        }
        state
            .channel(words)
            .map_or_else(|| words.to_owned(), |channel| channel.id.clone())
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

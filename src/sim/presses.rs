//! Buttons, menus and pickers: on messages, on forms, on the Home tab.

use serde_json::Value;

use super::message::Message;
use super::payloads;
use super::person::{ActError, Person};
use super::render::{self, Button};
use super::socket::Unconnected;
use super::state::OpenView;

/// Where something is pressed.
#[derive(Debug, Clone, Copy)]
pub enum Surface<'a> {
    /// On a message.
    Message(&'a Message),
    /// On a form, or on the Home tab.
    View(&'a OpenView),
}

impl Surface<'_> {
    fn blocks(self) -> Option<Value> {
        match self {
            Self::Message(message) => message.blocks.clone(),
            Self::View(open) => open.view.get("blocks").cloned(),
        }
    }
}

/// What is pressed or chosen, named by its ids.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// The block it is in.
    pub block_id: &'a str,
    /// The button, menu or picker.
    pub action_id: &'a str,
    /// What was chosen, in Slack's words: `{"selected_option": {…}}`; an empty object for a button.
    pub chosen: &'a Value,
    /// What the inputs beside it hold, by block and action.
    pub values: &'a Value,
}

impl Person {
    /// Presses a button, by its label.
    ///
    /// # Errors
    /// When there is none, or nobody acknowledges.
    pub async fn clicks(&self, on: &Message, label: &str) -> Result<(), ActError> {
        let current = self.workspace.message(&on.channel, &on.ts);
        self.clicks_as_seen(current.as_ref().unwrap_or(on), label).await
    }

    /// Presses a button of a message as it looked before: it has changed in the meantime, and the press was faster.
    ///
    /// # Errors
    /// When there is none, or nobody acknowledges.
    pub async fn clicks_as_seen(&self, on: &Message, label: &str) -> Result<(), ActError> {
        self.presses(Surface::Message(on), label).await
    }

    /// Presses a button on their Home tab, by its label.
    ///
    /// # Errors
    /// When there is none, or nobody acknowledges.
    pub async fn clicks_home(&self, label: &str) -> Result<(), ActError> {
        let nothing = || ActError::NoSuchThing(format!("no button {label} on the Home tab"));
        let home = self.workspace.home(self).ok_or_else(nothing)?;
        self.presses(Surface::View(&home), label).await
    }

    /// Presses or chooses something, by its ids.
    ///
    /// # Errors
    /// When there is no such thing, or nobody acknowledges.
    pub async fn chooses(&self, on: Surface<'_>, choice: &Choice<'_>) -> Result<(), ActError> {
        let blocks = on.blocks();
        let found = render::element(blocks.as_ref(), choice.block_id, choice.action_id);
        let mut button = found.ok_or_else(|| ActError::NoSuchThing(format!("nothing called {}", choice.action_id)))?;
        for (field, value) in choice.chosen.as_object().into_iter().flatten() {
            if field.starts_with("selected_") || (field == "value" && button.element["type"] != "button") {
                button.element[field] = value.clone();
            }
        }
        self.sends_press(on, &button, choice.values).await
    }

    async fn presses(&self, on: Surface<'_>, label: &str) -> Result<(), ActError> {
        let buttons = render::buttons(on.blocks().as_ref());
        let Some(button) = buttons.iter().find(|button| button.label == label) else {
            let labels: Vec<&str> = buttons.iter().map(|button| button.label.as_str()).collect();
            return Err(ActError::NoSuchThing(format!(
                "no button {label}, only {}",
                labels.join(", ")
            )));
        };
        self.sends_press(on, button, &serde_json::json!({})).await
    }

    async fn sends_press(&self, on: Surface<'_>, button: &Button, values: &Value) -> Result<(), ActError> {
        let base = self.workspace.address().to_string();
        let delivered = self.workspace.change(|state, now| {
            if !state.manifest.interactive {
                return Err(ActError::NoSuchThing("the app is not interactive".to_owned()));
            }
            let payload = match on {
                Surface::Message(message) => {
                    state.did(&self.id, &message.channel, format!("presses [{}]", button.label), now);
                    payloads::click(state, &self.id, message, button, values, &base, now)
                }
                Surface::View(open) => payloads::view_click(state, open, button, values, now),
            };
            state
                .send("interactive", &payload, false)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        self.acknowledgement(delivered).await.map(|_| ())
    }
}

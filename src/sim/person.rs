//! Somebody at their keyboard. Everything returns once the bot has acknowledged; what follows from it comes later.

use serde_json::Value;

use super::events;
use super::manifest::Escape;
use super::markup::{escaped, literal};
use super::message::Message;
use super::payloads;
use super::socket::{Delivered, PATIENCE, Unconnected};
use super::state::{BOT_USER, State};
use super::workspace::Workspace;

/// A member of the workspace; cheap to clone.
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) workspace: Workspace,
    pub(super) id: String,
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
            let known = state.manifest.commands.iter().find(|known| known.command == command);
            let Some(escape) = known.map(|known| known.escape) else {
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
            let blocks = payload.get("blocks").map(super::blocks::named);
            if let Some(Err(wrong)) = blocks.as_ref().map(super::blocks::check_message) {
                state.complain(format!(
                    "an answer to {command} has blocks Slack refuses: {}",
                    wrong.join("; ")
                ));
            }
            let message = Message {
                channel: channel.clone(),
                ts: state.next_ts(now),
                user: BOT_USER.to_owned(),
                text: payload["text"].as_str().unwrap_or_default().to_owned(),
                blocks,
                only_to,
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

    /// Uses a message shortcut.
    ///
    /// # Errors
    /// When the app has none of that name, or nobody acknowledges.
    pub async fn shortcut(&self, on: &Message, callback: &str) -> Result<(), ActError> {
        let base = self.workspace.address().to_string();
        let delivered = self.workspace.change(|state, now| {
            let known = state.manifest.shortcuts.iter();
            if !known.into_iter().any(|known| known.callback_id == callback) {
                return Err(ActError::NoSuchThing(format!("no shortcut {callback}")));
            }
            let payload = payloads::shortcut(state, &self.id, on, callback, &base, now);
            state
                .send("interactive", &payload, false)
                .map_err(|Unconnected| ActError::NoConnection)
        })?;
        self.acknowledgement(delivered).await.map(|_| ())
    }

    /// Puts an emoji on a message, or takes it away again.
    ///
    /// # Errors
    /// When nobody acknowledges.
    pub async fn reacts(&self, to: &Message, emoji: &str) -> Result<(), ActError> {
        let delivered = self.workspace.change(|state, now| {
            if !state.react(&self.id, &to.channel, &to.ts, emoji) {
                return None;
            }
            state.did(&self.id, &to.channel, format!("reacts :{emoji}:"), now);
            events::reacted(state, &self.id, to, emoji, now)
        });
        match delivered {
            Some(delivered) => self.acknowledgement(delivered).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Deletes a message, as an administrator of the workspace can; its replies stay.
    ///
    /// # Errors
    /// When nobody acknowledges.
    pub async fn deletes(&self, message: &Message) -> Result<(), ActError> {
        let delivered = self.workspace.change(|state, now| {
            state.delete(&message.channel, &message.ts);
            state.did(&self.id, &message.channel, "deletes a message".to_owned(), now);
            events::message_deleted(state, message, now)
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

    pub(super) async fn acknowledgement(&self, delivered: Delivered) -> Result<Option<Value>, ActError> {
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

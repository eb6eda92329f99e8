//! A message, as it can be seen, and what hangs on it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::render;

/// An emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Its name, without colons.
    pub emoji: String,
    /// The ids of those who put it there.
    pub users: Vec<String>,
}

/// A message as it looks now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its conversation.
    pub channel: String,
    /// Its id.
    pub ts: String,
    /// The message whose thread it is in.
    pub thread: Option<String>,
    /// Who wrote it.
    pub user: String,
    /// What it says, in Slack's markup.
    pub text: String,
    /// Its blocks.
    pub blocks: Option<Value>,
    /// Whether it was changed.
    pub edited: bool,
    /// The one person who sees it.
    pub only_to: Option<String>,
    /// What the author hid in it.
    pub metadata: Option<Value>,
    /// What a program attached to it, in Slack's old form.
    pub attachments: Option<Value>,
    /// The emoji under it.
    pub reactions: Vec<Reaction>,
    /// What is shared with it.
    pub files: Vec<File>,
    /// What a person reads: names instead of ids, buttons in brackets.
    #[serde(skip)]
    pub reads: String,
    /// Grows with every change of any message: which ones are news.
    #[serde(skip)]
    pub revision: u64,
}

impl Message {
    /// The labels of its buttons.
    pub fn buttons(&self) -> Vec<String> {
        render::buttons(self.blocks.as_ref())
            .into_iter()
            .map(|button| button.label)
            .collect()
    }

    /// Ids of people and groups, `channel` and `here`, that it notifies.
    pub fn notifies(&self) -> Vec<String> {
        render::mentions(&self.text, self.blocks.as_ref())
    }
}

/// A shared file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id.
    pub id: String,
    /// Under which name it is saved.
    pub name: String,
    /// What it is called in the channel.
    pub title: String,
    /// What is in it.
    pub content: String,
}

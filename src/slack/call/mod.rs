//! What can be sent to Slack, as finished JSON: rendered when it was decided, stored, and delivered later.
//!
//! A [`Call`] is a row of the outbox, so its serialised form is a promise: the tags are Slack's method names, fields are
//! only ever added with a default. Deliberately absent: tokens (they belong to [`super::web`]), the id under which the
//! outbox knows the call (given at delivery, it becomes message metadata), and every way to build blocks (that is
//! `view`'s).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::secret::ResponseUrl;

/// One thing to do in Slack.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "method")]
pub enum Call {
    /// A new message.
    #[serde(rename = "chat.postMessage")]
    PostMessage {
        /// Id of a channel or of a conversation; the id of a person opens the conversation with them.
        channel: String,
        /// `ts` of the message whose thread it goes to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<String>,
        /// Whether a message in a thread is also shown in the channel.
        #[serde(default)]
        broadcast: bool,
        /// What it says.
        message: Message,
    },
    /// Another text for a message of ours.
    #[serde(rename = "chat.update")]
    UpdateMessage {
        /// Id of the conversation it is in, as the [`Receipt`] gave it; a person's id does not work here.
        channel: String,
        /// Which message.
        ts: String,
        /// What it says from now on; without blocks, its buttons are gone.
        message: Message,
    },
    /// A message that one person sees until they reload.
    #[serde(rename = "chat.postEphemeral")]
    PostEphemeral {
        /// Id of the channel; the bot and the person have to be in it.
        channel: String,
        /// Who sees it.
        user: String,
        /// `ts` of the message whose thread it is shown in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<String>,
        /// What it says.
        message: Message,
    },
    /// An answer, seen by the person who asked, also where the bot may not post.
    #[serde(rename = "respond")]
    Respond {
        /// Where Slack takes the answer.
        url: ResponseUrl,
        /// What becomes of the message that was clicked.
        replace: Replace,
        /// What it says.
        message: Message,
    },
    /// A form or another modal.
    #[serde(rename = "views.open")]
    OpenView {
        /// The press that allows it; good for three seconds, once.
        trigger: String,
        /// The view.
        view: Value,
    },
    /// Another content for an open modal.
    #[serde(rename = "views.update")]
    UpdateView {
        /// Which one.
        view_id: String,
        /// The state it was drawn for; Slack refuses with `hash_conflict` if the view is newer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hash: Option<String>,
        /// The view.
        view: Value,
    },
    /// Who is in a user group; replaces everybody in it.
    #[serde(rename = "usergroups.users.update")]
    SetGroup {
        /// Which.
        group: String,
        /// Who; never nobody, which Slack refuses.
        users: Vec<String>,
    },
    /// A file in a conversation. Slack takes it in three steps, of which only the last shows anything.
    #[serde(rename = "files.completeUploadExternal")]
    ShareFile {
        /// Id of a channel or of a conversation; the id of a person opens the conversation with them.
        channel: String,
        /// What is shared.
        file: SharedFile,
        /// What is said about it, in Slack's markup.
        comment: String,
    },
    /// A new public channel.
    #[serde(rename = "conversations.create")]
    CreateChannel {
        /// Its name: lower-case letters, digits, hyphens and underscores, at most 80 of them.
        name: String,
    },
    /// Somebody comes into a channel.
    #[serde(rename = "conversations.invite")]
    Invite {
        /// Id of the channel; the bot has to be in it.
        channel: String,
        /// Who.
        user: String,
    },
    /// What a channel is about.
    #[serde(rename = "conversations.setTopic")]
    SetTopic {
        /// Id of the channel.
        channel: String,
        /// At most 250 characters; nothing in it is markup.
        topic: String,
    },
    /// A message that is found at the top of its channel.
    #[serde(rename = "pins.add")]
    Pin {
        /// Id of the channel.
        channel: String,
        /// Which message.
        ts: String,
    },
    /// A link that is found at the top of a channel.
    #[serde(rename = "bookmarks.add")]
    AddBookmark {
        /// Id of the channel.
        channel: String,
        /// What it is called.
        title: String,
        /// Where it leads.
        link: String,
    },
    /// What a message says: asked, to be kept.
    #[serde(rename = "conversations.replies")]
    ReadMessage {
        /// Id of the conversation.
        channel: String,
        /// Which message, in a thread or not.
        ts: String,
    },
    /// Somebody's Home tab.
    #[serde(rename = "views.publish")]
    PublishHome {
        /// Whose.
        user: String,
        /// The view.
        view: Value,
    },
}

/// What a message says.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Default)]
pub struct Message {
    /// Everything that matters, in words: notifications and screen readers show only this.
    pub text: String,
    /// How it looks; absent for a plain text message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<Value>>,
}

impl Message {
    /// A message without blocks.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            blocks: None,
        }
    }
}

/// A file of text.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SharedFile {
    /// Under which name it is saved.
    pub name: String,
    /// What it is called in Slack.
    pub title: String,
    /// What is in it.
    pub content: String,
}

/// What an answer does to the message it answers.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Replace {
    /// It takes its place.
    Original,
    /// It is a message of its own.
    Nothing,
}

impl Call {
    /// Slack's name of the method, `respond` for an answer to a response URL; also the key of its rate limit.
    pub fn method(&self) -> &'static str {
        match self {
            Self::PostMessage { .. } => "chat.postMessage",
            Self::UpdateMessage { .. } => "chat.update",
            Self::PostEphemeral { .. } => "chat.postEphemeral",
            Self::Respond { .. } => "respond",
            Self::OpenView { .. } => "views.open",
            Self::UpdateView { .. } => "views.update",
            Self::PublishHome { .. } => "views.publish",
            Self::SetGroup { .. } => "usergroups.users.update",
            Self::ShareFile { .. } => "files.completeUploadExternal",
            Self::CreateChannel { .. } => "conversations.create",
            Self::Invite { .. } => "conversations.invite",
            Self::SetTopic { .. } => "conversations.setTopic",
            Self::Pin { .. } => "pins.add",
            Self::AddBookmark { .. } => "bookmarks.add",
            Self::ReadMessage { .. } => "conversations.replies",
        }
    }

    /// The conversation it writes to, where it names one; the key of Slack's limit of a message per second.
    pub fn channel(&self) -> Option<&str> {
        match self {
            Self::PostMessage { channel, .. }
            | Self::UpdateMessage { channel, .. }
            | Self::PostEphemeral { channel, .. }
            | Self::ShareFile { channel, .. } => Some(channel),
            Self::Respond { .. }
            | Self::OpenView { .. }
            | Self::UpdateView { .. }
            | Self::SetGroup { .. }
            | Self::CreateChannel { .. }
            | Self::Invite { .. }
            | Self::SetTopic { .. }
            | Self::Pin { .. }
            | Self::AddBookmark { .. }
            | Self::ReadMessage { .. }
            | Self::PublishHome { .. } => None,
        }
    }

    /// The same in plain text, for when Slack answers `invalid_blocks`: a page must not be lost to its looks.
    ///
    /// `None` when there is nothing plainer: no blocks, or a view.
    pub fn plain(&self) -> Option<Self> {
        let mut plain = self.clone();
        match &mut plain {
            Self::PostMessage { message, .. }
            | Self::UpdateMessage { message, .. }
            | Self::PostEphemeral { message, .. }
            | Self::Respond { message, .. } => message.blocks.take().map(|_| plain),
            Self::OpenView { .. }
            | Self::UpdateView { .. }
            | Self::SetGroup { .. }
            | Self::ShareFile { .. }
            | Self::CreateChannel { .. }
            | Self::Invite { .. }
            | Self::SetTopic { .. }
            | Self::Pin { .. }
            | Self::AddBookmark { .. }
            | Self::ReadMessage { .. }
            | Self::PublishHome { .. } => None,
        }
    }

    /// What doing it a second time does, should the first have happened unnoticed.
    pub fn repetition(&self) -> Repetition {
        match self {
            Self::PostMessage { .. }
            | Self::PostEphemeral { .. }
            | Self::ShareFile { .. }
            | Self::CreateChannel { .. }
            | Self::AddBookmark { .. }
            | Self::Respond {
                replace: Replace::Nothing,
                ..
            } => Repetition::Doubles,
            Self::UpdateMessage { .. }
            | Self::Respond {
                replace: Replace::Original,
                ..
            }
            | Self::OpenView { .. }
            | Self::UpdateView { .. }
            | Self::SetGroup { .. }
            | Self::Invite { .. }
            | Self::SetTopic { .. }
            | Self::Pin { .. }
            | Self::ReadMessage { .. }
            | Self::PublishHome { .. } => Repetition::Harmless,
        }
    }
}

/// What it means to send a call again without knowing whether it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// The same state again, or a refusal that says so.
    Harmless,
    /// A second message.
    Doubles,
}

/// Where a message ended up; the two together are its id.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt {
    /// Id of the conversation, also when a person's id was written to.
    pub channel: String,
    /// When, and which: a string, because as a number it loses digits.
    pub ts: String,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub ts: String,
    /// The message whose thread it is in.
    pub thread: Option<String>,
    /// Who wrote it; none for a program.
    pub author: Option<String>,
    /// What, in Slack's markup.
    pub text: String,
    /// Where it can be looked at, if Slack told us.
    pub link: Option<String>,
}

/// What Slack made of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is so; for a message, with its place if Slack told us.
    Done(Option<Receipt>),
    /// What was asked for.
    Read(Found),
    /// Too fast: nothing was done, and this method rests for so long. Other methods may go on.
    Wait {
        /// How long, from now.
        until: Duration,
    },
    /// It did not happen, or doing it again does no harm: send it again after a pause.
    Again {
        /// What went wrong, in words that carry no content.
        why: String,
    },
    /// It may have happened: look for it before it is sent again ([`super::Web::find_posted`]).
    Unknown {
        /// What went wrong, in words that carry no content.
        why: String,
    },
    /// Slack will not do this, however often it is asked.
    Refused {
        /// Slack's code, such as `channel_not_found`; `http_404` and the like where there was none.
        code: String,
        /// What Slack said beside it: pointers into blocks, needed and provided scopes.
        detail: Vec<String>,
    },
    /// The bot's token, or what it may do, is the trouble: every other call will fail too until the operator acts.
    Unauthorized {
        /// Slack's code, such as `token_revoked`.
        code: String,
    },
}

#[cfg(test)]
mod tests;

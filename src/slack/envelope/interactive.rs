//! Presses, picks, forms and shortcuts: everything in an `interactive` envelope, told apart by the payload's own type.
//!
//! `user_team` is the workspace of the person, `team` the one it happened in: in a shared channel they differ, and whether
//! a stranger may do this is for others to decide.

use serde::Deserialize;
use serde_json::Value;

use super::Inbound;
use super::fields::{Conversation, Id, Person};
use super::view::{Element, ViewRef};
use crate::slack::lenient::{filled, lenient, whole};
use crate::slack::secret::ResponseUrl;

/// A button was pressed or something was picked. Slack can send several at once, but no surface makes it: the first counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Who.
    pub user: String,
    /// The workspace they belong to.
    pub user_team: Option<String>,
    /// The workspace it happened in.
    pub team: Option<String>,
    /// The message it is in; `None` in a view.
    pub place: Option<MessagePlace>,
    /// The view it is in; `None` in a message.
    pub view: Option<ViewRef>,
    /// Opens one view within three seconds, and identifies this press.
    pub trigger: String,
    /// Where an answer may go; absent in a view.
    pub response_url: Option<ResponseUrl>,
    /// Our name for the element (`action_id`).
    pub action: String,
    /// Our name for its block (`block_id`).
    pub block: String,
    /// What the button carries, or what was picked; `None` when nothing or several things are picked.
    pub value: Option<String>,
}

/// Where a message with a button is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePlace {
    /// Id of its conversation.
    pub channel: String,
    /// Which message.
    pub ts: String,
    /// `ts` of the message that began the thread it is in.
    pub thread: Option<String>,
    /// Whether only one person sees it; then it can be changed through the response URL only.
    pub ephemeral: bool,
}

/// A form was submitted; mistakes go into the acknowledgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Who.
    pub user: String,
    /// The workspace they belong to.
    pub user_team: Option<String>,
    /// The form, filled in.
    pub view: ViewRef,
    /// Identifies this press.
    pub trigger: String,
}

/// A form was closed without submitting it.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewClosed {
    /// Who.
    pub user: String,
    /// The workspace they belong to.
    pub user_team: Option<String>,
    /// The form.
    pub view: ViewRef,
}

/// A global shortcut: somebody wants something, we know not where.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcut {
    /// Our name for it.
    pub callback: String,
    /// Who.
    pub user: String,
    /// The workspace they belong to.
    pub user_team: Option<String>,
    /// Opens one view within three seconds, and identifies this press.
    pub trigger: String,
}

/// A shortcut on a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageShortcut {
    /// Our name for it.
    pub callback: String,
    /// Who.
    pub user: String,
    /// The workspace they belong to.
    pub user_team: Option<String>,
    /// The workspace it happened in.
    pub team: Option<String>,
    /// Where the message is; perhaps a private channel the bot is not in.
    pub channel: String,
    /// Its name.
    pub channel_name: String,
    /// The message.
    pub message: QuotedMessage,
    /// Opens one view within three seconds, and identifies this press.
    pub trigger: String,
    /// Where an answer may go.
    pub response_url: ResponseUrl,
}

/// The message a shortcut was used on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedMessage {
    /// Which message.
    pub ts: String,
    /// `ts` of the message that began the thread it is in.
    pub thread: Option<String>,
    /// Who wrote it; `None` for a bot or a system message.
    pub author: Option<String>,
    /// What it says, in Slack's markup.
    pub text: String,
}

/// Somebody types in a select that asks us for its options.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Who.
    pub user: String,
    /// The workspace they belong to.
    pub user_team: Option<String>,
    /// Our name for the select (`action_id`).
    pub action: String,
    /// Our name for its block (`block_id`).
    pub block: String,
    /// What is typed so far.
    pub typed: String,
    /// The view it is in; `None` in a message.
    pub view: Option<ViewRef>,
}

/// All the fields of all the kinds; each kind has some of them.
#[derive(Deserialize, Default)]
struct Payload {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: String,
    #[serde(default, deserialize_with = "lenient")]
    user: Person,
    #[serde(default, deserialize_with = "lenient")]
    team: Id,
    #[serde(default, deserialize_with = "lenient")]
    channel: Conversation,
    #[serde(default, deserialize_with = "lenient")]
    container: Container,
    #[serde(default, deserialize_with = "lenient")]
    message: Option<SlackMessage>,
    #[serde(default, deserialize_with = "lenient")]
    message_ts: String,
    #[serde(default, deserialize_with = "lenient")]
    view: Option<ViewRef>,
    #[serde(default, deserialize_with = "lenient")]
    actions: Vec<Value>,
    #[serde(default, deserialize_with = "lenient")]
    trigger_id: String,
    #[serde(default, deserialize_with = "lenient")]
    response_url: String,
    #[serde(default, deserialize_with = "lenient")]
    callback_id: String,
    #[serde(default, deserialize_with = "lenient")]
    action_id: String,
    #[serde(default, deserialize_with = "lenient")]
    block_id: String,
    #[serde(default, deserialize_with = "lenient")]
    value: String,
}

#[derive(Deserialize, Default)]
struct Container {
    #[serde(default, deserialize_with = "lenient")]
    channel_id: String,
    #[serde(default, deserialize_with = "lenient")]
    message_ts: String,
    #[serde(default, deserialize_with = "lenient")]
    thread_ts: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    is_ephemeral: bool,
    #[serde(default, deserialize_with = "lenient")]
    view_id: String,
}

#[derive(Deserialize, Default)]
struct SlackMessage {
    #[serde(default, deserialize_with = "lenient")]
    ts: String,
    #[serde(default, deserialize_with = "lenient")]
    thread_ts: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    user: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    bot_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: String,
}

#[derive(Deserialize, Default)]
struct Named {
    #[serde(default, deserialize_with = "lenient")]
    action_id: String,
    #[serde(default, deserialize_with = "lenient")]
    block_id: String,
}

/// What it is; `Err` is the name of what we cannot use.
pub(super) fn read(payload: Value) -> Result<Inbound, String> {
    let payload: Payload = whole(payload);
    let kind = format!("interactive/{}", payload.kind);
    let inbound = match payload.kind.as_str() {
        _ if payload.user.id.is_empty() => None,
        "block_actions" => action(payload).map(Inbound::Action),
        "view_submission" => submission(payload).map(Inbound::Submission),
        "view_closed" => closed(payload).map(Inbound::Closed),
        "shortcut" => Some(Inbound::Shortcut(shortcut(payload))),
        "message_action" => message_shortcut(payload).map(Inbound::MessageShortcut),
        "block_suggestion" => Some(Inbound::Suggestion(suggestion(payload))),
        _ => None,
    };
    inbound.ok_or(kind)
}

fn action(payload: Payload) -> Option<Action> {
    let first = payload.actions.into_iter().next()?;
    let named: Named = whole(first.clone());
    let message = payload.message.unwrap_or_default();
    let channel = filled(payload.container.channel_id).or_else(|| filled(payload.channel.id));
    let ts = filled(payload.container.message_ts).or_else(|| filled(message.ts));
    let place = channel.zip(ts).map(|(channel, ts)| MessagePlace {
        channel,
        ts,
        thread: payload.container.thread_ts.or(message.thread_ts),
        ephemeral: payload.container.is_ephemeral,
    });
    let mut view = payload.view;
    if let Some(view) = &mut view
        && view.id.is_empty()
    {
        view.id = payload.container.view_id;
    }
    Some(Action {
        user: payload.user.id,
        user_team: payload.user.team_id,
        team: filled(payload.team.0),
        place,
        view,
        trigger: payload.trigger_id,
        response_url: filled(payload.response_url).map(ResponseUrl::new),
        action: named.action_id,
        block: named.block_id,
        value: whole::<Element>(first).single(),
    })
}

fn submission(payload: Payload) -> Option<Submission> {
    Some(Submission {
        user: payload.user.id,
        user_team: payload.user.team_id,
        view: payload.view?,
        trigger: payload.trigger_id,
    })
}

fn closed(payload: Payload) -> Option<ViewClosed> {
    Some(ViewClosed {
        user: payload.user.id,
        user_team: payload.user.team_id,
        view: payload.view?,
    })
}

fn shortcut(payload: Payload) -> Shortcut {
    Shortcut {
        callback: payload.callback_id,
        user: payload.user.id,
        user_team: payload.user.team_id,
        trigger: payload.trigger_id,
    }
}

fn message_shortcut(payload: Payload) -> Option<MessageShortcut> {
    let message = payload.message?;
    Some(MessageShortcut {
        callback: payload.callback_id,
        user: payload.user.id,
        user_team: payload.user.team_id,
        team: filled(payload.team.0),
        channel: filled(payload.channel.id)?,
        channel_name: payload.channel.name,
        message: QuotedMessage {
            ts: filled(message.ts).or_else(|| filled(payload.message_ts))?,
            thread: message.thread_ts,
            author: if message.bot_id.is_some() { None } else { message.user },
            text: message.text,
        },
        trigger: payload.trigger_id,
        response_url: ResponseUrl::new(payload.response_url),
    })
}

fn suggestion(payload: Payload) -> Suggestion {
    Suggestion {
        user: payload.user.id,
        user_team: payload.user.team_id,
        action: payload.action_id,
        block: payload.block_id,
        typed: payload.value,
        view: payload.view,
    }
}

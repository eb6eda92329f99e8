//! Messages: posted, changed, shown to one person, answered by URL.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Outcome, Refusal};
use crate::sim::arguments::word;
use crate::sim::blocks::{self, TEXT};
use crate::sim::events;
use crate::sim::message::Message;
use crate::sim::state::{BOT_USER, ChannelKind, State};
use crate::sim::workspace::RateLimits;

/// How often and how long a response URL works.
const URL_USES: u32 = 5;
const URL_LASTS: TimeDelta = TimeDelta::minutes(30);
/// How many messages a channel takes in one second before Slack says stop.
const BURST: usize = 6;

pub(super) fn post(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let channel = conversation(state, word(arguments, "channel"))?;
    content(arguments)?;
    if state.rate_limits == RateLimits::Enforced {
        let posts = state.posts.entry(channel.clone()).or_default();
        posts.retain(|at| now - *at < TimeDelta::seconds(1));
        if posts.len() >= BURST {
            state.complain("more messages a second than a channel takes");
            return Err("ratelimited".into());
        }
        posts.push(now);
    }
    let thread = Some(word(arguments, "thread_ts")).filter(|thread| !thread.is_empty());
    if let Some(thread) = thread {
        let parent = state
            .messages
            .iter()
            .rev()
            .find(|it| it.channel == channel && it.ts == thread && it.only_to.is_none());
        parent.ok_or_else(|| Refusal::from("thread_not_found"))?;
    }
    let message = Message {
        ts: state.next_ts(now),
        thread: thread.map(str::to_owned),
        metadata: arguments.get("metadata").cloned(),
        ..bots(channel, arguments)
    };
    let message = state.show(message, now);
    events::message(state, &message, now);
    Ok(json!({"channel": message.channel, "ts": message.ts, "message": wire(&message)}))
}

pub(super) fn update(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let channel = word(arguments, "channel");
    if !state.channels.contains_key(channel) {
        return Err("channel_not_found".into());
    }
    if state.channels.get(channel).is_some_and(|channel| channel.archived) {
        return Err("is_archived".into());
    }
    content(arguments)?;
    let ts = word(arguments, "ts");
    let found = state
        .messages
        .iter()
        .rposition(|it| it.channel == channel && it.ts == ts && it.only_to.is_none());
    let index = found.ok_or_else(|| Refusal::from("message_not_found"))?;
    if state.messages[index].user != BOT_USER {
        return Err("cant_update_message".into());
    }
    state.edit(index, word(arguments, "text").to_owned(), given_blocks(arguments), now);
    let text = word(arguments, "text");
    Ok(json!({"channel": channel, "ts": ts, "text": text, "message": wire(&state.messages[index])}))
}

pub(super) fn post_ephemeral(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let channel = conversation(state, word(arguments, "channel"))?;
    content(arguments)?;
    let user = word(arguments, "user").to_owned();
    if !state
        .channels
        .get(&channel)
        .is_some_and(|channel| channel.members.contains(&user))
    {
        return Err("user_not_in_channel".into());
    }
    let thread = Some(word(arguments, "thread_ts"))
        .filter(|thread| !thread.is_empty())
        .map(str::to_owned);
    let message = Message {
        ts: state.next_ts(now),
        thread,
        only_to: Some(user),
        ..bots(channel, arguments)
    };
    let message = state.show(message, now);
    Ok(json!({"message_ts": message.ts}))
}

/// An answer to a response URL.
pub(crate) fn respond(state: &mut State, id: &str, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let known = [
        "text",
        "blocks",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
    ];
    if let Some(unknown) = arguments
        .as_object()
        .and_then(|given| given.keys().find(|key| !known.contains(&key.as_str())))
    {
        state.complain(format!("a response URL has no argument {unknown}"));
        return Err("invalid_payload".into());
    }
    let Some(url) = state
        .urls
        .get_mut(id)
        .filter(|url| url.uses < URL_USES && now - url.at <= URL_LASTS)
    else {
        return Err("used_url".into());
    };
    url.uses += 1;
    let url = url.clone();
    content(arguments)?;
    let original = state
        .messages
        .iter()
        .rposition(|it| Some(&it.ts) == url.message.as_ref() && it.channel == url.channel);
    if let Some(index) = original.filter(|_| arguments["replace_original"] == true) {
        state.edit(index, word(arguments, "text").to_owned(), given_blocks(arguments), now);
    } else {
        let only_to = (word(arguments, "response_type") != "in_channel").then(|| url.user.clone());
        let message = Message {
            ts: state.next_ts(now),
            thread: url.thread,
            only_to,
            ..bots(url.channel, arguments)
        };
        state.show(message, now);
    }
    Ok(json!({}))
}

/// The conversation that may be posted to; a person's id opens theirs.
pub(super) fn conversation(state: &mut State, id: &str) -> Result<String, Refusal> {
    if id.starts_with(['U', 'W']) {
        return match state.users.get(id) {
            None => Err("channel_not_found".into()),
            Some(user) if user.deleted => Err("channel_not_found".into()),
            Some(_) if id == BOT_USER => Err("channel_not_found".into()),
            Some(_) => Ok(state.direct(id)),
        };
    }
    let channel = state
        .channels
        .get(id)
        .ok_or_else(|| Refusal::from("channel_not_found"))?;
    let member = channel.members.iter().any(|member| member == BOT_USER);
    match (member, channel.kind) {
        _ if channel.archived => Err("is_archived".into()),
        (false, ChannelKind::Private) => Err("channel_not_found".into()),
        (false, _) => Err("not_in_channel".into()),
        (true, _) => Ok(id.to_owned()),
    }
}

/// Checks what is said.
fn content(arguments: &Value) -> Result<(), Refusal> {
    let text = word(arguments, "text");
    let blocks = arguments.get("blocks");
    if text.trim().is_empty() && blocks.is_none() {
        return Err("no_text".into());
    }
    if text.encode_utf16().count() > TEXT {
        return Err("msg_too_long".into());
    }
    if blocks.is_some_and(Value::is_string) {
        return Err("invalid_blocks_format".into());
    }
    if let Some(blocks) = blocks {
        blocks::check_message(blocks).map_err(|messages| Refusal {
            messages,
            ..Refusal::from("invalid_blocks")
        })?;
    }
    Ok(())
}

fn given_blocks(arguments: &Value) -> Option<Value> {
    arguments.get("blocks").map(blocks::named)
}

fn bots(channel: String, arguments: &Value) -> Message {
    Message {
        channel,
        user: BOT_USER.to_owned(),
        text: word(arguments, "text").to_owned(),
        blocks: given_blocks(arguments),
        ..Message::default()
    }
}

/// A message as the API shows it.
pub(super) fn wire(message: &Message) -> Value {
    let mut wire = json!({"type": "message", "ts": message.ts, "user": message.user, "text": message.text});
    if let Some(thread) = &message.thread {
        wire["thread_ts"] = json!(thread);
    }
    if let Some(blocks) = &message.blocks {
        wire["blocks"] = blocks.clone();
    }
    if !message.files.is_empty() {
        let files = message.files.iter();
        wire["files"] = files
            .map(|file| json!({"id": file.id, "name": file.name, "title": file.title}))
            .collect();
    }
    if message.user == BOT_USER {
        wire["bot_id"] = json!(crate::sim::state::BOT_ID);
    }
    wire
}

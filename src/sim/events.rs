//! Events, sent when the app subscribes to them and the bot is there to see.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::message::Message;
use super::socket::Delivered;
use super::state::{APP, BOT_ID, BOT_USER, Channel, ChannelKind, State, TEAM};

/// Something was written. Returns the deliveries its author waits for.
pub(super) fn message(state: &mut State, message: &Message, now: DateTime<Utc>) -> Vec<Delivered> {
    let Some(channel) = state.channels.get(&message.channel) else {
        return Vec::new();
    };
    if !channel.members.iter().any(|member| member == BOT_USER) {
        return Vec::new();
    }
    let (subscription, kind) = match channel.kind {
        ChannelKind::Public => ("message.channels", "channel"),
        ChannelKind::Private => ("message.groups", "group"),
        ChannelKind::Direct => ("message.im", "im"),
    };
    let mut event = json!({
        "type": "message",
        "channel": message.channel,
        "channel_type": kind,
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
    });
    if let Some(thread) = &message.thread {
        event["thread_ts"] = json!(thread);
        let parent = state
            .messages
            .iter()
            .find(|it| it.channel == message.channel && it.ts == *thread);
        event["parent_user_id"] = json!(parent.map(|it| &it.user));
    }
    if message.user == BOT_USER {
        event["bot_id"] = json!(BOT_ID);
    }
    let mut sent = Vec::new();
    sent.extend(send(state, subscription, &event, now));
    if message.user != BOT_USER && kind != "im" && message.text.contains(&format!("<@{BOT_USER}")) {
        event["type"] = json!("app_mention");
        if let Some(event) = event.as_object_mut() {
            event.remove("channel_type");
        }
        sent.extend(send(state, "app_mention", &event, now));
    }
    sent
}

/// Somebody deleted a message.
pub(super) fn message_deleted(state: &mut State, message: &Message, now: DateTime<Utc>) -> Option<Delivered> {
    let channel = state.channels.get(&message.channel)?;
    if !channel.members.iter().any(|member| member == BOT_USER) {
        return None;
    }
    let (subscription, kind) = match channel.kind {
        ChannelKind::Public => ("message.channels", "channel"),
        ChannelKind::Private => ("message.groups", "group"),
        ChannelKind::Direct => ("message.im", "im"),
    };
    let ts = state.next_ts(now);
    let event = json!({
        "type": "message",
        "subtype": "message_deleted",
        "hidden": true,
        "channel": message.channel,
        "channel_type": kind,
        "deleted_ts": message.ts,
        "ts": ts,
        "event_ts": ts,
    });
    send(state, subscription, &event, now)
}

/// A monitor writes something in a channel, as its integration does.
pub(super) fn program_message(
    state: &mut State,
    message: &Message,
    name: &str,
    attachments: &Value,
    now: DateTime<Utc>,
) -> Option<Delivered> {
    let channel = state.channels.get(&message.channel)?;
    if !channel.members.iter().any(|member| member == BOT_USER) {
        return None;
    }
    let event = json!({
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B0MONITOR",
        "username": name,
        "channel": message.channel,
        "channel_type": "channel",
        "text": message.text,
        "attachments": attachments,
        "ts": message.ts,
        "event_ts": message.ts,
    });
    send(state, "message.channels", &event, now)
}

/// Somebody opens the bot's Home tab.
pub(super) fn home_opened(state: &mut State, user: &str, now: DateTime<Utc>) -> Option<Delivered> {
    let channel = state.direct(user);
    let event = json!({
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": "home",
        "event_ts": state.next_ts(now),
    });
    send(state, "app_home_opened", &event, now)
}

/// Somebody reacted.
pub(super) fn reacted(
    state: &mut State,
    user: &str,
    to: &Message,
    emoji: &str,
    now: DateTime<Utc>,
) -> Option<Delivered> {
    let event = json!({
        "type": "reaction_added",
        "user": user,
        "reaction": emoji,
        "item_user": to.user,
        "item": {"type": "message", "channel": to.channel, "ts": to.ts},
        "event_ts": state.next_ts(now),
    });
    send(state, "reaction_added", &event, now)
}

/// What became of a channel; of a private one only who is in it hears.
pub(super) fn channel(state: &mut State, channel: &Channel, how: &str, now: DateTime<Utc>) {
    let is_in = channel.members.iter().any(|member| member == BOT_USER);
    let kind = match channel.kind {
        ChannelKind::Private if !is_in => return,
        ChannelKind::Private => format!("group_{how}"),
        ChannelKind::Public => format!("channel_{how}"),
        ChannelKind::Direct => return,
    };
    let event = json!({"type": kind, "channel": channel.id, "event_ts": state.next_ts(now)});
    drop(send(state, &kind, &event, now));
}

pub(super) fn joined(state: &mut State, channel: &str, now: DateTime<Utc>) {
    let id = state.channel(channel).map(|channel| channel.id.clone());
    let event = json!({"type": "member_joined_channel", "user": BOT_USER, "channel": id, "team": TEAM});
    drop(send(state, "member_joined_channel", &event, now));
}

pub(super) fn user_changed(state: &mut State, user: &str, now: DateTime<Utc>) {
    let deleted = state.users.get(user).is_some_and(|user| user.deleted);
    let event = json!({"type": "user_change", "user": {"id": user, "deleted": deleted}});
    drop(send(state, "user_change", &event, now));
}

fn send(state: &mut State, subscription: &str, event: &Value, now: DateTime<Utc>) -> Option<Delivered> {
    if !state.manifest.events.contains(subscription) {
        return None;
    }
    let payload = json!({
        "token": "verification",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": format!("Ev{:06}", state.next()),
        "event_time": now.timestamp(),
        "authorizations": [{"enterprise_id": null, "team_id": TEAM, "user_id": BOT_USER, "is_bot": true, "is_enterprise_install": false}],
        "is_ext_shared_channel": false,
    });
    state.send("events_api", &payload, false).ok()
}

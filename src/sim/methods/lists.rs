//! Who and what there is, a page at a time, and what was written.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Outcome;
use super::chat::wire;
use crate::sim::arguments::{flag, list, word};
use crate::sim::message::Message;
use crate::sim::state::{BOT_USER, Channel, ChannelKind, OTHER_TEAM, State, TEAM, User};

/// Entries on one page at the most, few enough that everybody has to turn one.
const PAGE: usize = 100;

pub(super) fn users(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let all = state.users.values().map(member).collect();
    page("members", all, arguments)
}

pub(super) fn user(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let user = state.users.get(word(arguments, "user")).ok_or("user_not_found")?;
    Ok(json!({"user": member(user)}))
}

pub(super) fn channels(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let types = word(arguments, "types").to_owned();
    let visible = state.channels.values().filter(|channel| match channel.kind {
        ChannelKind::Public => types.is_empty() || types.contains("public_channel"),
        ChannelKind::Private => types.contains("private_channel") && is_member(channel),
        ChannelKind::Direct => false,
    });
    page("channels", visible.map(shown).collect(), arguments)
}

pub(super) fn channel(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let channel = state
        .channels
        .get(word(arguments, "channel"))
        .ok_or("channel_not_found")?;
    Ok(json!({"channel": shown(channel)}))
}

pub(super) fn open(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let user = word(arguments, "users");
    if !state.users.contains_key(user) {
        return Err("user_not_found".into());
    }
    Ok(json!({"channel": {"id": state.direct(user)}}))
}

pub(super) fn groups(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let all = state.groups.iter().map(|(id, (handle, name, users))| {
        json!({"id": id, "handle": handle, "name": name, "users": users, "date_delete": 0})
    });
    page("usergroups", all.collect(), arguments)
}

/// Replaces everybody in a user group.
pub(super) fn set_group(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let users = list(arguments, "users");
    if users.is_empty() {
        return Err("no_users_provided".into());
    }
    let fits = |id: &String| {
        let user = state.users.get(id);
        user.is_some_and(|user| !user.deleted && !user.new.guest && *id != BOT_USER)
    };
    if !users.iter().all(fits) {
        return Err("invalid_users".into());
    }
    let group = state.groups.get_mut(word(arguments, "usergroup"));
    let (handle, name, members) = group.ok_or("subteam_not_found")?;
    *members = users;
    Ok(json!({"usergroup": {"handle": handle, "name": name, "users": members}}))
}

pub(super) fn history(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    written(state, arguments, |message| message.thread.is_none())
}

pub(super) fn replies(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let thread = word(arguments, "ts").to_owned();
    written(state, arguments, |message| {
        message.thread.as_ref() == Some(&thread) || message.ts == thread
    })
}

fn written(state: &State, arguments: &Value, fits: impl Fn(&Message) -> bool) -> Outcome {
    let channel = state
        .channels
        .get(word(arguments, "channel"))
        .ok_or("channel_not_found")?;
    if !is_member(channel) {
        return Err("not_in_channel".into());
    }
    let oldest: f64 = word(arguments, "oldest").parse().unwrap_or_default();
    let latest: f64 = word(arguments, "latest").parse().unwrap_or(f64::MAX);
    let found = state.messages.iter().rev().filter(|message| {
        message.channel == channel.id
            && message.only_to.is_none()
            && message.ts.parse::<f64>().is_ok_and(|ts| ts >= oldest && ts <= latest)
            && fits(message)
    });
    let all = found.map(|message| {
        let mut shown = wire(message);
        if let Some(metadata) = message
            .metadata
            .as_ref()
            .filter(|_| flag(arguments, "include_all_metadata"))
        {
            shown["metadata"] = metadata.clone();
        }
        shown
    });
    page("messages", all.collect(), arguments)
}

fn page(key: &str, all: Vec<Value>, arguments: &Value) -> Outcome {
    let from = match word(arguments, "cursor") {
        "" => 0,
        cursor => cursor
            .strip_prefix("from:")
            .and_then(|from| from.parse().ok())
            .ok_or("invalid_cursor")?,
    };
    let limit = word(arguments, "limit").parse().unwrap_or(PAGE).clamp(1, PAGE);
    let next = if from + limit < all.len() {
        format!("from:{}", from + limit)
    } else {
        String::new()
    };
    let entries: Vec<Value> = all.into_iter().skip(from).take(limit).collect();
    Ok(json!({key: entries, "response_metadata": {"next_cursor": next}}))
}

fn member(user: &User) -> Value {
    json!({
        "id": user.id,
        "team_id": if user.new.stranger { OTHER_TEAM } else { TEAM },
        "name": user.new.name,
        "real_name": user.new.real_name,
        "deleted": user.deleted,
        "is_restricted": user.new.guest,
        "is_bot": user.id == BOT_USER,
        "tz": user.new.zone,
        "profile": {
            "display_name": user.new.name,
            "real_name": user.new.real_name,
            "email": user.new.email,
        },
    })
}

fn shown(channel: &Channel) -> Value {
    json!({
        "id": channel.id,
        "name": channel.name,
        "is_channel": true,
        "is_private": channel.kind == ChannelKind::Private,
        "is_archived": channel.archived,
        "creator": channel.creator,
        "created": channel.created,
        "topic": {"value": channel.topic},
        "is_member": is_member(channel),
    })
}

fn is_member(channel: &Channel) -> bool {
    channel.members.iter().any(|member| member == BOT_USER)
}

//! Channels that an app opens, and what stands at their top.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Outcome;
use crate::sim::arguments::{flag, list, word};
use crate::sim::state::{BOT_USER, Channel, ChannelKind, State};

/// The longest name, and the longest topic.
const NAME: usize = 80;
const TOPIC: usize = 250;
/// How many links stand at the top of a channel at the most.
const BOOKMARKS: usize = 100;

pub(super) fn create(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let name = word(arguments, "name").to_owned();
    let plain = |c: char| c.is_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if name.is_empty() {
        return Err("invalid_name_required".into());
    }
    if name.chars().count() > NAME {
        return Err("invalid_name_maxlength".into());
    }
    if !name.chars().all(plain) {
        return Err("invalid_name_specials".into());
    }
    // An archived channel keeps its name.
    if state.channels.values().any(|channel| channel.name == name) {
        return Err("name_taken".into());
    }
    let id = format!("C{:04}", state.next());
    let kind = if flag(arguments, "is_private") {
        ChannelKind::Private
    } else {
        ChannelKind::Public
    };
    let channel = Channel {
        id: id.clone(),
        name: name.clone(),
        kind,
        members: vec![BOT_USER.to_owned()],
        archived: false,
        creator: Some(BOT_USER.to_owned()),
        created: now.timestamp(),
        topic: String::new(),
        pins: Vec::new(),
        bookmarks: Vec::new(),
    };
    state.did(BOT_USER, &id, format!("opens the channel #{name}"), now);
    state.channels.insert(id.clone(), channel);
    Ok(json!({"channel": {"id": id, "name": name, "creator": BOT_USER, "created": now.timestamp()}}))
}

pub(super) fn invite(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let users = list(arguments, "users");
    let id = ours(state, word(arguments, "channel"))?;
    if users.is_empty() {
        return Err("no_user".into());
    }
    for user in &users {
        let Some(known) = state.users.get(user).filter(|known| !known.deleted) else {
            return Err("user_not_found".into());
        };
        if *user == BOT_USER {
            return Err("cant_invite_self".into());
        }
        if known.new.guest {
            return Err("user_is_restricted".into());
        }
        let is_in = state
            .channels
            .get(&id)
            .is_some_and(|channel| channel.members.contains(user));
        if is_in {
            return Err("already_in_channel".into());
        }
    }
    for user in users {
        state.did(&user, &id, "comes into the channel".to_owned(), now);
        if let Some(channel) = state.channels.get_mut(&id) {
            channel.members.push(user);
        }
    }
    Ok(json!({"channel": {"id": id}}))
}

pub(super) fn set_topic(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let topic = word(arguments, "topic").to_owned();
    let id = ours(state, word(arguments, "channel"))?;
    if topic.chars().count() > TOPIC {
        return Err("too_long".into());
    }
    if let Some(channel) = state.channels.get_mut(&id) {
        channel.topic.clone_from(&topic);
    }
    Ok(json!({"channel": {"id": id, "topic": {"value": topic}}}))
}

pub(super) fn pin(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let id = ours(state, word(arguments, "channel"))?;
    let ts = word(arguments, "timestamp").to_owned();
    if state.message(&id, &ts).is_none() {
        return Err("message_not_found".into());
    }
    let Some(channel) = state.channels.get_mut(&id) else {
        return Err("channel_not_found".into());
    };
    if channel.pins.contains(&ts) {
        return Err("already_pinned".into());
    }
    channel.pins.push(ts);
    Ok(json!({}))
}

pub(super) fn bookmark(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let id = ours(state, word(arguments, "channel_id"))?;
    let (title, link) = (word(arguments, "title").to_owned(), word(arguments, "link").to_owned());
    if title.is_empty() || word(arguments, "type") != "link" {
        return Err("invalid_bookmark_type".into());
    }
    if !link.starts_with("http://") && !link.starts_with("https://") {
        return Err("invalid_link".into());
    }
    let bookmark = format!("Bk{:04}", state.next());
    let Some(channel) = state.channels.get_mut(&id) else {
        return Err("channel_not_found".into());
    };
    if channel.bookmarks.len() >= BOOKMARKS {
        return Err("too_many_bookmarks".into());
    }
    channel.bookmarks.push((bookmark.clone(), title.clone(), link.clone()));
    Ok(json!({"bookmark": {"id": bookmark, "channel_id": id, "title": title, "link": link, "type": "link"}}))
}

pub(super) fn bookmarks(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let id = ours(state, word(arguments, "channel_id"))?;
    let all = state.channels.get(&id).map(|channel| channel.bookmarks.clone());
    let all: Vec<Value> = all
        .unwrap_or_default()
        .into_iter()
        .map(|(id, title, link)| json!({"id": id, "title": title, "link": link, "type": "link"}))
        .collect();
    Ok(json!({"bookmarks": all}))
}

pub(super) fn permalink(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let (id, ts) = (
        word(arguments, "channel").to_owned(),
        word(arguments, "message_ts").to_owned(),
    );
    if !state.channels.contains_key(&id) {
        return Err("channel_not_found".into());
    }
    if state.message(&id, &ts).is_none() {
        return Err("message_not_found".into());
    }
    let link = format!("https://sim.slack.com/archives/{id}/p{}", ts.replace('.', ""));
    Ok(json!({"channel": id, "permalink": link}))
}

/// A channel that the bot is in.
fn ours(state: &State, id: &str) -> Result<String, super::Refusal> {
    let channel = state
        .channels
        .get(id)
        .filter(|channel| channel.kind != ChannelKind::Direct);
    match channel {
        None => Err("channel_not_found".into()),
        Some(channel) if channel.archived => Err("is_archived".into()),
        Some(channel) if !channel.members.iter().any(|member| member == BOT_USER) => Err("not_in_channel".into()),
        Some(_) => Ok(id.to_owned()),
    }
}

//! Payloads of commands, presses, forms and shortcuts.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::message::Message;
use super::render::Button;
use super::state::{APP, BOT_ID, BOT_USER, OTHER_TEAM, OpenView, ResponseUrl, State, TEAM};

pub(super) fn slash(
    state: &mut State,
    user: &str,
    channel: &str,
    command: &str,
    text: &str,
    base: &str,
    now: DateTime<Utc>,
) -> Value {
    let trigger = state.new_trigger(user, now);
    let url = response_url(state, user, channel, None, base, now);
    let name = state
        .channels
        .get(channel)
        .map(|channel| channel.name.clone())
        .unwrap_or_default();
    json!({
        "token": "verification",
        "team_id": team(state, user),
        "team_domain": "sim",
        "channel_id": channel,
        "channel_name": if name.is_empty() { "directmessage".to_owned() } else { name },
        "user_id": user,
        "user_name": state.name(user),
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    })
}

pub(super) fn click(
    state: &mut State,
    user: &str,
    on: &Message,
    button: &Button,
    values: &Value,
    base: &str,
    now: DateTime<Utc>,
) -> Value {
    let trigger = state.new_trigger(user, now);
    let url = response_url(state, user, &on.channel, Some(on), base, now);
    let action = action(state, button, now);
    let mut container = json!({
        "type": "message",
        "message_ts": on.ts,
        "channel_id": on.channel,
        "is_ephemeral": on.only_to.is_some(),
    });
    if let Some(thread) = &on.thread {
        container["thread_ts"] = json!(thread);
    }
    let mut payload = json!({
        "type": "block_actions",
        "user": person(state, user),
        "api_app_id": APP,
        "token": "verification",
        "container": container,
        "trigger_id": trigger,
        "team": {"id": TEAM, "domain": "sim"},
        "enterprise": null,
        "is_enterprise_install": false,
        "channel": {"id": on.channel, "name": state.place(&on.channel).trim_start_matches('#')},
        "state": {"values": values},
        "response_url": url,
        "actions": [action],
    });
    if on.only_to.is_none() {
        payload["message"] = message(on);
    }
    payload
}

/// A press on a form, or on somebody's Home tab.
pub(super) fn view_click(
    state: &mut State,
    on: &OpenView,
    button: &Button,
    values: &Value,
    now: DateTime<Utc>,
) -> Value {
    let trigger = state.new_trigger(&on.user, now);
    let action = action(state, button, now);
    json!({
        "type": "block_actions",
        "user": person(state, &on.user),
        "api_app_id": APP,
        "token": "verification",
        "container": {"type": "view", "view_id": on.id},
        "trigger_id": trigger,
        "team": {"id": TEAM, "domain": "sim"},
        "enterprise": null,
        "is_enterprise_install": false,
        "view": view(on, values),
        "actions": [action],
    })
}

/// A form was closed by the one in front of it.
pub(super) fn closed(state: &mut State, open: &OpenView, _: DateTime<Utc>) -> Value {
    json!({
        "type": "view_closed",
        "team": {"id": TEAM, "domain": "sim"},
        "user": person(state, &open.user),
        "api_app_id": APP,
        "token": "verification",
        "view": view(open, &json!({})),
        "is_cleared": false,
        "is_enterprise_install": false,
    })
}

/// A view as Slack shows it to the app: what the app gave, and what Slack adds.
pub(super) fn view(open: &OpenView, values: &Value) -> Value {
    let given = &open.view;
    let word = |name: &str| given[name].as_str().unwrap_or_default();
    let flag = |name: &str| given[name] == true;
    json!({
        "id": open.id,
        "team_id": TEAM,
        "type": given["type"],
        "callback_id": word("callback_id"),
        "private_metadata": word("private_metadata"),
        "external_id": word("external_id"),
        "hash": "1.hash",
        "title": given["title"],
        "submit": given["submit"],
        "close": given["close"],
        "clear_on_close": flag("clear_on_close"),
        "notify_on_close": flag("notify_on_close"),
        "blocks": given["blocks"],
        "state": {"values": values},
        "root_view_id": open.root,
        "previous_view_id": open.previous,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
    })
}

fn action(state: &mut State, button: &Button, now: DateTime<Utc>) -> Value {
    let mut action = json!({
        "type": button.element["type"],
        "block_id": button.block_id,
        "action_id": button.element["action_id"],
        "action_ts": state.next_ts(now),
    });
    for (field, value) in button.element.as_object().into_iter().flatten() {
        if matches!(field.as_str(), "text" | "value") || field.starts_with("selected_") {
            action[field] = value.clone();
        }
    }
    action
}

pub(super) fn submission(state: &mut State, user: &str, open: &OpenView, values: &Value, now: DateTime<Utc>) -> Value {
    let trigger = state.new_trigger(user, now);
    json!({
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "sim"},
        "user": person(state, user),
        "api_app_id": APP,
        "token": "verification",
        "trigger_id": trigger,
        "view": view(open, values),
        "response_urls": [],
        "is_enterprise_install": false,
    })
}

pub(super) fn shortcut(
    state: &mut State,
    user: &str,
    on: &Message,
    callback: &str,
    base: &str,
    now: DateTime<Utc>,
) -> Value {
    let trigger = state.new_trigger(user, now);
    let url = response_url(state, user, &on.channel, None, base, now);
    json!({
        "type": "message_action",
        "token": "verification",
        "action_ts": state.next_ts(now),
        "team": {"id": TEAM, "domain": "sim"},
        "user": person(state, user),
        "channel": {"id": on.channel, "name": state.place(&on.channel).trim_start_matches('#')},
        "is_enterprise_install": false,
        "callback_id": callback,
        "trigger_id": trigger,
        "response_url": url,
        "message_ts": on.ts,
        "message": message(on),
    })
}

fn message(on: &Message) -> Value {
    let mut wire = json!({"type": "message", "user": on.user, "ts": on.ts, "text": on.text});
    if on.user == BOT_USER {
        wire["bot_id"] = json!(BOT_ID);
    }
    if let Some(thread) = &on.thread {
        wire["thread_ts"] = json!(thread);
    }
    if let Some(blocks) = &on.blocks {
        wire["blocks"] = blocks.clone();
    }
    wire
}

fn person(state: &State, user: &str) -> Value {
    let name = state.name(user);
    json!({"id": user, "username": name, "name": name, "team_id": team(state, user)})
}

fn team(state: &State, user: &str) -> &'static str {
    let stranger = state.users.get(user).is_some_and(|user| user.new.stranger);
    if stranger { OTHER_TEAM } else { TEAM }
}

fn response_url(
    state: &mut State,
    user: &str,
    channel: &str,
    on: Option<&Message>,
    base: &str,
    now: DateTime<Utc>,
) -> String {
    let id = state.next().to_string();
    let url = ResponseUrl {
        user: user.to_owned(),
        channel: channel.to_owned(),
        thread: on.and_then(|on| on.thread.clone()),
        message: on.map(|on| on.ts.clone()),
        uses: 0,
        at: now,
    };
    state.urls.insert(id.clone(), url);
    format!("http://{base}/response/{id}")
}

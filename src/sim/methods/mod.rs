//! The Web API: which methods there are, what each takes, which scopes it needs. A file per family.

mod chat;
mod files;
mod lists;
mod rooms;
mod views;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::arguments::word;
use super::state::{APP, BOT_ID, BOT_USER, ChannelKind, State, TEAM};
use super::workspace::{APP_TOKEN, BOT_TOKEN};

pub(super) use chat::respond;
pub(super) use files::put;

/// What a method answers.
pub(super) type Outcome = Result<Value, Refusal>;

/// Why not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) messages: Vec<String>,
    /// Needed, provided.
    pub(super) scopes: Option<(String, String)>,
}

impl From<&str> for Refusal {
    fn from(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            ..Self::default()
        }
    }
}

type Handler = fn(&mut State, &Value, DateTime<Utc>) -> Outcome;

struct Method {
    name: &'static str,
    token: &'static str,
    scopes: &'static [&'static str],
    arguments: &'static [&'static str],
    handler: Handler,
}

const METHODS: &[Method] = &[
    Method {
        name: "auth.test",
        token: BOT_TOKEN,
        scopes: &[],
        arguments: &[],
        handler: auth_test,
    },
    Method {
        name: "apps.connections.open",
        token: APP_TOKEN,
        scopes: &[],
        arguments: &[],
        handler: |_, _, _| Ok(json!({})),
    },
    Method {
        name: "chat.postMessage",
        token: BOT_TOKEN,
        scopes: &["chat:write"],
        arguments: &[
            "channel",
            "text",
            "blocks",
            "thread_ts",
            "reply_broadcast",
            "metadata",
            "unfurl_links",
            "unfurl_media",
        ],
        handler: chat::post,
    },
    Method {
        name: "chat.update",
        token: BOT_TOKEN,
        scopes: &["chat:write"],
        arguments: &["channel", "ts", "text", "blocks", "metadata", "parse"],
        handler: chat::update,
    },
    Method {
        name: "chat.postEphemeral",
        token: BOT_TOKEN,
        scopes: &["chat:write"],
        arguments: &["channel", "user", "text", "blocks", "thread_ts"],
        handler: chat::post_ephemeral,
    },
    Method {
        name: "views.open",
        token: BOT_TOKEN,
        scopes: &[],
        arguments: &["trigger_id", "view"],
        handler: views::open,
    },
    Method {
        name: "views.push",
        token: BOT_TOKEN,
        scopes: &[],
        arguments: &["trigger_id", "view"],
        handler: views::push,
    },
    Method {
        name: "views.update",
        token: BOT_TOKEN,
        scopes: &[],
        arguments: &["view_id", "view", "hash"],
        handler: views::update,
    },
    Method {
        name: "views.publish",
        token: BOT_TOKEN,
        scopes: &[],
        arguments: &["user_id", "view", "hash"],
        handler: views::publish,
    },
    Method {
        name: "users.list",
        token: BOT_TOKEN,
        scopes: &["users:read"],
        arguments: &["limit", "cursor"],
        handler: lists::users,
    },
    Method {
        name: "users.info",
        token: BOT_TOKEN,
        scopes: &["users:read"],
        arguments: &["user"],
        handler: lists::user,
    },
    Method {
        name: "conversations.list",
        token: BOT_TOKEN,
        scopes: &["channels:read", "groups:read"],
        arguments: &["limit", "cursor", "types", "exclude_archived"],
        handler: lists::channels,
    },
    Method {
        name: "conversations.info",
        token: BOT_TOKEN,
        scopes: &["channels:read", "groups:read", "im:read"],
        arguments: &["channel"],
        handler: lists::channel,
    },
    Method {
        name: "conversations.open",
        token: BOT_TOKEN,
        scopes: &["im:write"],
        arguments: &["users"],
        handler: lists::open,
    },
    Method {
        name: "conversations.history",
        token: BOT_TOKEN,
        scopes: &["channels:history", "groups:history", "im:history"],
        arguments: &[
            "channel",
            "oldest",
            "latest",
            "inclusive",
            "limit",
            "cursor",
            "include_all_metadata",
        ],
        handler: lists::history,
    },
    Method {
        name: "conversations.replies",
        token: BOT_TOKEN,
        scopes: &["channels:history", "groups:history", "im:history"],
        arguments: &[
            "channel",
            "ts",
            "oldest",
            "latest",
            "inclusive",
            "limit",
            "cursor",
            "include_all_metadata",
        ],
        handler: lists::replies,
    },
    Method {
        name: "conversations.create",
        token: BOT_TOKEN,
        scopes: &["channels:manage"],
        arguments: &["name", "is_private"],
        handler: rooms::create,
    },
    Method {
        name: "conversations.invite",
        token: BOT_TOKEN,
        scopes: &["channels:manage"],
        arguments: &["channel", "users", "force"],
        handler: rooms::invite,
    },
    Method {
        name: "conversations.setTopic",
        token: BOT_TOKEN,
        scopes: &["channels:manage"],
        arguments: &["channel", "topic"],
        handler: rooms::set_topic,
    },
    Method {
        name: "pins.add",
        token: BOT_TOKEN,
        scopes: &["pins:write"],
        arguments: &["channel", "timestamp"],
        handler: rooms::pin,
    },
    Method {
        name: "bookmarks.add",
        token: BOT_TOKEN,
        scopes: &["bookmarks:write"],
        arguments: &["channel_id", "title", "type", "link", "emoji"],
        handler: rooms::bookmark,
    },
    Method {
        name: "bookmarks.list",
        token: BOT_TOKEN,
        scopes: &["bookmarks:read"],
        arguments: &["channel_id"],
        handler: rooms::bookmarks,
    },
    Method {
        name: "chat.getPermalink",
        token: BOT_TOKEN,
        scopes: &[],
        arguments: &["channel", "message_ts"],
        handler: rooms::permalink,
    },
    Method {
        name: "files.getUploadURLExternal",
        token: BOT_TOKEN,
        scopes: &["files:write"],
        arguments: &["filename", "length", "alt_txt", "snippet_type"],
        handler: files::place,
    },
    Method {
        name: "files.completeUploadExternal",
        token: BOT_TOKEN,
        scopes: &["files:write"],
        arguments: &["files", "channel_id", "initial_comment"],
        handler: files::complete,
    },
    Method {
        name: "usergroups.users.update",
        token: BOT_TOKEN,
        scopes: &["usergroups:write"],
        arguments: &["usergroup", "users", "include_count"],
        handler: lists::set_group,
    },
    Method {
        name: "usergroups.list",
        token: BOT_TOKEN,
        scopes: &["usergroups:read"],
        arguments: &["limit", "cursor", "include_users", "include_disabled"],
        handler: lists::groups,
    },
];

/// Whether a method takes its arguments as a query or form only.
pub(super) fn is_form_only(method: &str) -> bool {
    method.starts_with("users.")
        || method == "usergroups.list"
        || method == "files.getUploadURLExternal"
        || matches!(
            method,
            "conversations.list"
                | "conversations.info"
                | "conversations.history"
                | "conversations.replies"
                | "chat.getPermalink"
        )
}

/// The scopes behind an answer: those the token has, and those that would have done.
pub(super) fn scopes(state: &State, name: &str) -> Option<(String, String)> {
    let method = METHODS.iter().find(|method| method.name == name)?;
    let has = if method.token == APP_TOKEN {
        "connections:write".to_owned()
    } else {
        state.manifest.scopes.iter().cloned().collect::<Vec<_>>().join(",")
    };
    Some((has, method.scopes.join(",")))
}

/// The scopes a call needs: of those for conversations only those of the kinds it is about.
fn needed(state: &State, method: &Method, arguments: &Value) -> Vec<&'static str> {
    if method.scopes.len() < 2 {
        return method.scopes.to_vec();
    }
    let kind = state
        .channels
        .get(word(arguments, "channel"))
        .map(|channel| channel.kind);
    let types = match kind {
        Some(ChannelKind::Public) => "public_channel",
        Some(ChannelKind::Private) => "private_channel",
        Some(ChannelKind::Direct) => "im",
        None => Some(word(arguments, "types"))
            .filter(|types| !types.is_empty())
            .unwrap_or("public_channel"),
    };
    let about = |scope: &&&str| match scope.split(':').next() {
        Some("channels") => types.contains("public_channel"),
        Some("groups") => types.contains("private_channel"),
        _ => types.split(',').any(|kind| kind.trim() == "im"),
    };
    method.scopes.iter().filter(about).copied().collect()
}

/// Carries a call out.
pub(super) fn call(state: &mut State, name: &str, arguments: &Value, token: &str, now: DateTime<Utc>) -> Outcome {
    let Some(method) = METHODS.iter().find(|method| method.name == name) else {
        state.complain(format!("unknown method {name}"));
        return Err("unknown_method".into());
    };
    if state.revoked {
        return Err("token_revoked".into());
    }
    if token.is_empty() {
        return Err("not_authed".into());
    }
    if token != method.token {
        return Err(if [BOT_TOKEN, APP_TOKEN].contains(&token) {
            "not_allowed_token_type"
        } else {
            "invalid_auth"
        }
        .into());
    }
    if let Some(scope) = state.manifest.lacks(&needed(state, method, arguments)) {
        let provided = state.manifest.scopes.iter().cloned().collect::<Vec<_>>().join(",");
        return Err(Refusal {
            scopes: Some((scope.to_owned(), provided)),
            ..Refusal::from("missing_scope")
        });
    }
    let Some(given) = arguments.as_object() else {
        state.complain(format!("{name} was called with something that is no object"));
        return Err("invalid_arguments".into());
    };
    // Every method takes the workspace, which matters to an organisation only; SDKs add it by themselves.
    if given.get("team_id").is_some_and(|team| team != TEAM) {
        return Err("team_access_not_granted".into());
    }
    let known = |key: &str| key == "team_id" || method.arguments.contains(&key);
    if let Some(unknown) = given.keys().find(|key| !known(key)) {
        state.complain(format!("{name} has no argument {unknown}"));
        return Err("invalid_arguments".into());
    }
    (method.handler)(state, arguments, now)
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of the table's handlers")]
fn auth_test(state: &mut State, _: &Value, _: DateTime<Utc>) -> Outcome {
    Ok(json!({
        "url": "https://sim.slack.com/",
        "team": "Sim",
        "user": state.manifest.name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP,
        "is_enterprise_install": false,
    }))
}

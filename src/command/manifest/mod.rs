//! The Slack app that this build needs, as the manifest an administrator pastes.
//!
//! The commands come from the tables and the operator's shortcuts, and every scope and event says what it is for: the doctor and the README read the
//! same tables. Deliberately absent: token rotation and organisation-wide deployment, which need code we do not have, and
//! every scope that no call of ours needs.

use serde_json::{Value, json};

use super::form;
use super::shortcut::Shortcut;
use super::table::commands;

/// What the bot's token may do, each with what it is for.
pub const SCOPES: [(&str, &str); 20] = [
    ("app_mentions:read", "hearing `@nightbell …`"),
    ("bookmarks:read", "looking whether a link is bookmarked already"),
    ("bookmarks:write", "bookmarking links in an incident's channel"),
    (
        "channels:history",
        "hearing replies in the threads of alerts in public channels, and finding a message whose delivery is uncertain",
    ),
    (
        "channels:manage",
        "opening a channel for a bad incident, setting its topic, inviting whoever is on call",
    ),
    ("channels:read", "finding the teams' public channels by name"),
    ("chat:write", "posting and editing cards, pages and answers"),
    ("commands", "`/alert`, `/oncall`, `/incident` and the message shortcuts"),
    (
        "files:write",
        "sending the files of `/oncall calendar` and `/incident export`",
    ),
    ("groups:history", "the same as `channels:history` in private channels"),
    ("groups:read", "finding the teams' private channels by name"),
    ("im:history", "hearing replies to a page in direct messages"),
    ("im:read", "knowing the direct conversations it has"),
    ("im:write", "opening a direct conversation to page somebody"),
    ("pins:write", "pinning an incident's card in its channel"),
    (
        "reactions:read",
        "acknowledging and resolving by reaction, and :pushpin: for an incident's timeline",
    ),
    ("usergroups:read", "taking a user group for the team it stands for"),
    (
        "usergroups:write",
        "keeping a team's user group to exactly those on call",
    ),
    ("users:read", "people's names, handles and time zones"),
    (
        "users:read.email",
        "finding people in the configuration by e-mail address",
    ),
];

/// What the bot hears of, each with what it is for.
pub const EVENTS: [(&str, &str); 23] = [
    ("app_home_opened", "drawing the Home tab"),
    ("app_mention", "`@nightbell …` anywhere"),
    ("app_uninstalled", "saying in the log that the app is gone"),
    (
        "channel_archive",
        "a channel of a team or an incident that can no longer be used",
    ),
    ("channel_deleted", "the same"),
    (
        "channel_left",
        "having been taken out of a channel, so that an incident goes on elsewhere",
    ),
    ("channel_rename", "channels that are configured by name"),
    ("channel_unarchive", "a team's channel that can be used again"),
    ("group_archive", "the same as `channel_archive` for private channels"),
    ("group_deleted", "the same as `channel_deleted` for private channels"),
    ("group_left", "the same as `channel_left` for private channels"),
    ("group_rename", "the same as `channel_rename` for private channels"),
    (
        "group_unarchive",
        "the same as `channel_unarchive` for private channels",
    ),
    ("member_joined_channel", "having been invited to a team's channel"),
    (
        "message.channels",
        "replies in the threads of alerts in public channels",
    ),
    ("message.groups", "replies in the threads of alerts in private channels"),
    ("message.im", "replies to a page, and commands in direct messages"),
    (
        "reaction_added",
        "acknowledging and resolving by reaction, and :pushpin: for an incident's timeline",
    ),
    ("subteam_created", "new user groups"),
    ("subteam_updated", "user groups under a new handle"),
    ("team_join", "new people"),
    ("tokens_revoked", "saying in the log which token is gone"),
    ("user_change", "people who leave, or change their name or time zone"),
];

/// The manifest, with the operator's own commands.
pub fn manifest(shortcuts: &[Shortcut]) -> Value {
    let slash_commands: Vec<Value> = commands()
        .iter()
        .map(|command| {
            json!({
                "command": command.command,
                "description": command.description,
                "usage_hint": command.hint,
                "should_escape": true,
            })
        })
        .chain(shortcuts.iter().map(shortcut))
        .collect();
    let first =
        |table: &[(&'static str, &'static str)]| -> Vec<&'static str> { table.iter().map(|(name, _)| *name).collect() };
    json!({
        "_metadata": { "major_version": 2, "minor_version": 0 },
        "display_information": {
            "name": "Nightbell",
            "description": "The bell you ring at night: raise an alert and the right person is paged",
            "long_description": "Nightbell pages whoever is on call. Raise an alert with /alert, with the form or from any \
                message: the team's channel gets a card, the people on call get a direct message, and the next level is \
                paged when nobody answers. Acknowledge, escalate and resolve with a command, a button, a reply or a \
                reaction. /oncall says who is on call now, until when, and who is next. /incident declares what customers \
                notice: who leads, who tells readers, everything that happened with who and when. /runbook steps through \
                a Markdown page in a thread, one thing to do at a time.",
            "background_color": "#1d2440",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": true,
                "messages_tab_enabled": true,
                "messages_tab_read_only_enabled": false,
            },
            "bot_user": { "display_name": "nightbell", "always_online": true },
            "shortcuts": [{
                "name": "Raise an alert",
                "type": "message",
                "callback_id": form::SHORTCUT,
                "description": "Opens the form with this message as what is wrong",
            }, {
                "name": "Declare an incident",
                "type": "message",
                "callback_id": form::incident::SHORTCUT,
                "description": "Opens the form with this message as what people notice",
            }, {
                "name": "Add to incident timeline",
                "type": "message",
                "callback_id": form::incident::KEEP,
                "description": "Keeps who said this, when, and what",
            }],
            "slash_commands": slash_commands,
        },
        "oauth_config": { "scopes": { "bot": first(&SCOPES) } },
        "settings": {
            "event_subscriptions": { "bot_events": first(&EVENTS) },
            "interactivity": { "is_enabled": true },
            "org_deploy_enabled": false,
            "socket_mode_enabled": true,
            "token_rotation_enabled": false,
        },
    })
}

fn shortcut(shortcut: &Shortcut) -> Value {
    let mut command = json!({
        "command": shortcut.command,
        "description": shortcut.description,
        "should_escape": true,
    });
    // Slack takes no empty hint.
    if !shortcut.hint.is_empty() {
        command["usage_hint"] = json!(shortcut.hint);
    }
    command
}

#[cfg(test)]
mod tests;

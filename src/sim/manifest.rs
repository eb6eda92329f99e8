//! What the installed app may do, read from its manifest.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// The parts of a manifest that something depends on.
#[derive(Debug, Clone, Default)]
pub(super) struct Manifest {
    /// The bot's name.
    pub(super) name: String,
    pub(super) commands: Vec<SlashCommand>,
    pub(super) shortcuts: Vec<MessageShortcut>,
    pub(super) scopes: BTreeSet<String>,
    pub(super) events: BTreeSet<String>,
    pub(super) interactive: bool,
    /// Whether there is a Home tab.
    pub(super) home: bool,
}

/// A slash command, as the message box offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlashCommand {
    /// `/alert`.
    pub command: String,
    /// What can be typed after it.
    pub usage_hint: String,
    /// What it is for.
    pub description: String,
    #[serde(skip)]
    pub(super) escape: Escape,
}

/// A message shortcut, as the menu of a message offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageShortcut {
    /// What the app knows it by.
    pub callback_id: String,
    /// What people read.
    pub name: String,
}

/// Whether Slack turns `@ana` into `<@U1|ana>` on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    Yes,
    No,
}

impl Manifest {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let manifest: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if manifest.pointer("/settings/socket_mode_enabled") != Some(&Value::Bool(true)) {
            return Err("the manifest does not enable Socket Mode".to_owned());
        }
        let words = |pointer: &str| {
            let list = manifest
                .pointer(pointer)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            list.filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<BTreeSet<String>>()
        };
        let list = |pointer: &str| {
            manifest
                .pointer(pointer)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let commands = list("/features/slash_commands");
        let shortcuts = list("/features/shortcuts");
        Ok(Self {
            name: text(&manifest["features"]["bot_user"], "display_name"),
            commands: commands
                .iter()
                .map(|command| {
                    let escape = if command["should_escape"] == true {
                        Escape::Yes
                    } else {
                        Escape::No
                    };
                    SlashCommand {
                        command: text(command, "command"),
                        usage_hint: text(command, "usage_hint"),
                        description: text(command, "description"),
                        escape,
                    }
                })
                .collect(),
            shortcuts: shortcuts
                .iter()
                .filter(|shortcut| shortcut["type"] == "message")
                .map(|shortcut| MessageShortcut {
                    callback_id: text(shortcut, "callback_id"),
                    name: text(shortcut, "name"),
                })
                .collect(),
            scopes: words("/oauth_config/scopes/bot"),
            events: words("/settings/event_subscriptions/bot_events"),
            home: manifest.pointer("/features/app_home/home_tab_enabled") == Some(&Value::Bool(true)),
            interactive: manifest.pointer("/settings/interactivity/is_enabled") == Some(&Value::Bool(true)),
        })
    }

    /// The first scope that is missing.
    pub(super) fn lacks<'s>(&self, scopes: &[&'s str]) -> Option<&'s str> {
        scopes.iter().copied().find(|scope| !self.scopes.contains(*scope))
    }
}

//! Events: what happened in the workspace, of the kinds the app subscribes to.
//!
//! Slack repeats an event until it is acknowledged, in a new envelope but with the same [`Event::id`]. An event of a
//! kind we do nothing with is [`EventKind::Other`]; that is no mistake, because a manifest may be ahead of the program.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::attachment::{self, Attachment};
use super::fields::{Id, name};
use crate::slack::lenient::{filled, lenient, whole};

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The same for every repetition; empty where Slack gave none.
    pub id: String,
    /// When it happened, as Slack says; 1970 where it does not.
    pub at: DateTime<Utc>,
    /// The workspace; absent where the app is installed for an organisation.
    pub team: Option<String>,
    /// What.
    pub what: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// Something was written where the bot is.
    Message(Said),
    /// The bot was mentioned.
    Mention(Said),
    /// A message was deleted; of one with replies Slack leaves a tombstone.
    MessageGone {
        /// Where it was.
        channel: String,
        /// Which.
        ts: String,
    },
    /// A reaction was added to a message or taken away.
    Reaction {
        /// Who reacted.
        user: String,
        /// Its name without colons, such as `eyes`.
        emoji: String,
        /// Where the message is.
        channel: String,
        /// Which message.
        ts: String,
        /// Added, rather than taken away.
        added: bool,
    },
    /// Somebody looks at the bot's Home tab.
    HomeOpened {
        /// Who.
        user: String,
    },
    /// A channel is closed to messages.
    ChannelGone {
        /// Which.
        channel: String,
        /// For good, or until it is taken out of the archive.
        how: Gone,
    },
    /// A channel was taken out of the archive.
    ChannelBack {
        /// Which.
        channel: String,
    },
    /// A channel has another name.
    ChannelRenamed {
        /// Which.
        channel: String,
        /// Its name from now on.
        name: String,
    },
    /// Somebody, perhaps the bot, came into a channel.
    JoinedChannel {
        /// Who.
        user: String,
        /// Where.
        channel: String,
    },
    /// Somebody went out of a channel, or was taken out of it.
    LeftChannel {
        /// Who; the bot itself when none.
        user: Option<String>,
        /// Where.
        channel: String,
    },
    /// Somebody is new, has another name or zone, or was deactivated.
    UserChanged {
        /// Who.
        user: String,
    },
    /// A user group is new, has another name, or has other members.
    GroupChanged {
        /// Its id.
        group: String,
    },
    /// The app was removed, or its tokens were.
    TokensRevoked,
    /// Anything else.
    Other {
        /// Slack's name for it.
        kind: String,
    },
}

/// A message somebody, or a program, wrote.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Said {
    /// Where.
    pub channel: String,
    /// `channel`, `group`, `im` or `mpim`; empty for a mention, where Slack does not say.
    pub channel_type: String,
    /// Who; `None` for programs without a user.
    pub user: Option<String>,
    /// What, in Slack's markup.
    pub text: String,
    /// Which message.
    pub ts: String,
    /// `ts` of the message that began the thread it is in.
    pub thread: Option<String>,
    /// Written by a program, perhaps ourselves.
    pub from_bot: bool,
    /// What the program is called, where Slack says so.
    pub bot_name: String,
    /// What the program attached.
    pub attachments: Vec<Attachment>,
    /// Slack's name for a message that is not simply new, such as `message_changed`.
    pub subtype: Option<String>,
}

/// How a channel went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// It can come back.
    Archived,
    /// It cannot.
    Deleted,
}

#[derive(Deserialize, Default)]
struct Callback {
    #[serde(default, deserialize_with = "lenient")]
    event_id: String,
    #[serde(default, deserialize_with = "lenient")]
    event_time: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    team_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    event: Inner,
}

/// All the fields of all the kinds; each kind has some of them.
#[derive(Deserialize, Default)]
struct Inner {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: String,
    #[serde(default, deserialize_with = "lenient")]
    event_ts: String,
    #[serde(default, deserialize_with = "lenient")]
    user: Id,
    #[serde(default, deserialize_with = "lenient")]
    channel: Channel,
    #[serde(default, deserialize_with = "lenient")]
    channel_type: String,
    #[serde(default, deserialize_with = "lenient")]
    text: String,
    #[serde(default, deserialize_with = "lenient")]
    ts: String,
    #[serde(default, deserialize_with = "lenient")]
    thread_ts: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    bot_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    subtype: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    deleted_ts: String,
    #[serde(default, deserialize_with = "lenient")]
    message: Changed,
    #[serde(default, deserialize_with = "lenient")]
    username: String,
    #[serde(default, deserialize_with = "lenient")]
    bot_profile: Profile,
    #[serde(default, deserialize_with = "lenient")]
    attachments: Value,
    #[serde(default, deserialize_with = "lenient")]
    blocks: Value,
    #[serde(default, deserialize_with = "lenient")]
    reaction: String,
    #[serde(default, deserialize_with = "lenient")]
    item: Item,
    #[serde(default, deserialize_with = "lenient")]
    tab: String,
    #[serde(default, deserialize_with = "lenient")]
    subteam_id: String,
    #[serde(default, deserialize_with = "lenient")]
    subteam: Id,
}

/// What a message is after a change.
#[derive(Deserialize, Default)]
struct Changed {
    #[serde(default, deserialize_with = "lenient")]
    subtype: String,
    #[serde(default, deserialize_with = "lenient")]
    ts: String,
}

/// Who a program is.
#[derive(Deserialize, Default)]
struct Profile {
    #[serde(default, deserialize_with = "lenient")]
    name: String,
}

#[derive(Deserialize, Default)]
struct Item {
    #[serde(default, deserialize_with = "lenient")]
    channel: String,
    #[serde(default, deserialize_with = "lenient")]
    ts: String,
}

/// An id, or, where a channel was renamed, an object.
#[derive(Deserialize, Default)]
#[serde(from = "Value")]
struct Channel {
    id: String,
    name: String,
}

impl From<Value> for Channel {
    fn from(value: Value) -> Self {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            name,
            id: Id::from(value).0,
        }
    }
}

/// A callback without an event is nothing we can read; everything else is at least [`EventKind::Other`].
pub(super) fn read(payload: Value) -> Result<Event, String> {
    let callback: Callback = whole(payload);
    if callback.event.kind.is_empty() {
        return Err("events_api".to_owned());
    }
    Ok(Event {
        id: callback.event_id,
        at: happened_at(callback.event_time, &callback.event.event_ts),
        team: callback.team_id,
        what: what(callback.event),
    })
}

fn happened_at(event_time: Option<i64>, event_ts: &str) -> DateTime<Utc> {
    let seconds = event_time.or_else(|| event_ts.split('.').next()?.parse().ok());
    seconds
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or(DateTime::UNIX_EPOCH)
}

fn what(event: Inner) -> EventKind {
    let channel = event.channel.id;
    let user = event.user.0;
    match event.kind.as_str() {
        "message" if event.subtype.as_deref() == Some("message_deleted") => EventKind::MessageGone {
            channel,
            ts: event.deleted_ts,
        },
        "message" if event.message.subtype == "tombstone" => EventKind::MessageGone {
            channel,
            ts: event.message.ts,
        },
        kind @ ("message" | "app_mention") => {
            let from_bot = event.bot_id.is_some() || event.subtype.as_deref() == Some("bot_message");
            // What people write stands in the text too; what programs write may stand in blocks alone.
            let text = filled(event.text).unwrap_or_else(|| attachment::words(&event.blocks));
            let said = Said {
                channel,
                channel_type: event.channel_type,
                user: filled(user),
                text,
                ts: event.ts,
                thread: event.thread_ts,
                from_bot,
                bot_name: filled(event.username).unwrap_or(event.bot_profile.name),
                attachments: attachment::read(&event.attachments),
                subtype: event.subtype,
            };
            if kind == "message" {
                EventKind::Message(said)
            } else {
                EventKind::Mention(said)
            }
        }
        kind @ ("reaction_added" | "reaction_removed") => EventKind::Reaction {
            user,
            emoji: event.reaction,
            channel: event.item.channel,
            ts: event.item.ts,
            added: kind == "reaction_added",
        },
        "app_home_opened" if event.tab != "messages" => EventKind::HomeOpened { user },
        "channel_archive" | "group_archive" => EventKind::ChannelGone {
            channel,
            how: Gone::Archived,
        },
        "channel_deleted" | "group_deleted" => EventKind::ChannelGone {
            channel,
            how: Gone::Deleted,
        },
        "channel_unarchive" | "group_unarchive" => EventKind::ChannelBack { channel },
        "channel_rename" | "group_rename" => EventKind::ChannelRenamed {
            channel,
            name: event.channel.name,
        },
        "member_joined_channel" => EventKind::JoinedChannel { user, channel },
        "member_left_channel" => EventKind::LeftChannel {
            user: filled(user),
            channel,
        },
        "channel_left" | "group_left" => EventKind::LeftChannel { user: None, channel },
        "user_change" | "team_join" => EventKind::UserChanged { user },
        "subteam_members_changed" | "subteam_updated" | "subteam_created" => EventKind::GroupChanged {
            group: filled(event.subteam_id).unwrap_or(event.subteam.0),
        },
        "tokens_revoked" | "app_uninstalled" => EventKind::TokensRevoked,
        kind => EventKind::Other { kind: name(kind) },
    }
}

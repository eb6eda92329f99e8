//! Everything the workspace knows. Plain data under one lock, which is never held while anything is awaited.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;

use super::faults::{Fault, Weather};
use super::manifest::Manifest;
use super::message::{Message, Reaction};
use super::render::{self, Names};
use super::socket::Connections;

/// The workspace people belong to.
pub(super) const TEAM: &str = "T0SIM";
/// Another one, for strangers in shared channels.
pub(super) const OTHER_TEAM: &str = "T0OTHER";
/// The bot as a member.
pub(super) const BOT_USER: &str = "U0BOT";
/// The bot as an author.
pub(super) const BOT_ID: &str = "B0BOT";
/// The app.
pub(super) const APP: &str = "A0SIM";

/// How long a trigger opens a view.
const TRIGGER_LASTS: TimeDelta = TimeDelta::seconds(3);

/// Somebody to be added.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// The handle.
    pub name: String,
    /// The full name.
    pub real_name: String,
    /// The address.
    pub email: String,
    /// The IANA zone.
    pub zone: String,
    /// Whether they belong to another workspace.
    pub stranger: bool,
    /// Whether they are a guest.
    pub guest: bool,
}

/// A member.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) new: NewUser,
    pub(super) deleted: bool,
}

/// Kinds of conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Everybody may see it.
    Public,
    /// Only for those invited.
    Private,
    /// Between one person and the bot.
    Direct,
}

#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: ChannelKind,
    pub(super) members: Vec<String>,
    pub(super) archived: bool,
    /// Who opened it; nobody in particular for the furniture.
    pub(super) creator: Option<String>,
    pub(super) created: i64,
    pub(super) topic: String,
    /// The `ts` of messages at its top.
    pub(super) pins: Vec<String>,
    /// Links at its top: id, title, link.
    pub(super) bookmarks: Vec<(String, String, String)>,
}

/// Where a file goes before it is shared.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) name: String,
    /// How many bytes are promised.
    pub(super) length: usize,
    /// What came, once it did.
    pub(super) content: Option<String>,
}

/// A form that somebody sees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenView {
    /// Its id.
    pub id: String,
    /// The form at the bottom of the pile it lies on.
    pub root: String,
    /// The form it lies on.
    pub previous: Option<String>,
    /// Who sees it.
    pub user: String,
    /// The view.
    pub view: Value,
    /// What a person reads.
    #[serde(skip)]
    pub reads: String,
    /// What stands in its fields since something was picked in it, by block and action.
    #[serde(skip)]
    pub held: Value,
}

/// Something that became visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// Where: `#ops`, `@ana`.
    pub place: String,
    /// Who did it.
    pub who: String,
    /// What was read, or what was done.
    pub text: String,
    /// Whether it is in a thread.
    pub threaded: bool,
    /// More about it, such as `edited`.
    pub remark: Option<String>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remark = self
            .remark
            .as_deref()
            .map(|remark| format!(" ({remark})"))
            .unwrap_or_default();
        let indent = if self.threaded { "    ↳ " } else { "" };
        write!(
            f,
            "{} {:<10} {indent}{}{remark}: ",
            self.at.format("%H:%M"),
            self.place,
            self.who
        )?;
        let margin = format!("\n{:width$}", "", width = 17 + indent.chars().count());
        f.write_str(&self.text.replace('\n', &margin))
    }
}

/// A call of the Web API.
#[derive(Debug, Clone)]
pub struct ApiCall {
    /// Slack's name of the method, `response_url` for an answer to one.
    pub method: String,
    /// What was given.
    pub arguments: Value,
    /// The error, if it was one.
    pub error: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where a slash command or a click may be answered.
#[derive(Debug, Clone)]
pub(super) struct ResponseUrl {
    pub(super) user: String,
    pub(super) channel: String,
    pub(super) thread: Option<String>,
    /// The message that was clicked.
    pub(super) message: Option<String>,
    pub(super) uses: u32,
    pub(super) at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) user: String,
    pub(super) at: DateTime<Utc>,
    pub(super) used: bool,
}

/// How an envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its acknowledgement is awaited.
    Awaited,
    /// Its acknowledgement will get lost.
    Losing,
    /// Slack no longer waits for it; an event was sent again.
    GivenUp,
    /// It is acknowledged.
    Acknowledged,
}

/// An envelope that was sent.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) accepts_payload: bool,
    pub(super) standing: Standing,
    /// How many copies have not been acknowledged.
    pub(super) copies: u32,
    pub(super) waiting: Option<oneshot::Sender<Option<Value>>>,
    /// What was sent, to be repeated.
    pub(super) frame: Value,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) manifest: Manifest,
    pub(super) users: BTreeMap<String, User>,
    pub(super) channels: BTreeMap<String, Channel>,
    /// id → handle, name, members.
    pub(super) groups: BTreeMap<String, (String, String, Vec<String>)>,
    pub(super) messages: Vec<Message>,
    pub(super) views: Vec<OpenView>,
    /// Home tabs, by person.
    pub(super) homes: BTreeMap<String, OpenView>,
    /// Files on their way, by id.
    pub(super) places: HashMap<String, Upload>,
    pub(super) triggers: HashMap<String, Trigger>,
    pub(super) urls: HashMap<String, ResponseUrl>,
    pub(super) transcript: Vec<Line>,
    pub(super) calls: Vec<ApiCall>,
    pub(super) complaints: Vec<String>,
    pub(super) pending: HashMap<String, Pending>,
    pub(super) connections: Connections,
    pub(super) faults: Vec<Fault>,
    pub(super) weather: Weather,
    /// Posts per channel, for the rate limit.
    pub(super) posts: HashMap<String, Vec<DateTime<Utc>>>,
    pub(super) revoked: bool,
    pub(super) counter: u64,
    /// The last change of a message.
    pub(super) revision: u64,
    pub(super) last_ts: i64,
    pub(super) rate_limits: super::workspace::RateLimits,
}

impl State {
    /// A number nobody had before.
    pub(super) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// The id of a message written now.
    pub(super) fn next_ts(&mut self, now: DateTime<Utc>) -> String {
        self.last_ts = (self.last_ts + 1).max(now.timestamp_micros());
        format!("{}.{:06}", self.last_ts / 1_000_000, self.last_ts % 1_000_000)
    }

    pub(super) fn complain(&mut self, what: impl Into<String>) {
        self.complaints.push(what.into());
    }

    pub(super) fn names(&self) -> Names {
        let users = self.users.values().map(|user| (user.id.clone(), user.new.name.clone()));
        let channels = self
            .channels
            .values()
            .map(|channel| (channel.id.clone(), channel.name.clone()));
        let groups = self
            .groups
            .iter()
            .map(|(id, (handle, ..))| (id.clone(), handle.clone()));
        Names {
            users: users.collect(),
            channels: channels.collect(),
            groups: groups.collect(),
        }
    }

    pub(super) fn name(&self, user: &str) -> String {
        self.users
            .get(user)
            .map_or_else(|| user.to_owned(), |user| user.new.name.clone())
    }

    /// A channel by id or by `#name`.
    pub(super) fn channel(&self, words: &str) -> Option<&Channel> {
        match words.strip_prefix('#') {
            Some(name) => self.channels.values().find(|channel| channel.name == name),
            None => self.channels.get(words),
        }
    }

    /// Where something is, as people say it.
    pub(super) fn place(&self, channel: &str) -> String {
        match self.channels.get(channel) {
            Some(channel) if channel.kind == ChannelKind::Direct => {
                let other = channel.members.iter().find(|member| *member != BOT_USER);
                format!("@{}", other.map_or_else(String::new, |user| self.name(user)))
            }
            Some(channel) => format!("#{}", channel.name),
            None => channel.to_owned(),
        }
    }

    /// The direct conversation of a person with the bot; opened if there is none.
    pub(super) fn direct(&mut self, user: &str) -> String {
        let id = format!("D{}", user.trim_start_matches(['U', 'W']));
        self.channels.entry(id.clone()).or_insert_with(|| Channel {
            id: id.clone(),
            name: String::new(),
            kind: ChannelKind::Direct,
            members: vec![user.to_owned(), BOT_USER.to_owned()],
            archived: false,
            creator: None,
            created: 0,
            topic: String::new(),
            pins: Vec::new(),
            bookmarks: Vec::new(),
        });
        id
    }

    /// Shows a message, and says so in the transcript.
    pub(super) fn show(&mut self, mut message: Message, now: DateTime<Utc>) -> Message {
        message.reads = render::message(&message.text, message.blocks.as_ref(), &self.names());
        for file in &message.files {
            message.reads.extend(["\n[", &file.name, ": ", &file.title, "]"]);
        }
        let remark = message
            .only_to
            .as_ref()
            .map(|user| format!("only visible to @{}", self.name(user)));
        self.say(&message, remark, now);
        self.revision += 1;
        message.revision = self.revision;
        self.messages.push(message.clone());
        message
    }

    /// The message of a conversation that has this `ts`.
    pub(super) fn message(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        let found = self.messages.iter_mut().rev();
        found.into_iter().find(|it| it.channel == channel && it.ts == ts)
    }

    /// Puts an emoji under a message, or takes it away; says whether it is there now.
    pub(super) fn react(&mut self, user: &str, channel: &str, ts: &str, emoji: &str) -> bool {
        self.revision += 1;
        let revision = self.revision;
        let Some(message) = self.message(channel, ts) else {
            return false;
        };
        message.revision = revision;
        let Some(reaction) = message.reactions.iter_mut().find(|it| it.emoji == emoji) else {
            let (emoji, users) = (emoji.to_owned(), vec![user.to_owned()]);
            message.reactions.push(Reaction { emoji, users });
            return true;
        };
        let was_there = reaction.users.iter().any(|it| it == user);
        if was_there {
            reaction.users.retain(|it| it != user);
        } else {
            reaction.users.push(user.to_owned());
        }
        message.reactions.retain(|it| !it.users.is_empty());
        !was_there
    }

    /// Changes a message.
    pub(super) fn edit(&mut self, index: usize, text: String, blocks: Option<Value>, now: DateTime<Utc>) {
        let reads = render::message(&text, blocks.as_ref(), &self.names());
        let Some(message) = self.messages.get_mut(index) else {
            return;
        };
        let is_news = message.reads != reads;
        (message.text, message.blocks, message.reads, message.edited) = (text, blocks, reads, true);
        self.revision += 1;
        message.revision = self.revision;
        if is_news {
            let message = message.clone();
            self.say(&message, Some("edited".to_owned()), now);
        }
    }

    /// Takes a message away.
    pub(super) fn delete(&mut self, channel: &str, ts: &str) {
        self.messages.retain(|it| it.channel != channel || it.ts != ts);
        self.revision += 1;
    }

    fn say(&mut self, message: &Message, remark: Option<String>, at: DateTime<Utc>) {
        let line = Line {
            at,
            place: self.place(&message.channel),
            who: self.name(&message.user),
            text: message.reads.clone(),
            threaded: message.thread.is_some(),
            remark,
        };
        self.transcript.push(line);
    }

    /// Notes what somebody did.
    pub(super) fn did(&mut self, user: &str, channel: &str, text: String, at: DateTime<Utc>) {
        let (place, who) = (self.place(channel), self.name(user));
        self.transcript.push(Line {
            at,
            place,
            who,
            text,
            threaded: false,
            remark: None,
        });
    }

    pub(super) fn new_trigger(&mut self, user: &str, now: DateTime<Utc>) -> String {
        let id = format!("{}.{}.trigger", self.next(), now.timestamp_millis());
        let trigger = Trigger {
            user: user.to_owned(),
            at: now,
            used: false,
        };
        self.triggers.insert(id.clone(), trigger);
        id
    }

    /// Uses a trigger up; says whose it was.
    pub(super) fn use_trigger(&mut self, id: &str, now: DateTime<Utc>) -> Result<String, &'static str> {
        let trigger = self.triggers.get_mut(id).ok_or("invalid_trigger_id")?;
        if now - trigger.at > TRIGGER_LASTS {
            return Err("expired_trigger_id");
        }
        if std::mem::replace(&mut trigger.used, true) {
            return Err("exchanged_trigger_id");
        }
        Ok(trigger.user.clone())
    }

    /// Takes the first fault that fits, one use of it.
    pub(super) fn take_fault(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let index = self.faults.iter().position(fits)?;
        Some(self.faults.remove(index))
    }
}

//! What can be seen of the workspace.

use serde::Serialize;
use serde_json::{Value, json};

use super::faults::Weather;
use super::manifest::{MessageShortcut, SlashCommand};
use super::message::Message;
use super::person::Person;
use super::state::{ApiCall, BOT_USER, ChannelKind, Line, OpenView, Standing};
use super::workspace::Workspace;

/// Somebody in the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// Their handle.
    pub name: String,
    /// Their full name.
    pub real_name: String,
    /// Their IANA zone.
    pub zone: String,
    /// Whether their account is deactivated.
    pub deleted: bool,
    /// Whether this is the app.
    pub is_bot: bool,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name, without `#`; none where two people speak.
    pub name: String,
    /// What kind it is.
    pub kind: ChannelKind,
    /// Whether nothing more can be said there.
    pub archived: bool,
    /// The ids of those who are in it.
    pub members: Vec<String>,
    /// What it is about.
    pub topic: String,
    /// The `ts` of messages at its top.
    pub pins: Vec<String>,
    /// Links at its top: what each is called, and where it leads.
    pub bookmarks: Vec<(String, String)>,
}

/// A user group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// `cloud-oncall`.
    pub handle: String,
    /// The ids of those in it.
    pub users: Vec<String>,
}

impl Place {
    fn is_seen_by(&self, user: &str) -> bool {
        self.kind == ChannelKind::Public || self.members.iter().any(|member| member == user)
    }
}

impl Workspace {
    /// The messages of a channel (`#name` or id) outside of threads, that everybody sees, in order.
    pub fn messages(&self, channel: &str) -> Vec<Message> {
        self.look(|state| {
            let id = state
                .channel(channel)
                .map(|channel| channel.id.clone())
                .unwrap_or_default();
            let found = state
                .messages
                .iter()
                .filter(|it| it.channel == id && it.thread.is_none() && it.only_to.is_none());
            found.cloned().collect()
        })
    }

    /// The replies under a message.
    pub fn thread(&self, parent: &Message) -> Vec<Message> {
        self.look(|state| {
            let fits = |it: &&Message| {
                it.channel == parent.channel && it.thread.as_ref() == Some(&parent.ts) && it.only_to.is_none()
            };
            state.messages.iter().filter(fits).cloned().collect()
        })
    }

    /// The direct conversation of a person with the bot, threads included.
    pub fn dm(&self, person: &Person) -> Vec<Message> {
        let id = self.change(|state, _| state.direct(person.id()));
        self.look(|state| {
            state
                .messages
                .iter()
                .filter(|it| it.channel == id && it.only_to.is_none())
                .cloned()
                .collect()
        })
    }

    /// What only this person sees.
    pub fn ephemerals(&self, person: &Person) -> Vec<Message> {
        self.look(|state| {
            let own = |it: &&Message| it.only_to.as_deref() == Some(person.id());
            state.messages.iter().filter(own).cloned().collect()
        })
    }

    /// Every message there is, as it looks now.
    pub fn everything(&self) -> Vec<Message> {
        self.look(|state| state.messages.clone())
    }

    /// The forms a person has open, the newest last.
    pub fn views(&self, person: &Person) -> Vec<OpenView> {
        self.look(|state| {
            state
                .views
                .iter()
                .filter(|view| view.user == person.id())
                .cloned()
                .collect()
        })
    }

    /// Somebody's Home tab, as it was drawn last.
    pub fn home(&self, person: &Person) -> Option<OpenView> {
        self.look(|state| state.homes.get(person.id()).cloned())
    }

    /// Everything that became visible, in order.
    pub fn transcript(&self) -> Vec<Line> {
        self.look(|state| state.transcript.clone())
    }

    /// What a strict Slack disliked.
    pub fn complaints(&self) -> Vec<String> {
        self.look(|state| state.complaints.clone())
    }

    /// Every call of the Web API.
    pub fn calls(&self) -> Vec<ApiCall> {
        self.look(|state| state.calls.clone())
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.look(|state| state.connections.count())
    }

    /// How many envelopes have not been acknowledged.
    pub fn unacknowledged(&self) -> usize {
        self.look(|state| {
            state
                .pending
                .values()
                .filter(|it| it.standing == Standing::Awaited)
                .count()
        })
    }

    /// Everybody, the app among them.
    pub fn members(&self) -> Vec<Member> {
        self.look(|state| {
            let member = |user: &super::state::User| Member {
                id: user.id.clone(),
                name: user.new.name.clone(),
                real_name: user.new.real_name.clone(),
                zone: user.new.zone.clone(),
                deleted: user.deleted,
                is_bot: user.id == BOT_USER,
            };
            state.users.values().map(member).collect()
        })
    }

    /// Somebody, by id; the app is nobody.
    pub fn person(&self, id: &str) -> Option<Person> {
        let name = self.look(|state| state.users.get(id).map(|user| user.new.name.clone()))?;
        (id != BOT_USER).then(|| Person::new(self.clone(), id.to_owned(), name))
    }

    /// The conversations that somebody sees.
    pub fn places(&self, person: &Person) -> Vec<Place> {
        self.look(|state| {
            let place = |channel: &super::state::Channel| Place {
                id: channel.id.clone(),
                name: channel.name.clone(),
                kind: channel.kind,
                archived: channel.archived,
                members: channel.members.clone(),
                topic: channel.topic.clone(),
                pins: channel.pins.clone(),
                bookmarks: channel
                    .bookmarks
                    .iter()
                    .map(|(_, title, link)| (title.clone(), link.clone()))
                    .collect(),
            };
            let places = state.channels.values().map(place);
            places.filter(|place| place.is_seen_by(person.id())).collect()
        })
    }

    /// Every user group.
    pub fn groups(&self) -> Vec<Group> {
        self.look(|state| {
            let group = |(id, (handle, _, users)): (&String, &(String, String, Vec<String>))| Group {
                id: id.clone(),
                handle: handle.clone(),
                users: users.clone(),
            };
            state.groups.iter().map(group).collect()
        })
    }

    /// What the message box offers.
    pub fn commands(&self) -> Vec<SlashCommand> {
        self.look(|state| state.manifest.commands.clone())
    }

    /// What the menu of a message offers.
    pub fn shortcuts(&self) -> Vec<MessageShortcut> {
        self.look(|state| state.manifest.shortcuts.clone())
    }

    /// The messages somebody sees that are new or changed since a revision, and the revision they are of.
    pub fn news(&self, person: &Person, since: u64) -> (Vec<Message>, u64) {
        let places: Vec<String> = self.places(person).into_iter().map(|place| place.id).collect();
        self.look(|state| {
            let seen = |it: &&Message| {
                it.revision > since
                    && places.contains(&it.channel)
                    && it.only_to.as_deref().is_none_or(|only| only == person.id())
            };
            let news = state.messages.iter().filter(seen).cloned().collect();
            (news, state.revision)
        })
    }

    /// A message as it looks now.
    pub fn message(&self, channel: &str, ts: &str) -> Option<Message> {
        self.look(|state| {
            let mut newest_first = state.messages.iter().rev();
            newest_first.find(|it| it.channel == channel && it.ts == ts).cloned()
        })
    }

    /// What goes wrong.
    pub fn weather_now(&self) -> Weather {
        self.look(|state| state.weather)
    }

    /// The newest envelopes, the newest first, each with how it stands.
    pub fn envelopes(&self, at_most: usize) -> Vec<Value> {
        self.look(|state| {
            let number = |id: &str| id.trim_start_matches("env-").parse::<u64>().unwrap_or_default();
            let mut all: Vec<_> = state.pending.iter().collect();
            all.sort_by_key(|(id, _)| std::cmp::Reverse(number(id)));
            let newest = all.into_iter().take(at_most);
            newest
                .map(|(_, pending)| json!({"frame": pending.frame, "stands": format!("{:?}", pending.standing)}))
                .collect()
        })
    }
}

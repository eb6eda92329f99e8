//! People, channels and user groups of this workspace, as they were last read from Slack.
//!
//! Plain data with lookups. Fetching and keeping it fresh is deliberately absent: whoever reads Slack's lists builds a new
//! [`Directory`] and hands it over whole, so that nobody ever sees half of a change.
//!
//! The rule of names: a handle belongs to one person, a display name to anyone who likes it, so the handle wins. Where a
//! name fits several people equally, it fits *nobody*: waking the wrong person is worse than saying loudly that a name
//! needs to be clearer. People of other workspaces, whom shared channels bring in, are found by their id only, so that
//! none of them can take a name that stands in the configuration.

mod roster;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::domain::ids::{ChannelId, GroupId, UserId};

pub use roster::{Finding, roster, rules};

/// A person or a program of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Slack's id, `U…` or `W…`.
    pub id: UserId,
    /// The handle, without `@`.
    pub handle: String,
    /// What they want to be called; may be empty.
    pub display_name: String,
    /// Their name; may be empty.
    pub real_name: String,
    /// Their e-mail address, if the bot may see it.
    pub email: Option<String>,
    /// The IANA name of their zone.
    pub zone: Option<String>,
    /// The id of the workspace they belong to.
    pub workspace: String,
    /// What they are.
    pub kind: Kind,
    /// Whether they are still there.
    pub activity: Activity,
}

impl Person {
    /// What to call them: the display name, else the real name, else the handle.
    pub fn shown_name(&self) -> &str {
        [&self.display_name, &self.real_name]
            .into_iter()
            .find(|name| !name.trim().is_empty())
            .unwrap_or(&self.handle)
    }

    /// Whether a page could reach them.
    fn is_reachable(&self) -> bool {
        self.activity == Activity::Active && self.kind != Kind::Bot
    }
}

/// What somebody is in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A full member.
    Member,
    /// A guest of one or several channels. Guests can be paged, and cannot be in user groups.
    Guest,
    /// A program.
    Bot,
}

/// Whether somebody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// They are.
    Active,
    /// Their account was deactivated.
    Deactivated,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Slack's id, `C…` or `G…`.
    pub id: ChannelId,
    /// Its name, without `#`.
    pub name: String,
    /// Whether it was archived.
    pub archived: bool,
    /// Whether the bot is in it.
    pub member: bool,
    /// Whether only its members can see it.
    pub private: bool,
}

/// A user group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Slack's id, `S…`.
    pub id: GroupId,
    /// Its handle, without `@`.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub members: Vec<UserId>,
}

/// Who a name fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'d> {
    /// Nobody.
    Nobody,
    /// One person.
    One(&'d Person),
    /// The one with that handle, although others are called so too.
    OneByHandle(&'d Person, Vec<&'d Person>),
    /// Several equally, in the order of their ids.
    Several(Vec<&'d Person>),
}

impl<'d> Found<'d> {
    /// The person, if it is clear who is meant.
    pub fn person(&self) -> Option<&'d Person> {
        match self {
            Self::One(person) | Self::OneByHandle(person, _) => Some(person),
            Self::Nobody | Self::Several(_) => None,
        }
    }
}

/// Everybody and everything of the workspace that can be named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    workspace: String,
    people: BTreeMap<UserId, Person>,
    channels: BTreeMap<ChannelId, Channel>,
    groups: BTreeMap<GroupId, Group>,
    /// People by every folded name they have.
    named: HashMap<String, Vec<UserId>>,
}

impl Directory {
    /// Builds the directory of the workspace with the id `workspace`.
    pub fn new(
        workspace: impl Into<String>,
        people: impl IntoIterator<Item = Person>,
        channels: impl IntoIterator<Item = Channel>,
        groups: impl IntoIterator<Item = Group>,
    ) -> Self {
        let workspace = workspace.into();
        let people: BTreeMap<_, _> = people.into_iter().map(|person| (person.id.clone(), person)).collect();
        let mut named: HashMap<String, Vec<UserId>> = HashMap::new();
        for person in people.values().filter(|person| person.workspace == workspace) {
            let email = person.email.as_deref().unwrap_or_default();
            for name in [&person.handle, &person.display_name, &person.real_name, email] {
                let ids = named.entry(fold(name)).or_default();
                if !ids.contains(&person.id) {
                    ids.push(person.id.clone());
                }
            }
        }
        named.remove("");
        Self {
            workspace,
            people,
            channels: channels
                .into_iter()
                .map(|channel| (channel.id.clone(), channel))
                .collect(),
            groups: groups.into_iter().map(|group| (group.id.clone(), group)).collect(),
            named,
        }
    }

    /// Everybody, in the order of their ids.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// All channels, in the order of their ids.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values()
    }

    /// All user groups, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// The person with that id, of whatever workspace.
    pub fn person(&self, id: &UserId) -> Option<&Person> {
        self.people.get(id)
    }

    /// Who is called so: by id, e-mail address, handle, display name or real name, with or without `@`, in any case.
    ///
    /// People who can be reached come before those who left and before programs.
    pub fn person_named(&self, words: &str) -> Found<'_> {
        if let Some(person) = self.people.get(&UserId::new(words.trim())) {
            return Found::One(person);
        }
        let wanted = fold(words);
        let ids = self.named.get(&wanted).map_or(&[][..], Vec::as_slice);
        let (reachable, gone): (Vec<&Person>, Vec<&Person>) = ids
            .iter()
            .filter_map(|id| self.people.get(id))
            .partition(|person| person.is_reachable());
        let fitting = if reachable.is_empty() { gone } else { reachable };
        best(&wanted, fitting)
    }

    /// The channel with that id.
    pub fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.channels.get(id)
    }

    /// The channel of that id or name, with or without `#`, in any case; one that is not archived comes first.
    pub fn channel_named(&self, words: &str) -> Option<&Channel> {
        if let Some(channel) = self.channels.get(&ChannelId::new(words.trim())) {
            return Some(channel);
        }
        let wanted = words.trim().trim_start_matches('#').to_lowercase();
        self.channels
            .values()
            .filter(|channel| channel.name.to_lowercase() == wanted)
            .min_by_key(|channel| channel.archived)
    }

    /// The user group with that id.
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.get(id)
    }

    /// The user group of that id or handle, with or without `@`, in any case.
    pub fn group_named(&self, words: &str) -> Option<&Group> {
        let wanted = fold(words);
        self.groups.get(&GroupId::new(words.trim())).or_else(|| {
            let mut groups = self.groups.values();
            groups.find(|group| group.handle.to_lowercase() == wanted)
        })
    }

    /// The handles, display names and addresses people of this workspace can be found by.
    fn names_of_people(&self) -> impl Iterator<Item = &str> {
        let people = self.people.values();
        people
            .filter(|person| person.is_reachable() && person.workspace == self.workspace)
            .flat_map(|person| {
                let names = [person.handle.as_str(), person.display_name.as_str()];
                names.into_iter().chain(person.email.as_deref())
            })
            .filter(|name| !name.trim().is_empty())
    }
}

/// Of the people a name fits, those it fits best: the address before the handle before the display name before the name.
fn best<'d>(wanted: &str, fitting: Vec<&'d Person>) -> Found<'d> {
    let having = |name: fn(&Person) -> &str| -> Vec<&'d Person> {
        let fits = fitting.iter().filter(|person| fold(name(person)) == wanted);
        fits.copied().collect()
    };
    if let [person] = having(|person| person.email.as_deref().unwrap_or_default())[..] {
        return Found::One(person);
    }
    let by_handle = having(|person| &person.handle);
    let by_display_name = having(|person| &person.display_name);
    if let [person] = by_handle[..] {
        let others: Vec<_> = by_display_name
            .into_iter()
            .filter(|other| other.id != person.id)
            .collect();
        return if others.is_empty() {
            Found::One(person)
        } else {
            Found::OneByHandle(person, others)
        };
    }
    let candidates = [by_handle, by_display_name, fitting]
        .into_iter()
        .find(|people| !people.is_empty())
        .unwrap_or_default();
    match candidates[..] {
        [] => Found::Nobody,
        [person] => Found::One(person),
        _ => Found::Several(candidates),
    }
}

/// Folds case, spacing and a leading `@` away.
fn fold(words: &str) -> String {
    crate::domain::roster::fold(words)
}

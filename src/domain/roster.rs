//! Who is who: the teams of the configuration and the people of the workspace, as they stand now.
//!
//! The roster is an argument, like the time: it is never part of the journal. What was decided with it (whom a page went
//! to, and why) is written into the events, so that replaying them needs no roster and a reload cannot change the past.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;

use super::ids::{ChannelId, GroupId, TeamId, UserId};
use super::incident::Rules;
use super::runbook::{Allowed, Library};
use super::team::Team;

/// Teams, people and the few places that belong to the workspace as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// All teams.
    pub teams: BTreeMap<TeamId, Team>,
    /// Everybody the workspace knows, also those who left.
    pub people: HashMap<UserId, Person>,
    /// User groups by id, with their handle without `@`.
    pub groups: BTreeMap<GroupId, String>,
    /// Who is in each user group, as the workspace was read last.
    pub group_members: BTreeMap<GroupId, Vec<UserId>>,
    /// Where a page goes that reaches nobody.
    pub fallback: ChannelId,
    /// Who runs the bot: told when even the fallback channel cannot be reached.
    pub admins: Vec<UserId>,
    /// What guests of the workspace may do.
    pub guests: Guests,
    /// How incidents are dealt with.
    pub incidents: Rules,
    /// What is written down about what to do.
    pub runbooks: Library,
    /// Where runbooks may send requests.
    pub actions: Allowed,
    /// The zone of readers whose own is unknown, and of rotations that name none.
    pub zone: Tz,
    /// Where the workspace is read in a browser, up to what names a place in it; empty where that is unknown.
    pub address: String,
}

/// A person of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// The handle, without `@`.
    pub handle: String,
    /// What people call them.
    pub name: String,
    /// Their e-mail address, where the workspace shows it.
    pub email: Option<String>,
    /// Their zone, where the workspace knows it.
    pub zone: Option<Tz>,
    /// Whether they can still be reached.
    pub standing: Standing,
}

/// Whether a person can be paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A member of the workspace.
    Active,
    /// Somebody who sees only some of its channels.
    Guest,
    /// Somebody who left.
    Deactivated,
    /// A program; nobody wakes up for it.
    Bot,
}

/// What guests of the workspace may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Guests {
    /// Raise, note and acknowledge, and nothing that can be kept to some people.
    #[default]
    KeptOut,
    /// What members may.
    Allowed,
}

impl Roster {
    /// The team that `words` name by key, name or alias, whatever their case and spacing.
    pub fn team_named(&self, words: &str) -> Option<&Team> {
        let wanted = fold_team(words);
        self.teams
            .values()
            .find(|team| team.names().any(|name| fold_team(name) == wanted))
    }

    /// The team that a user group stands for.
    pub fn team_of_group(&self, group: &GroupId) -> Option<&Team> {
        self.teams.values().find(|team| team.group.as_ref() == Some(group))
    }

    /// The team whose channel this is; none when several share it.
    pub fn team_of_channel(&self, channel: &ChannelId) -> Option<&Team> {
        let mut owners = self.teams.values().filter(|team| team.channel.as_ref() == Ok(channel));
        owners.next().filter(|_| owners.next().is_none())
    }

    /// The zone a person reads times in.
    pub fn zone_of(&self, person: &UserId) -> Tz {
        self.people
            .get(person)
            .and_then(|person| person.zone)
            .unwrap_or(self.zone)
    }
}

impl Team {
    /// Every name people may use for it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), self.name.as_str()]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
    }
}

/// A team's name without what people leave out or mistake when they type it: `Dev  Experience` is `dev-experience`.
pub fn fold_team(words: &str) -> String {
    fold(&words.replace(['-', '_'], " "))
}

/// Folds case and spacing away, and a leading `@`, so that `Cloud  Ops` and `@cloud ops` are one name.
pub fn fold(words: &str) -> String {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_start_matches('@').to_owned()
}

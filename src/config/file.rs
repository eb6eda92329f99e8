//! What the file says, read and in order, but with people and channels still as they were written.
//!
//! These are references, not ids: who `@ana` is, only the workspace knows. What can be decided without asking (zones,
//! times, which rotation a level means, which team) is decided.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    command::Shortcut,
    domain::{
        duty::Duty,
        ids::{ChannelId, GroupId, TeamId, UserId},
        incident::{self, Cadence, Rules, Severity, Template, Topic},
        priority::Priority,
        roster::Guests,
        rotation::{self, Member, Period},
        runbook::{Allowed, Library},
        team::USUAL_LEASE,
    },
    intake::Criteria,
};

use super::problem::{Mark, Written};

/// A configuration without mistakes.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name, as it is shown to people.
    pub name: String,
    /// What holds for the whole workspace.
    pub workspace: Workspace,
    /// The teams, in the order of the file.
    pub teams: Vec<Team>,
    /// What bots post and what it means, in the order of the file.
    pub intake: Vec<Intake>,
    /// How incidents are dealt with.
    pub incidents: Incidents,
    /// Where runbooks may send requests.
    pub actions: Allowed,
    /// The operator's own slash commands, from the folder `commands` beside the file.
    pub shortcuts: Vec<Shortcut>,
    /// The runbooks, from the folder `runbooks` beside the file.
    pub runbooks: Library,
    /// The text, with what looked like a secret starred out.
    pub(super) text: String,
}

impl File {
    /// The same with these slash commands of the operator's.
    #[must_use]
    pub fn with_shortcuts(self, shortcuts: Vec<Shortcut>) -> Self {
        Self { shortcuts, ..self }
    }

    /// The same with these runbooks.
    #[must_use]
    pub fn with_runbooks(self, runbooks: Library) -> Self {
        Self { runbooks, ..self }
    }
}

/// What holds for the whole workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The zone of rotations that name none, and of readers whose own is unknown; UTC unless said otherwise.
    pub zone: Tz,
    /// Where a page goes that reaches nobody.
    pub fallback: Written<ChannelReference>,
    /// Where incidents are shown; where pages go that reach nobody when none.
    pub incidents: Option<Written<ChannelReference>>,
    /// Who runs the bot.
    pub admins: Vec<Written<PersonReference>>,
    /// What guests may do.
    pub guests: Guests,
}

/// What a bot posts in a channel, and what it means.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Whose posts.
    pub channel: Written<ChannelReference>,
    /// The team that answers for it, as it is written.
    pub team: Written<TeamId>,
    /// Which posts, and what they mean.
    pub criteria: Criteria,
}

/// `[incidents]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incidents {
    /// Which severities get a channel of their own.
    pub rooms: Vec<Severity>,
    /// Roles beside those every workspace has.
    pub roles: Vec<String>,
    /// When people are reminded.
    pub cadence: Cadence,
    /// Channels that are told without having asked: which, of what, how much.
    pub standing: Vec<Standing>,
    /// Updates that stand ready, from `[[templates]]`.
    pub templates: Vec<Template>,
}

/// A channel that is told of incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub channel: Written<ChannelReference>,
    /// Of what.
    pub to: Topic,
    /// How much.
    pub level: incident::Level,
}

impl Default for Incidents {
    fn default() -> Self {
        let usual = Rules::default();
        Self {
            rooms: usual.rooms,
            roles: usual.roles,
            cadence: usual.cadence,
            standing: Vec::new(),
            templates: Vec::new(),
        }
    }
}

/// Who may do something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum May {
    /// Every member of the workspace.
    #[default]
    Anyone,
    /// Everybody in the team's rotations and levels.
    Team,
    /// These.
    People(Vec<Written<PersonReference>>),
}

/// A team's `[policy]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How many more times the levels are walked after the first.
    pub repeat: u32,
    /// Priorities that are shown in the channel and page nobody.
    pub posts_only: Vec<Priority>,
    /// How long an acknowledgement holds.
    pub lease: TimeDelta,
    /// Who may end its alerts.
    pub resolve: May,
    /// Who may give them to somebody else.
    pub assign: May,
    /// Who may leave them alone for a while.
    pub snooze: May,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            repeat: 0,
            posts_only: vec![Priority::P4, Priority::P5],
            lease: USUAL_LEASE,
            resolve: May::Anyone,
            assign: May::Anyone,
            snooze: May::Anyone,
        }
    }
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its key.
    pub id: Written<TeamId>,
    /// What people call it; its key unless said otherwise.
    pub name: Written<String>,
    /// What else people call it.
    pub aliases: Vec<Written<String>>,
    /// Where its alerts are shown.
    pub channel: Written<ChannelReference>,
    /// The user group that is mentioned to reach it.
    pub group: Option<Written<GroupReference>>,
    /// Its rotations, in the order of the file.
    pub rotations: Vec<Rotation>,
    /// What whoever is on call looks after, in the order of the file.
    pub duties: Vec<Duty>,
    /// Who is paged, from the first level to the last; never empty.
    pub levels: Vec<Level>,
    /// How they are paged, and who may do what.
    pub policy: Policy,
}

impl Team {
    /// Every name people may use for it, with its place.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Mark)> {
        [
            (self.id.value.as_str(), &self.id.mark),
            (self.name.value.as_str(), &self.name.mark),
        ]
        .into_iter()
        .chain(self.aliases.iter().map(|alias| (alias.value.as_str(), &alias.mark)))
    }

    /// Everybody it names to be paged; some more than once.
    pub fn people(&self) -> impl Iterator<Item = &PersonReference> {
        let rotating = self.rotations.iter().flat_map(Rotation::people);
        let targets = self.levels.iter().flat_map(|level| &level.targets);
        let named = targets.filter_map(|target| match &target.value {
            Target::Person(person) => Some(person),
            Target::Rotation(_) | Target::Channel(_) | Target::Team(_) => None,
        });
        rotating.chain(named)
    }
}

/// A rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Its name within the team.
    pub name: Written<String>,
    /// The zone its boundaries are read in.
    pub zone: Tz,
    /// When the first shift begins, on the wall clock of `zone`.
    pub start: NaiveDateTime,
    /// How long each shift is.
    pub every: Period,
    /// Who takes turns from the start on, in order; never empty.
    pub members: Vec<Written<PersonReference>>,
    /// Who takes turns later, the earliest first.
    pub changes: Vec<Change>,
    /// What the team's freezes mean for it, the earliest first.
    pub freezes: Vec<Freeze>,
    /// When it is on call at all; round the clock when there are none.
    pub hours: Vec<rotation::Hours>,
}

/// Other members from a date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// From the first turn that begins then or later, on the wall clock of the rotation's zone.
    pub from: NaiveDateTime,
    /// Who takes turns, in order; never empty.
    pub members: Vec<Written<PersonReference>>,
}

/// Who has a rotation for an interval, whatever its turns and its hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// What people call it.
    pub name: String,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Up to, but not including.
    pub until: DateTime<Utc>,
    /// Who is on call; nobody where the file says so.
    pub who: Option<Written<PersonReference>>,
}

impl Rotation {
    /// The rotation of the domain, each member as `find` knows them.
    pub fn resolve(&self, mut find: impl FnMut(&Written<PersonReference>) -> Member) -> rotation::Rotation {
        let first = rotation::Rotation {
            name: self.name.value.clone(),
            zone: self.zone,
            start: self.start,
            every: self.every,
            members: self.members.iter().map(&mut find).collect(),
            changes: Vec::new(),
            freezes: self
                .freezes
                .iter()
                .map(|freeze| rotation::Freeze {
                    name: freeze.name.clone(),
                    from: freeze.from,
                    until: freeze.until,
                    who: freeze.who.as_ref().map(&mut find),
                })
                .collect(),
            hours: self.hours.clone(),
        };
        self.changes.iter().fold(first, |rotation, change| {
            rotation.changing(change.from, change.members.iter().map(&mut find).collect())
        })
    }

    /// Everybody it names.
    fn people(&self) -> impl Iterator<Item = &PersonReference> {
        let changes = self.changes.iter().flat_map(|change| &change.members);
        let frozen = self.freezes.iter().filter_map(|freeze| freeze.who.as_ref());
        self.members
            .iter()
            .chain(changes)
            .chain(frozen)
            .map(|member| &member.value)
    }
}

/// A level of an escalation policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Who is paged at the same time; never empty.
    pub targets: Vec<Written<Target>>,
    /// How long to wait for an answer: whole seconds, from 30 s to 24 h.
    pub wait: TimeDelta,
}

/// Whom a level pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Whoever is on call in this rotation of the same team, by the name the rotation gives itself.
    Rotation(String),
    /// One person.
    Person(PersonReference),
    /// A channel.
    Channel(ChannelReference),
    /// Whoever the first level of another team pages.
    Team(TeamId),
}

/// A person, as the file names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PersonReference {
    /// `@ana`, kept without the sign.
    Handle(String),
    /// `U03CLEO`.
    Id(UserId),
    /// `ana@example.com`.
    Email(String),
}

impl fmt::Display for PersonReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handle(handle) => write!(f, "@{handle}"),
            Self::Id(id) => write!(f, "{id}"),
            Self::Email(email) => f.write_str(email),
        }
    }
}

/// A channel, as the file names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChannelReference {
    /// `#cloud-alerts`, kept without the sign.
    Name(String),
    /// `C024BE91L`.
    Id(ChannelId),
}

impl fmt::Display for ChannelReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "#{name}"),
            Self::Id(id) => write!(f, "{id}"),
        }
    }
}

/// A user group, as the file names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GroupReference {
    /// `cloud-support`, kept without a sign.
    Handle(String),
    /// `S0614TZR7`.
    Id(GroupId),
}

impl fmt::Display for GroupReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handle(handle) => write!(f, "@{handle}"),
            Self::Id(id) => write!(f, "{id}"),
        }
    }
}

//! From references to ids: the configuration and the directory become the domain's roster.
//!
//! Nothing is ever dropped. A person nobody answers to stays in their rotation as [`Member::Unknown`], so that a page to
//! them is told loudly when it is due; the [`Finding`] says so now, with the line of the file.

use std::{collections::BTreeMap, fmt};

use chrono_tz::Tz;

use crate::{
    config::{ChannelReference, File, GroupReference, May, PersonReference, Problem, Target, Written, nearest},
    domain::{
        escalation::{Level, Policy, Target as Resolved},
        ids::{ChannelId, GroupId, UserId},
        incident::{Recipient, Rules, Subscription},
        permission::{Circle, Permissions},
        roster::{self, Roster, Standing},
        rotation::Member,
        team::Team,
    },
    intake::Rule,
};

use super::{Activity, Channel, Directory, Found, Kind, Person};

/// Something of the file that does not fit the workspace. The bot works, and somebody should look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the file.
    pub file: String,
    /// What is so, where, and what would work; [`File::render`] draws it under its line.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.in_one_line(&self.file))
    }
}

/// Finds everybody and everything the file names.
///
/// A fallback channel that is not found stays as its name, which Slack accepts for public channels: better an attempt
/// than none.
pub fn roster(file: &File, directory: &Directory) -> (Roster, Vec<Finding>) {
    let mut resolver = Resolver {
        directory,
        file: &file.name,
        findings: Vec::new(),
    };
    let fallback = match resolver.channel(&file.workspace.fallback) {
        Ok(id) => id,
        Err(name) => ChannelId::new(name.trim_start_matches('#')),
    };
    let standing = file.incidents.standing.iter().filter_map(|it| {
        Some(Subscription {
            who: Recipient::Channel(resolver.channel(&it.channel).ok()?),
            to: it.to.clone(),
            level: it.level,
        })
    });
    let standing = standing.collect();
    let board = file.workspace.incidents.as_ref().map(|board| resolver.channel(board));
    let admins = file
        .workspace
        .admins
        .iter()
        .filter_map(|admin| resolver.somebody(admin))
        .collect();
    let teams = file.teams.iter().map(|team| {
        let team = resolver.team(team);
        (team.id.clone(), team)
    });
    let teams = teams.collect();
    let roster = Roster {
        teams,
        people: directory
            .people()
            .map(|person| (person.id.clone(), known(person)))
            .collect(),
        groups: directory
            .groups()
            .map(|group| (group.id.clone(), group.handle.clone()))
            .collect::<BTreeMap<_, _>>(),
        group_members: directory
            .groups()
            .map(|group| (group.id.clone(), group.members.clone()))
            .collect(),
        fallback,
        admins,
        guests: file.workspace.guests,
        incidents: Rules {
            channel: board,
            rooms: file.incidents.rooms.clone(),
            roles: file.incidents.roles.clone(),
            cadence: file.incidents.cadence,
            standing,
            templates: file.incidents.templates.clone(),
        },
        runbooks: file.runbooks.clone(),
        actions: file.actions.clone(),
        zone: file.workspace.zone,
        address: String::new(),
    };
    (roster, resolver.findings)
}

/// The rules for what bots post, each in its channel; a rule whose channel nobody knows is left out and found.
pub fn rules(file: &File, directory: &Directory) -> (Vec<Rule>, Vec<Finding>) {
    let mut resolver = Resolver {
        directory,
        file: &file.name,
        findings: Vec::new(),
    };
    let rules = file
        .intake
        .iter()
        .filter_map(|rule| {
            Some(Rule {
                channel: resolver.channel(&rule.channel).ok()?,
                place: rule.channel.value.to_string(),
                criteria: rule.criteria.clone(),
            })
        })
        .collect();
    (rules, resolver.findings)
}

/// A person as the domain knows them.
fn known(person: &Person) -> roster::Person {
    roster::Person {
        id: person.id.clone(),
        handle: person.handle.clone(),
        name: person.shown_name().to_owned(),
        email: person.email.clone(),
        zone: person.zone.as_deref().and_then(|zone| zone.parse::<Tz>().ok()),
        standing: match (person.activity, person.kind) {
            (Activity::Deactivated, _) => Standing::Deactivated,
            (Activity::Active, Kind::Bot) => Standing::Bot,
            (Activity::Active, Kind::Member) => Standing::Active,
            (Activity::Active, Kind::Guest) => Standing::Guest,
        },
    }
}

struct Resolver<'d> {
    directory: &'d Directory,
    file: &'d str,
    findings: Vec<Finding>,
}

impl Resolver<'_> {
    fn team(&mut self, team: &crate::config::Team) -> Team {
        Team {
            id: team.id.value.clone(),
            name: team.name.value.clone(),
            aliases: team.aliases.iter().map(|alias| alias.value.clone()).collect(),
            channel: self.channel(&team.channel),
            group: team.group.as_ref().and_then(|group| self.group(group)),
            handle: team.group.as_ref().and_then(|group| match &group.value {
                GroupReference::Handle(handle) => Some(handle.clone()),
                GroupReference::Id(_) => None,
            }),
            rotations: team
                .rotations
                .iter()
                .map(|rotation| rotation.resolve(|member| self.member(member)))
                .collect(),
            duties: team.duties.clone(),
            policy: Policy {
                levels: team.levels.iter().map(|level| self.level(level)).collect(),
                repeat: team.policy.repeat,
            },
            posts_only: team.policy.posts_only.clone(),
            lease: team.policy.lease,
            permissions: Permissions {
                resolve: self.circle(&team.policy.resolve),
                assign: self.circle(&team.policy.assign),
                snooze: self.circle(&team.policy.snooze),
            },
        }
    }

    fn circle(&mut self, may: &May) -> Circle {
        match may {
            May::Anyone => Circle::Anyone,
            May::Team => Circle::Team,
            May::People(people) => Circle::People(people.iter().filter_map(|person| self.somebody(person)).collect()),
        }
    }

    fn level(&mut self, level: &crate::config::Level) -> Level {
        let mut targets = Vec::with_capacity(level.targets.len());
        for target in &level.targets {
            let at = |value| Written {
                value,
                mark: target.mark.clone(),
            };
            targets.push(match &target.value {
                Target::Rotation(name) => Resolved::Rotation(name.clone()),
                Target::Team(team) => Resolved::Team(team.clone()),
                Target::Person(person) => Resolved::Person(self.member(&at(person.clone()))),
                Target::Channel(channel) => Resolved::Channel(self.channel(&Written {
                    value: channel.clone(),
                    mark: target.mark.clone(),
                })),
            });
        }
        Level {
            targets,
            wait_seconds: u32::try_from(level.wait.num_seconds()).unwrap_or(u32::MAX),
        }
    }

    fn somebody(&mut self, person: &Written<PersonReference>) -> Option<UserId> {
        match self.member(person) {
            Member::Known(id) => Some(id),
            Member::Unknown(_) => None,
        }
    }

    fn member(&mut self, written: &Written<PersonReference>) -> Member {
        let name = written.value.to_string();
        let directory = self.directory;
        let found = match &written.value {
            PersonReference::Id(id) => directory.person(id).map_or(Found::Nobody, Found::One),
            PersonReference::Handle(words) | PersonReference::Email(words) => directory.person_named(words),
        };
        let at = |what: String| Problem::at(&written.mark, what);
        match &found {
            Found::Nobody => {
                let near = self.nearest_people(&written.value);
                self.find(at(format!("nobody in the workspace answers to `{name}`")).help_if(near));
            }
            Found::Several(people) => {
                let hint = format!("write one of the ids: {}", listed(people));
                self.find(at(format!("`{name}` fits several people, so it pages none of them")).help(hint));
            }
            Found::OneByHandle(person, others) => {
                let what = format!(
                    "`{name}` is the handle of {} and what others are called",
                    described(person)
                );
                let hint = format!("write the id to be clear; the others are {}", listed(others));
                self.find(at(what).help(hint));
            }
            Found::One(_) => {}
        }
        let Some(person) = found.person() else {
            return Member::Unknown(name);
        };
        if person.activity == Activity::Deactivated {
            let problem = at(format!("`{name}` was deactivated, so no page reaches them"));
            self.find(problem.help("name somebody else"));
        } else if person.kind == Kind::Bot {
            let problem = at(format!("`{name}` is a program, and nobody wakes up for it"));
            self.find(problem.help("name a person"));
        }
        Member::Known(person.id.clone())
    }

    fn nearest_people(&self, person: &PersonReference) -> Option<String> {
        let (typed, sign) = match person {
            // Ids that look alike have nothing to do with each other.
            PersonReference::Id(_) => return None,
            PersonReference::Handle(handle) => (handle, "@"),
            PersonReference::Email(address) => (address, ""),
        };
        let is_address = |name: &&str| name.contains('@') == sign.is_empty();
        did_you_mean(typed, sign, self.directory.names_of_people().filter(is_address))
    }

    fn channel(&mut self, written: &Written<ChannelReference>) -> Result<ChannelId, String> {
        let name = written.value.to_string();
        let directory = self.directory;
        let at = |what: String| Problem::at(&written.mark, what);
        let found = match &written.value {
            ChannelReference::Id(id) => directory.channel(id),
            ChannelReference::Name(name) => directory.channel_named(name),
        };
        let Some(channel) = found else {
            let names = directory.channels().filter(|channel| !channel.archived);
            let near = did_you_mean(
                name.trim_start_matches('#'),
                "#",
                names.map(|channel| channel.name.as_str()),
            );
            let usual = "if it is private, invite the bot, since it cannot see the channel otherwise";
            self.find(at(format!("there is no channel `{name}`")).help_if(near).help(usual));
            return match &written.value {
                // The channel may be private and unseen, so Slack has the last word about an id.
                ChannelReference::Id(id) => Ok(id.clone()),
                ChannelReference::Name(_) => Err(name),
            };
        };
        if let Some(problem) = trouble(channel, &name) {
            self.find(at(problem.0).help(problem.1));
        }
        Ok(channel.id.clone())
    }

    fn group(&mut self, written: &Written<GroupReference>) -> Option<GroupId> {
        let found = match &written.value {
            GroupReference::Id(id) => self.directory.group(id),
            GroupReference::Handle(handle) => self.directory.group_named(handle),
        };
        if found.is_none() {
            let handles = self.directory.groups().map(|group| group.handle.as_str());
            let near = match &written.value {
                GroupReference::Id(_) => None,
                GroupReference::Handle(handle) => did_you_mean(handle, "", handles),
            };
            let what = format!("there is no user group `{}`", written.value);
            self.find(Problem::at(&written.mark, what).help_if(near));
        }
        found.map(|group| group.id.clone())
    }

    fn find(&mut self, problem: Problem) {
        let finding = Finding {
            file: self.file.to_owned(),
            problem,
        };
        self.findings.push(finding);
    }
}

/// What keeps the bot from posting in a channel, and what would help.
fn trouble(channel: &Channel, name: &str) -> Option<(String, String)> {
    if channel.archived {
        let hint = format!("unarchive `#{}`, or name another channel", channel.name);
        return Some((format!("channel `{name}` is archived"), hint));
    }
    (!channel.member).then(|| {
        let hint = format!("type `/invite @nightbell` in `#{}`", channel.name);
        (format!("the bot is not in channel `{name}`"), hint)
    })
}

fn did_you_mean<'c>(typed: &str, sign: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let near: Vec<String> = nearest(typed, candidates)
        .into_iter()
        .map(|name| format!("`{sign}{name}`"))
        .collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

fn described(person: &Person) -> String {
    format!("`{}` ({})", person.id, person.shown_name())
}

fn listed(people: &[&Person]) -> String {
    /// More would be a page of their own.
    const LISTED_AT_MOST: usize = 5;
    let described: Vec<String> = people
        .iter()
        .take(LISTED_AT_MOST)
        .map(|person| described(person))
        .collect();
    described.join(", ")
}

//! Teams and people by what they are called, and the nearest teams to a word that names none.

use super::markup::Mention;
use super::words::{Words, key};
use crate::domain::escalation::Target;
use crate::domain::ids::{ChannelId, TeamId, UserId};
use crate::domain::roster::{Roster, fold};
use crate::domain::rotation::Member;
use crate::domain::team::Team;

/// The most words a team's name has; what is longer is no name, so a long message costs nothing.
pub(super) const LONGEST_NAME: usize = 8;
/// How alike a word and a name must be, from 0 to 1, to take one for the other misspelt.
const ALIKE: f64 = 0.6;
/// What is compared of a word: more only costs time.
const COMPARED: usize = 64;

/// Whom some words name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// A team.
    Team(TeamId),
    /// A person.
    Person(UserId),
    /// Nobody.
    Nobody,
}

/// Reads all of `words` as a name.
pub(super) fn named(words: Words<'_>, roster: &Roster) -> Named {
    if words.is_empty() || words.len() > LONGEST_NAME {
        return Named::Nobody;
    }
    match words.mention() {
        Some(Mention::Person(id)) => return Named::Person(id.clone()),
        Some(Mention::Group(id)) => {
            if let Some(team) = roster.team_of_group(id) {
                return Named::Team(team.id.clone());
            }
        }
        Some(Mention::Channel(id)) => {
            if let Some(team) = roster.team_of_channel(id) {
                return Named::Team(team.id.clone());
            }
        }
        Some(Mention::Other) | None => {}
    }
    let raw = words.raw();
    let bare: Vec<String> = (0..words.len()).filter_map(|index| words.key(index)).collect();
    let bare = bare.join(" ");
    let bare = bare.trim();
    if bare.is_empty() {
        return Named::Nobody;
    }
    let shorter = bare.strip_prefix("the ").unwrap_or(bare);
    let shorter = shorter.strip_suffix(" team").unwrap_or(shorter);
    if let Some(team) = [raw, bare, shorter].into_iter().find_map(|name| team(name, roster)) {
        return Named::Team(team.id.clone());
    }
    let by_id = roster.people.get(&UserId::new(raw)).map(|person| person.id.clone());
    person(bare, roster).or(by_id).map_or(Named::Nobody, Named::Person)
}

fn team<'r>(name: &str, roster: &'r Roster) -> Option<&'r Team> {
    let handle = fold(name);
    roster.team_named(name).or_else(|| {
        let (group, _) = roster.groups.iter().find(|(_, known)| fold(known) == handle)?;
        roster.team_of_group(group)
    })
}

fn person(name: &str, roster: &Roster) -> Option<UserId> {
    let wanted = fold(name);
    let called = |id: &UserId| {
        roster.people.get(id).is_some_and(|person| {
            [person.handle.as_str(), person.name.as_str()]
                .into_iter()
                .chain(person.email.as_deref())
                .any(|name| fold(name) == wanted)
        })
    };
    // The smallest id, so that the answer does not depend on the order of a hash map.
    roster.people.keys().filter(|id| called(id)).min().cloned()
}

/// All teams, the nearest to `word` first.
pub(super) fn nearest_teams(word: &str, roster: &Roster) -> Vec<TeamId> {
    let mut teams: Vec<(f64, &Team)> = roster.teams.values().map(|team| (likeness(word, team), team)).collect();
    teams.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    teams.into_iter().map(|(_, team)| team.id.clone()).collect()
}

/// How many teams are called nearly that.
pub(super) fn teams_near(word: &str, roster: &Roster) -> usize {
    let teams = roster.teams.values();
    teams.filter(|team| likeness(word, team) >= ALIKE).count()
}

/// Whether some team is called nearly that.
pub(super) fn is_nearly_a_team(word: &str, roster: &Roster) -> bool {
    roster.teams.values().any(|team| likeness(word, team) >= ALIKE)
}

/// Whether one name is nearly another.
pub(super) fn are_alike(word: &str, name: &str) -> bool {
    let cut: String = fold(word).chars().take(COMPARED).collect();
    strsim::normalized_damerau_levenshtein(&cut, &fold(name)) >= ALIKE
}

/// All teams, the one whose channel this is first.
pub(super) fn teams_from(channel: &ChannelId, roster: &Roster) -> Vec<TeamId> {
    let here = roster.team_of_channel(channel).map(|team| team.id.clone());
    let others = roster.teams.keys().filter(|id| Some(*id) != here.as_ref()).cloned();
    here.iter().cloned().chain(others).collect()
}

/// The teams a person belongs to; all teams when they belong to none.
pub(super) fn teams_of(person: &UserId, roster: &Roster) -> Vec<TeamId> {
    let is_person = |member: &Member| matches!(member, Member::Known(id) if id == person);
    let belongs = |team: &Team| {
        let on_call = team
            .rotations
            .iter()
            .any(|rotation| rotation.everybody().any(is_person));
        on_call
            || team.policy.levels.iter().any(|level| {
                level
                    .targets
                    .iter()
                    .any(|target| matches!(target, Target::Person(member) if is_person(member)))
            })
    };
    let theirs: Vec<TeamId> = roster
        .teams
        .values()
        .filter(|team| belongs(team))
        .map(|team| team.id.clone())
        .collect();
    if theirs.is_empty() {
        roster.teams.keys().cloned().collect()
    } else {
        theirs
    }
}

fn likeness(word: &str, team: &Team) -> f64 {
    let word: String = fold(&key(word)).chars().take(COMPARED).collect();
    team.names()
        .map(|name| strsim::normalized_damerau_levenshtein(&word, &fold(name)))
        .fold(0.0, f64::max)
}

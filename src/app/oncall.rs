//! `nightbell oncall`: who is on call, and the shifts as a calendar, from the configuration and the data folder alone.
//!
//! Slack is not asked. People are called what the configuration calls them; those whom only an override names are ids,
//! unless a bot runs and says who they are.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::control::{self, Question};
use super::still::{self, StillError};
use crate::command::Whose;
use crate::command::time::Moment;
use crate::config::{self, File, PersonReference, nearest};
use crate::directory::{self, Activity, Directory, Kind, Person};
use crate::domain::ids::{OverrideId, TeamId, UserId};
use crate::domain::roster::Roster;
use crate::domain::team::Team;
use crate::domain::{Subject, World};
use crate::engine::{EngineError, journal};
use crate::store::{LoadedStream, Store};
use crate::view::{self, Scene};

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of which team, as people call it; of all where nothing is said.
    pub team: Option<String>,
    /// When, as people write it; now where nothing is said.
    pub at: Option<String>,
    /// As a calendar file.
    pub ics: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OnCallError {
    /// No team is called that.
    #[error("there is no team `{word}`; {hint}")]
    NoTeam {
        /// What was typed.
        word: String,
        /// What may have been meant.
        hint: String,
    },
    /// It is no time.
    #[error("`{0}` is no time; write one like `now`, `in 2h`, `mon 18:00`, `tomorrow 9:00` or `2026-11-21 09:00`")]
    NoTime(String),
    /// A clock change makes it none or two.
    #[error("`{word}`: {why}")]
    NoInstant {
        /// What was typed.
        word: String,
        /// Why, and what would work.
        why: String,
    },
    /// There is no folder.
    #[error("there is no data folder {0}; `--data` names another, and `nightbell run` makes one")]
    NoFolder(String),
    /// A calendar would be empty.
    #[error("nobody is on call in the 90 days after that, so there is nothing to put into a calendar")]
    NoShifts,
    /// A bot uses the folder and gave no copy.
    #[error(transparent)]
    Still(#[from] StillError),
    /// What is stored cannot be read.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Answers with what is to be printed.
///
/// # Errors
/// When the team or the time is none, or the folder cannot be read.
pub fn answer(file: &File, data: &Path, wanted: &Wanted, now: DateTime<Utc>) -> Result<String, OnCallError> {
    let zone = file.workspace.zone;
    let now = match &wanted.at {
        Some(word) => instant(word, zone, now)?,
        None => now,
    };
    let mut roster = roster(file);
    let team = wanted.team.as_deref().map(|word| team(word, &roster)).transpose()?;
    if !data.is_dir() {
        return Err(OnCallError::NoFolder(data.display().to_string()));
    }
    let world = still::read(data, world)??;
    for (id, handle) in names(file, &world, data) {
        roster.people.insert(id.clone(), known(id, handle));
    }
    let scene = Scene {
        world: &world,
        roster: &roster,
        now,
    };
    if wanted.ics {
        let whose = team.map_or(Whose::Everybody, Whose::Team);
        let calendar = view::oncall::calendar(scene, &whose, usize::MAX).ok_or(OnCallError::NoShifts)?;
        return Ok(calendar.text);
    }
    let teams = roster
        .teams
        .values()
        .filter(|it| team.as_ref().is_none_or(|of| it.id == *of));
    let said: Vec<String> = teams.map(|team| view::oncall::levels(scene, team, zone)).collect();
    Ok(said.join("\n\n") + "\n")
}

fn instant(word: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, OnCallError> {
    let moment = Moment::parse(word).ok_or_else(|| OnCallError::NoTime(word.to_owned()))?;
    moment.on(zone, now).map_err(|why| OnCallError::NoInstant {
        word: word.to_owned(),
        why: view::confused::no_instant(&why),
    })
}

fn team(word: &str, roster: &Roster) -> Result<TeamId, OnCallError> {
    if let Some(team) = roster.team_named(word) {
        return Ok(team.id.clone());
    }
    // A team has several names, and its key stands for all of them.
    let mut near: Vec<&str> = nearest(word, roster.teams.values().flat_map(Team::names))
        .into_iter()
        .filter_map(|name| Some(roster.team_named(name)?.id.as_str()))
        .collect();
    near.dedup();
    let quoted = |names: Vec<&str>| {
        let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
        quoted.join(", ")
    };
    let hint = if near.is_empty() {
        format!(
            "there are: {}",
            quoted(roster.teams.keys().map(TeamId::as_str).collect())
        )
    } else {
        format!("did you mean {}?", quoted(near))
    };
    Err(OnCallError::NoTeam {
        word: word.to_owned(),
        hint,
    })
}

/// What people agreed on, also what is over: somebody may ask about last week; and what is known of handoffs.
pub(super) fn world(data: &Path) -> Result<World, EngineError> {
    let store = Store::open(data)?;
    let loaded = store.load(|_, _| ())?;
    let last = loaded.last_ids.get(&journal::OVERRIDE).copied().unwrap_or_default();
    let mut world = World::default();
    let mut streams: BTreeMap<u64, LoadedStream> = BTreeMap::new();
    for found in loaded.streams {
        match found.stream.kind {
            journal::OVERRIDE => drop(streams.insert(found.stream.id, found)),
            journal::WATCH => journal::fold(&mut world, &[], &found)?,
            _ => {}
        }
    }
    for id in 1..=last {
        let stream = journal::stream(Subject::Override(OverrideId(id)));
        let found = streams.remove(&id).unwrap_or(LoadedStream {
            stream,
            snapshot: None,
            rows: Vec::new(),
        });
        journal::fold(&mut world, &store.archived(stream)?, &found)?;
    }
    Ok(world)
}

/// The roster as the configuration has it: everybody it names stands for themselves.
fn roster(file: &File) -> Roster {
    let people = people(file).map(|reference| {
        let written = reference.to_string();
        let email = matches!(reference, PersonReference::Email(_)).then(|| written.clone());
        let handle = match reference {
            PersonReference::Handle(handle) => handle.clone(),
            PersonReference::Id(_) | PersonReference::Email(_) => String::new(),
        };
        Person {
            id: UserId::new(written),
            handle,
            display_name: String::new(),
            real_name: String::new(),
            email,
            zone: None,
            workspace: String::new(),
            kind: Kind::Member,
            activity: Activity::Active,
        }
    });
    let stand_ins = Directory::new(String::new(), people, [], []);
    let (mut roster, _) = directory::roster(file, &stand_ins);
    // Nobody is known yet: each is called what they are written as.
    roster.people.clear();
    roster
}

/// Everybody the file names to be paged.
fn people(file: &File) -> impl Iterator<Item = &PersonReference> {
    file.teams.iter().flat_map(config::Team::people)
}

/// The handles of those who are known by id, as far as a running bot knows them. Without one they stay ids.
fn names(file: &File, world: &World, data: &Path) -> BTreeMap<UserId, String> {
    let by_file = people(file).filter_map(|person| match person {
        PersonReference::Id(id) => Some(id.clone()),
        PersonReference::Handle(_) | PersonReference::Email(_) => None,
    });
    let overrides = world.overrides().iter();
    let by_override = overrides.flat_map(|it| {
        let parts = it.parts.iter().filter_map(|part| part.who.clone());
        parts.chain([it.by.clone()])
    });
    let mut of: Vec<UserId> = by_file.chain(by_override).collect();
    of.sort_unstable();
    of.dedup();
    if of.is_empty() {
        return BTreeMap::new();
    }
    let said = control::ask(data, &Question::Names { of });
    said.ok()
        .and_then(|said| serde_json::from_str(&said).ok())
        .unwrap_or_default()
}

fn known(id: UserId, handle: String) -> crate::domain::roster::Person {
    crate::domain::roster::Person {
        id,
        name: format!("@{handle}"),
        handle,
        email: None,
        zone: None,
        standing: crate::domain::roster::Standing::Active,
    }
}

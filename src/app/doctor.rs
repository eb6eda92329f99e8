//! `nightbell doctor`: everything that could keep a page from going out, looked at before it does.

use std::fmt;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

use super::workspace::{Workspace, directory};
use super::{oncall, still};
use crate::command::manifest::SCOPES;
use crate::config::File;
use crate::config::environment::Lookup;
use crate::directory::{self, Directory};
use crate::domain::World;
use crate::domain::ids::ChannelId;
use crate::domain::roster::Roster;
use crate::slack::Web;
use crate::slack::call::{Answer, Call};
use crate::store::{Store, StoreError};
use crate::view::text::in_terminal;
use crate::view::{self, Scene};

/// From which difference on clocks are worth a word.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// Below so many free bytes somebody should do something, while there is time.
const ROOM: u64 = 500_000_000;

/// What helps against trouble that passes.
const AGAIN: &str = "run `nightbell doctor` again in a minute";

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: String,
    /// What to do about it; none when nothing needs to be done.
    pub fix: Option<String>,
    /// Whether it is neither well nor ill, but good to know.
    pub is_note: bool,
}

impl Finding {
    fn well(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: None,
            is_note: false,
        }
    }

    fn note(what: impl Into<String>) -> Self {
        Self {
            is_note: true,
            ..Self::well(what)
        }
    }

    fn ill(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: Some(fix.into()),
            is_note: false,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fix {
            None if self.is_note => write!(f, "note {}", self.what),
            None => write!(f, "ok   {}", self.what),
            Some(fix) => write!(f, "BAD  {}\n     {fix}", self.what),
        }
    }
}

/// Looks at everything. Trouble is a finding, not an error; what depends on it is left out.
pub async fn examine(web: &Web, file: &File, data: &Path, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = vec![folder(data)];
    findings.extend(disk(data));
    let identity = match web.auth().await {
        Ok(identity) => identity,
        Err(error) => {
            findings.push(Finding::ill("the bot token", format!("failed to {error}")));
            return findings;
        }
    };
    findings.push(Finding::well(format!(
        "the bot token, for the workspace {}",
        identity.team_name
    )));
    findings.push(match web.open_connection().await {
        Ok(_) => Finding::well("the app-level token, and Socket Mode"),
        Err(error) => Finding::ill("the app-level token", format!("failed to {error}")),
    });
    let lacking: Vec<&str> = Workspace::lacking(&identity);
    findings.push(if lacking.is_empty() {
        Finding::well(format!("the app's {} scopes", SCOPES.len()))
    } else {
        let fix = "update the app's manifest from `nightbell manifest` and install it again";
        Finding::ill(format!("the app lacks scopes: {}", lacking.join(", ")), fix)
    });
    if let Some(slack_time) = identity.slack_time {
        findings.push(clocks(now, slack_time));
    }
    match directory(web, &identity.team).await {
        Ok(directory) => {
            findings.extend(names(file, &directory));
            let (roster, _) = directory::roster(file, &directory);
            findings.extend(user_groups(web, &roster).await);
            findings.extend(rotations(&roster, data, now));
        }
        Err(error) => findings.push(Finding::ill("people and channels", format!("failed to {error}"))),
    }
    findings
}

/// Secrets that runbooks may send and the environment does not have.
pub fn secrets(file: &File, lookup: Lookup<'_>) -> Vec<Finding> {
    let names = file.actions.secrets.keys();
    let unset = |name: &&String| lookup(name).is_none_or(|value| value.trim().is_empty());
    let missing: Vec<Finding> = names
        .clone()
        .filter(unset)
        .map(|name| {
            let what = format!("the secret {name} of `[actions]`");
            Finding::ill(what, "set this variable in the environment the bot is started with")
        })
        .collect();
    if missing.is_empty() && names.len() > 0 {
        return vec![Finding::well(format!("the {} secrets of `[actions]`", names.len()))];
    }
    missing
}

/// What keeps pages from people in the next 90 days, as `/oncall check` says it.
fn rotations(roster: &Roster, data: &Path, now: DateTime<Utc>) -> Vec<Finding> {
    // Before the first start there is nothing that people have agreed on.
    let world = if data.is_dir() {
        still::read(data, oncall::world).map_err(|error| error.to_string())
    } else {
        Ok(Ok(World::default()))
    };
    let world = match world.map(|world| world.map_err(|error| error.to_string())) {
        Ok(Ok(world)) => world,
        Err(why) | Ok(Err(why)) => {
            return vec![Finding::ill(
                "the rotations",
                format!("what is stored could not be read: {why}"),
            )];
        }
    };
    let scene = Scene {
        world: &world,
        roster,
        now,
    };
    let mut findings = Vec::new();
    for team in roster.teams.values() {
        for said in view::oncall::findings(scene, team) {
            let said = in_terminal(&said);
            let what = |said: &str| format!("{}: {said}", team.name);
            findings.push(match said.strip_prefix(":warning: ") {
                Some(said) => Finding::ill(what(said), "`/oncall check` says this in Slack, with what helps there"),
                None => Finding::note(what(&said)),
            });
        }
    }
    if findings.is_empty() {
        findings.push(Finding::well(
            "somebody is on call whenever the rotations promise it, for 90 days",
        ));
    }
    findings
}

/// Whether the bot may write the user group of each team. Slack tells nobody who asks, only who tries: so each group is set
/// to exactly those who are in it, which changes nothing. An empty one is left alone, because none can be set to nobody.
async fn user_groups(web: &Web, roster: &Roster) -> Vec<Finding> {
    let mut findings = Vec::new();
    if roster.teams.values().all(|team| team.group.is_none()) {
        return findings;
    }
    // Read a moment before it is written, so that nobody who was added in between is lost.
    let groups = match web.user_groups().await {
        Ok(groups) => groups,
        Err(error) => return vec![Finding::ill("the user groups", format!("failed to {error}"))],
    };
    for team in roster.teams.values() {
        let Some(found) = groups
            .iter()
            .find(|found| team.group.as_ref().is_some_and(|group| group.as_str() == found.id))
        else {
            continue;
        };
        let what = format!("the user group @{} of {}", found.handle, team.name);
        if found.users.is_empty() {
            findings.push(Finding::well(format!(
                "{what} is empty, so whether it can be written was not tried"
            )));
            continue;
        }
        let call = Call::SetGroup {
            group: found.id.clone(),
            users: found.users.clone(),
        };
        findings.push(match web.deliver(&call, 0).await {
            Answer::Done(_) | Answer::Read(_) => Finding::well(format!("{what} can be written")),
            Answer::Refused { code, .. } | Answer::Unauthorized { code } => {
                Finding::ill(format!("{what}: Slack answers `{code}`"), group_fix(&code))
            }
            Answer::Wait { .. } => Finding::ill(format!("{what}: Slack asks to wait"), AGAIN),
            Answer::Again { why } | Answer::Unknown { why } => Finding::ill(format!("{what}: {why}"), AGAIN),
        });
    }
    findings
}

fn group_fix(code: &str) -> &'static str {
    match code {
        "missing_scope" => "the app lacks `usergroups:write`: update its manifest and install it again",
        "permission_denied" => {
            "only some people may change user groups here: let the app, under the workspace's permissions"
        }
        "plan_upgrade_required" | "paid_teams_only" => {
            "the workspace's plan has no user groups: leave `usergroup` out of the configuration"
        }
        _ => "until that is mended the group stays as it is; `/oncall` always knows who is on call",
    }
}

fn folder(data: &Path) -> Finding {
    let what = format!("the data folder {}", data.display());
    match Store::open(data) {
        Ok(_) => Finding::well(what),
        Err(StoreError::AlreadyOpen { .. }) => Finding::well(format!("{what}, in use by a running Nightbell")),
        Err(error) => Finding::ill(what, error.to_string()),
    }
}

/// The room on the disk that holds the data folder; nothing is said where the system does not tell.
fn disk(data: &Path) -> Option<Finding> {
    let found = rustix::fs::statvfs(data).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let shown = format!("{} MB are free on the disk of the data folder", free / 1_000_000);
    Some(if free < ROOM {
        let fix = "free some space, or move the data folder: a bot that cannot store ends";
        Finding::ill(format!("only {shown}"), fix)
    } else {
        Finding::well(shown)
    })
}

fn clocks(ours: DateTime<Utc>, slacks: DateTime<Utc>) -> Finding {
    let skew = ours - slacks;
    if skew.abs() < SKEW {
        return Finding::well("this machine's clock");
    }
    let direction = if skew > TimeDelta::zero() { "ahead of" } else { "behind" };
    let what = format!(
        "this machine's clock is {} s {direction} Slack's",
        skew.num_seconds().abs()
    );
    Finding::ill(
        what,
        "let it be set from the network (NTP): deadlines and times people read depend on it",
    )
}

/// Everybody and everything the configuration names.
fn names(file: &File, directory: &Directory) -> Vec<Finding> {
    let (roster, mut problems) = directory::roster(file, directory);
    problems.extend(directory::rules(file, directory).1);
    let mut findings: Vec<Finding> = problems
        .iter()
        .map(|problem| Finding::ill(problem.to_string(), format!("mend {} or the workspace", problem.file)))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::well("everybody and everything the configuration names"));
    }
    findings.extend(channels(&roster, file, directory));
    findings
}

/// The channels that are posted to, and those whose bots are listened to.
fn channels(roster: &Roster, file: &File, directory: &Directory) -> Vec<Finding> {
    let mut wanted: Vec<&ChannelId> = roster
        .teams
        .values()
        .filter_map(|team| team.channel.as_ref().ok())
        .collect();
    wanted.push(&roster.fallback);
    let (rules, _) = directory::rules(file, directory);
    wanted.extend(rules.iter().map(|rule| &rule.channel));
    wanted.sort_unstable();
    wanted.dedup();
    let looked_at = wanted.into_iter().map(|id| match directory.channel(id) {
        None => Finding::ill(
            format!("the channel {id}"),
            "it is not there, or private: invite the bot to it",
        ),
        Some(channel) if channel.archived => Finding::ill(
            format!("#{} is archived", channel.name),
            "take it out of the archive, or name another",
        ),
        Some(channel) if !channel.member => {
            let fix = format!("type `/invite @nightbell` in #{}", channel.name);
            Finding::ill(format!("the bot is not in #{}", channel.name), fix)
        }
        Some(channel) => Finding::well(format!("the bot is in #{}", channel.name)),
    });
    looked_at.collect()
}

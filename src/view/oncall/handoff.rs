//! The handoff: the team's channel reads who leaves, who takes over and what is open (alerts, incidents, runs of runbooks);
//! whoever takes over hears it directly;
//! and the user group becomes exactly those on call.

use slack_morphism::prelude::SlackBlock;

use super::words::member;
use super::{duties, gap, underwater};
use crate::domain::ids::{AlertId, TeamId, UserId, WatchId};
use crate::domain::incident::Incident;
use crate::domain::oncall::{Note, Occasion, Watch, WatchEvent};
use crate::domain::rotation::Member;
use crate::domain::team::Team;
use crate::domain::{self, Errand};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};
use crate::view::alert::list::line;
use crate::view::blocks::section;
use crate::view::calls::post_to;
use crate::view::incident::line as incident_line;
use crate::view::text::{count, date, escape, name, shift, shorten};
use crate::view::{Scene, message, say};

/// How many open alerts a handoff names, and how many incidents and runs.
const ALERTS: usize = 10;
const INCIDENTS: usize = 5;
const RUNS: usize = 5;

/// The messages that follow from one input's events.
pub fn announce(scene: Scene<'_>, events: &[domain::Event]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for event in events {
        let domain::Event::Watch { id, what } = event else {
            continue;
        };
        let Some(watch) = scene.world.watches().get(*id) else {
            continue;
        };
        match what {
            WatchEvent::HandedOver { from, to, until, notes } => {
                let until = until.map(|until| format!(" until {}", date(until))).unwrap_or_default();
                let mut text = handoff(scene, watch, from.as_ref(), to.as_ref(), &until);
                text.push_str(&duties::left(scene, watch));
                let drawn = with_what_is_open(scene, &watch.team, &text, notes);
                let team = scene.roster.teams.get(&watch.team);
                if let Some(channel) = team.and_then(|team| team.channel.as_ref().ok()) {
                    entries.push(post(scene, *id, channel.as_str(), super::told(&drawn)));
                }
                entries.extend(duties::redraw_past(scene, watch));
                if let Some(Member::Known(user)) = to
                    && watch.round.is_none()
                {
                    let told = with_what_is_open(scene, &watch.team, &yours(scene, watch), notes);
                    let mut drawn: Vec<SlackBlock> = told.iter().map(|part| section(part)).collect();
                    drawn.extend(underwater::button(scene, &watch.team));
                    entries.push(post(scene, *id, user.as_str(), message(told.join("\n"), drawn)));
                }
            }
            WatchEvent::DutiesAsked { occasion, .. } => {
                // At a handoff the older message has been told already.
                if *occasion == Occasion::Daily {
                    entries.extend(duties::redraw_past(scene, watch));
                }
                entries.extend(duties::ask(scene, watch));
            }
            WatchEvent::DutyAnswered { .. } => entries.extend(duties::redraw(scene, watch)),
            WatchEvent::DutiesPosted { round, .. } => entries.extend(duties::posted(scene, watch, *round)),
            WatchEvent::GroupRefused { code } => entries.extend(refused(scene, watch, code)),
            WatchEvent::Begun { .. }
            | WatchEvent::NoteLeft { .. }
            | WatchEvent::GroupSet
            | WatchEvent::Answered { .. }
            | WatchEvent::GapAhead { .. } => {}
        }
    }
    entries.extend(gap::announce(scene, events));
    entries
}

/// What whoever takes over is told first.
pub(super) fn yours(scene: Scene<'_>, watch: &Watch) -> String {
    let rotation = scene
        .roster
        .teams
        .get(&watch.team)
        .and_then(|team| team.rotation(&watch.rotation));
    let until = rotation.and_then(|rotation| scene.staff().holder(&watch.team, rotation, scene.now).until);
    let until = until.map(|until| format!(" until {}", date(until))).unwrap_or_default();
    format!(
        "You are on call for {}{until}. `/oncall cover me 2h` finds somebody when you cannot be.",
        shift(scene.roster, &watch.team, &watch.rotation)
    )
}

fn handoff(scene: Scene<'_>, watch: &Watch, from: Option<&Member>, to: Option<&Member>, until: &str) -> String {
    let what = format!("*Handoff* of {}", shift(scene.roster, &watch.team, &watch.rotation));
    let leaves = from
        .map(|from| format!("{} leaves, ", member(scene, from)))
        .unwrap_or_default();
    match to {
        Some(to) => format!("{what}: {leaves}{} is on call{until}.", member(scene, to)),
        None => format!("{what}: {leaves}nobody is on call{until}."),
    }
}

/// The parts of a handoff: what it says, what is open, what was left.
pub(super) fn with_what_is_open(scene: Scene<'_>, of: &TeamId, text: &str, notes: &[Note]) -> Vec<String> {
    let open = scene
        .world
        .alerts()
        .filter(|alert| alert.is_open() && alert.test.is_none() && alert.team == *of);
    let open: Vec<String> = open.map(|alert| line(scene, alert)).collect();
    let mut parts = vec![text.to_owned()];
    let alerts = some_of(open, ALERTS, "open alert", "`/alert list` shows them.");
    parts.push(alerts.unwrap_or_else(|| "No alert is open.".to_owned()));
    parts.extend(open_incidents(scene, of));
    parts.extend(unfinished_runs(scene, of));
    parts.extend(notes.iter().map(|note| {
        let text = escape(&shorten(&note.text, 1000));
        format!("{}, {}: {text}", name(scene.roster, &note.by), date(note.at))
    }));
    parts
}

/// Incidents of the team, or with one of its alerts: the worst first, then the oldest.
fn open_incidents(scene: Scene<'_>, of: &TeamId) -> Option<String> {
    let has_alert = |id: &AlertId| scene.world.alert(*id).is_some_and(|alert| alert.team == *of);
    let concerns = |it: &&Incident| it.team.as_ref() == Some(of) || it.alerts.iter().any(has_alert);
    let mut open: Vec<&Incident> = scene.world.incidents().open().filter(concerns).collect();
    open.sort_by_key(|incident| (incident.severity, incident.id));
    let lines = open.iter().map(|incident| incident_line(scene, incident)).collect();
    some_of(lines, INCIDENTS, "open incident", "`/incident list` shows them.")
}

/// Runs of the team's runbooks, or for one of its alerts; a drill may stay unfinished.
fn unfinished_runs(scene: Scene<'_>, of: &TeamId) -> Option<String> {
    let runs = crate::view::runbook::unfinished(scene, of);
    some_of(runs, RUNS, "unfinished run", "`/runbook runs` shows them.")
}

/// A heading and so many lines; nothing where there are none.
fn some_of(lines: Vec<String>, most: usize, one: &str, how: &str) -> Option<String> {
    if lines.is_empty() {
        return None;
    }
    let more = lines.len().saturating_sub(most);
    let mut part = vec![format!("{}:", count(lines.len(), one))];
    part.extend(lines.into_iter().take(most));
    if more > 0 {
        part.push(format!("… and {more} more: {how}"));
    }
    Some(part.join("\n"))
}

/// The call that makes a team's user group exactly those on call; none when it is so already (`known` is who is in it). One
/// that was refused is tried again at the next change, because somebody may have mended it.
pub fn group(scene: Scene<'_>, of: &Team, known: &[UserId]) -> Option<Entry> {
    let (group, users) = scene.staff().group_of(of, scene.now)?;
    let first = of.rotations.first()?;
    let watch = scene.world.watches().of(&of.id, &first.name)?;
    let mut known = known.to_vec();
    known.sort_unstable();
    if known == users {
        return None;
    }
    let call = Call::SetGroup {
        group: group.as_str().to_owned(),
        users: users.iter().map(|user| user.as_str().to_owned()).collect(),
    };
    let errand = Errand::Group { of: watch.id };
    Some(scene.entry(&format!("group/{group}"), Urgency::Routine, call, errand))
}

/// Said once: the group stays as it is, and what would mend it.
fn refused(scene: Scene<'_>, watch: &Watch, code: &str) -> Option<Entry> {
    let team = scene.roster.teams.get(&watch.team)?;
    let channel = team.channel.as_ref().ok()?;
    let why = match code {
        "missing_scope" => {
            "the app lacks the scope `usergroups:write`: update its manifest and install it again".to_owned()
        }
        "permission_denied" => "this workspace lets only some people change user groups: allow the app to".to_owned(),
        "plan_upgrade_required" | "paid_teams_only" => "the workspace's plan has no user groups".to_owned(),
        other => format!("Slack says `{}`", escape(other)),
    };
    let text = format!(
        ":warning: I cannot keep the user group of {} up to date: {why}. I will not say this again; `/oncall` always \
         knows who is on call.",
        escape(&team.name)
    );
    Some(post(scene, watch.id, channel.as_str(), say(text)))
}

pub(super) fn post(scene: Scene<'_>, id: WatchId, to: &str, message: Message) -> Entry {
    let lane = format!("handoff/{}/{to}", id.0);
    scene.entry(&lane, Urgency::Reply, post_to(to, message), Errand::Nothing)
}

/// What whoever left a note is told.
pub fn noted(scene: Scene<'_>, by: &UserId, team: &TeamId) -> Message {
    say(format!(
        "Noted, {}: whoever takes over {} next reads it.",
        name(scene.roster, by),
        crate::view::text::team(scene.roster, team)
    ))
}

//! Duties of a shift: in the message that asks for them, on the Home tab, and as an answer.

use slack_morphism::prelude::SlackBlock;

use super::handoff::{with_what_is_open, yours};
use super::underwater;
use super::words::{answers_for, member};
use crate::command::Button;
use crate::domain::Errand;
use crate::domain::duty::{Duty, When};
use crate::domain::ids::{MessageRef, TeamId, UserId};
use crate::domain::oncall::{How, Occasion, Round, Task, TaskRef, Watch};
use crate::domain::rotation::Rotation;
use crate::domain::team::Team;
use crate::outbox::{Entry, Urgency};
use crate::slack::call::Message;
use crate::view::blocks::{actions, press, section};
use crate::view::calls::{self, post_to};
use crate::view::text::{escape, list, name, shift, shorten};
use crate::view::{Scene, message, say};

/// How many duties the Home tab has buttons for.
const AT_HOME: usize = 12;
/// How many blocks an answer has; Slack takes 50.
const BLOCKS: usize = 48;

/// The message that asks whoever has the shift.
pub(super) fn ask(scene: Scene<'_>, watch: &Watch) -> Option<Entry> {
    let round = watch.round.as_ref()?;
    let call = post_to(round.who.as_str(), current(scene, watch, round));
    let errand = Errand::Duties {
        of: watch.id,
        round: round.number,
    };
    Some(scene.entry(&lane(watch, round), Urgency::Reply, call, errand))
}

/// The message as it stands now.
pub(super) fn redraw(scene: Scene<'_>, watch: &Watch) -> Option<Entry> {
    let round = watch.round.as_ref()?;
    let at = round.message.as_ref()?;
    Some(update(scene, watch, round, at, current(scene, watch, round)))
}

/// The message of the round before: its buttons no longer count.
pub(super) fn redraw_past(scene: Scene<'_>, watch: &Watch) -> Option<Entry> {
    let round = watch.past.as_ref()?;
    let at = round.message.as_ref()?;
    Some(update(scene, watch, round, at, past(scene, watch, round)))
}

/// A message stands; what happened while it was on its way is shown now.
pub(super) fn posted(scene: Scene<'_>, watch: &Watch, number: u64) -> Option<Entry> {
    match &watch.round {
        Some(round) if round.number == number => {
            let is_answered = round.tasks.iter().any(|task| !task.is_open());
            is_answered.then(|| redraw(scene, watch)).flatten()
        }
        _ => redraw_past(scene, watch).filter(|_| watch.past.as_ref().is_some_and(|past| past.number == number)),
    }
}

fn update(scene: Scene<'_>, watch: &Watch, round: &Round, at: &MessageRef, message: Message) -> Entry {
    let call = calls::update(at, message);
    scene.entry(&lane(watch, round), Urgency::Reply, call, Errand::Nothing)
}

fn lane(watch: &Watch, round: &Round) -> String {
    format!("duties/{}/{}", watch.id.0, round.number)
}

/// `Cloud (primary)`
fn of(scene: Scene<'_>, watch: &Watch) -> String {
    shift(scene.roster, &watch.team, &watch.rotation)
}

fn current(scene: Scene<'_>, watch: &Watch, round: &Round) -> Message {
    let parts = match round.occasion {
        Occasion::Handoff => with_what_is_open(scene, &watch.team, &yours(scene, watch), &round.notes),
        Occasion::Daily => vec![format!("Another day of your shift for {}.", of(scene, watch))],
    };
    let mut drawn: Vec<SlackBlock> = parts.iter().map(|part| section(part)).collect();
    drawn.push(section("*Your duties*"));
    drawn.extend(tasks(scene, watch, round, usize::MAX));
    drawn.extend(underwater::button(scene, &watch.team));
    let lines: Vec<String> = round.tasks.iter().map(|task| line(scene, watch, round, task)).collect();
    let text = format!("{}\n*Your duties*\n{}", parts.join("\n"), lines.join("\n"));
    message(text, drawn)
}

fn past(scene: Scene<'_>, watch: &Watch, round: &Round) -> Message {
    let mut parts = Vec::new();
    if round.is_over {
        parts.push(format!("Your shift for {} is over.", of(scene, watch)));
        let lines: Vec<String> = round.tasks.iter().map(|task| line(scene, watch, round, task)).collect();
        parts.push(fitting(&lines));
    } else {
        if round.occasion == Occasion::Handoff {
            parts.extend(with_what_is_open(
                scene,
                &watch.team,
                &yours(scene, watch),
                &round.notes,
            ));
        }
        parts.push(format!(
            "You have been asked again for the duties of {}, further down.",
            of(scene, watch)
        ));
    }
    let drawn = parts.iter().map(|part| section(part)).collect();
    message(parts.join("\n"), drawn)
}

/// Each task, with buttons where it is open; at most so many have buttons.
fn tasks(scene: Scene<'_>, watch: &Watch, round: &Round, at_most: usize) -> Vec<SlackBlock> {
    let mut drawn = Vec::new();
    for (number, task) in round.tasks.iter().enumerate() {
        drawn.push(section(&line(scene, watch, round, task)));
        if task.is_open() && number < at_most && is_known(scene, watch, task) {
            let task = TaskRef {
                of: watch.id,
                round: round.number,
                task: number,
            };
            let answer = |how| Button::Duty { task, how };
            drawn.extend(actions(vec![
                press("Done", &answer(How::Done)),
                press("Not today", &answer(How::NotToday)),
            ]));
        }
    }
    drawn
}

/// Whether the configuration still has it.
fn is_known(scene: Scene<'_>, watch: &Watch, task: &Task) -> bool {
    let team = scene.roster.teams.get(&watch.team);
    team.is_some_and(|team| team.duties_of(&watch.rotation).any(|duty| duty.text == task.text))
}

fn line(scene: Scene<'_>, watch: &Watch, round: &Round, task: &Task) -> String {
    let what = linked(&task.text, task.link.as_deref());
    let by = |user: &UserId| name(scene.roster, user);
    let state = match &task.answer {
        Some(answer) => {
            let who = if answer.by == round.who {
                String::new()
            } else {
                format!(", says {}", by(&answer.by))
            };
            return match answer.how {
                How::Done => format!(":white_check_mark: {what}: done{who}"),
                How::NotToday => format!(":heavy_minus_sign: {what}: not today{who}"),
            };
        }
        None if !is_known(scene, watch, task) => ": no longer a duty".to_owned(),
        None if round.is_over => match &watch.who {
            Some(who) => format!(": left to {}", member(scene, who)),
            None => ": left undone".to_owned(),
        },
        None => task
            .left_by
            .as_ref()
            .map(|user| format!(" (left undone by {})", by(user)))
            .unwrap_or_default(),
    };
    format!("• {what}{state}")
}

/// As many whole lines as one section takes: half a link is none.
fn fitting(lines: &[String]) -> String {
    let mut length = 0;
    let fits = |line: &&String| {
        length += line.chars().count() + 1;
        length < 2800
    };
    let mut taken: Vec<&str> = lines.iter().take_while(fits).map(String::as_str).collect();
    if taken.len() < lines.len() {
        taken.push("…");
    }
    taken.join("\n")
}

fn linked(text: &str, link: Option<&str>) -> String {
    match link {
        // The configuration takes only addresses that nothing in them ends.
        Some(link) => format!("<{}|{}>", escape(link), escape(text)),
        None => escape(text),
    }
}

/// What the team's channel reads about what was not done, at a handoff; empty when all was.
pub(super) fn left(scene: Scene<'_>, watch: &Watch) -> String {
    let Some(before) = watch.past.as_ref().filter(|before| before.is_over) else {
        return String::new();
    };
    let open: Vec<String> = before
        .open()
        .filter(|task| is_known(scene, watch, task))
        .map(|task| format!("\u{201c}{}\u{201d}", escape(&shorten(&task.text, 100))))
        .collect();
    if open.is_empty() {
        return String::new();
    }
    let it = if open.len() == 1 { "it" } else { "them" };
    let then = match &watch.who {
        Some(who) => format!(" {} goes on with {it}.", member(scene, who)),
        None => format!(" Whoever is next goes on with {it}."),
    };
    format!(
        "\nLeft undone by {}: {}.{then}",
        name(scene.roster, &before.who),
        list(&open)
    )
}

/// Somebody's open duties on their Home tab.
pub(in crate::view) fn mine(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let mut drawn = Vec::new();
    let mut left = AT_HOME;
    for watch in scene.world.watches().iter() {
        let Some(round) = watch.round.as_ref().filter(|round| round.who == *user) else {
            continue;
        };
        if left == 0 {
            drawn.push(section("… and more: `/oncall duties` shows them all."));
            break;
        }
        drawn.push(section(&format!("*{}*", of(scene, watch))));
        drawn.extend(tasks(scene, watch, round, left));
        left = left.saturating_sub(round.tasks.len());
    }
    drawn
}

/// The duties of a team; of those somebody belongs to, or of all, when none is named.
pub fn show(scene: Scene<'_>, by: &UserId, of: Option<&TeamId>) -> Message {
    let teams = || scene.roster.teams.values().filter(|team| !team.duties.is_empty());
    let found = of.map(|id| scene.roster.teams.get(id));
    let shown: Vec<&Team> = match found {
        Some(None) => return say("This team is no longer there. `/oncall` shows those there are."),
        Some(Some(team)) if team.duties.is_empty() => {
            return say(format!(
                "{} has no duties besides its pages. Whoever runs me adds some under `[[teams.{}.duties]]`.",
                escape(&team.name),
                team.id
            ));
        }
        Some(Some(team)) => vec![team],
        None => {
            let own: Vec<&Team> = teams().filter(|team| answers_for(scene, team, by)).collect();
            if own.is_empty() { teams().collect() } else { own }
        }
    };
    if shown.is_empty() {
        return say("No team has duties besides its pages. Whoever runs me adds some under `[[teams.cloud.duties]]`.");
    }
    board(scene, by, None, &shown)
}

/// What became of a duty, and what is left.
pub fn answered(scene: Scene<'_>, by: &UserId, task: TaskRef, how: How) -> Message {
    let watch = scene.world.watches().get(task.of);
    let of = watch.and_then(|watch| scene.roster.teams.get(&watch.team));
    let found = watch.and_then(|watch| watch.round.as_ref()?.tasks.get(task.task));
    let (Some(team), Some(found)) = (of, found) else {
        return say("Done.");
    };
    let lead = match how {
        How::Done => format!("Done: {}.", escape(&found.text)),
        How::NotToday => format!("Not today: {}.", escape(&found.text)),
    };
    board(scene, by, Some(lead), &[team])
}

fn board(scene: Scene<'_>, by: &UserId, lead: Option<String>, teams: &[&Team]) -> Message {
    let mut lines: Vec<String> = lead.into_iter().collect();
    let mut drawn: Vec<SlackBlock> = lines.iter().map(|line| section(line)).collect();
    for (team, rotation) in teams
        .iter()
        .flat_map(|team| team.rotations.iter().map(move |it| (team, it)))
    {
        let duties: Vec<&Duty> = team.duties_of(&rotation.name).collect();
        if duties.is_empty() {
            continue;
        }
        let heading = heading(scene, team, rotation);
        let watch = scene.world.watches().of(&team.id, &rotation.name);
        let asked = watch.and_then(|watch| Some((watch, watch.round.as_ref()?)));
        let its: Vec<String> = match asked {
            Some((watch, round)) => round.tasks.iter().map(|task| line(scene, watch, round, task)).collect(),
            None => duties.iter().map(|duty| planned(duty)).collect(),
        };
        let said = format!("{heading}\n{}", fitting(&its));
        match asked.filter(|(_, round)| round.who == *by || team.has(by, scene.now)) {
            Some((watch, round)) if drawn.len() + 1 + 2 * its.len() <= BLOCKS => {
                drawn.push(section(&heading));
                drawn.extend(tasks(scene, watch, round, usize::MAX));
            }
            _ if drawn.len() < BLOCKS => drawn.push(section(&said)),
            _ if drawn.len() == BLOCKS => drawn.push(section("… and more: `/oncall duties` with a team's name.")),
            _ => {}
        }
        lines.push(said);
    }
    message(lines.join("\n"), drawn)
}

fn heading(scene: Scene<'_>, team: &Team, rotation: &Rotation) -> String {
    let who = scene.staff().holder(&team.id, rotation, scene.now).who;
    let who = who.map_or_else(|| "nobody has it now".to_owned(), |who| member(scene, &who));
    format!("*{} ({})*: {who}", escape(&team.name), escape(&rotation.name))
}

/// A duty that nobody has been asked for yet.
fn planned(duty: &Duty) -> String {
    let when = match duty.when {
        When::AtHandoff => "at the next handoff".to_owned(),
        When::Daily(time) => format!("each day at {}", time.format("%H:%M")),
    };
    format!("• {} ({when})", linked(&duty.text, duty.link.as_deref()))
}

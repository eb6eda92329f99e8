//! What is to be done after an incident, or during one: lists, and reminders to whoever does it.

use slack_morphism::prelude::SlackBlock;

use super::card::title;
use super::show::with;
use crate::command::Button;
use crate::command::button::{Carrying, Press};
use crate::domain::ids::{IncidentId, TeamId, UserId};
use crate::domain::incident::{Action, Incident, Nag};
use crate::domain::roster::Standing;
use crate::slack::call::Message;
use crate::view::blocks::{actions as row, context, finish, press, section, section_with};
use crate::view::text::{count, date, escape, name, shorten, team};
use crate::view::{Scene, message, say};

/// How many actions a list shows; Slack takes 50 blocks a message.
const SHOWN: usize = 30;
/// How much of one.
const TEXT: usize = 300;

/// What is to be done in one incident, and what is done.
pub fn actions(scene: Scene<'_>, id: Option<IncidentId>) -> Message {
    with(scene, id, Press::Actions, |incident| {
        let subject = escape(&title(incident));
        if incident.actions.is_empty() {
            return say(format!(
                "{subject}: there is nothing to be done yet. `/incident action {} alert on the queue length for @ana` adds \
                 something.",
                incident.id
            ));
        }
        let lead = format!("*{subject}*");
        let mut drawn: Vec<SlackBlock> = vec![section(&lead)];
        let mut text = lead;
        for (index, action) in incident.actions.iter().enumerate() {
            let mark = if action.done.is_some() {
                ":white_check_mark:"
            } else {
                ":white_square:"
            };
            let line = format!("{mark} {}. {}", index + 1, about(scene, action));
            text = format!("{text}\n{line}");
            if index < SHOWN {
                drawn.push(with_done(incident, index + 1, action, &line));
            }
        }
        if incident.actions.len() > SHOWN {
            drawn.push(context(&format!(
                "… and {} more; `/incident export {}` has them all.",
                incident.actions.len() - SHOWN,
                incident.id
            )));
        }
        Message {
            blocks: Some(finish(drawn)),
            text: shorten(&text, 30_000),
        }
    })
}

/// What is still to be done in every incident: by somebody, or by anybody. `archive` holds incidents that are no longer in
/// memory.
pub fn open(scene: Scene<'_>, of: Option<&UserId>, in_team: Option<&TeamId>, archive: &[Incident]) -> Message {
    let known = |incident: &&Incident| scene.world.incidents().get(incident.id).is_none();
    let all = scene.world.incidents().iter().chain(archive.iter().filter(known));
    let of_team = all.filter(|incident| in_team.is_none_or(|team| incident.team.as_ref() == Some(team)));
    let (mut found, others): (Vec<_>, Vec<_>) = of_team
        .flat_map(|incident| {
            incident
                .open_actions()
                .map(move |(number, action)| (incident, number, action))
        })
        .partition(|(.., action)| of.is_none() || action.owner.as_ref() == of);
    // What has no date comes last.
    found.sort_by_key(|(incident, number, action)| (action.due.is_none(), action.due, incident.id, *number));
    let whose = in_team
        .map(|id| format!(" of {}", team(scene.roster, id)))
        .unwrap_or_default();
    if found.is_empty() {
        let more = match others.len() {
            0 => "`/incident action alert on the queue length for @ana by fri` adds something.".to_owned(),
            number => format!(
                "{} {} with others or nobody: `/incident list actions` shows them.",
                count(number, "action"),
                if number == 1 { "is" } else { "are" }
            ),
        };
        return say(match of {
            Some(_) => format!("Nothing is on you{whose}. {more}"),
            None => format!("Nothing is to be done in incidents{whose}. {more}"),
        });
    }
    let lead = match of {
        Some(_) => format!("*{} on you{whose}*", count(found.len(), "action")),
        None => format!("*{}{whose}*", count(found.len(), "open action")),
    };
    let mut drawn: Vec<SlackBlock> = vec![section(&lead)];
    let mut text = lead;
    for (incident, number, action) in found.iter().take(SHOWN) {
        let line = line(scene, incident, *number, action);
        text = format!("{text}\n{line}");
        drawn.push(with_done(incident, *number, action, &line));
    }
    if found.len() > SHOWN {
        drawn.push(context(&format!(
            "… and {} more; `/incident list actions &lt;team&gt;` shows fewer.",
            found.len() - SHOWN
        )));
    }
    message(text, drawn)
}

/// What somebody has to do in incidents, for their Home tab: the most urgent first.
pub fn due_of(scene: Scene<'_>, user: &UserId, at_most: usize) -> Vec<SlackBlock> {
    let all = scene.world.incidents().iter();
    let mut mine: Vec<_> = all
        .flat_map(|incident| {
            incident
                .open_actions()
                .map(move |(number, action)| (incident, number, action))
        })
        .filter(|(.., action)| action.owner.as_ref() == Some(user))
        .collect();
    mine.sort_by_key(|(incident, number, action)| (action.due.is_none(), action.due, incident.id, *number));
    let lines = mine.iter().take(at_most);
    let lines = lines.map(|(incident, number, action)| {
        with_done(incident, *number, action, &line(scene, incident, *number, action))
    });
    let mut drawn: Vec<SlackBlock> = lines.collect();
    if mine.len() > at_most {
        drawn.push(context("`/incident actions` shows them all."));
    }
    drawn
}

/// Whoever is reminded of what is due, each with the numbers of what is theirs: the owner, or who leads the incident, or
/// who declared it; people who have left are passed over.
pub(super) fn reminded<'i>(scene: Scene<'_>, incident: &'i Incident) -> Vec<(&'i UserId, Vec<usize>)> {
    let mut found: Vec<(&UserId, Vec<usize>)> = Vec::new();
    for (number, action) in incident.actions_reminded_of() {
        let who = asked(scene, incident, action.owner.as_ref());
        match found.iter_mut().find(|(known, _)| *known == who) {
            Some((_, numbers)) => numbers.push(number),
            None => found.push((who, vec![number])),
        }
    }
    found
}

/// Who is asked about an incident: `first`, or who leads it, or who declared it; whoever of them is still there.
pub(super) fn asked<'i>(scene: Scene<'_>, incident: &'i Incident, first: Option<&'i UserId>) -> &'i UserId {
    let is_there = |who: &&UserId| {
        let known = scene.roster.people.get(*who);
        known.is_none_or(|person| !matches!(person.standing, Standing::Deactivated | Standing::Bot))
    };
    let mut all = first.into_iter().chain(incident.lead());
    all.find(is_there).unwrap_or(&incident.declared_by)
}

/// Reminds somebody of what is due and theirs.
pub(super) fn reminder(scene: Scene<'_>, incident: &Incident, numbers: &[usize]) -> Message {
    let subject = escape(&title(incident));
    let lead = format!("{subject}: this is due now.");
    let off = format!(
        "You are asked every day until it is done. `/incident remind {} {} off` ends these.",
        incident.id,
        Nag::Action.word()
    );
    let mut drawn: Vec<SlackBlock> = vec![section(&lead)];
    let mut text = lead;
    for (number, action) in incident.open_actions().filter(|(number, _)| numbers.contains(number)) {
        let line = format!("{number}. {}", about(scene, action));
        text = format!("{text}\n{line}");
        drawn.push(with_done(incident, number, action, &line));
    }
    let snooze = Button::Carrying(Carrying::Later(incident.id, Nag::Action));
    drawn.push(context(&off));
    drawn.extend(row(vec![press("In 30 min", &snooze)]));
    message(format!("{text}\n{off}"), drawn)
}

/// An action of some incident in a line.
fn line(scene: Scene<'_>, incident: &Incident, number: usize, action: &Action) -> String {
    let late = if action.due.is_some_and(|due| due <= scene.now) {
        ":warning: "
    } else {
        ""
    };
    format!("{late}*{}* {number}. {}", incident.id, about(scene, action))
}

/// What is to be done, by whom, by when.
fn about(scene: Scene<'_>, action: &Action) -> String {
    let owner = action.owner.as_ref();
    let owner = owner.map(|owner| format!(" · {}", name(scene.roster, owner)));
    let due = action.due.map(|due| format!(" · by {}", date(due)));
    format!(
        "{}{}{}",
        escape(&shorten(&action.text, TEXT)),
        owner.unwrap_or_default(),
        due.unwrap_or_default()
    )
}

/// A line with *Done* beside it, while it is not.
fn with_done(incident: &Incident, number: usize, action: &Action, line: &str) -> SlackBlock {
    if action.done.is_some() {
        return section(line);
    }
    let done = Button::Did {
        incident: incident.id,
        number,
    };
    section_with(line, "Done", &done)
}

//! What people type, and what they meant by it.
//!
//! One table, `commands/*.toml`, drives everything: the parser, `help`, did-you-mean, the README's table and the Slack
//! manifest; so none of them can promise what another refuses. Typed words take this way:
//!
//! raw text → what its author saw (`markup`) → words (`words`) → a usage that fits, or is begun and wrong, or is not meant
//! (`pattern`) → [`Reading`]: a request, a question, a form, or a [`Misread`] that says what may have been meant.
//!
//! The same words mean the same as a slash command, as a reply, as a button or as a reaction: five doors, one
//! [`Reading`]. Everything here is pure: no IO, no clock, and not one sentence for people, which are the view's.

mod alert;
pub mod button;
pub mod form;
pub mod help;
mod incident;
pub mod manifest;
mod markup;
mod message;
mod names;
mod oncall;
mod pattern;
mod reading;
mod runbook;
pub mod shortcut;
mod table;
pub mod time;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub use button::Button;
pub use form::about::About;
pub use form::run::AboutRun;
pub use pattern::{Blank, Pattern, PatternError};
pub use reading::{Draft, Misread, OtherKind, Problem, Question, Reading, RunScope, Sweep, Which, Whose};
pub use shortcut::Shortcut;
pub use table::{Action, Command, Usage, commands, is_ours};

use crate::domain::Request;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, MessageRef, RunId, TeamId, UserId};
use crate::domain::roster::Roster;
use crate::domain::run::{Ask, Target};
use pattern::Match;
use shortcut::Expanded;
use words::{Typed, Words};

/// Who speaks, and where.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// Who is who.
    pub roster: &'a Roster,
    /// Who speaks.
    pub by: &'a UserId,
    /// Where.
    pub channel: &'a ChannelId,
    /// What time it is: `in 2h` and `tomorrow` mean something only then.
    pub now: DateTime<Utc>,
    /// The alert that the thread or direct message belongs to.
    pub here: Option<AlertId>,
    /// The incident that the channel or thread belongs to.
    pub incident: Option<IncidentId>,
    /// The run that the thread belongs to.
    pub run: Option<RunId>,
}

impl Speaker<'_> {
    /// The team whose channel it is.
    fn team_here(&self) -> Option<TeamId> {
        self.roster.team_of_channel(self.channel).map(|team| team.id.clone())
    }
}

/// How a message came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// In a thread of ours, to nobody in particular: people talk there, so only exact words are for us.
    Plain,
    /// With our name in it: all of it is for us.
    Mention,
    /// At the top level of a direct conversation with us: all of it is for us.
    Direct,
}

/// Reads a slash command: `command` such as `/alert`, and what was typed after it, as Slack sends it.
///
/// A command of the operator's own is read as what it means.
pub fn slash(command: &str, text: &str, shortcuts: &[Shortcut], speaker: &Speaker<'_>) -> Reading {
    match shortcut::expand(command, text, shortcuts) {
        Expanded::Unknown => ours(command, text, speaker),
        Expanded::Means(command, text) => ours(&command, &text, speaker),
        Expanded::Unfit(ways) => {
            let typed = Typed::new(markup::visible(text, speaker.roster), None);
            confused(command, &typed, Problem::UnfitShortcut { ways })
        }
    }
}

/// Text as its author saw it, without markup; `raw` is as Slack sends it.
pub fn visible(raw: &str, roster: &Roster) -> String {
    markup::visible(raw, roster).text
}

fn ours(command: &str, text: &str, speaker: &Speaker<'_>) -> Reading {
    let typed = Typed::new(markup::visible(text, speaker.roster), None);
    let Some(known) = Command::named(command) else {
        return confused(command, &typed, Problem::UnknownCommand);
    };
    read(known, typed.words(), speaker).unwrap_or_else(|problem| match (*problem, speaker.team_here()) {
        // Whoever types a command in the channel of a team means that team. What is merely said there is not a command.
        (Problem::NoTeam { draft, .. }, Some(team)) => Reading::Ask(draft.raise_for(team)),
        (problem, _) => confused(&known.command, &typed, problem),
    })
}

/// Reads a message: its text as Slack sends it.
///
/// A complete message for a team raises an alert when it was said to us; in the thread of an alert it needs the word
/// `alert` before it, because "thanks for cloud" must wake nobody.
pub fn reply(text: &str, addressed: Addressed, bot: &UserId, speaker: &Speaker<'_>) -> Reading {
    let typed = Typed::new(markup::visible(text, speaker.roster), Some(bot));
    if let (Some(run), Some(command)) = (speaker.run, Command::named("runbook")) {
        return runbook::said(command, typed.words(), run, addressed, speaker)
            .unwrap_or_else(|problem| confused(&command.command, &typed, *problem));
    }
    let Some(alert) = Command::named("alert") else {
        return Reading::NotForUs;
    };
    let thread = in_thread(alert, typed.words(), speaker);
    if addressed == Addressed::Plain {
        let said = thread.filter(|(usage, _)| usage.action.is_a_request());
        return said.map_or_else(|| overheard(&typed, bot, speaker), |(_, reading)| reading);
    }
    if let Some((_, reading)) = thread {
        return reading;
    }
    let words = typed.words();
    let unnamed = words.command_key(0).is_none_or(|word| Command::named(&word).is_none());
    if let Some(command) = Command::named("incident").filter(|_| unnamed && speaker.here.is_none())
        && is_about_incidents(command, alert, words, speaker)
    {
        if words.is_empty() {
            return Reading::Show(Question::Help { command, word: None });
        }
        let reading = read(command, words, speaker);
        return reading.unwrap_or_else(|problem| confused(&command.command, &typed, *problem));
    }
    let named = words.command_key(0).and_then(|word| Command::named(&word));
    let (command, reading) = match named {
        Some(command) => (command, read(command, words.from(1), speaker)),
        None if words.is_empty() => {
            let question = Question::Help {
                command: alert,
                word: None,
            };
            (alert, Ok(Reading::Show(question)))
        }
        None => (alert, unannounced(alert, words, speaker)),
    };
    reading.unwrap_or_else(|problem| confused(&command.command, &typed, *problem))
}

/// Reads a reaction to a message by its name, with or without a skin tone: to one of ours, or to any where an incident is
/// worked on.
///
/// `visit` says which visit of a run's step the message is the card of; a check on the head of its thread means no step.
/// `under_a_card` says whether incidents are worked on in threads of that channel.
pub fn reaction(
    emoji: &str,
    on: &MessageRef,
    visit: Option<u64>,
    under_a_card: bool,
    speaker: &Speaker<'_>,
) -> Reading {
    let name = emoji.trim_matches(':').split("::").next().unwrap_or_default();
    if name == "pushpin" && (speaker.incident.is_some() || under_a_card) {
        return Reading::Keep {
            incident: speaker.incident,
            at: on.clone(),
        };
    }
    if let (Some(run), Some(visit), "white_check_mark" | "heavy_check_mark") = (speaker.run, visit, name) {
        let (target, ask) = (Target::Visit(run, visit), Ask::Done);
        return Reading::Ask(Request::Run { target, ask });
    }
    match (speaker.here, name) {
        (Some(alert), "eyes") => Reading::Ask(Request::Acknowledge { alert, lease: None }),
        (Some(alert), "white_check_mark" | "heavy_check_mark") => {
            Reading::Ask(Request::Resolve { alert, because: None })
        }
        _ => Reading::NotForUs,
    }
}

/// Reads a press on a button by its `action_id` and `value`.
pub fn click(action: &str, value: &str) -> Reading {
    Button::parse(action, value).map_or(Reading::NotForUs, Button::pressed)
}

/// Reads a form: its `callback_id` and `private_metadata`, and what was typed or chosen by block id. None when it is no
/// form of ours.
///
/// # Errors
/// What is wrong, by the block id of the field.
pub fn submission(
    callback: &str,
    metadata: &str,
    fields: &BTreeMap<String, String>,
    roster: &Roster,
) -> Option<Result<Request, BTreeMap<String, form::FieldProblem>>> {
    if callback == form::CALLBACK {
        return Some(form::read(fields, roster));
    }
    if let Some(kind) = form::incident::Kind::called(callback) {
        return Some(kind.read(metadata, fields, roster));
    }
    if let Some(about) = AboutRun::called(callback) {
        return about.read(metadata, fields);
    }
    let about = About::called(callback)?;
    let alert = AlertId(metadata.parse().ok()?);
    Some(about.read(alert, fields, roster))
}

fn read(command: &'static Command, words: Words<'_>, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    if command.usage(Action::Runbooks).is_some() {
        runbook::read(command, words, speaker)
    } else if command.usage(Action::Raise).is_none() {
        oncall::read(command, words, speaker)
    } else {
        alert::read(command, words, speaker)
    }
}

/// Reads words as a reply about the alert they were said to; none when no usage fits exactly.
fn in_thread(command: &'static Command, words: Words<'_>, speaker: &Speaker<'_>) -> Option<(&'static Usage, Reading)> {
    speaker.here?;
    command.usages.iter().find_map(|usage| {
        let Match::Mine(matched) = usage.thread.as_ref()?.read(words, speaker.roster) else {
            return None;
        };
        Some((usage, alert::act(command, usage, &matched, speaker).ok()?))
    })
}

/// Reads words said to us without a command's name: talk is no message to be raised.
fn unannounced(command: &'static Command, words: Words<'_>, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    let reading = alert::read(command, words, speaker);
    match reading {
        Ok(Reading::Ask(Request::Raise(raise))) if speaker.here.is_some() => {
            let raising = command.usage(Action::Raise);
            let (team, priority) = (raise.team, raise.priority);
            let draft = Draft {
                team: Some(team.clone()),
                priority,
                summary: raise.summary,
                service: raise.service,
                to: None,
                alike: raise.alike,
            };
            match raising {
                Some(usage) => Err(Problem::LooksLikeMessage { usage, draft, team }.into()),
                None => Ok(Reading::Form(draft)),
            }
        }
        Err(problem) => Err(match *problem {
            Problem::NoTeam { draft, .. } => {
                let word = words.key(0).unwrap_or_default();
                Problem::UnknownWord {
                    nearest: help::nearest(command, &word),
                    word,
                    draft,
                }
                .into()
            }
            other => other.into(),
        }),
        understood => understood,
    }
}

/// Whether words without a command's name are about incidents: where one is worked on all are but those that only alerts
/// know; elsewhere those that name one.
fn is_about_incidents(command: &Command, alert: &Command, words: Words<'_>, speaker: &Speaker<'_>) -> bool {
    let first = words.command_key(0).unwrap_or_default();
    let knows = |command: &Command| {
        let mut first_words = command.usages.iter().flat_map(Usage::first_words);
        first_words.any(|known| known == first)
    };
    if speaker.incident.is_some() {
        return knows(command) || !knows(alert);
    }
    let named = command
        .usages
        .iter()
        .any(|usage| matches!(usage.read(words, speaker.roster), Match::Mine(matched) if matched.incident().is_some()));
    named && knows(command)
}

/// Where an incident is worked on people talk, so nothing is done that was not said to us; but who seems to have meant us
/// is told how to say it.
fn overheard(typed: &Typed, bot: &UserId, speaker: &Speaker<'_>) -> Reading {
    let Some(command) = Command::named("incident").filter(|_| speaker.incident.is_some() && speaker.here.is_none())
    else {
        return Reading::NotForUs;
    };
    let words = typed.words();
    let mut usages = command
        .usages
        .iter()
        .filter(|usage| usage.action.is_said_of_incidents());
    let fits = usages.any(|usage| matches!(usage.pattern.read(words, speaker.roster), Match::Mine(_)));
    if !fits {
        return Reading::NotForUs;
    }
    confused(&command.command, typed, Problem::Overheard { bot: bot.clone() })
}

fn confused(command: &str, typed: &Typed, problem: Problem) -> Reading {
    Reading::Confused(Misread {
        command: command.to_owned(),
        typed: typed.text().to_owned(),
        problem,
    })
}

#[cfg(test)]
mod tests;

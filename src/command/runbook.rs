//! `/runbook`: finding runbooks, running them, and what is said in the thread of a run.

use super::form::run::AboutRun;
use super::help;
use super::pattern::{Blank, Match, Matched, Wrong};
use super::reading::{Draft, Problem, Question, Reading, RunScope};
use super::table::{Action, Command, Usage};
use super::words::Words;
use super::{Speaker, alert};
use crate::domain::Request;
use crate::domain::ids::{ChannelId, RunId};
use crate::domain::run::{Ask, Start, Target};
use crate::domain::runbook::{Values, is_name};

/// Reads what follows `/runbook`.
pub(super) fn read(
    command: &'static Command,
    words: Words<'_>,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    if words.is_empty() {
        return Ok(Reading::Show(Question::Runbooks { words: String::new() }));
    }
    let mut wrong: Option<(&'static Usage, Wrong)> = None;
    for usage in &command.usages {
        match usage.pattern.read(words, speaker.roster) {
            Match::NotMine => {}
            Match::Mine(matched) => return act(usage, &matched, speaker),
            Match::Wrong(_) if usage.action == Action::Help => {
                return Ok(Reading::Show(Question::Help {
                    command,
                    word: words.key(1),
                }));
            }
            Match::Wrong(fault) => {
                if wrong.as_ref().is_none_or(|(_, known)| fault.is_further_than(known)) {
                    wrong = Some((usage, fault));
                }
            }
        }
    }
    if let Some((usage, wrong)) = wrong {
        return Err(alert::problem(usage, words, wrong, speaker).into());
    }
    let word = words.command_key(0).unwrap_or_default();
    // Words that are no subcommand are looked for, unless one was meant.
    let found = speaker.roster.runbooks.search(words.tidy());
    if help::close_to(command, &word).is_empty() || !found.is_empty() {
        return Ok(Reading::Show(Question::Runbooks {
            words: words.tidy().to_owned(),
        }));
    }
    Err(Problem::UnknownWord {
        nearest: help::nearest(command, &word),
        word,
        draft: Draft {
            summary: words.tidy().to_owned(),
            ..Draft::default()
        },
    }
    .into())
}

/// What was said in the thread of a run: a command, the words of a way, or else a note.
pub(super) fn said(command: &'static Command, words: Words<'_>, run: RunId, speaker: &Speaker<'_>) -> Reading {
    for usage in &command.usages {
        let Some(thread) = &usage.thread else { continue };
        if let Match::Mine(matched) = thread.read(words, speaker.roster)
            && let Ok(reading) = act(usage, &matched, speaker)
        {
            return reading;
        }
    }
    let text = words.tidy().to_owned();
    if text.is_empty() {
        return Reading::NotForUs;
    }
    Reading::Ask(Request::Run {
        target: Target::Run(run),
        ask: Ask::Say { text },
    })
}

/// What a usage that fits leads to.
pub(super) fn act(usage: &'static Usage, matched: &Matched, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    let missing = |blank| Box::new(Problem::Missing { usage, blank });
    let text = || matched.text().map(str::to_owned);
    let runbook = || matched.runbook().cloned().ok_or_else(|| missing(Blank::Runbook));
    let because = || text().ok_or_else(|| missing(Blank::Reason));
    let target = || matched.run().or(speaker.run).map_or(Target::Mine, Target::Run);
    let ask = |ask| Reading::Ask(Request::Run { target: target(), ask });
    let values = || values(matched.text().unwrap_or_default()).ok_or_else(|| missing(Blank::Values));
    let start = |practice| {
        let named = (matched.alert(), matched.incident());
        let is_named = named != (None, None);
        let (alert, incident) = if is_named {
            named
        } else {
            (speaker.here, speaker.incident)
        };
        let place = || speaker.channel.clone();
        Ok::<_, Box<Problem>>(Reading::Ask(Request::StartRun(Start {
            runbook: runbook()?,
            values: values()?,
            practice,
            alert,
            incident,
            channel: if is_named { ChannelId::new("") } else { place() },
            offered: false,
        })))
    };
    Ok(match usage.action {
        Action::ShowRunbook => Reading::Show(Question::Runbook(runbook()?)),
        Action::StartRun => start(false)?,
        Action::Practice => start(true)?,
        Action::Runs => Reading::Show(Question::Runs(if matched.says("mine") {
            RunScope::Of(speaker.by.clone())
        } else if matched.says("all") {
            RunScope::All
        } else {
            RunScope::Open
        })),
        Action::RunStatus => Reading::Show(Question::Run {
            target: target(),
            by: speaker.by.clone(),
        }),
        Action::StepDone => ask(Ask::Done),
        Action::StepSkip => ask(Ask::Skip { because: because()? }),
        Action::StepBlock => ask(Ask::Block { because: because()? }),
        Action::StepBack => ask(Ask::Back),
        Action::StepNote => ask(Ask::Note {
            text: text().ok_or_else(|| missing(Blank::Text))?,
        }),
        Action::StepAssign => ask(Ask::Assign {
            to: matched.person_or(speaker.by).ok_or_else(|| missing(Blank::User))?,
        }),
        Action::RunFill => ask(Ask::Fill { values: values()? }),
        Action::StepSend => Reading::AboutRun(AboutRun::Send(0), target()),
        Action::RunStop => ask(Ask::Stop { because: because()? }),
        Action::RunHistory => Reading::Show(Question::RunHistory(runbook()?)),
        Action::RunbookCheck => Reading::Show(Question::RunbookMistakes),
        _ => Reading::Show(Question::Runbooks {
            words: text().unwrap_or_default(),
        }),
    })
}

/// Reads `a=1 b="two words" c=three words more`: a value goes on until the next name. None when it begins otherwise.
fn values(text: &str) -> Option<Values> {
    let mut values = Values::new();
    let mut last: Option<String> = None;
    for word in text.split_whitespace() {
        if let Some((name, value)) = word.split_once('=').filter(|(name, _)| is_name(name)) {
            values.insert(name.to_owned(), value.to_owned());
            last = Some(name.to_owned());
        } else {
            let value = values.get_mut(last.as_ref()?)?;
            value.push(' ');
            value.push_str(word);
        }
    }
    for value in values.values_mut() {
        let bare = value.trim();
        let inside = ['"', '\'', '“', '”']
            .iter()
            .fold(bare, |value, quote| value.trim_matches(*quote));
        *value = inside.to_owned();
    }
    Some(values)
}

//! `/runbook`: finding runbooks, running them, and what is said in the thread of a run.

use super::form::run::AboutRun;
use super::help;
use super::pattern::{Blank, Match, Matched, Wrong, run_id};
use super::reading::{Draft, Problem, Question, Reading, RunScope};
use super::table::{Action, Command, Usage};
use super::words::Words;
use super::{Addressed, Speaker, alert};
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
            Match::Mine(matched) if usage.action == Action::Help => {
                let word = matched.word().map(str::to_owned);
                return Ok(Reading::Show(Question::Help { command, word }));
            }
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

/// What was said in the thread of a run: a command, the words of a way, or else a note. A command that stops in the middle is
/// answered: nobody means a note by `skip` alone.
pub(super) fn said(
    command: &'static Command,
    words: Words<'_>,
    run: RunId,
    addressed: Addressed,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    let mut broken = None;
    for usage in &command.usages {
        let Some(thread) = &usage.thread else { continue };
        match thread.read(words, speaker.roster) {
            Match::NotMine => {}
            Match::Mine(matched) => match act(usage, &matched, speaker) {
                Ok(reading) => return Ok(reading),
                Err(problem) => broken = broken.or(Some(problem)),
            },
            Match::Wrong(wrong) => {
                broken = broken.or_else(|| Some(Box::new(alert::problem(usage, words, wrong, speaker))));
            }
        }
    }
    let text = words.tidy().to_owned();
    let stops = words.len() <= 3 || text.to_lowercase().ends_with("because");
    if let Some(problem) = broken.filter(|_| stops) {
        return Err(problem);
    }
    if text.is_empty() {
        return Ok(Reading::NotForUs);
    }
    let ask = match addressed {
        Addressed::Mention => Ask::Tell { text },
        Addressed::Direct | Addressed::Plain => Ask::Say { text },
    };
    Ok(Reading::Ask(Request::Run {
        target: Target::Run(run),
        ask,
    }))
}

/// What a usage that fits leads to.
pub(super) fn act(usage: &'static Usage, matched: &Matched, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    let missing = |blank| Box::new(Problem::Missing { usage, blank });
    let text = || matched.text().map(str::to_owned);
    let runbook = || matched.runbook().cloned().ok_or_else(|| missing(Blank::Runbook));
    // Whoever stops after `because` has not said why, and a run's number alone is no text.
    let is_no_text = |text: &str| {
        let key = text.to_lowercase();
        key == "because" || key.starts_with('r') && run_id(&key).is_some()
    };
    let said = || text().filter(|text| !is_no_text(text));
    let because = || said().ok_or_else(|| missing(Blank::Reason));
    let own = || speaker.incident.map_or(Target::Mine, Target::Of);
    let target = || matched.run().or(speaker.run).map_or_else(own, Target::Run);
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
        Action::StepUnblock => ask(Ask::Unblock),
        Action::StepBack => ask(Ask::Back),
        // In the thread everybody has read it already.
        Action::StepNote if speaker.run.is_some() => ask(Ask::Say {
            text: said().ok_or_else(|| missing(Blank::Text))?,
        }),
        Action::StepNote => ask(Ask::Note {
            text: said().ok_or_else(|| missing(Blank::Text))?,
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

/// Reads `a=1 b="two words" c=three words more`: a value in quotes ends with them, another goes on until the next name. None
/// when it begins otherwise.
fn values(text: &str) -> Option<Values> {
    let mut values = Values::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').filter(|(name, _)| is_name(name))?;
        let (value, left) = quoted(after).unwrap_or_else(|| unquoted(after));
        values.insert(name.to_owned(), value.to_owned());
        rest = left.trim_start();
    }
    Some(values)
}

/// A value in quotes and what follows it; none when there are none around all of it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('“', '”'), ('„', '“'), ('‘', '’')];
    let (open, close) = QUOTES.into_iter().find(|(open, _)| text.starts_with(*open))?;
    let inside = &text[open.len_utf8()..];
    let ends = inside
        .match_indices(close)
        .map(|(at, _)| (at, &inside[at + close.len_utf8()..]));
    let mut ends = ends.filter(|(_, after)| after.is_empty() || after.starts_with(char::is_whitespace));
    let (end, after) = ends.next()?;
    Some((&inside[..end], after))
}

/// A value up to the next name and what follows it.
fn unquoted(text: &str) -> (&str, &str) {
    let words = text
        .match_indices(char::is_whitespace)
        .map(|(at, blank)| at + blank.len());
    let mut names = words.filter(|at| text[*at..].split_once('=').is_some_and(|(name, _)| is_name(name)));
    let (value, rest) = text.split_at(names.next().unwrap_or(text.len()));
    (value.trim(), rest)
}

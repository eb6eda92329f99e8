//! `/alert`: messages, alerts by id, lists.
//!
//! Whatever names a team at its end is a message, so the words of our own usages lose against a message that is complete;
//! but nobody is woken by a misread command: that is offered, not done. A message that lacks something is never lost: the
//! answer carries it as a [`Draft`].

use super::help;
use super::names::{self, LONGEST_NAME, Named, named};
use super::pattern::{Blank, Fault, Match, Matched, Wrong, identifier};
use super::reading::{Draft, Problem, Question, Reading, Sweep, Which};
use super::table::{Action, Command, Usage};
use super::words::{Typed, Words, unquote};
use super::{Speaker, markup, runbook};
use crate::domain::Request;
use crate::domain::alert::{Alike, Assignee};
use crate::domain::ids::{AlertId, TeamId};
use crate::domain::priority::Priority;

/// Reads what follows `/alert`.
pub(super) fn read(
    command: &'static Command,
    words: Words<'_>,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    if words.is_empty() {
        return Ok(Reading::Form(Draft {
            team: speaker.team_here(),
            ..Draft::default()
        }));
    }
    // Several usages may begin with the same word: the one that fits, else the one that fits furthest.
    let mut furthest: Option<(&Usage, Wrong)> = None;
    for usage in &command.usages {
        if usage.action == Action::Raise || usage.pattern.first_word().is_none() {
            continue;
        }
        match usage.pattern.read(words, speaker.roster) {
            Match::NotMine => {}
            Match::Mine(matched) => return act(command, usage, &matched, speaker),
            Match::Wrong(wrong) => {
                if furthest.as_ref().is_none_or(|(_, known)| wrong.is_further_than(known)) {
                    furthest = Some((usage, wrong));
                }
            }
        }
    }
    if let Some((usage, wrong)) = furthest {
        if let Some((team, draft)) = complete_message(command, words, speaker) {
            return Err(Problem::LooksLikeMessage { usage, draft, team }.into());
        }
        if usage.action == Action::Help {
            return Ok(Reading::Show(Question::Help {
                command,
                word: words.key(1),
            }));
        }
        let wrong = wrong_here(usage, words, speaker).unwrap_or(wrong);
        return Err(problem(usage, words, wrong, speaker).into());
    }
    message(command, words, speaker)
}

/// What a usage that fits leads to.
pub(super) fn act(
    command: &'static Command,
    usage: &'static Usage,
    matched: &Matched,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    let missing = |blank| Box::new(Problem::Missing { usage, blank });
    let alert = || matched.alert().or(speaker.here).ok_or_else(|| missing(Blank::Alert));
    let text = || matched.text().map(str::to_owned);
    Ok(match usage.action {
        Action::Form => Reading::Form(Draft::default()),
        Action::Raise => {
            let team = matched.team().cloned().ok_or_else(|| missing(Blank::Team))?;
            let summary = text().ok_or_else(|| missing(Blank::Message))?;
            let draft = Draft {
                team: None,
                priority: matched.priority().unwrap_or_default(),
                summary,
                service: None,
                to: None,
                alike: Alike::Ask,
            };
            Reading::Ask(draft.raise_for(team))
        }
        Action::List => Reading::Show(Question::Alerts {
            team: matched.team().cloned(),
            which: if matched.says("all") {
                Which::All
            } else if matched.says("mine") {
                Which::Mine(speaker.by.clone())
            } else {
                Which::Open
            },
            page: 0,
        }),
        Action::AcknowledgeAll => sweep(Sweep::Acknowledge, matched, speaker),
        Action::ResolveAll => sweep(Sweep::Resolve, matched, speaker),
        Action::Show => Reading::Show(Question::Alert(alert()?)),
        Action::Acknowledge => each(matched, alert()?, |alert| Request::Acknowledge {
            alert,
            lease: matched.duration(),
        }),
        Action::Assign => Reading::Ask(Request::Assign {
            alert: alert()?,
            to: match (matched.person(), matched.team()) {
                (Some(person), _) => Assignee::Person(person.clone()),
                (None, Some(team)) => Assignee::Team(team.clone()),
                (None, None) => return Err(missing(Blank::Who)),
            },
        }),
        Action::GiveBack => Reading::Ask(Request::GiveBack { alert: alert()? }),
        Action::Snooze => Reading::Ask(Request::Snooze {
            alert: alert()?,
            length: matched.duration().ok_or_else(|| missing(Blank::Duration))?,
            because: text().ok_or_else(|| missing(Blank::Reason))?,
        }),
        Action::Reopen => Reading::Ask(Request::Reopen { alert: alert()? }),
        Action::Resolve => each(matched, alert()?, |alert| Request::Resolve { alert, because: text() }),
        Action::Escalate => Reading::Ask(Request::Escalate {
            alert: alert()?,
            drawn_for: None,
        }),
        Action::Note => Reading::Ask(Request::Note {
            alert: alert()?,
            text: text().ok_or_else(|| missing(Blank::Text))?,
        }),
        Action::Test => Reading::Ask(Request::Test {
            team: matched.team().cloned(),
        }),
        Action::OnCall
        | Action::Schedule
        | Action::Shifts
        | Action::Calendar
        | Action::Take
        | Action::Cover
        | Action::Override
        | Action::Swap
        | Action::Cancel
        | Action::Duties
        | Action::Underwater
        | Action::Unavailable
        | Action::Available
        | Action::HandoffNote
        | Action::Explain
        | Action::Reachable => return super::oncall::act(usage, matched, speaker),
        incident if incident.is_about_incidents() => return super::incident::act(usage, matched, speaker),
        Action::Runbooks
        | Action::ShowRunbook
        | Action::StartRun
        | Action::Practice
        | Action::Runs
        | Action::RunStatus
        | Action::StepDone
        | Action::StepSkip
        | Action::StepBlock
        | Action::StepBack
        | Action::StepNote
        | Action::StepAssign
        | Action::RunFill
        | Action::StepSend
        | Action::RunStop
        | Action::RunHistory
        | Action::RunbookCheck => return runbook::act(usage, matched, speaker),
        _ => Reading::Show(Question::Help {
            command,
            word: matched.word().map(str::to_owned),
        }),
    })
}

fn sweep(what: Sweep, matched: &Matched, speaker: &Speaker<'_>) -> Reading {
    Reading::Show(Question::Sweep {
        what,
        team: matched.team().cloned(),
        of: speaker.by.clone(),
    })
}

/// The same for every alert that was named; `here` where none was.
fn each(matched: &Matched, here: AlertId, request: impl Fn(AlertId) -> Request) -> Reading {
    match matched.alerts().as_slice() {
        [] => Reading::Ask(request(here)),
        [one] => Reading::Ask(request(*one)),
        several => Reading::Several(several.iter().copied().map(request).collect()),
    }
}

/// What is wrong where the alert need not be said; none where it must, or where something else is wrong.
fn wrong_here(usage: &Usage, words: Words<'_>, speaker: &Speaker<'_>) -> Option<Wrong> {
    speaker.here?;
    match usage.thread.as_ref()?.read(words, speaker.roster) {
        Match::Wrong(wrong) => matches!(wrong.fault, Fault::Missing(_)).then_some(wrong),
        Match::NotMine | Match::Mine(_) => None,
    }
}

/// What is wrong with words that begin like a usage.
pub(super) fn problem(usage: &'static Usage, words: Words<'_>, wrong: Wrong, speaker: &Speaker<'_>) -> Problem {
    let Wrong { at, fault } = wrong;
    let word = || words.slice(at, at + 1).raw().to_owned();
    match fault {
        Fault::Missing(blank) => Problem::Missing { usage, blank },
        Fault::NotAnAlert => Problem::NotAnAlert { usage, word: word() },
        Fault::NotADuration | Fault::NotDays => Problem::NotADuration { usage, word: word() },
        Fault::NotATime => Problem::NotATime {
            usage,
            word: words.from(at).raw().to_owned(),
        },
        Fault::NotAPerson => Problem::NotAPerson { usage, word: word() },
        Fault::NotARun => Problem::NotARun { usage, word: word() },
        Fault::NotARunbook => Problem::NotARunbook { usage, word: word() },
        Fault::NotACause => Problem::NotACause { usage, word: word() },
        Fault::NotAnOverride => Problem::NotAnOverride { usage, word: word() },
        Fault::NotAnIncident => Problem::NotAnIncident { usage, word: word() },
        Fault::NotASeverity => Problem::NotASeverity { usage, word: word() },
        Fault::NotAStatus => Problem::NotAStatus { usage, word: word() },
        Fault::NotARole => Problem::NotARole { usage, word: word() },
        Fault::NotATemplate => Problem::NotATemplate { usage, word: word() },
        Fault::NotALink => Problem::NotALink { usage, word: word() },
        Fault::NotANumber => Problem::NotANumber { usage, word: word() },
        Fault::OtherKind(kind) => Problem::OtherKind {
            usage,
            word: word(),
            kind,
        },
        Fault::UnknownTeam => {
            // The name ends where the pattern goes on.
            let goes_on = |at: &usize| {
                matches!(
                    words.key(*at).as_deref(),
                    Some("for" | "from" | "until" | "to" | "because")
                )
            };
            let end = (at + 1..words.len()).find(goes_on).unwrap_or(words.len());
            let word = words.slice(at, end).raw().to_owned();
            Problem::UnknownTeam {
                nearest: names::nearest_teams(&word, speaker.roster),
                word,
                draft: None,
            }
        }
        Fault::Person(person) => Problem::PersonNotTeam {
            nearest: names::teams_of(&person, speaker.roster),
            person,
            draft: None,
        },
        Fault::Surplus | Fault::NotARotation => Problem::Surplus {
            usage,
            words: words.from(at).raw().to_owned(),
        },
    }
}

/// The draft of a message that names its team at its end; none when it lacks either.
pub(super) fn complete_message(
    command: &'static Command,
    words: Words<'_>,
    speaker: &Speaker<'_>,
) -> Option<(TeamId, Draft)> {
    let urgent = words
        .command_key(0)
        .is_some_and(|word| word.parse::<Priority>().is_ok());
    match command.usage(Action::Raise)?.pattern.read(words, speaker.roster) {
        // `p1 for cloud` says how urgent, not what.
        Match::Mine(matched) if urgent == matched.priority().is_some() => {
            let team = matched.team()?.clone();
            let draft = Draft {
                team: Some(team.clone()),
                priority: matched.priority().unwrap_or_default(),
                summary: matched.text()?.to_owned(),
                service: None,
                to: None,
                alike: Alike::Ask,
            };
            Some((team, draft))
        }
        Match::Mine(_) | Match::NotMine | Match::Wrong(_) => None,
    }
}

/// The draft that a message of somebody else makes: its text whole, its team where it can be told.
pub(super) fn draft_of_message(text: &str, speaker: &Speaker<'_>) -> Draft {
    let typed = Typed::new(markup::visible(text, speaker.roster), None);
    let complete = Command::named("alert").and_then(|command| complete_message(command, typed.words(), speaker));
    Draft {
        team: complete.map(|(team, _)| team).or_else(|| speaker.team_here()),
        summary: typed.text().to_owned(),
        ..Draft::default()
    }
}

/// Reads words that begin with none of our own: a message, or a slip of the finger.
fn message(command: &'static Command, words: Words<'_>, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    if let Some((team, draft)) = complete_message(command, words, speaker) {
        return Ok(Reading::Ask(draft.raise_for(team)));
    }
    let priority: Option<Priority> = words.command_key(0).and_then(|word| word.parse().ok());
    let text = words.from(usize::from(priority.is_some()));
    let priority = priority.unwrap_or_default();
    let draft = |summary: &str| Draft {
        team: None,
        priority,
        summary: summary.to_owned(),
        service: None,
        to: None,
        alike: Alike::Ask,
    };
    if let Some(form) = almost_a_message(text, speaker, &draft) {
        return Ok(Reading::Form(form));
    }
    if let Some(word) = slip(command, words, speaker) {
        return Err(Problem::UnknownWord {
            nearest: help::nearest(command, &word),
            word,
            draft: draft(text.tidy()),
        }
        .into());
    }
    Err(teamless(text, speaker, &draft).into())
}

/// The form for what lacks only little: nothing but a team or a priority, or the team before the message.
fn almost_a_message(text: Words<'_>, speaker: &Speaker<'_>, draft: &impl Fn(&str) -> Draft) -> Option<Draft> {
    if text.tidy().is_empty() {
        return Some(Draft {
            team: speaker.team_here(),
            ..draft("")
        });
    }
    let chosen = |name: Words<'_>| match named(name, speaker.roster) {
        Named::Team(team) => Some(team),
        Named::Person(_) | Named::Nobody => None,
    };
    // `cloud`; `for cloud` and `"" for cloud`; `for cloud disk full`.
    let after_nothing = || {
        let at = last_for(text)?;
        chosen(text.from(at + 1)).filter(|_| text.slice(0, at).tidy().is_empty())
    };
    if let Some(team) = chosen(text).or_else(after_nothing) {
        return Some(Draft {
            team: Some(team),
            ..draft("")
        });
    }
    let name = text.from(1);
    if !is_for(text, 0) {
        return None;
    }
    (1..=name.len().min(LONGEST_NAME)).rev().find_map(|length| {
        Some(Draft {
            team: Some(chosen(name.slice(0, length))?),
            ..draft(name.from(length).tidy())
        })
    })
}

fn is_for(words: Words<'_>, at: usize) -> bool {
    words.key(at).as_deref() == Some("for")
}

fn last_for(words: Words<'_>) -> Option<usize> {
    (0..words.len()).rev().find(|&at| is_for(words, at))
}

/// The first word, when the words look like a command of ours that was misspelt, or like one that other bots have.
fn slip(command: &'static Command, words: Words<'_>, speaker: &Speaker<'_>) -> Option<String> {
    let word = words.command_key(0).filter(|word| !word.is_empty())?;
    let about_an_id = words.command_key(1).is_some_and(|second| identifier(&second).is_some());
    let misspelt = help::close_to(command, &word)
        .into_iter()
        .any(|usage| usage.pattern.fits_but_for_the_first_word(words, speaker.roster));
    let known = !help::known_elsewhere(command, &word).is_empty();
    let alone = words.len() == 1 && unquote(words.raw()) == words.raw();
    let verb_and_id = words.len() == 2 && is_bare_word(&word);
    (alone || misspelt || (about_an_id && (known || verb_and_id))).then_some(word)
}

/// Whether a word looks like a verb rather than the beginning of a message.
fn is_bare_word(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// Why a message has no team.
fn teamless(text: Words<'_>, speaker: &Speaker<'_>, draft: &impl Fn(&str) -> Draft) -> Problem {
    let roster = speaker.roster;
    let no_team = || Problem::NoTeam {
        draft: draft(text.tidy()),
        nearest: names::teams_from(speaker.channel, roster),
    };
    let Some(at) = last_for(text).filter(|&at| at > 0) else {
        return no_team();
    };
    let (said, name) = (text.slice(0, at), text.from(at + 1));
    if name.is_empty() || name.len() > LONGEST_NAME {
        return no_team();
    }
    let word = name.raw().to_owned();
    match named(name, roster) {
        Named::Person(person) => Problem::PersonNotTeam {
            nearest: names::teams_of(&person, roster),
            person,
            draft: Some(draft(said.tidy())),
        },
        Named::Team(_) | Named::Nobody => {
            let meant =
                word.starts_with(['@', '#']) || said.tidy() != said.raw() || names::is_nearly_a_team(&word, roster);
            if !meant && name.len() > 2 {
                return no_team();
            }
            // "waiting for parts" is a message that lost nothing but its team; "disk full for clod" is a misspelt one.
            let summary = if meant { said.tidy() } else { text.tidy() };
            Problem::UnknownTeam {
                nearest: names::nearest_teams(&word, roster),
                word,
                draft: Some(draft(summary)),
            }
        }
    }
}

//! `/alert`: words that begin with none of our usages: a message, or a slip of the finger.

use super::Speaker;
use super::alert::complete_message;
use super::help;
use super::names::{self, LONGEST_NAME, Named, named};
use super::pattern::identifier;
use super::reading::{Draft, Problem, Reading};
use super::table::Command;
use super::words::{Words, unquote};
use crate::domain::alert::Alike;
use crate::domain::priority::Priority;

/// Reads words that begin with none of our own: a message, or a slip of the finger.
pub(super) fn read(
    command: &'static Command,
    words: Words<'_>,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    if let Some(word) = words.command_key(0).filter(|word| is_no_priority(word)) {
        let rest = words.from(1);
        let complete = complete_message(command, rest, speaker).map(|(_, draft)| draft);
        let draft = complete.unwrap_or_else(|| Draft {
            team: speaker.team_here(),
            summary: rest.tidy().to_owned(),
            ..Draft::default()
        });
        return Err(Problem::NotAPriority { word, draft }.into());
    }
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

/// Whether a word looks like a priority and is none, such as `p9`. `p95` is no slip: messages about latency begin so.
fn is_no_priority(word: &str) -> bool {
    let digits = word.strip_prefix('p').unwrap_or_default();
    digits.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit()) && word.parse::<Priority>().is_err()
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
                near: names::teams_near(&word, roster),
                word,
                draft: Some(draft(summary)),
            }
        }
    }
}

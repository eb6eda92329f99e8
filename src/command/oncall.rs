//! `/oncall`: who is on call.

use super::alert::{act, problem};
use super::help;
use super::pattern::Match;
use super::reading::{Draft, Problem, Question, Reading};
use super::table::{Action, Command};
use super::words::Words;
use super::{Speaker, names};

/// Reads what follows `/oncall`.
pub(super) fn read(
    command: &'static Command,
    words: Words<'_>,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    // Usages that begin with a word go first: a team may be called `help`, but help must be found.
    let (worded, others): (Vec<_>, Vec<_>) = command
        .usages
        .iter()
        .partition(|usage| usage.pattern.first_word().is_some());
    let mut wrong = None;
    for usage in worded.into_iter().chain(others) {
        match usage.pattern.read(words, speaker.roster) {
            Match::NotMine => {}
            Match::Mine(matched) => return act(command, usage, &matched, speaker),
            Match::Wrong(_) if usage.action == Action::Help => {
                return Ok(Reading::Show(Question::Help {
                    command,
                    word: words.key(1),
                }));
            }
            Match::Wrong(fault) => wrong = wrong.or(Some((usage, fault))),
        }
    }
    let word = words.command_key(0).unwrap_or_default();
    let slip = words.len() == 1
        && !names::is_nearly_a_team(&word, speaker.roster)
        && !help::close_to(command, &word).is_empty();
    match wrong {
        Some((usage, wrong)) if !slip => Err(problem(usage, words, wrong, speaker).into()),
        Some(_) | None => Err(Problem::UnknownWord {
            nearest: help::nearest(command, &word),
            word,
            draft: Draft {
                summary: words.tidy().to_owned(),
                ..Draft::default()
            },
        }
        .into()),
    }
}

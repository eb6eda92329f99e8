//! Help, as values: which usages explain a word, and which were probably meant. Also the README's table.

use std::fmt::Write as _;

use super::table::{Action, Command, Usage};

/// The answer to `help`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The command it is about.
    pub command: &'static Command,
    /// The usages to be shown, the best first; never empty.
    pub usages: Vec<&'static Usage>,
    /// How they were found.
    pub found: Found,
}

/// How usages were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing in particular was asked for: these are all.
    All,
    /// They are about the word.
    Exactly,
    /// Nothing is about the word; these are nearest to it.
    Nearest,
    /// Nothing is even near the word: these are all.
    Nothing,
}

/// Explains a command, or one word of it.
pub fn help(command: &'static Command, word: Option<&str>) -> Help {
    let all = || command.usages.iter().collect();
    let (usages, found) = match word.map(|word| word.trim_start_matches('/').to_lowercase()) {
        None => (all(), Found::All),
        Some(word) => {
            let about = about(command, &word);
            let close = close_to(command, &word);
            if !about.is_empty() {
                (about, Found::Exactly)
            } else if !close.is_empty() {
                (close, Found::Nearest)
            } else {
                (all(), Found::Nothing)
            }
        }
    };
    Help { command, usages, found }
}

/// The usages that were probably meant by a first word that is none of ours: those that other bots call so, those it is a
/// slip of the finger away from, else raising and `help`. Never empty.
pub(super) fn nearest(command: &'static Command, word: &str) -> Vec<&'static Usage> {
    // A word that other bots have was meant as it was typed; a slip is only a guess.
    let elsewhere = known_elsewhere(command, word);
    if !elsewhere.is_empty() {
        return elsewhere;
    }
    let close = close_to(command, word);
    if !close.is_empty() {
        return close;
    }
    let fallback = [Action::Raise, Action::OnCall, Action::Declare, Action::Help];
    fallback
        .into_iter()
        .filter_map(|action| command.usage(action))
        .collect()
}

/// Usages whose first word is a slip of the finger away from `word` (at most 2 letters wrong, left out, too many, or
/// swapped, and fewer than half of them), the closest first.
pub(super) fn close_to(command: &'static Command, word: &str) -> Vec<&'static Usage> {
    let mut close: Vec<(usize, &Usage)> = command
        .usages
        .iter()
        .filter_map(|usage| {
            let distance = usage.first_words().filter_map(|known| slips(word, known)).min()?;
            Some((distance, usage))
        })
        .collect();
    close.sort_by_key(|(distance, _)| *distance);
    close.into_iter().map(|(_, usage)| usage).collect()
}

/// Usages that other bots know under `word`.
pub(super) fn known_elsewhere(command: &'static Command, word: &str) -> Vec<&'static Usage> {
    command
        .usages
        .iter()
        .filter(|usage| usage.words.iter().any(|known| known == word))
        .collect()
}

fn about(command: &'static Command, word: &str) -> Vec<&'static Usage> {
    let named: Vec<&Usage> = command
        .usages
        .iter()
        .filter(|usage| usage.first_words().any(|known| known == word))
        .collect();
    if named.is_empty() {
        known_elsewhere(command, word)
    } else {
        named
    }
}

fn slips(word: &str, known: &str) -> Option<usize> {
    let length = known.chars().count();
    // A word of another length cannot be near; and comparing a very long one would only take time.
    if word.chars().count().abs_diff(length) > 2 {
        return None;
    }
    let distance = strsim::osa_distance(word, known);
    (distance <= 2 && distance * 2 <= length + 1).then_some(distance)
}

/// The README's table of a command, in Markdown, with a newline at its end.
pub fn markdown(command: &Command) -> String {
    let mut table = String::from("| usage | does |\n|---|---|\n");
    for usage in &command.usages {
        let mut ways = vec![line(&command.command, usage.pattern.as_str())];
        ways.extend(usage.aliases.iter().map(|alias| format!("also `{alias}`")));
        if let Some(thread) = &usage.thread {
            ways.push(format!("in its thread `{thread}`"));
        }
        let row = format!(
            "| {} | {} |",
            ways.join(", ").replace('|', "\\|"),
            usage.does.replace('|', "\\|")
        );
        writeln!(table, "{row}").expect("writing into a string cannot fail");
    }
    table
}

fn line(command: &str, pattern: &str) -> String {
    if pattern.is_empty() {
        format!("`{command}`")
    } else {
        format!("`{command} {pattern}`")
    }
}

#[cfg(test)]
mod tests;

//! Shortcuts: slash commands of the operator's own that expand into ours.
//!
//! `/pd-support <message>` means `/alert <message> for support`; `/genie alert <message> for <team>` is for fingers that
//! learned it elsewhere. A shortcut only rewrites what was typed; what it comes to is read as if it had been typed, so a
//! shortcut can do nothing that its author could not type.

use once_cell::sync::Lazy;
use regex::{Regex, RegexBuilder};

use super::table::Command;

/// A slash command of the operator's.
#[derive(Debug, Clone)]
pub struct Shortcut {
    /// The command with its slash.
    pub command: String,
    /// What it is for, in a line.
    pub description: String,
    /// What Slack shows while somebody types it.
    pub hint: String,
    /// What it means, tried in order.
    pub expansions: Vec<Expansion>,
}

/// One way to type a shortcut, and what it means.
#[derive(Debug, Clone)]
pub struct Expansion {
    /// As its author wrote it.
    pattern: String,
    reads: Regex,
    means: String,
}

/// What is wrong with an expansion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpansionError {
    /// A blank is not closed, or has no plain name.
    #[error("a blank is written `<message>`: a name of letters between angle brackets")]
    Blank,
    /// The same blank stands twice in the pattern.
    #[error("the blank `<{0}>` stands twice in the pattern")]
    Twice(String),
    /// What it means uses a blank that the pattern does not have.
    #[error("the pattern has no blank `<{0}>`")]
    Unfilled(String),
    /// The pattern has a blank that what it means leaves out.
    #[error("`<{0}>` would be lost: what it means does not use it")]
    Lost(String),
    /// It does not come to one of our commands.
    #[error("it has to mean one of `/alert` and `/oncall`, and what can be typed after them")]
    NotOurs,
}

/// What became of a shortcut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expanded {
    /// No shortcut has this name.
    Unknown,
    /// It means this: a command of ours, and what is typed after it.
    Means(String, String),
    /// None of its ways fits; these are they, with the command.
    Unfit(Vec<String>),
}

static BLANK: Lazy<Regex> = Lazy::new(|| Regex::new("<([a-z][a-z_]*)>").expect("a constant pattern"));

impl Expansion {
    /// Reads one.
    ///
    /// # Errors
    /// When it would not work, or would lose what was typed.
    pub fn new(pattern: &str, means: &str) -> Result<Self, ExpansionError> {
        let blanks = names(pattern)?;
        if let Some(twice) = blanks
            .iter()
            .enumerate()
            .find(|(at, name)| blanks[..*at].contains(name))
        {
            return Err(ExpansionError::Twice((*twice.1).to_owned()));
        }
        let used = names(means)?;
        if let Some(name) = used.iter().find(|name| !blanks.contains(name)) {
            return Err(ExpansionError::Unfilled((*name).to_owned()));
        }
        if let Some(name) = blanks.iter().find(|name| !used.contains(name)) {
            return Err(ExpansionError::Lost((*name).to_owned()));
        }
        let command = means.split_whitespace().next().unwrap_or_default();
        if !command.starts_with('/') || Command::named(command).is_none() {
            return Err(ExpansionError::NotOurs);
        }
        Ok(Self {
            pattern: pattern.to_owned(),
            reads: reader(pattern)?,
            means: means.to_owned(),
        })
    }

    /// What typed words mean; none when they do not fit.
    fn expand(&self, typed: &str) -> Option<(String, String)> {
        let found = self.reads.captures(typed)?;
        let filled = BLANK.replace_all(&self.means, |blank: &regex::Captures<'_>| {
            found
                .name(&blank[1])
                .map_or_else(String::new, |words| words.as_str().to_owned())
        });
        let (command, rest) = filled.split_once(char::is_whitespace).unwrap_or((&filled, ""));
        Some((command.to_owned(), rest.trim().to_owned()))
    }
}

/// The blanks of a text, in order.
fn names(text: &str) -> Result<Vec<&str>, ExpansionError> {
    let found: Vec<&str> = BLANK
        .captures_iter(text)
        .filter_map(|blank| blank.get(1).map(|name| name.as_str()))
        .collect();
    let brackets = text.matches(['<', '>']).count();
    if brackets == found.len() * 2 {
        Ok(found)
    } else {
        Err(ExpansionError::Blank)
    }
}

/// Words in any case and with any space between them; a blank takes words, as many as it can, so that a message ends at
/// the *last* ` for `.
fn reader(pattern: &str) -> Result<Regex, ExpansionError> {
    let parts: Vec<String> = pattern
        .split_whitespace()
        .map(|word| {
            let mut reads = String::new();
            let mut end = 0;
            for blank in BLANK.captures_iter(word) {
                let whole = blank.get(0).map_or(0..0, |whole| whole.range());
                reads.push_str(&regex::escape(&word[end..whole.start]));
                reads.extend(["(?P<", &blank[1], ">\\S(?:.*\\S)?)"]);
                end = whole.end;
            }
            reads.push_str(&regex::escape(&word[end..]));
            reads
        })
        .collect();
    RegexBuilder::new(&format!("^\\s*{}\\s*$", parts.join("\\s+")))
        .case_insensitive(true)
        .dot_matches_new_line(true)
        .build()
        .map_err(|_| ExpansionError::Blank)
}

/// What a slash command means among these shortcuts.
pub fn expand(command: &str, typed: &str, shortcuts: &[Shortcut]) -> Expanded {
    let Some(shortcut) = shortcuts
        .iter()
        .find(|known| known.command.eq_ignore_ascii_case(command))
    else {
        return Expanded::Unknown;
    };
    let found = shortcut.expansions.iter().find_map(|expansion| expansion.expand(typed));
    found.map_or_else(
        || {
            let ways = shortcut.expansions.iter();
            let ways = ways.map(|way| format!("{} {}", shortcut.command, way.pattern).trim().to_owned());
            Expanded::Unfit(ways.collect())
        },
        |(command, rest)| Expanded::Means(command, rest),
    )
}

#[cfg(test)]
mod tests;

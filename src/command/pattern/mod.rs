//! Patterns: a usage as people read it, `resolve <alert> [because <reason>]`, turned into something that reads.
//!
//! A pattern has words, typed blanks (`<alert>`), groups that may be left out (`[because <reason>]`) and choices of words
//! (`(open|all)`). At most one blank takes running text, so that reading is linear in what was typed. Matching is in
//! [`matching`]; it has three outcomes, because "not mine" and "mine, but wrong" deserve different answers.

mod identifier;
mod matched;
mod matching;

use std::fmt;

use serde::Deserialize;

pub(super) use identifier::identifier;
pub(super) use matched::Matched;
pub(super) use matching::{Fault, Match, Wrong};

/// A compiled pattern; it prints as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    written: String,
    elements: Vec<Element>,
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Element {
    /// One of these words, in lower case; the first is the usual one.
    Literal(Vec<String>),
    /// One of these words, in lower case; it matters which.
    Choice(Vec<String>),
    /// Something to be filled in.
    Blank(Blank),
    /// A group that may be left out.
    Optional(Vec<Element>),
}

/// Something to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blank {
    /// An alert's id: `A-12`, `a12`, `#12`, `12`.
    Alert,
    /// Ids of alerts, one or more.
    Alerts,
    /// A team's key, name or alias, or its user group or channel.
    Team,
    /// A team or a person.
    Who,
    /// `p1` … `p5`.
    Priority,
    /// `45s`, `10m`, `2h30m`, `3d`, `1 week`.
    Duration,
    /// What is wrong, in any words.
    Message,
    /// Any words.
    Text,
    /// Any words that say why.
    Reason,
    /// A single word.
    Word,
    /// A person.
    User,
    /// A rotation of the team that was named before it.
    Rotation,
    /// `tomorrow 9:00`, `mon 18:00`, `2026-11-21 09:00`, `in 2h`.
    Time,
    /// An override's id: `O-3`, `o3`, `3`.
    Override,
    /// A number of days.
    Days,
    /// An incident's id: `INC-7`, `inc7`; `7` where nothing else can be meant.
    Incident,
    /// `sev1` … `sev4`.
    Severity,
    /// `investigating`, `identified`, `monitoring`, `resolved`.
    Status,
    /// What somebody does in an incident.
    Role,
    /// An update that stands ready, by its name.
    Template,
    /// What is wrong, as a symptom, in any words.
    Title,
    /// A number.
    Number,
    /// What one can subscribe to: an incident, a team, `service <name>`, a severity, `customers`, `all`.
    Topic,
    /// A web address.
    Link,
    /// A run's id: `R-3`, `r3`, `3`.
    Run,
    /// A runbook, by its name or title.
    Runbook,
    /// What something is for: an incident's id or an alert's.
    Cause,
    /// What it wants to know: `name=value`, several times.
    Values,
}

impl Blank {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::Alert,
        Self::Alerts,
        Self::Team,
        Self::Who,
        Self::Priority,
        Self::Duration,
        Self::Message,
        Self::Text,
        Self::Reason,
        Self::Word,
        Self::User,
        Self::Rotation,
        Self::Time,
        Self::Override,
        Self::Days,
        Self::Incident,
        Self::Severity,
        Self::Status,
        Self::Role,
        Self::Template,
        Self::Title,
        Self::Number,
        Self::Topic,
        Self::Link,
        Self::Run,
        Self::Runbook,
        Self::Cause,
        Self::Values,
    ];

    /// Its name in a pattern, without the brackets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Alerts => "alert>…",
            Self::Team => "team",
            Self::Who => "user|team",
            Self::Priority => "priority",
            Self::Duration => "duration",
            Self::Message => "message",
            Self::Text => "text",
            Self::Reason => "reason",
            Self::Word => "word",
            Self::User => "user",
            Self::Rotation => "rotation",
            Self::Time => "time",
            Self::Override => "override",
            Self::Days => "days",
            Self::Incident => "incident",
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Role => "role",
            Self::Template => "template",
            Self::Title => "title",
            Self::Number => "number",
            Self::Topic => "topic",
            Self::Link => "link",
            Self::Run => "run",
            Self::Runbook => "runbook",
            Self::Cause => "incident|alert",
            Self::Values => "name=value",
        }
    }

    /// Whether it takes any number of words.
    fn is_running_text(self) -> bool {
        matches!(
            self,
            Self::Message | Self::Text | Self::Reason | Self::Title | Self::Values
        )
    }
}

/// As it stands in a pattern: `<alert>`.
impl fmt::Display for Blank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alerts => write!(f, "<{}", self.name()),
            _ => write!(f, "<{}>", self.name()),
        }
    }
}

/// A mistake in a pattern; whoever edits a table reads it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A bracket is never closed, or was never opened.
    #[error("the brackets of `{pattern}` do not pair up at `{bracket}`")]
    Brackets {
        /// The pattern.
        pattern: String,
        /// The bracket.
        bracket: char,
    },
    /// No blank has that name.
    #[error("`{pattern}` has a blank `<{name}>`, which is none of {}", Blank::ALL.map(|blank| blank.to_string()).join(", "))]
    UnknownBlank {
        /// The pattern.
        pattern: String,
        /// The name.
        name: String,
    },
    /// A group or choice has nothing in it.
    #[error("`{pattern}` has an empty group or choice")]
    Empty {
        /// The pattern.
        pattern: String,
    },
    /// More than one blank takes any number of words.
    #[error("`{pattern}` has two blanks that take running text, so nobody can say where the first one ends")]
    TwoTexts {
        /// The pattern.
        pattern: String,
    },
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(written: String) -> Result<Self, PatternError> {
        let elements = Compiler {
            pattern: &written,
            rest: &written,
        }
        .sequence(End::Pattern)?;
        if texts(&elements) > 1 {
            return Err(PatternError::TwoTexts { pattern: written });
        }
        Ok(Self { written, elements })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Pattern {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The word it begins with; none when it begins with something else.
    pub fn first_word(&self) -> Option<&str> {
        match self.elements.first()? {
            Element::Literal(words) => words.first().map(String::as_str),
            Element::Choice(_) | Element::Blank(_) | Element::Optional(_) => None,
        }
    }

    /// Lets it begin with any of `aliases` too; no change when it does not begin with a word.
    pub(super) fn also_begins_with(&mut self, aliases: &[String]) {
        if let Some(Element::Literal(words)) = self.elements.first_mut() {
            words.extend(aliases.iter().map(|alias| alias.to_lowercase()));
        }
    }
}

fn texts(elements: &[Element]) -> usize {
    elements
        .iter()
        .map(|element| match element {
            Element::Literal(_) | Element::Choice(_) => 0,
            Element::Blank(blank) => usize::from(blank.is_running_text()),
            Element::Optional(group) => texts(group),
        })
        .sum()
}

/// What ends a sequence of elements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Pattern,
    Group,
}

/// Reads a pattern from its beginning.
struct Compiler<'p> {
    pattern: &'p str,
    rest: &'p str,
}

impl<'p> Compiler<'p> {
    fn sequence(&mut self, end: End) -> Result<Vec<Element>, PatternError> {
        let mut elements = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            let Some(first) = self.rest.chars().next() else {
                return match end {
                    End::Pattern => Ok(elements),
                    End::Group => Err(self.brackets('[')),
                };
            };
            match first {
                '[' => {
                    self.rest = &self.rest[1..];
                    elements.push(Element::Optional(self.sequence(End::Group)?));
                }
                ']' if end == End::Group && elements.is_empty() => return Err(self.empty()),
                ']' if end == End::Group => {
                    self.rest = &self.rest[1..];
                    return Ok(elements);
                }
                '<' => elements.push(Element::Blank(self.blank()?)),
                '(' => elements.push(Element::Choice(self.choice()?)),
                ']' | ')' | '>' => return Err(self.brackets(first)),
                _ => {
                    let length = self
                        .rest
                        .find(|c: char| c.is_whitespace() || "[]()<>".contains(c))
                        .unwrap_or(self.rest.len());
                    let (word, rest) = self.rest.split_at(length);
                    self.rest = rest;
                    elements.push(Element::Literal(vec![word.to_lowercase()]));
                }
            }
        }
    }

    fn blank(&mut self) -> Result<Blank, PatternError> {
        let name = self.inside('<', '>')?;
        if let (Some(rest), "alert") = (self.rest.strip_prefix('…'), name) {
            self.rest = rest;
            return Ok(Blank::Alerts);
        }
        Blank::ALL
            .into_iter()
            .find(|blank| blank.name() == name)
            .ok_or_else(|| PatternError::UnknownBlank {
                pattern: self.pattern.to_owned(),
                name: name.to_owned(),
            })
    }

    fn choice(&mut self) -> Result<Vec<String>, PatternError> {
        let words: Vec<String> = self
            .inside('(', ')')?
            .split('|')
            .map(|word| word.trim().to_lowercase())
            .collect();
        if words.iter().any(String::is_empty) {
            return Err(self.empty());
        }
        Ok(words)
    }

    /// What stands between two brackets, the first of which comes next.
    fn inside(&mut self, open: char, close: char) -> Result<&'p str, PatternError> {
        let inner = &self.rest[open.len_utf8()..];
        let end = inner.find(close).ok_or_else(|| self.brackets(open))?;
        self.rest = &inner[end + close.len_utf8()..];
        Ok(&inner[..end])
    }

    fn brackets(&self, bracket: char) -> PatternError {
        PatternError::Brackets {
            pattern: self.pattern.to_owned(),
            bracket,
        }
    }

    fn empty(&self) -> PatternError {
        PatternError::Empty {
            pattern: self.pattern.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;

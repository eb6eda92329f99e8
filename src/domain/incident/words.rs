//! How bad it is, how far it has come, and whom it touches.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// SEV1 is the worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nobody can work.
    Sev1,
    /// Many cannot work, or something important is broken.
    Sev2,
    /// Some are disturbed, and there is a way round it.
    #[default]
    Sev3,
    /// Hardly anybody notices.
    Sev4,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Sev1, Self::Sev2, Self::Sev3, Self::Sev4];

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Sev1 => "critical: customers cannot work",
            Self::Sev2 => "major: something important is broken",
            Self::Sev3 => "minor: there is a way round it",
            Self::Sev4 => "low: hardly anybody notices",
        }
    }

    /// Its place in [`Severity::ALL`].
    pub fn rank(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SEV{}", *self as u8 + 1)
    }
}

/// The text is not `sev1` … `sev4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a severity is one of `sev1`, `sev2`, `sev3`, `sev4`")]
pub struct NotASeverity;

impl FromStr for Severity {
    type Err = NotASeverity;

    fn from_str(text: &str) -> Result<Self, NotASeverity> {
        let text = text.trim().to_lowercase();
        let digit = text.strip_prefix("sev").map(|rest| rest.trim_start_matches('-'));
        Self::ALL
            .into_iter()
            .find(|severity| digit == Some(&(severity.rank() + 1).to_string()))
            .ok_or(NotASeverity)
    }
}

/// How far an incident has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody knows yet why.
    #[default]
    Investigating,
    /// The cause is known.
    Identified,
    /// It is mended, and watched.
    Monitoring,
    /// It is over.
    Resolved,
    /// It was none.
    Cancelled,
    /// It is the same as another.
    Merged,
}

impl Status {
    /// Those an open incident can have.
    pub const OPEN: [Self; 3] = [Self::Investigating, Self::Identified, Self::Monitoring];

    /// Whether somebody still works on it.
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
            Self::Cancelled => "cancelled",
            Self::Merged => "merged",
        }
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Investigating => "nobody knows yet why",
            Self::Identified => "the cause is known",
            Self::Monitoring => "it is mended, and watched",
            Self::Resolved => "it is over",
            Self::Cancelled => "it was no incident",
            Self::Merged => "it is the same as another",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The text is no status that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a status is one of `investigating`, `identified`, `monitoring`, `resolved`")]
pub struct NotAStatus;

impl FromStr for Status {
    type Err = NotAStatus;

    fn from_str(text: &str) -> Result<Self, NotAStatus> {
        let word = text.trim().to_lowercase();
        let askable = Self::OPEN.into_iter().chain([Self::Resolved]);
        askable
            .into_iter()
            .find(|status| status.word() == word)
            .ok_or(NotAStatus)
    }
}

/// Whom an incident touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One customer.
    One,
    /// More than one.
    Several,
    /// Everybody.
    All,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::One, Self::Several, Self::All];

    /// As it is written in a form.
    pub fn word(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Several => "several",
            Self::All => "all",
        }
    }

    /// As people read it.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::One => "one customer",
            Self::Several => "several customers",
            Self::All => "all customers",
        }
    }
}

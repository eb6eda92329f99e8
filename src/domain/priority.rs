//! How urgent an alert is, from P1 to P5.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// P1 is the most urgent. P3 is what an alert has when nobody says otherwise, as in Opsgenie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Critical: wake people.
    P1,
    /// High.
    P2,
    /// Moderate.
    #[default]
    P3,
    /// Low.
    P4,
    /// For information.
    P5,
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] = [Self::P1, Self::P2, Self::P3, Self::P4, Self::P5];

    /// What it means, in a word or two.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::P1 => "critical",
            Self::P2 => "high",
            Self::P3 => "moderate",
            Self::P4 => "low",
            Self::P5 => "for information",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}", *self as u8 + 1)
    }
}

/// The text is not `p1` … `p5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a priority is one of `p1`, `p2`, `p3`, `p4`, `p5`")]
pub struct NotAPriority;

impl FromStr for Priority {
    type Err = NotAPriority;

    fn from_str(text: &str) -> Result<Self, NotAPriority> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.to_string().eq_ignore_ascii_case(text.trim()))
            .ok_or(NotAPriority)
    }
}

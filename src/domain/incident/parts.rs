//! What an incident is made of: updates, actions, quotes, what it took, its analysis, who follows it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::alert::Drawn;
use crate::domain::escalation::Recipient;
use crate::domain::ids::{IncidentId, MessageRef, UserId};

/// What readers were told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub words: Words,
    /// What it said before it was put right, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Words>,
}

/// What an update says: in one's own words, or part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// In one's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What does not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// Who notices it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<String>,
    /// What they can do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workaround: Option<String>,
    /// When it will be mended, or when they hear more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Where somebody else's trouble that it comes from is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<String>,
}

impl Words {
    /// In one's own words.
    pub fn free(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is said part by part.
    pub fn has_parts(&self) -> bool {
        let parts = [&self.broken, &self.affected, &self.workaround, &self.next];
        parts.into_iter().any(Option::is_some)
    }
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub text: String,
    /// Who said so.
    pub by: UserId,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
    /// Since when it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<DateTime<Utc>>,
    /// The incident it went to when its own was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<IncidentId>,
    /// When somebody was reminded of it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<DateTime<Utc>>,
}

impl Action {
    /// Whether it is still to be done, here.
    pub fn is_open(&self) -> bool {
        self.done.is_none() && self.moved.is_none()
    }

    /// When somebody is reminded of it next: when it is due, then every day until it is done.
    pub fn next_reminder(&self) -> Option<DateTime<Utc>> {
        const AGAIN: TimeDelta = TimeDelta::days(1);
        let due = self.due.filter(|_| self.is_open())?;
        Some(self.reminded.map_or(due, |last| (last + AGAIN).max(due)))
    }
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Where it stands.
    pub at: MessageRef,
    /// The message whose thread it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<MessageRef>,
    /// Who; none for a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// When.
    pub said_at: DateTime<Utc>,
    /// What, as it was.
    pub text: String,
    /// Where it can be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What it took to end an incident.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Aftermath {
    /// Something was rolled back.
    pub rollback: bool,
    /// Something was mended in a hurry.
    pub hotfix: bool,
    /// Customers were told on the status page.
    pub external: bool,
}

impl Aftermath {
    /// This and that.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rollback: self.rollback || other.rollback,
            hotfix: self.hotfix || other.hotfix,
            external: self.external || other.external,
        }
    }

    /// Whether somebody has to find out why.
    pub fn needs_analysis(self) -> bool {
        self.rollback || self.hotfix || self.external
    }
}

/// How an incident's analysis stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Analysis {
    /// Nobody has to write one.
    #[default]
    NotDue,
    /// Somebody has to write one.
    Due {
        /// By when.
        by: DateTime<Utc>,
    },
    /// It is written.
    Written {
        /// Where it is.
        link: String,
    },
    /// It is not needed.
    Declined {
        /// Why.
        because: String,
    },
}

/// A subscriber that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// Who.
    pub who: Recipient,
    /// Their message; none while it is on its way.
    pub drawn: Option<Drawn>,
}

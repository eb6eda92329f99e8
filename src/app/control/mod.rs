//! How programs on this machine talk to the running bot: one line of JSON each way, over a unix socket in the data folder.
//!
//! Whoever may open the folder may talk: the socket belongs to the bot's user alone. There is no other way in, so there
//! are no passwords. When no bot listens, a report is laid into the spool beside the data folder and taken at the next
//! start; everything else has to wait.
//!
//! - `client` asks; `nightbell alert` and `nightbell backup` are made of it;
//! - `server` answers, a few at a time;
//! - `spool` keeps what nobody was there to take.

mod client;
mod server;
mod spool;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use client::{AskError, Asked, ask, report};
pub(super) use server::serve;

use crate::domain::alert::{AfterClearing, Firing, Observation, Report};
use crate::domain::ids::{TeamId, UserId};
use crate::domain::priority::Priority;

/// The longest line, in bytes.
const LONGEST_LINE: usize = 64 << 10;
/// The longest message, in characters.
pub const LONGEST_MESSAGE: usize = 8000;

/// What a program asks of the bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// Something is wrong, or no longer is.
    Alert(Cry),
    /// Everything that is stored, in one file.
    Backup {
        /// Which file: absolute, and not there yet.
        file: PathBuf,
    },
    /// What people are called.
    Names {
        /// Who.
        of: Vec<UserId>,
    },
}

/// What `nightbell alert` says. Kept in the spool, so fields are only ever added with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cry {
    /// What is wrong.
    pub message: String,
    /// By key, name or alias.
    pub team: String,
    /// How urgent it is.
    #[serde(default)]
    pub priority: Priority,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What counts as the same thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether it is over.
    #[serde(default)]
    pub over: bool,
    /// Who says so.
    pub from: String,
}

/// What the bot answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// It is done; in a line.
    Done(String),
    /// It is not; why.
    Refused(String),
}

impl Cry {
    /// The report it is. The team is looked up by whoever knows the teams.
    pub(super) fn report(self) -> Report {
        let what = if self.over {
            Observation::Cleared {
                then: AfterClearing::Resolve,
            }
        } else {
            Observation::Firing(Firing {
                summary: self.message,
                priority: self.priority,
                service: self.service,
                labels: std::collections::BTreeMap::new(),
            })
        };
        Report {
            source: self.from,
            team: TeamId::new(self.team),
            key: self.key,
            what,
        }
    }
}

/// The socket of a data folder.
fn socket(data: &Path) -> PathBuf {
    data.join("nightbell.sock")
}

#[cfg(test)]
mod tests;

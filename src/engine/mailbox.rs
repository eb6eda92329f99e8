//! Everything the engine can be told. The list is closed, and the channel that carries it is bounded.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::command::Shortcut;
use crate::domain::alert::Report;
use crate::domain::ids::UserId;
use crate::domain::roster::Roster;
use crate::domain::run::Heard;
use crate::intake::Rule;
use crate::outbox::Settled;
use crate::slack::Delivery;
use crate::store::BackupError;
use crate::view::Notice;

/// How many letters wait at the most; whoever sends more waits.
pub const CAPACITY: usize = 1024;

/// What the operator configured, as the workspace knows it now.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Who is who.
    pub roster: Roster,
    /// The operator's own slash commands.
    pub shortcuts: Vec<Shortcut>,
    /// What bots post, and what it means.
    pub rules: Vec<Rule>,
}

/// One thing the engine is told.
#[derive(Debug)]
pub enum Letter {
    /// Slack delivered something that somebody did.
    Delivery(Box<Delivery>),
    /// A call was delivered, or never will be.
    Settled(Box<Settled>),
    /// A request of a run was answered, or never will be.
    Heard(Heard),
    /// The next deadline has come.
    Tick,
    /// The configuration or the workspace changed.
    Configuration(Arc<Configuration>),
    /// A program on this machine reports something.
    Report(Box<LocalReport>),
    /// Somebody wants everything that is stored in one file.
    Backup {
        /// Which; it does not exist yet.
        file: PathBuf,
        /// How large it is.
        done: oneshot::Sender<Result<u64, BackupError>>,
    },
    /// A program on this machine wants to know what people are called.
    Names {
        /// Who.
        of: Vec<UserId>,
        /// The handles of those who are known.
        done: oneshot::Sender<BTreeMap<UserId, String>>,
    },
    /// Something that whoever runs us should know; said in the fallback channel.
    Notice(Notice),
    /// Finish what was taken, then end.
    Stop,
}

/// A report from the command line.
#[derive(Debug)]
pub struct LocalReport {
    /// A name no other report has, when it may come twice.
    pub name: Option<String>,
    /// What it says.
    pub report: Report,
    /// What became of it, in a line for a terminal, once it is stored; an error when it was refused.
    pub done: oneshot::Sender<Result<String, String>>,
}

impl From<Delivery> for Letter {
    fn from(delivery: Delivery) -> Self {
        Self::Delivery(Box::new(delivery))
    }
}

impl From<Heard> for Letter {
    fn from(heard: Heard) -> Self {
        Self::Heard(heard)
    }
}

impl From<Settled> for Letter {
    fn from(settled: Settled) -> Self {
        Self::Settled(Box::new(settled))
    }
}

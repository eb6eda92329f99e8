//! What one round changes, until it is stored.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::oneshot;

use super::{Commit, News};
use crate::domain::ids::RunId;
use crate::domain::run::Order;
use crate::outbox::{Entry, Fate, Header};
use crate::slack::{Call, Reply};

/// An answer to the one who asked: what rides on the acknowledgement, and the same as a call in case it cannot.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) carried: Value,
    pub(super) otherwise: Option<Call>,
}

/// What a program on this machine is told.
type Told = Result<String, String>;

/// Commits in the making, and what is told once they are stored.
#[derive(Debug, Default)]
pub(super) struct Batch {
    commits: Vec<Commit>,
    current: Commit,
    added: Vec<(u64, Header)>,
    dropped: Vec<u64>,
    seen: HashSet<String>,
    /// Acknowledgements, and what they carry.
    pub(super) replies: Vec<(Reply, Option<Payload>)>,
    /// Calls that became necessary after the commit.
    pub(super) owed: Vec<Entry>,
    /// Whether anything happened to any alert.
    pub(super) happened: bool,
    /// What programs on this machine are told, once it is stored.
    answers: Vec<(oneshot::Sender<Told>, Told)>,
    /// What runs want sent, once it is stored that they do; none for what turned out to be nothing that could be.
    pub(super) orders: Vec<(RunId, u64, Option<Order>)>,
    /// How many outcomes were dealt with.
    pub(super) settled: u64,
    /// How many ticks were dealt with.
    pub(super) ticks: u64,
}

impl Batch {
    /// The commit of the input that is being dealt with.
    pub(super) fn current(&mut self) -> &mut Commit {
        &mut self.current
    }

    /// The input is dealt with: what comes next is another commit.
    pub(super) fn close(&mut self) {
        if self.current != Commit::default() {
            self.commits.push(std::mem::take(&mut self.current));
        }
    }

    pub(super) fn enqueue(&mut self, id: u64, json: Vec<u8>, entry: &Entry) {
        self.current.entries.push((id, json));
        self.added.push((id, entry.header(Fate::Fresh)));
    }

    /// Calls that are in the store already.
    pub(super) fn resume(&mut self, found: Vec<(u64, Header)>) {
        self.added.extend(found);
    }

    /// A newer edit says the same and more.
    pub(super) fn replace(&mut self, id: u64) {
        self.current.settled.push(id);
        self.dropped.push(id);
    }

    /// Whether a delivery was dealt with in this round.
    pub(super) fn has_seen(&self, name: &str) -> bool {
        self.seen.contains(name)
    }

    /// Remembers the names of a delivery.
    pub(super) fn remember(&mut self, names: Vec<String>, now: DateTime<Utc>) {
        for name in names {
            self.seen.insert(name.clone());
            self.current.seen.push((name, now));
        }
    }

    /// Tells a program on this machine something, once it is stored.
    pub(super) fn tell(&mut self, done: oneshot::Sender<Told>, said: Told) {
        self.answers.push((done, said));
    }

    /// It is stored: tells whoever waits for it.
    pub(super) fn answer(&mut self) {
        for (done, said) in self.answers.drain(..) {
            // Whoever has stopped waiting knows what that means.
            drop(done.send(said));
        }
    }

    pub(super) fn owe(&mut self, entry: Entry) {
        self.owed.push(entry);
    }

    pub(super) fn take_commits(&mut self) -> Vec<Commit> {
        self.close();
        std::mem::take(&mut self.commits)
    }

    /// What the outbox has to know.
    pub(super) fn take_news(&mut self) -> Vec<News> {
        let mut news = Vec::new();
        let (added, dropped) = (std::mem::take(&mut self.added), std::mem::take(&mut self.dropped));
        if !added.is_empty() {
            news.push(News::Added(added));
        }
        if !dropped.is_empty() {
            news.push(News::Dropped(dropped));
        }
        news
    }
}

//! The engine's mailbox: the only queue between the edges and the one writer, and bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;

use crate::domain::ids::AlertId;
use crate::domain::roster::Roster;
use crate::domain::{Errand, Outcome};
use crate::slack::socket::Delivery;

/// How many letters wait at the most; whoever sends more waits.
const CAPACITY: usize = 1024;

/// One thing the engine is told.
#[derive(Debug)]
pub enum Letter {
    /// Slack delivered something that somebody did.
    Delivery(Box<Delivery>),
    /// A call was delivered, or never will be.
    Settled(Settled),
    /// The next deadline has come.
    Tick,
    /// The configuration or the workspace changed.
    Roster(Arc<Roster>),
    /// Finish what was taken, then end.
    Stop,
}

/// What became of an outbox entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which entry.
    pub entry: u64,
    /// What it was for.
    pub errand: Errand,
    /// The alert it was about.
    pub about: Option<AlertId>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The sending side; cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailbox {
    letters: mpsc::Sender<Letter>,
    unhandled: Arc<AtomicUsize>,
}

/// The engine has ended; nothing more can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the engine has ended")]
pub struct Ended;

impl Mailbox {
    /// A mailbox and the engine's end of it.
    pub fn new() -> (Self, Inbox) {
        let (letters, receiver) = mpsc::channel(CAPACITY);
        let unhandled = Arc::new(AtomicUsize::new(0));
        (Self { letters, unhandled: Arc::clone(&unhandled) }, Inbox { letters: receiver, unhandled })
    }

    /// Puts a letter in, waiting for room.
    pub async fn send(&self, letter: Letter) -> Result<(), Ended> {
        self.unhandled.fetch_add(1, Ordering::SeqCst);
        self.letters.send(letter).await.map_err(|_| {
            self.unhandled.fetch_sub(1, Ordering::SeqCst);
            Ended
        })
    }

    /// How many letters have not been dealt with, whether they wait or are being dealt with now.
    pub fn unhandled(&self) -> usize {
        self.unhandled.load(Ordering::SeqCst)
    }
}

/// The engine's end.
#[derive(Debug)]
pub struct Inbox {
    letters: mpsc::Receiver<Letter>,
    unhandled: Arc<AtomicUsize>,
}

impl Inbox {
    /// Waits for a letter, then takes those that wait behind it, at most `at_most`. None when nobody can send any more.
    pub(super) fn take(&mut self, at_most: usize) -> Option<Vec<Letter>> {
        let mut letters = vec![self.letters.blocking_recv()?];
        while letters.len() < at_most {
            match self.letters.try_recv() {
                Ok(letter) => letters.push(letter),
                Err(_) => break,
            }
        }
        Some(letters)
    }

    /// Says that so many letters have been dealt with.
    pub(super) fn handled(&self, letters: usize) {
        self.unhandled.fetch_sub(letters, Ordering::SeqCst);
    }
}

//! The sender on a real socket: a tiny Slack on 127.0.0.1 (`slack.rs`), a store in a temporary folder, a clock moved by
//! hand. Nothing sleeps; "quiet" is what the sender itself publishes.

mod entries;
mod running;
mod slack;
mod troubles;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::{Entry, Fate, News, Outbox, OutboxStatus, Pace, Settled, Subject, Urgency};
use crate::clock::{Clock, Hand};
use crate::domain::ids::{AlertId, ChannelId, MessageId, MessageRef};
use crate::domain::{Errand, Outcome};
use crate::slack::call::{Call, Message};
use crate::slack::{Secret, Web};
use crate::store::{Commit, Store};
use slack::FakeSlack;

/// When every test begins.
fn dawn() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// Ends a test that hangs; nothing is measured by it.
async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(20);
    let Ok(done) = tokio::time::timeout(patience, future).await else {
        panic!("waited in vain for {what}")
    };
    done
}

/// The running sender and everything round it.
struct Stage {
    slack: FakeSlack,
    hand: Hand,
    store: Store,
    news: mpsc::Sender<News>,
    sent: u64,
    settled: mpsc::Receiver<Settled>,
    status: watch::Receiver<OutboxStatus>,
    shutdown: watch::Sender<bool>,
    sender: JoinHandle<()>,
    _folder: TempDir,
}

impl Stage {
    async fn new() -> Self {
        Self::with_mailbox(64).await
    }

    /// A stage whose engine takes so many outcomes before it must be asked to read them.
    async fn with_mailbox(room: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("a new store");
        let slack = FakeSlack::start().await;
        let (clock, hand) = Clock::manual(dawn());
        let (news, news_receiver) = mpsc::channel(4);
        let (settled_sender, settled) = mpsc::channel(room);
        let (status_sender, status) = watch::channel(OutboxStatus::default());
        let (shutdown, shutdown_receiver) = watch::channel(false);
        let token = |text: &str| Secret::new(text);
        let outbox: Outbox<Settled> = Outbox {
            web: Web::new(slack.base(), &token("xoxb-1"), &token("xapp-1")).expect("a base address"),
            reader: store.reader(),
            clock,
            pace: Pace::default(),
            news: news_receiver,
            settled: settled_sender,
            status: status_sender,
            shutdown: shutdown_receiver,
        };
        Self {
            slack,
            hand,
            store,
            news,
            sent: 0,
            settled,
            status,
            shutdown,
            sender: tokio::spawn(outbox.run()),
            _folder: folder,
        }
    }

    fn store_row(&mut self, id: u64, row: Vec<u8>) {
        let commit = Commit {
            entries: vec![(id, row)],
            ..Commit::default()
        };
        self.store.commit(&[commit]).expect("it is stored");
    }

    async fn tell(&mut self, news: News) {
        in_time("room for news", self.news.send(news))
            .await
            .expect("the sender runs");
        self.sent += 1;
    }

    /// Commits an entry as the engine does.
    async fn commit(&mut self, id: u64, entry: &Entry) {
        self.commit_as(id, entry, Fate::Fresh).await;
    }

    /// Commits an entry of a known fate.
    async fn commit_as(&mut self, id: u64, entry: &Entry, fate: Fate) {
        self.store_row(id, serde_json::to_vec(entry).expect("an entry is JSON"));
        self.tell(News::Added(vec![(id, entry.header(fate))])).await;
    }

    /// What the sender reports next.
    async fn settles(&mut self) -> (u64, Outcome) {
        let settled = in_time("an outcome", self.settled.recv())
            .await
            .expect("the sender runs");
        (settled.entry, settled.outcome)
    }

    /// Waits until nothing happens before the clock moves.
    async fn quiet(&mut self) -> OutboxStatus {
        let (sent, now) = (self.sent, self.hand.now());
        let quiet = self
            .status
            .wait_for(|status| status.heard == sent && status.is_quiet(now));
        in_time("quiet", quiet).await.expect("the sender runs").clone()
    }

    /// Moves the clock and waits until all is quiet again.
    async fn passes(&mut self, seconds: i64) -> OutboxStatus {
        self.hand.advance(TimeDelta::seconds(seconds));
        self.quiet().await
    }

    /// No outcome is waiting to be read.
    fn says_no_more(&mut self) {
        assert_eq!(self.settled.try_recv(), Err(mpsc::error::TryRecvError::Empty));
    }
}

fn message(text: &str) -> Message {
    Message {
        text: text.to_owned(),
        blocks: Some(vec![json!({ "type": "divider" })]),
    }
}

fn entry(lane: &str, urgency: Urgency, call: Call) -> Entry {
    Entry {
        subject: Subject::new(lane),
        urgency,
        call,
        errand: Errand::Fallback { alert: AlertId(17) },
        queued: dawn(),
        expires: None,
        about: Some(AlertId(17)),
        otherwise: None,
    }
}

fn post(lane: &str, text: &str) -> Entry {
    let call = Call::PostMessage {
        channel: "C1".to_owned(),
        thread: None,
        broadcast: false,
        message: message(text),
    };
    entry(lane, Urgency::Routine, call)
}

fn edit(lane: &str, text: &str) -> Entry {
    let call = Call::UpdateMessage {
        channel: "C1".to_owned(),
        ts: "1.1".to_owned(),
        message: message(text),
    };
    entry(lane, Urgency::Routine, call)
}

fn ephemeral(lane: &str, text: &str) -> Entry {
    let call = Call::PostEphemeral {
        channel: "C1".to_owned(),
        user: "U1".to_owned(),
        thread: None,
        message: message(text),
    };
    entry(lane, Urgency::Reply, call)
}

fn delivered(ts: &str) -> Outcome {
    Outcome::Delivered(Some(MessageRef {
        channel: ChannelId::new("C1"),
        message: MessageId::new(ts),
    }))
}

fn refused(code: &str) -> Outcome {
    Outcome::Refused { code: code.to_owned() }
}

//! The loop that joins the lanes, the attempts and the rest of the house.
//!
//! It never waits for one thing only: while attempts are under way it takes news in, and while the engine's mailbox is
//! full it goes on doing both, up to a bound. Every attempt is a task in one [`JoinSet`]; one that panics counts as an
//! attempt of unknown fate, so that its lane goes on.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tracing::{Instrument as _, debug, error, info, info_span, warn};

use super::attempt::{Ending, Tools};
use super::lanes::{Interest, Lanes, Turn, Verdict};
use super::{News, Outbox, OutboxStatus, Settled};
use crate::clock::{self, Clock};

/// Outcomes that may wait for room in the engine's mailbox; with more, nothing new is started.
const UNREPORTED_AT_MOST: usize = 64;

/// News taken in before the lanes are asked again.
const NEWS_AT_ONCE: usize = 64;

/// How long a shutdown waits for what is under way, in machine time.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// What a task of ours works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// An entry in flight.
    Attempt(u64),
    /// An entry the lanes have forgotten, because its time has passed.
    GiveUp(u64),
}

/// The running sender.
#[derive(Debug)]
pub(super) struct Sender<Mail> {
    lanes: Lanes,
    tools: Tools,
    clock: Clock,
    news: mpsc::Receiver<News>,
    settled: mpsc::Sender<Mail>,
    status: watch::Sender<OutboxStatus>,
    shutdown: watch::Receiver<bool>,
    tasks: JoinSet<Ending>,
    work: HashMap<Id, Work>,
    unreported: VecDeque<Settled>,
    held: Option<String>,
    heard: u64,
    reported: u64,
}

impl<Mail: From<Settled> + Send + 'static> Sender<Mail> {
    pub(super) fn new(outbox: Outbox<Mail>) -> Self {
        Self {
            lanes: Lanes::new(outbox.pace),
            tools: Tools {
                web: outbox.web,
                reader: outbox.reader,
                clock: outbox.clock.clone(),
            },
            clock: outbox.clock,
            news: outbox.news,
            settled: outbox.settled,
            status: outbox.status,
            shutdown: outbox.shutdown,
            tasks: JoinSet::new(),
            work: HashMap::new(),
            unreported: VecDeque::new(),
            held: None,
            heard: 0,
            reported: 0,
        }
    }

    pub(super) async fn run(mut self) {
        let mut news = Vec::with_capacity(NEWS_AT_ONCE);
        let (mut shutdown, mailbox, clock) = (self.shutdown.clone(), self.settled.clone(), self.clock.clone());
        loop {
            self.start();
            let wake = self.publish();
            tokio::select! {
                () = told_to_stop(&mut shutdown) => break,
                count = self.news.recv_many(&mut news, NEWS_AT_ONCE) => {
                    if count == 0 {
                        break;
                    }
                    for news in news.drain(..) {
                        self.hear(news);
                    }
                }
                Some(ended) = self.tasks.join_next_with_id() => self.finish(ended),
                permit = mailbox.reserve(), if !self.unreported.is_empty() => {
                    let Ok(permit) = permit else { break };
                    if let Some(settled) = self.unreported.pop_front() {
                        permit.send(Mail::from(settled));
                        self.reported += 1;
                    }
                }
                () = sleep_until(&clock, wake) => {}
            }
        }
        self.wind_down().await;
    }

    fn hear(&mut self, news: News) {
        self.heard += 1;
        match news {
            News::Added(entries) => entries.into_iter().for_each(|(id, header)| self.lanes.add(id, header)),
            News::Dropped(ids) => ids.into_iter().for_each(|id| self.lanes.drop_entry(id)),
        }
    }

    /// Whether another task may be started: its outcome must find a place.
    fn has_room(&self) -> bool {
        self.unreported.len() + self.tasks.len() < UNREPORTED_AT_MOST
    }

    /// Starts whatever may be started now.
    fn start(&mut self) {
        let now = self.clock.now();
        while self.has_room() {
            if let Some(id) = self.lanes.expired(now) {
                let tools = self.tools.clone();
                let span = info_span!("outbox.give_up", outbox.id = id);
                self.spawn(
                    Work::GiveUp(id),
                    async move { tools.give_up(id).await }.instrument(span),
                );
            } else if let Some(turn) = self.lanes.next(now) {
                let tools = self.tools.clone();
                self.spawn(Work::Attempt(turn.id), attempt(tools, turn));
            } else {
                return;
            }
        }
    }

    fn spawn(&mut self, work: Work, task: impl Future<Output = Ending> + Send + 'static) {
        let id = self.tasks.spawn(task).id();
        self.work.insert(id, work);
    }

    fn finish(&mut self, ended: Result<(Id, Ending), JoinError>) {
        let (task, ending) = ended.unwrap_or_else(|error| {
            error!(%error, "an attempt ended without an answer");
            let why = "the attempt broke off".to_owned();
            (error.id(), Ending::Doubt { why })
        });
        match (self.work.remove(&task), ending) {
            (Some(Work::Attempt(id)), ending) => self.judge(id, ending),
            (Some(Work::GiveUp(_)), Ending::Settled(settled)) => self.unreported.push_back(*settled),
            (Some(Work::GiveUp(id)), ending) => {
                if ending != Ending::Gone {
                    error!(
                        outbox.id = id,
                        ?ending,
                        "the expired entry cannot be read; it stays until the next start"
                    );
                }
            }
            (None, _) => {}
        }
    }

    /// Tells the lanes how an attempt ended and keeps an outcome for the engine.
    fn judge(&mut self, id: u64, ending: Ending) {
        let now = self.clock.now();
        let (verdict, settled) = match ending {
            Ending::Settled(settled) => (Verdict::Settled, Some(*settled)),
            Ending::Gone => (Verdict::Gone, None),
            Ending::Wait { method, pause } => {
                info!(
                    outbox.id = id,
                    slack.method = method,
                    wait_ms = pause.num_milliseconds(),
                    "Slack asked for a pause"
                );
                (Verdict::Wait { method, pause }, None)
            }
            Ending::Again { why } => {
                warn!(outbox.id = id, why, "the call failed and is tried again");
                (Verdict::Again, None)
            }
            Ending::Doubt { why } => {
                warn!(
                    outbox.id = id,
                    why, "the call failed and may have happened; it is looked up first"
                );
                (Verdict::Doubt, None)
            }
            Ending::Unauthorized { code } => {
                if self.held.is_none() {
                    error!(code, "Slack does not accept the bot token: everything waits");
                }
                self.held = Some(code);
                (Verdict::Unauthorized, None)
            }
        };
        if self.lanes.done(id, verdict, now) == Interest::Wanted {
            self.unreported.extend(settled);
        }
        if !self.lanes.is_barred() && self.held.take().is_some() {
            info!("Slack accepts the bot token again");
        }
    }

    /// Says what is going on, and returns when to wake.
    fn publish(&self) -> Option<DateTime<Utc>> {
        // Without room nothing can be started: the mailbox wakes us, not the clock.
        let next_wake = self.lanes.wake_at().filter(|_| self.has_room());
        let status = OutboxStatus {
            pending: self.lanes.waiting(),
            in_flight: self.tasks.len() + self.unreported.len(),
            next_wake,
            held: self.held.clone(),
            heard: self.heard,
            reported: self.reported,
        };
        self.status.send_if_modified(|old| {
            let news = *old != status;
            *old = status;
            news
        });
        next_wake
    }

    /// Starts nothing more; waits for what is under way and hands it over, for a bounded time.
    async fn wind_down(mut self) {
        // Nobody shall wait for us to hear more: what is committed is in the store.
        self.news.close();
        let last_words = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                self.finish(ended);
            }
            while let Some(settled) = self.unreported.pop_front() {
                if self.settled.send(Mail::from(settled)).await.is_err() {
                    return;
                }
                self.reported += 1;
            }
        };
        tokio::select! {
            () = last_words => {}
            () = clock::pause(LAST_WAIT) => {
                warn!("calls under way are left behind; they are looked up at the next start");
            }
        }
        self.publish();
    }
}

/// Runs one attempt in its span.
async fn attempt(tools: Tools, turn: Turn) -> Ending {
    let span = info_span!(
        "outbox.attempt",
        outbox.id = turn.id,
        slack.method = turn.method,
        attempt = turn.attempt,
    );
    async move {
        let begun = clock::monotonic();
        let ending = tools.attempt(turn).await;
        let duration_ms = begun.elapsed().as_secs_f64() * 1000.0;
        debug!(duration_ms, ending = ending.word(), "the attempt ended");
        ending
    }
    .instrument(span)
    .await
}

/// Returns once we are told to stop, or nobody is left to tell us.
async fn told_to_stop(shutdown: &mut watch::Receiver<bool>) {
    drop(shutdown.wait_for(|stop| *stop).await);
}

/// Sleeps in story time; for ever when there is nothing to wake for.
async fn sleep_until(clock: &Clock, wake: Option<DateTime<Utc>>) {
    match wake {
        Some(instant) => clock.sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

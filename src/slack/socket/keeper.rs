//! Holds the connections: opens one at a time, replaces those that end, and says how it stands.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::timeout;

use super::backoff::Backoff;
use super::link::{End, Link, News, stopped};
use super::{Delivery, Problem, SocketStatus, Timings};
use crate::clock::{monotonic, pause};
use crate::slack::envelope::DisconnectReason;
use crate::slack::web::{Web, WebError};

/// Holds connections and hands on what comes in, until `shutdown` says `true` or nobody takes deliveries any more; then
/// acknowledges what is under way, closes, and returns within [`Timings::shutdown_within`].
///
/// `deliveries` bounds what may wait to be handled; it takes a [`Delivery`], or an enum that has one among others.
pub async fn run<Mail: From<Delivery> + Send + 'static>(
    web: Web,
    deliveries: mpsc::Sender<Mail>,
    status: watch::Sender<SocketStatus>,
    shutdown: watch::Receiver<bool>,
    timings: Timings,
) {
    let (news, heard) = mpsc::channel(64);
    let backoff = Backoff::new(timings.first_pause, timings.longest_pause, timings.seed);
    let keeper = Keeper {
        web,
        deliveries,
        status,
        shutdown,
        news,
        backoff,
        timings,
        links: BTreeMap::new(),
        tasks: JoinSet::new(),
        numbers: HashMap::new(),
        started: 0,
        not_before: monotonic(),
    };
    keeper.run(heard).await;
}

struct Keeper<Mail> {
    web: Web,
    deliveries: mpsc::Sender<Mail>,
    status: watch::Sender<SocketStatus>,
    shutdown: watch::Receiver<bool>,
    news: mpsc::Sender<(u64, News)>,
    backoff: Backoff,
    timings: Timings,
    links: BTreeMap<u64, Stage>,
    tasks: JoinSet<()>,
    /// Which connection a task is.
    numbers: HashMap<Id, u64>,
    /// How many connections were begun; numbers them.
    started: u64,
    /// No connection is begun before.
    not_before: Instant,
}

/// How far a connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has no greeting yet.
    Opening,
    /// It is up since then.
    Up(Instant),
    /// Slack will close it; it was up since then, if it ever was.
    Closing(Option<Instant>),
}

impl<Mail: From<Delivery> + Send + 'static> Keeper<Mail> {
    async fn run(mut self, mut heard: mpsc::Receiver<(u64, News)>) {
        let mut shutdown = self.shutdown.clone();
        let deliveries = self.deliveries.clone();
        loop {
            let due = self.open_if_due();
            let wait = due.map(|due| due.saturating_duration_since(monotonic()));
            tokio::select! {
                () = stopped(&mut shutdown) => break,
                () = deliveries.closed() => break,
                Some((number, news)) = heard.recv() => self.hear(number, news),
                () = pause(wait.unwrap_or_default()), if wait.is_some() => {}
                Some(joined) = self.tasks.join_next_with_id() => self.joined(joined),
            }
            self.publish();
        }
        drop(heard);
        let tasks = &mut self.tasks;
        let ended = timeout(self.timings.shutdown_within, async {
            while tasks.join_next().await.is_some() {}
        })
        .await;
        if ended.is_err() {
            tracing::warn!("envelopes were still being handled when the time for shutting down was over");
        }
        self.links.clear();
        self.publish();
    }

    /// Begins a connection if one is missing and it is time; returns when to look again if it is not.
    ///
    /// One at a time, or a pause that was just asked for would be walked around.
    fn open_if_due(&mut self) -> Option<Instant> {
        let count = |wanted: fn(Stage) -> bool| self.links.values().filter(|stage| wanted(**stage)).count();
        if count(|stage| !matches!(stage, Stage::Closing(_))) >= self.timings.connections
            || count(|stage| stage == Stage::Opening) > 0
        {
            return None;
        }
        if monotonic() < self.not_before {
            return Some(self.not_before);
        }
        self.started += 1;
        self.links.insert(self.started, Stage::Opening);
        let link = Link {
            number: self.started,
            web: self.web.clone(),
            deliveries: self.deliveries.clone(),
            news: self.news.clone(),
            shutdown: self.shutdown.clone(),
            timings: self.timings.clone(),
        };
        let task = self.tasks.spawn(link.run()).id();
        self.numbers.insert(task, self.started);
        None
    }

    /// A connection tells its end itself; only one whose task panicked could not.
    fn joined(&mut self, joined: Result<(Id, ()), JoinError>) {
        let (task, panicked) = match joined {
            Ok((task, ())) => (task, false),
            Err(error) => (error.id(), true),
        };
        if let Some(number) = self.numbers.remove(&task)
            && panicked
        {
            self.ended(number, End::Broken("its task panicked".to_owned()));
        }
    }

    fn hear(&mut self, number: u64, news: News) {
        match news {
            News::Ready { connections } => self.ready(number, connections),
            News::Closing(reason) => self.closing(number, &reason),
            News::Ended(end) => self.ended(number, end),
        }
    }

    fn ready(&mut self, number: u64, connections: Option<usize>) {
        self.links.insert(number, Stage::Up(monotonic()));
        let ours = self.links.values().filter(|stage| **stage != Stage::Opening).count();
        let strangers = connections.unwrap_or_default().saturating_sub(ours);
        tracing::info!(socket.id = number, socket.connections = ours, "connected to Slack");
        if strangers > 0 {
            tracing::warn!(
                socket.strangers = strangers,
                "another program uses the same app token and takes part of what people do; or the last run is only just gone"
            );
        }
        self.status.send_modify(|status| {
            status.opened += 1;
            status.last_problem = (strangers > 0).then_some(Problem::Strangers(strangers));
        });
    }

    fn closing(&mut self, number: u64, reason: &DisconnectReason) {
        let since = match self.links.get(&number) {
            Some(Stage::Up(since)) => Some(*since),
            _ => None,
        };
        self.links.insert(number, Stage::Closing(since));
        match reason {
            DisconnectReason::LinkDisabled => {
                tracing::error!("Socket Mode is switched off in the app's settings; switch it on under Socket Mode");
                self.rest(self.timings.rare_pause, Problem::LinkDisabled);
            }
            DisconnectReason::TooManyWebsockets => {
                let wait = self.backoff.next().max(self.timings.longest_pause / 6);
                tracing::warn!(
                    wait_ms = wait.as_millis(),
                    "the app has more connections than Slack allows; is it running elsewhere?"
                );
                self.rest(wait, Problem::TooManyConnections);
            }
            DisconnectReason::Warning | DisconnectReason::RefreshRequested | DisconnectReason::Other(_) => {
                tracing::info!(socket.id = number, reason = ?reason, "Slack will close a connection; its successor is on the way");
                // A successor at once, unless connections come and go so quickly that it would be a storm.
                if self.lived(since) {
                    self.backoff.reset();
                } else {
                    self.not_before = self.not_before.max(monotonic() + self.backoff.next());
                }
            }
        }
    }

    fn ended(&mut self, number: u64, end: End) {
        let Some(stage) = self.links.remove(&number) else {
            return;
        };
        let since = match stage {
            Stage::Up(since) => Some(since),
            Stage::Closing(_) => {
                if let End::Broken(why) = end {
                    tracing::debug!(socket.id = number, why, "a connection that was to end anyway broke");
                }
                return;
            }
            Stage::Opening => None,
        };
        if self.lived(since) {
            self.backoff.reset();
        }
        let (wait, problem) = match end {
            End::Orderly => return,
            End::NotOpened(WebError::Unauthorized { code, .. }) => {
                (self.timings.rare_pause, Problem::Unauthorized { code })
            }
            End::NotOpened(WebError::Limited { wait, .. }) => {
                let wait = wait.max(self.backoff.next());
                (
                    wait,
                    Problem::Unreachable {
                        why: "Slack asks for a pause".to_owned(),
                    },
                )
            }
            End::NotOpened(error) => (self.backoff.next(), Problem::Unreachable { why: error.to_string() }),
            End::Broken(why) => (self.backoff.next(), Problem::Unreachable { why }),
        };
        tracing::warn!(socket.id = number, wait_ms = wait.as_millis(), problem = ?problem, "no connection to Slack");
        self.rest(wait, problem);
    }

    fn lived(&self, since: Option<Instant>) -> bool {
        since.is_some_and(|since| since.elapsed() >= self.timings.stable_after)
    }

    /// Begins no connection for a while.
    fn rest(&mut self, wait: Duration, problem: Problem) {
        self.not_before = self.not_before.max(monotonic() + wait);
        self.status.send_modify(|status| status.last_problem = Some(problem));
    }

    fn publish(&self) {
        let connected = self
            .links
            .values()
            .filter(|stage| matches!(stage, Stage::Up(_)))
            .count();
        let closing = self
            .links
            .values()
            .filter(|stage| matches!(stage, Stage::Closing(_)))
            .count();
        self.status.send_if_modified(|status| {
            let changed = (status.connected, status.closing) != (connected, closing);
            (status.connected, status.closing) = (connected, closing);
            changed
        });
    }
}

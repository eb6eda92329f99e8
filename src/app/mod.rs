//! Builds the parts, joins their tasks, and owns how they end.
//!
//! ```text
//! socket ─▶ mailbox ─▶ engine (its own thread) ─▶ outbox ─▶ Slack
//!               ▲         │ next deadline            │
//!               ├─ ticker ◀┘                          │
//!               ├─ refresher (people, channels, groups)
//!               ├─ control (programs on this machine)
//!               ├─ actions (what runbooks want sent)
//!               └──────────── outcomes ◀──────────────┘
//! ```
//!
//! Ending is in order: the socket stops taking and the outbox finishes what is under way, both still heard by the
//! engine; then the engine stores the last of it and ends. Whatever is cut off by the end of patience is in the store.

pub mod control;
pub mod doctor;
pub mod export;
pub mod journal;
pub mod oncall;
pub mod reloading;
pub mod runbooks;
pub mod still;
mod workspace;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use crate::actions::{self, Actions};
use crate::clock::{self, Clock};
use crate::config::File;
use crate::domain::ids::UserId;
use crate::engine::{self, Engine, EngineError, EngineStatus, Letter, Parts};
use crate::outbox::{News, Outbox, OutboxStatus, Pace};
use crate::slack::{SocketStatus, Timings, Web, socket};
use crate::store::Store;
pub use workspace::Reload;
use workspace::Workspace;

/// How many pieces of news may wait for the outbox.
const NEWS: usize = 1024;
/// How long the end may take.
const LAST_WAIT: Duration = Duration::from_millis(4500);

/// What a bot is made of.
#[derive(Debug)]
pub struct Options {
    /// The configuration.
    pub file: File,
    /// The data folder.
    pub data: PathBuf,
    /// Slack.
    pub web: Web,
    /// Story time.
    pub clock: Clock,
    /// How fast messages go out.
    pub pace: Pace,
    /// How the socket behaves.
    pub timings: Timings,
    /// What it takes to send what runbooks want sent.
    pub actions: actions::Settings,
}

/// What can be watched of a running bot.
#[derive(Debug, Clone)]
pub struct Gauges {
    /// The engine.
    pub engine: watch::Receiver<EngineStatus>,
    /// The outbox.
    pub outbox: watch::Receiver<OutboxStatus>,
    /// The connections.
    pub socket: watch::Receiver<SocketStatus>,
}

/// A running bot.
#[derive(Debug)]
pub struct App {
    gauges: Gauges,
    shutdown: watch::Sender<bool>,
    mailbox: mpsc::Sender<Letter>,
    reload: mpsc::Sender<Reload>,
    ended: oneshot::Receiver<Result<(), EngineError>>,
    /// The socket and the outbox: they end by themselves when told to.
    edges: Vec<JoinHandle<()>>,
    /// Tasks that are simply dropped.
    helpers: Vec<JoinHandle<()>>,
}

impl App {
    /// Starts a bot: opens the store, asks Slack who we are and who is there, and begins.
    ///
    /// # Errors
    /// When the data folder cannot be opened or Slack does not accept our tokens. Slack out of reach is no error: it is
    /// waited for.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let Options {
            file,
            data,
            web,
            clock,
            pace,
            timings,
            actions: settings,
        } = options;
        // First, because a second copy shall end before it says anything to Slack.
        let folder = data.clone();
        let store = tokio::task::spawn_blocking(move || Store::open(&folder))
            .await
            .context("open the store")??;
        let failed = |error| anyhow!("failed to {error}");
        let workspace = Workspace::meet(web.clone(), file).await.map_err(failed)?;
        let configuration = workspace.configuration().await.map_err(failed)?;

        let (shutdown, stopped) = watch::channel(false);
        let (mailbox, letters) = mpsc::channel(engine::CAPACITY);
        let (news, heard) = mpsc::channel::<News>(NEWS);
        let (orders, ordered) = mpsc::channel(actions::CAPACITY);
        let (engine_status, engine_gauge) = watch::channel(EngineStatus::default());
        let (outbox_status, outbox_gauge) = watch::channel(OutboxStatus::default());
        let (socket_status, socket_gauge) = watch::channel(SocketStatus::default());
        let refresh = Arc::new(Notify::new());
        let (reload, reloads) = mpsc::channel(1);

        let reader = store.reader();
        let parts = Parts {
            store,
            clock: clock.clone(),
            configuration: Arc::new(configuration),
            bot: UserId::new(workspace.bot_user()),
            workspace: workspace.team().to_owned(),
            mailbox: letters,
            outbox: news,
            orders,
            status: engine_status,
            refresh: Arc::clone(&refresh),
        };
        let engine = tokio::task::spawn_blocking(move || Engine::open(parts))
            .await
            .context("fold the journal")??;
        let outbox = Outbox {
            web: web.clone(),
            reader,
            clock: clock.clone(),
            pace,
            news: heard,
            settled: mailbox.clone(),
            status: outbox_status,
            shutdown: stopped.clone(),
        };
        let sender = Actions {
            settings,
            orders: ordered,
            heard: mailbox.clone(),
            shutdown: stopped.clone(),
        };
        let edges = vec![
            tokio::spawn(outbox.run()),
            tokio::spawn(sender.run()),
            tokio::spawn(socket::run(web, mailbox.clone(), socket_status, stopped, timings)),
        ];
        let helpers = vec![
            tokio::spawn(tick(clock, engine_gauge.clone(), mailbox.clone())),
            tokio::spawn(workspace.keep_fresh(refresh, reloads, mailbox.clone())),
            tokio::spawn(control::serve(data, mailbox.clone())),
        ];
        let ended = in_a_thread(engine)?;
        let gauges = Gauges {
            engine: engine_gauge,
            outbox: outbox_gauge,
            socket: socket_gauge,
        };
        Ok(Self {
            gauges,
            shutdown,
            mailbox,
            reload,
            ended,
            edges,
            helpers,
        })
    }

    /// What can be watched.
    pub fn gauges(&self) -> Gauges {
        self.gauges.clone()
    }

    /// Takes other configurations in while the bot runs; one with mistakes changes nothing and is said aloud.
    pub fn reload(&self) -> mpsc::Sender<Reload> {
        self.reload.clone()
    }

    /// Runs until `stop` is ready, then ends in order, within 5 s.
    ///
    /// # Errors
    /// When the engine fails before that: nothing more can be stored.
    pub async fn run_until(mut self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        tokio::select! {
            ended = &mut self.ended => {
                self.shutdown.send_replace(true);
                return match ended {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(error.into()),
                    Err(_) => Err(anyhow!("the engine broke off; what was confirmed is stored")),
                };
            }
            () = stop => {}
        }
        info!("stopping: finishing what was taken");
        self.shutdown.send_replace(true);
        let orderly = async {
            for edge in self.edges {
                if edge.await.is_err() {
                    warn!("a task broke off while stopping");
                }
            }
            drop(self.mailbox.send(Letter::Stop).await);
            self.ended.await
        };
        let ended = tokio::select! {
            ended = orderly => ended,
            () = clock::pause(LAST_WAIT) => {
                warn!("some of it did not finish in time; it is stored and goes on after the next start");
                return Ok(());
            }
        };
        for helper in self.helpers {
            helper.abort();
        }
        ended.context("the engine broke off")?.context("store the last of it")
    }
}

/// Runs the engine in its own thread; says how it ended.
fn in_a_thread(engine: Engine) -> anyhow::Result<oneshot::Receiver<Result<(), EngineError>>> {
    let (ending, ended) = oneshot::channel();
    let run = move || {
        let result = engine.run();
        if let Err(error) = &result {
            error!(%error, "nothing more can be stored");
        }
        drop(ending.send(result));
    };
    std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(run)
        .context("start the engine's thread")?;
    Ok(ended)
}

/// Wakes the engine at each deadline.
async fn tick(clock: Clock, mut status: watch::Receiver<EngineStatus>, mailbox: mpsc::Sender<Letter>) {
    loop {
        let (deadline, ticks) = {
            let now = status.borrow_and_update();
            (now.next_deadline, now.ticks)
        };
        let Some(deadline) = deadline else {
            if status.changed().await.is_err() {
                return;
            }
            continue;
        };
        tokio::select! {
            () = clock.sleep_until(deadline) => {
                if mailbox.send(Letter::Tick).await.is_err()
                    || status.wait_for(|status| status.ticks > ticks).await.is_err()
                {
                    return;
                }
            }
            changed = status.changed() => if changed.is_err() { return },
        }
    }
}

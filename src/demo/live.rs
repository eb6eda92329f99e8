//! A workspace to look at: the simulated one with the bot in it, behind a page on 127.0.0.1, with a clock that runs and
//! can be pushed.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::stage::in_time;
use super::{Stage, page, showcase};
use crate::app::Gauges;
use crate::clock;
use crate::sim::{Disconnect, Kept, Weather, Workspace};

/// How often the running clock moves: a message that waits for its turn is late by that much at the most.
const TICK: Duration = Duration::from_millis(100);
/// How many ticks what was said may be unkept: five seconds.
const TICKS_TO_KEEP: u32 = 50;
/// The longest push of the clock: four weeks.
const LONGEST_PUSH: TimeDelta = TimeDelta::days(28);

/// How the demo is to be.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port of the page; 0 takes any.
    pub port: u16,
    /// Where the bot's data and what was said are kept; nothing is, where nothing is said.
    pub data: Option<PathBuf>,
}

/// A workspace that can be looked at, until it is dropped or [`Live::close`]d.
#[derive(Debug)]
pub struct Live {
    house: Arc<House>,
    token: String,
    tasks: JoinSet<()>,
}

/// What the page shows and moves.
#[derive(Debug)]
pub(super) struct House {
    pub(super) workspace: Workspace,
    pub(super) address: SocketAddr,
    hand: clock::Hand,
    stage: Mutex<Stage>,
    /// Of the bot that runs; a copy that can be had while the clock is pushed.
    gauges: std::sync::Mutex<Option<Gauges>>,
    runs: AtomicBool,
    folder: Folder,
}

/// Where everything is kept.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Whether it outlives the demo.
    stays: bool,
}

/// What is kept beside the bot's data.
#[derive(Debug, Serialize, Deserialize)]
struct Past {
    /// What the clock showed.
    now: DateTime<Utc>,
    said: Kept,
}

/// What the bar at the top of the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) now: DateTime<Utc>,
    pub(super) next: Option<DateTime<Utc>>,
    pub(super) clock_runs: bool,
    pub(super) bot_runs: bool,
}

impl Live {
    /// Opens the page, and then, in the background, brings the workspace to life. The clock begins at `now`.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn open(options: Options, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .await
            .with_context(|| format!("listen on port {} of 127.0.0.1", options.port))?;
        let temporary = || std::env::temp_dir().join(format!("nightbell-demo-{}", std::process::id()));
        let folder = Folder {
            stays: options.data.is_some(),
            path: options.data.unwrap_or_else(temporary),
        };
        let past = folder.read()?;
        let begins = past.as_ref().map_or(now - showcase::BEFORE, |past| past.now.max(now));
        let stage = showcase::furnish(folder.path.join("data"), begins).await?;
        let is_new = past.is_none();
        if let Some(past) = past {
            stage.workspace.go_on_with(past.said);
        }
        let house = Arc::new(House {
            workspace: stage.workspace.clone(),
            address: listener.local_addr().context("find the port")?,
            hand: stage.hand.clone(),
            stage: Mutex::new(stage),
            gauges: std::sync::Mutex::new(None),
            runs: AtomicBool::new(true),
            folder,
        });
        let token = token()?;
        let mut tasks = JoinSet::new();
        let router = page::router(Arc::clone(&house), &token);
        tasks.spawn(async move { drop(axum::serve(listener, router).await) });
        tasks.spawn(Arc::clone(&house).lives(is_new.then_some(now)));
        Ok(Self { house, token, tasks })
    }

    /// Where the page is; whoever knows it can use it.
    pub fn address(&self) -> String {
        format!("http://{}/{}/", self.house.address, self.token)
    }

    /// The workspace behind the page.
    pub fn workspace(&self) -> &Workspace {
        &self.house.workspace
    }

    /// Ends it; what need not be kept is removed.
    ///
    /// # Errors
    /// When the bot ended with an error.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.tasks.abort_all();
        let ended = self.house.stage.lock().await.stop().await;
        self.house.workspace.stop();
        self.house.folder.close(&self.house)?;
        ended
    }
}

impl House {
    /// Starts the bot, lets something happen in a new workspace, and keeps the clock going.
    async fn lives(self: Arc<Self>, new_at: Option<DateTime<Utc>>) {
        if let Err(error) = self.begins(new_at).await {
            tracing::error!(error = format!("{error:#}"), "the demo has not begun as it should");
        }
        let mut kept = 0;
        for tick in 0_u32.. {
            clock::pause(TICK).await;
            if self.runs.load(Ordering::Relaxed) {
                self.hand.advance(TimeDelta::from_std(TICK).unwrap_or_default());
            }
            let revision = self.workspace.revision();
            if tick % TICKS_TO_KEEP == 0 && revision != kept {
                kept = revision;
                if let Err(error) = self.folder.write(&self) {
                    tracing::error!(error = format!("{error:#}"), "what was said is not kept");
                }
            }
        }
    }

    async fn begins(&self, new_at: Option<DateTime<Utc>>) -> anyhow::Result<()> {
        let mut stage = self.stage.lock().await;
        stage.start().await?;
        self.watches(&stage);
        match new_at {
            Some(now) => showcase::happens(&stage, now).await,
            None => Ok(()),
        }
    }

    fn watches(&self, stage: &Stage) {
        *self.gauges.lock().unwrap_or_else(PoisonError::into_inner) = stage.gauges().ok().cloned();
    }

    pub(super) fn standing(&self) -> Standing {
        let gauges = self.gauges.lock().unwrap_or_else(PoisonError::into_inner);
        Standing {
            now: self.hand.now(),
            next: gauges.as_ref().and_then(|gauges| gauges.engine.borrow().next_deadline),
            clock_runs: self.runs.load(Ordering::Relaxed),
            bot_runs: gauges.is_some(),
        }
    }

    /// Lets the clock run, or holds it.
    pub(super) fn clock(&self, runs: bool) {
        self.runs.store(runs, Ordering::Relaxed);
    }

    /// Pushes the clock; everything that happens on the way happens.
    pub(super) async fn passes(&self, time: TimeDelta) -> anyhow::Result<()> {
        if time < TimeDelta::zero() || time > LONGEST_PUSH {
            bail!("the clock can be pushed by up to {} days", LONGEST_PUSH.num_days());
        }
        let stage = self.stage.lock().await;
        if self.workspace.weather_now() == Weather::Fair && self.workspace.connections() > 0 {
            return stage.passes(time).await;
        }
        self.pushes(&stage, self.hand.now() + time).await
    }

    /// Pushes the clock to the next thing that happens by itself.
    pub(super) async fn to_the_next(&self) -> anyhow::Result<()> {
        let next = self.standing().next.context("nothing is going to happen by itself")?;
        self.passes(next - self.hand.now()).await
    }

    /// Pushes the clock while Slack is in no state to hear of it: only the bot has to keep up.
    async fn pushes(&self, stage: &Stage, until: DateTime<Utc>) -> anyhow::Result<()> {
        while let Some(next) = stage.next_deadline()?.filter(|next| *next <= until) {
            self.hand.advance_to(next);
            let mut engine = stage.gauges()?.engine.clone();
            let later = engine.wait_for(|status| status.next_deadline.is_none_or(|deadline| deadline > next));
            in_time("the bot to keep up", later)
                .await?
                .context("the bot has ended")?;
        }
        self.hand.advance_to(until);
        Ok(())
    }

    pub(super) fn cut(&self) {
        self.workspace.disconnect(Disconnect::Silent);
    }

    /// Stops the bot and starts it again, as a new process would be.
    pub(super) async fn restart(&self) -> anyhow::Result<()> {
        if self.workspace.weather_now() == Weather::Down {
            bail!("Slack is down: the bot could not start. Mend Slack first.");
        }
        let mut stage = self.stage.lock().await;
        *self.gauges.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let ended = stage.stop().await;
        stage.start().await?;
        self.watches(&stage);
        ended
    }
}

impl Folder {
    fn file(&self) -> PathBuf {
        self.path.join("workspace.json")
    }

    /// What another demo has left here.
    fn read(&self) -> anyhow::Result<Option<Past>> {
        let file = self.file();
        match std::fs::read(&file) {
            Ok(bytes) => {
                let past = serde_json::from_slice(&bytes);
                past.with_context(|| format!("read {}", file.display())).map(Some)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("read {}", file.display())),
        }
    }

    /// Keeps what was said, where something is to be kept.
    fn write(&self, house: &House) -> anyhow::Result<()> {
        if !self.stays {
            return Ok(());
        }
        let past = Past {
            now: house.hand.now(),
            said: house.workspace.keep(),
        };
        let (file, new) = (self.file(), self.path.join("workspace.json.new"));
        // Whole or not at all: a demo may be ended at any moment.
        std::fs::write(&new, serde_json::to_vec(&past)?).with_context(|| format!("write {}", new.display()))?;
        std::fs::rename(&new, &file).with_context(|| format!("write {}", file.display()))
    }

    fn close(&self, house: &House) -> anyhow::Result<()> {
        if self.stays {
            return self.write(house);
        }
        // It lies in the system's temporary folder; what cannot be removed now goes with the rest.
        drop(std::fs::remove_dir_all(&self.path));
        Ok(())
    }
}

/// Nobody guesses it.
fn token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("ask the system for random bytes: {error}"))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

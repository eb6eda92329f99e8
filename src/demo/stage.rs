//! A simulated workspace with the bot in it. It waits for facts: an action returns when the bot has acknowledged it, and
//! [`Stage::settles`] when nothing more happens before the clock moves.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::actions;
use crate::app::{App, Gauges, Options, Reload};
use crate::clock::{self, Clock, Hand};
use crate::command::Shortcut;
use crate::command::manifest::manifest;
use crate::config;
use crate::domain::runbook::Library;
use crate::outbox::Pace;
use crate::sim::{ChannelKind, NewUser, Person, RateLimits, Setup, Workspace};
use crate::slack::{Secret, Timings, Web};

/// How long settling may take before something is wrong; machine time.
const PATIENCE: Duration = Duration::from_secs(20);
/// The outbox holds back at most so long for Slack's rates; settling moves the clock that far, and no farther.
const PACE: TimeDelta = TimeDelta::seconds(10);

/// The people, channels and teams of the demo.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// `nightbell.toml`.
    pub text: String,
    /// The files of the folder `commands` beside it: name and text.
    pub commands: Vec<(String, String)>,
    /// The runbooks of the folder `runbooks` beside it.
    pub runbooks: Library,
    /// What it takes to send what they want sent.
    pub actions: actions::Settings,
}

impl Configuration {
    fn shortcuts(&self) -> anyhow::Result<Vec<Shortcut>> {
        let sources: Vec<(&str, &str)> = self
            .commands
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        config::read_shortcuts(&sources).map_err(|files| {
            let said: Vec<String> = files.iter().map(ToString::to_string).collect();
            anyhow!("{}", said.join("\n"))
        })
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            text: include_str!("nightbell.toml").to_owned(),
            commands: Vec::new(),
            runbooks: Library::default(),
            actions: actions::Settings::default(),
        }
    }
}

/// Who and what is there besides the four people of the stories.
#[derive(Debug, Clone)]
pub struct Scenery {
    /// When the clock begins.
    pub begins: DateTime<Utc>,
    /// Handle, full name and zone.
    pub people: &'static [(&'static str, &'static str, &'static str)],
    /// Names of channels.
    pub channels: &'static [&'static str],
    /// User groups, empty at first: handle and name.
    pub groups: &'static [(&'static str, &'static str)],
}

impl Default for Scenery {
    fn default() -> Self {
        Self {
            begins: evening(),
            people: &[],
            channels: &["ops", "cloud", "payments", "incidents", "alerts", "build-alerts"],
            groups: &[],
        }
    }
}

/// The simulated workspace with the bot in it.
#[derive(Debug)]
pub struct Stage {
    /// What people see.
    pub workspace: Workspace,
    /// Moves the clock.
    pub hand: Hand,
    /// A teammate.
    pub ana: Person,
    /// First on call for Cloud.
    pub ben: Person,
    /// Second on call for Cloud.
    pub cleo: Person,
    /// Leads Payments.
    pub dora: Person,
    clock: Clock,
    configuration: Configuration,
    data: PathBuf,
    bot: Option<Running>,
}

#[derive(Debug)]
struct Running {
    gauges: Gauges,
    reload: mpsc::Sender<Reload>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Stage {
    /// Sets the stage and starts the bot, with its data in `data`.
    ///
    /// # Errors
    /// When there is no port to be had, or the bot does not start.
    pub async fn open(data: PathBuf, configuration: Configuration) -> anyhow::Result<Self> {
        let mut stage = Self::furnish(data, configuration).await?;
        stage.start().await?;
        Ok(stage)
    }

    /// Sets the stage, without a bot on it.
    ///
    /// # Errors
    /// When there is no port to be had.
    pub async fn furnish(data: PathBuf, configuration: Configuration) -> anyhow::Result<Self> {
        Self::furnish_with(data, configuration, &Scenery::default()).await
    }

    /// Sets the stage with another scenery, without a bot on it.
    ///
    /// # Errors
    /// When there is no port to be had.
    pub async fn furnish_with(data: PathBuf, configuration: Configuration, scenery: &Scenery) -> anyhow::Result<Self> {
        let (clock, hand) = Clock::manual(scenery.begins);
        let slack_time = clock.clone();
        let setup = Setup {
            manifest: manifest(&configuration.shortcuts()?).to_string(),
            now: Arc::new(move || slack_time.now()),
            rate_limits: RateLimits::Enforced,
        };
        let workspace = Workspace::start(setup).await.context("open the simulated workspace")?;
        let person = |name: &str, real_name: &str, zone: &str| {
            workspace.add_user(NewUser {
                name: name.to_owned(),
                real_name: real_name.to_owned(),
                email: format!("{name}@example.com"),
                zone: zone.to_owned(),
                ..NewUser::default()
            })
        };
        let ana = person("ana", "Ana Prado", "Europe/Lisbon");
        let ben = person("ben", "Ben Okafor", "Europe/Berlin");
        let cleo = person("cleo", "Cleo Lindqvist", "Europe/Stockholm");
        let dora = person("dora", "Dora Marsh", "America/New_York");
        for (name, real_name, zone) in scenery.people {
            person(name, real_name, zone);
        }
        for channel in scenery.channels {
            workspace.add_channel(channel, ChannelKind::Public);
        }
        for (handle, name) in scenery.groups {
            workspace.add_usergroup(handle, name, &[]);
        }
        workspace.add_usergroup("cloud-oncall", "Cloud on call", &[&ben, &cleo]);
        Ok(Self {
            workspace,
            hand,
            ana,
            ben,
            cleo,
            dora,
            clock,
            configuration,
            data,
            bot: None,
        })
    }

    /// Starts the bot.
    ///
    /// # Errors
    /// When it does not start, or does not connect.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let file =
            config::read(&self.configuration.text, "nightbell.toml").map_err(|problems| anyhow!("{problems}"))?;
        let (bot, token) = (
            Secret::new(&self.workspace.bot_token()),
            Secret::new(&self.workspace.app_token()),
        );
        let shortcuts = self.configuration.shortcuts()?;
        let options = Options {
            file: file
                .with_shortcuts(shortcuts)
                .with_runbooks(self.configuration.runbooks.clone()),
            data: self.data.clone(),
            web: Web::new(&self.workspace.api_url(), &bot, &token)?,
            clock: self.clock.clone(),
            pace: Pace::default(),
            timings: Timings {
                first_pause: Duration::from_millis(20),
                seed: 7,
                ..Timings::default()
            },
            actions: self.configuration.actions.clone(),
        };
        let app = App::start(options).await?;
        let (gauges, reload) = (app.gauges(), app.reload());
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(app.run_until(async { drop(stopped.await) }));
        self.bot = Some(Running {
            gauges,
            reload,
            stop,
            task,
        });
        self.connects().await
    }

    /// Gives the running bot another `nightbell.toml`.
    ///
    /// # Errors
    /// When there is no bot.
    pub async fn reloads(&self, text: &str) -> anyhow::Result<()> {
        let running = self.bot.as_ref().context("the bot does not run")?;
        let file = config::read(text, "nightbell.toml")
            .map(|file| file.with_runbooks(self.configuration.runbooks.clone()))
            .map_err(|problems| problems.to_string());
        running.reload.send(file).await.context("the bot does not listen")
    }

    /// Gives the running bot other runbooks, as if their files had changed.
    ///
    /// # Errors
    /// When there is no bot.
    pub async fn shelves(&mut self, runbooks: Library) -> anyhow::Result<()> {
        self.configuration.runbooks = runbooks;
        let text = self.configuration.text.clone();
        self.reloads(&text).await
    }

    /// Waits until both connections are up.
    ///
    /// # Errors
    /// When they do not come up.
    pub async fn connects(&self) -> anyhow::Result<()> {
        let gauges = self.gauges()?;
        let mut socket = gauges.socket.clone();
        let connected = socket.wait_for(|status| status.connected >= 2);
        in_time("two connections", connected)
            .await?
            .context("watch the socket")?;
        Ok(())
    }

    /// Stops the bot in order.
    ///
    /// # Errors
    /// When it ended with an error.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let Some(running) = self.bot.take() else { return Ok(()) };
        // A bot that has ended by itself need not be told.
        running.stop.send(()).ok();
        let ended = in_time("the bot's end", running.task).await?.context("join the bot")?;
        // Until the workspace has noticed, it would speak to connections that nobody listens on.
        let mut changes = self.workspace.changes();
        let closed = async {
            while self.workspace.connections() > 0 {
                changes.changed().await.context("the workspace has ended")?;
            }
            anyhow::Ok(())
        };
        in_time("the end of the connections", closed).await??;
        ended
    }

    /// What can be watched of the bot.
    ///
    /// # Errors
    /// When there is none.
    pub fn gauges(&self) -> anyhow::Result<&Gauges> {
        self.bot
            .as_ref()
            .map(|running| &running.gauges)
            .context("the bot does not run")
    }

    /// Waits until nothing more happens before the clock moves; what Slack's pace holds back for seconds is waited for.
    ///
    /// # Errors
    /// When it never settles.
    pub async fn settles(&self) -> anyhow::Result<()> {
        let limit = self.hand.now() + PACE;
        while let Some(wake) = in_time("quiet", self.quiet()).await?? {
            if wake > limit {
                break;
            }
            self.hand.advance_to(wake);
        }
        Ok(())
    }

    /// Moves the clock, stopping at everything that happens on the way, and settles.
    ///
    /// # Errors
    /// When it never settles.
    pub async fn passes(&self, time: TimeDelta) -> anyhow::Result<()> {
        let until = self.hand.now() + time;
        self.settles().await?;
        while let Some(next) = self.next_deadline()?.filter(|next| *next <= until) {
            self.hand.advance_to(next);
            self.settles().await?;
        }
        self.hand.advance_to(until);
        self.settles().await
    }

    /// When something happens by itself next.
    ///
    /// # Errors
    /// When the bot does not run.
    pub fn next_deadline(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        Ok(self.gauges()?.engine.borrow().next_deadline)
    }

    /// Returns once nothing happens without the clock; with the instant at which the outbox wakes.
    async fn quiet(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let mut gauges = self.gauges()?.clone();
        let mut changes = self.workspace.changes();
        loop {
            if self.is_quiet(&mut gauges) {
                return Ok(gauges.outbox.borrow().next_wake);
            }
            tokio::select! {
                news = gauges.engine.changed() => news.context("the engine has ended")?,
                news = gauges.outbox.changed() => news.context("the outbox has ended")?,
                news = changes.changed() => news.context("the workspace has ended")?,
            }
        }
    }

    fn is_quiet(&self, gauges: &mut Gauges) -> bool {
        let now = self.hand.now();
        let engine = gauges.engine.borrow_and_update().clone();
        let outbox = gauges.outbox.borrow_and_update().clone();
        let all_answered = self.workspace.unacknowledged() == 0;
        let all_heard = outbox.heard == engine.news && outbox.reported == engine.settled;
        let nothing_due = engine.next_deadline.is_none_or(|deadline| deadline > now);
        let nothing_sent = engine.under_way == 0;
        engine.started && nothing_sent && all_answered && all_heard && nothing_due && outbox.is_quiet(now)
    }
}

/// When stories begin: a Tuesday evening.
fn evening() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_568_000, 0).unwrap_or_default()
}

pub(super) async fn in_time<T>(what: &str, waited_for: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::select! {
        result = waited_for => Ok(result),
        () = clock::pause(PATIENCE) => Err(anyhow!("waited {} s in vain for {what}", PATIENCE.as_secs())),
    }
}

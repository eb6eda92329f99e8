//! The command line: argv to a subcommand, and nothing else.

use std::future::Future;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser, Subcommand};
use nightbell::app::doctor::{self, Finding};
use nightbell::app::journal::{self, Form};
use nightbell::app::{App, Options, Reload};
use nightbell::clock::Clock;
use nightbell::command::manifest;
use nightbell::config::{self, Flags, Settings, SlackSettings, environment, starter};
use nightbell::demo;
use nightbell::domain::ids::AlertId;
use nightbell::outbox::Pace;
use nightbell::slack::{Secret, Timings, Web};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The bell you ring at night: alerts and on-call for Slack.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    subcommand: What,
}

#[derive(Debug, clap::Args)]
struct Places {
    /// The configuration file (`NIGHTBELL_CONFIG`); `nightbell.toml` where nothing is said.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The data folder (`NIGHTBELL_DATA`); `data` where nothing is said.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl From<Places> for Flags {
    fn from(Places { config, data }: Places) -> Self {
        Self {
            config,
            data,
            ..Self::default()
        }
    }
}

#[derive(Debug, Subcommand)]
enum What {
    /// Runs the bot: needs `SLACK_APP_TOKEN` and `SLACK_BOT_TOKEN`.
    Run {
        #[command(flatten)]
        places: Places,
    },
    /// Plays a short story in a simulated workspace and prints what people would read.
    Demo,
    /// Reads the configuration and says what is wrong with it, without a network.
    Check {
        /// The configuration file.
        #[arg(long, env = "NIGHTBELL_CONFIG", default_value = "nightbell.toml")]
        config: PathBuf,
    },
    /// Writes a configuration to start from.
    Init {
        /// Where.
        #[arg(long, env = "NIGHTBELL_CONFIG", default_value = "nightbell.toml")]
        config: PathBuf,
    },
    /// Looks at everything that could keep a page from going out: tokens, scopes, channels, people, clock, data folder.
    Doctor {
        #[command(flatten)]
        places: Places,
    },
    /// Prints what happened, as it is stored; the bot must not be running.
    Journal {
        /// Of one alert, such as A-12; of all where nothing is said.
        alert: Option<String>,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        places: Places,
    },
    /// Prints the app manifest that matches this build.
    Manifest,
    /// Prints completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the command line speaks to a terminal"
)]
fn main() -> ExitCode {
    let result = match Arguments::parse().subcommand {
        What::Run { places } => run(&places.into()),
        What::Init { config } => starter::write(&config)
            .map(|()| println!("wrote {}; now edit it", config.display()))
            .map_err(Into::into),
        What::Doctor { places } => doctor(&places.into()).and_then(|findings| {
            for finding in &findings {
                println!("{finding}");
            }
            let ill = findings.iter().filter(|finding| finding.fix.is_some()).count();
            anyhow::ensure!(ill == 0, "{ill} of {} need a hand", findings.len());
            Ok(())
        }),
        What::Journal { alert, json, places } => journal(alert.as_deref(), json, &places.into()),
        What::Demo => demonstrate().map(|lines| {
            for line in lines {
                println!("{line}");
            }
        }),
        What::Check { config } => config::check(&config, Clock::System.now())
            .map(|summary| println!("{summary}"))
            .map_err(Into::into),
        What::Manifest => {
            println!("{:#}", manifest::manifest());
            Ok(())
        }
        What::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "nightbell", &mut std::io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn demonstrate() -> anyhow::Result<Vec<nightbell::sim::Line>> {
    log(environment::variable("RUST_LOG").as_deref().unwrap_or("error"));
    block_on(demo::play())
}

fn doctor(flags: &Flags) -> anyhow::Result<Vec<Finding>> {
    let settings = Settings::read(flags, &environment::variable);
    log(settings.log.as_deref().unwrap_or("error"));
    let web = connect(flags)?;
    let file = config::load(&settings.config)?;
    block_on(async { Ok(doctor::examine(&web, &file, &settings.data, Clock::System.now()).await) })
}

#[expect(clippy::print_stdout, reason = "the command line speaks to a terminal")]
fn journal(alert: Option<&str>, json: bool, flags: &Flags) -> anyhow::Result<()> {
    let of = alert
        .map(|id| {
            let number = id.trim_start_matches(['A', 'a']).trim_start_matches('-').parse();
            number
                .map(AlertId)
                .with_context(|| format!("`{id}` is not the id of an alert; those look like `A-12`"))
        })
        .transpose()?;
    let settings = Settings::read(flags, &environment::variable);
    let form = if json { Form::Json } else { Form::Readable };
    Ok(journal::print(&settings.data, of, form, |line| println!("{line}"))?)
}

fn connect(flags: &Flags) -> anyhow::Result<Web> {
    let slack = SlackSettings::read(flags, &environment::variable)?;
    let (bot, app) = (
        Secret::new(slack.bot_token.expose()),
        Secret::new(slack.app_token.expose()),
    );
    let base = slack.api_url.as_str().trim_end_matches('/');
    Web::new(base, &bot, &app).map_err(|error| anyhow::anyhow!("failed to {error}"))
}

fn run(flags: &Flags) -> anyhow::Result<()> {
    let settings = Settings::read(flags, &environment::variable);
    log(settings.log.as_deref().unwrap_or("info"));

    let web = connect(flags)?;
    let file = config::load(&settings.config)?;
    block_on(async {
        let options = Options {
            file,
            data: settings.data,
            web,
            clock: Clock::System,
            pace: Pace::default(),
            timings: Timings::default(),
        };
        let stop = told_to_stop()?;
        tokio::pin!(stop);
        let app = tokio::select! {
            started = App::start(options) => started?,
            () = &mut stop => return Ok(()),
        };
        let reloading = tokio::spawn(reload_when_told(settings.config, app.reload())?);
        let ended = app.run_until(stop).await;
        reloading.abort();
        ended
    })
}

/// Logs to standard error, so that what a command prints can be piped.
fn log(what: &str) {
    // Libraries below us would show what they send if they were asked to say more: they are not.
    const QUIET: &str = "tungstenite=info,tokio_tungstenite=info,slack_morphism=info,hyper=info,reqwest=info";
    let filter = EnvFilter::new(format!("{what},{QUIET}"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

/// Reads the configuration again at every SIGHUP.
fn reload_when_told(
    config: PathBuf,
    reload: tokio::sync::mpsc::Sender<Reload>,
) -> anyhow::Result<impl Future<Output = ()>> {
    let mut hangup = signal(SignalKind::hangup()).context("listen for SIGHUP")?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            let file = config::load(&config).map_err(|mistakes| mistakes.to_string());
            if reload.send(file).await.is_err() {
                return;
            }
        }
    })
}

/// Ready once the process is asked to end.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listen for SIGINT")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn block_on<T>(task: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Reading a message from the store is all that ever blocks; more threads only take memory.
        .max_blocking_threads(4)
        .enable_all()
        .build()
        .context("start the runtime")?
        .block_on(task)
}

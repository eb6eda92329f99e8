//! The command line: argv to a subcommand, and nothing else.

use std::future::Future;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser, Subcommand};
use nightbell::actions::{self, Secrets};
use nightbell::app::control::{self, AskError, Asked, Cry, Question};
use nightbell::app::doctor::{self, Finding};
use nightbell::app::journal::{self, Form};
use nightbell::app::oncall::{self, Wanted};
use nightbell::app::{App, Options, export, reloading, runbooks, still};
use nightbell::clock::Clock;
use nightbell::command::manifest;
use nightbell::config::{self, Flags, Settings, SlackSettings, environment, starter};
use nightbell::demo;
use nightbell::domain::priority::Priority;
use nightbell::outbox::Pace;
use nightbell::slack::{Secret, Timings, Web};
use nightbell::store::{self, Store};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The exit code of a report that is kept until a bot runs.
const KEPT: u8 = 3;

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
    /// Opens a simulated workspace with the real bot in it, as a page in the browser; no Slack account is needed.
    Demo {
        /// Starts the browser.
        #[arg(long)]
        open: bool,
        /// The port of the page; any that is free where nothing is said.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Where the bot keeps its data; nothing is kept where nothing is said.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Plays a short story instead, prints what people would read, and ends.
        #[arg(long, conflicts_with_all = ["open", "port", "data"])]
        story: bool,
    },
    /// Reads the configuration and the runbooks beside it and says what is wrong with them, without a network.
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
    /// Raises an alert from a script, and waits until it is stored: exit code 0. When no bot runs, it is kept and raised at
    /// the next start: exit code 3.
    Alert {
        /// What is wrong.
        message: Option<String>,
        /// The team, by key, name or alias.
        #[arg(long = "for")]
        team: String,
        /// `p1` … `p5`.
        #[arg(long, default_value = "p3")]
        priority: Priority,
        /// What it is about.
        #[arg(long)]
        service: Option<String>,
        /// What counts as the same thing: while it is open, it is counted instead of raised again.
        #[arg(long)]
        key: Option<String>,
        /// It is over: resolves the open alert of this key.
        #[arg(long, requires = "key")]
        resolve: bool,
        #[command(flatten)]
        places: Places,
    },
    /// Writes everything that is stored into one file, also while the bot runs.
    Backup {
        /// Which file; it must not be there yet.
        file: PathBuf,
        #[command(flatten)]
        places: Places,
    },
    /// Puts a backup in the place of the data folder, which is kept beside it. The bot must not be running.
    Restore {
        /// Which backup.
        file: PathBuf,
        #[command(flatten)]
        places: Places,
    },
    /// Prints every alert, incident, run and override with its timeline, one JSON object a line, also while the bot runs.
    Export {
        #[command(flatten)]
        places: Places,
    },
    /// Prints who is on call for each level, until when and why, also while the bot runs.
    Oncall {
        /// Of which team, by key, name or alias; of all where nothing is said.
        team: Option<String>,
        /// When, such as `mon 18:00` or `2026-11-21 09:00`, in the zone of the configuration; now where nothing is said.
        #[arg(long)]
        at: Option<String>,
        /// Prints the shifts of the 90 days from then on as a calendar file instead.
        #[arg(long)]
        ics: bool,
        #[command(flatten)]
        places: Places,
    },
    /// Prints what happened, as it is stored, also while the bot runs.
    Journal {
        /// Of one alert, incident, run or override, such as A-12, INC-3, R-7 or O-2; of all where nothing is said.
        id: Option<String>,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        places: Places,
    },
    /// Prints how a runbook's file is read: its steps, what each wants, and where one can go from it.
    Runbook {
        /// Which file.
        file: PathBuf,
    },
    /// Prints the app manifest that matches this build and the shortcuts beside the configuration.
    Manifest {
        /// The configuration file.
        #[arg(long, env = "NIGHTBELL_CONFIG", default_value = "nightbell.toml")]
        config: PathBuf,
    },
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
        What::Journal { id, json, places } => journal(id.as_deref(), json, &places.into()),
        What::Oncall { team, at, ics, places } => {
            on_call(&Wanted { team, at, ics }, &places.into()).map(|said| print!("{said}"))
        }
        What::Demo { story: true, .. } => tell().map(|lines| {
            for line in lines {
                println!("{line}");
            }
        }),
        What::Demo { open, port, data, .. } => show(demo::Options { port, data }, open),
        What::Check { config } => runbooks::check(&config, Clock::System.now()).map(|said| println!("{said}")),
        What::Runbook { file } => runbooks::show(&file).map(|said| print!("{said}")),
        What::Manifest { config } => config::load_shortcuts(&config)
            .map(|shortcuts| println!("{:#}", manifest::manifest(&shortcuts)))
            .map_err(Into::into),
        What::Alert {
            message,
            team,
            priority,
            service,
            key,
            resolve,
            places,
        } => {
            let cry = Cry {
                message: message.unwrap_or_default(),
                team,
                priority,
                service,
                key,
                over: resolve,
                from: format!("{} on the command line", user()),
            };
            match control::report(&data(places), &cry) {
                Ok(Asked::Stored(said)) => {
                    println!("{said}");
                    Ok(())
                }
                Ok(Asked::Kept) => {
                    eprintln!("no Nightbell runs on this data folder: kept, and raised at its next start");
                    return ExitCode::from(KEPT);
                }
                Err(error) => Err(error.into()),
            }
        }
        What::Backup { file, places } => {
            backup(&data(places), &file).map(|size| println!("{} holds {size} bytes", file.display()))
        }
        What::Restore { file, places } => restore(&data(places), &file).map(|said| println!("{said}")),
        What::Export { places } => export_to_terminal(&data(places)),
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

/// The data folder that is meant.
fn data(places: Places) -> PathBuf {
    Settings::read(&places.into(), &environment::variable).data
}

/// Who uses the command line.
fn user() -> String {
    let known = ["SUDO_USER", "USER", "LOGNAME"]
        .iter()
        .find_map(|name| environment::variable(name));
    known.unwrap_or_else(|| "somebody".to_owned())
}

fn backup(data: &Path, file: &Path) -> anyhow::Result<u64> {
    let file = std::path::absolute(file).context("find the file")?;
    match control::ask(data, &Question::Backup { file: file.clone() }) {
        Ok(size) => size.parse().context("read the answer"),
        Err(AskError::NobodyThere) => {
            anyhow::ensure!(data.exists(), "there is no data folder {}", data.display());
            Ok(Store::open(data)?.backup(&file)?)
        }
        Err(error) => Err(error.into()),
    }
}

fn restore(data: &Path, file: &Path) -> anyhow::Result<String> {
    let now = Clock::System.now().format("%Y-%m-%d-%H%M%S").to_string();
    let aside = store::restore(file, data, &now)?;
    let kept = aside.map_or_else(String::new, |aside| {
        format!("; what was there is kept as {}", aside.display())
    });
    Ok(format!("{} holds what {} held{kept}", data.display(), file.display()))
}

fn export_to_terminal(data: &Path) -> anyhow::Result<()> {
    let out = std::io::stdout().lock();
    still::read(data, |folder| export::export(folder, out))??;
    Ok(())
}

fn tell() -> anyhow::Result<Vec<nightbell::sim::Line>> {
    log(environment::variable("RUST_LOG").as_deref().unwrap_or("error"));
    block_on(demo::play())
}

#[expect(clippy::print_stdout, reason = "the command line speaks to a terminal")]
fn show(options: demo::Options, open: bool) -> anyhow::Result<()> {
    log(environment::variable("RUST_LOG").as_deref().unwrap_or("error"));
    block_on(async {
        let stop = told_to_stop()?;
        let live = demo::Live::open(options, Clock::System.now()).await?;
        let address = live.address();
        println!("{address}");
        println!("Open this address in a browser. Ctrl-C ends the demo.");
        if open {
            let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            let started = std::process::Command::new(opener).arg(&address).spawn();
            if let Err(error) = started {
                println!("No browser could be started ({opener}: {error}).");
            }
        }
        stop.await;
        live.close().await
    })
}

fn doctor(flags: &Flags) -> anyhow::Result<Vec<Finding>> {
    let settings = Settings::read(flags, &environment::variable);
    log(settings.log.as_deref().unwrap_or("error"));
    let web = connect(flags)?;
    let file = config::load(&settings.config)?;
    let mut findings = block_on(async { Ok(doctor::examine(&web, &file, &settings.data, Clock::System.now()).await) })?;
    findings.extend(doctor::secrets(&file, &environment::variable));
    Ok(findings)
}

fn on_call(wanted: &Wanted, flags: &Flags) -> anyhow::Result<String> {
    let settings = Settings::read(flags, &environment::variable);
    let file = config::load(&settings.config)?;
    Ok(oncall::answer(&file, &settings.data, wanted, Clock::System.now())?)
}

#[expect(clippy::print_stdout, reason = "the command line speaks to a terminal")]
fn journal(id: Option<&str>, json: bool, flags: &Flags) -> anyhow::Result<()> {
    let of = id
        .map(|id| {
            journal::meant(id).with_context(|| {
                format!(
                    "`{id}` is no id; those look like `A-12` (alert), `INC-3` (incident), `R-7` (run), `O-2` (override)"
                )
            })
        })
        .transpose()?;
    let settings = Settings::read(flags, &environment::variable);
    let form = if json { Form::Json } else { Form::Readable };
    still::read(&settings.data, |folder| {
        journal::print(folder, of, form, |line| println!("{line}"))
    })??;
    Ok(())
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
    let file = runbooks::load(&settings.config)?;
    block_on(async {
        let options = Options {
            file,
            data: settings.data,
            web,
            clock: Clock::System,
            pace: Pace::default(),
            timings: Timings::default(),
            actions: actions::Settings {
                secrets: Secrets::new(environment::variable),
                ..actions::Settings::default()
            },
        };
        let stop = told_to_stop()?;
        tokio::pin!(stop);
        let app = tokio::select! {
            started = App::start(options) => started?,
            () = &mut stop => return Ok(()),
        };
        let reloading = tokio::spawn(reloading::when_told(settings.config, app.reload())?);
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

//! The command line: argv to a subcommand, and nothing else.

use std::future::Future;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser, Subcommand};
use nightbell::app::{App, Options};
use nightbell::clock::Clock;
use nightbell::command::manifest;
use nightbell::config::{self, Flags, Settings, SlackSettings, environment};
use nightbell::demo;
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

#[derive(Debug, Subcommand)]
enum What {
    /// Runs the bot: needs `SLACK_APP_TOKEN` and `SLACK_BOT_TOKEN`.
    Run {
        /// The configuration file (`NIGHTBELL_CONFIG`); `nightbell.toml` where nothing is said.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The data folder (`NIGHTBELL_DATA`); `data` where nothing is said.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Plays a short story in a simulated workspace and prints what people would read.
    Demo,
    /// Reads the configuration and says what is wrong with it, without a network.
    Check {
        /// The configuration file.
        #[arg(long, env = "NIGHTBELL_CONFIG", default_value = "nightbell.toml")]
        config: PathBuf,
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
        What::Run { config, data } => run(&Flags {
            config,
            data,
            ..Flags::default()
        }),
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

fn run(flags: &Flags) -> anyhow::Result<()> {
    let settings = Settings::read(flags, &environment::variable);
    log(settings.log.as_deref().unwrap_or("info"));

    let slack = SlackSettings::read(flags, &environment::variable)?;
    let file = config::load(&settings.config)?;
    let (bot, app) = (
        Secret::new(slack.bot_token.expose()),
        Secret::new(slack.app_token.expose()),
    );
    block_on(async {
        let web = Web::new(slack.api_url.as_str().trim_end_matches('/'), &bot, &app).context("failed to")?;
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
        app.run_until(stop).await
    })
}

/// Logs to standard error, so that what a command prints can be piped.
fn log(what: &str) {
    // Libraries below us would show what they send if they were asked to say more: they are not.
    const QUIET: &str = "tungstenite=info,tokio_tungstenite=info,slack_morphism=info,hyper=info,reqwest=info";
    let filter = EnvFilter::new(format!("{what},{QUIET}"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
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
        .enable_all()
        .build()
        .context("start the runtime")?
        .block_on(task)
}

//! The bot to be measured, in this process or in one of its own, and the workspace it lives in.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use nightbell::actions;
use nightbell::app::{App, Options};
use nightbell::clock::Clock;
use nightbell::config;
use nightbell::demo::Configuration;
use nightbell::outbox::Pace;
use nightbell::sim::{ChannelKind, NewUser, Person, RateLimits, Setup, Workspace};
use nightbell::slack::{Secret, Timings, Web};

/// A workspace without rate limits, on the machine's own clock, and somebody in it.
pub(crate) async fn workspace() -> anyhow::Result<(Workspace, Person)> {
    let setup = Setup {
        manifest: include_str!("../../manifest.json").to_owned(),
        now: Arc::new(|| Clock::System.now()),
        rate_limits: RateLimits::Off,
    };
    let workspace = Workspace::start(setup).await?;
    let person = |name: &str| {
        let name = name.to_owned();
        workspace.add_user(NewUser {
            name,
            zone: "Europe/Berlin".to_owned(),
            ..NewUser::default()
        })
    };
    let people = ["ana", "ben", "cleo", "dora"].map(person);
    for channel in ["ops", "cloud", "payments", "incidents"] {
        workspace.add_channel(channel, ChannelKind::Public);
    }
    let [ana, ..] = people;
    Ok((workspace, ana))
}

/// Starts the bot, and returns once both connections are up.
pub(crate) async fn start(api: &str, data: &Path, pace: Pace) -> anyhow::Result<App> {
    let (bot, app) = (Secret::new("xoxb-simulated"), Secret::new("xapp-simulated"));
    let file = config::read(&Configuration::default().text, "nightbell.toml")
        .map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let options = Options {
        file,
        data: data.to_owned(),
        web: Web::new(api, &bot, &app)?,
        clock: Clock::System,
        pace,
        timings: Timings::default(),
        actions: actions::Settings::default(),
    };
    let app = App::start(options).await?;
    let mut socket = app.gauges().socket;
    socket
        .wait_for(|status| status.connected >= 2)
        .await
        .context("watch the socket")?;
    Ok(app)
}

/// Runs the bot and nothing else, until this process is killed.
pub(crate) fn serve(api: &str, data: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(4)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = start(api, Path::new(data), Pace::lifted()).await?;
        app.run_until(std::future::pending()).await
    })
}

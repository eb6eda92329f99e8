//! Reading the configuration again while the bot runs.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::{Reload, runbooks};
use crate::clock;

/// How often the runbooks are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Reads the configuration again at every SIGHUP, and whenever a runbook has changed.
///
/// # Errors
/// When the signal cannot be listened for.
pub fn when_told(config: PathBuf, reload: mpsc::Sender<Reload>) -> anyhow::Result<impl Future<Output = ()>> {
    let mut hangup = signal(SignalKind::hangup()).context("listen for SIGHUP")?;
    Ok(async move {
        let mut known = runbooks::stamp(&config);
        loop {
            tokio::select! {
                told = hangup.recv() => if told.is_none() { return },
                () = clock::pause(LOOK_AGAIN) => if runbooks::stamp(&config) == known { continue },
            }
            known = runbooks::stamp(&config);
            let file = runbooks::load(&config).map_err(|mistakes| mistakes.to_string());
            if reload.send(file).await.is_err() {
                return;
            }
        }
    })
}

//! Resident memory of a process that is the bot and nothing else.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use nightbell::sim::{Person, Workspace};
use tokio::task::JoinSet;

use crate::{Figure, bot, start};

/// Alerts that are raised and resolved over the socket; with every message delivered this takes some minutes.
const LIVED: u64 = 100_000;
const IN_FLIGHT: u64 = 32;

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let (workspace, ana) = bot::workspace().await?;
    let folder = tempfile::tempdir()?;
    let mut child = spawn(&workspace, folder.path()).await?;
    figures.push(figure("resident memory, idle", resident(&child)?, "under 25 MB"));
    live(&ana).await;
    let after =
        format!("resident memory after {LIVED} alerts raised and resolved over the socket, all messages delivered");
    figures.push(figure(&after, resident(&child)?, "under 80 MB"));
    child.kill().ok();
    child.wait()?;

    let folder = tempfile::tempdir()?;
    start::fill(folder.path(), start::PAST)?;
    let mut child = spawn(&workspace, folder.path()).await?;
    figures.push(figure(
        "resident memory, idle, with 100,000 past alerts on disk",
        resident(&child)?,
        "under 80 MB",
    ));
    child.kill().ok();
    child.wait()?;
    workspace.stop();
    Ok(figures)
}

fn figure(what: &str, kilobytes: u64, target: &'static str) -> Figure {
    Figure {
        what: what.to_owned(),
        measured: format!("{:.1} MB", kilobytes as f64 / 1000.0),
        target,
    }
}

/// Starts the bot in a process of its own and waits until it is connected.
async fn spawn(workspace: &Workspace, data: &Path) -> anyhow::Result<Child> {
    let program = std::env::current_exe()?;
    let child = Command::new(program)
        .args(["bot", &workspace.api_url()])
        .arg(data)
        .spawn()?;
    let mut changes = workspace.changes();
    while workspace.connections() < 2 {
        changes.changed().await?;
    }
    Ok(child)
}

async fn live(ana: &Person) {
    let next = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let (ana, next) = (ana.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            while next.fetch_add(1, Ordering::Relaxed) < LIVED {
                let answer = ana.types("#ops", "/alert the API times out for cloud").await;
                let read = answer.ok().flatten().map(|answer| answer.reads).unwrap_or_default();
                let id = read.split_whitespace().next().unwrap_or_default().to_owned();
                ana.types("#ops", &format!("/alert resolve {id}")).await.ok();
            }
        });
    }
    tasks.join_all().await;
}

/// `VmRSS` of a process, in kB.
fn resident(child: &Child) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    line.trim()
        .trim_end_matches(" kB")
        .trim()
        .parse()
        .context("VmRSS is no number")
}

//! From typing a command to its acknowledgement, over a real socket; each command raises an alert and is stored.
//!
//! The simulator is in the same process and shares the cores. Messages go out at the pace Slack allows, as they would in
//! a workspace, so that what is measured is the way of the command and not the simulator's HTTP server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nightbell::clock::{monotonic, pause};
use nightbell::outbox::Pace;
use nightbell::sim::Person;
use tokio::task::JoinSet;

use crate::{Figure, bot, milliseconds, percentile};

const RATE: u32 = 50;
const SECONDS: u32 = 10;
const IN_FLIGHT: usize = 64;

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    let (workspace, ana) = bot::workspace().await?;
    let folder = tempfile::tempdir()?;
    let app = bot::start(&workspace.api_url(), folder.path(), Pace::default()).await?;
    let steady = steadily(&ana).await;
    let (busy, took) = busily(&ana).await;
    app.run_until(std::future::ready(())).await?;
    workspace.stop();

    let rate = busy.len() as f64 / took.as_secs_f64();
    let max = steady.last().max(busy.last()).copied().unwrap_or_default();
    let figure = |what: &str, measured: String, target| Figure {
        what: what.to_owned(),
        measured,
        target,
    };
    Ok(vec![
        figure(
            "command to acknowledgement at 50 commands/s, p50",
            milliseconds(percentile(&steady, 50)),
            "under 1 ms",
        ),
        figure("the same, p99", milliseconds(percentile(&steady, 99)), "under 5 ms"),
        figure("commands/s with 64 in flight", format!("{rate:.0}"), "at least 5,000"),
        figure(
            "the same, p50 and p99",
            format!(
                "{} and {}",
                milliseconds(percentile(&busy, 50)),
                milliseconds(percentile(&busy, 99))
            ),
            "",
        ),
        figure("the slowest acknowledgement of all", milliseconds(max), "under 3 s"),
    ])
}

async fn command(ana: &Person, number: usize) -> Duration {
    let begun = monotonic();
    let typed = ana
        .types("#ops", &format!("/alert disk {number} is full for cloud"))
        .await;
    let took = begun.elapsed();
    assert!(typed.is_ok_and(|answer| answer.is_some()), "a command was not answered");
    took
}

async fn steadily(ana: &Person) -> Vec<Duration> {
    let mut tasks = JoinSet::new();
    let begun = monotonic();
    for number in 0..RATE * SECONDS {
        let due = Duration::from_secs(1) / RATE * number;
        pause(due.saturating_sub(begun.elapsed())).await;
        let ana = ana.clone();
        tasks.spawn(async move { command(&ana, number as usize).await });
    }
    let mut took = tasks.join_all().await;
    took.sort_unstable();
    took
}

async fn busily(ana: &Person) -> (Vec<Duration>, Duration) {
    let over = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    let begun = monotonic();
    for worker in 0..IN_FLIGHT {
        let (ana, over) = (ana.clone(), Arc::clone(&over));
        tasks.spawn(async move {
            let mut took = Vec::new();
            while !over.load(Ordering::Relaxed) {
                took.push(command(&ana, worker * 1_000_000 + took.len()).await);
            }
            took
        });
    }
    pause(Duration::from_secs(u64::from(SECONDS))).await;
    over.store(true, Ordering::Relaxed);
    let mut took: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let elapsed = begun.elapsed();
    took.sort_unstable();
    (took, elapsed)
}

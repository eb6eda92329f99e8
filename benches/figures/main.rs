//! What the README claims about speed, measured: `cargo bench --bench figures`.
//!
//! The real bot on real sockets against the simulator, release build. Everything that is claimed to be stored is synced
//! to the disk the temporary folder is on. Nothing here is asserted: figures are read by people.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod acknowledgement;
mod bot;
mod decide;
mod demo;
mod incident;
mod memory;
mod oncall;
mod runbooks;
mod start;

use std::time::Duration;

/// One figure.
struct Figure {
    what: String,
    measured: String,
    target: &'static str,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, child, api, data] = arguments.as_slice()
        && child == "bot"
    {
        return bot::serve(api, data);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    // `cargo bench --bench figures -- memory` measures only that.
    let wanted =
        |part: &str| arguments.iter().skip(1).all(|it| it.starts_with('-')) || arguments.iter().any(|it| it == part);
    let mut figures = Vec::new();
    if wanted("decide") {
        figures.push(decide::measure());
    }
    if wanted("oncall") {
        figures.extend(oncall::measure());
    }
    if wanted("incident") {
        figures.extend(runtime.block_on(incident::measure())?);
    }
    if wanted("runbooks") {
        figures.extend(runbooks::measure()?);
        figures.push(runtime.block_on(runbooks::click())?);
    }
    if wanted("acknowledgement") {
        figures.extend(runtime.block_on(acknowledgement::measure())?);
    }
    if wanted("demo") {
        figures.extend(runtime.block_on(demo::measure())?);
    }
    if wanted("start") {
        figures.extend(runtime.block_on(start::measure())?);
    }
    if wanted("memory") {
        figures.extend(runtime.block_on(memory::measure())?);
    }

    println!("\nOn {}:\n", machine());
    println!("| what | measured | target |\n|---|---|---|");
    for Figure { what, measured, target } in figures {
        println!("| {what} | {measured} | {target} |");
    }
    Ok(())
}

/// What it was measured on.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(':').nth(1))
        .unwrap_or("an unknown CPU");
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} cores of {}, Linux {}", model.trim(), kernel.trim())
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

/// The value below which `percent` of the sorted durations lie.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

//! From nothing to connected, with years of alerts on disk.

use std::path::Path;

use nightbell::clock::{Clock, monotonic};
use nightbell::config;
use nightbell::demo::Configuration;
use nightbell::directory::{Directory, roster};
use nightbell::domain::alert::Raise;
use nightbell::domain::ids::{AlertId, TeamId, UserId};
use nightbell::domain::priority::Priority;
use nightbell::domain::{Event, Input, Request, World};
use nightbell::engine::journal;
use nightbell::outbox::Pace;
use nightbell::store::{Commit, Store};

use crate::{Figure, bot, milliseconds};

pub(crate) const PAST: u64 = 100_000;
/// Alerts in one commit.
const TOGETHER: u64 = 100;

/// Fills a data folder with alerts that were raised, acknowledged and resolved, and are archived.
pub(crate) fn fill(folder: &Path, alerts: u64) -> anyhow::Result<()> {
    let file = config::read(&Configuration::default().text, "nightbell.toml")
        .map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let (roster, _) = roster(&file, &Directory::default());
    let now = Clock::System.now();
    let mut store = Store::open(folder)?;
    let mut seq = 0;
    let mut commit = Commit::default();
    for id in 1..=alerts {
        let alert = AlertId(id);
        let mut world = World::after(id - 1, 0, 0, 0);
        let asked = [
            (
                "U1",
                Request::Raise(Raise {
                    team: TeamId::new("cloud"),
                    summary: format!("the API times out, number {id}"),
                    priority: Priority::P3,
                    service: None,
                    to: None,
                    alike: nightbell::domain::alert::Alike::Raise,
                }),
            ),
            ("U2", Request::Acknowledge { alert, lease: None }),
            (
                "U2",
                Request::Resolve {
                    alert,
                    because: Some("a node was restarted".to_owned()),
                },
            ),
        ];
        for (by, what) in asked {
            let input = Input::Asked {
                by: UserId::new(by),
                what,
            };
            let events: Vec<Event> = world.decide(&input, &roster, now).expect("it is allowed");
            for event in events {
                seq += 1;
                world.apply(&event, now);
                commit.events.push(journal::row(&event, now, seq));
            }
        }
        for place in ["C0001", "D0001", "D0002"] {
            commit
                .places
                .push((format!("{place}/{id}.000100"), journal::stream(alert)));
        }
        commit.retired.push(journal::stream(alert));
        if id % TOGETHER == 0 || id == alerts {
            store.commit(&[std::mem::take(&mut commit)])?;
        }
    }
    Ok(())
}

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    fill(folder.path(), PAST)?;
    let (workspace, _) = bot::workspace().await?;
    let mut took = Vec::new();
    for _ in 0..3 {
        let begun = monotonic();
        let app = bot::start(&workspace.api_url(), folder.path(), Pace::default()).await?;
        took.push(begun.elapsed());
        app.run_until(std::future::ready(())).await?;
    }
    workspace.stop();
    let slowest = took.into_iter().max().unwrap_or_default();
    Ok(vec![Figure {
        what: "start to connected with 100,000 past alerts, the slowest of 3".to_owned(),
        measured: milliseconds(slowest),
        target: "under 1 s",
    }])
}

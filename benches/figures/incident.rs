//! Incidents: an update that 200 subscribers read, from typing it to its acknowledgement; and showing a long one.

use nightbell::clock::{Clock, monotonic};
use nightbell::command::Question;
use nightbell::config;
use nightbell::demo::Configuration;
use nightbell::directory::{Directory, roster};
use nightbell::domain::ids::{IncidentId, UserId};
use nightbell::domain::incident::{Ask, Declaration};
use nightbell::domain::{Input, Request, World};
use nightbell::outbox::Pace;
use nightbell::sim::NewUser;
use nightbell::view::{self, Archive, Scene};

use crate::{Figure, bot, milliseconds, percentile};

const READERS: usize = 200;
const UPDATES: usize = 20;
const ENTRIES: usize = 2000;

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    let (workspace, ana) = bot::workspace().await?;
    let folder = tempfile::tempdir()?;
    let app = bot::start(&workspace.api_url(), folder.path(), Pace::default()).await?;
    for number in 0..READERS {
        let reader = workspace.add_user(NewUser {
            name: format!("reader{number}"),
            ..NewUser::default()
        });
        let subscribed = reader.types("#ops", "/incident subscribe to all").await;
        assert!(
            subscribed.is_ok_and(|answer| answer.is_some()),
            "a command was not answered"
        );
    }
    let declared = ana.types("#ops", "/incident declare checkout times out").await;
    assert!(
        declared.is_ok_and(|answer| answer.is_some()),
        "a command was not answered"
    );
    // The readers' messages stand before they can have lines under them.
    nightbell::clock::pause(std::time::Duration::from_mins(1)).await;
    let mut took = Vec::new();
    for number in 0..UPDATES {
        let begun = monotonic();
        let typed = ana.types("#ops", &format!("/incident update state {number}")).await;
        took.push(begun.elapsed());
        assert!(typed.is_ok_and(|answer| answer.is_some()), "a command was not answered");
    }
    took.sort_unstable();
    app.run_until(std::future::ready(())).await?;
    workspace.stop();
    Ok(vec![
        Figure {
            what: format!("an update to {READERS} subscribers, stored and acknowledged, p50"),
            measured: milliseconds(percentile(&took, 50)),
            target: "under 20 ms",
        },
        show(),
    ])
}

fn show() -> Figure {
    let file = config::read(&Configuration::default().text, "nightbell.toml").expect("the demo's file is right");
    let (roster, _) = roster(&file, &Directory::default());
    let now = Clock::System.now();
    let mut world = World::default();
    let mut happen = |what: Request| {
        let by = UserId::new("U1");
        for event in world
            .decide(&Input::Asked { by, what }, &roster, now)
            .expect("it is allowed")
        {
            world.apply(&event, now);
        }
    };
    happen(Request::Declare(Declaration {
        title: "checkout times out".to_owned(),
        ..Declaration::default()
    }));
    for number in 0..ENTRIES {
        happen(Request::Incident {
            id: Some(IncidentId(1)),
            ask: Ask::Note(format!("something happened for the time {number}")),
        });
    }
    let scene = Scene {
        world: &world,
        roster: &roster,
        now,
    };
    let begun = monotonic();
    let shown = view::show(scene, &Question::Incident(Some(IncidentId(1))), &Archive::default());
    let took = begun.elapsed();
    assert!(shown.text.contains("something happened"));
    Figure {
        what: format!("show of an incident with {ENTRIES} timeline entries"),
        measured: milliseconds(took),
        target: "under 5 ms",
    }
}

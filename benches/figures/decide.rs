//! Deciding and applying alone, without a disk or a socket.

use nightbell::clock::{Clock, monotonic};
use nightbell::config;
use nightbell::demo::Configuration;
use nightbell::directory::{Directory, roster};
use nightbell::domain::alert::Raise;
use nightbell::domain::ids::{AlertId, TeamId, UserId};
use nightbell::domain::priority::Priority;
use nightbell::domain::{Input, Request, World};

use crate::Figure;

const OPEN: u64 = 1000;

/// One acknowledgement among a thousand open alerts.
pub(crate) fn measure() -> Figure {
    let file = config::read(&Configuration::default().text, "nightbell.toml").expect("the demo's file is right");
    let (roster, _) = roster(&file, &Directory::default());
    let now = Clock::System.now();
    let mut world = World::default();
    let mut happen = |by: &str, what: Request| {
        let input = Input::Asked {
            by: UserId::new(by),
            what,
        };
        for event in world.decide(&input, &roster, now).expect("it is allowed") {
            world.apply(&event, now);
        }
    };
    for _ in 0..OPEN {
        happen(
            "U1",
            Request::Raise(Raise {
                team: TeamId::new("cloud"),
                summary: "the API times out".to_owned(),
                priority: Priority::P3,
                service: None,
                to: None,
                alike: nightbell::domain::alert::Alike::Raise,
            }),
        );
    }
    let begun = monotonic();
    for id in 1..=OPEN {
        happen(
            "U2",
            Request::Acknowledge {
                alert: AlertId(id),
                lease: None,
            },
        );
    }
    let each = begun.elapsed().as_secs_f64() * 1e6 / OPEN as f64;
    Figure {
        what: "decide and apply one acknowledgement among 1,000 open alerts".to_owned(),
        measured: format!("{each:.1} µs"),
        target: "under 20 µs",
    }
}

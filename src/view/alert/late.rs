//! What was late, in one message.

use crate::domain::alert::Event as Happened;
use crate::domain::ids::AlertId;
use crate::domain::{Errand, Event};
use crate::outbox::{Entry, Urgency};
use crate::view::blocks::{context, section};
use crate::view::calls::post;
use crate::view::text::{between, list, time};
use crate::view::{Scene, message};

/// One message for everything that was late, however much it is: downtime is admitted.
pub fn admit(scene: Scene<'_>, events: &[Event]) -> Option<Entry> {
    let late: Vec<(AlertId, String)> = events
        .iter()
        .filter_map(|event| match event {
            Event::Alert {
                id,
                what: Happened::Late { due },
            } => {
                let said = format!("{id} (due {}, {} late)", time(*due), between(*due, scene.now));
                Some((*id, said))
            }
            Event::Alert { .. }
            | Event::OnCall { .. }
            | Event::Watch { .. }
            | Event::Incident { .. }
            | Event::Subscription { .. }
            | Event::Run { .. }
            | Event::Reviews { .. } => None,
        })
        .collect();
    let (first, _) = late.first()?;
    let mut shown: Vec<String> = late.iter().take(LATE_SHOWN).map(|(_, said)| said.clone()).collect();
    let more = late.len().saturating_sub(LATE_SHOWN);
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    let text = format!(
        ":warning: I was away. What was due in the meantime happens now: {}.",
        list(&shown)
    );
    let drawn = vec![section(&text), context("The thread of each alert says the same.")];
    let call = post(&scene.roster.fallback, None, message(text, drawn));
    Some(scene.entry("late", Urgency::Page, call, Errand::Fallback { alert: *first }))
}

/// How many late alerts one message names.
const LATE_SHOWN: usize = 20;

//! What a program on this machine is told, in a line for a terminal.

use super::card::title;
use crate::domain::alert::{Alert, Event as Happened, Report};
use crate::domain::{Event, Refusal};
use crate::view::Scene;
use crate::view::text::count;

/// What became of a report.
///
/// # Errors
/// Why it was refused.
pub fn reported(scene: Scene<'_>, report: &Report, outcome: &Result<Vec<Event>, Refusal>) -> Result<String, String> {
    let events = match outcome {
        Ok(events) => events,
        Err(Refusal::NoSuchTeam { team, .. }) => {
            let known: Vec<&str> = scene
                .roster
                .teams
                .keys()
                .map(crate::domain::ids::TeamId::as_str)
                .collect();
            return Err(format!("there is no team `{team}`; there are: {}", known.join(", ")));
        }
        Err(_) => return Err("there is nothing to say: the message is empty".to_owned()),
    };
    let Some(Event::Alert { id, .. }) = events.first() else {
        return Ok(match scene.world.with_key(report, scene.now) {
            Some(alert) => format!("{}: nothing new", title(alert)),
            None => "no open alert has this key".to_owned(),
        });
    };
    let Some(alert) = scene.world.alert(*id) else {
        return Ok(format!("{id}: stored"));
    };
    Ok(format!(
        "{}: {}",
        title(alert),
        events
            .iter()
            .map(|event| said(event, alert))
            .collect::<Vec<_>>()
            .join(", ")
    ))
}

fn said(event: &Event, alert: &Alert) -> String {
    let Event::Alert { what, .. } = event else {
        return String::new();
    };
    match what {
        Happened::Raised { team, .. } => format!("raised for {team}"),
        Happened::Repeated { .. } => format!("counted, reported {}", count(times(alert), "time")),
        Happened::Reopened { .. } => "open again".to_owned(),
        Happened::Cleared { .. } => "marked as over".to_owned(),
        Happened::Resolved { .. } => "resolved".to_owned(),
        Happened::Paged { to, .. } if !to.is_empty() => "paging".to_owned(),
        _ => "nobody could be paged".to_owned(),
    }
}

fn times(alert: &Alert) -> usize {
    usize::try_from(alert.repeats.saturating_add(1)).unwrap_or(usize::MAX)
}

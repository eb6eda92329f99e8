//! Runbooks and help, offered where they are needed.

use std::sync::Arc;

use slack_morphism::prelude::*;

use crate::command::Draft;
use crate::command::button::Button;
use crate::domain::alert::Alert;
use crate::domain::ids::{AlertId, IncidentId};
use crate::domain::incident::Incident;
use crate::domain::rotation::Member;
use crate::domain::run::Run;
use crate::domain::runbook::Runbook;
use crate::view::Scene;
use crate::view::blocks::{confirmed, press};
use crate::view::text::{shorten, unescape};

/// How many runbooks a card offers.
const OFFERED: usize = 2;

/// *Start runbook* for each runbook that is for this alert and was not started yet.
pub fn for_alert(scene: Scene<'_>, alert: &Alert) -> Vec<SlackBlockButtonElement> {
    if !alert.is_open() || alert.test.is_some() {
        return Vec::new();
    }
    let fitting = scene.roster.runbooks.fitting(&alert.summary, &alert.service);
    let runs: Vec<&Run> = scene.world.runs().of_alert(alert.id).collect();
    offered(fitting, &runs, Some(alert.id), None)
}

/// The same for an incident.
pub fn for_incident(scene: Scene<'_>, incident: &Incident) -> Vec<SlackBlockButtonElement> {
    if !incident.is_open() {
        return Vec::new();
    }
    let fitting = scene.roster.runbooks.fitting(&incident.title, &incident.services);
    let runs: Vec<&Run> = scene.world.runs_of(incident).collect();
    offered(fitting, &runs, None, Some(incident.id))
}

fn offered<'b>(
    books: impl Iterator<Item = &'b Arc<Runbook>>,
    runs: &[&Run],
    alert: Option<AlertId>,
    incident: Option<IncidentId>,
) -> Vec<SlackBlockButtonElement> {
    let is_new = |book: &&Arc<Runbook>| !runs.iter().any(|run| !run.practice && run.runbook.id == book.id);
    let buttons = books.filter(is_new).take(OFFERED).map(|book| {
        let button = Button::StartRun {
            runbook: book.id.clone(),
            alert,
            incident,
        };
        press(&format!("Start runbook: {}", shorten(&book.title, 50)), &button)
    });
    buttons.collect()
}

/// The button that brings somebody else: the next level of the run's alert, or else of the team that keeps the runbook.
pub(super) fn page_secondary(scene: Scene<'_>, run: &Run, step: &str) -> Option<SlackBlockButtonElement> {
    let what = format!("{} needs help with “{}”", run.id, unescape(step));
    let alert = run.alert.and_then(|id| scene.world.alert(id));
    let button = if let Some(alert) = alert.filter(|alert| alert.is_open()) {
        Button::Escalate {
            alert: alert.id,
            drawn_for: alert.moments(),
        }
    } else {
        let team = scene.roster.team_named(run.runbook.owner.as_deref()?)?;
        // The second rotation is the one that helps the first.
        let second = team.rotations.get(1);
        let who = second.and_then(|rotation| scene.staff().who(&team.id, rotation, scene.now).who);
        let to = match who {
            Some(Member::Known(user)) => Some(user),
            Some(Member::Unknown(_)) | None => None,
        };
        Button::Raise {
            team: team.id.clone(),
            draft: Draft {
                summary: what.clone(),
                to,
                ..Draft::default()
            },
        }
    };
    Some(confirmed(press("Page secondary", &button), &what, "Page them"))
}

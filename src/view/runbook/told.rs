//! Runs as they are told where what they are for is worked on: on its card, in its timeline, at its end.

use super::card::left;
use crate::domain::ids::AlertId;
use crate::domain::incident::Incident;
use crate::domain::run::{Chapter, Run, Turn};
use crate::view::Scene;
use crate::view::text::{channel, count, escape, headline, list, name, permalink, shorten};

/// How many runs a card names; the newest.
const NAMED: usize = 5;
/// How much of a title or a reason is said in a line.
const WORDS: usize = 150;

/// That a run began, or how it ended.
pub fn chapter(scene: Scene<'_>, chapter: &Chapter) -> String {
    let who = name(scene.roster, &chapter.by);
    let (did, because) = match &chapter.turn {
        Turn::Started => ("started", String::new()),
        Turn::Finished => ("finished", String::new()),
        Turn::Stopped { because } => ("stopped", format!(": {}", escape(&shorten(because.trim(), 1000)))),
    };
    let place = scene
        .world
        .runs()
        .get(chapter.run)
        .filter(|_| chapter.turn == Turn::Started);
    let place = place
        .map(|run| format!(" in {}", channel(&run.channel)))
        .unwrap_or_default();
    let drill = if chapter.practice { " as a drill" } else { "" };
    format!(
        "{who} {did} the runbook “{}” ({}){place}{drill}{because}",
        escape(&headline(&chapter.title, WORDS)),
        chapter.run
    )
}

/// How the runs of an alert stand, in a sentence; none when there are none.
pub fn of_alert(scene: Scene<'_>, alert: AlertId) -> Option<String> {
    standing(scene, &scene.world.runs().of_alert(alert).collect::<Vec<_>>())
}

/// How the runs that count for an incident stand, in a sentence; none when there are none.
pub fn of_incident(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    standing(scene, &scene.world.runs_of(incident).collect::<Vec<_>>())
}

fn standing(scene: Scene<'_>, runs: &[&Run]) -> Option<String> {
    let older = runs.len().saturating_sub(NAMED);
    let mut said: Vec<String> = runs[older..].iter().map(|run| run_line(scene, run)).collect();
    if older > 0 {
        said.insert(0, format!("{} before", count(older, "run")));
    }
    (!said.is_empty()).then(|| format!(":book: {}", list(&said)))
}

/// `R-3 Restart the frontend in #cloud (2 of 5)`, and a way there.
fn run_line(scene: Scene<'_>, run: &Run) -> String {
    let (behind, all) = run.progress();
    let drill = if run.practice { ", a drill" } else { "" };
    let stands = match (&run.ended, run.current.as_ref()) {
        (Some(ended), _) if ended.because.is_some() => format!("stopped at {behind} of {all}"),
        (Some(_), _) => "done".to_owned(),
        (None, Some(current)) if current.blocked.is_some() => format!("{behind} of {all}, blocked"),
        (None, _) => format!("{behind} of {all}"),
    };
    format!(
        "{} {} in {} ({stands}{drill})",
        linked(scene, run),
        escape(&headline(&run.runbook.title, WORDS)),
        channel(&run.channel)
    )
}

/// A run's number, as a link to its thread where that is known.
pub(super) fn linked(scene: Scene<'_>, run: &Run) -> String {
    let link = run.root.as_ref().and_then(|root| permalink(scene.roster, root));
    link.map_or_else(|| run.id.to_string(), |link| format!("<{link}|{}>", run.id))
}

/// What the runs of an incident leave behind when it ends: what is not taken back, and what still goes on. A line each; none
/// when all is well.
pub fn left_of(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    let mut lines = Vec::new();
    for run in scene.world.runs_of(incident).filter(|run| !run.practice) {
        let title = escape(&headline(&run.runbook.title, WORDS));
        let goes_on = if run.is_open() { " still goes on." } else { "" };
        let left = left(run);
        if !(goes_on.is_empty() && left.is_empty()) {
            lines.push(format!(
                "{} {title}{goes_on}{}",
                linked(scene, run),
                left.replace('\n', " ")
            ));
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

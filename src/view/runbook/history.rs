//! How earlier runs of a runbook went.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::duration;
use crate::domain::ids::RunbookId;
use crate::domain::run::{How, Run};
use crate::slack::call::Message;
use crate::view::blocks::section;
use crate::view::text::{count, escape, headline, list};
use crate::view::{Scene, message, say};

/// How many steps each part names.
const NAMED: usize = 5;

/// Figures of earlier runs, those in the archive too; drills do not count.
pub fn history(scene: Scene<'_>, id: &RunbookId, archive: &[Run]) -> Message {
    let known = scene.world.runs().iter();
    let older = archive.iter().filter(|run| scene.world.runs().get(run.id).is_none());
    let (drills, runs): (Vec<&Run>, Vec<&Run>) = known
        .chain(older)
        .filter(|run| run.runbook.id == *id)
        .partition(|run| run.practice);
    let drills = if drills.is_empty() {
        String::new()
    } else {
        format!(" ({})", count(drills.len(), "drill"))
    };
    if runs.is_empty() {
        return say(format!(
            "`{id}` has not been run yet{drills}. `/runbook practice {id}` tries it out."
        ));
    }
    let mut took: Vec<TimeDelta> = runs
        .iter()
        .filter_map(|run| {
            let ended = run.ended.as_ref().filter(|ended| ended.because.is_none())?;
            Some(ended.at - run.at)
        })
        .collect();
    took.sort_unstable();
    let median = took.get(took.len() / 2).map_or_else(String::new, |median| {
        format!(", half of them within {}", duration::show(*median))
    });
    let stopped: Vec<&&Run> = runs
        .iter()
        .filter(|run| run.ended.as_ref().is_some_and(|ended| ended.because.is_some()))
        .collect();
    let lead = format!(
        "`{id}`: {}{drills}; {} came to the end{median}; {} stopped.",
        count(runs.len(), "run"),
        took.len(),
        stopped.len()
    );
    let skipped = runs.iter().flat_map(|run| {
        let lines = run.lines.iter().filter(|line| matches!(line.how, How::Skipped { .. }));
        lines.filter_map(|line| title(run, line.step))
    });
    let blocked = runs
        .iter()
        .flat_map(|run| run.blocks.iter().filter_map(|note| title(run, note.step)));
    let stuck = stopped.iter().filter_map(|run| title(run, run.ended.as_ref()?.step?));
    let mut drawn = vec![section(&lead)];
    let parts = [
        most("Most often left out", skipped),
        most("Most often blocked", blocked),
        most("Stopped at", stuck),
    ];
    drawn.extend(parts.into_iter().flatten().map(|part| section(&part)));
    message(lead, drawn)
}

fn title(run: &Run, step: usize) -> Option<&str> {
    run.runbook.steps.get(step).map(|step| step.title.as_str())
}

/// Steps by how often they are among these, the most frequent first; none when there are none.
fn most<'r>(what: &str, titles: impl Iterator<Item = &'r str>) -> Option<String> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for title in titles {
        *counted.entry(title).or_default() += 1;
    }
    let mut most: Vec<(usize, &str)> = counted.into_iter().map(|(title, times)| (times, title)).collect();
    most.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
    let most: Vec<String> = most
        .iter()
        .take(NAMED)
        .map(|(times, title)| format!("{} ({times}×)", escape(&headline(title, 100))))
        .collect();
    (!most.is_empty()).then(|| format!("{what}: {}.", list(&most)))
}

//! Alerts that a step raises: their buttons, and what is said of them.

use slack_morphism::prelude::*;

use super::card::title;
use crate::command::button::{Button, OnStep};
use crate::domain::alert::{Alert, Event as Happened, Page as Paging};
use crate::domain::ids::{AlertId, TeamId, UserId};
use crate::domain::run::{Page, Run};
use crate::view::Scene;
use crate::view::blocks::{confirmed, context, press};
use crate::view::text::{actor, escape, headline, list, name, recipient, team};

/// How much of a message is said.
const WORDS: usize = 200;

/// What can be pressed about the alerts of the current step.
pub(super) fn buttons(scene: Scene<'_>, run: &Run) -> Vec<SlackBlockButtonElement> {
    let pages = run.pages().into_iter().enumerate();
    let pressed = pages.filter_map(|(at, page)| {
        run.may_page(at, run.fills, scene.staff()).ok()?;
        let team = scene.roster.team_named(&page.team)?;
        let button = Button::Step {
            run: run.id,
            visit: run.current.as_ref()?.visit,
            what: OnStep::Page(at, run.fills),
        };
        let label = format!("Page {}", team.name);
        let what = format!("{label}: {}", page.message);
        Some(confirmed(press(&label, &button), &what, "Page them"))
    });
    pressed.collect()
}

/// What each alert of the current step is, or has become; a line each.
pub(super) fn lines(scene: Scene<'_>, run: &Run) -> Vec<SlackBlock> {
    let line = |page: Page| {
        let says = format!("“{}”", escape(&headline(&page.message, WORDS)));
        let known = scene.roster.team_named(&page.team);
        let called = known.map_or_else(|| escape(&page.team), |team| escape(&team.name));
        context(&match (page.raised, run.practice, known) {
            (Some(alert), ..) => {
                let stands = scene.world.alert(alert).map(|alert| stands(scene, alert));
                format!(
                    ":rotating_light: {called} was paged with {alert}{}: {says}",
                    stands.unwrap_or_default()
                )
            }
            (None, true, _) => format!("In a drill nobody is paged: {called} would read {says}"),
            (None, false, Some(_)) => format!("The button pages {called} with {says}"),
            (None, false, None) => {
                format!("There is no team `{called}` here; who is to read {says}? `/alert` asks you.")
            }
        })
    };
    run.pages().into_iter().map(line).collect()
}

/// How an alert stands, in a word that follows its id.
fn stands(scene: Scene<'_>, alert: &Alert) -> String {
    match &alert.page {
        Paging::Ended { .. } => ", which is resolved".to_owned(),
        Paging::Acknowledged { by, .. } => format!(", which {} has", name(scene.roster, by)),
        Paging::Exhausted { .. } => ", which nobody answers".to_owned(),
        _ => String::new(),
    }
}

/// What became of an alert that a step raised, for the run's thread; none for what is nothing to its people.
pub(super) fn became(scene: Scene<'_>, alert: AlertId, what: &Happened) -> Option<String> {
    let news = match what {
        Happened::Acknowledged { by, .. } => format!("{} takes care of it", name(scene.roster, by)),
        Happened::Exhausted { .. } => "nobody answers".to_owned(),
        Happened::Resolved { by, .. } => format!("{} resolved it", actor(scene.roster, by)),
        _ => return None,
    };
    Some(format!(":rotating_light: {alert}: {news}."))
}

/// That somebody was paged, for the thread.
pub(super) fn told(scene: Scene<'_>, by: &UserId, whom: &TeamId, alert: AlertId) -> String {
    let raised = scene.world.alert(alert);
    let reached = raised.into_iter().flat_map(|alert| &alert.reached);
    let people: Vec<String> = reached.map(|who| recipient(scene.roster, who)).collect();
    let people = if people.is_empty() {
        String::new()
    } else {
        format!(" ({})", list(&people))
    };
    let says = raised.map(|alert| format!(": {}", escape(&headline(&alert.summary, WORDS))));
    format!(
        ":rotating_light: {} pages {} with {alert}{people}{}",
        name(scene.roster, by),
        team(scene.roster, whom),
        says.unwrap_or_default()
    )
}

/// The same for whoever pressed it elsewhere than in the thread.
pub(super) fn done(run: &Run, alert: AlertId) -> String {
    format!("{alert} is raised for {}.", title(run))
}

/// The button that brings somebody else, and what it asks first; none when nobody can be paged.
pub(super) fn help(scene: Scene<'_>, run: &Run) -> Option<SlackBlockButtonElement> {
    let raise = scene.world.help_for(run, scene.staff(), scene.now).ok()?;
    let label = match &raise.to {
        Some(user) => format!("Page {}", name(scene.roster, user)),
        None => format!("Page {}", team(scene.roster, &raise.team)),
    };
    let button = Button::Step {
        run: run.id,
        visit: run.current.as_ref()?.visit,
        what: OnStep::Help,
    };
    Some(confirmed(press(&label, &button), &raise.summary, "Page them"))
}

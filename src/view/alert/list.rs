//! Many alerts, a line each, a page at a time.

use std::cmp::Reverse;

use super::card::title;
use crate::command::Closed;
use crate::command::button::Button;
use crate::domain::alert::{Alert, Page};
use crate::domain::ids::TeamId;
use crate::slack::call::Message;
use crate::view::blocks::{actions, context, press, section, section_with};
use crate::view::text::{between, count, date, escape, name, team};
use crate::view::{Scene, message};

/// Alerts on one page.
pub const PAGE: usize = 10;

/// The alerts that still need somebody, the most urgent first; with `closed`, also those that do not, the newest first.
/// Pages count from 0; a page past the end shows the last.
pub fn show(scene: Scene<'_>, of: Option<&TeamId>, closed: Closed, page: usize, archive: &[Alert]) -> Message {
    let included =
        |alert: &&Alert| of.is_none_or(|team| alert.team == *team) && (closed == Closed::Included || alert.is_open());
    let mut alerts: Vec<&Alert> = scene.world.alerts().filter(included).collect();
    match closed {
        Closed::LeftOut => alerts.sort_by_key(|alert| (rank(alert), alert.priority, Reverse(alert.id))),
        Closed::Included => alerts.sort_by_key(|alert| (!alert.is_open(), Reverse(alert.id))),
    }
    let known: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
    alerts.extend(
        archive
            .iter()
            .filter(included)
            .filter(|alert| !known.contains(&alert.id)),
    );
    let whose = of
        .map(|id| format!(" of {}", team(scene.roster, id)))
        .unwrap_or_default();
    if alerts.is_empty() {
        let text = match closed {
            Closed::LeftOut => format!("No open alerts{whose}. All quiet."),
            Closed::Included => format!("No alerts{whose} yet."),
        };
        return message(text.clone(), vec![section(&text)]);
    }
    let pages = alerts.len().div_ceil(PAGE);
    let page = page.min(pages - 1);
    let open = match closed {
        Closed::LeftOut => " open",
        Closed::Included => "",
    };
    let heading = format!(
        "*{}{whose}*",
        count(alerts.len(), &format!("{} alert", open.trim())).replace("  ", " ")
    );
    let mut drawn = vec![section(&heading)];
    let mut lines = vec![heading];
    for alert in alerts.iter().skip(page * PAGE).take(PAGE) {
        let line = line(scene, alert);
        drawn.push(section_with(&line, "Show", &Button::Show { alert: alert.id }));
        lines.push(line);
    }
    let turn = |page| Button::List {
        team: of.cloned(),
        closed,
        page,
    };
    let mut buttons = Vec::new();
    if page > 0 {
        buttons.push(press("Previous", &turn(page - 1)));
    }
    if page + 1 < pages {
        buttons.push(press("Next", &turn(page + 1)));
    }
    if pages > 1 {
        drawn.push(context(&format!("Page {} of {pages}", page + 1)));
    }
    drawn.extend(actions(buttons));
    message(lines.join("\n"), drawn)
}

/// What needs somebody first.
fn rank(alert: &Alert) -> u8 {
    match alert.page {
        Page::Exhausted { .. } => 0,
        Page::Paging { .. } => 1,
        Page::Quiet => 2,
        Page::Acknowledged { .. } | Page::Snoozed { .. } => 3,
        Page::Ended { .. } => 4,
    }
}

fn line(scene: Scene<'_>, alert: &Alert) -> String {
    let state = match &alert.page {
        Page::Quiet => "triggered".to_owned(),
        Page::Paging { .. } => format!("triggered, paging {}", super::card::paged(scene, alert)),
        Page::Exhausted { .. } => ":rotating_light: nobody answers".to_owned(),
        Page::Acknowledged { by, .. } => format!("acknowledged by {}", name(scene.roster, by)),
        Page::Snoozed { by, until } => format!("snoozed by {} until {}", name(scene.roster, by), date(*until)),
        Page::Ended { by, .. } => format!("resolved by {}", name(scene.roster, by)),
    };
    format!(
        "*{}*\n{} · {state} · {} ago",
        escape(&title(alert)),
        team(scene.roster, &alert.team),
        between(alert.raised_at, scene.now)
    )
}

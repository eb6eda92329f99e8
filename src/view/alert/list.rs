//! Many alerts, a line each, a page at a time.

use std::cmp::Reverse;

use super::card::title;
use crate::command::button::Button;
use crate::command::{Sweep, Which};
use crate::domain::alert::{Alert, Page};
use crate::domain::ids::{AlertId, TeamId, UserId};
use crate::slack::call::Message;
use crate::view::blocks::{actions, context, press, section, section_with};
use crate::view::text::{actor, between, count, date, escape, name, team};
use crate::view::{Scene, message, say};

/// Alerts on one page.
pub const PAGE: usize = 10;

/// The alerts that still need somebody, the most urgent first; all of them, the newest first. `archive` has those that are
/// no longer in memory. Pages count from 0; a page past the end shows the last.
pub fn show(scene: Scene<'_>, of: Option<&TeamId>, which: &Which, page: usize, archive: &[Alert]) -> Message {
    let included = |alert: &&Alert| {
        let belongs = match which {
            Which::Open => alert.is_open(),
            Which::Mine(user) => alert.is_open() && concerns(alert, user),
            Which::All => true,
        };
        belongs && alert.test.is_none() && of.is_none_or(|team| alert.team == *team)
    };
    let mut alerts: Vec<&Alert> = scene.world.alerts().filter(included).collect();
    match which {
        Which::Open | Which::Mine(_) => {
            alerts.sort_by_key(|alert| (rank(alert), alert.priority, Reverse(alert.id)));
        }
        Which::All => alerts.sort_by_key(|alert| (!alert.is_open(), Reverse(alert.id))),
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
        let text = match which {
            Which::Open if scene.world.incidents().open().next().is_some() => {
                format!("No open alerts{whose}. `/incident list` shows the incidents that are open.")
            }
            Which::Open => format!("No open alerts{whose}. All quiet."),
            Which::Mine(_) => format!(
                "No open alert{whose} is yours: none that you were paged about, have or raised. `/alert list` shows \
                 whether others are open."
            ),
            Which::All => format!("No alerts{whose} yet."),
        };
        return message(text.clone(), vec![section(&text)]);
    }
    let pages = alerts.len().div_ceil(PAGE);
    let page = page.min(pages - 1);
    let (kind, of_whom) = match which {
        Which::Open => ("open alert", ""),
        Which::Mine(_) => ("open alert", " of yours"),
        Which::All => ("alert", ""),
    };
    let heading = format!("*{}{of_whom}{whose}*", count(alerts.len(), kind));
    let mut drawn = vec![section(&heading)];
    let mut lines = vec![heading];
    for alert in alerts.iter().skip(page * PAGE).take(PAGE) {
        let line = line(scene, alert);
        drawn.push(section_with(&line, "Show", &Button::Show { alert: alert.id }));
        lines.push(line);
    }
    let turn = |page| Button::List {
        team: of.cloned(),
        which: which.clone(),
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

/// Asks before something is done to every alert that somebody was paged about.
pub fn sweep(scene: Scene<'_>, what: Sweep, of: Option<&TeamId>, user: &UserId) -> Message {
    let fits = |alert: &&Alert| {
        let still = match &alert.page {
            Page::Quiet | Page::Paging { .. } | Page::Exhausted { .. } => true,
            Page::Acknowledged { .. } | Page::Snoozed { .. } => what == Sweep::Resolve,
            Page::Ended { .. } => false,
        };
        still && alert.test.is_none() && was_paged(alert, user) && of.is_none_or(|team| alert.team == *team)
    };
    let alerts: Vec<&Alert> = scene.world.alerts().filter(fits).take(SWEPT).collect();
    let (verb, label) = match what {
        Sweep::Acknowledge => ("acknowledge", "Acknowledge"),
        Sweep::Resolve => ("resolve", "Resolve"),
    };
    if alerts.is_empty() {
        return say(format!(
            "There is nothing to {verb}: you were not paged about any such alert. `/alert list` shows what is open."
        ));
    }
    let heading = format!("This would {verb} {}:", count(alerts.len(), "alert"));
    let lines: Vec<String> = alerts.iter().map(|alert| line(scene, alert)).collect();
    let mut drawn = vec![section(&heading)];
    drawn.extend(lines.iter().map(|line| section(line)));
    let ids: Vec<AlertId> = alerts.iter().map(|alert| alert.id).collect();
    let button = Button::Sweep { what, alerts: ids };
    drawn.extend(actions(vec![press(
        &format!("{label} {}", count(alerts.len(), "alert")),
        &button,
    )]));
    message(format!("{heading}\n{}", lines.join("\n")), drawn)
}

/// How many alerts are swept at once; the rest the next time.
const SWEPT: usize = 20;

/// Whether somebody was paged about an alert.
fn was_paged(alert: &Alert, user: &UserId) -> bool {
    alert.pages.contains_key(user.as_str()) || alert.reached.iter().any(|who| who.key() == user.as_str())
}

/// Whether an alert has to do with somebody.
fn concerns(alert: &Alert, user: &UserId) -> bool {
    let has_it = match &alert.page {
        Page::Acknowledged { by, .. } | Page::Snoozed { by, .. } => by == user,
        Page::Quiet | Page::Paging { .. } | Page::Exhausted { .. } | Page::Ended { .. } => false,
    };
    has_it || alert.raised_by.is(user) || was_paged(alert, user)
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

/// One alert in two lines.
pub(in crate::view) fn line(scene: Scene<'_>, alert: &Alert) -> String {
    let state = match &alert.page {
        Page::Quiet => "triggered".to_owned(),
        Page::Paging { .. } => format!("triggered, paging {}", super::card::paged(scene, alert)),
        Page::Exhausted { .. } => ":rotating_light: nobody answers".to_owned(),
        Page::Acknowledged { by, .. } => format!("acknowledged by {}", name(scene.roster, by)),
        Page::Snoozed { by, until } => format!("snoozed by {} until {}", name(scene.roster, by), date(*until)),
        Page::Ended { by, .. } => format!("resolved by {}", actor(scene.roster, by)),
    };
    // How long ago is about what was said last: for what is over, that it is.
    let age = match &alert.page {
        Page::Ended { at, .. } => format!("{} ago", between(*at, scene.now)),
        Page::Quiet
        | Page::Paging { .. }
        | Page::Exhausted { .. }
        | Page::Acknowledged { .. }
        | Page::Snoozed { .. } => format!("raised {} ago", between(alert.raised_at, scene.now)),
    };
    format!(
        "*{}*{}\n{} · {state} · {age}",
        escape(&title(alert)),
        if alert.repeats > 0 {
            format!(" (×{})", alert.repeats.saturating_add(1))
        } else {
            String::new()
        },
        team(scene.roster, &alert.team),
    )
}

//! The Home tab: what waits for somebody, their runs and shifts and what is asked of them, who is on call for their teams, and what else is open.

use serde_json::{Value, json};
use slack_morphism::prelude::SlackBlock;

use super::alert::{card, list};
use super::blocks::{actions, context, divider, finish, header, press, section, section_with};
use super::incident::{actions_of, line as incident_line};
use super::oncall;
use super::{Message, Scene};
use crate::command::button::Press;
use crate::command::{Button, Draft};
use crate::domain::alert::{Alert, Event, Page};
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::oncall::{Kind, Override, Standing};
use crate::domain::team::Team;

/// How many alerts, and how many teams, each part shows; Slack takes 100 blocks.
const ALERTS: usize = 10;
const TEAMS: usize = 10;
/// How many of the actions in incidents.
const ACTIONS: usize = 5;
/// How many shifts, and how many wishes of others.
const SHIFTS: usize = 5;
const WISHES: usize = 5;

/// Somebody's Home tab; `note` is what they are told about what they pressed on it.
pub fn home(scene: Scene<'_>, user: &UserId, note: Option<Message>) -> Value {
    let mut drawn: Vec<Value> = note.and_then(|note| note.blocks).unwrap_or_default();
    if !drawn.is_empty() {
        drawn.extend(finish(vec![divider()]));
    }
    let mut blocks = vec![header("Waiting for you")];
    blocks.extend(waiting(scene, user));
    blocks.push(header("Incidents"));
    blocks.extend(incidents(scene, user));
    let to_do = actions_of(scene, user, ACTIONS);
    if !to_do.is_empty() {
        blocks.push(header("Your actions"));
        blocks.extend(to_do);
    }
    let runs = super::runbook::mine(scene, user);
    if !runs.is_empty() {
        blocks.push(header("Your runs"));
        blocks.extend(runs.iter().map(|run| section(run)));
    }
    blocks.push(header("Your shifts"));
    blocks.extend(shifts(scene, user));
    let duties = oncall::my_duties(scene, user);
    if !duties.is_empty() {
        blocks.push(header("Your duties"));
        blocks.extend(duties);
    }
    blocks.push(header("On call now"));
    blocks.extend(on_call(scene, user));
    blocks.push(header("Open alerts"));
    blocks.extend(open(scene, user));
    let raise = Button::OpenForm {
        draft: Draft::default(),
    };
    let declare = Button::Declare {
        alert: None,
        title: String::new(),
    };
    blocks.extend(actions(vec![
        press("Raise an alert", &raise),
        press("Declare an incident", &declare),
    ]));
    blocks.push(context(
        "`/alert help`, `/oncall help`, `/incident help` and `/runbook help` say what can be typed, anywhere in Slack.",
    ));
    drawn.extend(finish(blocks));
    json!({"type": "home", "blocks": drawn})
}

/// Alerts they are paged about, or have, and what others ask of them.
fn waiting(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let alerts: Vec<&Alert> = scene.world.alerts().filter(|alert| waits(alert, user)).collect();
    let wishes = wishes(scene, user);
    if alerts.is_empty() && wishes.is_empty() {
        return vec![section("Nothing waits for you.")];
    }
    let mut drawn = Vec::new();
    for alert in alerts.iter().rev().take(ALERTS) {
        drawn.push(section(&list::line(scene, alert)));
        drawn.extend(card::actions_of(scene, alert));
    }
    drawn.extend(more(alerts.len(), "`/alert list mine` shows them all."));
    drawn.extend(wishes);
    drawn
}

fn waits(alert: &Alert, user: &UserId) -> bool {
    match &alert.page {
        Page::Paging { .. } | Page::Exhausted { .. } => is_asked(alert, user),
        Page::Acknowledged { by, .. } => by == user,
        Page::Quiet | Page::Snoozed { .. } | Page::Ended { .. } => false,
    }
}

/// Whether somebody was paged at any level since it was handed on: the next level does not release the one before it.
fn is_asked(alert: &Alert, user: &UserId) -> bool {
    let moments = alert.timeline.iter().rev().map(|moment| &moment.what);
    let mut pages = moments
        .take_while(|what| !matches!(what, Event::Assigned { .. }))
        .filter_map(|what| match what {
            Event::Paged { to, .. } => Some(to),
            _ => None,
        });
    pages.any(|to| to.iter().any(|paged| paged.who.key() == user.as_str()))
}

/// Open incidents: those in which they have a role first, then the worst, then the oldest.
fn incidents(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let is_mine = |incident: &&Incident| incident.roles.values().any(|who| who == user);
    let mut open: Vec<&Incident> = scene.world.incidents().open().collect();
    open.sort_by_key(|incident| (incident.severity, incident.id));
    let (mine, others): (Vec<&Incident>, Vec<&Incident>) = open.into_iter().partition(is_mine);
    let all = mine.len() + others.len();
    if all == 0 {
        return vec![section("No incident is open.")];
    }
    let line = |incident: &Incident, lead: &str| {
        let show = Button::Incident {
            incident: incident.id,
            press: Press::Show,
        };
        section_with(&format!("{lead}{}", incident_line(scene, incident)), "Show", &show)
    };
    let mine = mine.into_iter().map(|incident| line(incident, "Yours: "));
    let others = others.into_iter().map(|incident| line(incident, ""));
    let mut drawn: Vec<SlackBlock> = mine.chain(others).take(ALERTS).collect();
    drawn.extend(more(all, "`/incident list` shows them all."));
    drawn
}

/// What others ask them to take or to agree to.
fn wishes(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let asked = scene.world.overrides().iter().filter(|it| asks(it, user));
    asked
        .take(WISHES)
        .map(|it| {
            let label = match it.kind {
                Kind::Swap { .. } => "Agree",
                Kind::Cover { .. } | Kind::Override | Kind::Take | Kind::Unavailable => "Take it",
            };
            section_with(&oncall::wish(scene, it), label, &Button::Agree { of: it.id })
        })
        .collect()
}

/// Their next shifts.
fn shifts(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let lines = oncall::shifts_of(scene, user);
    let mut drawn = vec![if lines.is_empty() {
        section("You are not on call in the next 60 days.")
    } else {
        section(&lines.iter().take(SHIFTS).cloned().collect::<Vec<_>>().join("\n"))
    }];
    if lines.len() > SHIFTS {
        drawn.push(context("`/oncall me` shows them all."));
    }
    drawn.extend(oncall::underwater_on_home(scene, user));
    for it in scene.world.overrides().unavailable(user, scene.now) {
        drawn.push(section_with(
            &oncall::unavailable_lines(scene, it),
            "I'm available again",
            &Button::Available { of: it.id },
        ));
    }
    drawn
}

/// Whether somebody is asked to take a cover, or to swap.
fn asks(it: &Override, user: &UserId) -> bool {
    let is_asked = match &it.kind {
        Kind::Cover { asked } => asked.contains(user),
        Kind::Swap { with } => with == user,
        Kind::Override | Kind::Take | Kind::Unavailable => false,
    };
    is_asked && it.standing == Standing::Asked
}

/// Who is on call for their teams; for all teams when they are in none.
fn on_call(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let teams = || scene.roster.teams.values();
    let own: Vec<&Team> = teams().filter(|team| oncall::answers_for(scene, team, user)).collect();
    let is_in_none = own.is_empty();
    let shown: Vec<&Team> = if is_in_none { teams().collect() } else { own };
    if shown.is_empty() {
        return vec![section("There are no teams in the configuration yet.")];
    }
    let mut drawn: Vec<SlackBlock> = Vec::new();
    if is_in_none {
        drawn.push(context("You are in no team's rotation; this is everybody."));
    }
    drawn.extend(
        shown
            .iter()
            .take(TEAMS)
            .map(|team| section(&oncall::team_line(scene, team))),
    );
    if shown.len() > TEAMS {
        drawn.push(context(&format!(
            "… and {} more: `/oncall` shows them all.",
            shown.len() - TEAMS
        )));
    }
    drawn
}

/// What else is open.
fn open(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let is_open = |alert: &&Alert| alert.is_open() && alert.test.is_none() && !waits(alert, user);
    let alerts: Vec<&Alert> = scene.world.alerts().filter(is_open).collect();
    if alerts.is_empty() {
        let waits = scene.world.alerts().any(|alert| waits(alert, user));
        let is_quiet = !waits && scene.world.incidents().open().next().is_none();
        return vec![section(match (is_quiet, waits) {
            (true, _) => "Nothing else is open. All quiet.",
            (false, true) => "No other alert is open.",
            (false, false) => "No alert is open.",
        })];
    }
    let mut drawn: Vec<SlackBlock> = alerts
        .iter()
        .rev()
        .take(ALERTS)
        .map(|alert| section_with(&list::line(scene, alert), "Show", &Button::Show { alert: alert.id }))
        .collect();
    drawn.extend(more(alerts.len(), "`/alert list` shows them all."));
    drawn
}

fn more(all: usize, how: &str) -> Option<SlackBlock> {
    let more = all.checked_sub(ALERTS).filter(|more| *more > 0)?;
    Some(context(&format!("… and {more} more. {how}")))
}

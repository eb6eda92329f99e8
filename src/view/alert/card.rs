//! The card: one message per alert and place, edited in place as the alert goes on.

use chrono::{DateTime, Utc};
use slack_morphism::prelude::*;

use crate::command::button::Button;
use crate::command::form::about::About;
use crate::domain::alert::{Alert, Event, Page, Paged, Step, Test};
use crate::domain::escalation::Target;
use crate::domain::ids::UserId;
use crate::domain::rotation::Member;
use crate::slack::call::Message;
use crate::view::blocks::{
    self, actions, actions_and_menu, confirmed, context, facts, header, literal, press, section,
};
use crate::view::text::{
    actor, between, count, date, escape, headline, list, mention, moment, name, recipient, shift, shorten, team, time,
};
use crate::view::{Scene, message};

/// How much of a long message a card shows; all of it is in the thread.
const EXCERPT: usize = 600;

/// The card in the team's channel; `instead_of` says why it stands in the fallback channel.
pub(super) fn in_channel(scene: Scene<'_>, alert: &Alert, instead_of: Option<&str>) -> Message {
    draw(
        scene,
        alert,
        instead_of.map(|why| format!(":warning: {why}")),
        For::Responders,
    )
}

/// The card as a page: it says why this person.
pub(super) fn page(scene: Scene<'_>, alert: &Alert, user: &UserId) -> Message {
    let is_paged = alert.reached.iter().any(|who| who.key() == user.as_str());
    let rings = matches!(alert.page, Page::Paging { .. } | Page::Exhausted { .. });
    let why = if rings && is_paged {
        format!("{} You are paged: {}.", mention(user), because(scene, alert, user))
    } else {
        format!("You were paged: {}.", because(scene, alert, user))
    };
    draw(scene, alert, Some(why), For::Responders)
}

/// The card as whoever raised the alert follows it.
pub(super) fn for_raiser(scene: Scene<'_>, alert: &Alert) -> Message {
    draw(
        scene,
        alert,
        Some("You raised this alert. I tell you here how it goes.".to_owned()),
        For::Raiser,
    )
}

/// Asks whoever has it whether they still do.
pub(super) fn still_on_it(scene: Scene<'_>, alert: &Alert, until: DateTime<Utc>) -> Message {
    let text = format!(
        "Are you still on {}? If you do not say so by {}, in {}, its paging starts again.",
        escape(&title(alert)),
        time(until),
        between(scene.now, until)
    );
    let (id, drawn_for) = (alert.id, alert.moments());
    let buttons = vec![
        press("Still on it", &Button::Acknowledge { alert: id, drawn_for }).with_style(SlackBlockButtonStyle::Primary),
        press("Give it back", &Button::GiveBack { alert: id, drawn_for }),
        resolve(alert),
    ];
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(buttons));
    message(text, drawn)
}

/// Tells whoever has it that its source says it is over.
pub(super) fn cleared(alert: &Alert, source: &str) -> Message {
    let text = format!(
        "{} says that {} is over. If you think so too, resolve it.",
        source,
        escape(&title(alert))
    );
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(vec![resolve(alert)]));
    message(text, drawn)
}

/// An older page to somebody who has a newer one.
pub(super) fn superseded(alert: &Alert) -> Message {
    let text = format!("{}. You have been paged again, see below.", title(alert));
    message(escape(&text), vec![context(&escape(&text))])
}

/// Who is to do something with a card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// Those who answer for it.
    Responders,
    /// Whoever raised it: they say that it is over, or more about it, and leave the rest to those.
    Raiser,
}

fn draw(scene: Scene<'_>, alert: &Alert, lead: Option<String>, whom: For) -> Message {
    let mut drawn: Vec<SlackBlock> = vec![header(&title(alert))];
    drawn.extend(lead.as_deref().map(section));
    if headline(&alert.summary, blocks::HEADER) != alert.summary.trim() || is_long(&alert.summary) {
        drawn.extend(literal(&shorten(&alert.summary, EXCERPT)));
    }
    let state = state(scene, alert);
    drawn.push(section(&state));
    drawn.extend(facts(
        alert.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())),
    ));
    drawn.push(context(&origin(scene, alert)));
    drawn.extend(counted(scene, alert).as_deref().map(context));
    drawn.extend(crate::view::runbook::of_alert(scene, alert.id).as_deref().map(context));
    drawn.extend(match whom {
        For::Responders => actions_of(scene, alert),
        For::Raiser => raisers_actions(alert),
    });
    if whom == For::Responders {
        drawn.extend(actions(crate::view::runbook::for_alert(scene, alert)));
    }
    let lead = lead.map(|lead| format!("{lead} ")).unwrap_or_default();
    let text = format!("{lead}{}: {state}", escape(&title(alert)));
    message(text, drawn)
}

/// `A-17 P2 disk full on db-3`, not escaped.
pub(in crate::view) fn title(alert: &Alert) -> String {
    let lead = match alert.test {
        Some(_) => format!("TEST {} ", alert.id),
        None => format!("{} {} ", alert.id, alert.priority),
    };
    format!("{lead}{}", headline(&alert.summary, blocks::HEADER - lead.len()))
}

/// Whether the card shows less than all of the message.
pub(super) fn is_long(summary: &str) -> bool {
    summary.chars().count() > EXCERPT
}

/// The state in a sentence or two: the first word is the one people look for.
pub(super) fn state(scene: Scene<'_>, alert: &Alert) -> String {
    match &alert.page {
        Page::Quiet => format!("*Triggered.* {} alerts of this team page nobody.", alert.priority),
        Page::Paging { due } => {
            let whom = paged(scene, alert);
            let next = what_next(alert, *due);
            format!("*Triggered.* Paging {whom}{}. {next}", level(alert))
        }
        Page::Exhausted { since, .. } => {
            format!(
                ":rotating_light: *Triggered, and nobody answers* since {}. Everybody was paged in vain.",
                moment(*since, scene.now)
            )
        }
        Page::Acknowledged { by, at, until, .. } => {
            let until = until
                .map(|until| format!(", until {}", moment(until, *at)))
                .unwrap_or_default();
            let at = moment(*at, scene.now);
            format!("*Acknowledged* by {} at {at}{until}.", name(scene.roster, by))
        }
        Page::Snoozed { by, until } => {
            let because = alert.timeline.iter().rev().find_map(|moment| match &moment.what {
                Event::Snoozed { because, .. } => Some(escape(&headline(because, 300))),
                _ => None,
            });
            let because = because.unwrap_or_default();
            format!(
                "*Snoozed* by {} until {}: {because}",
                name(scene.roster, by),
                date(*until)
            )
        }
        Page::Ended { at, .. } if alert.test.is_some() => match answered(alert) {
            Some(by) => format!(
                "*The test is over.* {} answered after {}: pages arrive.",
                name(scene.roster, by),
                between(alert.raised_at, *at)
            ),
            None => ":warning: *The test is over, and nobody answered it.*".to_owned(),
        },
        Page::Ended { by, at } => {
            let because = alert.timeline.iter().rev().find_map(|moment| match &moment.what {
                Event::Resolved { because, .. } => because.as_deref(),
                _ => None,
            });
            let because = because
                .map(|why| format!(": {}", escape(&headline(why, 300))))
                .unwrap_or_default();
            format!(
                "*Resolved* by {} at {}, after {}{because}",
                actor(scene.roster, by),
                ended(alert, *at, scene.now),
                between(alert.raised_at, *at)
            )
        }
    }
}

/// When it ended: the card is read beside the time of its raising, and long after.
fn ended(alert: &Alert, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let furthest = if at - alert.raised_at > now - at {
        alert.raised_at
    } else {
        now
    };
    moment(at, furthest)
}

/// Who answered a test.
fn answered(alert: &Alert) -> Option<&UserId> {
    alert.timeline.iter().rev().find_map(|moment| match &moment.what {
        Event::Tested { by } => by.as_ref(),
        _ => None,
    })
}

/// How often it was reported, and whether its source says that it is over.
fn counted(scene: Scene<'_>, alert: &Alert) -> Option<String> {
    let repeated = alert.repeated_at.map(|last| {
        let times = usize::try_from(alert.repeats.saturating_add(1)).unwrap_or(usize::MAX);
        format!(
            "Reported {}, last at {}.",
            count(times, "time"),
            moment(last, scene.now)
        )
    });
    let source = actor(scene.roster, &alert.raised_by);
    let cleared = alert
        .cleared_at
        .filter(|_| alert.is_open())
        .map(|since| format!("{source} says since {} that it is over.", moment(since, scene.now)));
    let parts: Vec<String> = repeated.into_iter().chain(cleared).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Who was paged last.
pub(super) fn paged(scene: Scene<'_>, alert: &Alert) -> String {
    let whom: Vec<String> = alert.reached.iter().map(|who| recipient(scene.roster, who)).collect();
    if whom.is_empty() {
        "nobody (all pages were refused)".to_owned()
    } else {
        list(&whom)
    }
}

/// `, level 2 of 3` and the round, where there is more than one.
pub(super) fn level(alert: &Alert) -> String {
    let Some(step) = alert.step else { return String::new() };
    level_of(alert, step)
}

/// The same for a step of the past.
pub(super) fn level_of(alert: &Alert, step: Step) -> String {
    let mut text = String::new();
    if alert.policy.levels.len() > 1 {
        text = format!(", level {} of {}", step.level + 1, alert.policy.levels.len());
    }
    if step.round > 0 {
        text = format!("{text}, round {} of {}", step.round + 1, alert.policy.repeat + 1);
    }
    text
}

/// What follows when nobody answers.
pub(super) fn what_next(alert: &Alert, due: DateTime<Utc>) -> String {
    let goes_on = alert
        .step
        .is_some_and(|step| step.level + 1 < alert.policy.levels.len() || step.round < alert.policy.repeat);
    if goes_on {
        format!("If nobody answers, the next level is paged at {}.", time(due))
    } else {
        format!(
            "This is the last level; if nobody answers by {}, everybody hears of it.",
            time(due)
        )
    }
}

/// Why this person was paged last.
fn because(scene: Scene<'_>, alert: &Alert, user: &UserId) -> String {
    let reason = alert.timeline.iter().rev().find_map(|moment| match &moment.what {
        Event::Paged { to, .. } => to.iter().find(|paged| paged.who.key() == user.as_str()),
        _ => None,
    });
    reason.map_or_else(
        || "the escalation policy says so".to_owned(),
        |paged| reason_of(scene, paged, alert),
    )
}

/// `you are on call for Cloud (primary)`, as it stands after "because".
fn reason_of(scene: Scene<'_>, paged: &Paged, alert: &Alert) -> String {
    match &paged.because {
        crate::domain::alert::Reason::OnCall { rotation, team: of } => {
            format!("you are on call for {}", shift(scene.roster, of, rotation))
        }
        crate::domain::alert::Reason::Named if !is_named(scene, alert, paged) => {
            "somebody asks for you by name".to_owned()
        }
        crate::domain::alert::Reason::Named => {
            format!("the escalation policy of {} names you", team(scene.roster, &alert.team))
        }
    }
}

/// Whether a level of its team names whoever was paged; else whoever raised it did.
fn is_named(scene: Scene<'_>, alert: &Alert, paged: &Paged) -> bool {
    let levels = scene.roster.teams.get(&alert.team).map(|team| &team.policy.levels);
    let targets = levels.into_iter().flatten().flat_map(|level| &level.targets);
    let mut names = targets.filter_map(|target| match target {
        Target::Person(Member::Known(user)) => Some(user.as_str()),
        // Whom another team's level names is that team's to know.
        Target::Team(_) => Some(paged.who.key()),
        Target::Person(Member::Unknown(_)) | Target::Rotation(_) | Target::Channel(_) => None,
    });
    names.any(|name| name == paged.who.key())
}

fn origin(scene: Scene<'_>, alert: &Alert) -> String {
    match alert.test {
        Some(Test::Oneself) => return "A test that you asked for. Nothing is wrong.".to_owned(),
        Some(Test::Team) => {
            return format!(
                "A test of {}, asked for by {}, {}. Nothing is wrong.",
                team(scene.roster, &alert.team),
                actor(scene.roster, &alert.raised_by),
                date(alert.raised_at)
            );
        }
        None => {}
    }
    let service = alert
        .service
        .as_deref()
        .map(|service| format!(" · service: {}", escape(service)))
        .unwrap_or_default();
    format!(
        "{} · {} ({}) · raised by {}, {}{service}",
        team(scene.roster, &alert.team),
        alert.priority,
        alert.priority.meaning(),
        actor(scene.roster, &alert.raised_by),
        date(alert.raised_at),
    )
}

/// What can be done with it now; everything can be typed in its thread too.
pub(in crate::view) fn actions_of(scene: Scene<'_>, alert: &Alert) -> Option<SlackBlock> {
    let (id, drawn_for) = (alert.id, alert.moments());
    let acknowledge = || {
        press("Acknowledge", &Button::Acknowledge { alert: id, drawn_for }).with_style(SlackBlockButtonStyle::Primary)
    };
    if alert.test.is_some() {
        return actions(alert.is_open().then(acknowledge).into_iter().collect());
    }
    let give_back = || press("Give it back", &Button::GiveBack { alert: id, drawn_for });
    let escalate = || {
        let button = press("Escalate", &Button::Escalate { alert: id, drawn_for });
        let whose = shorten(&plain_team(scene, alert), 60);
        confirmed(
            button,
            &format!("This pages the next level of {whose} now."),
            "Escalate",
        )
    };
    let about = |about| Button::About { alert: id, about };
    let snooze = || press("Snooze…", &about(About::Snooze));
    let declare = Button::Declare {
        alert: Some(id),
        title: headline(&alert.summary, 60),
    };
    let menu = [
        ("Assign…", about(About::Assign)),
        ("Note…", about(About::Note)),
        ("Declare incident…", declare),
    ];
    let note = &menu[1..2];
    let (buttons, menu) = match alert.page {
        Page::Quiet | Page::Paging { .. } | Page::Exhausted { .. } => {
            (vec![acknowledge(), resolve(alert), escalate(), snooze()], &menu[..])
        }
        Page::Acknowledged { .. } => (vec![resolve(alert), give_back(), escalate(), snooze()], &menu[..]),
        Page::Snoozed { .. } => (vec![acknowledge(), resolve(alert)], &menu[..]),
        Page::Ended { .. } => {
            let button = press("Reopen", &Button::Reopen { alert: id, drawn_for });
            let reopen = confirmed(button, &format!("{id} goes on, and its paging starts again."), "Reopen");
            (vec![reopen], note)
        }
    };
    actions_and_menu(buttons, &format!("alert:{}", id.0), menu)
}

/// What whoever raised it can do with it.
fn raisers_actions(alert: &Alert) -> Option<SlackBlock> {
    let note = Button::About {
        alert: alert.id,
        about: About::Note,
    };
    let mut buttons = vec![press("Note…", &note)];
    if alert.is_open() && alert.test.is_none() {
        buttons.insert(0, resolve(alert));
    }
    actions(buttons)
}

fn resolve(alert: &Alert) -> SlackBlockButtonElement {
    let (id, drawn_for) = (alert.id, alert.moments());
    let button = press("Resolve", &Button::Resolve { alert: id, drawn_for });
    confirmed(
        button,
        &format!("{id} and its paging end. If it comes back, it can be reopened."),
        "Resolve",
    )
}

/// The team's name for a text that is plain.
fn plain_team(scene: Scene<'_>, alert: &Alert) -> String {
    let team = scene.roster.teams.get(&alert.team);
    team.map_or_else(|| alert.team.as_str().to_owned(), |team| team.name.clone())
}

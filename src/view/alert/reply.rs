//! What whoever asked is told.

use super::card::{level, paged, state, title, what_next};
use crate::domain::actor::Actor;
use crate::domain::alert::{Alert, Event as Happened, Page};
use crate::domain::duration;
use crate::domain::ids::UserId;
use crate::domain::permission::{Circle, Deed};
use crate::domain::{Event, Refusal, Request};
use crate::slack::call::Message;
use crate::view::text::{actor, between, escape, list, name, shorten, team, time};
use crate::view::{Scene, say};

/// It was done, or it already was.
pub fn done(scene: Scene<'_>, asked: &Request, events: &[Event]) -> Message {
    let raised = events.first().and_then(|event| match event {
        Event::Alert { id, .. } => Some(*id),
        Event::OnCall { .. }
        | Event::Watch { .. }
        | Event::Incident { .. }
        | Event::Subscription { .. }
        | Event::Run { .. }
        | Event::Reviews { .. } => None,
    });
    let alert = asked.alert().or(raised).and_then(|id| scene.world.alert(id));
    let Some(alert) = alert else {
        return say("Done.");
    };
    let subject = escape(&title(alert));
    say(match asked {
        Request::Underwater { .. } if is_joined(events) => format!(
            "Added to {subject}, with which you have asked for help. {}",
            state(scene, alert)
        ),
        Request::Raise(_)
        | Request::OnCall(_)
        | Request::HandoffNote { .. }
        | Request::Duty { .. }
        | Request::Underwater { .. }
        | Request::Declare(_)
        | Request::Incident { .. }
        | Request::Subscription(_)
        | Request::StartRun(_)
        | Request::Run { .. } => raised_reply(scene, alert),
        Request::Test { .. } => test_reply(scene, alert),
        Request::Join { .. } => format!(
            "Added to {subject}, which is open. {} Its thread has your words.",
            state(scene, alert)
        ),
        Request::Acknowledge { .. } | Request::Resolve { .. } if alert.test.is_some() => state(scene, alert),
        Request::Acknowledge { .. } if events.is_empty() => {
            format!("You already have {subject}.{}", until(alert))
        }
        Request::Acknowledge { .. } => format!(
            "{subject} is yours; paging has ended.{} When it is over: `/alert resolve {}`",
            until(alert),
            alert.id
        ),
        Request::GiveBack { .. } => format!("You have given {subject} back. {}", state(scene, alert)),
        Request::Snooze { .. } => format!("{subject} is snoozed. {}", state(scene, alert)),
        Request::Assign { .. } => format!("{subject} is assigned. {}", state(scene, alert)),
        Request::Reopen { .. } => format!("{subject} is open again. {}", state(scene, alert)),
        Request::Resolve { .. } if events.is_empty() => format!("You already resolved {subject}"),
        Request::Resolve { .. } => {
            format!("{subject} is resolved, after {}.", between(alert.raised_at, scene.now))
        }
        Request::Escalate { .. } => format!("{subject}: {}", state(scene, alert)),
        Request::Note { .. } => format!("Noted in the timeline of {subject}"),
    })
}

/// Whether it was only added to an alert that is open.
fn is_joined(events: &[Event]) -> bool {
    matches!(
        events,
        [Event::Alert {
            what: Happened::Repeated { .. },
            ..
        }]
    )
}

/// When paging starts again, unless they say that they are still on it.
fn until(alert: &Alert) -> String {
    match alert.page {
        Page::Acknowledged { until: Some(until), .. } => {
            format!(" At {} it starts again; I will ask you before.", time(until))
        }
        _ => String::new(),
    }
}

/// Who is paged now, who is next and when.
fn raised_reply(scene: Scene<'_>, alert: &Alert) -> String {
    let subject = escape(&title(alert));
    let whose = team(scene.roster, &alert.team);
    let follow = "I will tell you in our direct messages how it goes.";
    match &alert.page {
        Page::Paging { due } => {
            let next = what_next(alert, *due);
            format!(
                "{subject}: paging {} for {whose}{}. {next} {follow}",
                paged(scene, alert),
                level(alert)
            )
        }
        Page::Quiet => format!(
            "{subject} is in the channel of {whose}. Alerts of priority {} page nobody there; \
             `/alert escalate {}` pages whoever is on call. {follow}",
            alert.priority, alert.id
        ),
        Page::Exhausted { .. } => {
            format!("{subject}: nobody of {whose} could be paged. The fallback channel has been told, loudly. {follow}")
        }
        Page::Acknowledged { .. } | Page::Snoozed { .. } | Page::Ended { .. } => {
            format!("{subject}: {}", state(scene, alert))
        }
    }
}

/// Who is tested, and what to do when nothing rings.
fn test_reply(scene: Scene<'_>, alert: &Alert) -> String {
    let subject = escape(&title(alert));
    let how = match alert.page {
        Page::Paging { .. } => format!("paging {}{}.", paged(scene, alert), level(alert)),
        _ => state(scene, alert),
    };
    format!(
        "{subject}: {how} Whoever presses *Acknowledge*, or answers `ack`, ends it. If nothing rings: Slack is silent \
         while it is in Do Not Disturb or outside the hours of Preferences › Notifications, so widen those for your \
         shifts, and let Slack through the Do Not Disturb of your phone."
    )
}

/// It was not done: what is so, then what would work.
pub fn refused(scene: Scene<'_>, refusal: &Refusal) -> Message {
    let by_name = |by: &UserId| name(scene.roster, by);
    let by_actor = |by: &Actor| actor(scene.roster, by);
    if let Refusal::OnCall(refusal) = refusal {
        return crate::view::oncall::refused(scene, refusal);
    }
    if let Refusal::Incident(refusal) = refusal {
        return crate::view::incident::refused(scene, refusal);
    }
    if let Refusal::Run(refusal) = refusal {
        return crate::view::runbook::refused(scene, refusal);
    }
    say(match refusal {
        Refusal::Run(_) => "The run stays as it is.".to_owned(),
        Refusal::OnCall(_) => "Who is on call stays as it is.".to_owned(),
        Refusal::Incident(_) => "The incident stays as it is.".to_owned(),
        Refusal::NoSuchAlert { id } => {
            let last = scene.world.last_alert();
            let range = if last == 0 {
                "No alert has been raised yet.".to_owned()
            } else {
                format!("The newest is A-{last}.")
            };
            format!("There is no alert {id}. {range} `/alert list` shows those that are open.")
        }
        Refusal::NoSuchTeam { team, summary } => format!(
            "The team `{}` is no longer there. `/alert help` shows how to raise an alert; you wrote: {}",
            escape(team.as_str()),
            escape(&shorten(summary, 2500))
        ),
        Refusal::Empty => "There is nothing to say yet: add some words.".to_owned(),
        Refusal::AlreadyAcknowledged { id, by, at } => format!(
            "{id} was acknowledged by {} {} ago, at {}. `/alert escalate {id}` pages the next level.",
            by_name(by),
            between(*at, scene.now),
            time(*at)
        ),
        Refusal::AlreadyResolved { id, by, at } => format!(
            "{id} was resolved by {} {} ago, at {}. If it is back: `/alert reopen {id}`",
            by_actor(by),
            between(*at, scene.now),
            time(*at)
        ),
        Refusal::Similar { id } => format!("{id} says nearly the same and is open. `/alert show {id}` shows it."),
        Refusal::NotAllowed { deed, team: id, who } => {
            let deed = match deed {
                Deed::Resolve => "resolve",
                Deed::Assign => "assign",
                Deed::Snooze => "snooze",
            };
            let whose = team(scene.roster, id);
            let who = match who {
                Circle::Anyone => "members of this workspace, not its guests".to_owned(),
                Circle::Team => format!("whoever is in a rotation or level of {whose}"),
                Circle::People(people) => list(&people.iter().map(by_name).collect::<Vec<_>>()),
            };
            format!("You may not {deed} alerts of {whose}. Who may: {who}. Anyone may acknowledge and note.")
        }
        Refusal::NotAcknowledged { id } => {
            format!("Nobody has {id} yet, so there is nothing to give back. `/alert ack {id}` takes it.")
        }
        Refusal::StillOpen { id } => format!("{id} is still open. `/alert show {id}` says how it stands."),
        Refusal::Duration { asked, least, most } => format!(
            "{} is not possible: anything from {} to {} is.",
            duration::show(*asked),
            duration::show(*least),
            duration::show(*most)
        ),
        Refusal::AlreadyEscalated { id, by, at } => {
            let who = by.as_ref().map_or_else(
                || "because nobody had answered".to_owned(),
                |by| format!("by {}", by_name(by)),
            );
            format!(
                "{id} was escalated {who} {} ago, just before you. `/alert escalate {id}` pages one level more.",
                between(*at, scene.now)
            )
        }
    })
}

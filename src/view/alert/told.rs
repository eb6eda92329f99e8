//! What happened, a line each, as the thread and the timeline tell it.

use chrono::{DateTime, Utc};

use super::card::level_of;
use crate::domain::alert::{Alert, Assignee, Cause, Event, Missed, Moment, Reason};
use crate::domain::escalation::Recipient;
use crate::domain::ids::UserId;
use crate::view::Scene;
use crate::view::text::{actor, between, channel, date, escape, list, mention, name, recipient, team, time};

/// Whether the people in a line are notified by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Those who are paged are mentioned: the line goes out now.
    Ring,
    /// Nobody is: the line is read later.
    Quiet,
}

/// One line about one event; none for what only we need to know. A note's text is not in it, being foreign and long.
pub(super) fn line(
    scene: Scene<'_>,
    alert: &Alert,
    event: &Event,
    at: DateTime<Utc>,
    naming: Naming,
) -> Option<String> {
    let roster = scene.roster;
    Some(match event {
        Event::Paged {
            step,
            to,
            missed,
            because,
            due,
        } => {
            let mut parts = vec![match because {
                Cause::Raised
                | Cause::Asked
                | Cause::GivenBack
                | Cause::LeaseEnded
                | Cause::SnoozeEnded
                | Cause::Assigned
                | Cause::Worse
                | Cause::Reopened => String::new(),
                Cause::TookOver => "The shift has changed. ".to_owned(),
                Cause::NoAnswer => "Nobody answered in time. ".to_owned(),
                Cause::NobodyReached => "Nobody of the level before could be reached. ".to_owned(),
            }];
            let whom: Vec<String> = to
                .iter()
                .map(|paged| {
                    let who = match (&paged.who, naming) {
                        (Recipient::Person(user), Naming::Ring) => mention(user),
                        (who, _) => recipient(roster, who),
                    };
                    match &paged.because {
                        Reason::OnCall { rotation, team: of } => {
                            format!("{who} (on call for {}, {})", team(roster, of), escape(rotation))
                        }
                        Reason::Named => who,
                    }
                })
                .collect();
            if whom.is_empty() {
                parts.push(format!("Nobody to page{}.", level_of(alert, *step)));
            } else {
                parts.push(format!("Paging {}{}", list(&whom), level_of(alert, *step)));
                parts.push(format!(". There is time to answer until {}.", time(*due)));
            }
            parts.extend(missed.iter().map(|missed| format!(" {}", why_missed(scene, missed))));
            parts.concat()
        }
        Event::PageRefused { to, code, .. } => {
            format!(
                ":warning: The page to {} did not get through (Slack says `{}`).",
                recipient(roster, to),
                escape(code)
            )
        }
        Event::Late { due } => {
            format!(
                ":warning: This was due at {} and is {} late: I was not running.",
                time(*due),
                between(*due, at)
            )
        }
        Event::FallbackRefused { code } => {
            format!(
                ":warning: The fallback channel could not be told either (Slack says `{}`).",
                escape(code)
            )
        }
        Event::Exhausted { times: 1, .. } => format!(
            ":rotating_light: Nobody has answered; {} has been paged in vain. Reply `ack` to take it.",
            "everybody in the escalation policy"
        ),
        Event::Exhausted { .. } => {
            format!(
                ":rotating_light: Still nobody, {} after it was raised. Reply `ack` to take it.",
                between(alert.raised_at, at)
            )
        }
        Event::HolderAsked { holder, .. } => {
            format!("{} was asked whether they are still on it.", name(roster, holder))
        }
        Event::LeaseEnded { holder } => {
            format!("{} has not said that they are still on it.", name(roster, holder))
        }
        Event::GivenBack { by } => format!("{} gave it back.", name(roster, by)),
        Event::Snoozed { by, until, because } => {
            format!(
                "{} snoozed it until {}: {}",
                name(roster, by),
                date(*until),
                escape(because)
            )
        }
        Event::SnoozeEnded => "The snooze is over.".to_owned(),
        Event::Assigned { by, to, .. } => {
            let whom = match to {
                Assignee::Person(user) => name(roster, user),
                Assignee::Team(id) => team(roster, id),
            };
            format!("{} assigned it to {whom}.", name(roster, by))
        }
        Event::Repeated { by, text: Some(_), .. } => format!("{} reports the same:", actor(roster, by)),
        Event::Repeated {
            by,
            priority: Some(priority),
            ..
        } => format!("{} reports it as more urgent: it is {priority} now.", actor(roster, by)),
        Event::Repeated { .. } => return None,
        Event::Cleared { by } => format!("{} says that it is over.", actor(roster, by)),
        Event::Tested { by: Some(by) } => format!(
            "{} answered the test, {} after it was asked for.",
            name(roster, by),
            between(alert.raised_at, at)
        ),
        Event::Tested { by: None } => ":warning: The test is over, and nobody answered it.".to_owned(),
        Event::Reopened { by } => format!("{} reopened it.", actor(roster, by)),
        Event::Acknowledged { by, until } if renews(alert, by, at) => match until {
            Some(until) => format!("{} is still on it, until {}.", name(roster, by), time(*until)),
            None => format!("{} is still on it.", name(roster, by)),
        },
        Event::Acknowledged { by, .. } => {
            format!(
                "{} acknowledged, {} after it was raised. Paging has ended.",
                name(roster, by),
                between(alert.raised_at, at)
            )
        }
        Event::Escalated { by } => format!("{} asked for the next level.", name(roster, by)),
        Event::Resolved { by, because } => {
            let because = because
                .as_deref()
                .map(|why| format!(": {}", escape(why)))
                .unwrap_or_default();
            format!(
                "{} resolved it, {} after it was raised{because}",
                actor(roster, by),
                between(alert.raised_at, at)
            )
        }
        Event::Noted { by, .. } => format!("{} noted:", name(roster, by)),
        Event::Run(chapter) => crate::view::runbook::chapter(scene, chapter),
        Event::CardRefused {
            channel: place, code, ..
        } => {
            format!(
                ":warning: I could not post in {} (Slack says `{}`).",
                channel(place),
                escape(code)
            )
        }
        Event::Raised { .. } | Event::CardPosted { .. } | Event::PageDelivered { .. } | Event::RaiserTold { .. } => {
            return None;
        }
    })
}

/// Whether somebody who acknowledged at `at` had it already.
pub(super) fn renews(alert: &Alert, by: &UserId, at: DateTime<Utc>) -> bool {
    let this = |moment: &Moment| {
        moment.at == at && matches!(&moment.what, Event::Acknowledged { by: holder, .. } if holder == by)
    };
    let Some(here) = alert.timeline.iter().rposition(this) else {
        return false;
    };
    let before = alert.timeline[..here]
        .iter()
        .rev()
        .find_map(|moment| match &moment.what {
            Event::Acknowledged { by: holder, .. } => Some(holder == by),
            Event::GivenBack { .. }
            | Event::LeaseEnded { .. }
            | Event::Snoozed { .. }
            | Event::Assigned { .. }
            | Event::Reopened { .. }
            | Event::Escalated { .. } => Some(false),
            _ => None,
        });
    before == Some(true)
}

/// Why somebody was not paged, and what mends it.
pub(super) fn why_missed(scene: Scene<'_>, missed: &Missed) -> String {
    let roster = scene.roster;
    match missed {
        Missed::NobodyOnCall { rotation } => {
            format!(
                ":warning: Nobody is on call in the rotation `{}` yet.",
                escape(rotation)
            )
        }
        Missed::OutOfHours { rotation } => {
            format!("The rotation `{}` is out of its hours.", escape(rotation))
        }
        Missed::Unavailable { user, until } => {
            format!("{} is unavailable until {}.", name(roster, user), time(*until))
        }
        Missed::NoSuchRotation { rotation } => {
            format!(
                ":warning: The rotation `{}` is no longer in the configuration.",
                escape(rotation)
            )
        }
        Missed::UnknownPerson { name } => {
            format!(
                ":warning: Nobody here is called `{}`: the configuration needs mending.",
                escape(name)
            )
        }
        Missed::Deactivated { user } => {
            format!(
                ":warning: {} has left the workspace: the configuration needs mending.",
                name(roster, user)
            )
        }
        Missed::Bot { user } => {
            format!(":warning: {} is a bot, and nobody wakes up for it.", name(roster, user))
        }
        Missed::UnknownChannel { name } => {
            format!(
                ":warning: I know no channel `{}`. If it is private, invite me to it.",
                escape(name)
            )
        }
        Missed::NoSuchTeam { team } => {
            format!(
                ":warning: The team `{}` cannot be paged from here: it is gone, or pages back.",
                escape(team.as_str())
            )
        }
    }
}

//! Events and refusals in a few words each, so that a table of them can be judged by somebody who is on call.

use chrono::{DateTime, Timelike as _, Utc};

use super::super::event::{Assignee, Cause, Event, Missed, Paged, Reason, Step};
use super::super::{Page, Refusal};
use crate::domain::actor::Actor;
use crate::domain::duration;
use crate::domain::escalation::Recipient;

/// What came of an input: events in order, or why not.
pub(super) fn outcome(result: &Result<Vec<Event>, Refusal>) -> String {
    match result {
        Ok(events) => happened(events),
        Err(refusal) => format!("refused: {}", why_not(refusal)),
    }
}

/// Events in order, all on one line.
pub(super) fn happened(events: &[Event]) -> String {
    if events.is_empty() {
        return "nothing".to_owned();
    }
    events.iter().map(event).collect::<Vec<_>>().join("; ")
}

/// Where the page stands.
pub(super) fn page(page: &Page) -> String {
    match page {
        Page::Quiet => "quiet".to_owned(),
        Page::Paging { due } => format!("paging, next {}", clock(*due)),
        Page::Exhausted { since, times, due } => {
            format!("exhausted since {}, said {times}×, next {}", clock(*since), clock(*due))
        }
        Page::Acknowledged { by, at, until, asked } => {
            let until = until.map_or("for good".to_owned(), |until| format!("until {}", clock(until)));
            let asked = if *asked { ", asked" } else { "" };
            format!("acknowledged by {by} {} {until}{asked}", clock(*at))
        }
        Page::Snoozed { by, until } => format!("snoozed by {by} until {}", clock(*until)),
        Page::Ended { by, at } => format!("ended by {} {}", actor(by), clock(*at)),
    }
}

/// Time of the day, with seconds only where there are any.
pub(super) fn clock(at: DateTime<Utc>) -> String {
    let format = if at.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    at.format(format).to_string()
}

fn event(event: &Event) -> String {
    match event {
        Event::Run(chapter) => format!("{} {:?} {}", chapter.by, chapter.turn, chapter.run),
        Event::Raised {
            by,
            team,
            priority,
            card,
            ..
        } => {
            let card = card
                .as_ref()
                .map_or_else(|name| format!("nowhere ({name})"), ToString::to_string);
            format!("{priority} raised by {} for {team}, card in {card}", actor(by))
        }
        Event::Paged {
            step,
            to,
            missed,
            because,
            due,
        } => {
            let mut text = format!("page {} {}", self::step(*step), list(to, paged));
            if !missed.is_empty() {
                text.push_str(", missed ");
                text.push_str(&list(missed, self::missed));
            }
            format!("{text}, {}, next {}", cause(because), clock(*due))
        }
        Event::PageRefused { to, step, code } => {
            format!("page {} of {} refused ({code})", self::step(*step), who(to))
        }
        Event::Late { due } => format!("late, due {}", clock(*due)),
        Event::FallbackRefused { code } => format!("fallback refused ({code})"),
        Event::Exhausted { times, due } => format!("exhausted {times}×, again {}", clock(*due)),
        Event::Acknowledged { by, until: None } => format!("acknowledged by {by} for good"),
        Event::Acknowledged { by, until: Some(until) } => format!("acknowledged by {by} until {}", clock(*until)),
        Event::HolderAsked { holder, until } => format!("{holder} asked, until {}", clock(*until)),
        Event::LeaseEnded { holder } => format!("lease of {holder} ended"),
        Event::GivenBack { by } => format!("given back by {by}"),
        Event::Snoozed { by, until, because } => format!("snoozed by {by} until {} because {because}", clock(*until)),
        Event::SnoozeEnded => "snooze ended".to_owned(),
        Event::Assigned { by, to, policy } => {
            let whom = match to {
                Assignee::Person(user) => user.to_string(),
                Assignee::Team(team) => format!("team {team}"),
            };
            format!("assigned by {by} to {whom}, {} levels", policy.levels.len())
        }
        Event::Repeated { by, text, priority } => {
            let text = text.as_ref().map(|text| format!(" \"{text}\"")).unwrap_or_default();
            let worse = priority.map(|priority| format!(", now {priority}")).unwrap_or_default();
            format!("repeated by {}{text}{worse}", actor(by))
        }
        Event::Cleared { by } => format!("cleared by {}", actor(by)),
        Event::Tested { by: Some(by) } => format!("test answered by {by}"),
        Event::Tested { by: None } => "test answered by nobody".to_owned(),
        Event::Reopened { by } => format!("reopened by {}", actor(by)),
        Event::Escalated { by } => format!("escalated by {by}"),
        Event::Resolved { by, because: None } => format!("resolved by {}", actor(by)),
        Event::Resolved { by, because: Some(why) } => format!("resolved by {} because {why}", actor(by)),
        Event::Noted { by, text } => format!("{by} notes \"{text}\""),
        Event::CardPosted { at, shows } => format!("card stands in {}, shows {shows}", at.channel),
        Event::CardRefused { channel, code, instead } => {
            let instead = instead
                .as_ref()
                .map_or("nowhere".to_owned(), |channel| format!("to {channel}"));
            format!("card in {channel} refused ({code}), goes {instead}")
        }
        Event::PageDelivered { to, at, shows } => {
            format!("{} reached in {}, shows {shows}", who(to), at.channel)
        }
        Event::RaiserTold { at, shows } => format!("raiser told in {}, shows {shows}", at.channel),
    }
}

fn actor(actor: &Actor) -> String {
    match actor {
        Actor::Person(user) => user.to_string(),
        Actor::Source { source } => format!("the program {source}"),
    }
}

fn why_not(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoSuchAlert { id } => format!("no such alert {id}"),
        Refusal::NoSuchTeam { team, summary } => format!("no such team {team} for \"{summary}\""),
        Refusal::Empty => "nothing said".to_owned(),
        Refusal::AlreadyAcknowledged { by, at, .. } => format!("acknowledged by {by} {}", clock(*at)),
        Refusal::NotAcknowledged { .. } => "nobody has it".to_owned(),
        Refusal::StillOpen { .. } => "still open".to_owned(),
        Refusal::Duration { least, most, .. } => {
            format!("only {} to {}", duration::show(*least), duration::show(*most))
        }
        Refusal::AlreadyResolved { by, at, .. } => format!("resolved by {} {}", actor(by), clock(*at)),
        Refusal::Run(refusal) => format!("{refusal:?}"),
        Refusal::OnCall(refusal) => format!("{refusal:?}"),
        Refusal::Incident(refusal) => format!("{refusal:?}"),
        Refusal::Similar { id } => format!("similar to {id}"),
        Refusal::NotAllowed { deed, team, who } => format!("{deed:?} of {team} is only for {who:?}"),
        Refusal::AlreadyEscalated { by: Some(by), at, .. } => format!("escalated by {by} {}", clock(*at)),
        Refusal::AlreadyEscalated { by: None, at, .. } => format!("escalated by itself {}", clock(*at)),
    }
}

/// Level and round as people count them, from 1.
fn step(step: Step) -> String {
    format!("L{}R{}", step.level + 1, step.round + 1)
}

fn list<T>(items: &[T], each: impl Fn(&T) -> String) -> String {
    if items.is_empty() {
        return "nobody".to_owned();
    }
    items.iter().map(each).collect::<Vec<_>>().join(" + ")
}

fn paged(paged: &Paged) -> String {
    match &paged.because {
        Reason::Named => who(&paged.who),
        Reason::OnCall { rotation, team } => format!("{} ({rotation} of {team})", who(&paged.who)),
    }
}

fn who(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Person(user) => user.to_string(),
        Recipient::Channel(channel) => format!("#{channel}"),
    }
}

fn missed(missed: &Missed) -> String {
    match missed {
        Missed::NobodyOnCall { rotation } => format!("nobody on call in {rotation}"),
        Missed::OutOfHours { rotation } => format!("{rotation} out of hours"),
        Missed::Unavailable { user, .. } => format!("{user} unavailable"),
        Missed::NoSuchRotation { rotation } => format!("no rotation {rotation}"),
        Missed::UnknownPerson { name } => format!("unknown {name}"),
        Missed::Deactivated { user } => format!("{user} left"),
        Missed::Bot { user } => format!("{user} is a bot"),
        Missed::UnknownChannel { name } => format!("no channel {name}"),
        Missed::NoSuchTeam { team } => format!("no team {team}"),
    }
}

fn cause(cause: &Cause) -> &'static str {
    match cause {
        Cause::Raised => "raised",
        Cause::NoAnswer => "no answer",
        Cause::NobodyReached => "nobody reached",
        Cause::Asked => "asked",
        Cause::GivenBack => "given back",
        Cause::LeaseEnded => "lease ended",
        Cause::SnoozeEnded => "snooze ended",
        Cause::Reopened => "reopened",
        Cause::Assigned => "assigned",
        Cause::Worse => "worse",
        Cause::TookOver => "took over",
    }
}

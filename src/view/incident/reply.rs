//! What whoever asked something of an incident is told; and reminders.

use slack_morphism::prelude::SlackBlock;

use super::announce::rung;
use super::card::{state, title};
use super::told::{ended, missing, role_name};
use crate::command::Button;
use crate::command::button::Press;
use crate::command::form::incident::Kind;
use crate::domain::ids::{IncidentId, UserId};
use crate::domain::incident::{Analysis, Ask, Event as Happened, Home, Incident, Nag, Refusal, Words};
use crate::domain::{Errand, Event, Request, duration};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};
use crate::view::blocks::{actions, press, section};
use crate::view::calls::post_to;
use crate::view::text::{between, channel, date, escape, list, name, shorten, team, time};
use crate::view::{Scene, message, say};

/// It was done, or it already was.
pub fn done(scene: Scene<'_>, by: &UserId, asked: &Request, events: &[Event]) -> Message {
    if let Request::Subscription(wish) = asked {
        return super::subscriptions::done(scene, by, wish, events);
    }
    let happened = || {
        events.iter().filter_map(|event| match event {
            Event::Incident { id, what } => Some((*id, what)),
            _ => None,
        })
    };
    let named = match asked {
        Request::Incident { id, .. } => *id,
        _ => None,
    };
    let incidents = scene.world.incidents();
    let id = named.or_else(|| happened().next().map(|(id, _)| id));
    let incident = match id {
        Some(id) => incidents.get(id),
        None => incidents.meant(None).ok(),
    };
    let Some(incident) = incident else {
        return say("Done.");
    };
    let subject = escape(&title(incident));
    let again = events.is_empty();
    let Request::Incident { ask, .. } = asked else {
        return declared(scene, incident);
    };
    say(match ask {
        Ask::Status { .. } | Ask::Severity { .. } if again => format!("{subject}: that is how it stands already."),
        Ask::Status { .. } | Ask::Severity { .. } => {
            let left = what_is_left(scene, incident).unwrap_or_default();
            format!("{subject}: {}{left}", state(scene, incident))
        }
        Ask::Role { role, who } => {
            let whose = if who == by {
                "yours".to_owned()
            } else {
                name(scene.roster, who)
            };
            let of = if who == by { "" } else { "with " };
            format!("{subject}: {} is {of}{whose}.", role_name(role))
        }
        Ask::TakeLead => format!("{subject}: the lead is yours. `/incident update` tells readers what you find."),
        Ask::Update(words) => updated(scene, incident, words, again),
        Ask::EditUpdate { .. } if again => format!("{subject}: it says so already."),
        Ask::EditUpdate { number, .. } => format!(
            "{subject}: update {} is put right, and readers are told. What it said before is kept: `/incident updates {}`",
            number.unwrap_or(incident.updates.len()),
            incident.id
        ),
        Ask::Note(_) => format!("Noted in the timeline of {subject}"),
        Ask::Keep(_) => format!("Kept in the timeline of {subject}"),
        Ask::Link(alert) => format!("{alert} belongs to {subject}"),
        Ask::Page { team: of, .. } => {
            let alert = happened().find_map(|(_, what)| match what {
                Happened::TeamPaged { alert, .. } => Some(alert.to_string()),
                _ => None,
            });
            format!(
                "{subject}: {} is paged with {}.",
                team(scene.roster, of),
                alert.unwrap_or_default()
            )
        }
        Ask::Act { .. } => format!(
            "{subject}: that is action {}. `/incident done {} {}` when it is done.",
            incident.actions.len(),
            incident.id,
            incident.actions.len()
        ),
        Ask::Did(number) => format!("{subject}: action {number} is done."),
        Ask::Resolve { .. } => resolved(scene, incident),
        Ask::Reopen => format!("{subject} is open again. {}", state(scene, incident)),
        Ask::Cancel(_) => format!("{subject} is not an incident; it is kept out of figures."),
        Ask::Merge(into) => format!("{subject} is merged into {into}, which goes on."),
        Ask::Snooze { .. } => match incident.snoozed {
            Some((of, until)) => format!("{subject}: the reminder of {} comes at {}.", of.word(), time(until)),
            None => format!("{subject}: done."),
        },
        Ask::Switch { of, on } => {
            let on = if *on { "on" } else { "off" };
            format!("{subject}: reminders of {} are {on}.", of.word())
        }
        Ask::Written(_) => format!("{subject}: the postmortem is linked. Thank you."),
        Ask::NotNeeded(_) => format!("{subject} needs no postmortem; why is in its timeline."),
        Ask::Leave(_) => format!("You hear no more of {subject}"),
    })
}

fn declared(scene: Scene<'_>, incident: &Incident) -> Message {
    let place = incident.card_channel.as_ref().unwrap_or(&scene.roster.fallback);
    let place = match &incident.home {
        Home::Opening { name } => format!(
            "Its channel `#{}` is being opened; you and whoever is on call are invited. Its card is in {}.",
            escape(name),
            channel(place)
        ),
        Home::Room { channel: room, .. } => format!("It is worked on in {}.", channel(room)),
        Home::Thread => format!("It is worked on in the thread of its card in {}.", channel(place)),
    };
    let long = if title(incident).ends_with('…') {
        " The title is long: cards show its beginning, `/incident show` all of it."
    } else {
        ""
    };
    let text = format!(
        "{} is declared. {place} Next: somebody takes the lead, and tells readers what is known.{long}",
        escape(&title(incident))
    );
    let mut drawn: Vec<SlackBlock> = vec![section(&text)];
    let lead = Button::Incident {
        incident: incident.id,
        press: Press::TakeLead,
    };
    let update = Button::Sheet {
        incident: incident.id,
        kind: Kind::Update,
    };
    drawn.extend(actions(vec![press("Take the lead", &lead), press("Update…", &update)]));
    message(text, drawn)
}

/// What whoever told readers something by form is told beside it: what the update leaves open. None when nothing is.
pub fn after_form(scene: Scene<'_>, by: &UserId, asked: &Request) -> Option<Entry> {
    let Request::Incident {
        id: Some(id),
        ask: Ask::Update(words),
    } = asked
    else {
        return None;
    };
    let incident = scene.world.incidents().get(*id)?;
    if missing(words).is_empty() {
        return None;
    }
    let message = say(updated(scene, incident, words, false));
    let (place, thread) = match (&incident.home, &incident.card) {
        (Home::Room { channel, .. }, _) => (channel.as_str(), None),
        (_, Some(card)) => (card.at.channel.as_str(), Some(card.at.message.as_str().to_owned())),
        (_, None) => return None,
    };
    let direct = post_to(by.as_str(), message.clone());
    let call = Call::PostEphemeral {
        channel: place.to_owned(),
        user: by.as_str().to_owned(),
        thread,
        message,
    };
    let lane = format!("incident/{}/told/{by}", incident.id.0);
    Some(Entry {
        otherwise: Some(direct),
        ..scene.entry(&lane, Urgency::Reply, call, Errand::Nothing)
    })
}

fn updated(scene: Scene<'_>, incident: &Incident, words: &Words, again: bool) -> String {
    if again {
        return format!("{}: it says so already.", escape(&title(incident)));
    }
    let told = format!("{}: readers are told.", escape(&title(incident)));
    if !words.has_parts() {
        return format!(
            "{told} `/incident update {}` without a text opens the form that asks what readers ask.",
            incident.id
        );
    }
    let missing = missing(words);
    let lacks = if missing.is_empty() {
        String::new()
    } else {
        format!(" It does not say {}.", list(&missing))
    };
    let next = incident.due().find(|(_, nag)| *nag == Nag::Update);
    let next = next.map(|(due, _)| format!(" The next one is due at {}.", time(due.max(scene.now))));
    format!("{told}{lacks}{}", next.unwrap_or_default())
}

fn resolved(scene: Scene<'_>, incident: &Incident) -> String {
    let mut said = format!(
        "{} is resolved, after {}.",
        escape(&title(incident)),
        between(incident.declared_at, incident.ended_at.unwrap_or(scene.now))
    );
    let open = incident.open_actions().count();
    if open > 0 {
        said = format!(
            "{said} {} still to be done: `/incident actions {}`",
            crate::view::text::count(open, "action"),
            incident.id
        );
    }
    said + &what_is_left(scene, incident).unwrap_or_default()
}

/// What the runs of an incident that is over leave behind.
fn what_is_left(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    let left = crate::view::runbook::left_of(scene, incident).filter(|_| !incident.is_open())?;
    Some(format!("\n{left}"))
}

/// What people are reminded of, with what helps.
pub(super) fn reminder(scene: Scene<'_>, incident: &Incident, of: Nag) -> Message {
    let subject = escape(&title(incident));
    let off = format!("`/incident remind {} {} off` ends these.", incident.id, of.word());
    let since = between(incident.declared_at, scene.now);
    let sheet = |kind| Button::Sheet {
        incident: incident.id,
        kind,
    };
    let now = |what| Button::Incident {
        incident: incident.id,
        press: what,
    };
    let snooze = || press("In 30 min", &now(Press::Snooze));
    let (text, buttons) = match of {
        Nag::Lead => {
            let whom: Vec<String> = incident.people.iter().map(crate::view::text::mention).collect();
            (
                format!(
                    "{} {subject} has no lead after {since}. Who takes it? {off}",
                    whom.join(" ")
                ),
                vec![press("Take the lead", &now(Press::TakeLead)), snooze()],
            )
        }
        Nag::Update => (
            format!(
                "{}{subject}: readers have heard nothing for {}. Even \"nothing new\" helps. {off}",
                rung(incident.lead()),
                duration::show(incident.cadence.updates(incident.severity))
            ),
            vec![press("Update…", &sheet(Kind::Update)), snooze()],
        ),
        Nag::Monitoring => (
            format!(
                "{}{subject} has been watched since {}. Is it over? {off}",
                rung(incident.lead()),
                date(incident.status_since)
            ),
            vec![
                press("Resolve…", &sheet(Kind::Resolve)),
                press("Update…", &sheet(Kind::Update)),
            ],
        ),
        Nag::Analysis => {
            let due = match &incident.analysis {
                Analysis::Due { by } if *by > scene.now => format!("by {}", date(*by)),
                _ => "now".to_owned(),
            };
            let id = incident.id;
            (
                format!(
                    "The postmortem of {subject} is due {due}; a first version is enough. *Draft* puts one together from the \
                     timeline. `/incident postmortem {id} https://…` says where it is, `/incident postmortem {id} not \
                     needed because …` why there is none. {off}"
                ),
                vec![press("Draft", &now(Press::Draft))],
            )
        }
        Nag::Action => {
            let all: Vec<usize> = incident.actions_reminded_of().map(|(number, _)| number).collect();
            return super::actions::reminder(scene, incident, &all);
        }
    };
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(buttons));
    message(text, drawn)
}

/// It was not done: what is so, then what would work.
pub fn refused(scene: Scene<'_>, refusal: &Refusal) -> Message {
    let incidents = scene.world.incidents();
    say(match refusal {
        Refusal::NoSuchIncident { id } => {
            let last = incidents.last();
            let range = if last == 0 {
                "None has been declared yet.".to_owned()
            } else {
                format!("The newest is INC-{last}.")
            };
            format!("There is no incident {id}. {range} `/incident list` shows those that are open.")
        }
        Refusal::Which { open } if open.is_empty() => {
            "No incident is open. `/incident list all` shows those that are over; name one, such as `INC-7`. \
             `/incident declare` begins one."
                .to_owned()
        }
        Refusal::Which { open } => {
            let named: Vec<String> = open.iter().take(10).map(|id| which(scene, *id)).collect();
            format!(
                "Which one? Open are {}. Say its id behind the first word.",
                list(&named)
            )
        }
        Refusal::Empty => "There is nothing to say yet: add some words.".to_owned(),
        Refusal::TitleTooLong { length, title } => format!(
            "That title has {length} characters, and 500 are the most: say what people notice, the rest goes into \
             `/incident note`. You wrote: {}",
            escape(&shorten(title, 2000))
        ),
        Refusal::Over { id, status, at, text } => {
            let wrote = text
                .as_deref()
                .map(|text| format!(" You wrote: {}", escape(&shorten(text, 2000))));
            format!(
                "{id} {} at {}. If it is back: `/incident reopen {id}`. `/incident note {id} …` still adds to its \
                 timeline.{}",
                ended(*status),
                date(*at),
                wrote.unwrap_or_default()
            )
        }
        Refusal::StillOpen { id } => format!("{id} is still open. `/incident show {id}` says how it stands."),
        Refusal::NoteMissing { id, from, to } => format!(
            "Going back from {from} to {to} needs a note, so that readers know why: `/incident status {id} {to} the fix \
             did not hold`"
        ),
        Refusal::NoSuchRole { role } => {
            let roles: Vec<String> = scene
                .roster
                .incidents
                .all_roles()
                .map(|role| format!("`{}`", escape(role)))
                .collect();
            format!(
                "There is no role `{}`. There are {}.",
                escape(&shorten(role, 60)),
                list(&roles)
            )
        }
        Refusal::Unreachable { who } => format!(
            "{} has left, or is a program, and cannot take it. Name somebody else.",
            name(scene.roster, who)
        ),
        Refusal::HasLead { id, lead } => format!(
            "{} already leads {id}. `/incident lead {id} @you`, with your own name, takes it over; they are told.",
            name(scene.roster, lead)
        ),
        Refusal::NoUpdate { id } => format!("Nothing was told about {id} yet. `/incident update {id}` does."),
        Refusal::NoSuchUpdate { id, number, last, text } => {
            let wrote = text
                .as_deref()
                .map(|text| format!(" You wrote: {}", escape(&shorten(text, 2000))));
            format!(
                "{id} has no update {number}; the last is {last}. `/incident updates {id}` lists them.{}",
                wrote.unwrap_or_default()
            )
        }
        Refusal::NoSuchAlert { id } => {
            format!("There is no alert {id}. `/alert list all` shows those there are.")
        }
        Refusal::NoSuchTeam { team } => format!(
            "The team `{}` is no longer there. `/oncall` lists the teams.",
            escape(team.as_str())
        ),
        Refusal::NoSuchAction { id, number } => {
            format!("{id} has no action {number}. `/incident actions {id}` lists them.")
        }
        Refusal::DuePast { due, text } => format!(
            "{} has passed, so nobody would be reminded. Say when it is to be done, such as `by fri 18:00`. You wrote: {}",
            date(*due),
            escape(&shorten(text, 2000))
        ),
        Refusal::IntoItself { id } => {
            format!("{id} cannot be merged into itself. Name the other one: `/incident merge {id} into INC-…`")
        }
        Refusal::NothingDue { id } => format!("No reminder of {id} is coming, so there is nothing to move."),
        Refusal::Duration { asked, least, most } => format!(
            "{} is not possible: anything from {} to {} is.",
            duration::show(*asked),
            duration::show(*least),
            duration::show(*most)
        ),
    })
}

fn which(scene: Scene<'_>, id: IncidentId) -> String {
    let incident = scene.world.incidents().get(id);
    incident.map_or_else(|| id.to_string(), |incident| escape(&shorten(&title(incident), 80)))
}

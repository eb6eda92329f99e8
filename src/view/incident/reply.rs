//! What whoever asked something of an incident is told.

use slack_morphism::prelude::SlackBlock;

use super::card::{state, title};
use super::left;
use super::told::{missing, nag_name, role_name, took};
use crate::command::Button;
use crate::command::button::Press;
use crate::command::form::incident::Kind;
use crate::domain::ids::{IncidentId, UserId};
use crate::domain::incident::{Analysis, Ask, Event as Happened, Home, Incident, Nag, Status, Words};
use crate::domain::{Errand, Event, Request};
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
        return declared_as(scene, incident);
    };
    let text = match ask {
        Ask::Status { .. } | Ask::Severity { .. } if again => format!("{subject}: that is how it stands already."),
        Ask::Status { .. } | Ask::Severity { .. } => {
            let left = what_is_left(scene, incident).unwrap_or_default();
            format!("{subject}: {}{left}", state(scene, incident))
        }
        Ask::Describe(_) if again => format!("{subject} says so already."),
        Ask::Describe(_) => format!("{subject}: {} Readers are told.", state(scene, incident)),
        Ask::Role { role, who } => {
            let role = role_name(role);
            let has = if who == by {
                format!("you have {role}")
            } else {
                format!("{} has {role}", name(scene.roster, who))
            };
            let before = happened().find_map(|(_, what)| match what {
                Happened::RoleGiven { before, .. } => before.as_ref(),
                _ => None,
            });
            let before = before.filter(|before| *before != by);
            let before = before.map(|before| format!(" {} had it until now, and is told.", name(scene.roster, before)));
            format!("{subject}: {has}.{}", before.unwrap_or_default())
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
        Ask::Act { owner, due, .. } => {
            let owner = owner
                .as_ref()
                .map(|owner| format!(" for {}", name(scene.roster, owner)));
            let due = due.map(|due| format!(", by {}", date(due)));
            format!(
                "{subject}: that is action {}{}{}. `/incident done {} {}` when it is done.",
                incident.actions.len(),
                owner.unwrap_or_default(),
                due.unwrap_or_default(),
                incident.id,
                incident.actions.len()
            )
        }
        Ask::Did(number) => format!("{subject}: action {number} is done."),
        Ask::Resolve { .. } => resolved(scene, incident),
        Ask::Took(_) => {
            let due = match &incident.analysis {
                Analysis::Due { by } => format!(" A postmortem is due by {}.", date(*by)),
                _ => String::new(),
            };
            format!("{subject}: there was {}.{due}", list(&took(incident.aftermath)))
        }
        Ask::Reopen(_) => format!("{subject} is open again. {}", state(scene, incident)),
        Ask::Cancel(_) => {
            let left = what_is_left(scene, incident).unwrap_or_default();
            format!("{subject} is not an incident; it is kept out of figures.{left}")
        }
        Ask::Merge(into) => {
            format!(
                "{subject} is merged into {into}, which goes on with its alerts, its readers and what is still to be done."
            )
        }
        Ask::Snooze { .. } => match incident.snoozed {
            Some((of, until)) => format!("{subject}: the reminder of {} comes at {}.", nag_name(of), time(until)),
            None => format!("{subject}: done."),
        },
        Ask::Switch { of, on } => {
            let on = if *on { "on" } else { "off" };
            format!("{subject}: reminders of {} are {on}.", nag_name(*of))
        }
        Ask::Written(_) => {
            let before = happened().find_map(|(_, what)| match what {
                Happened::AnalysisLinked { before, .. } => before.as_deref(),
                _ => None,
            });
            let before = before.map(|before| format!(" It was {} before.", escape(&shorten(before, 500))));
            format!(
                "{subject}: the postmortem is linked. Thank you.{}",
                before.unwrap_or_default()
            )
        }
        Ask::NotNeeded(_) => format!("{subject} needs no postmortem; why is in its timeline."),
        Ask::Leave(_) => format!("You hear no more of {subject}"),
    };
    let mut buttons = Vec::new();
    if matches!(incident.status, Status::Resolved | Status::Cancelled) && ends(ask) {
        buttons.extend(left::resolve(scene, incident));
        if incident.status == Status::Resolved {
            buttons.extend(left::took(incident));
        }
    }
    if buttons.is_empty() {
        return say(text);
    }
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(buttons));
    message(text, drawn)
}

/// A message is looked up, to be kept.
pub fn keeps(id: IncidentId) -> Message {
    say(format!("It goes into the timeline of {id}"))
}

/// Whether somebody said that it is over, or what it took.
fn ends(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Resolve { .. } | Ask::Status { .. } | Ask::Cancel(_) | Ask::Took(_)
    )
}

fn declared_as(scene: Scene<'_>, incident: &Incident) -> Message {
    let place = incident.card_channel.as_ref().unwrap_or(&scene.roster.fallback);
    let invited = match incident.team.as_ref().filter(|_| incident.people.len() > 1) {
        Some(id) => format!("you and whoever is on call for {} are invited", team(scene.roster, id)),
        None => "you are invited".to_owned(),
    };
    let place = match &incident.home {
        Home::Opening { name } => format!(
            "Its channel `#{}` is being opened; {invited}. Its card is in {}.",
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
    let paged = if incident.alerts.is_empty() {
        " Nobody is paged for it yet."
    } else {
        ""
    };
    let text = format!(
        "{} is declared. {place}{paged} Next: somebody takes the lead, and tells readers what is known.{long}",
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
    let page = Button::Sheet {
        incident: incident.id,
        kind: Kind::Page,
    };
    drawn.extend(actions(vec![
        press("Take the lead", &lead),
        press("Update…", &update),
        press("Page a team…", &page),
    ]));
    message(text, drawn)
}

/// What whoever sent a form is told beside it: which incident came of it, what an update leaves open, what an end has not
/// said. None when the cards say all of it.
pub fn after_form(scene: Scene<'_>, by: &UserId, asked: &Request, events: &[Event]) -> Option<Entry> {
    let (id, ask) = match asked {
        Request::Declare(_) => {
            let mut declared = events.iter().filter_map(|event| match event {
                Event::Incident {
                    id,
                    what: Happened::Declared { .. },
                } => Some(*id),
                _ => None,
            });
            let incident = scene.world.incidents().get(declared.next()?)?;
            let call = post_to(by.as_str(), declared_as(scene, incident));
            let lane = format!("incident/{}/told/{by}", incident.id.0);
            return Some(scene.entry(&lane, Urgency::Reply, call, Errand::Nothing));
        }
        Request::Incident { id: Some(id), ask } => (id, ask),
        _ => return None,
    };
    let incident = scene.world.incidents().get(*id)?;
    let message = match ask {
        Ask::Update(words) if !missing(words).is_empty() => say(updated(scene, incident, words, false)),
        Ask::Resolve { summary: None, .. } => say(format!(
            "{} is resolved, without last words: readers see only that it is over. `/incident note {} …` still tells its \
             timeline what it was.",
            escape(&title(incident)),
            incident.id
        )),
        _ => return None,
    };
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
            "{said} {} still to be done: `/incident actions {}` lists them.",
            crate::view::text::count(open, "action"),
            incident.id
        );
    }
    if incident.summary.is_none() {
        said += " Readers see only that it is over: there are no last words.";
    }
    if !incident.aftermath.needs_analysis() {
        said += " Was there a rollback or a hotfix, or was the status page changed? Then say so.";
    }
    said + &what_is_left(scene, incident).unwrap_or_default()
}

/// What an incident that is over leaves behind: what its runs have not taken back, and alerts that are still open.
fn what_is_left(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    let runs = crate::view::runbook::left_of(scene, incident).filter(|_| !incident.is_open());
    let left: Vec<String> = runs.into_iter().chain(left::in_words(scene, incident)).collect();
    (!left.is_empty()).then(|| format!("\n{}", left.join("\n")))
}

//! What was not done, and why: what is so, then what would work.

use slack_morphism::prelude::SlackBlockButtonElement;

use super::card::title;
use super::told::ended;
use crate::command::Button;
use crate::command::button::{Carrying, Press};
use crate::command::form::incident::Kind;
use crate::domain::ids::{IncidentId, MessageRef};
use crate::domain::incident::{Ask, Incident, Level, Recipient, Refusal, Topic};
use crate::domain::{Request, duration};
use crate::slack::call::Message;
use crate::view::blocks::{actions, press, section};
use crate::view::text::{date, escape, list, name, shorten};
use crate::view::{Scene, message, say};

/// How many incidents are offered as buttons.
const OFFERED: usize = 10;

/// It was not done: what is so, then what would work.
pub fn show(scene: Scene<'_>, refusal: &Refusal) -> Message {
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
            let named: Vec<String> = open.iter().take(OFFERED).map(|id| titled(scene, *id)).collect();
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
        Refusal::Over {
            id,
            status,
            at,
            into,
            text,
        } => {
            let wrote = text
                .as_deref()
                .map(|text| format!(" You wrote: {}", escape(&shorten(text, 2000))));
            let goes_on = into
                .map(|into| format!(" {into} goes on: say it there."))
                .unwrap_or_default();
            let into = into.map(|into| format!(" into {into}")).unwrap_or_default();
            format!(
                "{id} {}{into} at {}.{goes_on} If it is back: `/incident reopen {id}`. `/incident note {id} …` still adds to its \
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
        Refusal::IsWritten { id, link, text } => format!(
            "{id} has a postmortem: {}. If that is the wrong one, `/incident postmortem {id} https://…` names another. You \
             wrote: {}",
            escape(&shorten(link, 500)),
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

fn titled(scene: Scene<'_>, id: IncidentId) -> String {
    let incident = scene.world.incidents().get(id);
    incident.map_or_else(|| id.to_string(), |incident| escape(&shorten(&title(incident), 80)))
}

/// The same for what was asked; none where it is clear which one is meant, or no button would help.
pub fn which(scene: Scene<'_>, refusal: &Refusal, asked: &Request) -> Option<Message> {
    let meant = match (asked, refusal) {
        // What is not there may be the one it was to be merged into.
        (Request::Incident { id, .. }, Refusal::NoSuchIncident { id: missing }) if *id != Some(*missing) => {
            return None;
        }
        (Request::Incident { ask, .. }, _) => Meant::Ask(ask),
        (Request::Subscription(wish), _) => Meant::Hear(wish.told(), wish.level()),
        _ => return None,
    };
    unclear(scene, refusal, &meant)
}

/// It is not clear which one is meant: what was asked stands on a button for each that is open, so that nothing is typed
/// twice. None when that would not help.
pub fn unclear(scene: Scene<'_>, refusal: &Refusal, meant: &Meant<'_>) -> Option<Message> {
    if !matches!(refusal, Refusal::Which { .. } | Refusal::NoSuchIncident { .. }) {
        return None;
    }
    let known = scene.world.incidents();
    let candidates: Vec<&Incident> = if meant.is_for_the_end() {
        known.iter().rev().filter(|incident| !incident.is_open()).collect()
    } else {
        let mut open: Vec<&Incident> = known.open().collect();
        open.sort_by_key(|incident| (incident.severity, incident.id));
        open
    };
    let buttons: Vec<SlackBlockButtonElement> = candidates
        .iter()
        .take(OFFERED)
        .filter_map(|incident| {
            let button = meant.button(incident.id)?;
            button.fits().then(|| press(&title(incident), &button))
        })
        .collect();
    let lead = match refusal {
        Refusal::NoSuchIncident { .. } => show(scene, refusal).text,
        _ if candidates.is_empty() => return None,
        _ if meant.is_for_the_end() => {
            "Which one? Nothing was done yet. These ended last: press the one you mean, or say its id behind the first word."
                .to_owned()
        }
        _ => format!(
            "Which one? {} are open, and nothing was done yet. Press the one you mean, or say its id behind the first word.",
            candidates.len()
        ),
    };
    if buttons.is_empty() {
        let wrote = meant.text()?;
        let lead = show(scene, refusal).text;
        return Some(say(format!("{lead} You wrote: {}", escape(&shorten(wrote, 2000)))));
    }
    let lead = match meant.text() {
        Some(wrote) => format!("{lead}\nYou wrote: {}", escape(&shorten(wrote, 2000))),
        None => lead,
    };
    let mut drawn = vec![section(&lead)];
    drawn.extend(actions(buttons));
    Some(message(lead, drawn))
}

/// What somebody wanted of an incident that was not clear.
#[derive(Debug, Clone, Copy)]
pub enum Meant<'a> {
    /// Something was asked of it.
    Ask(&'a Ask),
    /// To look at it.
    Look(Press),
    /// One of its forms.
    Form(Kind),
    /// A message kept in its timeline.
    Keep(&'a MessageRef),
    /// To hear of it so much, or no more.
    Hear(Option<&'a Recipient>, Option<Level>),
}

impl Meant<'_> {
    /// Whether it is about what is over.
    fn is_for_the_end(&self) -> bool {
        match self {
            Self::Ask(ask) => matches!(ask, Ask::Reopen(_) | Ask::Took(_) | Ask::Written(_) | Ask::NotNeeded(_)),
            Self::Look(press) => *press == Press::Draft,
            _ => false,
        }
    }

    fn button(&self, incident: IncidentId) -> Option<Button> {
        Some(match *self {
            Self::Ask(ask) => Button::Carrying(Carrying::Ask(incident, Box::new(ask.clone()))),
            Self::Look(press) => Button::Incident { incident, press },
            Self::Form(Kind::Declare) => return None,
            Self::Form(kind) => Button::Sheet { incident, kind },
            Self::Keep(at) => Button::Carrying(Carrying::Keep(incident, at.clone())),
            Self::Hear(who, level) => {
                let topic = Topic::Incident(incident);
                Button::Carrying(Carrying::Wish(who.cloned(), topic, level))
            }
        })
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Ask(ask) => ask.text(),
            _ => None,
        }
    }
}

//! The card of an incident: one message where incidents are listed, one in its own channel, edited in place.

use slack_morphism::prelude::*;

use super::told::{is_link, said};
use crate::command::Button;
use crate::command::button::Press;
use crate::command::form::incident::Kind;
use crate::domain::incident::{Analysis, Home, Incident, LEAD, Recipient, Status};
use crate::slack::call::Message;
use crate::view::blocks::{self, actions_and_menu, context, header, literal, press, section};
use crate::view::text::{between, channel, count, date, escape, headline, list, name, team, time};
use crate::view::{Scene, message};

/// The card; `instead_of` says why it stands where it does not belong.
pub(super) fn card(scene: Scene<'_>, incident: &Incident, instead_of: Option<&str>) -> Message {
    let lead = instead_of.map(|why| format!(":warning: {why}"));
    let mut drawn: Vec<SlackBlock> = vec![header(&title(incident))];
    drawn.extend(lead.as_deref().map(section));
    if headline(&incident.title, blocks::HEADER) != incident.title || title(incident).ends_with('…') {
        drawn.extend(literal(&incident.title));
    }
    let state = state(scene, incident);
    drawn.push(section(&state));
    drawn.extend(last_update(scene, incident).as_deref().map(section));
    drawn.push(context(&origin(scene, incident)));
    drawn.extend(roles(scene, incident).as_deref().map(context));
    drawn.extend(times(incident).as_deref().map(context));
    drawn.extend(postmortem(incident).as_deref().map(context));
    drawn.extend(
        crate::view::runbook::of_incident(scene, incident)
            .as_deref()
            .map(context),
    );
    drawn.extend(buttons(incident));
    drawn.extend(blocks::actions(crate::view::runbook::for_incident(scene, incident)));
    let lead = lead.map(|lead| format!("{lead} ")).unwrap_or_default();
    message(format!("{lead}{}: {state}", escape(&title(incident))), drawn)
}

/// `INC-7 SEV2 checkout times out`, not escaped.
pub(in crate::view) fn title(incident: &Incident) -> String {
    let lead = format!("{} {} ", incident.id, incident.severity);
    format!("{lead}{}", headline(&incident.title, blocks::HEADER - lead.len()))
}

/// How it stands, in a sentence or two: the first word is the one people look for.
pub(super) fn state(scene: Scene<'_>, incident: &Incident) -> String {
    let length = between(incident.declared_at, incident.ended_at.unwrap_or(scene.now));
    let first = match incident.status {
        Status::Investigating | Status::Identified | Status::Monitoring => {
            let word = capital(incident.status.word());
            let lead = match incident.lead() {
                Some(lead) => format!("{} leads it.", name(scene.roster, lead)),
                None => "Nobody leads it yet.".to_owned(),
            };
            format!(
                "*{word}*: {}. Open since {}. {lead}",
                incident.status.meaning(),
                time(incident.declared_at)
            )
        }
        Status::Resolved => {
            let words = incident.summary.as_deref();
            let words = words.map(|words| format!(": {}", escape(&headline(words, 600))));
            format!("*Resolved* after {length}{}", words.unwrap_or_else(|| ".".to_owned()))
        }
        Status::Cancelled => {
            let why = incident.cancelled_because.as_deref().unwrap_or_default();
            format!("*Not an incident*: {}", escape(&headline(why, 600)))
        }
        Status::Merged => {
            let into = incident.merged_into.map(|into| into.to_string());
            format!("*Merged* into {}, which goes on.", into.unwrap_or_default())
        }
    };
    let mut parts = vec![first];
    let touches = incident.scope.map(|scope| format!("Affects {}.", scope.meaning()));
    parts.extend(touches);
    if !incident.services.is_empty() {
        let services: Vec<String> = incident.services.iter().map(|service| escape(service)).collect();
        parts.push(format!("Services: {}.", list(&services)));
    }
    parts.join(" ")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What readers were told last.
fn last_update(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    let update = incident.updates.last()?;
    Some(format!(
        "*Last update* by {} at {}\n{}",
        name(scene.roster, &update.by),
        time(update.at),
        said(&update.words, 2000)
    ))
}

fn origin(scene: Scene<'_>, incident: &Incident) -> String {
    let mut parts: Vec<String> = incident.team.iter().map(|id| team(scene.roster, id)).collect();
    parts.push(format!("{} ({})", incident.severity, incident.severity.meaning()));
    parts.push(format!(
        "declared by {}, {}",
        name(scene.roster, &incident.declared_by),
        date(incident.declared_at)
    ));
    match &incident.home {
        Home::Room { channel: room, .. } => parts.push(format!("worked on in {}", channel(room))),
        Home::Opening { .. } => parts.push("its channel is being opened".to_owned()),
        Home::Thread => parts.push("worked on in the thread".to_owned()),
    }
    if !incident.alerts.is_empty() {
        let alerts: Vec<String> = incident.alerts.iter().take(10).map(ToString::to_string).collect();
        parts.push(format!("alerts {}", list(&alerts)));
    }
    let actions = incident.open_actions().count();
    if actions > 0 {
        parts.push(count(actions, "open action"));
    }
    parts.join(" · ")
}

/// Who does what, also after its end. While it is open its state says who leads it.
fn roles(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    let theirs = incident
        .roles
        .iter()
        .filter(|(role, _)| !incident.is_open() || *role != LEAD);
    let said: Vec<String> = theirs
        .map(|(role, who)| format!("{}: {}", capital(&escape(role)), name(scene.roster, who)))
        .collect();
    (!said.is_empty()).then(|| said.join(" · "))
}

/// Where the postmortem is, or by when it is due.
fn postmortem(incident: &Incident) -> Option<String> {
    match &incident.analysis {
        Analysis::NotDue => None,
        Analysis::Due { by } => Some(format!("Postmortem due by {}", date(*by))),
        Analysis::Written { link } if is_link(link) => Some(format!("Postmortem: <{}>", escape(link))),
        Analysis::Written { link } => Some(format!("Postmortem: {}", escape(&headline(link, 300)))),
        Analysis::Declined { because } => Some(format!("No postmortem: {}", escape(&headline(because, 300)))),
    }
}

/// How long it took to acknowledge, to identify, to resolve.
pub(super) fn times(incident: &Incident) -> Option<String> {
    if matches!(incident.status, Status::Cancelled | Status::Merged) {
        return None;
    }
    let took = [
        ("acknowledge", incident.acknowledged_at),
        ("identify", incident.identified_at),
        ("resolve", incident.ended_at),
    ];
    let said: Vec<String> = took
        .into_iter()
        .filter_map(|(what, at)| Some(format!("to {what} {}", between(incident.declared_at, at?))))
        .collect();
    (!said.is_empty()).then(|| format!("Time {}", said.join(" · ")))
}

/// What can be done with it now; everything can be typed too.
pub(super) fn buttons(incident: &Incident) -> Option<SlackBlock> {
    let sheet = |kind| Button::Sheet {
        incident: incident.id,
        kind,
    };
    let now = |what| Button::Incident {
        incident: incident.id,
        press: what,
    };
    let name = format!("incident:{}", incident.id.0);
    if !incident.is_open() {
        let reopen = blocks::confirmed(
            press("Reopen", &now(Press::Reopen)),
            &format!("{} goes on.", incident.id),
            "Reopen",
        );
        let buttons = vec![reopen, press("Timeline", &now(Press::Timeline))];
        return actions_and_menu(
            buttons,
            &name,
            &[
                ("Add action…", sheet(Kind::Act)),
                ("Note…", sheet(Kind::Note)),
                ("Edit the incident…", sheet(Kind::Details)),
            ],
        );
    }
    let mut buttons = vec![press("Update…", &sheet(Kind::Update)).with_style(SlackBlockButtonStyle::Primary)];
    if incident.lead().is_none() {
        buttons.push(press("Take the lead", &now(Press::TakeLead)));
    }
    buttons.push(press("Status…", &sheet(Kind::Status)));
    buttons.push(press("Roles…", &sheet(Kind::Role)));
    buttons.push(press("Page a team…", &sheet(Kind::Page)));
    buttons.push(press("Resolve…", &sheet(Kind::Resolve)));
    buttons.push(press("Subscribe", &now(Press::Follow)));
    let mut menu = vec![
        ("Severity…", sheet(Kind::Severity)),
        ("Note…", sheet(Kind::Note)),
        ("Add action…", sheet(Kind::Act)),
        ("Edit the incident…", sheet(Kind::Details)),
    ];
    menu.push(if incident.updates.is_empty() {
        ("Timeline", now(Press::Timeline))
    } else {
        ("Edit the last update…", sheet(Kind::Edit))
    });
    actions_and_menu(buttons, &name, &menu)
}

/// The card as somebody reads it who does not work on it.
///
/// Who has left keeps what it said last.
pub(super) fn for_reader(scene: Scene<'_>, incident: &Incident, who: &Recipient) -> Message {
    let mut drawn: Vec<SlackBlock> = vec![header(&title(incident))];
    let state = state(scene, incident);
    drawn.push(section(&state));
    drawn.extend(last_update(scene, incident).as_deref().map(section));
    drawn.push(context(&origin(scene, incident)));
    let leave = match who {
        Recipient::Person(_) => Button::Incident {
            incident: incident.id,
            press: Press::Leave,
        },
        Recipient::Channel(channel) => Button::Unsubscribe {
            incident: incident.id,
            channel: channel.clone(),
        },
    };
    let show = Button::Incident {
        incident: incident.id,
        press: Press::Timeline,
    };
    if incident.left.contains(who.key()) {
        let whose = match who {
            Recipient::Person(_) => "You hear",
            Recipient::Channel(_) => "This channel hears",
        };
        drawn.push(context(&format!(
            "{whose} no more of it; this is how it stood. `/incident subscribe to {}` begins again.",
            incident.id
        )));
        drawn.extend(blocks::actions(vec![press("Timeline", &show)]));
    } else {
        drawn.extend(blocks::actions(vec![
            press("Timeline", &show),
            press("Unsubscribe", &leave),
        ]));
    }
    message(format!("{}: {state}", escape(&title(incident))), drawn)
}

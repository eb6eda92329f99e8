//! What an incident that is over leaves behind: alerts that still page, and what nobody has said yet.

use super::announce::Desk;
use super::card::title;
use crate::command::button::Carrying;
use crate::command::{Button, Sweep};
use crate::domain::alert::{Alert, Page};
use crate::domain::incident::{Aftermath, Incident, Status};
use crate::outbox::Urgency;
use crate::slack::call::Message;
use crate::view::blocks::{actions, press, section};
use crate::view::calls::post;
use crate::view::text::{escape, list, name, shorten};
use crate::view::{Scene, message, say};
use slack_morphism::prelude::SlackBlockButtonElement;

/// How many alerts are named.
const NAMED: usize = 10;

/// Its alerts that are still open.
fn open<'a>(scene: Scene<'a>, incident: &'a Incident) -> impl Iterator<Item = &'a Alert> {
    let all = incident.alerts.iter().filter_map(move |id| scene.world.alert(*id));
    all.filter(|alert| alert.is_open())
}

/// In words: which alerts are still open, and what becomes of them. None when none is.
pub(super) fn in_words(scene: Scene<'_>, incident: &Incident) -> Option<String> {
    if !matches!(incident.status, Status::Resolved | Status::Cancelled) {
        return None;
    }
    let named: Vec<String> = open(scene, incident)
        .take(NAMED)
        .map(|alert| {
            let state = match &alert.page {
                Page::Quiet => "open".to_owned(),
                Page::Paging { .. } | Page::Exhausted { .. } => "still paging".to_owned(),
                Page::Acknowledged { by, .. } => format!("acknowledged by {}", name(scene.roster, by)),
                Page::Snoozed { .. } => "snoozed".to_owned(),
                Page::Ended { .. } => "over".to_owned(),
            };
            format!("{} {} ({state})", alert.id, escape(&shorten(&alert.summary, 100)))
        })
        .collect();
    let ends = if named.len() == 1 {
        "Its alert does not end with it"
    } else {
        "Its alerts do not end with it"
    };
    (!named.is_empty()).then(|| format!(":bell: {ends}: {}.", list(&named)))
}

/// A button that resolves them; none when there are none.
pub(super) fn resolve(scene: Scene<'_>, incident: &Incident) -> Option<SlackBlockButtonElement> {
    let alerts: Vec<_> = open(scene, incident).map(|alert| alert.id).take(NAMED).collect();
    let label = match alerts.as_slice() {
        [] => return None,
        [one] => format!("Resolve {one}"),
        several => format!("Resolve these {} alerts", several.len()),
    };
    let what = Sweep::Resolve;
    Some(press(&label, &Button::Sweep { what, alerts }))
}

/// What is said where it was worked on; none when no alert is open.
pub(super) fn alerts(scene: Scene<'_>, incident: &Incident) -> Option<Message> {
    let text = format!("{}\n{}", escape(&title(incident)), in_words(scene, incident)?);
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(resolve(scene, incident).into_iter().collect()));
    Some(message(text, drawn))
}

/// Buttons for what it took, as far as nobody has said so.
pub(super) fn took(incident: &Incident) -> Vec<SlackBlockButtonElement> {
    let now = incident.aftermath;
    let all = [
        (
            now.rollback,
            "There was a rollback",
            Aftermath {
                rollback: true,
                ..Aftermath::default()
            },
        ),
        (
            now.hotfix,
            "There was a hotfix",
            Aftermath {
                hotfix: true,
                ..Aftermath::default()
            },
        ),
        (
            now.external,
            "The status page was changed",
            Aftermath {
                external: true,
                ..Aftermath::default()
            },
        ),
    ];
    let unsaid = all.into_iter().filter(|(said, ..)| !said);
    unsaid
        .map(|(_, label, took)| press(label, &Button::Carrying(Carrying::Took(incident.id, took))))
        .collect()
}

impl Desk<'_> {
    /// Its runs may have left something that has to be taken back.
    pub(super) fn tell_what_is_left(&mut self, incident: &Incident) {
        let Some(left) = crate::view::runbook::left_of(self.scene, incident) else {
            return;
        };
        self.tell_where_it_is_worked_on(incident, say(format!("What its runs leave behind:\n{left}")));
    }

    /// Its alerts go on paging after its end, and whoever reads that it is over has to know.
    pub(super) fn tell_what_still_pages(&mut self, incident: &Incident) {
        if let Some(told) = alerts(self.scene, incident) {
            self.tell_where_it_is_worked_on(incident, told);
        }
    }

    /// In its channel, or else in the thread of its card; nowhere while neither stands.
    fn tell_where_it_is_worked_on(&mut self, incident: &Incident, told: Message) {
        let card = incident.card.as_ref().map(|card| &card.at);
        let (place, under) = match (incident.room(), card) {
            (Some(room), _) => (room.clone(), None),
            (None, Some(card)) => (card.channel.clone(), Some(card)),
            (None, None) => return,
        };
        let call = post(&place, under, told);
        self.send(incident, &format!("line/{place}"), Urgency::Routine, call, None);
    }
}

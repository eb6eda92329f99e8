//! What people are reminded of, with what helps.

use super::actions;
use super::announce::{Desk, rung};
use super::card::title;
use crate::command::Button;
use crate::command::button::{Carrying, Press};
use crate::command::form::incident::Kind;
use crate::domain::ids::{ChannelId, MessageRef, UserId};
use crate::domain::incident::{Analysis, Errand, Home, Incident, Nag, Severity};
use crate::outbox::Urgency;
use crate::slack::call::Message;
use crate::view::blocks::{actions as row, press, section};
use crate::view::calls::{post, post_to, reply};
use crate::view::text::{between, date, escape, mention};
use crate::view::{Scene, message};

/// What people are reminded of, with what helps.
pub(super) fn show(scene: Scene<'_>, incident: &Incident, of: Nag) -> Message {
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
    let snooze = || press("In 30 min", &Button::Carrying(Carrying::Later(incident.id, of)));
    let (text, buttons) = match of {
        Nag::Lead => {
            // Everybody is rung once; again only for what is bad.
            let rings = incident.is_first_without_lead(scene.now) || incident.severity <= Severity::Sev2;
            let whom = incident.people.iter().filter(|_| rings);
            let whom: Vec<String> = whom.map(|who| format!("{} ", mention(who))).collect();
            (
                format!(
                    "{}{subject} has no lead after {since}. Who takes it? {off}",
                    whom.concat()
                ),
                vec![press("Take the lead", &now(Press::TakeLead)), snooze()],
            )
        }
        Nag::Update => (
            format!(
                "{}{subject}: readers have heard nothing for {}. Even \"nothing new\" helps. {off}",
                rung(incident.lead()),
                between(incident.heard_at(), scene.now)
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
    drawn.extend(row(buttons));
    message(text, drawn)
}

impl Desk<'_> {
    pub(super) fn remind(&mut self, incident: &Incident, of: Nag) {
        if of == Nag::Action {
            for (whom, numbers) in actions::reminded(self.scene, incident) {
                self.remind_person(incident, whom, actions::reminder(self.scene, incident, &numbers));
            }
            return;
        }
        let message = show(self.scene, incident, of);
        let lead = actions::asked(self.scene, incident, None);
        let index = incident.timeline.len();
        match (of, &incident.home, &incident.card) {
            (Nag::Analysis, ..) => self.remind_person(incident, lead, message),
            (
                _,
                Home::Room {
                    channel: room,
                    card: Some(_),
                },
                _,
            ) => {
                self.remind_at(incident, index, room, None, message);
            }
            (_, _, Some(card)) => self.remind_at(incident, index, &card.at.channel, Some(&card.at), message),
            (..) => self.remind_person(incident, lead, message),
        }
    }

    /// Reminds one person; where they cannot be reached, whoever reads the thread.
    fn remind_person(&mut self, incident: &Incident, whom: &UserId, message: Message) {
        let card = incident.card.as_ref().map(|card| &card.at);
        let otherwise = card.map(|card| reply(card, message.clone()));
        let call = post_to(whom.as_str(), message);
        self.send(incident, &format!("remind/{whom}"), Urgency::Reply, call, None);
        if let Some(entry) = self.entries.last_mut() {
            entry.otherwise = otherwise;
        }
    }

    fn remind_at(
        &mut self,
        incident: &Incident,
        moment: usize,
        place: &ChannelId,
        under: Option<&MessageRef>,
        message: Message,
    ) {
        let errand = Errand::Line {
            channel: place.clone(),
            moment,
        };
        let call = post(place, under, message);
        self.send(incident, &format!("line/{place}"), Urgency::Reply, call, Some(errand));
    }
}

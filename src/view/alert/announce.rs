//! From what happened to an alert to the messages that tell it.
//!
//! Two kinds of message. Those that *stand* (the card, each page, the raiser's message) are posted once and edited ever
//! after. Those that *tell* (lines in their threads) are posted once. A line needs the message it hangs under: what
//! happened before that message stood is told the moment its receipt arrives, so that nothing depends on which is faster.

use chrono::{DateTime, Utc};

use super::card;
use super::told::{Naming, line, renews, why_missed};
use crate::domain::actor::Actor;
use crate::domain::alert::{Alert, Cause, Drawn, Event as Happened, Missed, Moment, Page, Step};
use crate::domain::escalation::Recipient;
use crate::domain::ids::{AlertId, MessageRef, UserId};
use crate::domain::{Errand, Event};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};
use crate::view::blocks::{actions, section};
use crate::view::calls::{post, post_to, quoting, reply, update};
use crate::view::text::{actor, channel, escape, team};
use crate::view::{Scene, message, say};

/// The messages that follow from one input's events.
pub fn announce(scene: Scene<'_>, events: &[Event]) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
        changed: Vec::new(),
    };
    for event in events {
        if let Event::Alert { id, what } = event
            && let Some(alert) = scene.world.alert(*id)
        {
            desk.happened(alert, what);
        }
    }
    desk.redraw();
    desk.entries
}

/// The standing messages of an alert, drawn again: something beside it that they show has changed.
pub fn redrawn(scene: Scene<'_>, id: AlertId) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
        changed: vec![id],
    };
    desk.redraw();
    desk.entries
}

struct Desk<'a> {
    scene: Scene<'a>,
    entries: Vec<Entry>,
    /// Whose standing messages no longer show what is so.
    changed: Vec<AlertId>,
}

impl Desk<'_> {
    fn happened(&mut self, alert: &Alert, what: &Happened) {
        match what {
            // Whoever tests whether they are reached sees the page, and that is all there is to see.
            Happened::Raised { .. } if !alert.is_shown() => {}
            Happened::Raised { .. } => {
                self.post_card(alert, alert.card_channel.as_ref().err().map(String::as_str));
                self.post_raiser(alert);
            }
            Happened::Paged { step, to, missed, .. } => {
                for paged in to {
                    self.page(alert, &paged.who, *step);
                }
                self.tell(alert, what);
                self.tell_missed(alert, missed, to.is_empty());
            }
            Happened::PageRefused { to, code, .. } => {
                self.tell(alert, what);
                let text = format!(
                    ":warning: {}: the page to {} did not get through (Slack says `{}`).",
                    self.label(alert),
                    crate::view::text::recipient(self.scene.roster, to),
                    escape(code)
                );
                self.fall_back(alert, say(text));
            }
            Happened::Exhausted { .. } => {
                self.tell(alert, what);
                self.tell_raiser(alert, what, self.scene.now);
                self.exhausted(alert);
            }
            Happened::Acknowledged { .. }
            | Happened::Resolved { .. }
            | Happened::GivenBack { .. }
            | Happened::LeaseEnded { .. }
            | Happened::Snoozed { .. }
            | Happened::SnoozeEnded
            | Happened::Assigned { .. }
            | Happened::Tested { .. }
            | Happened::Reopened { .. } => {
                self.tell(alert, what);
                self.tell_raiser(alert, what, self.scene.now);
            }
            Happened::Cleared { by } => {
                self.tell(alert, what);
                self.tell_holder(alert, by);
            }
            Happened::Escalated { .. } | Happened::Late { .. } | Happened::Repeated { .. } | Happened::Run(_) => {
                self.tell(alert, what);
            }
            Happened::HolderAsked { holder, until } => {
                let call = post_to(holder.as_str(), card::still_on_it(self.scene, alert, *until));
                self.send(alert, &format!("lease/{holder}"), Urgency::Page, call, Errand::Nothing);
                return;
            }
            Happened::Noted { .. } => {
                self.tell(alert, what);
                return;
            }
            Happened::CardRefused {
                channel: place,
                code,
                instead,
            } => match instead {
                Some(_) => {
                    let why = format!("{} cannot be posted to (Slack says `{}`)", channel(place), escape(code));
                    self.post_card(alert, Some(&why));
                }
                None => self.last_resort(alert, code),
            },
            Happened::FallbackRefused { code } => self.last_resort(alert, code),
            Happened::CardPosted { at, shows } => {
                self.excerpted(alert, at);
                for moment in &alert.timeline {
                    self.line_under(alert, at, moment);
                }
                self.catch_up(alert, *shows);
                return;
            }
            Happened::PageDelivered { shows, .. } => {
                self.catch_up(alert, *shows);
                return;
            }
            Happened::RaiserTold { shows, .. } => {
                for moment in &alert.timeline {
                    if is_for_the_raiser(&moment.what) {
                        self.tell_raiser(alert, &moment.what, moment.at);
                    }
                }
                self.catch_up(alert, *shows);
                return;
            }
        }
        self.changed.push(alert.id);
    }

    /// A message that now stands may show less than has happened since it was drawn.
    fn catch_up(&mut self, alert: &Alert, shows: u64) {
        let has_runs = self.scene.world.runs().of_alert(alert.id).next().is_some();
        if shows < alert.revision || has_runs {
            self.changed.push(alert.id);
        }
    }

    fn post_card(&mut self, alert: &Alert, why_not_there: Option<&str>) {
        let place = alert
            .card_channel
            .clone()
            .unwrap_or_else(|_| self.scene.roster.fallback.clone());
        let why = why_not_there.map(|why| {
            let name = team(self.scene.roster, &alert.team);
            format!("This belongs in the channel of {name}, but {why}.")
        });
        let call = post(&place, None, card::in_channel(self.scene, alert, why.as_deref()));
        let errand = Errand::Card {
            alert: alert.id,
            channel: place,
            shows: alert.revision,
        };
        self.send(alert, "card", Urgency::Page, call, errand);
    }

    fn post_raiser(&mut self, alert: &Alert) {
        // A program reads no messages.
        let Some(raiser) = alert.raised_by.person() else { return };
        let call = post_to(raiser.as_str(), card::for_raiser(self.scene, alert));
        let errand = Errand::Raiser {
            alert: alert.id,
            shows: alert.revision,
        };
        self.send(alert, "raiser", Urgency::Reply, call, errand);
    }

    fn page(&mut self, alert: &Alert, who: &Recipient, step: Step) {
        if let Some(older) = alert.pages.get(who.key()) {
            let call = update(&older.at, card::superseded(alert));
            self.send(alert, &page_subject(who), Urgency::Routine, call, Errand::Nothing);
        }
        let drawn = match who {
            Recipient::Person(user) => card::page(self.scene, alert, user),
            Recipient::Channel(_) => card::in_channel(self.scene, alert, None),
        };
        let errand = Errand::Page {
            alert: alert.id,
            to: who.clone(),
            step,
            shows: alert.revision,
        };
        self.send(
            alert,
            &page_subject(who),
            Urgency::Page,
            post_to(who.key(), drawn),
            errand,
        );
    }

    /// A line in the card's thread, once there is a card; until then its receipt will bring it.
    fn tell(&mut self, alert: &Alert, what: &Happened) {
        if let Some(card) = &alert.card {
            let moment = Moment {
                at: self.scene.now,
                what: what.clone(),
            };
            self.line_under(alert, &card.at, &moment);
        }
    }

    fn line_under(&mut self, alert: &Alert, parent: &MessageRef, moment: &Moment) {
        let Some(text) = line(self.scene, alert, &moment.what, moment.at, Naming::Ring) else {
            return;
        };
        let (message, urgency) = match &moment.what {
            Happened::Noted { text: note, .. } | Happened::Repeated { text: Some(note), .. } => {
                (quoting(&text, note), Urgency::Routine)
            }
            Happened::Paged {
                because: Cause::Raised, ..
            } => (self.with_offers(alert, text), Urgency::Page),
            Happened::Paged { .. } => (say(text), Urgency::Page),
            _ => (say(text), Urgency::Routine),
        };
        self.send(alert, "thread", urgency, reply(parent, message), Errand::Nothing);
    }

    /// Whoever is paged finds what to do below: the runbooks that are for it.
    fn with_offers(&self, alert: &Alert, text: String) -> Message {
        let mut drawn = vec![section(&text)];
        drawn.extend(actions(crate::view::runbook::for_alert(self.scene, alert)));
        message(text, drawn)
    }

    /// A message too long for the card stands whole at the top of its thread.
    fn excerpted(&mut self, alert: &Alert, parent: &MessageRef) {
        if card::is_long(&alert.summary) {
            let whole = quoting("The whole message:", &alert.summary);
            self.send(alert, "thread", Urgency::Routine, reply(parent, whole), Errand::Nothing);
        }
    }

    fn tell_raiser(&mut self, alert: &Alert, what: &Happened, at: DateTime<Utc>) {
        let own = match what {
            Happened::Acknowledged { by, .. }
            | Happened::GivenBack { by }
            | Happened::Snoozed { by, .. }
            | Happened::Tested { by: Some(by) }
            | Happened::Assigned { by, .. } => alert.raised_by.is(by),
            Happened::Resolved { by, .. } | Happened::Reopened { by } => *by == alert.raised_by,
            _ => false,
        };
        // That somebody goes on with it is no news for whoever waits for the end.
        let renewed = matches!(what, Happened::Acknowledged { by, .. } if renews(alert, by, at));
        let Some(raiser) = alert.raiser.as_ref().filter(|_| !own && !renewed) else {
            return;
        };
        if let Some(text) = line(self.scene, alert, what, at, Naming::Quiet) {
            self.send(
                alert,
                "raiser",
                Urgency::Reply,
                reply(&raiser.at, say(text)),
                Errand::Nothing,
            );
        }
    }

    /// Whoever has an alert hears that its source thinks it is over, unless it ended with that.
    fn tell_holder(&mut self, alert: &Alert, by: &Actor) {
        if let Page::Acknowledged { by: holder, .. } = &alert.page {
            let source = actor(self.scene.roster, by);
            let call = post_to(holder.as_str(), card::cleared(alert, &source));
            self.send(alert, &format!("lease/{holder}"), Urgency::Reply, call, Errand::Nothing);
        }
    }

    fn tell_missed(&mut self, alert: &Alert, missed: &[Missed], nobody: bool) {
        if missed.is_empty() {
            return;
        }
        let why: Vec<String> = missed.iter().map(|missed| why_missed(self.scene, missed)).collect();
        let lead = if nobody {
            "nobody could be paged at one level"
        } else {
            "not everybody could be paged"
        };
        self.fall_back(alert, say(format!("{}: {lead}. {}", self.label(alert), why.join(" "))));
    }

    /// As loud as it gets: everybody in the fallback channel is notified.
    fn exhausted(&mut self, alert: &Alert) {
        let state = card::state(self.scene, alert);
        let text = format!("<!channel> {}: {state}", self.label(alert));
        let drawn = card::in_channel(self.scene, alert, None);
        // The card below says the rest.
        let team = team(self.scene.roster, &alert.team);
        let lead = format!("<!channel> Nobody answers for *{team}*. Please take this, or find somebody who can.");
        let mut blocks = crate::view::blocks::finish(vec![section(&lead)]);
        blocks.extend(drawn.blocks.into_iter().flatten());
        self.fall_back(
            alert,
            Message {
                text,
                blocks: Some(blocks),
            },
        );
    }

    fn fall_back(&mut self, alert: &Alert, message: Message) {
        let call = post(&self.scene.roster.fallback, None, message);
        self.send(
            alert,
            "fallback",
            Urgency::Page,
            call,
            Errand::Fallback { alert: alert.id },
        );
    }

    /// The fallback channel cannot be reached: whoever runs the bot and whoever raised the alert are told directly.
    fn last_resort(&mut self, alert: &Alert, code: &str) {
        let text = format!(
            ":rotating_light: {}: I could not post in {} either (Slack says `{}`). Invite me there, or name another \
             `fallback_channel`. Until then please look after this alert yourself: {}",
            self.label(alert),
            channel(&self.scene.roster.fallback),
            escape(code),
            card::state(self.scene, alert),
        );
        let mut told: Vec<&UserId> = self.scene.roster.admins.iter().collect();
        told.extend(alert.raised_by.person());
        told.sort_unstable();
        told.dedup();
        for user in told {
            let call = post_to(user.as_str(), say(text.clone()));
            self.send(alert, &format!("last/{user}"), Urgency::Page, call, Errand::Nothing);
        }
    }

    /// Edits every standing message of the alerts that changed.
    fn redraw(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        for alert in changed.into_iter().filter_map(|id| self.scene.world.alert(id)) {
            // How far a run is belongs to no revision.
            let has_runs = self.scene.world.runs().of_alert(alert.id).next().is_some();
            let stale = |drawn: &&Drawn| drawn.shows < alert.revision || has_runs;
            if let Some(card) = alert.card.as_ref().filter(stale) {
                let moved = alert.card_channel.as_ref().ok() == Some(&self.scene.roster.fallback);
                let team_channel = self
                    .scene
                    .roster
                    .teams
                    .get(&alert.team)
                    .and_then(|team| team.channel.as_ref().ok());
                let why = (moved && team_channel != Some(&self.scene.roster.fallback)).then(|| {
                    format!(
                        "This belongs in the channel of {}.",
                        team(self.scene.roster, &alert.team)
                    )
                });
                let drawn = card::in_channel(self.scene, alert, why.as_deref());
                self.send(
                    alert,
                    "card",
                    Urgency::Routine,
                    update(&card.at, drawn),
                    Errand::Nothing,
                );
            }
            if let Some(raiser) = alert.raiser.as_ref().filter(stale) {
                let drawn = card::for_raiser(self.scene, alert);
                self.send(
                    alert,
                    "raiser",
                    Urgency::Routine,
                    update(&raiser.at, drawn),
                    Errand::Nothing,
                );
            }
            for (key, page) in alert.pages.iter().filter(|(_, drawn)| stale(drawn)) {
                let drawn = if page.at.channel.as_str() == key {
                    card::in_channel(self.scene, alert, None)
                } else {
                    card::page(self.scene, alert, &UserId::new(key.as_str()))
                };
                self.send(
                    alert,
                    &format!("page/{key}"),
                    Urgency::Routine,
                    update(&page.at, drawn),
                    Errand::Nothing,
                );
            }
        }
    }

    /// `A-17 P2 disk full (Cloud)`, escaped.
    fn label(&self, alert: &Alert) -> String {
        format!(
            "{} ({})",
            escape(&card::title(alert)),
            team(self.scene.roster, &alert.team)
        )
    }

    fn send(&mut self, alert: &Alert, lane: &str, urgency: Urgency, call: Call, errand: Errand) {
        let subject = format!("alert/{}/{lane}", alert.id.0);
        let mut entry = self.scene.entry(&subject, urgency, call, errand);
        entry.about = Some(alert.id);
        self.entries.push(entry);
    }
}

/// Whether the raiser wants to hear of it beside seeing it on their card.
fn is_for_the_raiser(what: &Happened) -> bool {
    matches!(
        what,
        Happened::Acknowledged { .. }
            | Happened::Resolved { .. }
            | Happened::Exhausted { .. }
            | Happened::GivenBack { .. }
            | Happened::LeaseEnded { .. }
            | Happened::Snoozed { .. }
            | Happened::SnoozeEnded
            | Happened::Assigned { .. }
            | Happened::Tested { .. }
            | Happened::Reopened { .. }
    )
}

fn page_subject(who: &Recipient) -> String {
    format!("page/{}", who.key())
}

//! Messages to those who read along.

use std::collections::BTreeMap;

use super::announce::Desk;
use super::card;
use super::told::{Naming, line};
use crate::domain::incident::{Errand, Event as Happened, Follower, Incident, Level, Recipient};
use crate::outbox::Urgency;
use crate::view::calls::{post_to, reply, update};
use crate::view::text::escape;
use crate::view::{Scene, say};

impl Desk<'_> {
    pub(super) fn post_follower(&mut self, incident: &Incident, who: &Recipient) {
        let call = post_to(who.key(), card::for_reader(self.scene, incident, who));
        let errand = Errand::Follower {
            who: who.clone(),
            shows: incident.revision,
        };
        self.send(
            incident,
            &format!("reader/{}", who.key()),
            Urgency::Routine,
            call,
            Some(errand),
        );
    }

    /// A subscriber's message says that it is no longer kept up to date; one who cannot be reached is named.
    pub(super) fn unfollowed(&mut self, incident: &Incident, who: &Recipient, code: Option<&str>) {
        let drawn = incident
            .followers
            .get(who.key())
            .and_then(|follower| follower.drawn.as_ref());
        match (code, drawn, &incident.card) {
            (None, Some(drawn), _) => {
                let lane = format!("reader/{}", who.key());
                let last = card::for_reader(self.scene, incident, who);
                self.send(incident, &lane, Urgency::Routine, update(&drawn.at, last), None);
            }
            (Some(code), _, Some(card)) => {
                let text = format!(
                    ":warning: {} is subscribed and cannot be told (Slack says `{}`). Invite me there.",
                    crate::view::text::recipient(self.scene.roster, who),
                    escape(code)
                );
                self.send(
                    incident,
                    "unfollowed",
                    Urgency::Routine,
                    reply(&card.at, say(text)),
                    None,
                );
            }
            _ => {}
        }
    }

    /// A short line under a subscriber's message, when it is something they asked to hear.
    pub(super) fn tell_followers(&mut self, incident: &Incident, what: &Happened) {
        if !what.is_news() || incident.followers.is_empty() {
            return;
        }
        let Some(text) = line(self.scene, incident, what, Naming::Quiet) else {
            return;
        };
        for (follower, level) in followers(self.scene, incident) {
            if let Some(drawn) = follower.drawn.as_ref().filter(|_| level.wants(what)) {
                let call = reply(&drawn.at, say(text.clone()));
                let lane = format!("reader/{}", follower.who.key());
                self.send(incident, &lane, Urgency::Routine, call, None);
            }
        }
    }

    /// Edits the messages of those who still want to hear of it.
    pub(super) fn redraw_readers(&mut self, incident: &Incident) {
        for (follower, _) in followers(self.scene, incident) {
            let stale = follower.drawn.as_ref().filter(|drawn| drawn.shows < incident.revision);
            if let Some(drawn) = stale {
                let message = card::for_reader(self.scene, incident, &follower.who);
                let lane = format!("reader/{}", follower.who.key());
                self.send(incident, &lane, Urgency::Routine, update(&drawn.at, message), None);
            }
        }
    }
}

/// Subscribers that still want to hear of it, each with how much.
fn followers<'a>(scene: Scene<'a>, incident: &'a Incident) -> impl Iterator<Item = (&'a Follower, Level)> {
    let wanted = if incident.followers.is_empty() {
        BTreeMap::default()
    } else {
        let standing = &scene.roster.incidents.standing;
        scene.world.subscriptions().of(incident, standing)
    };
    let followers = incident.followers.values();
    followers.filter_map(move |follower| Some((follower, *wanted.get(&follower.who)?)))
}

//! From what happened to an incident to what is sent: cards, lines, the channel and what is in it, subscribers.
//!
//! As with alerts, some messages *stand* and are edited, others *tell* and hang under them. What happened before the place
//! for a line stood is told the moment its receipt arrives.

use super::card::{self, card, title};
use super::told::{Naming, is_link, line};
use crate::domain::ids::{ChannelId, IncidentId, MessageRef, UserId};
use crate::domain::incident::{Analysis, Errand, Event as Happened, Furniture, Home, Incident, Nag, Severity};
use crate::domain::{self, Event};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::Call;
use crate::view::calls::{post, post_to, update};
use crate::view::text::{channel, escape, mention, shorten};
use crate::view::{Scene, say};

/// How much of a long timeline is told again where a card comes to stand.
const RETOLD: usize = 50;
/// The longest topic Slack takes.
const TOPIC: usize = 250;

/// The calls that follow from one input's events.
pub fn announce(scene: Scene<'_>, events: &[Event]) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
        changed: Vec::new(),
        news: Vec::new(),
    };
    for event in events {
        if let Event::Incident { id, what } = event
            && let Some(incident) = scene.world.incidents().get(*id)
        {
            desk.happened(incident, what);
        }
    }
    desk.redraw();
    desk.entries
}

/// The cards of an incident, drawn again: something beside it that they show has changed.
pub fn redrawn(scene: Scene<'_>, id: IncidentId) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
        changed: vec![id],
        news: Vec::new(),
    };
    desk.redraw();
    desk.entries
}

pub(super) struct Desk<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) entries: Vec<Entry>,
    /// Whose standing messages no longer show what is so.
    changed: Vec<IncidentId>,
    /// Of which readers want to hear.
    news: Vec<IncidentId>,
}

impl Desk<'_> {
    fn happened(&mut self, incident: &Incident, what: &Happened) {
        match what {
            Happened::Declared { .. } => {
                let why = incident.card_channel.as_ref().err();
                let why = why.map(|name| format!("This belongs in `{}`, which I do not know.", escape(name)));
                self.post_card(incident, why.as_deref());
                self.open_room(incident);
                return;
            }
            Happened::NameTaken { .. } => {
                self.open_room(incident);
                return;
            }
            Happened::CardPosted { at, shows } => {
                self.retell(incident, at);
                self.catch_up(incident, *shows);
                return;
            }
            Happened::CardRefused {
                channel: place,
                code,
                instead,
                ..
            } => match instead {
                Some(_) => {
                    let why = format!(
                        "{} cannot be posted to (Slack says `{}`).",
                        channel(place),
                        escape(code)
                    );
                    self.post_card(incident, Some(&why));
                }
                None => self.last_resort(incident, code),
            },
            Happened::RoomOpened { channel: room, .. } => self.move_in(incident, room),
            Happened::RoomRefused { unread, .. } => self.move_out(incident, *unread, usize::MAX),
            Happened::RoomCardPosted { at, shows } => {
                self.furnish(incident, at);
                self.catch_up(incident, *shows);
                return;
            }
            Happened::Untold { moment } => {
                self.move_out(incident, *moment, 1);
                return;
            }
            Happened::Reminded { of } => {
                self.remind(incident, *of);
                return;
            }
            Happened::Followed { who } => {
                for who in who {
                    self.post_follower(incident, who);
                }
                return;
            }
            Happened::FollowerPosted { shows, .. } => {
                if *shows < incident.revision {
                    self.redraw_readers(incident);
                }
                return;
            }
            Happened::Unfollowed { who, code } => {
                self.unfollowed(incident, who, code.as_deref());
                return;
            }
            Happened::RoleGiven { who, .. } => self.invite(incident, who),
            Happened::TeamPaged { people, .. } | Happened::Described { people, .. } => {
                for who in people {
                    self.invite(incident, who);
                }
            }
            Happened::SeverityChanged { room: Some(_), .. } if matches!(incident.home, Home::Opening { .. }) => {
                self.open_room(incident);
            }
            Happened::Updated { words, .. } => {
                if let Some(link) = words.upstream.as_deref() {
                    self.bookmark(incident, "Upstream", link);
                }
            }
            // Once is enough: until it is due nobody is asked again.
            Happened::Resolved { .. } | Happened::Took { .. }
                if matches!(incident.analysis, Analysis::Due { .. }) && is_first_to_ask(incident, what) =>
            {
                self.remind(incident, Nag::Analysis);
            }
            Happened::AnalysisLinked { link, .. } => self.bookmark(incident, "Postmortem", link),
            _ => {}
        }
        let is_in_topic = matches!(
            what,
            Happened::SeverityChanged { .. } | Happened::RoleGiven { .. } | Happened::Described { .. }
        );
        if what.is_turn() || is_in_topic {
            self.set_topic(incident);
        }
        self.tell(incident, what);
        if matches!(what, Happened::Resolved { .. } | Happened::Cancelled { .. }) {
            self.tell_what_is_left(incident);
            self.tell_what_still_pages(incident);
        }
        self.tell_followers(incident, what);
        self.changed.push(incident.id);
        if what.is_news() {
            self.news.push(incident.id);
        }
    }

    /// A message that now stands may show less than has happened since it was drawn.
    fn catch_up(&mut self, incident: &Incident, shows: u64) {
        let has_runs = self.scene.world.runs_of(incident).next().is_some();
        if shows < incident.revision || has_runs {
            self.changed.push(incident.id);
        }
    }

    fn post_card(&mut self, incident: &Incident, why: Option<&str>) {
        let place = incident.card_channel.clone();
        let place = place.unwrap_or_else(|_| self.scene.roster.fallback.clone());
        let call = post(&place, None, card(self.scene, incident, why));
        let errand = Errand::Card {
            channel: place,
            shows: incident.revision,
        };
        self.send(incident, "card", Urgency::Page, call, Some(errand));
    }

    fn open_room(&mut self, incident: &Incident) {
        if let Home::Opening { name } = &incident.home {
            let call = Call::CreateChannel { name: name.clone() };
            let errand = Errand::Room { name: name.clone() };
            self.send(incident, "room", Urgency::Reply, call, Some(errand));
        }
    }

    /// The channel is open: the card comes first, then those who work there.
    fn move_in(&mut self, incident: &Incident, room: &ChannelId) {
        let call = post(room, None, card(self.scene, incident, None));
        let errand = Errand::RoomCard {
            channel: room.clone(),
            shows: incident.revision,
        };
        self.send(incident, "room", Urgency::Reply, call, Some(errand));
        self.set_topic(incident);
        for who in &incident.people {
            self.invite(incident, who);
        }
    }

    /// The card stands in the channel: it is pinned, links are put beside it, and what has happened is told.
    fn furnish(&mut self, incident: &Incident, at: &MessageRef) {
        let pin = Call::Pin {
            channel: at.channel.as_str().to_owned(),
            ts: at.message.as_str().to_owned(),
        };
        let errand = Errand::Furnish { what: Furniture::Pin };
        self.send(incident, "furniture", Urgency::Routine, pin, Some(errand));
        if let Ok(board) = &incident.card_channel {
            let link = format!("https://slack.com/app_redirect?channel={board}");
            self.bookmark(incident, "All incidents", &link);
        }
        for (index, moment) in incident.timeline.iter().enumerate() {
            if !matches!(moment.what, Happened::RoomOpened { .. }) {
                self.line_at(incident, &moment.what, index, &at.channel, None);
            }
        }
    }

    /// There is no channel, or no longer: what nobody has read there is told in the thread.
    fn move_out(&mut self, incident: &Incident, unread: usize, at_most: usize) {
        let Some(card) = incident.card.as_ref() else { return };
        let moments = incident.timeline.iter().enumerate().skip(unread).take(at_most);
        let untold = moments.filter(|(_, moment)| !moment.what.is_news() && !is_about_the_place(&moment.what));
        for (index, moment) in untold {
            self.line_at(incident, &moment.what, index, &card.at.channel, Some(&card.at));
        }
    }

    fn set_topic(&mut self, incident: &Incident) {
        let Some(room) = incident.room() else { return };
        let lead = incident.lead().and_then(|lead| self.scene.roster.people.get(lead));
        let lead = lead.map(|lead| format!(" · lead @{}", lead.handle)).unwrap_or_default();
        let topic = format!("{} · {}{lead}", title(incident), incident.status);
        let call = Call::SetTopic {
            channel: room.as_str().to_owned(),
            topic: shorten(&topic, TOPIC),
        };
        let errand = Errand::Furnish { what: Furniture::Topic };
        self.send(incident, "furniture", Urgency::Routine, call, Some(errand));
    }

    fn bookmark(&mut self, incident: &Incident, called: &str, link: &str) {
        let Some(room) = incident.room().filter(|_| is_link(link)) else {
            return;
        };
        let call = Call::AddBookmark {
            channel: room.as_str().to_owned(),
            title: called.to_owned(),
            link: link.to_owned(),
        };
        let errand = Errand::Furnish {
            what: Furniture::Bookmark,
        };
        self.send(incident, "furniture", Urgency::Routine, call, Some(errand));
    }

    fn invite(&mut self, incident: &Incident, who: &UserId) {
        let Some(room) = incident.room() else { return };
        let call = Call::Invite {
            channel: room.as_str().to_owned(),
            user: who.as_str().to_owned(),
        };
        let errand = Errand::Invite { who: who.clone() };
        self.send(incident, &format!("invite/{who}"), Urgency::Reply, call, Some(errand));
    }

    /// The newest of the timeline under a card that has come to stand.
    fn retell(&mut self, incident: &Incident, at: &MessageRef) {
        let skipped = incident.timeline.len().saturating_sub(RETOLD);
        for (index, moment) in incident.timeline.iter().enumerate().skip(skipped) {
            if is_for_the_thread(incident, &moment.what) {
                self.line_at(incident, &moment.what, index, &at.channel, Some(at));
            }
        }
    }

    /// A line where it is worked on, and in the thread of the card when it is news.
    fn tell(&mut self, incident: &Incident, what: &Happened) {
        let newest_first = incident.timeline.iter().enumerate().rev();
        let Some((index, _)) = newest_first.into_iter().find(|(_, moment)| moment.what == *what) else {
            return;
        };
        if let Home::Room {
            channel: room,
            card: Some(_),
        } = &incident.home
        {
            let room = room.clone();
            self.line_at(incident, what, index, &room, None);
        }
        if let Some(card) = incident.card.as_ref().filter(|_| is_for_the_thread(incident, what)) {
            self.line_at(incident, what, index, &card.at.channel, Some(&card.at));
        }
    }

    fn line_at(
        &mut self,
        incident: &Incident,
        what: &Happened,
        moment: usize,
        place: &ChannelId,
        under: Option<&MessageRef>,
    ) {
        let Some(text) = line(self.scene, incident, what, Naming::Ring) else {
            return;
        };
        let call = post(place, under, say(text));
        let errand = Errand::Line {
            channel: place.clone(),
            moment,
        };
        let lane = format!("line/{place}");
        self.send(incident, &lane, Urgency::Routine, call, Some(errand));
    }

    /// The last place cannot be posted to: whoever runs the bot and whoever declared it are told directly.
    fn last_resort(&mut self, incident: &Incident, code: &str) {
        let text = format!(
            ":rotating_light: I cannot show {} anywhere: not in its channel, and not in {} (Slack says `{}`). Invite me \
             there, or name another `fallback_channel`. Until then `/incident show {}` shows it: {}",
            escape(&title(incident)),
            channel(&self.scene.roster.fallback),
            escape(code),
            incident.id,
            card::state(self.scene, incident),
        );
        let mut told: Vec<UserId> = self.scene.roster.admins.clone();
        told.push(incident.declared_by.clone());
        told.extend(incident.lead().cloned());
        told.sort_unstable();
        told.dedup();
        for user in told {
            let call = post_to(user.as_str(), say(text.clone()));
            self.send(incident, &format!("last/{user}"), Urgency::Page, call, None);
        }
    }

    /// Edits every standing message of the incidents that changed.
    fn redraw(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        let news = std::mem::take(&mut self.news);
        changed.sort_unstable();
        changed.dedup();
        for incident in changed
            .into_iter()
            .filter_map(|id| self.scene.world.incidents().get(id))
        {
            let drawn = card(self.scene, incident, None);
            if let Some(at) = incident.card.as_ref().map(|card| &card.at) {
                self.send(incident, "card", Urgency::Routine, update(at, drawn.clone()), None);
            }
            if let Home::Room { card: Some(card), .. } = &incident.home {
                self.send(incident, "room", Urgency::Routine, update(&card.at, drawn), None);
            }
            if news.contains(&incident.id) {
                self.redraw_readers(incident);
            }
        }
    }

    pub(super) fn send(
        &mut self,
        incident: &Incident,
        lane: &str,
        urgency: Urgency,
        call: Call,
        errand: Option<Errand>,
    ) {
        let errand = errand.map_or(domain::Errand::Nothing, |what| domain::Errand::Incident {
            id: incident.id,
            what,
        });
        let subject = format!("incident/{}/{lane}", incident.id.0);
        self.entries.push(self.scene.entry(&subject, urgency, call, errand));
    }
}

/// Whether a line hangs under the card where incidents are listed: all of them when it is worked on there, else what
/// readers want.
fn is_for_the_thread(incident: &Incident, what: &Happened) -> bool {
    match incident.home {
        Home::Thread => true,
        Home::Opening { .. } | Home::Room { .. } => what.is_news() || is_about_the_place(what),
    }
}

/// Whether it is this that asks for an analysis: an earlier end, or what it took, may have done so already.
fn is_first_to_ask(incident: &Incident, what: &Happened) -> bool {
    let mut newest = incident.timeline.iter().rev().map(|moment| &moment.what);
    let mut before = newest.by_ref().skip_while(|known| *known != what).skip(1);
    let asked = |known: &Happened| match known {
        Happened::Resolved { aftermath, .. } => aftermath.needs_analysis() || incident.severity <= Severity::Sev2,
        Happened::Took { .. } => true,
        _ => false,
    };
    !before.any(asked)
}

fn is_about_the_place(what: &Happened) -> bool {
    matches!(
        what,
        Happened::RoomOpened { .. } | Happened::RoomRefused { .. } | Happened::CardRefused { .. }
    )
}

/// A person, rung; nobody in particular when none.
pub(super) fn rung(who: Option<&UserId>) -> String {
    who.map_or_else(String::new, |who| format!("{} ", mention(who)))
}

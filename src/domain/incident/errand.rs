//! What is sent for an incident, and what follows from what became of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Event, Follower, Furniture, Home, Incident, Moment, Recipient, name};
use crate::domain::Outcome;
use crate::domain::alert::Drawn;
use crate::domain::ids::{ChannelId, MessageRef, UserId};
use crate::domain::roster::Roster;

/// What something was sent for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Errand {
    /// Its card.
    Card {
        /// Where.
        channel: ChannelId,
        /// The revision it shows.
        shows: u64,
    },
    /// A channel of its own.
    Room {
        /// Under which name.
        name: String,
    },
    /// Its card in its channel.
    RoomCard {
        /// Where.
        channel: ChannelId,
        /// The revision it shows.
        shows: u64,
    },
    /// What makes the channel easy to find one's way in.
    Furnish {
        /// What.
        what: Furniture,
    },
    /// Somebody is brought into its channel.
    Invite {
        /// Who.
        who: UserId,
    },
    /// A line about what happened.
    Line {
        /// In which channel.
        channel: ChannelId,
        /// Which moment of the timeline it tells.
        moment: usize,
    },
    /// What somebody said is looked at, to be kept.
    Keep {
        /// Who wants it kept.
        by: UserId,
        /// Where it stands.
        at: MessageRef,
    },
    /// A subscriber's message.
    Follower {
        /// Whose.
        who: Recipient,
        /// The revision it shows.
        shows: u64,
    },
}

impl Incident {
    /// What follows from what became of a message.
    pub(super) fn settled(&self, errand: &Errand, outcome: &Outcome, roster: &Roster) -> Vec<Event> {
        let event = match (errand, outcome) {
            (Errand::Card { shows, .. }, Outcome::Delivered(Some(at))) => Event::CardPosted {
                at: at.clone(),
                shows: *shows,
            },
            (Errand::Card { channel, .. }, Outcome::Refused { code }) => moved(channel, code, 0, roster),
            (Errand::Room { name }, Outcome::Delivered(Some(at))) => Event::RoomOpened {
                channel: at.channel.clone(),
                name: Some(name.clone()),
            },
            (Errand::Room { name: tried }, Outcome::Refused { code }) => {
                let next = (code == "name_taken").then(|| name::after(tried, &name::of(self.id, &self.title)));
                match next.flatten() {
                    Some(next) => Event::NameTaken { next },
                    None => homeless(code, 0),
                }
            }
            (Errand::Room { .. }, Outcome::Delivered(None)) => homeless("no_channel_id", 0),
            // The channel may have been lost in the meantime.
            (Errand::RoomCard { shows, channel }, Outcome::Delivered(Some(at))) if self.room() == Some(channel) => {
                Event::RoomCardPosted {
                    at: at.clone(),
                    shows: *shows,
                }
            }
            (Errand::RoomCard { channel, .. }, Outcome::Refused { code }) if self.room() == Some(channel) => {
                homeless(code, 0)
            }
            (Errand::Furnish { what }, Outcome::Refused { code }) => Event::NotFurnished {
                what: *what,
                code: code.clone(),
            },
            (Errand::Invite { who }, Outcome::Refused { code }) => Event::NotInvited {
                who: who.clone(),
                code: code.clone(),
            },
            (Errand::Line { channel, moment }, Outcome::Refused { code }) => {
                let card = self.card.as_ref().map(|card| &card.at.channel);
                if self.room() == Some(channel) {
                    homeless(code, *moment)
                } else if card == Some(channel) {
                    moved(channel, code, *moment, roster)
                } else if self.has_missed(*moment) {
                    Event::Untold { moment: *moment }
                } else {
                    return Vec::new();
                }
            }
            (Errand::Keep { by, .. }, Outcome::Read(quote)) if !self.has_kept(&quote.at) => Event::Kept {
                by: by.clone(),
                quote: quote.as_ref().clone(),
            },
            (Errand::Follower { who, shows }, Outcome::Delivered(Some(at))) => Event::FollowerPosted {
                who: who.clone(),
                at: at.clone(),
                shows: *shows,
            },
            (Errand::Follower { who, .. }, Outcome::Refused { code }) => Event::Unfollowed {
                who: who.clone(),
                code: Some(code.clone()),
            },
            _ => return Vec::new(),
        };
        vec![event]
    }

    /// What follows when nothing can be said in a channel any more, as far as this one is there.
    pub(super) fn lost(&self, channel: &ChannelId, code: &str, roster: &Roster) -> Option<Event> {
        let unread = self.timeline.len();
        if self.room() == Some(channel) {
            return Some(homeless(code, unread));
        }
        let card = self.card.as_ref().filter(|card| card.at.channel == *channel)?;
        Some(moved(&card.at.channel, code, unread, roster))
    }

    /// Whether a line that was on its way when its channel was lost is told nowhere else.
    fn has_missed(&self, moment: usize) -> bool {
        let mut newest = self.timeline.iter().rev();
        let unread = newest.find_map(|moment| match &moment.what {
            Event::RoomRefused { unread, .. } => Some(*unread),
            _ => None,
        });
        self.home == Home::Thread && unread.is_some_and(|unread| moment < unread)
    }

    /// Whether what stands there was kept already.
    pub fn has_kept(&self, at: &MessageRef) -> bool {
        let is_it = |moment: &Moment| matches!(&moment.what, Event::Kept { quote, .. } if quote.at == *at);
        self.timeline.iter().any(is_it)
    }

    /// Takes in where it lives.
    pub(super) fn settle_in(&mut self, event: &Event) {
        let drawn = |at: &MessageRef, shows: u64| Drawn { at: at.clone(), shows };
        match event {
            Event::CardPosted { at, shows } => {
                self.card_channel = Ok(at.channel.clone());
                self.card = Some(drawn(at, *shows));
            }
            Event::CardRefused { code, instead, .. } => {
                self.card = None;
                self.card_channel = instead.clone().ok_or_else(|| code.clone());
            }
            Event::NameTaken { next } => self.home = Home::Opening { name: next.clone() },
            Event::RoomOpened { channel, name } => {
                self.room_name.clone_from(name);
                self.home = Home::Room {
                    channel: channel.clone(),
                    card: None,
                }
            }
            Event::RoomRefused { .. } => self.home = Home::Thread,
            Event::RoomCardPosted { at, shows } => {
                self.home = Home::Room {
                    channel: at.channel.clone(),
                    card: Some(drawn(at, *shows)),
                }
            }
            _ => {}
        }
    }

    /// Takes in who follows it.
    pub(super) fn follow(&mut self, event: &Event) {
        match event {
            Event::Followed { who } => {
                for who in who {
                    let follower = Follower {
                        who: who.clone(),
                        drawn: None,
                    };
                    self.left.remove(who.key());
                    self.followers.entry(who.key().to_owned()).or_insert(follower);
                }
            }
            Event::FollowerPosted { who, at, shows } => {
                let follower = Follower {
                    who: who.clone(),
                    drawn: Some(Drawn {
                        at: at.clone(),
                        shows: *shows,
                    }),
                };
                self.followers.insert(who.key().to_owned(), follower);
            }
            Event::Unfollowed { who, .. } => {
                self.left.insert(who.key().to_owned());
            }
            _ => {}
        }
    }

    /// How long ago it was declared when something happened.
    pub fn since_declared(&self, at: DateTime<Utc>) -> chrono::TimeDelta {
        at - self.declared_at
    }
}

/// Its card goes where the fallback is, unless it was there already.
fn moved(from: &ChannelId, code: &str, unread: usize, roster: &Roster) -> Event {
    let fallback = &roster.fallback;
    Event::CardRefused {
        channel: from.clone(),
        code: code.to_owned(),
        instead: (from != fallback).then(|| fallback.clone()),
        unread,
    }
}

fn homeless(code: &str, unread: usize) -> Event {
    Event::RoomRefused {
        code: code.to_owned(),
        unread,
    }
}

//! One alert: what is wrong, and the page that goes with it.
//!
//! The page is a state machine of its own inside the alert, because "who is being woken" and "what is wrong" end at
//! different times. The only way to change it is [`Alert::apply`], and the only way to get an event is `decide`.

mod decide;
mod event;
mod holding;
mod paging;
mod report;
mod similar;
mod test;
mod underwater;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use decide::{Alike, Raise, Refusal, raise};
pub use event::{Assignee, Cause, Event, Missed, Paged, Reason, Step, Test};
pub use paging::on_call;
pub use paging::reached;
pub use report::{AfterClearing, Firing, Observation, Report, first_report};
pub use similar::Words;
pub use test::test;
pub use underwater::{is_in, underwater, underwater_key};

use super::actor::Actor;
use super::escalation::{Policy, Recipient};
use super::ids::{AlertId, ChannelId, MessageRef, TeamId, UserId};
use super::priority::Priority;

/// An alert as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// The team that answers for it.
    pub team: TeamId,
    /// What is wrong.
    pub summary: String,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is about.
    pub service: Option<String>,
    /// Who raised it.
    pub raised_by: Actor,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// What its source knows it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What its source said about it, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// That nothing is wrong, and whom it is to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// How often the same was said again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub repeats: u64,
    /// When it was said last; none when only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated_at: Option<DateTime<Utc>>,
    /// Since when its source says that nothing is wrong any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<DateTime<Utc>>,
    /// Who is paged.
    pub policy: Policy,
    /// How far paging has come.
    pub page: Page,
    /// The level that was paged last.
    pub step: Option<Step>,
    /// Whom the last step paged and who has not been refused since.
    pub reached: Vec<Recipient>,
    /// Where its card is, or is to be; an error is why the team's channel cannot be used.
    pub card_channel: Result<ChannelId, String>,
    /// The card.
    pub card: Option<Drawn>,
    /// The raiser's message.
    pub raiser: Option<Drawn>,
    /// The newest page each recipient has.
    pub pages: BTreeMap<String, Drawn>,
    /// Everything people want to read about later, in order.
    pub timeline: Vec<Moment>,
    /// How often what readers see has changed; a card carries the revision it shows.
    pub revision: u64,
}

/// A message of ours, and the revision of the alert it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// The message.
    pub at: MessageRef,
    /// What it shows.
    pub shows: u64,
}

/// How far paging has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Page {
    /// Its priority pages nobody: it is only shown.
    Quiet,
    /// Somebody has been paged and has until `due` to answer.
    Paging {
        /// When the next level follows.
        due: DateTime<Utc>,
    },
    /// Everybody has been paged in vain.
    Exhausted {
        /// Since when.
        since: DateTime<Utc>,
        /// How often it has been said.
        times: u32,
        /// When it is said again.
        due: DateTime<Utc>,
    },
    /// Somebody takes care of it.
    Acknowledged {
        /// Who.
        by: UserId,
        /// Since when.
        at: DateTime<Utc>,
        /// When paging starts again; never for what paged nobody.
        #[serde(default)]
        until: Option<DateTime<Utc>>,
        /// Whether they have been asked if they are still on it.
        #[serde(default)]
        asked: bool,
    },
    /// It is left alone for a while.
    Snoozed {
        /// Who said so.
        by: UserId,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The alert is resolved, or the test is over.
    Ended {
        /// Who resolved it.
        by: Actor,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Something that happened, as people read it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Event,
}

impl Alert {
    /// The alert that `Raised` begins; none for any other event.
    pub fn begin(id: AlertId, event: &Event, at: DateTime<Utc>) -> Option<Self> {
        let Event::Raised {
            by,
            team,
            summary,
            priority,
            service,
            card,
            policy,
            key,
            labels,
            test,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            team: team.clone(),
            summary: summary.clone(),
            priority: *priority,
            service: service.clone(),
            raised_by: by.clone(),
            raised_at: at,
            key: key.clone(),
            labels: labels.clone(),
            test: *test,
            repeats: 0,
            repeated_at: None,
            cleared_at: None,
            policy: policy.clone(),
            page: Page::Quiet,
            step: None,
            reached: Vec::new(),
            card_channel: card.clone(),
            card: None,
            raiser: None,
            pages: BTreeMap::new(),
            timeline: Vec::new(),
            revision: 1,
        })
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing but the timeline.
    pub fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::Paged {
                to,
                because: Cause::TookOver,
                ..
            } => self.reached.extend(to.iter().map(|paged| paged.who.clone())),
            Event::Paged { step, to, due, .. } => {
                self.step = Some(*step);
                self.reached = to.iter().map(|paged| paged.who.clone()).collect();
                self.page = Page::Paging { due: *due };
            }
            Event::PageRefused { to, step, .. } if self.step == Some(*step) => self.reached.retain(|who| who != to),
            Event::Exhausted { times, due } => {
                let since = match self.page {
                    Page::Exhausted { since, .. } => since,
                    _ => at,
                };
                self.page = Page::Exhausted {
                    since,
                    times: *times,
                    due: *due,
                };
            }
            Event::Acknowledged { by, until } => {
                self.page = Page::Acknowledged {
                    by: by.clone(),
                    at,
                    until: *until,
                    asked: false,
                };
            }
            Event::HolderAsked { .. } => {
                if let Page::Acknowledged { asked, .. } = &mut self.page {
                    *asked = true;
                }
            }
            Event::Snoozed { by, until, .. } => {
                self.page = Page::Snoozed {
                    by: by.clone(),
                    until: *until,
                }
            }
            Event::Assigned { to, policy, .. } => {
                if let Assignee::Team(team) = to {
                    self.team = team.clone();
                }
                self.policy = policy.clone();
                self.page = Page::Quiet;
            }
            // Whoever is paged now is said by the event that follows; what pages nobody stays quiet.
            Event::LeaseEnded { .. } | Event::GivenBack { .. } | Event::SnoozeEnded => self.page = Page::Quiet,
            Event::Reopened { .. } => {
                self.page = Page::Quiet;
                self.cleared_at = None;
            }
            Event::Resolved { by, .. } => self.page = Page::Ended { by: by.clone(), at },
            Event::Tested { by } => {
                let by = by.as_ref().map_or_else(|| Actor::source("test"), Actor::from);
                self.page = Page::Ended { by, at };
            }
            Event::Repeated { priority, .. } => {
                self.repeats += 1;
                self.repeated_at = Some(at);
                self.cleared_at = None;
                self.priority = priority.unwrap_or(self.priority);
            }
            Event::Cleared { .. } => self.cleared_at = Some(at),
            Event::Raised { .. }
            | Event::PageRefused { .. }
            | Event::Escalated { .. }
            | Event::Noted { .. }
            | Event::Run(_)
            | Event::Late { .. }
            | Event::FallbackRefused { .. } => {}
            Event::CardPosted { at, shows } => {
                self.card_channel = Ok(at.channel.clone());
                self.card = Some(Drawn {
                    at: at.clone(),
                    shows: *shows,
                });
            }
            Event::CardRefused { code, instead, .. } => {
                self.card_channel = instead.clone().ok_or_else(|| code.clone());
            }
            Event::PageDelivered { to, at, shows } => {
                self.pages.insert(
                    to.key().to_owned(),
                    Drawn {
                        at: at.clone(),
                        shows: *shows,
                    },
                );
            }
            Event::RaiserTold { at, shows } => {
                self.raiser = Some(Drawn {
                    at: at.clone(),
                    shows: *shows,
                });
            }
        }
        if event.is_told() || matches!(event, Event::Repeated { .. }) {
            self.revision += 1;
        }
        if event.is_told() {
            self.timeline.push(Moment {
                at,
                what: event.clone(),
            });
        }
    }

    /// When something must happen by itself next.
    pub fn deadline(&self) -> Option<DateTime<Utc>> {
        match self.page {
            Page::Paging { due } | Page::Exhausted { due, .. } => Some(due),
            Page::Acknowledged {
                at,
                until: Some(until),
                asked,
                ..
            } if !asked => Some(ask_at(at, until)),
            Page::Acknowledged { until, .. } => until,
            Page::Snoozed { until, .. } => Some(until),
            Page::Quiet | Page::Ended { .. } => None,
        }
    }

    /// How many moments of its timeline there are: a button carries it, so that a press knows what its card showed.
    pub fn moments(&self) -> u64 {
        self.timeline.len() as u64
    }

    /// Whether it is shown in its team's channel and to whoever raised it.
    pub fn is_shown(&self) -> bool {
        self.test != Some(Test::Oneself)
    }

    /// Whether it still needs somebody.
    pub fn is_open(&self) -> bool {
        !matches!(self.page, Page::Ended { .. })
    }

    /// Every message of ours that shows it.
    pub fn messages(&self) -> impl Iterator<Item = &MessageRef> {
        self.card
            .iter()
            .chain(&self.raiser)
            .chain(self.pages.values())
            .map(|drawn| &drawn.at)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// How long before its end a lease's holder is asked; a short one is not worth asking about before half of it is over.
const ASK_BEFORE: TimeDelta = TimeDelta::minutes(5);

/// When the holder of a lease is asked whether they are still on it.
fn ask_at(from: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
    until - ASK_BEFORE.min((until - from) / 2)
}

impl Event {
    /// Whether people want to read about it later; receipts are bookkeeping.
    pub fn is_told(&self) -> bool {
        match self {
            Self::Paged { .. }
            | Self::PageRefused { .. }
            | Self::Late { .. }
            | Self::FallbackRefused { .. }
            | Self::Exhausted { .. }
            | Self::Acknowledged { .. }
            | Self::HolderAsked { .. }
            | Self::LeaseEnded { .. }
            | Self::GivenBack { .. }
            | Self::Snoozed { .. }
            | Self::SnoozeEnded
            | Self::Reopened { .. }
            | Self::Assigned { .. }
            | Self::Escalated { .. }
            | Self::Resolved { .. }
            | Self::Noted { .. }
            | Self::Run(_)
            | Self::Cleared { .. }
            | Self::Tested { .. }
            | Self::CardRefused { .. } => true,
            // A program that says the same all night is counted, not quoted.
            Self::Repeated { text, priority, .. } => text.is_some() || priority.is_some(),
            // `Raised` is told by the alert itself.
            Self::Raised { .. } | Self::CardPosted { .. } | Self::PageDelivered { .. } | Self::RaiserTold { .. } => {
                false
            }
        }
    }

    /// Where a message of ours now stands, when that is what happened.
    pub fn message(&self) -> Option<&MessageRef> {
        match self {
            Self::CardPosted { at, .. } | Self::PageDelivered { at, .. } | Self::RaiserTold { at, .. } => Some(at),
            Self::Raised { .. }
            | Self::Paged { .. }
            | Self::PageRefused { .. }
            | Self::Late { .. }
            | Self::FallbackRefused { .. }
            | Self::Exhausted { .. }
            | Self::Acknowledged { .. }
            | Self::HolderAsked { .. }
            | Self::LeaseEnded { .. }
            | Self::GivenBack { .. }
            | Self::Snoozed { .. }
            | Self::SnoozeEnded
            | Self::Reopened { .. }
            | Self::Assigned { .. }
            | Self::Escalated { .. }
            | Self::Resolved { .. }
            | Self::Noted { .. }
            | Self::Run(_)
            | Self::Repeated { .. }
            | Self::Cleared { .. }
            | Self::Tested { .. }
            | Self::CardRefused { .. } => None,
        }
    }
}

impl Recipient {
    /// A key that tells recipients apart.
    pub fn key(&self) -> &str {
        match self {
            Self::Person(user) => user.as_str(),
            Self::Channel(channel) => channel.as_str(),
        }
    }
}

#[cfg(test)]
mod tests;

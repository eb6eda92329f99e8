//! One incident: something that customers or colleagues notice, worked on by people in roles, told to readers, learnt
//! from.
//!
//! As with an alert, the only way to change it is [`Incident::apply`], and the only way to get an event is
//! `Incidents::decide`. Where it lives ([`Home`]) is a chain of errands: each receipt is an event, and only the event
//! announces the next errand, so that every step resumes after a crash and none happens twice.

mod ask;
mod book;
mod decide;
mod describe;
mod errand;
mod event;
mod facts;
mod name;
mod news;
mod parts;
mod reminders;
mod rules;
mod subscription;
pub mod template;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use ask::{Ask, Declaration, Details, Refusal, Rest, Wish};
pub use book::Incidents;
pub use errand::Errand;
pub use event::{Event, Furniture, Turn};
pub use parts::{Action, Aftermath, Analysis, Follower, Quote, Update, Words};
pub use reminders::Nag;
pub use rules::{COMMUNICATIONS, Cadence, LEAD, Rules, SCRIBE};
pub use subscription::{Change, Level, Subscription, Subscriptions, Topic};
pub use template::Template;
pub use words::{NotASeverity, NotAStatus, Scope, Severity, Status};

use super::alert::Drawn;
pub use super::escalation::Recipient;
use super::ids::{AlertId, ChannelId, IncidentId, TeamId, UserId};

/// An incident as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// What is wrong, as a symptom.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// How far it has come.
    pub status: Status,
    /// Since when.
    pub status_since: DateTime<Utc>,
    /// Whom it touches.
    pub scope: Option<Scope>,
    /// What is broken.
    pub services: Vec<String>,
    /// Who answers for it.
    pub team: Option<TeamId>,
    /// Who declared it.
    pub declared_by: UserId,
    /// When.
    pub declared_at: DateTime<Utc>,
    /// Who does what.
    pub roles: BTreeMap<String, UserId>,
    /// What readers were told, in order.
    pub updates: Vec<Update>,
    /// Everything people want to read about later, in order.
    pub timeline: Vec<Moment>,
    /// What is to be done, in order.
    pub actions: Vec<Action>,
    /// Alerts that belong to it.
    pub alerts: Vec<AlertId>,
    /// When somebody first did something about it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When the cause was known.
    pub identified_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// The last words.
    pub summary: Option<String>,
    /// What it took.
    pub aftermath: Aftermath,
    /// Why it was none.
    pub cancelled_because: Option<String>,
    /// Which it is the same as.
    pub merged_into: Option<IncidentId>,
    /// Where it is worked on.
    pub home: Home,
    /// What its channel is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_name: Option<String>,
    /// Who is to be in its channel.
    pub people: BTreeSet<UserId>,
    /// Where its card is, or is to be; an error is why the incidents' channel cannot be used.
    pub card_channel: Result<ChannelId, String>,
    /// The card.
    pub card: Option<Drawn>,
    /// When people are reminded.
    pub cadence: Cadence,
    /// When they were last, of what.
    pub reminded: BTreeMap<Nag, DateTime<Utc>>,
    /// The reminder that was moved, and to when.
    pub snoozed: Option<(Nag, DateTime<Utc>)>,
    /// Of what nobody wants to be reminded.
    pub muted: BTreeSet<Nag>,
    /// How its analysis stands.
    pub analysis: Analysis,
    /// Subscribers that were told, by [`Recipient::key`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub followers: BTreeMap<String, Follower>,
    /// Who wants to hear no more of it, or cannot.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left: BTreeSet<String>,
    /// How often what readers see has changed; a card carries the revision it shows.
    pub revision: u64,
}

/// Where an incident is worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case")]
pub enum Home {
    /// In the thread of its card.
    Thread,
    /// In a channel that is being opened.
    Opening {
        /// Under which name.
        name: String,
    },
    /// In a channel of its own.
    Room {
        /// Which.
        channel: ChannelId,
        /// The card in it.
        card: Option<Drawn>,
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

impl Incident {
    /// The incident that `Declared` begins; none for any other event.
    pub fn begin(id: IncidentId, event: &Event, at: DateTime<Utc>) -> Option<Self> {
        let Event::Declared {
            by,
            title,
            severity,
            scope,
            services,
            team,
            alert,
            room,
            people,
            card,
            cadence,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            title: title.clone(),
            severity: *severity,
            status: Status::Investigating,
            status_since: at,
            scope: *scope,
            services: services.clone(),
            team: team.clone(),
            declared_by: by.clone(),
            declared_at: at,
            roles: BTreeMap::new(),
            updates: Vec::new(),
            timeline: Vec::new(),
            actions: Vec::new(),
            alerts: alert.iter().copied().collect(),
            acknowledged_at: None,
            identified_at: None,
            ended_at: None,
            summary: None,
            aftermath: Aftermath::default(),
            cancelled_because: None,
            merged_into: None,
            home: room.clone().map_or(Home::Thread, |name| Home::Opening { name }),
            room_name: None,
            people: people.iter().cloned().collect(),
            card_channel: card.clone(),
            card: None,
            cadence: *cadence,
            reminded: BTreeMap::new(),
            snoozed: None,
            muted: BTreeSet::new(),
            analysis: Analysis::NotDue,
            followers: BTreeMap::new(),
            left: BTreeSet::new(),
            revision: 1,
        })
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing but the timeline.
    pub fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::Declared { .. }
            | Event::Noted { .. }
            | Event::Kept { .. }
            | Event::Untold { .. }
            | Event::AlertTurned { .. }
            | Event::NotInvited { .. }
            | Event::NotFurnished { .. } => {}
            Event::Run(_) => self.answered(at),
            Event::CardPosted { .. }
            | Event::CardRefused { .. }
            | Event::NameTaken { .. }
            | Event::RoomOpened { .. }
            | Event::RoomRefused { .. }
            | Event::RoomCardPosted { .. } => self.settle_in(event),
            Event::RoleGiven { role, who, .. } => {
                self.roles.insert(role.clone(), who.clone());
                self.people.insert(who.clone());
                self.answered(at);
            }
            Event::SeverityChanged { to, room, people, .. } => {
                self.severity = *to;
                if let (Home::Thread, Some(name)) = (&self.home, room) {
                    self.home = Home::Opening { name: name.clone() };
                    self.people.extend(people.iter().cloned());
                }
            }
            Event::Described {
                title, rest, people, ..
            } => {
                self.title.clone_from(title);
                self.scope = rest.scope;
                self.services.clone_from(&rest.services);
                self.team.clone_from(&rest.team);
                self.people.extend(people.iter().cloned());
            }
            Event::StatusChanged { to, .. } => {
                self.turn(*to, at);
                self.answered(at);
            }
            Event::Updated { by, words } => {
                self.updates.push(Update {
                    by: by.clone(),
                    at,
                    words: words.clone(),
                    earlier: Vec::new(),
                });
                self.answered(at);
                self.heard(at);
            }
            Event::UpdateEdited { number, words, .. } => {
                let index = number.checked_sub(1);
                if let Some(update) = index.and_then(|index| self.updates.get_mut(index)) {
                    update.earlier.push(std::mem::replace(&mut update.words, words.clone()));
                }
            }
            Event::AlertLinked { alert, .. } => self.link(*alert),
            Event::TeamPaged { alert, people, .. } => {
                self.link(*alert);
                self.people.extend(people.iter().cloned());
                self.answered(at);
            }
            Event::ActionAdded { by, text, owner, due } => self.actions.push(Action {
                text: text.clone(),
                by: by.clone(),
                owner: owner.clone(),
                due: *due,
                done: None,
                moved: None,
                reminded: None,
            }),
            Event::ActionDone { number, .. } => {
                let index = number.checked_sub(1);
                if let Some(action) = index.and_then(|index| self.actions.get_mut(index)) {
                    action.done = Some(at);
                }
            }
            Event::Resolved { summary, aftermath, .. } => {
                self.answered(at);
                self.turn(Status::Resolved, at);
                self.ended_at = Some(at);
                self.summary.clone_from(summary);
                self.aftermath = *aftermath;
                self.ask_for_analysis(at);
            }
            Event::Took { aftermath, .. } => {
                self.aftermath = *aftermath;
                if self.analysis == Analysis::NotDue {
                    self.ask_for_analysis(at);
                }
            }
            Event::Reopened { .. } => {
                self.turn(Status::Investigating, at);
                self.ended_at = None;
                self.cancelled_because = None;
                self.merged_into = None;
                self.reminded.clear();
                if matches!(self.analysis, Analysis::Due { .. }) {
                    self.analysis = Analysis::NotDue;
                }
            }
            Event::Cancelled { because, .. } => {
                self.turn(Status::Cancelled, at);
                self.ended_at = Some(at);
                self.cancelled_because = Some(because.clone());
            }
            Event::MergedInto { into, with_actions, .. } => {
                for action in self
                    .actions
                    .iter_mut()
                    .filter(|action| *with_actions && action.is_open())
                {
                    action.moved = Some(*into);
                }
                self.turn(Status::Merged, at);
                self.ended_at = Some(at);
                self.merged_into = Some(*into);
            }
            Event::Absorbed { alerts, actions, .. } => {
                self.actions.extend(actions.iter().cloned());
                for alert in alerts {
                    self.link(*alert);
                }
            }
            Event::Reminded { of } => {
                self.reminded.insert(*of, at);
                if *of == Nag::Action {
                    self.remind_of_actions(at);
                }
                if self.snoozed.is_some_and(|(snoozed, _)| snoozed == *of) {
                    self.snoozed = None;
                }
            }
            Event::Snoozed { of, until, .. } => self.snoozed = Some((*of, *until)),
            Event::NagSwitched { of, on, .. } => {
                if *on {
                    self.muted.remove(of);
                } else {
                    self.muted.insert(*of);
                }
            }
            Event::AnalysisLinked { link, .. } => self.analysis = Analysis::Written { link: link.clone() },
            Event::AnalysisDeclined { because, .. } => {
                self.analysis = Analysis::Declined {
                    because: because.clone(),
                }
            }
            Event::Followed { .. } | Event::FollowerPosted { .. } | Event::Unfollowed { .. } => self.follow(event),
        }
        if event.is_told() {
            self.revision += 1;
            self.timeline.push(Moment {
                at,
                what: event.clone(),
            });
        }
    }

    fn turn(&mut self, to: Status, at: DateTime<Utc>) {
        if matches!(to, Status::Identified | Status::Monitoring) {
            self.identified_at.get_or_insert(at);
        }
        self.status = to;
        self.status_since = at;
        self.heard(at);
    }

    /// Somebody did something about it.
    fn answered(&mut self, at: DateTime<Utc>) {
        self.acknowledged_at.get_or_insert(at);
    }

    /// Readers have heard something: what they wait for begins anew.
    fn heard(&mut self, at: DateTime<Utc>) {
        self.reminded.insert(Nag::Update, at);
        if self.snoozed.is_some_and(|(of, _)| of == Nag::Update) {
            self.snoozed = None;
        }
    }

    fn link(&mut self, alert: AlertId) {
        if !self.alerts.contains(&alert) {
            self.alerts.push(alert);
        }
    }

    /// Somebody has to find out why, where its end wants that and nobody has yet.
    fn ask_for_analysis(&mut self, at: DateTime<Utc>) {
        if self.owes_analysis() && matches!(self.analysis, Analysis::NotDue | Analysis::Due { .. }) {
            let by = at + self.cadence.analysis();
            self.analysis = Analysis::Due { by };
        }
    }

    /// Whether somebody has to find out why.
    fn owes_analysis(&self) -> bool {
        self.aftermath.needs_analysis() || self.severity <= Severity::Sev2
    }
}

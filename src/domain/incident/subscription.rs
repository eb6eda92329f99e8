//! Who wants to hear of which incidents, and how much.
//!
//! A subscription outlives incidents, so it has a history of its own. Asking twice for the same and giving back what one
//! does not have are no errors: nothing changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Event, Incident, Recipient, Severity};
use crate::domain::ids::{IncidentId, SubscriptionId, TeamId, UserId};
use crate::domain::roster::fold;

/// Who wants to hear of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Who: a person, or everybody who reads a channel.
    pub who: Recipient,
    /// Of what.
    pub to: Topic,
    /// How much.
    pub level: Level,
}

/// What one can subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// One incident.
    Incident(IncidentId),
    /// Every incident of a team.
    Team(TeamId),
    /// Every incident of a service.
    Service(String),
    /// Every incident that is at least so bad.
    Severity(Severity),
    /// Every incident that customers notice.
    Customers,
    /// Every incident.
    All,
}

/// How much somebody wants to hear; each level has what is above it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// That it is over.
    Resolved,
    /// How far it has come.
    Status,
    /// Every update.
    #[default]
    Updates,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Resolved, Self::Status, Self::Updates];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Status => "status",
            Self::Updates => "updates",
        }
    }

    /// Whether somebody who wants so much wants to hear of this.
    pub fn wants(self, what: &Event) -> bool {
        match self {
            Self::Updates => what.is_news(),
            Self::Status => what.is_turn() || matches!(what, Event::SeverityChanged { .. }),
            Self::Resolved => matches!(
                what,
                Event::Resolved { .. } | Event::Reopened { .. } | Event::Cancelled { .. } | Event::MergedInto { .. }
            ),
        }
    }
}

impl Topic {
    /// Whether an incident is of this kind.
    pub fn fits(&self, incident: &Incident) -> bool {
        match self {
            Self::Incident(id) => incident.id == *id,
            Self::Team(team) => incident.team.as_ref() == Some(team),
            Self::Service(service) => {
                let wanted = fold(service);
                incident.services.iter().any(|known| fold(known) == wanted)
            }
            Self::Severity(severity) => incident.severity <= *severity,
            Self::Customers => incident.scope.is_some(),
            Self::All => true,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Service(one), Self::Service(other)) => fold(one) == fold(other),
            _ => self == other,
        }
    }
}

/// One fact about one subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Change {
    /// It begins, or wants more or less from now on.
    Subscribed {
        /// Who asked for it.
        by: UserId,
        /// What it is.
        what: Subscription,
    },
    /// It is over.
    Ended {
        /// Who said so.
        by: UserId,
    },
}

/// Every subscription that holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscriptions {
    all: BTreeMap<SubscriptionId, Subscription>,
    last: u64,
}

impl Subscriptions {
    /// None, and the next id follows `last`.
    pub fn after(last: u64) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// One of them.
    pub fn get(&self, id: SubscriptionId) -> Option<&Subscription> {
        self.all.get(&id)
    }

    /// Each of them, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Subscription> {
        self.all.values()
    }

    /// What follows when somebody wants to hear so much of something, or nothing more; nothing when it is so already.
    pub(in crate::domain) fn decide(
        &self,
        by: &UserId,
        who: &Recipient,
        to: &Topic,
        level: Option<Level>,
    ) -> Option<(SubscriptionId, Change)> {
        let mut same = self.all.iter().filter(|(_, it)| it.who == *who && it.to.is_same(to));
        let known = same.next().map(|(id, it)| (*id, it));
        let by = by.clone();
        match level {
            None => known.map(|(id, _)| (id, Change::Ended { by })),
            Some(level) if known.is_some_and(|(_, it)| it.level == level) => None,
            Some(level) => {
                let id = known.map_or(SubscriptionId(self.last + 1), |(id, _)| id);
                let what = Subscription {
                    who: who.clone(),
                    to: to.clone(),
                    level,
                };
                Some((id, Change::Subscribed { by, what }))
            }
        }
    }

    /// Takes in what happened. Total.
    pub fn apply(&mut self, id: SubscriptionId, change: &Change) {
        self.last = self.last.max(id.0);
        match change {
            Change::Subscribed { what, .. } => {
                self.all.insert(id, what.clone());
            }
            Change::Ended { .. } => {
                self.all.remove(&id);
            }
        }
    }

    /// Takes one in, as a snapshot kept it.
    pub fn recall(&mut self, id: SubscriptionId, known: Subscription) {
        self.last = self.last.max(id.0);
        self.all.insert(id, known);
    }

    /// Everybody who wants to hear of an incident, each with the most they asked for. `standing` are those of the
    /// configuration.
    pub fn of(&self, incident: &Incident, standing: &[Subscription]) -> BTreeMap<Recipient, Level> {
        let mut found: BTreeMap<Recipient, Level> = BTreeMap::new();
        let all = self.all.values().chain(standing).filter(|it| it.to.fits(incident));
        for it in all.filter(|it| !incident.left.contains(it.who.key())) {
            let level = found.entry(it.who.clone()).or_insert(it.level);
            *level = it.level.max(*level);
        }
        found
    }
}

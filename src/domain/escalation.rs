//! Who is paged, in which order, and how long each level is given.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::ids::{ChannelId, TeamId, UserId};
use super::rotation::Member;

/// Levels that are paged one after the other; after the last the policy repeats, then it is exhausted.
///
/// An alert carries the policy that stood when it was raised; the people are found when each page goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// From the first to be paged to the last.
    pub levels: Vec<Level>,
    /// How many more times the levels are walked after the first.
    #[serde(default)]
    pub repeat: u32,
}

/// One level: everybody in it is paged at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Who is paged.
    pub targets: Vec<Target>,
    /// How long to wait for an answer, in whole seconds.
    pub wait_seconds: u32,
}

impl Level {
    /// How long to wait for an answer.
    pub fn wait(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.wait_seconds))
    }
}

/// Whom a level pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Whoever is on call in this rotation of the team.
    Rotation(String),
    /// One person.
    Person(Member),
    /// A channel, by the id it had when the configuration was read, or by the name nobody found.
    Channel(Result<ChannelId, String>),
    /// Whoever the first level of another team pages.
    Team(TeamId),
}

/// Who receives a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A person, by direct message.
    Person(UserId),
    /// Everybody who reads a channel.
    Channel(ChannelId),
}

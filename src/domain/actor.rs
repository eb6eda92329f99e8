//! Who did something: a person, or a program that watches something.

use serde::{Deserialize, Serialize};

use super::ids::UserId;

/// Who did something. People are stored as their bare id, as they were before programs could do anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Actor {
    /// A person.
    Person(UserId),
    /// A program: a monitor that posts in a channel, a script on the command line.
    Source {
        /// What people call it. Foreign text.
        source: String,
    },
}

impl Actor {
    /// A program of that name.
    pub fn source(name: impl Into<String>) -> Self {
        Self::Source { source: name.into() }
    }

    /// The person, when it is one.
    pub fn person(&self) -> Option<&UserId> {
        match self {
            Self::Person(user) => Some(user),
            Self::Source { .. } => None,
        }
    }

    /// Whether it is this person.
    pub fn is(&self, user: &UserId) -> bool {
        self.person() == Some(user)
    }
}

impl From<&UserId> for Actor {
    fn from(user: &UserId) -> Self {
        Self::Person(user.clone())
    }
}

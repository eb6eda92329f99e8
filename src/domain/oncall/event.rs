//! What can have happened to an override. Stored for ever: a field may be added with a default, never renamed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Kind, Override, Part, Standing};
use crate::domain::ids::{MessageRef, OverrideId, UserId};

/// One fact about one override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody is on call in somebody else's place.
    Made {
        /// Who said so.
        by: UserId,
        /// What it is.
        kind: Kind,
        /// For which times.
        parts: Vec<Part>,
    },
    /// Somebody asks somebody else.
    Asked {
        /// Who asks.
        by: UserId,
        /// For what.
        kind: Kind,
        /// For which times.
        parts: Vec<Part>,
    },
    /// Somebody agreed: from now on it holds.
    Agreed {
        /// Who.
        by: UserId,
    },
    /// Whoever took a cover gives it back: it is asked for again.
    GivenBack {
        /// Who.
        by: UserId,
    },
    /// The other one does not want to swap.
    Declined {
        /// Who.
        by: UserId,
    },
    /// It does not hold any more.
    Cancelled {
        /// Who said so.
        by: UserId,
    },
    /// Nobody agreed before it began.
    Lapsed,
    /// Its time is over: whoever was unavailable no longer is.
    Ended,
    /// A message that asks for it stands.
    AskPosted {
        /// Where.
        at: MessageRef,
    },
}

impl Override {
    /// The override that an event begins; none for any other.
    pub fn begin(id: OverrideId, event: &Event, at: DateTime<Utc>) -> Option<Self> {
        let (by, kind, parts, standing) = match event {
            Event::Made { by, kind, parts } => (by, kind, parts, Standing::Agreed),
            Event::Asked { by, kind, parts } => (by, kind, parts, Standing::Asked),
            _ => return None,
        };
        Some(Self {
            id,
            kind: kind.clone(),
            by: by.clone(),
            at,
            parts: parts.clone(),
            standing,
            asks: Vec::new(),
        })
    }

    /// Takes in what happened.
    pub(super) fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::Agreed { by } => {
                self.standing = Standing::Agreed;
                for part in &mut self.parts {
                    if matches!(self.kind, Kind::Cover { .. }) {
                        part.who = Some(by.clone());
                    }
                    // What has passed stays as it was.
                    part.from = part.from.max(at).min(part.until);
                }
            }
            Event::GivenBack { .. } => {
                self.standing = Standing::Asked;
                for part in &mut self.parts {
                    part.who = None;
                }
            }
            Event::Declined { .. } | Event::Cancelled { .. } | Event::Lapsed | Event::Ended => {
                self.standing = Standing::Off;
            }
            Event::AskPosted { at } => self.asks.push(at.clone()),
            Event::Made { .. } | Event::Asked { .. } => {}
        }
    }
}

//! What words turned out to be, part by part of a pattern.

use std::fmt;

use chrono::TimeDelta;

use crate::command::time::Moment;
use crate::command::words::quote;
use crate::domain::ids::{AlertId, IncidentId, OverrideId, RunId, RunbookId, TeamId, UserId};
use crate::domain::incident::{Severity, Status, Topic};
use crate::domain::priority::Priority;

/// Words that fit a pattern; prints as a line that reads as the same again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::command) struct Matched {
    pub(super) pieces: Vec<Piece>,
}

/// What one part of a pattern took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Alert(AlertId),
    Team(TeamId),
    Person(UserId),
    /// Whoever speaks.
    Me,
    Priority(Priority),
    Duration(TimeDelta),
    Text(String),
    Word(String),
    Rotation(String),
    Time(Moment),
    Override(OverrideId),
    Days(u32),
    Incident(IncidentId),
    Severity(Severity),
    Status(Status),
    Role(String),
    Template(String),
    Number(usize),
    Topic(Topic),
    Link(String),
    Run(RunId),
    Runbook(RunbookId),
}

impl Matched {
    pub(in crate::command) fn alert(&self) -> Option<AlertId> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Alert(id) => Some(*id),
            _ => None,
        })
    }

    /// Every alert that was named, each once.
    pub(in crate::command) fn alerts(&self) -> Vec<AlertId> {
        let mut alerts = Vec::new();
        for piece in &self.pieces {
            if let Piece::Alert(id) = piece
                && !alerts.contains(id)
            {
                alerts.push(*id);
            }
        }
        alerts
    }

    pub(in crate::command) fn person(&self) -> Option<&UserId> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Person(id) => Some(id),
            _ => None,
        })
    }

    /// The person that was named; `by` who speaks where they said `me`.
    pub(in crate::command) fn person_or(&self, by: &UserId) -> Option<UserId> {
        let is_me = || self.pieces.iter().any(|piece| matches!(piece, Piece::Me));
        self.person().cloned().or_else(|| is_me().then(|| by.clone()))
    }

    pub(in crate::command) fn team(&self) -> Option<&TeamId> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Team(id) => Some(id),
            _ => None,
        })
    }

    pub(in crate::command) fn priority(&self) -> Option<Priority> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Priority(priority) => Some(*priority),
            _ => None,
        })
    }

    pub(in crate::command) fn duration(&self) -> Option<TimeDelta> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Duration(length) => Some(*length),
            _ => None,
        })
    }

    pub(in crate::command) fn rotation(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Rotation(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Every time, in order.
    pub(in crate::command) fn times(&self) -> Vec<Moment> {
        let times = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Time(moment) => Some(*moment),
            _ => None,
        });
        times.collect()
    }

    pub(in crate::command) fn override_id(&self) -> Option<OverrideId> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Override(id) => Some(*id),
            _ => None,
        })
    }

    pub(in crate::command) fn run(&self) -> Option<RunId> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Run(id) => Some(*id),
            _ => None,
        })
    }

    pub(in crate::command) fn runbook(&self) -> Option<&RunbookId> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Runbook(id) => Some(id),
            _ => None,
        })
    }

    pub(in crate::command) fn days(&self) -> Option<u32> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Days(days) => Some(*days),
            _ => None,
        })
    }

    /// The first incident that was named.
    pub(in crate::command) fn incident(&self) -> Option<IncidentId> {
        self.incidents().first().copied()
    }

    /// Every incident that was named, in order.
    pub(in crate::command) fn incidents(&self) -> Vec<IncidentId> {
        let ids = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Incident(id) => Some(*id),
            _ => None,
        });
        ids.collect()
    }

    pub(in crate::command) fn severity(&self) -> Option<Severity> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Severity(severity) => Some(*severity),
            _ => None,
        })
    }

    pub(in crate::command) fn status(&self) -> Option<Status> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Status(status) => Some(*status),
            _ => None,
        })
    }

    pub(in crate::command) fn role(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Role(role) => Some(role.as_str()),
            _ => None,
        })
    }

    pub(in crate::command) fn template(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Template(name) => Some(name.as_str()),
            _ => None,
        })
    }

    pub(in crate::command) fn link(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Link(link) => Some(link.as_str()),
            _ => None,
        })
    }

    pub(in crate::command) fn topic(&self) -> Option<&Topic> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Topic(topic) => Some(topic),
            _ => None,
        })
    }

    pub(in crate::command) fn number(&self) -> Option<usize> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Number(number) => Some(*number),
            _ => None,
        })
    }

    pub(in crate::command) fn text(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    pub(in crate::command) fn word(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Word(word) => Some(word.as_str()),
            _ => None,
        })
    }

    /// Whether a word of the pattern was said.
    pub(in crate::command) fn says(&self, word: &str) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Literal(said) if said == word))
    }
}

impl fmt::Display for Matched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            match piece {
                Piece::Literal(word) | Piece::Word(word) => f.write_str(word)?,
                Piece::Alert(id) => write!(f, "{id}")?,
                Piece::Team(id) => write!(f, "{id}")?,
                Piece::Person(id) => write!(f, "{id}")?,
                Piece::Me => f.write_str("me")?,
                Piece::Priority(priority) => write!(f, "{priority}")?,
                Piece::Duration(length) => write!(f, "{}s", length.num_seconds())?,
                Piece::Time(moment) => write!(f, "{moment}")?,
                Piece::Override(id) => write!(f, "{id}")?,
                Piece::Days(days) => write!(f, "{days}")?,
                Piece::Incident(id) => write!(f, "{id}")?,
                Piece::Severity(severity) => write!(f, "{severity}")?,
                Piece::Status(status) => write!(f, "{status}")?,
                Piece::Rotation(name) | Piece::Role(name) | Piece::Template(name) => f.write_str(name)?,
                Piece::Number(number) => write!(f, "{number}")?,
                Piece::Link(link) => f.write_str(link)?,
                Piece::Topic(topic) => match topic {
                    Topic::Incident(id) => write!(f, "{id}")?,
                    Topic::Team(id) => write!(f, "{id}")?,
                    Topic::Service(name) => write!(f, "service {name}")?,
                    Topic::Severity(severity) => write!(f, "{severity}")?,
                    Topic::Customers => f.write_str("customers")?,
                    Topic::All => f.write_str("all")?,
                },
                Piece::Run(id) => write!(f, "{id}")?,
                Piece::Runbook(id) => write!(f, "{id}")?,
                Piece::Text(text) => f.write_str(&quote(text))?,
            }
        }
        Ok(())
    }
}

//! What a run means to whatever it is for: that it began, and how it ended.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::domain::ids::{RunId, UserId};

/// What an alert or an incident keeps of a run. Stored for ever: a field may be added with a default, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Who did it.
    pub by: UserId,
    /// Which run.
    pub run: RunId,
    /// What its runbook is called.
    pub title: String,
    /// Whether nothing of it is real.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    /// What.
    pub turn: Turn,
}

/// How a run goes, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It began.
    Started,
    /// It came to its end.
    Finished,
    /// It was stopped.
    Stopped {
        /// Why.
        because: String,
    },
}

impl Run {
    /// That it began.
    pub fn beginning(&self) -> Chapter {
        self.chapter(&self.by, Turn::Started)
    }

    /// How it ended; none while it goes on.
    pub fn end(&self) -> Option<Chapter> {
        let ended = self.ended.as_ref()?;
        let turn = match &ended.because {
            Some(because) => Turn::Stopped {
                because: because.clone(),
            },
            None => Turn::Finished,
        };
        Some(self.chapter(&ended.by, turn))
    }

    fn chapter(&self, by: &UserId, turn: Turn) -> Chapter {
        Chapter {
            by: by.clone(),
            run: self.id,
            title: self.runbook.title.clone(),
            practice: self.practice,
            turn,
        }
    }
}

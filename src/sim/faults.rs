//! What goes wrong, on request. Each fault happens once; ask for it as often as it is to happen.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One thing that goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A call of this method is answered with 429.
    RateLimit {
        /// Slack's name of the method.
        method: &'static str,
        /// `Retry-After`, in seconds.
        seconds: u32,
    },
    /// A call of this method is answered with 500 and has no effect.
    ServerError {
        /// Slack's name of the method.
        method: &'static str,
    },
    /// A call of this method has its effect, and its answer is a 500.
    ErrorAfterEffect {
        /// Slack's name of the method.
        method: &'static str,
    },
    /// A call of this method is refused with a code.
    Refuse {
        /// Slack's name of the method.
        method: &'static str,
        /// Slack's code.
        code: &'static str,
    },
    /// A call of this method takes longer, in machine time.
    Slow {
        /// Slack's name of the method.
        method: &'static str,
        /// How much longer.
        by: Duration,
    },
    /// The next envelope is sent twice.
    Duplicate,
    /// The connection is cut in the middle of the frame that carries the next envelope.
    CutFrame,
    /// The connection is cut right after the next envelope is written.
    CutAfterFrame,
    /// The next envelope is delivered and its acknowledgement is ignored.
    LoseAcknowledgement,
}

impl Fault {
    /// The method it is about.
    pub(super) fn method(&self) -> Option<&'static str> {
        match self {
            Self::RateLimit { method, .. }
            | Self::ServerError { method }
            | Self::ErrorAfterEffect { method }
            | Self::Refuse { method, .. }
            | Self::Slow { method, .. } => Some(method),
            Self::Duplicate | Self::CutFrame | Self::CutAfterFrame | Self::LoseAcknowledgement => None,
        }
    }
}

/// What goes wrong until it is mended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weather {
    /// Nothing.
    #[default]
    Fair,
    /// Every message is one too many: 429, and again in five seconds.
    RateLimited,
    /// Nobody is home: every call is answered with 503, and nobody can connect.
    Down,
}

/// Why Slack closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disconnect {
    /// It will, in ten seconds.
    Warning,
    /// It does now; a new one is to be opened.
    RefreshRequested,
    /// Socket Mode was switched off.
    LinkDisabled,
    /// There are too many.
    TooManyWebsockets,
    /// Something nobody has documented.
    Unknown,
    /// Without a word.
    Silent,
}

impl Disconnect {
    pub(super) fn reason(self) -> Option<&'static str> {
        match self {
            Self::Warning => Some("warning"),
            Self::RefreshRequested => Some("refresh_requested"),
            Self::LinkDisabled => Some("link_disabled"),
            Self::TooManyWebsockets => Some("too_many_websockets"),
            Self::Unknown => Some("server_maintenance"),
            Self::Silent => None,
        }
    }
}

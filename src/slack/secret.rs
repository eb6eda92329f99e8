//! Strings that must not be seen: tokens, and URLs that work without one.
//!
//! They have no `Display`, and their `Debug` shows nothing but that there is something. A [`ResponseUrl`] may be stored
//! (the outbox has to survive a restart), a [`Secret`] may not.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A token. To use it, say so: [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a token; spaces and line ends around it, as copying leaves them, are dropped.
    pub fn new(value: &str) -> Self {
        Self(value.trim().to_owned())
    }

    /// The token itself, for the `Authorization` header only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() {
            "Secret(empty)"
        } else {
            "Secret(…)"
        })
    }
}

/// Where a slash command or a click may be answered without a token: five times within half an hour.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct ResponseUrl(String);

impl ResponseUrl {
    /// Wraps the URL as Slack sent it; whether it can be used shows when it is.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The URL itself, for sending to it only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() {
            "ResponseUrl(empty)"
        } else {
            "ResponseUrl(…)"
        })
    }
}

//! Pieces that several kinds of payload have in common.

use serde::Deserialize;
use serde_json::Value;

use crate::slack::lenient::{filled, lenient};

/// A name of Slack's that goes into a log line: short, and nothing in it that could be somebody's words.
pub(super) fn name(kind: &str) -> String {
    const LONGEST: usize = 60;
    let clean: String = kind
        .chars()
        .take(LONGEST)
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || "_.-/ ".contains(letter) {
                letter
            } else {
                '?'
            }
        })
        .collect();
    filled(clean).unwrap_or_else(|| "nameless".to_owned())
}

/// Something Slack sends either as an id or as an object with one.
#[derive(Deserialize, Default)]
#[serde(from = "Value")]
pub(super) struct Id(pub(super) String);

impl From<Value> for Id {
    fn from(value: Value) -> Self {
        let id = match value {
            Value::String(id) => id,
            other => other.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        Self(id)
    }
}

/// Who did it, as interactive payloads say.
#[derive(Deserialize, Default)]
pub(super) struct Person {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) team_id: Option<String>,
}

/// A conversation, as interactive payloads say.
#[derive(Deserialize, Default)]
pub(super) struct Conversation {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) name: String,
}

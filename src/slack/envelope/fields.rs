//! Reading fields so that none can fail its neighbours.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// For `#[serde(default, deserialize_with = …)]`: a field of another type, or null, is empty.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// A whole payload; one that is no JSON object reads like an empty one.
pub(super) fn whole<T: DeserializeOwned + Default>(payload: Value) -> T {
    serde_json::from_value(payload).unwrap_or_default()
}

/// An empty string is as good as none.
pub(super) fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

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

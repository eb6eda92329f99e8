//! A view as Slack sends it back, and what people put into its fields.
//!
//! Deliberately absent: rich text inputs and files, which no form of ours has; they read as [`FieldValue::Empty`].

use std::collections::BTreeMap;

use crate::slack::lenient::{filled, lenient};
use serde::Deserialize;
use serde_json::Value;

/// A modal or a Home tab, and what is filled in.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
pub struct ViewRef {
    /// Which one, for `views.update`.
    #[serde(default, deserialize_with = "lenient")]
    pub id: String,
    /// `modal` or `home`.
    #[serde(default, deserialize_with = "lenient", rename = "type")]
    pub kind: String,
    /// Our name for this kind of view.
    #[serde(default, deserialize_with = "lenient", rename = "callback_id")]
    pub callback: String,
    /// What we put in when we drew it; not shown, but no secret either.
    #[serde(default, deserialize_with = "lenient")]
    pub private_metadata: String,
    /// The state it is in, to be given back with an update.
    #[serde(default, deserialize_with = "lenient")]
    pub hash: Option<String>,
    /// What is filled in, by `block_id`. A block with several elements keeps the first that is not empty, so give each
    /// field its own block.
    #[serde(default, deserialize_with = "values", rename = "state")]
    pub values: BTreeMap<String, FieldValue>,
}

/// What somebody put into a field.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum FieldValue {
    /// Typed text, numbers and addresses included.
    Text(String),
    /// The value of the option that was picked.
    Choice(String),
    /// The values of the options that were picked.
    Choices(Vec<String>),
    /// A person's id.
    User(String),
    /// Ids of people.
    Users(Vec<String>),
    /// Id of a channel or of another conversation.
    Channel(String),
    /// Ids of channels or of other conversations.
    Channels(Vec<String>),
    /// A day, as `2026-11-21`.
    Date(String),
    /// A time of day, as `14:30`.
    Time(String),
    /// An instant, in seconds since 1970.
    Moment(i64),
    /// Nothing.
    #[default]
    Empty,
}

/// One element of a block: in `state.values` of a view, or in `actions` of a click. Which field is there depends on what
/// the element is.
#[derive(Deserialize, Default)]
pub(super) struct Element {
    #[serde(default, deserialize_with = "lenient")]
    value: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_option: Option<Choice>,
    #[serde(default, deserialize_with = "lenient")]
    selected_options: Vec<Choice>,
    #[serde(default, deserialize_with = "lenient")]
    selected_user: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_users: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_conversation: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_conversations: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_channel: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_channels: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_date: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_time: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    selected_date_time: Option<i64>,
}

#[derive(Deserialize, Default)]
struct Choice {
    #[serde(default, deserialize_with = "lenient")]
    value: String,
}

impl Element {
    /// What is in it.
    pub(super) fn field(self) -> FieldValue {
        let one = |text: Option<String>, what: fn(String) -> FieldValue| text.and_then(filled).map(what);
        let many = |ids: Vec<String>, what: fn(Vec<String>) -> FieldValue| (!ids.is_empty()).then(|| what(ids));
        let choices = self.selected_options.into_iter().map(|choice| choice.value).collect();
        one(self.value, FieldValue::Text)
            .or_else(|| one(self.selected_option.map(|choice| choice.value), FieldValue::Choice))
            .or_else(|| many(choices, FieldValue::Choices))
            .or_else(|| one(self.selected_user, FieldValue::User))
            .or_else(|| many(self.selected_users, FieldValue::Users))
            .or_else(|| one(self.selected_conversation, FieldValue::Channel))
            .or_else(|| many(self.selected_conversations, FieldValue::Channels))
            .or_else(|| one(self.selected_channel, FieldValue::Channel))
            .or_else(|| many(self.selected_channels, FieldValue::Channels))
            .or_else(|| one(self.selected_date, FieldValue::Date))
            .or_else(|| one(self.selected_time, FieldValue::Time))
            .or_else(|| self.selected_date_time.map(FieldValue::Moment))
            .unwrap_or_default()
    }

    /// The one value of a click; picking several has none, they are in the view's `values`.
    pub(super) fn single(self) -> Option<String> {
        match self.field() {
            FieldValue::Text(value)
            | FieldValue::Choice(value)
            | FieldValue::User(value)
            | FieldValue::Channel(value)
            | FieldValue::Date(value)
            | FieldValue::Time(value) => Some(value),
            FieldValue::Moment(seconds) => Some(seconds.to_string()),
            FieldValue::Choices(_) | FieldValue::Users(_) | FieldValue::Channels(_) | FieldValue::Empty => None,
        }
    }
}

/// Reads `state`, which is null in a view without inputs.
fn values<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, FieldValue>, D::Error> {
    let state = Value::deserialize(deserializer)?;
    let blocks = state.get("values").and_then(Value::as_object);
    Ok(blocks
        .into_iter()
        .flatten()
        .map(|(block, elements)| {
            let filled_in = elements
                .as_object()
                .into_iter()
                .flatten()
                .map(|(_, element)| {
                    serde_json::from_value::<Element>(element.clone())
                        .unwrap_or_default()
                        .field()
                })
                .find(|field| *field != FieldValue::Empty);
            (block.clone(), filled_in.unwrap_or_default())
        })
        .collect())
}

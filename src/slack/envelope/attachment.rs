//! What programs attach to their messages: Slack's older form of a message, which most monitors still write.
//!
//! <https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments>
//!
//! Blocks are read for their words alone. Deliberately absent: images, buttons and everything else that says nothing.

use serde::Deserialize;
use serde_json::Value;

use crate::slack::lenient::{lenient, whole};

/// How many attachments of a message are read.
const ATTACHMENTS: usize = 20;
/// How many fields of an attachment are read.
const FIELDS: usize = 30;
/// How deep blocks may be nested, and how many texts are taken from them.
const DEPTH: usize = 8;
const TEXTS: usize = 200;

/// One attachment; its texts are Slack's markup.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Attachment {
    /// Its title.
    pub title: String,
    /// Its text: what stands above it, in it, and in its blocks.
    pub text: String,
    /// `good`, `warning`, `danger`, or like `#d00000` or `d00000`.
    pub colour: String,
    /// Its fields: name and value.
    pub fields: Vec<(String, String)>,
}

#[derive(Deserialize, Default)]
struct Wire {
    #[serde(default, deserialize_with = "lenient")]
    title: String,
    #[serde(default, deserialize_with = "lenient")]
    pretext: String,
    #[serde(default, deserialize_with = "lenient")]
    text: String,
    #[serde(default, deserialize_with = "lenient")]
    fallback: String,
    #[serde(default, deserialize_with = "lenient")]
    color: String,
    #[serde(default, deserialize_with = "lenient")]
    fields: Vec<Value>,
    #[serde(default, deserialize_with = "lenient")]
    blocks: Value,
}

#[derive(Deserialize, Default)]
struct Field {
    #[serde(default, deserialize_with = "lenient")]
    title: String,
    #[serde(default, deserialize_with = "lenient")]
    value: String,
}

/// Reads the attachments of a message.
pub(super) fn read(attachments: &Value) -> Vec<Attachment> {
    let attachments = attachments.as_array().into_iter().flatten().take(ATTACHMENTS);
    attachments
        .map(|wire| whole::<Wire>(wire.clone()))
        .map(|wire| {
            let said = [wire.pretext, wire.text, words(&wire.blocks)];
            let mut text = joined(said);
            if text.is_empty() {
                text = wire.fallback;
            }
            Attachment {
                title: wire.title,
                text,
                colour: wire.color,
                fields: wire
                    .fields
                    .into_iter()
                    .take(FIELDS)
                    .map(whole::<Field>)
                    .map(|field| (field.title, field.value))
                    .collect(),
            }
        })
        .collect()
}

/// Every text of blocks, a line each.
pub(super) fn words(blocks: &Value) -> String {
    let mut found = Vec::new();
    collect(blocks, DEPTH, &mut found);
    found.join("\n")
}

fn collect(value: &Value, depth: usize, found: &mut Vec<String>) {
    if depth == 0 || found.len() >= TEXTS {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth - 1, found)),
        Value::Object(object) => {
            for key in ["text", "fields", "elements"] {
                match object.get(key) {
                    Some(Value::String(text)) if !text.trim().is_empty() => found.push(text.clone()),
                    Some(inner) => collect(inner, depth - 1, found),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

fn joined(texts: [String; 3]) -> String {
    let texts: Vec<String> = texts.into_iter().filter(|text| !text.trim().is_empty()).collect();
    texts.join("\n")
}

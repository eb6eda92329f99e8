//! The outermost layer: which kind of frame this is, and the envelope's own fields.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Envelope, Inbound, fields, read_payload};
use crate::slack::lenient::lenient;

/// One text frame of a Socket Mode connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// The connection is up.
    Hello {
        /// How many connections the whole app has, this one included, as far as Slack says.
        connections: Option<usize>,
    },
    /// Slack is about to close this connection.
    Disconnect(DisconnectReason),
    /// Something to handle and to acknowledge.
    Envelope(Box<Envelope>),
    /// A frame without an envelope that we have no use for, or one that is not JSON.
    Other {
        /// Its type, or what it is instead.
        kind: String,
    },
}

/// Why Slack closes a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisconnectReason {
    /// In about ten seconds.
    Warning,
    /// Routine, every few hours.
    RefreshRequested,
    /// Socket Mode was switched off in the app's settings.
    LinkDisabled,
    /// The app has more connections than Slack allows (ten).
    TooManyWebsockets,
    /// One that is new to us; treated like a refresh.
    Other(String),
}

/// What surrounds a payload. The payload stays text until its kind is known, so that nothing in it can spoil this.
#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: String,
    #[serde(default, deserialize_with = "lenient")]
    envelope_id: String,
    #[serde(default, deserialize_with = "lenient")]
    accepts_response_payload: bool,
    #[serde(default, deserialize_with = "lenient")]
    retry_attempt: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    reason: String,
    #[serde(default, deserialize_with = "lenient")]
    num_connections: Option<usize>,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

/// Reads a text frame; total.
pub fn read(text: &str) -> Frame {
    let Ok(outer) = serde_json::from_str::<Outer<'_>>(text) else {
        return match salvaged_id(text) {
            Some(id) => unknown(&id, "a frame that is not JSON"),
            None => Frame::Other {
                kind: "a frame that is not JSON".to_owned(),
            },
        };
    };
    match outer.kind.as_str() {
        "hello" => {
            return Frame::Hello {
                connections: outer.num_connections,
            };
        }
        "disconnect" => return Frame::Disconnect(reason(&outer.reason)),
        kind if outer.envelope_id.is_empty() => {
            return Frame::Other {
                kind: fields::name(kind),
            };
        }
        _ => {}
    }
    let payload = outer
        .payload
        .map_or(Ok(Value::Null), |payload| serde_json::from_str(payload.get()));
    Frame::Envelope(Box::new(Envelope {
        id: outer.envelope_id,
        accepts_payload: outer.accepts_response_payload,
        retry_attempt: outer.retry_attempt,
        inbound: read_payload(&outer.kind, payload.unwrap_or_default()),
    }))
}

fn reason(reason: &str) -> DisconnectReason {
    match reason {
        "warning" => DisconnectReason::Warning,
        "refresh_requested" => DisconnectReason::RefreshRequested,
        "link_disabled" => DisconnectReason::LinkDisabled,
        "too_many_websockets" => DisconnectReason::TooManyWebsockets,
        other => DisconnectReason::Other(fields::name(other)),
    }
}

/// A broken frame whose envelope id can still be made out is acknowledged, or Slack would send it again.
fn salvaged_id(text: &str) -> Option<Cow<'_, str>> {
    const LONGEST: usize = 100;
    let after = text
        .split_once("\"envelope_id\"")?
        .1
        .trim_start()
        .strip_prefix(':')?
        .trim_start();
    let id = after.strip_prefix('"')?.split_once('"')?.0;
    let safe = id
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    (safe && !id.is_empty() && id.len() <= LONGEST).then_some(Cow::Borrowed(id))
}

fn unknown(id: &str, kind: &str) -> Frame {
    tracing::warn!(envelope.kind = kind, "no reader for {kind}; acknowledged and dropped");
    Frame::Envelope(Box::new(Envelope {
        id: id.to_owned(),
        accepts_payload: false,
        retry_attempt: None,
        inbound: Inbound::Unknown { kind: kind.to_owned() },
    }))
}

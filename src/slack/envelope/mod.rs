//! From a frame of text to an [`Envelope`]: what somebody did, in structs of our own.
//!
//! Reading is lenient. Fields we do not know are skipped; a field that is missing, null or of another type is empty; a
//! payload that lacks what makes it usable (who, where) or is of a kind we have no reader for is [`Inbound::Unknown`],
//! which is acknowledged like any other. So nothing Slack adds can stop the bot, and no frame can make it panic. Texts
//! come as Slack sent them: entities and mentions are `command`'s to read.
//!
//! One file per kind of payload. To read a new one: add the variant here, its file beside, its arm in `read_payload`
//! (or in `event` for an event of the Events API).

mod attachment;
mod event;
mod fields;
mod frame;
mod interactive;
mod slash;
mod view;

use serde_json::Value;

pub use attachment::Attachment;
pub use event::{Event, EventKind, Gone, Said};
pub use frame::{DisconnectReason, Frame, read};
pub use interactive::{
    Action, MessagePlace, MessageShortcut, QuotedMessage, Shortcut, Submission, Suggestion, ViewClosed,
};
pub use slash::Slash;
pub use view::{FieldValue, ViewRef};

/// One delivery of Slack's, to be acknowledged once on the connection it came in on.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Names this delivery; a repeated one has another id, so it is no key for recognising repetitions.
    pub id: String,
    /// Whether the acknowledgement may carry an answer.
    pub accepts_payload: bool,
    /// How often Slack tried before, for events; `None` where Slack does not say.
    pub retry_attempt: Option<u32>,
    /// What happened.
    pub inbound: Inbound,
}

/// What people do to the bot, and what happens around it.
#[derive(Clone, Debug, PartialEq)]
pub enum Inbound {
    /// A slash command was typed.
    Slash(Slash),
    /// A button was pressed or something was picked, in a message or a view.
    Action(Action),
    /// A form was submitted.
    Submission(Submission),
    /// A form was closed without submitting it.
    Closed(ViewClosed),
    /// A global shortcut was chosen.
    Shortcut(Shortcut),
    /// A shortcut was chosen on a message.
    MessageShortcut(MessageShortcut),
    /// Somebody types in a select that asks us for its options; the options go into the acknowledgement.
    Suggestion(Suggestion),
    /// Something happened that the app subscribed to.
    Event(Event),
    /// None of the above.
    Unknown {
        /// Slack's name for it, as far as there is one.
        kind: String,
    },
}

/// Sorts a payload by the envelope's type, and interactive ones by their own.
fn read_payload(envelope_type: &str, payload: Value) -> Inbound {
    let known = match envelope_type {
        "slash_commands" => slash::read(payload).map(Inbound::Slash),
        "events_api" => event::read(payload).map(Inbound::Event),
        "interactive" => interactive::read(payload),
        _ => Err(envelope_type.to_owned()),
    };
    known.unwrap_or_else(|kind| {
        let kind = fields::name(&kind);
        tracing::warn!(
            envelope.kind = kind,
            "no reader for {kind}; add an arm in src/slack/envelope/mod.rs"
        );
        Inbound::Unknown { kind }
    })
}

#[cfg(test)]
mod tests;

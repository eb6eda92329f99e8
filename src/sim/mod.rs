//! A Slack workspace in a box, on real sockets: for the tests, and for the demo.
//!
//! It imports nothing of ours and shares no type with our client: the two meet on the wire, or a wrong field name would
//! agree with itself. It is strict where Slack is: it installs `manifest.json`, so that an undeclared command cannot be
//! typed, a missing scope answers `missing_scope` and an event not subscribed is not sent; an unknown method or argument
//! fails; blocks, views and texts have Slack's limits; triggers last three seconds, response URLs half an hour and five
//! uses. What it dislikes it also writes down ([`Workspace::complaints`]).
//!
//! Acting and seeing are apart. A [`Person`] types, clicks, submits and reacts; each returns once the bot has
//! acknowledged. [`Workspace`] shows what became visible: channels, threads, direct messages, ephemerals, forms, and the
//! transcript of everything. Faults are part of it ([`Workspace::fault`]).
//!
//! Slack's time (triggers, rate limits, `ts`) is the caller's; the three seconds of an acknowledgement are the machine's.
//!
//! Deliberately absent: files of people, canvases, Enterprise organisations.

mod arguments;
mod blocks;
mod events;
mod faults;
mod forms;
mod keeping;
mod manifest;
mod markup;
mod message;
mod methods;
mod payloads;
mod person;
mod presses;
mod render;
mod server;
mod socket;
mod state;
mod visible;
mod workspace;

pub use faults::{Disconnect, Fault, Weather};
pub use forms::{Fill, Submitted};
pub use keeping::Kept;
pub use manifest::{MessageShortcut, SlashCommand};
pub use message::{File, Message, Reaction};
pub use person::{ActError, Person};
pub use presses::{Choice, Surface};
pub use socket::Delivered;
pub use state::{ApiCall, ChannelKind, Line, NewUser, OpenView};
pub use visible::{Group, Member, Place};
pub use workspace::{RateLimits, Setup, Workspace};

#[cfg(test)]
mod tests;

//! Slack on the wire, and nothing else: frames become [`Inbound`], a [`Call`] becomes an [`Answer`].
//!
//! This folder knows nothing of alerts. It has two directions that share only the workspace they talk to:
//!
//! - **in**: [`socket`] holds the Socket Mode connections, hands each envelope on as a [`Delivery`] and acknowledges it
//!   exactly once; [`envelope`] reads the payloads with structs of our own;
//! - **out**: [`call`] is what can be sent, as finished JSON that survives a restart; [`web`] sends it and sorts what
//!   comes back; `connector` is the HTTP underneath.
//!
//! # What `slack-morphism` does here, and what it does not
//!
//! It is the typed Web API client, running over an HTTP connector of ours. Left out, each after measuring it:
//!
//! - *its socket* (lost acknowledgements that shared a burst with a `disconnect`, waits for slow handlers, has no
//!   timeouts, closes a connection before it opens the next);
//! - *its HTTP client* (no timeouts, a second TLS provider) and *its rate control* (one post per second for the whole
//!   workspace); pace and repetition belong to the outbox, which is on disk;
//! - *its models of inbound payloads and lists* (fields we need are missing, and one strange neighbour fails a page).
//!
//! Time here is machine time only ([`crate::clock::monotonic`], [`crate::clock::pause`]): these are waits between real
//! machines. Nothing here logs a token, a URL with a ticket, or what people wrote.

pub mod call;
pub mod envelope;
#[cfg(test)]
mod fake;
mod lenient;
pub mod secret;
pub mod socket;
pub mod web;

pub use call::{Answer, Call, Message, Receipt, Replace};
pub use envelope::{Envelope, Inbound};
pub use secret::{ResponseUrl, Secret};
pub use socket::{Delivery, Reply, SocketStatus, Timings};
pub use web::{Web, WebError};

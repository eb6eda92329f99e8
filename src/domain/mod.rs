//! What is true and what is allowed.
//!
//! Invariant: no IO, no async, no clock, no randomness, no Slack vocabulary. Time and the [`roster::Roster`] are
//! arguments; people and places are opaque ids.

pub mod duration;
pub mod escalation;
pub mod ids;
pub mod priority;
pub mod roster;
pub mod rotation;
pub mod team;

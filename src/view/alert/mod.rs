//! Alerts as people see them: the card, the pages, the thread, the raiser's message, replies and lists.

mod announce;
mod card;
pub mod list;
pub mod reply;
pub mod show;
mod told;

pub use announce::{admit, announce};

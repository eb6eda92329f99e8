//! Alerts as people see them: the card, the pages, the thread, the raiser's message, replies and lists.

mod announce;
pub(super) mod card;
mod late;
pub mod list;
pub mod reply;
pub mod reported;
pub mod show;
pub mod similar;
mod told;

pub use announce::{announce, redrawn};
pub use late::admit;

//! Alerts as people see them: the card, the pages, the thread, the raiser's message, replies and lists.

mod announce;
mod calls;
mod card;
mod late;
pub mod list;
pub mod reply;
pub mod show;
mod told;

pub use announce::announce;
pub use late::admit;

//! Incidents: cards, what is told to whom, answers, forms, files.

mod announce;
mod card;
mod export;
mod list;
mod reply;
pub mod sheet;
mod show;
mod told;

pub use announce::announce;
pub use export::send as send_export;
pub use list::list;
pub use reply::{done, refused};
pub use show::{actions, roles, show, timeline};

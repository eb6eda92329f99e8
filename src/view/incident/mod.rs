//! Incidents: cards, what is told to whom, answers, forms, files.

mod announce;
mod card;
mod export;
mod list;
mod postmortem;
mod readers;
mod reply;
pub mod sheet;
mod show;
mod subscriptions;
mod told;

pub use announce::{announce, redrawn};
pub use export::send as send_export;
pub(in crate::view) use list::line;
pub use list::list;
pub use postmortem::{list as analyses, send as send_draft};
pub use reply::{done, refused};
pub use show::{actions, roles, show, timeline};
pub use subscriptions::list as subscriptions;

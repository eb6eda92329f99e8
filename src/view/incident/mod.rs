//! Incidents: cards, what is told to whom, answers, forms, files.

mod actions;
mod announce;
mod card;
mod export;
mod fields;
mod left;
mod list;
mod markdown;
mod postmortem;
mod readers;
mod refused;
mod reminder;
mod reply;
pub mod sheet;
mod show;
mod subscriptions;
mod template;
mod told;
mod updates;

pub use actions::{actions, due_of as actions_of, open as open_actions};
pub use announce::{announce, redrawn};
pub use export::send as send_export;
pub(in crate::view) use list::line;
pub use list::list;
pub use postmortem::{list as analyses, send as send_draft};
pub use refused::{Meant, show as refused, unclear, which};
pub use reply::{after_form, done, keeps};
pub use show::{roles, show, timeline};
pub use subscriptions::list as subscriptions;
pub use updates::list as updates;

//! What people see of runbooks: lists, the thread of a run, its forms, and what is said to whoever asks.

mod announce;
mod card;
pub mod form;
mod list;
mod offer;
mod reply;
mod rich;

pub use announce::{announce, of_alert};
pub use list::{history, line, mine, mistakes, runbook, runbooks, runs, status};
pub use offer::for_alert;
pub use reply::{done, no_runbook, refused};

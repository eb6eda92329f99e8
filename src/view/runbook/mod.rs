//! What people see of runbooks: lists, the thread of a run, its forms, and what is said to whoever asks.

mod announce;
mod card;
pub mod form;
mod history;
mod list;
mod offer;
mod reply;
mod review;
mod rich;
mod sending;
mod told;

pub use announce::announce;
pub use history::history;
pub use list::{mine, mistakes, runbook, runbooks, runs, status};
pub use offer::{for_alert, for_incident};
pub use reply::{done, no_runbook, refused};
pub use review::announce as announce_reviews;
pub use told::{chapter, left_of, of_alert, of_incident};

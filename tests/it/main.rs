//! The one integration binary: a module per behaviour.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod calendar;
mod docs;
mod forms;
mod holding;
mod home;
mod hostile;
mod house;
mod journal;
mod oncall;
mod operating;
mod process;
mod reporting;
mod runbooks;
mod sdk;
mod setting;
mod shortcuts;
mod stories;

//! The one integration binary: a module per behaviour.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod actions;
mod calendar;
mod docs;
mod duties;
mod forms;
mod gaps;
mod holding;
mod home;
mod hostile;
mod house;
mod incidents;
mod journal;
mod mentions;
mod oncall;
mod operating;
mod page;
mod process;
mod reporting;
mod rotations;
mod runbooks;
mod runs;
mod sdk;
mod setting;
mod shortcuts;
mod stories;
mod unavailable;

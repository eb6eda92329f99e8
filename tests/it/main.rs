//! The one integration binary: a module per behaviour.

mod docs;
mod holding;
mod house;
mod journal;
mod operating;

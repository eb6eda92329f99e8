//! The one integration binary: a module per behaviour.

mod docs;
mod house;
mod journal;
mod operating;

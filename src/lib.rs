//! Nightbell.

pub mod app;
pub mod clock;
pub mod command;
pub mod config;
pub mod demo;
pub mod directory;
pub mod domain;
pub mod engine;
pub mod outbox;
pub mod sim;
pub mod slack;
pub mod store;
pub mod view;

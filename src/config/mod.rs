//! What the operator says: one file, `nightbell.toml`, and a few variables of the environment.
//!
//! [`read()`] turns the text of the file into a [`File`], or into *all* of its [`Problems`] at once, each with its line, a
//! caret and a sentence about what would work. The tree is walked by hand instead of by `serde`, because `serde` stops at
//! the first mistake, and somebody who repairs a rota at night should have to do it once.
//!
//! The file names people and channels as people write them (`@ana`, `#ops`); this folder asks nobody who they are, so
//! that `nightbell check` needs no network. [`crate::directory`] finds them in the workspace later, and every such name
//! carries its [`Mark`], so that what is found out then can still point to the line.
//!
//! Secrets are deliberately absent from the file: a token that stands in it is a mistake, is not kept, and is starred out
//! of everything that is shown. Tokens come from the environment ([`environment`]).

pub mod environment;
mod file;
mod problem;
mod read;
pub mod starter;
mod suggest;
mod summary;
#[cfg(test)]
mod tests;

pub use environment::{Flags, Settings, SlackSettings, Token};
pub use file::{
    Change, ChannelReference, File, Freeze, GroupReference, Intake, Level, May, PersonReference, Policy, Rotation,
    Target, Team, Workspace,
};
pub use problem::{Colours, LoadError, Mark, Problem, Problems, Severity, Written};
pub use read::{load, load_shortcuts, read, read_shortcuts};
pub(crate) use suggest::did_you_mean;
pub use suggest::nearest;
pub use summary::{check, summary};

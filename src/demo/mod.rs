//! Nightbell without a Slack account: the real bot in a simulated workspace, on real sockets, with a clock moved by
//! hand. [`Live`] is a workspace that people look at in their browser (`page` draws it); [`play`] plays a short story and
//! returns what people would have read; the integration tests play theirs on the same [`Stage`].

mod live;
mod page;
mod showcase;
mod stage;
mod story;

pub use live::{Live, Options};
pub use stage::{Configuration, Scenery, Stage};
pub use story::play;

//! Nightbell without a Slack account: the real bot in a simulated workspace, on real sockets, with a clock moved by
//! hand. `nightbell demo` plays a short story and prints what people would have read; the integration tests play theirs
//! on the same [`Stage`].

mod stage;
mod story;

pub use stage::{Configuration, Stage};
pub use story::play;

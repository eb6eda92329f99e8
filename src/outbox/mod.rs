//! The one sender.

//! Nightbell.
fn main() {}

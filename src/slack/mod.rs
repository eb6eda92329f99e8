//! Slack on the wire.

//! Builds the parts, joins their tasks, owns shutdown.

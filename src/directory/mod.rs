//! People, channels and user groups of this workspace.

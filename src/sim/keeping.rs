//! What a workspace leaves behind, so that another with the same furniture can go on with it.

use serde::{Deserialize, Serialize};

use super::message::Message;
use super::render;
use super::workspace::Workspace;

/// What was said in a workspace.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    messages: Vec<Message>,
    /// User groups: id and members.
    groups: Vec<(String, Vec<String>)>,
    counter: u64,
    last_ts: i64,
}

impl Workspace {
    /// What was said here.
    pub fn keep(&self) -> Kept {
        self.look(|state| Kept {
            messages: state.messages.clone(),
            groups: state
                .groups
                .iter()
                .map(|(id, (.., members))| (id.clone(), members.clone()))
                .collect(),
            counter: state.counter,
            last_ts: state.last_ts,
        })
    }

    /// Goes on with what was said in a workspace that had the same people and channels.
    pub fn go_on_with(&self, kept: Kept) {
        self.change(|state, _| {
            let names = state.names();
            for mut message in kept.messages {
                state.revision += 1;
                message.revision = state.revision;
                message.reads = render::message(&message.text, message.blocks.as_ref(), &names);
                state.messages.push(message);
            }
            for (id, members) in kept.groups {
                if let Some(group) = state.groups.get_mut(&id) {
                    group.2 = members;
                }
            }
            state.counter = state.counter.max(kept.counter);
            state.last_ts = state.last_ts.max(kept.last_ts);
        });
    }

    /// How often messages have changed.
    pub fn revision(&self) -> u64 {
        self.look(|state| state.revision)
    }
}

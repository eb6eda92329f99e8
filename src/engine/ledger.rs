//! What the engine remembers of the outbox: how many calls wait for each alert, and which edit an edit replaces.
//!
//! The calls themselves are in the store and in the outbox's lanes; this is the little that deciding needs.

use std::collections::HashMap;

use crate::domain::ids::AlertId;
use crate::outbox::entry::Entry;
use crate::slack::call::Call;

/// Counts and edits of calls that are not settled.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    waiting: usize,
    about: HashMap<AlertId, usize>,
    edits: HashMap<(String, String), u64>,
    edit_of: HashMap<u64, (String, String)>,
    alert_of: HashMap<u64, AlertId>,
}

impl Ledger {
    /// Takes in an entry; returns the edit of the same message that it replaces.
    pub(super) fn add(&mut self, id: u64, entry: &Entry) -> Option<u64> {
        self.waiting += 1;
        if let Some(alert) = entry.about {
            *self.about.entry(alert).or_default() += 1;
            self.alert_of.insert(id, alert);
        }
        let Call::UpdateMessage { channel, ts, .. } = &entry.call else {
            return None;
        };
        let message = (channel.clone(), ts.clone());
        self.edit_of.insert(id, message.clone());
        let replaced = self.edits.insert(message, id);
        if let Some(older) = replaced {
            self.edit_of.remove(&older);
            self.remove(older);
        }
        replaced
    }

    /// Takes an entry out, whether it was delivered, refused or replaced.
    pub(super) fn settle(&mut self, id: u64) -> bool {
        if let Some(message) = self.edit_of.remove(&id) {
            self.edits.remove(&message);
        }
        self.remove(id)
    }

    fn remove(&mut self, id: u64) -> bool {
        self.waiting = self.waiting.saturating_sub(1);
        if let Some(alert) = self.alert_of.remove(&id)
            && let Some(count) = self.about.get_mut(&alert)
        {
            *count -= 1;
            if *count == 0 {
                self.about.remove(&alert);
            }
        }
        true
    }

    /// Whether a call about this alert is not settled.
    pub(super) fn waits_for(&self, alert: AlertId) -> bool {
        self.about.contains_key(&alert)
    }

    /// How many calls are not settled.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }
}

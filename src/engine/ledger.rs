//! What the engine remembers of calls that are not settled: which alert each is about, and which edit a newer one
//! replaces. The calls themselves are in the store and in the outbox's lanes.

use std::collections::HashMap;

use crate::domain::ids::AlertId;
use crate::outbox::Entry;
use crate::slack::Call;

/// Something that is drawn again and again: a message, by channel and `ts`, or somebody's Home tab.
type Place = (String, String);

/// Calls that are not settled.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    alert_of: HashMap<u64, AlertId>,
    waiting: HashMap<AlertId, usize>,
    edit_of: HashMap<u64, Place>,
    newest_edit: HashMap<Place, u64>,
}

impl Ledger {
    /// Takes in an entry; returns the edit of the same message that it replaces.
    pub(super) fn add(&mut self, id: u64, entry: &Entry) -> Option<u64> {
        if let Some(alert) = entry.about {
            *self.waiting.entry(alert).or_default() += 1;
            self.alert_of.insert(id, alert);
        }
        let place = match &entry.call {
            Call::UpdateMessage { channel, ts, .. } => (channel.clone(), ts.clone()),
            Call::PublishHome { user, .. } => ("home".to_owned(), user.clone()),
            _ => return None,
        };
        self.edit_of.insert(id, place.clone());
        let replaced = self.newest_edit.insert(place, id)?;
        self.edit_of.remove(&replaced);
        self.settle(replaced);
        Some(replaced)
    }

    /// Takes an entry out: it was delivered, refused or replaced. One that is not there changes nothing.
    pub(super) fn settle(&mut self, id: u64) {
        if let Some(place) = self.edit_of.remove(&id) {
            self.newest_edit.remove(&place);
        }
        let Some(alert) = self.alert_of.remove(&id) else { return };
        if let Some(count) = self.waiting.get_mut(&alert) {
            *count -= 1;
            if *count == 0 {
                self.waiting.remove(&alert);
            }
        }
    }

    /// Whether a call about this alert is not settled.
    pub(super) fn waits_for(&self, alert: AlertId) -> bool {
        self.waiting.contains_key(&alert)
    }
}

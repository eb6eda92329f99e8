//! The duty to acknowledge one envelope, exactly once.
//!
//! Room in the writer's queue is reserved when the envelope is read, so acknowledging never waits and never fails for
//! lack of room. Whoever takes the reserved room first decides: the handler, which acknowledges, the end of its patience, which does too, or
//! the drop, which leaves it unacknowledged.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::mpsc::OwnedPermit;

/// The text of an acknowledgement, on its way to the writer.
pub(super) type Acknowledgement = String;

/// Acknowledges one envelope, and never does when dropped. Not `Clone`: there is one acknowledgement.
pub struct Reply(Arc<Slot>);

/// What became of the answer an acknowledgement was to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It went along.
    Payload,
    /// The envelope accepts none: acknowledged bare; the answer has to take another way.
    Bare,
    /// The envelope had been acknowledged bare already, because it took too long.
    Late,
    /// The connection is gone, and the acknowledgement with it.
    Lost,
}

/// Shared by a [`Reply`] and by the writer, which holds it weakly to end its patience.
pub(super) struct Slot {
    envelope: String,
    accepts_payload: bool,
    room: Mutex<Option<OwnedPermit<Acknowledgement>>>,
}

impl Slot {
    pub(super) fn new(envelope: String, accepts_payload: bool, room: OwnedPermit<Acknowledgement>) -> Arc<Self> {
        Arc::new(Self {
            envelope,
            accepts_payload,
            room: Mutex::new(Some(room)),
        })
    }

    /// Acknowledges if nobody has; the first to call wins.
    pub(super) fn settle(&self, payload: Option<Value>) -> Carried {
        // A panic elsewhere leaves the option whole, so a poisoned lock is as good as any.
        let room = self.room.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(room) = room else { return Carried::Late };
        let mut acknowledgement = json!({"envelope_id": self.envelope});
        let carried = match payload {
            Some(payload) if self.accepts_payload => {
                acknowledgement["payload"] = payload;
                Carried::Payload
            }
            Some(_) | None => Carried::Bare,
        };
        if room.send(acknowledgement.to_string()).is_closed() {
            Carried::Lost
        } else {
            carried
        }
    }

    /// Leaves it unacknowledged for good, unless it is acknowledged already.
    fn give_up(&self) {
        drop(self.room.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Whether it is acknowledged, or never will be.
    pub(super) fn is_settled(&self) -> bool {
        self.room.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl Reply {
    pub(super) fn new(slot: Arc<Slot>) -> Self {
        Self(slot)
    }

    /// Whether the acknowledgement can carry an answer, while it is not too late.
    pub fn accepts_payload(&self) -> bool {
        self.0.accepts_payload
    }

    /// Acknowledges without an answer.
    pub fn acknowledge(self) {
        if self.0.settle(None) == Carried::Lost {
            tracing::debug!(
                envelope.id = self.0.envelope,
                "connection gone before its envelope was acknowledged"
            );
        }
    }

    /// Acknowledges with an answer if the envelope accepts one, else without, and says which.
    pub fn acknowledge_with(self, payload: Value) -> Carried {
        self.0.settle(Some(payload))
    }
}

/// What nobody acknowledged is never acknowledged: nothing came of it. Slack tells the person that it failed, and repeats an
/// event later. An acknowledgement by accident would look like success.
impl Drop for Reply {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("envelope", &self.0.envelope)
            .finish_non_exhaustive()
    }
}

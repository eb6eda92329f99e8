//! A freeze: for an interval one person, or nobody, has a rotation, whatever its turns and its hours.

use chrono::{DateTime, Utc};

use super::{Member, Rotation};

/// What a team's freeze means for one of its rotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// What people call it.
    pub name: String,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Up to, but not including.
    pub until: DateTime<Utc>,
    /// Who is on call; nobody where that is what the configuration says.
    pub who: Option<Member>,
}

impl Rotation {
    /// The freeze that holds at an instant.
    pub fn freeze_at(&self, instant: DateTime<Utc>) -> Option<&Freeze> {
        self.freeze_from(instant).filter(|freeze| freeze.from <= instant)
    }

    /// The freeze that holds at an instant, or else the next one.
    pub fn freeze_from(&self, instant: DateTime<Utc>) -> Option<&Freeze> {
        let over = self.freezes.partition_point(|freeze| freeze.until <= instant);
        self.freezes.get(over)
    }
}

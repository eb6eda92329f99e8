//! Who wants to read of what happened.

use super::Event;
use crate::domain::ids::{ChannelId, MessageRef};

impl Event {
    /// Whether people want to read about it later; receipts are bookkeeping.
    pub fn is_told(&self) -> bool {
        match self {
            Self::RoomOpened { .. }
            | Self::RoomRefused { .. }
            | Self::CardRefused { .. }
            | Self::NotInvited { .. }
            | Self::NotFurnished { .. }
            | Self::RoleGiven { .. }
            | Self::SeverityChanged { .. }
            | Self::StatusChanged { .. }
            | Self::Described { .. }
            | Self::AlertTurned { .. }
            | Self::Updated { .. }
            | Self::UpdateEdited { .. }
            | Self::Noted { .. }
            | Self::Kept { .. }
            | Self::AlertLinked { .. }
            | Self::TeamPaged { .. }
            | Self::ActionAdded { .. }
            | Self::ActionDone { .. }
            | Self::Resolved { .. }
            | Self::Took { .. }
            | Self::Reopened { .. }
            | Self::Cancelled { .. }
            | Self::MergedInto { .. }
            | Self::Absorbed { .. }
            | Self::Snoozed { .. }
            | Self::NagSwitched { .. }
            | Self::AnalysisLinked { .. }
            | Self::AnalysisDeclined { .. }
            | Self::Run(_) => true,
            // What is declared is told by the incident itself; being reminded is nothing that happened.
            Self::Declared { .. }
            | Self::CardPosted { .. }
            | Self::NameTaken { .. }
            | Self::RoomCardPosted { .. }
            | Self::Untold { .. }
            | Self::Reminded { .. }
            | Self::Followed { .. }
            | Self::FollowerPosted { .. }
            | Self::Unfollowed { .. } => false,
        }
    }

    /// Whether readers who do not work on it want to hear of it.
    pub fn is_news(&self) -> bool {
        matches!(
            self,
            Self::Updated { .. } | Self::UpdateEdited { .. } | Self::SeverityChanged { .. } | Self::Described { .. }
        ) || self.is_turn()
    }

    /// Whether it changes how far the incident has come.
    pub fn is_turn(&self) -> bool {
        matches!(
            self,
            Self::StatusChanged { .. }
                | Self::Resolved { .. }
                | Self::Reopened { .. }
                | Self::Cancelled { .. }
                | Self::MergedInto { .. }
        )
    }

    /// Where a message of ours now stands, when that is what happened.
    pub fn message(&self) -> Option<&MessageRef> {
        match self {
            Self::CardPosted { at, .. } | Self::RoomCardPosted { at, .. } | Self::FollowerPosted { at, .. } => Some(at),
            _ => None,
        }
    }

    /// The channel that is the incident's own from now on.
    pub fn room(&self) -> Option<&ChannelId> {
        match self {
            Self::RoomOpened { channel, .. } => Some(channel),
            _ => None,
        }
    }
}

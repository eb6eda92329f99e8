//! What can have happened to an incident. Stored for ever: a field may be added with a default, never renamed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Action, Aftermath, Cadence, Nag, Quote, Recipient, Rest, Scope, Severity, Status, Words};
use crate::domain::actor::Actor;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, MessageRef, TeamId, UserId};
use crate::domain::run::Chapter;

/// One fact about one incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It begins.
    Declared {
        /// Who said so.
        by: UserId,
        /// What is wrong, as a symptom.
        title: String,
        /// How bad it is.
        severity: Severity,
        /// Whom it touches, where somebody knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<Scope>,
        /// What is broken.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        services: Vec<String>,
        /// Who answers for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// The alert it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alert: Option<AlertId>,
        /// The name of a channel of its own; none when a thread is enough.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        /// Who is to be there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<UserId>,
        /// Where its card goes, or the name of the channel that the workspace does not know.
        card: Result<ChannelId, String>,
        /// When people are reminded.
        #[serde(default)]
        cadence: Cadence,
    },
    /// Its card stands.
    CardPosted {
        /// Where.
        at: MessageRef,
        /// The revision it shows.
        shows: u64,
    },
    /// Its card cannot stand where it was to.
    CardRefused {
        /// Where.
        channel: ChannelId,
        /// The chat service's word.
        code: String,
        /// Where it goes instead; nowhere when that was the last place.
        instead: Option<ChannelId>,
        /// From which moment of the timeline on nobody has read it.
        #[serde(default)]
        unread: usize,
    },
    /// The name of its channel is taken: another is tried.
    NameTaken {
        /// The next.
        next: String,
    },
    /// It has a channel of its own.
    RoomOpened {
        /// Which.
        channel: ChannelId,
        /// What it is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// It cannot have a channel of its own, or no longer: it goes on in the thread of its card.
    RoomRefused {
        /// The chat service's word.
        code: String,
        /// From which moment of the timeline on nobody has read it.
        #[serde(default)]
        unread: usize,
    },
    /// Its card stands in its channel too.
    RoomCardPosted {
        /// Where.
        at: MessageRef,
        /// The revision it shows.
        shows: u64,
    },
    /// A line that was on its way into its channel when that was lost: it is told in the thread.
    Untold {
        /// Which moment of the timeline.
        moment: usize,
    },
    /// Somebody could not be brought into its channel.
    NotInvited {
        /// Who.
        who: UserId,
        /// The chat service's word.
        code: String,
    },
    /// The channel could not be furnished.
    NotFurnished {
        /// With what.
        what: Furniture,
        /// The chat service's word.
        code: String,
    },
    /// Somebody has a role.
    RoleGiven {
        /// Who said so.
        by: UserId,
        /// Which.
        role: String,
        /// Who has it.
        who: UserId,
        /// Who had it before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<UserId>,
    },
    /// It is worse, or less bad, than was thought.
    SeverityChanged {
        /// Who said so.
        by: UserId,
        /// What it was.
        from: Severity,
        /// What it is.
        to: Severity,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
        /// The name of a channel of its own, when it needs one from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        /// Who is to be there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<UserId>,
    },
    /// It is described in other words: all of them as they are from now on.
    Described {
        /// Who said so.
        by: UserId,
        /// What is wrong, as a symptom.
        title: String,
        /// What is said of it besides.
        #[serde(default)]
        rest: Rest,
        /// What it was called, where that has changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        called: Option<String>,
        /// What was said of it besides.
        #[serde(default)]
        before: Rest,
        /// Who comes into its channel for a team that answers for it now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<UserId>,
    },
    /// What became of the page of an alert that belongs to it.
    AlertTurned {
        /// Which.
        alert: AlertId,
        /// What.
        how: Turn,
    },
    /// It has come farther, or back.
    StatusChanged {
        /// Who said so.
        by: UserId,
        /// What it was.
        from: Status,
        /// What it is.
        to: Status,
        /// A note.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Readers are told something.
    Updated {
        /// Who says so.
        by: UserId,
        /// What.
        words: Words,
    },
    /// What readers were told was put right; the earlier version is kept.
    UpdateEdited {
        /// Who did.
        by: UserId,
        /// Which update, counted from 1.
        number: usize,
        /// What it says now.
        words: Words,
    },
    /// Somebody wrote something down.
    Noted {
        /// Who.
        by: UserId,
        /// What.
        text: String,
    },
    /// Somebody kept what somebody said.
    Kept {
        /// Who kept it.
        by: UserId,
        /// What was said.
        quote: Quote,
    },
    /// An alert belongs to it.
    AlertLinked {
        /// Who said so.
        by: UserId,
        /// Which.
        alert: AlertId,
    },
    /// A team was paged for it.
    TeamPaged {
        /// Who asked for it.
        by: UserId,
        /// Which team.
        team: TeamId,
        /// By which alert.
        alert: AlertId,
        /// Who of it comes into the channel.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<UserId>,
    },
    /// Something is to be done.
    ActionAdded {
        /// Who said so.
        by: UserId,
        /// What.
        text: String,
        /// Who does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<UserId>,
        /// By when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<DateTime<Utc>>,
    },
    /// It is done.
    ActionDone {
        /// Who said so.
        by: UserId,
        /// Which, counted from 1.
        number: usize,
    },
    /// It is over.
    Resolved {
        /// Who said so.
        by: UserId,
        /// The last words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<String>,
        /// What it took.
        #[serde(default)]
        aftermath: Aftermath,
    },
    /// What it took was said after its end.
    Took {
        /// Who said so.
        by: UserId,
        /// All of it.
        aftermath: Aftermath,
    },
    /// It goes on.
    Reopened {
        /// Who said so.
        by: UserId,
        /// Why, where they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
    },
    /// It was none.
    Cancelled {
        /// Who said so.
        by: UserId,
        /// Why.
        because: String,
    },
    /// It is the same as another, which goes on.
    MergedInto {
        /// Who said so.
        by: UserId,
        /// Which.
        into: IncidentId,
        /// Whether what is still to be done goes there too.
        #[serde(default)]
        with_actions: bool,
    },
    /// Another is the same as this one.
    Absorbed {
        /// Who said so.
        by: UserId,
        /// Which.
        from: IncidentId,
        /// The alerts that belonged to it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alerts: Vec<AlertId>,
        /// What is still to be done of it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        actions: Vec<Action>,
    },
    /// Somebody was reminded.
    Reminded {
        /// Of what.
        of: Nag,
    },
    /// A reminder comes later.
    Snoozed {
        /// Who said so.
        by: UserId,
        /// Which.
        of: Nag,
        /// When it comes.
        until: DateTime<Utc>,
        /// Why, where they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
    },
    /// A kind of reminder was switched on or off.
    NagSwitched {
        /// Who did.
        by: UserId,
        /// Which.
        of: Nag,
        /// Whether it comes.
        on: bool,
    },
    /// Its analysis is written.
    AnalysisLinked {
        /// Who said so.
        by: UserId,
        /// Where it is.
        link: String,
        /// Where it was said to be before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
    },
    /// It needs no analysis.
    AnalysisDeclined {
        /// Who said so.
        by: UserId,
        /// Why.
        because: String,
    },
    /// A runbook was begun for it, or ended.
    Run(Chapter),
    /// Subscribers are told for the first time.
    Followed {
        /// Who.
        who: Vec<Recipient>,
    },
    /// A subscriber's message stands.
    FollowerPosted {
        /// Whose.
        who: Recipient,
        /// Where.
        at: MessageRef,
        /// The revision it shows.
        shows: u64,
    },
    /// A subscriber cannot be reached, or no longer wants to be.
    Unfollowed {
        /// Who.
        who: Recipient,
        /// The chat service's word; none when they asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
}

/// What can become of an alert's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Turn {
    /// Somebody takes care of it.
    Acknowledged {
        /// Who.
        by: UserId,
    },
    /// Everybody was paged in vain.
    Exhausted,
    /// It is over.
    Resolved {
        /// Who said so.
        by: Actor,
    },
}

/// What makes a channel easy to find one's way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Furniture {
    /// What it is about.
    Topic,
    /// The card, pinned.
    Pin,
    /// Links.
    Bookmark,
}

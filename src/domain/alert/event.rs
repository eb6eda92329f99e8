//! What can have happened to an alert. Stored for ever: a field may be added with a default, never renamed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::escalation::{Policy, Recipient};
use crate::domain::ids::{ChannelId, MessageRef, TeamId, UserId};
use crate::domain::priority::Priority;
use crate::domain::run::Chapter;

/// One fact about one alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody said that something is wrong.
    Raised {
        /// Who said so.
        by: Actor,
        /// The team that answers for it.
        team: TeamId,
        /// What is wrong, as it was typed; never empty.
        summary: String,
        /// How urgent it is.
        priority: Priority,
        /// What it is about, where somebody said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// Where the card is to be shown: the team's channel, or why it cannot be.
        card: Result<ChannelId, String>,
        /// Who is paged, as it stood then.
        policy: Policy,
        /// What its source knows it by: while it is open, the same key is the same alert.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// What its source said about it, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        labels: BTreeMap<String, String>,
        /// That nothing is wrong, and whom it is to reach.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        test: Option<Test>,
    },
    /// The same was said again while it was open.
    Repeated {
        /// By whom.
        by: Actor,
        /// In which words, where it was a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// How urgent it is now, where it has become more urgent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
    },
    /// Its source says that what was wrong no longer is.
    Cleared {
        /// The source.
        by: Actor,
    },
    /// The test is over.
    Tested {
        /// Who answered; none when nobody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
    },
    /// A level was paged, or would have been, had anybody been reachable.
    Paged {
        /// Which level of which round.
        step: Step,
        /// Who was paged, and why they.
        to: Vec<Paged>,
        /// Who should have been paged and could not be.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missed: Vec<Missed>,
        /// Why now.
        because: Cause,
        /// When the next level follows.
        due: DateTime<Utc>,
    },
    /// The page did not get through.
    PageRefused {
        /// Whom it should have reached.
        to: Recipient,
        /// The step it belonged to.
        step: Step,
        /// The chat service's word for it.
        code: String,
    },
    /// What was due then happens only now: we were not running, or not able to.
    Late {
        /// When it was due.
        due: DateTime<Utc>,
    },
    /// Not even the fallback channel could be told.
    FallbackRefused {
        /// The chat service's word for it.
        code: String,
    },
    /// Every level was paged as often as the policy says, and nobody answered. Said again until somebody acts.
    Exhausted {
        /// How often it has been said, this time included.
        times: u32,
        /// When it is said again.
        due: DateTime<Utc>,
    },
    /// Somebody takes care of it: paging ends, for a while.
    Acknowledged {
        /// Who.
        by: UserId,
        /// When paging starts again, unless they say that they are still on it; never for what paged nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
    },
    /// Soon paging starts again: the one who takes care of it is asked.
    HolderAsked {
        /// Who is asked.
        holder: UserId,
        /// When it starts again.
        until: DateTime<Utc>,
    },
    /// Whoever took care of it has not said that they still do.
    LeaseEnded {
        /// Who did.
        holder: UserId,
    },
    /// Nobody takes care of it any more, by somebody's word.
    GivenBack {
        /// Whose word.
        by: UserId,
    },
    /// It is left alone for a while, without anybody taking care of it.
    Snoozed {
        /// Who said so.
        by: UserId,
        /// Until when.
        until: DateTime<Utc>,
        /// Why.
        because: String,
    },
    /// The while is over.
    SnoozeEnded,
    /// It was over, and is not.
    Reopened {
        /// Who said so.
        by: Actor,
    },
    /// Somebody else is paged instead, from the beginning.
    Assigned {
        /// Who said so.
        by: UserId,
        /// To whom.
        to: Assignee,
        /// Who is paged from now on.
        policy: Policy,
    },
    /// Somebody asked for the next level without waiting.
    Escalated {
        /// Who.
        by: UserId,
    },
    /// It is over.
    Resolved {
        /// Who said so.
        by: Actor,
        /// Why, where they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
    },
    /// Somebody wrote something down.
    Noted {
        /// Who.
        by: UserId,
        /// What.
        text: String,
    },
    /// A runbook was begun for it, or ended.
    Run(Chapter),
    /// The card stands in its channel.
    CardPosted {
        /// Where.
        at: MessageRef,
        /// The revision of the alert that it shows.
        shows: u64,
    },
    /// The card could not be posted where it belongs.
    CardRefused {
        /// Where it should have been.
        channel: ChannelId,
        /// The chat service's word for it.
        code: String,
        /// Where it goes instead; none when that was the fallback channel itself.
        instead: Option<ChannelId>,
    },
    /// A page arrived.
    PageDelivered {
        /// Whom it reached.
        to: Recipient,
        /// The message.
        at: MessageRef,
        /// The revision of the alert that it shows.
        shows: u64,
    },
    /// The raiser's message about it stands.
    RaiserTold {
        /// Where.
        at: MessageRef,
        /// The revision of the alert that it shows.
        shows: u64,
    },
}

/// Whom a test is to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// A team, by its levels and with a card in its channel.
    Team,
    /// Whoever asked for it, and nobody else: there is no card.
    Oneself,
}

/// A level of the policy, in a round; both counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// Which level.
    pub level: usize,
    /// Which walk through the levels.
    pub round: u32,
}

/// Somebody who was paged, and why they.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged {
    /// Who.
    pub who: Recipient,
    /// Why they.
    pub because: Reason,
}

/// Why a page went to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They were on call in this rotation of this team.
    OnCall {
        /// The rotation's name.
        rotation: String,
        /// The team.
        team: TeamId,
    },
    /// The policy names them.
    Named,
}

/// Somebody who should have been paged and could not be, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// Nobody was on call in the rotation: it has not started yet.
    NobodyOnCall {
        /// The rotation's name.
        rotation: String,
    },
    /// It is not the rotation's hours.
    OutOfHours {
        /// The rotation's name.
        rotation: String,
    },
    /// Whoever has the rotation said that they cannot be paged.
    Unavailable {
        /// Who.
        user: UserId,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The rotation is no longer in the configuration.
    NoSuchRotation {
        /// The rotation's name.
        rotation: String,
    },
    /// Nobody in the workspace has this name.
    UnknownPerson {
        /// The name in the configuration.
        name: String,
    },
    /// The person left.
    Deactivated {
        /// Who.
        user: UserId,
    },
    /// It is a program.
    Bot {
        /// Which.
        user: UserId,
    },
    /// No channel has this name.
    UnknownChannel {
        /// The name in the configuration.
        name: String,
    },
    /// The team is no longer in the configuration, or pages itself.
    NoSuchTeam {
        /// Its key.
        team: TeamId,
    },
}

/// Why a level is paged now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The alert was raised.
    Raised,
    /// Nobody answered in time.
    NoAnswer,
    /// Nobody of the level before could be reached.
    NobodyReached,
    /// Somebody asked for it.
    Asked,
    /// Whoever took care of it no longer does.
    GivenBack,
    /// Whoever took care of it has not said that they still do.
    LeaseEnded,
    /// It was left alone long enough.
    SnoozeEnded,
    /// It was over, and is not.
    Reopened,
    /// Somebody was to have it.
    Assigned,
    /// It has become more urgent.
    Worse,
    /// Somebody has come on call while the level has time to answer.
    TookOver,
}

/// Who is to have an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// A person.
    Person(UserId),
    /// A team.
    Team(TeamId),
}

//! What people can ask of an incident, and why something is not done.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Aftermath, Level, Nag, Quote, Recipient, Scope, Severity, Status, Topic, Words};
use crate::domain::ids::{AlertId, IncidentId, TeamId, UserId};

/// A length of time as whole seconds.
mod seconds {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(length: &TimeDelta, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(length.num_seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<TimeDelta, D::Error> {
        Ok(TimeDelta::try_seconds(i64::deserialize(from)?).unwrap_or_default())
    }
}

/// What somebody declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declaration {
    /// What is wrong, as a symptom.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whom it touches.
    pub scope: Option<Scope>,
    /// What is broken.
    pub services: Vec<String>,
    /// Who answers for it.
    pub team: Option<TeamId>,
    /// The alert it came from.
    pub alert: Option<AlertId>,
}

/// What an incident is to say of itself from now on; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// What is wrong, as a symptom.
    pub title: Option<String>,
    /// All of the rest, where a form says all of it.
    pub rest: Option<Rest>,
}

/// What is said of an incident besides its title.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rest {
    /// Whom it touches.
    pub scope: Option<Scope>,
    /// What is broken.
    pub services: Vec<String>,
    /// Who answers for it.
    pub team: Option<TeamId>,
}

/// What people can ask of an incident. A button carries it where it is not clear which incident is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// It has come farther, or back.
    Status {
        /// How far.
        to: Status,
        /// A note.
        note: Option<String>,
    },
    /// It is worse, or less bad.
    Severity {
        /// How bad.
        to: Severity,
        /// Why.
        because: Option<String>,
    },
    /// It is to be described in other words.
    Describe(Details),
    /// Somebody is to have a role.
    Role {
        /// Which, as it was typed.
        role: String,
        /// Who.
        who: UserId,
    },
    /// Whoever asks wants to lead it, if nobody does.
    TakeLead,
    /// Readers are to be told something.
    Update(Words),
    /// What readers were told is to be put right.
    EditUpdate {
        /// Which update, counted from 1; the last when none.
        number: Option<usize>,
        /// What it is to say.
        words: Words,
    },
    /// Something is to be written down.
    Note(String),
    /// What somebody said is to be kept.
    Keep(Quote),
    /// An alert belongs to it.
    Link(AlertId),
    /// A team is to be paged.
    Page {
        /// Which.
        team: TeamId,
        /// With which words; the title when none.
        message: Option<String>,
    },
    /// Something is to be done.
    Act {
        /// What.
        text: String,
        /// Who does it.
        owner: Option<UserId>,
        /// By when.
        due: Option<DateTime<Utc>>,
    },
    /// An action is done.
    Did(usize),
    /// It is over.
    Resolve {
        /// The last words.
        summary: Option<String>,
        /// What it took.
        aftermath: Aftermath,
    },
    /// What it took is said after its end.
    Took(Aftermath),
    /// It goes on, and why.
    Reopen(Option<String>),
    /// It was none.
    Cancel(String),
    /// It is the same as another.
    Merge(IncidentId),
    /// The next reminder is to come later.
    Snooze {
        /// How much later.
        #[serde(with = "seconds")]
        length: TimeDelta,
        /// Why, where somebody says so.
        because: Option<String>,
        /// Which; the one somebody was just reminded of, else the next, when none.
        of: Option<Nag>,
    },
    /// A kind of reminder is not wanted, or wanted again.
    Switch {
        /// Which.
        of: Nag,
        /// Whether it comes.
        on: bool,
    },
    /// Its analysis is written.
    Written(String),
    /// It needs no analysis.
    NotNeeded(String),
    /// Somebody wants to hear no more of it.
    Leave(Recipient),
}

impl Ask {
    /// The words of whoever asks, so that they are not lost.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Status { note: text, .. }
            | Self::Severity { because: text, .. }
            | Self::Page { message: text, .. }
            | Self::Resolve { summary: text, .. }
            | Self::Reopen(text)
            | Self::Snooze { because: text, .. }
            | Self::Describe(Details { title: text, .. }) => text.as_deref(),
            Self::Update(words) | Self::EditUpdate { words, .. } => words.text.as_deref().or(words.broken.as_deref()),
            Self::Note(text)
            | Self::Act { text, .. }
            | Self::Cancel(text)
            | Self::Written(text)
            | Self::NotNeeded(text) => Some(text),
            Self::Role { .. }
            | Self::TakeLead
            | Self::Keep(_)
            | Self::Link(_)
            | Self::Did(_)
            | Self::Took(_)
            | Self::Merge(_)
            | Self::Switch { .. }
            | Self::Leave(_) => None,
        }
    }
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such incident.
    NoSuchIncident {
        /// The id.
        id: IncidentId,
    },
    /// It was not said which, and it is not clear.
    Which {
        /// Those that are open.
        open: Vec<IncidentId>,
    },
    /// There is nothing to say.
    Empty,
    /// The title is longer than anybody reads.
    TitleTooLong {
        /// How long it is.
        length: usize,
        /// What was typed.
        title: String,
    },
    /// It is over.
    Over {
        /// Which.
        id: IncidentId,
        /// How it ended.
        status: Status,
        /// When.
        at: DateTime<Utc>,
        /// Which it is the same as.
        into: Option<IncidentId>,
        /// What was to be said, so that it is not lost.
        text: Option<String>,
    },
    /// It is not over, so there is nothing to reopen.
    StillOpen {
        /// Which.
        id: IncidentId,
    },
    /// Going back needs a note.
    NoteMissing {
        /// Which.
        id: IncidentId,
        /// What it is.
        from: Status,
        /// What it was to be.
        to: Status,
    },
    /// There is no such role.
    NoSuchRole {
        /// What was typed.
        role: String,
    },
    /// Somebody has left, or is a program.
    Unreachable {
        /// Who.
        who: UserId,
    },
    /// Somebody leads it already.
    HasLead {
        /// Which.
        id: IncidentId,
        /// Who.
        lead: UserId,
    },
    /// Nothing was told yet that could be put right.
    NoUpdate {
        /// Which.
        id: IncidentId,
    },
    /// It has no such update.
    NoSuchUpdate {
        /// Which incident.
        id: IncidentId,
        /// The number.
        number: usize,
        /// How many there are.
        last: usize,
        /// What was typed, so that it is not lost.
        text: Option<String>,
    },
    /// There is no such alert.
    NoSuchAlert {
        /// The id.
        id: AlertId,
    },
    /// There is no such team.
    NoSuchTeam {
        /// Its key.
        team: TeamId,
    },
    /// It has no such action.
    NoSuchAction {
        /// Which incident.
        id: IncidentId,
        /// The number.
        number: usize,
    },
    /// It was to be done in the past.
    DuePast {
        /// By when.
        due: DateTime<Utc>,
        /// What was to be done, so that it is not lost.
        text: String,
    },
    /// Its analysis is written, so that it is not one that is not needed.
    IsWritten {
        /// Which.
        id: IncidentId,
        /// Where it is.
        link: String,
        /// Why it was not to be needed, so that it is not lost.
        text: String,
    },
    /// It cannot be merged into itself.
    IntoItself {
        /// Which.
        id: IncidentId,
    },
    /// Nothing is due that could be moved.
    NothingDue {
        /// Which.
        id: IncidentId,
    },
    /// Nothing is moved by so short or so long a time.
    Duration {
        /// The time that was asked for.
        asked: TimeDelta,
        /// The shortest that is allowed.
        least: TimeDelta,
        /// The longest.
        most: TimeDelta,
    },
}

/// What people can ask of their subscriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To be told.
    Subscribe {
        /// Who; whoever asks when none.
        who: Option<Recipient>,
        /// Of what; the only open incident when none.
        to: Option<Topic>,
        /// How much.
        level: Level,
    },
    /// To be told no more.
    Unsubscribe {
        /// Who; whoever asks when none.
        who: Option<Recipient>,
        /// Of what; the only open incident when none.
        to: Option<Topic>,
    },
}

impl Wish {
    /// Who is meant.
    pub fn who(&self, by: &UserId) -> Recipient {
        let (Self::Subscribe { who, .. } | Self::Unsubscribe { who, .. }) = self;
        who.clone().unwrap_or_else(|| Recipient::Person(by.clone()))
    }

    /// Who, where it was said.
    pub fn told(&self) -> Option<&Recipient> {
        let (Self::Subscribe { who, .. } | Self::Unsubscribe { who, .. }) = self;
        who.as_ref()
    }

    /// Of what, where it was said.
    pub fn to(&self) -> Option<&Topic> {
        let (Self::Subscribe { to, .. } | Self::Unsubscribe { to, .. }) = self;
        to.as_ref()
    }

    /// How much; nothing when it is to end.
    pub fn level(&self) -> Option<Level> {
        match self {
            Self::Subscribe { level, .. } => Some(*level),
            Self::Unsubscribe { .. } => None,
        }
    }
}

//! What waits to be sent: one row of the store per outgoing call, and the little of it that is kept in memory.
//!
//! An [`Entry`] is finished when it is committed: its [`Call`] holds the JSON that Slack will get, so that nothing has
//! to be rendered, and nothing can have changed its meaning, when its turn comes. A [`Header`] is what the scheduler
//! needs to know of it, some hundred bytes, whatever the size of the message.
//!
//! Deliberately absent: attempts and back-off. They are forgotten by a restart, which is a new start for every call.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::Errand;
use crate::domain::ids::AlertId;
use crate::slack::call::{Call, Replace};

/// One outgoing call, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The lane it waits in.
    pub subject: Subject,
    /// How much it matters that it goes before others.
    pub urgency: Urgency,
    /// What is sent.
    pub call: Call,
    /// What it is sent for: the domain hears what became of it.
    pub errand: Errand,
    /// When it was committed.
    pub queued: DateTime<Utc>,
    /// From when on it is worthless, such as the answer to a trigger that is no longer accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime<Utc>>,
    /// The alert it is about, for logs and for whoever asks what is still unsent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AlertId>,
    /// What is sent when Slack refuses it or its time has passed, so that nobody waits in vain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Call>,
}

impl Entry {
    /// One that never expires, is about no alert, and instead of which nothing is sent.
    pub fn new(subject: &str, urgency: Urgency, call: Call, errand: Errand, queued: DateTime<Utc>) -> Self {
        Self {
            subject: Subject::new(subject),
            urgency,
            call,
            errand,
            queued,
            expires: None,
            about: None,
            otherwise: None,
        }
    }

    /// What the scheduler must know of it.
    ///
    /// An entry that has just been committed is [`Fate::Fresh`]; one that was found in the store at start is
    /// [`Fate::Doubtful`], because it may have been sent before the stop. The doubt is kept only where it changes
    /// something: for a new message, which can be looked up.
    pub fn header(&self, fate: Fate) -> Header {
        Header {
            lane: self.subject.clone(),
            urgency: self.urgency,
            method: self.call.method(),
            channel: match &self.call {
                Call::PostMessage { channel, .. } | Call::ShareFile { channel, .. } => {
                    Some(Arc::from(channel.as_str()))
                }
                _ => None,
            },
            expires: self.expires,
            fate: match repetition(&self.call) {
                Repetition::LookUp => fate,
                Repetition::Harmless | Repetition::Never => Fate::Fresh,
            },
        }
    }
}

/// What a message is about, such as `card/17` or `page/17/U1`: calls with the same subject go out one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Subject(Arc<str>);

impl Subject {
    /// Takes the words it is known by.
    pub fn new(words: &str) -> Self {
        Self(Arc::from(words))
    }

    /// The words it is known by.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Subject {
    fn from(words: String) -> Self {
        Self(Arc::from(words))
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0.as_ref().to_owned()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who goes first. The order of the variants is the order of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Somebody is to be woken.
    Page,
    /// Somebody waits for an answer.
    Reply,
    /// Cards, threads, pages that are brought up to date.
    Routine,
}

impl Urgency {
    /// All of them, most urgent first.
    pub const ALL: [Self; 3] = [Self::Page, Self::Reply, Self::Routine];

    /// Its place in [`Urgency::ALL`].
    pub(super) fn rank(self) -> usize {
        self as usize
    }
}

/// Whether Slack may already have carried a call out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It certainly has not.
    Fresh,
    /// It may have: the message is looked up before it is sent again.
    Doubtful,
}

/// What is kept in memory of an entry while it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The lane it waits in.
    pub lane: Subject,
    /// How much it matters that it goes before others.
    pub urgency: Urgency,
    /// Slack's method, whose rate limit it counts against.
    pub method: &'static str,
    /// The channel whose pace it counts against; none for what is no new message.
    pub channel: Option<Arc<str>>,
    /// From when on it is worthless.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it may have been sent already.
    pub fate: Fate,
}

/// What may be done with a call that may have been carried out already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repetition {
    /// Doing it twice is doing it once.
    Harmless,
    /// It can be looked up, and must be.
    LookUp,
    /// It cannot be looked up, and twice would be worse than perhaps never: a reply only one person sees, a form that
    /// opens over what they are typing.
    Never,
}

/// See [`Repetition`].
pub(super) fn repetition(call: &Call) -> Repetition {
    match call {
        Call::PostMessage { .. } | Call::CreateChannel { .. } | Call::AddBookmark { .. } => Repetition::LookUp,
        Call::UpdateMessage { .. }
        // It cannot be looked up; the same file twice is a nuisance, none would be a broken promise.
        | Call::ShareFile { .. }
        | Call::UpdateView { .. }
        | Call::SetGroup { .. }
        | Call::Invite { .. }
        | Call::SetTopic { .. }
        | Call::Pin { .. }
        | Call::ReadMessage { .. }
        | Call::PublishHome { .. }
        | Call::Respond {
            replace: Replace::Original,
            ..
        } => Repetition::Harmless,
        Call::PostEphemeral { .. }
        | Call::OpenView { .. }
        | Call::Respond {
            replace: Replace::Nothing,
            ..
        } => Repetition::Never,
    }
}

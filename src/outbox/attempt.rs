//! One attempt: the message is read, looked up if it may have been sent before, sent, and what Slack said is put into
//! our words.
//!
//! It knows nothing of lanes or pace: how often and when is decided by who calls it. The one thing it repeats itself is
//! a message whose formatting was refused, once, as plain text: that is the same attempt, because nothing happened.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::warn;

use super::entry::{Entry, Fate, Repetition, repetition};
use super::lanes::Turn;
use super::{EXPIRED, FATE_UNKNOWN, LOOK_UP, Settled, UNREADABLE};
use crate::clock::Clock;
use crate::domain::ids::{ChannelId, MessageId, MessageRef, UserId};
use crate::domain::incident::Quote;
use crate::domain::{Errand, Outcome};
use crate::slack::call::{Answer, Call, Found, Receipt};
use crate::slack::web::Web;
use crate::store::Reader;

/// Messages are looked up from this much before they were queued, because our clock is not Slack's.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// What Slack says about blocks and lengths when the same words as plain text may still pass.
const FORMAT_REFUSALS: [&str; 5] = [
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "block_mismatch",
];

/// How an attempt ended, with what the sender needs for its next step.
#[derive(Debug, PartialEq)]
pub(super) enum Ending {
    /// For good.
    Settled(Box<Settled>),
    /// The row is not there any more: a newer entry has replaced it.
    Gone,
    /// Slack wants a pause of this method.
    Wait {
        /// Which.
        method: &'static str,
        /// How long.
        pause: TimeDelta,
    },
    /// Nothing happened; worth another try.
    Again {
        /// Why.
        why: String,
    },
    /// It may have happened.
    Doubt {
        /// Why we do not know.
        why: String,
    },
    /// Slack does not accept the token.
    Unauthorized {
        /// Slack's code.
        code: String,
    },
}

impl Ending {
    /// A word for it in logs.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Settled(settled) => match settled.outcome {
                Outcome::Delivered(_) | Outcome::Read(_) => "delivered",
                Outcome::Refused { .. } => "refused",
            },
            Self::Gone => "gone",
            Self::Wait { .. } => "wait",
            Self::Again { .. } => "again",
            Self::Doubt { .. } => "doubt",
            Self::Unauthorized { .. } => "unauthorized",
        }
    }
}

/// The tools of an attempt; a handle each.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    pub(super) web: Web,
    pub(super) reader: Reader,
    pub(super) clock: Clock,
}

impl Tools {
    /// Sends one entry.
    pub(super) async fn attempt(&self, turn: Turn) -> Ending {
        let entry = match self.read(turn.id).await {
            Ok(entry) => entry,
            Err(ending) => return ending,
        };
        let call = &entry.call;
        if turn.fate == Fate::Doubtful {
            match self.look_up(turn.id, &entry).await {
                Ok(Some(receipt)) => return delivered(turn.id, &entry, Some(receipt)),
                Ok(None) => {}
                Err(ending) => return ending,
            }
        }
        if entry.expires.is_some_and(|at| at <= self.clock.now()) {
            return refused(turn.id, &entry, EXPIRED.to_owned());
        }
        let mut answer = self.web.deliver(call, turn.id).await;
        if let Answer::Refused { code, detail } = &answer
            && FORMAT_REFUSALS.contains(&code.as_str())
            && let Some(plain) = call.plain()
        {
            warn!(code, ?detail, "Slack refused the formatting; sending plain text");
            answer = self.web.deliver(&plain, turn.id).await;
        }
        match answer {
            Answer::Done(receipt) => delivered(turn.id, &entry, receipt),
            Answer::Read(found) => read(turn.id, &entry, found),
            Answer::Refused { code, detail } => {
                warn!(code, ?detail, "Slack refused the call");
                refused(turn.id, &entry, code)
            }
            Answer::Wait { until } => wait(call.method(), until),
            Answer::Again { why } => Ending::Again { why },
            Answer::Unauthorized { code } => Ending::Unauthorized { code },
            Answer::Unknown { why } => match repetition(call) {
                Repetition::LookUp => Ending::Doubt { why },
                Repetition::Harmless => Ending::Again { why },
                Repetition::Never => {
                    warn!(why, "the call may have happened and is not repeated");
                    refused(turn.id, &entry, FATE_UNKNOWN.to_owned())
                }
            },
        }
    }

    /// Reads what an entry that is not sent any more was for. When the store cannot be read the row stays, and is given
    /// up again at the next start.
    pub(super) async fn give_up(&self, id: u64) -> Ending {
        match self.read(id).await {
            Ok(entry) => {
                warn!("the call was given up: its time has passed");
                refused(id, &entry, EXPIRED.to_owned())
            }
            Err(ending) => ending,
        }
    }

    /// Reads from the store, off the async threads; otherwise says how the attempt ends.
    async fn read(&self, id: u64) -> Result<Entry, Ending> {
        let reader = self.reader.clone();
        let row = tokio::task::spawn_blocking(move || reader.entry(id)).await;
        let row = row.map_err(|error| Ending::Again { why: error.to_string() })?;
        let row = row.map_err(|error| Ending::Again { why: error.to_string() })?;
        let Some(row) = row else { return Err(Ending::Gone) };
        serde_json::from_slice(&row).map_err(|error| {
            // The position, not the message: serde quotes what it read.
            warn!(
                line = error.line(),
                column = error.column(),
                "the stored row is no entry"
            );
            Ending::Settled(Box::new(Settled {
                entry: id,
                errand: Errand::Nothing,
                about: None,
                otherwise: None,
                outcome: Outcome::Refused {
                    code: UNREADABLE.to_owned(),
                },
            }))
        })
    }

    /// Asks Slack whether a message stands there already. A conversation that cannot be read (no scope, no such
    /// channel) is no reason to be silent: twice is better than never.
    async fn look_up(&self, id: u64, entry: &Entry) -> Result<Option<Receipt>, Ending> {
        let since = earlier(entry.queued);
        let found = match &entry.call {
            Call::PostMessage { channel, thread, .. } => {
                self.web.find_posted(channel, thread.as_deref(), id, since).await
            }
            Call::CreateChannel { name } => self.web.find_created(name, since).await,
            Call::AddBookmark { channel, link, .. } => {
                let nowhere = || Receipt {
                    channel: channel.clone(),
                    ts: String::new(),
                };
                let has = self.web.has_bookmark(channel, link).await;
                has.map(|has| has.then(nowhere))
            }
            _ => return Ok(None),
        };
        match found {
            Ok(receipt) | Err(Answer::Done(receipt)) => Ok(receipt),
            // Reading needs scopes that writing does not.
            Err(Answer::Unauthorized { code }) if code != "missing_scope" => Err(Ending::Unauthorized { code }),
            Err(Answer::Refused { code, .. } | Answer::Unauthorized { code }) => {
                warn!(code, "the message cannot be looked up; sending it");
                Ok(None)
            }
            Err(Answer::Wait { until }) => Err(wait(LOOK_UP, until)),
            // It stays as doubtful as it was.
            Err(Answer::Again { why } | Answer::Unknown { why }) => Err(Ending::Again { why }),
            Err(Answer::Read(_)) => Ok(None),
        }
    }
}

fn earlier(queued: DateTime<Utc>) -> DateTime<Utc> {
    queued.checked_sub_signed(CLOCK_TOLERANCE).unwrap_or(queued)
}

fn wait(method: &'static str, pause: std::time::Duration) -> Ending {
    let pause = TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX);
    Ending::Wait { method, pause }
}

fn delivered(id: u64, entry: &Entry, receipt: Option<Receipt>) -> Ending {
    let place = receipt.map(|receipt| MessageRef {
        channel: ChannelId::new(receipt.channel),
        message: MessageId::new(receipt.ts),
    });
    settled(id, entry, Outcome::Delivered(place))
}

/// What was read, in the words of the domain.
fn read(id: u64, entry: &Entry, found: Found) -> Ending {
    let (Call::ReadMessage { channel, .. }, seconds) = (&entry.call, found.ts.split('.').next()) else {
        return delivered(id, entry, None);
    };
    let said_at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0));
    let place = |ts: &str| MessageRef {
        channel: ChannelId::new(channel.as_str()),
        message: MessageId::new(ts),
    };
    let quote = Quote {
        at: place(&found.ts),
        thread: found.thread.as_deref().map(place),
        author: found.author.map(UserId::new),
        said_at: said_at.unwrap_or(entry.queued),
        text: found.text,
        link: found.link,
    };
    settled(id, entry, Outcome::Read(Box::new(quote)))
}

fn refused(id: u64, entry: &Entry, code: String) -> Ending {
    settled(id, entry, Outcome::Refused { code })
}

fn settled(id: u64, entry: &Entry, outcome: Outcome) -> Ending {
    let otherwise = match outcome {
        Outcome::Delivered(_) | Outcome::Read(_) => None,
        Outcome::Refused { .. } => entry.otherwise.clone(),
    };
    Ending::Settled(Box::new(Settled {
        entry: id,
        errand: entry.errand.clone(),
        about: entry.about,
        outcome,
        otherwise,
    }))
}

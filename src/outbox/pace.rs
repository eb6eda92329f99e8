//! How fast Slack may be called, and how long to wait after it said no.
//!
//! Slack counts calls per method and workspace, and messages per channel. We stay below its figures on our own, so that
//! a 429 is an accident and not a way of working, and keep a part of every bucket for pages: whatever routine traffic
//! there is, a page finds a token waiting.

use chrono::{DateTime, TimeDelta, Utc};

use super::entry::Urgency;

/// The method that looks a message of unknown fate up; it has a bucket of its own.
pub const LOOK_UP: &str = "conversations.history";

/// The figures the sender keeps to. The default is Slack's published limits as of 2026.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Calls under way at the same time.
    pub in_flight: usize,
    /// How many of them only pages may use.
    pub in_flight_for_pages: usize,
    /// Messages into one channel: one a second, short bursts allowed.
    pub channel: Rate,
    /// `chat.postMessage`: several hundred a minute.
    pub post: Rate,
    /// `chat.update`: tier 3, 50 a minute.
    pub update: Rate,
    /// `chat.postEphemeral`, `views.*`, files: tier 4, 100 a minute.
    pub reply: Rate,
    /// Looking messages up: tier 3, 50 a minute.
    pub look_up: Rate,
    /// Inviting, topics, pins, bookmarks: tiers 2 and 3, 20 a minute where it is least.
    pub furnish: Rate,
    /// Every other method, response URLs among them: Slack's advice is one a second.
    pub other: Rate,
    /// The wait after the first failure; each further one doubles it.
    pub first_back_off: TimeDelta,
    /// The longest wait after a failure.
    pub longest_back_off: TimeDelta,
    /// How often one call is tried while Slack does not accept our token.
    pub probe_every: TimeDelta,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            in_flight: 8,
            in_flight_for_pages: 2,
            channel: Rate::every(TimeDelta::seconds(1), 4, 1),
            post: Rate::per_minute(300, 40, 20),
            update: Rate::per_minute(50, 10, 3),
            reply: Rate::per_minute(100, 20, 5),
            look_up: Rate::per_minute(50, 10, 5),
            furnish: Rate::per_minute(20, 10, 1),
            other: Rate::every(TimeDelta::seconds(1), 10, 2),
            first_back_off: TimeDelta::seconds(1),
            longest_back_off: TimeDelta::seconds(60),
            probe_every: TimeDelta::seconds(30),
        }
    }
}

impl Pace {
    /// As many calls as the other side can take: for measuring ourselves against a simulator, never for Slack.
    pub fn lifted() -> Self {
        Self {
            in_flight: 64,
            channel: Rate::UNLIMITED,
            post: Rate::UNLIMITED,
            update: Rate::UNLIMITED,
            reply: Rate::UNLIMITED,
            look_up: Rate::UNLIMITED,
            furnish: Rate::UNLIMITED,
            other: Rate::UNLIMITED,
            ..Self::default()
        }
    }

    /// The rate of one of Slack's methods.
    pub(super) fn of(&self, method: &str) -> Rate {
        match method {
            "chat.postMessage" => self.post,
            "chat.update" => self.update,
            "chat.postEphemeral" | "files.completeUploadExternal" | "views.open" | "views.update" | "views.publish" => {
                self.reply
            }
            LOOK_UP | "conversations.replies" => self.look_up,
            "conversations.invite" | "conversations.setTopic" | "pins.add" | "bookmarks.add" => self.furnish,
            _ => self.other,
        }
    }

    /// How long to wait after the given number of failures in a row. Without jitter: at most
    /// [`in_flight`](Pace::in_flight) calls can come back at the same instant.
    pub(super) fn back_off(&self, failures: u32) -> TimeDelta {
        let doublings = failures.saturating_sub(1).min(16);
        self.first_back_off
            .checked_mul(1 << doublings)
            .map_or(self.longest_back_off, |wait| wait.min(self.longest_back_off))
    }
}

/// How often something may happen: a steady interval, a burst, and the part of the burst that only pages may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    interval: TimeDelta,
    burst: i32,
    reserve: i32,
}

impl Rate {
    /// As often as one likes.
    pub const UNLIMITED: Self = Self {
        interval: TimeDelta::zero(),
        burst: 1,
        reserve: 0,
    };

    /// Once per `interval`, and `burst` times at once after a quiet time (at least 1), `reserve` of which are for pages
    /// (at most all but one).
    pub fn every(interval: TimeDelta, burst: u16, reserve: u16) -> Self {
        let burst = i32::from(burst.max(1));
        Self {
            interval: interval.max(TimeDelta::zero()),
            burst,
            reserve: i32::from(reserve).min(burst - 1),
        }
    }

    /// Never more than `limit` times in any minute, bursts included.
    pub fn per_minute(limit: u16, burst: u16, reserve: u16) -> Self {
        let steady = i32::from(limit.saturating_sub(burst).max(1));
        Self::every(TimeDelta::minutes(1) / steady, burst, reserve)
    }
}

/// A token bucket on story time, kept as the one instant at which it is full again (the "generic cell rate algorithm"):
/// nothing has to be refilled, and the answer to "when?" is a subtraction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    full_at: DateTime<Utc>,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(now: DateTime<Utc>) -> Self {
        Self { full_at: now }
    }

    /// From when on the given urgency may take a token.
    pub(super) fn free_at(&self, rate: Rate, urgency: Urgency) -> DateTime<Utc> {
        let usable = match urgency {
            Urgency::Page => rate.burst,
            Urgency::Reply | Urgency::Routine => rate.burst - rate.reserve,
        };
        self.full_at - rate.interval * (usable - 1)
    }

    /// Takes a token.
    pub(super) fn take(&mut self, rate: Rate, now: DateTime<Utc>) {
        self.full_at = self.full_at.max(now) + rate.interval;
    }

    /// Whether it is as good as new, so that it need not be remembered.
    pub(super) fn is_full(&self, now: DateTime<Utc>) -> bool {
        self.full_at <= now
    }
}

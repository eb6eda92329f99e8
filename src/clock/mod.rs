//! The only source of time.
//!
//! Two kinds, never mixed. *Story time* is a [`Clock`]: the wall clock in production, moved by hand in tests and in the
//! demo. Deadlines, leases, pacing and `Retry-After` run on it, so that a test of ten minutes takes none. *Machine time*
//! is [`monotonic`] and [`pause`]: socket pings, HTTP timeouts and reconnects, which happen between real machines and
//! cannot be moved. `clippy.toml` forbids every other way to ask for either.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// A handle to story time; cheap to clone.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's wall clock.
    System,
    /// A clock that stands still until its [`Hand`] moves it.
    Manual(watch::Receiver<DateTime<Utc>>),
}

impl Clock {
    /// A clock that stands at `start`, and the hand that moves it.
    pub fn manual(start: DateTime<Utc>) -> (Self, Hand) {
        let (sender, receiver) = watch::channel(start);
        (Self::Manual(receiver), Hand(sender))
    }

    /// What time it is.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Manual(time) => *time.borrow(),
        }
    }

    /// Returns once the clock has reached `instant`; at once if it already has.
    ///
    /// The system's clock is asked again at least every 30 s, because a wall clock may be set or a machine suspended
    /// while we wait.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that waits for the system"
    )]
    pub async fn sleep_until(&self, instant: DateTime<Utc>) {
        match self {
            Self::System => {
                while let Ok(left) = (instant - self.now()).to_std() {
                    if left.is_zero() {
                        return;
                    }
                    tokio::time::sleep(left.min(Duration::from_secs(30))).await;
                }
            }
            Self::Manual(time) => {
                let mut time = time.clone();
                if time.wait_for(|now| *now >= instant).await.is_err() {
                    // The hand is gone: this clock never moves again.
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

/// Moves a manual [`Clock`]; story time never runs backwards.
#[derive(Debug, Clone)]
pub struct Hand(watch::Sender<DateTime<Utc>>);

impl Hand {
    /// What time the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    /// Moves the clock forward by `by`; a negative `by` changes nothing.
    pub fn advance(&self, by: TimeDelta) {
        self.0.send_modify(|now| *now += by.max(TimeDelta::zero()));
    }

    /// Moves the clock forward to `instant`; an earlier one changes nothing.
    pub fn advance_to(&self, instant: DateTime<Utc>) {
        self.0.send_modify(|now| *now = (*now).max(instant));
    }
}

/// Machine time, for measuring how long something took.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
pub fn monotonic() -> Instant {
    Instant::now()
}

/// Waits in machine time: for reconnects and the like, never for anything a person would call a deadline.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that waits for the system"
)]
pub async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[cfg(test)]
mod tests;

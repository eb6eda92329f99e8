//! The one who sends what a runbook's step asks for: a request, once, to where the operator allows it.
//!
//! An [`Order`] comes when it is stored that somebody wants it sent; what came of it goes back to the engine as a
//! [`Heard`]. Nothing is tried again: what was under way when the process ends is known to have been, and is said to be
//! unknown (`domain/run/sending.rs`). So there is no queue on disk, and no retry to get wrong.
//!
//! - `address`: which addresses are public;
//! - `excerpt`: what people read of an answer;
//! - `secrets`: what stands in the environment for it, and how it is kept out of what comes back;
//! - `send`: one request.

mod address;
mod excerpt;
mod secrets;
mod send;
#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{Instrument as _, info, info_span};

use crate::clock;
use crate::domain::run::{Answer, Heard, Hindrance, Order};

pub use secrets::Secrets;

/// How many orders may wait to be begun.
pub const CAPACITY: usize = 64;
/// How many requests are under way at the same time; one more is refused at once.
const AT_ONCE: usize = 16;

/// How long a request may take, and how much of an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the end of the answer.
    pub answer: Duration,
    /// How many bytes of the answer are read.
    pub body: usize,
    /// How long what is under way is waited for when the process ends.
    pub end: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            body: 64 * 1024,
            end: Duration::from_secs(3),
        }
    }
}

/// What it takes to send.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The secrets of the environment.
    pub secrets: Secrets,
    /// How long and how much.
    pub limits: Limits,
}

/// Everything the sender works with; [`Actions::run`] is the sender. `Mail` is whatever the engine's mailbox takes.
#[derive(Debug)]
pub struct Actions<Mail> {
    /// What it takes to send.
    pub settings: Settings,
    /// What is to be sent.
    pub orders: mpsc::Receiver<Order>,
    /// The engine's mailbox.
    pub heard: mpsc::Sender<Mail>,
    /// Turns true when the sender is to stop.
    pub shutdown: watch::Receiver<bool>,
}

impl<Mail: From<Heard> + Send + 'static> Actions<Mail> {
    /// Sends until told to stop, or until nobody is left to order anything; then begins nothing more, waits a little for what
    /// is under way, reports it, and returns.
    pub async fn run(self) {
        let Self {
            settings,
            mut orders,
            heard: mailbox,
            mut shutdown,
        } = self;
        // An engine that has ended says at its next start what it does not know.
        let tell = async |heard: Heard| drop(mailbox.send(Mail::from(heard)).await);
        let mut under_way: JoinSet<Heard> = JoinSet::new();
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) if under_way.len() < AT_ONCE => {
                        under_way.spawn(carried_out(order, settings.clone()));
                    }
                    Some(order) => tell(busy(&order)).await,
                    None => break,
                },
                // One that broke off is as if the process had ended under it: the next start says so.
                Some(ended) = under_way.join_next() => if let Ok(heard) = ended { tell(heard).await },
                () = told_to_stop(&mut shutdown) => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            tell(busy(&order)).await;
        }
        let rest = async {
            while let Some(ended) = under_way.join_next().await {
                if let Ok(heard) = ended {
                    tell(heard).await;
                }
            }
        };
        tokio::select! {
            () = rest => {}
            // The next start says that nobody knows what came of it.
            () = clock::pause(settings.limits.end) => info!("a request of a runbook was still under way at the end"),
        }
    }
}

async fn told_to_stop(shutdown: &mut watch::Receiver<bool>) {
    drop(shutdown.wait_for(|stop| *stop).await);
}

async fn carried_out(order: Order, settings: Settings) -> Heard {
    let span = info_span!(
        "action",
        run.id = order.run.0,
        action.number = order.number,
        host = order.site.host
    );
    let answer = send::send(&order, &settings).instrument(span).await;
    Heard {
        run: order.run,
        number: order.number,
        answer,
    }
}

fn busy(order: &Order) -> Heard {
    Heard {
        run: order.run,
        number: order.number,
        answer: Answer::NotSent { why: Hindrance::Busy },
    }
}

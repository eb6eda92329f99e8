//! The writing half of a connection: acknowledgements, pings, and the end of a handler's patience.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use futures_util::stream::SplitSink;
use futures_util::{Sink, SinkExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use super::Timings;
use super::link::Socket;
use super::reply::{Acknowledgement, Slot};
use crate::clock::monotonic;

/// How often overdue acknowledgements are looked for; what [`Timings::acknowledge_within`] may be exceeded by.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Envelopes that are not acknowledged yet, with the instant at which they will be.
///
/// Those still to be acknowledged are bounded by the writer's queue; the others are swept out with the next look.
#[derive(Clone, Default)]
pub(super) struct Overdue(Arc<Mutex<Vec<Watched>>>);

/// When patience with an envelope ends.
type Watched = (Instant, Weak<Slot>);

impl Overdue {
    pub(super) fn watch(&self, slot: &Arc<Slot>, until: Instant) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((until, Arc::downgrade(slot)));
    }

    /// Acknowledges what is overdue at `now`.
    fn sweep(&self, now: Instant) {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|(until, slot)| {
            let Some(slot) = slot.upgrade() else { return false };
            if *until <= now {
                // If the connection is gone, the reader has noticed already.
                let _ = slot.settle(None);
            }
            !slot.is_settled()
        });
    }
}

/// Writes until nobody is left who could acknowledge, then closes the connection properly.
///
/// # Errors
/// When the connection is broken or takes nothing for [`Timings::write_within`].
pub(super) async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut acknowledgements: mpsc::Receiver<Acknowledgement>,
    overdue: Overdue,
    timings: Timings,
) -> Result<(), String> {
    let mut look = tokio::time::interval(
        LOOK_EVERY
            .min(timings.acknowledge_within / 4)
            .max(Duration::from_millis(1)),
    );
    let mut last_ping = monotonic();
    loop {
        tokio::select! {
            // Looks are rare, so they cannot hold up acknowledgements; the other way round they could starve.
            biased;
            _ = look.tick() => {
                overdue.sweep(monotonic());
                if last_ping.elapsed() >= timings.ping_every {
                    last_ping = monotonic();
                    within(timings.write_within, sink.send(Message::Ping(Bytes::new()))).await?;
                }
            }
            next = acknowledgements.recv() => match next {
                Some(text) => within(timings.write_within, send_all(&mut sink, text, &mut acknowledgements)).await?,
                None => break,
            },
        }
    }
    within(timings.write_within, sink.close()).await
}

/// Everything that is waiting, with one flush.
async fn send_all(
    sink: &mut (impl Sink<Message, Error = Error> + Unpin),
    first: Acknowledgement,
    more: &mut mpsc::Receiver<Acknowledgement>,
) -> Result<(), Error> {
    sink.feed(Message::text(first)).await?;
    while let Ok(text) = more.try_recv() {
        sink.feed(Message::text(text)).await?;
    }
    sink.flush().await
}

async fn within(limit: Duration, written: impl Future<Output = Result<(), Error>>) -> Result<(), String> {
    match timeout(limit, written).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("write: {error}")),
        Err(_) => Err("write: the other side takes nothing".to_owned()),
    }
}

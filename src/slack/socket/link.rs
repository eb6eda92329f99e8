//! One connection, from asking for its address to its end.
//!
//! The reader hands envelopes on and never waits for what becomes of them. It ends when Slack closes, when nothing is
//! heard for too long, when the writer fails, some time after Slack announced the end, or when the program shuts down; in
//! the last two cases what is not acknowledged yet still will be.

use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::reply::{Acknowledgement, Reply, Slot};
use super::writer::{Overdue, write};
use super::{Delivery, Timings};
use crate::clock::{monotonic, pause};
use crate::slack::envelope::{DisconnectReason, Envelope, Frame, read};
use crate::slack::web::{Web, WebError};

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Envelopes of one connection that may be under way at once; more are left unread for the moment.
const UNDER_WAY: usize = 4096;
/// Far above what Slack sends (a view has at most 250 KB), far below what would hurt.
const LARGEST_FRAME: usize = 4 * 1024 * 1024;
/// Small, because there are few connections and they idle most of the time.
const READ_BUFFER: usize = 16 * 1024;

/// What a connection needs.
pub(super) struct Link<Mail> {
    pub(super) number: u64,
    pub(super) web: Web,
    pub(super) deliveries: mpsc::Sender<Mail>,
    pub(super) news: mpsc::Sender<(u64, News)>,
    pub(super) shutdown: watch::Receiver<bool>,
    pub(super) timings: Timings,
}

/// What the keeper hears of a connection; [`News::Ended`] comes once and last.
#[derive(Debug)]
pub(super) enum News {
    /// Slack has greeted it. The number is that of all the app's connections.
    Ready { connections: Option<usize> },
    /// Slack will close it.
    Closing(DisconnectReason),
    /// It is gone, or never was.
    Ended(End),
}

/// How a connection ended.
#[derive(Debug)]
pub(super) enum End {
    /// As it should.
    Orderly,
    /// Slack gave no address for it.
    NotOpened(WebError),
    /// Anything else.
    Broken(String),
}

impl<Mail: From<Delivery>> Link<Mail> {
    /// Lives one connection.
    pub(super) async fn run(mut self) {
        let end = match self.open().await {
            Ok(socket) => self.live(socket).await,
            Err(end) => end,
        };
        self.tell(News::Ended(end)).await;
    }

    /// The keeper may be gone already, when the program shuts down.
    async fn tell(&self, news: News) {
        drop(self.news.send((self.number, news)).await);
    }

    async fn open(&self) -> Result<Socket, End> {
        let limit = self.timings.open_within;
        let connect = async {
            let late = |what: &str| End::Broken(format!("{what} took longer than {limit:?}"));
            let opened = timeout(limit, self.web.open_connection())
                .await
                .map_err(|_| late("apps.connections.open"))?;
            let url = opened.map_err(End::NotOpened)?;
            let config = WebSocketConfig::default()
                .read_buffer_size(READ_BUFFER)
                .write_buffer_size(READ_BUFFER)
                .max_write_buffer_size(LARGEST_FRAME)
                .max_message_size(Some(LARGEST_FRAME))
                .max_frame_size(Some(LARGEST_FRAME));
            // Acknowledgements are small and urgent: no waiting for more of them to fill a packet.
            let connected = connect_async_with_config(url.as_str(), Some(config), true);
            match timeout(limit, connected).await {
                Ok(Ok((socket, _))) => Ok(socket),
                Ok(Err(error)) => Err(End::Broken(upgrade_failure(&error))),
                Err(_) => Err(late("the websocket upgrade")),
            }
        };
        let mut shutdown = self.shutdown.clone();
        tokio::select! {
            connected = connect => connected,
            () = stopped(&mut shutdown) => Err(End::Orderly),
        }
    }

    async fn live(&mut self, socket: Socket) -> End {
        let (sink, stream) = socket.split();
        let (acknowledgements, queue) = mpsc::channel(UNDER_WAY);
        let overdue = Overdue::default();
        // A set, because it ends its task when this connection is dropped.
        let mut writer = JoinSet::new();
        writer.spawn(write(sink, queue, overdue.clone(), self.timings.clone()));

        let end = self.read(stream, &acknowledgements, &overdue, &mut writer).await;
        drop(acknowledgements);
        match end {
            // The writer ends by itself once the last reply is given.
            End::Orderly => match timeout(self.timings.shutdown_within, writer.join_next()).await {
                Ok(Some(Ok(Err(why)))) => End::Broken(why),
                _ => End::Orderly,
            },
            End::NotOpened(_) | End::Broken(_) => end,
        }
    }

    async fn read(
        &mut self,
        mut stream: SplitStream<Socket>,
        acknowledgements: &mpsc::Sender<Acknowledgement>,
        overdue: &Overdue,
        writer: &mut JoinSet<Result<(), String>>,
    ) -> End {
        let mut shutdown = self.shutdown.clone();
        let mut greeted = false;
        let mut deadline = monotonic() + self.timings.open_within;
        let mut closing = false;
        loop {
            let left = deadline.saturating_duration_since(monotonic());
            let message = tokio::select! {
                biased;
                () = stopped(&mut shutdown) => return End::Orderly,
                written = writer.join_next() => return End::Broken(match written {
                    Some(Ok(Err(why))) => why,
                    _ => "the writer ended".to_owned(),
                }),
                () = pause(left), if closing => return End::Orderly,
                () = pause(left), if !greeted => return End::Broken("no greeting after the upgrade".to_owned()),
                message = timeout(self.timings.silence, stream.next()) => message,
            };
            let text = match message {
                Err(_) => return End::Broken(format!("nothing heard for {:?}", self.timings.silence)),
                Ok(None) => return End::Broken("closed".to_owned()),
                // Announced beforehand, it is no failure.
                Ok(Some(Ok(Message::Close(_)))) if closing => return End::Orderly,
                Ok(Some(Ok(Message::Close(_)))) => return End::Broken("closed by Slack without notice".to_owned()),
                Ok(Some(Err(error))) => return End::Broken(format!("read: {error}")),
                Ok(Some(Ok(Message::Text(text)))) => text,
                // Pings are answered underneath.
                Ok(Some(Ok(_))) => continue,
            };
            match read(&text) {
                Frame::Hello { connections } => {
                    greeted = true;
                    self.tell(News::Ready { connections }).await;
                }
                Frame::Disconnect(reason) => {
                    if !closing {
                        closing = true;
                        greeted = true;
                        deadline = monotonic() + self.grace(&reason);
                        self.tell(News::Closing(reason)).await;
                    }
                }
                Frame::Envelope(envelope) => self.hand_on(*envelope, acknowledgements, overdue, monotonic()).await,
                Frame::Other { kind } => tracing::debug!(frame.kind = kind, "frame without an envelope, skipped"),
            }
        }
    }

    /// How long a connection that is to end is still read.
    fn grace(&self, reason: &DisconnectReason) -> std::time::Duration {
        match reason {
            DisconnectReason::Warning | DisconnectReason::RefreshRequested | DisconnectReason::Other(_) => {
                self.timings.drain
            }
            // Holding on to one too many is what Slack complains about; a disabled one brings nothing any more.
            DisconnectReason::LinkDisabled | DisconnectReason::TooManyWebsockets => std::time::Duration::ZERO,
        }
    }

    /// Puts an envelope into the channel of deliveries, if there is room for it and for its acknowledgement.
    async fn hand_on(
        &self,
        envelope: Envelope,
        acknowledgements: &mpsc::Sender<Acknowledgement>,
        overdue: &Overdue,
        received: Instant,
    ) {
        let both = async {
            let place = self.deliveries.reserve().await.ok()?;
            let room = acknowledgements.clone().reserve_owned().await.ok()?;
            Some((place, room))
        };
        let Ok(Some((place, room))) = timeout(self.timings.room_within, both).await else {
            tracing::error!(
                envelope.id,
                "too busy to take an envelope; not acknowledged, so that Slack says so or tries again"
            );
            return;
        };
        let slot = Slot::new(envelope.id.clone(), envelope.accepts_payload, room);
        overdue.watch(&slot, received + self.timings.acknowledge_within);
        place.send(Mail::from(Delivery {
            envelope,
            reply: Reply::new(slot),
        }));
    }
}

/// Without the address: it has a ticket.
fn upgrade_failure(error: &Error) -> String {
    match error {
        Error::Http(response) => format!(
            "the websocket upgrade was answered with http status {}",
            response.status().as_u16()
        ),
        Error::Url(_) => "the websocket address is unusable".to_owned(),
        other => format!("connect the websocket: {other}"),
    }
}

/// Returns once the program shuts down, or whoever could say so is gone.
pub(super) async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    drop(shutdown.wait_for(|stop| *stop).await);
}

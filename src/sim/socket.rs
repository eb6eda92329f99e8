//! Socket Mode, Slack's side: connections in turn, envelopes, acknowledgements and what is wrong with them.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Bytes, Message as Frame, Utf8Bytes};

use super::faults::{Disconnect, Fault};
use super::state::{APP, Pending, Standing, State};
use super::workspace::Workspace;

/// Frames that wait for one connection at the most; a bot that reads none of them has lost the rest.
const QUEUE: usize = 65_536;
/// How long Slack waits for an acknowledgement.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
/// How often Slack asks whether somebody is still there; once it began, its SDK for Node gives up after 30 s without.
const PINGS: Duration = Duration::from_secs(10);
/// What Slack's pings say. The SDK for Python waits in vain for the rest of a ping that says nothing, and forgets what it
/// read before.
const PING: &[u8] = b"Ping from applink-sim";
/// How many connections an app may hold.
const CONNECTIONS: usize = 10;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Something for a connection to do.
#[derive(Debug)]
enum Out {
    Frame(String),
    /// Half of a frame, then nothing more.
    Half(String),
    /// A goodbye, then nothing more.
    Close,
    /// Nothing more.
    Cut,
}

#[derive(Debug)]
struct Connection {
    id: u64,
    out: mpsc::Sender<Out>,
}

/// Everybody who listens.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: Vec<Connection>,
    tickets: Vec<u64>,
    turn: usize,
    /// Connections of somebody else, who takes their part of the envelopes.
    pub(super) strangers: usize,
}

/// An envelope on its way.
#[derive(Debug)]
pub struct Delivered {
    pub(super) id: String,
    pub(super) acknowledged: oneshot::Receiver<Option<Value>>,
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unconnected;

/// Whose turn it is to get an envelope.
enum Turn<'c> {
    Nobody,
    Stranger,
    Ours(&'c Connection),
}

impl Connections {
    pub(super) fn count(&self) -> usize {
        self.open.len()
    }

    pub(super) fn ticket(&mut self, number: u64) {
        self.tickets.push(number);
    }

    /// Uses a ticket up.
    pub(super) fn admit(&mut self, number: u64) -> bool {
        let found = self.tickets.iter().position(|ticket| *ticket == number);
        found.is_some_and(|index| self.tickets.remove(index) == number)
    }

    /// Whose turn it is.
    fn next(&mut self) -> Turn<'_> {
        let all = self.open.len() + self.strangers;
        if self.open.is_empty() {
            return Turn::Nobody;
        }
        self.turn = (self.turn + 1) % all;
        self.open.get(self.turn).map_or(Turn::Stranger, Turn::Ours)
    }

    pub(super) fn disconnect(&mut self, why: Disconnect) {
        for connection in &self.open {
            if let Some(reason) = why.reason() {
                let frame = json!({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sim"}});
                drop(connection.out.try_send(Out::Frame(frame.to_string())));
            }
            match why {
                Disconnect::Warning => {}
                Disconnect::Silent => drop(connection.out.try_send(Out::Cut)),
                _ => drop(connection.out.try_send(Out::Close)),
            }
        }
        if why != Disconnect::Warning {
            self.open.clear();
        }
    }

    /// Puts any text on every connection.
    pub(super) fn shout(&self, frame: &str) {
        for connection in &self.open {
            drop(connection.out.try_send(Out::Frame(frame.to_owned())));
        }
    }
}

impl State {
    /// Puts an envelope on the next connection.
    pub(super) fn send(&mut self, kind: &str, payload: &Value, accepts: bool) -> Result<Delivered, Unconnected> {
        let id = format!("env-{}", self.next());
        let mut frame = json!({
            "envelope_id": id,
            "type": kind,
            "accepts_response_payload": accepts,
            "payload": payload,
        });
        if kind == "events_api" {
            frame["retry_attempt"] = json!(0);
            frame["retry_reason"] = json!("");
        }
        self.put(id, frame)
    }

    fn put(&mut self, id: String, frame: Value) -> Result<Delivered, Unconnected> {
        let (waiting, acknowledged) = oneshot::channel();
        let mut copies = 1;
        let fault = self.take_fault(|fault| fault.method().is_none());
        let text = frame.to_string();
        let mut reached = Ok(());
        match (self.connections.next(), &fault) {
            (Turn::Nobody, _) => reached = Err(Unconnected),
            // It went to somebody else, who may or may not acknowledge.
            (Turn::Stranger, _) => {}
            (Turn::Ours(connection), Some(Fault::CutFrame)) => drop(connection.out.try_send(Out::Half(text))),
            (Turn::Ours(connection), Some(Fault::CutAfterFrame)) => {
                drop(connection.out.try_send(Out::Frame(text)));
                drop(connection.out.try_send(Out::Cut));
            }
            (Turn::Ours(connection), Some(Fault::Duplicate)) => {
                copies = 2;
                drop(connection.out.try_send(Out::Frame(text.clone())));
                drop(connection.out.try_send(Out::Frame(text)));
            }
            (Turn::Ours(connection), _) => drop(connection.out.try_send(Out::Frame(text))),
        }
        let pending = Pending {
            accepts_payload: frame["accepts_response_payload"] == true,
            // Nobody is awaited who was not there; an event is repeated like any other.
            standing: if fault == Some(Fault::LoseAcknowledgement) || reached.is_err() {
                Standing::Losing
            } else {
                Standing::Awaited
            },
            copies,

            waiting: Some(waiting),
            frame,
        };
        self.pending.insert(id.clone(), pending);
        reached.map(|()| Delivered { id, acknowledged })
    }

    /// Repeats every event that nobody acknowledged, as Slack does: in a new envelope, with the same event. Nobody waits
    /// for an acknowledgement of the old one any more, nor for one of anything else.
    pub(super) fn redeliver(&mut self) {
        let open = self
            .pending
            .values_mut()
            .filter(|pending| matches!(pending.standing, Standing::Awaited | Standing::Losing));
        let mut again = Vec::new();
        for pending in open {
            pending.standing = Standing::GivenUp;
            if pending.frame["type"] == "events_api" {
                again.push(pending.frame.clone());
            }
        }
        for mut frame in again {
            let id = format!("env-{}", self.next());
            frame["envelope_id"] = json!(id);
            frame["retry_attempt"] = json!(frame["retry_attempt"].as_u64().unwrap_or_default() + 1);
            frame["retry_reason"] = json!("timeout");
            drop(self.put(id, frame));
        }
    }

    fn acknowledge(&mut self, text: &str) {
        let Ok(said) = serde_json::from_str::<Value>(text) else {
            return self.complain("a frame that is no JSON came in");
        };
        let id = said["envelope_id"].as_str().unwrap_or_default().to_owned();
        let Some(pending) = self.pending.get_mut(&id) else {
            return self.complain(format!("an unknown envelope was acknowledged: {id}"));
        };
        if matches!(pending.standing, Standing::Losing | Standing::GivenUp) {
            return;
        }
        if pending.copies == 0 {
            return self.complain(format!("{id} was acknowledged twice"));
        }
        pending.copies -= 1;
        pending.standing = Standing::Acknowledged;
        // Slack's own SDK for Node sends an empty one with every acknowledgement: it says nothing.
        let payload = said.get("payload").filter(|payload| **payload != json!({})).cloned();
        if payload.is_some() && !pending.accepts_payload {
            return self.complain(format!("{id} was acknowledged with a payload it does not accept"));
        }
        if let Some(waiting) = pending.waiting.take() {
            drop(waiting.send(payload));
        }
    }
}

/// Serves one connection until it ends.
pub(super) async fn serve(workspace: Workspace, upgraded: Upgraded, id: u64) {
    let mut socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let (out, mut queue) = mpsc::channel(QUEUE);
    let count = workspace.change(|state, _| {
        if state.connections.count() >= CONNECTIONS {
            return None;
        }
        state.connections.open.push(Connection { id, out });
        Some(state.connections.count() + state.connections.strangers)
    });
    let Some(count) = count else {
        drop(socket.close(None).await);
        return;
    };
    let hello = json!({
        "type": "hello",
        "num_connections": count,
        "connection_info": {"app_id": APP},
        "debug_info": {"host": "applink-sim", "build_number": 1, "approximate_connection_time": 18_060},
    });
    let mut open = socket.send(Frame::text(hello.to_string())).await.is_ok();
    let mut pings = tokio::time::interval(PINGS);
    while open {
        open = tokio::select! {
            out = queue.recv() => deliver(&mut socket, &mut queue, out).await,
            _ = pings.tick() => socket.send(Frame::Ping(Bytes::from_static(PING))).await.is_ok(),
            frame = socket.next() => match frame {
                Some(Ok(Frame::Text(text))) => {
                    workspace.change(|state, _| state.acknowledge(&text));
                    true
                }
                Some(Ok(Frame::Close(_))) => {
                    // The answer to it is written underneath.
                    drop(socket.flush().await);
                    false
                }
                Some(Ok(_)) => true,
                Some(Err(_)) | None => false,
            },
        };
    }
    workspace.change(|state, _| state.connections.open.retain(|connection| connection.id != id));
}

/// Writes what is to go out, and together with it what else waits; says whether the connection goes on.
async fn deliver(socket: &mut Socket, queue: &mut mpsc::Receiver<Out>, first: Option<Out>) -> bool {
    let mut next = first;
    loop {
        match next {
            Some(Out::Frame(text)) => {
                if socket.feed(Frame::text(text)).await.is_err() {
                    return false;
                }
            }
            Some(Out::Half(text)) => {
                drop(socket.flush().await);
                half(socket, &text).await;
                return false;
            }
            Some(Out::Close) => {
                close(socket).await;
                return false;
            }
            Some(Out::Cut) | None => {
                drop(socket.flush().await);
                return false;
            }
        }
        match queue.try_recv() {
            Ok(more) => next = Some(more),
            Err(_) => return socket.flush().await.is_ok(),
        }
    }
}

/// Ends a connection as the protocol wants it: the other side answers before the line is dropped.
async fn close(socket: &mut Socket) {
    let frame = CloseFrame {
        code: CloseCode::Normal,
        reason: Utf8Bytes::default(),
    };
    drop(socket.close(Some(frame)).await);
    let answered = async { while let Some(Ok(_)) = socket.next().await {} };
    drop(tokio::time::timeout(PATIENCE, answered).await);
}

/// Writes the beginning of a frame by hand.
async fn half(socket: &mut Socket, text: &str) {
    let mut bytes = vec![0x81, 126];
    bytes.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    bytes.extend(&text.as_bytes()[..text.len() / 2]);
    let raw = socket.get_mut();
    drop(raw.write_all(&bytes).await);
    drop(raw.flush().await);
}

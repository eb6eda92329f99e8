//! Connections against a server that misbehaves on purpose.

mod connections;

use std::collections::BTreeMap;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};

use super::backoff::Backoff;
use super::*;
use crate::slack::envelope::Inbound;
use crate::slack::fake::{Answered, Fake};

/// The other side of one connection.
struct Peer(WebSocketStream<TcpStream>);

impl Peer {
    async fn says(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn greets(&mut self, connections: usize) {
        self.says(&json!({"type": "hello", "num_connections": connections}))
            .await;
    }

    /// Without waiting for the bytes to leave: several such and a `says` go out in one burst.
    async fn prepares(&mut self, frame: &Value) {
        self.0.feed(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next text from the bot; pings are answered on the way.
    async fn hears(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}

/// A bot's socket, and the Slack it talks to.
struct Stage {
    listener: TcpListener,
    web: Fake,
    deliveries: mpsc::Receiver<Delivery>,
    status: watch::Receiver<SocketStatus>,
    shutdown: watch::Sender<bool>,
    bot: JoinHandle<()>,
}

/// One connection, and pauses that nobody has to wait for.
fn quick() -> Timings {
    Timings {
        connections: 1,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        stable_after: Duration::ZERO,
        seed: 1,
        ..Timings::default()
    }
}

impl Stage {
    async fn with(timings: Timings, room: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let web = Fake::start().await;
        let address = format!("ws://{}/link?ticket=secret", listener.local_addr().unwrap());
        web.always(Answered::json(&json!({"ok": true, "url": address})));
        let (sender, deliveries) = mpsc::channel(room);
        let (publish, status) = watch::channel(SocketStatus::default());
        let (shutdown, stopped) = watch::channel(false);
        let bot = tokio::spawn(run(web.web(), sender, publish, stopped, timings));
        Self {
            listener,
            web,
            deliveries,
            status,
            shutdown,
            bot,
        }
    }

    async fn quick() -> Self {
        Self::with(quick(), 64).await
    }

    /// The bot's next connection, without a greeting.
    async fn accepts(&self) -> Peer {
        let (stream, _) = self.listener.accept().await.unwrap();
        Peer(accept_async(stream).await.unwrap())
    }

    async fn connects(&mut self, connections: usize) -> Peer {
        let before = self.status.borrow_and_update().opened;
        let mut peer = self.accepts().await;
        peer.greets(connections).await;
        self.shows(|status| status.opened > before).await;
        peer
    }

    async fn shows(&mut self, what: impl Fn(&SocketStatus) -> bool) -> SocketStatus {
        self.status.wait_for(|status| what(status)).await.unwrap().clone()
    }

    async fn takes(&mut self) -> Delivery {
        self.deliveries.recv().await.unwrap()
    }
}

fn command(id: &str, accepts: bool) -> Value {
    json!({"type": "slash_commands", "envelope_id": id, "accepts_response_payload": accepts,
        "payload": {"command": "/alert", "user_id": "U1", "channel_id": "C1", "text": id}})
}

fn bare(id: &str) -> Value {
    json!({"envelope_id": id})
}

#[tokio::test]
async fn an_envelope_is_acknowledged_once_with_a_payload_only_where_it_accepts_one() {
    let mut stage = Stage::quick().await;
    let mut slack = stage.connects(1).await;
    let answer = json!({"text": "paging Ben"});

    slack.says(&command("e-1", true)).await;
    let delivery = stage.takes().await;
    assert!(delivery.reply.accepts_payload());
    assert_eq!(delivery.reply.acknowledge_with(answer.clone()), Carried::Payload);
    assert_eq!(
        slack.hears().await,
        Some(json!({"envelope_id": "e-1", "payload": answer}))
    );

    slack.says(&command("e-2", false)).await;
    let delivery = stage.takes().await;
    assert!(!delivery.reply.accepts_payload());
    assert_eq!(delivery.reply.acknowledge_with(answer), Carried::Bare);
    assert_eq!(slack.hears().await, Some(bare("e-2")));

    slack.says(&command("e-3", true)).await;
    stage.takes().await.reply.acknowledge();
    assert_eq!(slack.hears().await, Some(bare("e-3")));

    slack.says(&command("e-4", true)).await;
    drop(stage.takes().await);
    slack.says(&command("e-5", true)).await;
    stage.takes().await.reply.acknowledge();
    assert_eq!(
        slack.hears().await,
        Some(bare("e-5")),
        "what is dropped is never acknowledged, and delays nobody"
    );
}

#[tokio::test]
async fn envelopes_nobody_has_a_reader_for_are_handed_on_like_any_other() {
    let mut stage = Stage::quick().await;
    let mut slack = stage.connects(1).await;
    slack.says(&json!({"type": "gossip"})).await;
    slack
        .0
        .send(Message::text("{\"envelope_id\": \"e-1\", \"payload\": {"))
        .await
        .unwrap();
    slack.0.send(Message::binary(vec![0, 159])).await.unwrap();
    slack.says(&json!({"type": "brand_new", "envelope_id": "e-2"})).await;
    for id in ["e-1", "e-2"] {
        let delivery = stage.takes().await;
        assert!(matches!(delivery.envelope.inbound, Inbound::Unknown { .. }));
        delivery.reply.acknowledge();
        assert_eq!(slack.hears().await, Some(bare(id)));
    }
}

#[tokio::test]
async fn a_slow_handler_delays_nobody_and_is_acknowledged_for_in_time() {
    let patient = Timings {
        acknowledge_within: Duration::from_mins(1),
        ..quick()
    };
    let mut stage = Stage::with(patient, 64).await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("slow", true)).await;
    let slow = stage.takes().await;
    slack.says(&command("fast", true)).await;
    stage.takes().await.reply.acknowledge();
    assert_eq!(slack.hears().await, Some(bare("fast")));
    assert_eq!(
        slow.reply.acknowledge_with(json!({"text": "at last"})),
        Carried::Payload
    );
    assert_eq!(slack.hears().await.unwrap()["envelope_id"], "slow");

    let impatient = Timings {
        acknowledge_within: Duration::from_millis(10),
        ..quick()
    };
    let mut stage = Stage::with(impatient, 64).await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("slow", true)).await;
    let slow = stage.takes().await;
    assert_eq!(
        slack.hears().await,
        Some(bare("slow")),
        "its patience ends while the handler still holds it"
    );
    assert_eq!(slow.reply.acknowledge_with(json!({"text": "too late"})), Carried::Late);
    slack.says(&command("next", false)).await;
    stage.takes().await.reply.acknowledge();
    assert_eq!(
        slack.hears().await,
        Some(bare("next")),
        "the late one was not acknowledged twice"
    );
}

#[tokio::test]
async fn no_acknowledgement_is_lost_when_commands_and_a_disconnect_share_a_burst() {
    const ROUNDS: usize = 60;
    let mut stage = Stage::quick().await;
    let mut slack = stage.connects(1).await;
    for round in 0..ROUNDS {
        let ids: Vec<String> = (0..3).map(|number| format!("e-{round}-{number}")).collect();
        for id in &ids {
            slack.prepares(&command(id, true)).await;
        }
        slack
            .says(&json!({"type": "disconnect", "reason": "refresh_requested"}))
            .await;
        let successor = stage.connects(2).await;
        for _ in &ids {
            let delivery = stage.takes().await;
            let _handled = tokio::spawn(async move { delivery.reply.acknowledge_with(json!({"text": "x"})) });
        }
        let mut heard = BTreeMap::new();
        for _ in &ids {
            let acknowledgement = slack.hears().await.expect("the old connection is still written to");
            *heard
                .entry(acknowledgement["envelope_id"].as_str().unwrap().to_owned())
                .or_insert(0) += 1;
        }
        assert_eq!(heard, ids.iter().map(|id| (id.clone(), 1)).collect());
        slack.0.close(None).await.unwrap();
        slack = successor;
    }
}

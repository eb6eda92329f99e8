//! Connections against a server that misbehaves on purpose.

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
    assert_eq!(slack.hears().await, Some(bare("e-4")));
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
        drop(delivery);
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
    drop(stage.takes().await);
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
    drop(stage.takes().await);
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

#[tokio::test]
async fn a_successor_is_up_before_the_old_connection_is_given_up() {
    for reason in ["warning", "refresh_requested", "a_reason_of_tomorrow"] {
        let timings = Timings {
            drain: Duration::from_millis(50),
            ..quick()
        };
        let mut stage = Stage::with(timings, 64).await;
        let mut old = stage.connects(1).await;
        old.says(&json!({"type": "disconnect", "reason": reason})).await;
        let mut new = stage.connects(2).await;
        old.says(&command("on the old", false)).await;
        new.says(&command("on the new", false)).await;
        drop((stage.takes().await, stage.takes().await));
        assert_eq!(old.hears().await, Some(bare("on the old")));
        assert_eq!(new.hears().await, Some(bare("on the new")));
        assert_eq!(old.hears().await, None, "closed by the bot after a while");
        let status = stage.shows(|status| status.closing == 0).await;
        assert_eq!((status.connected, status.last_problem), (1, None));
    }
}

#[tokio::test]
async fn two_connections_are_held_and_a_lost_one_is_replaced() {
    let mut stage = Stage::with(
        Timings {
            connections: 2,
            ..quick()
        },
        64,
    )
    .await;
    let first = stage.connects(1).await;
    let mut second = stage.connects(2).await;
    assert_eq!(stage.shows(|status| status.connected == 2).await.last_problem, None);
    drop(first);
    let _third = stage.connects(2).await;
    assert_eq!(stage.shows(|status| status.connected == 2).await.opened, 3);
    second.says(&command("e-1", false)).await;
    drop(stage.takes().await);
    assert_eq!(second.hears().await, Some(bare("e-1")));
}

#[tokio::test]
async fn a_frame_cut_in_the_middle_a_close_and_one_too_large_lead_to_a_new_connection() {
    let mut stage = Stage::quick().await;
    let slack = stage.connects(1).await;
    let mut stream = slack.0.into_inner();
    // The beginning of a text frame of 100 bytes.
    stream.write_all(&[0x81, 100, b'{', b'"']).await.unwrap();
    drop(stream);
    let mut slack = stage.connects(1).await;
    slack.0.close(None).await.unwrap();
    let slack = stage.connects(1).await;
    let mut stream = slack.0.into_inner();
    // The header of a text frame of a terabyte.
    stream.write_all(&[0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]).await.unwrap();
    let _fourth = stage.connects(1).await;
    assert_eq!(stage.status.borrow().opened, 4);
}

#[tokio::test]
async fn a_silent_peer_is_left_and_one_that_never_greets_too() {
    let timings = Timings {
        ping_every: Duration::from_millis(100),
        silence: Duration::from_millis(800),
        open_within: Duration::from_secs(1),
        ..quick()
    };
    let mut stage = Stage::with(timings, 64).await;
    // Nobody reads this connection, so nobody answers its pings.
    let _silent = stage.connects(1).await;
    let _mute = stage.accepts().await;
    let status = stage
        .shows(|status| status.connected == 0 && status.last_problem.is_some())
        .await;
    assert!(matches!(status.last_problem, Some(Problem::Unreachable { why }) if why.contains("nothing heard")));
    let _third = stage.connects(1).await;
}

#[tokio::test]
async fn a_peer_that_accepts_and_never_upgrades_is_left() {
    let mut stage = Stage::with(
        Timings {
            open_within: Duration::from_secs(1),
            ..quick()
        },
        64,
    )
    .await;
    let (_never_upgraded, _) = stage.listener.accept().await.unwrap();
    let _second = stage.connects(1).await;
}

#[tokio::test]
async fn a_failing_open_is_tried_again_and_a_refused_token_shows() {
    let timings = Timings {
        rare_pause: Duration::from_millis(1),
        ..quick()
    };
    let mut stage = Stage::with(timings, 64).await;
    let refusal = |code: &str| Answered::json(&json!({"ok": false, "error": code}));
    stage.web.answers([
        Answered::status(500, ""),
        refusal("internal_error"),
        refusal("token_revoked"),
    ]);
    let slack = stage.connects(1).await;
    drop(slack);
    let _slack = stage.connects(1).await;
    assert_eq!(stage.shows(|status| status.connected == 1).await.last_problem, None);

    let mut stage = Stage::with(
        Timings {
            rare_pause: Duration::from_hours(1),
            ..quick()
        },
        64,
    )
    .await;
    let mut slack = stage.connects(1).await;
    stage.web.always(refusal("invalid_auth"));
    slack.0.close(None).await.unwrap();
    let unauthorized = Some(Problem::Unauthorized {
        code: "invalid_auth".into(),
    });
    stage.shows(|status| status.last_problem == unauthorized).await;
}

#[tokio::test]
async fn a_rate_limit_on_opening_is_obeyed() {
    let mut stage = Stage::quick().await;
    let slack = stage.connects(1).await;
    stage
        .web
        .answers([Answered::status(429, "").with("retry-after", "3600")]);
    drop(slack);
    stage
        .shows(|status| matches!(&status.last_problem, Some(Problem::Unreachable { why }) if why.contains("pause")))
        .await;
}

#[tokio::test]
async fn a_disabled_socket_mode_and_too_many_connections_show_and_are_not_hammered() {
    let cases = [
        ("link_disabled", Problem::LinkDisabled),
        ("too_many_websockets", Problem::TooManyConnections),
    ];
    for (reason, problem) in cases {
        let long = Duration::from_hours(1);
        let mut stage = Stage::with(
            Timings {
                rare_pause: long,
                longest_pause: long,
                ..quick()
            },
            64,
        )
        .await;
        let mut slack = stage.connects(1).await;
        slack.says(&json!({"type": "disconnect", "reason": reason})).await;
        let status = stage.shows(|status| status.connected == 0 && status.closing == 0).await;
        assert_eq!(status.last_problem, Some(problem));
        assert_eq!(slack.hears().await, None);
        assert_eq!(stage.web.asked().len(), 1);
    }
}

#[tokio::test]
async fn strangers_on_the_same_token_show_until_they_are_gone() {
    let mut stage = Stage::quick().await;
    let slack = stage.connects(3).await;
    assert_eq!(
        stage.shows(|status| status.connected == 1).await.last_problem,
        Some(Problem::Strangers(2))
    );
    drop(slack);
    let _slack = stage.connects(1).await;
    assert_eq!(stage.shows(|status| status.connected == 1).await.last_problem, None);
}

#[tokio::test]
async fn what_there_is_no_room_for_is_not_acknowledged() {
    let timings = Timings {
        room_within: Duration::from_millis(10),
        ..quick()
    };
    let mut stage = Stage::with(timings, 1).await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("taken", false)).await;
    slack.says(&command("too many", false)).await;
    slack
        .says(&json!({"type": "disconnect", "reason": "refresh_requested"}))
        .await;
    let mut successor = stage.connects(2).await;
    drop(stage.takes().await);
    assert_eq!(slack.hears().await, Some(bare("taken")));
    successor.says(&command("later", false)).await;
    assert_eq!(stage.takes().await.envelope.id, "later");
}

#[tokio::test]
async fn shutting_down_takes_nothing_more_but_acknowledges_what_was_taken() {
    let mut stage = Stage::quick().await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("taken", true)).await;
    let taken = stage.takes().await;
    stage.shutdown.send(true).unwrap();
    assert_eq!(taken.reply.acknowledge_with(json!({"text": "done"})), Carried::Payload);
    assert_eq!(slack.hears().await.unwrap()["payload"]["text"], "done");
    assert_eq!(slack.hears().await, None, "closed properly");
    stage.bot.await.unwrap();
    assert_eq!(stage.status.borrow().connected, 0);
    assert!(stage.deliveries.recv().await.is_none());
}

#[tokio::test]
async fn shutting_down_does_not_wait_for_ever_and_ends_also_while_connecting() {
    let timings = Timings {
        shutdown_within: Duration::from_millis(20),
        acknowledge_within: Duration::from_mins(1),
        ..quick()
    };
    let mut stage = Stage::with(timings, 64).await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("never handled", true)).await;
    let held = stage.takes().await;
    stage.shutdown.send(true).unwrap();
    stage.bot.await.unwrap();
    assert_eq!(held.reply.acknowledge_with(json!({})), Carried::Lost);

    let stage = Stage::quick().await;
    let (_never_upgraded, _) = stage.listener.accept().await.unwrap();
    stage.shutdown.send(true).unwrap();
    stage.bot.await.unwrap();
}

#[tokio::test]
async fn when_nobody_takes_deliveries_any_more_the_socket_ends() {
    let mut stage = Stage::quick().await;
    let _slack = stage.connects(1).await;
    drop(stage.deliveries);
    stage.bot.await.unwrap();
}

#[test]
fn pauses_double_with_jitter_up_to_a_bound_and_begin_again_after_a_reset() {
    let (first, longest) = (Duration::from_millis(500), Duration::from_mins(1));
    let mut backoff = Backoff::new(first, longest, 7);
    for step in [1_u32, 2, 4, 8, 16, 32, 64, 128, 256] {
        let full = (first * step).min(longest);
        let pause = backoff.next();
        assert!(full / 2 <= pause && pause <= full, "{pause:?} of {full:?}");
    }
    for _ in 0..100 {
        assert!(backoff.next() <= longest);
    }
    backoff.reset();
    assert!(backoff.next() <= first);
    let mut one = Backoff::new(first, longest, 7);
    let mut other = Backoff::new(first, longest, 8);
    assert_ne!(one.next(), other.next(), "two bots do not come back together");
}

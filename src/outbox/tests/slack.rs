//! A Slack just large enough to send to: it notes what was called, keeps what was posted, and fails as told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::in_time;

/// How one call goes wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    /// 429, to come back after so many seconds.
    TooMany(u32),
    /// A 500, and nothing happened.
    Broken,
    /// A 500, but it happened.
    BrokenAfterwards,
    /// Slack's own error.
    Error(&'static str),
}

/// One call as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) text: String,
    pub(super) has_blocks: bool,
}

#[derive(Debug, Default)]
struct Inside {
    faults: HashMap<&'static str, VecDeque<Fault>>,
    seen: Vec<Seen>,
    standing: Vec<Value>,
}

/// The server; it ends with the test's runtime.
#[derive(Debug, Clone)]
pub(super) struct FakeSlack {
    base: String,
    inside: Arc<Mutex<Inside>>,
    /// Whether answers are given; while they are not, calls are noted and hang.
    answering: watch::Sender<bool>,
    /// How many calls have arrived.
    arrived: watch::Sender<usize>,
}

impl FakeSlack {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let slack = Self {
            base: format!("http://{address}/api"),
            inside: Arc::default(),
            answering: watch::channel(true).0,
            arrived: watch::channel(0).0,
        };
        let app = Router::new().fallback(serve).with_state(slack.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        slack
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The next calls of a method fail like this, in this order.
    pub(super) fn fails(&self, method: &'static str, faults: &[Fault]) {
        self.inside().faults.entry(method).or_default().extend(faults);
    }

    /// Calls hang from now on, or are answered again.
    pub(super) fn answers(&self, answering: bool) {
        self.answering.send_replace(answering);
    }

    /// Waits until so many calls have arrived.
    pub(super) async fn arrived(&self, count: usize) {
        let mut arrived = self.arrived.subscribe();
        let enough = arrived.wait_for(|arrived| *arrived >= count);
        in_time("calls", enough).await.expect("the server runs");
    }

    /// The methods that were called, in order.
    pub(super) fn methods(&self) -> Vec<String> {
        self.inside().seen.iter().map(|seen| seen.method.clone()).collect()
    }

    /// All calls.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.inside().seen.clone()
    }

    /// The texts that stand in the channel.
    pub(super) fn standing(&self) -> Vec<String> {
        let inside = self.inside();
        inside.standing.iter().map(|message| text(&message["text"])).collect()
    }

    /// Puts a message with an entry's id into the channel, as an earlier run of ours would have.
    pub(super) fn has_posted(&self, entry: u64, words: &str) {
        let metadata = json!({ "event_type": "nightbell_outbox", "event_payload": { "entry": entry.to_string() } });
        self.inside().post(&json!({ "text": words, "metadata": metadata }));
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("no test panics while it holds this")
    }
}

impl Inside {
    fn post(&mut self, arguments: &Value) -> String {
        let second = u64::try_from(super::dawn().timestamp()).expect("after 1970") + self.standing.len() as u64;
        let ts = format!("{second}.000100");
        let message = json!({
            "type": "message", "user": "UBOT", "bot_id": "B1", "ts": ts,
            "text": arguments["text"], "metadata": arguments["metadata"],
        });
        self.standing.push(message);
        ts
    }

    fn carry_out(&mut self, method: &str, arguments: &Value) -> Value {
        match method {
            "chat.postMessage" => json!({ "ok": true, "channel": "C1", "ts": self.post(arguments) }),
            "chat.update" => json!({ "ok": true, "channel": "C1", "ts": arguments["ts"] }),
            "chat.postEphemeral" => json!({ "ok": true, "message_ts": "9.9" }),
            "conversations.history" | "conversations.replies" => {
                let newest_first: Vec<&Value> = self.standing.iter().rev().collect();
                json!({ "ok": true, "messages": newest_first, "has_more": false })
            }
            _ => json!({ "ok": false, "error": "unknown_method" }),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The arguments, however they came; those of forms and addresses are not needed.
fn arguments(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

async fn serve(State(slack): State<FakeSlack>, uri: Uri, body: Bytes) -> Response {
    let method = uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let arguments = arguments(&body);
    slack.inside().seen.push(Seen {
        method: method.clone(),
        text: text(&arguments["text"]),
        has_blocks: arguments["blocks"].is_array(),
    });
    slack.arrived.send_modify(|count| *count += 1);
    let mut answering = slack.answering.subscribe();
    drop(answering.wait_for(|answering| *answering).await);

    let mut inside = slack.inside();
    let fault = inside.faults.get_mut(method.as_str()).and_then(VecDeque::pop_front);
    match fault {
        None => answer(&inside.carry_out(&method, &arguments)),
        Some(Fault::TooMany(seconds)) => {
            let body = answer(&json!({ "ok": false, "error": "ratelimited" }));
            let retry_after = [("retry-after", seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, retry_after, body).into_response()
        }
        Some(Fault::Broken) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::BrokenAfterwards) => {
            inside.carry_out(&method, &arguments);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Some(Fault::Error(code)) => answer(&json!({ "ok": false, "error": code })),
    }
}

fn answer(body: &Value) -> Response {
    ([("content-type", "application/json")], body.to_string()).into_response()
}

//! The simulator is as strict as Slack, or the tests that trust it prove nothing.

mod api;
mod files;
mod people;
mod surfaces;
mod wire;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::sync::Mutex;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

const MANIFEST: &str = include_str!("../../../manifest.json");

/// A workspace, Slack's clock, and a client that knows nothing of ours.
struct Slack {
    workspace: Workspace,
    ana: Person,
    now: Arc<Mutex<DateTime<Utc>>>,
    http: reqwest::Client,
}

impl Slack {
    async fn open() -> Self {
        Self::with(MANIFEST).await
    }

    async fn with(manifest: &str) -> Self {
        let now = Arc::new(Mutex::new(DateTime::from_timestamp(1_772_568_000, 0).unwrap()));
        let clock = Arc::clone(&now);
        let setup = Setup {
            manifest: manifest.to_owned(),
            now: Arc::new(move || *clock.lock().unwrap()),
            rate_limits: RateLimits::Enforced,
        };
        let workspace = Workspace::start(setup).await.unwrap();
        let ana = workspace.add_user(NewUser {
            name: "ana".to_owned(),
            ..NewUser::default()
        });
        workspace.add_channel("ops", ChannelKind::Public);
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            rustls::crypto::ring::default_provider().install_default().ok();
        }
        let http = reqwest::Client::builder()
            .tls_certs_only(std::iter::empty::<reqwest::Certificate>())
            .build()
            .unwrap();
        Self {
            workspace,
            ana,
            now,
            http,
        }
    }

    fn passes(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// Calls a method with JSON and the bot's token.
    async fn calls(&self, method: &str, arguments: Value) -> Value {
        self.calls_as(&self.workspace.bot_token(), method, arguments).await
    }

    async fn calls_as(&self, token: &str, method: &str, arguments: Value) -> Value {
        let url = format!("{}/{method}", self.workspace.api_url());
        let request = self.http.post(url).bearer_auth(token).json(&arguments);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Asks a method that takes a query.
    async fn asks(&self, method: &str, query: &str) -> Value {
        let url = format!("{}/{method}?{query}", self.workspace.api_url());
        self.http
            .get(url)
            .bearer_auth(self.workspace.bot_token())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn posts(&self, text: &str) -> Value {
        self.calls("chat.postMessage", json!({"channel": self.ops(), "text": text}))
            .await
    }

    fn ops(&self) -> String {
        self.workspace.look(|state| state.channel("#ops").unwrap().id.clone())
    }

    /// Opens a connection and reads its greeting.
    async fn listens(&self) -> (Listener, Value) {
        let opened = self
            .calls_as(&self.workspace.app_token(), "apps.connections.open", json!({}))
            .await;
        let (socket, _) = connect_async(opened["url"].as_str().unwrap()).await.unwrap();
        let mut listener = Listener(socket);
        let hello = listener.hears().await;
        (listener, hello)
    }
}

/// One connection of a bot.
struct Listener(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Listener {
    async fn hears(&mut self) -> Value {
        loop {
            if let Frame::Text(text) = self.0.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn says(&mut self, said: Value) {
        self.0.send(Frame::text(said.to_string())).await.unwrap();
    }

    /// Hears one envelope and acknowledges it.
    async fn answers(&mut self, payload: Option<Value>) -> Value {
        let envelope = self.hears().await;
        let mut acknowledgement = json!({"envelope_id": envelope["envelope_id"]});
        if let Some(payload) = payload {
            acknowledgement["payload"] = payload;
        }
        self.says(acknowledgement).await;
        envelope
    }
}

//! A web server for the tests of this folder: answers what it is told, remembers what it was asked.
//!
//! Not Slack's simulator, which is strict and lives elsewhere; this one lies on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
use serde_json::Value;
use tokio::net::TcpListener;

use super::{Secret, Web};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The method of the Web API, or the path.
    pub(super) method: String,
    pub(super) query: BTreeMap<String, String>,
    pub(super) token: String,
    pub(super) content_type: String,
    pub(super) body: Value,
    /// The body as it came.
    pub(super) text: String,
}

/// What to answer.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Answered {
    pub(super) fn json(body: &Value) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "application/json".into())],
            body: body.to_string(),
        }
    }

    pub(super) fn status(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(super) fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.push((header, value.into()));
        self
    }
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    answers: VecDeque<Answered>,
    always: Option<Answered>,
}

/// A server that plays a list of answers, and then the last one for ever.
#[derive(Clone)]
pub(super) struct Fake {
    pub(super) address: String,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let app = axum::Router::new().fallback(move |request: Request| answer(Arc::clone(&shared), request));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, state }
    }

    pub(super) fn web(&self) -> Web {
        Web::new(
            &format!("{}/api", self.address),
            &Secret::new("xoxb-1"),
            &Secret::new("xapp-1"),
        )
        .unwrap()
    }

    /// Answers `answers`, one after the other.
    pub(super) fn answers(&self, answers: impl IntoIterator<Item = Answered>) {
        self.state.lock().unwrap().answers.extend(answers);
    }

    /// Answers this when there is nothing else to answer.
    pub(super) fn always(&self, answer: Answered) {
        self.state.lock().unwrap().always = Some(answer);
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }
}

async fn answer(state: Arc<Mutex<State>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let asked = Asked {
        method: parts
            .uri
            .path()
            .trim_start_matches("/api")
            .trim_start_matches('/')
            .to_owned(),
        query: query.into_owned().collect(),
        token: header("authorization"),
        content_type: header("content-type"),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        text: String::from_utf8_lossy(&body).into_owned(),
    };
    let answered = {
        let mut state = state.lock().unwrap();
        state.asked.push(asked);
        state
            .answers
            .pop_front()
            .or_else(|| state.always.clone())
            .unwrap_or_else(|| Answered::status(404, "nothing to answer"))
    };
    let mut response = Response::builder().status(answered.status);
    for (name, value) in answered.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answered.body)).unwrap()
}

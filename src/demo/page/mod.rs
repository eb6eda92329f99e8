//! The page that shows the workspace: its files, embedded, and what it may ask for.
//!
//! It is plain HTML, CSS and JavaScript modules, served on 127.0.0.1 only, below a random token. No other origin can
//! drive it: the `Host` has to be ours (a name that resolves to 127.0.0.1 is not enough), a request that changes
//! something has to come from our own page, and the page itself may load nothing from elsewhere.
//!
//! `main.js` holds the state and draws the frame around it; `blocks.js` draws Block Kit with the buttons, menus and inputs
//! of `elements.js`, `markup.js` Slack's markup,
//! `message.js` a message, `modal.js` forms and dialogs, `composer.js` is the box one types into, `server.js` speaks with
//! `feed` and `act`, and `inspector.js` shows what goes over the wire.

mod act;
mod feed;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::live::House;

/// Nothing from elsewhere, and nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// How many envelopes and calls the inspector shows.
const SHOWN: usize = 40;

/// Name, kind and content of the files.
const FILES: [(&str, &str, &str); 13] = [
    ("", "text/html; charset=utf-8", include_str!("index.html")),
    ("page.css", CSS, include_str!("page.css")),
    ("blocks.css", CSS, include_str!("blocks.css")),
    ("main.js", SCRIPT, include_str!("main.js")),
    ("dom.js", SCRIPT, include_str!("dom.js")),
    ("server.js", SCRIPT, include_str!("server.js")),
    ("elements.js", SCRIPT, include_str!("elements.js")),
    ("blocks.js", SCRIPT, include_str!("blocks.js")),
    ("markup.js", SCRIPT, include_str!("markup.js")),
    ("message.js", SCRIPT, include_str!("message.js")),
    ("modal.js", SCRIPT, include_str!("modal.js")),
    ("composer.js", SCRIPT, include_str!("composer.js")),
    ("inspector.js", SCRIPT, include_str!("inspector.js")),
];
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The page and what it asks for, below `/<token>/`.
pub(super) fn router(house: Arc<House>, token: &str) -> Router {
    let inside = Router::new()
        .route("/", get(|| async { file("") }))
        .route("/{name}", get(|Path(name): Path<String>| async move { file(&name) }))
        .route("/feed", get(feed::feed))
        .route("/act", post(act::act))
        .route("/stage", post(act::stage))
        .route("/wire", get(wire))
        .route("/raw", get(raw));
    Router::new()
        .nest(&format!("/{token}"), inside.clone())
        // A nested router answers to its root without the slash; the page's own files are relative to the one with it.
        .route(&format!("/{token}/"), get(|| async { file("") }))
        .layer(middleware::from_fn_with_state(Arc::clone(&house), guarded))
        .with_state(house)
}

/// Lets in only what comes from this machine's own page.
async fn guarded(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    if let Err(why) = is_ours(request.method(), request.headers(), house.address.port()) {
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// <https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>
fn is_ours(method: &Method, headers: &HeaderMap, port: u16) -> Result<(), &'static str> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    if host != format!("127.0.0.1:{port}") && host != format!("localhost:{port}") {
        return Err("this page is served to 127.0.0.1 only");
    }
    let own = format!("http://{host}");
    match text(header::ORIGIN) {
        Some(origin) if origin != own => Err("another origin cannot drive this page"),
        None if method != Method::GET => Err("a request that changes something says where it comes from"),
        _ => Ok(()),
    }
}

fn file(name: &str) -> Response {
    let found = FILES.iter().find(|(known, ..)| *known == name);
    found.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |(_, kind, text)| ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
    )
}

/// The newest of what went over the wire, and what a strict Slack disliked of it.
async fn wire(State(house): State<Arc<House>>) -> Response {
    let calls = house.workspace.calls();
    let calls: Vec<_> = calls
        .iter()
        .rev()
        .take(SHOWN)
        .map(|call| json!({"method": call.method, "arguments": call.arguments, "error": call.error, "at": call.at}))
        .collect();
    let shown = json!({
        "envelopes": house.workspace.envelopes(SHOWN),
        "calls": calls,
        "complaints": house.workspace.complaints(),
    });
    axum::Json(shown).into_response()
}

#[derive(Debug, Deserialize)]
struct Which {
    channel: String,
    ts: String,
}

/// A message as the API shows it.
async fn raw(State(house): State<Arc<House>>, Query(which): Query<Which>) -> Response {
    match house.workspace.message(&which.channel, &which.ts) {
        Some(message) => axum::Json(message).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests;

//! The doors: the Web API, response URLs and the websocket, on one port of 127.0.0.1.

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, Request, State as Shared};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::arguments::{self, Given};
use super::faults::{Fault, Weather};
use super::methods::{self, Outcome};
use super::socket;
use super::state::{APP, ApiCall};
use super::workspace::Workspace;

/// The largest body that is read.
const BODY: usize = 4 << 20;

/// What the token may do, and what would have done.
const HAS_SCOPES: HeaderName = HeaderName::from_static("x-oauth-scopes");
const ACCEPTED_SCOPES: HeaderName = HeaderName::from_static("x-accepted-oauth-scopes");

pub(super) fn router(workspace: Workspace) -> Router {
    Router::new()
        .route("/api/{method}", any(api))
        .route("/response/{id}", post(response))
        .route("/upload/{id}", post(upload))
        .route("/link/", get(link))
        .with_state(workspace)
}

async fn api(
    Shared(workspace): Shared<Workspace>,
    Path(method): Path<String>,
    Query(query): Query<Map<String, Value>>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let body = to_bytes(request.into_body(), BODY).await.unwrap_or_default();
    let Given { token, arguments } = arguments::read(&method, &headers, query, &body);
    match workspace.look(|state| state.weather) {
        Weather::Fair => {}
        Weather::RateLimited if !method.starts_with("chat.") => {}
        Weather::RateLimited => {
            note(&workspace, &method, arguments, Some("ratelimited"));
            return too_fast(5);
        }
        Weather::Down => {
            note(&workspace, &method, arguments, Some("503"));
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    let fault = workspace.change(|state, _| state.take_fault(|fault| fault.method() == Some(method.as_str())));
    match fault {
        Some(Fault::RateLimit { seconds, .. }) => {
            note(&workspace, &method, arguments, Some("ratelimited"));
            return too_fast(seconds);
        }
        Some(Fault::ServerError { .. }) => {
            note(&workspace, &method, arguments, Some("500"));
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        Some(Fault::Refuse { code, .. }) => {
            note(&workspace, &method, arguments, Some(code));
            return Json(json!({"ok": false, "error": code})).into_response();
        }
        Some(Fault::Slow { by, .. }) => {
            // A wait nothing ends: the machine's own time.
            drop(tokio::time::timeout(by, std::future::pending::<()>()).await);
        }
        Some(Fault::ErrorAfterEffect { .. }) => {
            let outcome = workspace.change(|state, now| methods::call(state, &method, &arguments, &token, now));
            note(
                &workspace,
                &method,
                arguments,
                outcome.err().as_ref().map(|refusal| refusal.code.as_str()),
            );
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        Some(Fault::Duplicate | Fault::CutFrame | Fault::CutAfterFrame | Fault::LoseAcknowledgement) | None => {}
    }
    let outcome = workspace.change(|state, now| methods::call(state, &method, &arguments, &token, now));
    note(
        &workspace,
        &method,
        arguments,
        outcome.as_ref().err().map(|refusal| refusal.code.as_str()),
    );
    answer(&workspace, &method, outcome)
}

fn answer(workspace: &Workspace, method: &str, outcome: Outcome) -> Response {
    match outcome {
        Ok(mut value) => {
            value["ok"] = json!(true);
            if let Some(path) = value["upload_url"].as_str() {
                value["upload_url"] = json!(format!("http://{}{path}", workspace.address()));
            }
            if method == "apps.connections.open" {
                let address = workspace.address();
                let ticket = workspace.change(|state, _| {
                    let number = state.next();
                    state.connections.ticket(number);
                    number
                });
                value["url"] = json!(format!("ws://{address}/link/?ticket={ticket}&app_id={APP}"));
            }
            let (has, accepted) = workspace
                .look(|state| methods::scopes(state, method))
                .unwrap_or_default();
            let scopes = [(HAS_SCOPES, has), (ACCEPTED_SCOPES, accepted)];
            (scopes, Json(value)).into_response()
        }
        Err(refusal) if refusal.code == "ratelimited" => too_fast(1),
        Err(refusal) => {
            let mut value = json!({"ok": false, "error": refusal.code});
            if !refusal.messages.is_empty() {
                value["response_metadata"] = json!({"messages": refusal.messages});
                value["errors"] = json!(refusal.messages);
            }
            if let Some((needed, provided)) = refusal.scopes {
                value["needed"] = json!(needed);
                value["provided"] = json!(provided);
            }
            Json(value).into_response()
        }
    }
}

fn too_fast(seconds: u32) -> Response {
    let body = Json(json!({"ok": false, "error": "ratelimited"}));
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, seconds.to_string())],
        body,
    )
        .into_response()
}

fn note(workspace: &Workspace, method: &str, arguments: Value, error: Option<&str>) {
    workspace.change(|state, at| {
        let error = error.map(str::to_owned);
        state.calls.push(ApiCall {
            method: method.to_owned(),
            arguments,
            error,
            at,
        });
    });
}

async fn response(Shared(workspace): Shared<Workspace>, Path(id): Path<String>, body: String) -> Response {
    if workspace.look(|state| state.weather) == Weather::Down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let arguments: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
    let outcome = workspace.change(|state, now| methods::respond(state, &id, &arguments, now));
    note(
        &workspace,
        "response_url",
        arguments,
        outcome.as_ref().err().map(|refusal| refusal.code.as_str()),
    );
    match outcome {
        Ok(_) => "ok".into_response(),
        Err(refusal) if refusal.code == "used_url" => (StatusCode::NOT_FOUND, refusal.code).into_response(),
        Err(refusal) => (
            StatusCode::BAD_REQUEST,
            Json(json!({"ok": false, "error": refusal.code})),
        )
            .into_response(),
    }
}

/// A file comes to its place: as it is, without a token.
async fn upload(Shared(workspace): Shared<Workspace>, Path(id): Path<String>, request: Request) -> Response {
    let fault = workspace.change(|state, _| state.take_fault(|fault| fault.method() == Some("upload")));
    let has_token = request.headers().contains_key(header::AUTHORIZATION);
    let body = to_bytes(request.into_body(), BODY).await.unwrap_or_default();
    let outcome = workspace.change(|state, _| {
        if has_token {
            state.complain("an upload came with a token, which is nobody's business there");
        }
        match fault {
            Some(_) => Err(None),
            None => methods::put(state, &id, &body).map_err(Some),
        }
    });
    let error = outcome.as_ref().err().map(|refusal| match refusal {
        Some(refusal) => refusal.code.as_str(),
        None => "500",
    });
    note(&workspace, "upload", json!({"id": id, "bytes": body.len()}), error);
    match outcome {
        Ok(length) => format!("OK - {length}").into_response(),
        Err(Some(refusal)) => (StatusCode::BAD_REQUEST, refusal.code).into_response(),
        Err(None) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn link(
    Shared(workspace): Shared<Workspace>,
    Query(query): Query<Map<String, Value>>,
    mut request: Request,
) -> Response {
    let ticket = query
        .get("ticket")
        .and_then(Value::as_str)
        .and_then(|number| number.parse().ok());
    let key = request
        .headers()
        .get(header::SEC_WEBSOCKET_KEY)
        .map(|key| derive_accept_key(key.as_bytes()));
    let (Some(ticket), Some(key)) = (ticket, key) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let id = workspace.change(|state, _| state.connections.admit(ticket).then(|| state.next()));
    let Some(id) = id else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let serving = workspace.clone();
    workspace.spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            socket::serve(serving, upgraded, id).await;
        }
    });
    let headers = [
        (header::CONNECTION, "upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, key),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
}

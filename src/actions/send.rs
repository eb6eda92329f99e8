//! One request, from an order to what came of it.
//!
//! The host's addresses are looked up here, looked at, and the connection is made to exactly those: a name that leads
//! somewhere else a moment later leads nowhere.

use std::net::{IpAddr, SocketAddr};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method, Response};
use tokio::net::lookup_host;
use tokio::time::timeout;
use tracing::{info, warn};
use url::{Host, Url};

use super::secrets::masked;
use super::{Limits, Settings, address, excerpt};
use crate::clock;
use crate::domain::run::{Answer, Doubt, Hindrance, Order};
use crate::http;

/// Who is sending, as servers log it.
const US: &str = concat!("nightbell/", env!("CARGO_PKG_VERSION"));

/// Sends it; whatever happens is an answer.
pub(super) async fn send(order: &Order, settings: &Settings) -> Answer {
    let begun = clock::monotonic();
    let limits = &settings.limits;
    let prepared = match prepare(order, settings).await {
        Ok(prepared) => prepared,
        Err(why) => {
            warn!(?why, "a request of a runbook was not sent");
            return Answer::NotSent { why };
        }
    };
    let response = match prepared.request.send().await {
        Ok(response) => response,
        Err(error) => {
            let failed = failure(error, limits);
            warn!(?failed, "a request of a runbook failed");
            return failed;
        }
    };
    let status = response.status().as_u16();
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok());
    let location = location.map(|location| masked(location, &prepared.secrets));
    let excerpt = if order.is_secret {
        String::new()
    } else {
        let (body, is_whole) = read(response, limits.body).await;
        masked(&excerpt::of(&body, is_whole), &prepared.secrets)
    };
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    info!(status, duration_ms = took_ms, "a request of a runbook was answered");
    Answer::Answered {
        status,
        location: location.filter(|_| !order.is_secret),
        excerpt,
        took_ms,
    }
}

struct Prepared {
    request: reqwest::RequestBuilder,
    /// What must not be seen in an answer.
    secrets: Vec<String>,
}

async fn prepare(order: &Order, settings: &Settings) -> Result<Prepared, Hindrance> {
    let malformed = |cause: &str| Hindrance::Malformed {
        cause: cause.to_owned(),
    };
    let mut secrets = Vec::new();
    for name in order.request.secrets() {
        let unset = || Hindrance::Unset { name: name.to_owned() };
        secrets.push(settings.secrets.get(name).ok_or_else(unset)?);
    }
    let filled = order.request.sent(&order.values, &|name| settings.secrets.get(name));
    let url = Url::parse(&filled.url).map_err(|error| malformed(&error.to_string()))?;
    let client = client(order, &url, &settings.limits).await?;
    let method = Method::from_bytes(filled.method.as_bytes()).map_err(|_| malformed("it has no method of HTTP"))?;
    let mut request = client.request(method, url);
    for (name, value) in &filled.headers {
        let (value, encoded) = authorized(name, value);
        secrets.extend(encoded);
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed("a header's name is none"))?;
        let value = HeaderValue::from_str(&value).map_err(|_| malformed("a header's value has characters none has"))?;
        request = request.header(name, value);
    }
    if !filled.body.is_empty() {
        request = request.body(filled.body);
    }
    // What stands in an address stands there encoded.
    let encoded: Vec<String> = secrets
        .iter()
        .map(|secret| url::form_urlencoded::byte_serialize(secret.as_bytes()).collect())
        .collect();
    secrets.extend(encoded);
    Ok(Prepared { request, secrets })
}

/// `Basic user:password`, as people write it, becomes what a server wants; what was encoded must not be seen either.
fn authorized(name: &str, value: &str) -> (String, Option<String>) {
    let plain = value.trim().strip_prefix("Basic ").filter(|plain| plain.contains(':'));
    match plain.filter(|_| name.eq_ignore_ascii_case("authorization")) {
        Some(plain) => {
            let encoded = BASE64_STANDARD.encode(plain.trim());
            (format!("Basic {encoded}"), Some(encoded))
        }
        None => (value.to_owned(), None),
    }
}

/// A client that reaches the host at the addresses that were looked at, and nothing else.
async fn client(order: &Order, url: &Url, limits: &Limits) -> Result<Client, Hindrance> {
    let may = |address: IpAddr| order.site.is_private || address::is_public(address);
    let private = |host: &str, address: IpAddr| Hindrance::Private {
        host: host.to_owned(),
        address: address.to_string(),
    };
    let builder = http::client(url.scheme() == "https")
        .https_only(!order.site.is_private)
        .user_agent(US)
        .connect_timeout(limits.connect)
        .timeout(limits.answer)
        .pool_max_idle_per_host(0);
    let named = match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) if may(address.into()) => return build(builder),
        Some(Host::Ipv6(address)) if may(address.into()) => return build(builder),
        Some(Host::Ipv4(address)) => return Err(private(&address.to_string(), address.into())),
        Some(Host::Ipv6(address)) => return Err(private(&address.to_string(), address.into())),
        None => {
            return Err(Hindrance::Malformed {
                cause: "its address has no host".to_owned(),
            });
        }
    };
    let port = url.port_or_known_default().unwrap_or(443);
    let nowhere = || Hindrance::NoAddress { host: named.clone() };
    let looked_up = timeout(limits.connect, lookup_host((named.as_str(), port))).await;
    let found: Vec<SocketAddr> = looked_up.map_err(|_| nowhere())?.map_err(|_| nowhere())?.collect();
    if let Some(kept) = found.iter().find(|found| !may(found.ip())) {
        return Err(private(&named, kept.ip()));
    }
    if found.is_empty() {
        return Err(nowhere());
    }
    build(builder.resolve_to_addrs(&named, &found))
}

fn build(builder: reqwest::ClientBuilder) -> Result<Client, Hindrance> {
    builder.build().map_err(|error| Hindrance::Malformed {
        cause: http::cause(error),
    })
}

/// What it means that nothing came back: nothing was sent, or nobody knows.
fn failure(error: reqwest::Error, limits: &Limits) -> Answer {
    if error.is_builder() {
        let cause = http::cause(error);
        return Answer::NotSent {
            why: Hindrance::Malformed { cause },
        };
    }
    if error.is_connect() {
        let cause = http::cause(error);
        return Answer::NotSent {
            why: Hindrance::NoConnection { cause },
        };
    }
    let why = if error.is_timeout() {
        Doubt::Silence {
            seconds: limits.answer.as_secs(),
        }
    } else {
        Doubt::Cut {
            cause: http::cause(error),
        }
    };
    Answer::Unknown { why }
}

/// The beginning of a body, and whether that is all of it. A body that breaks off was answered all the same.
async fn read(mut response: Response, most: usize) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => {
                body.extend_from_slice(&chunk[..most - body.len()]);
                return (body, false);
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body, true),
            Err(_) => return (body, false),
        }
    }
}

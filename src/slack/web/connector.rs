//! HTTP to Slack, for `slack-morphism` and for us: one request, one reply or one [`Failure`].
//!
//! Deliberately absent: retries and pacing. Whether a call may be repeated depends on what it does, and the outbox,
//! which is on disk, knows that; a connector that waits would hide it. There is no proxy either, and no redirect is
//! followed: a token goes to the address in the configuration and nowhere else.

use std::time::Duration;

use chrono::DateTime;
use futures_util::future::{BoxFuture, FutureExt};
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;
use slack_morphism::errors::{
    SlackClientApiError, SlackClientError, SlackClientHttpError, SlackClientHttpProtocolError, SlackRateLimitError,
    map_serde_error,
};
use slack_morphism::multipart_form::FileMultipartData;
use slack_morphism::{
    ClientResult, SlackApiToken, SlackClientApiCallContext, SlackClientHttpConnector, SlackClientId, SlackClientSecret,
};
use url::Url;

use super::trouble::is_rate_limit;
use crate::http;

/// Until a TCP and TLS connection stands.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// Until the last byte of the answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Slack's largest answer (a page of 200 people) is a tenth of it.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;
/// How long a method rests when Slack says "too fast" but not for how long.
const REST_UNTOLD: Duration = Duration::from_secs(5);
/// Longer than Slack ever asked; a page must not wait for a slip in a header.
const LONGEST_REST: Duration = Duration::from_mins(5);

/// Requests to one Slack, or to something that behaves like it.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    http: reqwest::Client,
    /// Without a slash at its end.
    base: String,
}

/// What came back, whole.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// There was no connection, so Slack saw nothing.
    #[error("connect: {0}")]
    NotSent(String),
    /// Slack may have seen the request.
    #[error("hear an answer: {0}")]
    Cut(String),
}

impl Connector {
    pub(super) fn new(base: &str) -> reqwest::Result<Self> {
        let builder = http::client(!base.starts_with("http://"))
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .pool_idle_timeout(Duration::from_mins(1));
        Ok(Self {
            http: builder.build()?,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    /// Posts JSON to `url`.
    pub(super) async fn post(&self, url: Url, body: &Value, token: Option<&SlackApiToken>) -> Result<Reply, Failure> {
        self.send(self.json(url, body.to_string()), token).await
    }

    /// Posts a form to `url`, for the methods that read nothing else.
    pub(super) async fn form(
        &self,
        url: Url,
        fields: &[(&str, &str)],
        token: &SlackApiToken,
    ) -> Result<Reply, Failure> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .http
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(body), Some(token)).await
    }

    /// Posts a file as it is to `url`, which knows who we are.
    pub(super) async fn put(&self, url: Url, content: &str) -> Result<Reply, Failure> {
        let request = self.http.post(url).header("content-type", "application/octet-stream");
        self.send(request.body(content.to_owned()), None).await
    }

    fn json(&self, url: Url, body: String) -> RequestBuilder {
        self.http
            .post(url)
            .header("content-type", "application/json; charset=utf-8")
            .body(body)
    }

    async fn send(&self, request: RequestBuilder, token: Option<&SlackApiToken>) -> Result<Reply, Failure> {
        let request = match token {
            Some(token) => request.bearer_auth(&token.token_value.0),
            None => request,
        };
        let mut response = request.send().await.map_err(failure)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Failure::Cut(format!("it is larger than {LARGEST_ANSWER} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply {
            status: response.status(),
            headers: response.headers().clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        token: Option<&SlackApiToken>,
    ) -> ClientResult<T> {
        self.send(request, token).await.map_err(into_client_error)?.read()
    }
}

impl Reply {
    /// The answer of a Web API method.
    ///
    /// The errors carry codes and statuses but never the body: `slack-morphism` prints what is in them.
    pub(super) fn read<T: DeserializeOwned>(&self) -> ClientResult<T> {
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(self.limited());
        }
        if !self.status.is_success() {
            return Err(SlackClientError::HttpError(SlackClientHttpError::new(self.status)));
        }
        let answer: Value = serde_json::from_str(&self.body).map_err(|error| map_serde_error(error, None))?;
        match answer.get("ok").and_then(Value::as_bool) {
            Some(true) => serde_json::from_value(answer).map_err(|error| map_serde_error(error, None)),
            Some(false) => {
                let code = answer.get("error").and_then(Value::as_str).unwrap_or("unnamed_error");
                if is_rate_limit(code) {
                    return Err(self.limited());
                }
                let error = SlackClientApiError::new(code.to_owned()).with_errors(detail(&answer));
                Err(SlackClientError::ApiError(error))
            }
            None => Err(map_serde_error(
                serde_json::Error::custom("it does not say whether it is `ok`"),
                None,
            )),
        }
    }

    /// For how long Slack wants this method to rest: seconds or a date, within bounds.
    pub(super) fn rest(&self) -> Duration {
        let text = |name: &str| {
            self.headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::trim)
        };
        let date = |name: &str| text(name).and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        let seconds = text("retry-after")
            .and_then(|seconds| seconds.parse::<u64>().ok())
            .map(Duration::from_secs);
        // Slack's own clock, not ours: they may differ.
        let until = || (date("retry-after")? - date("date")?).to_std().ok();
        seconds
            .or_else(until)
            .unwrap_or(REST_UNTOLD)
            .clamp(Duration::from_secs(1), LONGEST_REST)
    }

    fn limited(&self) -> SlackClientError {
        SlackClientError::RateLimitError(SlackRateLimitError::new().with_retry_after(self.rest()))
    }
}

/// What Slack says beside the code: which block, which scope.
fn detail(answer: &Value) -> Vec<String> {
    let strings = |value: Option<&Value>| -> Vec<String> {
        let texts = value
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        texts.take(20).map(str::to_owned).collect()
    };
    let mut detail = strings(answer.get("errors"));
    detail.extend(strings(answer.pointer("/response_metadata/messages")));
    for scope in ["needed", "provided"] {
        if let Some(scopes) = answer.get(scope).and_then(Value::as_str) {
            detail.push(format!("{scope}: {scopes}"));
        }
    }
    detail
}

fn failure(error: reqwest::Error) -> Failure {
    let not_sent = error.is_connect() || error.is_builder();
    let why = http::cause(error);
    if not_sent {
        Failure::NotSent(why)
    } else {
        Failure::Cut(why)
    }
}

fn into_client_error(failure: Failure) -> SlackClientError {
    SlackClientError::HttpProtocolError(SlackClientHttpProtocolError::new().with_cause(Box::new(failure)))
}

impl SlackClientHttpConnector for Connector {
    fn create_method_uri_path(&self, method: &str) -> ClientResult<Url> {
        Ok(format!("{}/{method}", self.base).parse()?)
    }

    fn http_get_uri<'a, RS>(
        &'a self,
        url: Url,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        async move { self.call(self.http.get(url), context.token).await }.boxed()
    }

    fn http_get_with_client_secret<'a, RS>(
        &'a self,
        url: Url,
        id: &'a SlackClientId,
        secret: &'a SlackClientSecret,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        async move {
            self.call(self.http.get(url).basic_auth(&id.0, Some(&secret.0)), None)
                .await
        }
        .boxed()
    }

    fn http_post_uri<'a, RQ, RS>(
        &'a self,
        url: Url,
        request: &'a RQ,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RQ: Serialize + Send + Sync,
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        async move {
            let body = serde_json::to_string(request).map_err(|error| map_serde_error(error, None))?;
            self.call(self.json(url, body), context.token).await
        }
        .boxed()
    }

    fn http_post_uri_multipart_form<'a, 'p, RS, PT, TS>(
        &'a self,
        url: Url,
        file: Option<FileMultipartData<'p>>,
        params: &'p PT,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
        PT: IntoIterator<Item = (&'p str, Option<TS>)> + Clone,
        TS: AsRef<str> + 'p + Send,
    {
        let mut form = reqwest::multipart::Form::new();
        for (name, value) in params.clone() {
            if let Some(value) = value {
                form = form.text(name.to_owned(), value.as_ref().to_owned());
            }
        }
        if let Some(file) = file {
            let part = reqwest::multipart::Part::bytes(file.data.to_vec()).file_name(file.name);
            match part.mime_str(&file.content_type) {
                Ok(part) => form = form.part("file", part),
                Err(error) => return std::future::ready(Err(into_client_error(failure(error)))).boxed(),
            }
        }
        async move { self.call(self.http.post(url).multipart(form), context.token).await }.boxed()
    }

    fn http_post_uri_binary<'a, 'p, RS>(
        &'a self,
        url: Url,
        content_type: String,
        data: &'a [u8],
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> serde::de::Deserialize<'de> + Send + 'a,
    {
        let request = self
            .http
            .post(url)
            .header("content-type", content_type)
            .body(data.to_vec());
        async move { self.call(request, context.token).await }.boxed()
    }
}

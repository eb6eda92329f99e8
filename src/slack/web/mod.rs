//! Calls and questions to Slack's Web API, with both tokens.
//!
//! Two kinds of traffic, sorted differently: [`Web::deliver`] sends a stored [`Call`](super::Call) and says what to do
//! next ([`Answer`](super::Answer)); the rest asks something and gives a [`WebError`] an operator can act on. Neither
//! retries: the outbox and the socket do, each in its own way. Only lists, which nobody waits for, sit out a rate limit.

mod connector;
mod deliver;
mod error;
mod identity;
mod lists;
mod lookup;
mod room;
mod share;
mod trouble;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use slack_morphism::api::SlackApiAppsConnectionOpenRequest;
use slack_morphism::{SlackApiToken, SlackClient};
use url::Url;

use super::secret::Secret;
use connector::Connector;
use trouble::Trouble;

pub use error::{Token, WebError};
pub use identity::Identity;
pub use lists::{Channel, Person, PersonKind, UserGroup};

/// One workspace of Slack's, or something that behaves like it; cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

struct Inner {
    client: SlackClient<Connector>,
    connector: Connector,
    base: Url,
    bot: SlackApiToken,
    app: SlackApiToken,
}

impl Inner {
    fn method_url(&self, method: &str) -> slack_morphism::ClientResult<Url> {
        slack_morphism::SlackClientHttpConnector::create_method_uri_path(&self.connector, method)
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Web")
            .field("base", &self.0.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Web {
    /// Gets ready to talk to the Web API at `base`, such as `https://slack.com/api`; nothing is sent yet.
    ///
    /// # Errors
    /// When a token is missing or evidently of another kind, or `base` is no http address.
    pub fn new(base: &str, bot: &Secret, app: &Secret) -> Result<Self, WebError> {
        let address = |why: String| WebError::Address {
            base: base.to_owned(),
            why,
        };
        let url: Url = base
            .parse()
            .map_err(|error: url::ParseError| address(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(address("it is not an http or https address".to_owned()));
        }
        look_at(Token::Bot, bot)?;
        look_at(Token::App, app)?;
        let connector = Connector::new(base).map_err(|error| address(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            client: SlackClient::new(connector.clone()),
            connector,
            base: url,
            bot: SlackApiToken::new(bot.expose().into()),
            app: SlackApiToken::new(app.expose().into()),
        })))
    }

    /// Asks where to open a Socket Mode connection (`apps.connections.open`).
    ///
    /// The URL is good for one connection, at once, and contains a ticket: it must not be logged.
    pub async fn open_connection(&self) -> Result<Url, WebError> {
        const METHOD: &str = "apps.connections.open";
        let session = self.0.client.open_session(&self.0.app);
        let opened = session
            .apps_connections_open(&SlackApiAppsConnectionOpenRequest::new())
            .await;
        let url = opened
            .map_err(|error| Trouble::from(error).error(METHOD, Token::App))?
            .url
            .0;
        let secure = url.scheme() == "wss" || (url.scheme() == "ws" && self.0.base.scheme() == "http");
        if secure {
            Ok(url)
        } else {
            Err(WebError::Unreachable {
                method: METHOD,
                why: "the address it gives is not a secure websocket".to_owned(),
            })
        }
    }

    /// Whether an address that Slack names may be told what Slack is told: over TLS, unless Slack itself is not.
    fn is_as_safe(&self, url: &Url) -> bool {
        url.scheme() == "https" || (url.scheme() == "http" && self.0.base.scheme() == "http")
    }

    /// A method that takes JSON, with the bot's token.
    async fn post<Q, R>(&self, method: &'static str, request: &Q) -> Result<R, Trouble>
    where
        Q: Serialize + Send + Sync,
        R: DeserializeOwned + Send,
    {
        let session = self.0.client.open_session(&self.0.bot);
        Ok(session.http_session_api.http_post(method, request, None).await?)
    }

    /// A method that takes a query, with the bot's token: most of those that read ignore JSON.
    async fn get<R>(&self, method: &'static str, query: &[(&'static str, String)]) -> Result<R, Trouble>
    where
        R: DeserializeOwned + Send,
    {
        let session = self.0.client.open_session(&self.0.bot);
        let query: Vec<(&str, Option<&String>)> = query.iter().map(|(name, value)| (*name, Some(value))).collect();
        Ok(session.http_session_api.http_get(method, &query, None).await?)
    }
}

/// Finds the mistakes that can be seen without asking; anything else is Slack's to judge.
fn look_at(token: Token, secret: &Secret) -> Result<(), WebError> {
    let text = secret.expose();
    if text.is_empty() {
        return Err(WebError::Missing { token });
    }
    let found = match token {
        Token::App if text.starts_with("xoxb-") => "the bot's token",
        Token::Bot if text.starts_with("xapp-") => "the app-level token",
        _ if text.starts_with("xoxp-") => "a person's token",
        _ if !text.bytes().all(|byte| byte.is_ascii_graphic()) => "something with spaces or characters no token has",
        _ => return Ok(()),
    };
    Err(WebError::Misplaced { token, found })
}

#[cfg(test)]
mod tests;

//! Who we are: the bot behind the token, what it may do, and what time it is at Slack's.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::trouble::Trouble;
use super::{Token, Web, WebError};
use crate::slack::lenient::{filled, lenient};

/// What `auth.test` says of the bot's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The bot as a member of channels; mentions name it.
    pub bot_user: String,
    /// The bot as the author of messages.
    pub bot: String,
    /// The workspace.
    pub team: String,
    /// Its name.
    pub team_name: String,
    /// Its address, such as `https://acme.slack.com/`.
    pub url: String,
    /// What the app was granted when it was installed; empty where Slack does not say.
    pub scopes: BTreeSet<String>,
    /// Slack's clock when it answered.
    pub slack_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize, Default)]
struct Tested {
    #[serde(default, deserialize_with = "lenient")]
    user_id: String,
    #[serde(default, deserialize_with = "lenient")]
    bot_id: String,
    #[serde(default, deserialize_with = "lenient")]
    team_id: String,
    #[serde(default, deserialize_with = "lenient")]
    team: String,
    #[serde(default, deserialize_with = "lenient")]
    url: String,
}

impl Web {
    /// Asks Slack who the bot's token belongs to (`auth.test`).
    ///
    /// # Errors
    /// Also when the token is good but no bot's.
    pub async fn auth(&self) -> Result<Identity, WebError> {
        const METHOD: &str = "auth.test";
        let failed = |trouble: Trouble| trouble.error(METHOD, Token::Bot);
        let url = self.0.method_url(METHOD).map_err(|error| failed(error.into()))?;
        let reply = self
            .0
            .connector
            .post(url, &serde_json::json!({}), Some(&self.0.bot))
            .await
            .map_err(|error| failed(error.into()))?;
        let tested: Tested = reply.read().map_err(|error| failed(error.into()))?;
        let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok());
        let scopes = header("x-oauth-scopes")
            .unwrap_or_default()
            .split(',')
            .map(|scope| scope.trim().to_owned());
        Ok(Identity {
            bot: filled(tested.bot_id).ok_or(WebError::Misplaced {
                token: Token::Bot,
                found: "a token that is no bot's",
            })?,
            bot_user: tested.user_id,
            team: tested.team_id,
            team_name: tested.team,
            url: tested.url,
            scopes: scopes.filter(|scope| !scope.is_empty()).collect(),
            slack_time: header("date")
                .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
                .map(DateTime::from),
        })
    }
}

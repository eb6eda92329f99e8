//! What can go wrong with a call, sorted by what to do next: the one table of Slack's error codes.
//!
//! A code that is not in it is a refusal: asking again would change nothing, and the sender must know.

use std::time::Duration;

use reqwest::StatusCode;
use slack_morphism::errors::SlackClientError;

use super::connector::Failure;
use super::error::{Token, WebError};
use crate::slack::call::{Answer, Repetition};

/// Why a call brought no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Slack saw nothing of it.
    NotSent(String),
    /// Slack may have seen it and may have done it.
    Uncertain(String),
    /// Too fast; nothing was done.
    Limited(Duration),
    /// Slack said no, by name.
    Code { code: String, detail: Vec<String> },
}

/// What a code of Slack's means for the one who called.
enum Class {
    Unauthorized,
    Uncertain,
    AlreadySo,
    Refused,
}

/// "Too fast", which also comes with status 200.
pub(super) fn is_rate_limit(code: &str) -> bool {
    matches!(code, "ratelimited" | "rate_limited" | "rate_limit_exceeded")
}

fn class(code: &str) -> Class {
    match code {
        // With chat and views a missing scope is no matter of one call: without it none can work.
        "not_authed"
        | "invalid_auth"
        | "account_inactive"
        | "token_revoked"
        | "token_expired"
        | "not_allowed_token_type"
        | "user_removed_from_team"
        | "team_disabled"
        | "team_access_not_granted"
        | "team_added_to_org"
        | "missing_scope"
        | "org_login_required"
        | "ekm_access_denied"
        | "accesslimited"
        | "two_factor_setup_required"
        | "forbidden_team" => Class::Unauthorized,
        // "It's possible some aspect of the operation succeeded", Slack says of them.
        "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" | "unnamed_error" => {
            Class::Uncertain
        }
        "already_in_channel" | "already_pinned" | "already_reacted" | "already_archived" | "not_pinned"
        | "no_reaction" | "not_archived" => Class::AlreadySo,
        _ => Class::Refused,
    }
}

impl From<SlackClientError> for Trouble {
    fn from(error: SlackClientError) -> Self {
        match error {
            SlackClientError::ApiError(error) => Self::Code {
                code: error.code,
                detail: error.errors.unwrap_or_default(),
            },
            SlackClientError::RateLimitError(error) => {
                Self::Limited(error.retry_after.unwrap_or(Duration::from_secs(5)))
            }
            SlackClientError::HttpError(error) => Self::status(error.status_code),
            SlackClientError::ProtocolError(error) => Self::Uncertain(format!("its answer: {}", error.json_error)),
            SlackClientError::HttpProtocolError(error) => match error.cause {
                Some(cause) => match cause.downcast::<Failure>() {
                    Ok(failure) => Self::from(*failure),
                    Err(cause) => Self::NotSent(cause.to_string()),
                },
                None => Self::Uncertain("http".to_owned()),
            },
            // Their texts may quote a body, so none is passed on.
            SlackClientError::EndOfStream(_)
            | SlackClientError::SystemError(_)
            | SlackClientError::SocketModeProtocolError(_) => Self::Uncertain("the client".to_owned()),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match &failure {
            Failure::NotSent(_) => Self::NotSent(failure.to_string()),
            Failure::Cut(_) => Self::Uncertain(failure.to_string()),
        }
    }
}

impl Trouble {
    /// A status that is neither success nor "too fast".
    pub(super) fn status(status: StatusCode) -> Self {
        let number = status.as_u16();
        if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
            Self::Uncertain(format!("http status {number}"))
        } else if status.is_redirection() {
            // Slack does not redirect; something on the way does, and Slack saw nothing.
            Self::NotSent(format!("http status {number} from something that is not Slack"))
        } else {
            Self::Code {
                code: format!("http_{number}"),
                detail: Vec::new(),
            }
        }
    }

    /// What it means for a stored call.
    pub(super) fn answer(self, repetition: Repetition) -> Answer {
        let uncertain = |why| match repetition {
            Repetition::Harmless => Answer::Again { why },
            Repetition::Doubles => Answer::Unknown { why },
        };
        match self {
            Self::NotSent(why) => Answer::Again { why },
            Self::Uncertain(why) => uncertain(why),
            Self::Limited(until) => Answer::Wait { until },
            Self::Code { code, detail } => match class(&code) {
                Class::Unauthorized => Answer::Unauthorized { code },
                Class::Uncertain => uncertain(code),
                Class::AlreadySo => Answer::Done(None),
                Class::Refused => Answer::Refused { code, detail },
            },
        }
    }

    /// What it means for a question.
    pub(super) fn error(self, method: &'static str, token: Token) -> WebError {
        match self {
            Self::NotSent(why) | Self::Uncertain(why) => WebError::Unreachable { method, why },
            Self::Limited(wait) => WebError::Limited { method, wait },
            Self::Code { code, detail } => match class(&code) {
                Class::Unauthorized if code == "missing_scope" => WebError::MissingScope {
                    method,
                    detail: detail.join(", "),
                },
                Class::Unauthorized => WebError::Unauthorized { token, code },
                Class::Uncertain => WebError::Unreachable { method, why: code },
                Class::AlreadySo | Class::Refused => WebError::Refused { method, code, detail },
            },
        }
    }
}

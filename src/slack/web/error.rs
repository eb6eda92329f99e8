//! Why Slack could not be asked, in words for the operator: which token, and where a good one is.

use std::fmt;
use std::time::Duration;

/// One of the two tokens; both are needed, and they are easily confused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Opens Socket Mode connections; `xapp-…`.
    App,
    /// Does everything else; `xoxb-…`.
    Bot,
}

impl Token {
    /// The variable of the environment that holds it.
    pub fn variable(self) -> &'static str {
        match self {
            Self::App => "SLACK_APP_TOKEN",
            Self::Bot => "SLACK_BOT_TOKEN",
        }
    }

    /// Where in the app's settings a good one is.
    pub fn whereabouts(self) -> &'static str {
        match self {
            Self::App => {
                "make one with the scope `connections:write` under Basic Information, App-Level Tokens; it begins with `xapp-`"
            }
            Self::Bot => {
                "install the app and copy the Bot User OAuth Token from OAuth & Permissions; it begins with `xoxb-`"
            }
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.variable())
    }
}

/// Why Slack could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// A token is empty.
    #[error("use `{token}`: it is not set; {}", token.whereabouts())]
    Missing {
        /// Which.
        token: Token,
    },
    /// A token of another kind is in its place.
    #[error("use `{token}`: it holds {found}; {}", token.whereabouts())]
    Misplaced {
        /// The place.
        token: Token,
        /// What is in it, in words.
        found: &'static str,
    },
    /// Slack does not, or no longer, accept a token.
    #[error("use `{token}`: Slack answers `{code}`; {}", token.whereabouts())]
    Unauthorized {
        /// Which.
        token: Token,
        /// Slack's code.
        code: String,
    },
    /// The bot may not do this.
    #[error(
        "call `{method}`: the bot lacks a scope ({detail}); add it under OAuth & Permissions and install the app again"
    )]
    MissingScope {
        /// What was called.
        method: &'static str,
        /// Needed and provided scopes.
        detail: String,
    },
    /// Too fast.
    #[error("call `{method}`: Slack asks for a pause of {} s", wait.as_secs())]
    Limited {
        /// What was called.
        method: &'static str,
        /// How long it rests, from now.
        wait: Duration,
    },
    /// Slack said no.
    #[error("call `{method}`: Slack answers `{code}` {}", detail.join(", "))]
    Refused {
        /// What was called.
        method: &'static str,
        /// Slack's code.
        code: String,
        /// What it said beside it.
        detail: Vec<String>,
    },
    /// There is no Slack at the other end, or not in a state to answer.
    #[error("reach Slack for `{method}`: {why}")]
    Unreachable {
        /// What was called.
        method: &'static str,
        /// What went wrong.
        why: String,
    },
    /// A list that does not end.
    #[error("read `{method}`: the list goes on after {pages} pages")]
    Endless {
        /// What was called.
        method: &'static str,
        /// After how many we gave up.
        pages: usize,
    },
    /// The address of Slack is none.
    #[error("use `{base}` as Slack's address: {why}; the usual one is `https://slack.com/api`")]
    Address {
        /// What was given.
        base: String,
        /// What is wrong with it.
        why: String,
    },
}

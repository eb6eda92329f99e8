//! What comes from the environment and the command line: tokens, addresses and places; flags win.
//!
//! The environment is a function argument, so that tests need none; [`variable`] is the one place that asks the system.
//! `nightbell check` needs no token, so the places are read apart from what it takes to talk to Slack.

use std::{ffi::OsStr, fmt, path::PathBuf};

use url::{Host, Url};

use super::suggest::either;

/// Looks a variable up.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// Looks a variable up in the environment of this process; what is not Unicode counts as absent.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the command line said; each wins over the variable of the same name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--slack-app-token`
    pub app_token: Option<Token>,
    /// `--slack-bot-token`
    pub bot_token: Option<Token>,
    /// `--slack-api-url`
    pub api_url: Option<String>,
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data`
    pub data: Option<PathBuf>,
    /// `--log`, in the words of `RUST_LOG`
    pub log: Option<String>,
}

/// Where this copy keeps what it needs, and how much it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file: `NIGHTBELL_CONFIG`, or `nightbell.toml`.
    pub config: PathBuf,
    /// The data folder: `NIGHTBELL_DATA`, or `data`.
    pub data: PathBuf,
    /// What is logged, if anybody said so: `RUST_LOG`.
    pub log: Option<String>,
}

impl Settings {
    /// Reads the places; there is nothing that could be wrong with them before they are opened.
    pub fn read(flags: &Flags, lookup: Lookup<'_>) -> Self {
        let place = |flag: &Option<PathBuf>, name: &str, usual: &str| {
            let given = flag.clone().filter(|path| path.as_os_str() != OsStr::new(""));
            given.unwrap_or_else(|| said(lookup(name)).unwrap_or_else(|| usual.to_owned()).into())
        };
        Self {
            config: place(&flags.config, "NIGHTBELL_CONFIG", "nightbell.toml"),
            data: place(&flags.data, "NIGHTBELL_DATA", "data"),
            log: said(flags.log.clone()).or_else(|| said(lookup("RUST_LOG"))),
        }
    }
}

/// What it takes to talk to Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackSettings {
    /// Opens the socket: `SLACK_APP_TOKEN`.
    pub app_token: Token,
    /// Calls methods: `SLACK_BOT_TOKEN`.
    pub bot_token: Token,
    /// Slack's base address without a slash at its end: `SLACK_API_URL`.
    pub api_url: Url,
}

impl SlackSettings {
    /// Reads the tokens and the address.
    ///
    /// # Errors
    /// Everything that is wrong with them at once.
    pub fn read(flags: &Flags, lookup: Lookup<'_>) -> Result<Self, SlackMistakes> {
        let mut mistakes = Vec::new();
        let mut keep = |mistake| mistakes.push(mistake);
        let app_token = token(TokenKind::App, flags.app_token.as_ref(), lookup).map_err(&mut keep);
        let bot_token = token(TokenKind::Bot, flags.bot_token.as_ref(), lookup).map_err(&mut keep);
        let api_url = api_url(flags.api_url.clone(), lookup).map_err(&mut keep);
        match (app_token, bot_token, api_url) {
            (Ok(app_token), Ok(bot_token), Ok(api_url)) => Ok(Self {
                app_token,
                bot_token,
                api_url,
            }),
            _ => Err(SlackMistakes(mistakes)),
        }
    }
}

/// A secret of Slack's. It shows itself only to who asks with [`Token::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Keeps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, to be sent to Slack and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl From<String> for Token {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

/// Which of the two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Opens the socket; begins with `xapp-`.
    App,
    /// Calls methods; begins with `xoxb-`.
    Bot,
}

impl TokenKind {
    /// The variable it is read from.
    pub fn variable(self) -> &'static str {
        match self {
            Self::App => "SLACK_APP_TOKEN",
            Self::Bot => "SLACK_BOT_TOKEN",
        }
    }

    /// How it begins.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::App => "xapp-",
            Self::Bot => "xoxb-",
        }
    }

    /// Where its owner finds it on <https://api.slack.com/apps>.
    pub fn whereabouts(self) -> &'static str {
        match self {
            Self::App => {
                "get it at https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, \
                 with the scope `connections:write`"
            }
            Self::Bot => {
                "get it at https://api.slack.com/apps, your app, OAuth & Permissions, Bot User OAuth Token, \
                 after Install to Workspace"
            }
        }
    }

    fn other(self) -> Self {
        match self {
            Self::App => Self::Bot,
            Self::Bot => Self::App,
        }
    }
}

/// One thing that is wrong with what it takes to talk to Slack. No variant holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlackMistake {
    /// The token is not there.
    #[error("{} is not set; {}", .0.variable(), .0.whereabouts())]
    Missing(TokenKind),
    /// The other token is there.
    #[error("{} holds the token that belongs in {}; {}", .0.variable(), .0.other().variable(), .0.whereabouts())]
    Swapped(TokenKind),
    /// A token of a third kind, or no token.
    #[error("{} does not begin with `{}`; {}", .0.variable(), .0.prefix(), .0.whereabouts())]
    OtherKind(TokenKind),
    /// Blanks, quotes or line breaks in it.
    #[error("{} has {found} in it; copy it again, without anything around it", .kind.variable())]
    Dirty {
        /// Which token.
        kind: TokenKind,
        /// What is in it, in words.
        found: &'static str,
    },
    /// It ends after its prefix, or has characters no token has.
    #[error("{} is cut short or has characters no token has; copy it again", .0.variable())]
    Damaged(TokenKind),
    /// The address is none.
    #[error("SLACK_API_URL is not an address such as `https://slack.com/api`")]
    NotAnAddress,
    /// The address would send tokens unencrypted through a network.
    #[error(
        "SLACK_API_URL is plain `http`, which would send the tokens unencrypted; use `https`, or `http` to {} only",
        either(&["`127.0.0.1`", "`[::1]`", "`localhost`"].map(str::to_owned))
    )]
    Unencrypted,
    /// The address carries what it must not.
    #[error("SLACK_API_URL has a password, a query or a fragment in it; leave those out")]
    Overloaded,
}

/// Everything that is wrong with what it takes to talk to Slack; one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackMistakes(pub Vec<SlackMistake>);

impl fmt::Display for SlackMistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(SlackMistake::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for SlackMistakes {}

/// What is there, unless it is empty: an empty variable is how shells and unit files say "not set".
fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn token(kind: TokenKind, flag: Option<&Token>, lookup: Lookup<'_>) -> Result<Token, SlackMistake> {
    let flag = said(flag.map(|token| token.expose().to_owned()));
    let text = flag.or_else(|| said(lookup(kind.variable())));
    let text = text.ok_or(SlackMistake::Missing(kind))?;
    let dirty = |found| Err(SlackMistake::Dirty { kind, found });
    if text.contains(char::is_whitespace) {
        return dirty("a blank or a line break");
    }
    if text.contains(['"', '\'', '“', '”']) {
        return dirty("quotes");
    }
    let Some(rest) = text.strip_prefix(kind.prefix()) else {
        let swapped = text.starts_with(kind.other().prefix());
        return Err(if swapped {
            SlackMistake::Swapped(kind)
        } else {
            SlackMistake::OtherKind(kind)
        });
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if rest.is_empty() || !rest.chars().all(plain) {
        return Err(SlackMistake::Damaged(kind));
    }
    Ok(Token(text))
}

fn api_url(flag: Option<String>, lookup: Lookup<'_>) -> Result<Url, SlackMistake> {
    let text = said(flag).or_else(|| said(lookup("SLACK_API_URL")));
    let text = text.unwrap_or_else(|| "https://slack.com/api".to_owned());
    let url = Url::parse(text.trim().trim_end_matches('/')).map_err(|_| SlackMistake::NotAnAddress)?;
    let overloaded =
        !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some();
    let local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(SlackMistake::NotAnAddress),
    };
    match url.scheme() {
        "https" | "http" if overloaded => Err(SlackMistake::Overloaded),
        "https" => Ok(url),
        "http" if local => Ok(url),
        "http" => Err(SlackMistake::Unencrypted),
        _ => Err(SlackMistake::NotAnAddress),
    }
}

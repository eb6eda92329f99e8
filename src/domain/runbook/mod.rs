//! Runbooks: what is to be done, step by step, as a file says it.
//!
//! A [`Runbook`] is what a reader made of a Markdown page. It is stored with every run of it, so that a run goes on with the
//! text it began with; its shapes may grow and never change. It knows nothing of Markdown, and nothing of what is shown
//! where: prose is [`Piece`]s of text with a style.

mod allowed;
mod fill;
mod http;
mod library;
mod review;
mod shell;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use allowed::{Allowed, Forbidden, Site};
pub use fill::{Part, Values, filled, is_name, names, parts};
pub use http::{Filled, HttpRequest, is_variable};
pub use library::{Found, Library, Mistake};
pub use review::{ReviewEvent, Reviews, next_review};
pub use shell::filled_command;

use super::ids::RunbookId;

/// A runbook, as its file stood when it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runbook {
    /// What people type for it: the file's name without its ending.
    pub id: RunbookId,
    /// Where it stands, for whoever wants to change it.
    pub file: String,
    /// Short, and another for every other text.
    pub version: String,
    /// What it is called.
    pub title: String,
    /// The team that keeps it, as it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Services it is for, as patterns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Alerts it is for, as patterns of what they say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<String>,
    /// What it wants to know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// How long it takes, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seconds: Option<u32>,
    /// When somebody should look whether it is still right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<NaiveDate>,
    /// What stands above the first step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub introduction: Vec<Block>,
    /// What is to be done; never empty.
    pub steps: Vec<Step>,
}

/// Something a runbook wants to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// What stands between the braces.
    pub name: String,
    /// How it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// When it is asked for.
    #[serde(default)]
    pub asked: Asked,
    /// What it is unless somebody says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// All it can be; anything when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What it looks like, as a regular expression for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}

impl Parameter {
    /// How it is asked for: its prompt, or else its name.
    pub fn question(&self) -> &str {
        self.prompt.as_deref().unwrap_or(&self.name)
    }

    /// Whether it can be this.
    ///
    /// # Errors
    /// Why not.
    pub fn accepts(&self, value: &str) -> Result<(), Unfit> {
        if !self.choices.is_empty() && !self.choices.iter().any(|choice| choice == value) {
            return Err(Unfit::NoChoice);
        }
        let pattern = self.pattern.as_deref().and_then(whole);
        if pattern.is_some_and(|pattern| !pattern.is_match(value)) {
            return Err(Unfit::NoMatch);
        }
        Ok(())
    }
}

/// A pattern that must fit all of a text; none when it is no pattern.
pub fn whole(pattern: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(1 << 18)
        .build()
        .ok()
}

/// When a parameter is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// When the step that needs it is current, unless it was given before.
    #[default]
    WhenNeeded,
    /// Before the run starts.
    AtTheStart,
}

/// Why a value does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is none of the choices.
    NoChoice,
    /// It does not look as it should.
    NoMatch,
}

/// One thing to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is called; may have blanks.
    pub title: String,
    /// What links lead to it by.
    pub anchor: String,
    /// How it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Block>,
    /// How long it may take before somebody asks, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_seconds: Option<u32>,
    /// The parameter whose values it is done for, one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
    /// Whether what is handled here must not be written down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The step that takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<usize>,
}

impl Step {
    /// Where one can go from here; empty when the next step is the only way.
    pub fn ways(&self) -> &[Way] {
        let decision = self.body.iter().find_map(|block| match block {
            Block::Decision { ways } => Some(ways.as_slice()),
            _ => None,
        });
        decision.unwrap_or_default()
    }

    /// How many boxes there are to tick.
    pub fn boxes(&self) -> usize {
        let boxes = self.body.iter().filter(|block| matches!(block, Block::Box { .. }));
        boxes.count()
    }

    /// How many gates must be confirmed.
    pub fn gates(&self) -> usize {
        let gates = self.body.iter().filter(|block| matches!(block, Block::Gate { .. }));
        gates.count()
    }

    /// What can be seen of it: everything up to the first gate that is not confirmed.
    pub fn visible(&self, confirmed: usize) -> &[Block] {
        let gates = self
            .body
            .iter()
            .enumerate()
            .filter(|(_, block)| matches!(block, Block::Gate { .. }));
        match gates.map(|(at, _)| at).nth(confirmed) {
            Some(gate) => &self.body[..=gate],
            None => &self.body,
        }
    }

    /// The requests it can send, in order, of those that can be seen.
    pub fn requests(&self, confirmed: usize) -> impl Iterator<Item = &HttpRequest> {
        self.visible(confirmed).iter().filter_map(|block| match block {
            Block::Http { request } => Some(request),
            _ => None,
        })
    }

    /// Every parameter it mentions, in order, each once.
    pub fn needs(&self) -> Vec<String> {
        let mut needs: Vec<String> = self.repeat.iter().cloned().collect();
        let mut add = |text: &str| {
            for name in names(text) {
                if !needs.iter().any(|known| known == name) {
                    needs.push(name.to_owned());
                }
            }
        };
        add(&self.title);
        for text in self.body.iter().flat_map(Block::texts) {
            add(text);
        }
        needs
    }
}

/// A part of a step, or of the introduction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Block {
    /// Prose.
    Paragraph {
        /// What it says.
        text: Prose,
    },
    /// An item of a list.
    Item {
        /// How deep the list stands in others.
        depth: u8,
        /// Its number, where the list has numbers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<u64>,
        /// What it says.
        text: Prose,
    },
    /// Somebody else's words.
    Quote {
        /// What they say.
        text: Prose,
    },
    /// Something to copy, line by line as it is.
    Code {
        /// What language it is, as it is written; empty when nothing is said.
        language: String,
        /// The lines.
        text: String,
    },
    /// Something to tick.
    Box {
        /// What.
        text: Prose,
    },
    /// Something to confirm before anything after it is seen.
    Gate {
        /// How bad it is to overlook it.
        weight: Weight,
        /// What.
        text: Vec<Prose>,
    },
    /// A choice of what comes next.
    Decision {
        /// The choices; never empty.
        ways: Vec<Way>,
    },
    /// A request to send.
    Http {
        /// What is sent.
        request: HttpRequest,
    },
    /// An alert to raise.
    Page {
        /// What it says.
        message: String,
        /// For whom, as it is written.
        team: String,
    },
}

impl Block {
    /// Everything in it that can have blanks.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Paragraph { text } | Self::Item { text, .. } | Self::Quote { text } | Self::Box { text } => {
                text.iter().map(|piece| piece.text.as_str()).collect()
            }
            Self::Gate { text, .. } => text.iter().flatten().map(|piece| piece.text.as_str()).collect(),
            Self::Code { text, .. } => vec![text],
            Self::Decision { ways } => ways.iter().map(|way| way.words.as_str()).collect(),
            Self::Http { request } => {
                let headers = request.headers.iter().map(|(_, value)| value.as_str());
                [request.url.as_str(), request.body.as_str()]
                    .into_iter()
                    .chain(headers)
                    .collect()
            }
            Self::Page { message, .. } => vec![message],
        }
    }
}

/// Prose: pieces of text, one after the other.
pub type Prose = Vec<Piece>;

/// Text of one style; may have blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// How it is set.
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// How text is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each of them can be combined with each")]
pub struct Style {
    /// Strong.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
    /// Emphasized.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub italic: bool,
    /// Struck through.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub struck: bool,
    /// As a computer has it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub code: bool,
}

impl Style {
    /// Whether it is nothing special.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Prose without its styles.
pub fn plain(prose: &[Piece]) -> String {
    prose.iter().map(|piece| piece.text.as_str()).collect()
}

/// How bad it is to overlook something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It must be known.
    Important,
    /// It can go wrong.
    Warning,
    /// It can do harm.
    Caution,
}

/// A choice of what comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// What it is called.
    pub words: String,
    /// Which step it leads to.
    pub to: usize,
}

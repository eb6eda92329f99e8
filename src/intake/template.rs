//! Texts with blanks, `{policy} on {host}`, filled in with what patterns captured.

use std::collections::BTreeMap;

use regex::Regex;

use super::post::Seen;

/// What every post has, beside what patterns capture.
const ALWAYS: [&str; 2] = ["title", "text"];

/// A text with blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Blank(String),
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a blank in it is not closed: write it as `{{name}}`")]
pub struct TemplateError;

impl Template {
    /// Reads one.
    ///
    /// # Errors
    /// When a blank is never closed.
    pub fn new(written: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or(TemplateError)?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Blank(name.trim().to_owned()));
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self { pieces })
    }

    /// The first blank that neither every post nor a pattern fills.
    pub fn unfilled<'t>(&'t self, captured: &[&str]) -> Option<&'t str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Blank(name) if !ALWAYS.contains(&name.as_str()) && !captured.contains(&name.as_str()) => {
                Some(name.as_str())
            }
            Piece::Blank(_) | Piece::Text(_) => None,
        })
    }

    /// Filled in; none when something for it is missing, or nothing is left of it.
    pub(super) fn fill(&self, values: &Values) -> Option<String> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Blank(name) => filled.push_str(values.0.get(name)?),
            }
        }
        let filled = filled.trim().to_owned();
        (!filled.is_empty()).then_some(filled)
    }
}

/// What patterns captured.
pub(super) struct Values(BTreeMap<String, String>);

impl Values {
    /// What every post has.
    pub(super) fn of(seen: &Seen) -> Self {
        let [title, text] = ALWAYS;
        Self(BTreeMap::from([
            (title.to_owned(), seen.headline().to_owned()),
            (text.to_owned(), seen.text.clone()),
        ]))
    }

    /// Whether a pattern is found; one that is not given always is.
    pub(super) fn take(&mut self, pattern: Option<&Regex>, text: &str) -> bool {
        pattern.is_none() || self.takes_given(pattern, text)
    }

    /// Whether a pattern is given and found.
    pub(super) fn takes_given(&mut self, pattern: Option<&Regex>, text: &str) -> bool {
        let Some(pattern) = pattern else { return false };
        let Some(found) = pattern.captures(text) else {
            return false;
        };
        for name in pattern.capture_names().flatten() {
            if let Some(value) = found.name(name) {
                self.0.insert(name.to_owned(), value.as_str().trim().to_owned());
            }
        }
        true
    }
}

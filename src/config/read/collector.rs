//! Everything that is found wrong while a text is read, and what must not be shown of it.

use std::{borrow::Cow, ops::Range};

use super::{
    super::problem::{Mark, Problem},
    secrets,
};

/// Collects problems, so that the reader never has to stop at the first.
pub(super) struct Collector<'t> {
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
    problems: Vec<Problem>,
    secrets: Vec<Range<usize>>,
}

impl<'t> Collector<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            text,
            lines: std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect(),
            problems: Vec::new(),
            secrets: Vec::new(),
        }
    }

    pub(super) fn mark(&self, span: Range<usize>) -> Mark {
        let line = self.lines.partition_point(|start| *start <= span.start);
        Mark { line, span }
    }

    /// Where some words stand within a place; all of the place when they are written differently there.
    pub(super) fn within(&self, mark: &Mark, words: &str) -> Mark {
        let written = self.text.get(mark.span.clone()).unwrap_or_default();
        let found = written.find(words).map(|at| mark.span.start + at);
        found.map_or_else(|| mark.clone(), |at| self.mark(at..at + words.len()))
    }

    pub(super) fn push(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Remembers bytes that hold a secret.
    pub(super) fn secret(&mut self, span: Range<usize>) {
        self.secrets.push(span);
    }

    /// Whether these bytes were reported as a secret: nothing more is said of them.
    pub(super) fn is_secret(&self, span: &Range<usize>) -> bool {
        self.secrets.contains(span)
    }

    pub(super) fn not_toml(&mut self, error: &toml::de::Error) {
        let says = error.message().lines().collect::<Vec<_>>().join(", ");
        // The library's word for everything; ours says what is so, not that it is a crime.
        let says = says.replace("invalid", "unexpected");
        let what = format!("this is not TOML: {}", secrets::masked(&says));
        self.push(match error.span() {
            Some(span) => Problem::at(&self.mark(span), what),
            None => Problem::of_file(what),
        });
    }

    /// The problems, and the text with its secrets starred out byte for byte, so that every mark still fits.
    pub(super) fn finish(self) -> (Vec<Problem>, String) {
        let mut masked: Cow<'_, str> = secrets::masked(self.text);
        for span in &self.secrets {
            let Some(before) = masked.get(span.clone()) else {
                continue;
            };
            let stars: String = before.chars().map(star).collect();
            masked.to_mut().replace_range(span.clone(), &stars);
        }
        (self.problems, masked.into_owned())
    }
}

/// As many stars as the character has bytes; the ends of lines and of texts stay.
fn star(character: char) -> &'static str {
    match (character, character.len_utf8()) {
        ('\n', _) => "\n",
        ('\r', _) => "\r",
        ('"', _) => "\"",
        ('\'', _) => "'",
        (_, 1) => "*",
        (_, 2) => "**",
        (_, 3) => "***",
        _ => "****",
    }
}

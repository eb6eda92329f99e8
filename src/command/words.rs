//! Text → words, without forgetting where they stood: a message keeps its spacing, its quotes and its line breaks.
//!
//! Quotes of any kind are quotes: a pair round everything, or round a message, is taken off; one inside a text is part of
//! it. Words are compared in lower case, without quotes and punctuation round them.

use std::ops::Range;

use super::markup::{Mention, Visible, is_blank, is_joiner_or_mark};
use crate::domain::ids::UserId;

/// Signs that lead on to what follows.
const LEADS_ON: &str = ",;–—";
/// Pairs of quotes, as keyboards and telephones make them.
const QUOTES: [(char, char); 10] = [
    ('"', '"'),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('”', '”'),
    ('«', '»'),
    ('»', '«'),
    ('‘', '’'),
    ('‚', '‘'),
    ('\'', '\''),
];

/// Text that was typed, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    text: String,
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    start: usize,
    end: usize,
    mention: Option<Mention>,
}

impl Typed {
    /// Takes text apart; a mention of `bot` at its beginning or end is how it was addressed, and no word of it.
    pub(super) fn new(visible: Visible, bot: Option<&UserId>) -> Self {
        let Visible { text, mentions } = visible;
        let chunks = |start: usize, end: usize| chunks(&text, start, end, &mentions);
        let mut words = chunks(0, text.len());
        if let Some(bot) = bot {
            let is_bot = |word: &Word| matches!(&word.mention, Some(Mention::Person(id)) if id == bot);
            if words.first().is_some_and(is_bot) {
                words.remove(0);
            }
            if words.last().is_some_and(is_bot) {
                words.pop();
            }
        }
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let (start, end) = (first.start, last.end);
            let inner = unquote(&text[start..end]);
            if inner.len() < end - start {
                // Quotes are at both ends, so the inner text begins behind the first of them.
                let opening = text[start..end].chars().next().map_or(0, char::len_utf8);
                words = chunks(start + opening, start + opening + inner.len());
            }
        }
        Self { text, words }
    }

    /// All that was typed, as its author saw it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// Its words.
    pub(super) fn words(&self) -> Words<'_> {
        Words {
            text: &self.text,
            words: &self.words,
        }
    }
}

/// Some words in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'t> {
    text: &'t str,
    words: &'t [Word],
}

impl<'t> Words<'t> {
    pub(super) fn len(self) -> usize {
        self.words.len()
    }

    pub(super) fn is_empty(self) -> bool {
        self.words.is_empty()
    }

    /// The words from `start` on; none when there are not so many.
    pub(super) fn from(self, start: usize) -> Self {
        self.slice(start, self.len())
    }

    /// The words from `start` up to `end`, as far as there are any.
    pub(super) fn slice(self, start: usize, end: usize) -> Self {
        let end = end.min(self.len());
        Self {
            text: self.text,
            words: &self.words[start.min(end)..end],
        }
    }

    /// The text they stand in, as it was typed.
    pub(super) fn raw(self) -> &'t str {
        match (self.words.first(), self.words.last()) {
            (Some(first), Some(last)) => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// The text they stand in, without the quotes round it and the punctuation that led on to what followed.
    pub(super) fn tidy(self) -> &'t str {
        tidy(self.raw())
    }

    /// The same without words at the end that are only signs which lead on to something: nothing follows.
    pub(super) fn without_an_open_end(self) -> Self {
        let leads_on = |word: &Word| self.text[word.start..word.end].chars().all(|c| LEADS_ON.contains(c));
        let signs = self.words.iter().rev().take_while(|word| leads_on(word)).count();
        self.slice(0, self.len() - signs)
    }

    /// Whether they begin in quotes that do not end among them.
    pub(super) fn opens_a_quote(self) -> bool {
        let text = self.raw().trim_start();
        let mut quotes = QUOTES.into_iter();
        quotes.any(|(open, close)| text.strip_prefix(open).is_some_and(|inside| !inside.contains(close)))
    }

    /// The word at `index` as it is compared; none behind the end.
    pub(super) fn key(self, index: usize) -> Option<String> {
        let word = self.words.get(index)?;
        Some(key(&self.text[word.start..word.end]))
    }

    /// The word at `index` as a command's word: like [`Words::key`], but a word behind an opening quote is text.
    pub(super) fn command_key(self, index: usize) -> Option<String> {
        let word = self.words.get(index)?;
        let text = &self.text[word.start..word.end];
        let quoted = text
            .chars()
            .next()
            .is_some_and(|first| QUOTES.iter().any(|(open, _)| *open == first));
        Some(if quoted { text.to_owned() } else { key(text) })
    }

    /// What they mention, when they are a single word that does nothing else.
    pub(super) fn mention(self) -> Option<&'t Mention> {
        match self.words {
            [word] => word.mention.as_ref(),
            _ => None,
        }
    }
}

/// Takes a pair of quotes off that goes round everything; quotes of the same kind inside keep it on.
pub(super) fn unquote(text: &str) -> &str {
    QUOTES
        .into_iter()
        .filter_map(|(open, close)| {
            text.strip_prefix(open)?
                .strip_suffix(close)
                .map(|inner| (open, close, inner))
        })
        .find(|(open, close, inner)| !inner.contains([*open, *close]))
        .map_or(text, |(_, _, inner)| inner)
}

/// Puts quotes round a text so that [`unquote`] takes exactly these off again; as it is when it has quotes of every kind.
pub(super) fn quote(text: &str) -> String {
    QUOTES
        .into_iter()
        .find(|(open, close)| !text.contains([*open, *close]))
        .map_or_else(|| text.to_owned(), |(open, close)| format!("{open}{text}{close}"))
}

/// A message without the quotes round it and without the punctuation that led on to what followed.
fn tidy(text: &str) -> &str {
    let text = text
        .trim_start()
        .trim_end_matches(|c: char| c.is_whitespace() || LEADS_ON.contains(c));
    let inner = unquote(text).trim();
    if is_blank(inner) { "" } else { inner }
}

/// A word as it is compared: lower case, without quotes and punctuation round it and what has no width.
pub(super) fn key(word: &str) -> String {
    let is_quote = |c: char| QUOTES.iter().any(|(open, close)| c == *open || c == *close);
    let visible: String = word.chars().filter(|c| !is_joiner_or_mark(*c)).collect();
    visible
        .trim_start_matches(|c: char| is_quote(c) || "([`*_".contains(c))
        .trim_end_matches(|c: char| is_quote(c) || ".,:;!?…)]`*_".contains(c))
        .to_lowercase()
}

/// The words of a part of a text. A mention is never taken apart, whatever its name looks like.
fn chunks(text: &str, start: usize, end: usize, mentions: &[(Range<usize>, Mention)]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut begun: Option<usize> = None;
    let mut inside: Option<Mention> = None;
    let mut coming = mentions.iter().peekable();
    let mut held_until = 0;
    let mut close = |from: usize, to: usize, mention: Option<Mention>| {
        words.push(Word {
            start: from,
            end: to,
            mention,
        });
    };
    for (offset, c) in text[start..end].char_indices() {
        let at = start + offset;
        while let Some((range, mention)) = coming.next_if(|(range, _)| range.start <= at) {
            if range.start == at && range.end <= end {
                held_until = range.end;
                // Only a word that is nothing but the mention, save for punctuation, stands for it.
                let alone = begun.is_none_or(|from| key(&text[from..at]).is_empty()) && inside.is_none();
                inside = alone.then(|| mention.clone());
            }
        }
        if c.is_whitespace() && at >= held_until {
            if let Some(from) = begun.take() {
                close(from, at, inside.take());
            }
        } else {
            if at >= held_until && !key(&c.to_string()).is_empty() {
                inside = None;
            }
            begun.get_or_insert(at);
        }
    }
    if let Some(from) = begun {
        close(from, end, inside);
    }
    words
}

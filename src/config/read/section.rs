//! One table of the file: its keys, which of them exist, and values of the kind that is asked for.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    super::{
        problem::{Mark, Problem, Written},
        suggest,
    },
    collector::Collector,
};

/// A key, and a line that shows how it is written.
pub(super) struct Key(pub(super) &'static str, pub(super) &'static str);

/// Which keys a section has.
pub(super) struct Shape {
    /// The keys.
    pub(super) keys: &'static [Key],
    /// Keys that a later release will have, and what to say until then.
    pub(super) later: &'static [(&'static str, &'static str)],
}

/// A table that is being read.
pub(super) struct Section<'t> {
    name: String,
    mark: Option<Mark>,
    entries: &'t DeTable<'t>,
    shape: &'static Shape,
}

type Entry<'t> = (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>);

impl<'t> Section<'t> {
    /// Starts to read a table, and reports the keys it does not have.
    ///
    /// `mark` is where it begins: that is where a key is missing.
    pub(super) fn open(
        name: &str,
        mark: Option<Mark>,
        entries: &'t DeTable<'t>,
        shape: &'static Shape,
        out: &mut Collector<'_>,
    ) -> Self {
        for (key, value) in entries {
            let typed = key.get_ref().as_ref();
            if shape.keys.iter().any(|known| known.0 == typed) || out.is_secret(&value.span()) {
                continue;
            }
            let mark = out.mark(key.span());
            let problem = if let Some((_, why)) = shape.later.iter().find(|(later, _)| *later == typed) {
                Problem::at(&mark, format!("`{typed}` is not known to this release")).help(*why)
            } else {
                let known: Vec<&str> = shape.keys.iter().map(|known| known.0).collect();
                let all: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
                let nearest = suggest::did_you_mean(typed, "", known);
                Problem::at(&mark, format!("{name} has no key `{}`", shown(typed)))
                    .help(nearest.unwrap_or_else(|| format!("it may have {}", suggest::either(&all))))
            };
            out.push(problem);
        }
        Self {
            name: name.to_owned(),
            mark,
            entries,
            shape,
        }
    }

    /// Whether the key is there, whatever its value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// A text; none when it is absent, or wrong and reported.
    pub(super) fn text(&self, key: &str, out: &mut Collector<'_>) -> Option<Written<String>> {
        let (_, value) = self.entry(key)?;
        self.text_of(key, value, out)
    }

    /// A text that must be there.
    pub(super) fn required(&self, key: &str, out: &mut Collector<'_>) -> Option<Written<String>> {
        if !self.has(key) {
            self.missing(key, out);
        }
        self.text(key, out)
    }

    /// A wall-clock time, with or without quotes, as a text.
    pub(super) fn required_time(&self, key: &str, out: &mut Collector<'_>) -> Option<Written<String>> {
        match self.entry(key) {
            Some((_, value)) if value.get_ref().is_datetime() => Some(Written {
                value: value.get_ref().as_datetime()?.to_string(),
                mark: out.mark(value.span()),
            }),
            _ => self.required(key, out),
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn number(&self, key: &str, allowed: Range<u32>, out: &mut Collector<'_>) -> Option<u32> {
        let (_, value) = self.entry(key)?;
        let number = value.get_ref().as_integer();
        let read = number
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|number| allowed.contains(number));
        if read.is_none() {
            let last = allowed.end.saturating_sub(1);
            let what = format!("`{key}` is a whole number from {} to {last}", allowed.start);
            out.push(Problem::at(&out.mark(value.span()), what).help(self.example(key)));
        }
        read
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &str, out: &mut Collector<'_>) -> Option<bool> {
        let (_, value) = self.entry(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_kind(key, value, "`true` or `false`", out);
        }
        flag
    }

    /// A text that may be empty.
    pub(super) fn text_or_empty(&self, key: &str, out: &mut Collector<'_>) -> Option<Written<String>> {
        match self.entry(key) {
            Some((_, value)) if value.get_ref().as_str().is_some_and(|text| text.trim().is_empty()) => Some(Written {
                value: String::new(),
                mark: out.mark(value.span()),
            }),
            _ => self.required(key, out),
        }
    }

    /// Whether a list stands there.
    pub(super) fn is_list(&self, key: &str) -> bool {
        self.entry(key)
            .is_some_and(|(_, value)| value.get_ref().as_array().is_some())
    }

    /// Texts by name, as `{ severity = "critical" }` has them.
    pub(super) fn texts(&self, key: &str, out: &mut Collector<'_>) -> Vec<(String, Written<String>)> {
        let Some((_, entries)) = self.table(key, out) else {
            return Vec::new();
        };
        let texts = entries.iter();
        texts
            .filter_map(|(name, value)| Some((name.get_ref().to_string(), self.text_of(key, value, out)?)))
            .collect()
    }

    /// A list of texts; none when it is absent, or no list and reported.
    pub(super) fn list(&self, key: &str, out: &mut Collector<'_>) -> Option<Vec<Written<String>>> {
        let (_, value) = self.entry(key)?;
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_kind(key, value, "a list in brackets", out);
            return None;
        };
        Some(items.iter().filter_map(|item| self.text_of(key, item, out)).collect())
    }

    /// A list of texts with at least one item in it.
    ///
    /// `why` is what follows when it is empty.
    pub(super) fn filled_list(&self, key: &str, why: &str, out: &mut Collector<'_>) -> Vec<Written<String>> {
        match self.entry(key) {
            None => self.missing(key, out),
            Some((_, value)) if value.get_ref().as_array().is_some_and(|items| items.is_empty()) => {
                let what = format!("`{key}` is empty, so {why}");
                out.push(Problem::at(&out.mark(value.span()), what).help(self.example(key)));
            }
            Some(_) => {}
        }
        self.list(key, out).unwrap_or_default()
    }

    /// A table; none when it is absent, or no table and reported.
    pub(super) fn table(&self, key: &str, out: &mut Collector<'_>) -> Option<(Mark, &'t DeTable<'t>)> {
        let (name, value) = self.entry(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_kind(key, value, "a section", out);
            return None;
        };
        Some((out.mark(name.span()), entries))
    }

    /// A list of tables, as `[[…]]` makes them.
    pub(super) fn tables(&self, key: &str, out: &mut Collector<'_>) -> Vec<(Mark, &'t DeTable<'t>)> {
        let Some((_, value)) = self.entry(key) else {
            return Vec::new();
        };
        let items = value.get_ref().as_array().map_or(&[][..], |items| &**items);
        let tables: Vec<_> = items
            .iter()
            .filter_map(|item| Some((out.mark(item.span()), item.get_ref().as_table()?)))
            .collect();
        if tables.len() != items.len() || value.get_ref().as_array().is_none() {
            self.wrong_kind(key, value, "sections in double brackets", out);
        }
        tables
    }

    fn entry(&self, key: &str) -> Option<Entry<'t>> {
        self.entries.get_key_value(key)
    }

    fn text_of(&self, key: &str, value: &Spanned<DeValue<'_>>, out: &mut Collector<'_>) -> Option<Written<String>> {
        const LONGEST: usize = 500;
        if out.is_secret(&value.span()) {
            return None;
        }
        let mark = out.mark(value.span());
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_kind(key, value, "a text in quotes", out);
            return None;
        };
        let trimmed = text.trim();
        let what = if trimmed.is_empty() {
            format!("an empty text stands in `{key}`")
        } else if trimmed.chars().count() > LONGEST {
            format!("a text in `{key}` is longer than {LONGEST} characters")
        } else if trimmed.chars().any(char::is_control) {
            format!("a text in `{key}` has a line break or another control character in it")
        } else {
            return Some(Written {
                value: trimmed.to_owned(),
                mark,
            });
        };
        out.push(Problem::at(&mark, what).help(self.example(key)));
        None
    }

    /// Reports that a key is missing.
    pub(super) fn missing(&self, key: &str, out: &mut Collector<'_>) {
        // A key that was mistyped is reported where it stands, and once is enough.
        let unknown = |typed: &&str| self.shape.keys.iter().all(|known| known.0 != *typed);
        let mut typed = self
            .entries
            .keys()
            .map(|typed| typed.get_ref().as_ref())
            .filter(unknown);
        let known = || self.shape.keys.iter().map(|known| known.0);
        if typed.any(|typed| suggest::nearest(typed, known()).first() == Some(&key)) {
            return;
        }
        let what = format!("{} has no `{key}`", self.name);
        let problem = self.mark.as_ref().map_or_else(
            || Problem::of_file(what.clone()),
            |mark| Problem::at(mark, what.clone()),
        );
        out.push(problem.help(self.example(key)));
    }

    fn wrong_kind(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str, out: &mut Collector<'_>) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "`true` or `false`",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a single section",
        };
        let what = format!("`{key}` wants {wanted}, and this is {found}");
        out.push(Problem::at(&out.mark(value.span()), what).help(self.example(key)));
    }

    fn example(&self, key: &str) -> String {
        let line = self.shape.keys.iter().find(|known| known.0 == key);
        line.map_or_else(String::new, |known| format!("write for example `{}`", known.1))
    }
}

/// A key as it can be shown: no longer than a line.
fn shown(typed: &str) -> String {
    typed.chars().take(60).collect()
}

//! Blanks: `{{name}}` in a text, and what is put there.
//!
//! Only a name between the braces makes a blank, so that a page about another template language is left alone as far as can
//! be. A value is put in as it is and never looked at again: a value with `{{` in it fills no blank.

use std::collections::BTreeMap;

/// Parameters and their values.
pub type Values = BTreeMap<String, String>;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// As it is.
    Text(&'t str),
    /// A blank: its name, and how it is written.
    Blank(&'t str, &'t str),
}

/// The parts of a text, in order.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(open) = text[at..].find("{{").map(|found| at + found) {
        let inside = &text[open + 2..];
        let name = inside.find("}}").map(|end| &inside[..end]);
        match name.filter(|name| is_name(name.trim())) {
            Some(name) => {
                let end = open + 2 + name.len() + 2;
                if plain < open {
                    parts.push(Part::Text(&text[plain..open]));
                }
                parts.push(Part::Blank(name.trim(), &text[open..end]));
                (plain, at) = (end, end);
            }
            None => at = open + 1,
        }
    }
    if plain < text.len() {
        parts.push(Part::Text(&text[plain..]));
    }
    parts
}

/// Whether a word can be a parameter's name.
pub fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
        && word.len() <= 64
}

/// The names of a text's blanks, in order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    parts(text).into_iter().filter_map(|part| match part {
        Part::Text(_) => None,
        Part::Blank(name, _) => Some(name),
    })
}

/// A text with its blanks filled in; what has no value stays as it is written.
pub fn filled(text: &str, values: &Values) -> String {
    let parts = parts(text);
    let filled = parts.iter().map(|part| match part {
        Part::Text(text) => *text,
        Part::Blank(name, written) => values.get(*name).map_or(*written, String::as_str),
    });
    filled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_between_braces_is_a_blank() {
        let text = "{{a}} {{ b_2 }} {{.Values.x}} {{ 1 }} {{{c}}} {{d";
        assert_eq!(names(text).collect::<Vec<_>>(), ["a", "b_2", "c"]);
        let values = Values::from([("a".to_owned(), "{{b_2}} \"'\n".to_owned())]);
        assert_eq!(
            filled(text, &values),
            "{{b_2}} \"'\n {{ b_2 }} {{.Values.x}} {{ 1 }} {{{c}}} {{d",
            "a value fills no blank, and what has no value stays"
        );
    }
}

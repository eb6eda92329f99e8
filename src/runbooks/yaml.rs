//! YAML as a tree whose nodes know where they stand.
//!
//! The parser's events are taken as they come: what front matter never needs (anchors, several documents, deep nesting) is
//! refused with a sentence, so that no text can make the tree larger than itself.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::Findings;

/// How deep lists and maps may stand in each other.
const DEEPEST: usize = 8;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) what: What,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) word: String,
    pub(super) span: Range<usize>,
}

/// A list or a map that is not at its end.
enum Open {
    List(Vec<Node>, usize),
    Map(Vec<(Key, Node)>, Option<Key>, usize),
}

/// Reads YAML that begins at byte `base` of the file. None when it has none, or none that could be read.
pub(super) fn read(yaml: &str, base: usize, out: &mut Findings) -> Option<Node> {
    // The parser counts characters.
    let starts: Vec<usize> = yaml.char_indices().map(|(at, _)| at).chain([yaml.len()]).collect();
    let byte = |index: usize| base + starts.get(index).copied().unwrap_or(yaml.len());
    let bytes = |span: Span| byte(span.start.index())..byte(span.end.index());
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(yaml) {
        let (event, span) = match event {
            Ok((event, span)) => (event, bytes(span)),
            Err(error) => {
                let at = byte(error.marker().index());
                let says = format!(
                    "the front matter is not YAML: {}",
                    error.info().replace("invalid", "unexpected")
                );
                out.error(
                    out.at(&(at..at + 1), says)
                        .help("a value with `:`, `{` or `#` in it stands in quotes"),
                );
                return None;
            }
        };
        let node = match event {
            Event::Scalar(text, style, ..) => {
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                let what = if is_nothing {
                    What::Nothing
                } else {
                    What::Text(text.into_owned())
                };
                Some(Node { what, span })
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() == DEEPEST => {
                out.error(out.at(&span, "this stands deeper in other lists than front matter ever needs"));
                return None;
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new(), span.start));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None, span.start));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|closed| match closed {
                Open::List(nodes, start) => Node {
                    what: What::List(nodes),
                    span: start..span.end.max(start),
                },
                Open::Map(entries, _, start) => Node {
                    what: What::Map(entries),
                    span: start..span.end.max(start),
                },
            }),
            Event::Alias(_) => {
                out.error(out.at(&span, "front matter has no aliases here; write the value out"));
                return None;
            }
            Event::DocumentEnd | Event::StreamEnd => return None,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => None,
        };
        let Some(node) = node else { continue };
        match open.last_mut() {
            None => return Some(node),
            Some(Open::List(nodes, _)) => nodes.push(node),
            Some(Open::Map(entries, key, _)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => match node.what {
                    What::Text(word) => *key = Some(Key { word, span: node.span }),
                    What::Nothing | What::List(_) | What::Map(_) => {
                        out.error(out.at(&node.span, "a name is wanted here, as in `title: …`"));
                        return None;
                    }
                },
            },
        }
    }
    None
}

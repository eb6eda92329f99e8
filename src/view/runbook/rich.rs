//! Blocks of a runbook as Slack's rich text, in which foreign text is literal by its nature: what a value or a page says
//! can mention, link and ring nobody.
//! <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block>

use serde_json::{Value, json};

use crate::domain::runbook::{Block, Piece, Prose, Values, Weight, filled, filled_command};

/// How many characters one message of a runbook has at the most; Slack takes some more.
const PAGE: usize = 8000;
/// How many characters of code stand in one piece.
const CODE: usize = 2800;
/// How many parts one message has at the most, boxes among them.
const PARTS: usize = 40;

/// A part of a message.
pub(super) enum Part {
    /// Rich text.
    Text(Value),
    /// A box to tick, by its number in the step, with its words.
    Box(usize, String),
}

/// Blocks as messages: each page fits into one, nothing is cut.
pub(super) fn pages(blocks: &[Block], values: &Values) -> Vec<Vec<Part>> {
    let mut pages = vec![Vec::new()];
    let (mut elements, mut length, mut parts) = (Vec::new(), 0, 0);
    let mut boxes = 0;
    let close = |elements: &mut Vec<Value>, page: &mut Vec<Part>| {
        if !elements.is_empty() {
            let elements = std::mem::take(elements);
            page.push(Part::Text(json!({"type": "rich_text", "elements": elements})));
        }
    };
    for block in blocks {
        for (element, size) in drawn(block, values) {
            if length > 0 && (length + size > PAGE || parts >= PARTS) {
                if let Some(page) = pages.last_mut() {
                    close(&mut elements, page);
                }
                pages.push(Vec::new());
                (length, parts) = (0, 0);
            }
            (length, parts) = (length + size, parts + 1);
            match element {
                Drawn::Rich(element) => elements.push(element),
                Drawn::Box(words) => {
                    if let Some(page) = pages.last_mut() {
                        close(&mut elements, page);
                        page.push(Part::Box(boxes, words));
                    }
                    boxes += 1;
                }
            }
        }
    }
    if let Some(page) = pages.last_mut() {
        close(&mut elements, page);
    }
    pages
}

/// The blocks of Block Kit for a page; boxes as our own words.
pub(super) fn plainly(page: Vec<Part>) -> Vec<Value> {
    let drawn = page.into_iter().map(|part| match part {
        Part::Text(value) => value,
        Part::Box(_, words) => rich(&[section(&[leaf(&format!("☐ {words}"))])]),
    });
    drawn.collect()
}

pub(super) fn rich(elements: &[Value]) -> Value {
    json!({"type": "rich_text", "elements": elements})
}

fn section(leaves: &[Value]) -> Value {
    json!({"type": "rich_text_section", "elements": leaves})
}

fn leaf(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

enum Drawn {
    Rich(Value),
    Box(String),
}

/// The elements of a block, each with its size.
fn drawn(block: &Block, values: &Values) -> Vec<(Drawn, usize)> {
    let one = |element: Value, size: usize| vec![(Drawn::Rich(element), size)];
    let prose = |text: &[Piece]| leaves(text, values);
    match block {
        Block::Paragraph { text } => split(text, values)
            .into_iter()
            .map(|(mut leaves, size)| {
                leaves.push(leaf("\n"));
                (Drawn::Rich(section(&leaves)), size)
            })
            .collect(),
        Block::Quote { text } => {
            let (leaves, size) = prose(text);
            one(json!({"type": "rich_text_quote", "elements": leaves}), size)
        }
        Block::Item { depth, number, text } => {
            let (leaves, size) = prose(text);
            let mut list = json!({
                "type": "rich_text_list",
                "style": if number.is_some() { "ordered" } else { "bullet" },
                "indent": (*depth).min(8),
                "elements": [section(&leaves)],
            });
            if let Some(number) = number.filter(|number| *number > 1) {
                list["offset"] = json!(number - 1);
            }
            one(list, size)
        }
        Block::Code { language, text } => code(&filled_command(language, text, values)),
        Block::Box { text } => {
            let words = words(text, values);
            let size = words.chars().count();
            vec![(Drawn::Box(words), size)]
        }
        Block::Gate { weight, text } => gate(*weight, text, values),
        Block::Http { request } => code(&request.shown(values).text()),
        // These are buttons.
        Block::Page { .. } | Block::Decision { .. } => Vec::new(),
    }
}

fn gate(weight: Weight, text: &[Prose], values: &Values) -> Vec<(Drawn, usize)> {
    let sign = match weight {
        Weight::Important => "❗ Important",
        Weight::Warning => "⚠️ Warning",
        Weight::Caution => "🛑 Caution",
    };
    let mut all = vec![json!({"type": "text", "text": sign, "style": {"bold": true}})];
    let mut size = 12;
    for prose in text {
        let (leaves, more) = leaves(prose, values);
        all.push(leaf("\n"));
        all.extend(leaves);
        size += more;
    }
    vec![(Drawn::Rich(json!({"type": "rich_text_quote", "elements": all})), size)]
}

/// Code, in as many pieces as it needs; cut between lines where there are lines.
fn code(text: &str) -> Vec<(Drawn, usize)> {
    let mut pieces: Vec<String> = vec![String::new()];
    for line in text.split_inclusive('\n') {
        let letters: Vec<char> = line.chars().collect();
        for part in letters.chunks(CODE) {
            let full = pieces
                .last()
                .is_some_and(|piece| piece.chars().count() + part.len() > CODE);
            if full {
                pieces.push(String::new());
            }
            if let Some(piece) = pieces.last_mut() {
                piece.extend(part);
            }
        }
    }
    let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let text = piece.trim_end_matches('\n');
            let element = json!({"type": "rich_text_preformatted", "elements": [leaf(text)]});
            (Drawn::Rich(element), piece.chars().count())
        })
        .collect()
}

/// Code of any length, as blocks of Block Kit.
pub(super) fn code_blocks(text: &str) -> Vec<Value> {
    let pieces = code(text).into_iter().filter_map(|(drawn, _)| match drawn {
        Drawn::Rich(element) => Some(rich(&[element])),
        Drawn::Box(_) => None,
    });
    pieces.collect()
}

/// Prose as plain words.
pub(super) fn words(prose: &[Piece], values: &Values) -> String {
    prose.iter().map(|piece| filled(&piece.text, values)).collect()
}

fn leaves(prose: &[Piece], values: &Values) -> (Vec<Value>, usize) {
    let leaves: Vec<(Value, usize)> = prose
        .iter()
        .map(|piece| piece_leaf(piece, &filled(&piece.text, values)))
        .collect();
    let size = leaves.iter().map(|(_, size)| size).sum();
    (leaves.into_iter().map(|(leaf, _)| leaf).collect(), size)
}

/// Prose in sections that fit, should it be longer than a message.
fn split(prose: &[Piece], values: &Values) -> Vec<(Vec<Value>, usize)> {
    let mut sections: Vec<(Vec<Value>, usize)> = vec![(Vec::new(), 0)];
    for piece in prose {
        for part in cut(&filled(&piece.text, values)) {
            let (leaf, size) = piece_leaf(piece, &part);
            if sections
                .last()
                .is_some_and(|(_, length)| *length > 0 && length + size > CODE)
            {
                sections.push((Vec::new(), 0));
            }
            if let Some((leaves, length)) = sections.last_mut() {
                leaves.push(leaf);
                *length += size;
            }
        }
    }
    sections.retain(|(leaves, _)| !leaves.is_empty());
    sections
}

/// A text in parts that fit, cut between words where there are words.
fn cut(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut length = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let letters: Vec<char> = word.chars().collect();
        for some in letters.chunks(CODE) {
            if length > 0 && length + some.len() > CODE {
                parts.push(String::new());
                length = 0;
            }
            length += some.len();
            if let Some(part) = parts.last_mut() {
                part.extend(some);
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn piece_leaf(piece: &Piece, text: &str) -> (Value, usize) {
    let style = piece.style;
    let link = piece.link.as_deref().filter(|link| {
        let link = link.to_lowercase();
        ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| link.starts_with(scheme))
            && link.len() < 3000
    });
    let mut leaf = match link {
        Some(link) => json!({"type": "link", "url": link, "text": text}),
        None => leaf(text),
    };
    let mut styles = serde_json::Map::new();
    for (name, on) in [
        ("bold", style.bold),
        ("italic", style.italic),
        ("strike", style.struck),
        ("code", style.code),
    ] {
        if on {
            styles.insert(name.to_owned(), json!(true));
        }
    }
    if !styles.is_empty() {
        leaf["style"] = Value::Object(styles);
    }
    (leaf, text.chars().count())
}

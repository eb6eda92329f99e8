//! Block Kit as Slack checks it: shapes, required and known fields, lengths. One table a kind of object.
//!
//! <https://docs.slack.dev/reference/block-kit/blocks>

use std::collections::HashSet;

use serde_json::Value;

/// Longest text of a message.
pub(super) const TEXT: usize = 40_000;
const MESSAGE_BLOCKS: usize = 50;
const VIEW_BLOCKS: usize = 100;

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A string of so many characters at most.
    Text(usize),
    Flag,
    /// An object of one of these types, whose own text has so many characters at most.
    Object(&'static [&'static str], usize),
    /// So many objects at most.
    List(&'static [&'static str], usize),
}

struct Field {
    name: &'static str,
    required: bool,
    kind: Kind,
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        required: true,
        kind,
    }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        required: false,
        kind,
    }
}

const PLAIN: &[&str] = &["plain_text"];
const TEXTS: &[&str] = &["plain_text", "mrkdwn"];
const OPTION: &[&str] = &["option"];
const PRESSED: &[&str] = &["button", "static_select", "overflow"];
const INPUTS: &[&str] = &["plain_text_input", "static_select", "users_select"];
const BLOCKS: &[&str] = &["header", "section", "context", "actions", "divider", "input"];

/// The fields of a kind of object; none when there is no such kind here.
fn fields(kind: &str) -> Option<Vec<Field>> {
    use Kind::{Flag, List, Object, Text};
    let block_id = || may("block_id", Text(255));
    let action_id = || may("action_id", Text(255));
    Some(match kind {
        "header" => vec![must("text", Object(PLAIN, 150)), block_id()],
        "section" => vec![
            may("text", Object(TEXTS, 3000)),
            may("fields", List(TEXTS, 10)),
            may("accessory", Object(PRESSED, 0)),
            may("expand", Flag),
            block_id(),
        ],
        "context" => vec![must("elements", List(TEXTS, 10)), block_id()],
        "actions" => vec![must("elements", List(PRESSED, 25)), block_id()],
        "divider" => vec![block_id()],
        "input" => vec![
            must("label", Object(PLAIN, 2000)),
            must("element", Object(INPUTS, 0)),
            may("hint", Object(PLAIN, 2000)),
            may("optional", Flag),
            may("dispatch_action", Flag),
            block_id(),
        ],
        "plain_text" => vec![must("text", Text(3000)), may("emoji", Flag)],
        "mrkdwn" => vec![must("text", Text(3000)), may("verbatim", Flag)],
        "button" => vec![
            must("text", Object(PLAIN, 75)),
            action_id(),
            may("value", Text(2000)),
            may("style", Text(20)),
            may("url", Text(3000)),
            may("confirm", Object(&["confirm"], 0)),
            may("accessibility_label", Text(75)),
        ],
        "confirm" => vec![
            must("title", Object(PLAIN, 100)),
            must("text", Object(TEXTS, 300)),
            must("confirm", Object(PLAIN, 30)),
            must("deny", Object(PLAIN, 30)),
            may("style", Text(20)),
        ],
        "static_select" => vec![
            may("placeholder", Object(PLAIN, 150)),
            action_id(),
            may("options", List(OPTION, 100)),
            may("option_groups", List(&["option_group"], 100)),
            may("initial_option", Object(OPTION, 0)),
            may("confirm", Object(&["confirm"], 0)),
            may("focus_on_load", Flag),
        ],
        "users_select" => vec![
            may("placeholder", Object(PLAIN, 150)),
            action_id(),
            may("initial_user", Text(255)),
            may("focus_on_load", Flag),
        ],
        "overflow" => vec![
            must("options", List(OPTION, 5)),
            action_id(),
            may("confirm", Object(&["confirm"], 0)),
        ],
        "option" => vec![
            must("text", Object(TEXTS, 75)),
            must("value", Text(150)),
            may("description", Object(PLAIN, 75)),
        ],
        "option_group" => vec![must("label", Object(PLAIN, 75)), must("options", List(OPTION, 100))],
        "plain_text_input" => vec![
            action_id(),
            may("initial_value", Text(3000)),
            may("multiline", Flag),
            may("min_length", Flag),
            may("max_length", Flag),
            may("placeholder", Object(PLAIN, 150)),
            may("focus_on_load", Flag),
        ],
        "home" => vec![
            must("blocks", List(BLOCKS, VIEW_BLOCKS)),
            may("callback_id", Text(255)),
            may("private_metadata", Text(3000)),
            may("external_id", Text(255)),
        ],
        "modal" => vec![
            must("title", Object(PLAIN, 24)),
            must("blocks", List(BLOCKS, VIEW_BLOCKS)),
            may("submit", Object(PLAIN, 24)),
            may("close", Object(PLAIN, 24)),
            may("callback_id", Text(255)),
            may("private_metadata", Text(3000)),
            may("external_id", Text(255)),
            may("clear_on_close", Flag),
            may("notify_on_close", Flag),
        ],
        _ => return None,
    })
}

/// Checks the blocks of a message.
pub(super) fn check_message(blocks: &Value) -> Result<(), Vec<String>> {
    let mut checker = Checker::default();
    checker.list(blocks, BLOCKS, MESSAGE_BLOCKS, "/blocks");
    checker.unique(blocks, "/blocks");
    checker.verdict()
}

/// The blocks as Slack keeps them: it names what has no name.
pub(super) fn named(blocks: &Value) -> Value {
    let mut blocks = blocks.clone();
    for (index, block) in blocks.as_array_mut().into_iter().flatten().enumerate() {
        if block.get("block_id").is_none() {
            block["block_id"] = Value::from(format!("b{index}"));
        }
    }
    blocks
}

/// Checks a Home tab.
pub(super) fn check_home(view: &Value) -> Result<(), Vec<String>> {
    let mut checker = Checker::default();
    checker.object(view, &["home"], 0, "/view");
    checker.unique(&view["blocks"], "/view/blocks");
    checker.verdict()
}

/// Checks a modal.
pub(super) fn check_view(view: &Value) -> Result<(), Vec<String>> {
    let mut checker = Checker::default();
    checker.object(view, &["modal"], 0, "/view");
    checker.unique(&view["blocks"], "/view/blocks");
    let asks = view["blocks"]
        .as_array()
        .is_some_and(|blocks| blocks.iter().any(|block| block["type"] == "input"));
    if asks && view.get("submit").is_none() {
        checker.wrong("submit is required when an input is used", "/view");
    }
    checker.verdict()
}

#[derive(Default)]
struct Checker {
    wrong: Vec<String>,
}

impl Checker {
    fn verdict(self) -> Result<(), Vec<String>> {
        if self.wrong.is_empty() { Ok(()) } else { Err(self.wrong) }
    }

    fn wrong(&mut self, what: &str, at: &str) {
        self.wrong.push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    fn list(&mut self, value: &Value, kinds: &[&str], at_most: usize, at: &str) {
        let Some(items) = value.as_array() else {
            return self.wrong("must be an array", at);
        };
        if items.is_empty() {
            self.wrong("must have at least 1 item", at);
        }
        if items.len() > at_most {
            self.wrong(&format!("no more than {at_most} items allowed"), at);
        }
        for (index, item) in items.iter().enumerate() {
            self.object(item, kinds, 0, &format!("{at}/{index}"));
        }
    }

    /// `longest` overrides the limit of the object's own text where it is not 0.
    fn object(&mut self, value: &Value, kinds: &[&str], longest: usize, at: &str) {
        let Some(object) = value.as_object() else {
            return self.wrong("must be an object", at);
        };
        // Options, option groups and confirmations have no type of their own.
        let untyped = ["option", "option_group", "confirm"]
            .into_iter()
            .find(|kind| kinds.contains(kind));
        let kind = untyped.or_else(|| value["type"].as_str()).unwrap_or_default();
        let Some(fields) = fields(kind).filter(|_| kinds.contains(&kind)) else {
            return self.wrong(&format!("unsupported type: {kind}"), &format!("{at}/type"));
        };
        for name in object
            .keys()
            .filter(|name| *name != "type" && fields.iter().all(|field| field.name != *name))
        {
            self.wrong(&format!("invalid additional property: {name}"), at);
        }
        for field in &fields {
            let at = format!("{at}/{}", field.name);
            match object.get(field.name) {
                None if field.required => self.wrong(&format!("missing required field: {}", field.name), &at),
                None => {}
                Some(value) => self.field(value, field.kind, longest, &at),
            }
        }
        if kind == "section" && object.get("text").is_none() && object.get("fields").is_none() {
            self.wrong("text or fields are required", at);
        }
    }

    fn field(&mut self, value: &Value, kind: Kind, longest: usize, at: &str) {
        match kind {
            Kind::Text(limit) => {
                let limit = if longest > 0 && at.ends_with("/text") {
                    longest
                } else {
                    limit
                };
                let length = value.as_str().map(|text| text.encode_utf16().count());
                match length {
                    None => self.wrong("must be a string", at),
                    Some(0) => self.wrong("must be more than 0 characters", at),
                    Some(length) if length > limit => {
                        self.wrong(&format!("must be less than {} characters", limit + 1), at);
                    }
                    Some(_) => {}
                }
            }
            Kind::Flag => {}
            Kind::Object(kinds, longest) => self.object(value, kinds, longest, at),
            Kind::List(kinds, at_most) => self.list(value, kinds, at_most, at),
        }
    }

    /// Ids have to differ: blocks within a message, elements within a block.
    fn unique(&mut self, blocks: &Value, at: &str) {
        let mut seen = HashSet::new();
        for (index, block) in blocks.as_array().into_iter().flatten().enumerate() {
            let mut actions = HashSet::new();
            let elements = block["elements"].as_array().into_iter().flatten();
            if elements
                .filter_map(|element| element["action_id"].as_str())
                .any(|id| !actions.insert(id))
            {
                self.wrong("action_id already exists in the block", &format!("{at}/{index}"));
            }
            if block["block_id"].as_str().is_some_and(|id| !seen.insert(id)) {
                self.wrong("block_id already exists", &format!("{at}/{index}"));
            }
        }
    }
}

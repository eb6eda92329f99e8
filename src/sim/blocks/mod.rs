//! Block Kit as Slack checks it: shapes, required and known fields, lengths; `kinds` has one table a kind of object.
//!
//! <https://docs.slack.dev/reference/block-kit/blocks>

mod kinds;

use std::collections::HashSet;

use serde_json::Value;

use kinds::{BLOCKS, Kind, fields};

/// Longest text of a message.
pub(super) const TEXT: usize = 40_000;
const MESSAGE_BLOCKS: usize = 50;

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
        let named = match value["type"].as_str() {
            // An image in a line of context, or beside a section, has no title.
            Some("image") if kinds.contains(&"image_element") => Some("image_element"),
            named => named,
        };
        let kind = untyped.or(named).unwrap_or_default();
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
        if kind == "rich_text" {
            self.rich(&object["elements"], at);
            return;
        }
        if kind == "section" && object.get("text").is_none() && object.get("fields").is_none() {
            self.wrong("text or fields are required", at);
        }
    }

    /// Rich text: elements of four kinds, and in them leaves that say something.
    fn rich(&mut self, elements: &Value, at: &str) {
        let Some(elements) = elements.as_array().filter(|elements| !elements.is_empty()) else {
            return self.wrong("must be a list with something in it", at);
        };
        for element in elements {
            match element["type"].as_str().unwrap_or_default() {
                "rich_text_section" | "rich_text_list" | "rich_text_preformatted" | "rich_text_quote" => {
                    self.rich(&element["elements"], at);
                }
                "text" | "link" if element["text"].as_str().is_none_or(str::is_empty) => {
                    self.wrong("a leaf of rich text must be more than 0 characters", at);
                }
                "text" | "link" | "user" | "channel" | "usergroup" | "emoji" | "date" | "broadcast" | "color" => {}
                other => self.wrong(&format!("unknown element of rich text: {other}"), at),
            }
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

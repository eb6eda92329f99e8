//! What a person reads: markup with names instead of ids, blocks from the top down, buttons in brackets.

use std::collections::HashMap;

use chrono::DateTime;
use serde_json::Value;

/// Who and what ids stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) users: HashMap<String, String>,
    pub(super) channels: HashMap<String, String>,
    pub(super) groups: HashMap<String, String>,
}

/// Something that can be pressed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Button {
    pub(super) label: String,
    pub(super) block_id: String,
    pub(super) element: Value,
}

/// A message as it is read.
pub(super) fn message(text: &str, blocks: Option<&Value>, names: &Names) -> String {
    match blocks.and_then(Value::as_array).filter(|blocks| !blocks.is_empty()) {
        Some(blocks) => lines(blocks, names),
        None => markup(text, names),
    }
}

/// A form as it is read.
pub(super) fn view(view: &Value, names: &Names) -> String {
    let title = text(&view["title"], names);
    let blocks = view["blocks"]
        .as_array()
        .map(|blocks| lines(blocks, names))
        .unwrap_or_default();
    let submit = view
        .get("submit")
        .map(|submit| format!("\n[{}]", text(submit, names)))
        .unwrap_or_default();
    format!("{title}\n{blocks}{submit}")
}

/// A Home tab as it is read.
pub(super) fn home(view: &Value, names: &Names) -> String {
    let blocks = view["blocks"].as_array();
    blocks.map(|blocks| lines(blocks, names)).unwrap_or_default()
}

/// Every button of a message, in order.
pub(super) fn buttons(blocks: Option<&Value>) -> Vec<Button> {
    let mut found = Vec::new();
    for block in blocks.and_then(Value::as_array).into_iter().flatten() {
        let elements = block["elements"].as_array().into_iter().flatten();
        for element in elements.chain(block.get("accessory")) {
            let pressed = |label: &Value, element: Value| Button {
                label: label["text"].as_str().unwrap_or_default().to_owned(),
                block_id: block["block_id"].as_str().unwrap_or_default().to_owned(),
                element,
            };
            match element["type"].as_str() {
                Some("button") => found.push(pressed(&element["text"], element.clone())),
                // Each option of a menu can be pressed once the menu is open.
                Some("overflow") => {
                    for option in element["options"].as_array().into_iter().flatten() {
                        let mut chosen = element.clone();
                        chosen["selected_option"] = option.clone();
                        found.push(pressed(&option["text"], chosen));
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// A button, menu or picker by its ids, with nothing chosen.
pub(super) fn element(blocks: Option<&Value>, block_id: &str, action_id: &str) -> Option<Button> {
    let blocks = blocks.and_then(Value::as_array)?;
    let block = blocks.iter().find(|block| block["block_id"] == block_id)?;
    let inside = block["elements"].as_array().into_iter().flatten();
    let mut all = inside.chain(block.get("accessory")).chain(block.get("element"));
    let element = all.find(|element| element["action_id"] == action_id)?;
    Some(Button {
        label: element["text"]["text"].as_str().unwrap_or(action_id).to_owned(),
        block_id: block_id.to_owned(),
        element: element.clone(),
    })
}

/// The ids that a message really notifies: only live markup does, plain text never.
pub(super) fn mentions(text: &str, blocks: Option<&Value>) -> Vec<String> {
    let mut found = Vec::new();
    match blocks {
        Some(blocks) => walk(blocks, &mut |value| {
            if value["type"] == "mrkdwn" {
                collect(value["text"].as_str().unwrap_or_default(), &mut found);
            }
        }),
        None => collect(text, &mut found),
    }
    found.sort();
    found.dedup();
    found
}

fn walk(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(fields) => fields.values().for_each(|field| walk(field, see)),
        _ => {}
    }
}

fn collect(text: &str, found: &mut Vec<String>) {
    for tag in tags(text) {
        let (id, _) = tag.split_once('|').unwrap_or((tag, ""));
        if let Some(user) = id.strip_prefix('@') {
            found.push(user.to_owned());
        } else if let Some(special) = id.strip_prefix('!').filter(|special| !special.starts_with("date")) {
            found.push(special.trim_start_matches("subteam^").to_owned());
        }
    }
}

/// What stands between `<` and `>`.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

fn lines(blocks: &[Value], names: &Names) -> String {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        match block["type"].as_str().unwrap_or_default() {
            "divider" => lines.push("———".to_owned()),
            "context" | "actions" => {
                let elements = block["elements"].as_array().into_iter().flatten();
                lines.push(
                    elements
                        .map(|element| shown(element, names))
                        .collect::<Vec<_>>()
                        .join(" "),
                );
            }
            "rich_text" => {
                let elements = block["elements"].as_array().into_iter().flatten();
                lines.extend(elements.map(rich));
            }
            "input" => {
                let label = text(&block["label"], names);
                lines.push(format!("{label}: {}", shown(&block["element"], names)));
            }
            _ => {
                let mut parts: Vec<String> = block.get("text").map(|it| text(it, names)).into_iter().collect();
                parts.extend(
                    block["fields"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|field| text(field, names)),
                );
                parts.extend(block.get("accessory").map(|accessory| shown(accessory, names)));
                lines.push(parts.join(" "));
            }
        }
    }
    lines.join("\n")
}

/// One element of rich text, as far as a line of text can show it.
fn rich(element: &Value) -> String {
    let inside: Vec<&Value> = element["elements"].as_array().into_iter().flatten().collect();
    let words = || -> String {
        let leaves = inside.iter().map(|leaf| leaf["text"].as_str().or(leaf["url"].as_str()));
        leaves.map(Option::unwrap_or_default).collect()
    };
    match element["type"].as_str().unwrap_or_default() {
        "rich_text_list" => {
            let items: Vec<String> = inside.iter().map(|item| format!("• {}", rich(item))).collect();
            items.join("\n")
        }
        "rich_text_preformatted" => format!("```{}```", words()),
        "rich_text_quote" => format!("> {}", words()),
        _ => words().trim_end().to_owned(),
    }
}

fn shown(element: &Value, names: &Names) -> String {
    match element["type"].as_str().unwrap_or_default() {
        "button" => format!("[{}]", text(&element["text"], names)),
        "overflow" => {
            let options = element["options"].as_array().into_iter().flatten();
            let options: Vec<String> = options.map(|option| text(&option["text"], names)).collect();
            format!("[⋮ {}]", options.join(" | "))
        }
        "mrkdwn" | "plain_text" => text(element, names),
        _ => {
            let chosen = element
                .pointer("/initial_option/text")
                .map(|option| text(option, names));
            let typed = element["initial_value"].as_str().map(str::to_owned);
            let placeholder = element.get("placeholder").map(|placeholder| text(placeholder, names));
            format!("[{}]", chosen.or(typed).or(placeholder).unwrap_or_default())
        }
    }
}

fn text(object: &Value, names: &Names) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    if object["type"] == "plain_text" {
        text.to_owned()
    } else {
        markup(text, names)
    }
}

/// Markup as it is read.
pub(super) fn markup(text: &str, names: &Names) -> String {
    let mut read = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        read.push_str(&plain(before));
        if let Some((tag, behind)) = after.split_once('>') {
            read.push_str(&reference(tag, names));
            rest = behind;
        } else {
            read.push('<');
            rest = after;
        }
    }
    read.push_str(&plain(rest));
    read
}

/// Text without references: no asterisks around bold words, no entities.
fn plain(text: &str) -> String {
    let mut read = String::new();
    for (at, character) in text.char_indices() {
        let before = text[..at].chars().next_back();
        let after = text[at + character.len_utf8()..].chars().next();
        let edge = |neighbour: Option<char>| neighbour.is_none_or(|it| !it.is_alphanumeric());
        if character == '*' && (edge(before) || edge(after)) {
            continue;
        }
        read.push(character);
    }
    read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn reference(tag: &str, names: &Names) -> String {
    let (id, label) = tag.split_once('|').map_or((tag, None), |(id, label)| (id, Some(label)));
    let called = |sign: &str, known: &HashMap<String, String>, id: &str| {
        let name = known.get(id).map(String::as_str).or(label).unwrap_or(id);
        format!("{sign}{}", name.trim_start_matches(sign))
    };
    if let Some(user) = id.strip_prefix('@') {
        called("@", &names.users, user)
    } else if let Some(channel) = id.strip_prefix('#') {
        called("#", &names.channels, channel)
    } else if let Some(group) = id.strip_prefix("!subteam^") {
        called("@", &names.groups, group)
    } else if let Some(date) = id.strip_prefix("!date^") {
        moment(date, label.unwrap_or_default())
    } else if let Some(special) = id.strip_prefix('!') {
        format!("@{special}")
    } else {
        label.unwrap_or(id).to_owned()
    }
}

/// A time as a reader in UTC sees it.
fn moment(date: &str, fallback: &str) -> String {
    let read = || {
        let (seconds, format) = date.split_once('^')?;
        let at = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
        let format = format
            .replace("{time}", "%H:%M")
            .replace("{date_short_pretty}", "%b %-d")
            .replace("{date_short}", "%b %-d, %Y")
            .replace("{date}", "%B %-d, %Y");
        Some(at.format(&format).to_string())
    };
    read().unwrap_or_else(|| fallback.to_owned())
}

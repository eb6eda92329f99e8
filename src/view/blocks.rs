//! The Block Kit shapes we use, with Slack's limits built in: what is too long is cut here, before Slack refuses it.
//!
//! slack-morphism's types give the shapes and their names; its builders check no lengths.
//! <https://docs.slack.dev/reference/block-kit/blocks>

use serde_json::Value;
use slack_morphism::prelude::*;

use super::text::{escape, shorten};
use crate::command::button::{Button, MENU};

/// Longest text of a header block, in characters.
pub const HEADER: usize = 150;
/// Longest text of a section, in characters.
pub const SECTION: usize = 3000;
/// Longest text of a field of a section, in characters.
const FACT: usize = 2000;
/// Longest label of a button, in characters.
const LABEL: usize = 75;
/// Longest text of a confirmation, in characters.
const CONFIRM: usize = 300;

/// Literal text.
fn plain(text: &str, limit: usize) -> SlackBlockPlainTextOnly {
    SlackBlockPlainText::new(shorten(text, limit)).with_emoji(false).into()
}

/// Our own text, already escaped where it is foreign.
fn marked(text: &str) -> SlackBlockMarkDownText {
    SlackBlockMarkDownText::new(shorten(text, SECTION)).with_verbatim(true)
}

/// A heading of foreign or own text, shown literally.
pub fn header(text: &str) -> SlackBlock {
    SlackHeaderBlock::new(plain(text, HEADER)).into()
}

/// Our own words.
pub fn section(text: &str) -> SlackBlock {
    SlackSectionBlock::new()
        .with_text(SlackBlockText::MarkDown(marked(text)))
        .into()
}

/// Our own words, with a button beside them.
pub fn section_with(text: &str, label: &str, button: &Button) -> SlackBlock {
    SlackSectionBlock::new()
        .with_text(SlackBlockText::MarkDown(marked(text)))
        .with_accessory(press(label, button).into())
        .into()
}

/// Foreign text, shown exactly as it was typed. Empty text has no section.
pub fn literal(text: &str) -> Option<SlackBlock> {
    let text = SlackBlockPlainText::new(shorten(text, SECTION)).with_emoji(false);
    (!text.text.trim().is_empty()).then(|| SlackSectionBlock::new().with_text(SlackBlockText::Plain(text)).into())
}

/// Small print.
pub fn context(text: &str) -> SlackBlock {
    SlackContextBlock::new(vec![SlackContextBlockElement::MarkDown(marked(text))]).into()
}

/// A row of buttons; at most 25 of them. No buttons, no row.
pub fn actions(buttons: Vec<SlackBlockButtonElement>) -> Option<SlackBlock> {
    let elements: Vec<_> = buttons
        .into_iter()
        .take(25)
        .map(SlackActionBlockElement::Button)
        .collect();
    (!elements.is_empty()).then(|| SlackActionsBlock::new(elements).into())
}

/// Buttons, and a menu at their end for what is needed less often. Options that do not fit are left out.
pub fn actions_and_menu(
    buttons: Vec<SlackBlockButtonElement>,
    name: &str,
    menu: &[(&str, Button)],
) -> Option<SlackBlock> {
    let options: Vec<_> = menu
        .iter()
        .filter_map(|(label, button)| Some(SlackBlockChoiceItem::new(plain(label, LABEL), button.in_menu()?)))
        .take(5)
        .collect();
    let mut elements: Vec<_> = buttons
        .into_iter()
        .take(24)
        .map(SlackActionBlockElement::Button)
        .collect();
    if !options.is_empty() {
        let menu = SlackBlockOverflowElement::new(options).with_action_id(format!("{MENU}.{name}").into());
        elements.push(SlackActionBlockElement::Overflow(menu));
    }
    (!elements.is_empty()).then(|| SlackActionsBlock::new(elements).into())
}

/// A line across.
pub fn divider() -> SlackBlock {
    SlackDividerBlock::new().into()
}

/// Facts, each under its name; at most ten.
pub fn facts<'f>(facts: impl Iterator<Item = (&'f str, &'f str)>) -> Option<SlackBlock> {
    let fields: Vec<SlackBlockText> = facts
        .take(10)
        .map(|(name, value)| {
            let text = format!("*{}*\n{}", escape(name), escape(value));
            SlackBlockText::MarkDown(SlackBlockMarkDownText::new(shorten(&text, FACT)).with_verbatim(true))
        })
        .collect();
    (!fields.is_empty()).then(|| SlackSectionBlock::new().with_fields(fields).into())
}

/// A button.
pub fn press(label: &str, button: &Button) -> SlackBlockButtonElement {
    let encoded = button.encode();
    SlackBlockButtonElement::new(plain(label, LABEL))
        .with_action_id(encoded.action.into())
        .with_value(encoded.value)
}

/// Asks before a button does what it says. `what` is our own plain text.
pub fn confirmed(button: SlackBlockButtonElement, what: &str, label: &str) -> SlackBlockButtonElement {
    let confirm = SlackBlockConfirmItem::new(
        plain(label, 100),
        SlackBlockText::Plain(SlackBlockPlainText::new(shorten(what, CONFIRM))),
        plain(label, 30),
        plain("Cancel", 30),
    );
    button.with_confirm(confirm)
}

/// Finished JSON, as it is stored and sent.
///
/// # Panics
/// Never: blocks are plain data that serializes.
pub fn finish(blocks: Vec<SlackBlock>) -> Vec<Value> {
    blocks
        .into_iter()
        .map(|block| serde_json::to_value(block).expect("blocks are plain data"))
        .collect()
}

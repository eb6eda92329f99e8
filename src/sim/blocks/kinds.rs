//! The kinds of objects of Block Kit, and what each may hold.

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A string of so many characters at most.
    Text(usize),
    /// A truth, a number, or something that is not looked into.
    Flag,
    /// An object of one of these types, whose own text has so many characters at most.
    Object(&'static [&'static str], usize),
    /// So many objects at most.
    List(&'static [&'static str], usize),
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) kind: Kind,
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
const CONFIRM: &[&str] = &["confirm"];
/// What a context shows.
const SHOWN: &[&str] = &["plain_text", "mrkdwn", "image_element"];
/// What acts by itself in a row of actions.
const PRESSED: &[&str] = &[
    "button",
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
];
/// What stands beside a section.
const ACCESSORY: &[&str] = &[
    "button",
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "image_element",
];
const INPUTS: &[&str] = &[
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
];
/// What stands one below the other.
pub(super) const BLOCKS: &[&str] = &[
    "header",
    "section",
    "context",
    "actions",
    "divider",
    "input",
    "image",
    "rich_text",
];
/// How many blocks a view holds.
const VIEW_BLOCKS: usize = 100;

/// The fields of a kind of object; none when there is no such kind here.
pub(super) fn fields(kind: &str) -> Option<Vec<Field>> {
    use Kind::{Flag, List, Object, Text};
    let block_id = || may("block_id", Text(255));
    let view = || {
        [
            must("blocks", List(BLOCKS, VIEW_BLOCKS)),
            may("callback_id", Text(255)),
            may("private_metadata", Text(3000)),
            may("external_id", Text(255)),
        ]
    };
    Some(match kind {
        "header" => vec![must("text", Object(PLAIN, 150)), block_id()],
        "section" => vec![
            may("text", Object(TEXTS, 3000)),
            may("fields", List(TEXTS, 10)),
            may("accessory", Object(ACCESSORY, 0)),
            may("expand", Flag),
            block_id(),
        ],
        "context" => vec![must("elements", List(SHOWN, 10)), block_id()],
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
        "image" => vec![
            must("image_url", Text(3000)),
            must("alt_text", Text(2000)),
            may("title", Object(PLAIN, 2000)),
            block_id(),
        ],
        "image_element" => vec![must("image_url", Text(3000)), must("alt_text", Text(2000))],
        "rich_text" => vec![must("elements", Flag), block_id()],
        "plain_text" => vec![must("text", Text(3000)), may("emoji", Flag)],
        "mrkdwn" => vec![must("text", Text(3000)), may("verbatim", Flag)],
        "confirm" => vec![
            must("title", Object(PLAIN, 100)),
            must("text", Object(TEXTS, 300)),
            must("confirm", Object(PLAIN, 30)),
            must("deny", Object(PLAIN, 30)),
            may("style", Text(20)),
        ],
        "option" => vec![
            must("text", Object(TEXTS, 75)),
            must("value", Text(150)),
            may("description", Object(TEXTS, 75)),
            may("url", Text(3000)),
        ],
        "option_group" => vec![must("label", Object(PLAIN, 75)), must("options", List(OPTION, 100))],
        "home" => view().into(),
        "modal" => {
            let mut fields = Vec::from(view());
            fields.extend([
                must("title", Object(PLAIN, 24)),
                may("submit", Object(PLAIN, 24)),
                may("close", Object(PLAIN, 24)),
                may("clear_on_close", Flag),
                may("notify_on_close", Flag),
                may("submit_disabled", Flag),
            ]);
            fields
        }
        _ => return element(kind),
    })
}

/// The fields of what can be pressed, chosen or filled in.
fn element(kind: &str) -> Option<Vec<Field>> {
    use Kind::{Flag, List, Object, Text};
    let mut fields = vec![may("action_id", Text(255))];
    let confirm = || may("confirm", Object(CONFIRM, 0));
    let placeholder = || may("placeholder", Object(PLAIN, 150));
    let focus = || may("focus_on_load", Flag);
    let choices = || {
        [
            may("options", List(OPTION, 100)),
            may("option_groups", List(&["option_group"], 100)),
        ]
    };
    match kind {
        "button" => fields.extend([
            must("text", Object(PLAIN, 75)),
            may("value", Text(2000)),
            may("style", Text(20)),
            may("url", Text(3000)),
            may("accessibility_label", Text(75)),
            confirm(),
        ]),
        "overflow" => fields.extend([must("options", List(OPTION, 5)), confirm()]),
        "static_select" => {
            fields.extend(choices());
            fields.extend([
                may("initial_option", Object(OPTION, 0)),
                placeholder(),
                confirm(),
                focus(),
            ]);
        }
        "multi_static_select" => {
            fields.extend(choices());
            fields.extend([
                may("initial_options", List(OPTION, 100)),
                may("max_selected_items", Flag),
                placeholder(),
                confirm(),
                focus(),
            ]);
        }
        "users_select" => fields.extend([may("initial_user", Text(255)), placeholder(), confirm(), focus()]),
        "multi_users_select" => fields.extend([
            may("initial_users", Flag),
            may("max_selected_items", Flag),
            placeholder(),
            confirm(),
            focus(),
        ]),
        "conversations_select" => fields.extend([
            may("initial_conversation", Text(255)),
            may("default_to_current_conversation", Flag),
            may("response_url_enabled", Flag),
            may("filter", Flag),
            placeholder(),
            confirm(),
            focus(),
        ]),
        "channels_select" => fields.extend([
            may("initial_channel", Text(255)),
            may("response_url_enabled", Flag),
            placeholder(),
            confirm(),
            focus(),
        ]),
        "checkboxes" => fields.extend([
            must("options", List(OPTION, 10)),
            may("initial_options", List(OPTION, 10)),
            confirm(),
            focus(),
        ]),
        "radio_buttons" => fields.extend([
            must("options", List(OPTION, 10)),
            may("initial_option", Object(OPTION, 0)),
            confirm(),
            focus(),
        ]),
        "datepicker" => fields.extend([may("initial_date", Text(10)), placeholder(), confirm(), focus()]),
        "timepicker" => fields.extend([
            may("initial_time", Text(5)),
            may("timezone", Text(255)),
            placeholder(),
            confirm(),
            focus(),
        ]),
        "datetimepicker" => fields.extend([may("initial_date_time", Flag), confirm(), focus()]),
        "plain_text_input" => fields.extend([
            may("initial_value", Text(3000)),
            may("multiline", Flag),
            may("min_length", Flag),
            may("max_length", Flag),
            may("dispatch_action_config", Flag),
            placeholder(),
            focus(),
        ]),
        "number_input" => fields.extend([
            must("is_decimal_allowed", Flag),
            may("initial_value", Text(3000)),
            may("min_value", Text(40)),
            may("max_value", Text(40)),
            placeholder(),
            focus(),
        ]),
        "email_text_input" | "url_text_input" => {
            fields.extend([may("initial_value", Text(3000)), placeholder(), focus()]);
        }
        _ => return None,
    }
    Some(fields)
}

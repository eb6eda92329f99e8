//! The front matter: what a page says about itself, between two lines of `---`.

use std::ops::Range;

use chrono::NaiveDate;

use super::Findings;
use super::yaml::{self, Node, What};
use crate::config::did_you_mean;
use crate::domain::duration;
use crate::domain::runbook::{Asked, Parameter, Unfit, is_name, whole};

/// What the front matter can say.
const KEYS: [&str; 7] = [
    "title",
    "owner",
    "services",
    "alerts",
    "parameters",
    "expected",
    "review",
];
/// What it can say of a parameter.
const PARAMETER: [&str; 5] = ["prompt", "required", "default", "choices", "pattern"];
/// How many parameters fit into a form.
const MOST_PARAMETERS: usize = 40;
/// How many choices fit into a menu.
const MOST_CHOICES: usize = 100;
/// How many characters fit into a form's field.
const LONGEST_VALUE: usize = 3000;
/// How many characters fit into a menu.
const LONGEST_CHOICE: usize = 75;

/// What a page says about itself.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) title: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) services: Vec<String>,
    pub(super) alerts: Vec<String>,
    pub(super) parameters: Vec<(Parameter, Range<usize>)>,
    pub(super) expected_seconds: Option<u32>,
    pub(super) review: Option<NaiveDate>,
}

/// Reads it; also says where the page itself begins.
pub(super) fn read(text: &str, out: &mut Findings) -> (Header, usize) {
    let lead = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let Some(inside) = after_fence(&text[lead..]).map(|length| lead + length) else {
        return (Header::default(), lead);
    };
    let mut at = inside;
    for line in text[inside..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let header = yaml::read(&text[inside..at], inside, out).map(|node| header(node, out));
            return (header.unwrap_or_default(), at + line.len());
        }
        at += line.len();
    }
    // A line across at the top of a page is not the beginning of anything, unless a name follows it.
    let first = text[inside..].lines().next().unwrap_or_default();
    if first.split_once(':').is_some_and(|(word, _)| is_name(word.trim())) {
        let problem = out.at(&(lead..lead + 3), "the front matter begins here and never ends");
        out.error(problem.help("put a line `---` after it"));
    }
    (Header::default(), lead)
}

/// The length of a first line that is a fence.
fn after_fence(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next()?;
    (line.trim_end() == "---" && line.ends_with('\n')).then_some(line.len())
}

fn header(node: Node, out: &mut Findings) -> Header {
    let mut header = Header::default();
    let What::Map(entries) = node.what else {
        let problem = out.at(&node.span, "the front matter is a list of names and values");
        out.error(problem.help("write it as `title: Restart the frontend`, one a line"));
        return header;
    };
    let mut seen: Vec<String> = Vec::new();
    for (key, value) in entries {
        if seen.contains(&key.word) {
            out.error(out.at(&key.span, format!("`{}` is said twice", key.word)));
            continue;
        }
        match key.word.as_str() {
            "title" => header.title = text(&value, "title", out).filter(|title| !title.trim().is_empty()),
            "owner" => header.owner = text(&value, "owner", out).filter(|owner| !owner.trim().is_empty()),
            "services" => header.services = texts(value, "services", out),
            "alerts" => header.alerts = texts(value, "alerts", out),
            "parameters" => header.parameters = parameters(value, out),
            "expected" => header.expected_seconds = length(&value, out),
            "review" => header.review = day(&value, out),
            // Pages of other tools have keys of theirs.
            _ => {
                let problem = out.at(
                    &key.span,
                    format!("`{}` means nothing here, and is left alone", key.word),
                );
                let hint = did_you_mean(&key.word, "", KEYS).unwrap_or_else(|| known(&KEYS));
                out.warn(problem.help(hint));
            }
        }
        seen.push(key.word);
    }
    header
}

fn known(keys: &[&str]) -> String {
    let known: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("these mean something: {}", known.join(", "))
}

fn text(node: &Node, key: &str, out: &mut Findings) -> Option<String> {
    match &node.what {
        What::Text(text) => Some(text.trim().to_owned()),
        What::Nothing => None,
        What::List(_) | What::Map(_) => {
            out.error(out.at(&node.span, format!("`{key}` is a line of text")));
            None
        }
    }
}

fn texts(node: Node, key: &str, out: &mut Findings) -> Vec<String> {
    let texts: Vec<String> = match node.what {
        What::List(nodes) => nodes.iter().filter_map(|node| text(node, key, out)).collect(),
        What::Nothing => Vec::new(),
        What::Text(_) | What::Map(_) => text(&node, key, out).into_iter().collect(),
    };
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

fn length(node: &Node, out: &mut Findings) -> Option<u32> {
    let text = text(node, "expected", out)?;
    let length = duration::parse(&text)
        .ok()
        .and_then(|length| u32::try_from(length.num_seconds()).ok());
    if length.is_none() {
        let problem = out.at(&node.span, format!("`{text}` is no length of time"));
        out.error(problem.help("write it as `expected: 20m`"));
    }
    length
}

fn day(node: &Node, out: &mut Findings) -> Option<NaiveDate> {
    let text = text(node, "review", out)?;
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    if day.is_none() {
        let problem = out.at(&node.span, format!("`{text}` is no day of the calendar"));
        out.error(problem.help("write it as `review: 2027-03-31`"));
    }
    day
}

fn parameters(node: Node, out: &mut Findings) -> Vec<(Parameter, Range<usize>)> {
    let entries =
        match node.what {
            What::Map(entries) => entries,
            What::Nothing => return Vec::new(),
            What::Text(_) | What::List(_) => {
                let problem = out.at(&node.span, "`parameters` has a name and a colon for each parameter");
                out.error(problem.help(
                    "write `parameters:` and below it, indented, `server:` and below that `prompt: Which server`",
                ));
                return Vec::new();
            }
        };
    let mut known: Vec<(Parameter, Range<usize>)> = Vec::new();
    for (key, value) in entries {
        if !is_name(&key.word) {
            let problem = out.at(&key.span, format!("`{}` cannot stand between braces", key.word));
            out.error(problem.help("a parameter's name has letters, digits, `_` and `-`, and begins with a letter"));
        } else if known.iter().any(|(other, _)| other.name == key.word) {
            out.error(out.at(&key.span, format!("the parameter `{}` is declared twice", key.word)));
        } else if known.len() == MOST_PARAMETERS {
            let says = format!("there are more than {MOST_PARAMETERS} parameters, and no form has room for them");
            out.error(out.at(&key.span, says));
            break;
        } else {
            known.push((parameter(key.word, value, out), key.span));
        }
    }
    known
}

fn parameter(name: String, node: Node, out: &mut Findings) -> Parameter {
    let mut parameter = Parameter {
        name,
        ..Parameter::default()
    };
    let entries = match node.what {
        What::Nothing => return parameter,
        What::Text(prompt) => {
            parameter.prompt = Some(prompt);
            return parameter;
        }
        What::List(_) => {
            out.error(out.at(
                &node.span,
                "a parameter has names and values, such as `prompt: Which server`",
            ));
            return parameter;
        }
        What::Map(entries) => entries,
    };
    let mut default = None;
    for (key, value) in entries {
        match key.word.as_str() {
            "prompt" => parameter.prompt = text(&value, "prompt", out),
            "required" => {
                if truth(&value, out) {
                    parameter.asked = Asked::AtTheStart;
                }
            }
            "default" => {
                let span = value.span.clone();
                default = Some((texts(value, "default", out).join(", "), span)).filter(|(text, _)| !text.is_empty());
            }
            "choices" => parameter.choices = choices(value, out),
            "pattern" => parameter.pattern = pattern(&value, out),
            _ => {
                let problem = out.at(&key.span, format!("`{}` says nothing about a parameter", key.word));
                let hint = did_you_mean(&key.word, "", PARAMETER).unwrap_or_else(|| self::known(&PARAMETER));
                out.warn(problem.help(hint));
            }
        }
    }
    if let Some((text, span)) = default {
        let why = match parameter.accepts(&text) {
            Err(Unfit::NoChoice) => Some("is none of the choices"),
            Err(Unfit::NoMatch) => Some("does not fit the pattern"),
            Ok(()) if text.chars().count() > LONGEST_VALUE => Some("is longer than a form's field"),
            Ok(()) => None,
        };
        if let Some(why) = why {
            out.error(out.at(&span, format!("the default of `{}` {why}", parameter.name)));
        }
        parameter.default = Some(text);
    }
    parameter
}

fn truth(node: &Node, out: &mut Findings) -> bool {
    let text = text(node, "required", out).unwrap_or_default().to_lowercase();
    match text.as_str() {
        "true" | "yes" => true,
        "false" | "no" => false,
        _ => {
            out.error(out.at(&node.span, "write `required: true` or `required: false`"));
            false
        }
    }
}

fn choices(node: Node, out: &mut Findings) -> Vec<String> {
    let span = node.span.clone();
    let choices = texts(node, "choices", out);
    if choices.len() > MOST_CHOICES {
        out.error(out.at(
            &span,
            format!("there are more than {MOST_CHOICES} choices, and no menu has room for them"),
        ));
    }
    if let Some(long) = choices.iter().find(|choice| choice.chars().count() > LONGEST_CHOICE) {
        out.error(out.at(
            &span,
            format!("the choice `{long}` has more than {LONGEST_CHOICE} letters"),
        ));
    }
    choices
}

fn pattern(node: &Node, out: &mut Findings) -> Option<String> {
    let text = text(node, "pattern", out)?;
    if whole(&text).is_none() {
        let problem = out.at(&node.span, format!("`{text}` is no regular expression"));
        out.error(problem.help("a pattern fits the whole value, such as `[a-z0-9-]+`"));
        return None;
    }
    Some(text)
}

//! How a runbook is read, in lines for a terminal.

use std::fmt::Write as _;

use crate::domain::duration;
use crate::domain::runbook::{Asked, Block, HttpRequest, Parameter, Piece, Runbook, Step, Weight, plain};

/// Says what a runbook's steps are, what each wants, and where one can go from it.
pub fn print(book: &Runbook) -> String {
    let mut out = format!("{} ({}, version {})\n", book.title, book.id, book.version);
    // Writing into a String cannot fail.
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {name}: {value}");
        }
    };
    fact("owner", book.owner.clone().unwrap_or_default());
    fact("services", book.services.join(", "));
    fact("alerts", book.alerts.join(", "));
    fact("expected", book.expected_seconds.map(shown).unwrap_or_default());
    fact("review", book.review.map(|day| day.to_string()).unwrap_or_default());
    for parameter in &book.parameters {
        fact(&format!("parameter {}", parameter.name), about(parameter));
    }
    for line in lines(book, &book.introduction) {
        let _ = writeln!(out, "  {line}");
    }
    for (at, step) in book.steps.iter().enumerate() {
        let _ = writeln!(out, "\n{}. {}{}", at + 1, step.title, options(book, step));
        for line in lines(book, &step.body) {
            let _ = writeln!(out, "   {line}");
        }
    }
    out
}

fn shown(seconds: u32) -> String {
    duration::show(chrono::TimeDelta::seconds(seconds.into())).to_string()
}

fn about(parameter: &Parameter) -> String {
    let mut about = vec![parameter.question().to_owned()];
    match parameter.asked {
        Asked::AtTheStart => about.push("asked at the start".to_owned()),
        Asked::WhenNeeded => about.push("asked when it is needed".to_owned()),
    }
    if let Some(default) = &parameter.default {
        about.push(format!("else {default}"));
    }
    if !parameter.choices.is_empty() {
        about.push(format!("one of {}", parameter.choices.join(" | ")));
    }
    if let Some(pattern) = &parameter.pattern {
        about.push(format!("looks like {pattern}"));
    }
    about.join("; ")
}

fn options(book: &Runbook, step: &Step) -> String {
    let mut options = Vec::new();
    if let Some(seconds) = step.expect_seconds {
        options.push(format!("within {}", shown(seconds)));
    }
    if let Some(name) = &step.repeat {
        options.push(format!("once for each of {{{{{name}}}}}"));
    }
    if step.secret {
        options.push("nothing of it is written down".to_owned());
    }
    if let Some(undo) = step.undo.and_then(|undo| book.steps.get(undo)) {
        options.push(format!("taken back by “{}”", undo.title));
    }
    if options.is_empty() {
        String::new()
    } else {
        format!("  [{}]", options.join("; "))
    }
}

fn lines(book: &Runbook, blocks: &[Block]) -> Vec<String> {
    blocks.iter().flat_map(|block| block_lines(book, block)).collect()
}

fn block_lines(book: &Runbook, block: &Block) -> Vec<String> {
    let one = |lead: &str, text: &[Piece]| vec![format!("{lead}{}", plain(text).replace('\n', " "))];
    let code = |lead: &str, text: &str| text.lines().map(|line| format!("{lead}{line}")).collect();
    match block {
        Block::Paragraph { text } => one("", text),
        Block::Item { depth, number, text } => {
            let sign = number.map_or_else(|| "-".to_owned(), |number| format!("{number}."));
            one(&format!("{}{sign} ", "  ".repeat(usize::from(*depth).min(6))), text)
        }
        Block::Quote { text } => one("> ", text),
        Block::Box { text } => one("box: ", text),
        Block::Gate { weight, text } => {
            let weight = match weight {
                Weight::Important => "important",
                Weight::Warning => "warning",
                Weight::Caution => "caution",
            };
            let says: Vec<String> = text.iter().map(|prose| plain(prose)).collect();
            vec![format!("gate ({weight}): {}", says.join(" ").replace('\n', " "))]
        }
        Block::Code { language, text } if language == "table" => code("| ", text),
        Block::Code { text, .. } => code("$ ", text),
        Block::Decision { ways } => ways
            .iter()
            .map(|way| {
                let to = book.steps.get(way.to).map_or("", |step| step.title.as_str());
                format!("decision: {} → {}. {to}", way.words, way.to + 1)
            })
            .collect(),
        Block::Http { request } => sent(request),
        Block::Page {
            message,
            team,
            priority,
        } => {
            let priority = priority.map(|priority| format!(" ({priority})")).unwrap_or_default();
            vec![format!("page {team}{priority}: {message}")]
        }
    }
}

fn sent(request: &HttpRequest) -> Vec<String> {
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| format!("      {name}: {value}"));
    let first = format!("send: {} {}", request.method, request.url);
    let body = request.body.lines().map(|line| format!("      {line}"));
    std::iter::once(first).chain(headers).chain(body).collect()
}

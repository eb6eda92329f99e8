//! What has a meaning beyond its words: code that can be run or sent, and what a comment says about its step.

use std::ops::Range;

use super::Findings;
use super::inline::Options;
use crate::config::did_you_mean;
use crate::domain::duration;
use crate::domain::runbook::{Block, HttpRequest};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// Headers that follow from what is sent.
const OURS: [&str; 4] = ["Content-Length", "Transfer-Encoding", "Connection", "Expect"];
/// The longest body of a request, in characters: whoever confirms it has to read it.
const LONGEST_BODY: usize = 8000;
const OPTIONS: [&str; 4] = ["expect", "repeat", "secret", "undo"];

/// What a comment says about its step.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) expect_seconds: Option<u32>,
    pub(super) repeat: Option<(String, Range<usize>)>,
    pub(super) secret: bool,
    pub(super) undo: Option<(String, Range<usize>)>,
}

/// A block of code. None when there is nothing in it.
pub(super) fn code(language: &str, text: &str, span: &Range<usize>, out: &mut Findings) -> Option<Block> {
    let text = text.trim_end().trim_start_matches('\n');
    if text.trim().is_empty() {
        return None;
    }
    let as_it_is = || Block::Code {
        language: language.to_owned(),
        text: text.to_owned(),
    };
    Some(match language.to_lowercase().as_str() {
        // What a server says is shown, not sent.
        "http" if !text.starts_with("HTTP/") => {
            request(text, span, out).map_or_else(as_it_is, |request| Block::Http { request })
        }
        "alert" => page(text, span, out).unwrap_or_else(as_it_is),
        _ => as_it_is(),
    })
}

fn request(text: &str, span: &Range<usize>, out: &mut Findings) -> Option<HttpRequest> {
    let mut lines = text.lines().peekable();
    let mut first = lines.next().unwrap_or_default().split_whitespace();
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let mut target = target.to_owned();
    // A long query goes on in the next lines.
    while let Some(more) = lines.next_if(|line| line.trim_start().starts_with(['?', '&'])) {
        target.push_str(more.trim());
    }
    let mut wrong = |what: String, help: &str| {
        let problem = out.at(&fence(span), what);
        out.error(problem.help(help));
    };
    if !METHODS.contains(&method.to_uppercase().as_str()) {
        wrong(
            format!("`{method}` is no method of HTTP"),
            "an `http` block begins with a line such as `POST https://ci.example.com/job/restart/build`",
        );
        return None;
    }
    let mut headers = Vec::new();
    for line in lines.by_ref().take_while(|line| !line.trim().is_empty()) {
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| !name.trim().is_empty()) else {
            wrong(
                format!("`{}` is no header", line.trim()),
                "a header is `Name: value`; an empty line stands before the body",
            );
            return None;
        };
        let (name, value) = (name.trim(), value.trim());
        if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
            wrong(
                format!("`{name}` cannot be the name of a header"),
                "such a name has letters, digits and `-`, as `Content-Type` does",
            );
            return None;
        }
        if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
            wrong(
                format!("the header `{name}` follows from what is sent"),
                "leave it out; it is set by itself",
            );
            return None;
        }
        headers.push((name.to_owned(), value.to_owned()));
    }
    let body = lines.collect::<Vec<_>>().join("\n");
    if body.chars().count() > LONGEST_BODY {
        wrong(
            format!("the body is longer than {LONGEST_BODY} characters, and whoever confirms it has to read it"),
            "let the step run something that has the rest",
        );
        return None;
    }
    // As pages about HTTP write it: the host stands in its header.
    let host = headers.iter().position(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = host.map(|at| headers.remove(at).1);
    let url = match host {
        Some(host) if target.starts_with('/') => format!("https://{host}{target}"),
        _ => target,
    };
    if url.starts_with('/') {
        let problem = out.at(
            &fence(span),
            format!("`{url}` does not say which host it is for, so it is shown and not sent"),
        );
        out.warn(problem.help("write the address out, beginning with `https://`, or add a header `Host`"));
        return None;
    }
    if let Err((what, help)) = address(&url) {
        wrong(what, help);
        return None;
    }
    Some(HttpRequest {
        method: method.to_uppercase(),
        url,
        headers,
        body,
    })
}

/// Whether something is an address that could be allowed: the host must be known before anything is filled in.
fn address(url: &str) -> Result<(), (String, &'static str)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Err((
            format!("`{url}` is no address"),
            "the address is written out in the first line, beginning with `https://`",
        ));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains("{{") {
        return Err((
            format!("the host `{host}` is to be filled in, and it must be known where a runbook may send something"),
            "write the host out; its path, its query, headers and body can have blanks",
        ));
    }
    if host.contains('@') {
        return Err((
            "a user or password stands in the address, where everybody reads it".to_owned(),
            "write it as `Authorization: Basic {{env.JENKINS_USER}}:{{env.JENKINS_TOKEN}}`",
        ));
    }
    let blank = url.replace("{{", "_").replace("}}", "_");
    match url::Url::parse(&blank) {
        Ok(parsed) if parsed.has_host() => Ok(()),
        _ => Err((
            format!("`{url}` is no address"),
            "the address is written out in the first line, beginning with `https://`",
        )),
    }
}

fn page(text: &str, span: &Range<usize>, out: &mut Findings) -> Option<Block> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let split = line.rsplit_once(" for ");
    let Some((message, team)) = split.filter(|(message, team)| !message.is_empty() && !team.is_empty()) else {
        let problem = out.at(&fence(span), "this alert does not say for which team it is");
        out.error(problem.help("write it as `SymXchange fails for {{institution}} for support`"));
        return None;
    };
    Some(Block::Page {
        message: message.trim_end_matches([',', ' ']).to_owned(),
        team: team.to_owned(),
    })
}

/// The opening fence is what is pointed at: what stands in it may be indented in many ways.
fn fence(span: &Range<usize>) -> Range<usize> {
    span.start..span.start + 3
}

/// What comments say about their step.
pub(super) fn options(written: &Options, out: &mut Findings) -> Said {
    let mut said = Said::default();
    for (text, span) in written {
        for word in words(text) {
            let (key, value) = word.split_once('=').unwrap_or((&word, ""));
            let value = value.trim_matches(['"', '\'']);
            let mut wrong = |what: String, help: String| out.error(out.at(span, what).help(help));
            match key.to_lowercase().as_str() {
                "secret" => said.secret = true,
                "expect" => {
                    let length = duration::parse(value).ok().filter(|length| length.num_seconds() > 0);
                    said.expect_seconds = length.and_then(|length| u32::try_from(length.num_seconds()).ok());
                    if said.expect_seconds.is_none() {
                        wrong(
                            format!("`{value}` is no length of time that a step may take"),
                            "write it as `<!-- step: expect=10m -->`".to_owned(),
                        );
                    }
                }
                "repeat" if !value.is_empty() => said.repeat = Some((value.to_owned(), span.clone())),
                "undo" if !value.is_empty() => {
                    said.undo = Some((value.trim_start_matches('#').to_lowercase(), span.clone()));
                }
                "repeat" => wrong(
                    "`repeat` does not say for which parameter".to_owned(),
                    "write it as `<!-- step: repeat=server -->`".to_owned(),
                ),
                "undo" => wrong(
                    "`undo` does not say which step takes this one back".to_owned(),
                    "write it as `<!-- step: undo=#scale-back-down -->`".to_owned(),
                ),
                _ => wrong(
                    format!("`{key}` says nothing about a step"),
                    did_you_mean(key, "", OPTIONS).unwrap_or_else(|| {
                        "a step can have `expect=10m`, `repeat=server`, `secret` and `undo=#heading`".to_owned()
                    }),
                ),
            }
        }
    }
    said
}

/// Words, in which quotes keep spaces.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (None, letter) if letter.is_whitespace() || letter == ',' => words.push(String::new()),
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (_, letter) => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

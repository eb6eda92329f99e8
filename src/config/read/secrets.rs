//! Tokens do not belong into the file: they are recognised, reported without being quoted, and starred out.
//!
//! Three nets, because a leaked token cannot be called back: a value that looks like a token, a key that asks for one, and
//! for what is drawn under problems any run of characters of that shape, also in comments and in text that is not TOML.

use std::borrow::Cow;

use once_cell::sync::Lazy;
use regex::{Captures, Regex};
use toml::de::{DeTable, DeValue};

use super::{super::problem::Problem, collector::Collector};

static TOKEN: Lazy<Regex> = Lazy::new(|| {
    Regex::new(r"(?i)(xox[a-z]?[-.]|xapp-)([A-Za-z0-9._%/+=-]+)")
        .expect("the pattern is a constant, and a test uses it")
});

/// The text with everything that looks like a token starred out behind its prefix, of the same length in bytes.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    TOKEN.replace_all(text, |found: &Captures<'_>| {
        format!("{}{}", &found[1], "*".repeat(found[2].len()))
    })
}

/// Reports every secret that stands in the tree.
pub(super) fn report(table: &DeTable<'_>, out: &mut Collector<'_>) {
    for (key, value) in table {
        let name = key.get_ref().to_lowercase();
        let asks = ["token", "secret", "password"].iter().any(|word| name.contains(word));
        match value.get_ref() {
            DeValue::String(_) if asks => {
                out.secret(value.span());
                let what = format!("`{}` is a secret, and secrets do not stand in this file", key.get_ref());
                let problem = Problem::at(&out.mark(key.span()), what);
                out.push(problem.help(where_to(&name)));
            }
            _ => report_value(value, out),
        }
    }
}

fn report_value(value: &toml::Spanned<DeValue<'_>>, out: &mut Collector<'_>) {
    match value.get_ref() {
        DeValue::Table(inner) => report(inner, out),
        DeValue::Array(items) => items.iter().for_each(|item| report_value(item, out)),
        DeValue::String(text) if TOKEN.is_match(text) => {
            out.secret(value.span());
            let problem = Problem::at(
                &out.mark(value.span()),
                "a token stands in this file, where anybody may read it",
            );
            out.push(problem.help(where_to(&text.to_lowercase())));
        }
        _ => {}
    }
}

fn where_to(word: &str) -> String {
    let variable = match word {
        app if app.contains("app") => "as `SLACK_APP_TOKEN`",
        bot if bot.contains("bot") || bot.contains("xox") => "as `SLACK_BOT_TOKEN`",
        _ => "as `SLACK_APP_TOKEN` and `SLACK_BOT_TOKEN`",
    };
    format!("set it in the environment, {variable}, and revoke this one if others could read the file")
}

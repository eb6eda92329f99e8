//! What can be typed, from the same table that reads it.

use slack_morphism::prelude::SlackBlock;

use super::blocks::{context, section};
use super::message;
use super::text::{escape, list, shorten};
use crate::command::help::{Found, Help, help};
use crate::command::{Command, Usage};
use crate::slack::call::Message;

/// Explains a command, or one word of it.
pub fn show(command: &'static Command, word: Option<&str>) -> Message {
    let Help { command, usages, found } = help(command, word);
    let word = escape(&shorten(word.unwrap_or_default(), 60));
    let lead = match found {
        Found::All => format!("*What you can do with `{}`*", command.command),
        Found::Exactly => format!("*About `{word}`*"),
        Found::Nearest => format!("I do not know `{word}`. Nearest to it:"),
        Found::Nothing => format!("I do not know `{word}`. This is what I know:"),
    };
    let lines: Vec<String> = usages.iter().map(|usage| explained(command, usage)).collect();
    let mut drawn: Vec<SlackBlock> = vec![section(&lead)];
    drawn.extend(lines.iter().map(|line| section(line)));
    let other = crate::command::commands()
        .iter()
        .filter(|other| other.command != command.command);
    let others: Vec<String> = other.map(|other| format!("`{} help`", other.command)).collect();
    drawn.push(context(&format!(
        "See also {}. In the thread of an alert, replies work too: `ack`, `resolve`, `note …`; where an incident is \
         worked on, with my name before them: `@nightbell update …`.",
        list(&others)
    )));
    message(format!("{lead}\n{}", lines.join("\n")), drawn)
}

/// A usage, what it does, and an example where it has blanks.
fn explained(command: &Command, usage: &Usage) -> String {
    let mut line = format!("{} {}", line(command, usage), escape(&usage.does));
    if let Some(example) = usage
        .examples
        .iter()
        .find(|example| !example.is_empty())
        .filter(|_| usage.pattern.as_str().contains('<'))
    {
        line = format!(
            "{line}\nFor example `{}`",
            escape(&format!("{} {example}", command.command))
        );
    }
    line
}

/// How a usage is typed, in backticks.
pub(super) fn line(command: &Command, usage: &Usage) -> String {
    format!(
        "`{}`",
        escape(format!("{} {}", command.command, usage.pattern.as_str()).trim())
    )
}

/// One line that can be typed as it stands, in backticks.
pub(super) fn example(command: &Command, usage: &Usage) -> Option<String> {
    let example = usage.examples.iter().find(|example| !example.is_empty())?;
    Some(format!("`{}`", escape(&format!("{} {example}", command.command))))
}

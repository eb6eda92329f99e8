//! Words that come back with a refusal: nothing that somebody wrote is lost with what was not done.

use super::blocks::{context, finish, literal};
use super::text::{escape, shorten};
use crate::domain::{Refusal, Request, incident, run};
use crate::slack::call::Message;

/// How much of it is given back; what Slack lets people type in a command is hardly longer.
const GIVEN_BACK: usize = 2900;

/// The same with what was written.
pub(super) fn with_words(mut said: Message, refusal: &Refusal, asked: &Request) -> Message {
    let words = match refusal {
        // They give the words back themselves.
        Refusal::NoSuchTeam { .. }
        | Refusal::Incident(
            incident::Refusal::Over { text: Some(_), .. }
            | incident::Refusal::NoSuchUpdate { text: Some(_), .. }
            | incident::Refusal::TitleTooLong { .. }
            | incident::Refusal::DuePast { .. }
            | incident::Refusal::IsWritten { .. },
        ) => None,
        // What may be a secret is not repeated.
        Refusal::Run(refusal) if matches!(**refusal, run::Refusal::Secret { .. }) => None,
        _ => words(asked),
    };
    let Some(words) = words.filter(|words| !words.trim().is_empty()) else {
        return said;
    };
    let words = shorten(words, GIVEN_BACK);
    said.text = format!("{}\nYou wrote: {}", said.text, escape(&words));
    let drawn = std::iter::once(context("You wrote:")).chain(literal(&words));
    said.blocks.get_or_insert_default().extend(finish(drawn.collect()));
    said
}

/// What somebody wrote for what they asked.
fn words(asked: &Request) -> Option<&str> {
    match asked {
        Request::Note { text, .. } | Request::Join { text, .. } | Request::HandoffNote { text, .. } => Some(text),
        Request::Snooze { because, .. } => Some(because),
        Request::Resolve { because, .. } => because.as_deref(),
        Request::Raise(raise) => Some(&raise.summary),
        Request::Run { ask, .. } => match ask {
            run::Ask::Note { text } => Some(text),
            run::Ask::Skip { because } | run::Ask::Block { because } | run::Ask::Stop { because } => Some(because),
            _ => None,
        },
        Request::Incident { ask, .. } => ask.text(),
        _ => None,
    }
}

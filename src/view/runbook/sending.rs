//! Requests of a step: their buttons, what is asked before one is sent, and what came of it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use slack_morphism::prelude::*;

use super::card::{banner, step_title, title};
use super::rich;
use crate::command::button::{Button, OnStep};
use crate::command::form::run::AboutRun;
use crate::domain::run::{Answer, Doubt, Hindrance, Refusal, Run, Sent};
use crate::domain::runbook::Forbidden;
use crate::slack::call::Message;
use crate::view::Scene;
use crate::view::blocks::{context, finish, press, section};
use crate::view::form::plain;
use crate::view::text::{between, escape, mention, name, shorten, time, unescape};

/// How much of a request's first line is said.
const LINE: usize = 200;

/// What can be pressed about the requests of the current step.
pub(super) fn buttons(scene: Scene<'_>, run: &Run) -> Vec<SlackBlockButtonElement> {
    let requests = run.requests();
    let one = requests.len() == 1;
    let labelled = requests.iter().enumerate().filter_map(|(at, (_, sent))| {
        run.may_send(at, &scene.roster.actions).ok()?;
        let which = if one {
            String::new()
        } else {
            format!(" request {}", at + 1)
        };
        let again = if sent.is_some() { " again" } else { "" };
        let visit = run.current.as_ref()?.visit;
        let button = Button::Step {
            run: run.id,
            visit,
            what: OnStep::Send(at),
        };
        Some(press(&format!("Send{which}{again}…"), &button))
    });
    labelled.collect()
}

/// How each request of the current step stands, a line each; nothing for what a button says.
pub(super) fn lines(scene: Scene<'_>, run: &Run) -> Vec<SlackBlock> {
    let mut lines = Vec::new();
    let Some((current, _)) = run.step() else { return lines };
    let values = run.values_at(current.step, current.pass);
    for (at, (request, sent)) in run.requests().into_iter().enumerate() {
        let line = code(&request.shown(&values).line());
        if let Some(sent) = sent {
            lines.push(context(&said(scene, sent)));
        } else if let Err(refusal) = run.may_send(at, &scene.roster.actions) {
            match refusal {
                Refusal::Drill { .. } => {
                    lines.push(context(&format!("In a drill nothing is sent: {line} stays here.")));
                }
                Refusal::Forbidden { why, .. } => {
                    lines.push(context(&format!(
                        "{line} cannot be sent from here. {}",
                        forbidden(&why)
                    )));
                }
                _ => {}
            }
        }
    }
    lines
}

/// One request that was sent, in a line.
pub(super) fn said(scene: Scene<'_>, sent: &Sent) -> String {
    let line = code(&sent.line);
    let who = format!("{} {}", name(scene.roster, &sent.by), time(sent.at));
    match &sent.answer {
        None => format!(":hourglass_flowing_sand: {line} is being sent · {who}"),
        Some(Answer::Answered { status, .. }) => format!(":outbox_tray: {line} → *{}* · {who}", status_of(*status)),
        Some(Answer::NotSent { .. }) => format!(":warning: {line} was not sent · {who}"),
        Some(Answer::Unknown { .. }) => {
            format!(":grey_question: {line} was sent, and nobody knows whether it was heard · {who}")
        }
    }
}

/// What came of a request, for the thread.
pub(super) fn answered(run: &Run, sent: &Sent, answer: &Answer) -> Message {
    let line = code(&sent.line);
    let lead = banner(run);
    let mut rest = Vec::new();
    let text = match answer {
        Answer::Answered {
            status,
            location,
            excerpt,
            took_ms,
        } => {
            let location = location
                .as_deref()
                .map(|location| format!("\nIt leads to {}", code(location)))
                .unwrap_or_default();
            if !excerpt.is_empty() {
                let element =
                    json!({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": excerpt}]});
                rest.push(rich::rich(&[element]));
            }
            format!(
                "{lead}:outbox_tray: {line} for {}: *{}* after {}{location}",
                mention(&sent.by),
                status_of(*status),
                seconds(*took_ms)
            )
        }
        Answer::NotSent { why } => format!(
            "{lead}:warning: {}, {line} was not sent. {}",
            mention(&sent.by),
            hindrance(why)
        ),
        Answer::Unknown { why } => format!(
            "{lead}:grey_question: {}, nobody knows whether {line} was heard: {}. It is not sent again by itself: look there first, then press \
             *Send again…* if it has to be.",
            mention(&sent.by),
            doubt(why)
        ),
    };
    let mut blocks = finish(vec![section(&text)]);
    blocks.extend(rest);
    Message {
        text,
        blocks: Some(blocks),
    }
}

/// The form that shows exactly what is sent, before it is; or why it cannot be.
///
/// # Errors
/// The refusal, for whoever wants to send it.
pub(super) fn form(scene: Scene<'_>, run: &Run, at: usize) -> Result<Value, Message> {
    let refused = |refusal| Err(super::refused(scene, &refusal));
    let (request, site) = match run.may_send(at, &scene.roster.actions) {
        Ok(found) => found,
        Err(refusal) => return refused(refusal),
    };
    let (Some((current, step)), Some(seal)) = (run.step(), run.seal(at)) else {
        return refused(Refusal::NoSuchRequest { id: run.id });
    };
    let shown = request.shown(&run.values_at(current.step, current.pass));
    let of = step_title(run, current.step, current.pass, step);
    let mut blocks = vec![json!({"type": "context", "elements": [plain(&shorten(&unescape(&of), 300))]})];
    let before = run.requests().get(at).and_then(|(_, sent)| *sent);
    if let Some(sent) = before {
        let warned = format!("It was sent before, in this step:\n{}", said(scene, sent));
        blocks.extend(finish(vec![section(&warned)]));
    }
    let to = format!("This goes to *{}* as soon as you press *Send it*:", escape(&site.host));
    blocks.extend(finish(vec![section(&to)]));
    blocks.extend(rich::code_blocks(&shown.text()));
    if !request.secrets().is_empty() {
        blocks.extend(finish(vec![context(
            "What stands in `{{env.…}}` is a secret of the bot: only its receiver sees it.",
        )]));
    }
    Ok(json!({
        "type": "modal",
        "callback_id": AboutRun::Send(at).callback(),
        "private_metadata": format!("{}:{}:{at}:{seal}", run.id.0, current.visit),
        "title": plain(&shorten(&format!("Send for {}", run.id), 24)),
        "submit": plain("Send it"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }))
}

/// Why nothing was sent, for whoever wanted it; none for other refusals.
pub(super) fn refused(scene: Scene<'_>, refusal: &Refusal) -> Option<String> {
    Some(match refusal {
        Refusal::NoSuchRequest { id } => {
            format!("The current step of {id} sends nothing: a block ` ```http ` of the page would be a request.")
        }
        Refusal::Drill { id } => format!("{id} is a drill: nothing is sent. `/runbook run …` starts a real run."),
        Refusal::UnderWay { id, by, at } => format!(
            "{} sent it {} ago, and it is under way; the answer comes in the thread of {id}.",
            name(scene.roster, by),
            between(*at, scene.now)
        ),
        Refusal::Changed { id } => format!(
            "Nothing was sent: what it says has changed since you opened this, or somebody else sent it. Press *Send…* on the card of {id} again to \
             see how it is now."
        ),
        Refusal::Forbidden { why, .. } => format!("Nothing was sent. {}", forbidden(why)),
        _ => return None,
    })
}

/// It was taken: where the answer comes.
pub(super) fn taken(run: &Run) -> String {
    format!("It is being sent; the answer comes in the thread of {}.", title(run))
}

fn forbidden(why: &Forbidden) -> String {
    match why {
        Forbidden::Address { url } => format!(
            "{} is no address that could be called: a value in it leads elsewhere, or it has a password in it.",
            code(url)
        ),
        Forbidden::Site { site } => format!(
            "Runbooks may not send anything to {}: whoever runs the bot allows it with `allow` in `[actions]` of `nightbell.toml`.",
            code(site)
        ),
        Forbidden::Unencrypted { site } => format!(
            "{} would be talked to without encryption: use `https`, or list it under `private` in `[actions]`.",
            code(site)
        ),
        Forbidden::Secret { name } => format!(
            "The secret {} is not for runbooks: whoever runs the bot allows it with `secrets` in `[actions]`.",
            code(name)
        ),
        Forbidden::OtherSecret { name, host } => {
            format!("The secret {} goes to {} only.", code(name), code(host))
        }
    }
}

fn hindrance(why: &Hindrance) -> String {
    match why {
        Hindrance::Unset { name } => format!(
            "The secret {} is not set in the environment of the bot. Whoever runs it sets it and starts the bot again.",
            code(name)
        ),
        Hindrance::NoAddress { host } => format!("Nothing is known under the name {}.", code(host)),
        Hindrance::Private { host, address } => format!(
            "{} has the private address {}, and runbooks send to public ones only. If it is meant, list it under `private` in `[actions]`.",
            code(host),
            code(address)
        ),
        Hindrance::NoConnection { cause } => format!("There was no connection: {}.", escape(cause)),
        Hindrance::Malformed { cause } => format!("It is no request that could be sent: {}.", escape(cause)),
        Hindrance::Busy => {
            "Too many were under way, or I was about to stop. Press *Send again…* in a moment.".to_owned()
        }
    }
}

fn doubt(why: &Doubt) -> String {
    match why {
        Doubt::Silence { seconds } => format!("nothing came back within {seconds} s"),
        Doubt::Cut { cause } => format!("the connection broke off ({})", escape(cause)),
        Doubt::Restart => "I was restarted while it was under way".to_owned(),
    }
}

/// `201 Created`.
fn status_of(status: u16) -> String {
    let known = StatusCode::from_u16(status).ok();
    match known.and_then(|status| status.canonical_reason()) {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

/// `0.4 s`.
fn seconds(took_ms: u64) -> String {
    format!("{}.{} s", took_ms / 1000, took_ms % 1000 / 100)
}

/// Foreign text in a line, as a computer has it.
fn code(text: &str) -> String {
    format!("`{}`", escape(&shorten(&text.replace('`', "'"), LINE)))
}

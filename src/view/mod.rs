//! What people see, pure: the only place with sentences.
//!
//! [`announce`] turns what happened into messages, [`answer`] turns an outcome into a reply, [`show`] answers a question.
//! All are total functions of the state *after* the events: nothing here can fail, wait, or change anything. A wording is
//! changed here and nowhere else, and replaying the journal repeats no message, because only new events are announced.
//!
//! Foreign text is literal everywhere ([`text`]); every message carries `text` beside its blocks, since that is all a
//! notification or a screen reader gets.

pub mod about;
pub mod alert;
pub mod blocks;
mod calls;
pub mod confused;
pub mod form;
mod given_back;
pub mod help;
mod home;
pub mod incident;
pub mod oncall;
pub mod runbook;
mod teams;
pub mod text;

pub use alert::reported::reported;
use chrono::{DateTime, Utc};
pub use home::home;
pub use oncall::group as user_group;
use slack_morphism::prelude::SlackBlock;

use crate::command::{Misread, Question};
use crate::domain::alert::Alert;
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::oncall::Staff;
use crate::domain::roster::Roster;
use crate::domain::run::Run;
use crate::domain::{Errand, Event, Refusal, Request, World};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};

/// What a view is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The state, after what is to be shown has happened.
    pub world: &'a World,
    /// Who is who.
    pub roster: &'a Roster,
    /// The time of the drawing.
    pub now: DateTime<Utc>,
}

impl<'a> Scene<'a> {
    /// Who is on call, as it follows from the roster and from what people agreed on.
    pub(crate) fn staff(self) -> Staff<'a> {
        self.world.staff(self.roster)
    }

    /// A call, to be committed now.
    fn entry(self, subject: &str, urgency: Urgency, call: Call, errand: Errand) -> Entry {
        Entry::new(subject, urgency, call, errand, self.now)
    }
}

/// The messages that follow from what one input made happen, in the order they are to be sent.
pub fn announce(scene: Scene<'_>, events: &[Event]) -> Vec<Entry> {
    let mut entries = alert::announce(scene, events);
    entries.extend(oncall::announce(scene, events));
    entries.extend(oncall::announce_handoffs(scene, events));
    entries.extend(incident::announce(scene, events));
    entries.extend(runbook::announce(scene, events));
    entries.extend(runbook::announce_reviews(scene, events));
    entries
}

/// The message that says what was late, in the fallback channel; none when nothing was.
pub fn admit(scene: Scene<'_>, events: &[Event]) -> Option<Entry> {
    alert::admit(scene, events)
}

/// The reply to whoever asked: what was done, or why it was not.
pub fn answer(scene: Scene<'_>, by: &UserId, asked: &Request, outcome: &Result<Vec<Event>, Refusal>) -> Message {
    match outcome {
        Ok(_) if let Request::HandoffNote { team, .. } = asked => oncall::noted(scene, by, team),
        Ok(_) if let Request::Duty { task, how } = asked => oncall::duty_answered(scene, by, *task, *how),
        Ok(events)
            if matches!(
                asked,
                Request::Declare(_) | Request::Incident { .. } | Request::Subscription(_)
            ) =>
        {
            incident::done(scene, by, asked, events)
        }
        Ok(events) if let Request::StartRun(_) = asked => runbook::done(scene, None, events),
        Ok(events) if let Request::Run { ask, .. } = asked => runbook::done(scene, Some(ask), events),
        Ok(events) if let Request::OnCall(ask) = asked => oncall::done(scene, by, ask, events),
        Ok(events) => alert::reply::done(scene, asked, events),
        Err(Refusal::Incident(refusal)) if let Some(which) = incident::which(scene, refusal, asked) => which,
        Err(refusal) => match (refusal, asked) {
            (Refusal::Similar { id }, Request::Raise(raise)) => alert::similar::show(scene, raise, *id),
            _ => given_back::with_words(alert::reply::refused(scene, refusal), refusal, asked),
        },
    }
}

/// Several replies as one, in order.
pub fn together(replies: Vec<Message>) -> Message {
    let text = replies
        .iter()
        .map(|reply| reply.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let blocks = replies.into_iter().filter_map(|reply| reply.blocks).flatten().collect();
    Message {
        text,
        blocks: Some(blocks),
    }
}

/// What is no longer in memory, the newest first, for the questions that want it.
#[derive(Debug, Default)]
pub struct Archive {
    /// Closed alerts.
    pub alerts: Vec<Alert>,
    /// Incidents that are over.
    pub incidents: Vec<Incident>,
    /// Runs that are over.
    pub runs: Vec<Run>,
}

/// The answer to a question.
pub fn show(scene: Scene<'_>, question: &Question, archive: &Archive) -> Message {
    match question {
        Question::Alerts { team, which, page } => {
            alert::list::show(scene, team.as_ref(), which, *page, &archive.alerts)
        }
        Question::Sweep { what, team, of } => alert::list::sweep(scene, *what, team.as_ref(), of),
        Question::Alert(id) => alert::show::show(scene, *id),
        Question::Incidents { team, which } => incident::list(scene, team.as_ref(), which, &archive.incidents),
        Question::Incident(id) => incident::show(scene, *id),
        Question::Timeline(id) => incident::timeline(scene, *id),
        Question::Roles(id) => incident::roles(scene, *id),
        Question::Updates(id) => incident::updates(scene, *id),
        Question::Actions(id) => incident::actions(scene, *id),
        Question::OpenActions { of, team } => {
            incident::open_actions(scene, of.as_ref(), team.as_ref(), &archive.incidents)
        }
        Question::Analyses(team) => incident::analyses(scene, team.as_ref(), &archive.incidents),
        Question::Subscriptions { of, here } => incident::subscriptions(scene, of, here),
        Question::OnCall(team) => oncall::show(scene, team.as_ref()),
        Question::OnCallOf(person) => oncall::person(scene, person),
        Question::Schedule { team, days } => oncall::schedule(scene, team, *days),
        Question::Shifts(who) => oncall::mine(scene, who),
        Question::Duties { team, by } => oncall::duties(scene, by, team.as_ref()),
        Question::Explain { team, at } => oncall::explain(scene, team, at.unwrap_or(scene.now)),
        Question::Reachable(team) => oncall::check(scene, team.as_ref()),
        Question::Runbooks { words } => runbook::runbooks(scene, words),
        Question::Runbook(id) => runbook::runbook(scene, id),
        Question::RunHistory(id) => runbook::history(scene, id, &archive.runs),
        Question::RunbookMistakes => runbook::mistakes(scene),
        Question::Runs(scope) => runbook::runs(scene, scope, &archive.runs),
        Question::Run { target, by } => runbook::status(scene, *target, by),
        Question::Help { command, word } => help::show(command, word.as_deref()),
    }
}

/// The answer to words that could not be read: what would work, and what was typed.
pub fn confused(scene: Scene<'_>, misread: &Misread) -> Message {
    confused::show(scene, misread)
}

/// A refusal in plain words, for a form's field: there nothing is drawn, so times are on the reader's own clock.
pub fn answer_text(scene: Scene<'_>, reader: &UserId, refusal: &Refusal) -> String {
    text::plain(
        &alert::reply::refused(scene, refusal).text,
        scene.roster.zone_of(reader),
    )
}

/// Something that whoever runs the bot should know. The texts are foreign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A configuration has mistakes.
    Mistakes(String),
    /// A report that was kept while the bot was down could not become an alert.
    Unusable(String),
}

/// Something that whoever runs the bot should know, to the fallback channel.
pub fn notice(roster: &Roster, notice: &Notice) -> Call {
    let (lead, text) = match notice {
        Notice::Mistakes(text) => (
            ":warning: The configuration was not taken over; what was there before stays.",
            text,
        ),
        Notice::Unusable(text) => (
            ":warning: `nightbell alert` was used while I was down, and I cannot make an alert of what it left:",
            text,
        ),
    };
    let mut drawn = vec![blocks::section(lead)];
    drawn.extend(blocks::literal(text));
    let message = message(format!("{lead} {}", text::escape(&text::shorten(text, 2000))), drawn);
    calls::post(&roster.fallback, None, message)
}

/// To somebody of another workspace.
pub fn stranger() -> Message {
    say(
        "I only take requests from people of the workspace I am installed in. Please ask somebody there to do this for you.",
    )
}

/// To whoever presses a button that no version of ours made.
pub fn stale_button() -> Message {
    say("I no longer know what this button does. `/alert list` shows what is open, with buttons that work.")
}

/// A message of our own words.
pub fn say(text: impl Into<String>) -> Message {
    let text = text.into();
    Message {
        blocks: Some(blocks::finish(vec![blocks::section(&text)])),
        text,
    }
}

/// A message with blocks; `text` says the same to whoever sees no blocks.
fn message(text: String, drawn: Vec<SlackBlock>) -> Message {
    Message {
        text,
        blocks: Some(blocks::finish(drawn)),
    }
}

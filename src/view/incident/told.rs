//! What happened to an incident, a line each.

use crate::domain::ids::UserId;
use crate::domain::incident::{Aftermath, Event, Furniture, Incident, LEAD, Nag, Rest, Scope, Status, Turn, Words};
use crate::view::Scene;
use crate::view::text::{actor, between, channel, count, date, escape, list, mention, name, shorten, team, time};

/// Whether people are notified by being named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Whoever gets something to do is.
    Ring,
    /// Nobody is.
    Quiet,
}

/// How much of a text a line quotes.
const QUOTED: usize = 1500;

/// What happened, in our markup; none for bookkeeping.
pub(super) fn line(scene: Scene<'_>, incident: &Incident, what: &Event, naming: Naming) -> Option<String> {
    let called = |user: &UserId| name(scene.roster, user);
    let rung = |user: &UserId| match naming {
        Naming::Ring => mention(user),
        Naming::Quiet => name(scene.roster, user),
    };
    let because = |why: &Option<String>| {
        why.as_deref()
            .map(|why| format!(": {}", quoted(why)))
            .unwrap_or_default()
    };
    Some(match what {
        Event::RoomOpened { channel: room, .. } => format!("It is worked on in {}.", channel(room)),
        Event::RoomRefused { code, .. } => {
            // Whoever was at work there looks here from now on.
            let lead = incident.lead().filter(|_| naming == Naming::Ring);
            let lead = lead.map(|lead| format!(" {}", mention(lead))).unwrap_or_default();
            format!("{}{lead}", refused_room(code))
        }
        Event::CardRefused {
            channel: place, code, ..
        } => format!(
            ":warning: {} cannot be posted to any more (Slack says `{}`). It goes on here.",
            channel(place),
            escape(code)
        ),
        Event::NotInvited { who, code } => format!(
            ":warning: {} could not be brought into the channel: {}.",
            called(who),
            why_not_invited(code)
        ),
        Event::NotFurnished { what, code } => {
            let what = match what {
                Furniture::Topic => "The channel's topic could not be set",
                Furniture::Pin => "The card could not be pinned",
                Furniture::Bookmark => "A link could not be bookmarked",
            };
            format!("{what} (Slack says `{}`). Nothing else depends on it.", escape(code))
        }
        Event::RoleGiven { by, role, who, before } => {
            let role = role_name(role);
            let to = rung(who);
            match before {
                Some(before) if by == who => format!("{} takes {role} over from {}.", called(by), rung(before)),
                Some(before) if by == before => format!("{} hands {role} over to {to}.", called(by)),
                Some(before) => format!("{} hands {role} over from {} to {to}.", called(by), rung(before)),
                None if by == who => format!("{to} takes {role}."),
                None => format!("{} gives {role} to {to}.", called(by)),
            }
        }
        Event::SeverityChanged {
            by,
            from,
            to,
            because: why,
            ..
        } => {
            let way = if to < from { "raises" } else { "lowers" };
            format!("{} {way} it from {from} to *{to}*{}", called(by), because(why))
        }
        Event::Described {
            by,
            title,
            rest,
            called: was,
            before,
            ..
        } => {
            let title = was
                .as_deref()
                .map(|was| format!("calls it *{}* (it was: {})", quoted(title), quoted(was)));
            let parts: Vec<String> = title.into_iter().chain(described(scene, rest, before)).collect();
            format!("{} {}.", called(by), list(&parts))
        }
        Event::AlertTurned { alert, how } => match how {
            Turn::Acknowledged { by } => format!("{alert}: {} takes care of it.", called(by)),
            Turn::Exhausted => {
                let lead = incident.lead().filter(|_| naming == Naming::Ring);
                let lead = lead.map(|lead| format!("{} ", mention(lead))).unwrap_or_default();
                format!("{lead}:rotating_light: {alert}: nobody answered, though everybody was paged.")
            }
            Turn::Resolved { by } => format!("{alert} is resolved by {}.", actor(scene.roster, by)),
        },
        Event::StatusChanged { by, from, to, note } => {
            format!("{}: {from} → *{to}* ({}){}", called(by), to.meaning(), because(note))
        }
        Event::Updated { by, words } => {
            let number = incident.number_of(what).map(|number| format!(" {number}"));
            format!(
                "*Update{}* by {}\n{}",
                number.unwrap_or_default(),
                called(by),
                said(words, 2600)
            )
        }
        Event::UpdateEdited { by, number, words } => {
            format!("*Update {number}*, put right by {}\n{}", called(by), said(words, 2600))
        }
        Event::Noted { by, text } => format!("{} notes: {}", called(by), quoted(text)),
        Event::Kept { by, quote } => {
            let author = quote.author.as_ref().map_or_else(|| "somebody".to_owned(), called);
            let link = quote.link.as_deref().filter(|link| is_link(link));
            let link = link
                .map(|link| format!(" (<{}|message>)", escape(link)))
                .unwrap_or_default();
            let text = readable(scene, &quote.text);
            format!(
                ":pushpin: {} said at {}{link}: {} (kept by {})",
                author,
                time(quote.said_at),
                quoted(&text),
                called(by)
            )
        }
        Event::AlertLinked { by, alert } => format!("{} links {alert}.", called(by)),
        Event::TeamPaged {
            by,
            team: of,
            alert,
            people,
        } => {
            let people: Vec<String> = people.iter().map(called).collect();
            let whom = if people.is_empty() {
                "nobody is on call".to_owned()
            } else {
                list(&people)
            };
            format!("{} pages {} with {alert} ({whom}).", called(by), team(scene.roster, of))
        }
        Event::ActionAdded { by, text, owner, due } => {
            let owner = owner
                .as_ref()
                .map(|owner| format!(" for {}", rung(owner)))
                .unwrap_or_default();
            let due = due.map(|due| format!(", by {}", date(due))).unwrap_or_default();
            format!("{} adds an action{owner}{due}: {}", called(by), quoted(text))
        }
        Event::ActionDone { by, number } => {
            let action = number.checked_sub(1).and_then(|index| incident.actions.get(index));
            let text = action.map(|action| quoted(&action.text)).unwrap_or_default();
            format!("{} finishes action {number}: {text}", called(by))
        }
        Event::Resolved { by, summary, aftermath } => {
            let took = took(*aftermath);
            let took = if took.is_empty() {
                String::new()
            } else {
                format!(" (there was {})", list(&took))
            };
            // It may have been reopened since, and ended again.
            let ended = incident.moment_of(what).or(incident.ended_at);
            format!(
                "{} *resolves* it after {}{}{took}",
                called(by),
                between(incident.declared_at, ended.unwrap_or(scene.now)),
                because(summary)
            )
        }
        Event::Took { by, aftermath } => format!("{} adds that there was {}.", called(by), list(&took(*aftermath))),
        Event::Reopened { by, because: None } => format!("{} *reopens* it.", called(by)),
        Event::Reopened { by, because: why } => format!("{} *reopens* it{}", called(by), because(why)),
        Event::Cancelled { by, because } => {
            format!("{} says that it is not an incident: {}", called(by), quoted(because))
        }
        Event::MergedInto { by, into, .. } => format!(
            "{} merges it into {into}, which goes on; who follows it follows {into} from now on.",
            called(by)
        ),
        Event::Absorbed { by, from, actions, .. } => {
            let actions = match actions.len() {
                0 => String::new(),
                number => format!(
                    " What is still to be done comes along: {}, see `/incident actions {}`.",
                    count(number, "action"),
                    incident.id
                ),
            };
            format!("{} merges {from} into it.{actions}", called(by))
        }
        Event::Snoozed {
            by,
            of,
            until,
            because: why,
        } => format!(
            "{} moves the reminder of {} to {}{}",
            called(by),
            nag_name(*of),
            time(*until),
            why.as_deref()
                .map_or_else(|| ".".to_owned(), |why| format!(": {}", quoted(why)))
        ),
        Event::NagSwitched { by, of, on } => {
            let on = if *on { "on" } else { "off" };
            format!("{} switches reminders of {} {on}.", called(by), nag_name(*of))
        }
        Event::AnalysisLinked { by, link, before } => {
            let before = before.as_deref().map(|before| format!(" (before: {})", quoted(before)));
            format!(
                "{} links the postmortem: {}{}",
                called(by),
                quoted(link),
                before.unwrap_or_default()
            )
        }
        Event::AnalysisDeclined { by, because } => {
            format!("{} says that it needs no postmortem: {}", called(by), quoted(because))
        }
        Event::Run(chapter) => crate::view::runbook::chapter(scene, chapter),
        Event::Declared { .. }
        | Event::CardPosted { .. }
        | Event::NameTaken { .. }
        | Event::RoomCardPosted { .. }
        | Event::Untold { .. }
        | Event::Reminded { .. }
        | Event::Followed { .. }
        | Event::FollowerPosted { .. }
        | Event::Unfollowed { .. } => return None,
    })
}

/// What an update says, in our markup.
pub(super) fn said(words: &Words, limit: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(words.text.as_deref().map(|text| escape(&shorten(text, limit))));
    let each = limit / 5;
    let named = [
        ("Broken", &words.broken),
        ("Affected", &words.affected),
        ("Workaround", &words.workaround),
        ("Next", &words.next),
        ("Upstream", &words.upstream),
    ];
    for (what, text) in named {
        let text = text.as_deref().map(|text| escape(&shorten(text, each)));
        parts.extend(text.map(|text| format!("*{what}:* {text}")));
    }
    parts.join("\n")
}

/// What an update leaves open, as readers would ask.
pub(super) fn missing(words: &Words) -> Vec<&'static str> {
    let asked = [
        ("what is broken", &words.broken),
        ("who is affected", &words.affected),
        ("a workaround", &words.workaround),
        ("when they hear more", &words.next),
    ];
    asked
        .into_iter()
        .filter(|(_, said)| said.is_none())
        .map(|(what, _)| what)
        .collect()
}

/// What it took to end it.
pub(super) fn took(aftermath: Aftermath) -> Vec<&'static str> {
    let all = [
        (aftermath.rollback, "a rollback"),
        (aftermath.hotfix, "a hotfix"),
        (aftermath.external, "a change of the status page"),
    ];
    all.into_iter().filter(|(was, _)| *was).map(|(_, what)| what).collect()
}

/// A role as it stands in a sentence.
pub(super) fn role_name(role: &str) -> String {
    if role == LEAD {
        "the lead".to_owned()
    } else {
        format!("the role of {}", escape(role))
    }
}

/// What a reminder is about, as it stands in a sentence.
pub(super) fn nag_name(of: Nag) -> &'static str {
    match of {
        Nag::Lead => "who leads it",
        Nag::Update => "updates",
        Nag::Monitoring => "whether it is over",
        Nag::Analysis => "the postmortem",
        Nag::Action => "what is to be done",
    }
}

/// What is said of it that was not said before.
fn described(scene: Scene<'_>, now: &Rest, before: &Rest) -> Vec<String> {
    let mut parts = Vec::new();
    if now.scope != before.scope {
        let whom = now.scope.map_or("nobody in particular", Scope::meaning);
        parts.push(format!("says that it affects {whom}"));
    }
    if now.services != before.services {
        let services: Vec<String> = now.services.iter().map(|service| escape(service)).collect();
        parts.push(if services.is_empty() {
            "names no services any more".to_owned()
        } else {
            format!("names the services {}", list(&services))
        });
    }
    if now.team != before.team {
        parts.push(match &now.team {
            Some(id) => format!("gives it to {}", team(scene.roster, id)),
            None => "takes it from its team".to_owned(),
        });
    }
    parts
}

/// Whether a text is a link that may be shown as one.
pub(super) fn is_link(text: &str) -> bool {
    let has_scheme = text.starts_with("https://") || text.starts_with("http://");
    has_scheme && !text.contains(|c: char| c.is_whitespace() || "<>|".contains(c))
}

/// What somebody wrote in Slack, as people read it.
fn readable(scene: Scene<'_>, markup: &str) -> String {
    crate::command::visible(markup, scene.roster)
}

fn quoted(text: &str) -> String {
    escape(&shorten(text.trim(), QUOTED))
}

fn refused_room(code: &str) -> String {
    let what = match code {
        "is_archived" => "Its channel was archived".to_owned(),
        "channel_not_found" => "Its channel is gone, or I was taken out of it".to_owned(),
        "not_in_channel" => "I was taken out of its channel".to_owned(),
        "missing_scope" => {
            "It cannot have a channel of its own: the app lacks the scope `channels:manage` (install it again from \
             `nightbell manifest`)"
                .to_owned()
        }
        "name_taken" => "It cannot have a channel of its own: every name I tried is taken".to_owned(),
        "restricted_action" => {
            "It cannot have a channel of its own: this workspace does not let apps open channels".to_owned()
        }
        code => format!("Its channel cannot be used (Slack says `{}`)", escape(code)),
    };
    format!(":warning: {what}. It goes on here, in this thread.")
}

fn why_not_invited(code: &str) -> String {
    match code {
        "user_not_found" => "they have left, or I do not know them".to_owned(),
        "user_is_restricted" | "user_is_ultra_restricted" => "they are a guest; somebody has to invite them".to_owned(),
        "missing_scope" => "the app lacks the scope `channels:manage`".to_owned(),
        code => format!("Slack says `{}`", escape(code)),
    }
}

/// How an incident ended, after its id: `INC-7 was resolved`.
pub(super) fn ended(status: Status) -> &'static str {
    match status {
        Status::Resolved => "was resolved",
        Status::Cancelled => "was cancelled",
        Status::Merged => "was merged",
        Status::Investigating | Status::Identified | Status::Monitoring => "is open",
    }
}

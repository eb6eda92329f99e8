//! `/incident`: declaring, leading, telling.
//!
//! Which incident is meant may be left out: then it is the one whose channel or thread it is said in, or the domain finds
//! the only one that is open.

use chrono::{DateTime, NaiveTime, Utc};

use super::Speaker;
use super::form::incident::Sheet;
use super::names;
use super::pattern::{Blank, Matched};
use super::reading::{Problem, Question, Reading, Which};
use super::table::{Action, Usage};
use super::time::Moment;
use super::words::key;
use crate::domain::Request;
use crate::domain::ids::IncidentId;
use crate::domain::incident::{
    Aftermath, Ask, Declaration, Details, LEAD, Level, Nag, Recipient, Severity, Status, Topic, Wish, Words,
};

/// What a usage that fits leads to.
pub(super) fn act(usage: &'static Usage, matched: &Matched, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    let missing = |blank| Box::new(Problem::Missing { usage, blank });
    let id = matched.incident().or(speaker.incident);
    let text = || matched.text().map(str::to_owned);
    let some_text = |blank| text().ok_or_else(|| missing(blank));
    let person = || matched.person_or(speaker.by).ok_or_else(|| missing(Blank::User));
    let severity = || matched.severity().ok_or_else(|| missing(Blank::Severity));
    let ask = |ask| Reading::Ask(Request::Incident { id, ask });
    Ok(match usage.action {
        Action::DeclareForm => Reading::Sheet(Sheet::declare(Declaration {
            team: speaker.team_here(),
            ..Declaration::default()
        })),
        Action::Declare => Reading::Ask(Request::Declare(Declaration {
            title: title(usage, matched, speaker)?,
            severity: matched.severity().unwrap_or_default(),
            team: matched.team().cloned().or_else(|| speaker.team_here()),
            ..Declaration::default()
        })),
        Action::IncidentList => Reading::Show(Question::Incidents {
            team: matched.team().cloned(),
            which: if matched.says("all") {
                Which::All
            } else if matched.says("mine") {
                Which::Mine(speaker.by.clone())
            } else {
                Which::Open
            },
        }),
        Action::Timeline => Reading::Show(Question::Timeline(id)),
        Action::Roles => Reading::Show(Question::Roles(id)),
        Action::Actions => Reading::Show(match id {
            Some(id) => Question::Actions(Some(id)),
            None => Question::OpenActions {
                of: Some(speaker.by.clone()),
                team: None,
            },
        }),
        Action::ActionList => Reading::Show(Question::OpenActions {
            of: None,
            team: matched.team().cloned(),
        }),
        Action::Status => match (matched.status().ok_or_else(|| missing(Blank::Status))?, text()) {
            // The end asks for last words, and what it took.
            (Status::Resolved, None) => Reading::Sheet(Sheet::Resolve(id)),
            (to, note) => ask(Ask::Status { to, note }),
        },
        Action::Severity => ask(Ask::Severity {
            to: severity()?,
            because: text(),
        }),
        Action::Lead => ask(Ask::Role {
            role: LEAD.to_owned(),
            who: person()?,
        }),
        Action::Role => ask(Ask::Role {
            role: matched.role().map(str::to_owned).ok_or_else(|| missing(Blank::Role))?,
            who: person()?,
        }),
        Action::UpdateForm => Reading::Sheet(Sheet::Update(id, None)),
        Action::UpdateWith => {
            let template = matched.template().ok_or_else(|| missing(Blank::Template))?;
            Reading::Sheet(Sheet::Update(id, Some(template.to_owned())))
        }
        Action::Update => {
            let text = some_text(Blank::Text)?;
            if let Some(word) = misspelt_template(&text, speaker) {
                return Err(Box::new(Problem::NotATemplate { usage, word }));
            }
            ask(Ask::Update(Words::free(text)))
        }
        Action::EditForm => Reading::Sheet(Sheet::Edit(id, None)),
        Action::Edit => match (matched.number(), text()) {
            (number, None) => Reading::Sheet(Sheet::Edit(id, number)),
            (number, Some(text)) => ask(Ask::EditUpdate {
                number,
                words: Words::free(text),
            }),
        },
        Action::Updates => Reading::Show(Question::Updates(id)),
        Action::Title => ask(Ask::Describe(Details {
            title: Some(some_text(Blank::Title)?),
            ..Details::default()
        })),
        Action::DetailsForm => Reading::Sheet(Sheet::Details(id)),
        Action::IncidentNote => ask(Ask::Note(some_text(Blank::Text)?)),
        Action::Link => ask(Ask::Link(matched.alert().ok_or_else(|| missing(Blank::Alert))?)),
        Action::Page => ask(Ask::Page {
            team: matched.team().cloned().ok_or_else(|| missing(Blank::Team))?,
            message: text(),
        }),
        Action::AddAction => {
            let (text, by) = dated(some_text(Blank::Text)?, matched);
            ask(Ask::Act {
                text,
                owner: matched.person_or(speaker.by),
                due: due(by, speaker)?,
            })
        }
        Action::Done => ask(Ask::Did(matched.number().ok_or_else(|| missing(Blank::Number))?)),
        Action::IncidentSnooze => ask(Ask::Snooze {
            length: matched.duration().ok_or_else(|| missing(Blank::Duration))?,
            because: Some(some_text(Blank::Reason)?),
            of: None,
        }),
        Action::Remind => ask(Ask::Switch {
            of: Nag::ALL
                .into_iter()
                .find(|nag| nag_words(*nag).iter().any(|word| matched.says(word)))
                .ok_or_else(|| missing(Blank::Word))?,
            on: matched.says("on"),
        }),
        Action::IncidentResolve => match text() {
            None => Reading::Sheet(Sheet::Resolve(id)),
            summary => ask(Ask::Resolve {
                summary,
                aftermath: Aftermath::default(),
            }),
        },
        Action::IncidentReopen => ask(Ask::Reopen(text())),
        Action::CancelIncident => ask(Ask::Cancel(some_text(Blank::Reason)?)),
        Action::Merge => merge(matched.incidents().as_slice(), speaker).ok_or_else(|| missing(Blank::Incident))?,
        Action::Export => Reading::Export(id),
        Action::Postmortem => Reading::Postmortem(id),
        Action::PostmortemLink => ask(Ask::Written(
            matched.link().map(str::to_owned).ok_or_else(|| missing(Blank::Link))?,
        )),
        Action::PostmortemDeclined => ask(Ask::NotNeeded(some_text(Blank::Reason)?)),
        Action::Analyses => Reading::Show(Question::Analyses(matched.team().cloned())),
        Action::Subscribe => Reading::Ask(Request::Subscription(Wish::Subscribe {
            who: listener(matched, speaker),
            to: topic(matched, speaker),
            level: Level::ALL
                .into_iter()
                .find(|level| matched.says(level.word()))
                .unwrap_or_default(),
        })),
        Action::Unsubscribe => match topic(matched, speaker) {
            // What there is stands with a button each.
            None => Reading::Show(Question::Subscriptions {
                of: speaker.by.clone(),
                here: speaker.channel.clone(),
            }),
            to => Reading::Ask(Request::Subscription(Wish::Unsubscribe {
                who: listener(matched, speaker),
                to,
            })),
        },
        Action::Subscriptions => Reading::Show(Question::Subscriptions {
            of: speaker.by.clone(),
            here: speaker.channel.clone(),
        }),
        _ => Reading::Show(Question::Incident(id)),
    })
}

/// What is wrong: a severity alone is no title, and one that does not exist is not meant as the beginning of one.
fn title(usage: &'static Usage, matched: &Matched, speaker: &Speaker<'_>) -> Result<String, Box<Problem>> {
    let missing = || {
        Box::new(Problem::Missing {
            usage,
            blank: Blank::Title,
        })
    };
    let title = matched.text().ok_or_else(missing)?;
    let is_no_title = title.to_lowercase().starts_with("for ");
    if is_no_title && speaker.roster.team_named(&title["for ".len()..]).is_some() {
        return Err(missing());
    }
    if matched.severity().is_some() {
        return Ok(title.to_owned());
    }
    let mut words = title.split_whitespace();
    let first = words.next().map(key).unwrap_or_default();
    let number = match first.strip_prefix("sev") {
        Some("") => words.next().map(key).unwrap_or_default(),
        Some(number) => number.trim_start_matches('-').to_owned(),
        None => return Ok(title.to_owned()),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    match format!("sev{number}").parse::<Severity>() {
        Ok(_) => Err(missing()),
        Err(_) if is_number => Err(Box::new(Problem::NotASeverity {
            usage,
            word: format!("sev{number}"),
        })),
        Err(_) => Ok(title.to_owned()),
    }
}

/// How a kind of reminder is typed.
fn nag_words(of: Nag) -> &'static [&'static str] {
    match of {
        Nag::Lead => &["lead"],
        Nag::Update => &["updates", "update"],
        Nag::Monitoring => &["monitoring"],
        Nag::Analysis => &["postmortem", "postmortems", "analysis"],
        Nag::Action => &["actions", "action"],
    }
}

/// The name in `with outtage`, which is nearly that of a template: whoever types it wants the form, and readers should not
/// be told those words.
fn misspelt_template(text: &str, speaker: &Speaker<'_>) -> Option<String> {
    let templates = &speaker.roster.incidents.templates;
    let name = text.strip_prefix("with")?;
    let is_word = name.is_empty() || name.starts_with(char::is_whitespace);
    let name = name.trim();
    // Where there are none, one word cannot be meant for readers either.
    let is_asked_for = templates.is_empty() && !name.contains(char::is_whitespace);
    let is_near =
        name.is_empty() || is_asked_for || templates.iter().any(|template| names::are_alike(name, &template.name));
    (is_word && is_near).then(|| name.to_owned())
}

/// What is to be done, and by when: whoever names somebody last, as in `raise the limit by fri for @ben`, said it before.
fn dated(text: String, matched: &Matched) -> (String, Option<Moment>) {
    if let Some(moment) = matched.times().first() {
        return (text, Some(*moment));
    }
    let said = text.rsplit_once(" by ");
    let said = said.and_then(|(what, when)| Some((what.trim().to_owned(), Moment::parse(when)?)));
    match said.filter(|(what, _)| !what.is_empty()) {
        Some((what, moment)) => (what, Some(moment)),
        None => (text, None),
    }
}

/// By when something is to be done: a day that is named alone ends with its working hours, not with its first moment.
fn due(by: Option<Moment>, speaker: &Speaker<'_>) -> Result<Option<DateTime<Utc>>, Box<Problem>> {
    let evening = NaiveTime::from_hms_opt(17, 0, 0);
    let moment = by.map(|moment| match moment {
        Moment::Wall { day, time: None } => Moment::Wall { day, time: evening },
        other => other,
    });
    let zone = speaker.roster.zone_of(speaker.by);
    let instant = moment.map(|moment| moment.on(zone, speaker.now)).transpose();
    instant.map_err(|why| Box::new(Problem::NoInstant { why }))
}

/// Who is told: this channel, or whoever asks.
fn listener(matched: &Matched, speaker: &Speaker<'_>) -> Option<Recipient> {
    // A direct conversation is a person.
    let is_channel = !speaker.channel.as_str().starts_with('D');
    (matched.says("here") && is_channel).then(|| Recipient::Channel(speaker.channel.clone()))
}

fn topic(matched: &Matched, speaker: &Speaker<'_>) -> Option<Topic> {
    let here = speaker.incident.map(Topic::Incident);
    matched.topic().cloned().or(here)
}

fn merge(named: &[IncidentId], speaker: &Speaker<'_>) -> Option<Reading> {
    let (id, into) = match named {
        [into] => (speaker.incident, *into),
        [id, into] => (Some(*id), *into),
        _ => return None,
    };
    Some(Reading::Ask(Request::Incident {
        id,
        ask: Ask::Merge(into),
    }))
}

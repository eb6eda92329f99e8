//! Lines as people type them, and what they were read as: the workspace they are typed in, and how a reading is printed.

mod incidents;
mod messages;
mod properties;
mod replies;
mod runbooks;
mod tables;
mod usages;

use chrono_tz::Tz;

use super::*;
use crate::domain::duration;
use crate::domain::escalation::Policy;
use crate::domain::ids::{GroupId, RunbookId, TeamId};
use crate::domain::roster::{Person, Standing};
use crate::domain::rotation::{Member, Period, Rotation};
use crate::domain::runbook::{Library, Runbook};
use crate::domain::team::Team;

/// A workspace with three teams; ana and ben are cloud's, cleo is nobody's.
pub(super) fn roster() -> Roster {
    let person = |id: &str, handle: &str, name: &str| Person {
        id: UserId::new(id),
        handle: handle.to_owned(),
        name: name.to_owned(),
        email: Some(format!("{handle}@example.com")),
        zone: None,
        standing: Standing::Active,
    };
    let people = [
        person("U1", "ana", "Ana Ruiz"),
        person("U2", "ben", "Ben"),
        person("U3", "cleo", "Cleo"),
        person("UBOT", "nightbell", "Nightbell"),
    ];
    let team = |id: &str, name: &str, aliases: &[&str], group: Option<&str>, members: &[&str]| Team {
        id: TeamId::new(id),
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        channel: Ok(ChannelId::new(format!("C{}", id.to_uppercase()))),
        group: group.map(GroupId::new),
        handle: None,
        rotations: vec![Rotation {
            name: "primary".to_owned(),
            zone: Tz::UTC,
            start: chrono::NaiveDate::from_ymd_opt(2026, 1, 5)
                .and_then(|day| day.and_hms_opt(9, 0, 0))
                .expect("a date"),
            every: Period::Weeks(1),
            members: members.iter().map(|id| Member::Known(UserId::new(*id))).collect(),
            changes: Vec::new(),
            freezes: Vec::new(),
            hours: Vec::new(),
        }],
        duties: Vec::new(),
        policy: Policy::default(),
        posts_only: Vec::new(),
        lease: crate::domain::team::USUAL_LEASE,
        permissions: crate::domain::permission::Permissions::default(),
    };
    let teams = [
        team("cloud", "Cloud", &["cloud ops", "k8s"], Some("S1"), &["U1", "U2"]),
        team("payments", "Payments", &["billing"], None, &["U2"]),
        team("data", "Data Platform", &[], Some("S2"), &[]),
    ];
    Roster {
        teams: teams.into_iter().map(|team| (team.id.clone(), team)).collect(),
        people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
        groups: [("S1", "cloud-support"), ("S2", "data-people")]
            .map(|(id, handle)| (GroupId::new(id), handle.to_owned()))
            .into(),
        group_members: std::collections::BTreeMap::new(),
        fallback: ChannelId::new("CFALL"),
        admins: Vec::new(),
        guests: crate::domain::roster::Guests::default(),
        incidents: crate::domain::incident::Rules {
            templates: vec![crate::domain::incident::Template {
                name: "outage".to_owned(),
                ..crate::domain::incident::Template::default()
            }],
            ..crate::domain::incident::Rules::default()
        },
        runbooks: runbooks(),
        actions: crate::domain::runbook::Allowed::default(),
        zone: Tz::UTC,
        address: String::new(),
    }
}

fn runbooks() -> Library {
    let book = |id: &str, title: &str| Runbook {
        id: RunbookId::new(id),
        title: title.to_owned(),
        ..Runbook::default()
    };
    Library::new(
        [book("disk-full", "A disk is full"), book("restart", "Disk is full")],
        Vec::new(),
    )
}

/// Reads something with ana speaking in `#ops`, which is no team's channel.
fn with<T>(here: Option<u64>, channel: &str, read: impl FnOnce(&Speaker<'_>) -> T) -> T {
    let roster = roster();
    read(&Speaker {
        roster: &roster,
        by: &UserId::new("U1"),
        channel: &ChannelId::new(channel),
        now: chrono::DateTime::UNIX_EPOCH,
        here: here.map(AlertId),
        incident: None,
        run: None,
    })
}

fn alert(text: &str) -> Reading {
    with(None, "COPS", |speaker| slash("/alert", text, &[], speaker))
}

fn oncall(text: &str) -> Reading {
    with(None, "COPS", |speaker| slash("/oncall", text, &[], speaker))
}

fn incident(text: &str) -> Reading {
    with(None, "COPS", |speaker| slash("/incident", text, &[], speaker))
}

/// A message.
pub(super) fn somewhere() -> MessageRef {
    MessageRef {
        channel: ChannelId::new("COPS"),
        message: crate::domain::ids::MessageId::new("1.0"),
    }
}

fn said(text: &str, addressed: Addressed, here: Option<u64>) -> Reading {
    with(here, "COPS", |speaker| {
        reply(text, addressed, &UserId::new("UBOT"), speaker)
    })
}

fn problem_of(reading: Reading) -> Problem {
    match reading {
        Reading::Confused(misread) => misread.problem,
        other => panic!("not confused: {other:?}"),
    }
}

/// A reading in a line, so that tables can be read.
fn line(reading: &Reading) -> String {
    let ids = |teams: &[TeamId]| teams.iter().map(TeamId::as_str).collect::<Vec<_>>().join(" ");
    let first_words = |usages: &[&Usage]| {
        let words = usages.iter().map(|usage| usage.pattern.first_word().unwrap_or("<>"));
        words.collect::<Vec<_>>().join(" ")
    };
    match reading {
        Reading::Ask(Request::Raise(raise)) => format!("{} {} <- {}", raise.team, raise.priority, raise.summary),
        Reading::Ask(Request::Acknowledge { alert, lease: None }) => format!("ack {alert}"),
        Reading::Ask(Request::Acknowledge {
            alert,
            lease: Some(lease),
        }) => format!("ack {alert} for {}", duration::show(*lease)),
        Reading::Ask(Request::StartRun(start)) => format!(
            "{} {} {:?} {}",
            if start.practice { "practice" } else { "run" },
            start.runbook,
            start.values,
            match (start.alert, start.incident) {
                (Some(alert), _) => format!("for {alert}"),
                (None, Some(incident)) => format!("for {incident}"),
                (None, None) => format!("in {}", start.channel),
            }
        ),
        Reading::Ask(Request::Run { target, ask }) => format!("{ask:?} of {target:?}"),
        Reading::AboutRun(about, target) => format!("form {about:?} {target:?}"),
        Reading::Ask(Request::GiveBack { alert }) => format!("unack {alert}"),
        Reading::Ask(Request::Reopen { alert }) => format!("reopen {alert}"),
        Reading::Ask(Request::Snooze { alert, length, because }) => {
            format!("snooze {alert} for {} because {because}", duration::show(*length))
        }
        Reading::Ask(Request::Resolve { alert, because: None }) => format!("resolve {alert}"),
        Reading::Ask(Request::Resolve {
            alert,
            because: Some(reason),
        }) => format!("resolve {alert} because {reason}"),
        Reading::Ask(Request::Escalate { alert, drawn_for }) => format!("escalate {alert} {drawn_for:?}"),
        Reading::Ask(Request::Note { alert, text }) => format!("note {alert} {text}"),
        Reading::Several(requests) => {
            let lines = requests.iter().map(|request| line(&Reading::Ask(request.clone())));
            lines.collect::<Vec<_>>().join(" & ")
        }
        Reading::Ask(Request::Assign { alert, to }) => format!("assign {alert} to {to:?}"),
        Reading::Show(Question::Sweep { what, team, of }) => {
            format!("sweep {what:?} {} {of}", team.as_ref().map_or("-", TeamId::as_str))
        }
        Reading::Show(Question::Alerts { team, which, page }) => {
            format!("list {} {which:?} {page}", team.as_ref().map_or("-", TeamId::as_str))
        }
        Reading::Show(Question::Alert(alert)) => format!("show {alert}"),
        Reading::Show(Question::OnCall(team)) => {
            format!("oncall {}", team.as_ref().map_or("-", TeamId::as_str))
        }
        Reading::Show(Question::Help { command, word }) => {
            format!("help {} {}", command.command, word.as_deref().unwrap_or("-"))
        }
        Reading::Form(draft) => format!("form {}", short(draft)),
        Reading::Ask(Request::HandoffNote { team, text }) => format!("handoff {team} {text}"),
        Reading::Ask(Request::OnCall(ask)) => format!("{ask:?}"),
        Reading::Show(
            question @ (Question::OnCallOf(_)
            | Question::Schedule { .. }
            | Question::Shifts(_)
            | Question::Duties { .. }
            | Question::Explain { .. }),
        ) => {
            format!("{question:?}")
        }
        Reading::Ask(Request::Underwater { team, text }) => format!(
            "underwater {} {}",
            team.as_ref().map_or("-", TeamId::as_str),
            text.as_deref().unwrap_or("-")
        ),
        Reading::Ask(Request::Duty { task, how }) => format!("{how:?} {task:?}"),
        Reading::Calendar(whose) => format!("calendar {whose:?}"),
        Reading::Show(Question::Reachable(team)) => format!("check {}", team.as_ref().map_or("-", TeamId::as_str)),
        Reading::About(about, alert) => format!("form {about:?} {alert}"),
        Reading::Sheet(sheet) => format!("sheet {sheet:?}"),
        Reading::Postmortem(id) => format!("postmortem {}", which(*id)),
        Reading::Export(id) => format!("export {}", which(*id)),
        Reading::Keep { incident, at } => format!("keep {} in {}", at.message, which(*incident)),
        Reading::Ask(Request::Declare(declared)) => format!(
            "declare {} {} <- {}",
            declared.severity,
            declared.team.as_ref().map_or("-", TeamId::as_str),
            declared.title
        ),
        Reading::Ask(Request::Incident { id, ask }) => format!("{} {ask:?}", which(*id)),
        Reading::Ask(Request::Subscription(wish)) => format!("{wish:?}"),
        Reading::Show(Question::Incidents { team, which }) => {
            format!("incidents {} {which:?}", team.as_ref().map_or("-", TeamId::as_str))
        }
        Reading::Show(
            question @ (Question::Runbooks { .. }
            | Question::Runbook(_)
            | Question::RunHistory(_)
            | Question::RunbookMistakes
            | Question::Runs(_)
            | Question::Run { .. }
            | Question::Incident(_)
            | Question::Timeline(_)
            | Question::Roles(_)
            | Question::Subscriptions { .. }
            | Question::Analyses(_)
            | Question::OpenActions { .. }
            | Question::Updates(_)
            | Question::Actions(_)),
        ) => format!("{question:?}"),
        Reading::Ask(Request::Test { team }) => format!("test {}", team.as_ref().map_or("-", TeamId::as_str)),
        Reading::Ask(Request::Join { alert, text }) => format!("join {alert} {text}"),
        Reading::NotForUs => "not for us".to_owned(),
        Reading::Confused(misread) => match &misread.problem {
            Problem::Overheard { .. } => "overheard".to_owned(),
            Problem::UnknownCommand => "unknown command".to_owned(),
            Problem::UnfitShortcut { ways } => format!("shortcut, ways {}", ways.join(", ")),
            Problem::UnknownWord { word, nearest, .. } => format!("unknown {word}: {}", first_words(nearest)),
            Problem::Missing { usage, blank } => format!("`{}` lacks {blank}", usage.pattern),
            Problem::TooLong { word, .. } => format!("too long {word}"),
            Problem::NotDays { word, .. } => format!("no days {word}"),
            Problem::NotAPriority { word, draft } => format!("no priority {word}, {}", short(draft)),
            Problem::NotATime { word, .. } => format!("no time {word}"),
            Problem::NoInstant { .. } => "no instant".to_owned(),
            Problem::NotAPerson { word, .. } => format!("nobody {word}"),
            Problem::NotARun { word, .. } => format!("no run {word}"),
            Problem::NotARunbook { word, .. } => format!("no runbook {word}"),
            Problem::NotACause { word, .. } => format!("no cause {word}"),
            Problem::NotAnOverride { word, .. } => format!("no override {word}"),
            Problem::NotADuration { word, .. } => format!("no duration {word}"),
            Problem::NotAnAlert { word, .. } => format!("no alert {word}"),
            Problem::NotAnIncident { word, .. } => format!("no incident {word}"),
            Problem::NotASeverity { word, .. } => format!("no severity {word}"),
            Problem::NotAStatus { word, .. } => format!("no status {word}"),
            Problem::NotARole { word, .. } => format!("no role {word}"),
            Problem::NotATemplate { word, .. } => format!("no template {word}"),
            Problem::NotALink { word, .. } => format!("no link {word}"),
            Problem::NotANumber { word, .. } => format!("no number {word}"),
            Problem::OtherKind { word, kind, .. } => format!("{word} is {kind:?}"),
            Problem::Surplus { words, usage } => format!("`{}` and then {words}", usage.pattern),
            Problem::NoTeam { draft, nearest } => format!("no team, {}: {}", short(draft), ids(nearest)),
            Problem::UnknownTeam {
                word, nearest, draft, ..
            } => format!(
                "no team {word}{}: {}",
                draft
                    .as_ref()
                    .map(|draft| format!(", {}", short(draft)))
                    .unwrap_or_default(),
                ids(nearest)
            ),
            Problem::PersonNotTeam { person, nearest, draft } => format!(
                "person {person}{}: {}",
                draft
                    .as_ref()
                    .map(|draft| format!(", {}", short(draft)))
                    .unwrap_or_default(),
                ids(nearest)
            ),
            Problem::LooksLikeMessage { usage, draft, team } => {
                format!("`{}` or {} for {team}", usage.pattern, short(draft))
            }
        },
    }
}

fn which(id: Option<IncidentId>) -> String {
    id.map_or_else(|| "the open one".to_owned(), |id| id.to_string())
}

fn short(draft: &Draft) -> String {
    format!(
        "{} {} <- {}",
        draft.team.as_ref().map_or("-", TeamId::as_str),
        draft.priority,
        draft.summary
    )
}

/// Checks a table of `typed => reading` lines.
fn table(read: impl Fn(&str) -> Reading, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(typed, expected)| {
            let actual = line(&read(typed));
            (actual != *expected).then(|| format!("{typed:?}\n    expected {expected}\n    read     {actual}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

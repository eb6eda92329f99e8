//! The answer to what could not be read: what is so, what would work, and every word that was typed.

use chrono::DateTime;
use chrono_tz::Tz;
use slack_morphism::prelude::*;

use super::blocks::{actions, context, literal, press, section};
use super::help::{example, line};
use super::text::{escape, list, mention, name, shorten, team};
use super::{Scene, message};
use crate::command::button::Carrying;
use crate::command::time::NoInstant;
use crate::command::{Action, Blank, Button, Command, Draft, Misread, OtherKind, Problem, Usage};
use crate::domain::ids::{TeamId, UserId};
use crate::slack::call::Message;

/// How many teams are offered as buttons; the form has them all.
const OFFERED: usize = 5;
/// How much of what was typed is given back; the rest is in a section of its own where it is longer.
const GIVEN_BACK: usize = 2900;

/// Says what was not understood.
pub fn show(scene: Scene<'_>, misread: &Misread) -> Message {
    let command = Command::named(misread.command.trim_start_matches('/'));
    let Answer { text, buttons } = match command {
        Some(command) => answer(scene, command, &misread.problem),
        None if let Problem::UnfitShortcut { ways } = &misread.problem => Answer::words(unfit(ways)),
        None => Answer::words(unknown_command(&misread.command)),
    };
    let mut drawn: Vec<SlackBlock> = vec![section(&text)];
    let typed = format!("{} {}", misread.command, misread.typed);
    let typed = typed.trim();
    drawn.push(context("You typed:"));
    drawn.extend(literal(&shorten(typed, GIVEN_BACK)));
    drawn.extend(actions(buttons));
    message(
        format!("{text}\nYou typed: {}", escape(&shorten(typed, GIVEN_BACK))),
        drawn,
    )
}

struct Answer {
    text: String,
    buttons: Vec<SlackBlockButtonElement>,
}

impl Answer {
    fn words(text: String) -> Self {
        Self {
            text,
            buttons: Vec::new(),
        }
    }
}

fn answer(scene: Scene<'_>, command: &Command, problem: &Problem) -> Answer {
    match problem {
        Problem::UnfitShortcut { ways } => Answer::words(unfit(ways)),
        Problem::UnknownCommand => Answer::words(unknown_command(&command.command)),
        Problem::Overheard { bot } => Answer::words(format!(
            "Nothing was done: people talk here, so I do only what is said to me. Say it with {} before it, or type it as \
             `{} …` in the channel.",
            mention(bot),
            command.command
        )),
        Problem::UnknownWord { word, nearest, draft } => {
            let usages: Vec<String> = nearest.iter().take(3).map(|usage| line(command, usage)).collect();
            let text = format!(
                "I do not know `{}`. Did you mean {}? `{} help` shows everything.",
                escape(&shorten(word, 60)),
                one_of(&usages),
                command.command
            );
            let open = (!draft.summary.is_empty())
                .then(|| match command.usage(Action::Declare) {
                    Some(_) => open_declaration(draft),
                    None => open_form(draft),
                })
                .flatten();
            Answer {
                text,
                buttons: open.into_iter().collect(),
            }
        }
        Problem::Missing { usage, blank } => Answer::words(format!(
            "{} is missing. {}",
            match blank {
                Blank::Alert | Blank::Alerts => "The alert",
                Blank::Who => "Who is to have it",
                Blank::Team => "The team",
                Blank::Priority => "The priority",
                Blank::Duration => "How long",
                Blank::Message => "The message",
                Blank::Text => "The text",
                Blank::Reason => "The reason",
                Blank::Word => "A word",
                Blank::User => "The person",
                Blank::Rotation => "The rotation",
                Blank::Time => "The time",
                Blank::Override => "The override",
                Blank::Days => "How many days",
                Blank::Incident => "The incident",
                Blank::Severity => "The severity",
                Blank::Status => "The status",
                Blank::Role => "The role",
                Blank::Template => "The template",
                Blank::Title => "The title",
                Blank::Number => "The number",
                Blank::Topic => "What to hear of",
                Blank::Link => "The link",
                Blank::Run => "The run",
                Blank::Runbook => "The runbook",
                Blank::Cause => "The incident or alert",
                Blank::Values => "What the runbook wants to know, as name=value,",
            },
            works(command, usage)
        )),
        Problem::NotAnAlert { usage, word } => Answer::words(format!(
            "`{}` is not the id of an alert; those look like `A-12`, or just `12`. {} `/alert list` shows what is open.",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotADuration { usage, word } => Answer::words(format!(
            "`{}` is not a length of time; those look like `45s`, `10m`, `2h30m`, `3d` or `1 week`. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotATime { usage, word } => Answer::words(format!(
            "`{}` is not a time; those look like `tomorrow 9:00`, `mon 18:00`, `2026-11-21 09:00` or `in 2h`. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NoInstant { why } => Answer::words(no_instant(why)),
        Problem::NotAPerson { usage, word } => Answer::words(format!(
            "I know nobody called `{}`: write `@name` or an e-mail address. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotARun { usage, word } => Answer::words(format!(
            "`{}` is no run's number; those look like `R-3`, and `/runbook runs` lists them. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotARunbook { usage: _, word } => Answer::words(super::runbook::no_runbook(scene, word)),
        Problem::NotACause { usage, word } => Answer::words(format!(
            "`{}` is neither an incident nor an alert; those look like `INC-7` and `A-12`. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotAnOverride { usage, word } => Answer::words(format!(
            "`{}` is not the id of an override; those look like `O-3`. {} `/oncall me` shows yours.",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotAnIncident { usage, word } => Answer::words(format!(
            "`{}` is not the id of an incident; those look like `INC-7`. {} `/incident list` shows what is open.",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotASeverity { usage, word } => Answer::words(format!(
            "`{}` is not a severity; there are `sev1`, `sev2`, `sev3` and `sev4`. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotAStatus { usage, word } => Answer::words(format!(
            "`{}` is not a status; there are `investigating`, `identified`, `monitoring` and `resolved`. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotATemplate { usage, word } => {
            let templates = scene.roster.incidents.templates.iter();
            let names: Vec<String> = templates.map(|it| format!("`{}`", escape(&it.name))).collect();
            Answer::words(format!(
                "`{}` is not a template; there are {}. {}",
                escape(&shorten(word, 60)),
                list(&names),
                works(command, usage)
            ))
        }
        Problem::NotARole { usage, word } => {
            let roles = scene.roster.incidents.all_roles();
            let roles: Vec<String> = roles.map(|role| format!("`{}`", escape(role))).collect();
            Answer::words(format!(
                "`{}` is not a role; there are {}. {}",
                escape(&shorten(word, 60)),
                list(&roles),
                works(command, usage)
            ))
        }
        Problem::NotALink { usage, word } => Answer::words(format!(
            "`{}` is not a link; those begin with `https://`. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotANumber { usage, word } => Answer::words(format!(
            "`{}` is not a number. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::OtherKind { usage, word, kind } => Answer::words(format!(
            "`{}` is the id of {}, and this takes an alert: those look like `A-12`. {}",
            escape(&shorten(word, 60)),
            match kind {
                OtherKind::Incident => "an incident",
                OtherKind::Run => "a run of a runbook",
            },
            works(command, usage)
        )),
        Problem::Surplus { usage, words } => Answer::words(format!(
            "I do not know what to do with `{}` there. {}",
            escape(&shorten(words, 200)),
            works(command, usage)
        )),
        Problem::NoTeam { draft, nearest } => raising(scene, "Which team is this for?", command, nearest, Some(draft)),
        Problem::UnknownTeam { word, nearest, draft } => {
            let text = format!("There is no team called `{}`.", escape(&shorten(word, 60)));
            raising(scene, &text, command, nearest, draft.as_ref())
        }
        Problem::PersonNotTeam { person, nearest, draft } => {
            let text = format!(
                "{} is a person, and alerts go to teams, so that somebody is always there.",
                name(scene.roster, person)
            );
            let mut answer = raising(scene, &text, command, nearest, draft.as_ref());
            answer
                .buttons
                .splice(0..0, directly(scene, person, nearest, draft.as_ref()));
            answer
        }
        Problem::LooksLikeMessage { usage, draft, team: id } => {
            let raise = Button::Raise {
                team: id.clone(),
                draft: draft.clone(),
            };
            let label = format!("Page {} with this message", plain_team(scene, id));
            Answer {
                text: format!(
                    "Nothing was raised: this reads like a message for {}, and like {} too.",
                    team(scene.roster, id),
                    line(command, usage)
                ),
                buttons: if raise.fits() {
                    vec![press(&label, &raise)]
                } else {
                    open_form(draft).into_iter().collect()
                },
            }
        }
    }
}

/// The nearest teams, as buttons that carry the message.
fn raising(scene: Scene<'_>, lead: &str, command: &Command, nearest: &[TeamId], draft: Option<&Draft>) -> Answer {
    if nearest.is_empty() {
        return Answer::words(format!("{lead} There are no teams in the configuration yet."));
    }
    let names: Vec<String> = nearest
        .iter()
        .take(OFFERED)
        .map(|id| format!("`{}`", team(scene.roster, id)))
        .collect();
    let Some(draft) = draft else {
        return Answer::words(format!("{lead} The nearest: {}.", names.join(", ")));
    };
    let carrying = nearest.iter().take(OFFERED).map(|id| Button::Raise {
        team: id.clone(),
        draft: draft.clone(),
    });
    let mut buttons: Vec<_> = nearest
        .iter()
        .zip(carrying)
        .filter(|(_, button)| button.fits())
        .map(|(id, button)| press(&format!("Page {}", plain_team(scene, id)), &button))
        .collect();
    let (how, typed) = if buttons.is_empty() {
        (
            "The message is too long for a button, so please type the team yourself",
            format!("`{} … for <team>`", command.command),
        )
    } else {
        (
            "Nothing was raised yet: press a button, or type",
            format!("`{} … for <team>`", command.command),
        )
    };
    buttons.extend(open_form(draft));
    let text = format!(
        "{lead} {how}: {}. The nearest: {}.",
        typed.replace('<', "&lt;").replace('>', "&gt;"),
        names.join(", ")
    );
    Answer { text, buttons }
}

/// A button that pages the person all the same, and their team when they do not answer.
fn directly(
    scene: Scene<'_>,
    person: &UserId,
    nearest: &[TeamId],
    draft: Option<&Draft>,
) -> Option<SlackBlockButtonElement> {
    let handle = scene.roster.people.get(person)?.handle.as_str();
    let team = nearest.first()?.clone();
    let label = format!("Page @{handle}, then {}", plain_team(scene, &team));
    let draft = Draft {
        to: Some(person.clone()),
        ..draft?.clone()
    };
    let button = Button::Raise { team, draft };
    button.fits().then(|| press(&label, &button))
}

fn open_declaration(draft: &Draft) -> Option<SlackBlockButtonElement> {
    // `sev1 checkout is broken` says how bad it is.
    let said = draft.summary.split_once(char::is_whitespace);
    let bad = said.and_then(|(first, title)| Some((first.parse().ok()?, title.trim())));
    let open = match bad {
        Some((severity, title)) => Button::Carrying(Carrying::Declare(severity, title.to_owned())),
        None => Button::Declare {
            alert: None,
            title: draft.summary.clone(),
        },
    };
    open.fits().then(|| press("Declare it…", &open))
}

fn open_form(draft: &Draft) -> Option<SlackBlockButtonElement> {
    let open = Button::OpenForm { draft: draft.clone() };
    open.fits().then(|| press("Open the form", &open))
}

/// The usage that was begun, and an example of it.
fn works(command: &Command, usage: &Usage) -> String {
    match example(command, usage) {
        Some(example) => format!("This works: {}, for example {example}.", line(command, usage)),
        None => format!("This works: {}.", line(command, usage)),
    }
}

/// Why a time on the wall is none, with what can be typed instead.
pub fn no_instant(why: &NoInstant) -> String {
    let wall = |at: &DateTime<Tz>| at.format("%Y-%m-%d %H:%M").to_string();
    let exact = |at: &DateTime<Tz>| at.format("%Y-%m-%d %H:%M%:z").to_string();
    match why {
        NoInstant::Skipped { before, after } => format!(
            "That time does not exist: the clocks of {} go forward over it. Type `{}` or `{}`.",
            after.timezone(),
            wall(before),
            wall(after)
        ),
        NoInstant::Twice { first, second } => format!(
            "That time exists twice: the clocks of {} go back over it. Type `{}` for the first, `{}` for the second.",
            first.timezone(),
            exact(first),
            exact(second)
        ),
        NoInstant::BeyondTheCalendar => "That time is beyond the calendar.".to_owned(),
    }
}

/// How a shortcut can be typed.
fn unfit(ways: &[String]) -> String {
    let ways: Vec<String> = ways.iter().map(|way| format!("`{}`", escape(way))).collect();
    format!("This works: {}.", one_of(&ways))
}

fn unknown_command(typed: &str) -> String {
    let known: Vec<String> = crate::command::commands()
        .iter()
        .map(|command| format!("`{} help`", command.command))
        .collect();
    format!(
        "I do not know `{}`. Try {}.",
        escape(&shorten(typed, 60)),
        one_of(&known)
    )
}

/// A team's name for a label, which is plain text.
fn plain_team(scene: Scene<'_>, id: &TeamId) -> String {
    scene
        .roster
        .teams
        .get(id)
        .map_or_else(|| id.as_str().to_owned(), |team| team.name.clone())
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

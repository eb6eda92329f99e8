//! The answer to what could not be read: what is so, what would work, and every word that was typed.

use chrono::DateTime;
use chrono_tz::Tz;
use slack_morphism::prelude::*;

use super::blocks::{actions, context, literal, press, section};
use super::help::{example, line};
use super::teams::{Answer, directly, one_of, open_form, plain_team, raising, there_are};
use super::text::{escape, list, mention, name, shorten, team};
use super::{Scene, message};
use crate::command::button::Carrying;
use crate::command::time::NoInstant;
use crate::command::{Action, Blank, Button, Command, Draft, Misread, OtherKind, Problem, Usage};
use crate::slack::call::Message;

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
            Answer {
                text,
                buttons: open(command, draft).into_iter().collect(),
            }
        }
        Problem::Missing { usage, blank } => Answer::words(format!(
            "{} is missing. {}",
            match blank {
                Blank::Alert | Blank::Alerts => "The alert",
                Blank::Who => "The person or the team",
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
        Problem::TooLong { usage, word } => Answer::words(format!(
            "`{}` is too long{} {}",
            escape(&shorten(word, 60)),
            longest(usage.action),
            works(command, usage)
        )),
        Problem::NotDays { usage, word, most } => Answer::words(format!(
            "`{}` is not possible there: any number of days from `1` to `{most}` is. {}",
            escape(&shorten(word, 60)),
            works(command, usage)
        )),
        Problem::NotAPriority { word, draft } => Answer {
            text: format!(
                "`{}` is no priority: there are `p1`, the most urgent, to `p5`; without one it is `p3`. Nothing was \
                 raised yet: type it again with one of those, or press the button and choose.",
                escape(&shorten(word, 60))
            ),
            buttons: open_form(draft).into_iter().collect(),
        },
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
        Problem::Surplus { usage, words } if words.trim().is_empty() => {
            Answer::words(format!("Something is missing there. {}", works(command, usage)))
        }
        Problem::Surplus { usage, words } => Answer::words(format!(
            "I do not know what to do with `{}` there. {}",
            escape(&shorten(words, 200)),
            works(command, usage)
        )),
        Problem::NoTeam { draft, nearest } => raising(scene, "Which team is this for?", command, nearest, Some(draft)),
        Problem::UnknownTeam {
            word,
            nearest,
            near,
            draft,
        } => {
            let text = format!("There is no team called `{}`.", escape(&shorten(word, 60)));
            match draft {
                Some(_) => raising(scene, &text, command, nearest, draft.as_ref()),
                None => Answer::words(format!("{text} {}", there_are(scene, nearest, *near))),
            }
        }
        Problem::PersonNotTeam { person, nearest, draft } => {
            let text = format!(
                "{} is a person, and a team is wanted here, so that somebody is always there.",
                name(scene.roster, person)
            );
            let is_in_one = nearest.first().and_then(|id| scene.roster.teams.get(id));
            let is_in_one = is_in_one.is_some_and(|team| team.has(person, scene.now));
            if draft.is_none() && is_in_one {
                let theirs: Vec<String> = nearest
                    .iter()
                    .map(|id| format!("`{}`", team(scene.roster, id)))
                    .collect();
                return Answer::words(format!("{text} They are in {}.", list(&theirs)));
            }
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

/// What the same words may have been meant for, where the command has a form for them.
fn open(command: &Command, draft: &Draft) -> Option<SlackBlockButtonElement> {
    if draft.summary.is_empty() {
        None
    } else if command.usage(Action::Declare).is_some() {
        open_declaration(draft)
    } else if command.usage(Action::Raise).is_some() {
        open_form(draft)
    } else {
        None
    }
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

/// The usage that was begun, and an example of it.
fn works(command: &Command, usage: &Usage) -> String {
    match example(command, usage) {
        Some(example) => format!("This works: {}, for example {example}.", line(command, usage)),
        None => format!("This works: {}.", line(command, usage)),
    }
}

/// The end of a sentence: the longest that can be asked for.
fn longest(action: Action) -> &'static str {
    match action {
        Action::Acknowledge | Action::Snooze => ": the longest is a week, `7d`.",
        Action::Take | Action::Cover | Action::Unavailable => {
            ": the longest is a year, `366d`. For more, change the rotation in the configuration."
        }
        _ => ". Name a shorter time.",
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

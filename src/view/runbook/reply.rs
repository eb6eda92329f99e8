//! What whoever asked something of a run is told.

use chrono::{DateTime, Utc};

use super::card::{said, state, step_title, title};
use crate::command::Button;
use crate::domain::Event;
use crate::domain::run::{Ask, Event as Happened, Refusal, Run};
use crate::domain::runbook::{Parameter, Unfit};
use crate::slack::call::Message;
use crate::view::blocks::{actions, press, section};
use crate::view::text::{between, channel, escape, list, name, shorten, time};
use crate::view::{Scene, message, say};

/// It was done, or it already was.
pub fn done(scene: Scene<'_>, asked: Option<&Ask>, events: &[Event]) -> Message {
    let happened = events.iter().find_map(|event| match event {
        Event::Run { id, what } => Some((*id, what)),
        Event::Alert { .. }
        | Event::OnCall { .. }
        | Event::Watch { .. }
        | Event::Incident { .. }
        | Event::Subscription { .. }
        | Event::Reviews { .. } => None,
    });
    let Some((id, what)) = happened else {
        return say("It is so already; nothing was changed.");
    };
    let Some(run) = scene.world.runs().get(id) else {
        return say("Done.");
    };
    let title = title(run);
    say(match (what, asked) {
        (Happened::Started { .. }, _) => format!(
            "{title} begins in {}: its thread has the first step.",
            channel(&run.channel)
        ),
        (Happened::Noted { .. }, _) => format!("Noted in {title}."),
        (Happened::Paged { alert, .. }, _) => super::paging::done(run, *alert),
        (Happened::Sending { .. }, _) => super::sending::taken(run),
        (Happened::Filled { .. }, _) => format!("{title} knows it now. {}", state(scene, run)),
        (Happened::Finished { .. }, _) => format!("{title}: {}", last(scene, run)),
        _ => format!("{title}: {}", state(scene, run)),
    })
}

fn last(scene: Scene<'_>, run: &Run) -> String {
    let line = run.lines.last().map(|line| said(scene, run, line)).unwrap_or_default();
    format!("{line}\n{}", state(scene, run))
}

/// No runbook is called that.
pub fn no_runbook(scene: Scene<'_>, word: &str) -> String {
    let books: Vec<&str> = scene.roster.runbooks.books().map(|book| book.id.as_str()).collect();
    if books.is_empty() {
        return "There are no runbooks yet: they are Markdown files in the folder `runbooks` beside the configuration."
            .to_owned();
    }
    let mut near: Vec<(bool, usize, &str)> = books
        .iter()
        .map(|book| (!book.contains(&word.to_lowercase()), distance(book, word), *book))
        .collect();
    near.sort_unstable();
    let near: Vec<String> = near.iter().take(3).map(|(.., book)| format!("`{book}`")).collect();
    format!(
        "No runbook is called `{}`. The nearest: {}. `/runbook list` shows all, `/runbook search …` looks into them.",
        escape(&shorten(word, 60)),
        list(&near)
    )
}

/// How many letters two words do not share, roughly.
fn distance(one: &str, other: &str) -> usize {
    let other = other.to_lowercase();
    let missing = other.chars().filter(|letter| !one.contains(*letter)).count();
    missing * 4 + one.len().abs_diff(other.len())
}

/// It was not done: what is so, then what would work.
pub fn refused(scene: Scene<'_>, refusal: &Refusal) -> Message {
    let text = match refusal {
        Refusal::NoSuchRunbook { word } => no_runbook(scene, word),
        Refusal::NoSuchRun { id } => format!(
            "There is no run {id}. {} `/runbook runs` lists those that go on.",
            match scene.world.runs().last() {
                0 => "None was started yet.".to_owned(),
                last => format!("The newest is R-{last}."),
            }
        ),
        Refusal::Going { id, by, channel: place } => format!(
            "{} has begun it already: {id}, in {}. `/runbook run …` starts another.",
            name(scene.roster, by),
            channel(place)
        ),
        Refusal::NoneOfYours => {
            "No run that goes on has to do with you. `/runbook runs` lists those that go on; then say which, such as `/runbook done R-3`."
                .to_owned()
        }
        Refusal::Several(ids) => {
            let known = ids.iter().filter_map(|id| scene.world.runs().get(*id));
            let titles: Vec<String> = known.map(title).collect();
            format!("You are in the middle of {}: say which one you mean, behind the first word.", list(&titles))
        }
        Refusal::Over { id, ended } => format!(
            "{id} is over since {}{}. `/runbook run …` starts another.",
            time(ended.at),
            match &ended.because {
                Some(because) => format!(", stopped by {}: {}", name(scene.roster, &ended.by), escape(&shorten(because, 200))),
                None => String::new(),
            }
        ),
        Refusal::Stale { id, line: Some(line) } => format!(
            "{} finished this step {}; {id} is further. The newest card in its thread is the one to press.",
            name(scene.roster, &line.by),
            ago(line.at, scene.now)
        ),
        Refusal::Stale { id, line: None } => {
            format!("Somebody went back in {id} since this card was drawn. The newest card in its thread is the one to press.")
        }
        Refusal::Missing {
            runbook,
            lacking,
            alert,
            incident,
        } => {
            let names: Vec<String> = lacking.iter().map(|parameter| format!("{}=…", parameter.name)).collect();
            let asked: Vec<String> = lacking.iter().map(|parameter| escape(parameter.question())).collect();
            let text = format!(
                "This runbook must know before it starts: {}. Say it as `/runbook run {runbook} {}`, or use the form.",
                list(&asked),
                escape(&names.join(" "))
            );
            let button = Button::StartRun {
                runbook: runbook.clone(),
                alert: *alert,
                incident: *incident,
            };
            let mut drawn = vec![section(&text)];
            drawn.extend(actions(vec![press("Open the form", &button)]));
            return message(text, drawn);
        }
        Refusal::Needs { id, lacking } => format!(
            "Something has to be known first: {}. *Fill in…* on the card of {id} asks for it, or type `/runbook set {id} {}=…`",
            list(&lacking.iter().map(|parameter| escape(parameter.question())).collect::<Vec<_>>()),
            lacking.first().map_or("name", |parameter| parameter.name.as_str())
        ),
        Refusal::JustFinished { id, line } => format!(
            "{} was through with the step before this one {}, so nothing was done now. {id} is at *{}*: if that is done too, say it \
             again in ten seconds, or press the button on its card.",
            name(scene.roster, &line.by),
            ago(line.at, scene.now),
            scene
                .world
                .runs()
                .get(*id)
                .and_then(|run| run.step().map(|(current, step)| step_title(run, current.step, current.pass, step)))
                .unwrap_or_default()
        ),
        Refusal::NoValue { name } => format!(
            "Nothing was said for `{}`, so nothing was changed. Say it as `{}=…`",
            escape(&shorten(name, 60)),
            escape(&shorten(name, 60))
        ),
        Refusal::NotUnderstood { id, ways } => {
            let ways: Vec<String> = ways.iter().map(|way| format!("“{}”", escape(way))).collect();
            let ways = if ways.is_empty() {
                String::new()
            } else {
                format!(" The words of this step's ways are {}.", list(&ways))
            };
            format!(
                "I do not know what to do with that in {id}. Here `done`, `skip because …`, `block because …`, `back`, `assign @…`, `set \
                 name=…`, `status` and `stop because …` are understood; what is said without my name becomes a note.{ways}"
            )
        }
        Refusal::NobodyToPage { id } => format!(
            "No team is known that could help with {id}: its runbook names no `owner`. `/alert … for …` pages a team."
        ),
        Refusal::GoneThrough { id, name } => format!(
            "{id} is in the middle of the values of `{}`, so they stay as they are until it is through. *Back* leads to the first of them.",
            escape(name)
        ),
        Refusal::CannotTake { who } => format!(
            "{} has left the workspace or is a program, so nothing was changed. Name somebody else.",
            name(scene.roster, who)
        ),
        Refusal::NoSuchPage { id } => format!("The current step of {id} pages nobody. `/alert … for …` does."),
        Refusal::NoSuchTeam { id, team } => format!(
            "There is no team `{}` here, so nobody was paged for {id}. `/alert` asks you whom to page.",
            escape(&shorten(team, 60))
        ),
        Refusal::AlreadyPaged { id, alert } => {
            format!("They were paged for {id} already, with {alert}. `/alert escalate {alert}` pages the next level.")
        }
        Refusal::UnknownName { name, known } => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let known = if known.is_empty() { "nothing".to_owned() } else { list(&known) };
            format!("This runbook does not ask for `{}`; it asks for {known}.", escape(&shorten(name, 60)))
        }
        Refusal::Unfit { parameter, value, why } => unfit(parameter, value, *why),
        Refusal::Gate { id } => format!("Something in this step must be read first: press *I have read this* on the card of {id}."),
        Refusal::Boxes { id, open } => format!(
            "{open} box{} of this step {} not ticked. Tick {} on the card of {id}, or `skip because …`",
            if *open == 1 { "" } else { "es" },
            if *open == 1 { "is" } else { "are" },
            if *open == 1 { "it" } else { "them" }
        ),
        Refusal::Undecided { id, ways } => {
            let ways: Vec<String> = ways.iter().map(|way| format!("“{}”", escape(way))).collect();
            format!("This step of {id} is a decision: press a button on its card, or say in its thread {}.", ways.join(" or "))
        }
        Refusal::First { id } => format!("This is the first step of {id}; there is none before it."),
        Refusal::NoSuchRequest { .. }
        | Refusal::Drill { .. }
        | Refusal::UnderWay { .. }
        | Refusal::Changed { .. }
        | Refusal::Forbidden { .. } => super::sending::refused(scene, refusal).unwrap_or_default(),
        Refusal::Secret { .. } => {
            ":lock: This step handles something secret, so I keep nothing of what is said here, and what you wrote is not noted. If it \
             was the secret itself, delete your message now. `done` and the buttons work as always."
                .to_owned()
        }
        Refusal::Empty => "There were no words. Say why, such as `because the node is gone`.".to_owned(),
        Refusal::TooLong => "That is longer than a run can keep; put it into a file and note where it is.".to_owned(),
    };
    say(text)
}

/// `4 s ago`, or that it was this moment.
pub(super) fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if (now - then).num_seconds() < 1 {
        "just now".to_owned()
    } else {
        format!("{} ago", between(then, now))
    }
}

fn unfit(parameter: &Parameter, value: &str, why: Unfit) -> String {
    let value = escape(&shorten(value, 60));
    match why {
        Unfit::NoChoice => {
            let choices: Vec<String> = parameter
                .choices
                .iter()
                .map(|choice| format!("`{}`", escape(choice)))
                .collect();
            format!(
                "`{}` cannot be `{value}`; it is one of {}.",
                parameter.name,
                list(&choices)
            )
        }
        Unfit::NoMatch => format!(
            "`{}` cannot be `{value}`: it has to fit the pattern `{}`",
            parameter.name,
            escape(parameter.pattern.as_deref().unwrap_or_default())
        ),
    }
}

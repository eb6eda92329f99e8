//! What whoever asked something of a run is told.

use super::card::{said, state, title};
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
        return say("It is as you want it already.");
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
        (Happened::Sending { .. }, _) => super::sending::taken(run),
        (Happened::Filled { .. }, _) => format!("{title} knows it now. {}", state(scene, run)),
        _ => format!("{title}: {}", last(scene, run)),
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
            "You are in the middle of no run. `/runbook runs` lists those that go on; then say which, such as `/runbook done R-3`."
                .to_owned()
        }
        Refusal::Several(ids) => {
            let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            format!("You are in the middle of {}: say which one you mean, at the end of the command.", list(&ids))
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
            "{} finished this step {} ago; {id} is further. The newest card in its thread is the one to press.",
            name(scene.roster, &line.by),
            between(line.at, scene.now)
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
            "This step wants to know {} first: *Fill in…* on its card, or `/runbook set {id} {}=…`",
            list(&lacking.iter().map(|parameter| escape(parameter.question())).collect::<Vec<_>>()),
            lacking.first().map_or("name", |parameter| parameter.name.as_str())
        ),
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
            "`{}` cannot be `{value}`; it looks like `{}`",
            parameter.name,
            escape(parameter.pattern.as_deref().unwrap_or_default())
        ),
    }
}

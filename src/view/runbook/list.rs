//! Lists of runbooks and runs, previews, and figures of earlier runs.

use chrono::TimeDelta;

use super::card::{said, state, title};
use super::rich::{pages, plainly};
use crate::command::{Button, RunScope};
use crate::domain::duration;
use crate::domain::ids::{RunbookId, UserId};
use crate::domain::run::{Refusal, Run, Target};
use crate::domain::runbook::{Asked, Runbook, Values};
use crate::slack::call::Message;
use crate::view::blocks::{actions, context, finish, header, literal, press, section, section_with};
use crate::view::text::{count, date, escape, headline, name, permalink};
use crate::view::{Scene, message, say};

/// How many runbooks or runs are shown at once.
const SHOWN: usize = 20;

/// Runbooks that have some words, or all of them.
pub fn runbooks(scene: Scene<'_>, words: &str) -> Message {
    let library = &scene.roster.runbooks;
    let found = library.search(words);
    let total = found.len();
    if total == 0 {
        return say(if library.books().len() == 0 {
            super::no_runbook(scene, "")
        } else {
            format!(
                "No runbook has the words “{}”. `/runbook list` shows all.",
                escape(&headline(words, 100))
            )
        });
    }
    let lead = if words.trim().is_empty() {
        format!("{}.", count(total, "runbook"))
    } else {
        format!(
            "{} with “{}”, the best first.",
            count(total, "runbook"),
            escape(&headline(words, 100))
        )
    };
    let mut drawn = vec![section(&lead)];
    for found in found.iter().take(SHOWN) {
        let book = &found.runbook;
        let button = Button::StartRun {
            runbook: book.id.clone(),
            alert: None,
            incident: None,
        };
        let text = format!(
            "*{}*\n`{}` · {}",
            escape(&headline(&book.title, 150)),
            book.id,
            about(book)
        );
        drawn.push(section_with(&text, "Start", &button));
    }
    if total > SHOWN {
        drawn.push(context(&format!(
            "… and {} more: `/runbook search …` finds them.",
            total - SHOWN
        )));
    }
    let left_out = library.mistakes().iter().filter(|mistake| mistake.left_out).count();
    if left_out > 0 {
        drawn.push(context(&format!(
            ":warning: {} could not be read: `/runbook check` says why.",
            count(left_out, "file")
        )));
    }
    message(lead, drawn)
}

fn about(book: &Runbook) -> String {
    let mut about = vec![count(book.steps.len(), "step")];
    about.extend(
        book.expected_seconds
            .map(|seconds| duration::show(TimeDelta::seconds(seconds.into())).to_string()),
    );
    about.extend(book.owner.as_deref().map(escape));
    about.join(" · ")
}

/// One runbook: what it is for, what it wants to know, its steps.
pub fn runbook(scene: Scene<'_>, id: &RunbookId) -> Message {
    let Some(book) = scene.roster.runbooks.get(id) else {
        return say(super::no_runbook(scene, id.as_str()));
    };
    let lead = format!("{} ({})", book.title, book.id);
    let mut blocks = finish(vec![
        header(&lead),
        context(&format!("{} · {}", about(book), escape(&book.file))),
    ]);
    for page in pages(&book.introduction, &Values::new()).into_iter().take(1) {
        blocks.extend(plainly(page));
    }
    let mut drawn = Vec::new();
    let steps: Vec<String> = book
        .steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let ways: Vec<String> = step
                .ways()
                .iter()
                .map(|way| format!("{} → {}", escape(&headline(&way.words, 60)), way.to + 1))
                .collect();
            let ways = if ways.is_empty() {
                String::new()
            } else {
                format!("\n      {}", ways.join(" · "))
            };
            format!("{}. {}{ways}", at + 1, escape(&headline(&step.title, 150)))
        })
        .collect();
    for some in steps.chunks(8) {
        drawn.push(section(&some.join("\n")));
    }
    let parameters: Vec<String> = book
        .parameters
        .iter()
        .map(|parameter| {
            let when = match parameter.asked {
                Asked::AtTheStart if parameter.default.is_none() => " (asked before it starts)",
                Asked::AtTheStart | Asked::WhenNeeded => "",
            };
            format!(
                "`{}`: {}{when}",
                parameter.name,
                escape(&headline(parameter.question(), 150))
            )
        })
        .collect();
    if !parameters.is_empty() {
        drawn.push(section(&format!("It wants to know\n{}", parameters.join("\n"))));
    }
    if let Some(review) = book.review.filter(|review| *review < scene.now.date_naive()) {
        drawn.push(context(&format!(":warning: It was to be looked through by {review}.")));
    }
    let start = Button::StartRun {
        runbook: book.id.clone(),
        alert: None,
        incident: None,
    };
    drawn.truncate(40);
    drawn.extend(actions(vec![press("Start", &start)]));
    blocks.extend(finish(drawn));
    Message {
        text: format!("{}: {}", escape(&lead), about(book)),
        blocks: Some(blocks),
    }
}

/// A list of runs; `archive` has those that are no longer in memory.
pub fn runs(scene: Scene<'_>, scope: &RunScope, archive: &[Run]) -> Message {
    let known = scene.world.runs().iter().rev();
    let wanted = |run: &&Run| match scope {
        RunScope::Open => run.is_open(),
        RunScope::Of(user) => run.is_open() && run.concerns(user),
        RunScope::All => true,
    };
    let mut found: Vec<&Run> = known.filter(wanted).collect();
    let older = archive.iter().filter(|run| scene.world.runs().get(run.id).is_none());
    found.extend(older.filter(|_| *scope == RunScope::All));
    let lead = match scope {
        RunScope::Open => format!("{} going on.", count(found.len(), "run")),
        RunScope::Of(_) => format!("{} going on that you have to do with.", count(found.len(), "run")),
        RunScope::All => format!("{}, the newest first.", count(found.len(), "run")),
    };
    let mut drawn = vec![section(&lead)];
    for run in found.iter().take(SHOWN) {
        drawn.push(section(&line(scene, run)));
    }
    if found.is_empty() {
        drawn.push(context("`/runbook list` shows what can be started."));
    }
    message(lead, drawn)
}

/// The runs somebody has to do with, a few lines each and the way there; those whose step is theirs come first.
pub fn mine(scene: Scene<'_>, user: &UserId) -> Vec<String> {
    const FEW: usize = 10;
    let is_theirs = |run: &&Run| {
        let current = run.current.as_ref();
        current.is_some_and(|current| current.assignee.as_ref() == Some(user))
    };
    let (theirs, others): (Vec<&Run>, Vec<&Run>) = scene.world.runs().of(user).partition(is_theirs);
    let lines = |runs: Vec<&Run>, lead: &str| {
        let lines = runs.into_iter().map(|run| {
            let link = run.root.as_ref().and_then(|root| permalink(scene.roster, root));
            let way = link
                .map(|link| format!("\n<{link}|Go to its thread>"))
                .unwrap_or_default();
            format!("{lead}{}{way}", line(scene, run))
        });
        lines.collect::<Vec<_>>()
    };
    let mut mine = lines(theirs, ":point_right: Your step: ");
    mine.extend(lines(others, ""));
    mine.truncate(FEW);
    mine
}

fn line(scene: Scene<'_>, run: &Run) -> String {
    let (behind, all) = run.progress();
    let drill = if run.practice { " (drill)" } else { "" };
    format!(
        "*{}*{drill} · {behind} of {all} · <#{}> · {} {}\n{}",
        title(run),
        run.channel,
        name(scene.roster, &run.by),
        date(run.at),
        state(scene, run)
    )
}

/// Where one run stands, with everything that was finished and said.
pub fn status(scene: Scene<'_>, target: Target, by: &UserId) -> Message {
    let run = match scene.world.runs().meant(target, by) {
        Ok(run) => run,
        Err(Refusal::NoneOfYours | Refusal::Several(_)) if target == Target::Mine => {
            return runs(scene, &RunScope::Of(by.clone()), &[]);
        }
        Err(refusal) => return super::refused(scene, &refusal),
    };
    let mut drawn = vec![section(&line(scene, run))];
    let lines: Vec<String> = run.lines.iter().map(|line| said(scene, run, line)).collect();
    let skipped = lines.len().saturating_sub(150);
    for some in lines[skipped..].chunks(6) {
        drawn.push(section(&some.join("\n")));
    }
    let sent: Vec<String> = run.sent.iter().map(|sent| super::sending::said(scene, sent)).collect();
    for some in sent.chunks(6) {
        drawn.push(section(&some.join("\n")));
    }
    for note in run.notes.iter().rev().take(10).rev() {
        drawn.push(context(&format!("{} {}:", name(scene.roster, &note.by), date(note.at))));
        drawn.extend(literal(&note.text));
    }
    message(line(scene, run), drawn)
}

/// What is wrong with the files.
pub fn mistakes(scene: Scene<'_>) -> Message {
    let library = &scene.roster.runbooks;
    let mistakes = library.mistakes();
    let books = count(library.books().len(), "runbook");
    if mistakes.is_empty() {
        return say(format!("All is well with {books}."));
    }
    let left_out = mistakes.iter().filter(|mistake| mistake.left_out).count();
    let lead = format!("{books} can be used, {} left out.", count(left_out, "file"));
    let mut blocks = finish(vec![section(&lead)]);
    for mistake in mistakes.iter().take(SHOWN) {
        let drawn = crate::view::text::shorten(&mistake.drawn, 2000);
        let text = serde_json::json!({"type": "text", "text": drawn});
        let code = serde_json::json!({"type": "rich_text_preformatted", "elements": [text]});
        blocks.push(super::rich::rich(&[code]));
    }
    Message {
        text: lead,
        blocks: Some(blocks),
    }
}

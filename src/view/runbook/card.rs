//! What stands in the thread of a run: its head, the card of the current step, and what is left of a card.

use serde_json::{Value, json};
use slack_morphism::prelude::*;

use super::rich::{Part, pages, plainly};
use crate::command::Draft;
use crate::command::button::{Button, OnStep};
use crate::command::form::run::AboutRun;
use crate::domain::run::{Current, How, Line, Run};
use crate::domain::runbook::{Block, Step, Values, filled};
use crate::slack::call::Message;
use crate::view::Scene;
use crate::view::blocks::{actions, actions_and_menu, context, finish, press, section, section_with};
use crate::view::text::{between, date, escape, headline, list, mention, name, shorten, time};

/// How many finished steps the head of a thread shows.
const SHOWN: usize = 60;
/// How much of a reason or a title is said in a line.
const WORDS: usize = 150;

/// `R-3 Restart the frontend`, escaped.
pub(super) fn title(run: &Run) -> String {
    format!("{} {}", run.id, escape(&headline(&run.runbook.title, WORDS)))
}

/// What a drill says everywhere.
pub(super) fn banner(run: &Run) -> &'static str {
    if run.practice {
        ":construction: *DRILL* Nothing of this is real. "
    } else {
        ""
    }
}

/// The head of the thread: what it is, how far it is, and a line for each finished step.
pub(super) fn root(scene: Scene<'_>, run: &Run) -> Message {
    let (behind, all) = run.progress();
    let state = state(scene, run);
    let mut drawn = vec![section(&format!("{}*{}*", banner(run), title(run)))];
    drawn.extend(run.moved.as_deref().map(|code| section(&why_here(code))));
    drawn.push(section(&format!("{} {behind} of {all}\n{state}", bar(behind, all))));
    let hidden = run.lines.len().saturating_sub(SHOWN);
    if hidden > 0 {
        drawn.push(context(&format!(
            "… and {hidden} before these; `/runbook status {}` has them all.",
            run.id
        )));
    }
    let lines: Vec<String> = run
        .lines
        .iter()
        .skip(hidden)
        .map(|line| said(scene, run, line))
        .collect();
    for some in lines.chunks(6) {
        drawn.push(section(&some.join("\n")));
    }
    drawn.push(context(&origin(scene, run)));
    let text = format!("{}{}: {state}", banner(run), title(run));
    Message {
        text,
        blocks: Some(finish(drawn)),
    }
}

/// Why the thread begins again, by Slack's word for what became of the one before.
fn why_here(code: &str) -> String {
    match code {
        "message_deleted" | "message_not_found" | "thread_not_found" | "cannot_reply_to_message" => {
            ":warning: This run goes on here: the message at the head of its thread was deleted.".to_owned()
        }
        code => format!(
            ":warning: This run goes on here: where its thread was, nothing can be posted any more (Slack says `{}`).",
            escape(code)
        ),
    }
}

/// The card of a step in a thread that was given up.
pub(super) fn left_behind(run: &Run) -> Message {
    let text = format!("{} goes on in a new thread, in <#{}>.", title(run), run.channel);
    Message {
        blocks: Some(finish(vec![context(&text)])),
        text,
    }
}

/// Where it stands, in a sentence or two.
pub(super) fn state(scene: Scene<'_>, run: &Run) -> String {
    if let Some(ended) = &run.ended {
        let who = name(scene.roster, &ended.by);
        let took = between(run.at, ended.at);
        let how = match &ended.because {
            None => format!("*Done* after {took}; {who} finished the last step."),
            Some(because) => format!("*Stopped* by {who} after {took}: {}", escape(&headline(because, WORDS))),
        };
        return format!("{how}{}", left(run));
    }
    let Some((current, step)) = run.step() else {
        return String::new();
    };
    let whose = match &current.assignee {
        Some(assignee) => format!(", with {}", name(scene.roster, assignee)),
        None => String::new(),
    };
    let blocked = match &current.blocked {
        Some(note) => format!(
            "\n:no_entry: Blocked since {}, says {}: {}",
            time(note.at),
            name(scene.roster, &note.by),
            escape(&headline(&note.text, WORDS))
        ),
        None => String::new(),
    };
    format!(
        "Now: *{}*{whose}{blocked}",
        step_title(run, current.step, current.pass, step)
    )
}

/// What is left to undo, as a sentence that begins with a space; nothing when nothing is.
pub(super) fn left(run: &Run) -> String {
    let left = run.left_to_undo();
    let named = |at: usize| run.runbook.steps.get(at).map_or("", |step| step.title.as_str());
    let left: Vec<String> = left
        .iter()
        .map(|(step, undo)| {
            let values = run.values_at(*step, 0);
            format!(
                "“{}” is not taken back yet (“{}”)",
                escape(&filled(named(*step), &values)),
                escape(&filled(named(*undo), &values))
            )
        })
        .collect();
    if left.is_empty() {
        String::new()
    } else {
        format!("\n:leftwards_arrow_with_hook: {}.", list(&left))
    }
}

fn origin(scene: Scene<'_>, run: &Run) -> String {
    let incident = run.incident.map(|incident| incident.to_string());
    let what = incident.or(run.alert.map(|alert| alert.to_string()));
    let what = what.map(|what| format!(" for {what}")).unwrap_or_default();
    format!(
        "Started{what} by {} {}. {} as of version {}. What you say in this thread becomes a note of the current step; `done`, `skip because …` and \
         `back` are understood.",
        name(scene.roster, &run.by),
        date(run.at),
        escape(&run.runbook.file),
        escape(&run.runbook.version)
    )
}

fn bar(behind: usize, all: usize) -> String {
    const WIDTH: usize = 10;
    let full = (behind * WIDTH).checked_div(all).unwrap_or(WIDTH);
    format!("{}{}", "▰".repeat(full), "▱".repeat(WIDTH - full.min(WIDTH)))
}

/// `3. Restart web-1 (2 of 4: web-1)`, escaped.
pub(super) fn step_title(run: &Run, at: usize, pass: usize, step: &Step) -> String {
    let values = run.values_at(at, pass);
    let passes = run.passes(step);
    let which = match passes.get(pass) {
        Some(value) if passes.len() > 1 => format!(" ({} of {}: {value})", pass + 1, passes.len()),
        _ => String::new(),
    };
    let title = filled(&step.title, &values);
    escape(&format!("{}. {}{which}", at + 1, headline(&title, WORDS)))
}

/// One finished step in a line.
pub(super) fn said(scene: Scene<'_>, run: &Run, line: &Line) -> String {
    let Some(step) = run.runbook.steps.get(line.step) else {
        return String::new();
    };
    let title = step_title(run, line.step, line.pass, step);
    let who = format!("{} {}", name(scene.roster, &line.by), time(line.at));
    match &line.how {
        How::Done => format!(":white_check_mark: {title} · {who}"),
        How::Skipped { because } => {
            format!(
                ":fast_forward: {title} · skipped by {who}: {}",
                escape(&headline(because, WORDS))
            )
        }
        How::Decided { way } => {
            let way = step.ways().get(*way).map_or("", |way| way.words.as_str());
            let way = filled(way, &run.values_at(line.step, line.pass));
            format!(
                ":twisted_rightwards_arrows: {title} → *{}* · {who}",
                escape(&headline(&way, WORDS))
            )
        }
    }
}

/// A card whose step is over.
pub(super) fn over(scene: Scene<'_>, run: &Run, visit: u64) -> Message {
    let line = run.lines.iter().find(|line| line.visit == visit);
    let text = match (line, &run.ended) {
        (Some(line), _) => said(scene, run, line),
        (None, Some(_)) => "The run ended before this step was done.".to_owned(),
        (None, None) => "This step comes again below.".to_owned(),
    };
    Message {
        blocks: Some(finish(vec![context(&text)])),
        text,
    }
}

/// What is said of the current step before its card, when it is too much for one message.
pub(super) fn before(run: &Run, current: &Current, step: &Step) -> Vec<Message> {
    let values = run.values_at(current.step, current.pass);
    let mut pages = pages(step.visible(current.confirmed), &values);
    pages.pop();
    let title = step_title(run, current.step, current.pass, step);
    pages
        .into_iter()
        .map(|page| Message {
            text: format!("{title}, continued below"),
            blocks: Some(plainly(page)),
        })
        .collect()
}

/// The card of the current step.
pub(super) fn step(scene: Scene<'_>, run: &Run, current: &Current, step: &Step) -> Message {
    let values = run.values_at(current.step, current.pass);
    let title = step_title(run, current.step, current.pass, step);
    let assigned = match &current.assignee {
        Some(assignee) => format!(" {}, this is yours.", mention(assignee)),
        None => String::new(),
    };
    let lead = format!("{}*{title}*{assigned}", banner(run));
    let mut blocks = finish(vec![section(&lead)]);
    if current.visit == 1 {
        for page in pages(&run.runbook.introduction, &values).into_iter().take(1) {
            blocks.extend(plainly(page));
        }
    }
    let seen = step.visible(current.confirmed);
    for part in pages(seen, &values).pop().unwrap_or_default() {
        blocks.push(match part {
            Part::Text(value) => value,
            Part::Box(item, words) => tick_box(run, current, item, &words),
        });
    }
    let mut rest = Vec::new();
    if step.secret {
        rest.push(context(
            ":lock: Paste nothing secret here: what is said about this step is not kept.",
        ));
    }
    if let Some(note) = &current.blocked {
        rest.push(section(&format!(
            ":no_entry: Blocked since {}, says {}: {}",
            time(note.at),
            name(scene.roster, &note.by),
            escape(&shorten(&note.text, 500))
        )));
    }
    let lacking: Vec<String> = run
        .lacks(step)
        .iter()
        .map(|parameter| format!("`{}`", escape(&parameter.name)))
        .collect();
    if !lacking.is_empty() {
        rest.push(section(&format!(
            "This step wants to know {}. *Fill in…* asks for it, or say `name=value` here.",
            list(&lacking)
        )));
    }
    rest.extend(buttons(scene, run, current, step, seen, &values, !lacking.is_empty()));
    blocks.extend(finish(rest));
    Message {
        text: format!("{lead} `/runbook done {}` when it is done.", run.id),
        blocks: Some(blocks),
    }
}

fn tick_box(run: &Run, current: &Current, item: usize, words: &str) -> Value {
    let ticked = current.ticked.contains(&item);
    let (sign, label) = if ticked { ("☑", "Untick") } else { ("☐", "Tick") };
    let button = Button::Step {
        run: run.id,
        visit: current.visit,
        what: OnStep::Tick(item, !ticked),
    };
    let text = format!("{sign} {}", escape(&shorten(words, 2000)));
    let drawn = finish(vec![section_with(&text, label, &button)]);
    drawn.into_iter().next().unwrap_or_else(|| json!({"type": "divider"}))
}

fn buttons(
    scene: Scene<'_>,
    run: &Run,
    current: &Current,
    step: &Step,
    seen: &[Block],
    values: &Values,
    lacks: bool,
) -> Vec<SlackBlock> {
    let on = |what: OnStep| Button::Step {
        run: run.id,
        visit: current.visit,
        what,
    };
    let form = |about: AboutRun| on(OnStep::Form(about));
    let mut first = Vec::new();
    if lacks {
        first.push(press("Fill in…", &form(AboutRun::Fill)).with_style(SlackBlockButtonStyle::Primary));
    }
    if current.confirmed < step.gates() {
        first.push(press("I have read this", &on(OnStep::Confirm)).with_style(SlackBlockButtonStyle::Primary));
    } else if step.ways().is_empty() {
        first.push(press("Done", &on(OnStep::Done)).with_style(SlackBlockButtonStyle::Primary));
    } else {
        let ways = step.ways().iter().enumerate();
        first.extend(ways.map(|(at, way)| press(&filled(&way.words, values), &on(OnStep::Way(at)))));
    }
    for block in seen.iter().filter(|_| !run.practice) {
        if let Block::Page { message, team } = block
            && let Some(button) = page_button(scene, run, &filled(message, values), &filled(team, values))
        {
            first.push(button);
        }
    }
    first.extend(super::sending::buttons(scene, run));
    let mut menu = vec![
        ("Skip…", form(AboutRun::Skip)),
        ("Blocked…", form(AboutRun::Block)),
        ("Assign…", form(AboutRun::Assign)),
        ("Note…", form(AboutRun::Note)),
    ];
    if !run.lines.is_empty() {
        menu.insert(2, ("Back", on(OnStep::Back)));
    }
    let mut rows = Vec::new();
    // A row holds 25, and the menu stands in the last.
    let mut rest = first;
    while rest.len() > 20 {
        let later = rest.split_off(20);
        rows.extend(actions(rest));
        rest = later;
    }
    rows.extend(actions_and_menu(rest, "step", &menu));
    rows.extend(super::sending::lines(scene, run));
    for block in seen {
        if let Block::Page { message, team } = block {
            let (message, team) = (filled(message, values), filled(team, values));
            rows.push(context(&match (run.practice, scene.roster.team_named(&team)) {
                (true, _) => format!(
                    "In a drill nobody is paged: {} would read “{}”",
                    escape(&team),
                    escape(&message)
                ),
                (false, Some(_)) => format!("The button pages {} with “{}”", escape(&team), escape(&message)),
                (false, None) => format!(
                    "There is no team `{}` here; who is to read “{}”? `/alert` asks you.",
                    escape(&team),
                    escape(&message)
                ),
            }));
        }
    }
    rows
}

/// The button that raises an alert; none when there is no such team or the message is too long for a button.
fn page_button(scene: Scene<'_>, run: &Run, message: &str, team: &str) -> Option<SlackBlockButtonElement> {
    let team = scene.roster.team_named(team)?;
    let draft = Draft {
        summary: format!("{message} ({})", run.id),
        ..Draft::default()
    };
    let button = Button::Raise {
        team: team.id.clone(),
        draft,
    };
    let label = format!("Page {}", team.name);
    let asked = crate::view::blocks::confirmed(press(&label, &button), &format!("{label}: {message}"), "Page them");
    button.fits().then_some(asked)
}

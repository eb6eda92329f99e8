//! Whether the parts of a page fit together: links lead to steps, ways lead to the end, parameters are declared and used.

use std::ops::Range;

use super::front::Header;
use super::inline::{Draft, Link, Located};
use super::page::{Page, Section};
use super::{Findings, MOST_STEPS, special};
use crate::config::{Problem, did_you_mean};
use crate::domain::ids::RunbookId;
use crate::domain::runbook::{Block, Parameter, Piece, Runbook, Step, Way, names};

/// How many buttons a decision can have.
const MOST_WAYS: usize = 20;
/// How many boxes a step can have.
const MOST_BOXES: usize = 30;

/// A step, and where its parts stand.
struct Placed {
    step: Step,
    heading: Range<usize>,
    blocks: Vec<Range<usize>>,
}

/// Makes a runbook of what was read; none when there is nothing to do in it.
pub(super) fn join(
    header: Header,
    page: Page,
    id: RunbookId,
    file: &str,
    version: String,
    out: &mut Findings,
) -> Option<Runbook> {
    if page.sections.len() > MOST_STEPS {
        let says = format!(
            "this has {} steps, and nobody gets through more than {MOST_STEPS} in one thread",
            page.sections.len()
        );
        out.error(Problem::of_file(says).help("split it into several runbooks; a step can name the next one"));
        return None;
    }
    twice(&page.sections, out);
    let titles: Vec<(String, String)> = page
        .sections
        .iter()
        .map(|section| (section.anchor.clone(), section.title.clone()))
        .collect();
    let steps: Vec<Placed> = page
        .sections
        .into_iter()
        .map(|section| step(section, &titles, &page.anchors, out))
        .collect();
    out_of_circles(&steps, out);
    unreached(&steps, out);
    let introduction: Vec<Block> = page
        .introduction
        .into_iter()
        .flat_map(|located| plainly(located.what))
        .collect();
    let parameters = parameters(header.parameters, &introduction, &steps, out);
    let title = header
        .title
        .or(page.title)
        .unwrap_or_else(|| id.as_str().replace(['-', '_'], " "));
    Some(Runbook {
        file: file.to_owned(),
        version,
        title,
        owner: header.owner,
        services: header.services,
        alerts: header.alerts,
        parameters,
        expected_seconds: header.expected_seconds,
        review: header.review,
        introduction,
        steps: steps.into_iter().map(|placed| placed.step).collect(),
        id,
    })
}

/// Steps that nobody can tell apart.
fn twice(sections: &[Section], out: &mut Findings) {
    for (at, section) in sections.iter().enumerate() {
        let folded = section.title.to_lowercase();
        let first = sections[..at].iter().find(|other| other.title.to_lowercase() == folded);
        if let Some(first) = first.filter(|_| !folded.is_empty()) {
            let says = format!(
                "two steps are called “{}”, and nobody can tell them apart in a thread",
                section.title
            );
            let first = out.mark(&first.span);
            let problem = out.at(&section.span, says).also(&first, "the first one");
            out.warn(problem.help(format!("a link to this one is `#{}`", section.anchor)));
        }
    }
}

fn step(section: Section, titles: &[(String, String)], anchors: &[String], out: &mut Findings) -> Placed {
    let said = special::options(&section.options, out);
    let mut step = Step {
        title: section.title,
        anchor: section.anchor,
        expect_seconds: said.expect_seconds,
        repeat: said.repeat.map(|(name, _)| name),
        secret: said.secret,
        ..Step::default()
    };
    if let Some((anchor, span)) = said.undo {
        if anchor == step.anchor {
            out.error(
                out.at(&span, "a step cannot take itself back")
                    .help("name the step that does"),
            );
        } else {
            step.undo = to(&anchor, &span, titles, out);
        }
    }
    let mut blocks = Vec::new();
    let mut decided: Option<Range<usize>> = None;
    for Located { what, span } in section.body {
        let made = match what {
            Draft::Choice(links) if is_choice(&links, titles, anchors) => {
                if let Some(first) = &decided {
                    let first = out.mark(first);
                    let problem = out.at(&span, "a step ends with one decision, and this is its second");
                    out.error(problem.also(&first, "the first one").help("give it a step of its own"));
                    continue;
                }
                decided = Some(span.clone());
                if links.len() > MOST_WAYS {
                    out.error(out.at(
                        &span,
                        format!("a decision has at most {MOST_WAYS} ways, and this has {}", links.len()),
                    ));
                }
                unclear(&links, out);
                let ways = links.iter().filter_map(|link| {
                    let to = to(&link.anchor, &link.span, titles, out)?;
                    Some(Way {
                        words: link.words.clone(),
                        to,
                    })
                });
                vec![Block::Decision { ways: ways.collect() }]
            }
            what => plainly(what),
        };
        for block in made {
            step.body.push(block);
            blocks.push(span.clone());
        }
    }
    if step.boxes() > MOST_BOXES {
        out.error(out.at(
            &section.span,
            format!("this step has {} boxes, more than {MOST_BOXES}", step.boxes()),
        ));
    }
    Placed {
        step,
        heading: section.span,
        blocks,
    }
}

/// Ways that nobody could say in a thread: two of the same words, or words that mean something else there.
fn unclear(links: &[Link], out: &mut Findings) {
    const COMMANDS: [&str; 8] = ["done", "next", "back", "skip", "block", "unblock", "send", "stop"];
    for (at, link) in links.iter().enumerate() {
        let words = link.words.to_lowercase();
        if links[..at].iter().any(|other| other.words.to_lowercase() == words) {
            let says = format!(
                "two ways are called “{}”, and nobody can tell which is meant",
                link.words
            );
            out.error(out.at(&link.span, says).help("give each way words of its own"));
        } else if COMMANDS.contains(&words.as_str()) {
            let says =
                format!("`{words}` means something else in the thread of a run, so this way has only its button");
            out.warn(
                out.at(&link.span, says)
                    .help("call it what happens on it, such as “It works again”"),
            );
        }
    }
}

/// Whether a list of links into the page is a decision: a list of links to other headings is a table of contents.
fn is_choice(links: &[Link], titles: &[(String, String)], anchors: &[String]) -> bool {
    let is_step = |link: &Link| titles.iter().any(|(anchor, _)| *anchor == link.anchor);
    links.iter().any(is_step) || !links.iter().all(|link| anchors.contains(&link.anchor))
}

/// The step that a link leads to.
fn to(anchor: &str, span: &Range<usize>, titles: &[(String, String)], out: &mut Findings) -> Option<usize> {
    let found = titles.iter().position(|(known, _)| known == anchor);
    if found.is_none() {
        let problem = out.at(span, format!("this leads to `#{anchor}`, and no step has that heading"));
        let near = did_you_mean(anchor, "#", titles.iter().map(|(anchor, _)| anchor.as_str()));
        out.error(problem.help(near.unwrap_or_else(|| {
            "a link to a step is its heading in small letters, with `-` for spaces and without other signs".to_owned()
        })));
    }
    found
}

/// What is no decision, as a reader sees it.
fn plainly(draft: Draft) -> Vec<Block> {
    match draft {
        Draft::Block(block) => vec![block],
        Draft::Choice(links) => links
            .into_iter()
            .map(|link| Block::Item {
                depth: 0,
                number: None,
                text: vec![Piece {
                    text: link.words,
                    link: Some(format!("#{}", link.anchor)),
                    ..Piece::default()
                }],
            })
            .collect(),
    }
}

/// Where one can be after each step; the number of steps stands for the end.
fn after(steps: &[Placed], at: usize) -> Vec<usize> {
    match steps[at].step.ways() {
        [] => vec![at + 1],
        ways => ways.iter().map(|way| way.to).collect(),
    }
}

/// Decisions that lead round and round without a way out.
fn out_of_circles(steps: &[Placed], out: &mut Findings) {
    let mut ends = vec![false; steps.len() + 1];
    ends[steps.len()] = true;
    loop {
        let more: Vec<usize> = (0..steps.len())
            .filter(|at| !ends[*at] && after(steps, *at).iter().any(|next| ends[*next]))
            .collect();
        if more.is_empty() {
            break;
        }
        for at in more {
            ends[at] = true;
        }
    }
    // The first decision of the circle is where a way out belongs.
    let lost = (0..steps.len()).find(|at| !ends[*at] && !steps[*at].step.ways().is_empty());
    if let Some(at) = lost {
        let placed = &steps[at];
        let decision = placed
            .step
            .body
            .iter()
            .position(|block| matches!(block, Block::Decision { .. }));
        let span = decision.map_or(&placed.heading, |decision| &placed.blocks[decision]);
        let problem = out.at(
            span,
            "from here every way leads in a circle, and the runbook never ends",
        );
        out.error(problem.help("add a way to a step after which it goes on to the end"));
    }
}

/// Steps that no way leads to.
fn unreached(steps: &[Placed], out: &mut Findings) {
    let mut reached = vec![false; steps.len() + 1];
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        if at < steps.len() && !std::mem::replace(&mut reached[at], true) {
            open.extend(after(steps, at));
        }
    }
    // Taking something back is nobody's next step.
    for placed in steps {
        if let Some(undo) = placed.step.undo {
            reached[undo] = true;
        }
    }
    for (placed, _) in steps.iter().zip(&reached).filter(|(_, reached)| !**reached) {
        let problem = out.at(
            &placed.heading,
            format!("nothing leads to the step “{}”", placed.step.title),
        );
        out.warn(problem.help("a decision before it leads elsewhere; add a way to it, or take it out"));
    }
}

/// The parameters that are declared, and those that are only used.
fn parameters(
    declared: Vec<(Parameter, Range<usize>)>,
    introduction: &[Block],
    steps: &[Placed],
    out: &mut Findings,
) -> Vec<Parameter> {
    let mut used: Vec<(String, Range<usize>)> = Vec::new();
    let mut note = |name: &str, span: &Range<usize>| {
        if !used.iter().any(|(known, _)| known == name) {
            used.push((name.to_owned(), span.clone()));
        }
    };
    for block in introduction {
        // What stands above all steps is no reason to ask for something, and no mistake either.
        for name in block.texts().into_iter().flat_map(names) {
            if declared.iter().any(|(parameter, _)| parameter.name == name) {
                note(name, &(0..0));
            }
        }
    }
    for placed in steps {
        let own = names(&placed.step.title).chain(placed.step.repeat.as_deref());
        for name in own {
            note(name, &placed.heading);
        }
        for (block, span) in placed.step.body.iter().zip(&placed.blocks) {
            for name in block.texts().into_iter().flat_map(names) {
                note(name, span);
            }
        }
    }
    for (parameter, span) in &declared {
        if !used.iter().any(|(name, _)| *name == parameter.name) {
            let problem = out.at(
                span,
                format!("the parameter `{}` is asked for and never used", parameter.name),
            );
            let near = did_you_mean(&parameter.name, "", used.iter().map(|(name, _)| name.as_str()));
            out.warn(
                problem.help(near.unwrap_or_else(|| format!("use it as `{{{{{}}}}}`, or take it out", parameter.name))),
            );
        }
    }
    let mut parameters: Vec<Parameter> = declared.into_iter().map(|(parameter, _)| parameter).collect();
    let declared: Vec<String> = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    for (name, span) in used.into_iter().filter(|(name, _)| !declared.contains(name)) {
        let problem = out.at(
            &span,
            format!("`{{{{{name}}}}}` is used here and not declared; people are asked for it by that name"),
        );
        let near = did_you_mean(&name, "", declared.iter().map(String::as_str));
        out.warn(problem.help(near.unwrap_or_else(|| {
            format!("declare it in the front matter, with a `prompt`: `parameters:` and below it `{name}:`")
        })));
        parameters.push(Parameter {
            name,
            ..Parameter::default()
        });
    }
    parameters
}

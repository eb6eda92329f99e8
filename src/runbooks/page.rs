//! A Markdown page as sections: what stands above the first step, and the steps.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options as Extensions, Parser, Tag};

use super::Findings;
use super::inline::{Draft, Located, Options, Writer};
use crate::config::Problem;
use crate::domain::runbook::{Block, plain};

/// How many letters of a first sentence are a step's title.
const TITLE: usize = 100;

type Events<'t> = Vec<(Event<'t>, Range<usize>)>;

/// A page, in sections.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) title: Option<String>,
    pub(super) introduction: Vec<Located>,
    pub(super) sections: Vec<Section>,
    /// Everything a link into the page can lead to.
    pub(super) anchors: Vec<String>,
}

/// A step, as it is written.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) anchor: String,
    /// Where its heading stands.
    pub(super) span: Range<usize>,
    pub(super) body: Vec<Located>,
    pub(super) options: Options,
}

/// Reads the page that begins at byte `base`.
pub(super) fn read(text: &str, base: usize, out: &mut Findings) -> Page {
    let extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_GFM;
    let events: Events<'_> = Parser::new_ext(&text[base..], extensions)
        .into_offset_iter()
        .map(|(event, span)| (event, span.start + base..span.end + base))
        .collect();
    let elements = elements(&events);
    let is_step = |element: &&[(Event<'_>, Range<usize>)]| heading(element) == Some(HeadingLevel::H2);
    let mut anchors = Anchors::default();
    let mut page = if elements.iter().any(is_step) {
        by_headings(text, &elements, &mut anchors, out)
    } else {
        by_lists(text, &elements, &mut anchors, out)
    };
    if page.sections.is_empty() {
        out.error(
            Problem::of_file("this page has no steps")
                .help("put `## ` before the heading of each step, or number the steps as a list: `1. `, `2. `"),
        );
    }
    page.anchors = anchors.all;
    page
}

/// The page cut into what stands at its top level.
fn elements<'e, 't>(events: &'e [(Event<'t>, Range<usize>)]) -> Vec<&'e [(Event<'t>, Range<usize>)]> {
    let mut elements = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            elements.push(&events[start..=at]);
            start = at + 1;
        }
    }
    elements
}

fn heading(element: &[(Event<'_>, Range<usize>)]) -> Option<HeadingLevel> {
    match element.first() {
        Some((Event::Start(Tag::Heading { level, .. }), _)) => Some(*level),
        _ => None,
    }
}

/// The words of a heading.
fn words(element: &[(Event<'_>, Range<usize>)]) -> String {
    let words: String = element
        .iter()
        .map(|(event, _)| match event {
            Event::Text(text) | Event::Code(text) => text.as_ref(),
            Event::SoftBreak | Event::HardBreak => " ",
            _ => "",
        })
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write(writer: &mut Writer<'_>, element: &[(Event<'_>, Range<usize>)]) {
    for (event, span) in element {
        writer.write(event, span);
    }
}

fn by_headings(
    text: &str,
    elements: &[&[(Event<'_>, Range<usize>)]],
    anchors: &mut Anchors,
    out: &mut Findings,
) -> Page {
    let mut page = Page::default();
    let mut rest = elements;
    let until_step = |rest: &[&[(Event<'_>, Range<usize>)]]| {
        let next = rest
            .iter()
            .position(|element| heading(element) == Some(HeadingLevel::H2));
        next.unwrap_or(rest.len())
    };
    let (before, from) = rest.split_at(until_step(rest));
    rest = from;
    let (introduction, options) = body(text, before, &mut page.title, anchors, out);
    page.introduction = introduction;
    stray(&options, out);
    while let Some((first, after)) = rest.split_first() {
        let (own, others) = after.split_at(until_step(after));
        rest = others;
        let title = words(first);
        let span = first.first().map_or(0..0, |(_, span)| span.clone());
        let span = span.start..span.start + text[span].trim_end().len();
        let anchor = anchors.of(&title);
        let title = unnumbered(&title).to_owned();
        let (body, options) = body(text, own, &mut page.title, anchors, out);
        if title.is_empty() {
            out.error(out.at(
                &span,
                "this heading has no words, and people must be able to name the step",
            ));
        }
        page.sections.push(Section {
            title,
            anchor,
            span,
            body,
            options,
        });
    }
    page
}

fn by_lists(text: &str, elements: &[&[(Event<'_>, Range<usize>)]], anchors: &mut Anchors, out: &mut Findings) -> Page {
    let mut page = Page::default();
    let is_list =
        |element: &[(Event<'_>, Range<usize>)]| matches!(element.first(), Some((Event::Start(Tag::List(Some(_))), _)));
    let until_list = |rest: &[&[(Event<'_>, Range<usize>)]]| rest.iter().position(|element| is_list(element));
    let Some(first) = until_list(elements) else {
        let (introduction, _) = body(text, elements, &mut page.title, anchors, out);
        page.introduction = introduction;
        return page;
    };
    let (before, mut rest) = elements.split_at(first);
    let (introduction, options) = body(text, before, &mut page.title, anchors, out);
    page.introduction = introduction;
    stray(&options, out);
    while let Some((list, after)) = rest.split_first() {
        let (own, others) = after.split_at(until_list(after).unwrap_or(after.len()));
        rest = others;
        // What is inside the list; its items are what stands at the top level there.
        for item in self::elements(list.get(1..list.len() - 1).unwrap_or_default()) {
            page.sections.extend(step_of_list(text, item, anchors, out));
        }
        // What stands between two lists belongs to the step before it.
        let (body, options) = body(text, own, &mut page.title, anchors, out);
        if let Some(last) = page.sections.last_mut() {
            last.body.extend(body);
            last.options.extend(options);
        }
    }
    page
}

/// An item of a list as a step: its first words are the title.
fn step_of_list(
    text: &str,
    item: &[(Event<'_>, Range<usize>)],
    anchors: &mut Anchors,
    out: &mut Findings,
) -> Option<Section> {
    let mut writer = Writer::new(text, out);
    write(&mut writer, item.get(1..item.len() - 1)?);
    let (mut body, options) = writer.finish();
    let span = item.first().map_or(0..0, |(_, span)| span.clone());
    let span = span.start..span.start + text[span].lines().next().unwrap_or_default().trim_end().len();
    let (title, is_all) = match body.first().map(|first| &first.what) {
        Some(Draft::Block(Block::Paragraph { text } | Block::Box { text })) => {
            let says = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
            let is_plain = text.iter().all(|piece| piece.link.is_none() && piece.style.is_plain());
            let short = says.chars().count() <= TITLE;
            (if short { says } else { sentence(&says) }, is_plain && short)
        }
        _ => (String::new(), false),
    };
    if title.is_empty() {
        out.error(out.at(
            &span,
            "this step does not begin with words, and people must be able to name it",
        ));
    }
    if is_all
        && !matches!(
            body.first().map(|first| &first.what),
            Some(Draft::Block(Block::Box { .. }))
        )
    {
        body.remove(0);
    }
    Some(Section {
        anchor: anchors.of(&title),
        title,
        span,
        body,
        options,
    })
}

/// A heading without the number that its page gave it: steps are counted anyway.
fn unnumbered(title: &str) -> &str {
    let rest = title.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let counted = rest.len() < title.len();
    match rest.strip_prefix(['.', ')']) {
        Some(words) if counted && words.starts_with(' ') => words.trim_start(),
        _ => title,
    }
}

/// The first sentence, or as much of it as fits into a title.
fn sentence(text: &str) -> String {
    let first = text.split_inclusive([':', ';']).next().unwrap_or(text);
    let first = first
        .split(". ")
        .next()
        .unwrap_or(first)
        .trim_end_matches([':', ';', '.']);
    if first.chars().count() <= TITLE {
        return first.to_owned();
    }
    let mut cut: String = first.chars().take(TITLE - 1).collect();
    if let Some(space) = cut.rfind(' ') {
        cut.truncate(space);
    }
    format!("{cut}…")
}

/// What stands under one heading. The page's title is taken out of it, wherever it stands.
fn body(
    text: &str,
    elements: &[&[(Event<'_>, Range<usize>)]],
    title: &mut Option<String>,
    anchors: &mut Anchors,
    out: &mut Findings,
) -> (Vec<Located>, Options) {
    let mut writer = Writer::new(text, out);
    for element in elements {
        if heading(element).is_some() {
            let words = words(element);
            anchors.of(&words);
            if heading(element) == Some(HeadingLevel::H1) && title.is_none() {
                *title = Some(words).filter(|words| !words.is_empty());
                continue;
            }
        }
        write(&mut writer, element);
    }
    writer.finish()
}

/// Comments about a step that stand above all steps.
fn stray(options: &Options, out: &mut Findings) {
    for (_, span) in options {
        let problem = out.at(span, "this comment is about a step and stands above the first one");
        out.error(problem.help("put it below the heading of its step"));
    }
}

/// What links into the page lead to, as Markdown viewers make it from headings.
#[derive(Default)]
struct Anchors {
    all: Vec<String>,
    seen: HashMap<String, usize>,
}

impl Anchors {
    fn of(&mut self, heading: &str) -> String {
        let slug: String = heading
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let seen = self.seen.entry(slug.clone()).or_default();
        let anchor = if *seen == 0 { slug } else { format!("{slug}-{seen}") };
        *seen += 1;
        self.all.push(anchor.clone());
        anchor
    }
}

//! Markdown events, one after the other, as blocks. Nothing here calls itself: however deep a page nests, it is read flat.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::html::aligned;
use super::{Findings, special};
use crate::domain::runbook::{Block, Piece, Prose, Style, Weight, plain};

/// A block and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(super) what: Draft,
    pub(super) span: Range<usize>,
}

/// A block, as far as it can be known before all steps are.
#[derive(Debug, Clone)]
pub(super) enum Draft {
    Block(Block),
    /// A list of links into the page: a decision, if they lead to steps.
    Choice(Vec<Link>),
}

/// A link into the page.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) words: String,
    pub(super) anchor: String,
    pub(super) span: Range<usize>,
}

/// What a `<!-- step: … -->` says, as it is written.
pub(super) type Options = Vec<(String, Range<usize>)>;

/// Builds blocks from events.
pub(super) struct Writer<'a> {
    pub(super) text: &'a str,
    pub(super) out: &'a mut Findings,
    blocks: Vec<Located>,
    pub(super) options: Options,
    pub(super) prose: Prose,
    span: Option<Range<usize>>,
    bold: usize,
    italic: usize,
    struck: usize,
    links: Vec<String>,
    lists: Vec<List>,
    /// Quotes around what is read, and the gate that one of them is.
    quotes: usize,
    gate: Option<(Weight, Vec<Prose>, Range<usize>, usize)>,
    code: Option<(String, String, Range<usize>)>,
    html: Option<(String, Range<usize>)>,
    table: Option<(Vec<Vec<String>>, Range<usize>)>,
    is_box: bool,
}

struct List {
    next: Option<u64>,
    /// Where its blocks begin.
    start: usize,
    items: usize,
    /// Whether nothing of the current item was written yet.
    is_fresh: bool,
}

impl List {
    /// Whether an item begins with what is written now, and its number.
    fn begin_item(&mut self) -> (bool, Option<u64>) {
        if !std::mem::take(&mut self.is_fresh) {
            return (false, None);
        }
        let number = self.next;
        self.next = number.map(|number| number.saturating_add(1));
        (true, number)
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(text: &'a str, out: &'a mut Findings) -> Self {
        Self {
            text,
            out,
            blocks: Vec::new(),
            options: Vec::new(),
            prose: Vec::new(),
            span: None,
            bold: 0,
            italic: 0,
            struck: 0,
            links: Vec::new(),
            lists: Vec::new(),
            quotes: 0,
            gate: None,
            code: None,
            html: None,
            table: None,
            is_box: false,
        }
    }

    /// What was built, and what comments said.
    pub(super) fn finish(mut self) -> (Vec<Located>, Options) {
        self.flush();
        (self.blocks, self.options)
    }

    pub(super) fn write(&mut self, event: &Event<'_>, span: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => match &mut self.code {
                Some((_, code, _)) => code.push_str(text),
                None => self.push(text, span, false),
            },
            Event::Code(text) => self.push(text, span, true),
            Event::SoftBreak => self.push(" ", span, false),
            Event::HardBreak => self.push("\n", span, false),
            Event::Html(text) => match &mut self.html {
                Some((html, whole)) => {
                    html.push_str(text);
                    whole.end = span.end;
                }
                None => self.markup(text, span),
            },
            Event::InlineHtml(text) => self.markup(text, span),
            Event::TaskListMarker(_) => self.is_box = true,
            Event::FootnoteReference(name) => self.push(&format!("[{name}]"), span, false),
            Event::Rule => self.flush(),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: &Range<usize>) {
        match tag {
            Tag::Emphasis => self.italic += 1,
            Tag::Strong => self.bold += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Link { dest_url, .. } => self.links.push(dest_url.to_string()),
            Tag::Image { dest_url, .. } => {
                self.links.push(dest_url.to_string());
                self.push("image: ", span, false);
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some((rows, _)) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.prose.clear(),
            tag => {
                self.flush();
                self.open(tag, span);
            }
        }
    }

    /// Something begins that stands for itself.
    fn open(&mut self, tag: &Tag<'_>, span: &Range<usize>) {
        match tag {
            Tag::List(number) => self.lists.push(List {
                next: *number,
                start: self.blocks.len(),
                items: 0,
                is_fresh: false,
            }),
            Tag::Item => {
                if let Some(list) = self.lists.last_mut() {
                    list.items += 1;
                    list.is_fresh = true;
                }
            }
            Tag::BlockQuote(kind) => {
                self.quotes += 1;
                let weight = match kind {
                    Some(BlockQuoteKind::Important) => Some(Weight::Important),
                    Some(BlockQuoteKind::Warning) => Some(Weight::Warning),
                    Some(BlockQuoteKind::Caution) => Some(Weight::Caution),
                    Some(BlockQuoteKind::Note | BlockQuoteKind::Tip) | None => None,
                };
                if let (Some(weight), None) = (weight, &self.gate) {
                    self.gate = Some((weight, Vec::new(), span.clone(), self.quotes));
                }
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        self.look_for_the_end(span);
                        info.split_whitespace().next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new(), span.clone()));
            }
            Tag::HtmlBlock => self.html = Some((String::new(), span.clone())),
            Tag::Table(_) => self.table = Some((Vec::new(), span.clone())),
            Tag::Heading { .. } => self.bold += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => drop(self.links.pop()),
            TagEnd::TableCell => {
                let cell = plain(&std::mem::take(&mut self.prose));
                self.span = None;
                if let Some(row) = self.table.as_mut().and_then(|(rows, _)| rows.last_mut()) {
                    row.push(cell.trim().replace('\n', " "));
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::Table => {
                if let Some((rows, span)) = self.table.take() {
                    let code = Block::Code {
                        language: "table".to_owned(),
                        text: aligned(&rows),
                    };
                    self.add(code, span);
                }
            }
            TagEnd::CodeBlock => {
                if let Some((language, text, span)) = self.code.take() {
                    self.code_block(&language, &text, span);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some((html, span)) = self.html.take() {
                    self.markup(&html, &span);
                    self.flush();
                }
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.bold = self.bold.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.flush();
                self.choice();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
                let ends = self.gate.as_ref().is_some_and(|(.., depth)| *depth > self.quotes);
                if let Some((weight, text, span, _)) = self.gate.take_if(|_| ends) {
                    self.add(Block::Gate { weight, text }, span);
                }
            }
            _ => self.flush(),
        }
    }

    fn code_block(&mut self, language: &str, text: &str, span: Range<usize>) {
        if let Some((_, gate, ..)) = &mut self.gate {
            let style = Style {
                code: true,
                ..Style::default()
            };
            gate.push(vec![Piece {
                text: text.trim_end().to_owned(),
                style,
                link: None,
            }]);
        } else if let Some(block) = special::code(language, text, &span, self.out) {
            self.add(block, span);
        }
    }

    fn add(&mut self, block: Block, span: Range<usize>) {
        let what = Draft::Block(block);
        self.blocks.push(Located { what, span });
    }

    pub(super) fn push(&mut self, text: &str, span: &Range<usize>, code: bool) {
        let style = Style {
            bold: self.bold > 0,
            italic: self.italic > 0,
            struck: self.struck > 0,
            code,
        };
        let link = self.links.last().cloned();
        let whole = self.span.get_or_insert_with(|| span.clone());
        whole.end = whole.end.max(span.end);
        match self.prose.last_mut() {
            Some(last) if last.style == style && last.link == link => last.text.push_str(text),
            _ => self.prose.push(Piece {
                text: text.to_owned(),
                style,
                link,
            }),
        }
    }

    /// What was written up to here is a block of its own.
    pub(super) fn flush(&mut self) {
        let prose = trimmed(std::mem::take(&mut self.prose));
        let span = self.span.take();
        let is_box = std::mem::take(&mut self.is_box);
        let Some(span) = span.filter(|_| !prose.is_empty()) else {
            return;
        };
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let list = self.lists.last_mut();
        let (is_item, number) = list.map_or((false, None), List::begin_item);
        if let Some((_, gate, ..)) = &mut self.gate {
            let mut prose = prose;
            if is_item {
                let text = number.map_or_else(|| "• ".to_owned(), |number| format!("{number}. "));
                prose.insert(
                    0,
                    Piece {
                        text,
                        ..Piece::default()
                    },
                );
            }
            gate.push(prose);
            return;
        }
        let block = if is_box {
            Block::Box { text: prose }
        } else if is_item {
            Block::Item {
                depth,
                number,
                text: prose,
            }
        } else if self.quotes > 0 {
            Block::Quote { text: prose }
        } else {
            Block::Paragraph { text: prose }
        };
        self.add(block, span);
    }

    /// A list has ended: one of links into the page only is a choice.
    fn choice(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        let links: Option<Vec<Link>> = self.blocks[list.start..].iter().map(link).collect();
        let Some(links) = links.filter(|links| !links.is_empty() && links.len() == list.items) else {
            return;
        };
        if self.quotes > 0 {
            return;
        }
        let ends = self.blocks.last().map_or(0, |last| last.span.end);
        let span = self.blocks[list.start].span.start..ends;
        self.blocks.truncate(list.start);
        let what = Draft::Choice(links);
        self.blocks.push(Located { what, span });
    }

    /// A fence that is never closed takes the rest of the page with it.
    fn look_for_the_end(&mut self, span: &Range<usize>) {
        let block = self.text.get(span.clone()).unwrap_or_default();
        let bare = |line: &str| {
            line.trim_matches(|letter: char| letter.is_whitespace() || letter == '>')
                .to_owned()
        };
        let mut lines = block.lines();
        let first = bare(lines.next().unwrap_or_default());
        let sign = first.chars().next().unwrap_or('`');
        let length = first.chars().take_while(|letter| *letter == sign).count();
        let last = lines.map(bare).rfind(|line| !line.is_empty()).unwrap_or_default();
        let is_closed = last.chars().all(|letter| letter == sign) && last.chars().count() >= length;
        if !is_closed {
            let line = span.start..span.start + block.lines().next().unwrap_or_default().len();
            let problem = self
                .out
                .at(&line, "this block is never closed, so all that follows is part of it");
            self.out
                .error(problem.help("put a line of three backticks after its last line"));
        }
    }
}

/// An item that is one link into the page and nothing else.
fn link(located: &Located) -> Option<Link> {
    let Draft::Block(Block::Item { text, .. }) = &located.what else {
        return None;
    };
    let dest = text.first()?.link.as_deref()?;
    let anchor = dest.strip_prefix('#')?;
    text.iter()
        .all(|piece| piece.link.as_deref() == Some(dest))
        .then(|| Link {
            words: plain(text),
            anchor: anchor.to_lowercase(),
            span: located.span.clone(),
        })
}

/// Without what is blank at its ends.
fn trimmed(mut prose: Prose) -> Prose {
    while let Some(first) = prose.first_mut() {
        first.text.drain(..first.text.len() - first.text.trim_start().len());
        if !first.text.is_empty() {
            break;
        }
        prose.remove(0);
    }
    while let Some(last) = prose.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        prose.pop();
    }
    prose
}

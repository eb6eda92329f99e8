//! Mistakes in the configuration, and how they are shown: the sentence, the file, the line, a caret, what would work.
//!
//! A [`Problem`] is plain data, so that the same one can be drawn under its line for a terminal, or be said in one line
//! elsewhere. No problem quotes a secret, and the text it is drawn under has its secrets starred out (see `read::secrets`).

use std::{fmt, io, ops::Range, path::PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::File;

/// A place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The line, counted from 1.
    pub line: usize,
    /// The bytes of the text.
    pub(crate) span: Range<usize>,
}

impl Mark {
    /// A place, by its line and its bytes.
    pub(crate) fn new(line: usize, span: Range<usize>) -> Self {
        Self { line, span }
    }
}

/// A value, and where it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub mark: Mark,
}

impl<T> Written<T> {
    /// Another value at the same place.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Written<U> {
        Written {
            value: convert(self.value),
            mark: self.mark,
        }
    }
}

/// One thing that is wrong, and what would work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is so, as a sentence without its period.
    pub what: String,
    /// Where; none when the file as a whole lacks something.
    pub mark: Option<Mark>,
    /// Another place that matters, and what is to be said of it.
    pub also: Option<(Mark, String)>,
    /// What would work, one hint each.
    pub help: Vec<String>,
}

impl Problem {
    /// A problem of the file as a whole.
    pub fn of_file(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            mark: None,
            also: None,
            help: Vec::new(),
        }
    }

    /// A problem at a place.
    pub fn at(mark: &Mark, what: impl Into<String>) -> Self {
        Self {
            mark: Some(mark.clone()),
            ..Self::of_file(what)
        }
    }

    /// Adds what would work.
    #[must_use]
    pub fn help(mut self, hint: impl Into<String>) -> Self {
        self.help.push(hint.into());
        self
    }

    /// Adds what would work, where there is something to suggest.
    #[must_use]
    pub fn help_if(mut self, hint: Option<String>) -> Self {
        self.help.extend(hint);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, mark: &Mark, what: impl Into<String>) -> Self {
        self.also = Some((mark.clone(), what.into()));
        self
    }

    /// The problem in one line: `nightbell.toml:12: nobody is called @bob; did you mean `@ben`?`.
    pub fn in_one_line(&self, file: &str) -> String {
        let mut line = file.to_owned();
        if let Some(mark) = &self.mark {
            line = format!("{line}:{}", mark.line);
        }
        let sentences: Vec<&str> = std::iter::once(&self.what)
            .chain(&self.help)
            .map(String::as_str)
            .collect();
        format!("{line}: {}", sentences.join("; ").replace("?;", "?"))
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The bot does not start with it.
    Error,
    /// The bot works, and somebody should look at it.
    Warning,
}

/// Whether the terminal understands colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colours {
    /// Plain text.
    #[default]
    Without,
    /// With escape sequences.
    With,
}

/// How many problems are drawn; a file with more is another kind of file.
const SHOWN_AT_MOST: usize = 50;

/// Everything that is wrong with a file. Its `Display` draws all of it as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The name of the file.
    pub file: String,
    /// What is wrong, from top to bottom.
    pub problems: Vec<Problem>,
    /// The text with its secrets starred out.
    text: String,
}

impl Problems {
    /// Brings the problems of a text into its order.
    pub(crate) fn new(file: &str, masked: String, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.mark.as_ref().map_or(0, |mark| mark.span.start));
        Self {
            file: file.to_owned(),
            problems,
            text: masked,
        }
    }

    /// Draws all of them.
    pub fn render(&self, colours: Colours) -> String {
        self.render_as(Severity::Error, colours)
    }

    /// Draws all of them as what they are.
    pub fn render_as(&self, severity: Severity, colours: Colours) -> String {
        render(&self.file, &self.text, &self.problems, severity, colours)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Colours::Without))
    }
}

impl std::error::Error for Problems {}

impl File {
    /// Draws what was found out about this file after it was read.
    pub fn render<'p>(
        &self,
        problems: impl IntoIterator<Item = &'p Problem>,
        severity: Severity,
        colours: Colours,
    ) -> String {
        render(&self.name, &self.text, problems, severity, colours)
    }
}

fn render<'p>(
    file: &str,
    text: &str,
    problems: impl IntoIterator<Item = &'p Problem>,
    severity: Severity,
    colours: Colours,
) -> String {
    let renderer = match colours {
        Colours::Without => Renderer::plain(),
        Colours::With => Renderer::styled(),
    };
    let problems: Vec<&Problem> = problems.into_iter().collect();
    let mut drawn: Vec<String> = problems
        .iter()
        .take(SHOWN_AT_MOST)
        .map(|problem| draw(file, text, problem, severity, &renderer))
        .collect();
    if let Some(more) = problems.len().checked_sub(SHOWN_AT_MOST).filter(|more| *more > 0) {
        drawn.push(format!("… and {more} more."));
    }
    drawn.join("\n\n")
}

fn draw(file: &str, text: &str, problem: &Problem, severity: Severity, renderer: &Renderer) -> String {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group: Group<'_> = Group::with_title(level.primary_title(problem.what.as_str()));
    group = match &problem.mark {
        None => group.element(Origin::path(file)),
        Some(mark) => {
            let here = AnnotationKind::Primary.span(within(text, &mark.span));
            let there = problem.also.as_ref().map(|(mark, what)| {
                AnnotationKind::Context
                    .span(within(text, &mark.span))
                    .label(what.as_str())
            });
            group.element(Snippet::source(text).path(file).annotation(here).annotations(there))
        }
    };
    for hint in &problem.help {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group]).trim_end().to_owned()
}

/// The span, cut to its first line and to whole characters, so that no text can trip the drawing.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end).max(start);
    let line = text[start..end].find(['\n', '\r']).map_or(end, |length| start + length);
    start..line
}

/// The mistakes of several files, one after the other.
fn drawn(files: &[Problems]) -> String {
    files.iter().map(Problems::to_string).collect::<Vec<_>>().join("\n\n")
}

/// Why a configuration could not be loaded from the disk.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is none.
    #[error("there is no configuration at `{}`; `nightbell init` writes one to start from", .0.display())]
    Missing(PathBuf),
    /// It is there, and cannot be read.
    #[error("failed to read `{}`", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is far larger than any configuration.
    #[error("`{}` is larger than 1 MiB, which is no configuration", .0.display())]
    TooLarge(PathBuf),
    /// It was read, and there are mistakes in it.
    #[error("{}", drawn(.0))]
    Mistakes(Vec<Problems>),
}

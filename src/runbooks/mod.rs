//! Runbook files: from Markdown to a [`Runbook`], or to everything that is wrong with the page.
//!
//! Any page works that has steps: `##` headings, or else the items of its ordered lists. What a page may say beyond that
//! (front matter, decisions, gates, options) is read by a file of its own here:
//!
//! - `yaml` and `front`: the front matter;
//! - `page`, `inline` and `html`: the Markdown, as sections of blocks;
//! - `special`: what `http` and `alert` blocks and `<!-- step: … -->` say;
//! - `agree`: whether all of it fits together;
//! - `folder`: all files of a folder, the good ones even where others are bad;
//! - `shipped`: those that come with us;
//! - `print`: how a file is read, for whoever writes one.
//!
//! A mistake is a [`Problem`] with its place, as in the configuration. An error leaves the file out; a warning does not.

mod agree;
mod folder;
mod front;
mod html;
mod inline;
mod page;
mod print;
mod shipped;
mod special;
#[cfg(test)]
mod tests;
mod yaml;

use std::ops::Range;

pub use folder::{load, stamp};
pub use print::print;
pub use shipped::shipped;

use crate::config::{Colours, Mark, Problem, Problems, Severity};
use crate::domain::ids::RunbookId;
use crate::domain::runbook::Runbook;

/// No runbook is larger: a run keeps the whole of it.
pub const LARGEST: usize = 256 * 1024;
/// No runbook has more steps.
pub const MOST_STEPS: usize = 200;

/// A runbook, and what is odd about its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// What it says.
    pub runbook: Runbook,
    /// What somebody should look at.
    pub warnings: Problems,
}

impl Readable {
    /// What somebody should look at, drawn; none when all is well.
    pub fn drawn(&self, colours: Colours) -> Option<String> {
        let any = !self.warnings.problems.is_empty();
        any.then(|| self.warnings.render_as(Severity::Warning, colours))
    }
}

/// Reads what a file holds; `file` is its name, for those who read the problems.
///
/// # Errors
/// All mistakes at once.
pub fn read_bytes(bytes: &[u8], file: &str) -> Result<Readable, Problems> {
    let whole = |problem| Problems::new(file, String::new(), vec![problem]);
    if bytes.len() > LARGEST {
        let says = format!(
            "this is larger than {} KiB, and a run keeps the whole page",
            LARGEST / 1024
        );
        return Err(whole(
            Problem::of_file(says).help("split it into several runbooks; a step can name the next one"),
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, file),
        Err(error) => {
            let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            let says = format!("this is not UTF-8 text: line {line} has a byte that is no character");
            Err(whole(Problem::of_file(says).help("save the file as UTF-8")))
        }
    }
}

/// Reads a text; `file` is its name, for those who read the problems.
///
/// # Errors
/// All mistakes at once.
pub fn read(text: &str, file: &str) -> Result<Readable, Problems> {
    let mut out = Findings::new(text);
    let (header, body) = front::read(text, &mut out);
    let page = page::read(text, body, &mut out);
    let runbook = agree::join(header, page, name(file), file, version(text), &mut out);
    let problems = |problems| Problems::new(file, text.to_owned(), problems);
    match runbook {
        Some(runbook) if out.errors.is_empty() => Ok(Readable {
            runbook,
            warnings: problems(out.warnings),
        }),
        _ => Err(problems(out.errors)),
    }
}

/// What people type for a file.
fn name(file: &str) -> RunbookId {
    let name = std::path::Path::new(file).file_stem().unwrap_or_default();
    RunbookId::new(name.to_string_lossy().to_lowercase().replace(char::is_whitespace, "-"))
}

/// A short word that another text does not have.
fn version(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

/// What is found wrong while a text is read.
struct Findings {
    /// Where each line begins.
    lines: Vec<usize>,
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Findings {
    fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            lines: std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect(),
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn mark(&self, span: &Range<usize>) -> Mark {
        let line = self.lines.partition_point(|start| *start <= span.start);
        Mark::new(line, span.clone())
    }

    /// A problem at a place.
    fn at(&self, span: &Range<usize>, what: impl Into<String>) -> Problem {
        Problem::at(&self.mark(span), what)
    }

    fn error(&mut self, problem: Problem) {
        self.errors.push(problem);
    }

    fn warn(&mut self, problem: Problem) {
        self.warnings.push(problem);
    }
}

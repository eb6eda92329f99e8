//! All runbooks there are, and finding the right one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Block, Runbook};
use crate::domain::ids::RunbookId;
use crate::domain::roster::fold_team;

/// All runbooks that could be read, and what kept others from it. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    shelves: Arc<Shelves>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Shelves {
    books: BTreeMap<RunbookId, Arc<Runbook>>,
    /// What each says, folded, for the search.
    texts: BTreeMap<RunbookId, Folded>,
    mistakes: Vec<Mistake>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Folded {
    title: String,
    headings: String,
    text: String,
}

/// Something that is wrong with a file, drawn for whoever can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which file.
    pub file: String,
    /// What, with line and caret.
    pub drawn: String,
    /// Whether the file could not be used at all.
    pub left_out: bool,
}

/// A runbook that a search found, and how well it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub runbook: Arc<Runbook>,
    /// The higher, the better.
    pub score: u32,
}

impl Library {
    /// Takes in what was read.
    pub fn new(books: impl IntoIterator<Item = Runbook>, mistakes: Vec<Mistake>) -> Self {
        let books: BTreeMap<_, _> = books
            .into_iter()
            .map(|book| (book.id.clone(), Arc::new(book)))
            .collect();
        let texts = books.iter().map(|(id, book)| (id.clone(), folded(book))).collect();
        Self {
            shelves: Arc::new(Shelves { books, texts, mistakes }),
        }
    }

    /// All of them, by name.
    pub fn books(&self) -> impl ExactSizeIterator<Item = &Arc<Runbook>> {
        self.shelves.books.values()
    }

    /// The one of that id.
    pub fn get(&self, id: &RunbookId) -> Option<&Arc<Runbook>> {
        self.shelves.books.get(id)
    }

    /// What is wrong with the files.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.shelves.mistakes
    }

    /// The one that words name: by its id, its title, or the beginning of either when only one begins so.
    pub fn named(&self, words: &str) -> Option<&Arc<Runbook>> {
        let wanted = fold_team(words.trim_end_matches(".md"));
        if wanted.is_empty() {
            return None;
        }
        let named = |book: &&Arc<Runbook>| fold_team(book.id.as_str()) == wanted || fold_team(&book.title) == wanted;
        self.books().find(named).or_else(|| {
            let begins = |book: &&Arc<Runbook>| {
                fold_team(book.id.as_str()).starts_with(&wanted) || fold_team(&book.title).starts_with(&wanted)
            };
            let mut beginning = self.books().filter(begins);
            beginning.next().filter(|_| beginning.next().is_none())
        })
    }

    /// Those that have every word somewhere, the best first: titles count most, then headings, then the rest.
    pub fn search(&self, words: &str) -> Vec<Found> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let score = |text: &Folded| {
            let each = words.iter().map(|word| {
                let word = word.as_str();
                if text.title.contains(word) {
                    Some(9)
                } else if text.headings.contains(word) {
                    Some(3)
                } else {
                    text.text.contains(word).then_some(1)
                }
            });
            each.sum::<Option<u32>>()
        };
        let mut found: Vec<Found> = self
            .shelves
            .texts
            .iter()
            .filter_map(|(id, text)| {
                Some(Found {
                    score: score(text)?,
                    runbook: Arc::clone(self.get(id)?),
                })
            })
            .collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.score));
        found
    }

    /// Those that are for something that says this and is about these services, by name.
    pub fn fitting<'s>(
        &self,
        says: &str,
        services: impl IntoIterator<Item = &'s String>,
    ) -> impl Iterator<Item = &Arc<Runbook>> {
        let says = says.to_lowercase();
        let services: Vec<String> = services.into_iter().map(|service| service.to_lowercase()).collect();
        self.books().filter(move |book| {
            let is_of = |pattern: &String| {
                let pattern = pattern.to_lowercase();
                services.iter().any(|service| fits(&pattern, service))
            };
            book.alerts.iter().any(|pattern| fits(&pattern.to_lowercase(), &says)) || book.services.iter().any(is_of)
        })
    }
}

/// Whether a text fits a pattern, in which `*` stands for anything. What has no `*` must be found in the text.
fn fits(pattern: &str, text: &str) -> bool {
    if !pattern.contains('*') {
        return text.contains(pattern);
    }
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn folded(book: &Runbook) -> Folded {
    let texts = |blocks: &[Block]| {
        let texts: Vec<&str> = blocks.iter().flat_map(Block::texts).collect();
        texts.join(" ").to_lowercase()
    };
    let steps: Vec<String> = book.steps.iter().map(|step| texts(&step.body)).collect();
    let headings: Vec<&str> = book.steps.iter().map(|step| step.title.as_str()).collect();
    Folded {
        title: format!("{} {}", book.id, book.title).to_lowercase(),
        headings: headings.join(" ").to_lowercase(),
        text: format!("{} {}", texts(&book.introduction), steps.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_found_anywhere_unless_they_have_stars() {
        assert!(fits("disk", "the disk is full"));
        assert!(!fits("disk*", "the disk is full"));
        assert!(fits("*disk*full", "the disk is full"));
        assert!(fits("*", ""));
        assert!(!fits("a*a", "a"), "a letter counts once");
        assert!(fits("disk full", "disk full"));
    }
}

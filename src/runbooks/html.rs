//! HTML in a page, and tables: what is left of them where neither can be shown.

use std::ops::Range;

use super::inline::Writer;

impl Writer<'_> {
    /// HTML: comments say something to us or to nobody, tags are left out, and what stands between them stays.
    pub(super) fn markup(&mut self, html: &str, span: &Range<usize>) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            self.push_some(&rest[..at], span);
            let here = &rest[at..];
            if let Some(comment) = here.strip_prefix("<!--") {
                let Some(end) = comment.find("-->") else {
                    let problem = self
                        .out
                        .at(span, "this comment is never closed, so all that follows is part of it");
                    self.out.error(problem.help("close it with `-->`"));
                    return;
                };
                self.comment(comment[..end].trim(), span);
                rest = &comment[end + 3..];
                continue;
            }
            let Some(end) = here.find('>') else {
                rest = here;
                break;
            };
            let tag = here[1..end].trim_matches(['/', ' ']).to_lowercase();
            if tag == "br" {
                self.push("\n", span, false);
            }
            rest = &here[end + 1..];
        }
        self.push_some(rest, span);
    }

    fn push_some(&mut self, text: &str, span: &Range<usize>) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if !words.is_empty() {
            let lead = if self.prose.is_empty() { "" } else { " " };
            self.push(&format!("{lead}{}", words.join(" ")), span, false);
        }
    }

    fn comment(&mut self, comment: &str, span: &Range<usize>) {
        let lowered = comment.to_lowercase();
        if lowered.starts_with("step:") || lowered.starts_with("step ") {
            self.options.push((comment[5..].trim().to_owned(), span.clone()));
        }
    }
}

/// A table in letters of one width.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    const WIDEST: usize = 40;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDEST)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

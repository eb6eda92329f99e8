//! Templates of updates: texts that stand ready, with placeholders for what is known of the incident.

use super::{Incident, Scope, Severity, Status, Words};

/// An update that stands ready.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// What it is called.
    pub name: String,
    /// For incidents of these severities; of any when none.
    pub severities: Vec<Severity>,
    /// For incidents that touch so many.
    pub scope: Option<Scope>,
    /// For incidents that have come so far; in any status when none.
    pub statuses: Vec<Status>,
    /// What it says, with placeholders.
    pub words: Words,
}

impl Template {
    /// Whether it is for such an incident.
    pub fn fits(&self, incident: &Incident) -> bool {
        let fits_severity = self.severities.is_empty() || self.severities.contains(&incident.severity);
        let fits_status = self.statuses.is_empty() || self.statuses.contains(&incident.status);
        fits_severity && fits_status && self.scope.is_none_or(|scope| incident.scope == Some(scope))
    }
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// Its id.
    Id,
    /// What is wrong.
    Title,
    /// How bad it is.
    Severity,
    /// How far it has come.
    Status,
    /// Whom it touches.
    Scope,
    /// What is broken.
    Services,
    /// Who answers for it.
    Team,
    /// Who leads it.
    Lead,
}

impl Placeholder {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Id,
        Self::Title,
        Self::Severity,
        Self::Status,
        Self::Scope,
        Self::Services,
        Self::Team,
        Self::Lead,
    ];

    /// As it is written, without the braces.
    pub fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Scope => "scope",
            Self::Services => "services",
            Self::Team => "team",
            Self::Lead => "lead",
        }
    }
}

/// A part of a template's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text as it stands.
    Text(&'t str),
    /// Something known of the incident.
    Known(Placeholder),
    /// A word in braces that stands for nothing.
    Unknown(&'t str),
}

/// Takes a text apart. Braces around anything but one word are text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, word, after)) = next(rest) {
        if !before.is_empty() {
            found.push(Piece::Text(before));
        }
        let known = Placeholder::ALL.into_iter().find(|known| known.word() == word);
        found.push(known.map_or(Piece::Unknown(word), Piece::Known));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// The next word in braces, with what is before and behind it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let opens = text.match_indices('{').map(|(at, _)| at);
    for at in opens {
        let (before, inside) = (&text[..at], &text[at + 1..]);
        if let Some((word, after)) = inside.split_once('}')
            && is_word(word)
        {
            return Some((before, word, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_at_words_in_braces() {
        let rows: [(&str, &[Piece<'_>]); 6] = [
            ("", &[]),
            ("all is well", &[Piece::Text("all is well")]),
            (
                "{title}: {servces} is down",
                &[
                    Piece::Known(Placeholder::Title),
                    Piece::Text(": "),
                    Piece::Unknown("servces"),
                    Piece::Text(" is down"),
                ],
            ),
            ("{ a set } of {", &[Piece::Text("{ a set } of {")]),
            (
                "{{lead}}",
                &[Piece::Text("{"), Piece::Known(Placeholder::Lead), Piece::Text("}")],
            ),
            ("{}{id}", &[Piece::Text("{}"), Piece::Known(Placeholder::Id)]),
        ];
        for (text, expected) in rows {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}

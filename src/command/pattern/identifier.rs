//! Ids as people type them.

use crate::command::reading::OtherKind;
use crate::domain::ids::{AlertId, IncidentId, OverrideId, RunId};

/// Reads `o-3`, `o3`, `#3`, `3`, in lower case.
pub(super) fn override_id(key: &str) -> Option<OverrideId> {
    counted(key, 'o').map(OverrideId)
}

/// Reads `r-3`, `r3`, `#3`, `3`, in lower case.
pub(in crate::command) fn run_id(key: &str) -> Option<RunId> {
    counted(key, 'r').map(RunId)
}

fn counted(key: &str, letter: char) -> Option<u64> {
    let number = key.trim_start_matches('#').trim_start_matches(letter);
    let digits = number.trim_start_matches(['-', '\u{2010}', '\u{2011}', '\u{2012}', '–']);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Something that an id can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command) enum Identifier {
    /// An alert.
    Alert(AlertId),
    /// An incident.
    Incident(IncidentId),
    /// Something else.
    Other(OtherKind),
}

/// Reads `a-12`, `a12`, `#12`, `12`, `inc-7`, `r-3`, in lower case.
pub(in crate::command) fn identifier(key: &str) -> Option<Identifier> {
    let (letters, number) = match key.strip_prefix('#') {
        Some(number) => ("", number),
        None => key.split_at(key.find(|c: char| !c.is_ascii_alphabetic())?),
    };
    // A hyphen, one that does not break, a figure dash or an en dash: telephones make all of them.
    let digits = match letters {
        "" => number,
        _ => number.trim_start_matches(['-', '\u{2010}', '\u{2011}', '\u{2012}', '–']),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match letters {
        // A number that is too large is an id nobody has; the largest is one nobody ever will have.
        "" | "a" => Some(Identifier::Alert(AlertId(digits.parse().unwrap_or(u64::MAX)))),
        "inc" => Some(Identifier::Incident(IncidentId(digits.parse().unwrap_or(u64::MAX)))),
        "r" => Some(Identifier::Other(OtherKind::Run)),
        _ => None,
    }
}

//! The name of an incident's channel: `inc-7-checkout-times-out`.

use crate::domain::ids::IncidentId;

/// The longest name, without the suffix that makes it another.
const LONGEST: usize = 50;
/// How many names are tried.
const TRIES: u32 = 20;

/// The first name to try: lower-case letters, digits and hyphens, as every chat service takes them.
pub(super) fn of(id: IncidentId, title: &str) -> String {
    let mut name = format!("inc-{}", id.0);
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        if name.len() + 1 + word.len() > LONGEST {
            break;
        }
        name.push('-');
        name.push_str(&word.to_lowercase());
    }
    name
}

/// The name to try when this one is taken: `…-2`, `…-3`; none after too many.
pub(super) fn after(name: &str, first: &str) -> Option<String> {
    let number = match name.strip_prefix(first)? {
        "" => 1,
        suffix => suffix.strip_prefix('-')?.parse::<u32>().ok()?,
    };
    (number < TRIES).then(|| format!("{first}-{}", number + 1))
}

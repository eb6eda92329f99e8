//! Whether two messages say nearly the same.

use std::collections::BTreeSet;

/// From which share of words in common on two messages say the same.
const ENOUGH: f64 = 0.8;

/// Whether two messages have nearly the same words, whatever their order, case and punctuation: the Sørensen–Dice
/// coefficient of their words. Names and numbers are words too, so "disk full on db-3" is not "disk full on db-4".
///
/// <https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient>
pub fn is_similar(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() {
        return false;
    }
    let common = u32::try_from(one.intersection(&other).count()).unwrap_or(u32::MAX);
    let all = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    2.0 * f64::from(common) / f64::from(all) >= ENOUGH
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|character: char| !character.is_alphanumeric() && !"-_.".contains(character))
        .map(|word| word.trim_matches('.').to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

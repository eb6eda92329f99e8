//! Did you mean: the nearest of what exists.
//!
//! Distance counts a swap of two letters as one mistake, since that is how fingers slip. What is too far away is not
//! suggested: a wrong suggestion costs more than none.

/// Up to three of `candidates` that are near `typed`, the nearest first, whatever their case.
pub fn nearest<'c>(typed: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    // Longer texts are nobody's name, and the distance costs the product of both lengths.
    const LONGEST: usize = 80;
    let wanted = typed.to_lowercase();
    if wanted.chars().count() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .filter_map(|candidate| {
            let folded = candidate.to_lowercase();
            let distance = strsim::damerau_levenshtein(&wanted, &folded);
            let starts = wanted.chars().count() >= 3 && folded.starts_with(&wanted);
            let allowed = 1 + wanted.chars().count() / 4;
            (starts || distance <= allowed && distance < wanted.chars().count()).then_some((distance, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The sentence about the nearest of `candidates`, each shown behind `sign`; none when nothing is near.
pub(crate) fn did_you_mean<'c>(
    typed: &str,
    sign: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    let near = nearest(typed, candidates);
    (!near.is_empty()).then(|| {
        let quoted: Vec<String> = near.iter().map(|candidate| format!("`{sign}{candidate}`")).collect();
        format!("did you mean {}?", either(&quoted))
    })
}

/// Joins with commas and a last "or".
pub(crate) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

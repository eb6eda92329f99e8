//! What stands in the environment for what a runbook sends, and keeping it out of what comes back.

use std::fmt;
use std::sync::Arc;

/// Looks a variable of the environment up.
type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Shorter ones are not looked for in an answer: they would be found everywhere.
const SHORTEST: usize = 4;
/// What stands where one was.
const MASK: &str = "•••";

/// The secrets of the environment; each is looked up when it is sent, and kept nowhere.
#[derive(Clone)]
pub struct Secrets(Arc<Lookup>);

impl Secrets {
    /// Those that `lookup` finds.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(lookup))
    }

    /// One of them, without the line ends that files leave around it; none when it is not set, or empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = (self.0)(name)?.trim_matches(['\n', '\r']).to_owned();
        Some(value).filter(|value| !value.is_empty())
    }
}

impl Default for Secrets {
    /// There are none.
    fn default() -> Self {
        Self::new(|_| None)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

/// A text in which no secret stands any more, whichever way it was written.
pub(super) fn masked(text: &str, secrets: &[String]) -> String {
    let mut longest_first: Vec<&String> = secrets.iter().filter(|secret| secret.len() >= SHORTEST).collect();
    longest_first.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    longest_first
        .into_iter()
        .fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASK))
}

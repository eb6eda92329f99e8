//! What stands in the environment for what a runbook sends, and keeping it out of what comes back.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

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

/// Everything that must not be seen: each secret in the ways it may have been written.
pub(super) fn spellings(secrets: &[String]) -> Vec<String> {
    let mut spellings: Vec<String> = secrets
        .iter()
        .flat_map(|secret| {
            let percent: String = secret.bytes().map(percent).collect();
            let plus: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let json = serde_json::Value::from(secret.as_str()).to_string();
            let json = json[1..json.len() - 1].to_owned();
            let html = secret
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;");
            let standard = BASE64_STANDARD_NO_PAD.encode(secret);
            let of_addresses = BASE64_URL_SAFE_NO_PAD.encode(secret);
            let small = percent.to_lowercase();
            [secret.clone(), percent, small, plus, json, html, standard, of_addresses]
        })
        .filter(|spelling| spelling.len() >= SHORTEST)
        .collect();
    spellings.sort_unstable_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    spellings.dedup();
    spellings
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// A text in which no secret stands any more, also none that was cut off at its end.
pub(super) fn masked(text: &str, spellings: &[String]) -> String {
    let mut masked = text.to_owned();
    for spelling in spellings {
        masked = masked.replace(spelling.as_str(), MASK);
    }
    let cut = spellings.iter().flat_map(|spelling| {
        let ends = spelling.char_indices().map(|(at, _)| at).filter(|at| *at >= SHORTEST);
        ends.map(|at| &spelling[..at]).collect::<Vec<_>>()
    });
    let longest = cut.filter(|beginning| masked.ends_with(beginning)).map(str::len).max();
    if let Some(length) = longest {
        masked.truncate(masked.len() - length);
        masked.push_str(MASK);
    }
    masked
}

//! What Slack makes of typed text before it hands it on.

use super::state::{BOT_USER, State};

/// `@ana`, `#ops` and addresses become references, everything else literal.
pub(super) fn escaped(state: &State, typed: &str) -> String {
    let literal = literal(typed);
    let mut read = String::with_capacity(literal.len());
    for piece in literal.split_inclusive([' ', '\n']) {
        let word = piece.trim_end_matches([' ', '\n']);
        let (name, after) = piece.split_at(word.trim_end_matches([',', '.', ':', '?', '!']).len());
        read.push_str(reference(state, name).as_deref().unwrap_or(name));
        read.push_str(after);
    }
    read
}

/// Only `&`, `<` and `>` change.
pub(super) fn literal(typed: &str) -> String {
    typed.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn reference(state: &State, word: &str) -> Option<String> {
    if word.starts_with("http://") || word.starts_with("https://") {
        return Some(format!("<{word}>"));
    }
    if let Some(name) = word.strip_prefix('#') {
        let channel = state.channels.values().find(|channel| channel.name == name)?;
        return Some(format!("<#{}|{name}>", channel.id));
    }
    if let Some(name) = word.strip_prefix('@') {
        if name == state.name(BOT_USER) {
            return Some(format!("<@{BOT_USER}>"));
        }
        if let Some(user) = state.users.values().find(|user| user.new.name == name) {
            return Some(format!("<@{}|{name}>", user.id));
        }
        let (id, _) = state.groups.iter().find(|(_, (handle, ..))| handle == name)?;
        return Some(format!("<!subteam^{id}|@{name}>"));
    }
    let (user, host) = word.split_once('@')?;
    (!user.is_empty() && host.contains('.')).then(|| format!("<mailto:{word}|{word}>"))
}

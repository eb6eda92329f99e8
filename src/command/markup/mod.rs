//! Slack's raw text → the text its author saw, and who is mentioned in it.
//!
//! Slack escapes mentions, channels and links as `<…>` and the characters `&`, `<`, `>` as entities. Both are undone here,
//! once: entities are recognised first and only the text between them is decoded, so that `&lt;!channel&gt;` stays the
//! harmless text it is. What comes out is plain text that mentions nobody; whoever shows it escapes it again.
//!
//! Characters that cannot be seen and do harm are dropped: control characters other than newline and tab, spaces without
//! width, overrides of the writing direction. Emoji (with their joiners), right-to-left text and its marks stay.

use std::ops::Range;

use crate::domain::ids::{ChannelId, GroupId, UserId};
use crate::domain::roster::Roster;

/// Text as its author saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Visible {
    /// The text.
    pub(super) text: String,
    /// What is mentioned in it, and where (in bytes), in order and apart from each other.
    pub(super) mentions: Vec<(Range<usize>, Mention)>,
}

/// Somebody or something that is mentioned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mention {
    /// A person.
    Person(UserId),
    /// A user group.
    Group(GroupId),
    /// A channel.
    Channel(ChannelId),
    /// A link or a broadcast: text that must not be taken apart.
    Other,
}

/// Reads raw text.
pub(super) fn visible(raw: &str, roster: &Roster) -> Visible {
    let mut seen = Visible::default();
    let mut rest = raw;
    while let Some(open) = rest.find('<') {
        push_clean(&mut seen.text, &decode(&rest[..open]));
        let inner = &rest[open + 1..];
        // An entity has no `<` in it and ends on its own line; anything else is a character somebody typed.
        let close = inner
            .find(['<', '>', '\n'])
            .filter(|&end| inner[end..].starts_with('>'));
        let entity = close.and_then(|end| Some((end, entity(&inner[..end], roster)?)));
        if let Some((end, (text, mention))) = entity {
            let start = seen.text.len();
            push_clean(&mut seen.text, &text);
            seen.mentions.push((start..seen.text.len(), mention));
            rest = &inner[end + 1..];
        } else {
            seen.text.push('<');
            rest = inner;
        }
    }
    push_clean(&mut seen.text, &decode(rest));
    seen
}

/// Text that was typed into a form, without what cannot be seen.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    push_clean(&mut cleaned, text);
    cleaned
}

/// Whether there is nothing to see.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_joiner_or_mark(c))
}

/// Characters without width that have a meaning inside a text and none in a command's word.
pub(super) fn is_joiner_or_mark(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{061C}' | '\u{FE0E}' | '\u{FE0F}' | '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}')
}

/// What stands between `<` and `>`: how it is shown, and what it mentions; none when it is no entity.
fn entity(inner: &str, roster: &Roster) -> Option<(String, Mention)> {
    let (what, label) = match inner.split_once('|') {
        Some((what, label)) => (what, Some(decode(label)).filter(|label| !is_blank(label))),
        None => (inner, None),
    };
    let at = |name: &str| format!("@{}", name.trim_start_matches('@'));
    let mut sort = what.chars();
    match sort.next()? {
        '@' => {
            let id = UserId::new(opaque(sort.as_str())?);
            let known = roster.people.get(&id).map(|person| at(&person.handle));
            let shown = known
                .or_else(|| label.map(|label| at(&label)))
                .unwrap_or_else(|| at(id.as_str()));
            Some((shown, Mention::Person(id)))
        }
        '#' => {
            let id = ChannelId::new(opaque(sort.as_str())?);
            let name = label.unwrap_or_else(|| id.to_string());
            Some((format!("#{}", name.trim_start_matches('#')), Mention::Channel(id)))
        }
        '!' => special(sort.as_str(), label, roster),
        _ => link(what, label).map(|shown| (shown, Mention::Other)),
    }
}

/// `<!subteam^S1|@cloud>`, `<!channel>`, `<!date^…|fallback>`.
fn special(what: &str, label: Option<String>, roster: &Roster) -> Option<(String, Mention)> {
    let at = |name: &str| format!("@{}", name.trim_start_matches('@'));
    if let Some(id) = what.strip_prefix("subteam^") {
        let id = GroupId::new(opaque(id)?);
        let shown = match roster.groups.get(&id) {
            Some(handle) => at(handle),
            None => label.map_or_else(|| at(id.as_str()), |label| at(&label)),
        };
        return Some((shown, Mention::Group(id)));
    }
    let shown = match what {
        "channel" | "here" | "everyone" | "group" => at(what),
        _ => label?,
    };
    Some((shown, Mention::Other))
}

/// A link, as it was typed; one that was shown under another text keeps both, so that neither hides the other.
fn link(what: &str, label: Option<String>) -> Option<String> {
    let address = decode(what);
    let (scheme, place) = address.split_once(':')?;
    if scheme.is_empty() || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
        return None;
    }
    let shorter = match scheme {
        "mailto" | "tel" => place,
        _ => place.trim_start_matches('/'),
    };
    let bare = |text: &str| text.trim_end_matches('/').to_lowercase();
    Some(match label {
        Some(label)
            if [address.as_str(), shorter]
                .into_iter()
                .any(|typed| bare(typed) == bare(&label)) =>
        {
            label
        }
        Some(label) => format!("{label} ({address})"),
        None if scheme == "mailto" => shorter.to_owned(),
        None => address,
    })
}

/// An id of Slack's: letters and digits only, else it is a character that somebody typed.
fn opaque(id: &str) -> Option<&str> {
    let fine = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric());
    fine.then_some(id)
}

/// Undoes Slack's three entities, once.
fn decode(text: &str) -> String {
    // `&amp;` comes last: what it leaves behind is not looked at again.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn push_clean(to: &mut String, text: &str) {
    let mut before = None;
    for c in text.chars() {
        match c {
            '\n' | '\t' => to.push(c),
            '\r' | '\u{2028}' | '\u{2029}' => to.push('\n'),
            '\u{A0}' | '\u{202F}' | '\u{2007}' | '\u{3000}' => to.push(' '),
            // Widthless spaces, the soft hyphen, and overrides that turn readable text round.
            '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}' | '\u{202D}' | '\u{202E}' => {}
            c if c.is_control() => {}
            c => to.push(c),
        }
        if before == Some('\r') && c == '\n' {
            to.pop();
        }
        before = Some(c);
    }
}

#[cfg(test)]
mod tests;

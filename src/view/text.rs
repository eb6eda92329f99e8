//! Words that go to people: escaping, cutting, names and times.
//!
//! Foreign text (a summary, a note, a display name) reaches Slack in one of two ways: as `plain_text`, literal, or through
//! [`escape`] into `mrkdwn` with `verbatim`, where nothing in it can mention, link or ring anybody. Text is cut before it is
//! escaped, so that no entity is cut in two.
//! <https://docs.slack.dev/messaging/formatting-message-text#escaping>

use std::fmt::Display;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::actor::Actor;
use crate::domain::duration;
use crate::domain::escalation::Recipient;
use crate::domain::ids::{ChannelId, MessageRef, TeamId, UserId};
use crate::domain::roster::Roster;

/// Makes foreign text literal in `mrkdwn`.
pub fn escape(foreign: &str) -> String {
    foreign.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Takes [`escape`] back, for places that take plain text.
pub fn unescape(escaped: &str) -> String {
    escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Our own markup as plain text, for what is read outside of Slack: times on the clocks of a zone, people and channels by
/// what stands for them.
pub fn plain(markup: &str, zone: Tz) -> String {
    let mut plain = String::new();
    let mut rest = markup;
    // Foreign text is escaped, so what is in angle brackets is ours.
    while let Some((before, after)) = rest.split_once('<') {
        let Some((token, after)) = after.split_once('>') else {
            break;
        };
        plain.push_str(before);
        plain.push_str(&spelled(token, zone));
        rest = after;
    }
    plain.push_str(rest);
    unescape(&plain.replace(":warning:", "⚠"))
}

/// What stands between angle brackets.
fn spelled(token: &str, zone: Tz) -> String {
    let date = token.strip_prefix("!date^").and_then(|date| date.split_once('^'));
    let instant = date.and_then(|(seconds, _)| DateTime::from_timestamp(seconds.parse().ok()?, 0));
    match instant {
        Some(at) => at.with_timezone(&zone).format("%a %-d %b %Y %H:%M").to_string(),
        // What it stands for may begin with the same sign.
        None => token.strip_prefix(['@', '#']).unwrap_or(token).to_owned(),
    }
}

/// Cuts to at most `limit` characters; what was cut is marked with `…`.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// The first line, on one line, cut to `limit` characters.
pub fn headline(text: &str, limit: usize) -> String {
    let mut lines = text.trim().lines();
    let first = lines
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if lines.next().is_some() && first.chars().count() < limit {
        return format!("{first}…");
    }
    shorten(&first, limit)
}

/// A person by name, mentioning nobody: cards are read by many and edited often.
pub fn name(roster: &Roster, user: &UserId) -> String {
    match roster.people.get(user) {
        Some(person) => format!("@{}", escape(&person.handle)),
        None => mention(user),
    }
}

/// Whoever did something, by name.
pub fn actor(roster: &Roster, actor: &Actor) -> String {
    match actor {
        Actor::Person(user) => name(roster, user),
        Actor::Source { source } => escape(source),
    }
}

/// A person, mentioned: they are notified once, when the message is posted.
pub fn mention(user: &UserId) -> String {
    format!("<@{user}>")
}

/// A channel, as a link.
pub fn channel(channel: &ChannelId) -> String {
    format!("<#{channel}>")
}

/// Where a message is read in a browser; none where the workspace's address is unknown.
pub fn permalink(roster: &Roster, at: &MessageRef) -> Option<String> {
    let address = Some(roster.address.trim_end_matches('/')).filter(|address| !address.is_empty())?;
    let message = at.message.as_str().replace('.', "");
    Some(format!("{address}/archives/{}/p{message}", at.channel))
}

/// A team by the name people use.
pub fn team(roster: &Roster, team: &TeamId) -> String {
    roster
        .teams
        .get(team)
        .map_or_else(|| escape(team.as_str()), |team| escape(&team.name))
}

/// Somebody who was paged, by name.
pub fn recipient(roster: &Roster, who: &Recipient) -> String {
    match who {
        Recipient::Person(user) => name(roster, user),
        Recipient::Channel(id) => channel(id),
    }
}

/// A time of day in the reader's own zone; UTC where Slack cannot say it.
pub fn time(at: DateTime<Utc>) -> String {
    format!("<!date^{}^{{time}}|{} UTC>", at.timestamp(), at.format("%H:%M"))
}

/// A day and time in the reader's own zone; UTC where Slack cannot say it.
pub fn date(at: DateTime<Utc>) -> String {
    format!(
        "<!date^{}^{{date_short_pretty}} {{time}}|{} UTC>",
        at.timestamp(),
        at.format("%a %-d %b %H:%M")
    )
}

/// Our own words as a terminal shows them: times in UTC, no markup.
pub fn in_terminal(said: &str) -> String {
    let mut plain = String::with_capacity(said.len());
    let mut rest = said;
    while let Some((before, tag)) = rest.split_once("<!date^") {
        plain.push_str(before);
        let Some((tag, behind)) = tag.split_once('>') else {
            break;
        };
        plain.push_str(tag.split_once('|').map_or(tag, |(_, fallback)| fallback));
        rest = behind;
    }
    plain.push_str(rest);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// How long it is from one instant to another; from ten minutes on nobody counts seconds.
pub fn between(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let length = to - from;
    if length >= TimeDelta::minutes(10) {
        return duration::show(TimeDelta::minutes(length.num_minutes())).to_string();
    }
    duration::show(length).to_string()
}

/// `1 alert`, `2 alerts`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}

/// `ana`, `ana and ben`, `ana, ben and cleo`.
pub fn list<T: Display>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            format!(
                "{} and {last}",
                first.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_text_never_exceeds_its_limit_and_says_that_it_was_cut() {
        assert_eq!(shorten("disk full", 9), "disk full");
        assert_eq!(shorten("disk is full", 6), "disk…");
        assert_eq!(shorten("ééééé", 3), "éé…");
    }

    #[test]
    fn a_headline_is_one_line() {
        assert_eq!(headline("  disk   full\non db-3", 150), "disk full…");
        assert_eq!(headline("disk full\n", 150), "disk full");
    }

    #[test]
    fn foreign_text_can_mention_nobody() {
        assert_eq!(escape("<!channel> & <@U1>"), "&lt;!channel&gt; &amp; &lt;@U1&gt;");
    }

    #[test]
    fn markup_becomes_plain_text_on_the_clocks_of_a_zone() {
        let at = DateTime::from_timestamp(1_772_568_000, 0).unwrap();
        let said = format!(
            "{} has it until {} &amp; {}",
            mention(&UserId::new("@ana")),
            date(at),
            escape("<b>")
        );
        assert_eq!(
            plain(&said, Tz::Europe__Berlin),
            "@ana has it until Tue 3 Mar 2026 21:00 & <b>"
        );
        assert_eq!(plain(":warning: a &lt; b <cut", Tz::UTC), "⚠ a < b <cut");
    }

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list(&["ana"]), "ana");
        assert_eq!(list(&["ana", "ben", "cleo"]), "ana, ben and cleo");
    }
}

//! Our own markup as Markdown, for files that are read without Slack.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::told::{Naming, line};
use crate::domain::ids::AlertId;
use crate::domain::incident::{Action, Incident};
use crate::view::Scene;
use crate::view::text::{name, plain, unescape};

/// Names of emoji that we write, and what they show.
const EMOJI: [(&str, &str); 4] = [
    (":pushpin:", "📌"),
    (":warning:", "⚠"),
    (":rotating_light:", "🚨"),
    (":bell:", "🔔"),
];

/// Words of ours about an incident: times on the clocks of a zone, people and channels by name, links and bold type as
/// Markdown has them.
pub(super) fn words(scene: Scene<'_>, incident: &Incident, markup: &str, zone: Tz) -> String {
    let mut text = String::new();
    let mut rest = markup;
    // Foreign text is escaped, so what is in angle brackets is ours.
    while let Some((before, after)) = rest.split_once('<') {
        let Some((token, after)) = after.split_once('>') else {
            break;
        };
        text.push_str(&bold(before));
        text.push_str(&spelled(scene, incident, token, zone));
        rest = after;
    }
    text.push_str(&bold(rest));
    let text = EMOJI.iter().fold(text, |text, (name, shown)| text.replace(name, shown));
    unescape(&text)
}

/// Alerts that belong to it, as lines of a list.
pub(super) fn alerts(scene: Scene<'_>, incident: &Incident) -> Vec<String> {
    let line = |id: &AlertId| match scene.world.alert(*id) {
        Some(alert) => format!("- {id}: {}", alert.summary),
        None => format!("- {id}"),
    };
    incident.alerts.iter().map(line).collect()
}

/// What is to be done, as lines of a list with boxes.
pub(super) fn actions(scene: Scene<'_>, incident: &Incident, zone: Tz) -> Vec<String> {
    let line = |action: &Action| {
        let mark = if action.done.is_some() { "x" } else { " " };
        let owner = action
            .owner
            .as_ref()
            .map(|owner| plain(&name(scene.roster, owner), zone));
        let owner = owner.map(|owner| format!(" ({owner})")).unwrap_or_default();
        let due = action
            .due
            .map(|due| format!(", by {}", at(due, zone)))
            .unwrap_or_default();
        let moved = action
            .moved
            .map(|into| format!(", goes on in {into}"))
            .unwrap_or_default();
        format!("- [{mark}] {}{owner}{due}{moved}", action.text)
    };
    incident.actions.iter().map(line).collect()
}

/// Everything that happened, a line each, its beginning first.
pub(super) fn timeline(scene: Scene<'_>, incident: &Incident, zone: Tz) -> Vec<String> {
    let by = plain(&name(scene.roster, &incident.declared_by), zone);
    let begins = format!("- {}: {by} declares it.", at(incident.declared_at, zone));
    let rest = incident.timeline.iter().filter_map(|moment| {
        let line = line(scene, incident, &moment.what, Naming::Quiet)?;
        let line = words(scene, incident, &line, zone).replace('\n', "\n  ");
        Some(format!("- {}: {line}", at(moment.at, zone)))
    });
    std::iter::once(begins).chain(rest).collect()
}

/// An instant on the clocks of a zone.
pub(super) fn at(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b %Y %H:%M").to_string()
}

/// What stands between angle brackets.
fn spelled(scene: Scene<'_>, incident: &Incident, token: &str, zone: Tz) -> String {
    if let Some(id) = token.strip_prefix('@') {
        return plain(&name(scene.roster, &crate::domain::ids::UserId::new(id)), zone);
    }
    if let Some(id) = token.strip_prefix('#') {
        let is_its_own = incident.room().is_some_and(|room| room.as_str() == id);
        return match incident.room_name.as_deref().filter(|_| is_its_own) {
            Some(name) => format!("#{name}"),
            None if is_its_own => "a channel of its own".to_owned(),
            None => "a channel".to_owned(),
        };
    }
    match token.split_once('|') {
        Some((link, label)) if link.starts_with("http") => format!("[{label}]({link})"),
        None if token.starts_with("http") => format!("&lt;{token}&gt;"),
        _ => plain(&format!("<{token}>"), zone),
    }
}

/// `*so*` becomes `**so**`; an asterisk inside of a word stays one.
fn bold(text: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let outside = |neighbour: Option<char>| neighbour.is_none_or(|c| !c.is_alphanumeric() && c != '*');
        let opens = outside(before) && next.is_some_and(|c| !c.is_whitespace() && c != '*');
        let closes = outside(next) && before.is_some_and(|c: char| !c.is_whitespace() && c != '*');
        if letter == '*' && (opens != closes) {
            out.push_str("**");
        } else {
            out.push(letter);
        }
        before = Some(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::bold;

    #[test]
    fn what_stands_out_in_slack_stands_out_in_markdown() {
        let cases = [
            ("*Resolved* after 5 min", "**Resolved** after 5 min"),
            ("moves it to *SEV1*: why", "moves it to **SEV1**: why"),
            ("2*3*4 and a * b", "2*3*4 and a * b"),
            ("**already**", "**already**"),
        ];
        for (slack, markdown) in cases {
            assert_eq!(bold(slack), markdown);
        }
    }
}

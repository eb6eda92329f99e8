//! Who is told of what, in words.

use crate::domain::Event;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::incident::{Level, Recipient, Subscription, Topic, Wish};
use crate::slack::call::Message;
use crate::view::text::{channel, escape, shorten, team};
use crate::view::{Scene, say};

/// It was done, or it already was.
pub(super) fn done(scene: Scene<'_>, by: &UserId, wish: &Wish, events: &[Event]) -> Message {
    let who = wish.who(by);
    let to = wish.to().cloned().or_else(|| {
        let only = scene.world.incidents().meant(None).ok()?;
        Some(Topic::Incident(only.id))
    });
    let what = to.map_or_else(|| "that".to_owned(), |to| topic(scene, &to));
    let (whose, place) = match &who {
        Recipient::Person(_) => ("You", "our direct messages".to_owned()),
        Recipient::Channel(id) => ("This channel", channel(id)),
    };
    let verb = if matches!(who, Recipient::Person(_)) {
        "hear"
    } else {
        "hears"
    };
    say(match wish.level() {
        Some(level) => {
            let already = if events.is_empty() { " already" } else { "" };
            format!(
                "{whose}{already} {verb} of {what}, {}, in {place}. `/incident unsubscribe` ends it, and so does \
                 *Unsubscribe* on the message.",
                much(level)
            )
        }
        None if events.is_empty() => {
            let were = if matches!(who, Recipient::Person(_)) {
                "were"
            } else {
                "was"
            };
            format!("{whose} {were} not subscribed to {what}, so nothing has changed.")
        }
        None => format!("{whose} {verb} no more of {what}."),
    })
}

/// What somebody, and a channel, is subscribed to.
pub fn list(scene: Scene<'_>, of: &UserId, here: &ChannelId) -> Message {
    let standing = scene.roster.incidents.standing.iter();
    let standing = standing.map(|it| (it, " (from the configuration)"));
    let own = scene.world.subscriptions().iter().map(|it| (it, ""));
    let all: Vec<(&Subscription, &str)> = own.chain(standing).collect();
    let lines = |who: &Recipient| -> Vec<String> {
        let theirs = all.iter().filter(|(it, _)| it.who == *who).take(30);
        theirs
            .map(|(it, whence)| format!("• {}: {}{whence}", topic(scene, &it.to), much(it.level)))
            .collect()
    };
    let mut parts = Vec::new();
    for (lead, who) in [
        ("*You*", Recipient::Person(of.clone())),
        ("*This channel*", Recipient::Channel(here.clone())),
    ] {
        let lines = lines(&who);
        if !lines.is_empty() {
            parts.push(format!("{lead}\n{}", lines.join("\n")));
        }
    }
    if parts.is_empty() {
        return say(
            "Neither you nor this channel is subscribed to anything. `/incident subscribe to all` tells you of every \
             incident, `/incident subscribe to cloud here` tells this channel of one team's.",
        );
    }
    say(parts.join("\n"))
}

fn topic(scene: Scene<'_>, topic: &Topic) -> String {
    match topic {
        Topic::Incident(id) => id.to_string(),
        Topic::Team(id) => format!("incidents of {}", team(scene.roster, id)),
        Topic::Service(name) => format!("incidents of the service {}", escape(&shorten(name, 100))),
        Topic::Severity(severity) => format!("incidents of {severity} and worse"),
        Topic::Customers => "incidents that customers notice".to_owned(),
        Topic::All => "every incident".to_owned(),
    }
}

fn much(level: Level) -> &'static str {
    match level {
        Level::Updates => "every update",
        Level::Status => "when its status or severity changes",
        Level::Resolved => "when it is over",
    }
}

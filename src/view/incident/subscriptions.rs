//! Who is told of what, in words.

use slack_morphism::prelude::SlackBlock;

use crate::command::Button;
use crate::command::button::Carrying;
use crate::domain::Event;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::incident::{Incident, Level, Recipient, Subscription, Topic, Wish};
use crate::slack::call::Message;
use crate::view::blocks::{section, section_with};
use crate::view::text::{channel, escape, shorten, team};
use crate::view::{Scene, message, say};

/// How many of each are shown; Slack takes 50 blocks a message.
const SHOWN: usize = 20;

/// It was done, or it already was.
pub(super) fn done(scene: Scene<'_>, by: &UserId, wish: &Wish, events: &[Event]) -> Message {
    let who = wish.who(by);
    let to = wish.to().cloned().or_else(|| {
        let only = scene.world.incidents().meant(None).ok()?;
        Some(Topic::Incident(only.id))
    });
    let what = to.as_ref().map_or_else(|| "that".to_owned(), |to| topic(scene, to));
    if let (Recipient::Channel(here), Some(Topic::Incident(id)), Some(_)) = (&who, &to, wish.level())
        && let Some(incident) = scene.world.incidents().get(*id)
        && incident.lives_in(here)
    {
        return say(format!(
            "This channel is told of {id} already: {}. Nothing has to be subscribed here.",
            if incident.room() == Some(here) {
                "it is worked on here"
            } else {
                "its card stands here, and what is told hangs under it"
            }
        ));
    }
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
            let ends = to.as_ref().map(|to| ends(&who, to)).unwrap_or_default();
            format!("{whose}{already} {verb} of {what}, {}, in {place}.{ends}", much(level))
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

/// How a subscription ends.
fn ends(who: &Recipient, to: &Topic) -> String {
    let here = match who {
        Recipient::Person(_) => "",
        Recipient::Channel(_) => " here",
    };
    let button = match to {
        Topic::Incident(_) => ", and so does *Unsubscribe* on the message",
        _ => "; *Unsubscribe* on a message ends that incident only",
    };
    format!(" `/incident unsubscribe from {}{here}` ends it{button}.", typed(to))
}

/// What is typed for a topic.
fn typed(to: &Topic) -> String {
    match to {
        Topic::Incident(id) => id.to_string(),
        Topic::Team(id) => escape(id.as_str()),
        Topic::Service(name) => format!("service {}", escape(&shorten(name, 100))),
        Topic::Severity(severity) => severity.to_string().to_lowercase(),
        Topic::Customers => "customers".to_owned(),
        Topic::All => "all".to_owned(),
    }
}

/// What somebody, and a channel, is subscribed to, each with what ends it.
pub fn list(scene: Scene<'_>, of: &UserId, here: &ChannelId) -> Message {
    let standing = scene.roster.incidents.standing.iter();
    let standing = standing.map(|it| (it, true));
    let own = scene.world.subscriptions().iter().map(|it| (it, false));
    let all: Vec<(&Subscription, bool)> = own.chain(standing).collect();
    let mut drawn: Vec<SlackBlock> = Vec::new();
    let mut text: Vec<String> = Vec::new();
    for (lead, who) in [
        ("*You*", Recipient::Person(of.clone())),
        ("*This channel*", Recipient::Channel(here.clone())),
    ] {
        let mut theirs = all
            .iter()
            .filter(|(it, _)| it.who == who && goes_on(scene, &it.to))
            .take(SHOWN)
            .peekable();
        if theirs.peek().is_some() {
            text.push(lead.to_owned());
            drawn.push(section(lead));
        }
        for (it, is_standing) in theirs {
            let whence = if *is_standing { " (from the configuration)" } else { "" };
            let line = format!("• {}: {}{whence}", topic(scene, &it.to), much(it.level));
            let channel = match &it.who {
                Recipient::Person(_) => None,
                channel @ Recipient::Channel(_) => Some(channel.clone()),
            };
            let end = Button::Carrying(Carrying::Wish(channel, it.to.clone(), None));
            drawn.push(if *is_standing || !end.fits() {
                section(&line)
            } else {
                section_with(&line, "Unsubscribe", &end)
            });
            text.push(line);
        }
    }
    if text.is_empty() {
        return say(
            "Neither you nor this channel is subscribed to anything. `/incident subscribe to all` tells you of every \
             incident, `/incident subscribe to cloud here` tells this channel of one team's.",
        );
    }
    message(text.join("\n"), drawn)
}

/// Whether there is still something to hear of: of what is over nobody hears anything.
fn goes_on(scene: Scene<'_>, to: &Topic) -> bool {
    match to {
        Topic::Incident(id) => scene.world.incidents().get(*id).is_some_and(Incident::is_open),
        _ => true,
    }
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

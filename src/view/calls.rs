//! Messages as calls: new, in a thread, to a person, changed.

use crate::domain::ids::{ChannelId, MessageRef};
use crate::slack::call::{Call, Message, SharedFile};
use crate::view::blocks::{literal, section};
use crate::view::message;
use crate::view::text::escape;

/// Our words, then somebody else's, literally and whole: as many sections as they need.
pub(super) fn quoting(ours: &str, theirs: &str) -> Message {
    let characters: Vec<char> = theirs.chars().collect();
    let mut blocks = vec![section(ours)];
    // 14 sections hold 40,000 characters, the longest text Slack takes.
    blocks.extend(
        characters
            .chunks(crate::view::blocks::SECTION)
            .take(40)
            .filter_map(|part| literal(&part.iter().collect::<String>())),
    );
    let text = format!("{ours} {}", escape(&crate::view::text::shorten(theirs, 2000)));
    message(text, blocks)
}

pub(super) fn post(channel: &ChannelId, thread: Option<&MessageRef>, message: Message) -> Call {
    Call::PostMessage {
        channel: channel.as_str().to_owned(),
        thread: thread.map(|parent| parent.message.as_str().to_owned()),
        broadcast: false,
        message,
    }
}

/// To a person or a channel, by id.
pub(super) fn post_to(id: &str, message: Message) -> Call {
    post(&ChannelId::new(id), None, message)
}

pub(super) fn reply(parent: &MessageRef, message: Message) -> Call {
    post(&parent.channel, Some(parent), message)
}

pub(super) fn update(at: &MessageRef, message: Message) -> Call {
    Call::UpdateMessage {
        channel: at.channel.as_str().to_owned(),
        ts: at.message.as_str().to_owned(),
        message,
    }
}

/// A file, to a person or a channel, by id.
pub(super) fn share(id: &str, file: SharedFile, comment: String) -> Call {
    Call::ShareFile {
        channel: id.to_owned(),
        file,
        comment,
    }
}

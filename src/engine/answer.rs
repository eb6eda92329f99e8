//! How a reply reaches whoever asked: on the acknowledgement, beside the message that was clicked, in the thread, in the
//! direct conversation. What is done shows itself on the cards; everything else is said to the one who asked, and to
//! nobody else.

use serde_json::json;

use super::Engine;
use super::batch::{Batch, Payload};
use crate::domain::ids::UserId;
use crate::slack::socket::Carried;
use crate::slack::{Call, Message, Replace, Reply, ResponseUrl};

/// The way back to whoever asked.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// A slash command: its acknowledgement carries the answer.
    Command {
        /// Where the answer goes if it cannot.
        url: ResponseUrl,
    },
    /// A button.
    Press {
        /// Where the answer goes.
        url: Option<ResponseUrl>,
        /// Where the button is.
        on: Surface,
    },
    /// A message or a reaction in a channel: an answer only its author sees.
    Channel {
        channel: String,
        thread: Option<String>,
        user: String,
    },
    /// Something on their Home tab: the answer is drawn there.
    Home { user: UserId },
    /// A message or a reaction in a direct conversation.
    Direct { channel: String, thread: Option<String> },
}

impl Way {
    /// Where an answer goes that cannot be given now.
    pub(super) fn url(self) -> Option<ResponseUrl> {
        match self {
            Self::Command { url } => Some(url),
            Self::Press { url, .. } => url,
            Self::Home { .. } | Self::Channel { .. } | Self::Direct { .. } => None,
        }
    }

    /// Back to the author of a message or a reaction.
    pub(super) fn back(channel: String, thread: Option<String>, user: String) -> Self {
        if is_direct(&channel) {
            Self::Direct { channel, thread }
        } else {
            Self::Channel { channel, thread, user }
        }
    }
}

/// Whether a conversation is one between two; Slack's ids say so.
pub(super) fn is_direct(channel: &str) -> bool {
    channel.starts_with('D')
}

/// What a button is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    /// A message everybody sees.
    Posted,
    /// A message one person sees, until it is replaced.
    Private,
}

/// What kind of thing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// It is done, and the cards show it.
    Done,
    /// It is done, and what was clicked shows it: drawn again by itself, or by the answer.
    Drawn,
    /// It takes the place of what was clicked.
    Instead,
    /// It stands beside what was there.
    Beside,
}

impl Engine {
    /// Says something to whoever asked, and acknowledges.
    pub(super) fn say(&mut self, message: Message, tone: Tone, way: Way, reply: Reply, batch: &mut Batch) {
        let call = match way {
            Way::Command { url } => {
                batch.replies.push((reply, Some(on_acknowledgement(message, url))));
                return;
            }
            Way::Press { url, on } => match (on, tone) {
                (Surface::Posted, Tone::Done | Tone::Drawn) => None,
                (Surface::Posted, Tone::Instead | Tone::Beside) | (Surface::Private, Tone::Beside) => {
                    url.map(|url| Call::Respond {
                        url,
                        replace: Replace::Nothing,
                        message,
                    })
                }
                (Surface::Private, Tone::Done | Tone::Drawn | Tone::Instead) => url.map(|url| Call::Respond {
                    url,
                    replace: Replace::Original,
                    message,
                }),
            },
            Way::Home { user } => {
                let answer = Some(message).filter(|_| tone != Tone::Drawn);
                self.home(&user, answer, batch);
                None
            }
            Way::Channel { .. } if matches!(tone, Tone::Done | Tone::Drawn) => None,
            Way::Direct { .. } if tone == Tone::Drawn => None,
            Way::Channel { channel, thread, user } => Some(Call::PostEphemeral {
                channel,
                user,
                thread,
                message,
            }),
            Way::Direct { channel, thread } => Some(Call::PostMessage {
                channel,
                thread,
                broadcast: false,
                message,
            }),
        };
        if let Some(call) = call {
            let mut entry = self.reply_entry(call);
            if let Call::PostEphemeral { user, message, .. } = &entry.call {
                // Where we may not speak we still may speak to the person.
                entry.otherwise = Some(Call::PostMessage {
                    channel: user.clone(),
                    thread: None,
                    broadcast: false,
                    message: message.clone(),
                });
            }
            self.enqueue(&entry, batch);
        }
        batch.replies.push((reply, None));
    }
}

fn on_acknowledgement(message: Message, url: ResponseUrl) -> Payload {
    let mut carried = json!({"response_type": "ephemeral", "text": message.text});
    if let Some(blocks) = &message.blocks {
        carried["blocks"] = json!(blocks);
    }
    Payload {
        carried,
        otherwise: Some(Call::Respond {
            url,
            replace: Replace::Nothing,
            message,
        }),
    }
}

/// Acknowledges; what could not ride along is given back to be sent another way.
pub(super) fn acknowledge(reply: Reply, payload: Option<Payload>) -> Option<Call> {
    let Some(payload) = payload else {
        reply.acknowledge();
        return None;
    };
    match reply.acknowledge_with(payload.carried) {
        Carried::Payload => None,
        Carried::Bare | Carried::Late | Carried::Lost => payload.otherwise,
    }
}

//! Sends a stored call and says what became of it.
//!
//! Every post carries the id of its outbox entry as message metadata, as a string (numbers in metadata break other
//! readers), so that [`Web::find_posted`] can find it again. Links are never unfolded, and plain text is never searched
//! for names to mention.

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::trouble::{Trouble, is_rate_limit};
use super::{Web, share};
use crate::slack::call::{Answer, Call, Message, Receipt, Replace};
use crate::slack::lenient::{filled, lenient};

/// The kind of metadata a post of ours carries.
pub(super) const EVENT_TYPE: &str = "nightbell_outbox";

/// Slack's answer to a call: everything in it may be missing, because by then the call has happened.
#[derive(Deserialize, Default)]
struct Posted {
    #[serde(default, deserialize_with = "lenient")]
    channel: String,
    #[serde(default, deserialize_with = "lenient")]
    ts: String,
}

impl Web {
    /// Sends `call`, which is entry `entry` of the outbox, once.
    pub async fn deliver(&self, call: &Call, entry: u64) -> Answer {
        let answer = self.send(call, entry).await;
        match answer {
            // Without a scope of its own everything else still works, so its lack is the trouble of this call alone.
            Answer::Unauthorized { code } if code == "missing_scope" && has_scope_of_its_own(call) => Answer::Refused {
                code,
                detail: Vec::new(),
            },
            answer => answer,
        }
    }

    async fn send(&self, call: &Call, entry: u64) -> Answer {
        let sent = match call {
            Call::ShareFile { channel, file, comment } => {
                return share::answer(self.share(channel, file, comment).await);
            }
            Call::CreateChannel { name } => self.create_channel(name).await.map(Some),
            Call::ReadMessage { channel, ts } => {
                return match self.read_message(channel, ts).await {
                    Ok(found) => Answer::Read(found),
                    Err(trouble) => trouble.answer(call.repetition()),
                };
            }
            Call::Respond { url, replace, message } => self.respond(url.expose(), *replace, message).await,
            _ => self
                .post::<_, Posted>(call.method(), &body(call, entry))
                .await
                .map(|posted| receipt(call, posted)),
        };
        match sent {
            Ok(receipt) => Answer::Done(receipt),
            Err(trouble) => trouble.answer(call.repetition()),
        }
    }

    /// A response URL takes no token and answers `ok` in plain text, or a word of why not.
    async fn respond(&self, url: &str, replace: Replace, message: &Message) -> Result<Option<Receipt>, Trouble> {
        let refused = |code: &str| Trouble::Code {
            code: code.to_owned(),
            detail: Vec::new(),
        };
        let url: Url = url.parse().map_err(|_| refused("unusable_response_url"))?;
        // A token is never sent there, but what people wrote is: not in the clear when Slack is not.
        if !self.is_as_safe(&url) {
            return Err(refused("unusable_response_url"));
        }
        let mut body = content(message);
        match replace {
            Replace::Original => body.insert("replace_original".to_owned(), json!(true)),
            Replace::Nothing => {
                body.insert("response_type".to_owned(), json!("ephemeral"));
                body.insert("replace_original".to_owned(), json!(false))
            }
        };
        let reply = self.0.connector.post(url, &Value::Object(body), None).await?;
        let answer: Value = serde_json::from_str(&reply.body).unwrap_or_default();
        let code = answer.get("error").and_then(Value::as_str).unwrap_or(reply.body.trim());
        match reply.status {
            StatusCode::TOO_MANY_REQUESTS => Err(Trouble::Limited(reply.rest())),
            status if status.is_success() && answer["ok"] != json!(false) => Ok(None),
            _ if is_rate_limit(code) => Err(Trouble::Limited(reply.rest())),
            status if (status.is_success() || status.is_client_error()) && is_code(code) => Err(refused(code)),
            status => Err(Trouble::status(status)),
        }
    }
}

/// Whether a body is one of Slack's codes, such as `used_url`, and no page of some machine on the way.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn content(message: &Message) -> Map<String, Value> {
    let mut content = Map::new();
    content.insert("text".to_owned(), json!(message.text));
    if let Some(blocks) = &message.blocks {
        content.insert("blocks".to_owned(), json!(blocks));
    }
    content
}

fn has_scope_of_its_own(call: &Call) -> bool {
    matches!(
        call,
        Call::SetGroup { .. }
            | Call::ShareFile { .. }
            | Call::CreateChannel { .. }
            | Call::Invite { .. }
            | Call::SetTopic { .. }
            | Call::Pin { .. }
            | Call::AddBookmark { .. }
            | Call::ReadMessage { .. }
    )
}

/// The JSON of a call; a response URL has its own.
fn body(call: &Call, entry: u64) -> Value {
    let (mut body, more) = match call {
        Call::PostMessage {
            channel,
            thread,
            broadcast,
            message,
        } => {
            let mut more = json!({
                "channel": channel,
                "unfurl_links": false,
                "unfurl_media": false,
                "metadata": {"event_type": EVENT_TYPE, "event_payload": {"entry": entry.to_string()}},
            });
            if let Some(thread) = thread {
                more["thread_ts"] = json!(thread);
                more["reply_broadcast"] = json!(broadcast);
            }
            (content(message), more)
        }
        // Unlike a post, an update would look for names and links in the text.
        Call::UpdateMessage { channel, ts, message } => {
            (content(message), json!({"channel": channel, "ts": ts, "parse": "none"}))
        }
        Call::PostEphemeral {
            channel,
            user,
            thread,
            message,
        } => {
            let mut more = json!({"channel": channel, "user": user});
            if let Some(thread) = thread {
                more["thread_ts"] = json!(thread);
            }
            (content(message), more)
        }
        Call::Respond { message, .. } => (content(message), json!({})),
        Call::OpenView { trigger, view } => (Map::new(), json!({"trigger_id": trigger, "view": view})),
        Call::UpdateView { view_id, hash, view } => {
            let mut more = json!({"view_id": view_id, "view": view});
            if let Some(hash) = hash {
                more["hash"] = json!(hash);
            }
            (Map::new(), more)
        }
        Call::SetGroup { group, users } => (Map::new(), json!({"usergroup": group, "users": users})),
        Call::PublishHome { user, view } => (Map::new(), json!({"user_id": user, "view": view})),
        Call::CreateChannel { name } => (Map::new(), json!({"name": name, "is_private": false})),
        Call::Invite { channel, user } => (Map::new(), json!({"channel": channel, "users": user})),
        Call::SetTopic { channel, topic } => (Map::new(), json!({"channel": channel, "topic": topic})),
        Call::Pin { channel, ts } => (Map::new(), json!({"channel": channel, "timestamp": ts})),
        Call::AddBookmark { channel, title, link } => (
            Map::new(),
            json!({"channel_id": channel, "title": title, "type": "link", "link": link}),
        ),
        // These have ways of their own.
        Call::ShareFile { .. } | Call::ReadMessage { .. } => (Map::new(), json!({})),
    };
    if let Value::Object(more) = more {
        body.extend(more);
    }
    Value::Object(body)
}

/// Where the message is, for calls that leave one that can be found again.
fn receipt(call: &Call, posted: Posted) -> Option<Receipt> {
    match call {
        Call::PostMessage { .. } | Call::UpdateMessage { .. } => {
            let (channel, ts) = filled(posted.channel).zip(filled(posted.ts))?;
            Some(Receipt { channel, ts })
        }
        Call::PostEphemeral { .. }
        | Call::Respond { .. }
        | Call::OpenView { .. }
        | Call::UpdateView { .. }
        | Call::SetGroup { .. }
        | Call::ShareFile { .. }
        | Call::CreateChannel { .. }
        | Call::Invite { .. }
        | Call::SetTopic { .. }
        | Call::Pin { .. }
        | Call::AddBookmark { .. }
        | Call::ReadMessage { .. }
        | Call::PublishHome { .. } => None,
    }
}

//! Channels of our own: opened once, furnished once; and what a message says that somebody wants kept.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Web;
use super::trouble::Trouble;
use crate::slack::call::{Answer, Found, Receipt, Repetition};

/// More channels than a workspace has, a page of 200 at a time.
const MOST_PAGES: usize = 100;

impl Web {
    /// Opens a public channel; its receipt has no message.
    pub(super) async fn create_channel(&self, name: &str) -> Result<Receipt, Trouble> {
        let asked = json!({"name": name, "is_private": false});
        let created: Value = self.post("conversations.create", &asked).await?;
        match created.pointer("/channel/id").and_then(Value::as_str) {
            Some(id) => Ok(opened(id)),
            None => Err(Trouble::Uncertain("conversations.create gave no id".to_owned())),
        }
    }

    /// Looks for a channel of that name that we opened since `since`.
    ///
    /// # Errors
    /// Every way not to know, as an [`Answer`]: never [`Answer::Done`].
    pub async fn find_created(&self, name: &str, since: DateTime<Utc>) -> Result<Option<Receipt>, Answer> {
        let failed = |trouble: Trouble| trouble.answer(Repetition::Harmless);
        let ourselves: Value = self.post("auth.test", &json!({})).await.map_err(failed)?;
        let query = vec![
            ("types", "public_channel".to_owned()),
            ("exclude_archived", "true".to_owned()),
            ("limit", "200".to_owned()),
        ];
        let ours = |channel: &Value| {
            let is_ours = channel["name"] == name
                && channel["creator"].is_string()
                && channel["creator"] == ourselves["user_id"]
                && channel["created"].as_i64().is_some_and(|at| at >= since.timestamp());
            channel["id"].as_str().filter(|_| is_ours).map(opened)
        };
        self.search("conversations.list", "channels", query, MOST_PAGES, ours)
            .await
    }

    /// Whether a link stands at the top of a channel already.
    ///
    /// # Errors
    /// Every way not to know, as an [`Answer`]: never [`Answer::Done`].
    pub async fn has_bookmark(&self, channel: &str, link: &str) -> Result<bool, Answer> {
        let failed = |trouble: Trouble| trouble.answer(Repetition::Harmless);
        let asked = json!({"channel_id": channel});
        let listed: Value = self.post("bookmarks.list", &asked).await.map_err(failed)?;
        let bookmarks = listed.get("bookmarks").and_then(Value::as_array).into_iter().flatten();
        Ok(bookmarks.into_iter().any(|bookmark| bookmark["link"] == link))
    }

    /// What a message says, wherever it stands: the method for threads knows it too when it is in none.
    pub(super) async fn read_message(&self, channel: &str, ts: &str) -> Result<Found, Trouble> {
        let query = [
            ("channel", channel.to_owned()),
            ("ts", ts.to_owned()),
            ("latest", ts.to_owned()),
            ("inclusive", "true".to_owned()),
            ("limit", "100".to_owned()),
        ];
        let page: Value = self.get("conversations.replies", &query).await?;
        let mut messages = page.get("messages").and_then(Value::as_array).into_iter().flatten();
        let Some(message) = messages.find(|message| message["ts"] == ts) else {
            return Err(Trouble::Code {
                code: "message_not_found".to_owned(),
                detail: Vec::new(),
            });
        };
        let word = |key: &str| message[key].as_str().filter(|word| !word.is_empty()).map(str::to_owned);
        // Without a link it is still worth keeping.
        let asked = [("channel", channel.to_owned()), ("message_ts", ts.to_owned())];
        let link: Result<Value, Trouble> = self.get("chat.getPermalink", &asked).await;
        let link = link.ok().and_then(|link| link["permalink"].as_str().map(str::to_owned));
        Ok(Found {
            ts: ts.to_owned(),
            thread: word("thread_ts").filter(|thread| thread != ts),
            author: word("user"),
            text: word("text").unwrap_or_default(),
            link,
        })
    }
}

fn opened(id: &str) -> Receipt {
    Receipt {
        channel: id.to_owned(),
        ts: String::new(),
    }
}

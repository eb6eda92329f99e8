//! Whether a post happened whose answer we never saw: the message with our entry's id in its metadata.
//!
//! Messages are read as loose JSON: other apps' metadata may be of any shape. The search is bounded; one that ends
//! without having seen everything since the attempt says so, instead of "it is not there".

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Web;
use super::deliver::EVENT_TYPE;
use super::lists::next_cursor;
use super::trouble::Trouble;
use crate::slack::call::{Answer, Receipt, Repetition};

/// A thousand messages between the attempt and now: more than a channel takes while a bot restarts.
const MOST_PAGES: usize = 10;

impl Web {
    /// Looks for the post of entry `entry` in `channel` (a person's id stands for the conversation with them), in the
    /// thread `thread` if it went to one, among what was written since `since`.
    ///
    /// # Errors
    /// Every way not to know, as an [`Answer`]: never [`Answer::Done`].
    pub async fn find_posted(
        &self,
        channel: &str,
        thread: Option<&str>,
        entry: u64,
        since: DateTime<Utc>,
    ) -> Result<Option<Receipt>, Answer> {
        // Looking twice does no harm, so whatever fails uncertainly is simply to be done again.
        let failed = |trouble: Trouble| trouble.answer(Repetition::Harmless);
        let channel = self.conversation(channel).await.map_err(failed)?;
        let mut query = vec![
            ("channel", channel.clone()),
            (
                "oldest",
                format!("{}.{:06}", since.timestamp(), since.timestamp_subsec_micros()),
            ),
            ("inclusive", "true".to_owned()),
            ("include_all_metadata", "true".to_owned()),
            ("limit", "100".to_owned()),
        ];
        let method = match thread {
            Some(thread) => {
                query.push(("ts", thread.to_owned()));
                "conversations.replies"
            }
            None => "conversations.history",
        };
        let fixed = query.len();
        for _ in 0..MOST_PAGES {
            let page: Value = self.get(method, &query).await.map_err(failed)?;
            let messages = page.get("messages").and_then(Value::as_array).into_iter().flatten();
            if let Some(ts) = messages
                .filter(|message| is_entry(message, entry))
                .find_map(|found| found["ts"].as_str())
            {
                return Ok(Some(Receipt {
                    channel,
                    ts: ts.to_owned(),
                }));
            }
            let cursor = next_cursor(&page);
            if cursor.is_empty() {
                return Ok(None);
            }
            query.truncate(fixed);
            query.push(("cursor", cursor));
        }
        Err(Answer::Unknown {
            why: format!("look through more than {MOST_PAGES} pages of messages"),
        })
    }

    /// The id of a conversation; a person's is opened, which changes nothing if it is open.
    pub(super) async fn conversation(&self, channel: &str) -> Result<String, Trouble> {
        if !channel.starts_with(['U', 'W']) {
            return Ok(channel.to_owned());
        }
        let opened: Value = self.post("conversations.open", &json!({"users": channel})).await?;
        let id = opened.pointer("/channel/id").and_then(Value::as_str);
        id.map(str::to_owned)
            .ok_or_else(|| Trouble::Uncertain("conversations.open gave no id".to_owned()))
    }
}

fn is_entry(message: &Value, entry: u64) -> bool {
    message.pointer("/metadata/event_type").and_then(Value::as_str) == Some(EVENT_TYPE)
        && message.pointer("/metadata/event_payload/entry").and_then(Value::as_str) == Some(entry.to_string().as_str())
}

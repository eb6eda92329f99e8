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
        let ours = |message: &Value| {
            let ts = message["ts"].as_str().filter(|_| is_entry(message, entry));
            ts.map(str::to_owned)
        };
        let found = self.search(method, "messages", query, MOST_PAGES, ours).await?;
        Ok(found.map(|ts| Receipt { channel, ts }))
    }

    /// The first thing that `find` accepts in the list under `key`, page by page, at most so many.
    ///
    /// # Errors
    /// Every way not to know, as an [`Answer`]: never [`Answer::Done`].
    pub(super) async fn search<T>(
        &self,
        method: &'static str,
        key: &str,
        mut query: Vec<(&'static str, String)>,
        most_pages: usize,
        find: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, Answer> {
        let fixed = query.len();
        for _ in 0..most_pages {
            let page = self.get::<Value>(method, &query).await;
            let page = page.map_err(|trouble| trouble.answer(Repetition::Harmless))?;
            let mut listed = page.get(key).and_then(Value::as_array).into_iter().flatten();
            if let Some(found) = listed.find_map(&find) {
                return Ok(Some(found));
            }
            let cursor = next_cursor(&page);
            if cursor.is_empty() {
                return Ok(None);
            }
            query.truncate(fixed);
            query.push(("cursor", cursor));
        }
        Err(Answer::Unknown {
            why: format!("look through more than {most_pages} pages of {key}"),
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

//! A file in a conversation: a place is asked for, the file is put there, and then it is shared.
//!
//! Only the last step shows anything, so whatever goes wrong before it is simply begun again. A place is good once; what
//! lies in one that was never shared is Slack's to clear away.
//! <https://docs.slack.dev/messaging/working-with-files#upload>

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::Web;
use super::trouble::{Trouble, is_rate_limit};
use crate::slack::call::{Answer, Repetition, SharedFile};

/// Where a file goes. The address is as good as a token and is never logged.
#[derive(Deserialize)]
struct Place {
    upload_url: String,
    file_id: String,
}

impl Web {
    /// Shares a file, once.
    pub(super) async fn share(
        &self,
        channel: &str,
        file: &SharedFile,
        comment: &str,
    ) -> Result<(), (Trouble, Repetition)> {
        let unseen = |trouble| (trouble, Repetition::Harmless);
        // Unlike a post, sharing takes no person's id.
        let channel = self.conversation(channel).await.map_err(unseen)?;
        let place = self.place_for(file).await.map_err(unseen)?;
        self.put(&place.upload_url, &file.content).await.map_err(unseen)?;
        let shared = json!({
            "files": [{"id": place.file_id, "title": file.title}],
            "channel_id": channel,
            "initial_comment": comment,
        });
        let answer = self.post::<_, Value>("files.completeUploadExternal", &shared).await;
        answer.map(drop).map_err(|trouble| (trouble, Repetition::Doubles))
    }

    /// This method takes a form and reads no JSON.
    async fn place_for(&self, file: &SharedFile) -> Result<Place, Trouble> {
        let length = file.content.len().to_string();
        let fields = [("filename", file.name.as_str()), ("length", &length)];
        let url = self.0.method_url("files.getUploadURLExternal")?;
        let reply = self.0.connector.form(url, &fields, &self.0.bot).await?;
        Ok(reply.read()?)
    }

    async fn put(&self, url: &str, content: &str) -> Result<(), Trouble> {
        let unusable = || Trouble::Code {
            code: "unusable_upload_url".to_owned(),
            detail: Vec::new(),
        };
        let url: Url = url.parse().map_err(|_| unusable())?;
        // What people are called goes there: not in the clear when Slack is not.
        if !self.is_as_safe(&url) {
            return Err(unusable());
        }
        let reply = self.0.connector.put(url, content).await?;
        if reply.status.is_success() {
            return Ok(());
        }
        if reply.status.as_u16() == 429 || is_rate_limit(reply.body.trim()) {
            return Err(Trouble::Limited(reply.rest()));
        }
        Err(Trouble::status(reply.status))
    }
}

/// What became of it.
pub(super) fn answer(shared: Result<(), (Trouble, Repetition)>) -> Answer {
    match shared {
        Ok(()) => Answer::Done(None),
        Err((trouble, repetition)) => trouble.answer(repetition),
    }
}

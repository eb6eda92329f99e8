//! A slash command, as typed.

use serde::Deserialize;
use serde_json::Value;

use crate::slack::lenient::{lenient, whole};
use crate::slack::secret::ResponseUrl;

/// Somebody typed `/command text`. It may have been in any conversation, also one the bot is not in.
#[derive(Clone, Debug, PartialEq, Default, Deserialize)]
pub struct Slash {
    /// With its slash, such as `/alert`.
    #[serde(default, deserialize_with = "lenient")]
    pub command: String,
    /// Everything after the first space, as Slack sent it.
    #[serde(default, deserialize_with = "lenient")]
    pub text: String,
    /// Who typed it.
    #[serde(default, deserialize_with = "lenient", rename = "user_id")]
    pub user: String,
    /// The workspace; absent where the app is installed for an organisation.
    #[serde(default, deserialize_with = "lenient", rename = "team_id")]
    pub team: Option<String>,
    /// Where.
    #[serde(default, deserialize_with = "lenient", rename = "channel_id")]
    pub channel: String,
    /// Its name; `directmessage` and `privategroup` stand for a name we may not see.
    #[serde(default, deserialize_with = "lenient")]
    pub channel_name: String,
    /// Opens one view within three seconds, and identifies this press of the enter key.
    #[serde(default, deserialize_with = "lenient", rename = "trigger_id")]
    pub trigger: String,
    /// Where the answer may go.
    #[serde(default, deserialize_with = "lenient")]
    pub response_url: ResponseUrl,
}

/// Without a command or a person there is nothing to answer.
pub(super) fn read(payload: Value) -> Result<Slash, String> {
    let slash: Slash = whole(payload);
    if slash.command.is_empty() || slash.user.is_empty() {
        Err("slash_commands".to_owned())
    } else {
        Ok(slash)
    }
}

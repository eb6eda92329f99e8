//! Who and what there is in the workspace: people, channels, user groups; all of them, or one.
//!
//! An entry we cannot read is left out rather than failing its page. A list sits out rate limits, because nobody waits
//! for it; it is bounded in pages and in patience.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::trouble::Trouble;
use super::{Token, Web, WebError};
use crate::clock::pause;
use crate::slack::lenient::{filled, lenient, whole};

/// Slack advises no more.
const PAGE: usize = 200;
/// 200,000 entries.
const MOST_PAGES: usize = 1000;
/// All the waiting for rate limits during one list; at 20 pages a minute it is enough for the largest.
const PATIENCE: Duration = Duration::from_hours(1);

/// Somebody in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id; names change.
    pub id: String,
    /// Their handle, without `@`.
    pub name: String,
    /// What they want to be called.
    pub display_name: Option<String>,
    /// Their full name.
    pub real_name: Option<String>,
    /// Their address, if the bot may see it.
    pub email: Option<String>,
    /// Their zone, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// The workspace they belong to; in a shared channel perhaps another.
    pub team_id: Option<String>,
    /// What kind of member they are.
    pub kind: PersonKind,
    /// Whether the account was deactivated.
    pub deleted: bool,
}

/// Kinds of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonKind {
    /// A full member.
    Member,
    /// Somebody who sees only some channels.
    Guest,
    /// A program.
    Bot,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id; names change.
    pub id: String,
    /// Its name, without `#`.
    pub name: String,
    /// Only for those invited.
    pub private: bool,
    /// In the archive: nothing can be posted.
    pub archived: bool,
    /// The bot is in it.
    pub member: bool,
}

/// A user group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroup {
    /// Its id; handles change.
    pub id: String,
    /// Its handle, without `@`.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Ids of its members.
    pub users: Vec<String>,
}

impl Web {
    /// Everybody, the deactivated and programs included (`users.list`).
    pub async fn people(&self) -> Result<Vec<Person>, WebError> {
        self.list("users.list", "members", &[], RawPerson::read).await
    }

    /// Every channel the bot can see (`conversations.list`), private ones it is in and archived ones included.
    pub async fn channels(&self) -> Result<Vec<Channel>, WebError> {
        let kinds = [("types", "public_channel,private_channel".to_owned())];
        self.list("conversations.list", "channels", &kinds, RawChannel::read)
            .await
    }

    /// Every user group in use, with its members (`usergroups.list`).
    pub async fn user_groups(&self) -> Result<Vec<UserGroup>, WebError> {
        let with_users = [("include_users", "true".to_owned())];
        self.list("usergroups.list", "usergroups", &with_users, RawGroup::read)
            .await
    }

    /// One person (`users.info`); `None` if Slack knows no such person or does not show them.
    pub async fn person(&self, id: &str) -> Result<Option<Person>, WebError> {
        self.one("users.info", "user", id, RawPerson::read).await
    }

    /// One channel (`conversations.info`); `None` if there is none or the bot may not see it.
    pub async fn channel(&self, id: &str) -> Result<Option<Channel>, WebError> {
        self.one("conversations.info", "channel", id, RawChannel::read).await
    }

    async fn list<R: DeserializeOwned + Default, T>(
        &self,
        method: &'static str,
        key: &str,
        query: &[(&'static str, String)],
        read: fn(R) -> Option<T>,
    ) -> Result<Vec<T>, WebError> {
        let mut found = Vec::new();
        let mut patience = PATIENCE;
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.push(("limit", PAGE.to_string()));
            if !cursor.is_empty() {
                query.push(("cursor", cursor));
            }
            let page = self.page(method, &query, &mut patience).await?;
            let entries = page.get(key).and_then(Value::as_array).into_iter().flatten();
            found.extend(entries.filter_map(|entry| read(whole(entry.clone()))));
            cursor = next_cursor(&page);
            if cursor.is_empty() {
                return Ok(found);
            }
        }
        Err(WebError::Endless {
            method,
            pages: MOST_PAGES,
        })
    }

    /// One page, waiting as told while there is patience left.
    async fn page(
        &self,
        method: &'static str,
        query: &[(&'static str, String)],
        patience: &mut Duration,
    ) -> Result<Value, WebError> {
        loop {
            match self.get::<Value>(method, query).await {
                Ok(page) => return Ok(page),
                Err(Trouble::Limited(wait)) if wait <= *patience => {
                    *patience -= wait;
                    pause(wait).await;
                }
                Err(trouble) => return Err(trouble.error(method, Token::Bot)),
            }
        }
    }

    async fn one<R: DeserializeOwned + Default, T>(
        &self,
        method: &'static str,
        key: &'static str,
        id: &str,
        read: fn(R) -> Option<T>,
    ) -> Result<Option<T>, WebError> {
        match self.get::<Value>(method, &[(key, id.to_owned())]).await {
            Ok(mut answer) => Ok(read(whole(answer[key].take()))),
            Err(Trouble::Code { code, .. })
                if matches!(
                    code.as_str(),
                    "user_not_found" | "user_not_visible" | "users_not_found" | "channel_not_found"
                ) =>
            {
                Ok(None)
            }
            Err(trouble) => Err(trouble.error(method, Token::Bot)),
        }
    }
}

/// Where the next page begins; empty on the last.
pub(super) fn next_cursor(page: &Value) -> String {
    page.pointer("/response_metadata/next_cursor")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[derive(Deserialize, Default)]
#[expect(clippy::struct_excessive_bools, reason = "Slack's own fields")]
struct RawPerson {
    #[serde(default, deserialize_with = "lenient")]
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    team_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    real_name: String,
    #[serde(default, deserialize_with = "lenient")]
    tz: String,
    #[serde(default, deserialize_with = "lenient")]
    deleted: bool,
    #[serde(default, deserialize_with = "lenient")]
    is_bot: bool,
    #[serde(default, deserialize_with = "lenient")]
    is_restricted: bool,
    #[serde(default, deserialize_with = "lenient")]
    is_ultra_restricted: bool,
    #[serde(default, deserialize_with = "lenient")]
    profile: RawProfile,
}

#[derive(Deserialize, Default)]
struct RawProfile {
    #[serde(default, deserialize_with = "lenient")]
    display_name: String,
    #[serde(default, deserialize_with = "lenient")]
    real_name: String,
    #[serde(default, deserialize_with = "lenient")]
    email: String,
}

impl RawPerson {
    fn read(self) -> Option<Person> {
        let id = filled(self.id)?;
        // Slackbot does not call itself a bot.
        let kind = if self.is_bot || id == "USLACKBOT" {
            PersonKind::Bot
        } else if self.is_restricted || self.is_ultra_restricted {
            PersonKind::Guest
        } else {
            PersonKind::Member
        };
        Some(Person {
            id,
            name: self.name,
            display_name: filled(self.profile.display_name),
            real_name: filled(self.profile.real_name).or_else(|| filled(self.real_name)),
            email: filled(self.profile.email),
            time_zone: filled(self.tz),
            team_id: self.team_id,
            kind,
            deleted: self.deleted,
        })
    }
}

#[derive(Deserialize, Default)]
struct RawChannel {
    #[serde(default, deserialize_with = "lenient")]
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    is_private: bool,
    #[serde(default, deserialize_with = "lenient")]
    is_archived: bool,
    #[serde(default, deserialize_with = "lenient")]
    is_member: bool,
}

impl RawChannel {
    fn read(self) -> Option<Channel> {
        Some(Channel {
            id: filled(self.id)?,
            name: self.name,
            private: self.is_private,
            archived: self.is_archived,
            member: self.is_member,
        })
    }
}

#[derive(Deserialize, Default)]
struct RawGroup {
    #[serde(default, deserialize_with = "lenient")]
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    handle: String,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    users: Vec<String>,
}

impl RawGroup {
    fn read(self) -> Option<UserGroup> {
        Some(UserGroup {
            id: filled(self.id)?,
            handle: self.handle,
            name: self.name,
            users: self.users,
        })
    }
}

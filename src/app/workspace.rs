//! The workspace as Slack tells it: who we are, who is there; asked at start, and again whenever something changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tracing::{error, info, warn};

use crate::clock;
use crate::command::manifest::SCOPES;
use crate::config::File;
use crate::directory::{self, Activity, Directory, Kind};
use crate::domain::ids::{ChannelId, GroupId, UserId};
use crate::engine::{Configuration, Letter, Notice};
use crate::slack::web::{Identity, PersonKind};
use crate::slack::{Web, WebError};

/// Changes come in bursts: one reading for all that happen within this time.
const SETTLE: Duration = Duration::from_millis(300);
/// How often the workspace is read without being told of a change.
const ANYWAY: Duration = Duration::from_hours(1);
/// How long to wait before asking a Slack out of reach again; doubled up to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A configuration to take over, or all that is wrong with it.
pub type Reload = Result<File, String>;

/// Where the bot lives.
#[derive(Debug)]
pub(super) struct Workspace {
    web: Web,
    file: File,
    identity: Identity,
}

impl Workspace {
    /// Asks Slack who we are, with both tokens.
    pub(super) async fn meet(web: Web, file: File) -> Result<Self, WebError> {
        let identity = patiently(|| web.auth()).await?;
        // The app-level token shows its worth only here; the address is not used.
        patiently(|| web.open_connection()).await?;
        let lacking = Self::lacking(&identity);
        if !lacking.is_empty() {
            warn!(
                scopes = lacking.join(", "),
                "the app lacks scopes: update its manifest from `nightbell manifest` and install it again"
            );
        }
        info!(workspace = identity.team_name, "connected to Slack");
        Ok(Self { web, file, identity })
    }

    /// Scopes that the app needs and was not granted; none where Slack does not say.
    pub(super) fn lacking(identity: &Identity) -> Vec<&'static str> {
        let granted = &identity.scopes;
        let needed = SCOPES.iter().map(|(scope, _)| *scope);
        needed
            .filter(|scope| !granted.is_empty() && !granted.contains(*scope))
            .collect()
    }

    pub(super) fn bot_user(&self) -> &str {
        &self.identity.bot_user
    }

    pub(super) fn team(&self) -> &str {
        &self.identity.team
    }

    /// The configuration as the workspace stands now; what of it does not fit is logged, with its line.
    pub(super) async fn configuration(&self) -> Result<Configuration, WebError> {
        let directory = patiently(|| directory(&self.web, &self.identity.team)).await?;
        let (mut roster, mut findings) = directory::roster(&self.file, &directory);
        roster.address.clone_from(&self.identity.url);
        let (rules, about_rules) = directory::rules(&self.file, &directory);
        findings.extend(about_rules);
        for finding in findings {
            warn!("{finding}");
        }
        Ok(Configuration {
            roster,
            shortcuts: self.file.shortcuts.clone(),
            rules,
        })
    }

    /// Reads the workspace again whenever it changed, and tells the engine.
    pub(super) async fn keep_fresh(
        mut self,
        refresh: Arc<Notify>,
        mut reloads: mpsc::Receiver<Reload>,
        mailbox: mpsc::Sender<Letter>,
    ) {
        loop {
            tokio::select! {
                () = refresh.notified() => clock::pause(SETTLE).await,
                () = clock::pause(ANYWAY) => {}
                Some(reload) = reloads.recv() => match reload {
                    Ok(file) => {
                        info!("the configuration was read again");
                        self.file = file;
                    }
                    Err(mistakes) => {
                        error!("the configuration was not taken over: {mistakes}");
                        if mailbox.send(Letter::Notice(Notice::Mistakes(mistakes))).await.is_err() {
                            return;
                        }
                        continue;
                    }
                },
            }
            match self.configuration().await {
                Ok(configuration) => {
                    let letter = Letter::Configuration(Arc::new(configuration));
                    if mailbox.send(letter).await.is_err() {
                        return;
                    }
                }
                Err(error) => warn!(%error, "failed to read the workspace again; what was known stays"),
            }
        }
    }
}

/// Asks until Slack can be reached; every other trouble is the operator's.
async fn patiently<T, F: Future<Output = Result<T, WebError>>>(ask: impl Fn() -> F) -> Result<T, WebError> {
    let mut pause = FIRST_PAUSE;
    loop {
        let wait = match ask().await {
            Err(error @ WebError::Unreachable { .. }) => {
                warn!(%error, wait_s = pause.as_secs(), "Slack is out of reach; trying again");
                pause
            }
            Err(WebError::Limited { wait, .. }) => wait,
            answer => return answer,
        };
        clock::pause(wait).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Everybody and everything of the workspace with the id `team`.
pub(super) async fn directory(web: &Web, team: &str) -> Result<Directory, WebError> {
    let people = web.people().await?.into_iter().map(|person| directory::Person {
        id: UserId::new(person.id),
        handle: person.name,
        display_name: person.display_name.unwrap_or_default(),
        real_name: person.real_name.unwrap_or_default(),
        email: person.email,
        zone: person.time_zone,
        workspace: person.team_id.unwrap_or_else(|| team.to_owned()),
        kind: match person.kind {
            PersonKind::Member => Kind::Member,
            PersonKind::Guest => Kind::Guest,
            PersonKind::Bot => Kind::Bot,
        },
        activity: if person.deleted {
            Activity::Deactivated
        } else {
            Activity::Active
        },
    });
    let channels = web.channels().await?.into_iter().map(|channel| directory::Channel {
        id: ChannelId::new(channel.id),
        name: channel.name,
        archived: channel.archived,
        member: channel.member,
        private: channel.private,
    });
    let groups = web.user_groups().await?.into_iter().map(|group| directory::Group {
        id: GroupId::new(group.id),
        handle: group.handle,
        name: group.name,
        members: group.users.into_iter().map(UserId::new).collect(),
    });
    Ok(Directory::new(team.to_owned(), people, channels, groups))
}

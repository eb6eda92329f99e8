//! The workspace as a whole: its furniture, what can be seen in it, and what goes wrong with it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::faults::{Disconnect, Fault, Weather};
use super::manifest::Manifest;
use super::message::Message;
use super::person::Person;
use super::state::{BOT_USER, Channel, ChannelKind, NewUser, State, TEAM, User};
use super::{events, server};

pub(super) const BOT_TOKEN: &str = "xoxb-simulated";
pub(super) const APP_TOKEN: &str = "xapp-simulated";

/// Whether Slack's rate limits hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RateLimits {
    /// They do.
    #[default]
    Enforced,
    /// They do not: for measuring.
    Off,
}

/// How a workspace begins.
pub struct Setup {
    /// The text of the app's `manifest.json`.
    pub manifest: String,
    /// Slack's time.
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Whether rate limits hold.
    pub rate_limits: RateLimits,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("rate_limits", &self.rate_limits)
            .finish_non_exhaustive()
    }
}

struct Inner {
    state: Mutex<State>,
    tasks: Mutex<JoinSet<()>>,
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    changes: watch::Sender<u64>,
    address: SocketAddr,
}

/// A handle to the workspace; cheap to clone. It ends when [`Workspace::stop`] is called.
#[derive(Clone)]
pub struct Workspace(Arc<Inner>);

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace")
            .field("address", &self.0.address)
            .finish_non_exhaustive()
    }
}

impl Workspace {
    /// Opens a workspace on a free port of 127.0.0.1, with the app installed.
    ///
    /// # Errors
    /// When no port can be had or the manifest is none.
    pub async fn start(setup: Setup) -> std::io::Result<Self> {
        let manifest = Manifest::read(&setup.manifest).map_err(std::io::Error::other)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let bot = NewUser {
            name: manifest.name.clone(),
            real_name: "Nightbell".to_owned(),
            ..NewUser::default()
        };
        let mut state = State {
            manifest,
            rate_limits: setup.rate_limits,
            ..State::default()
        };
        state.users.insert(
            BOT_USER.to_owned(),
            User {
                id: BOT_USER.to_owned(),
                new: bot,
                deleted: false,
            },
        );
        let inner = Inner {
            state: Mutex::new(state),
            tasks: Mutex::new(JoinSet::new()),
            now: setup.now,
            changes: watch::Sender::new(0),
            address: listener.local_addr()?,
        };
        let workspace = Self(Arc::new(inner));
        let router = server::router(workspace.clone());
        workspace.spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(workspace)
    }

    /// The address of the Web API.
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.0.address)
    }

    /// The app-level token.
    pub fn app_token(&self) -> String {
        APP_TOKEN.to_owned()
    }

    /// The bot's token.
    pub fn bot_token(&self) -> String {
        BOT_TOKEN.to_owned()
    }

    /// The id of the workspace.
    pub fn team(&self) -> String {
        TEAM.to_owned()
    }

    /// Ends it: every connection is cut.
    pub fn stop(&self) {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.address
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have ended are let go.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Changes the state, and tells everybody who waits.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State, DateTime<Utc>) -> T) -> T {
        let now = (self.0.now)();
        let result = {
            let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut state, now)
        };
        self.0.changes.send_modify(|count| *count += 1);
        result
    }

    /// Looks at the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes whenever anything did.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }
}

/// Furniture.
impl Workspace {
    /// Adds a person.
    pub fn add_user(&self, new: NewUser) -> Person {
        let (id, name) = self.change(|state, _| {
            let id = format!("U{:04}", state.next());
            let name = new.name.clone();
            state.users.insert(
                id.clone(),
                User {
                    id: id.clone(),
                    new,
                    deleted: false,
                },
            );
            state.direct(&id);
            (id, name)
        });
        Person::new(self.clone(), id, name)
    }

    /// Adds a channel with everybody and the bot in it; returns its id.
    pub fn add_channel(&self, name: &str, kind: ChannelKind) -> String {
        self.change(|state, _| {
            let id = format!("C{:04}", state.next());
            let members = state.users.keys().cloned().collect();
            let name = name.trim_start_matches('#').to_owned();
            let channel = Channel {
                id: id.clone(),
                name,
                kind,
                members,
                archived: false,
                creator: None,
                created: 0,
                topic: String::new(),
                pins: Vec::new(),
                bookmarks: Vec::new(),
            };
            state.channels.insert(id.clone(), channel);
            id
        })
    }

    /// Adds a user group; returns its id.
    pub fn add_usergroup(&self, handle: &str, name: &str, users: &[&Person]) -> String {
        self.change(|state, _| {
            let id = format!("S{:04}", state.next());
            let users = users.iter().map(|user| user.id().to_owned()).collect();
            state
                .groups
                .insert(id.clone(), (handle.to_owned(), name.to_owned(), users));
            id
        })
    }

    /// The handles of those in a user group.
    pub fn group(&self, handle: &str) -> Vec<String> {
        self.look(|state| {
            let group = state.groups.values().find(|(known, ..)| known == handle);
            let members = group.map(|(_, _, members)| members.clone()).unwrap_or_default();
            members.iter().map(|user| state.name(user)).collect()
        })
    }

    /// Takes the bot out of a channel, and says so to it.
    pub fn remove_bot(&self, channel: &str) {
        let before = self.look(|state| state.channel(channel).cloned());
        self.with_channel(channel, |channel| channel.members.retain(|member| member != BOT_USER));
        self.change(|state, now| {
            if let Some(before) = before.filter(|it| it.members.iter().any(|member| member == BOT_USER)) {
                events::channel(state, &before, "left", now);
            }
        });
    }

    /// Brings the bot into a channel, and says so to it.
    pub fn invite_bot(&self, channel: &str) {
        self.with_channel(channel, |channel| channel.members.push(BOT_USER.to_owned()));
        self.change(|state, now| events::joined(state, channel, now));
    }

    /// Archives a channel.
    pub fn archive(&self, channel: &str) {
        self.with_channel(channel, |channel| channel.archived = true);
        self.change(|state, now| {
            if let Some(archived) = state.channel(channel).cloned() {
                events::channel(state, &archived, "archive", now);
            }
        });
    }

    /// Deactivates an account.
    pub fn deactivate(&self, person: &Person) {
        self.change(|state, now| {
            if let Some(user) = state.users.get_mut(person.id()) {
                user.deleted = true;
            }
            events::user_changed(state, person.id(), now);
        });
    }

    /// Deletes a channel, with all that was said there.
    pub fn delete(&self, channel: &str) {
        self.change(|state, now| {
            if let Some(deleted) = state.channel(channel).cloned() {
                state.channels.remove(&deleted.id);
                state.messages.retain(|message| message.channel != deleted.id);
                events::channel(state, &deleted, "deleted", now);
            }
        });
    }

    fn with_channel(&self, words: &str, change: impl FnOnce(&mut Channel)) {
        self.change(|state, _| {
            let id = state
                .channel(words)
                .map(|channel| channel.id.clone())
                .unwrap_or_default();
            if let Some(channel) = state.channels.get_mut(&id) {
                change(channel);
            }
        });
    }
}

/// What programs do.
impl Workspace {
    /// A monitor called `name` posts in a channel, with Slack's attachments; returns at once, and what the bot makes of it
    /// shows later.
    pub fn bot_posts(&self, channel: &str, name: &str, text: &str, attachments: &serde_json::Value) {
        self.change(|state, now| {
            let id = state
                .channel(channel)
                .map(|channel| channel.id.clone())
                .unwrap_or_default();
            let message = Message {
                channel: id,
                ts: state.next_ts(now),
                user: name.to_owned(),
                text: text.to_owned(),
                attachments: Some(attachments.clone()),
                ..Message::default()
            };
            let message = state.show(message, now);
            drop(events::program_message(state, &message, name, attachments, now));
        });
    }
}

/// What goes wrong.
impl Workspace {
    /// Makes something go wrong, once.
    pub fn fault(&self, fault: Fault) {
        self.change(|state, _| state.faults.push(fault));
    }

    /// Makes something go wrong until the weather changes again.
    pub fn weather(&self, weather: Weather) {
        self.change(|state, _| {
            state.weather = weather;
            if weather == Weather::Down {
                state.connections.disconnect(Disconnect::Silent);
            }
        });
    }

    /// Closes every connection.
    pub fn disconnect(&self, why: Disconnect) {
        self.change(|state, _| state.connections.disconnect(why));
    }

    /// Repeats the events that nobody acknowledged; gives up on what else nobody did.
    pub fn redeliver(&self) {
        self.change(|state, _| state.redeliver());
    }

    /// Puts any text on every connection.
    pub fn shout(&self, frame: &str) {
        self.change(|state, _| state.connections.shout(frame));
    }

    /// Somebody else listens with our token, so many times.
    pub fn strangers(&self, count: usize) {
        self.change(|state, _| state.connections.strangers = count);
    }

    /// Takes the tokens back.
    pub fn revoke(&self) {
        self.change(|state, _| state.revoked = true);
    }

    /// Gives them again.
    pub fn restore(&self) {
        self.change(|state, _| state.revoked = false);
    }
}

//! From a data folder to a running engine.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::DateTime;
use tokio::sync::{Notify, mpsc, watch};

use super::home::Homes;
use super::ledger::Ledger;
use super::{Configuration, Engine, EngineStatus, Letter, journal};
use crate::clock::Clock;
use crate::domain::ids::UserId;
use crate::domain::run::Order;
use crate::domain::{Errand, Input, LastIds, World};
use crate::outbox::{Entry, Fate, Header, News, UNREADABLE, Urgency};
use crate::store::{Store, StoreError};

/// Why the engine cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is not understood.
    #[error(transparent)]
    Unreadable(#[from] journal::Unreadable),
}

/// What an engine is made of.
#[derive(Debug)]
pub struct Parts {
    /// The data folder, open.
    pub store: Store,
    /// Story time.
    pub clock: Clock,
    /// What the operator configured.
    pub configuration: Arc<Configuration>,
    /// The bot's own user.
    pub bot: UserId,
    /// The workspace the bot belongs to; people of others are only guests here.
    pub workspace: String,
    /// What the engine is told.
    pub mailbox: mpsc::Receiver<Letter>,
    /// What the outbox is told.
    pub outbox: mpsc::Sender<News>,
    /// What runs want sent.
    pub orders: mpsc::Sender<Order>,
    /// What everybody is told.
    pub status: watch::Sender<EngineStatus>,
    /// Rung when the workspace changed, so that somebody reads it again.
    pub refresh: Arc<Notify>,
}

impl Engine {
    /// Folds what is stored.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(parts: Parts) -> Result<Self, EngineError> {
        let mut ledger = Ledger::default();
        let mut unsent = Vec::new();
        let mut found: Vec<(u64, Header)> = Vec::new();
        let loaded = parts.store.load(|id, json| {
            let entry = serde_json::from_slice(&json).unwrap_or_else(|_| unreadable(id, &parts.clock));
            ledger.add(id, &entry);
            if let Errand::Page { alert, .. } = entry.errand {
                unsent.push((alert, entry.queued));
            }
            found.push((id, entry.header(Fate::Doubtful)));
        })?;
        let last = |kind: u8| loaded.last_ids.get(&kind).copied().unwrap_or_default();
        let mut world = World::after(LastIds {
            alert: last(journal::ALERT),
            overriding: last(journal::OVERRIDE),
            watch: last(journal::WATCH),
            incident: last(journal::INCIDENT),
            subscription: last(journal::SUBSCRIPTION),
            run: last(journal::RUN),
        });
        let mut rows = HashMap::new();
        for stream in &loaded.streams {
            let Some(subject) = journal::subject(stream.stream) else {
                continue;
            };
            let begins_here = stream.snapshot.is_some() || stream.rows.first().is_some_and(journal::begins);
            let before = if begins_here {
                Vec::new()
            } else {
                parts.store.archived(stream.stream)?
            };
            journal::fold(&mut world, &before, stream)?;
            rows.insert(subject, stream.rows.len());
        }
        unsent.sort_unstable();
        unsent.dedup_by_key(|(alert, _)| *alert);
        let engine = Self {
            world,
            configuration: parts.configuration,
            store: parts.store,
            clock: parts.clock,
            ledger,
            homes: Homes::default(),
            next_change: None,
            next_look: Some(DateTime::UNIX_EPOCH),
            groups: HashMap::new(),
            rows,
            last_seq: loaded.last_seq,
            last_entry: loaded.last_entry,
            rounds: 0,
            bot: parts.bot,
            workspace: parts.workspace,
            mailbox: parts.mailbox,
            outbox: parts.outbox,
            orders: parts.orders,
            status: parts.status,
            refresh: parts.refresh,
            started: Some(Input::Started { unsent }),
            found,
        };
        Ok(engine)
    }
}

/// Stands for a row that this version does not understand: the outbox reports it and it is given up.
fn unreadable(id: u64, clock: &Clock) -> Entry {
    tracing::error!(outbox.id = id, code = UNREADABLE, "a stored call cannot be read");
    let call = crate::slack::Call::PublishHome {
        user: String::new(),
        view: serde_json::Value::Null,
    };
    let subject = format!("unreadable/{id}");
    Entry::new(&subject, Urgency::Routine, call, Errand::Nothing, clock.now())
}

//! What one of the people sees, as it changes: server-sent events.
//!
//! Four kinds: `clock` at least once a second; `stage`, everything but the messages, when anything of it is different;
//! `fresh`, all messages, once at the beginning; `messages`, those that are new or have changed.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::clock;
use crate::demo::live::House;
use crate::sim::Person;

/// How often the clock is shown.
const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize)]
pub(super) struct As {
    by: Option<String>,
}

struct Feed {
    house: Arc<House>,
    person: Person,
    changes: watch::Receiver<u64>,
    revision: Option<u64>,
    clock: String,
    stage: String,
    waiting: VecDeque<Event>,
}

pub(super) async fn feed(State(house): State<Arc<House>>, Query(As { by }): Query<As>) -> Response {
    let first = || {
        let mut members = house.workspace.members().into_iter();
        members.find(|member| !member.is_bot).map(|member| member.id)
    };
    let known = by.and_then(|id| house.workspace.person(&id));
    let Some(person) = known.or_else(|| house.workspace.person(&first()?)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let feed = Feed {
        changes: house.workspace.changes(),
        house,
        person,
        revision: None,
        clock: String::new(),
        stage: String::new(),
        waiting: VecDeque::new(),
    };
    let events = stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(event), feed))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

impl Feed {
    /// The next event; `None` once the workspace has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.revision.is_some() {
                tokio::select! {
                    changed = self.changes.changed() => changed.ok()?,
                    () = clock::pause(SECOND) => {}
                }
            }
            self.look();
        }
    }

    /// Puts what is different in the queue: where things are first, then what is said there.
    fn look(&mut self) {
        let clock = self.clock();
        if clock != self.clock {
            self.waiting.push_back(Event::default().event("clock").data(&clock));
            self.clock = clock;
        }
        let stage = self.stage();
        if stage != self.stage {
            self.waiting.push_back(Event::default().event("stage").data(&stage));
            self.stage = stage;
        }
        let (news, revision) = self
            .house
            .workspace
            .news(&self.person, self.revision.unwrap_or_default());
        let name = if self.revision.is_some() { "messages" } else { "fresh" };
        if !news.is_empty() || self.revision.is_none() {
            let event = Event::default().event(name).json_data(&news);
            self.waiting.extend(event.ok());
        }
        self.revision = Some(revision);
    }

    fn clock(&self) -> String {
        let standing = self.house.standing();
        json!({
            "now": standing.now.timestamp(),
            "next": standing.next.map(|next| next.timestamp()),
            "runs": standing.clock_runs,
        })
        .to_string()
    }

    fn stage(&self) -> String {
        let workspace = &self.house.workspace;
        json!({
            "me": self.person.id(),
            "people": workspace.members(),
            "places": workspace.places(&self.person),
            "groups": workspace.groups(),
            "commands": workspace.commands(),
            "shortcuts": workspace.shortcuts(),
            "views": workspace.views(&self.person),
            "home": workspace.home(&self.person),
            "weather": workspace.weather_now(),
            "bot": self.house.standing().bot_runs,
            "connections": workspace.connections(),
        })
        .to_string()
    }
}

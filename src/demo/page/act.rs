//! What somebody does on the page: as one of the people, or to the stage.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::demo::live::House;
use crate::sim::{ActError, Choice, OpenView, Person, Submitted, Surface, Weather, Workspace};

/// Somebody does something.
#[derive(Debug, Deserialize)]
pub(super) struct Act {
    /// Their id.
    by: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum What {
    Type {
        channel: String,
        thread: Option<String>,
        text: String,
    },
    Choose {
        /// Of a message.
        channel: Option<String>,
        ts: Option<String>,
        /// Of a form; neither: of the Home tab.
        view: Option<String>,
        block_id: String,
        action_id: String,
        #[serde(default)]
        chosen: Value,
        #[serde(default)]
        values: Value,
    },
    Submit {
        view: String,
        values: Value,
    },
    Close {
        view: String,
    },
    Shortcut {
        channel: String,
        ts: String,
        callback: String,
    },
    React {
        channel: String,
        ts: String,
        emoji: String,
    },
    OpenHome,
}

/// Something happens to the stage.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Change {
    /// The clock is pushed.
    Pass { minutes: i64 },
    /// It is pushed to the next thing that happens by itself.
    Next,
    /// It runs, or stands still.
    Clock { runs: bool },
    /// Slack is fair, limits every message, or is down.
    Weather { weather: Weather },
    /// Every connection is cut.
    Cut,
    /// The bot is stopped and started.
    Restart,
}

/// What became of it: nothing said is good.
enum Became {
    Done,
    /// Words for fields of a form.
    Errors(Value),
    /// Why it did not.
    Said(String),
}

impl From<Result<(), ActError>> for Became {
    fn from(result: Result<(), ActError>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(ActError::NoSuchThing(what) | ActError::Incomplete(what)) => Self::Said(what),
            Err(ActError::NoConnection) => Self::Said(
                "dispatch_failed: the bot is not connected, so Slack could not hand this on. Try it again in a moment."
                    .to_owned(),
            ),
            Err(ActError::Unanswered) => {
                Self::Said("operation_timeout: the bot did not answer within three seconds, as it has to.".to_owned())
            }
        }
    }
}

impl IntoResponse for Became {
    fn into_response(self) -> Response {
        match self {
            Self::Done => Json(json!({"ok": true})).into_response(),
            Self::Errors(errors) => Json(json!({"ok": false, "errors": errors})).into_response(),
            Self::Said(said) => Json(json!({"ok": false, "said": said})).into_response(),
        }
    }
}

pub(super) async fn act(State(house): State<Arc<House>>, Json(act): Json<Act>) -> Response {
    match house.workspace.person(&act.by) {
        Some(person) => done(&house.workspace, &person, act.what).await.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn done(workspace: &Workspace, person: &Person, what: What) -> Became {
    let gone = || Became::Said("It is not there any more.".to_owned());
    match what {
        What::Type { channel, thread, text } => {
            let parent = thread.and_then(|ts| workspace.message(&channel, &ts));
            match parent {
                Some(parent) if !text.starts_with('/') => person.replies(&parent, &text).await.map(drop).into(),
                Some(_) => Became::Said(
                    "Slack takes slash commands in channels, not in threads. In the thread of a card, words such as \
                     `ack` do the same."
                        .to_owned(),
                ),
                None => person.types(&channel, &text).await.map(drop).into(),
            }
        }
        What::Choose {
            channel,
            ts,
            view,
            block_id,
            action_id,
            chosen,
            values,
        } => {
            let choice = Choice {
                block_id: &block_id,
                action_id: &action_id,
                chosen: &chosen,
                values: &values,
            };
            if let (Some(channel), Some(ts)) = (channel, ts) {
                let Some(message) = workspace.message(&channel, &ts) else {
                    return gone();
                };
                return person.chooses(Surface::Message(&message), &choice).await.into();
            }
            let open = match view {
                Some(id) => self::view(workspace, person, &id),
                None => workspace.home(person),
            };
            match open {
                Some(open) => person.chooses(Surface::View(&open), &choice).await.into(),
                None => gone(),
            }
        }
        What::Submit { view, values } => {
            let Some(open) = self::view(workspace, person, &view) else {
                return gone();
            };
            match person.submits_values(&open, &values).await {
                Ok(Submitted::Errors(errors)) => Became::Errors(json!(errors)),
                Ok(Submitted::Closed | Submitted::Another) => Became::Done,
                Err(error) => Err(error).into(),
            }
        }
        What::Close { view } => match self::view(workspace, person, &view) {
            Some(open) => person.closes(&open).await.into(),
            None => Became::Done,
        },
        What::Shortcut { channel, ts, callback } => match workspace.message(&channel, &ts) {
            Some(message) => person.shortcut(&message, &callback).await.into(),
            None => gone(),
        },
        What::React { channel, ts, emoji } => match workspace.message(&channel, &ts) {
            Some(message) => person.reacts(&message, &emoji).await.into(),
            None => gone(),
        },
        What::OpenHome => person.opens_home().await.into(),
    }
}

fn view(workspace: &Workspace, person: &Person, id: &str) -> Option<OpenView> {
    workspace.views(person).into_iter().find(|open| open.id == id)
}

pub(super) async fn stage(State(house): State<Arc<House>>, Json(change): Json<Change>) -> Response {
    let changed = match change {
        Change::Pass { minutes } => match TimeDelta::try_minutes(minutes) {
            Some(time) => house.passes(time).await,
            None => Err(anyhow::anyhow!("that is longer than time goes")),
        },
        Change::Next => house.to_the_next().await,
        Change::Clock { runs } => {
            house.clock(runs);
            Ok(())
        }
        Change::Weather { weather } => {
            house.workspace.weather(weather);
            Ok(())
        }
        Change::Cut => {
            house.cut();
            Ok(())
        }
        Change::Restart => house.restart().await,
    };
    match changed {
        Ok(()) => Became::Done.into_response(),
        Err(error) => Became::Said(format!("{error:#}")).into_response(),
    }
}

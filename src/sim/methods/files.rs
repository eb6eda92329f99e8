//! Files: a place is asked for, filled once, and what lies there is shared once.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::chat::conversation;
use super::{Outcome, Refusal, word};
use crate::sim::events;
use crate::sim::message::{File, Message};
use crate::sim::state::{BOT_USER, State, Upload};

/// The longest file name.
const NAME: usize = 255;

/// Gives a place for a file of a length. The address of the place is the server's to complete.
pub(super) fn place(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let name = word(arguments, "filename").to_owned();
    let Ok(length) = word(arguments, "length").parse::<usize>() else {
        state.complain("files.getUploadURLExternal needs the length in bytes, in a form");
        return Err("invalid_arguments".into());
    };
    if name.is_empty() || name.len() > NAME || length == 0 {
        return Err("invalid_arguments".into());
    }
    let id = format!("F{:04}", state.next());
    let place = Upload {
        name,
        length,
        content: None,
    };
    state.places.insert(id.clone(), place);
    Ok(json!({"file_id": id, "upload_url": format!("/upload/{id}")}))
}

/// Puts a file into its place.
pub(crate) fn put(state: &mut State, id: &str, bytes: &[u8]) -> Result<usize, Refusal> {
    let place = state.places.get_mut(id).ok_or("file_not_found")?;
    if place.content.is_some() {
        state.complain(format!("{id} was uploaded twice"));
        return Err("upload_url_used".into());
    }
    if bytes.len() != place.length {
        let (promised, came) = (place.length, bytes.len());
        state.complain(format!("{id} was to have {promised} bytes and has {came}"));
        return Err("wrong_length".into());
    }
    place.content = Some(String::from_utf8_lossy(bytes).into_owned());
    Ok(bytes.len())
}

/// Shares what was uploaded.
pub(super) fn complete(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let given = arguments["files"].as_array().cloned().unwrap_or_default();
    if given.is_empty() {
        return Err("invalid_arguments".into());
    }
    for file in &given {
        let known = |key: &String| ["id", "title", "highlight_type"].contains(&key.as_str());
        if !file.as_object().is_some_and(|file| file.keys().all(known)) {
            state.complain(format!("files.completeUploadExternal does not take the file {file}"));
            return Err("invalid_arguments".into());
        }
        let place = state.places.get(word(file, "id")).ok_or("file_not_found")?;
        if place.content.is_none() {
            return Err("file_not_found".into());
        }
    }
    let channel = match word(arguments, "channel_id") {
        "" => None,
        // Unlike a message, a file is not shared with a person's id.
        id if !state.channels.contains_key(id) => return Err("channel_not_found".into()),
        id => Some(conversation(state, id)?),
    };
    let mut files = Vec::new();
    for file in &given {
        let id = word(file, "id");
        if let Some(place) = state.places.remove(id) {
            let title = Some(word(file, "title")).filter(|title| !title.is_empty());
            files.push(File {
                id: id.to_owned(),
                title: title.unwrap_or(&place.name).to_owned(),
                name: place.name,
                content: place.content.unwrap_or_default(),
            });
        }
    }
    let shared: Vec<Value> = files
        .iter()
        .map(|file| json!({"id": file.id, "title": file.title}))
        .collect();
    if let Some(channel) = channel {
        let message = Message {
            channel,
            ts: state.next_ts(now),
            user: BOT_USER.to_owned(),
            text: word(arguments, "initial_comment").to_owned(),
            files,
            ..Message::default()
        };
        let message = state.show(message, now);
        events::message(state, &message, now);
    }
    Ok(json!({"files": shared}))
}

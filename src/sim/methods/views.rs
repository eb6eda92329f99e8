//! Forms and Home tabs.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Outcome, Refusal, word};
use crate::sim::blocks;
use crate::sim::render;
use crate::sim::state::{OpenView, State};

pub(super) fn open(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let user = state.use_trigger(word(arguments, "trigger_id"), now)?;
    let view = &arguments["view"];
    blocks::check_view(view).map_err(|messages| Refusal {
        messages,
        ..Refusal::from("invalid_arguments")
    })?;
    let reads = render::view(view, &state.names());
    let id = format!("V{}", state.next());
    let open = OpenView {
        id: id.clone(),
        user: user.clone(),
        view: view.clone(),
        reads: reads.clone(),
    };
    state.views.push(open);
    let who = format!("a form for @{}", state.name(&user));
    let line = crate::sim::state::Line {
        at: now,
        place: "(form)".to_owned(),
        who,
        text: reads,
        threaded: false,
        remark: None,
    };
    state.transcript.push(line);
    Ok(json!({"view": {"id": id, "type": "modal"}}))
}

/// Draws somebody's Home tab; they see it when they look there, so it is no line of the transcript.
pub(super) fn publish(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let user = word(arguments, "user_id").to_owned();
    if !state.manifest.home {
        return Err("not_enabled".into());
    }
    if !state.users.contains_key(&user) {
        return Err("user_not_found".into());
    }
    let view = &arguments["view"];
    blocks::check_home(view).map_err(|messages| Refusal {
        messages,
        ..Refusal::from("invalid_arguments")
    })?;
    let home = OpenView {
        id: format!("VHOME{user}"),
        user: user.clone(),
        view: view.clone(),
        reads: render::home(view, &state.names()),
    };
    state.homes.insert(user, home);
    Ok(json!({"view": {"type": "home"}}))
}

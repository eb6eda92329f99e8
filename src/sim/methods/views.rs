//! Forms and Home tabs.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Outcome, Refusal};
use crate::sim::arguments::word;
use crate::sim::blocks;
use crate::sim::payloads;
use crate::sim::render;
use crate::sim::state::{OpenView, State};

pub(super) fn open(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let user = state.use_trigger(word(arguments, "trigger_id"), now)?;
    let mut view = arguments["view"].clone();
    blocks::check_view(&view).map_err(|messages| Refusal {
        messages,
        ..Refusal::from("invalid_arguments")
    })?;
    view["blocks"] = blocks::named(&view["blocks"]);
    let reads = render::view(&view, &state.names());
    let open = OpenView {
        id: format!("V{}", state.next()),
        user: user.clone(),
        view,
        reads: reads.clone(),
    };
    let shown = payloads::view(&open, &json!({}));
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
    Ok(json!({"view": shown}))
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
    let mut view = arguments["view"].clone();
    blocks::check_home(&view).map_err(|messages| Refusal {
        messages,
        ..Refusal::from("invalid_arguments")
    })?;
    view["blocks"] = blocks::named(&view["blocks"]);
    let home = OpenView {
        id: format!("VHOME{user}"),
        user: user.clone(),
        reads: render::home(&view, &state.names()),
        view,
    };
    let shown = payloads::view(&home, &json!({}));
    state.homes.insert(user, home);
    Ok(json!({"view": shown}))
}

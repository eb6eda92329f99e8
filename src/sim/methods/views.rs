//! Forms.

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

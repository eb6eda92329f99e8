//! Forms and Home tabs.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Outcome, Refusal};
use crate::sim::arguments::word;
use crate::sim::blocks;
use crate::sim::payloads;
use crate::sim::render;
use crate::sim::state::{Line, OpenView, State};

pub(super) fn open(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let user = state.use_trigger(word(arguments, "trigger_id"), now)?;
    let open = new(state, &user, None, checked(arguments)?);
    Ok(show(state, open, now))
}

/// Puts a form on top of the one that is open.
pub(super) fn push(state: &mut State, arguments: &Value, now: DateTime<Utc>) -> Outcome {
    let user = state.use_trigger(word(arguments, "trigger_id"), now)?;
    let pile: Vec<&OpenView> = state.views.iter().filter(|it| it.user == user).collect();
    // Slack holds three on a pile.
    if pile.len() >= 3 {
        return Err("push_limit_reached".into());
    }
    let below = pile.last().map(|it| it.id.clone()).ok_or("not_found")?;
    let open = new(state, &user, Some(&below), checked(arguments)?);
    Ok(show(state, open, now))
}

/// Puts another form in the place of one.
pub(super) fn update(state: &mut State, arguments: &Value, _: DateTime<Utc>) -> Outcome {
    let (view, id) = (checked(arguments)?, word(arguments, "view_id"));
    let open = state.change_view(id, view).ok_or("not_found")?;
    Ok(json!({"view": payloads::view(&open, &json!({}))}))
}

fn checked(arguments: &Value) -> Result<&Value, Refusal> {
    let view = &arguments["view"];
    blocks::check_view(view).map_err(|messages| Refusal {
        messages,
        ..Refusal::from("invalid_arguments")
    })?;
    Ok(view)
}

fn new(state: &mut State, user: &str, previous: Option<&str>, view: &Value) -> OpenView {
    let view = complete(view);
    let id = format!("V{}", state.next());
    let below = state.views.iter().find(|it| Some(it.id.as_str()) == previous);
    OpenView {
        root: below.map_or_else(|| id.clone(), |below| below.root.clone()),
        previous: previous.map(str::to_owned),
        id,
        user: user.to_owned(),
        reads: render::view(&view, &state.names()),
        view,
        held: Value::Null,
    }
}

/// Slack names what has no name.
fn complete(view: &Value) -> Value {
    let mut view = view.clone();
    view["blocks"] = blocks::named(&view["blocks"]);
    view
}

fn show(state: &mut State, open: OpenView, now: DateTime<Utc>) -> Value {
    let line = Line {
        at: now,
        place: "(form)".to_owned(),
        who: format!("a form for @{}", state.name(&open.user)),
        text: open.reads.clone(),
        threaded: false,
        remark: None,
    };
    state.transcript.push(line);
    let view = payloads::view(&open, &json!({}));
    state.views.push(open);
    json!({"view": view})
}

impl State {
    /// Puts another form in the place of one.
    pub(in crate::sim) fn change_view(&mut self, id: &str, view: &Value) -> Option<OpenView> {
        let reads = render::view(view, &self.names());
        let open = self.views.iter_mut().find(|it| it.id == id)?;
        (open.view, open.reads) = (complete(view), reads);
        Some(open.clone())
    }

    /// Puts a form on top of one.
    pub(in crate::sim) fn push_view(&mut self, below: &str, user: &str, view: &Value) {
        let open = new(self, user, Some(below), view);
        self.views.push(open);
    }
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
        root: format!("VHOME{user}"),
        previous: None,
        user: user.clone(),
        reads: render::home(&view, &state.names()),
        view,
        held: Value::Null,
    };
    let shown = payloads::view(&home, &json!({}));
    state.homes.insert(user, home);
    Ok(json!({"view": shown}))
}

//! What a method of the Web API was given: JSON, or a query and a form, whose lists and objects are JSON in a field.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::methods;

/// Fields that hold JSON in a form.
const STRUCTURED: [&str; 4] = ["attachments", "blocks", "metadata", "view"];

/// What came with a call.
#[derive(Debug)]
pub(super) struct Given {
    /// Empty when there is none.
    pub(super) token: String,
    /// `null` when they are no JSON although they say so.
    pub(super) arguments: Value,
}

/// Reads a call.
pub(super) fn read(method: &str, headers: &HeaderMap, query: Map<String, Value>, body: &[u8]) -> Given {
    let heading = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let content = heading(header::CONTENT_TYPE);
    let authorization = heading(header::AUTHORIZATION)
        .strip_prefix("Bearer ")
        .unwrap_or_default();
    let mut token = authorization.to_owned();
    // Most methods that read ignore a JSON body, as Slack does; an empty one is a call without arguments.
    if content.starts_with("application/json") && !body.is_empty() && !methods::is_form_only(method) {
        let arguments = serde_json::from_slice(body).unwrap_or(Value::Null);
        return Given { token, arguments };
    }
    let mut given = query;
    if content.starts_with("application/x-www-form-urlencoded") {
        for (name, text) in url::form_urlencoded::parse(body) {
            // A form may carry the token, except an app's own.
            if name == "token" && method != "apps.connections.open" {
                if token.is_empty() {
                    token = text.into_owned();
                }
                continue;
            }
            let value = Some(&text)
                .filter(|_| STRUCTURED.contains(&name.as_ref()))
                .and_then(|text| serde_json::from_str(text).ok());
            given.insert(
                name.into_owned(),
                value.unwrap_or_else(|| Value::String(text.into_owned())),
            );
        }
    }
    let arguments = Value::Object(given);
    Given { token, arguments }
}

/// A string argument; empty when it is not there.
pub(super) fn word<'v>(arguments: &'v Value, name: &str) -> &'v str {
    arguments[name].as_str().unwrap_or_default()
}

/// A flag, which in a form is a word.
pub(super) fn flag(arguments: &Value, name: &str) -> bool {
    arguments[name] == true || ["true", "1"].contains(&word(arguments, name))
}

/// A list of ids: a list, or words with commas between them.
pub(super) fn list(arguments: &Value, name: &str) -> Vec<String> {
    let value = &arguments[name];
    let listed = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    let written = value.as_str().into_iter().flat_map(|text| text.split(','));
    let ids = listed.chain(written).map(str::trim).filter(|id| !id.is_empty());
    ids.map(str::to_owned).collect()
}

//! A request that a step can send: what the page says, with blanks for values and for secrets.
//!
//! A value is data wherever it stands: percent-encoded in an address, escaped in a string of JSON, on one line in a header.
//! So nothing that somebody fills in can change what is asked of whom. A secret is `{{env.NAME}}`, a variable of the bot's
//! environment: only the one who sends knows what it is, people see its name. Both are put in at the same time, so a value
//! that looks like a secret is none.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::fill::{Part, Values, parts};

/// A request to send, with blanks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Where to.
    pub url: String,
    /// Names and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// What is sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// A request with its blanks filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// `GET`, `POST`, …
    pub method: String,
    /// Where to.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: String,
}

impl Filled {
    /// Its first line: `POST https://ci.example.com/job/restart/build`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.url)
    }

    /// All of it, as the page writes it.
    pub fn text(&self) -> String {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let mut lines: Vec<String> = std::iter::once(self.line()).chain(headers).collect();
        if !self.body.is_empty() {
            lines.extend([String::new(), self.body.clone()]);
        }
        lines.join("\n")
    }
}

/// Where in a request a blank stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Address,
    Header,
    /// In a string of JSON.
    JsonString,
    /// Where JSON wants a value.
    JsonValue,
    Form,
    Plain,
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Form,
    Plain,
}

/// A part of a text of a request.
enum Segment<'t> {
    Text(&'t str),
    /// A blank: its name, and how it is written.
    Value(&'t str, &'t str),
    Secret(&'t str),
}

impl HttpRequest {
    /// As people see it: each secret by its name.
    pub fn shown(&self, values: &Values) -> Filled {
        self.filled(values, &|name, _| format!("{{{{env.{name}}}}}"))
    }

    /// As it is sent. A secret that `secret` does not know is nothing.
    pub fn sent(&self, values: &Values, secret: &dyn Fn(&str) -> Option<String>) -> Filled {
        self.filled(values, &|name, place| place.escaped(&secret(name).unwrap_or_default()))
    }

    /// The names of its secrets, each once.
    pub fn secrets(&self) -> Vec<&str> {
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        let texts = [self.url.as_str(), self.body.as_str()].into_iter().chain(headers);
        let mut names: Vec<&str> = texts
            .flat_map(segments)
            .filter_map(|segment| match segment {
                Segment::Secret(name) => Some(name),
                Segment::Text(_) | Segment::Value(..) => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A header's value, by its name in any case.
    pub fn header(&self, wanted: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        header.map(|(_, value)| value.as_str())
    }

    fn filled(&self, values: &Values, secret: &dyn Fn(&str, Place) -> String) -> Filled {
        let fill = |text: &str, kind: Option<Kind>, place: Place| {
            let mut inside = Inside::default();
            let mut filled = String::new();
            for segment in segments(text) {
                let place = match kind {
                    Some(Kind::Json) if inside.is_string => Place::JsonString,
                    Some(Kind::Json) => Place::JsonValue,
                    _ => place,
                };
                match segment {
                    Segment::Text(text) => {
                        inside.read(text);
                        filled.push_str(text);
                    }
                    Segment::Value(name, written) => match values.get(name) {
                        Some(value) => filled.push_str(&place.escaped(value)),
                        None => filled.push_str(written),
                    },
                    Segment::Secret(name) => filled.push_str(&secret(name, place)),
                }
            }
            filled
        };
        let headers = self.headers.iter();
        let kind = self.kind();
        let body = match kind {
            Kind::Json | Kind::Plain => Place::Plain,
            Kind::Form => Place::Form,
        };
        Filled {
            method: self.method.clone(),
            url: fill(&self.url, None, Place::Address),
            headers: headers
                .map(|(name, value)| (name.clone(), fill(value, None, Place::Header)))
                .collect(),
            body: fill(&self.body, Some(kind), body),
        }
    }

    fn kind(&self) -> Kind {
        match self.header("content-type").map(str::to_lowercase) {
            Some(kind) if kind.contains("json") => Kind::Json,
            Some(kind) if kind.contains("x-www-form-urlencoded") => Kind::Form,
            Some(_) => Kind::Plain,
            None => {
                let body = self.body.trim_start();
                let is_json = body.starts_with(['{', '[']) && !body.starts_with("{{");
                if is_json { Kind::Json } else { Kind::Plain }
            }
        }
    }
}

impl Place {
    fn escaped(self, value: &str) -> String {
        match self {
            Self::Address | Self::Form => percent(value),
            Self::Header => value.split(['\n', '\r']).collect::<Vec<_>>().join(" "),
            Self::JsonString => {
                let quoted = quoted(value);
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::JsonValue if is_scalar(value) => value.trim().to_owned(),
            Self::JsonValue => quoted(value),
            Self::Plain => value.to_owned(),
        }
    }
}

/// Whether one is in a string of JSON.
#[derive(Default)]
struct Inside {
    is_string: bool,
    is_escaped: bool,
}

impl Inside {
    fn read(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                _ if self.is_escaped => self.is_escaped = false,
                '\\' if self.is_string => self.is_escaped = true,
                '"' => self.is_string = !self.is_string,
                _ => {}
            }
        }
    }
}

/// A string of JSON, quotes and all.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

/// Whether JSON takes it as a number, `true`, `false` or `null`.
fn is_scalar(value: &str) -> bool {
    use serde_json::Value::{Bool, Null, Number};
    matches!(serde_json::from_str(value), Ok(Bool(_) | Null | Number(_)))
}

/// Everything but what stands for itself anywhere in an address (RFC 3986, 2.3).
fn percent(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    for part in parts(text) {
        match part {
            Part::Blank(name, written) => segments.push(Segment::Value(name, written)),
            Part::Text(text) => {
                let mut rest = text;
                while let Some((before, name, after)) = next_secret(rest) {
                    segments.extend([Segment::Text(before), Segment::Secret(name)]);
                    rest = after;
                }
                segments.push(Segment::Text(rest));
            }
        }
    }
    segments
}

/// What stands before the next secret, its name, and what comes after it.
fn next_secret(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|found| from + found) {
        let inside = &text[open + 2..];
        let end = inside.find("}}")?;
        let name = inside[..end].trim().strip_prefix("env.");
        if let Some(name) = name.filter(|name| is_variable(name)) {
            return Some((&text[..open], name, &inside[end + 2..]));
        }
        from = open + 1;
    }
    None
}

/// Whether something can be the name of a variable of the environment.
pub fn is_variable(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name.len() <= 128
}

#[cfg(test)]
mod tests {
    use super::*;

    const NASTY: &str = "a\"b\\c/../d?e=f&g#h\r\nX: y {{env.TOKEN}} {{x}}";

    fn values(x: &str) -> Values {
        Values::from([("x".to_owned(), x.to_owned())])
    }

    fn request(headers: &[(&str, &str)], body: &str) -> HttpRequest {
        HttpRequest {
            method: "POST".to_owned(),
            url: "https://ci.example.com/job/{{x}}/build?token={{env.TOKEN}}".to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    fn sent(request: &HttpRequest, x: &str) -> Filled {
        request.sent(&values(x), &|name| (name == "TOKEN").then(|| "s/e\"c".to_owned()))
    }

    #[test]
    fn a_value_is_data_wherever_it_stands() {
        let json = request(
            &[("X-Who", "{{x}}")],
            r#"{"name": "{{x}}", "\"{{x}}": {{x}}, "of": {{y}}}"#,
        );
        let filled = sent(&json, NASTY);
        assert_eq!(
            filled.url,
            "https://ci.example.com/job/a%22b%5Cc%2F..%2Fd%3Fe%3Df%26g%23h%0D%0AX%3A%20y%20%7B%7Benv.TOKEN%7D%7D%20%7B%7B\
             x%7D%7D/build?token=s%2Fe%22c"
        );
        assert!(!filled.headers[0].1.contains(['\r', '\n']), "{filled:?}");
        let body = filled.body.replace("{{y}}", "1");
        let body: serde_json::Value = serde_json::from_str(&body).expect("still JSON");
        assert_eq!(body["name"], NASTY);
        assert_eq!(body[format!("\"{NASTY}")], NASTY);
        let form = request(&[("Content-Type", "application/x-www-form-urlencoded")], "a={{x}}&b=1");
        assert_eq!(sent(&form, "1&b=2").body, "a=1%26b%3D2&b=1");
    }

    #[test]
    fn where_json_wants_a_value_a_number_stays_one() {
        for (value, put) in [
            ("5", "5"),
            ("true", "true"),
            ("null", "null"),
            ("5 replicas", "\"5 replicas\""),
        ] {
            assert_eq!(
                sent(&request(&[], "{\"n\": {{x}}}"), value).body,
                format!("{{\"n\": {put}}}")
            );
        }
        assert_eq!(sent(&request(&[], "{\"n\": {{x}}}"), "{}").body, "{\"n\": \"{}\"}");
    }

    #[test]
    fn people_see_the_names_of_secrets_and_a_value_is_never_one() {
        let request = request(
            &[("Authorization", "Bearer {{ env.TOKEN }}")],
            "{{x}} {{env.OTHER}} {{.Values.x}}",
        );
        assert_eq!(request.secrets(), ["OTHER", "TOKEN"]);
        let shown = request.shown(&values("{{env.TOKEN}}")).text();
        assert!(shown.contains("Bearer {{env.TOKEN}}\n\n"), "{shown}");
        let filled = sent(&request, "{{env.TOKEN}}");
        assert_eq!(filled.body, "{{env.TOKEN}}  {{.Values.x}}", "a value fills no blank");
        assert_eq!(filled.headers[0].1, "Bearer s/e\"c");
    }
}

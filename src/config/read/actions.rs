//! `[actions]`: where runbooks may send requests, and which secret of the environment may go there.

use crate::domain::runbook::{Allowed, Site, is_variable};

use super::{
    super::{
        problem::{Problem, Written},
        suggest::did_you_mean,
    },
    collector::Collector,
    section::{Key, Section, Shape},
};

const ACTIONS: Shape = Shape {
    keys: &[
        Key("allow", r#"allow = ["ci.example.com", "api.github.com"]"#),
        Key("private", r#"private = ["jenkins.internal:8080"]"#),
        Key("secrets", r#"secrets = ["JENKINS_TOKEN for ci.example.com"]"#),
    ],
    later: &[],
};

/// Reads it; nothing may be sent anywhere when it is not there.
pub(super) fn read(root: &Section<'_>, out: &mut Collector<'_>) -> Allowed {
    let mut allowed = Allowed::default();
    let Some((mark, entries)) = root.table("actions", out) else {
        return allowed;
    };
    let section = Section::open("`[actions]`", Some(mark), entries, &ACTIONS, out);
    for (key, is_private) in [("allow", false), ("private", true)] {
        for text in section.list(key, out).unwrap_or_default() {
            let Some((host, port)) = place(&text.value) else {
                let problem = Problem::at(&text.mark, format!("`{}` is not the name of a host", text.value));
                out.push(problem.help("write it without scheme and path, such as `ci.example.com` or `10.0.0.5:8080`"));
                continue;
            };
            let site = Site { host, port, is_private };
            let same = |known: &Site| known.host == site.host && known.port == site.port;
            if allowed.sites.iter().any(same) {
                let problem = Problem::at(&text.mark, format!("`{}` stands there twice", text.value));
                out.push(problem.help("leave one of them; `private` allows a host as `allow` does"));
                continue;
            }
            allowed.sites.push(site);
        }
    }
    for text in section.list("secrets", out).unwrap_or_default() {
        if let Some((name, host)) = secret(&text, &allowed, out) {
            allowed.secrets.insert(name, host);
        }
    }
    allowed
}

/// A host and its port, in small letters; none when it is something else.
fn place(text: &str) -> Option<(String, Option<u16>)> {
    // Brackets are how an address of IPv6 is written before a port.
    let url = url::Url::parse(&format!("https://{text}/")).ok()?;
    let host = url.host_str()?;
    let (written, port) = match text.rsplit_once(':') {
        Some((written, port)) if !port.ends_with(']') => (written, Some(port.parse().ok()?)),
        _ => (text, None),
    };
    written.eq_ignore_ascii_case(host).then(|| (host.to_lowercase(), port))
}

fn secret(text: &Written<String>, allowed: &Allowed, out: &mut Collector<'_>) -> Option<(String, String)> {
    let mut wrong = |what: String, help: String| {
        out.push(Problem::at(&text.mark, what).help(help));
        None
    };
    let words: Vec<&str> = text.value.split_whitespace().collect();
    let [name, "for", host] = words.as_slice() else {
        return wrong(
            format!("`{}` does not say which secret is for which host", text.value),
            "write the name of a variable of the bot's environment and a host: `JENKINS_TOKEN for ci.example.com`"
                .to_owned(),
        );
    };
    if !is_variable(name) {
        return wrong(
            format!("`{name}` cannot be the name of a variable of the environment"),
            "such a name has letters, digits and `_`, as `JENKINS_TOKEN` does".to_owned(),
        );
    }
    if name.to_uppercase().starts_with("SLACK_") {
        return wrong(
            format!("`{name}` is for Slack, and goes nowhere else"),
            "give what a runbook sends a variable of its own".to_owned(),
        );
    }
    if allowed.secrets.contains_key(*name) {
        return wrong(
            format!("`{name}` has a host already"),
            "a secret goes to one host; use a variable for each".to_owned(),
        );
    }
    let hosts: Vec<&str> = allowed.sites.iter().map(|site| site.host.as_str()).collect();
    if !hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
        let near = did_you_mean(host, "", hosts.iter().copied());
        return wrong(
            format!("nothing may be sent to `{host}`"),
            near.unwrap_or_else(|| format!("add it to `allow`, as in `allow = [\"{host}\"]`")),
        );
    }
    Some(((*name).to_owned(), host.to_lowercase()))
}

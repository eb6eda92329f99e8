//! `[incidents]`: which get a channel, who does what, when people are reminded.

use toml::de::DeTable;

use crate::domain::ids::TeamId;
use crate::domain::incident::{COMMUNICATIONS, LEAD, Level, SCRIBE, Severity, Topic};
use crate::domain::roster::fold;

use super::{
    super::{
        file::{Incidents, Standing},
        problem::{Mark, Problem, Written},
    },
    collector::Collector,
    section::{Key, Section, Shape},
    time, value,
};

const INCIDENTS: Shape = Shape {
    keys: &[
        Key("channels", r#"channels = ["sev1", "sev2"]"#),
        Key("roles", r#"roles = ["customer liaison"]"#),
        Key("lead_after", r#"lead_after = "10m""#),
        Key("updates", r#"updates = { sev1 = "30m", sev2 = "1h" }"#),
        Key("monitoring", r#"monitoring = "1d""#),
        Key("analysis", r#"analysis = "24h""#),
        Key("subscriptions", "[[incidents.subscriptions]]"),
    ],
    later: &[],
};

/// How many roles there may be, and how long a name.
const ROLES: usize = 20;
const ROLE: usize = 40;

/// Reads it; what is not said is as usual.
pub(super) fn read(root: &Section<'_>, out: &mut Collector<'_>) -> Incidents {
    let mut incidents = Incidents::default();
    let Some((mark, entries)) = root.table("incidents", out) else {
        return incidents;
    };
    let section = Section::open("`[incidents]`", Some(mark), entries, &INCIDENTS, out);
    if let Some(texts) = section.list("channels", out) {
        incidents.rooms = texts.iter().filter_map(|text| severity(text, out)).collect();
    }
    let roles = section.list("roles", out).unwrap_or_default();
    for role in roles {
        if let Some(role) = role_of(&role, &incidents.roles, out) {
            incidents.roles.push(role);
        }
    }
    let mut length = |key: &str, into: &mut u32| {
        let text = section.text(key, out);
        if let Some(seconds) = text.and_then(|text| seconds(&text, out)) {
            *into = seconds;
        }
    };
    length("lead_after", &mut incidents.cadence.lead);
    length("monitoring", &mut incidents.cadence.monitoring);
    length("analysis", &mut incidents.cadence.analysis);
    for (mark, entries) in section.tables("subscriptions", out) {
        incidents.standing.extend(standing(mark, entries, out));
    }
    for (name, text) in section.texts("updates", out) {
        let written = Written {
            value: name,
            mark: text.mark.clone(),
        };
        if let (Some(severity), Some(seconds)) = (severity(&written, out), seconds(&text, out)) {
            incidents.cadence.updates[severity.rank()] = seconds;
        }
    }
    incidents
}

const STANDING: Shape = Shape {
    keys: &[
        Key("channel", r##"channel = "#support""##),
        Key("to", r#"to = "customers""#),
        Key("level", r#"level = "updates""#),
    ],
    later: &[],
};

fn standing(mark: Mark, entries: &DeTable<'_>, out: &mut Collector<'_>) -> Option<Standing> {
    let section = Section::open("`[[incidents.subscriptions]]`", Some(mark), entries, &STANDING, out);
    let channel = section.required("channel", out);
    let channel = channel.and_then(|text| value::channel(&text, out));
    let to = section.required("to", out).and_then(|text| topic(&text, out));
    let level = match section.text("level", out) {
        None => Some(Level::default()),
        Some(text) => {
            let level = Level::ALL
                .into_iter()
                .find(|level| level.word() == text.value.to_lowercase());
            if level.is_none() {
                let problem = Problem::at(&text.mark, format!("`{}` does not say how much", text.value));
                out.push(problem.help("write `updates`, `status` or `resolved`"));
            }
            level
        }
    };
    Some(Standing {
        channel: channel?,
        to: to?,
        level: level?,
    })
}

fn topic(text: &Written<String>, out: &mut Collector<'_>) -> Option<Topic> {
    let words = text.value.trim();
    let topic = match words.split_once(':') {
        Some(("team", key)) => Some(Topic::Team(TeamId::new(key.trim()))),
        Some(("service", name)) => Some(Topic::Service(name.trim().to_owned())),
        _ => match words.to_lowercase().as_str() {
            "all" => Some(Topic::All),
            "customers" => Some(Topic::Customers),
            severity => severity.parse().ok().map(Topic::Severity),
        },
    };
    if topic.is_none() {
        let problem = Problem::at(&text.mark, format!("`{words}` is nothing one can subscribe to"));
        out.push(problem.help("write `customers`, `all`, `sev2` (and worse), `team:cloud` or `service:checkout`"));
    }
    topic
}

fn severity(text: &Written<String>, out: &mut Collector<'_>) -> Option<Severity> {
    let read = text.value.parse();
    if read.is_err() {
        let problem = Problem::at(&text.mark, format!("`{}` is not a severity", text.value));
        out.push(problem.help("there are `sev1`, `sev2`, `sev3` and `sev4`"));
    }
    read.ok()
}

fn role_of(text: &Written<String>, known: &[String], out: &mut Collector<'_>) -> Option<String> {
    let usual = [LEAD, COMMUNICATIONS, SCRIBE];
    let same = |other: &str| fold(other) == fold(&text.value);
    let problem = if usual.iter().any(|role| same(role)) {
        format!("every incident has the role `{}` already", text.value)
    } else if known.iter().any(|role| same(role)) {
        format!("the role `{}` stands there twice", text.value)
    } else if text.value.chars().count() > ROLE || known.len() >= ROLES {
        format!("there are at most {ROLES} roles, with at most {ROLE} characters each")
    } else if text.value.starts_with(['@', '#', '<']) {
        format!(
            "`{}` begins with a sign that stands for people and channels",
            text.value
        )
    } else {
        return Some(text.value.clone());
    };
    out.push(Problem::at(&text.mark, problem).help("name it as people say it, such as `customer liaison`"));
    None
}

fn seconds(text: &Written<String>, out: &mut Collector<'_>) -> Option<u32> {
    let length = time::reminder(text, out)?;
    u32::try_from(length.num_seconds()).ok()
}

//! `[[intake]]`: which bots' posts are alerts.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use crate::domain::{alert::AfterClearing, ids::TeamId, priority::Priority};
use crate::intake::{Criteria, Template};

use super::{
    super::{
        file::Intake,
        problem::{Mark, Problem, Written},
    },
    collector::Collector,
    section::{Key, Section, Shape},
    value,
};

const INTAKE: Shape = Shape {
    keys: &[
        Key("channel", r##"channel = "#alerts-build-tracker""##),
        Key("from", r#"from = "Cloud Monitoring""#),
        Key("text", r#"text = "Severity: CRITICAL""#),
        Key("title", r#"title = "(?P<policy>.+) is (down|failing)""#),
        Key("colour", r#"colour = "danger|#d00000""#),
        Key("fields", r#"fields = { severity = "critical" }"#),
        Key("team", r#"team = "cloud""#),
        Key("priority", r#"priority = "p2""#),
        Key("service", r#"service = "build-tracker""#),
        Key("summary", r#"summary = "{policy} on {host}""#),
        Key("key", r#"key = "{policy}""#),
        Key("cleared", r#"cleared = "RESOLVED: (?P<policy>.+)""#),
        Key("resolve", "resolve = true"),
    ],
    later: &[],
};

/// No pattern needs more memory, once it is compiled.
const LARGEST_PATTERN: usize = 256 << 10;

/// Reads all rules, in the order of the file.
pub(super) fn read_all(root: &Section<'_>, out: &mut Collector<'_>) -> Vec<Intake> {
    root.tables("intake", out)
        .into_iter()
        .filter_map(|(mark, entries)| {
            let section = Section::open("`[[intake]]`", Some(mark.clone()), entries, &INTAKE, out);
            read(&section, &mark, out)
        })
        .collect()
}

fn read(section: &Section<'_>, mark: &Mark, out: &mut Collector<'_>) -> Option<Intake> {
    let channel = section
        .required("channel", out)
        .and_then(|text| value::channel(&text, out));
    let team = section.required("team", out);
    let priority = section
        .text("priority", out)
        .and_then(|text| value::priority(&text, out));
    let pattern = |key: &str, out: &mut Collector<'_>| {
        let text = section.text(key, out)?;
        compile(&text, out)
    };
    let fields = section.texts("fields", out).into_iter();
    let fields: BTreeMap<String, Regex> = fields
        .filter_map(|(name, text)| Some((name.to_lowercase(), compile(&text, out)?)))
        .collect();
    let criteria = Criteria {
        from: pattern("from", out),
        text: pattern("text", out),
        title: pattern("title", out),
        colour: pattern("colour", out),
        fields,
        team: TeamId::new(""),
        priority: priority.unwrap_or(Priority::P3),
        service: None,
        summary: None,
        key: None,
        cleared: pattern("cleared", out),
        then: match section.flag("resolve", out) {
            Some(true) => AfterClearing::Resolve,
            Some(false) | None => AfterClearing::Tell,
        },
    };
    let template = |key: &str, out: &mut Collector<'_>| {
        let text = section.text(key, out)?;
        template(&text, &criteria, out)
    };
    let (service, summary, key) = (template("service", out), template("summary", out), template("key", out));
    if section.has("cleared") && !section.has("key") {
        let problem = Problem::at(
            mark,
            "`cleared` needs a `key`: nothing else says which alert a post clears",
        );
        out.push(problem.help(r#"capture in both patterns what they have in common, and name it: `key = "{policy}"`"#));
    }
    Some(Intake {
        channel: channel?,
        team: team?.map(TeamId::new),
        criteria: Criteria {
            service,
            summary,
            key,
            ..criteria
        },
    })
}

fn compile(text: &Written<String>, out: &mut Collector<'_>) -> Option<Regex> {
    let compiled = RegexBuilder::new(&text.value)
        .multi_line(true)
        .size_limit(LARGEST_PATTERN)
        .build();
    match compiled {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            // The library draws the pattern with a caret of its own; its last line says what is wrong.
            let said = error.to_string();
            let why = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let problem = Problem::at(&text.mark, format!("this is not a pattern: {why}"));
            out.push(problem.help("patterns are regular expressions as https://docs.rs/regex describes them"));
            None
        }
    }
}

fn template(text: &Written<String>, criteria: &Criteria, out: &mut Collector<'_>) -> Option<Template> {
    let template = match Template::new(&text.value) {
        Ok(template) => template,
        Err(error) => {
            out.push(Problem::at(&text.mark, error.to_string()));
            return None;
        }
    };
    let captured: Vec<&str> = criteria.captured().collect();
    if let Some(name) = template.unfilled(&captured) {
        let known: Vec<String> = captured
            .iter()
            .chain(&["title", "text"])
            .map(|name| format!("`{{{name}}}`"))
            .collect();
        let problem = Problem::at(&text.mark, format!("nothing fills in `{{{name}}}`"));
        out.push(problem.help(format!(
            "capture it in a pattern of this rule, as `(?P<{name}>.+)`; there is {}",
            known.join(", ")
        )));
        return None;
    }
    Some(template)
}

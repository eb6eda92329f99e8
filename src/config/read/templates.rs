//! `[[templates]]`: updates about incidents that stand ready.

use toml::de::DeTable;

use crate::domain::incident::template::{Piece, Placeholder, pieces};
use crate::domain::incident::{Scope, Severity, Status, Template, Words};
use crate::domain::roster::fold;

use super::{
    super::{
        problem::{Mark, Problem, Written},
        suggest,
    },
    collector::Collector,
    section::{Key, Section, Shape},
};

const TEMPLATE: Shape = Shape {
    keys: &[
        Key("name", r#"name = "outage""#),
        Key("severity", r#"severity = ["sev1", "sev2"]"#),
        Key("scope", r#"scope = "all""#),
        Key("status", r#"status = "investigating""#),
        Key("broken", r#"broken = "{services} cannot be reached""#),
        Key("affected", r#"affected = "all customers""#),
        Key("workaround", r#"workaround = "none known yet""#),
        Key("next", r#"next = "we say more in 30 minutes""#),
        Key("upstream", r#"upstream = "https://status.example.com""#),
    ],
    later: &[],
};

/// How many templates there may be, which is how many a menu takes, and how long a name.
const TEMPLATES: usize = 100;
const NAME: usize = 40;

/// Reads all of them.
pub(super) fn read_all(root: &Section<'_>, out: &mut Collector<'_>) -> Vec<Template> {
    let mut known: Vec<(Mark, Template)> = Vec::new();
    for (mark, entries) in root.tables("templates", out) {
        let Some((name, template)) = read(&mark, entries, out) else {
            continue;
        };
        let same = |(_, other): &&(Mark, Template)| fold(&other.name) == fold(&template.name);
        if let Some((first, _)) = known.iter().find(same) {
            let problem = Problem::at(&name, format!("two templates are called `{}`", template.name));
            out.push(
                problem
                    .also(first, "this is the other")
                    .help("give one of them another name"),
            );
        } else if known.len() >= TEMPLATES {
            let what = format!("there are more than {TEMPLATES} templates");
            out.push(Problem::at(&name, what).help("nobody finds the right one among so many: leave some out"));
            break;
        } else {
            known.push((name, template));
        }
    }
    known.into_iter().map(|(_, template)| template).collect()
}

fn read(mark: &Mark, entries: &DeTable<'_>, out: &mut Collector<'_>) -> Option<(Mark, Template)> {
    let section = Section::open("`[[templates]]`", Some(mark.clone()), entries, &TEMPLATE, out);
    let name = section.required("name", out).filter(|name| is_a_name(name, out));
    let severities = some_of(&section, "severity", out);
    let statuses = some_of(&section, "status", out);
    let scope = section.text("scope", out);
    let mut text = |key: &str| {
        let text = section.text(key, out)?;
        placeholders(&text, out);
        Some(text.value)
    };
    let words = Words {
        text: None,
        broken: text("broken"),
        affected: text("affected"),
        workaround: text("workaround"),
        next: text("next"),
        upstream: text("upstream"),
    };
    let says = ["broken", "affected", "workaround", "next", "upstream"];
    // A key that was mistyped is reported where it stands, and once is enough.
    let is_known = |key: &str| TEMPLATE.keys.iter().any(|known| known.0 == key);
    let is_mistyped = !entries.keys().all(|key| is_known(key.get_ref()));
    if !is_mistyped && !says.iter().any(|key| section.has(key)) {
        let problem = Problem::at(mark, "this template says nothing");
        out.push(problem.help(r#"write for example `broken = "{services} cannot be reached"`"#));
    }
    let name = name?;
    let template = Template {
        name: name.value,
        severities: severities.iter().filter_map(|text| severity(text, out)).collect(),
        scope: scope.and_then(|text| scope_of(&text, out)),
        statuses: statuses.iter().filter_map(|text| status(text, out)).collect(),
        words,
    };
    Some((name.mark, template))
}

/// One, or several in brackets.
fn some_of(section: &Section<'_>, key: &str, out: &mut Collector<'_>) -> Vec<Written<String>> {
    if section.is_list(key) {
        return section.list(key, out).unwrap_or_default();
    }
    section.text(key, out).into_iter().collect()
}

fn is_a_name(name: &Written<String>, out: &mut Collector<'_>) -> bool {
    let what = if name.value.chars().count() > NAME {
        format!("the name of a template has at most {NAME} characters")
    } else if name.value.starts_with(['@', '#', '<']) {
        format!(
            "`{}` begins with a sign that stands for people and channels",
            name.value
        )
    } else {
        return true;
    };
    out.push(Problem::at(&name.mark, what).help("it is typed after `/incident update with`, such as `outage`"));
    false
}

/// Reports words in braces that stand for nothing.
fn placeholders(text: &Written<String>, out: &mut Collector<'_>) {
    for piece in pieces(&text.value) {
        let Piece::Unknown(word) = piece else { continue };
        let known: Vec<String> = Placeholder::ALL.map(|known| format!("`{{{}}}`", known.word())).into();
        let nearest = suggest::nearest(word, Placeholder::ALL.map(Placeholder::word));
        let hint = nearest.first().map(|word| format!("did you mean `{{{word}}}`?"));
        let problem = Problem::at(
            &out.within(&text.mark, &format!("{{{word}}}")),
            format!("`{{{word}}}` stands for nothing"),
        );
        out.push(problem.help(hint.unwrap_or_else(|| format!("there are {}", suggest::either(&known)))));
    }
}

fn severity(text: &Written<String>, out: &mut Collector<'_>) -> Option<Severity> {
    let known = Severity::ALL.map(|severity| severity.to_string().to_lowercase());
    chosen(text, text.value.parse().ok(), "severity", &known, out)
}

fn status(text: &Written<String>, out: &mut Collector<'_>) -> Option<Status> {
    let word = text.value.to_lowercase();
    let read = Status::OPEN.into_iter().find(|status| status.word() == word);
    chosen(
        text,
        read,
        "status of an open incident",
        &Status::OPEN.map(|it| it.word().to_owned()),
        out,
    )
}

fn scope_of(text: &Written<String>, out: &mut Collector<'_>) -> Option<Scope> {
    let word = text.value.to_lowercase();
    let read = Scope::ALL.into_iter().find(|scope| scope.word() == word);
    chosen(text, read, "scope", &Scope::ALL.map(|it| it.word().to_owned()), out)
}

/// What was read; else a report that names what there is.
fn chosen<T>(
    text: &Written<String>,
    read: Option<T>,
    kind: &str,
    known: &[String],
    out: &mut Collector<'_>,
) -> Option<T> {
    if read.is_none() {
        let quoted: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
        let nearest = suggest::did_you_mean(&text.value, "", known.iter().map(String::as_str));
        let problem = Problem::at(&text.mark, format!("`{}` is not a {kind}", text.value));
        out.push(problem.help(nearest.unwrap_or_else(|| format!("there are {}", suggest::either(&quoted)))));
    }
    read
}

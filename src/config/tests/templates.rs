//! `[[templates]]`: what they say, and what is said of their mistakes.

use super::mistakes::{SOUND, said};
use super::{right, wrong};
use crate::domain::incident::{Scope, Severity, Status};

#[test]
fn a_template_is_for_some_incidents_and_says_something() {
    let file = right(&format!(
        "{SOUND}\n[[templates]]\nname = \"outage\"\nseverity = [\"sev1\", \"SEV2\"]\nscope = \"all\"\nstatus = \
         \"Investigating\"\nbroken = \"{{services}} cannot be reached\"\n"
    ));
    let [template] = file.incidents.templates.try_into().expect("one template");
    assert_eq!(template.name, "outage");
    assert_eq!(template.severities, [Severity::Sev1, Severity::Sev2]);
    assert_eq!(
        (template.scope, template.statuses),
        (Some(Scope::All), vec![Status::Investigating])
    );
    assert_eq!(template.words.broken.as_deref(), Some("{services} cannot be reached"));
}

#[test]
fn mistakes_in_templates_say_what_would_work() {
    let rows = [
        "broken = \"x\"",
        "name = \"empty\"",
        "name = \"a\"\nbrokn = \"x\"",
        "name = \"a\"\nbroken = \"{servces} is down\"",
        "name = \"a\"\nbroken = \"{weather} is down\"",
        "name = \"a\"\nseverity = \"sev9\"\nbroken = \"x\"",
        "name = \"a\"\nstatus = \"identifed\"\nbroken = \"x\"",
        "name = \"a\"\nscope = \"everybody\"\nbroken = \"x\"",
        "name = \"@a\"\nbroken = \"x\"",
        "name = \"outage\"\nbroken = \"x\"\n[[templates]]\nname = \"Outage\"\nbroken = \"y\"",
    ];
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "{row}\n  {}",
                said(&wrong(&format!("{SOUND}\n[[templates]]\n{row}\n"))).replace('\n', "\n  ")
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn the_caret_stands_under_the_placeholder() {
    let drawn = wrong(&format!(
        "{SOUND}\n[[templates]]\nname = \"outage\"\nbroken = \"since noon {{servces}} is down\"\n"
    ));
    insta::assert_snapshot!(drawn);
}

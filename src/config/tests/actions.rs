//! `[actions]`, right and wrong.

use super::mistakes::{SOUND, said};
use super::{right, wrong};
use crate::domain::runbook::Site;

fn with(actions: &str) -> String {
    format!("{SOUND}\n[actions]\n{actions}\n")
}

#[test]
fn hosts_and_secrets_are_read() {
    let file = right(&with(
        "allow = ['CI.example.com', 'ci.example.com:8443', '2.2.2.2']\nprivate = ['[fd00::1]:8080']\nsecrets = ['TOKEN for ci.example.com']",
    ));
    let site = |host: &str, port, is_private| Site {
        host: host.to_owned(),
        port,
        is_private,
    };
    assert_eq!(
        file.actions.sites,
        [
            site("ci.example.com", None, false),
            site("ci.example.com", Some(8443), false),
            site("2.2.2.2", None, false),
            site("[fd00::1]", Some(8080), true),
        ]
    );
    assert_eq!(file.actions.secrets["TOKEN"], "ci.example.com");
    assert!(
        right(SOUND).actions.sites.is_empty(),
        "nothing may be sent anywhere without it"
    );
}

#[test]
fn mistakes_in_actions_say_what_would_work() {
    let file = |actions: &str| said(&wrong(&with(actions)));
    let sentences = [
        file("alow = ['ci.example.com']"),
        file("allow = ['https://ci.example.com/job', 'ci.example.com:x', '*.example.com/']"),
        file("allow = ['ci.example.com']\nprivate = ['ci.example.com']"),
        file(
            "allow = ['ci.example.com']\nsecrets = ['TOKEN', 'MY-TOKEN for ci.example.com', 'T for ci.exmple.com', 'SLACK_BOT_TOKEN for ci.example.com']",
        ),
        file("secrets = ['TOKEN for ci.example.com']"),
        file("secrets = { TOKEN = 'hunter2' }"),
        file("allow = ['a.example.com', 'b.example.com']\nsecrets = ['T for a.example.com', 'T for b.example.com']"),
    ];
    insta::assert_snapshot!(sentences.join("\n\n"));
}

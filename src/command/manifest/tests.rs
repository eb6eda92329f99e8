//! The manifest against Slack's limits, and against the file at the root of the repository.

use std::collections::BTreeSet;

use super::*;

#[test]
fn the_file_at_the_root_is_what_this_build_needs() {
    let printed = format!("{:#}\n", manifest(&[]));
    assert_eq!(
        include_str!("../../../manifest.json"),
        printed,
        "`manifest.json` is out of date; it should be:\n{printed}"
    );
}

#[test]
fn slacks_limits_are_kept() {
    let manifest = manifest(&[]);
    let length = |pointer: &str| {
        let text = manifest.pointer(pointer).and_then(Value::as_str).expect("a text");
        text.chars().count()
    };
    assert!(length("/display_information/name") <= 35);
    assert!(length("/display_information/description") <= 140);
    assert!((175..=4000).contains(&length("/display_information/long_description")));
    assert!(length("/features/shortcuts/0/name") <= 24);
    assert!(length("/features/shortcuts/0/description") <= 150);
    for command in commands() {
        assert!(command.command.starts_with('/') && command.command.chars().count() <= 32);
        assert!(command.description.chars().count() <= 2000);
        assert!(command.hint.chars().count() <= 1000);
    }
    let colour = manifest
        .pointer("/display_information/background_color")
        .and_then(Value::as_str);
    assert!(colour.is_some_and(|colour| colour.len() == 7 && colour.starts_with('#')));
}

#[test]
fn every_scope_and_event_is_asked_for_once_and_says_why() {
    for table in [&SCOPES[..], &EVENTS[..]] {
        let names: BTreeSet<&str> = table.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), table.len());
        assert!(table.iter().all(|(_, why)| !why.is_empty()));
    }
}

#[test]
fn every_event_has_the_scope_it_needs() {
    let scope = |name: &str| SCOPES.iter().any(|(scope, _)| *scope == name);
    for (event, _) in EVENTS {
        let needed = match event.split('.').collect::<Vec<_>>()[..] {
            ["message", "channels"] => "channels:history",
            ["message", "groups"] => "groups:history",
            ["message", "im"] => "im:history",
            ["app_mention"] => "app_mentions:read",
            ["reaction_added"] => "reactions:read",
            ["user_change" | "team_join"] => "users:read",
            ["app_uninstalled" | "tokens_revoked"] => continue,
            [name] if name.starts_with("subteam") => "usergroups:read",
            [name] if name.starts_with("group") => "groups:read",
            _ => "channels:read",
        };
        assert!(scope(needed), "{event} needs {needed}");
    }
}

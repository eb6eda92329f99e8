//! What the documents say is still so.

use std::fs;
use std::path::Path;

use nightbell::command::{commands, help};

fn text(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn the_readme_lists_every_usage_as_help_does() {
    let readme = text("README.md");
    for command in commands() {
        let table = help::markdown(command);
        assert!(
            readme.contains(&table),
            "README.md does not have the table of {}; it is now:\n{table}",
            command.command
        );
    }
}

#[test]
fn the_example_configuration_of_the_readme_is_right() {
    let readme = text("README.md");
    let example = readme
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let example = example.expect("README.md has an example of nightbell.toml");
    if let Err(problems) = nightbell::config::read(example, "README.md") {
        panic!("{problems}");
    }
}

#[test]
fn the_readme_names_every_subcommand_of_the_command_line() {
    let readme = text("README.md");
    for subcommand in [
        "run",
        "alert",
        "backup",
        "restore",
        "export",
        "oncall",
        "runbook",
        "demo",
        "init",
        "check",
        "doctor",
        "journal",
        "manifest",
        "completions",
    ] {
        assert!(
            readme.contains(&format!("nightbell {subcommand}")),
            "README.md does not say `nightbell {subcommand}`"
        );
    }
}

#[test]
fn the_changelog_knows_the_version() {
    let version = env!("CARGO_PKG_VERSION");
    let changelog = text("CHANGELOG.md");
    assert!(changelog.contains(&format!("## [{version}]")) || changelog.contains("## [Unreleased]"));
}

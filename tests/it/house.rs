//! The house rules that no compiler checks: who may import whom, and that every file says what it is for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every folder of `src` and the folders it may import. What is not here does not exist.
const MAY_IMPORT: [(&str, &[&str]); 17] = [
    ("actions", &["clock", "domain", "http"]),
    (
        "app",
        &[
            "actions",
            "clock",
            "command",
            "config",
            "directory",
            "domain",
            "engine",
            "outbox",
            "runbooks",
            "slack",
            "store",
            "view",
        ],
    ),
    ("clock", &[]),
    ("command", &["domain"]),
    ("config", &["command", "domain", "intake"]),
    (
        "demo",
        &[
            "actions", "app", "clock", "command", "config", "domain", "outbox", "runbooks", "sim", "slack",
        ],
    ),
    ("directory", &["config", "domain", "intake"]),
    ("domain", &[]),
    (
        "engine",
        &[
            "clock", "command", "domain", "intake", "outbox", "slack", "store", "view",
        ],
    ),
    ("http", &[]),
    ("intake", &["domain"]),
    ("outbox", &["clock", "domain", "slack", "store"]),
    ("runbooks", &["config", "domain"]),
    ("sim", &[]),
    ("slack", &["clock", "http"]),
    ("store", &[]),
    ("view", &["command", "domain", "outbox", "slack"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders of ours that a text names with `crate::`.
fn imports(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            rest.chars()
                .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
                .collect::<String>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn folders_import_only_what_they_may() {
    let source = root().join("src");
    let mut wrong = Vec::new();
    for path in files(&source) {
        let inside = path.strip_prefix(&source).expect("a file of src");
        let Some(folder) = inside.parent().and_then(|parent| parent.iter().next()) else {
            continue;
        };
        let folder = folder.to_string_lossy();
        let Some((_, may)) = MAY_IMPORT.iter().find(|(name, _)| *name == folder) else {
            wrong.push(format!("src/{folder} is not in the table of tests/it/house.rs"));
            continue;
        };
        for import in imports(&fs::read_to_string(&path).expect("a file")) {
            if import != folder && !may.contains(&import.as_str()) {
                wrong.push(format!(
                    "src/{} imports `{import}`, but `{folder}` may import only {may:?}",
                    inside.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_only_folders_that_exist_and_has_no_circle() {
    for (folder, may) in MAY_IMPORT {
        assert!(root().join("src").join(folder).is_dir(), "src/{folder} does not exist");
        for import in may {
            let (_, back) = MAY_IMPORT
                .iter()
                .find(|(name, _)| name == import)
                .expect("in the table");
            assert!(!back.contains(&folder), "{folder} and {import} import each other");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let folders = ["src", "tests", "benches"].map(|folder| root().join(folder));
    let silent: Vec<String> = folders
        .iter()
        .flat_map(|folder| files(folder))
        .filter(|path| !fs::read_to_string(path).expect("a file").starts_with("//!"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no `//!` at the top of {}", silent.join(", "));
}

#[test]
fn no_dependency_is_named_without_saying_what_it_is_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let dependencies = manifest.split("[dependencies]").nth(1).expect("dependencies");
    let dependencies = dependencies.split("\n[").next().expect("a section");
    for line in dependencies
        .lines()
        .filter(|line| line.contains(" = ") && !line.starts_with('#'))
    {
        let name = line.split(' ').next().expect("a name");
        let said = line.contains("} #") || line.contains("\" #") || ["slack-morphism", "axum"].contains(&name);
        assert!(said, "{name} has no comment");
        let used = files(&root().join("src")).iter().any(|path| {
            fs::read_to_string(path)
                .expect("a file")
                .contains(&name.replace('-', "_"))
        });
        assert!(used, "{name} is not used");
    }
}

//! The operator's own slash commands: one file each in the folder `commands` beside the configuration.

use std::{collections::BTreeMap, fs, io, path::Path};

use toml::de::DeTable;

use crate::command::{Command, Shortcut, is_ours, shortcut::Expansion};

use super::{
    super::problem::{LoadError, Problem, Problems, Written},
    collector::Collector,
    section::{Key, Section, Shape},
};

const SHORTCUT: Shape = Shape {
    keys: &[
        Key("command", r#"command = "/pd-support""#),
        Key("description", r#"description = "Page Support""#),
        Key("hint", r#"hint = "<message>""#),
        Key("usage", "[[usage]]"),
    ],
    later: &[],
};

const USAGE: Shape = Shape {
    keys: &[
        Key("pattern", r#"pattern = "<message>""#),
        Key("means", r#"means = "/alert <message> for support""#),
    ],
    later: &[],
};

/// Slack takes no more commands than this for an app; ours are among them.
const MOST: usize = 48;

/// Reads every `*.toml` of a folder, by name; there need not be one.
///
/// # Errors
/// When a file cannot be read, or has mistakes in it; of all files at once.
pub(super) fn load(folder: &Path) -> Result<Vec<Shortcut>, LoadError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| LoadError::Unreadable { path, source }
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder)(error)),
    };
    let mut sources = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = super::text_of(&path)?;
            // In a checkout of ours, our own tables stand there.
            if !is_ours(&text) {
                sources.insert(path.display().to_string(), text);
            }
        }
    }
    let sources: Vec<(&str, &str)> = sources
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    read(&sources).map_err(LoadError::Mistakes)
}

/// Reads files, given as name and text.
///
/// # Errors
/// All mistakes, file by file.
pub fn read(sources: &[(&str, &str)]) -> Result<Vec<Shortcut>, Vec<Problems>> {
    let mut shortcuts: Vec<Shortcut> = Vec::new();
    let mut mistakes = Vec::new();
    for (name, text) in sources {
        let mut out = Collector::new(text);
        let (tree, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            out.not_toml(error);
        }
        if errors.is_empty() {
            shortcuts.extend(shortcut(tree.get_ref(), &shortcuts, &mut out));
        }
        let (problems, masked) = out.finish();
        if !problems.is_empty() {
            mistakes.push(Problems::new(name, masked, problems));
        }
    }
    if mistakes.is_empty() {
        Ok(shortcuts)
    } else {
        Err(mistakes)
    }
}

fn shortcut(tree: &DeTable<'_>, others: &[Shortcut], out: &mut Collector<'_>) -> Option<Shortcut> {
    let section = Section::open("the file", None, tree, &SHORTCUT, out);
    let command = section
        .required("command", out)
        .filter(|name| is_free(name, others, out));
    let description = section.required("description", out);
    let hint = section.text("hint", out);
    let expansions: Vec<Expansion> = section
        .tables("usage", out)
        .into_iter()
        .filter_map(|(mark, entries)| {
            let usage = Section::open("`[[usage]]`", Some(mark), entries, &USAGE, out);
            let pattern = usage.text_or_empty("pattern", out);
            let means = usage.required("means", out);
            let (pattern, means) = (pattern?, means?);
            Expansion::new(&pattern.value, &means.value)
                .map_err(|error| {
                    let problem = Problem::at(&means.mark, format!("this does not work: {error}"));
                    out.push(problem.help(
                        r#"write for example `pattern = "<message>"` and `means = "/alert <message> for support"`"#,
                    ));
                })
                .ok()
        })
        .collect();
    if !section.has("usage") {
        let problem = Problem::of_file("it has no `[[usage]]`, so nothing could be typed after it");
        out.push(problem.help(
            r#"add `[[usage]]`, and below it `pattern = "<message>"` and `means = "/alert <message> for support"`"#,
        ));
    }
    Some(Shortcut {
        command: command?.value.to_lowercase(),
        description: description?.value,
        hint: hint.map(|hint| hint.value).unwrap_or_default(),
        expansions,
    })
}

/// Whether a command can be named this.
fn is_free(name: &Written<String>, others: &[Shortcut], out: &mut Collector<'_>) -> bool {
    let typed = name.value.as_str();
    let is_plain = typed.strip_prefix('/').is_some_and(|word| {
        (1..=31).contains(&word.len()) && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    });
    let problem = if !is_plain {
        Problem::at(&name.mark, format!("`{typed}` cannot be a slash command"))
            .help("a slash, then up to 31 letters, digits, `-` and `_`, such as `/pd-support`")
    } else if Command::named(typed).is_some() {
        Problem::at(&name.mark, format!("`{typed}` is a command of Nightbell itself"))
            .help("give the shortcut a name of its own")
    } else if others.iter().any(|other| other.command.eq_ignore_ascii_case(typed)) {
        Problem::at(&name.mark, format!("another file has `{typed}` already"))
            .help("put all its usages into one file, or give it a name of its own")
    } else if others.len() >= MOST {
        Problem::at(&name.mark, "Slack gives an app 50 slash commands, and there are more")
            .help("put several usages behind one command")
    } else {
        return true;
    };
    out.push(problem);
    false
}

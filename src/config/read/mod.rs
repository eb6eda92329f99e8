//! From text to a [`File`], or to everything that is wrong with it.
//!
//! Each part of the file is read by its own function, which reports what is wrong and goes on with a stand-in; a stand-in
//! is seen by nobody, because a single problem keeps the file from being used. Only a text that is not TOML ends the
//! reading early: what would be said about the rest of it is mostly noise.

mod actions;
mod agreement;
mod collector;
mod duties;
mod freeze;
mod incidents;
mod intake;
mod policy;
mod rotation;
mod secrets;
mod section;
mod shortcuts;
mod team;
mod templates;
mod time;
mod value;

use std::{fs, io, io::Read as _, path::Path};

use chrono_tz::Tz;
use toml::de::DeTable;

use crate::command::Shortcut;
use crate::domain::roster::Guests;
use crate::domain::runbook::Library;

pub use shortcuts::read as read_shortcuts;

use self::{
    collector::Collector,
    section::{Key, Section, Shape},
};
use super::{
    file::{ChannelReference, File, Incidents, Workspace},
    problem::{LoadError, Mark, Problem, Problems, Written},
};

/// No configuration is larger; what is, is not read into memory.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Reads a file of the disk.
///
/// # Errors
/// When it is missing, cannot be read, is larger than 1 MiB, or has mistakes in it.
///
/// The shortcuts of the folder `commands` beside it are read with it.
pub fn load(path: &Path) -> Result<File, LoadError> {
    let text = text_of(path)?;
    let file = read(&text, &path.display().to_string());
    let shortcuts = load_shortcuts(path);
    match (file, shortcuts) {
        (Ok(file), Ok(shortcuts)) => Ok(file.with_shortcuts(shortcuts)),
        (Err(problems), Err(LoadError::Mistakes(mut others))) => {
            others.insert(0, problems);
            Err(LoadError::Mistakes(others))
        }
        (Err(problems), _) => Err(LoadError::Mistakes(vec![problems])),
        (Ok(_), Err(error)) => Err(error),
    }
}

/// The operator's own slash commands, from the folder `commands` beside the configuration.
///
/// # Errors
/// When a file of it cannot be read, or has mistakes in it.
pub fn load_shortcuts(path: &Path) -> Result<Vec<Shortcut>, LoadError> {
    shortcuts::load(&path.with_file_name("commands"))
}

/// The text of a file.
fn text_of(path: &Path) -> Result<String, LoadError> {
    let unreadable = |source| LoadError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = fs::File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::Missing(path.to_owned()),
        _ => unreadable(error),
    })?;
    let mut text = String::new();
    let length = file
        .take(LARGEST_FILE + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if length as u64 > LARGEST_FILE {
        return Err(LoadError::TooLarge(path.to_owned()));
    }
    Ok(text)
}

/// Reads the text of a file; `file` is its name, for those who read the problems.
///
/// # Errors
/// All mistakes of the text at once.
pub fn read(text: &str, file: &str) -> Result<File, Problems> {
    let mut out = Collector::new(text);
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        out.not_toml(error);
    }
    let read = errors.is_empty().then(|| {
        secrets::report(tree.get_ref(), &mut out);
        let mut file = root(tree.get_ref(), file, &mut out);
        agreement::check(&mut file, &mut out);
        file
    });
    let (problems, masked) = out.finish();
    match read {
        Some(file) if problems.is_empty() => Ok(File { text: masked, ..file }),
        _ => Err(Problems::new(file, masked, problems)),
    }
}

const ROOT: Shape = Shape {
    keys: &[
        Key("workspace", "[workspace]"),
        Key("teams", "[teams.cloud]"),
        Key("intake", "[[intake]]"),
        Key("incidents", "[incidents]"),
        Key("actions", "[actions]"),
        Key("templates", "[[templates]]"),
    ],
    later: &[
        (
            "runbooks",
            "runbooks are files: put them into a folder `runbooks` beside this one",
        ),
        ("components", "components are configured in a later release"),
    ],
};

const WORKSPACE: Shape = Shape {
    keys: &[
        Key("time_zone", r#"time_zone = "Europe/Berlin""#),
        Key("fallback_channel", r##"fallback_channel = "#oncall-fallback""##),
        Key("incident_channel", r##"incident_channel = "#incidents""##),
        Key("admins", r#"admins = ["@ana"]"#),
        Key("guests", r#"guests = "allowed""#),
    ],
    later: &[],
};

fn root(tree: &DeTable<'_>, name: &str, out: &mut Collector<'_>) -> File {
    let section = Section::open("the file", None, tree, &ROOT, out);
    let workspace = workspace(&section, out);
    let teams: Vec<_> = section
        .table("teams", out)
        .map(|(_, teams)| team::read_all(teams, workspace.zone, out))
        .unwrap_or_default();
    if teams.is_empty() && !section.has("teams") {
        out.push(
            Problem::of_file("no team is configured, so nobody would be paged")
                .help("add a section `[teams.cloud]` with a `channel` and a rotation `[[teams.cloud.rotations]]`"),
        );
    }
    let intake = intake::read_all(&section, out);
    let incidents = Incidents {
        templates: templates::read_all(&section, out),
        ..incidents::read(&section, out)
    };
    let actions = actions::read(&section, out);
    File {
        name: name.to_owned(),
        workspace,
        teams,
        intake,
        incidents,
        actions,
        shortcuts: Vec::new(),
        runbooks: Library::default(),
        text: String::new(),
    }
}

fn workspace(root: &Section<'_>, out: &mut Collector<'_>) -> Workspace {
    let nowhere = || Written {
        value: ChannelReference::Name(String::new()),
        mark: Mark { line: 1, span: 0..0 },
    };
    let Some((mark, entries)) = root.table("workspace", out) else {
        if !root.has("workspace") {
            out.push(
                Problem::of_file("there is no `[workspace]`, which says where a page goes that reaches nobody")
                    .help(r##"add `[workspace]` and below it `fallback_channel = "#oncall-fallback"`"##),
            );
        }
        return Workspace {
            zone: Tz::UTC,
            fallback: nowhere(),
            incidents: None,
            admins: Vec::new(),
            guests: Guests::default(),
        };
    };
    let section = Section::open("`[workspace]`", Some(mark), entries, &WORKSPACE, out);
    let zone = section.text("time_zone", out).and_then(|text| time::zone(&text, out));
    let fallback = section
        .required("fallback_channel", out)
        .and_then(|text| value::channel(&text, out));
    let admins = section.list("admins", out).unwrap_or_default();
    Workspace {
        zone: zone.unwrap_or(Tz::UTC),
        fallback: fallback.unwrap_or_else(nowhere),
        incidents: section
            .text("incident_channel", out)
            .and_then(|text| value::channel(&text, out)),
        admins: admins.iter().filter_map(|text| value::person(text, out)).collect(),
        guests: guests(&section, out),
    }
}

fn guests(section: &Section<'_>, out: &mut Collector<'_>) -> Guests {
    let Some(text) = section.text("guests", out) else {
        return Guests::KeptOut;
    };
    match text.value.to_lowercase().as_str() {
        "allowed" => Guests::Allowed,
        "kept out" => Guests::KeptOut,
        _ => {
            let problem = Problem::at(&text.mark, format!("`{}` does not say what guests may do", text.value));
            out.push(
                problem.help(
                    r#"write `guests = "allowed"`, or `guests = "kept out"` of resolving, assigning and snoozing"#,
                ),
            );
            Guests::KeptOut
        }
    }
}

//! `nightbell check` and `nightbell runbook <file>`: what the runbooks beside the configuration say.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};

use crate::config::{self, Colours, File, LoadError, Team};
use crate::domain::roster::fold_team;
use crate::domain::runbook::{Block, Forbidden, Library, Runbook, Values, names};
use crate::runbooks;

/// The folder of the runbooks: beside the configuration.
pub fn folder(config: &Path) -> PathBuf {
    config.with_file_name("runbooks")
}

/// Reads the configuration and the runbooks beside it, and says what they mean.
///
/// # Errors
/// Everything that is wrong with either.
pub fn check(config: &Path, now: DateTime<Utc>) -> anyhow::Result<String> {
    let library = runbooks::load(&folder(config));
    let drawn = |left_out: bool| {
        let mistakes = library
            .mistakes()
            .iter()
            .filter(move |mistake| mistake.left_out == left_out);
        mistakes.map(|mistake| mistake.drawn.clone()).collect::<Vec<_>>()
    };
    let (mut wrong, mut odd) = (drawn(true), drawn(false));
    let file = match config::load(config) {
        Ok(file) => file,
        Err(error) => {
            wrong.insert(0, error.to_string());
            bail!("{}", wrong.join("\n\n"));
        }
    };
    odd.extend(library.books().flat_map(|book| strangers(book, &file)));
    odd.extend(library.books().flat_map(|book| unsendable(book, &file)));
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n\n"));
    }
    let mut said = config::summary(&file, now);
    if library.books().len() > 0 {
        // Writing into a String cannot fail.
        let _ = write!(said, "\n{}", counted(&library, config));
    }
    for warning in odd {
        let _ = write!(said, "\n{warning}\n");
    }
    Ok(said)
}

fn counted(library: &Library, config: &Path) -> String {
    let steps: usize = library.books().map(|book| book.steps.len()).sum();
    let books = library.books().len();
    let s = if books == 1 { "" } else { "s" };
    format!(
        "{books} runbook{s} in {}, with {steps} steps\n",
        folder(config).display()
    )
}

/// Teams that a runbook names and the configuration does not have.
fn strangers(book: &Runbook, file: &File) -> Vec<String> {
    let names_of: Vec<&str> = file.teams.iter().flat_map(Team::names).map(|(name, _)| name).collect();
    let is_known = |team: &str| names_of.iter().any(|name| fold_team(name) == fold_team(team));
    let pages = book
        .steps
        .iter()
        .flat_map(|step| &step.body)
        .filter_map(|block| match block {
            // Whom a filled blank means, only a run knows.
            Block::Page { team, .. } if names(team).next().is_none() => Some((team.as_str(), "is paged by it")),
            _ => None,
        });
    let owner = book.owner.as_deref().map(|owner| (owner, "keeps it"));
    owner
        .into_iter()
        .chain(pages)
        .filter(|(team, _)| !is_known(team))
        .map(|(team, why)| {
            let near = config::nearest(team, names_of.iter().copied());
            let hint = near.first().map_or_else(
                || format!("the configuration has no team of that name ({})", names_of.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            format!("warning: {}: the team `{team}` {why}: {hint}", book.file)
        })
        .collect()
}

/// Requests that the configuration does not allow to be sent.
fn unsendable(book: &Runbook, file: &File) -> Vec<String> {
    let mut said = Vec::new();
    for step in &book.steps {
        for request in step.requests(step.gates()) {
            let why = match file.actions.judge(request, &Values::new()) {
                Ok(_) => continue,
                Err(Forbidden::Address { url }) => format!("`{url}` is no address that could be called"),
                Err(Forbidden::Site { site }) => format!("`allow` in `[actions]` does not have `{site}`"),
                Err(Forbidden::Unencrypted { site }) => {
                    format!("`http` is for those under `private` in `[actions]`, not for `{site}`")
                }
                Err(Forbidden::Secret { name }) => format!("`secrets` in `[actions]` does not have `{name}`"),
                Err(Forbidden::OtherSecret { name, host }) => format!("the secret `{name}` is for `{host}`"),
            };
            let title = &step.title;
            said.push(format!(
                "warning: {}: the step “{title}” cannot send its request: {why}",
                book.file
            ));
        }
    }
    said
}

/// Reads the configuration with the runbooks beside it. What is wrong with a runbook is logged, and keeps nothing else.
///
/// # Errors
/// What keeps the configuration from being used.
pub fn load(config: &Path) -> Result<File, LoadError> {
    let file = config::load(config)?;
    let library = runbooks::load(&folder(config));
    for mistake in library.mistakes().iter().filter(|mistake| mistake.left_out) {
        tracing::warn!("a runbook is left out: {}", mistake.drawn);
    }
    Ok(file.with_runbooks(library))
}

/// What changes when any runbook does.
pub fn stamp(config: &Path) -> u64 {
    runbooks::stamp(&folder(config))
}

/// How one file is read.
///
/// # Errors
/// What keeps it from being used.
pub fn show(file: &Path) -> anyhow::Result<String> {
    let name = file.display().to_string();
    let bytes = fs::read(file).with_context(|| format!("failed to read `{name}`"))?;
    match runbooks::read_bytes(&bytes, &name) {
        Ok(readable) => {
            let odd = readable.drawn(Colours::Without).map(|drawn| format!("\n{drawn}\n"));
            Ok(runbooks::print(&readable.runbook) + &odd.unwrap_or_default())
        }
        Err(problems) => bail!("{problems}"),
    }
}

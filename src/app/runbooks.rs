//! `nightbell check` and `nightbell runbook <file>`: what the runbooks beside the configuration say.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};

use crate::config::{self, Colours, File, LoadError, Team};
use crate::domain::roster::fold_team;
use crate::domain::runbook::{Forbidden, Library, Misfit, Runbook};
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
    odd.extend(library.books().flat_map(|book| misfits(book, &file)));
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

/// What a runbook says and the configuration does not let it do.
fn misfits(book: &Runbook, file: &File) -> Vec<String> {
    let teams: Vec<&str> = file.teams.iter().flat_map(Team::names).map(|(name, _)| name).collect();
    let is_team = |team: &str| teams.iter().any(|name| fold_team(name) == fold_team(team));
    let unknown = |team: &str, why: &str| {
        let near = config::nearest(team, teams.iter().copied());
        let hint = near.first().map_or_else(
            || format!("the configuration has no team of that name ({})", teams.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        format!("the team `{team}` {why}: {hint}")
    };
    let said = book
        .misfits(&is_team, &file.actions)
        .into_iter()
        .map(|misfit| match misfit {
            Misfit::Owner { team } => unknown(team, "keeps it"),
            Misfit::Page { team, .. } => unknown(team, "is paged by it"),
            Misfit::Request { step, why } => {
                let why = match why {
                    Forbidden::Address { url } => format!("`{url}` is no address that could be called"),
                    Forbidden::Site { site } => format!("`allow` in `[actions]` does not have `{site}`"),
                    Forbidden::Unencrypted { site } => {
                        format!("`http` is for those under `private` in `[actions]`, not for `{site}`")
                    }
                    Forbidden::Secret { name } => format!("`secrets` in `[actions]` does not have `{name}`"),
                    Forbidden::OtherSecret { name, host } => format!("the secret `{name}` is for `{host}`"),
                };
                format!("the step “{step}” cannot send its request: {why}")
            }
        });
    said.map(|said| format!("warning: {}: {said}", book.file)).collect()
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

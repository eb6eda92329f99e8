//! The story `nightbell demo` plays: somebody raises an alert, the first on call sleeps, the second answers.

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;

use super::{Configuration, Stage};
use crate::sim::Line;

/// Plays the story in a workspace of its own and returns what people read.
///
/// # Errors
/// When the story does not go as it should.
pub async fn play() -> anyhow::Result<Vec<Line>> {
    let folder = std::env::temp_dir().join(format!("nightbell-demo-{}", std::process::id()));
    let played = told(folder.clone()).await;
    drop(std::fs::remove_dir_all(folder));
    played
}

async fn told(folder: std::path::PathBuf) -> anyhow::Result<Vec<Line>> {
    let mut stage = Stage::open(folder, Configuration::default()).await?;
    let Stage { ana, cleo, .. } = &stage;

    let typed = ana.types("#ops", "/alert the API times out for cloud").await;
    typed.ok().context("/alert was not answered")?;
    stage.settles().await?;

    // Ben is first on call, and sleeps.
    stage.passes(TimeDelta::minutes(5)).await?;

    let page = stage
        .workspace
        .dm(cleo)
        .into_iter()
        .next()
        .context("cleo was not paged")?;
    stage.hand.advance(TimeDelta::minutes(2));
    cleo.clicks(&page, "Acknowledge")
        .await
        .ok()
        .context("the press was not answered")?;
    stage.settles().await?;

    stage.hand.advance(TimeDelta::minutes(21));
    let card = stage
        .workspace
        .messages("#cloud")
        .into_iter()
        .next()
        .context("there is no card")?;
    let said = cleo
        .replies(&card, "resolve because a stuck connection pool was restarted")
        .await;
    said.ok().context("the reply was not answered")?;
    stage.settles().await?;

    let complaints = stage.workspace.complaints();
    ensure!(
        complaints.is_empty(),
        "Slack would have disliked: {}",
        complaints.join("; ")
    );
    stage.stop().await?;
    stage.workspace.stop();
    Ok(stage.workspace.transcript())
}

//! The demo's workspace with the bot in it, as most tests begin.

use nightbell::demo::{Configuration, Stage};
use nightbell::sim::{Message, Person};
use tempfile::TempDir;

/// The stage, and the folder that has to outlive it.
pub(crate) async fn stage() -> (Stage, TempDir) {
    stage_with("").await
}

/// The same, with more lines at the end of `nightbell.toml`.
pub(crate) async fn stage_with(more: &str) -> (Stage, TempDir) {
    let configuration = Configuration {
        text: format!("{}{more}", Configuration::default().text),
        ..Configuration::default()
    };
    stage_as(configuration).await
}

/// The same, with another configuration.
pub(crate) async fn stage_as(configuration: Configuration) -> (Stage, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(folder.path().to_owned(), configuration).await.unwrap();
    (stage, folder)
}

/// Somebody types something where nothing else goes on, and what they read.
pub(crate) async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// Somebody's newest direct message.
pub(crate) fn newest(stage: &Stage, who: &Person) -> Message {
    stage.workspace.dm(who).pop().expect("a direct message")
}

/// Slack would have disliked nothing.
pub(crate) fn quiet(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

//! Runs among everything else: incidents and alerts they are for, threads that are lost, people at once, pages that are odd.

mod incidents;
mod known;
mod lost;
mod people;
mod restarts;

use chrono::TimeDelta;
use nightbell::demo::{Configuration, Stage};
use nightbell::domain::runbook::Library;
use nightbell::runbooks;
use nightbell::sim::{Message, Person};
use tempfile::TempDir;

use crate::setting::stage_as;

/// Two steps, for a service and for what an alert says.
const QUEUE: &str = "---\nowner: payments\nservices: [queue]\nalerts: [\"*queue*\"]\n---\n# Drain the queue\n\n\
                     ## Stop the intake\n\n## Wait until it is empty\n";

/// A stage with runbooks: the name of each file, and its text.
async fn with(files: &[(&str, &str)]) -> (Stage, TempDir) {
    stage_as(Configuration {
        runbooks: shelf(files),
        ..Configuration::default()
    })
    .await
}

fn shelf(files: &[(&str, &str)]) -> Library {
    let books = files
        .iter()
        .map(|(name, text)| runbooks::read(text, &format!("runbooks/{name}.md")).unwrap().runbook);
    Library::new(books, Vec::new())
}

async fn types(stage: &Stage, who: &Person, channel: &str, text: &str) -> String {
    let answer = who.types(channel, text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// The newest message of a channel that has some words.
fn newest(stage: &Stage, channel: &str, words: &str) -> Message {
    let messages = stage.workspace.messages(channel).into_iter().rev();
    let mut found = messages.filter(|message| message.reads.contains(words));
    found.next().unwrap_or_else(|| {
        let all = reads(&stage.workspace.messages(channel));
        panic!("nothing in {channel} has {words:?}:\n{all}")
    })
}

/// The head of the newest run in a channel.
fn head(stage: &Stage, channel: &str) -> Message {
    newest(stage, channel, "What you say in this thread becomes a note")
}

fn thread(stage: &Stage, head: &Message) -> Vec<Message> {
    stage.workspace.thread(head)
}

/// The card of the current step in a thread.
fn card(stage: &Stage, head: &Message) -> Message {
    let mut cards = thread(stage, head).into_iter().rev();
    cards.find(|message| !message.buttons().is_empty()).expect("a card")
}

async fn presses(stage: &Stage, who: &Person, on: &Message, label: &str) {
    who.clicks(on, label).await.unwrap();
    stage.settles().await.unwrap();
}

async fn says(stage: &Stage, who: &Person, head: &Message, text: &str) {
    who.replies(head, text).await.unwrap();
    stage.settles().await.unwrap();
}

fn reads(messages: &[Message]) -> String {
    let all: Vec<&str> = messages.iter().map(|message| message.reads.as_str()).collect();
    all.join("\n---\n")
}

fn told(stage: &Stage, who: &Person) -> String {
    let last = stage.workspace.ephemerals(who).pop();
    last.map(|message| message.reads).unwrap_or_default()
}

fn has(text: &str, words: &str) {
    assert!(text.contains(words), "{words:?} is not in:\n{text}");
}

fn lacks(text: &str, words: &str) {
    assert!(!text.contains(words), "{words:?} is in:\n{text}");
}

fn fine(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

/// A few minutes, so that what is told has different times.
async fn minutes(stage: &Stage, minutes: i64) {
    stage.passes(TimeDelta::minutes(minutes)).await.unwrap();
}

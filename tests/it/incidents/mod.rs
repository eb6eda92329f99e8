//! Incidents: declared, led, told about, learnt from.

mod actions;
mod archive;
mod asking;
mod changing;
mod declaring;
mod readers;
mod reminding;
mod trouble;
mod updating;
mod working;

use nightbell::demo::Stage;
use nightbell::sim::{Fill, Message, OpenView, Person, Place, Submitted};

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    types_in(stage, who, "#ops", text).await
}

async fn types_in(stage: &Stage, who: &Person, channel: &str, text: &str) -> String {
    let answer = who.types(channel, text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// Types something, and presses a button of the answer.
async fn types_and_presses(stage: &Stage, who: &Person, text: &str, label: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap().expect("an answer");
    stage.settles().await.unwrap();
    who.clicks(&answer, label).await.unwrap();
    stage.settles().await.unwrap();
    answer.reads
}

/// The card where incidents are listed: the newest message there that is one.
fn card(stage: &Stage) -> Message {
    let cards = stage.workspace.messages("#incidents").into_iter();
    let mut cards = cards.filter(|message| message.reads.starts_with("INC-") || message.reads.contains("\nINC-"));
    cards.next_back().expect("a card in #incidents")
}

/// What was said in a channel, or in the thread of a message.
fn lines(messages: Vec<Message>) -> Vec<String> {
    messages.into_iter().map(|message| message.reads).collect()
}

fn thread(stage: &Stage) -> Vec<String> {
    lines(stage.workspace.thread(&card(stage)))
}

fn room(stage: &Stage, name: &str) -> Option<Place> {
    let places = stage.workspace.places(&stage.ana).into_iter();
    places.into_iter().find(|place| place.name == name)
}

fn quiet(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

async fn opens(stage: &Stage, person: &Person, on: &Message, label: &str) -> OpenView {
    person.clicks(on, label).await.unwrap();
    stage.settles().await.unwrap();
    stage.workspace.views(person).pop().expect("a form")
}

async fn submits(stage: &Stage, person: &Person, form: &OpenView, fields: &[(&str, Fill<'_>)]) -> Submitted {
    let submitted = person.submits(form, fields).await.unwrap();
    stage.settles().await.unwrap();
    submitted
}

fn has(lines: &[String], words: &str) {
    assert!(
        lines.iter().any(|line| line.contains(words)),
        "nobody said {words:?}:\n{}",
        lines.join("\n---\n")
    );
}

//! What is not clear is asked back with the words kept, and what is said where an incident is worked on reaches it.

use super::{card, has, lines, opens, quiet, room, submits, thread, types, types_and_presses, types_in};
use crate::setting::stage;
use nightbell::demo::Stage;
use nightbell::sim::{Fill, Submitted};

const ROOM: &str = "#inc-1-checkout-times-out";

async fn two_open() -> (Stage, tempfile::TempDir) {
    let (stage, folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev3 Checkout times out").await;
    types(&stage, &stage.ben, "/incident declare sev4 paying fails").await;
    (stage, folder)
}

fn cards(stage: &Stage) -> Vec<nightbell::sim::Message> {
    let all = stage.workspace.messages("#incidents").into_iter();
    all.filter(|message| message.reads.starts_with("INC-")).collect()
}

#[tokio::test]
async fn when_it_is_not_clear_which_one_is_meant_a_press_says_so_and_nothing_is_typed_twice() {
    let (stage, _folder) = two_open().await;
    let answer = types_and_presses(
        &stage,
        &stage.ben,
        "/incident update half of it is back",
        "INC-1 SEV3 Checkout times out",
    )
    .await;
    assert!(answer.contains("[INC-2 SEV4 paying fails]"), "{answer}");
    let first = cards(&stage).remove(0);
    has(&lines(stage.workspace.thread(&first)), "half of it is back");
    // One that is not there is no reason to type it again either.
    let answer = types_and_presses(
        &stage,
        &stage.ben,
        "/incident note INC-9 the pool is small",
        "INC-2 SEV4 paying fails",
    )
    .await;
    assert!(answer.contains("There is no incident INC-9."), "{answer}");
    let second = cards(&stage).remove(1);
    has(&lines(stage.workspace.thread(&second)), "@ben notes: the pool is small");
    types_and_presses(&stage, &stage.ben, "/incident resolve", "INC-1 SEV3 Checkout times out").await;
    assert!(
        stage
            .workspace
            .views(&stage.ben)
            .pop()
            .is_some_and(|form| form.reads.contains("Last words"))
    );
    let shown = types_and_presses(&stage, &stage.ben, "/incident show", "INC-1 SEV3 Checkout times out").await;
    assert!(shown.contains("Which one?"), "{shown}");
    let told = stage.workspace.ephemerals(&stage.ben).pop().expect("an answer");
    assert!(told.reads.contains("Timeline"), "{}", told.reads);
    quiet(&stage);
}

#[tokio::test]
async fn the_shortcut_asks_which_timeline_is_meant() {
    let (stage, _folder) = two_open().await;
    types(&stage, &stage.dora, "support has forty tickets").await;
    let elsewhere = stage.workspace.messages("#ops").pop().unwrap();
    stage.ana.shortcut(&elsewhere, "keep_in_timeline").await.unwrap();
    stage.settles().await.unwrap();
    let asked = stage.workspace.ephemerals(&stage.ana).pop().expect("a question");
    assert!(asked.reads.contains("Which one?"), "{}", asked.reads);
    stage.ana.clicks(&asked, "INC-2 SEV4 paying fails").await.unwrap();
    stage.settles().await.unwrap();
    let second = cards(&stage).remove(1);
    has(&lines(stage.workspace.thread(&second)), "support has forty tickets");
    quiet(&stage);
}

#[tokio::test]
async fn what_is_said_plainly_where_it_is_worked_on_is_told_how_to_be_said() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    assert!(room(&stage, "inc-1-checkout-times-out").is_some());
    types_in(&stage, &stage.ana, ROOM, "resolve").await;
    let hint = stage.workspace.ephemerals(&stage.ana).pop().expect("a hint");
    assert!(
        hint.reads.contains("Nothing was done: people talk here") && hint.reads.contains("/incident resolve"),
        "{}",
        hint.reads
    );
    let before = stage.workspace.ephemerals(&stage.ana).len();
    types_in(&stage, &stage.ana, ROOM, "I think we can resolve it").await;
    types_in(&stage, &stage.ana, ROOM, "thanks").await;
    assert_eq!(
        stage.workspace.ephemerals(&stage.ana).len(),
        before,
        "people talk there"
    );
    assert!(card(&stage).reads.contains("Investigating"));
    types_in(&stage, &stage.ana, ROOM, "@nightbell").await;
    let help = stage.workspace.ephemerals(&stage.ana).pop().expect("help");
    assert!(help.reads.contains("/incident update"), "{}", help.reads);
    quiet(&stage);
}

#[tokio::test]
async fn a_reply_under_the_message_about_an_incident_is_about_it() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    types(&stage, &stage.dora, "/incident subscribe INC-1").await;
    let mut own = stage.workspace.dm(&stage.dora).into_iter();
    let own = own
        .rfind(|message| message.reads.starts_with("INC-1"))
        .expect("a message");
    stage.dora.replies(&own, "unsubscribe").await.unwrap();
    stage.settles().await.unwrap();
    let said = lines(stage.workspace.dm(&stage.dora));
    has(&said, "You hear no more of INC-1.");
    quiet(&stage);
}

#[tokio::test]
async fn unsubscribing_without_a_topic_lists_what_there_is_with_a_button_each() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    let said = types(&stage, &stage.dora, "/incident subscribe to cloud").await;
    assert!(
        said.contains("`/incident unsubscribe from cloud` ends it")
            || said.contains("/incident unsubscribe from cloud ends it"),
        "{said}"
    );
    types(&stage, &stage.dora, "/incident subscribe INC-1").await;
    let list = types_and_presses(&stage, &stage.dora, "/incident unsubscribe", "Unsubscribe").await;
    assert!(list.contains("incidents of Cloud") && list.contains("INC-1"), "{list}");
    let left = types(&stage, &stage.dora, "/incident subscriptions").await;
    assert!(!left.contains("Cloud") && left.contains("INC-1"), "{left}");
    quiet(&stage);
}

#[tokio::test]
async fn where_it_is_told_already_nobody_subscribes() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    stage
        .ana
        .replies(&card(&stage), "@nightbell subscribe here")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let told = stage.workspace.ephemerals(&stage.ana).pop().expect("an answer");
    assert!(told.reads.contains("told of INC-1 already"), "{}", told.reads);
    types_in(&stage, &stage.ana, "#incidents", "/incident subscribe to all here").await;
    types(&stage, &stage.ana, "/incident update half is back").await;
    assert_eq!(cards(&stage).len(), 1, "no second card");
    let told = thread(&stage)
        .into_iter()
        .filter(|line| line.contains("half is back"))
        .count();
    assert_eq!(told, 1);
    quiet(&stage);
}

#[tokio::test]
async fn a_form_says_what_came_of_it_and_its_errors_are_plain_words() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.dora, "/incident").await;
    let form = stage.workspace.views(&stage.dora).pop().expect("a form");
    let fields = [("title", Fill::Text("Checkout\ntimes out"))];
    assert_eq!(submits(&stage, &stage.dora, &form, &fields).await, Submitted::Closed);
    has(
        &lines(stage.workspace.dm(&stage.dora)),
        "INC-1 SEV3 Checkout times out is declared. It is worked on in the thread",
    );
    let update = opens(&stage, &stage.ana, &card(&stage), "Update…").await;
    types(&stage, &stage.ben, "/incident resolve a full disk").await;
    let late = submits(&stage, &stage.ana, &update, &[("broken", Fill::Text("paying"))]).await;
    let Submitted::Errors(errors) = late else {
        panic!("it is over: {late:?}")
    };
    let said = &errors["broken"];
    assert!(
        said.contains("INC-1 was resolved at Tue 3 Mar") && !said.contains('<'),
        "{said}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn what_is_over_is_offered_for_what_only_that_can_take() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    types(&stage, &stage.ana, "/incident resolve a full disk").await;
    let asked = types_and_presses(
        &stage,
        &stage.ben,
        "/incident reopen because it is full again",
        "INC-1 SEV3 checkout times out",
    )
    .await;
    assert!(asked.contains("These ended last"), "{asked}");
    has(&thread(&stage), "@ben reopens it: it is full again");
    quiet(&stage);
}

#[tokio::test]
async fn a_severity_that_is_typed_first_stays_when_it_is_declared_by_the_button() {
    let (stage, _folder) = stage().await;
    types_and_presses(&stage, &stage.dora, "/incident sev1 checkout is broken", "Declare it…").await;
    let form = stage.workspace.views(&stage.dora).pop().expect("a form");
    assert_eq!(submits(&stage, &stage.dora, &form, &[]).await, Submitted::Closed);
    assert!(
        card(&stage).reads.contains("INC-1 SEV1 checkout is broken"),
        "{}",
        card(&stage).reads
    );
    quiet(&stage);
}

#[tokio::test]
async fn who_says_in_its_thread_that_it_is_over_is_asked_what_it_took() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    stage
        .ana
        .replies(&card(&stage), "@nightbell resolve the release was rolled back")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let asked = stage.workspace.ephemerals(&stage.ana).pop().expect("a question");
    assert!(asked.reads.contains("[There was a rollback]"), "{}", asked.reads);
    quiet(&stage);
}

//! What goes wrong around an incident: it goes on, and says so.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::Fault;

use super::{card, has, lines, quiet, thread, types, types_in};
use crate::setting::stage;

const ROOM: &str = "#inc-1-checkout-times-out";

#[tokio::test]
async fn a_channel_that_is_lost_is_noticed_before_anybody_speaks_and_said_once() {
    type Lose = fn(&Stage);
    let ways: [(Lose, &str); 3] = [
        (|stage| stage.workspace.archive(ROOM), "Its channel was archived."),
        (|stage| stage.workspace.delete(ROOM), "Its channel is gone"),
        (
            |stage| stage.workspace.remove_bot(ROOM),
            "I was taken out of its channel.",
        ),
    ];
    for (lose, words) in ways {
        let (stage, _folder) = stage().await;
        types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
        types(&stage, &stage.ana, "/incident lead @ben").await;
        lose(&stage);
        stage.settles().await.unwrap();
        has(&thread(&stage), "It goes on here, in this thread. @ben");
        stage.workspace.redeliver();
        types(&stage, &stage.ana, "/incident note the database is fine").await;
        let told = thread(&stage);
        has(&told, "@ana notes: the database is fine");
        let said = told
            .iter()
            .filter(|line| line.contains("It goes on here, in this thread."));
        assert_eq!(said.filter(|line| line.contains(words)).count(), 1, "{words}: {told:?}");
        assert!(card(&stage).reads.contains("worked on in the thread"));
        quiet(&stage);
    }
}

#[tokio::test]
async fn a_line_on_its_way_when_the_channel_goes_is_told_in_the_thread() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    stage.workspace.fault(Fault::RateLimit {
        method: "chat.postMessage",
        seconds: 30,
    });
    stage
        .ana
        .types("#ops", "/incident note the database is fine")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    stage.workspace.archive(ROOM);
    stage.passes(TimeDelta::minutes(2)).await.unwrap();
    let told = thread(&stage);
    let notes = told.iter().filter(|line| line.contains("the database is fine"));
    assert_eq!(notes.count(), 1, "{told:?}");
    quiet(&stage);
}

#[tokio::test]
async fn the_channel_of_one_that_is_over_may_be_put_away_without_a_word() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    types(&stage, &stage.ana, "/incident resolve INC-1 a bad release").await;
    let before = thread(&stage).len();
    stage.workspace.archive(ROOM);
    stage.settles().await.unwrap();
    assert_eq!(thread(&stage).len(), before);
    types(&stage, &stage.ana, "/incident reopen INC-1").await;
    let told = thread(&stage);
    has(&told, "Its channel was archived. It goes on here, in this thread.");
    has(&told, "@ana reopens it.");
    quiet(&stage);
}

#[tokio::test]
async fn an_archived_channel_is_left_for_the_thread_and_nothing_is_lost() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    stage.workspace.archive(ROOM);
    types(&stage, &stage.ana, "/incident note the database is fine").await;
    let told = thread(&stage);
    has(&told, "Its channel was archived. It goes on here, in this thread.");
    has(&told, "@ana notes: the database is fine");
    types(&stage, &stage.ana, "/incident note neither is the cache").await;
    has(&thread(&stage), "neither is the cache");
    assert!(
        card(&stage).reads.contains("worked on in the thread"),
        "{}",
        card(&stage).reads
    );
    quiet(&stage);
}

#[tokio::test]
async fn a_deleted_channel_is_left_for_the_thread() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    stage.workspace.delete(ROOM);
    types(&stage, &stage.ana, "/incident update we roll back").await;
    has(&thread(&stage), "Its channel is gone");
    has(&thread(&stage), "we roll back");
    quiet(&stage);
}

#[tokio::test]
async fn thrown_out_of_where_incidents_are_listed_it_goes_to_the_fallback_channel() {
    let more = nightbell::demo::Configuration::default();
    let text = more.text.replace(
        "fallback_channel = \"#incidents\"",
        "fallback_channel = \"#ops\"\nincident_channel = \"#incidents\"",
    );
    let configuration = nightbell::demo::Configuration { text, ..more };
    let (stage, _folder) = crate::setting::stage_as(configuration).await;
    types_in(&stage, &stage.ana, "#payments", "/incident declare the search is slow").await;
    stage.workspace.remove_bot("#incidents");
    stage.settles().await.unwrap();
    let in_ops = stage.workspace.messages("#ops");
    let moved = in_ops
        .iter()
        .find(|message| message.reads.contains("INC-1 SEV3"))
        .expect("a card");
    assert!(
        moved.reads.contains("#incidents cannot be posted to"),
        "{}",
        moved.reads
    );
    types_in(&stage, &stage.ana, "#payments", "/incident note the index is broken").await;
    has(&lines(stage.workspace.thread(moved)), "the index is broken");
    quiet(&stage);
}

#[tokio::test]
async fn who_cannot_be_invited_is_named() {
    let (stage, _folder) = stage().await;
    let guest = stage.workspace.add_user(nightbell::sim::NewUser {
        name: "gil".to_owned(),
        guest: true,
        ..nightbell::sim::NewUser::default()
    });
    types(&stage, &guest, "/incident declare sev2 Checkout times out").await;
    has(
        &lines(stage.workspace.messages(ROOM)),
        "could not be brought into the channel: they are a guest",
    );
    quiet(&stage);
}

#[tokio::test]
async fn who_has_left_is_not_waited_for() {
    let (stage, _folder) = stage().await;
    stage.workspace.fault(Fault::Refuse {
        method: "conversations.invite",
        code: "user_not_found",
    });
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    has(
        &lines(stage.workspace.messages(ROOM)),
        "@ana could not be brought into the channel: they have left, or I do not know them",
    );
    quiet(&stage);
}

#[tokio::test]
async fn words_that_are_none_of_ours_get_a_kind_answer_and_are_not_lost() {
    let (stage, _folder) = stage().await;
    let rows = [
        ("/incident update it is over", "No incident is open."),
        (
            "/incident show INC-5",
            "There is no incident INC-5. None has been declared yet.",
        ),
        ("/incident declare", "The title is missing."),
        ("/incident checkout is down", "Declare it…"),
        (
            "/incident status INC-1 fixed",
            "is not a status; there are `investigating`",
        ),
        ("/incident severity awful", "is not a severity; there are `sev1`"),
        ("/incident role wizard @ana", "is not a role; there are `lead`"),
        ("/incident merge into", "The incident is missing."),
        ("/incident page nobody", "There is no team called `nobody`."),
        ("/incident help page", "raises an alert for a team"),
    ];
    for (typed, said) in rows {
        let answer = types(&stage, &stage.ana, typed).await;
        assert!(answer.contains(said), "{typed}: {answer}");
    }
    quiet(&stage);
}

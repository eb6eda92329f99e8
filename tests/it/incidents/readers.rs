//! Those who read along: people and channels, each told as much as they asked for, once.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::{Message, NewUser, Person};

use super::{has, lines, quiet, types, types_in};
use crate::setting::{stage, stage_with};

/// A person's messages about incidents, without what is in their threads.
fn tops(stage: &Stage, who: &Person) -> Vec<Message> {
    let all = stage.workspace.dm(who).into_iter();
    all.filter(|message| message.thread.is_none() && message.reads.starts_with("INC-"))
        .collect()
}

fn in_thread(stage: &Stage, who: &Person) -> Vec<String> {
    let all = stage.workspace.dm(who).into_iter();
    lines(all.filter(|message| message.thread.is_some()).collect())
}

#[tokio::test]
async fn a_person_has_one_message_kept_up_to_date_and_a_line_when_something_changed() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    let said = types(&stage, &stage.dora, "/incident subscribe").await;
    assert!(
        said.starts_with("You hear of INC-1, every update, in our direct messages."),
        "{said}"
    );
    let again = types(&stage, &stage.dora, "/incident subscribe").await;
    assert!(again.starts_with("You already hear of INC-1"), "{again}");
    types(&stage, &stage.ana, "/incident update we roll back").await;
    types(&stage, &stage.ana, "/incident note nobody else reads this").await;
    types(&stage, &stage.ana, "/incident status identified").await;
    let own = tops(&stage, &stage.dora);
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(
        own[0].reads.contains("Identified") && own[0].reads.contains("we roll back"),
        "{}",
        own[0].reads
    );
    let told = in_thread(&stage, &stage.dora);
    assert_eq!(told.len(), 2, "{told:?}");
    stage.dora.clicks(&own[0], "Unsubscribe").await.unwrap();
    stage.settles().await.unwrap();
    types(&stage, &stage.ana, "/incident update it is over soon").await;
    assert_eq!(in_thread(&stage, &stage.dora).len(), 2);
    let left = tops(&stage, &stage.dora).remove(0).reads;
    assert!(
        left.contains("we roll back") && left.contains("You hear no more of it") && !left.contains("[Unsubscribe]"),
        "it keeps what it said, and says that it is no longer kept up to date: {left}"
    );
    let nothing = types(&stage, &stage.dora, "/incident unsubscribe INC-1").await;
    assert!(nothing.contains("so nothing has changed"), "{nothing}");
    let back = types(&stage, &stage.dora, "/incident subscribe").await;
    assert!(back.starts_with("You hear of INC-1"), "{back}");
    types(&stage, &stage.ana, "/incident resolve all is well").await;
    has(&in_thread(&stage, &stage.dora), "resolves it");
    quiet(&stage);
}

#[tokio::test]
async fn a_channel_has_one_thread_and_everybody_hears_as_much_as_they_asked_for() {
    let (stage, _folder) = stage().await;
    types_in(&stage, &stage.ana, "#alerts", "/incident subscribe to all here").await;
    types(&stage, &stage.ben, "/incident subscribe to sev2 status").await;
    types(&stage, &stage.cleo, "/incident subscribe to service checkout resolved").await;
    types(&stage, &stage.dora, "/incident subscribe to payments").await;
    types_in(&stage, &stage.ana, "#payments", "/incident declare sev3 paying is slow").await;
    types(&stage, &stage.ana, "/incident update INC-1 we look").await;
    types(&stage, &stage.ana, "/incident severity INC-1 sev2").await;
    types(&stage, &stage.ana, "/incident resolve INC-1 done").await;
    let card = stage.workspace.messages("#alerts").remove(0);
    let told = lines(stage.workspace.thread(&card));
    assert_eq!(told.len(), 3, "update, severity, end: {told:?}");
    assert_eq!(tops(&stage, &stage.dora).len(), 1);
    assert_eq!(in_thread(&stage, &stage.dora).len(), 3);
    assert_eq!(
        tops(&stage, &stage.ben).len(),
        1,
        "from the moment on at which it was bad enough"
    );
    assert_eq!(in_thread(&stage, &stage.ben).len(), 1);
    assert!(tops(&stage, &stage.cleo).is_empty(), "another service");
    let listed = types_in(&stage, &stage.ana, "#alerts", "/incident subscriptions").await;
    assert!(
        listed.contains("This channel") && listed.contains("every incident: every update"),
        "{listed}"
    );
    stage.ana.clicks(&card, "Unsubscribe").await.unwrap();
    stage.settles().await.unwrap();
    quiet(&stage);
}

#[tokio::test]
async fn subscriptions_survive_a_restart_and_end_for_good() {
    let (mut stage, _folder) = stage().await;
    types(&stage, &stage.dora, "/incident subscribe to all").await;
    types(&stage, &stage.ben, "/incident subscribe to all").await;
    types(&stage, &stage.ben, "/incident unsubscribe from all").await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    assert_eq!(
        (tops(&stage, &stage.dora).len(), tops(&stage, &stage.ben).len()),
        (1, 0)
    );
    quiet(&stage);
}

#[tokio::test]
async fn the_configuration_subscribes_channels_to_what_customers_notice() {
    let more = "\n[[incidents.subscriptions]]\nchannel = \"#alerts\"\nto = \"customers\"\nlevel = \"status\"\n";
    let (stage, _folder) = stage_with(more).await;
    types(&stage, &stage.ana, "/incident declare nobody notices").await;
    assert!(stage.workspace.messages("#alerts").is_empty());
    types(&stage, &stage.ana, "/incident").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    let fields = [
        ("title", nightbell::sim::Fill::Text("customers cannot pay")),
        ("scope", nightbell::sim::Fill::Choice("all")),
    ];
    super::submits(&stage, &stage.ana, &form, &fields).await;
    has(&lines(stage.workspace.messages("#alerts")), "customers cannot pay");
    quiet(&stage);
}

#[tokio::test]
async fn two_hundred_readers_wait_their_turn_and_a_page_does_not() {
    let (stage, _folder) = stage().await;
    let mut people = Vec::new();
    for number in 0..200 {
        let reader = stage.workspace.add_user(NewUser {
            name: format!("reader{number}"),
            ..NewUser::default()
        });
        types(&stage, &reader, "/incident subscribe to all").await;
        people.push(reader);
    }
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    stage.passes(TimeDelta::minutes(2)).await.unwrap();
    for number in 0..5 {
        stage
            .ana
            .types("#ops", &format!("/incident update state {number}"))
            .await
            .unwrap();
    }
    stage
        .ana
        .types("#ops", "/alert the API times out for cloud")
        .await
        .unwrap();
    let before = stage.hand.now();
    stage.passes(TimeDelta::seconds(3)).await.unwrap();
    assert_eq!(tops(&stage, &stage.ben).len(), 0);
    assert!(
        !stage.workspace.dm(&stage.ben).is_empty(),
        "the page came at once, at {before}"
    );
    // Slack takes some forty edits a minute.
    for _ in 0..200 {
        stage.passes(TimeDelta::seconds(5)).await.unwrap();
    }
    for reader in &people {
        let own = tops(&stage, reader);
        assert_eq!(own.len(), 1);
        assert!(
            own[0].reads.contains("state 4"),
            "the newest state wins: {}",
            own[0].reads
        );
    }
    quiet(&stage);
}

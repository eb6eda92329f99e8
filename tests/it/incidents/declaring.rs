//! Declaring: typed, by form, from an alert, from a message; and the channel that a bad one gets.

use chrono::TimeDelta;
use nightbell::sim::{Fault, Fill, Submitted};

use super::{card, has, lines, opens, quiet, room, submits, thread, types};
use crate::setting::{stage, stage_with};

const NAME: &str = "inc-1-checkout-times-out";

#[tokio::test]
async fn a_bad_one_gets_a_channel_with_people_topic_pin_and_links() {
    let (stage, _folder) = stage().await;
    let said = types(&stage, &stage.ana, "/incident declare sev2 Checkout times out!").await;
    assert!(
        said.starts_with(
            "INC-1 SEV2 Checkout times out! is declared. Its channel `#inc-1-checkout-times-out` is being opened"
        ),
        "{said}"
    );
    let room = room(&stage, NAME).expect("a channel");
    assert!(room.members.contains(&stage.ana.id().to_owned()), "{room:?}");
    assert_eq!(room.topic, "INC-1 SEV2 Checkout times out! · investigating");
    let inside = stage.workspace.messages(&format!("#{NAME}"));
    assert_eq!(room.pins, [inside[0].ts.clone()]);
    assert!(
        room.bookmarks.iter().any(|(title, _)| title == "All incidents"),
        "{room:?}"
    );
    let card = card(&stage);
    assert!(
        card.reads.contains("worked on in #inc-1-checkout-times-out"),
        "{}",
        card.reads
    );
    insta::assert_snapshot!(card.reads);
    quiet(&stage);
}

#[tokio::test]
async fn a_lesser_one_is_worked_on_in_the_thread_of_its_card() {
    let (stage, _folder) = stage().await;
    let said = types(&stage, &stage.ana, "/incident declare the search is slow").await;
    assert!(
        said.contains("worked on in the thread of its card in #incidents"),
        "{said}"
    );
    assert!(room(&stage, "inc-1-the-search-is-slow").is_none());
    types(&stage, &stage.ana, "/incident note the index is being rebuilt").await;
    has(&thread(&stage), "@ana notes: the index is being rebuilt");
    quiet(&stage);
}

#[tokio::test]
async fn the_team_of_the_channel_answers_for_it_and_whoever_is_on_call_comes() {
    let (stage, _folder) = stage().await;
    super::types_in(&stage, &stage.ana, "#cloud", "/incident declare sev1 the API is down").await;
    let room = room(&stage, "inc-1-the-api-is-down").expect("a channel");
    assert!(
        room.members.contains(&stage.ben.id().to_owned()),
        "ben is on call: {room:?}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn the_configuration_says_which_get_a_channel_and_where_they_are_listed() {
    let (stage, _folder) = stage_with("\n[incidents]\nchannels = [\"sev4\"]\n").await;
    types(&stage, &stage.ana, "/incident declare sev1 down").await;
    assert!(room(&stage, "inc-1-down").is_none());
    types(&stage, &stage.ana, "/incident declare sev4 a typo").await;
    assert!(room(&stage, "inc-2-a-typo").is_some());
    quiet(&stage);
}

#[tokio::test]
async fn every_step_survives_what_slack_answers_and_happens_once() {
    let methods = [
        "conversations.create",
        "conversations.invite",
        "conversations.setTopic",
        "pins.add",
        "bookmarks.add",
        "chat.postMessage",
    ];
    for method in methods {
        for fault in [
            Fault::RateLimit { method, seconds: 20 },
            Fault::ServerError { method },
            Fault::ErrorAfterEffect { method },
        ] {
            let (stage, _folder) = stage().await;
            stage.workspace.fault(fault.clone());
            types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
            stage.passes(TimeDelta::minutes(3)).await.unwrap();
            let places = stage.workspace.places(&stage.ana);
            let rooms = places.iter().filter(|place| place.name.starts_with("inc-1")).count();
            assert_eq!(rooms, 1, "{fault:?}: one channel");
            let room = room(&stage, NAME).expect("under its first name");
            assert_eq!(room.pins.len(), 1, "{fault:?}");
            assert_eq!(room.bookmarks.len(), 1, "{fault:?}: {room:?}");
            assert!(room.members.contains(&stage.ana.id().to_owned()), "{fault:?}");
            let cards = lines(stage.workspace.messages("#incidents"));
            assert_eq!(cards.len(), 1, "{fault:?}: {cards:?}");
            assert_eq!(stage.workspace.messages(&format!("#{NAME}")).len(), 1, "{fault:?}");
            quiet(&stage);
        }
    }
}

#[tokio::test]
async fn a_restart_in_the_middle_goes_on_where_it_was() {
    let (mut stage, _folder) = stage().await;
    for method in ["conversations.create", "pins.add"] {
        stage.workspace.fault(Fault::RateLimit { method, seconds: 60 });
    }
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    assert!(room(&stage, NAME).is_none());
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.passes(TimeDelta::minutes(3)).await.unwrap();
    let room = room(&stage, NAME).expect("a channel");
    assert_eq!((room.pins.len(), room.bookmarks.len()), (1, 1));
    assert_eq!(stage.workspace.messages("#incidents").len(), 1);
    let shown = types(&stage, &stage.ana, "/incident show").await;
    assert!(shown.contains("INC-1 SEV2 Checkout times out"), "{shown}");
    quiet(&stage);
}

#[tokio::test]
async fn a_name_that_is_taken_gets_a_suffix() {
    let (stage, _folder) = stage().await;
    stage.workspace.add_channel(NAME, nightbell::sim::ChannelKind::Public);
    types(&stage, &stage.ana, "/incident declare sev2 Checkout times out").await;
    assert!(room(&stage, "inc-1-checkout-times-out-2").is_some());
    let card = card(&stage);
    assert!(card.reads.contains("#inc-1-checkout-times-out-2"), "{}", card.reads);
    quiet(&stage);
}

#[tokio::test]
async fn without_a_channel_of_its_own_it_goes_on_in_the_thread_and_says_so() {
    let (stage, _folder) = stage().await;
    let method = "conversations.create";
    let code = "restricted_action";
    stage.workspace.fault(Fault::Refuse { method, code });
    types(&stage, &stage.ana, "/incident declare sev1 Checkout times out").await;
    has(
        &thread(&stage),
        "this workspace does not let apps open channels. It goes on here",
    );
    types(&stage, &stage.ana, "/incident lead @ben").await;
    has(&thread(&stage), "@ana gives the lead to @ben");
    quiet(&stage);
}

#[tokio::test]
async fn the_form_asks_what_is_needed_and_says_what_is_wrong_on_its_field() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    insta::assert_snapshot!(form.reads);
    let blank = submits(&stage, &stage.ana, &form, &[("title", Fill::Text("   "))]).await;
    assert!(
        matches!(blank, Submitted::Errors(ref errors) if errors["title"] == "This is needed."),
        "{blank:?}"
    );
    let fields = [
        ("title", Fill::Text("Checkout <times> out")),
        ("severity", Fill::Choice("sev2")),
        ("scope", Fill::Choice("several")),
        ("services", Fill::Text("checkout, payments")),
        ("team", Fill::Choice("payments")),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    let card = card(&stage);
    assert!(card.reads.contains("Checkout <times> out"), "{}", card.reads);
    assert!(
        card.reads
            .contains("Affects several customers. Services: checkout and payments."),
        "{}",
        card.reads
    );
    let room = room(&stage, "inc-1-checkout-times-out").expect("a channel");
    assert!(
        room.members.contains(&stage.dora.id().to_owned()),
        "dora is paged for Payments"
    );
    quiet(&stage);
}

#[tokio::test]
async fn an_alert_becomes_an_incident_from_its_card() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/alert the API times out for cloud").await;
    let alert = stage.workspace.messages("#cloud").remove(0);
    let form = opens(&stage, &stage.ben, &alert, "Declare incident…").await;
    assert!(form.reads.contains("A-1 will belong to it."), "{}", form.reads);
    assert_eq!(submits(&stage, &stage.ben, &form, &[]).await, Submitted::Closed);
    let card = card(&stage);
    assert!(card.reads.contains("INC-1 SEV3 the API times out"), "{}", card.reads);
    assert!(card.reads.contains("alerts A-1"), "{}", card.reads);
    quiet(&stage);
}

#[tokio::test]
async fn a_message_becomes_an_incident_by_its_shortcut() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.dora, "customers cannot pay, says support").await;
    let said = stage.workspace.messages("#ops").pop().unwrap();
    stage
        .ana
        .shortcut(&said, "declare_incident_from_message")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    assert_eq!(submits(&stage, &stage.ana, &form, &[]).await, Submitted::Closed);
    assert!(card(&stage).reads.contains("customers cannot pay, says support"));
    quiet(&stage);
}

#[tokio::test]
async fn odd_titles_have_channels_too() {
    let rows = [
        ("🔥🔥🔥".to_owned(), "inc-1"),
        ("x".repeat(300), "inc-1"),
        ("die Kasse läuft nicht".to_owned(), "inc-1-die-kasse-l-uft-nicht"),
        ("<!channel> is down & out".to_owned(), "inc-1-channel-is-down-out"),
    ];
    for (title, name) in rows {
        let (stage, _folder) = stage().await;
        let said = types(&stage, &stage.ana, &format!("/incident declare sev2 {title}")).await;
        assert!(said.contains("is declared"), "{said}");
        assert!(room(&stage, name).is_some(), "{title}: {name}");
        if title.len() > 200 {
            assert!(said.contains("The title is long"), "{said}");
            assert!(types(&stage, &stage.ana, "/incident show").await.contains(&title));
        }
        for message in stage.workspace.everything() {
            let notified = message.notifies();
            assert!(!notified.contains(&"channel".to_owned()), "{title}: {}", message.reads);
        }
        quiet(&stage);
    }
    let (stage, _folder) = stage().await;
    let said = types(&stage, &stage.ana, &format!("/incident declare {}", "y".repeat(501))).await;
    assert!(
        said.contains("That title has 501 characters") && said.contains("yyyy"),
        "{said}"
    );
}

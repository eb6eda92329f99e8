//! What changes while it is worked on: what it is called, who has it, what becomes of its alerts, how it ends.

use super::{card, has, lines, opens, quiet, submits, thread, types, types_and_presses, types_in};
use crate::setting::stage;
use nightbell::sim::{Fill, Submitted};

#[tokio::test]
async fn its_title_team_and_services_can_be_changed_and_who_subscribed_to_them_hears_of_it() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.dora, "/incident subscribe to customers").await;
    types(&stage, &stage.ana, "/incident declare something is slow").await;
    let said = types(&stage, &stage.ana, "/incident title checkout times out").await;
    assert!(said.contains("INC-1 SEV3 checkout times out"), "{said}");
    has(
        &thread(&stage),
        "@ana calls it checkout times out (it was: something is slow).",
    );
    assert!(lines(stage.workspace.dm(&stage.dora)).is_empty());
    types(&stage, &stage.ana, "/incident details").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    assert!(form.reads.contains("checkout times out"), "{}", form.reads);
    let fields = [
        ("title", Fill::Text("checkout times out")),
        ("scope", Fill::Choice("several")),
        ("services", Fill::Text("shop, shop")),
        ("team", Fill::Choice("cloud")),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    has(
        &thread(&stage),
        "@ana says that it affects several customers, names the services shop and gives it to Cloud.",
    );
    has(&lines(stage.workspace.dm(&stage.dora)), "INC-1 SEV3 checkout times out");
    quiet(&stage);
}

#[tokio::test]
async fn alerts_that_page_on_after_the_end_are_named_with_a_button_and_the_incident_hears_of_them() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    types(&stage, &stage.ana, "/incident page cloud the database needs you").await;
    types(&stage, &stage.ben, "/alert ack A-1").await;
    has(&thread(&stage), "A-1: @ben takes care of it.");
    types(&stage, &stage.ana, "/incident page payments").await;
    let answer = types_and_presses(
        &stage,
        &stage.ana,
        "/incident resolve a full disk",
        "Resolve these 2 alerts",
    )
    .await;
    assert!(
        answer.contains("A-1 INC-1 the database needs you (acknowledged by @ben)") && answer.contains("(still paging)"),
        "{answer}"
    );
    has(&thread(&stage), "Its alerts do not end with it");
    let open = types(&stage, &stage.ana, "/alert list").await;
    assert!(!open.contains("A-1"), "{open}");
    quiet(&stage);
}

#[tokio::test]
async fn nobody_answered_is_told_where_it_is_worked_on() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    let ours = card(&stage);
    types(&stage, &stage.ana, "/incident page cloud").await;
    for _ in 0..8 {
        stage.passes(chrono::TimeDelta::minutes(15)).await.unwrap();
    }
    let said = lines(stage.workspace.thread(&ours));
    let told = said.iter().filter(|line| line.contains("A-1: nobody answered")).count();
    assert_eq!(told, 1, "{said:?}");
    quiet(&stage);
}

#[tokio::test]
async fn a_typed_end_asks_what_it_took_with_buttons_and_once_for_the_postmortem() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    types_and_presses(
        &stage,
        &stage.ana,
        "/incident resolve a bad release",
        "There was a rollback",
    )
    .await;
    has(&thread(&stage), "@ana adds that there was a rollback.");
    let asked = |stage: &nightbell::demo::Stage| {
        let dm = lines(stage.workspace.dm(&stage.ana));
        dm.iter().filter(|line| line.contains("The postmortem of")).count()
    };
    assert_eq!(asked(&stage), 1);
    types(&stage, &stage.ana, "/incident reopen INC-1 because it is back").await;
    has(&thread(&stage), "@ana reopens it: it is back");
    stage.hand.advance(chrono::TimeDelta::minutes(7));
    types(&stage, &stage.ana, "/incident resolve for good").await;
    assert_eq!(asked(&stage), 1, "once is enough");
    let timeline = types(&stage, &stage.ana, "/incident timeline INC-1").await;
    assert!(
        timeline.contains("resolves it after 0 s") || timeline.contains("resolves it after 1 s"),
        "{timeline}"
    );
    assert!(timeline.contains("resolves it after 7 min"), "{timeline}");
    quiet(&stage);
}

#[tokio::test]
async fn a_postmortem_stands_on_the_card_and_is_not_overwritten_without_a_word() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare sev2 checkout times out").await;
    types(&stage, &stage.ana, "/incident resolve a bad release").await;
    types(
        &stage,
        &stage.ana,
        "/incident postmortem INC-1 https://wiki.example.com/1",
    )
    .await;
    assert!(
        card(&stage).reads.contains("Postmortem: https://wiki.example.com/1"),
        "{}",
        card(&stage).reads
    );
    let declined = types(
        &stage,
        &stage.ben,
        "/incident postmortem INC-1 not needed because it is known",
    )
    .await;
    assert!(
        declined.contains("INC-1 has a postmortem: https://wiki.example.com/1") && declined.contains("it is known"),
        "{declined}"
    );
    let other = types(
        &stage,
        &stage.ben,
        "/incident postmortem INC-1 https://wiki.example.com/2",
    )
    .await;
    assert!(other.contains("It was https://wiki.example.com/1 before."), "{other}");
    quiet(&stage);
}

#[tokio::test]
async fn whoever_takes_the_lead_over_is_told_who_had_it() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    types(&stage, &stage.ben, "/incident lead me").await;
    let said = types(&stage, &stage.cleo, "/incident lead me").await;
    assert!(
        said.contains("you have the lead. @ben had it until now, and is told."),
        "{said}"
    );
    has(&thread(&stage), "@cleo takes the lead over from @ben.");
    types(&stage, &stage.cleo, "/incident resolve a full disk").await;
    assert!(card(&stage).reads.contains("Lead: @cleo"), "{}", card(&stage).reads);
    quiet(&stage);
}

#[tokio::test]
async fn the_worst_is_listed_first_and_alerts_that_are_open_are_not_kept_quiet_about() {
    let (stage, _folder) = stage().await;
    types_in(&stage, &stage.ana, "#ops", "/alert the API times out for payments").await;
    let none = types(&stage, &stage.ana, "/incident list payments").await;
    assert!(
        none.contains("No open incident of Payments. One alert is open"),
        "{none}"
    );
    for what in [
        "sev1 everything is down",
        "sev4 a typo",
        "sev2 checkout is slow for cloud",
    ] {
        types(&stage, &stage.ana, &format!("/incident declare {what}")).await;
    }
    let listed = types(&stage, &stage.ana, "/incident list").await;
    let at = |what: &str| listed.find(what).expect(what);
    assert!(at("SEV1") < at("SEV2") && at("SEV2") < at("SEV4"), "{listed}");
    let others = types(&stage, &stage.dora, "/incident list mine").await;
    assert!(
        others.contains("No open incident in which you have a part."),
        "{others}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn an_alert_s_card_declares_for_its_team_and_who_is_invited_is_what_is_said() {
    let (stage, _folder) = stage().await;
    let said = types(&stage, &stage.ana, "/incident declare sev2 checkout times out").await;
    assert!(
        said.contains("you are invited") && said.contains("Nobody is paged for it yet"),
        "{said}"
    );
    types(&stage, &stage.ana, "/alert the API times out for cloud").await;
    let alert = stage.workspace.messages("#cloud").pop().expect("a card");
    let form = opens(&stage, &stage.ben, &alert, "Declare incident…").await;
    assert!(form.reads.contains("Cloud"), "{}", form.reads);
    let theirs = types(&stage, &stage.cleo, "/incident declare sev2 cloud is down for cloud").await;
    assert!(
        theirs.contains("you and whoever is on call for Cloud are invited"),
        "{theirs}"
    );
    quiet(&stage);
}

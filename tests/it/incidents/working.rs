//! Working on one: roles, status, updates, notes, alerts, actions, the end.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::{Fill, Submitted};
use tempfile::TempDir;

use super::{card, has, lines, opens, quiet, submits, thread, types, types_in};
use crate::setting::stage;

const ROOM: &str = "#inc-1-checkout-times-out";

async fn declared(severity: &str) -> (Stage, TempDir) {
    let (stage, folder) = stage().await;
    types(
        &stage,
        &stage.ana,
        &format!("/incident declare {severity} Checkout times out"),
    )
    .await;
    (stage, folder)
}

fn in_room(stage: &Stage) -> Vec<String> {
    lines(stage.workspace.messages(ROOM))
}

#[tokio::test]
async fn from_the_declaration_to_the_end_as_people_read_it() {
    let (stage, _folder) = declared("sev2").await;
    let steps = [
        "/incident lead @ana",
        "/incident role scribe @ben",
        "/incident update customers cannot pay since 21:00",
        "/incident status identified a bad release",
        "/incident severity sev1 because all of them",
        "/incident action alert on the queue length for @cleo",
        "/incident status monitoring",
        "/incident status investigating it is back",
        "/incident done 1",
        "/incident resolve the release was rolled back",
    ];
    for step in steps {
        stage.passes(TimeDelta::minutes(2)).await.unwrap();
        types_in(&stage, &stage.ana, ROOM, step).await;
    }
    insta::assert_snapshot!("the_channel", in_room(&stage).join("\n———\n"));
    insta::assert_snapshot!("the_card", card(&stage).reads);
    insta::assert_snapshot!("the_thread", thread(&stage).join("\n———\n"));
    let timeline = types(&stage, &stage.ana, "/incident timeline INC-1").await;
    insta::assert_snapshot!("the_timeline", timeline);
    quiet(&stage);
}

#[tokio::test]
async fn two_leads_at_once_the_second_is_told_and_may_take_it_over() {
    let (stage, _folder) = declared("sev3").await;
    let drawn = card(&stage);
    stage.ben.clicks_as_seen(&drawn, "Take the lead").await.unwrap();
    stage.cleo.clicks_as_seen(&drawn, "Take the lead").await.unwrap();
    stage.settles().await.unwrap();
    let told = stage.workspace.ephemerals(&stage.cleo).pop().expect("an answer");
    assert!(told.reads.contains("@ben already leads INC-1"), "{}", told.reads);
    types(&stage, &stage.cleo, "/incident lead @cleo").await;
    has(&thread(&stage), "@cleo takes the lead over from @ben.");
    quiet(&stage);
}

#[tokio::test]
async fn an_update_by_form_is_prefilled_names_what_is_missing_and_can_be_put_right() {
    let (stage, _folder) = declared("sev3").await;
    let form = opens(&stage, &stage.ana, &card(&stage), "Update…").await;
    let fields = [
        ("broken", Fill::Text("paying")),
        ("affected", Fill::Text("customers in <Europe>")),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    let told = stage.workspace.ephemerals(&stage.ana).pop().expect("an answer");
    assert!(
        told.reads
            .contains("readers are told. It does not say a workaround and when they hear more."),
        "{}",
        told.reads
    );
    let again = opens(&stage, &stage.ana, &card(&stage), "Update…").await;
    assert!(again.reads.contains("customers in <Europe>"), "{}", again.reads);
    let fields = [
        ("workaround", Fill::Text("pay by invoice")),
        ("upstream", Fill::Text("https://status.example.com/7")),
    ];
    assert_eq!(submits(&stage, &stage.ana, &again, &fields).await, Submitted::Closed);
    let card_now = card(&stage);
    assert!(
        card_now.reads.contains("Workaround: pay by invoice"),
        "{}",
        card_now.reads
    );
    let wrong = opens(&stage, &stage.ben, &card_now, "Edit the last update…").await;
    let fields = [("workaround", Fill::Text("none known"))];
    assert_eq!(submits(&stage, &stage.ben, &wrong, &fields).await, Submitted::Closed);
    assert!(card(&stage).reads.contains("Workaround: none known"));
    has(&thread(&stage), "Update 2, put right by @ben");
    let empty = opens(&stage, &stage.ana, &card(&stage), "Update…").await;
    let none: Vec<(&str, Fill<'_>)> = ["broken", "affected", "workaround", "next", "upstream"]
        .map(|field| (field, Fill::Text("")))
        .to_vec();
    let refused = submits(&stage, &stage.ana, &empty, &none).await;
    assert!(matches!(refused, Submitted::Errors(_)), "{refused:?}");
    types(&stage, &stage.ana, "/incident export").await;
    let files = stage
        .workspace
        .dm(&stage.ana)
        .into_iter()
        .flat_map(|message| message.files);
    let files: Vec<_> = files.collect();
    assert_eq!(
        files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        ["INC-1.md", "INC-1.json"]
    );
    assert!(files[0].content.contains("Earlier version:") && files[0].content.contains("pay by invoice"));
    let json: serde_json::Value = serde_json::from_str(&files[1].content).unwrap();
    assert_eq!(json["updates"][1]["earlier"][0]["workaround"], "pay by invoice");
    quiet(&stage);
}

#[tokio::test]
async fn going_back_needs_a_note_and_the_form_says_so() {
    let (stage, _folder) = declared("sev3").await;
    types(&stage, &stage.ana, "/incident status monitoring").await;
    let said = types(&stage, &stage.ana, "/incident status identified").await;
    assert!(
        said.contains("Going back from monitoring to identified needs a note"),
        "{said}"
    );
    let form = opens(&stage, &stage.ana, &card(&stage), "Status…").await;
    let back = submits(&stage, &stage.ana, &form, &[("status", Fill::Choice("investigating"))]).await;
    assert!(
        matches!(back, Submitted::Errors(ref errors) if errors.contains_key("text")),
        "{back:?}"
    );
    let same = types(&stage, &stage.ana, "/incident status monitoring").await;
    assert!(same.contains("that is how it stands already"), "{same}");
    quiet(&stage);
}

#[tokio::test]
async fn what_is_said_where_it_is_worked_on_is_kept_by_a_pin_and_heard_by_a_mention() {
    let (stage, _folder) = declared("sev2").await;
    let said = stage.ana.types(ROOM, "status resolved, or so I think <!channel>").await;
    said.unwrap();
    stage.settles().await.unwrap();
    assert!(card(&stage).reads.contains("Investigating"), "talk is not for us");
    let message = stage.workspace.messages(ROOM).pop().unwrap();
    for _ in 0..2 {
        stage.ben.reacts(&message, "pushpin").await.unwrap();
        stage.settles().await.unwrap();
    }
    stage.cleo.reacts(&message, "pushpin").await.unwrap();
    stage.settles().await.unwrap();
    let kept = in_room(&stage)
        .into_iter()
        .filter(|line| line.contains("or so I think"));
    assert_eq!(kept.filter(|line| line.contains("kept by @ben")).count(), 1);
    stage
        .ana
        .types(ROOM, "@nightbell update half of it is back")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    has(&in_room(&stage), "Update 1 by @ana\nhalf of it is back");
    quiet(&stage);
}

#[tokio::test]
async fn a_reply_in_the_thread_is_kept_too_and_so_is_a_message_from_elsewhere() {
    let (stage, _folder) = declared("sev3").await;
    let reply = stage.ben.replies(&card(&stage), "the disk was full").await.unwrap();
    stage.settles().await.unwrap();
    stage.cleo.reacts(&reply, "pushpin").await.unwrap();
    stage.settles().await.unwrap();
    has(
        &thread(&stage),
        "@ben said at 20:00 (message): the disk was full (kept by @cleo)",
    );
    let mention = stage.ana.replies(&card(&stage), "@nightbell status identified").await;
    mention.unwrap();
    stage.settles().await.unwrap();
    assert!(card(&stage).reads.contains("Identified"), "{}", card(&stage).reads);
    types(&stage, &stage.dora, "support has forty tickets").await;
    let elsewhere = stage.workspace.messages("#ops").pop().unwrap();
    stage.ana.shortcut(&elsewhere, "keep_in_timeline").await.unwrap();
    stage.settles().await.unwrap();
    has(&thread(&stage), "support has forty tickets (kept by @ana)");
    quiet(&stage);
}

#[tokio::test]
async fn a_team_is_paged_with_an_alert_that_belongs_to_it_and_comes_into_the_channel() {
    let (stage, _folder) = declared("sev2").await;
    let said = types_in(&stage, &stage.ana, ROOM, "/incident page cloud the database needs you").await;
    assert!(said.contains("Cloud is paged with A-1."), "{said}");
    let page = stage.workspace.dm(&stage.ben).pop().unwrap();
    assert!(page.reads.contains("INC-1 the database needs you"), "{}", page.reads);
    assert!(page.reads.contains("INC-1 SEV2 Checkout times out"), "{}", page.reads);
    assert!(page.reads.contains(ROOM), "where to go: {}", page.reads);
    let room = super::room(&stage, ROOM.trim_start_matches('#')).unwrap();
    assert!(room.members.contains(&stage.ben.id().to_owned()));
    assert!(card(&stage).reads.contains("alerts A-1"));
    let again = types_in(&stage, &stage.ana, ROOM, "/incident link A-1").await;
    assert!(again.contains("A-1 belongs to INC-1"), "{again}");
    let wrong = types_in(&stage, &stage.ana, ROOM, "/incident link A-9").await;
    assert!(wrong.contains("There is no alert A-9"), "{wrong}");
    quiet(&stage);
}

#[tokio::test]
async fn resolving_asks_the_last_words_and_what_it_took() {
    let (stage, _folder) = declared("sev3").await;
    types(&stage, &stage.ana, "/incident action tidy up").await;
    let form = opens(&stage, &stage.ana, &card(&stage), "Resolve…").await;
    insta::assert_snapshot!(form.reads);
    let fields = [
        ("text", Fill::Text("a full disk")),
        ("aftermath", Fill::Choices(&["rollback", "external"])),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    has(
        &thread(&stage),
        "(there was a rollback and a change of the status page)",
    );
    let late = types(&stage, &stage.ben, "/incident update INC-1 it is over, is it?").await;
    assert!(
        late.contains("INC-1 was resolved at") && late.contains("You wrote: it is over, is it?"),
        "{late}"
    );
    types(&stage, &stage.ben, "/incident reopen INC-1").await;
    assert!(card(&stage).reads.contains("Investigating"));
    let open = types(&stage, &stage.ben, "/incident reopen INC-1").await;
    assert!(open.contains("INC-1 is still open"), "{open}");
    quiet(&stage);
}

#[tokio::test]
async fn a_status_of_resolved_asks_the_same_as_the_end() {
    let (stage, _folder) = declared("sev3").await;
    types(&stage, &stage.ana, "/incident status resolved").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    assert!(form.reads.contains("What did it take?"), "{}", form.reads);
    assert!(
        card(&stage).reads.contains("Investigating"),
        "not before it is submitted"
    );
    types(&stage, &stage.ana, "/incident status resolved the disk was full").await;
    assert!(card(&stage).reads.contains("Resolved after"), "{}", card(&stage).reads);
    quiet(&stage);
}

#[tokio::test]
async fn roles_are_given_by_form_and_who_has_left_takes_none() {
    let more = "\n[incidents]\nroles = [\"customer liaison\"]\n";
    let (stage, _folder) = crate::setting::stage_with(more).await;
    types(&stage, &stage.ana, "/incident declare Checkout times out").await;
    let form = opens(&stage, &stage.ana, &card(&stage), "Roles…").await;
    let (ben, dora) = (stage.ben.id().to_owned(), stage.dora.id().to_owned());
    let fields = [
        ("role", Fill::Choice("customer liaison")),
        ("person", Fill::Person(&ben)),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    has(&thread(&stage), "@ana gives the role of customer liaison to @ben");
    let again = opens(&stage, &stage.ana, &card(&stage), "Roles…").await;
    assert!(
        again.view.to_string().contains("Customer liaison (now @ben)"),
        "{}",
        again.view
    );
    stage.workspace.deactivate(&stage.dora);
    let mut said = String::new();
    // The workspace is read again a moment after it changed.
    while !said.contains("@dora has left") {
        said = types(&stage, &stage.ana, "/incident role scribe @dora").await;
        types(&stage, &stage.ana, "/incident role scribe @ana").await;
    }
    let fields = [("role", Fill::Choice("lead")), ("person", Fill::Person(&dora))];
    let refused = submits(&stage, &stage.ana, &again, &fields).await;
    assert!(
        matches!(refused, Submitted::Errors(ref errors) if errors["person"].contains("Name somebody else")),
        "{refused:?}"
    );
    let roles = types(&stage, &stage.ana, "/incident roles").await;
    assert!(
        roles.contains("lead: nobody") && roles.contains("customer liaison: @ben"),
        "{roles}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn how_long_it_took_stands_on_the_card_and_in_lists() {
    let (stage, _folder) = declared("sev3").await;
    let pause = || stage.passes(TimeDelta::minutes(7));
    pause().await.unwrap();
    types(&stage, &stage.ben, "/incident lead @ben").await;
    pause().await.unwrap();
    types(&stage, &stage.ben, "/incident status identified").await;
    pause().await.unwrap();
    let open = types(&stage, &stage.ben, "/incident list").await;
    assert!(open.contains("identified for 21 min, @ben leads"), "{open}");
    types(&stage, &stage.ben, "/incident resolve INC-1 a bad release").await;
    let times = "Time to acknowledge 7 min · to identify 14 min · to resolve 21 min";
    assert!(card(&stage).reads.contains(times), "{}", card(&stage).reads);
    let shown = types(&stage, &stage.ben, "/incident show INC-1").await;
    assert!(
        shown.contains(times) && shown.contains("Resolved after 21 min"),
        "{shown}"
    );
    let all = types(&stage, &stage.ben, "/incident list all").await;
    assert!(all.contains("resolved after 21 min"), "{all}");
    quiet(&stage);
}

#[tokio::test]
async fn what_was_none_is_cancelled_and_what_is_the_same_is_merged() {
    let (stage, _folder) = declared("sev3").await;
    types(&stage, &stage.ben, "/incident declare paying fails").await;
    let which = types(&stage, &stage.ben, "/incident update hello").await;
    assert!(
        which.contains("Which one? 2 are open, and nothing was done yet.") && which.contains("You wrote: hello"),
        "{which}"
    );
    let itself = types(&stage, &stage.ben, "/incident merge INC-2 into INC-2").await;
    assert!(itself.contains("INC-2 cannot be merged into itself"), "{itself}");
    let nowhere = types(&stage, &stage.ben, "/incident merge INC-2 into INC-9").await;
    assert!(
        nowhere.contains("There is no incident INC-9. The newest is INC-2."),
        "{nowhere}"
    );
    types(&stage, &stage.ben, "/incident merge INC-2 into INC-1").await;
    assert!(
        card(&stage).reads.contains("Merged into INC-1, which goes on."),
        "{}",
        card(&stage).reads
    );
    types(&stage, &stage.ana, "/incident cancel because it was a drill").await;
    let listed = types(&stage, &stage.ana, "/incident list all").await;
    assert!(
        listed.contains("not an incident") && listed.contains("merged into INC-1"),
        "{listed}"
    );
    let none = types(&stage, &stage.ana, "/incident list").await;
    assert!(none.contains("No open incident. No alert is open either."), "{none}");
    quiet(&stage);
}

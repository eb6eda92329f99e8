//! Raising an alert, in all the ways people write it.

use nightbell::sim::{Fault, Fill, Submitted};

use super::Story;

#[tokio::test]
async fn the_whole_way_of_one_alert_reads_like_this() {
    let story = Story::begins().await;
    story.ana_types("/alert p2 the API times out for cloud").await;
    story.passes(chrono::TimeDelta::minutes(5)).await.unwrap();
    let page = story.workspace.dm(&story.cleo).remove(0);
    story.cleo.clicks(&page, "Acknowledge").await.unwrap();
    story.settles().await.unwrap();
    story
        .cleo
        .replies(&story.card("#cloud"), "resolve because a pool was stuck")
        .await
        .unwrap();
    story.settles().await.unwrap();
    insta::assert_snapshot!("one_alert", looks(&story));
}

/// Every place as it looks in the end.
fn looks(story: &Story) -> String {
    let mut places = vec![("#cloud".to_owned(), story.workspace.messages("#cloud"))];
    places.push(("its thread".to_owned(), story.workspace.thread(&story.card("#cloud"))));
    for person in [&story.ana, &story.ben, &story.cleo] {
        places.push((
            format!("direct messages to {}", person.name()),
            story.workspace.dm(person),
        ));
    }
    places.push(("only visible to ana".to_owned(), story.workspace.ephemerals(&story.ana)));
    let texts = places.into_iter().map(|(place, messages)| {
        let messages: Vec<String> = messages.into_iter().map(|message| message.reads).collect();
        format!("## {place}\n\n{}", messages.join("\n\n"))
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

#[tokio::test]
async fn every_way_to_write_it_reaches_the_team() {
    for (typed, summary) in [
        ("disk full for cloud", "A-1 P3 disk full"),
        ("\"disk full\" for cloud", "A-1 P3 disk full"),
        ("“disk full” for Cloud", "A-1 P3 disk full"),
        ("waiting for parts for cloud", "A-1 P3 waiting for parts"),
        ("disk full for cloud ops", "A-1 P3 disk full"),
        ("disk full for #cloud", "A-1 P3 disk full"),
        ("disk full for @cloud-oncall", "A-1 P3 disk full"),
        ("P1 disk full for the cloud team", "A-1 P1 disk full"),
    ] {
        let story = Story::begins().await;
        let answer = story.ana_types(&format!("/alert {typed}")).await;
        assert!(answer.contains("paging @ben for Cloud"), "{typed}: {answer}");
        assert!(
            story.card("#cloud").reads.starts_with(summary),
            "{typed}: {}",
            story.card("#cloud").reads
        );
    }
}

#[tokio::test]
async fn without_a_team_the_answer_asks_and_its_buttons_carry_the_message() {
    let story = Story::begins().await;
    let question = story.types(&story.ana, "#ops", "/alert p1 the <disk> & the fan").await;
    assert!(question.reads.contains("Which team is this for?"), "{}", question.reads);
    assert!(
        question.reads.contains("/alert p1 the <disk> & the fan"),
        "what was typed: {}",
        question.reads
    );
    story.ana.clicks(&question, "Page Cloud").await.unwrap();
    story.settles().await.unwrap();
    assert!(
        story.card("#cloud").reads.starts_with("A-1 P1 the <disk> & the fan"),
        "{}",
        story.card("#cloud").reads
    );
    assert!(
        story.told(&story.ana).reads.contains("paging @ben for Cloud"),
        "it takes the question's place"
    );
}

#[tokio::test]
async fn in_the_channel_of_a_team_no_team_is_needed_in_the_form() {
    let story = Story::begins().await;
    story.ana.types("#cloud", "/alert").await.unwrap();
    story.settles().await.unwrap();
    let form = story.workspace.views(&story.ana).remove(0);
    assert!(form.reads.contains("Team: [Cloud]"), "{}", form.reads);
}

#[tokio::test]
async fn in_the_channel_of_a_team_its_name_need_not_be_said() {
    let story = Story::begins().await;
    let answer = story
        .types(&story.dora, "#cloud", "/alert waiting for the node to come back")
        .await;
    assert!(
        answer
            .reads
            .contains("A-1 P3 waiting for the node to come back: paging @ben for Cloud"),
        "{}",
        answer.reads
    );
    story.dora.types("#cloud", "@nightbell good morning").await.unwrap();
    story.settles().await.unwrap();
    assert_eq!(
        story
            .workspace
            .messages("#cloud")
            .iter()
            .filter(|it| it.reads.starts_with("A-"))
            .count(),
        1,
        "a greeting is no alert"
    );
}

#[tokio::test]
async fn a_team_nobody_knows_is_answered_with_the_nearest() {
    let story = Story::begins().await;
    let answer = story.types(&story.ana, "#ops", "/alert disk full for clowd").await;
    assert!(
        answer.reads.contains("There is no team called `clowd`"),
        "{}",
        answer.reads
    );
    assert_eq!(answer.buttons()[0], "Page Cloud");
    story.ana.clicks(&answer, "Page Cloud").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.starts_with("A-1 P3 disk full"));
}

#[tokio::test]
async fn a_person_is_offered_and_their_team_first_of_all() {
    let story = Story::begins().await;
    let answer = story.types(&story.ana, "#ops", "/alert disk full for @cleo").await;
    assert!(answer.reads.contains("@cleo is a person"), "{}", answer.reads);
    assert_eq!(answer.buttons()[..2], ["Page @cleo, then Cloud", "Page Cloud"]);
    story.ana.clicks(&answer, "Page @cleo, then Cloud").await.unwrap();
    story.settles().await.unwrap();
    assert_eq!(story.workspace.dm(&story.cleo).len(), 1);
    assert_eq!(story.workspace.dm(&story.ben).len(), 0);
    story.passes(chrono::TimeDelta::minutes(10)).await.unwrap();
    assert_eq!(story.workspace.dm(&story.ben).len(), 1, "then the team's first level");
}

#[tokio::test]
async fn a_message_that_begins_like_a_command_is_offered_and_not_lost() {
    let story = Story::begins().await;
    let answer = story.types(&story.ana, "#ops", "/alert list is empty for cloud").await;
    assert!(answer.reads.contains("Nothing was raised"), "{}", answer.reads);
    story.ana.clicks(&answer, "Page Cloud with this message").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.starts_with("A-1 P3 list is empty"));
}

#[tokio::test]
async fn the_form_raises_an_alert() {
    let story = Story::begins().await;
    assert_eq!(story.ana.types("#ops", "/alert").await.unwrap(), None);
    story.settles().await.unwrap();
    let form = story.workspace.views(&story.ana).remove(0);
    let fields = [
        ("team", Fill::Choice("payments")),
        ("priority", Fill::Choice("p2")),
        ("summary", Fill::Text("checkout is down\nsince noon")),
        ("service", Fill::Text("shop")),
    ];
    assert_eq!(story.ana.submits(&form, &fields).await.unwrap(), Submitted::Closed);
    story.settles().await.unwrap();
    let card = story.card("#payments").reads;
    assert!(
        card.starts_with("A-1 P2 checkout is down…") && card.contains("service: shop"),
        "{card}"
    );
    assert_eq!(story.workspace.dm(&story.dora).len(), 1);
}

#[tokio::test]
async fn a_form_says_what_is_wrong_on_the_field() {
    let story = Story::begins().await;
    story.ana.types("#ops", "/alert").await.unwrap();
    story.settles().await.unwrap();
    let form = story.workspace.views(&story.ana).remove(0);
    let fields = [
        ("team", Fill::Choice("payments")),
        ("summary", Fill::Text("\u{200b} \u{200b}")),
    ];
    let Submitted::Errors(errors) = story.ana.submits(&form, &fields).await.unwrap() else {
        panic!("an empty message was taken");
    };
    assert_eq!(errors.get("summary").map(String::as_str), Some("This is needed."));
    assert_eq!(story.workspace.messages("#payments").len(), 0);
}

#[tokio::test]
async fn a_message_becomes_an_alert_by_its_shortcut() {
    let story = Story::begins().await;
    story
        .dora
        .types("#cloud", "the build <queue> is stuck & growing")
        .await
        .unwrap();
    let message = story.card("#cloud");
    story.ana.shortcut(&message, "raise_alert_from_message").await.unwrap();
    story.settles().await.unwrap();
    let form = story.workspace.views(&story.ana).remove(0);
    assert!(
        form.reads.contains("Team: [Cloud]") && form.reads.contains("the build <queue> is stuck & growing"),
        "{}",
        form.reads
    );
    assert_eq!(story.ana.submits(&form, &[]).await.unwrap(), Submitted::Closed);
    story.settles().await.unwrap();
    assert_eq!(story.workspace.dm(&story.ben).len(), 1);
}

#[tokio::test]
async fn a_form_that_comes_too_late_leaves_a_button_and_every_word() {
    let story = Story::begins().await;
    story.dora.types("#cloud", "the build queue is stuck").await.unwrap();
    let message = story.card("#cloud");
    story.workspace.fault(Fault::Refuse {
        method: "views.open",
        code: "expired_trigger_id",
    });
    story.ana.shortcut(&message, "raise_alert_from_message").await.unwrap();
    story.settles().await.unwrap();
    let told = story.told(&story.ana);
    assert!(told.reads.contains("The form did not open"), "{}", told.reads);
    story.ana.clicks(&told, "Open the form").await.unwrap();
    story.settles().await.unwrap();
    let form = story.workspace.views(&story.ana).remove(0);
    assert!(form.reads.contains("the build queue is stuck"), "{}", form.reads);
}

#[tokio::test]
async fn in_a_direct_message_and_by_mention_it_works_too() {
    let story = Story::begins().await;
    story
        .ana
        .types("@nightbell", "alert disk full for cloud")
        .await
        .unwrap();
    story.settles().await.unwrap();
    let dm = story.workspace.dm(&story.ana);
    assert!(
        dm.iter()
            .any(|message| message.reads.contains("A-1 P3 disk full: paging @ben")),
        "{dm:?}"
    );
    story
        .ana
        .types("#ops", "@nightbell queue full for payments")
        .await
        .unwrap();
    story.settles().await.unwrap();
    assert!(
        story.told(&story.ana).reads.contains("A-2 P3 queue full: paging @dora"),
        "{}",
        story.told(&story.ana).reads
    );
}

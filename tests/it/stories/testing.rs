//! Tests of whether pages arrive, and the same raised twice.

use chrono::TimeDelta;

use super::Story;

#[tokio::test]
async fn a_test_of_oneself_rings_is_answered_and_leaves_nothing_behind() {
    let story = Story::begins().await;
    let answer = story.ana_types("/alert test").await;
    assert!(
        answer.starts_with("TEST A-1 This is only a test: paging @ana."),
        "{answer}"
    );
    assert!(answer.contains("Do Not Disturb"), "{answer}");
    let [page] = story.workspace.dm(&story.ana).try_into().unwrap();
    assert!(page.reads.starts_with("TEST A-1"), "{}", page.reads);
    assert!(page.notifies().contains(&story.ana.id().to_owned()), "it rings");
    assert_eq!(page.buttons(), ["Acknowledge"]);
    assert!(story.workspace.messages("#cloud").is_empty() && story.workspace.messages("#incidents").is_empty());
    story.ana.clicks(&page, "Acknowledge").await.unwrap();
    story.settles().await.unwrap();
    let [page] = story.workspace.dm(&story.ana).try_into().unwrap();
    assert!(page.reads.contains("The test is over. @ana answered"), "{}", page.reads);
    let list = story.ana_types("/alert list all").await;
    assert!(!list.contains("TEST"), "{list}");
    story.passes(TimeDelta::hours(2)).await.unwrap();
    assert_eq!(story.workspace.dm(&story.ana).len(), 1);
}

#[tokio::test]
async fn a_test_that_nobody_answers_ends_by_itself_and_shouts_at_nobody() {
    let story = Story::begins().await;
    let answer = story.ana_types("/alert test cloud").await;
    assert!(answer.contains("paging @ben, level 1 of 2"), "{answer}");
    let [card] = story.workspace.messages("#cloud").try_into().unwrap();
    assert!(
        card.reads.starts_with("TEST A-1") && card.reads.contains("Nothing is wrong."),
        "{}",
        card.reads
    );
    let list = story.ana_types("/alert list").await;
    assert!(list.contains("No open alerts"), "{list}");
    story.passes(TimeDelta::minutes(15)).await.unwrap();
    assert_eq!(
        story.workspace.dm(&story.cleo).len(),
        1,
        "the second level is tested too"
    );
    let [card] = story.workspace.messages("#cloud").try_into().unwrap();
    assert!(
        card.reads.contains("The test is over, and nobody answered it."),
        "{}",
        card.reads
    );
    assert!(story.workspace.messages("#incidents").is_empty());
    assert_eq!(story.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn an_unknown_team_cannot_be_tested_and_words_after_test_are_no_test() {
    let story = Story::begins().await;
    let unknown = story.ana_types("/alert test clod").await;
    assert!(unknown.contains("There is no team called `clod`"), "{unknown}");
    let message = story.ana_types("/alert test the failover for cloud").await;
    assert!(message.contains("Nothing was raised"), "{message}");
    assert!(story.workspace.messages("#cloud").is_empty());
}

#[tokio::test]
async fn nearly_the_same_is_asked_about_and_can_be_joined() {
    let story = Story::begins().await;
    story.ana_types("/alert the API times out for cloud").await;
    let asked = story
        .cleo
        .types("#ops", "/alert API times out! for cloud")
        .await
        .unwrap()
        .unwrap();
    assert!(
        asked.reads.starts_with("Is this A-1 P3 the API times out?"),
        "{}",
        asked.reads
    );
    assert!(
        asked.reads.contains("You wrote:\nAPI times out!"),
        "nothing typed is lost: {}",
        asked.reads
    );
    assert_eq!(story.workspace.messages("#cloud").len(), 1);
    story.cleo.clicks(&asked, "Add it to A-1").await.unwrap();
    story.settles().await.unwrap();
    let [card] = story.workspace.messages("#cloud").try_into().unwrap();
    assert!(card.reads.contains("Reported 2 times"), "{}", card.reads);
    let line = story.workspace.thread(&card).pop().unwrap();
    assert!(
        line.reads.contains("@cleo reports the same:") && line.reads.contains("API times out!"),
        "{}",
        line.reads
    );
}

#[tokio::test]
async fn nearly_the_same_is_raised_when_it_is_meant() {
    let story = Story::begins().await;
    story.ana_types("/alert the API times out for cloud").await;
    let asked = story
        .cleo
        .types("#ops", "/alert API times out! for cloud")
        .await
        .unwrap()
        .unwrap();
    story.cleo.clicks(&asked, "Raise a new alert").await.unwrap();
    story.settles().await.unwrap();
    assert_eq!(story.workspace.messages("#cloud").len(), 2);
    assert_eq!(story.workspace.complaints(), Vec::<String>::new());
}

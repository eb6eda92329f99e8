//! Who has an alert, for how long, and what happens when they no longer do.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::Message;
use tempfile::TempDir;

use crate::setting::stage;

async fn types(stage: &Stage, text: &str) -> String {
    let answer = stage.cleo.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

fn card(stage: &Stage) -> Message {
    stage.workspace.messages("#cloud").remove(0)
}

fn thread(stage: &Stage) -> Vec<String> {
    stage
        .workspace
        .thread(&card(stage))
        .into_iter()
        .map(|message| message.reads)
        .collect()
}

fn question(stage: &Stage) -> Option<Message> {
    stage
        .workspace
        .dm(&stage.cleo)
        .into_iter()
        .find(|message| message.reads.starts_with("Are you still on"))
}

fn pages_of_ben(stage: &Stage) -> usize {
    stage.workspace.dm(&stage.ben).len()
}

/// An alert that cleo has had since the moment it was raised.
async fn held() -> (Stage, TempDir) {
    let (stage, folder) = stage().await;
    types(&stage, "/alert the API times out for cloud").await;
    let answer = types(&stage, "/alert ack 1").await;
    assert!(
        answer.contains("is yours") && answer.contains("At 20:30 it starts again"),
        "{answer}"
    );
    (stage, folder)
}

#[tokio::test]
async fn the_holder_is_asked_before_the_end_and_keeps_it_with_a_press() {
    let (stage, _folder) = held().await;
    stage.passes(TimeDelta::minutes(24)).await.unwrap();
    assert!(question(&stage).is_none());
    stage.passes(TimeDelta::minutes(1)).await.unwrap();
    let question = question(&stage).expect("asked at 20:25");
    assert!(
        question.reads.contains("If you do not say so by 20:30"),
        "{}",
        question.reads
    );
    stage.cleo.clicks(&question, "Still on it").await.unwrap();
    stage.passes(TimeDelta::minutes(20)).await.unwrap();
    assert_eq!(pages_of_ben(&stage), 1, "nobody is paged again");
    assert!(
        card(&stage)
            .reads
            .contains("Acknowledged by @cleo at 20:25, until 20:55."),
        "{}",
        card(&stage).reads
    );
    assert!(thread(&stage).join("\n").contains("@cleo is still on it, until 20:55."));
    let page = stage.workspace.dm(&stage.ben).remove(0);
    assert!(
        page.reads.contains("You were paged"),
        "nobody is paged now: {}",
        page.reads
    );
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_lease_that_ends_pages_again_and_says_why() {
    let (stage, _folder) = held().await;
    stage.passes(TimeDelta::minutes(30)).await.unwrap();
    assert_eq!(pages_of_ben(&stage), 2);
    assert!(
        card(&stage).reads.contains("Triggered. Paging @ben"),
        "{}",
        card(&stage).reads
    );
    let thread = thread(&stage).join("\n");
    assert!(
        thread.contains("@cleo has not said that they are still on it."),
        "{thread}"
    );
    let raiser = stage.workspace.dm(&stage.cleo);
    assert!(
        raiser.iter().any(|message| message.reads.contains("has not said")),
        "the raiser hears of it"
    );
}

#[tokio::test]
async fn somebody_says_how_long_and_is_believed() {
    let (stage, _folder) = stage().await;
    types(&stage, "/alert the API times out for cloud").await;
    let answer = types(&stage, "/alert ack 1 for 2h").await;
    assert!(answer.contains("At 22:00 it starts again"), "{answer}");
    for nonsense in ["0m", "10 years", "8d", "soon"] {
        let answer = types(&stage, &format!("/alert ack 1 for {nonsense}")).await;
        assert!(
            answer.contains("is not possible") || answer.contains("not a length of time"),
            "{nonsense}: {answer}"
        );
    }
}

#[tokio::test]
async fn giving_it_back_pages_at_once() {
    let (stage, _folder) = held().await;
    let again = types(&stage, "/alert unack 1").await;
    assert!(
        again.contains("You have given A-1") && again.contains("Paging @ben"),
        "{again}"
    );
    assert_eq!(pages_of_ben(&stage), 2);
    let refused = types(&stage, "/alert unack 1").await;
    assert!(refused.contains("Nobody has A-1 yet"), "{refused}");
}

#[tokio::test]
async fn a_snooze_says_why_to_everybody_and_ends_by_itself() {
    let (stage, _folder) = stage().await;
    types(&stage, "/alert the API times out for cloud").await;
    let lacking = types(&stage, "/alert snooze 1 2h").await;
    assert!(lacking.contains("The reason is missing"), "{lacking}");
    let answer = types(&stage, "/alert snooze 1 2h because the <vendor> is on it").await;
    assert!(
        answer.contains("Snoozed by @cleo until Mar 3 22:00: the <vendor> is on it"),
        "{answer}"
    );
    stage.passes(TimeDelta::minutes(119)).await.unwrap();
    assert_eq!(pages_of_ben(&stage), 1);
    stage.passes(TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(pages_of_ben(&stage), 2);
    assert!(thread(&stage).join("\n").contains("The snooze is over."));
}

#[tokio::test]
async fn a_resolved_alert_is_reopened_with_its_id_also_from_the_archive() {
    let (mut stage, _folder) = held().await;
    types(&stage, "/alert resolve 1").await;
    let refused = types(&stage, "/alert ack 1").await;
    assert!(refused.contains("`/alert reopen A-1`"), "{refused}");
    stage.passes(TimeDelta::hours(5)).await.unwrap();
    // Something happens, so that what is old moves to the archive.
    types(&stage, "/alert something else for payments").await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    let answer = types(&stage, "/alert reopen 1").await;
    assert!(
        answer.contains("A-1 P3 the API times out is open again") && answer.contains("Paging @ben"),
        "{answer}"
    );
    let still = types(&stage, "/alert reopen 1").await;
    assert!(still.contains("A-1 is still open"), "{still}");
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    assert!(
        card(&stage).reads.contains("Triggered. Paging @ben"),
        "{}",
        card(&stage).reads
    );
    let whole = types(&stage, "/alert show 1").await;
    assert!(
        whole.contains("@cleo resolved it") && whole.contains("@cleo reopened it"),
        "{whole}"
    );
}

#[tokio::test]
async fn a_lease_survives_a_restart_and_one_that_ended_meanwhile_is_late() {
    let (mut stage, _folder) = held().await;
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::minutes(47));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(pages_of_ben(&stage), 2);
    let fallback = stage.workspace.messages("#incidents");
    assert_eq!(fallback.len(), 1, "{fallback:?}");
    assert!(
        fallback[0].reads.contains("A-1 (due 20:30, 17 min late)"),
        "{}",
        fallback[0].reads
    );
}

#[tokio::test]
async fn an_alert_is_assigned_to_another_team_and_to_a_person() {
    let (stage, _folder) = stage().await;
    types(&stage, "/alert the API times out for cloud").await;
    let answer = types(&stage, "/alert assign 1 to payments").await;
    assert!(
        answer.contains("is assigned") && answer.contains("Paging @dora"),
        "{answer}"
    );
    assert!(thread(&stage).join("\n").contains("@cleo assigned it to Payments."));
    let answer = types(&stage, "/alert assign 1 to @ben").await;
    assert!(answer.contains("Paging @ben, level 1 of 2"), "{answer}");
    stage.passes(TimeDelta::minutes(10)).await.unwrap();
    assert!(
        card(&stage).reads.contains("Paging @dora, level 2 of 2"),
        "{}",
        card(&stage).reads
    );
    let nobody = types(&stage, "/alert assign 1 to the moon").await;
    assert!(nobody.contains("no team called `the moon`"), "{nobody}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn several_alerts_are_answered_one_by_one() {
    let (stage, _folder) = stage().await;
    types(&stage, "/alert the API times out for cloud").await;
    types(&stage, "/alert the queue is full for cloud").await;
    let answer = types(&stage, "/alert ack 1 2 99").await;
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines.len(), 3, "{answer}");
    assert!(lines[0].starts_with("A-1") && lines[1].starts_with("A-2"), "{answer}");
    assert!(lines[2].contains("There is no alert A-99"), "{answer}");
    let both = types(&stage, "/alert resolve 1, 2 because a switch was replaced").await;
    assert_eq!(both.matches("is resolved").count(), 2, "{both}");
}

#[tokio::test]
async fn everything_somebody_was_paged_about_is_swept_after_asking() {
    let (stage, _folder) = stage().await;
    for text in ["the API times out", "the queue is full"] {
        types(&stage, &format!("/alert {text} for cloud")).await;
    }
    types(&stage, "/alert checkout is down for payments").await;
    let nothing = types(&stage, "/alert ack all").await;
    assert!(nothing.contains("you were not paged about any such alert"), "{nothing}");
    let question = stage
        .ben
        .types("#ops", "/alert ack all")
        .await
        .unwrap()
        .expect("an answer");
    assert!(
        question.reads.starts_with("This would acknowledge 2 alerts:"),
        "{}",
        question.reads
    );
    assert!(
        card(&stage).reads.contains("Triggered"),
        "nothing is done before it is confirmed"
    );
    stage.ben.clicks(&question, "Acknowledge 2 alerts").await.unwrap();
    stage.settles().await.unwrap();
    assert!(card(&stage).reads.contains("Acknowledged by @ben"));
    let mine = stage
        .ben
        .types("#ops", "/alert list mine")
        .await
        .unwrap()
        .expect("an answer");
    assert!(
        mine.reads.starts_with("2 open alerts of yours") && !mine.reads.contains("checkout"),
        "{}",
        mine.reads
    );
    let hers = types(&stage, "/alert list mine").await;
    assert!(hers.starts_with("3 open alerts of yours"), "who raised them: {hers}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

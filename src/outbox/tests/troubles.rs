//! Slack fails in every way it has, and nothing is lost, doubled or forgotten.

use super::slack::Fault;
use super::*;
use crate::outbox::LOOK_UP;

#[tokio::test]
async fn a_rate_limit_holds_its_method_and_no_other() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.postMessage", &[Fault::TooMany(30)]);
    stage.commit(1, &post("card/1", "held")).await;
    let status = stage.quiet().await;
    assert_eq!(
        (status.pending, status.next_wake),
        (1, Some(dawn() + TimeDelta::seconds(30)))
    );
    stage.commit(2, &edit("card/2", "goes on")).await;
    stage.commit(3, &post("card/3", "held too")).await;
    assert_eq!(stage.settles().await, (2, delivered("1.1")));
    assert_eq!(stage.quiet().await.pending, 2);
    assert_eq!(stage.passes(29).await.pending, 2);
    assert_eq!(stage.passes(1).await.pending, 0);
    let mut standing = stage.slack.standing();
    standing.sort_unstable();
    assert_eq!(standing, ["held", "held too"]);
    assert_eq!(
        stage.slack.methods().len(),
        4,
        "one of them twice: nobody asked again before the time was up"
    );
}

#[tokio::test]
async fn a_post_that_happened_in_spite_of_a_500_is_found_and_not_repeated() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.postMessage", &[Fault::BrokenAfterwards]);
    stage.commit(1, &post("page/1/U1", "disk full")).await;
    stage.quiet().await;
    stage.says_no_more();
    stage.passes(1).await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    assert_eq!(stage.slack.standing(), ["disk full"]);
    assert_eq!(stage.slack.methods(), ["chat.postMessage", LOOK_UP]);
}

#[tokio::test]
async fn a_post_that_did_not_happen_is_looked_up_and_repeated() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.postMessage", &[Fault::Broken]);
    stage.commit(1, &post("page/1/U1", "disk full")).await;
    stage.quiet().await;
    stage.passes(1).await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    assert_eq!(stage.slack.standing(), ["disk full"]);
    assert_eq!(stage.slack.methods(), ["chat.postMessage", LOOK_UP, "chat.postMessage"]);
}

#[tokio::test]
async fn what_was_found_in_the_store_at_start_is_looked_up_first() {
    let mut stage = Stage::new().await;
    stage.slack.has_posted(1, "sent before the crash");
    stage
        .commit_as(1, &post("card/1", "sent before the crash"), Fate::Doubtful)
        .await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    stage
        .commit_as(2, &post("card/2", "not sent yet"), Fate::Doubtful)
        .await;
    assert_eq!(stage.settles().await, (2, delivered("1728000001.000100")));
    stage.commit_as(3, &edit("card/1", "an edit"), Fate::Doubtful).await;
    assert_eq!(stage.settles().await, (3, delivered("1.1")));
    assert_eq!(
        stage.slack.methods(),
        [LOOK_UP, LOOK_UP, "chat.postMessage", "chat.update"]
    );
}

#[tokio::test]
async fn a_look_up_that_fails_is_repeated_before_anything_is_sent() {
    let mut stage = Stage::new().await;
    stage.slack.has_posted(1, "sent");
    stage.slack.fails(LOOK_UP, &[Fault::Broken, Fault::TooMany(10)]);
    stage.commit_as(1, &post("card/1", "sent"), Fate::Doubtful).await;
    stage.quiet().await;
    let status = stage.passes(1).await;
    assert_eq!(status.next_wake, Some(dawn() + TimeDelta::seconds(11)));
    stage.commit(2, &post("card/2", "needs no look-up")).await;
    assert_eq!(
        stage.settles().await,
        (2, delivered("1728000001.000100")),
        "only looking up was limited"
    );
    stage.quiet().await;
    stage.passes(10).await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    assert_eq!(stage.slack.standing(), ["sent", "needs no look-up"]);
}

#[tokio::test]
async fn a_doubtful_message_whose_time_has_passed_is_looked_up_and_not_sent() {
    let mut stage = Stage::new().await;
    stage.slack.has_posted(1, "sent in time");
    let late = |text| Entry {
        expires: Some(dawn()),
        ..post(text, text)
    };
    stage.commit_as(1, &late("sent in time"), Fate::Doubtful).await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    stage.commit_as(2, &late("too late"), Fate::Doubtful).await;
    assert_eq!(stage.settles().await, (2, refused("expired")));
    assert_eq!(stage.slack.methods(), [LOOK_UP, LOOK_UP]);
}

#[tokio::test]
async fn a_page_that_cannot_be_looked_up_is_sent_rather_twice_than_never() {
    let mut stage = Stage::new().await;
    stage.slack.fails(LOOK_UP, &[Fault::Error("missing_scope")]);
    stage
        .commit_as(1, &post("page/1/U1", "disk full"), Fate::Doubtful)
        .await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
}

#[tokio::test]
async fn refused_blocks_become_plain_text_at_once() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.postMessage", &[Fault::Error("invalid_blocks")]);
    stage.commit(1, &post("page/1/U1", "disk full")).await;
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    let forms: Vec<(String, bool)> = stage
        .slack
        .seen()
        .into_iter()
        .map(|seen| (seen.text, seen.has_blocks))
        .collect();
    assert_eq!(forms, [("disk full".to_owned(), true), ("disk full".to_owned(), false)]);
}

#[tokio::test]
async fn what_slack_refuses_for_good_is_news_for_the_engine() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.postMessage", &[Fault::Error("is_archived")]);
    stage.commit(1, &post("card/1", "disk full")).await;
    stage.commit(2, &edit("card/1", "acknowledged")).await;
    assert_eq!(stage.settles().await, (1, refused("is_archived")));
    assert_eq!(stage.settles().await, (2, delivered("1.1")), "the lane goes on");
}

#[tokio::test]
async fn edits_are_repeated_without_a_look_up() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.update", &[Fault::Broken]);
    stage.commit(1, &edit("card/1", "acknowledged")).await;
    stage.quiet().await;
    stage.passes(1).await;
    assert_eq!(stage.settles().await, (1, delivered("1.1")));
    assert_eq!(stage.slack.methods(), ["chat.update", "chat.update"]);
}

#[tokio::test]
async fn a_reply_of_unknown_fate_is_not_repeated() {
    let mut stage = Stage::new().await;
    stage.slack.fails("chat.postEphemeral", &[Fault::BrokenAfterwards]);
    stage.commit(1, &ephemeral("reply/1", "Paging @ben")).await;
    assert_eq!(stage.settles().await, (1, refused("fate_unknown")));
    assert_eq!(stage.slack.methods(), ["chat.postEphemeral"]);
}

#[tokio::test]
async fn a_revoked_token_holds_everything_and_a_new_one_lets_it_go() {
    let mut stage = Stage::new().await;
    let revoked = Fault::Error("token_revoked");
    stage.slack.fails("chat.postMessage", &[revoked, revoked]);
    stage.commit(1, &post("page/1/U1", "disk full")).await;
    assert_eq!(stage.quiet().await.held.as_deref(), Some("token_revoked"));
    stage.commit(2, &edit("card/1", "waits as well")).await;
    let status = stage.passes(29).await;
    assert_eq!((status.pending, stage.slack.methods().len()), (2, 1));
    let status = stage.passes(1).await;
    assert_eq!(
        status.held.as_deref(),
        Some("token_revoked"),
        "one call asked again, in vain"
    );
    assert_eq!((status.pending, stage.slack.methods().len()), (2, 2));
    let status = stage.passes(30).await;
    assert_eq!((status.pending, status.held), (0, None));
    stage.says_it_all(&[1, 2]).await;
}

impl Stage {
    /// These are reported, in any order, and nothing else.
    async fn says_it_all(&mut self, expected: &[u64]) {
        let mut reported = Vec::new();
        for _ in expected {
            reported.push(self.settles().await.0);
        }
        reported.sort_unstable();
        assert_eq!(reported, expected);
        self.says_no_more();
    }
}

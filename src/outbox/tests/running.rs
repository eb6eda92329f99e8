//! Ordinary times: what is committed is sent, in order, and said to be; the sender takes news under every load, and
//! ends well.

use super::*;

#[tokio::test]
async fn what_is_committed_is_sent_and_its_place_is_reported() {
    let mut stage = Stage::new().await;
    stage.commit(1, &post("card/17", "disk full")).await;
    let settled = in_time("an outcome", stage.settled.recv())
        .await
        .expect("the sender runs");
    assert_eq!(settled.entry, 1);
    assert_eq!(settled.errand, Errand::Fallback { alert: AlertId(17) });
    assert_eq!(settled.about, Some(AlertId(17)));
    assert_eq!(settled.outcome, delivered("1728000000.000100"));
    let status = stage.quiet().await;
    let expected = OutboxStatus {
        heard: 1,
        reported: 1,
        ..OutboxStatus::default()
    };
    assert_eq!(status, expected);
    assert_eq!(stage.slack.standing(), ["disk full"]);
}

#[tokio::test]
async fn calls_of_one_lane_go_one_after_the_other() {
    let mut stage = Stage::new().await;
    stage.slack.answers(false);
    stage.commit(1, &post("card/17", "first")).await;
    stage.commit(2, &edit("card/17", "second")).await;
    stage.commit(3, &edit("card/18", "other")).await;
    stage.slack.arrived(2).await;
    assert!(!stage.slack.seen().iter().any(|seen| seen.text == "second"));
    stage.slack.answers(true);
    stage.quiet().await;
    let texts: Vec<String> = stage.slack.seen().into_iter().map(|seen| seen.text).collect();
    assert_eq!(texts.last().map(String::as_str), Some("second"));
}

#[tokio::test]
async fn the_pace_of_a_channel_is_kept() {
    let mut stage = Stage::new().await;
    for id in 1..=5 {
        stage.commit(id, &post(&format!("thread/{id}"), "x")).await;
    }
    let status = stage.quiet().await;
    assert_eq!((status.pending, stage.slack.standing().len()), (2, 3));
    assert_eq!(status.next_wake, Some(dawn() + TimeDelta::seconds(1)));
    assert_eq!(stage.passes(1).await.pending, 1);
    assert_eq!(stage.passes(1).await.pending, 0);
}

#[tokio::test]
async fn an_entry_whose_time_has_passed_is_given_up_without_a_call() {
    let mut stage = Stage::new().await;
    let late = Entry {
        expires: Some(dawn()),
        ..ephemeral("reply/1", "too late")
    };
    stage.commit(1, &late).await;
    assert_eq!(stage.settles().await, (1, refused("expired")));
    assert!(stage.slack.methods().is_empty());
}

#[tokio::test]
async fn a_row_that_was_replaced_meanwhile_is_passed_over() {
    let mut stage = Stage::new().await;
    let header = edit("card/17", "gone").header(Fate::Fresh);
    stage.tell(News::Added(vec![(1, header)])).await;
    stage.commit(2, &edit("card/17", "newer")).await;
    assert_eq!(stage.settles().await, (2, delivered("1.1")));
    stage.quiet().await;
    assert_eq!(stage.slack.methods(), ["chat.update"]);
}

#[tokio::test]
async fn a_row_that_is_no_entry_is_reported_and_the_lane_goes_on() {
    let mut stage = Stage::new().await;
    stage.store_row(1, b"{\"subject\":7}".to_vec());
    let header = edit("card/17", "?").header(Fate::Fresh);
    stage.tell(News::Added(vec![(1, header)])).await;
    stage.commit(2, &edit("card/17", "newer")).await;
    assert_eq!(stage.settles().await, (1, refused("unreadable_entry")));
    assert_eq!(stage.settles().await, (2, delivered("1.1")));
}

#[tokio::test]
async fn an_edit_dropped_in_flight_is_not_reported() {
    let mut stage = Stage::new().await;
    stage.slack.answers(false);
    stage.commit(1, &edit("card/17", "older")).await;
    stage.slack.arrived(1).await;
    stage.tell(News::Dropped(vec![1])).await;
    stage.commit(2, &edit("card/17", "newer")).await;
    let heard = stage.status.wait_for(|status| status.heard == 3);
    drop(in_time("the news", heard).await);
    stage.slack.answers(true);
    assert_eq!(stage.settles().await, (2, delivered("1.1")));
    stage.quiet().await;
    stage.says_no_more();
}

#[tokio::test]
async fn news_are_taken_in_while_nobody_reads_the_mailbox() {
    let mut stage = Stage::with_mailbox(1).await;
    for id in 1..=300 {
        let reply = Entry {
            expires: Some(dawn()),
            ..ephemeral(&format!("reply/{id}"), "x")
        };
        stage.commit(id, &reply).await;
    }
    let mut reported = Vec::new();
    for _ in 1..=300 {
        reported.push(stage.settles().await.0);
    }
    reported.sort_unstable();
    assert_eq!(reported, (1..=300).collect::<Vec<_>>());
    assert_eq!(stage.quiet().await.reported, 300);
}

#[tokio::test]
async fn a_shutdown_waits_for_what_is_under_way_and_starts_nothing_more() {
    let mut stage = Stage::new().await;
    stage.slack.answers(false);
    stage.commit(1, &post("card/17", "under way")).await;
    stage.commit(2, &edit("card/17", "later")).await;
    stage.slack.arrived(1).await;
    stage.shutdown.send_replace(true);
    in_time("the end of news", stage.news.closed()).await;
    stage.slack.answers(true);
    in_time("the end", &mut stage.sender).await.expect("it does not panic");
    assert_eq!(stage.settles().await, (1, delivered("1728000000.000100")));
    assert_eq!(stage.settled.recv().await, None);
    assert_eq!(stage.slack.methods(), ["chat.postMessage"]);
    assert_eq!(stage.status.borrow().pending, 1, "the edit stays in the store");
}

#[tokio::test]
async fn the_sender_ends_when_nobody_is_left_to_tell_it_anything() {
    let stage = Stage::new().await;
    drop(stage.news);
    in_time("the end", stage.sender).await.expect("it does not panic");
}

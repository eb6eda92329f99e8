//! What programs report: bots that post in channels.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::Message;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::setting::stage_with;

const RULES: &str = r##"
[[intake]]
channel  = "#alerts"
from     = "Monitoring"
title    = '^\[ALERT\] (?P<policy>.+)'
fields   = { severity = "CRITICAL" }
team     = "cloud"
priority = "p1"
service  = "build-tracker"
summary  = "{policy}"
key      = "{policy}"
cleared  = '^\[RESOLVED\] (?P<policy>.+)'

[[intake]]
channel  = "#alerts"
from     = "Monitoring"
title    = '^\[ALERT\] (?P<policy>.+)'
team     = "cloud"
priority = "p4"
summary  = "{policy}"
key      = "{policy}"
cleared  = '^\[OVER\] (?P<policy>.+)'
resolve  = true
"##;

async fn stage() -> (Stage, TempDir) {
    stage_with(RULES).await
}

fn attachment(title: &str, severity: &str) -> Value {
    json!([{
        "title": title,
        "color": "danger",
        "text": "measured over <https://example.com|5 min> &amp; more",
        "fields": [{"title": "Severity", "value": severity}, {"title": "Host", "value": "db-<3>"}],
    }])
}

async fn posts(stage: &Stage, title: &str, severity: &str) {
    stage
        .workspace
        .bot_posts("#alerts", "Monitoring", "", &attachment(title, severity));
    stage.settles().await.unwrap();
}

fn cards(stage: &Stage) -> Vec<Message> {
    stage.workspace.messages("#cloud")
}

fn thread(stage: &Stage, card: &Message) -> String {
    let lines = stage.workspace.thread(card).into_iter().map(|line| line.reads);
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_critical_post_pages_and_says_what_the_monitor_said() {
    let (stage, _folder) = stage().await;
    posts(&stage, "[ALERT] External uptime check", "CRITICAL").await;
    let [card] = cards(&stage).try_into().unwrap();
    for part in [
        "A-1 P1 External uptime check",
        "Paging @ben",
        "Severity\nCRITICAL",
        "Host\ndb-<3>",
        "raised by Monitoring in #alerts",
        "service: build-tracker",
    ] {
        assert!(card.reads.contains(part), "{part} is not in {}", card.reads);
    }
    assert_eq!(stage.workspace.dm(&stage.ben).len(), 1);
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_warning_is_shown_counted_and_pages_once_it_is_critical() {
    let (stage, _folder) = stage().await;
    for _ in 0..3 {
        posts(&stage, "[ALERT] High CPU", "WARNING").await;
    }
    let [card] = cards(&stage).try_into().unwrap();
    assert!(card.reads.contains("A-1 P4 High CPU"), "{}", card.reads);
    assert!(
        card.reads.contains("Reported 3 times, last at 20:00."),
        "{}",
        card.reads
    );
    assert!(stage.workspace.dm(&stage.ben).is_empty());
    posts(&stage, "[ALERT] High CPU", "CRITICAL").await;
    let [card] = cards(&stage).try_into().unwrap();
    assert!(
        card.reads.contains("A-1 P1 High CPU") && card.reads.contains("Paging @ben"),
        "{}",
        card.reads
    );
    assert!(thread(&stage, &card).contains("reports it as more urgent: it is P1 now."));
    assert_eq!(stage.workspace.dm(&stage.ben).len(), 1);
}

#[tokio::test]
async fn what_clears_is_told_to_the_holder_and_resolved_where_the_rule_says_so() {
    let (stage, _folder) = stage().await;
    posts(&stage, "[ALERT] Redis failover", "CRITICAL").await;
    let page = stage.workspace.dm(&stage.ben).remove(0);
    stage.ben.clicks(&page, "Acknowledge").await.unwrap();
    stage.settles().await.unwrap();
    posts(&stage, "[RESOLVED] Redis failover", "CRITICAL").await;
    let told = stage.workspace.dm(&stage.ben).pop().unwrap();
    assert!(
        told.reads
            .starts_with("Monitoring in #alerts says that A-1 P1 Redis failover is over."),
        "{}",
        told.reads
    );
    let [card] = cards(&stage).try_into().unwrap();
    assert!(
        card.reads.contains("says since 20:00 that it is over."),
        "{}",
        card.reads
    );
    stage.ben.clicks(&told, "Resolve").await.unwrap();
    stage.settles().await.unwrap();
    assert!(cards(&stage)[0].reads.contains("Resolved by @ben"));

    posts(&stage, "[ALERT] Pending requests", "WARNING").await;
    posts(&stage, "[OVER] Pending requests", "WARNING").await;
    let card = cards(&stage).pop().unwrap();
    assert!(
        card.reads.contains("Resolved by Monitoring in #alerts"),
        "{}",
        card.reads
    );
    stage.passes(TimeDelta::minutes(9)).await.unwrap();
    posts(&stage, "[ALERT] Pending requests", "WARNING").await;
    assert_eq!(cards(&stage).len(), 2, "within ten minutes it is the same alert");
    assert!(cards(&stage)[1].reads.contains("Triggered"));
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn other_programs_other_channels_and_people_are_left_alone() {
    let (stage, _folder) = stage().await;
    let alert = attachment("[ALERT] High CPU", "CRITICAL");
    stage.workspace.bot_posts("#alerts", "Jenkins", "", &alert);
    stage.workspace.bot_posts("#ops", "Monitoring", "", &alert);
    stage
        .workspace
        .bot_posts("#alerts", "Monitoring", "deployed", &json!([]));
    stage.ana.types("#alerts", "[ALERT] High CPU").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(cards(&stage), []);
}

#[tokio::test]
async fn five_hundred_posts_in_a_minute_are_one_alert_and_the_page_goes_first() {
    let (mut stage, _folder) = stage().await;
    let begun = stage.hand.now();
    let alert = attachment("[ALERT] High CPU", "CRITICAL");
    for _ in 0..500 {
        stage.workspace.bot_posts("#alerts", "Monitoring", "", &alert);
    }
    stage
        .workspace
        .bot_posts("#alerts", "Monitoring", "", &attachment("[ALERT] Uptime", "CRITICAL"));
    stage.settles().await.unwrap();
    let [noisy, other] = cards(&stage).try_into().unwrap();
    assert!(noisy.reads.contains("Reported 500 times"), "{}", noisy.reads);
    assert!(other.reads.contains("A-2 P1 Uptime"), "{}", other.reads);
    assert_eq!(stage.workspace.dm(&stage.ben).len(), 2);
    let calls = stage.workspace.calls();
    let edits = calls.iter().filter(|call| call.method == "chat.update").count();
    assert!(
        edits < 100,
        "{edits} edits for one card: newer ones take the place of older ones"
    );
    let pages = calls.iter().filter(|call| {
        let is_to_ben = call.arguments["channel"] == stage.ben.id();
        call.method == "chat.postMessage" && is_to_ben
    });
    let waited: Vec<i64> = pages.map(|call| (call.at - begun).num_seconds()).collect();
    assert!(
        waited.len() == 2 && waited[1] <= 2,
        "pages wait for no edit: {waited:?} s"
    );
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    posts(&stage, "[ALERT] High CPU", "CRITICAL").await;
    assert!(
        cards(&stage)[0].reads.contains("Reported 501 times"),
        "nothing is lost by a restart"
    );
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

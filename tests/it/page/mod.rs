//! The page of `nightbell demo`: who may drive it, and what it drives; `looking` sits in front of it.

mod browser;
mod looking;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nightbell::demo::{Live, Options};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A Wednesday morning in March.
fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_614_800, 0).unwrap()
}

async fn live() -> (Live, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        port: 0,
        data: Some(folder.path().to_owned()),
    };
    (Live::open(options, morning()).await.unwrap(), folder)
}

/// Waits until something is true in the workspace.
async fn comes(live: &Live, is_so: impl Fn(&Live) -> bool) {
    let mut changes = live.workspace().changes();
    let waits = async {
        while !is_so(live) {
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waits)
        .await
        .expect("it comes");
}

fn http() -> reqwest::Client {
    // Another test may have been first.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder()
        .tls_certs_only(std::iter::empty::<reqwest::Certificate>())
        .no_proxy()
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_page_is_there_at_once_and_only_for_whoever_knows_the_address() {
    let (live, _folder) = live().await;
    let (http, address) = (http(), live.address());
    let page = http.get(&address).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let html = page.text().await.unwrap();
    // Every file it names is there, and none is elsewhere.
    for name in html
        .split('"')
        .filter(|word| [".js", ".css"].iter().any(|end| word.ends_with(end)))
    {
        let file = http.get(format!("{address}{name}")).send().await.unwrap();
        assert_eq!(file.status(), 200, "{name}");
    }
    assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
    let (root, _) = address.trim_end_matches('/').rsplit_once('/').unwrap();
    for guess in ["", "/", "/00000000000000000000000000000000/", "/main.js", "/feed"] {
        let refused = http.get(format!("{root}{guess}")).send().await.unwrap();
        assert_eq!(refused.status(), 404, "{guess}");
    }
    live.close().await.unwrap();
}

#[tokio::test]
async fn no_other_origin_drives_it() {
    let (live, _folder) = live().await;
    let (http, address) = (http(), live.address());
    let cut = || {
        http.post(format!("{address}stage"))
            .header("content-type", "application/json")
            .body(r#"{"do":"cut"}"#)
    };
    let own = format!("http://{}", address.split('/').nth(2).unwrap());
    assert_eq!(cut().send().await.unwrap().status(), 403, "without an origin");
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        assert_eq!(
            cut().header("origin", origin).send().await.unwrap().status(),
            403,
            "{origin}"
        );
    }
    let elsewhere = http.get(&address).header("host", "evil.example").send().await.unwrap();
    assert_eq!(elsewhere.status(), 403, "a name that was pointed at this machine");
    assert_eq!(cut().header("origin", &own).send().await.unwrap().status(), 200);
    let unknown = http.post(format!("{address}act")).header("origin", &own);
    let unknown = unknown.header("content-type", "application/json");
    let nobody = unknown.body(r#"{"by":"U9999","do":"open_home"}"#).send().await.unwrap();
    assert_eq!(nobody.status(), 404, "nobody of that id");
    live.close().await.unwrap();
}

#[tokio::test]
async fn the_feed_begins_with_everything_one_sees() {
    let (live, _folder) = live().await;
    let mut response = http().get(format!("{}feed", live.address())).send().await.unwrap();
    let mut read = String::new();
    while !read.contains("event: fresh") {
        read.push_str(&String::from_utf8_lossy(&response.chunk().await.unwrap().unwrap()));
    }
    let kinds: Vec<&str> = read.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(kinds[..2], ["clock", "stage"]);
    assert!(
        read.contains("\"usage_hint\"") && read.contains("\"real_name\":\"Ana Prado\""),
        "{read}"
    );
    live.close().await.unwrap();
}

/// What the page would send to the stage, and what it would be told.
async fn changes(live: &Live, change: Value) -> Value {
    let address = live.address();
    let origin = address.split('/').take(3).collect::<Vec<_>>().join("/");
    let sent = http()
        .post(format!("{address}stage"))
        .header("origin", origin)
        .json(&change);
    sent.send().await.unwrap().json().await.unwrap()
}

/// Whether the day before has been played.
fn is_played(live: &Live) -> bool {
    let ops = live.workspace().messages("#ops");
    ops.iter().any(|message| message.text.contains("Some things to try"))
}

#[tokio::test]
async fn the_workspace_shows_something_of_everything_whatever_the_day() {
    for days in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            port: 0,
            data: Some(folder.path().to_owned()),
        };
        let live = Live::open(options, morning() + TimeDelta::days(days)).await.unwrap();
        comes(&live, is_played).await;
        let all = live.workspace().everything();
        for label in ["Acknowledge", "Take it", "Agree", "Not today", "Take the lead", "Skip…"] {
            let has_it = |message: &&nightbell::sim::Message| message.buttons().iter().any(|button| button == label);
            assert!(all.iter().any(|message| has_it(&message)), "day {days}: no [{label}]");
        }
        assert_eq!(live.workspace().complaints(), [""; 0]);
        live.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_clock_is_pushed_and_an_alert_escalates() {
    let (live, _folder) = live().await;
    comes(&live, is_played).await;
    let card = || {
        let cards = live.workspace().messages("#cloud");
        cards
            .into_iter()
            .rev()
            .find(|it| it.reads.contains("the API times out"))
            .unwrap()
            .reads
    };
    assert!(card().contains("level 1 of 2"), "{}", card());
    assert_eq!(changes(&live, json!({"do": "clock", "runs": false})).await["ok"], true);
    assert_eq!(changes(&live, json!({"do": "next"})).await["ok"], true);
    assert!(card().contains("level 2 of 2"), "{}", card());
    assert_eq!(changes(&live, json!({"do": "pass", "minutes": 10})).await["ok"], true);
    assert!(card().contains("nobody answers"), "{}", card());
    for nonsense in [-1, i64::MAX] {
        let refused = changes(&live, json!({"do": "pass", "minutes": nonsense})).await;
        assert_eq!(refused["ok"], false, "{refused}");
    }
    live.close().await.unwrap();
}

#[tokio::test]
async fn faults_are_switched_on_and_off_and_the_bot_restarted() {
    let (live, _folder) = live().await;
    comes(&live, is_played).await;
    let ana = live.workspace().person("U0001").unwrap();
    assert_eq!(
        changes(&live, json!({"do": "weather", "weather": "down"})).await["ok"],
        true
    );
    assert!(ana.types("#ops", "/alert list").await.is_err());
    let refused = changes(&live, json!({"do": "restart"})).await;
    assert!(
        refused["said"].as_str().unwrap().contains("Mend Slack first"),
        "{refused}"
    );
    // Time goes on without Slack, and is caught up with.
    assert_eq!(changes(&live, json!({"do": "pass", "minutes": 20})).await["ok"], true);
    assert_eq!(
        changes(&live, json!({"do": "weather", "weather": "fair"})).await["ok"],
        true
    );
    comes(&live, |live| {
        let fallback = live.workspace().messages("#oncall-fallback");
        fallback
            .iter()
            .any(|message| message.reads.contains("Nobody answers for Cloud"))
    })
    .await;
    comes(&live, |live| live.workspace().connections() > 0).await;
    assert_eq!(changes(&live, json!({"do": "cut"})).await["ok"], true);
    comes(&live, |live| live.workspace().connections() > 0).await;
    assert_eq!(changes(&live, json!({"do": "restart"})).await["ok"], true);
    let answer = ana.types("#ops", "/alert list").await.unwrap().unwrap();
    assert!(answer.reads.contains("the API times out"), "{}", answer.reads);
    live.close().await.unwrap();
}

#[tokio::test]
async fn what_is_to_be_kept_is_there_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        port: 0,
        data: Some(folder.path().to_owned()),
    };
    let first = Live::open(options.clone(), morning()).await.unwrap();
    comes(&first, is_played).await;
    let said = first.workspace().messages("#cloud");
    first.close().await.unwrap();

    let second = Live::open(options, morning() + TimeDelta::minutes(1)).await.unwrap();
    let again = second.workspace().messages("#cloud");
    assert_eq!(again[0].reads, said[0].reads);
    // The bot is the one that wrote them: it goes on with its alert.
    comes(&second, |live| live.workspace().connections() > 0).await;
    let ana = second.workspace().person("U0001").unwrap();
    let card = again
        .iter()
        .rev()
        .find(|message| message.reads.contains("the API times out"))
        .unwrap();
    ana.clicks(card, "Acknowledge").await.unwrap();
    comes(&second, |live| {
        let now = live.workspace().message(&card.channel, &card.ts).unwrap();
        now.reads.contains("Acknowledged by")
    })
    .await;
    second.close().await.unwrap();
}

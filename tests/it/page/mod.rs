//! The page of `nightbell demo`: who may drive it, and what somebody in front of it sees and does.
//!
//! The browser's tests need Chromium; where there is none they say so and pass.

mod browser;

use browser::{Browser, Window};
use chrono::{DateTime, Utc};
use nightbell::demo::{Live, Options};
use tempfile::TempDir;

/// A Wednesday morning in March.
fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_614_800, 0).unwrap()
}

async fn live() -> (Live, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        port: 0,
        data: Some(folder.path().join("data")),
    };
    (Live::open(options, morning()).await.unwrap(), folder)
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

/// The box one types into, in the middle.
const BOX: &str = "#composer textarea";

async fn says(browser: &mut Browser, window: &Window, place: &str, text: &str) {
    browser.clicks(window, "#places .place", place).await;
    browser
        .reads_in(window, "#place h1", place.trim_start_matches("# "))
        .await;
    browser
        .reads(window, &format!("document.querySelector('{BOX}').focus()"))
        .await;
    browser.types(window, text).await;
    browser.presses(window, "Enter").await;
}

/// Every button, box and menu has a name that a screen reader can say.
const NAMELESS: &str = "[...document.querySelectorAll('button, input, select, textarea, dialog')]
    .filter((it) => it.checkVisibility() && !(it.innerText || it.ariaLabel || it.labels?.length || it.title))
    .map((it) => it.outerHTML)";

#[tokio::test]
async fn somebody_raises_an_alert_answers_it_and_fills_in_a_form() {
    let Some(mut browser) = Browser::start().await else {
        eprintln!("skipped: there is no Chromium here");
        return;
    };
    let (live, _folder) = live().await;
    let window = &browser.opens(&live.address(), 1400).await;
    let browser = &mut browser;

    // The day before has been played once Ana has said so.
    browser
        .reads_in(window, "#messages", "customers are writing to us")
        .await;
    says(browser, window, "# ops", "/alert checkout is slow for cloud").await;
    browser
        .reads_in(window, ".message.private", "checkout is slow: paging")
        .await;

    // The card is in the team's channel; Acknowledge changes it where it stands.
    browser.clicks(window, "#places .place", "# cloud").await;
    browser.reads_in(window, ".message h3", "checkout is slow").await;
    browser.clicks(window, ".message .button", "Acknowledge").await;
    browser.reads_in(window, ".message", "Acknowledged by @ana").await;

    // Its thread, and a word in it.
    browser.clicks(window, ".message .replies", "repl").await;
    browser.reads_in(window, "#thread .message", "acknowledged").await;
    browser
        .reads(window, "document.querySelector('#thread textarea').focus()")
        .await;
    browser.types(window, "note it began at nine").await;
    browser.presses(window, "Enter").await;
    browser.reads_in(window, "#thread .message", "it began at nine").await;
    assert_eq!(browser.reads(window, NAMELESS).await, serde_json::json!([]));

    // A form with nonsense in it: the word is said at its field, what was typed stays.
    browser.clicks(window, "#main .message .button", "Snooze…").await;
    browser.sees(window, "document.querySelector('dialog .field')").await;
    assert_eq!(browser.reads(window, NAMELESS).await, serde_json::json!([]));
    browser
        .reads(window, "document.querySelector('dialog input').select()")
        .await;
    browser.types(window, "until the cows come home").await;
    browser.clicks(window, "dialog .button.primary", "").await;
    browser
        .sees(window, "document.querySelector('dialog [data-error]:not(:empty)')")
        .await;
    let kept = browser
        .reads(window, "document.querySelector('dialog input').value")
        .await;
    assert_eq!(kept, "until the cows come home");
    browser.presses(window, "Escape").await;
    browser.sees(window, "!document.querySelector('dialog')").await;

    // A loud button asks first.
    browser.clicks(window, "#main .message .button", "Escalate").await;
    browser.sees(window, "document.querySelector('dialog.small')").await;
    browser.clicks(window, "dialog.small .button", "").await;
    browser.sees(window, "!document.querySelector('dialog')").await;

    // An emoji, put there with the mouse.
    browser.clicks(window, "#thread .message .tool", "🙂").await;
    browser.clicks(window, ".popover .tool", "👀").await;
    browser.reads_in(window, "#thread .reaction", "👀 1").await;

    // Whoever is paged sees it in a window of their own, narrow as a phone.
    let paged = browser
        .reads(
            window,
            "[...document.querySelectorAll('#thread .mention')].map((it) => it.innerText.slice(1))[0]",
        )
        .await;
    let members = live.workspace().members();
    let paged = members
        .iter()
        .find(|member| paged == member.name)
        .expect("whoever was paged");
    let phone = &browser
        .opens(&format!("{}#{}/D{}", live.address(), paged.id, &paged.id[1..]), 390)
        .await;
    browser.reads_in(phone, "#messages .message", "checkout is slow").await;
    browser.reads_in(phone, "#messages .message", "You were paged").await;
    let fits = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(
        browser.reads(phone, fits).await,
        true,
        "nothing is wider than the phone"
    );

    // The Home tab, and the clock.
    browser.clicks(window, "#places .place", "Home").await;
    browser.sees(window, "document.querySelector('#home .block')").await;
    let before = browser.reads(window, "document.querySelector('#now').innerText").await;
    browser.clicks(window, "[data-pass='10']", "").await;
    browser
        .sees(
            window,
            &format!("document.querySelector('#now').innerText.slice(0, -3) !== {before}.slice(0, -3)"),
        )
        .await;

    assert_eq!(browser.complaints(), [""; 0]);
    assert_eq!(live.workspace().complaints(), [""; 0]);
    live.close().await.unwrap();
}

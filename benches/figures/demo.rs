//! The demo's page: until it is there, and until it shows what somebody did.

use anyhow::Context as _;
use nightbell::clock::{Clock, monotonic};
use nightbell::demo::{Live, Options};
use serde_json::json;

use crate::{Figure, milliseconds};

/// Messages sent one after the other.
const MESSAGES: u32 = 50;

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let http = reqwest::Client::builder()
        .tls_certs_only(std::iter::empty::<reqwest::Certificate>())
        .no_proxy()
        .build()?;
    let begun = monotonic();
    let live = Live::open(Options::default(), Clock::System.now()).await?;
    let address = live.address();
    http.get(&address).send().await?.error_for_status()?.bytes().await?;
    let ready = begun.elapsed();

    let ops = {
        let ana = live.workspace().person("U0001").context("the first of the people")?;
        let places = live.workspace().places(&ana).into_iter();
        let mut named = places.filter(|place| place.name == "general");
        named.next().context("a channel")?.id
    };
    let mut feed = http.get(format!("{address}feed?by=U0001")).send().await?;
    let origin = address.split('/').take(3).collect::<Vec<_>>().join("/");
    let mut slowest = std::time::Duration::ZERO;
    for number in 0..MESSAGES {
        let text = format!("number {number} of many");
        let act = json!({"by": "U0001", "do": "type", "channel": ops, "text": text});
        let begun = monotonic();
        let sent = http
            .post(format!("{address}act"))
            .header("origin", &origin)
            .header("content-type", "application/json")
            .body(act.to_string())
            .send();
        let shown = async {
            let mut read = String::new();
            while !read.contains(&text) {
                let chunk = feed.chunk().await?.context("the feed has ended")?;
                read.push_str(&String::from_utf8_lossy(&chunk));
            }
            anyhow::Ok(begun.elapsed())
        };
        let (sent, shown) = tokio::join!(sent, shown);
        sent?.error_for_status()?;
        slowest = slowest.max(shown?);
    }
    live.close().await?;
    Ok(vec![
        Figure {
            what: "the demo's page is there".to_owned(),
            measured: milliseconds(ready),
            target: "under 1 s",
        },
        Figure {
            what: format!("what somebody does is shown in the page, the slowest of {MESSAGES}"),
            measured: milliseconds(slowest),
            target: "under 100 ms",
        },
    ])
}

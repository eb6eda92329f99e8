//! Sending, to servers of our own on this machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::{Actions, Limits, Secrets, Settings};
use crate::domain::ids::RunId;
use crate::domain::run::{Answer, Doubt, Heard, Hindrance, Order};
use crate::domain::runbook::{HttpRequest, Site, Values};

/// A server that answers everything with the same bytes, then closes; without any it never answers.
async fn server(answer: &'static [u8]) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 64 * 1024];
            let read = stream.read(&mut bytes).await.unwrap_or_default();
            log.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&bytes[..read]).into_owned());
            if answer.is_empty() {
                open.push(stream);
            } else {
                stream.write_all(answer).await.ok();
            }
        }
    });
    (port, heard)
}

fn order(url: &str, is_private: bool) -> Order {
    Order {
        run: RunId(1),
        number: 1,
        request: HttpRequest {
            method: "POST".to_owned(),
            url: url.to_owned(),
            headers: vec![
                ("Authorization".to_owned(), "Basic bot:{{env.TOKEN}}".to_owned()),
                ("Content-Type".to_owned(), "application/json".to_owned()),
            ],
            body: r#"{"server": "{{server}}", "token": "{{env.TOKEN}}"}"#.to_owned(),
        },
        values: Values::from([("server".to_owned(), "db \"3\"".to_owned())]),
        site: Site {
            host: "127.0.0.1".to_owned(),
            port: None,
            is_private,
        },
        is_secret: false,
    }
}

fn settings() -> Settings {
    Settings {
        secrets: Secrets::new(|name| (name == "TOKEN").then(|| "s3cret-value\n".to_owned())),
        limits: Limits::default(),
    }
}

async fn answer(order: &Order, settings: &Settings) -> Answer {
    super::send::send(order, settings).await
}

#[tokio::test]
async fn what_is_sent_is_filled_in_and_what_comes_back_has_no_secret_in_it() {
    // The second is `bot:s3cret-value` as `Basic` has it.
    let (port, heard) = server(
        b"HTTP/1.1 201 Created\r\nLocation: http://x/queue/7?t=s3cret-value\r\nContent-Length: 51\r\n\r\nqueued for s3cret-value\nBasic Ym90OnMzY3JldC12YWx1ZQ",
    )
    .await;
    let order = order(
        &format!("http://127.0.0.1:{port}/job/{{{{server}}}}?t={{{{env.TOKEN}}}}"),
        true,
    );
    let came = answer(&order, &settings()).await;
    let Answer::Answered {
        status: 201,
        location: Some(location),
        excerpt,
        ..
    } = came
    else {
        panic!("{came:?}")
    };
    assert_eq!(location, "http://x/queue/7?t=•••");
    assert!(excerpt.starts_with("queued for •••\n"), "{excerpt}");
    let heard = heard.lock().unwrap().concat();
    assert!(
        heard.starts_with("POST /job/db%20%223%22?t=s3cret-value HTTP/1.1\r\n"),
        "{heard}"
    );
    assert!(
        heard.contains("authorization: Basic Ym90OnMzY3JldC12YWx1ZQ==\r\n"),
        "{heard}"
    );
    assert!(
        heard.ends_with(r#"{"server": "db \"3\"", "token": "s3cret-value"}"#),
        "{heard}"
    );
}

#[tokio::test]
async fn a_secret_as_basic_has_it_is_masked_too() {
    let (port, _) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nBasic Ym90OnMzY3JldC12YWx1ZQ==").await;
    let came = answer(&order(&format!("http://127.0.0.1:{port}/"), true), &settings()).await;
    assert!(
        matches!(&came, Answer::Answered { excerpt, .. } if excerpt == "Basic •••"),
        "{came:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_shown_and_not_followed() {
    let (port, heard) =
        server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await;
    let came = answer(&order(&format!("http://127.0.0.1:{port}/"), true), &settings()).await;
    let is_shown =
        matches!(&came, Answer::Answered { status: 302, location: Some(to), .. } if to == "http://127.0.0.1:1/");
    assert!(is_shown, "{came:?}");
    assert_eq!(heard.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_private_address_is_not_called_unless_it_is_allowed() {
    let (port, heard) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let came = answer(&order(&format!("https://{host}:{port}/"), false), &settings()).await;
        let is_refused = matches!(
            &came,
            Answer::NotSent {
                why: Hindrance::Private { .. }
            }
        );
        assert!(is_refused, "{host}: {came:?}");
    }
    assert_eq!(heard.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn what_could_not_be_sent_is_told_from_what_may_have_been_heard() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let came = answer(&order(&format!("http://127.0.0.1:{closed}/"), true), &settings()).await;
    let refused = Hindrance::NoConnection { cause: String::new() };
    assert!(
        matches!(&came, Answer::NotSent { why } if std::mem::discriminant(why) == std::mem::discriminant(&refused)),
        "{came:?}"
    );
    let none = Settings {
        secrets: Secrets::default(),
        ..settings()
    };
    assert_eq!(
        answer(&order(&format!("http://127.0.0.1:{closed}/"), true), &none).await,
        Answer::NotSent {
            why: Hindrance::Unset {
                name: "TOKEN".to_owned()
            }
        }
    );
    let (port, heard) = server(b"").await;
    let impatient = Settings {
        limits: Limits {
            answer: Duration::from_millis(50),
            ..Limits::default()
        },
        ..settings()
    };
    let came = answer(&order(&format!("http://127.0.0.1:{port}/"), true), &impatient).await;
    assert!(
        matches!(
            came,
            Answer::Unknown {
                why: Doubt::Silence { .. }
            }
        ),
        "{came:?}"
    );
    assert_eq!(heard.lock().unwrap().len(), 1, "it was sent, once");
    let (port, _) = server(b"nonsense").await;
    let came = answer(&order(&format!("http://127.0.0.1:{port}/"), true), &settings()).await;
    assert!(matches!(came, Answer::Unknown { why: Doubt::Cut { .. } }), "{came:?}");
}

#[tokio::test]
async fn a_large_answer_is_read_only_so_far_and_a_secret_step_keeps_none_of_it() {
    let (port, _) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nthe beginning of much more").await;
    let small = Settings {
        limits: Limits {
            body: 13,
            ..Limits::default()
        },
        ..settings()
    };
    let mut order = order(&format!("http://127.0.0.1:{port}/"), true);
    let came = answer(&order, &small).await;
    assert!(
        matches!(&came, Answer::Answered { excerpt, .. } if excerpt == "the beginning\n…"),
        "{came:?}"
    );
    order.is_secret = true;
    let came = answer(&order, &small).await;
    assert!(
        matches!(&came, Answer::Answered { status: 200, excerpt, .. } if excerpt.is_empty()),
        "{came:?}"
    );
}

#[tokio::test]
async fn too_many_at_once_are_refused_and_what_waits_at_the_end_is_not_sent() {
    let (port, heard) = server(b"").await;
    let (orders, ordered) = mpsc::channel(super::CAPACITY);
    let (mailbox, mut letters) = mpsc::channel::<Heard>(super::CAPACITY);
    let (stop, shutdown) = watch::channel(false);
    let settings = Settings {
        limits: Limits {
            answer: Duration::from_millis(300),
            ..Limits::default()
        },
        ..settings()
    };
    let actions = Actions {
        settings,
        orders: ordered,
        heard: mailbox,
        shutdown,
    };
    let running = tokio::spawn(actions.run());
    for number in 1..=super::AT_ONCE as u64 + 1 {
        let order = Order {
            number,
            ..order(&format!("http://127.0.0.1:{port}/"), true)
        };
        orders.send(order).await.unwrap();
    }
    let first = letters.recv().await.unwrap();
    assert_eq!(first.number, super::AT_ONCE as u64 + 1);
    assert_eq!(first.answer, Answer::NotSent { why: Hindrance::Busy });
    stop.send_replace(true);
    let mut rest = 0;
    while let Some(heard) = letters.recv().await {
        assert!(matches!(heard.answer, Answer::Unknown { .. }), "{heard:?}");
        rest += 1;
    }
    running.await.unwrap();
    assert_eq!(rest, super::AT_ONCE, "what was under way is waited for");
    assert_eq!(heard.lock().unwrap().len(), super::AT_ONCE);
    assert!(orders.is_closed());
}

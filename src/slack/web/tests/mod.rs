//! Every answer Slack can give, and what we make of it.

mod asking;
mod sharing;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::slack::call::{Answer, Call, Message, Receipt, Replace};
use crate::slack::fake::{Answered, Fake};
use crate::slack::{ResponseUrl, Secret};

fn post() -> Call {
    Call::PostMessage {
        channel: "C1".into(),
        thread: None,
        broadcast: false,
        message: Message::plain("disk full"),
    }
}

fn update() -> Call {
    Call::UpdateMessage {
        channel: "C1".into(),
        ts: "1.1".into(),
        message: Message::plain("disk full"),
    }
}

fn ok(more: &Value) -> Answered {
    let mut answer = json!({"ok": true});
    answer
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Answered::json(&answer)
}

fn refusal(code: &str) -> Answered {
    Answered::json(&json!({"ok": false, "error": code}))
}

/// What `call` comes to when Slack answers `answered`.
async fn outcome(call: &Call, answered: Answered) -> Answer {
    let fake = Fake::start().await;
    fake.answers([answered]);
    fake.web().deliver(call, 17).await
}

fn again(why: &str) -> Answer {
    Answer::Again { why: why.into() }
}

fn unknown(why: &str) -> Answer {
    Answer::Unknown { why: why.into() }
}

fn wait(seconds: u64) -> Answer {
    Answer::Wait {
        until: Duration::from_secs(seconds),
    }
}

fn refused(code: &str, detail: &[&str]) -> Answer {
    Answer::Refused {
        code: code.into(),
        detail: detail.iter().map(|&text| text.to_owned()).collect(),
    }
}

fn unauthorized(code: &str) -> Answer {
    Answer::Unauthorized { code: code.into() }
}

#[tokio::test]
async fn a_post_says_what_it_is_who_it_is_from_and_which_entry_it_was() {
    let fake = Fake::start().await;
    fake.answers([ok(
        &json!({"channel": "D7", "ts": "2.000100", "message": {"metadata": {"event_payload": {"n": 1}}}}),
    )]);
    let call = Call::PostMessage {
        channel: "U1".into(),
        thread: Some("1.1".into()),
        broadcast: true,
        message: Message {
            text: "disk full".into(),
            blocks: Some(vec![json!({"type": "divider"})]),
        },
    };
    let answer = fake.web().deliver(&call, 17).await;
    assert_eq!(
        answer,
        Answer::Done(Some(Receipt {
            channel: "D7".into(),
            ts: "2.000100".into()
        }))
    );
    let asked = &fake.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.token.as_str()),
        ("chat.postMessage", "Bearer xoxb-1")
    );
    assert_eq!(asked.content_type, "application/json; charset=utf-8");
    let expected = json!({"channel": "U1", "text": "disk full", "blocks": [{"type": "divider"}], "thread_ts": "1.1", "reply_broadcast": true,
        "unfurl_links": false, "unfurl_media": false, "metadata": {"event_type": "nightbell_outbox", "event_payload": {"entry": "17"}}});
    assert_eq!(asked.body, expected);
}

#[tokio::test]
async fn every_other_call_has_the_body_slack_wants() {
    let fake = Fake::start().await;
    fake.always(ok(&json!({})));
    let message = Message::plain("x");
    let url = || ResponseUrl::new(format!("{}/hook", fake.address));
    let view = json!({"type": "modal"});
    let cases = [
        (
            update(),
            "chat.update",
            json!({"channel": "C1", "ts": "1.1", "text": "disk full", "parse": "none"}),
        ),
        (
            Call::PostEphemeral {
                channel: "C1".into(),
                user: "U1".into(),
                thread: Some("1.1".into()),
                message: message.clone(),
            },
            "chat.postEphemeral",
            json!({"channel": "C1", "user": "U1", "thread_ts": "1.1", "text": "x"}),
        ),
        (
            Call::Respond {
                url: url(),
                replace: Replace::Nothing,
                message: message.clone(),
            },
            "hook",
            json!({"text": "x", "response_type": "ephemeral", "replace_original": false}),
        ),
        (
            Call::Respond {
                url: url(),
                replace: Replace::Original,
                message,
            },
            "hook",
            json!({"text": "x", "replace_original": true}),
        ),
        (
            Call::OpenView {
                trigger: "1.2".into(),
                view: view.clone(),
            },
            "views.open",
            json!({"trigger_id": "1.2", "view": view}),
        ),
        (
            Call::UpdateView {
                view_id: "V1".into(),
                hash: Some("h".into()),
                view: view.clone(),
            },
            "views.update",
            json!({"view_id": "V1", "hash": "h", "view": view}),
        ),
        (
            Call::PublishHome {
                user: "U1".into(),
                view: view.clone(),
            },
            "views.publish",
            json!({"user_id": "U1", "view": view}),
        ),
    ];
    for (call, method, body) in cases {
        assert_eq!(fake.web().deliver(&call, 1).await, Answer::Done(None), "{method}");
        let asked = fake.asked().pop().unwrap();
        assert_eq!((asked.method.as_str(), &asked.body), (method, &body));
        assert_eq!(asked.token.is_empty(), method == "hook", "a response URL gets no token");
    }
}

#[tokio::test]
async fn each_class_of_error_leads_to_its_own_next_step() {
    let limited = |status, body: &str| Answered::status(status, body).with("date", "Sat, 21 Nov 2026 10:00:00 GMT");
    let body = r#"{"ok":false,"error":"ratelimited"}"#;
    let detailed = json!({"ok": false, "error": "invalid_blocks", "errors": ["no text"],
        "response_metadata": {"messages": ["[ERROR] must be shorter [json-pointer:/blocks/0/text]"]}});
    let cases = [
        (post(), refusal("channel_not_found"), refused("channel_not_found", &[])),
        (
            post(),
            refusal("a_code_of_tomorrow"),
            refused("a_code_of_tomorrow", &[]),
        ),
        (
            post(),
            Answered::json(&detailed),
            refused(
                "invalid_blocks",
                &["no text", "[ERROR] must be shorter [json-pointer:/blocks/0/text]"],
            ),
        ),
        (post(), refusal("token_revoked"), unauthorized("token_revoked")),
        (post(), refusal("missing_scope"), unauthorized("missing_scope")),
        (post(), refusal("already_reacted"), Answer::Done(None)),
        (post(), refusal("internal_error"), unknown("internal_error")),
        (update(), refusal("fatal_error"), again("fatal_error")),
        (post(), Answered::status(503, "<html>"), unknown("http status 503")),
        (update(), Answered::status(502, ""), again("http status 502")),
        (
            post(),
            Answered::status(302, "").with("location", "http://127.0.0.1:1/login"),
            again("http status 302 from something that is not Slack"),
        ),
        (post(), Answered::status(404, "nothing"), refused("http_404", &[])),
        (post(), limited(429, body).with("retry-after", "7"), wait(7)),
        (post(), limited(200, body).with("retry-after", "0"), wait(1)),
        (post(), limited(200, r#"{"ok":false,"error":"rate_limited"}"#), wait(5)),
        (
            post(),
            limited(429, "").with("retry-after", "Sat, 21 Nov 2026 10:00:42 GMT"),
            wait(42),
        ),
        (post(), limited(429, "").with("retry-after", "soon"), wait(5)),
        (post(), limited(429, "").with("retry-after", "999999999"), wait(300)),
        (post(), ok(&json!({"channel": 7, "ts": null})), Answer::Done(None)),
        (
            post(),
            ok(&json!({"channel": {"id": "C1"}, "message": []})),
            Answer::Done(None),
        ),
    ];
    for (call, answered, expected) in cases {
        assert_eq!(outcome(&call, answered.clone()).await, expected, "{answered:?}");
    }
    for garbled in ["ok", "", "{\"ok\":true,\"chan", "{}", "[]"] {
        assert!(
            matches!(
                outcome(&post(), Answered::status(200, garbled)).await,
                Answer::Unknown { .. }
            ),
            "{garbled}"
        );
        assert!(
            matches!(
                outcome(&update(), Answered::status(200, garbled)).await,
                Answer::Again { .. }
            ),
            "{garbled}"
        );
    }
}

#[tokio::test]
async fn a_response_url_is_answered_in_plain_words() {
    let cases = [
        (Answered::status(200, "ok"), Answer::Done(None)),
        (Answered::status(404, "used_url"), refused("used_url", &[])),
        (Answered::status(404, "<html>gone</html>"), refused("http_404", &[])),
        (
            Answered::status(200, r#"{"ok":false,"error":"expired_url"}"#),
            refused("expired_url", &[]),
        ),
        (Answered::status(429, "").with("retry-after", "3"), wait(3)),
        (Answered::status(500, "oops"), unknown("http status 500")),
    ];
    for (answered, expected) in cases {
        let fake = Fake::start().await;
        fake.answers([answered]);
        let url = ResponseUrl::new(format!("{}/hook", fake.address));
        let call = Call::Respond {
            url,
            replace: Replace::Nothing,
            message: Message::plain("x"),
        };
        assert_eq!(fake.web().deliver(&call, 1).await, expected);
    }
    for url in ["", "nonsense", "file:///etc/passwd"] {
        let call = Call::Respond {
            url: ResponseUrl::new(url),
            replace: Replace::Nothing,
            message: Message::plain("x"),
        };
        let answer = Fake::start().await.web().deliver(&call, 1).await;
        assert_eq!(answer, refused("unusable_response_url", &[]));
    }
}

#[tokio::test]
async fn a_connection_that_was_refused_may_be_tried_again_but_one_that_was_cut_must_be_looked_after() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api", listener.local_addr().unwrap());
    let web = Web::new(&address, &Secret::new("xoxb-1"), &Secret::new("xapp-1")).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"ok\":tr")
            .await
            .unwrap();
        // Both the connection and the listener end here.
    });
    assert!(matches!(web.deliver(&post(), 1).await, Answer::Unknown { .. }));
    assert!(matches!(web.deliver(&post(), 1).await, Answer::Again { .. }));
}

#[tokio::test]
async fn an_answer_without_end_is_not_kept() {
    let huge = Answered::status(200, &"x".repeat(9 * 1024 * 1024));
    assert!(matches!(outcome(&post(), huge).await, Answer::Unknown { why } if why.contains("larger")));
}

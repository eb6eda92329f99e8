//! Every answer Slack can give, and what we make of it.

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

#[tokio::test]
async fn a_post_of_unknown_fate_is_found_by_its_entry() {
    let fake = Fake::start().await;
    let other = json!({"ts": "1.1", "metadata": {"event_type": "theirs", "event_payload": {"entry": "17", "n": [1]}}});
    let ours = json!({"ts": "1.2", "metadata": {"event_type": "nightbell_outbox", "event_payload": {"entry": "17"}}});
    fake.answers([
        ok(&json!({"channel": {"id": "D9"}})),
        ok(&json!({"messages": [other], "response_metadata": {"next_cursor": "more"}})),
        ok(&json!({"messages": [7, ours], "response_metadata": {"next_cursor": ""}})),
    ]);
    let since = chrono::DateTime::from_timestamp(1_763_683_200, 250_000_000).unwrap();
    let found = fake.web().find_posted("U1", None, 17, since).await;
    assert_eq!(
        found,
        Ok(Some(Receipt {
            channel: "D9".into(),
            ts: "1.2".into()
        }))
    );
    let asked = fake.asked();
    assert_eq!(
        asked.iter().map(|asked| asked.method.as_str()).collect::<Vec<_>>(),
        ["conversations.open", "conversations.history", "conversations.history"]
    );
    assert_eq!(asked[1].query["oldest"], "1763683200.250000");
    assert_eq!(
        (asked[1].query["channel"].as_str(), asked[2].query["cursor"].as_str()),
        ("D9", "more")
    );
    assert_eq!(asked[1].query["include_all_metadata"], "true");
}

#[tokio::test]
async fn looking_for_a_post_says_no_only_when_everything_was_seen() {
    let fake = Fake::start().await;
    fake.answers([ok(&json!({"messages": []}))]);
    let since = chrono::DateTime::UNIX_EPOCH;
    assert_eq!(fake.web().find_posted("C1", Some("1.1"), 17, since).await, Ok(None));
    let asked = fake.asked();
    assert_eq!(
        (asked[0].method.as_str(), asked[0].query["ts"].as_str()),
        ("conversations.replies", "1.1")
    );

    fake.always(ok(
        &json!({"messages": [], "response_metadata": {"next_cursor": "on and on"}}),
    ));
    assert!(matches!(
        fake.web().find_posted("C1", None, 17, since).await,
        Err(Answer::Unknown { .. })
    ));
    fake.always(refusal("not_in_channel"));
    assert_eq!(
        fake.web().find_posted("C1", None, 17, since).await,
        Err(refused("not_in_channel", &[]))
    );
    fake.always(Answered::status(429, "").with("retry-after", "9"));
    assert_eq!(fake.web().find_posted("C1", None, 17, since).await, Err(wait(9)));
    fake.always(Answered::status(500, ""));
    assert!(matches!(
        fake.web().find_posted("C1", None, 17, since).await,
        Err(Answer::Again { .. })
    ));
}

#[tokio::test]
async fn the_bot_learns_who_it_is_what_it_may_do_and_slacks_time() {
    let fake = Fake::start().await;
    let tested = json!({"url": "https://acme.slack.com/", "team": "Acme", "team_id": "T1", "user": "nightbell", "user_id": "UB", "bot_id": "B1"});
    fake.answers([ok(&tested)
        .with("x-oauth-scopes", "chat:write, commands")
        .with("date", "Sat, 21 Nov 2026 10:00:00 GMT")]);
    let identity = fake.web().auth().await.unwrap();
    assert_eq!(
        (
            identity.bot_user.as_str(),
            identity.bot.as_str(),
            identity.team.as_str()
        ),
        ("UB", "B1", "T1")
    );
    assert_eq!(identity.scopes, ["chat:write", "commands"].map(str::to_owned).into());
    assert_eq!(identity.slack_time, Some("2026-11-21T10:00:00Z".parse().unwrap()));

    fake.answers([ok(&json!({"user_id": "U1", "team_id": "T1"}))]);
    let error = fake.web().auth().await.unwrap_err();
    assert_eq!(
        error,
        WebError::Misplaced {
            token: Token::Bot,
            found: "a token that is no bot's"
        }
    );
    fake.answers([refusal("account_inactive")]);
    let error = fake.web().auth().await.unwrap_err();
    assert_eq!(
        error,
        WebError::Unauthorized {
            token: Token::Bot,
            code: "account_inactive".into()
        }
    );
}

#[tokio::test]
async fn lists_are_read_to_their_end_and_one_strange_entry_costs_only_itself() {
    let fake = Fake::start().await;
    let ana = json!({"id": "U1", "team_id": "T1", "name": "ana", "tz": "Europe/Berlin", "is_restricted": false,
        "profile": {"display_name": "Ana", "real_name": "Ana Alba", "email": "ana@acme.test", "fields": []}});
    let bot = json!({"id": "U2", "name": "robot", "is_bot": true, "deleted": true, "tz": null, "profile": null});
    fake.answers([
        ok(&json!({"members": [ana, {"name": "nobody"}, 7], "response_metadata": {"next_cursor": "two"}})),
        ok(&json!({"members": [bot, {"id": "U3", "is_ultra_restricted": true}]})),
    ]);
    let people = fake.web().people().await.unwrap();
    assert_eq!(
        people.iter().map(|person| person.kind).collect::<Vec<_>>(),
        [PersonKind::Member, PersonKind::Bot, PersonKind::Guest]
    );
    let expected = Person {
        id: "U1".into(),
        name: "ana".into(),
        display_name: Some("Ana".into()),
        real_name: Some("Ana Alba".into()),
        email: Some("ana@acme.test".into()),
        time_zone: Some("Europe/Berlin".into()),
        team_id: Some("T1".into()),
        kind: PersonKind::Member,
        deleted: false,
    };
    assert_eq!(people[0], expected);
    assert!(people[1].deleted);
    let asked = fake.asked();
    assert_eq!(
        (asked[0].query.get("cursor"), asked[1].query["cursor"].as_str()),
        (None, "two")
    );

    fake.answers([ok(&json!({"channels": [{"id": "C1", "name": "ops", "is_private": true, "is_archived": false, "is_member": true}]}))]);
    let ops = Channel {
        id: "C1".into(),
        name: "ops".into(),
        private: true,
        archived: false,
        member: true,
    };
    assert_eq!(fake.web().channels().await.unwrap(), [ops]);

    fake.answers([ok(&json!({"usergroups": [{"id": "S1", "handle": "oncall", "name": "On call", "users": ["U1"], "user_count": "1"}]}))]);
    let group = UserGroup {
        id: "S1".into(),
        handle: "oncall".into(),
        name: "On call".into(),
        users: vec!["U1".into()],
    };
    assert_eq!(fake.web().user_groups().await.unwrap(), [group]);
}

#[tokio::test]
async fn a_list_sits_out_a_rate_limit_and_names_a_missing_scope() {
    let fake = Fake::start().await;
    fake.answers([
        Answered::status(429, "").with("retry-after", "1"),
        ok(&json!({"members": [{"id": "U1"}]})),
    ]);
    assert_eq!(fake.web().people().await.unwrap().len(), 1);
    fake.answers([Answered::json(
        &json!({"ok": false, "error": "missing_scope", "needed": "users:read", "provided": "chat:write"}),
    )]);
    let error = fake.web().people().await.unwrap_err();
    assert!(
        error.to_string().contains("users:read") && error.to_string().contains("OAuth & Permissions"),
        "{error}"
    );
}

#[tokio::test]
async fn one_person_or_channel_may_be_none() {
    let fake = Fake::start().await;
    fake.answers([
        ok(&json!({"user": {"id": "U1"}})),
        refusal("user_not_found"),
        refusal("channel_not_found"),
        refusal("invalid_auth"),
    ]);
    let web = fake.web();
    assert_eq!(web.person("U1").await.unwrap().unwrap().id, "U1");
    assert_eq!(web.person("U2").await.unwrap(), None);
    assert_eq!(web.channel("C1").await.unwrap(), None);
    assert!(matches!(web.channel("C1").await, Err(WebError::Unauthorized { .. })));
    assert_eq!(fake.asked()[0].query["user"], "U1");
}

#[tokio::test]
async fn a_connection_is_opened_with_the_app_token_and_only_to_a_websocket() {
    let fake = Fake::start().await;
    fake.answers([
        ok(&json!({"url": "ws://127.0.0.1:1/link?ticket=t"})),
        ok(&json!({"url": "https://example.org"})),
        refusal("not_allowed_token_type"),
    ]);
    let web = fake.web();
    assert_eq!(web.open_connection().await.unwrap().query(), Some("ticket=t"));
    assert!(matches!(web.open_connection().await, Err(WebError::Unreachable { .. })));
    let error = web.open_connection().await.unwrap_err().to_string();
    assert!(
        error.contains("SLACK_APP_TOKEN") && error.contains("App-Level Tokens"),
        "{error}"
    );
    assert_eq!(fake.asked()[0].token, "Bearer xapp-1");
}

#[test]
fn wrong_tokens_and_addresses_are_seen_before_anything_is_sent() {
    let web = |base: &str, bot: &str, app: &str| Web::new(base, &Secret::new(bot), &Secret::new(app)).map(drop);
    let base = "http://127.0.0.1:1/api";
    assert_eq!(web(base, "xoxb-1", "xapp-1\n"), Ok(()));
    assert_eq!(web(base, " ", "xapp-1"), Err(WebError::Missing { token: Token::Bot }));
    for (bot, app, wrong) in [
        ("xapp-1", "xapp-1", Token::Bot),
        ("xoxb-1", "xoxb-1", Token::App),
        ("xoxp-1", "xapp-1", Token::Bot),
        ("xo xb", "xapp-1", Token::Bot),
    ] {
        let error = web(base, bot, app).unwrap_err();
        assert!(
            matches!(error, WebError::Misplaced { token, .. } if token == wrong),
            "{error}"
        );
        assert!(error.to_string().contains(wrong.variable()) && error.to_string().contains(wrong.whereabouts()));
    }
    for base in ["", "slack.com/api", "ftp://slack.com"] {
        assert!(
            matches!(web(base, "xoxb-1", "xapp-1"), Err(WebError::Address { .. })),
            "{base}"
        );
    }
}

#[tokio::test]
async fn no_token_shows_in_a_debug_print() {
    let printed = format!("{:?}", Fake::start().await.web());
    assert!(!printed.contains("xoxb") && !printed.contains("xapp"), "{printed}");
}

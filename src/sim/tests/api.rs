//! The Web API refuses what Slack refuses.

use super::*;

fn without(manifest: &str, pointer: &str, word: &str) -> String {
    let mut manifest: Value = serde_json::from_str(manifest).unwrap();
    let list = manifest.pointer_mut(pointer).and_then(Value::as_array_mut).unwrap();
    list.retain(|item| item != word);
    manifest.to_string()
}

#[tokio::test]
async fn a_missing_scope_says_what_is_needed_and_what_was_granted() {
    let slack = Slack::with(&without(MANIFEST, "/oauth_config/scopes/bot", "chat:write")).await;
    let answer = slack.posts("hello").await;
    assert_eq!(
        (&answer["error"], &answer["needed"]),
        (&json!("missing_scope"), &json!("chat:write"))
    );
    assert!(answer["provided"].as_str().unwrap().contains("users:read"));
}

#[tokio::test]
async fn tokens_are_told_apart() {
    let slack = Slack::open().await;
    let error = |answer: Value| answer["error"].clone();
    let app = slack.workspace.app_token();
    assert_eq!(
        error(slack.calls_as(&app, "auth.test", json!({})).await),
        "not_allowed_token_type"
    );
    assert_eq!(
        error(slack.calls_as("xoxb-other", "auth.test", json!({})).await),
        "invalid_auth"
    );
    slack.workspace.revoke();
    assert_eq!(error(slack.calls("auth.test", json!({})).await), "token_revoked");
}

#[tokio::test]
async fn methods_and_arguments_nobody_knows_fail_and_are_written_down() {
    let slack = Slack::open().await;
    assert_eq!(slack.calls("chat.shout", json!({})).await["error"], "unknown_method");
    let answer = slack
        .calls(
            "chat.postMessage",
            json!({"channel": slack.ops(), "text": "x", "colour": "red"}),
        )
        .await;
    assert_eq!(answer["error"], "invalid_arguments");
    assert_eq!(slack.workspace.complaints().len(), 2);
}

#[tokio::test]
async fn blocks_have_slacks_shapes_and_limits() {
    let slack = Slack::open().await;
    let header = |text: String| json!({"type": "header", "text": {"type": "plain_text", "text": text}});
    let button = |id: &str| json!({"type": "button", "action_id": id, "text": {"type": "plain_text", "text": "Go"}});
    let cases = [
        (json!([header("x".repeat(151))]), "must be less than 151 characters"),
        (
            json!([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
            "unsupported type: mrkdwn",
        ),
        (json!([{"type": "banner"}]), "unsupported type: banner"),
        (json!([{"type": "section"}]), "text or fields are required"),
        (
            json!([{"type": "divider", "colour": "red"}]),
            "invalid additional property: colour",
        ),
        (
            json!([{"type": "actions", "elements": [button("a"), button("a")]}]),
            "action_id already exists",
        ),
        (
            json!([{"type": "actions", "elements": []}]),
            "must have at least 1 item",
        ),
        (json!(vec![json!({"type": "divider"}); 51]), "no more than 50 items"),
    ];
    for (blocks, why) in cases {
        let answer = slack
            .calls(
                "chat.postMessage",
                json!({"channel": slack.ops(), "text": "x", "blocks": blocks}),
            )
            .await;
        assert_eq!(answer["error"], "invalid_blocks", "{why}");
        assert!(
            answer["response_metadata"]["messages"].to_string().contains(why),
            "{why}: {answer}"
        );
    }
    let fits = slack
        .calls(
            "chat.postMessage",
            json!({"channel": slack.ops(), "text": "x", "blocks": [header("x".repeat(150))]}),
        )
        .await;
    assert_eq!(fits["ok"], true);
    assert_eq!(slack.posts(&"x".repeat(40_001)).await["error"], "msg_too_long");
    assert_eq!(slack.posts("  ").await["error"], "no_text");
}

#[tokio::test]
async fn channels_refuse_what_slack_lets_them_refuse() {
    let slack = Slack::open().await;
    let post = |channel: String| slack.calls("chat.postMessage", json!({"channel": channel, "text": "x"}));
    assert_eq!(post("C9999".to_owned()).await["error"], "channel_not_found");
    slack.workspace.remove_bot("#ops");
    assert_eq!(post(slack.ops()).await["error"], "not_in_channel");
    slack.workspace.archive("#ops");
    assert_eq!(post(slack.ops()).await["error"], "is_archived");
    slack.workspace.deactivate(&slack.ana);
    assert_eq!(post(slack.ana.id().to_owned()).await["error"], "channel_not_found");
}

#[tokio::test]
async fn a_channel_takes_a_burst_and_then_says_when_to_come_back() {
    let slack = Slack::open().await;
    for number in 0..6 {
        assert_eq!(slack.posts(&number.to_string()).await["ok"], true);
    }
    let url = format!("{}/chat.postMessage", slack.workspace.api_url());
    let body = json!({"channel": slack.ops(), "text": "one too many"});
    let limited = slack
        .http
        .post(url)
        .bearer_auth(slack.workspace.bot_token())
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(limited.status(), 429);
    assert_eq!(limited.headers()["retry-after"], "1");
    slack.passes(TimeDelta::seconds(1));
    assert_eq!(slack.posts("later").await["ok"], true);
}

#[tokio::test]
async fn lists_come_in_pages_and_do_not_read_json() {
    let slack = Slack::open().await;
    for number in 0..120 {
        slack.workspace.add_user(NewUser {
            name: format!("user{number}"),
            ..NewUser::default()
        });
    }
    let mut found = 0;
    let mut cursor = String::new();
    for _ in 0..10 {
        let page = slack.asks("users.list", &format!("limit=50&cursor={cursor}")).await;
        found += page["members"].as_array().unwrap().len();
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(found, 122, "everybody, ana and the bot");
    let posted = slack.calls("users.list", json!({"limit": 1})).await;
    assert!(
        posted["members"].as_array().unwrap().len() > 1,
        "a JSON body is ignored"
    );
}

#[tokio::test]
async fn a_message_is_found_again_by_what_was_hidden_in_it() {
    let slack = Slack::open().await;
    let metadata = json!({"event_type": "mark", "event_payload": {"entry": "7"}});
    slack
        .calls(
            "chat.postMessage",
            json!({"channel": slack.ops(), "text": "x", "metadata": metadata}),
        )
        .await;
    let hidden = slack
        .asks("conversations.history", &format!("channel={}", slack.ops()))
        .await;
    assert_eq!(
        hidden["messages"][0]["metadata"],
        Value::Null,
        "only who asks for it sees it"
    );
    let shown = slack
        .asks(
            "conversations.history",
            &format!("channel={}&include_all_metadata=true", slack.ops()),
        )
        .await;
    assert_eq!(shown["messages"][0]["metadata"], metadata);
}

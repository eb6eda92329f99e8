//! What Slack's own SDKs rely on and our client does not; `tests/it/sdk.rs` runs them where they can be had.

use super::*;

impl Slack {
    /// Calls a method with a form, which has the token too when there is no other.
    async fn sends(&self, method: &str, token: Option<&str>, form: &[(&str, &str)]) -> reqwest::Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self.http.post(format!("{}/{method}", self.workspace.api_url()));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send().await.unwrap()
    }

    /// The same with the bot's token; the answer.
    async fn fills_in(&self, method: &str, form: &[(&str, &str)]) -> Value {
        let token = self.workspace.bot_token();
        self.sends(method, Some(&token), form).await.json().await.unwrap()
    }
}

#[tokio::test]
async fn a_form_says_the_same_as_json() {
    let slack = Slack::open().await;
    let ops = slack.ops();
    let section = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "*all* is well & good"}}]).to_string();
    let form = [
        ("channel", ops.as_str()),
        ("text", "all is well"),
        ("blocks", &section),
        ("metadata", r#"{"event_type": "mark", "event_payload": {}}"#),
    ];
    let posted = slack.fills_in("chat.postMessage", &form).await;
    assert_eq!(posted["ok"], true, "{posted}");
    let messages = slack.workspace.messages("#ops");
    assert_eq!(messages[0].reads, "all is well & good");
    assert_eq!(messages[0].metadata.as_ref().unwrap()["event_type"], "mark");
    for (asked, marks) in [("0", 0), ("false", 0), ("1", 1), ("true", 1)] {
        let form = [("channel", ops.as_str()), ("include_all_metadata", asked)];
        let read = slack.fills_in("conversations.history", &form).await;
        let marked = read["messages"][0].get("metadata").into_iter().count();
        assert_eq!(marked, marks, "{asked}: {read}");
    }
    let broken = [("channel", ops.as_str()), ("blocks", "[{")];
    let refused = slack.fills_in("chat.postMessage", &broken).await;
    assert_eq!(refused["error"], "invalid_blocks_format");
    let changed = slack
        .fills_in(
            "chat.update",
            &[("channel", &ops), ("ts", &messages[0].ts), ("text", "it was")],
        )
        .await;
    assert_eq!(changed["message"]["text"], "it was");
}

#[tokio::test]
async fn people_of_a_group_are_a_list_or_words_with_commas() {
    let slack = Slack::open().await;
    let ben = slack.workspace.add_user(NewUser {
        name: "ben".to_owned(),
        ..NewUser::default()
    });
    let group = slack.workspace.add_usergroup("web", "Web", &[&slack.ana]);
    let both = format!("{},{}", slack.ana.id(), ben.id());
    let form = [("usergroup", group.as_str()), ("users", &both)];
    assert_eq!(slack.fills_in("usergroups.users.update", &form).await["ok"], true);
    assert_eq!(slack.workspace.group("web"), ["ana", "ben"]);
    let nobody = [("usergroup", group.as_str()), ("users", "")];
    let refused = slack.fills_in("usergroups.users.update", &nobody).await;
    assert_eq!(refused["error"], "no_users_provided");
}

#[tokio::test]
async fn a_token_comes_in_the_header_or_in_a_form_and_nowhere_else() {
    let slack = Slack::open().await;
    let (bot, app) = (slack.workspace.bot_token(), slack.workspace.app_token());
    let method = "auth.test";
    let cases = [
        (method.to_owned(), "token", bot.as_str(), Value::Null),
        (method.to_owned(), "token", "xoxb-other", json!("invalid_auth")),
        (format!("{method}?token={bot}"), "team_id", "T0SIM", json!("not_authed")),
        ("apps.connections.open".to_owned(), "token", &app, json!("not_authed")),
    ];
    for (method, name, value, error) in cases {
        let answer: Value = slack.sends(&method, None, &[(name, value)]).await.json().await.unwrap();
        assert_eq!(answer["error"], error, "{method} {name}");
    }
}

#[tokio::test]
async fn every_call_may_name_the_workspace_and_only_ours() {
    let slack = Slack::open().await;
    assert_eq!(slack.calls("auth.test", json!({"team_id": "T0SIM"})).await["ok"], true);
    let other = slack.calls("auth.test", json!({"team_id": "T0OTHER"})).await;
    assert_eq!(other["error"], "team_access_not_granted");
    assert_eq!(slack.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_says_which_scopes_there_are_and_which_would_have_done() {
    let slack = Slack::open().await;
    let token = slack.workspace.bot_token();
    let answer = slack.sends("users.list", Some(&token), &[]).await;
    assert_eq!(answer.headers()["x-accepted-oauth-scopes"], "users:read");
    let has = answer.headers()["x-oauth-scopes"].to_str().unwrap();
    assert!(has.split(',').any(|scope| scope == "chat:write"), "{has}");
}

#[tokio::test]
async fn an_empty_payload_says_nothing() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move {
        let event = listener.answers(Some(json!({}))).await;
        listener.answers(Some(json!({}))).await;
        event
    });
    slack.ana.types("#ops", "hello").await.unwrap();
    assert_eq!(slack.ana.types("#ops", "/alert list").await, Ok(None));
    let event = bot.await.unwrap();
    assert_eq!(
        (&event["retry_attempt"], &event["retry_reason"]),
        (&json!(0), &json!(""))
    );
    assert_eq!(slack.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_reply_says_whom_it_answers() {
    let slack = Slack::open().await;
    slack.posts("what is it?").await;
    let question = slack.workspace.messages("#ops").remove(0);
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move { listener.answers(None).await });
    slack.ana.replies(&question, "nothing").await.unwrap();
    let event = bot.await.unwrap()["payload"]["event"].clone();
    assert_eq!(
        (&event["thread_ts"], &event["parent_user_id"]),
        (&json!(question.ts), &json!("U0BOT"))
    );
}

#[tokio::test]
async fn a_view_comes_back_whole_and_what_has_no_name_gets_one() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move { listener.answers(None).await["payload"]["trigger_id"].clone() });
    slack.ana.types("#ops", "/alert").await.unwrap();
    let title = json!({"type": "plain_text", "text": "A form"});
    let view = json!({"type": "modal", "title": title, "callback_id": "form", "blocks": [{"type": "divider"}]});
    let opened = slack
        .calls("views.open", json!({"trigger_id": bot.await.unwrap(), "view": view}))
        .await;
    let shown = &opened["view"];
    assert_eq!((&shown["callback_id"], &shown["title"]), (&json!("form"), &title));
    assert_eq!(
        (&shown["id"], &shown["state"]),
        (&shown["root_view_id"], &json!({"values": {}}))
    );
    assert!(
        shown["hash"].is_string() && shown["blocks"][0]["block_id"].is_string(),
        "{shown}"
    );
}

#[tokio::test]
async fn a_connection_is_pinged_and_both_sides_say_goodbye() {
    let slack = Slack::open().await;
    let (mut first, _) = slack.listens().await;
    assert!(matches!(first.0.next().await, Some(Ok(Frame::Ping(said))) if !said.is_empty()));
    first.0.close(None).await.unwrap();
    assert!(matches!(first.0.next().await, Some(Ok(Frame::Close(_)))), "answered");
    let (mut second, _) = slack.listens().await;
    slack.workspace.disconnect(Disconnect::RefreshRequested);
    assert_eq!(second.hears().await["reason"], "refresh_requested");
    assert!(matches!(second.0.next().await, Some(Ok(Frame::Close(_)))), "said");
}

#[tokio::test]
async fn a_conversation_needs_the_scope_of_its_kind_only() {
    let mut manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    *manifest.pointer_mut("/oauth_config/scopes/bot").unwrap() = json!(["channels:read"]);
    let slack = Slack::with(&manifest.to_string()).await;
    let private = slack.workspace.add_channel("secret", ChannelKind::Private);
    let needed = async |method: &str, query: String| slack.asks(method, &query).await["needed"].clone();
    let info = "conversations.info";
    assert_eq!(needed(info, format!("channel={}", slack.ops())).await, Value::Null);
    assert_eq!(needed(info, format!("channel={private}")).await, "groups:read");
    let list = "conversations.list";
    assert_eq!(needed(list, String::new()).await, Value::Null);
    assert_eq!(
        needed(list, "types=public_channel,private_channel".to_owned()).await,
        "groups:read"
    );
}

#[tokio::test]
async fn errors_on_fields_that_do_not_exist_are_written_down() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move {
        let trigger = listener.answers(None).await["payload"]["trigger_id"].clone();
        (listener, trigger)
    });
    slack.ana.types("#ops", "/alert").await.unwrap();
    let (mut listener, trigger) = bot.await.unwrap();
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let field = json!({"type": "plain_text_input", "action_id": "typed"});
    let input = json!({"type": "input", "block_id": "why", "label": plain("Why?"), "element": field});
    let view = json!({"type": "modal", "title": plain("A form"), "submit": plain("Go"), "blocks": [input]});
    slack
        .calls("views.open", json!({"trigger_id": trigger, "view": view}))
        .await;
    let form = slack.workspace.views(&slack.ana).remove(0);
    let answers = [
        (json!({"response_action": "errors", "errors": {"why": "no"}}), 0),
        (json!({"response_action": "errors", "errors": {"typed": "no"}}), 1),
        (json!({"response_action": "errors", "errors": {}}), 2),
        (json!({"response_action": "vanish"}), 3),
    ];
    let expected: Vec<_> = answers.iter().map(|(_, complaints)| *complaints).collect();
    let bot = tokio::spawn(async move {
        for (answer, _) in answers {
            listener.answers(Some(answer)).await;
        }
    });
    for complaints in expected {
        slack.ana.submits(&form, &[("why", Fill::Text("so"))]).await.unwrap();
        assert_eq!(slack.workspace.complaints().len(), complaints);
    }
    bot.await.unwrap();
}

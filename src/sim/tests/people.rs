//! What people do reaches whoever listens, and only as Slack would let it.

use super::*;

#[tokio::test]
async fn a_command_the_manifest_does_not_declare_cannot_be_typed() {
    let slack = Slack::open().await;
    let refused = slack.ana.types("#ops", "/page everybody").await;
    assert!(matches!(refused, Err(ActError::NoSuchThing(_))), "{refused:?}");
    assert_eq!(
        slack.ana.types("#ops", "/alert help").await,
        Err(ActError::NoConnection),
        "nobody listens"
    );
}

#[tokio::test]
async fn a_command_carries_references_and_its_acknowledgement_the_answer() {
    let slack = Slack::open().await;
    slack.workspace.add_usergroup("web", "Web", &[&slack.ana]);
    let (mut listener, hello) = slack.listens().await;
    assert_eq!(
        (&hello["type"], &hello["num_connections"]),
        (&json!("hello"), &json!(1))
    );
    let bot = tokio::spawn(async move { listener.answers(Some(json!({"text": "hello <@U0BOT>"}))).await });
    let typed = slack
        .ana
        .types("#ops", "/alert <b> & @ana in #ops, @web: https://x.example a@b.example")
        .await;
    let answer = typed.unwrap().expect("an answer");
    assert_eq!(
        (answer.reads.as_str(), answer.only_to.as_deref()),
        ("hello @nightbell", Some(slack.ana.id()))
    );
    let envelope = bot.await.unwrap();
    assert_eq!(envelope["accepts_response_payload"], true);
    let text = envelope["payload"]["text"].as_str().unwrap();
    let ana = slack.ana.id();
    let expected = format!(
        "&lt;b&gt; &amp; <@{ana}|ana> in <#{}|ops>, <!subteam^S0003|@web>: <https://x.example> <mailto:a@b.example|a@b.example>",
        slack.ops()
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn an_event_nobody_subscribed_to_is_not_sent() {
    let mut manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let events = manifest
        .pointer_mut("/settings/event_subscriptions/bot_events")
        .and_then(Value::as_array_mut)
        .unwrap();
    events.retain(|event| event != "message.channels");
    let slack = Slack::with(&manifest.to_string()).await;
    let (mut listener, _) = slack.listens().await;
    slack.ana.types("#ops", "hello").await.unwrap();
    let bot = tokio::spawn(async move { listener.answers(None).await });
    slack.ana.types("#ops", "@nightbell hello").await.unwrap();
    assert_eq!(bot.await.unwrap()["payload"]["event"]["type"], "app_mention");
}

#[tokio::test]
async fn acknowledgements_that_are_wrong_are_written_down() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move {
        let envelope = listener.answers(Some(json!({"text": "an event takes none"}))).await;
        listener.says(json!({"envelope_id": envelope["envelope_id"]})).await;
        listener.says(json!({"envelope_id": "nobody's"})).await;
        listener
    });
    // It waits in vain: what came was no acknowledgement Slack takes.
    let said = slack.ana.types("#ops", "hello");
    tokio::time::timeout(std::time::Duration::from_millis(500), said)
        .await
        .ok();
    let _listener = bot.await.unwrap();
    let mut changes = slack.workspace.changes();
    while slack.workspace.complaints().len() < 3 {
        changes.changed().await.unwrap();
    }
    let complaints = slack.workspace.complaints().join("\n");
    for what in [
        "with a payload it does not accept",
        "acknowledged twice",
        "an unknown envelope",
    ] {
        assert!(complaints.contains(what), "{what} is missing in:\n{complaints}");
    }
}

#[tokio::test]
async fn connections_take_turns_and_a_stranger_takes_its_share() {
    let slack = Slack::open().await;
    let (mut first, _) = slack.listens().await;
    let (mut second, hello) = slack.listens().await;
    assert_eq!(hello["num_connections"], 2);
    let one = tokio::spawn(async move { first.answers(None).await });
    let other = tokio::spawn(async move { second.answers(None).await });
    slack.ana.types("#ops", "/alert one").await.unwrap();
    slack.ana.types("#ops", "/alert two").await.unwrap();
    let texts = [one.await.unwrap(), other.await.unwrap()].map(|envelope| envelope["payload"]["text"].clone());
    assert!(
        texts.contains(&json!("one")) && texts.contains(&json!("two")),
        "{texts:?}"
    );
}

#[tokio::test]
async fn a_trigger_opens_one_view_within_three_seconds() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move {
        let mut triggers = Vec::new();
        for _ in 0..2 {
            triggers.push(listener.answers(None).await["payload"]["trigger_id"].clone());
        }
        triggers
    });
    slack.ana.types("#ops", "/alert").await.unwrap();
    slack.ana.types("#ops", "/alert").await.unwrap();
    let triggers = bot.await.unwrap();
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let view = json!({"type": "modal", "title": plain("A form"), "blocks": [{"type": "divider"}]});
    let open = |trigger: &Value, view: &Value| slack.calls("views.open", json!({"trigger_id": trigger, "view": view}));
    let input =
        json!({"type": "input", "label": plain("Why?"), "element": {"type": "plain_text_input", "action_id": "a"}});
    let asking = json!({"type": "modal", "title": plain("A form"), "blocks": [input]});
    assert_eq!(open(&triggers[0], &view).await["ok"], true);
    assert_eq!(open(&triggers[0], &view).await["error"], "exchanged_trigger_id");
    assert_eq!(open(&json!("made up"), &view).await["error"], "invalid_trigger_id");
    slack.passes(TimeDelta::seconds(4));
    assert_eq!(open(&triggers[1], &asking).await["error"], "expired_trigger_id");
    assert_eq!(slack.workspace.views(&slack.ana).len(), 1);
}

#[tokio::test]
async fn a_response_url_works_five_times_within_half_an_hour() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let bot = tokio::spawn(async move {
        let mut urls = Vec::new();
        for _ in 0..2 {
            let envelope = listener.answers(None).await;
            urls.push(envelope["payload"]["response_url"].as_str().unwrap().to_owned());
        }
        urls
    });
    slack.ana.types("#ops", "/alert one").await.unwrap();
    slack.ana.types("#ops", "/alert two").await.unwrap();
    let urls = bot.await.unwrap();
    let answer = |url: &str| slack.http.post(url).json(&json!({"text": "an answer"})).send();
    for _ in 0..5 {
        assert_eq!(answer(&urls[0]).await.unwrap().status(), 200);
    }
    assert_eq!(answer(&urls[0]).await.unwrap().text().await.unwrap(), "used_url");
    assert_eq!(slack.workspace.ephemerals(&slack.ana).len(), 5);
    slack.passes(TimeDelta::minutes(31));
    assert_eq!(answer(&urls[1]).await.unwrap().status(), 404);
}

#[tokio::test]
async fn live_markup_notifies_and_literal_text_does_not() {
    let slack = Slack::open().await;
    let blocks = json!([
        {"type": "header", "text": {"type": "plain_text", "text": "<!channel> *not bold*"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*bold* &lt;!here&gt; <@U0BOT> at <!date^1772568000^{time}|8 pm>"}},
        {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}]},
    ]);
    slack
        .calls(
            "chat.postMessage",
            json!({"channel": slack.ops(), "text": "<!everyone>", "blocks": blocks}),
        )
        .await;
    let message = slack.workspace.messages("#ops").remove(0);
    assert_eq!(
        message.reads,
        "<!channel> *not bold*\nbold <!here> @nightbell at 20:00\n[Go]"
    );
    assert_eq!(message.notifies(), ["U0BOT"]);
    assert_eq!(message.buttons(), ["Go"]);
}

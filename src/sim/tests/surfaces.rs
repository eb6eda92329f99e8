//! Forms on a pile, choices by id, emoji that come and go, and what goes wrong until it is mended.

use super::*;

fn form(title: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": title,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Go"},
        "blocks": [{
            "type": "input",
            "block_id": "when",
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "datepicker", "action_id": "day"},
        }],
    })
}

#[tokio::test]
async fn a_form_is_filled_by_ids_answered_with_another_and_a_third_lies_on_top() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let trigger = slack
        .workspace
        .change(|state, now| state.new_trigger(slack.ana.id(), now));
    let opened = slack
        .calls("views.open", json!({"trigger_id": trigger, "view": form("First")}))
        .await;
    assert_eq!(opened["ok"], true, "{opened}");
    let first = slack.workspace.views(&slack.ana).pop().unwrap();
    assert!(matches!(
        slack
            .ana
            .submits_values(&first, &json!({"when": {"day": {"selected_date": null}}}))
            .await,
        Err(ActError::Incomplete(_))
    ));

    let answer = json!({"response_action": "push", "view": form("Second")});
    let bot = tokio::spawn(async move {
        let envelope = listener.answers(Some(answer)).await;
        (listener, envelope)
    });
    let values = json!({"when": {"day": {"type": "datepicker", "selected_date": "2026-03-03"}}});
    assert_eq!(slack.ana.submits_values(&first, &values).await, Ok(Submitted::Another));
    let (_listener, envelope) = bot.await.unwrap();
    assert_eq!(envelope["payload"]["view"]["state"]["values"], values);
    let pile = slack.workspace.views(&slack.ana);
    assert_eq!(pile.len(), 2);
    assert_eq!(pile[1].previous.as_ref(), Some(&first.id));
    assert_eq!(pile[1].root, first.id);

    let changed = slack
        .calls("views.update", json!({"view_id": first.id, "view": form("Changed")}))
        .await;
    assert_eq!(changed["view"]["title"]["text"], "Changed");
    // Nobody asked to be told of its end.
    slack.ana.closes(&pile[1]).await.unwrap();
    assert_eq!(slack.workspace.views(&slack.ana)[0].view["callback_id"], "Changed");
}

#[tokio::test]
async fn a_menu_is_chosen_by_its_ids() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let blocks = json!([{
        "type": "section",
        "block_id": "who",
        "text": {"type": "mrkdwn", "text": "Who?"},
        "accessory": {"type": "users_select", "action_id": "pick"},
    }]);
    slack
        .calls(
            "chat.postMessage",
            json!({"channel": slack.ops(), "text": "Who?", "blocks": blocks}),
        )
        .await;
    // The bot hears of its own message first, as in Slack.
    listener.answers(None).await;
    let message = slack.workspace.messages("#ops").pop().unwrap();
    let bot = tokio::spawn(async move { listener.answers(None).await });
    let choice = Choice {
        block_id: "who",
        action_id: "pick",
        chosen: &json!({"selected_user": slack.ana.id()}),
        values: &json!({}),
    };
    slack.ana.chooses(Surface::Message(&message), &choice).await.unwrap();
    let action = &bot.await.unwrap()["payload"]["actions"][0];
    assert_eq!(
        (&action["type"], &action["selected_user"]),
        (&json!("users_select"), &json!(slack.ana.id()))
    );
    let unknown = Choice {
        action_id: "nothing",
        ..choice
    };
    assert!(slack.ana.chooses(Surface::Message(&message), &unknown).await.is_err());
}

#[tokio::test]
async fn an_emoji_is_put_and_taken_away_and_both_are_news() {
    let slack = Slack::open().await;
    slack.posts("hello").await;
    let message = slack.workspace.messages("#ops").pop().unwrap();
    let (news, seen) = slack.workspace.news(&slack.ana, 0);
    assert_eq!(news.len(), 1);
    slack.ana.reacts(&message, "eyes").await.unwrap();
    let (news, seen) = slack.workspace.news(&slack.ana, seen);
    assert_eq!(news[0].reactions[0].users, [slack.ana.id()]);
    slack.ana.reacts(&message, "eyes").await.unwrap();
    let (news, seen) = slack.workspace.news(&slack.ana, seen);
    assert!(news[0].reactions.is_empty());
    assert!(slack.workspace.news(&slack.ana, seen).0.is_empty());
}

#[tokio::test]
async fn bad_weather_lasts_until_it_is_fair_again() {
    let slack = Slack::open().await;
    slack.workspace.weather(Weather::RateLimited);
    for _ in 0..2 {
        assert_eq!(slack.posts("hello").await["error"], "ratelimited");
    }
    assert_eq!(
        slack.calls("auth.test", json!({})).await["ok"],
        true,
        "only messages are too many"
    );
    slack.workspace.weather(Weather::Down);
    let url = format!("{}/auth.test", slack.workspace.api_url());
    assert_eq!(slack.http.post(url).send().await.unwrap().status(), 503);
    slack.workspace.weather(Weather::Fair);
    assert_eq!(slack.posts("hello").await["ok"], true);
}

#[tokio::test]
async fn a_form_that_is_drawn_again_keeps_what_stands_in_fields_of_the_same_name() {
    let slack = Slack::open().await;
    let (mut listener, _) = slack.listens().await;
    let form = |round: &str| {
        let text = |block: &str, action: &str| {
            json!({
                "type": "input",
                "block_id": block,
                "optional": true,
                "label": {"type": "plain_text", "text": block},
                "element": {"type": "plain_text_input", "action_id": action, "initial_value": format!("first {round}")},
            })
        };
        let option = json!({"text": {"type": "plain_text", "text": "A"}, "value": "a"});
        json!({
            "type": "modal",
            "callback_id": "form",
            "title": {"type": "plain_text", "text": "Form"},
            "submit": {"type": "plain_text", "text": "Go"},
            "blocks": [{
                "type": "input",
                "block_id": "menu",
                "optional": true,
                "dispatch_action": true,
                "label": {"type": "plain_text", "text": "Menu"},
                "element": {"type": "static_select", "action_id": "menu", "options": [option]},
            }, text("same", "text"), text("other", &format!("text{round}"))],
        })
    };
    let trigger = slack
        .workspace
        .change(|state, now| state.new_trigger(slack.ana.id(), now));
    slack
        .calls("views.open", json!({"trigger_id": trigger, "view": form("")}))
        .await;
    let open = slack.workspace.views(&slack.ana).pop().unwrap();
    let bot = tokio::spawn(async move {
        let picked = listener.answers(None).await;
        let submitted = listener.answers(None).await;
        (picked, submitted)
    });
    let typed = [("same", Fill::Text("mine")), ("other", Fill::Text("mine"))];
    slack.ana.picks(&open, "menu", Fill::Choice("a"), &typed).await.unwrap();
    slack
        .calls("views.update", json!({"view_id": open.id, "view": form("2")}))
        .await;
    let again = slack.workspace.views(&slack.ana).pop().unwrap();
    slack.ana.submits(&again, &[]).await.unwrap();
    let (picked, submitted) = bot.await.unwrap();
    assert_eq!(picked["payload"]["actions"][0]["selected_option"]["value"], "a");
    assert_eq!(
        picked["payload"]["view"]["state"]["values"]["same"]["text"]["value"],
        "mine"
    );
    let values = &submitted["payload"]["view"]["state"]["values"];
    assert_eq!(values["same"]["text"]["value"], "mine");
    assert_eq!(values["other"]["text2"]["value"], "first 2");
    assert_eq!(values["menu"]["menu"]["selected_option"]["value"], "a");
}

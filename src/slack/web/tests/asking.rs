//! What Slack is asked: whether a message stands, who we are, who and what there is.

use super::*;

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

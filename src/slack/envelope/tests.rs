//! Frames as Slack sends them, and as nobody ever should.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn enveloped(kind: &str, payload: &Value) -> Envelope {
    let frame = json!({"type": kind, "envelope_id": "e-1", "accepts_response_payload": true, "payload": payload});
    match read(&frame.to_string()) {
        Frame::Envelope(envelope) => *envelope,
        other => panic!("not an envelope: {other:?}"),
    }
}

fn inbound(kind: &str, payload: &Value) -> Inbound {
    enveloped(kind, payload).inbound
}

fn event(inner: &Value) -> EventKind {
    let payload = json!({"type": "event_callback", "event_id": "Ev1", "event_time": 1_763_683_200, "event": inner});
    match inbound("events_api", &payload) {
        Inbound::Event(event) => event.what,
        other => panic!("not an event: {other:?}"),
    }
}

#[test]
fn a_slash_command_is_read_with_its_text_as_slack_sent_it() {
    let envelope = enveloped(
        "slash_commands",
        &json!({"command": "/alert", "text": "disk &lt;full&gt; for  payments ", "user_id": "W1", "team_id": null, "channel_id": "C1",
            "channel_name": "ops", "trigger_id": "1.2.3", "response_url": "https://hooks.slack.com/commands/x", "new": {}}),
    );
    assert!(envelope.accepts_payload);
    assert_eq!(
        envelope.inbound,
        Inbound::Slash(Slash {
            command: "/alert".into(),
            text: "disk &lt;full&gt; for  payments ".into(),
            user: "W1".into(),
            team: None,
            channel: "C1".into(),
            channel_name: "ops".into(),
            trigger: "1.2.3".into(),
            response_url: crate::slack::ResponseUrl::new("https://hooks.slack.com/commands/x"),
        })
    );
}

#[test]
fn a_button_in_a_message_says_where_it_is_and_what_it_carries() {
    let payload = json!({"type": "block_actions", "user": {"id": "U1", "team_id": "T2"}, "team": {"id": "T1", "domain": "d"}, "trigger_id": "1.2",
        "container": {"type": "message", "message_ts": "5.000100", "channel_id": "C1", "is_ephemeral": false, "thread_ts": "4.0"},
        "message": {"ts": "5.000100", "metadata": {"event_type": "x", "event_payload": {"n": 1}}}, "response_url": "https://hooks.slack.com/a",
        "actions": [{"type": "button", "action_id": "ack", "block_id": "b", "value": "alert:17:ack:4"}]});
    let Inbound::Action(action) = inbound("interactive", &payload) else {
        panic!("not an action")
    };
    assert_eq!(
        (
            action.user.as_str(),
            action.user_team.as_deref(),
            action.team.as_deref()
        ),
        ("U1", Some("T2"), Some("T1"))
    );
    assert_eq!((action.action.as_str(), action.block.as_str()), ("ack", "b"));
    assert_eq!(action.value.as_deref(), Some("alert:17:ack:4"));
    let place = MessagePlace {
        channel: "C1".into(),
        ts: "5.000100".into(),
        thread: Some("4.0".into()),
        ephemeral: false,
    };
    assert_eq!(action.place, Some(place));
    assert!(action.response_url.is_some() && action.view.is_none());
}

#[test]
fn whatever_is_picked_in_a_view_becomes_the_value_of_the_action() {
    let cases = [
        (json!({"selected_option": {"value": "sev1", "text": {}}}), Some("sev1")),
        (json!({"selected_user": "U7"}), Some("U7")),
        (json!({"selected_conversation": "C7"}), Some("C7")),
        (json!({"selected_channel": "C8"}), Some("C8")),
        (json!({"selected_date": "2026-11-21"}), Some("2026-11-21")),
        (json!({"selected_time": "14:30"}), Some("14:30")),
        (json!({"selected_date_time": 1_763_683_200}), Some("1763683200")),
        (json!({"selected_option": null}), None),
        (json!({"selected_users": ["U1", "U2"]}), None),
    ];
    for (element, expected) in cases {
        let payload = json!({"type": "block_actions", "user": {"id": "U1"}, "team": null, "container": {"type": "view", "view_id": "V1"},
            "view": {"callback_id": "form", "state": null}, "actions": [element]});
        let Inbound::Action(action) = inbound("interactive", &payload) else {
            panic!("not an action")
        };
        assert_eq!(action.value.as_deref(), expected, "{element}");
        let view = action.view.expect("it was in a view");
        assert_eq!((view.id.as_str(), view.callback.as_str()), ("V1", "form"));
        assert_eq!(action.place, None);
    }
}

#[test]
fn a_submitted_form_comes_with_every_field_by_its_block() {
    let payload = json!({"type": "view_submission", "user": {"id": "U1"}, "trigger_id": "9",
        "view": {"id": "V1", "callback_id": "raise", "private_metadata": "C1", "hash": "h", "state": {"values": {
            "summary": {"a": {"type": "plain_text_input", "value": "disk full"}},
            "note": {"a": {"type": "plain_text_input", "value": null}},
            "priority": {"a": {"selected_option": {"value": "P2"}}},
            "people": {"a": {"selected_users": ["U1", "U2"]}},
            "tags": {"a": {"selected_options": [{"value": "x"}, {"value": "y"}]}},
            "two": {"a": {"value": null}, "b": {"selected_channel": "C9"}},
            "broken": 7}}}});
    let Inbound::Submission(submission) = inbound("interactive", &payload) else {
        panic!("not a submission")
    };
    let view = submission.view;
    assert_eq!(
        (view.id.as_str(), view.private_metadata.as_str(), view.hash.as_deref()),
        ("V1", "C1", Some("h"))
    );
    let expected = BTreeMap::from([
        ("summary".to_owned(), FieldValue::Text("disk full".into())),
        ("note".to_owned(), FieldValue::Empty),
        ("priority".to_owned(), FieldValue::Choice("P2".into())),
        ("people".to_owned(), FieldValue::Users(vec!["U1".into(), "U2".into()])),
        ("tags".to_owned(), FieldValue::Choices(vec!["x".into(), "y".into()])),
        ("two".to_owned(), FieldValue::Channel("C9".into())),
        ("broken".to_owned(), FieldValue::Empty),
    ]);
    assert_eq!(view.values, expected);
}

#[test]
fn shortcuts_closed_forms_and_suggestions_are_told_apart() {
    let person = json!({"id": "U1", "team_id": "T1"});
    let shortcut = json!({"type": "shortcut", "callback_id": "declare", "user": person, "trigger_id": "1"});
    assert!(matches!(inbound("interactive", &shortcut), Inbound::Shortcut(shortcut) if shortcut.callback == "declare"));

    let closed = json!({"type": "view_closed", "user": person, "view": {"id": "V1"}, "is_cleared": true});
    assert!(matches!(inbound("interactive", &closed), Inbound::Closed(closed) if closed.view.id == "V1"));

    let suggestion =
        json!({"type": "block_suggestion", "user": person, "action_id": "team", "block_id": "b", "value": "pa"});
    assert!(matches!(inbound("interactive", &suggestion), Inbound::Suggestion(asked) if asked.typed == "pa"));

    let on_message = json!({"type": "message_action", "callback_id": "raise", "user": person, "channel": {"id": "C1", "name": "ops"},
        "message_ts": "5.1", "message": {"ts": "5.1", "user": "U2", "text": "it burns", "thread_ts": "5.0"}, "response_url": "https://x"});
    let Inbound::MessageShortcut(shortcut) = inbound("interactive", &on_message) else {
        panic!("not a message shortcut")
    };
    let message = QuotedMessage {
        ts: "5.1".into(),
        thread: Some("5.0".into()),
        author: Some("U2".into()),
        text: "it burns".into(),
    };
    assert_eq!(shortcut.message, message);
}

#[test]
fn what_programs_write_is_read_from_attachments_and_blocks() {
    let read = |message: Value| match event(&message) {
        EventKind::Message(said) => said,
        other => panic!("no message: {other:?}"),
    };
    let said = read(json!({
        "type": "message", "subtype": "bot_message", "channel": "C1", "bot_id": "B1", "username": "Monitoring", "text": "",
        "ts": "1.0",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "db is down"}},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "*host* db-3"}]},
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "look"}]}]},
            7, null, {"text": 7},
        ],
        "attachments": [
            {"title": "CPU", "pretext": "before", "text": "high", "fallback": "plain", "color": "danger",
             "fields": [{"title": "Severity", "value": "CRITICAL", "short": true}, {"value": 7}, "odd"]},
            {"fallback": "only this"}, 7,
        ],
    }));
    assert!(said.from_bot);
    assert_eq!((said.bot_name.as_str(), said.user), ("Monitoring", None));
    assert_eq!(said.text, "db is down\n*host* db-3\nlook");
    assert_eq!(said.attachments.len(), 3);
    let [cpu, plain, odd] = said.attachments.try_into().expect("three");
    assert_eq!(
        (cpu.title.as_str(), cpu.text.as_str(), cpu.colour.as_str()),
        ("CPU", "before\nhigh", "danger")
    );
    assert_eq!(cpu.fields[0], ("Severity".to_owned(), "CRITICAL".to_owned()));
    assert_eq!(plain.text, "only this");
    assert_eq!(odd, Attachment::default());
    let named = read(
        json!({"type": "message", "channel": "C1", "bot_id": "B1", "bot_profile": {"name": "Jenkins"}, "text": "red"}),
    );
    assert_eq!(named.bot_name, "Jenkins");
}

#[test]
fn events_are_read_by_kind() {
    let said = Said {
        channel: "C1".into(),
        channel_type: "channel".into(),
        user: Some("U1".into()),
        text: "ack".into(),
        ts: "2.1".into(),
        thread: Some("2.0".into()),
        from_bot: false,
        bot_name: String::new(),
        attachments: Vec::new(),
        subtype: None,
    };
    let message = json!({"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "text": "ack", "ts": "2.1", "thread_ts": "2.0"});
    let cases = [
        (message, EventKind::Message(said)),
        (
            json!({"type": "reaction_added", "user": "U1", "reaction": "eyes", "item": {"type": "message", "channel": "C1", "ts": "2.0"}}),
            EventKind::Reaction {
                user: "U1".into(),
                emoji: "eyes".into(),
                channel: "C1".into(),
                ts: "2.0".into(),
                added: true,
            },
        ),
        (
            json!({"type": "app_home_opened", "user": "U1", "tab": "home"}),
            EventKind::HomeOpened { user: "U1".into() },
        ),
        (
            json!({"type": "app_home_opened", "user": "U1", "tab": "messages"}),
            EventKind::Other {
                kind: "app_home_opened".into(),
            },
        ),
        (
            json!({"type": "group_archive", "channel": "C1"}),
            EventKind::ChannelGone {
                channel: "C1".into(),
                how: Gone::Archived,
            },
        ),
        (
            json!({"type": "channel_unarchive", "channel": "C1"}),
            EventKind::ChannelBack { channel: "C1".into() },
        ),
        (
            json!({"type": "channel_rename", "channel": {"id": "C1", "name": "ops-2"}}),
            EventKind::ChannelRenamed {
                channel: "C1".into(),
                name: "ops-2".into(),
            },
        ),
        (
            json!({"type": "member_joined_channel", "user": "U1", "channel": "C1"}),
            EventKind::JoinedChannel {
                user: "U1".into(),
                channel: "C1".into(),
            },
        ),
        (
            json!({"type": "group_left", "channel": "C1"}),
            EventKind::LeftChannel {
                user: None,
                channel: "C1".into(),
            },
        ),
        (
            json!({"type": "member_left_channel", "user": "U1", "channel": "C1", "channel_type": "C"}),
            EventKind::LeftChannel {
                user: Some("U1".into()),
                channel: "C1".into(),
            },
        ),
        (
            json!({"type": "user_change", "user": {"id": "U1", "deleted": true}}),
            EventKind::UserChanged { user: "U1".into() },
        ),
        (
            json!({"type": "subteam_updated", "subteam": {"id": "S1"}}),
            EventKind::GroupChanged { group: "S1".into() },
        ),
        (
            json!({"type": "subteam_members_changed", "subteam_id": "S1"}),
            EventKind::GroupChanged { group: "S1".into() },
        ),
        (
            json!({"type": "tokens_revoked", "tokens": {}}),
            EventKind::TokensRevoked,
        ),
        (
            json!({"type": "brand_new"}),
            EventKind::Other {
                kind: "brand_new".into(),
            },
        ),
    ];
    for (inner, expected) in cases {
        assert_eq!(event(&inner), expected, "{inner}");
    }
}

#[test]
fn what_a_program_wrote_is_marked_as_such() {
    for inner in [
        json!({"type": "message", "bot_id": "B1", "user": "U1"}),
        json!({"type": "message", "subtype": "bot_message"}),
    ] {
        assert!(
            matches!(event(&inner), EventKind::Message(said) if said.from_bot),
            "{inner}"
        );
    }
}

#[test]
fn a_repeated_event_keeps_its_id_and_says_how_often_slack_tried() {
    let frame = json!({"type": "events_api", "envelope_id": "e-2", "retry_attempt": 2, "retry_reason": "timeout",
        "payload": {"event_id": "Ev1", "event_time": 1_763_683_200, "team_id": "T1", "event": {"type": "tokens_revoked"}}});
    let Frame::Envelope(envelope) = read(&frame.to_string()) else {
        panic!("not an envelope")
    };
    assert_eq!(envelope.retry_attempt, Some(2));
    let at = DateTime::from_timestamp(1_763_683_200, 0).unwrap();
    let expected = Event {
        id: "Ev1".into(),
        at,
        team: Some("T1".into()),
        what: EventKind::TokensRevoked,
    };
    assert_eq!(envelope.inbound, Inbound::Event(expected));
}

use chrono::DateTime;

#[test]
fn a_payload_of_another_shape_is_unknown_but_keeps_its_envelope() {
    let cases = [
        ("slash_commands", json!({"text": "x"}), "slash_commands"),
        ("slash_commands", json!([1, 2]), "slash_commands"),
        (
            "interactive",
            json!({"type": "workflow_step", "user": {"id": "U1"}}),
            "interactive/workflow_step",
        ),
        (
            "interactive",
            json!({"type": "block_actions", "user": {"id": "U1"}, "actions": []}),
            "interactive/block_actions",
        ),
        ("interactive", json!("nothing"), "interactive/"),
        ("events_api", json!({"event": null}), "events_api"),
        ("brand_new<script>", json!(null), "brand_new?script?"),
    ];
    for (kind, payload, expected) in cases {
        let envelope = enveloped(kind, &payload);
        assert_eq!(envelope.id, "e-1");
        assert_eq!(
            envelope.inbound,
            Inbound::Unknown {
                kind: expected.to_owned()
            }
        );
    }
}

#[test]
fn a_frame_that_is_not_json_is_acknowledged_if_its_id_can_be_made_out() {
    let cut = r#"{"type":"events_api","envelope_id": "dbdd0ef3-1543","payload":{"even"#;
    assert!(
        matches!(read(cut), Frame::Envelope(envelope) if envelope.id == "dbdd0ef3-1543" && !envelope.accepts_payload)
    );
    for nothing in ["", "hello", r#"{"envelope_id":"#, r#"{"envelope_id":"a b","#, "[]", "7"] {
        assert!(matches!(read(nothing), Frame::Other { .. }), "{nothing}");
    }
}

#[test]
fn a_payload_nested_without_end_costs_neither_the_stack_nor_the_acknowledgement() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let frame = format!(r#"{{"type":"events_api","envelope_id":"e-1","payload":{deep}}}"#);
    assert!(matches!(read(&frame), Frame::Envelope(envelope) if envelope.id == "e-1"));
}

#[test]
fn frames_without_an_envelope_are_told_apart() {
    assert_eq!(
        read(r#"{"type":"hello","num_connections":2,"debug_info":{}}"#),
        Frame::Hello { connections: Some(2) }
    );
    assert_eq!(read(r#"{"type":"hello"}"#), Frame::Hello { connections: None });
    let reasons = [
        ("warning", DisconnectReason::Warning),
        ("refresh_requested", DisconnectReason::RefreshRequested),
        ("link_disabled", DisconnectReason::LinkDisabled),
        ("too_many_websockets", DisconnectReason::TooManyWebsockets),
        ("tired", DisconnectReason::Other("tired".into())),
    ];
    for (reason, expected) in reasons {
        let frame = json!({"type": "disconnect", "reason": reason});
        assert_eq!(read(&frame.to_string()), Frame::Disconnect(expected));
    }
    assert_eq!(read(r#"{"type":"gossip"}"#), Frame::Other { kind: "gossip".into() });
}

/// Any JSON, with the names of our fields among its keys.
fn json_of_any_shape() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        proptest::sample::select(vec![
            "type",
            "payload",
            "envelope_id",
            "event",
            "user",
            "channel",
            "view",
            "state",
            "values",
            "actions",
            "message",
            "container",
            "item",
            "team",
            "selected_option",
            "value",
            "user_id",
            "command",
            "id",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let word = proptest::sample::select(vec![
        "events_api",
        "interactive",
        "slash_commands",
        "block_actions",
        "view_submission",
        "message_action",
        "message",
        "channel_rename",
        "hello",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(key.clone(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        drop(read(&text));
    }

    #[test]
    fn every_json_with_an_envelope_id_is_an_envelope(
        kind in proptest::sample::select(vec!["events_api", "interactive", "slash_commands", "new"]),
        payload in json_of_any_shape(),
    ) {
        prop_assert_eq!(enveloped(kind, &payload).id, "e-1");
    }

    #[test]
    fn no_frame_of_any_shape_makes_reading_panic(frame in json_of_any_shape(), cut in 0_usize..400) {
        let text = frame.to_string();
        drop(read(&text));
        let end = (0..=cut.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        drop(read(&text[..end]));
    }
}

#[test]
fn a_deleted_message_is_gone_with_or_without_a_tombstone() {
    let gone = EventKind::MessageGone {
        channel: "C1".to_owned(),
        ts: "1.2".to_owned(),
    };
    let deleted =
        json!({"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.2", "ts": "3.4"});
    assert_eq!(event(&deleted), gone);
    let tombstone =
        json!({"subtype": "tombstone", "ts": "1.2", "thread_ts": "1.2", "user": "USLACKBOT", "hidden": true});
    let changed =
        json!({"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "3.4", "message": tombstone});
    assert_eq!(event(&changed), gone);
}

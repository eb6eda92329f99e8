//! The stored form of calls, and what they say of themselves.

use serde_json::json;

use super::*;

fn post(blocks: Option<Vec<Value>>) -> Call {
    Call::PostMessage {
        channel: "C1".into(),
        thread: None,
        broadcast: false,
        message: Message {
            text: "disk full".into(),
            blocks,
        },
    }
}

fn one_of_each() -> Vec<Call> {
    let message = Message::plain("disk full");
    let url = ResponseUrl::new("https://hooks.slack.com/commands/T1/2/abc");
    vec![
        post(Some(vec![json!({"type": "divider"})])),
        Call::UpdateMessage {
            channel: "D1".into(),
            ts: "1.000100".into(),
            message: message.clone(),
        },
        Call::PostEphemeral {
            channel: "C1".into(),
            user: "U1".into(),
            thread: None,
            message: message.clone(),
        },
        Call::Respond {
            url,
            replace: Replace::Original,
            message,
        },
        Call::OpenView {
            trigger: "1.2.3".into(),
            view: json!({"type": "modal"}),
        },
        Call::UpdateView {
            view_id: "V1".into(),
            hash: Some("1.a".into()),
            view: json!({"type": "modal"}),
        },
        Call::PublishHome {
            user: "U1".into(),
            view: json!({"type": "home"}),
        },
        Call::SetGroup {
            group: "S1".into(),
            users: vec!["U1".into()],
        },
        Call::ShareFile {
            channel: "U1".into(),
            file: SharedFile {
                name: "on-call.ics".into(),
                title: "On call".into(),
                content: "BEGIN:VCALENDAR\r\n".into(),
            },
            comment: "Here it is.".into(),
        },
    ]
}

#[test]
fn a_call_survives_being_stored_and_its_tag_is_the_name_of_its_method() {
    for call in one_of_each() {
        let stored = serde_json::to_value(&call).unwrap();
        assert_eq!(stored["method"], call.method());
        assert_eq!(serde_json::from_value::<Call>(stored).unwrap(), call);
    }
}

#[test]
fn a_row_written_by_the_first_release_can_still_be_read() {
    let row = r#"{"method":"chat.postMessage","channel":"C1","message":{"text":"disk full"},"added_later":1}"#;
    assert_eq!(serde_json::from_str::<Call>(row).unwrap(), post(None));
}

#[test]
fn the_plain_form_keeps_everything_but_the_blocks_and_ends_there() {
    let plain = post(Some(vec![json!({"type": "divider"})])).plain().unwrap();
    assert_eq!(plain, post(None));
    assert_eq!(plain.plain(), None);
    assert_eq!(
        Call::PublishHome {
            user: "U1".into(),
            view: json!({})
        }
        .plain(),
        None
    );
}

#[test]
fn only_what_would_show_twice_counts_as_doubling() {
    let doubling: Vec<_> = one_of_each()
        .iter()
        .filter(|call| call.repetition() == Repetition::Doubles)
        .map(Call::method)
        .collect();
    assert_eq!(
        doubling,
        ["chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal"]
    );
}

#[test]
fn neither_a_token_nor_a_response_url_shows_in_a_debug_print() {
    let printed = format!(
        "{:?} {:?}",
        one_of_each(),
        super::super::Secret::new(" xoxb-1-secret\n")
    );
    assert!(
        !printed.contains("hooks.slack.com") && !printed.contains("xoxb"),
        "{printed}"
    );
}

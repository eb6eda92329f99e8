//! A file takes three steps, and what goes wrong in each of them.

use super::*;
use crate::slack::call::SharedFile;

fn share(to: &str) -> Call {
    Call::ShareFile {
        channel: to.into(),
        file: SharedFile {
            name: "on call.ics".into(),
            title: "On call: Cloud & co".into(),
            content: "BEGIN:VCALENDAR é\r\n".into(),
        },
        comment: "Here it is.".into(),
    }
}

fn place(fake: &Fake) -> Answered {
    ok(&json!({"upload_url": format!("{}/upload/1", fake.address), "file_id": "F1"}))
}

fn opened() -> Answered {
    ok(&json!({"channel": {"id": "D1"}}))
}

fn uploaded() -> Answered {
    Answered::status(200, "OK - 20")
}

#[tokio::test]
async fn a_file_is_placed_by_form_uploaded_without_a_token_and_shared_with_the_conversation() {
    let fake = Fake::start().await;
    fake.answers([
        opened(),
        place(&fake),
        uploaded(),
        ok(&json!({"files": [{"id": "F1"}]})),
    ]);
    assert_eq!(fake.web().deliver(&share("U1"), 17).await, Answer::Done(None));
    let asked = fake.asked();
    let methods: Vec<&str> = asked.iter().map(|asked| asked.method.as_str()).collect();
    assert_eq!(
        methods,
        [
            "conversations.open",
            "files.getUploadURLExternal",
            "upload/1",
            "files.completeUploadExternal"
        ]
    );
    assert_eq!(asked[1].content_type, "application/x-www-form-urlencoded");
    assert_eq!(asked[1].text, "filename=on+call.ics&length=20");
    assert_eq!(asked[2].text, "BEGIN:VCALENDAR é\r\n");
    let tokens: Vec<&str> = asked.iter().map(|asked| asked.token.as_str()).collect();
    assert_eq!(tokens, ["Bearer xoxb-1", "Bearer xoxb-1", "", "Bearer xoxb-1"]);
    let body = json!({"files": [{"id": "F1", "title": "On call: Cloud & co"}], "channel_id": "D1", "initial_comment": "Here it is."});
    assert_eq!(asked[3].body, body);
}

#[tokio::test]
async fn before_it_is_shared_everything_may_be_done_again_and_then_it_is_uncertain() {
    let broken = || Answered::status(500, "");
    let cases = [
        (0, broken(), again("http status 500")),
        (1, broken(), again("http status 500")),
        (
            1,
            refusal("file_uploads_disabled"),
            refused("file_uploads_disabled", &[]),
        ),
        (1, refusal("missing_scope"), refused("missing_scope", &[])),
        (1, refusal("token_revoked"), unauthorized("token_revoked")),
        (1, ok(&json!({"file_id": "F1"})), again("its answer: ")),
        (
            1,
            ok(&json!({"upload_url": "ftp://127.0.0.1/x", "file_id": "F1"})),
            refused("unusable_upload_url", &[]),
        ),
        (2, broken(), again("http status 500")),
        (2, Answered::status(410, "gone"), refused("http_410", &[])),
        (2, Answered::status(429, "").with("retry-after", "7"), wait(7)),
        (3, broken(), unknown("http status 500")),
        (3, refusal("not_in_channel"), refused("not_in_channel", &[])),
        (3, refusal("missing_scope"), refused("missing_scope", &[])),
    ];
    for (step, answered, expected) in cases {
        let fake = Fake::start().await;
        let well = [opened(), place(&fake), uploaded()];
        fake.answers(well.into_iter().take(step).chain([answered.clone()]));
        let answer = match fake.web().deliver(&share("U1"), 17).await {
            // What serde says of it is serde's.
            Answer::Again { why } if why.starts_with("its answer: ") => again("its answer: "),
            answer => answer,
        };
        assert_eq!(answer, expected, "step {step}: {answered:?}");
        assert_eq!(fake.asked().len(), step + 1, "it ends there");
    }
}

#[tokio::test]
async fn a_user_group_without_its_scope_is_refused_and_stops_nothing_else() {
    let call = Call::SetGroup {
        group: "S1".into(),
        users: vec!["U1".into()],
    };
    assert_eq!(
        outcome(&call, refusal("missing_scope")).await,
        refused("missing_scope", &[])
    );
}

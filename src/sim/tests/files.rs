//! Files go the three steps that Slack wants, and no other.

use super::*;

impl Slack {
    /// Sends a form with the bot's token.
    async fn fills(&self, method: &str, form: &str) -> Value {
        let url = format!("{}/{method}", self.workspace.api_url());
        let request = self.http.post(url).bearer_auth(self.workspace.bot_token());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request
            .body(form.to_owned())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn uploads(&self, place: &Value, content: &str) -> u16 {
        let request = self.http.post(place["upload_url"].as_str().unwrap());
        request.body(content.to_owned()).send().await.unwrap().status().as_u16()
    }

    async fn shares(&self, id: &Value, channel: &str) -> Value {
        let arguments =
            json!({"files": [{"id": id, "title": "A plan"}], "channel_id": channel, "initial_comment": "Here."});
        self.calls("files.completeUploadExternal", arguments).await
    }
}

#[tokio::test]
async fn a_file_is_placed_uploaded_and_shared_once() {
    let slack = Slack::open().await;
    let place = slack
        .fills("files.getUploadURLExternal", "filename=plan+a.ics&length=5")
        .await;
    assert_eq!(place["ok"], true, "{place}");
    let id = &place["file_id"];
    assert_eq!(
        slack.shares(id, &slack.ops()).await["error"],
        "file_not_found",
        "it is empty"
    );
    assert_eq!(slack.uploads(&place, "hello").await, 200);
    assert!(slack.workspace.messages("#ops").is_empty(), "nobody sees it yet");
    assert_eq!(
        slack.shares(id, slack.ana.id()).await["error"],
        "channel_not_found",
        "that is no channel"
    );
    assert_eq!(slack.shares(id, &slack.ops()).await["ok"], true);
    let shared = slack.workspace.messages("#ops").pop().unwrap();
    assert_eq!(shared.reads, "Here.\n[plan a.ics: A plan]");
    let file = &shared.files[0];
    assert_eq!(
        (file.name.as_str(), file.title.as_str(), file.content.as_str()),
        ("plan a.ics", "A plan", "hello")
    );
    assert_eq!(
        slack.shares(id, &slack.ops()).await["error"],
        "file_not_found",
        "it was shared"
    );
    assert_eq!(slack.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_slack_would_not_take_is_refused() {
    let slack = Slack::open().await;
    let json = slack
        .calls("files.getUploadURLExternal", json!({"filename": "a", "length": 5}))
        .await;
    assert_eq!(json["error"], "invalid_arguments", "it takes a form only");
    let place = slack.fills("files.getUploadURLExternal", "filename=a&length=5").await;
    assert_eq!(slack.uploads(&place, "too long").await, 400);
    assert_eq!(slack.uploads(&place, "hello").await, 200);
    assert_eq!(slack.uploads(&place, "hello").await, 400, "an address is good once");
    let odd = json!({"files": [{"id": place["file_id"], "colour": "red"}]});
    assert_eq!(
        slack.calls("files.completeUploadExternal", odd).await["error"],
        "invalid_arguments"
    );
    assert_eq!(
        slack.workspace.complaints().len(),
        4,
        "{:?}",
        slack.workspace.complaints()
    );
}

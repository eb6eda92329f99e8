//! A team is mentioned where its user group cannot be kept.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::{Message, Person};

use crate::setting::stage_with;

/// Says something in a channel.
async fn says(stage: &Stage, who: &Person, channel: &str, text: &str) -> Message {
    who.types(channel, text).await.unwrap();
    stage.settles().await.unwrap();
    stage.workspace.messages(channel).pop().expect("what was said")
}

fn quiet(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn where_the_group_cannot_be_kept_a_mention_of_it_is_answered_once_in_each_thread() {
    let (mut stage, _folder) = stage_with("").await;
    let answers = |stage: &Stage, message: &Message| stage.workspace.thread(message).len();
    let fine = says(&stage, &stage.dora, "#ops", "@cloud-oncall is it slow for you too?").await;
    assert_eq!(answers(&stage, &fine), 0, "while the group is kept, Slack reaches them");
    stage.workspace.fault(nightbell::sim::Fault::Refuse {
        method: "usergroups.users.update",
        code: "plan_upgrade_required",
    });
    stage.ana.types("#ops", "/oncall take cloud for 1h").await.unwrap();
    stage.settles().await.unwrap();
    let first = says(&stage, &stage.dora, "#ops", "@cloud-oncall is it slow for you too?").await;
    let answer = stage.workspace.thread(&first).pop().expect("an answer in the thread");
    assert!(
        answer.reads.starts_with(
            "On call for Cloud now: @ana (primary) until Mar 3 21:00 and @cleo (secondary) until Mar 9 08:00."
        ),
        "{}",
        answer.reads
    );
    stage.dora.replies(&first, "@cloud-oncall anybody?").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(answers(&stage, &first), 2, "her reply, and one answer");
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::days(3));
    stage.start().await.unwrap();
    stage.dora.replies(&first, "@cloud-oncall still?").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(answers(&stage, &first), 3, "also days later, and after a restart");
    quiet(&stage);
}

#[tokio::test]
async fn a_handle_that_slack_does_not_know_is_answered_too_where_it_stands_alone() {
    let (stage, _folder) = stage_with(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\nusergroup = \"web-oncall\"\n\
         [[teams.web.rotations]]\nname = \"all\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 day\"\nmembers = [\"@ben\"]\n",
    )
    .await;
    for (text, answers) in [
        ("@Web-OnCall, are you there?", 1),
        ("ask @web-oncall.", 1),
        ("@web-oncalls", 0),
        ("write to team@web-oncall.example.com", 0),
        ("web-oncall", 0),
    ] {
        let said = says(&stage, &stage.dora, "#cloud", text).await;
        assert_eq!(stage.workspace.thread(&said).len(), answers, "{text}");
    }
    assert!(
        stage
            .workspace
            .everything()
            .iter()
            .any(|it| it.reads.starts_with("On call for Web now: @ben (all)"))
    );
    quiet(&stage);
}

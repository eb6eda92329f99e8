//! The forms about one alert, confirmations, and who may do what.

use nightbell::demo::{Configuration, Stage};
use nightbell::sim::{Fill, Message, NewUser, OpenView, Person, Submitted};
use serde_json::Value;
use tempfile::TempDir;

use crate::setting::stage_with;

/// A stage on which ana has raised an alert for Cloud.
async fn raised_with(more: &str) -> (Stage, TempDir) {
    let (stage, folder) = stage_with(more).await;
    stage
        .ana
        .types("#ops", "/alert the API times out for cloud")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    (stage, folder)
}

fn card(stage: &Stage) -> Message {
    stage.workspace.messages("#cloud").remove(0)
}

async fn opens(stage: &Stage, person: &Person, label: &str) -> OpenView {
    person.clicks(&card(stage), label).await.unwrap();
    stage.settles().await.unwrap();
    stage.workspace.views(person).pop().expect("a form")
}

async fn submits(stage: &Stage, person: &Person, form: &OpenView, fields: &[(&str, Fill<'_>)]) -> Submitted {
    let submitted = person.submits(form, fields).await.unwrap();
    stage.settles().await.unwrap();
    submitted
}

fn error(submitted: Submitted, field: &str) -> String {
    match submitted {
        Submitted::Errors(mut errors) => errors.remove(field).unwrap_or_default(),
        taken => panic!("it was taken: {taken:?}"),
    }
}

#[tokio::test]
async fn an_alert_is_snoozed_from_its_card_and_nonsense_stays_on_its_field() {
    let (stage, _folder) = raised_with("").await;
    let form = opens(&stage, &stage.ben, "Snooze…").await;
    assert!(
        form.reads.starts_with("Snooze A-1\nA-1 P3 the API times out"),
        "{}",
        form.reads
    );
    let fill = |length: &'static str| {
        [
            ("duration", Fill::Text(length)),
            ("reason", Fill::Text("the <vendor> is on it")),
        ]
    };
    for (length, said) in [
        ("soon", "not a length of time"),
        ("0m", "is not possible"),
        ("8d", "is not possible"),
        ("10 years", "not a length of time"),
        ("-5m", "not a length of time"),
    ] {
        let error = error(submits(&stage, &stage.ben, &form, &fill(length)).await, "duration");
        assert!(error.contains(said), "{length}: {error}");
    }
    assert_eq!(submits(&stage, &stage.ben, &form, &fill("2h")).await, Submitted::Closed);
    assert!(
        card(&stage)
            .reads
            .contains("Snoozed by @ben until Mar 3 22:00: the <vendor> is on it"),
        "{}",
        card(&stage).reads
    );
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn an_alert_is_assigned_and_noted_from_its_menu() {
    let (stage, _folder) = raised_with("").await;
    let form = opens(&stage, &stage.ana, "Assign…").await;
    let nobody = submits(&stage, &stage.ana, &form, &[]).await;
    assert!(error(nobody, "to_team").contains("Choose a team, or a person"));
    let ben = stage.ben.id().to_owned();
    let both = [("to_team", Fill::Choice("payments")), ("person", Fill::Person(&ben))];
    assert!(error(submits(&stage, &stage.ana, &form, &both).await, "to_team").contains("not both"));
    let team = [("to_team", Fill::Choice("payments"))];
    assert_eq!(submits(&stage, &stage.ana, &form, &team).await, Submitted::Closed);
    assert!(card(&stage).reads.contains("Paging @dora"), "{}", card(&stage).reads);

    let form = opens(&stage, &stage.ana, "Note…").await;
    let note = [("text", Fill::Text("restarted the <node>"))];
    assert_eq!(submits(&stage, &stage.ana, &form, &note).await, Submitted::Closed);
    let thread = stage.workspace.thread(&card(&stage)).pop().unwrap();
    assert!(
        thread.reads.contains("@ana noted:") && thread.reads.contains("restarted the <node>"),
        "{}",
        thread.reads
    );
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_form_that_comes_too_late_says_who_was_first_on_its_field() {
    let (stage, _folder) = raised_with("").await;
    let form = opens(&stage, &stage.ben, "Snooze…").await;
    stage.cleo.types("#ops", "/alert resolve 1").await.unwrap();
    stage.settles().await.unwrap();
    let late = [("duration", Fill::Text("1h")), ("reason", Fill::Text("it can wait"))];
    let said = error(submits(&stage, &stage.ben, &form, &late).await, "reason");
    assert!(said.contains("A-1 was resolved by @cleo"), "{said}");
    // A press on a card that has changed in the meantime is refused in words.
    let old = form;
    assert!(old.reads.contains("Snooze"));
    stage.ben.clicks(&card(&stage), "Note…").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(
        stage.workspace.views(&stage.ben).len(),
        2,
        "a note can be written when it is over"
    );
}

#[tokio::test]
async fn a_press_for_a_form_about_what_is_over_is_answered() {
    let (stage, _folder) = raised_with("").await;
    let seen = card(&stage);
    stage.cleo.types("#ops", "/alert resolve 1").await.unwrap();
    stage.settles().await.unwrap();
    stage.ben.clicks_as_seen(&seen, "Snooze…").await.unwrap();
    stage.settles().await.unwrap();
    let [said] = stage.workspace.ephemerals(&stage.ben).try_into().unwrap();
    assert!(said.reads.contains("A-1 was resolved by @cleo"), "{}", said.reads);
    assert!(stage.workspace.views(&stage.ben).is_empty());
}

#[tokio::test]
async fn what_is_loud_or_final_is_confirmed() {
    let (stage, _folder) = raised_with("").await;
    let confirmed = |label: &str| {
        let blocks = card(&stage).blocks.unwrap_or_default();
        let elements = blocks.as_array().into_iter().flatten();
        let elements = elements.flat_map(|block| block["elements"].as_array().cloned().unwrap_or_default());
        let button = elements.into_iter().find(|element| element["text"]["text"] == label);
        button.unwrap_or(Value::Null)["confirm"]["text"]["text"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(
        confirmed("Escalate").as_deref(),
        Some("This pages the next level of Cloud now.")
    );
    assert!(confirmed("Resolve").is_some_and(|text| text.contains("can be reopened")));
    assert_eq!(
        confirmed("Acknowledge"),
        None,
        "nothing stands between somebody and an acknowledgement"
    );
    stage.ben.clicks(&card(&stage), "Resolve").await.unwrap();
    stage.settles().await.unwrap();
    assert!(confirmed("Reopen").is_some_and(|text| text.contains("paging starts again")));
}

#[tokio::test]
async fn what_is_kept_to_some_is_refused_with_who_may() {
    let policy = "[teams.cloud.policy]\nresolve = \"team\"\nsnooze = [\"@dora\"]\n";
    let (stage, _folder) = raised_with(policy).await;
    let refused = stage.ana.types("#ops", "/alert resolve 1").await.unwrap().unwrap();
    assert!(
        refused
            .reads
            .contains("You may not resolve alerts of Cloud. Who may: whoever is in a rotation or level of Cloud."),
        "{}",
        refused.reads
    );
    stage.ana.clicks(&card(&stage), "Resolve").await.unwrap();
    stage.settles().await.unwrap();
    let [said] = stage
        .workspace
        .ephemerals(&stage.ana)
        .into_iter()
        .rev()
        .take(1)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    assert!(said.reads.contains("You may not resolve"), "{}", said.reads);
    let form = opens(&stage, &stage.ana, "Snooze…").await;
    let fields = [("duration", Fill::Text("1h")), ("reason", Fill::Text("x"))];
    let said = error(submits(&stage, &stage.ana, &form, &fields).await, "reason");
    assert!(said.contains("Who may: @dora"), "{said}");
    stage.ana.types("#ops", "/alert ack 1").await.unwrap();
    stage.cleo.types("#ops", "/alert resolve 1").await.unwrap();
    stage.settles().await.unwrap();
    assert!(card(&stage).reads.contains("Resolved by @cleo"));
}

#[tokio::test]
async fn a_guest_acknowledges_and_does_not_resolve() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    let guest = stage.workspace.add_user(NewUser {
        name: "gwen".to_owned(),
        guest: true,
        ..NewUser::default()
    });
    stage.start().await.unwrap();
    guest.types("#ops", "/alert the API times out for cloud").await.unwrap();
    let refused = guest.types("#ops", "/alert resolve 1").await.unwrap().unwrap();
    assert!(
        refused.reads.contains("members of this workspace, not its guests"),
        "{}",
        refused.reads
    );
    let taken = guest.types("#ops", "/alert ack 1").await.unwrap().unwrap();
    assert!(taken.reads.contains("is yours"), "{}", taken.reads);
}

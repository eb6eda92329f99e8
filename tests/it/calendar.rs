//! `/oncall calendar`: shifts as a file in a direct message.

use std::collections::BTreeMap;

use nightbell::demo::Stage;
use nightbell::sim::{Fault, File, Message, Person};

use crate::setting::{stage, stage_with};

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// The messages with files in somebody's direct conversation.
fn sent(stage: &Stage, to: &Person) -> Vec<Message> {
    let mut messages = stage.workspace.dm(to);
    messages.retain(|message| !message.files.is_empty());
    messages
}

fn file(stage: &Stage, to: &Person) -> File {
    sent(stage, to).pop().expect("a message with a file").files.remove(0)
}

/// The shifts of a file: by `UID`, from when until when and what they are.
fn shifts(file: &File) -> BTreeMap<String, String> {
    let text = file.content.replace("\r\n ", "");
    let events = text.split("BEGIN:VEVENT\r\n").skip(1);
    events
        .map(|event| {
            let value = |name: &str| {
                let line = event.split("\r\n").find_map(|line| line.strip_prefix(name));
                line.unwrap_or_else(|| panic!("no {name} in {event}")).to_owned()
            };
            let what = [value("DTSTART:"), value("DTEND:"), value("SUMMARY:")].join(" ");
            (value("UID:"), what)
        })
        .collect()
}

fn quiet(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn somebody_gets_their_shifts_as_a_file_and_a_cover_changes_them_under_their_names() {
    let (stage, _folder) = stage().await;
    let said = types(&stage, &stage.ben, "/oncall calendar").await;
    assert_eq!(
        said,
        "I am sending you your shifts as a file, in a direct message: 14 shifts in the next 90 days."
    );
    let message = sent(&stage, &stage.ben).pop().unwrap();
    assert!(
        message
            .reads
            .starts_with("Here are your shifts (14 shifts in the next 90 days). Open the file"),
        "{}",
        message.reads
    );
    let before = file(&stage, &stage.ben);
    assert_eq!(
        (before.name.as_str(), before.title.as_str()),
        ("on-call.ics", "On call")
    );
    assert!(before.content.starts_with("BEGIN:VCALENDAR\r\n"));
    let before = shifts(&before);
    let now = "cloud.primary.20260302T080000Z@nightbell";
    assert_eq!(
        before[now],
        "20260302T080000Z 20260309T080000Z On call: Cloud (primary)"
    );
    assert!(
        before
            .values()
            .any(|shift| shift.ends_with("On call: Cloud (secondary)"))
    );

    types(
        &stage,
        &stage.ana,
        "/oncall override cloud @cleo from thu 8:00 to mon 8:00",
    )
    .await;
    types(&stage, &stage.ben, "/oncall calendar me").await;
    let after = shifts(&file(&stage, &stage.ben));
    assert_eq!(after[now], "20260302T080000Z 20260305T080000Z On call: Cloud (primary)");
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>(),
        "no shift has another name"
    );
    types(&stage, &stage.cleo, "/oncall calendar").await;
    let cover = "cloud.primary.20260302T080000Z.O-1@nightbell";
    assert_eq!(
        shifts(&file(&stage, &stage.cleo))[cover],
        "20260305T080000Z 20260309T080000Z On call: Cloud (primary)"
    );
    quiet(&stage);
}

#[tokio::test]
async fn a_team_has_a_calendar_with_everybody_in_it_and_who_has_none_hears_so() {
    let (stage, _folder) = stage().await;
    let said = types(&stage, &stage.dora, "/oncall calendar").await;
    assert!(
        said.starts_with("You are not on call in the next 90 days") && said.contains("`/oncall calendar <team>`"),
        "{said}"
    );
    let said = types(&stage, &stage.dora, "/oncall calendar payments").await;
    assert!(said.starts_with("Payments has no rotations"), "{said}");
    let said = types(&stage, &stage.dora, "/oncall calendar clod").await;
    assert!(said.contains("There is no team called `clod`"), "{said}");
    assert!(sent(&stage, &stage.dora).is_empty());

    let said = types(&stage, &stage.dora, "/oncall calendar cloud ops").await;
    assert!(said.contains("the shifts of Cloud as a file"), "{said}");
    let file = file(&stage, &stage.dora);
    assert_eq!(
        (file.name.as_str(), file.title.as_str()),
        ("on-call-cloud.ics", "On call: Cloud")
    );
    let shifts = shifts(&file);
    assert_eq!(shifts.len(), 28);
    assert_eq!(
        shifts["cloud.primary.20260309T080000Z@nightbell"],
        "20260309T080000Z 20260316T080000Z cleo on call: Cloud (primary)"
    );
    // Berlin's clocks change on 29 March.
    assert!(shifts["cloud.secondary.20260330T070000Z@nightbell"].contains("on call: Cloud (secondary)"));
    quiet(&stage);
}

#[tokio::test]
async fn said_in_a_message_it_comes_too_and_once() {
    let (stage, _folder) = stage().await;
    stage.workspace.fault(Fault::Duplicate);
    stage.ben.types("@nightbell", "oncall calendar").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(sent(&stage, &stage.ben).len(), 1);
    quiet(&stage);
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_done_again_and_shows_once() {
    for method in [
        "conversations.open",
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
    ] {
        let (stage, _folder) = stage().await;
        stage.workspace.fault(Fault::ServerError { method });
        types(&stage, &stage.ben, "/oncall calendar").await;
        assert_eq!(sent(&stage, &stage.ben).len(), 1, "{method}");
        quiet(&stage);
    }
    let (stage, _folder) = stage().await;
    stage.workspace.fault(Fault::ErrorAfterEffect {
        method: "files.completeUploadExternal",
    });
    types(&stage, &stage.ben, "/oncall calendar").await;
    assert_eq!(sent(&stage, &stage.ben).len(), 2, "twice is better than never");
    quiet(&stage);
}

#[tokio::test]
async fn a_refused_file_is_said_and_stops_nothing_else() {
    let (stage, _folder) = stage_with("").await;
    for (method, code) in [
        ("files.getUploadURLExternal", "missing_scope"),
        ("files.completeUploadExternal", "file_uploads_disabled"),
    ] {
        stage.workspace.fault(Fault::Refuse { method, code });
        types(&stage, &stage.ben, "/oncall calendar").await;
        let told = stage.workspace.dm(&stage.ben).pop().unwrap();
        assert!(
            told.reads.starts_with("I could not give you the file with your shifts"),
            "{code}: {}",
            told.reads
        );
    }
    assert!(sent(&stage, &stage.ben).is_empty());
    types(&stage, &stage.dora, "/alert the API times out for cloud").await;
    let paged = stage.workspace.dm(&stage.ben).pop().unwrap();
    assert!(paged.reads.contains("You are paged"), "pages go on: {}", paged.reads);
    quiet(&stage);
}

#[tokio::test]
async fn a_calendar_that_is_too_long_says_how_far_it_goes() {
    let hourly = "
[teams.desk]
name    = \"Desk\"
channel = \"#ops\"

[[teams.desk.rotations]]
name    = \"all day\"
start   = \"2026-03-02 09:00\"
every   = \"1h\"
members = [\"@ana\", \"@ben\", \"@cleo\"]

[[teams.desk.escalation]]
page = [\"all day\"]
wait = \"5m\"
";
    let (stage, _folder) = stage_with(hourly).await;
    let said = types(&stage, &stage.dora, "/oncall calendar desk").await;
    assert!(said.contains(" UTC: that is as much as one file takes"), "{said}");
    let file = file(&stage, &stage.dora);
    assert!(
        file.content.len() > 250_000 && file.content.len() < 263_000,
        "{}",
        file.content.len()
    );
    assert!(file.content.ends_with("END:VCALENDAR\r\n"), "it is whole");
    let shifts = shifts(&file);
    assert!(said.contains(&format!("{} shifts, up to ", shifts.len())), "{said}");
    assert!(shifts.contains_key("desk.all_20_day.20260303T200000Z@nightbell"));
    quiet(&stage);
}

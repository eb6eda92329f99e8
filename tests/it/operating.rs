//! The tools of the person who runs the bot.

use std::path::Path;
use std::process::{Command, Output};

use nightbell::app::doctor::{self, Finding};
use nightbell::app::journal::{self, Form};
use nightbell::config;
use nightbell::demo::{Configuration, Stage};
use nightbell::domain::ids::AlertId;
use nightbell::sim::Fault;
use nightbell::slack::{Secret, Web};

fn nightbell(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nightbell"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn what_init_writes_passes_check() {
    let folder = tempfile::tempdir().unwrap();
    let written = nightbell(folder.path(), &["init"]);
    assert!(written.status.success(), "{}", said(&written));
    let checked = nightbell(folder.path(), &["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
    assert!(said(&checked).contains("nightbell.toml is fine: 1 team"));
    let again = nightbell(folder.path(), &["init"]);
    assert!(!again.status.success());
    assert!(said(&again).contains("is there already and stays as it is"));
}

#[test]
fn check_without_a_file_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let checked = nightbell(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        said(&checked).contains("`nightbell init` writes one"),
        "{}",
        said(&checked)
    );
}

#[test]
fn demo_tells_its_story_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let played = nightbell(folder.path(), &["demo", "--story"]);
    assert!(played.status.success(), "{}", said(&played));
    for line in [
        "ana: /alert the API times out for cloud",
        "Nobody answered in time.",
        "Acknowledged by @cleo",
        "Resolved by @cleo",
    ] {
        assert!(said(&played).contains(line), "{line} is missing in:\n{}", said(&played));
    }
}

#[tokio::test]
async fn the_journal_can_be_read_once_the_bot_has_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::open(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    stage
        .ana
        .types("#ops", "/alert the disk is full for cloud")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let running = journal::print(folder.path(), None, Form::Readable, |_| ()).unwrap_err();
    assert!(running.to_string().contains("in use by another Nightbell"), "{running}");
    stage.stop().await.unwrap();

    let mut lines = Vec::new();
    journal::print(folder.path(), Some(AlertId(1).into()), Form::Readable, |line| {
        lines.push(line.to_owned());
    })
    .unwrap();
    assert!(
        lines[0].starts_with("2026-03-03 20:00:00Z A-1 raised: by"),
        "{}",
        lines[0]
    );
    assert!(lines[1].contains("A-1 paged:"), "{}", lines[1]);
    let mut none = 0;
    journal::print(folder.path(), Some(AlertId(2).into()), Form::Json, |_| none += 1).unwrap();
    assert_eq!(none, 0);
}

async fn diagnosed(stage: &Stage, folder: &Path) -> Vec<Finding> {
    diagnosed_with(stage, folder, &Configuration::default().text).await
}

async fn diagnosed_with(stage: &Stage, folder: &Path, text: &str) -> Vec<Finding> {
    diagnosed_at(stage, folder, text, nightbell::clock::Clock::System.now()).await
}

async fn diagnosed_at(stage: &Stage, folder: &Path, text: &str, now: chrono::DateTime<chrono::Utc>) -> Vec<Finding> {
    let workspace = &stage.workspace;
    let (bot, app) = (Secret::new(&workspace.bot_token()), Secret::new(&workspace.app_token()));
    let web = Web::new(&workspace.api_url(), &bot, &app).unwrap();
    let file = config::read(text, "nightbell.toml").unwrap();
    doctor::examine(&web, &file, folder, now).await
}

fn ills(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.fix.is_some())
        .map(ToString::to_string)
        .collect()
}

#[tokio::test]
async fn doctor_finds_nothing_where_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    let findings = diagnosed(&stage, folder.path()).await;
    assert_eq!(ills(&findings), Vec::<String>::new());
    assert!(
        findings.iter().any(|finding| finding.what == "the bot is in #cloud"),
        "{findings:?}"
    );
}

#[tokio::test]
async fn doctor_names_each_trouble_and_its_fix() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    stage.workspace.remove_bot("#cloud");
    stage.workspace.archive("#payments");
    stage.workspace.deactivate(&stage.ben);
    let ills = ills(&diagnosed(&stage, folder.path()).await).join("\n");
    for trouble in ["`/invite @nightbell` in #cloud", "#payments is archived", "@ben"] {
        assert!(ills.contains(trouble), "{trouble} is missing in:\n{ills}");
    }
}

#[tokio::test]
async fn doctor_finds_what_keeps_pages_from_people_and_knows_what_they_agreed_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::open(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    let typed = stage
        .ben
        .types("#ops", "/oncall override cloud primary @cleo from in 1h to in 3h");
    typed.await.unwrap().expect("an answer");
    stage.settles().await.unwrap();
    let now = stage.hand.now();
    stage.stop().await.unwrap();
    let findings = diagnosed_at(&stage, folder.path(), &Configuration::default().text, now).await;
    let said = ills(&findings).join("\n");
    assert!(
        said.contains(
            "Cloud: @cleo is on call in primary and in secondary at once, Tue 3 Mar 21:00 UTC until Tue 3 Mar 23:00 UTC"
        ),
        "{said}"
    );
    let notes: Vec<String> = findings
        .iter()
        .filter(|it| it.is_note)
        .map(ToString::to_string)
        .collect();
    assert!(
        notes
            .iter()
            .any(|note| note.contains("the clocks of Europe/Berlin change")),
        "{notes:?}"
    );
}

fn about_groups(findings: &[Finding]) -> Vec<String> {
    let all = findings.iter().map(ToString::to_string);
    all.filter(|finding| finding.contains("the user group")).collect()
}

#[tokio::test]
async fn doctor_tries_whether_user_groups_can_be_written_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    let before = stage.workspace.group("cloud-oncall");
    assert_eq!(before.len(), 2);
    let well = about_groups(&diagnosed(&stage, folder.path()).await);
    assert_eq!(well, ["ok   the user group @cloud-oncall of Cloud can be written"]);
    for (code, fix) in [
        ("permission_denied", "let the app, under the workspace's permissions"),
        ("missing_scope", "update its manifest and install it again"),
        ("paid_teams_only", "leave `usergroup` out of the configuration"),
        ("invalid_users", "until that is mended the group stays as it is"),
    ] {
        stage.workspace.fault(Fault::Refuse {
            method: "usergroups.users.update",
            code,
        });
        let ill = about_groups(&diagnosed(&stage, folder.path()).await).concat();
        let said = format!("BAD  the user group @cloud-oncall of Cloud: Slack answers `{code}`");
        assert!(ill.starts_with(&said) && ill.contains(fix), "{ill}");
    }
    stage.workspace.fault(Fault::ServerError {
        method: "usergroups.users.update",
    });
    let ill = about_groups(&diagnosed(&stage, folder.path()).await).concat();
    assert!(ill.contains("run `nightbell doctor` again in a minute"), "{ill}");
    stage.workspace.fault(Fault::Refuse {
        method: "usergroups.list",
        code: "missing_scope",
    });
    let ill = ills(&diagnosed(&stage, folder.path()).await).concat();
    assert!(ill.contains("`usergroups.list`: the bot lacks a scope"), "{ill}");
    assert_eq!(stage.workspace.group("cloud-oncall"), before);
}

#[tokio::test]
async fn doctor_leaves_an_empty_user_group_alone() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    stage.workspace.add_usergroup("nobody", "Nobody", &[]);
    let text = Configuration::default().text.replace("\"cloud-oncall\"", "\"nobody\"");
    let findings = diagnosed_with(&stage, folder.path(), &text).await;
    let said = ["ok   the user group @nobody of Cloud is empty, so whether it can be written was not tried"];
    assert_eq!(about_groups(&findings), said);
    let calls = stage.workspace.calls();
    assert!(calls.iter().all(|call| call.method != "usergroups.users.update"));
}

#[tokio::test]
async fn doctor_names_the_token_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    stage.workspace.fault(Fault::Refuse {
        method: "apps.connections.open",
        code: "invalid_auth",
    });
    let ills = ills(&diagnosed(&stage, folder.path()).await).join("\n");
    assert!(
        ills.contains("SLACK_APP_TOKEN") && ills.contains("connections:write"),
        "{ills}"
    );
}

/// Waits until `fits` of what people see; Slack's changes say when to look again.
async fn sees<T>(stage: &Stage, fits: impl Fn(&Stage) -> Option<T>) -> T {
    let mut changes = stage.workspace.changes();
    let seen = async {
        loop {
            if let Some(found) = fits(stage) {
                return found;
            }
            changes.changed().await.expect("the workspace is there");
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), seen)
        .await
        .expect("it is seen in time")
}

#[tokio::test]
async fn a_configuration_is_taken_over_while_the_bot_runs() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    let unknown = stage
        .ana
        .types("#ops", "/oncall search")
        .await
        .unwrap()
        .expect("an answer");
    assert!(unknown.reads.contains("no team called `search`"), "{}", unknown.reads);
    let more =
        "\n[teams.search]\nname = \"Search\"\nchannel = \"#ops\"\n\n[[teams.search.escalation]]\npage = [\"@ben\"]\n";
    stage
        .reloads(&format!("{}{more}", Configuration::default().text))
        .await
        .unwrap();
    let mut answers = 0;
    loop {
        let answer = stage
            .ana
            .types("#ops", "/oncall search")
            .await
            .unwrap()
            .expect("an answer");
        if answer.reads.contains("Search") {
            break;
        }
        answers += 1;
        assert!(answers < 10_000, "the team never came");
    }
}

#[tokio::test]
async fn a_configuration_with_mistakes_changes_nothing_and_is_said_aloud() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    stage
        .reloads("[workspace]\nfallback_chanel = \"#incidents\"\n")
        .await
        .unwrap();
    let said = sees(&stage, |stage| stage.workspace.messages("#incidents").pop()).await;
    assert!(
        said.reads.contains("was not taken over") && said.reads.contains("fallback_chanel"),
        "{}",
        said.reads
    );
    let still = stage
        .ana
        .types("#ops", "/oncall cloud")
        .await
        .unwrap()
        .expect("an answer");
    assert!(still.reads.contains("primary: @ben"), "{}", still.reads);
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

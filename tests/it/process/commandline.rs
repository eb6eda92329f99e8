//! The tools of the person who runs the bot: alerts from scripts, backups, exports.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nightbell::sim::{Person, Workspace};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{connected, ended, home, program, signal, workspace};

/// What a command printed, what it complained of, and its exit code.
struct Ran {
    out: String,
    err: String,
    code: Option<i32>,
}

async fn runs(home: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nightbell"));
    command
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .env("USER", "cron")
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    Ran {
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code(),
    }
}

async fn running() -> (Workspace, Person, TempDir, Child) {
    let (workspace, ana) = workspace().await;
    let home = home();
    let child = start(&workspace, &home).await;
    (workspace, ana, home, child)
}

async fn start(workspace: &Workspace, home: &TempDir) -> Child {
    let child = program(home.path(), &workspace.api_url()).spawn().unwrap();
    connected(workspace).await;
    child
}

async fn stop(child: Child, workspace: &Workspace) {
    signal(&child, "TERM");
    let (said, code) = ended(child).await;
    assert_eq!(code, Some(0), "{said}");
    while workspace.connections() > 0 {
        workspace.changes().changed().await.unwrap();
    }
}

async fn shows(ana: &Person, id: &str) -> String {
    let answer = ana.types("#ops", &format!("/alert show {id}")).await.unwrap();
    answer.expect("an answer").reads
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_raises_counts_and_resolves() {
    let (workspace, ana, home, child) = running().await;
    let raise = [
        "alert",
        "backup <failed> on db-3",
        "--for",
        "cloud ops",
        "--priority",
        "p2",
        "--key",
        "b",
        "--service",
        "backup",
    ];
    let raised = runs(home.path(), &raise).await;
    assert_eq!(
        raised.out, "A-1 P2 backup <failed> on db-3: raised for cloud, paging\n",
        "{}",
        raised.err
    );
    assert_eq!(raised.code, Some(0));
    let again = runs(home.path(), &raise).await;
    assert_eq!(again.out, "A-1 P2 backup <failed> on db-3: counted, reported 2 times\n");
    let shown = shows(&ana, "A-1").await;
    assert!(shown.contains("raised by cron on the command line"), "{shown}");
    assert!(
        shown.contains("service: backup") && shown.contains("Reported 2 times"),
        "{shown}"
    );
    let over = runs(home.path(), &["alert", "--for", "cloud", "--key", "b", "--resolve"]).await;
    assert_eq!(
        (over.out.as_str(), over.code),
        ("A-1 P2 backup <failed> on db-3: marked as over, resolved\n", Some(0))
    );
    let nothing = runs(home.path(), &["alert", "--for", "cloud", "--key", "never", "--resolve"]).await;
    assert_eq!(
        (nothing.out.as_str(), nothing.code),
        ("no open alert has this key\n", Some(0))
    );
    let unknown = runs(home.path(), &["alert", "x", "--for", "clod"]).await;
    assert_eq!(
        (unknown.err.as_str(), unknown.code),
        ("there is no team `clod`; there are: cloud, payments\n", Some(1))
    );
    let silent = runs(home.path(), &["alert", " ", "--for", "cloud"]).await;
    assert_eq!(
        (silent.err.as_str(), silent.code),
        ("there is nothing to say: the message is empty\n", Some(1))
    );
    let long = runs(home.path(), &["alert", &"x".repeat(8001), "--for", "cloud"]).await;
    assert_eq!(long.code, Some(1));
    assert!(long.err.contains("more than 8000 characters"), "{}", long.err);
    let odd = runs(home.path(), &["alert", "x", "--for", "cloud", "--priority", "p9"]).await;
    assert_eq!(odd.code, Some(2), "wrong usage");
    assert_eq!(
        fs::metadata(home.path().join("data/nightbell.sock"))
            .map(|found| {
                use std::os::unix::fs::PermissionsExt as _;
                found.permissions().mode() & 0o777
            })
            .unwrap(),
        0o600,
        "nobody else may talk to it"
    );
    stop(child, &workspace).await;
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_while_the_bot_is_down_is_raised_at_its_next_start_and_damage_is_said() {
    let (workspace, ana) = workspace().await;
    let home = home();
    for arguments in [
        ["alert", "disk full", "--for", "cloud"],
        ["alert", "who knows", "--for", "clod"],
    ] {
        let kept = runs(home.path(), &arguments).await;
        assert_eq!(kept.code, Some(3), "{}", kept.err);
        assert!(kept.err.contains("kept, and raised at its next start"), "{}", kept.err);
    }
    let spool = home.path().join("data.spool");
    fs::write(spool.join("00000000000000000001-1.json"), "{\"message\": \"cut sho").unwrap();
    fs::write(spool.join("00000000000000000002-1.json"), vec![b'x'; 100_000]).unwrap();
    fs::write(spool.join("00000000000000000003-1.json"), [0xff, 0xfe]).unwrap();

    let child = start(&workspace, &home).await;
    let mut changes = workspace.changes();
    let settled = async {
        while workspace.messages("#incidents").len() < 4 || workspace.messages("#cloud").is_empty() {
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), settled)
        .await
        .expect("all is said");
    assert!(shows(&ana, "A-1").await.contains("disk full"));
    let said: Vec<String> = workspace
        .messages("#incidents")
        .into_iter()
        .map(|message| message.reads)
        .collect();
    let all = said.join("\n");
    assert!(
        all.contains("there is no team `clod`") && all.contains("who knows"),
        "no word is lost: {all}"
    );
    assert!(all.contains("it is larger than any report"), "{all}");
    let left: Vec<String> = fs::read_dir(&spool)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        left.iter().filter(|name| name.ends_with(".unusable")).count(),
        4,
        "{left:?}"
    );
    assert_eq!(left.len(), 4, "what was raised is gone: {left:?}");
    stop(child, &workspace).await;
    let child = start(&workspace, &home).await;
    assert!(
        shows(&ana, "A-2").await.contains("There is no alert A-2"),
        "nothing is raised twice"
    );
    stop(child, &workspace).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_the_running_bot_is_restored_and_goes_on() {
    let (workspace, ana, home, child) = running().await;
    ana.types("#ops", "/alert the API times out for cloud").await.unwrap();
    let saved = runs(home.path(), &["backup", "monday"]).await;
    assert_eq!(saved.code, Some(0), "{}", saved.err);
    let twice = runs(home.path(), &["backup", "monday"]).await;
    assert!(
        twice.code == Some(1) && twice.err.contains("is there already"),
        "{}",
        twice.err
    );
    ana.types("#ops", "/alert the queue is full for cloud").await.unwrap();
    let busy = runs(home.path(), &["restore", "monday"]).await;
    assert!(
        busy.code == Some(1) && busy.err.contains("in use by another Nightbell"),
        "{}",
        busy.err
    );
    stop(child, &workspace).await;

    let none = runs(home.path(), &["restore", "tuesday"]).await;
    assert!(
        none.code == Some(1) && none.err.contains("failed to open `tuesday`"),
        "{}",
        none.err
    );
    let restored = runs(home.path(), &["restore", "monday"]).await;
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    assert!(
        restored.out.contains("what was there is kept as data.before-"),
        "{}",
        restored.out
    );
    let child = start(&workspace, &home).await;
    assert!(shows(&ana, "A-1").await.contains("the API times out"));
    assert!(shows(&ana, "A-2").await.contains("There is no alert A-2"));
    let raised = ana
        .types("#ops", "/alert something new for payments")
        .await
        .unwrap()
        .unwrap();
    assert!(raised.reads.starts_with("A-2 P3 something new"), "{}", raised.reads);
    stop(child, &workspace).await;
    let still = runs(home.path(), &["backup", "at-rest"]).await;
    assert_eq!(still.code, Some(0), "also without a bot: {}", still.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn export_and_journal_read_a_running_bot_and_one_that_is_not() {
    let (workspace, ana, home, child) = running().await;
    ana.types("#ops", "/alert the API times out for cloud").await.unwrap();
    ana.types("#ops", "/alert note 1 looking at it").await.unwrap();
    ana.types("#ops", "/incident declare sev3 customers cannot log in")
        .await
        .unwrap();
    let exported = async |child: Option<Child>| {
        let out = runs(home.path(), &["export"]).await;
        let journal = runs(home.path(), &["journal", "A-1"]).await;
        let incident = runs(home.path(), &["journal", "inc-1"]).await;
        let whole = runs(home.path(), &["journal"]).await;
        let nonsense = runs(home.path(), &["journal", "X-1"]).await;
        if let Some(child) = child {
            stop(child, &workspace).await;
        }
        assert!(
            out.code == Some(0) && journal.code == Some(0),
            "{} {}",
            out.err,
            journal.err
        );
        let lines: Vec<Value> = out
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let [alert, declared] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert_eq!(
            (&alert["kind"], &alert["summary"]),
            (&json!("alert"), &json!("the API times out"))
        );
        assert_eq!(
            (&declared["kind"], &declared["title"]),
            (&json!("incident"), &json!("customers cannot log in"))
        );
        let noted = alert["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .any(|moment| moment["what"]["text"] == "looking at it");
        assert!(noted, "{alert}");
        assert!(journal.out.contains("A-1 noted: "), "{}", journal.out);
        assert!(
            incident.out.contains("INC-1 declared: ") && !incident.out.contains("A-1"),
            "{}",
            incident.out
        );
        assert_eq!(whole.out.matches("A-1 raised").count(), 1, "{}", whole.out);
        assert!(whole.out.contains("INC-1 declared: "), "{}", whole.out);
        assert!(
            nonsense.code == Some(1) && nonsense.err.contains("`INC-3`"),
            "{}",
            nonsense.err
        );
    };
    exported(Some(child)).await;
    exported(None).await;
    let left: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("copy"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "no copy is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_on_call_is_printed_with_reasons_also_while_the_bot_runs() {
    let (workspace, ana, home, child) = running().await;
    let taken = ana.types("#ops", "/oncall take cloud for 2h").await.unwrap().unwrap();
    assert!(
        taken.reads.contains("@ana is on call for Cloud (primary)"),
        "{}",
        taken.reads
    );
    let asks = async |more: &[&str]| runs(home.path(), &[&["oncall"], more].concat()).await;

    let now = asks(&["cloud ops"]).await;
    assert_eq!(now.code, Some(0), "{}", now.err);
    let lines: Vec<&str> = now.out.lines().map(str::trim).collect();
    assert!(
        lines[0].starts_with("Cloud, ") && lines[0].ends_with(" (Europe/Berlin)") && lines[1] == "level 1, for 5 min:",
        "{}",
        now.out
    );
    assert!(
        lines[2].starts_with("primary: @ana (O-1) until "),
        "the bot knows her name: {}",
        now.out
    );
    assert!(
        lines[3].starts_with("It is the turn of @") && lines[4].starts_with("@ana took it from "),
        "{}",
        now.out
    );
    assert!(!now.out.contains(['<', '*']), "no markup: {}", now.out);
    let others = asks(&["--at", "2026-03-02 09:00"]).await;
    let expected = "\
Cloud, Mon 2 Mar 2026 09:00 (Europe/Berlin)
  level 1, for 5 min:
    primary: @ben until Mon 9 Mar 2026 09:00, then @cleo
      It is the turn of @ben from Mon 2 Mar 2026 09:00 until Mon 9 Mar 2026 09:00.
  level 2, for 10 min:
    secondary: @cleo until Mon 9 Mar 2026 09:00, then @ben
      It is the turn of @cleo from Mon 2 Mar 2026 09:00 until Mon 9 Mar 2026 09:00.

Payments, Mon 2 Mar 2026 09:00 (Europe/Berlin)
  level 1, for 10 min:
    @dora
";
    assert_eq!(
        (others.out.as_str(), others.code),
        (expected, Some(0)),
        "{}",
        others.err
    );

    let calendar = asks(&["cloud", "--ics"]).await;
    assert_eq!(calendar.code, Some(0), "{}", calendar.err);
    assert!(calendar.out.starts_with("BEGIN:VCALENDAR\r\n") && calendar.out.ends_with("END:VCALENDAR\r\n"));
    assert!(
        calendar.out.contains("SUMMARY:@ana on call: Cloud (primary)\r\n"),
        "{}",
        calendar.out
    );
    stop(child, &workspace).await;

    let alone = asks(&["cloud"]).await;
    assert_eq!(alone.code, Some(0), "{}", alone.err);
    let id = format!("primary: {} (O-1) until ", ana.id());
    assert!(
        alone.out.contains(&id),
        "without a bot nobody knows her name: {}",
        alone.out
    );
    let again = asks(&["cloud", "--ics"]).await.out;
    let uids = |text: &str| -> Vec<String> {
        let lines = text.split("\r\n").filter(|line| line.starts_with("UID:"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(uids(&again), uids(&calendar.out), "the shifts have the same names");
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_said_about_on_call_is_said_with_what_would_work() {
    let home = home();
    let asks = async |more: &[&str]| {
        let ran = runs(home.path(), &[&["oncall"], more].concat()).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
        ran.err.trim_end().to_owned()
    };
    assert_eq!(
        asks(&[]).await,
        "there is no data folder data; `--data` names another, and `nightbell run` makes one"
    );
    fs::create_dir(home.path().join("data")).unwrap();
    assert_eq!(asks(&["clod"]).await, "there is no team `clod`; did you mean `cloud`?");
    assert_eq!(
        asks(&["zebra"]).await,
        "there is no team `zebra`; there are: `cloud`, `payments`"
    );
    let no_time = asks(&["--at", "soon"]).await;
    assert!(
        no_time.starts_with("`soon` is no time; write one like `now`, `in 2h`"),
        "{no_time}"
    );
    let skipped = asks(&["--at", "2026-03-29 02:30"]).await;
    assert!(
        skipped.contains("does not exist") && skipped.contains("`2026-03-29 03:00`"),
        "{skipped}"
    );
    let empty = asks(&["payments", "--ics"]).await;
    assert!(
        empty.starts_with("nobody is on call in the 90 days after that"),
        "{empty}"
    );
    let missing = asks(&["--config", "none.toml"]).await;
    assert!(missing.contains("none.toml"), "{missing}");
}

#[tokio::test]
async fn the_manifest_and_the_check_know_the_shortcuts_beside_the_configuration() {
    let home = home();
    fs::create_dir(home.path().join("commands")).unwrap();
    let genie = include_str!("../../../commands/examples/genie.toml");
    fs::write(home.path().join("commands/genie.toml"), genie).unwrap();
    // In a checkout, our own tables lie in the same folder.
    fs::write(
        home.path().join("commands/alert.toml"),
        include_str!("../../../commands/alert.toml"),
    )
    .unwrap();
    let manifest = runs(home.path(), &["manifest"]).await;
    assert!(
        manifest.code == Some(0) && manifest.out.contains("\"/genie\""),
        "{}",
        manifest.err
    );
    assert_eq!(runs(home.path(), &["check"]).await.code, Some(0));
    fs::write(home.path().join("commands/mine.toml"), genie).unwrap();
    for command in ["check", "manifest"] {
        let collision = runs(home.path(), &[command]).await;
        assert_eq!(collision.code, Some(1));
        assert!(
            collision.err.contains("another file has `/genie` already")
                && collision.err.contains("commands/mine.toml:4:15"),
            "{command}: {}",
            collision.err
        );
    }
}

#[tokio::test]
async fn the_check_reads_the_runbooks_beside_the_configuration_too() {
    let home = home();
    let folder = home.path().join("runbooks");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("restart.md"),
        "---\nowner: paymnts\n---\n## Restart {{server}}\n",
    )
    .unwrap();
    let fine = runs(home.path(), &["check"]).await;
    assert_eq!(fine.code, Some(0), "{}", fine.err);
    for said in [
        "1 runbook in runbooks, with 1 step",
        "`{{server}}` is used here and not declared",
        "the team `paymnts` keeps it: did you mean `Payments`?",
    ] {
        assert!(fine.out.contains(said), "{said}: {}", fine.out);
    }
    let shown = runs(home.path(), &["runbook", "runbooks/restart.md"]).await;
    assert!(
        shown.code == Some(0) && shown.out.contains("1. Restart {{server}}"),
        "{}",
        shown.out
    );

    fs::write(folder.join("bad.md"), "## A\n\n- [on](#nowhere)\n").unwrap();
    for arguments in [&["check"][..], &["runbook", "runbooks/bad.md"]] {
        let bad = runs(home.path(), arguments).await;
        assert_eq!(bad.code, Some(1));
        assert!(
            bad.err.contains("this leads to `#nowhere`") && bad.err.contains("runbooks/bad.md:3:4"),
            "{}",
            bad.err
        );
    }
    let missing = runs(home.path(), &["runbook", "none.md"]).await;
    assert!(missing.err.contains("failed to read `none.md`"), "{}", missing.err);
}

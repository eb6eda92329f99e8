//! The tools of the person who runs the bot; here alerts from scripts.

mod checking;
mod keeping;
mod oncall;

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

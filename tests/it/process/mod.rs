//! The program as its owner runs it: killed, stopped, without space, with a damaged folder, with wrong tokens.

mod commandline;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nightbell::clock::{Clock, monotonic};
use nightbell::demo::Configuration;
use nightbell::sim::{ChannelKind, NewUser, Person, RateLimits, Setup, Workspace};
use tempfile::TempDir;
use tokio::task::JoinSet;

/// A workspace on the machine's clock, with the people of the demo's configuration.
async fn workspace() -> (Workspace, Person) {
    let setup = Setup {
        manifest: include_str!("../../../manifest.json").to_owned(),
        now: Arc::new(|| Clock::System.now()),
        rate_limits: RateLimits::Off,
    };
    let workspace = Workspace::start(setup).await.unwrap();
    let people = ["ana", "ben", "cleo", "dora"].map(|name| {
        let name = name.to_owned();
        workspace.add_user(NewUser {
            name,
            zone: "Europe/Berlin".to_owned(),
            ..NewUser::default()
        })
    });
    for channel in ["ops", "cloud", "payments", "incidents"] {
        workspace.add_channel(channel, ChannelKind::Public);
    }
    let [ana, ..] = people;
    (workspace, ana)
}

fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("nightbell.toml"), Configuration::default().text).unwrap();
    home
}

/// The program, with everything it takes from its surroundings.
fn program(home: &Path, api: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nightbell"));
    surroundings(command.arg("run"), home, api);
    command
}

fn surroundings(command: &mut Command, home: &Path, api: &str) {
    command
        .current_dir(home)
        .env_clear()
        .env("SLACK_APP_TOKEN", "xapp-simulated")
        .env("SLACK_BOT_TOKEN", "xoxb-simulated")
        .env("SLACK_API_URL", api)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
}

/// Waits until both connections are up.
async fn connected(workspace: &Workspace) {
    let mut changes = workspace.changes();
    let both = async {
        while workspace.connections() < 2 {
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), both)
        .await
        .expect("the bot connects");
}

/// Waits until the process ends; what it said, and how it ended.
async fn ended(child: Child) -> (String, Option<i32>) {
    let waiting = tokio::task::spawn_blocking(move || child.wait_with_output());
    let output = tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("it ends")
        .unwrap()
        .unwrap();
    (
        String::from_utf8_lossy(&output.stderr).into_owned(),
        output.status.code(),
    )
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Types alerts until the bot is gone; those that were confirmed, by id.
async fn types_until_the_end(ana: &Person, round: u64, worker: u64) -> Vec<(String, String)> {
    let mut confirmed = Vec::new();
    for number in 0.. {
        let text = format!("disk {round}-{worker}-{number} is full");
        let command = format!("/alert {text} for cloud");
        let typed = ana.types("#ops", &command);
        // The bot is dead long before Slack gives up on it.
        let Ok(Ok(Some(answer))) = tokio::time::timeout(Duration::from_millis(300), typed).await else {
            return confirmed;
        };
        let id = answer.reads.split_whitespace().next().unwrap_or_default().to_owned();
        confirmed.push((id, text));
    }
    confirmed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_loses_nothing_it_confirmed() {
    const ROUNDS: u64 = 100;
    /// So many answers prove something; a busy machine needs more rounds for them.
    const ENOUGH: usize = 100;
    let mut dice = Dice(20_260_303);
    let (workspace, ana) = workspace().await;
    let home = home();
    let mut confirmed: Vec<(String, String)> = Vec::new();
    for round in 0..4 * ROUNDS {
        if round >= ROUNDS && confirmed.len() > ENOUGH {
            break;
        }
        let mut child = program(home.path(), &workspace.api_url()).spawn().unwrap();
        // Some are killed while they start.
        if round % 5 != 4 {
            connected(&workspace).await;
        }
        let mut tasks = JoinSet::new();
        for worker in 0..4 {
            let ana = ana.clone();
            tasks.spawn(async move { types_until_the_end(&ana, round, worker).await });
        }
        nightbell::clock::pause(Duration::from_micros(dice.below(60_000))).await;
        child.kill().unwrap();
        child.wait().unwrap();
        confirmed.extend(tasks.join_all().await.into_iter().flatten());
        while workspace.connections() > 0 {
            workspace.changes().changed().await.unwrap();
        }
    }
    assert!(
        confirmed.len() > ENOUGH,
        "only {} commands were confirmed",
        confirmed.len()
    );
    let mut ids: Vec<&String> = confirmed.iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), confirmed.len(), "an id was given twice");

    let mut child = program(home.path(), &workspace.api_url()).spawn().unwrap();
    connected(&workspace).await;
    for (id, text) in &confirmed {
        let shown = ana
            .types("#ops", &format!("/alert show {id}"))
            .await
            .unwrap()
            .expect("an answer");
        assert!(
            shown.reads.contains(text),
            "{id} was `{text}` and is now: {}",
            shown.reads
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let cards = workspace.messages("#cloud");
    for card in &cards {
        let title = card.reads.lines().next().unwrap_or_default();
        let same = cards
            .iter()
            .filter(|other| other.reads.lines().next() == Some(title))
            .count();
        assert_eq!(same, 1, "the card of {title} is there {same} times");
    }
}

/// A bot that runs and has confirmed one alert.
async fn with_an_alert() -> (Workspace, TempDir, Child) {
    let (workspace, ana) = workspace().await;
    let home = home();
    let child = program(home.path(), &workspace.api_url()).spawn().unwrap();
    connected(&workspace).await;
    let answer = ana.types("#ops", "/alert the API times out for cloud").await;
    answer.unwrap().expect("an answer");
    (workspace, home, child)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_in_order_when_it_is_told_to() {
    for name in ["TERM", "INT"] {
        let (workspace, _home, child) = with_an_alert().await;
        let told = monotonic();
        signal(&child, name);
        let (said, code) = ended(child).await;
        assert_eq!(code, Some(0), "{name}: {said}");
        assert!(
            told.elapsed() < Duration::from_secs(5),
            "{name}: it took {:?}",
            told.elapsed()
        );
        // The workspace hears of the end a moment after it.
        let mut changes = workspace.changes();
        while workspace.connections() > 0 {
            changes.changed().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_ends_it_with_a_sentence_and_loses_nothing_it_confirmed() {
    let (workspace, ana) = workspace().await;
    let home = home();
    // A limit on the size of files stands for a disk without space; the signal that comes with it is ignored.
    let mut limited = Command::new("sh");
    let script = format!(
        "trap '' XFSZ; ulimit -f 6000; exec {} run",
        env!("CARGO_BIN_EXE_nightbell")
    );
    surroundings(limited.args(["-c", &script]), home.path(), &workspace.api_url());
    let child = limited.spawn().unwrap();
    connected(&workspace).await;
    let long = "x".repeat(2500);
    let mut confirmed = 0;
    let command = format!("/alert {long} for cloud");
    loop {
        match ana.types("#ops", &command).await {
            Ok(Some(answer)) => assert!(answer.reads.starts_with("A-"), "{}", answer.reads),
            Ok(None) => panic!("a command that was not stored was acknowledged"),
            Err(_) => break,
        }
        confirmed += 1;
        assert!(confirmed < 5_000, "the disk never filled");
    }
    let (said, code) = ended(child).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("is full; nothing that was confirmed is lost"), "{said}");

    let mut child = program(home.path(), &workspace.api_url()).spawn().unwrap();
    connected(&workspace).await;
    let last = ana
        .types("#ops", &format!("/alert show A-{confirmed}"))
        .await
        .unwrap()
        .expect("an answer");
    assert!(last.reads.contains(&long), "A-{confirmed} is lost: {}", last.reads);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_data_folder_is_named_with_what_to_do() {
    let (workspace, home, child) = with_an_alert().await;
    signal(&child, "TERM");
    ended(child).await;
    let database = home.path().join("data/db");
    let half = fs::metadata(&database).unwrap().len() / 2;
    fs::OpenOptions::new()
        .write(true)
        .open(&database)
        .unwrap()
        .set_len(half)
        .unwrap();

    let (said, code) = ended(program(home.path(), &workspace.api_url()).spawn().unwrap()).await;
    assert_eq!(code, Some(1), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.contains("the data folder data is damaged") && last.contains("put a backup in its place"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_do_not_work_are_named_with_where_to_get_them_and_never_shown() {
    let (workspace, _) = workspace().await;
    let home = home();
    let cases = [
        ("SLACK_BOT_TOKEN", "xoxb-wrong-7f3a", "SLACK_BOT_TOKEN", "invalid_auth"),
        (
            "SLACK_APP_TOKEN",
            "xapp-wrong-7f3a",
            "SLACK_APP_TOKEN",
            "connections:write",
        ),
        (
            "SLACK_BOT_TOKEN",
            "",
            "SLACK_BOT_TOKEN is not set",
            "OAuth & Permissions",
        ),
        (
            "SLACK_APP_TOKEN",
            "xoxb-swapped-7f3a",
            "SLACK_APP_TOKEN holds the token that belongs in",
            "SLACK_BOT_TOKEN",
        ),
    ];
    for (variable, value, names, says) in cases {
        let mut command = program(home.path(), &workspace.api_url());
        let (said, code) = ended(command.env(variable, value).env("RUST_LOG", "trace").spawn().unwrap()).await;
        assert_eq!(code, Some(1), "{variable}={value}: {said}");
        let last = said.lines().rev().take(3).collect::<String>();
        assert!(
            last.contains(names) && last.contains(says),
            "{variable}={value}: {last}"
        );
        assert!(
            !said.contains("7f3a") && !said.contains("-simulated"),
            "a token is shown: {said}"
        );
    }
    workspace.revoke();
    let (said, code) = ended(program(home.path(), &workspace.api_url()).spawn().unwrap()).await;
    assert_eq!(code, Some(1));
    assert!(
        said.contains("token_revoked") && said.contains("OAuth & Permissions"),
        "{said}"
    );
}

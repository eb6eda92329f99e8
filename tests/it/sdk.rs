//! The simulator as Slack's own SDKs see it: unchanged, over the network, without a line of ours.
//!
//! `tests/sdk/install` fetches them; where they cannot be had, these tests say so and pass.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nightbell::clock::Clock;
use nightbell::sim::{ChannelKind, Disconnect, Fill, Message, NewUser, RateLimits, Setup, Submitted, Workspace};
use serde_json::json;
use tempfile::TempDir;

/// Variables for one program.
type Settings = [(&'static str, OsString)];

/// An app of one of the SDKs, running; what it complains of is shown when the test fails.
struct App {
    child: Child,
    folder: TempDir,
}

impl App {
    fn runs(program: &OsStr, script: &Path, settings: &Settings, workspace: &Workspace) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Nothing else of our surroundings: a proxy would be asked for 127.0.0.1.
        let child = Command::new(program)
            .arg(script)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .env("SLACK_API_URL", workspace.api_url())
            .env("SLACK_APP_TOKEN", workspace.app_token())
            .env("SLACK_BOT_TOKEN", workspace.bot_token())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        Self { child, folder }
    }

    /// Warnings and errors of the SDK.
    fn complaints(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).unwrap()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "it says why the test failed")]
            {
                eprintln!("the app said:\n{}", self.complaints());
            }
        }
    }
}

fn manifest() -> String {
    json!({
        "features": {
            "bot_user": {"display_name": "teabot"},
            "slash_commands": [{"command": "/tea", "description": "Ask for tea"}],
        },
        "oauth_config": {"scopes": {"bot": [
            "channels:history", "channels:read", "chat:write", "commands", "reactions:read", "users:read",
        ]}},
        "settings": {
            "event_subscriptions": {"bot_events": ["message.channels", "reaction_added"]},
            "interactivity": {"is_enabled": true},
            "socket_mode_enabled": true,
        },
    })
    .to_string()
}

/// Waits until something is there to be seen.
async fn sees<T>(workspace: &Workspace, what: &str, look: impl Fn(&Workspace) -> Option<T>) -> T {
    let mut changes = workspace.changes();
    let seeing = async {
        loop {
            if let Some(seen) = look(workspace) {
                return seen;
            }
            changes.changed().await.unwrap();
        }
    };
    let seen = tokio::time::timeout(Duration::from_secs(30), seeing).await;
    seen.unwrap_or_else(|_| {
        panic!(
            "{what}: not seen; {:#?}\n{:?}",
            workspace.calls(),
            workspace.complaints()
        )
    })
}

async fn connections(workspace: &Workspace, count: usize) {
    let look = |workspace: &Workspace| (workspace.connections() == count).then_some(());
    sees(workspace, &format!("{count} connections"), look).await;
}

/// Waits for a reply that reads so.
async fn reply(workspace: &Workspace, parent: &Message, reads: &str) -> Message {
    let look = |workspace: &Workspace| workspace.thread(parent).into_iter().find(|it| it.reads == reads);
    sees(workspace, reads, look).await
}

/// Somebody orders tea, somebody brings it: every door an app has.
async fn tea_is_had(program: &OsStr, script: &Path, settings: &Settings) {
    let setup = Setup {
        manifest: manifest(),
        now: Arc::new(|| Clock::System.now()),
        rate_limits: RateLimits::Enforced,
    };
    let workspace = Workspace::start(setup).await.unwrap();
    let [ana, ben] = ["ana", "ben"].map(|name| {
        let name = name.to_owned();
        workspace.add_user(NewUser {
            name,
            ..NewUser::default()
        })
    });
    workspace.add_channel("kitchen", ChannelKind::Public);
    let app = App::runs(program, script, settings, &workspace);
    connections(&workspace, 1).await;

    let answer = ana
        .types("#kitchen", "/tea mint & lemon")
        .await
        .unwrap()
        .expect("an answer");
    assert_eq!(
        (answer.reads.as_str(), answer.only_to.as_deref()),
        ("The kettle is on.", Some(ana.id()))
    );
    let order = sees(&workspace, "the order", |it| it.messages("#kitchen").pop()).await;
    assert_eq!(order.reads, "@ana would like mint & lemon\n[Take it]");

    ben.clicks(&order, "Take it").await.unwrap();
    let form = sees(&workspace, "the form", |it| it.views(&ben).pop()).await;
    let refused = ben.submits(&form, &[("minutes", Fill::Text("soon"))]).await.unwrap();
    let why = [("minutes".to_owned(), "A number, please.".to_owned())];
    assert_eq!(refused, Submitted::Errors(why.into()));
    let taken = ben.submits(&form, &[("minutes", Fill::Text("4"))]).await.unwrap();
    assert_eq!(taken, Submitted::Closed);
    reply(&workspace, &order, "Ready in 4 minutes.").await;
    let brought = workspace.messages("#kitchen").pop().unwrap();
    assert_eq!(
        (brought.reads.as_str(), brought.edited),
        ("@ben brings mint & lemon", true)
    );
    let told = sees(&workspace, "the answer by URL", |it| it.ephemerals(&ben).pop()).await;
    assert_eq!(told.reads, "The form is open.");

    ana.replies(&order, "with sugar, please").await.unwrap();
    reply(&workspace, &order, "Two lumps.").await;
    ana.reacts(&order, "tea").await.unwrap();
    reply(&workspace, &order, "tea of ana in kitchen: 4 messages, 3 people").await;

    let quiet = |it: &Workspace| (it.unacknowledged() == 0).then_some(());
    sees(&workspace, "everything acknowledged", quiet).await;
    // Slack wants a new connection now and then, and the app goes on with another.
    let opened = |it: &Workspace| {
        it.calls()
            .iter()
            .filter(|call| call.method == "apps.connections.open")
            .count()
    };
    let before = opened(&workspace);
    workspace.disconnect(Disconnect::RefreshRequested);
    sees(&workspace, "a new connection", |it| (opened(it) > before).then_some(())).await;
    connections(&workspace, 1).await;
    ana.types("#kitchen", "/tea green").await.unwrap().expect("an answer");
    let again = |it: &Workspace| it.messages("#kitchen").into_iter().nth(1);
    assert_eq!(
        sees(&workspace, "another order", again).await.reads,
        "@ana would like green\n[Take it]"
    );

    assert_eq!(workspace.complaints(), Vec::<String>::new());
    let failed: Vec<_> = workspace
        .calls()
        .into_iter()
        .filter(|call| call.error.is_some())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(app.complaints(), "", "the SDK found something wrong");
    workspace.stop();
}

/// Where an SDK is: where the environment says, or where `tests/sdk/install` puts it.
fn place(variable: &str, usual: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let place = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(usual));
    place.exists().then_some(place)
}

fn app(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk").join(file)
}

#[tokio::test]
async fn an_app_of_the_python_sdk_works_unchanged() {
    let Some(python) = place("NIGHTBELL_SDK_PYTHON", "target/sdk/python/bin/python") else {
        println!("skipped: Slack's SDK for Python is not here; tests/sdk/install fetches it");
        return;
    };
    tea_is_had(
        python.as_ref(),
        &app("python/app.py"),
        &[("PYTHONWARNINGS", "ignore".into())],
    )
    .await;
}

#[tokio::test]
async fn an_app_of_the_node_sdk_works_unchanged() {
    let Some(folder) = place("NIGHTBELL_SDK_NODE", "target/sdk/node") else {
        println!("skipped: Slack's SDK for Node is not here; tests/sdk/install fetches it");
        return;
    };
    let modules = ("NODE_PATH", folder.join("node_modules").into());
    tea_is_had(
        "node".as_ref(),
        &app("node/app.js"),
        &[modules, ("NODE_NO_WARNINGS", "1".into())],
    )
    .await;
}

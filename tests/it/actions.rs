//! What a runbook's step sends, as people confirm it and read what came of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use nightbell::actions::{Limits, Secrets, Settings};
use nightbell::demo::{Configuration, Stage};
use nightbell::domain::runbook::Library;
use nightbell::runbooks;
use nightbell::sim::{Message, OpenView, Person, Submitted};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// Something that builds and restarts, as a server of its own.
struct Builder {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    /// It answers once this is rung.
    answers: Arc<Notify>,
}

impl Builder {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Notify::new());
        let (log, bell) = (Arc::clone(&heard), Arc::clone(&answers));
        let answer = move |request: Request| {
            let (log, bell) = (Arc::clone(&log), Arc::clone(&bell));
            async move {
                let token = request.headers().get("x-token").and_then(|token| token.to_str().ok());
                let said = format!("{} {} {}", request.method(), request.uri(), token.unwrap_or("nothing"));
                log.lock().unwrap().push(said);
                bell.notified().await;
                (StatusCode::CREATED, "queued\nfor you, with s3cret-value")
            }
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Self { port, heard, answers }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Returns once it has heard so much.
    async fn hears(&self, count: usize) {
        let heard = async {
            while self.heard().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), heard)
            .await
            .expect("it hears of it");
    }
}

/// A runbook whose first step sends something.
fn page(port: u16) -> String {
    format!(
        "---\nparameters:\n  slug:\n    required: true\n---\n## Restart {{{{slug}}}}\n\n```http\nPOST http://127.0.0.1:{port}/job/restart\n  \
         ?SLUG={{{{slug}}}}\nX-Token: {{{{env.TOKEN}}}}\n```\n\n## Look\n"
    )
}

async fn opened(builder: &Builder, allowed: bool, more: &str) -> (Stage, TempDir) {
    let book = runbooks::read(&(page(builder.port) + more), "runbooks/restart.md").unwrap();
    let port = builder.port;
    let actions = format!("\n[actions]\nprivate = [\"127.0.0.1:{port}\"]\nsecrets = [\"TOKEN for 127.0.0.1\"]\n");
    crate::setting::stage_as(Configuration {
        text: Configuration::default().text + if allowed { &actions } else { "" },
        runbooks: Library::new([book.runbook], Vec::new()),
        actions: Settings {
            secrets: Secrets::new(|name| (name == "TOKEN").then(|| "s3cret-value".to_owned())),
            limits: Limits {
                end: Duration::from_millis(10),
                ..Limits::default()
            },
        },
        ..Configuration::default()
    })
    .await
}

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#cloud", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

fn root(stage: &Stage) -> Message {
    let messages = stage.workspace.messages("#cloud").into_iter().rev();
    messages
        .into_iter()
        .find(|message| message.reads.contains("R-"))
        .unwrap()
}

fn card(stage: &Stage) -> Message {
    let thread = stage.workspace.thread(&root(stage)).into_iter().rev();
    thread
        .into_iter()
        .find(|message| !message.buttons().is_empty())
        .expect("a card")
}

fn last(stage: &Stage) -> String {
    let thread = stage.workspace.thread(&root(stage));
    thread.last().map(|message| message.reads.clone()).unwrap_or_default()
}

/// Presses *Send…*: the form that asks whether to.
async fn asked(stage: &Stage, who: &Person, label: &str) -> OpenView {
    who.clicks(&card(stage), label).await.unwrap();
    stage.settles().await.unwrap();
    stage.workspace.views(who).pop().expect("a form")
}

fn told(stage: &Stage, who: &Person) -> String {
    let told = stage.workspace.ephemerals(who).pop();
    told.map(|message| message.reads).unwrap_or_default()
}

#[tokio::test]
async fn what_is_sent_is_shown_first_sent_once_and_answered_in_the_thread() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(&builder, true, "").await;
    let Stage { ana, ben, .. } = &stage;
    types(&stage, ana, "/runbook run restart slug=a&b").await;
    let form = asked(&stage, ana, "Send…").await;
    let others = asked(&stage, ben, "Send…").await;
    let port = builder.port.to_string();
    insta::assert_snapshot!(form.reads.replace(&port, "8080"), @r"
    Send for R-1
    1. Restart a&b
    This goes to 127.0.0.1 as soon as you press Send it:
    ```POST http://127.0.0.1:8080/job/restart?SLUG=a%26b
    X-Token: {{env.TOKEN}}```
    What stands in `{{env.…}}` is a secret of the bot: only its receiver sees it.
    [Send it]
    ");
    assert!(
        builder.heard().is_empty(),
        "nothing is sent before somebody confirms it"
    );
    assert_eq!(ana.submits(&form, &[]).await.unwrap(), Submitted::Closed);
    builder.hears(1).await;
    // Twice at once: the second is told.
    assert_eq!(ben.submits(&others, &[]).await.unwrap(), Submitted::Another);
    let said = stage.workspace.views(ben).pop().expect("a form").reads;
    assert!(said.contains("@ana sent it 0 s ago"), "{said}");
    builder.answers.notify_waiters();
    stage.settles().await.unwrap();
    assert_eq!(builder.heard(), ["POST /job/restart?SLUG=a%26b s3cret-value"]);
    let answer = last(&stage).replace(&port, "8080");
    insta::assert_snapshot!(answer.split(" after ").next().unwrap_or_default(), @":outbox_tray: `POST http://127.0.0.1:8080/job/restart?SLUG=a%26b` for @ana: 201 Created");
    assert!(answer.contains("queued\nfor you, with •••"), "{answer}");
    assert!(
        card(&stage).reads.contains("→ 201 Created · @ana"),
        "{}",
        card(&stage).reads
    );
    // Whoever opened the form before sees that it is no longer so.
    assert_eq!(ben.submits(&others, &[]).await.unwrap(), Submitted::Another);
    let again = asked(&stage, ben, "Send again…").await;
    assert!(again.reads.contains("It was sent before"), "{}", again.reads);
    assert_eq!(builder.heard().len(), 1);
    let status = types(&stage, ana, "/runbook status R-1").await;
    assert!(status.contains("201 Created"), "{status}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_under_way_at_a_restart_is_unknown_and_not_sent_again() {
    let builder = Builder::open().await;
    let (mut stage, _folder) = opened(&builder, true, "").await;
    let ana = stage.ana.clone();
    types(&stage, &ana, "/runbook run restart slug=acme").await;
    let answer = types(&stage, &ana, "/runbook send 1").await;
    assert_eq!(answer, "", "the form opens");
    let form = stage.workspace.views(&ana).pop().expect("a form");
    ana.submits(&form, &[]).await.unwrap();
    builder.hears(1).await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let said = last(&stage);
    assert!(
        said.contains("nobody knows whether") && said.contains("I was restarted while it was under way"),
        "{said}"
    );
    assert_eq!(builder.heard().len(), 1, "it is not sent again");
    assert!(
        card(&stage).buttons().contains(&"Send again…".to_owned()),
        "{}",
        card(&stage).reads
    );
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_nobody_allowed_is_not_sent_and_a_drill_sends_nothing() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(&builder, false, "").await;
    types(&stage, &stage.ana, "/runbook run restart slug=acme").await;
    let reads = card(&stage).reads;
    assert!(
        reads.contains("Runbooks may not send anything to `127.0.0.1:"),
        "{reads}"
    );
    assert!(
        !card(&stage).buttons().iter().any(|button| button.starts_with("Send")),
        "{reads}"
    );
    let answer = types(&stage, &stage.ana, "/runbook send R-1").await;
    assert!(answer.contains("Nothing was sent. Runbooks may not send"), "{answer}");

    let (stage, _folder) = opened(&builder, true, "").await;
    types(&stage, &stage.ana, "/runbook practice restart slug=acme").await;
    assert!(
        card(&stage).reads.contains("In a drill nothing is sent"),
        "{}",
        card(&stage).reads
    );
    let answer = types(&stage, &stage.ana, "/runbook send R-1").await;
    assert!(answer.contains("R-1 is a drill: nothing is sent"), "{answer}");
    let asked = stage.ana.replies(&root(&stage), "send").await;
    asked.unwrap();
    stage.settles().await.unwrap();
    assert!(
        told(&stage, &stage.ana).contains("is a drill"),
        "{}",
        told(&stage, &stage.ana)
    );
    assert_eq!(builder.heard(), Vec::<String>::new());
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_value_that_changed_since_it_was_shown_keeps_it_from_being_sent() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(&builder, true, "").await;
    types(&stage, &stage.ana, "/runbook run restart slug=acme").await;
    let form = asked(&stage, &stage.ana, "Send…").await;
    types(&stage, &stage.ben, "/runbook set R-1 slug=zeta").await;
    assert_eq!(stage.ana.submits(&form, &[]).await.unwrap(), Submitted::Another);
    let said = stage.workspace.views(&stage.ana).pop().expect("a form").reads;
    assert!(
        said.contains("what it says has changed since you opened this"),
        "{said}"
    );
    assert_eq!(builder.heard(), Vec::<String>::new());
    let form = asked(&stage, &stage.ana, "Send…").await;
    assert!(form.reads.contains("SLUG=zeta"), "{}", form.reads);
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

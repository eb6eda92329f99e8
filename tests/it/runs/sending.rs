//! What a runbook's step sends, as people confirm it and read what came of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use nightbell::actions::{Limits, Secrets, Settings};
use nightbell::demo::{Configuration, Stage};
use nightbell::sim::{Message, OpenView, Person, Submitted};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::{card, fine, head, presses, shelf, thread, told, types};

const CLOUD: &str = "#cloud";

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

    /// The configuration that lets runbooks reach it.
    fn allowed(&self) -> String {
        let port = self.port;
        format!("\n[actions]\nprivate = [\"127.0.0.1:{port}\"]\nsecrets = [\"TOKEN for 127.0.0.1\"]\n")
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

/// A stage with that runbook, and what stands after its steps; `actions` is what the configuration says of it.
async fn opened(builder: &Builder, actions: &str, more: &str) -> (Stage, TempDir) {
    let page = page(builder.port) + more;
    crate::setting::stage_as(Configuration {
        text: Configuration::default().text + actions,
        runbooks: shelf(&[("restart", &page)]),
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

/// Presses *Send…*: the form that asks whether to.
async fn asked(stage: &Stage, who: &Person, label: &str) -> OpenView {
    presses(stage, who, &step(stage), label).await;
    stage.workspace.views(who).pop().expect("a form")
}

/// The card of the current step.
fn step(stage: &Stage) -> Message {
    card(stage, &head(stage, CLOUD))
}

/// The newest line of the thread.
fn last(stage: &Stage) -> String {
    let thread = thread(stage, &head(stage, CLOUD));
    thread.last().map(|message| message.reads.clone()).unwrap_or_default()
}

async fn typed(stage: &Stage, who: &Person, text: &str) -> String {
    types(stage, who, CLOUD, text).await
}

#[tokio::test]
async fn what_is_sent_is_shown_first_sent_once_and_answered_in_the_thread() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(&builder, &builder.allowed(), "").await;
    let Stage { ana, ben, .. } = &stage;
    typed(&stage, ana, "/runbook run restart slug=a&b").await;
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
    assert!(said.contains("@ana sent it just now"), "{said}");
    builder.answers.notify_waiters();
    stage.settles().await.unwrap();
    assert_eq!(builder.heard(), ["POST /job/restart?SLUG=a%26b s3cret-value"]);
    let answer = last(&stage).replace(&port, "8080");
    insta::assert_snapshot!(answer.split(" after ").next().unwrap_or_default(), @":outbox_tray: `POST http://127.0.0.1:8080/job/restart?SLUG=a%26b` for @ana: 201 Created");
    assert!(answer.contains("queued\nfor you, with •••"), "{answer}");
    assert!(
        step(&stage).reads.contains("→ 201 Created · @ana"),
        "{}",
        step(&stage).reads
    );
    // Whoever opened the form before sees that it is no longer so.
    assert_eq!(ben.submits(&others, &[]).await.unwrap(), Submitted::Another);
    let again = asked(&stage, ben, "Send again…").await;
    assert!(again.reads.contains("It was sent before"), "{}", again.reads);
    assert_eq!(builder.heard().len(), 1);
    let status = typed(&stage, ana, "/runbook status R-1").await;
    assert!(status.contains("201 Created"), "{status}");
    fine(&stage);
}

#[tokio::test]
async fn what_was_under_way_at_a_restart_is_unknown_and_not_sent_again() {
    let builder = Builder::open().await;
    let (mut stage, _folder) = opened(&builder, &builder.allowed(), "").await;
    let ana = stage.ana.clone();
    typed(&stage, &ana, "/runbook run restart slug=acme").await;
    let answer = typed(&stage, &ana, "/runbook send 1").await;
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
        step(&stage).buttons().contains(&"Send again…".to_owned()),
        "{}",
        step(&stage).reads
    );
    fine(&stage);
}

#[tokio::test]
async fn what_nobody_allowed_is_not_sent_and_a_drill_sends_nothing() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(&builder, "", "").await;
    typed(&stage, &stage.ana, "/runbook run restart slug=acme").await;
    let reads = step(&stage).reads;
    assert!(
        reads.contains("Runbooks may not send anything to `127.0.0.1:"),
        "{reads}"
    );
    assert!(
        !step(&stage).buttons().iter().any(|button| button.starts_with("Send")),
        "{reads}"
    );
    let answer = typed(&stage, &stage.ana, "/runbook send R-1").await;
    assert!(answer.contains("Nothing was sent. Runbooks may not send"), "{answer}");

    let (stage, _folder) = opened(&builder, &builder.allowed(), "").await;
    typed(&stage, &stage.ana, "/runbook practice restart slug=acme").await;
    assert!(
        step(&stage).reads.contains("In a drill nothing is sent"),
        "{}",
        step(&stage).reads
    );
    let answer = typed(&stage, &stage.ana, "/runbook send R-1").await;
    assert!(answer.contains("R-1 is a drill: nothing is sent"), "{answer}");
    let asked = stage.ana.replies(&head(&stage, CLOUD), "send").await;
    asked.unwrap();
    stage.settles().await.unwrap();
    assert!(
        told(&stage, &stage.ana).contains("is a drill"),
        "{}",
        told(&stage, &stage.ana)
    );
    assert_eq!(builder.heard(), Vec::<String>::new());
    fine(&stage);
}

#[tokio::test]
async fn a_value_that_changed_since_it_was_shown_keeps_it_from_being_sent() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(&builder, &builder.allowed(), "").await;
    typed(&stage, &stage.ana, "/runbook run restart slug=acme").await;
    let form = asked(&stage, &stage.ana, "Send…").await;
    typed(&stage, &stage.ben, "/runbook set R-1 slug=zeta").await;
    assert_eq!(stage.ana.submits(&form, &[]).await.unwrap(), Submitted::Another);
    let said = stage.workspace.views(&stage.ana).pop().expect("a form").reads;
    assert!(
        said.contains("what it says has changed since you opened this"),
        "{said}"
    );
    assert_eq!(builder.heard(), Vec::<String>::new());
    let form = asked(&stage, &stage.ana, "Send…").await;
    assert!(form.reads.contains("SLUG=zeta"), "{}", form.reads);
    fine(&stage);
}

#[tokio::test]
async fn an_alert_of_a_step_pages_once_and_the_thread_knows() {
    let builder = Builder::open().await;
    let (stage, _folder) = opened(
        &builder,
        &builder.allowed(),
        "\n```alert\np2 {{slug}} is slow for cloud\n```\n\n## End\n",
    )
    .await;
    let Stage { ana, ben, .. } = &stage;
    typed(&stage, ana, "/runbook run restart slug=acme").await;
    typed(&stage, ana, "/runbook done").await;
    let (head, step) = (head(&stage, CLOUD), step(&stage));
    assert!(
        step.reads.contains("The button pages Cloud with “acme is slow”"),
        "{}",
        step.reads
    );
    ana.clicks_as_seen(&step, "Page Cloud").await.unwrap();
    stage.settles().await.unwrap();
    ben.clicks_as_seen(&step, "Page Cloud").await.unwrap();
    stage.settles().await.unwrap();
    assert!(
        told(&stage, ben).contains("They were paged for R-1 already, with A-1."),
        "{}",
        told(&stage, ben)
    );
    let thread: Vec<String> = stage.workspace.thread(&head).into_iter().map(|it| it.reads).collect();
    let thread = thread.join("\n");
    assert!(
        thread.contains("@ana pages Cloud with A-1 (@ben): acme is slow (R-1)"),
        "{thread}"
    );
    assert!(thread.contains("Cloud was paged with A-1"), "{thread}");
    let alert = typed(&stage, ana, "/alert show A-1").await;
    assert!(alert.contains("P2"), "{alert}");
    fine(&stage);
}

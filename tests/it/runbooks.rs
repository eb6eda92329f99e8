//! Runbooks, stepped through in threads.

use chrono::TimeDelta;
use nightbell::demo::{Configuration, Stage};
use nightbell::domain::runbook::Library;
use nightbell::runbooks;
use nightbell::sim::{Fill, Message, Person, Submitted};
use tempfile::TempDir;

use crate::setting::stage_as;

/// A stage with the shipped runbooks.
async fn shelf() -> (Stage, TempDir) {
    with(runbooks::shipped()).await
}

/// A stage with one runbook, `test`.
async fn one(text: &str) -> (Stage, TempDir) {
    let readable = runbooks::read(text, "runbooks/test.md").unwrap();
    with(Library::new([readable.runbook], Vec::new())).await
}

async fn with(runbooks: Library) -> (Stage, TempDir) {
    stage_as(Configuration {
        runbooks,
        ..Configuration::default()
    })
    .await
}

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#cloud", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// The head of the newest run's thread.
fn root(stage: &Stage) -> Message {
    let messages = stage.workspace.messages("#cloud");
    messages
        .into_iter()
        .rev()
        .find(|message| message.reads.contains("R-"))
        .unwrap()
}

fn thread(stage: &Stage) -> Vec<Message> {
    stage.workspace.thread(&root(stage))
}

fn reads(stage: &Stage) -> String {
    let all: Vec<String> = thread(stage).into_iter().map(|message| message.reads).collect();
    all.join("\n---\n")
}

/// The card of the current step.
fn card(stage: &Stage) -> Message {
    let mut cards = thread(stage).into_iter().rev();
    cards.find(|message| !message.buttons().is_empty()).expect("a card")
}

async fn presses(stage: &Stage, who: &Person, label: &str) {
    who.clicks(&card(stage), label).await.unwrap();
    stage.settles().await.unwrap();
}

async fn says(stage: &Stage, who: &Person, text: &str) {
    who.replies(&root(stage), text).await.unwrap();
    stage.settles().await.unwrap();
}

fn told(stage: &Stage, who: &Person) -> String {
    stage
        .workspace
        .ephemerals(who)
        .pop()
        .map(|message| message.reads)
        .unwrap_or_default()
}

fn fine(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_runbook_is_stepped_through_in_a_thread() {
    let (stage, _folder) = shelf().await;
    let answer = types(&stage, &stage.ana, "/runbook run restart-cloud-frontend slug=acme").await;
    assert!(answer.contains("begins in"), "{answer}");
    presses(&stage, &stage.ana, "By hand").await;
    assert!(
        card(&stage).reads.contains("mi2 instance workon -e prod -s acme -exec"),
        "{}",
        card(&stage).reads
    );
    presses(&stage, &stage.ana, "Done").await;
    assert!(
        told(&stage, &stage.ana).contains("1 box of this step is not ticked"),
        "{}",
        told(&stage, &stage.ana)
    );
    presses(&stage, &stage.ana, "Tick").await;
    says(&stage, &stage.ben, "two pods were slow").await;
    presses(&stage, &stage.ben, "Done").await;
    assert!(
        !card(&stage).reads.contains("rollout restart"),
        "what is behind the gate is hidden"
    );
    presses(&stage, &stage.ben, "I have read this").await;
    assert!(card(&stage).reads.contains("rollout restart"), "{}", card(&stage).reads);
    says(&stage, &stage.ben, "done").await;
    insta::assert_snapshot!(
        "thread_before_the_end",
        format!("{}\n===\n{}", root(&stage).reads, reads(&stage))
    );
    // Two who speak at the same moment mean the same step.
    says(&stage, &stage.ana, "skip because I trust it").await;
    assert!(
        told(&stage, &stage.ana).contains("@ben was through with the step before this one"),
        "{}",
        told(&stage, &stage.ana)
    );
    stage.passes(TimeDelta::seconds(10)).await.unwrap();
    says(&stage, &stage.ana, "skip because I trust it").await;
    let end = root(&stage).reads;
    assert!(
        end.contains("4 of 4\nAt its end after")
            && end.contains("left the last step out")
            && end.contains("skipped by @ana 20:00: I trust it"),
        "{end}"
    );
    let answer = types(&stage, &stage.ana, "/runbook status 1").await;
    assert!(answer.contains("two pods were slow"), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook history restart-cloud-frontend").await;
    assert!(
        answer.contains("1 run; 1 came to the end") && answer.contains("See that it works (1×)"),
        "{answer}"
    );
    fine(&stage);
}

#[tokio::test]
async fn what_must_be_known_first_is_asked_in_a_form() {
    let (stage, _folder) = shelf().await;
    types(&stage, &stage.ana, "/runbook run restart-cloud-frontend").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    assert!(form.reads.contains("The customer's slug"), "{}", form.reads);
    let refused = stage
        .ana
        .submits(&form, &[("value.slug", Fill::Text("Not A Slug"))])
        .await
        .unwrap();
    let Submitted::Errors(errors) = refused else {
        panic!("{refused:?}")
    };
    assert!(errors["value.slug"].contains("it has to fit the pattern"), "{errors:?}");
    stage
        .ana
        .submits(&form, &[("value.slug", Fill::Text("acme"))])
        .await
        .unwrap();
    stage.settles().await.unwrap();
    assert!(
        root(&stage).reads.contains("R-1 Restart a customer's frontend"),
        "{}",
        root(&stage).reads
    );
    fine(&stage);
}

#[tokio::test]
async fn the_second_of_two_people_reads_who_was_first() {
    let (stage, _folder) = one("## A\n\n## B\n\n## C\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    let old = card(&stage);
    stage.ben.clicks_as_seen(&old, "Done").await.unwrap();
    stage.settles().await.unwrap();
    stage.passes(TimeDelta::seconds(4)).await.unwrap();
    stage.ana.clicks_as_seen(&old, "Done").await.unwrap();
    stage.settles().await.unwrap();
    assert!(
        told(&stage, &stage.ana).contains("@ben finished this step 4 s ago"),
        "{}",
        told(&stage, &stage.ana)
    );
    assert!(
        card(&stage).reads.contains("2. B"),
        "nothing was done twice: {}",
        card(&stage).reads
    );
    fine(&stage);
}

#[tokio::test]
async fn a_restart_goes_on_with_the_same_step_and_the_same_text() {
    let (mut stage, _folder) = one("## A\n\n## B\n\nthe old text\n\n## C\n\nalso old\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    presses(&stage, &stage.ana, "Done").await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    let other = runbooks::read("## Something else\n", "runbooks/test.md").unwrap();
    stage.shelves(Library::new([other.runbook], Vec::new())).await.unwrap();
    stage.settles().await.unwrap();
    assert!(card(&stage).reads.contains("the old text"));
    presses(&stage, &stage.ana, "Done").await;
    assert!(card(&stage).reads.contains("also old"), "{}", card(&stage).reads);
    presses(&stage, &stage.ana, "Back").await;
    assert!(card(&stage).reads.contains("2. B"), "{}", card(&stage).reads);
    says(&stage, &stage.ana, "stop because it was a try").await;
    assert!(root(&stage).reads.contains("Stopped by @ana"), "{}", root(&stage).reads);
    let answer = types(&stage, &stage.ana, "/runbook done 1").await;
    assert!(answer.contains("R-1 is over since"), "{answer}");
    fine(&stage);
}

#[tokio::test]
async fn a_matching_alert_offers_its_runbook_and_shows_the_run() {
    let (stage, _folder) = shelf().await;
    types(&stage, &stage.ana, "/alert the frontend does not respond for cloud").await;
    let alert = stage.workspace.messages("#cloud").remove(0);
    stage
        .ben
        .clicks(&alert, "Start runbook: Restart a customer's frontend")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let form = stage.workspace.views(&stage.ben).pop().expect("a form");
    stage
        .ben
        .submits(&form, &[("value.slug", Fill::Text("acme"))])
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let alert = stage.workspace.messages("#cloud").remove(0);
    assert!(
        alert
            .reads
            .contains("R-1 Restart a customer's frontend in #cloud (0 of 5)"),
        "{}",
        alert.reads
    );
    assert!(
        !alert.reads.contains("Start runbook"),
        "it is not offered twice: {}",
        alert.reads
    );
    let told: Vec<String> = stage
        .workspace
        .thread(&alert)
        .into_iter()
        .map(|message| message.reads)
        .collect();
    assert!(
        told.join("\n")
            .contains("started the runbook “Restart a customer's frontend” (R-1)"),
        "{told:?}"
    );
    assert!(
        root(&stage).reads.contains("Started for A-1 by @ben"),
        "{}",
        root(&stage).reads
    );
    fine(&stage);
}

#[tokio::test]
async fn a_drill_says_so_and_pages_nobody() {
    let (stage, _folder) = one("## A\n\n```alert\nit burns for cloud\n```\n\n## B\n").await;
    types(&stage, &stage.ana, "/runbook practice test").await;
    for message in [root(&stage), card(&stage)] {
        assert!(message.reads.contains("DRILL"), "{}", message.reads);
    }
    assert!(!card(&stage).buttons().iter().any(|button| button.contains("Page")));
    assert!(
        card(&stage).reads.contains("In a drill nobody is paged"),
        "{}",
        card(&stage).reads
    );
    types(&stage, &stage.ana, "/runbook run test").await;
    presses(&stage, &stage.ana, "Page Cloud").await;
    assert!(stage.workspace.dm(&stage.ben)[0].reads.contains("it burns (R-2)"));
    fine(&stage);
}

#[tokio::test]
async fn a_secret_step_warns_in_private_and_keeps_nothing() {
    let (mut stage, folder) = one("## A\n\n<!-- step: secret -->\n\nShare it.\n\n## B\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    says(&stage, &stage.ana, "https://example.com/reset/hunter2").await;
    assert!(
        told(&stage, &stage.ana).contains("delete your message now"),
        "{}",
        told(&stage, &stage.ana)
    );
    says(&stage, &stage.ana, "done").await;
    assert!(card(&stage).reads.contains("2. B"));
    stage.stop().await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        assert!(
            !bytes.windows(7).any(|some| some == b"hunter2"),
            "{:?} has it",
            entry.path()
        );
    }
}

#[tokio::test]
async fn a_step_over_slacks_limits_goes_on_in_the_thread() {
    let words = (0..4000)
        .map(|number| format!("word{number}"))
        .collect::<Vec<_>>()
        .join(" ");
    let lines = (0..900)
        .map(|number| format!("echo line {number}\n"))
        .collect::<Vec<_>>()
        .concat();
    let (stage, _folder) = one(&format!("## A\n\n{words}\n\n```sh\n{lines}```\n\n- [ ] box\n")).await;
    types(&stage, &stage.ana, "/runbook run test").await;
    let all = reads(&stage);
    assert!(thread(&stage).len() > 3, "{} messages", thread(&stage).len());
    let words: std::collections::HashSet<&str> = all.split_whitespace().collect();
    assert!((0..4000).all(|number| words.contains(format!("word{number}").as_str())));
    assert!((0..900).all(|number| all.contains(&format!("echo line {number}"))));
    presses(&stage, &stage.ana, "Tick").await;
    presses(&stage, &stage.ana, "Done").await;
    assert!(root(&stage).reads.contains("Done after"), "{}", root(&stage).reads);
    fine(&stage);
}

#[tokio::test]
async fn a_nasty_value_is_one_word_of_the_command_and_mentions_nobody() {
    let (stage, _folder) = one("## A {{x}}\n\nFor {{x}}.\n\n```sh\nrestart {{x}}\n```\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    presses(&stage, &stage.ana, "Done").await;
    assert!(
        told(&stage, &stage.ana).contains("Something has to be known first: x."),
        "{}",
        told(&stage, &stage.ana)
    );
    presses(&stage, &stage.ana, "Fill in…").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    let nasty = "it's \"{{y}}\" <!channel> $(reboot)";
    stage
        .ana
        .submits(&form, &[("value.x", Fill::Text(nasty))])
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let card = card(&stage);
    assert!(
        card.reads.contains(r#"restart 'it'\''s "{{y}}" <!channel> $(reboot)'"#),
        "{}",
        card.reads
    );
    assert_eq!(card.notifies(), Vec::<String>::new());
    fine(&stage);
}

#[tokio::test]
async fn a_step_that_takes_long_is_asked_about_and_then_help_is_offered() {
    let (stage, _folder) = one("---\nowner: cloud\n---\n## A\n\n<!-- step: expect=10m -->\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    stage.passes(TimeDelta::minutes(10)).await.unwrap();
    assert!(
        reads(&stage).contains("has taken 10 min, and 10 min were expected"),
        "{}",
        reads(&stage)
    );
    stage.passes(TimeDelta::minutes(10)).await.unwrap();
    let offer = thread(&stage).pop().unwrap();
    stage.ana.clicks(&offer, "Page @cleo").await.unwrap();
    stage.settles().await.unwrap();
    assert!(
        stage
            .workspace
            .dm(&stage.cleo)
            .iter()
            .any(|page| page.reads.contains("R-1 test needs help with")),
        "cleo is second"
    );
    fine(&stage);
}

#[tokio::test]
async fn lists_previews_and_mistakes() {
    let (stage, _folder) = shelf().await;
    let answer = types(&stage, &stage.ana, "/runbook").await;
    assert!(answer.contains("11 runbooks."), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook restart pods").await;
    assert!(answer.starts_with("1 runbook with “restart pods”"), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook show scale-database").await;
    assert!(answer.contains("3. Scale up") && answer.contains("[Start]"), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook check").await;
    assert!(
        answer.starts_with("11 runbooks can be used.\n")
            && answer.contains("cannot send its request. Runbooks may not send"),
        "what does not work here is said too: {answer}"
    );
    let answer = types(&stage, &stage.ana, "/runbook run restart-frontend").await;
    assert!(
        answer.contains("No runbook is called `restart-frontend`") && answer.contains("restart-cloud-frontend"),
        "{answer}"
    );
    let answer = types(&stage, &stage.ana, "/runbook done").await;
    assert!(answer.contains("No run that goes on has to do with you."), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook note R-7 the first node is slow").await;
    assert!(
        answer.contains("You wrote:\nthe first node is slow"),
        "words come back: {answer}"
    );
    let answer = types(&stage, &stage.ana, "/incident note INC-7 the queue is long").await;
    assert!(answer.contains("You wrote: the queue is long"), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook help send").await;
    assert!(answer.contains("/runbook send"), "{answer}");
    let answer = types(&stage, &stage.ana, "/runbook done R-7").await;
    assert!(
        answer.contains("There is no run R-7. None was started yet."),
        "{answer}"
    );
    let answer = types(&stage, &stage.ana, "/runbook runs").await;
    assert!(answer.contains("0 runs going on."), "{answer}");
    fine(&stage);
}

#[tokio::test]
async fn a_run_whose_channel_is_archived_goes_on_where_its_team_is() {
    let (stage, _folder) = one("---\nowner: payments\n---\n## A\n\n## B\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    stage.workspace.archive("#cloud");
    stage.settles().await.unwrap();
    stage.ana.types("#ops", "/runbook done").await.unwrap();
    stage.settles().await.unwrap();
    let head = stage.workspace.messages("#payments").pop().expect("it goes on there");
    assert!(
        head.reads.contains("This run goes on here") && head.reads.contains("Now: 2. B"),
        "{}",
        head.reads
    );
    let card = stage.workspace.thread(&head).pop().expect("with its card");
    stage.ana.clicks(&card, "Done").await.unwrap();
    stage.settles().await.unwrap();
    let head = stage.workspace.messages("#payments").pop().expect("its head");
    assert!(head.reads.contains("Done after"), "{}", head.reads);
}

#[tokio::test]
async fn help_is_called_once_for_a_step_and_no_more_once_it_is_over() {
    let (stage, _folder) = one("---\nowner: cloud\n---\n## A\n\n<!-- step: expect=10m -->\n\n## B\n").await;
    types(&stage, &stage.ana, "/runbook run test").await;
    let head = root(&stage);
    stage.passes(TimeDelta::minutes(20)).await.unwrap();
    let offer = thread(&stage).pop().unwrap();
    for who in [&stage.ana, &stage.dora] {
        who.clicks_as_seen(&offer, "Page @cleo").await.unwrap();
        stage.settles().await.unwrap();
    }
    assert!(
        told(&stage, &stage.dora).contains("They were paged for R-1 already, with A-1."),
        "{}",
        told(&stage, &stage.dora)
    );
    let page = stage.workspace.dm(&stage.cleo).pop().unwrap();
    assert!(page.reads.contains("somebody asks for you by name"), "{}", page.reads);
    stage.cleo.clicks(&page, "Acknowledge").await.unwrap();
    stage.settles().await.unwrap();
    let thread: Vec<String> = stage.workspace.thread(&head).into_iter().map(|it| it.reads).collect();
    assert!(thread.join("\n").contains("A-1: @cleo takes care of it."), "{thread:?}");
    types(&stage, &stage.ana, "/runbook done R-1").await;
    stage.ben.clicks_as_seen(&offer, "Page @cleo").await.unwrap();
    stage.settles().await.unwrap();
    assert!(
        told(&stage, &stage.ben).contains("R-1 is further"),
        "{}",
        told(&stage, &stage.ben)
    );
    fine(&stage);
}

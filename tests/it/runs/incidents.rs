//! Runs of incidents and alerts: where they begin, what is seen of them, what they leave behind.

use nightbell::sim::{Fill, Person, Submitted};

use super::{QUEUE, card, fine, has, head, lacks, minutes, newest, presses, reads, says, told, types, with};

const ROOM: &str = "#inc-1-the-queue-grows";
const DATABASE: &str = "---\nservices: [database]\n---\n# Scale it\n\n## Scale up\n\n<!-- step: undo=#scale-down -->\n\n\
                        ## Look\n\n## Scale down\n";

#[tokio::test]
async fn a_run_typed_in_an_incidents_channel_belongs_to_it_and_is_seen_on_its_card() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev2 The queue grows").await;
    let answer = types(&stage, &stage.ben, ROOM, "/runbook run queue").await;
    has(&answer, &format!("begins in {ROOM}"));
    let run = head(&stage, ROOM);
    has(&run.reads, "Started for INC-1 by @ben");
    let on_card = |words: &str| {
        has(&newest(&stage, ROOM, "INC-1 SEV2").reads, words);
        has(&newest(&stage, "#incidents", "INC-1 SEV2").reads, words);
    };
    on_card(&format!("R-1 Drain the queue in {ROOM} (0 of 2)"));
    says(&stage, &stage.ben, &run, "done").await;
    on_card("(1 of 2)");
    says(&stage, &stage.ben, &run, "block because it does not shrink").await;
    on_card("(1 of 2, blocked)");
    minutes(&stage, 4).await;
    says(&stage, &stage.cleo, &run, "done").await;
    on_card("(done)");
    let room = reads(&stage.workspace.messages(ROOM));
    has(
        &room,
        &format!("@ben started the runbook “Drain the queue” (R-1) in {ROOM}"),
    );
    has(&room, "@cleo finished the runbook “Drain the queue” (R-1)");
    let timeline = types(&stage, &stage.ana, "#ops", "/incident timeline INC-1").await;
    has(&timeline, "@ben started the runbook");
    has(&timeline, "@cleo finished the runbook");
    fine(&stage);
}

#[tokio::test]
async fn an_incident_without_a_channel_has_its_runs_beside_its_card() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev3 The queue grows").await;
    let answer = types(&stage, &stage.ben, "#cloud", "/runbook run queue for INC-1").await;
    has(&answer, "begins in #incidents");
    let run = head(&stage, "#incidents");
    says(&stage, &stage.ben, &run, "stop because it shrank by itself").await;
    let incident = newest(&stage, "#incidents", "INC-1 SEV3");
    has(&incident.reads, "R-1 Drain the queue in #incidents (stopped at 0 of 2)");
    let thread = reads(&stage.workspace.thread(&incident));
    has(
        &thread,
        "@ben started the runbook “Drain the queue” (R-1) in #incidents",
    );
    has(
        &thread,
        "@ben stopped the runbook “Drain the queue” (R-1): it shrank by itself",
    );
    let answer = types(&stage, &stage.ben, "#cloud", "/runbook run queue for INC-7").await;
    has(&answer, "INC-7");
    lacks(&answer, "begins");
    fine(&stage);
}

#[tokio::test]
async fn runbooks_that_fit_are_offered_on_an_incidents_card_and_begun_once() {
    let (stage, _folder) = with(&[("queue", QUEUE), ("other", "# Other\n\n## A\n")]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev2 The queue grows").await;
    let seen = newest(&stage, ROOM, "INC-1 SEV2");
    assert!(
        seen.buttons().contains(&"Start runbook: Drain the queue".to_owned()),
        "{seen:?}"
    );
    lacks(&seen.reads, "Other");
    let board = newest(&stage, "#incidents", "INC-1 SEV2");
    presses(&stage, &stage.ben, &board, "Start runbook: Drain the queue").await;
    has(&head(&stage, ROOM).reads, "Started for INC-1 by @ben");
    lacks(&newest(&stage, ROOM, "INC-1 SEV2").reads, "Start runbook");
    // Cleo saw the button a moment before.
    stage
        .cleo
        .clicks_as_seen(&seen, "Start runbook: Drain the queue")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    has(
        &told(&stage, &stage.cleo),
        &format!("@ben has begun it already: R-1, in {ROOM}"),
    );
    has(
        &types(&stage, &stage.ana, "#ops", "/runbook runs").await,
        "1 run going on",
    );
    fine(&stage);
}

#[tokio::test]
async fn a_run_of_an_alert_counts_for_the_incident_the_alert_belongs_to() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ana, "#ops", "/alert the queue grows for cloud").await;
    let page = newest(&stage, "#cloud", "A-1");
    // The first message in its thread offers it too, and so does the page.
    let first = stage.workspace.thread(&page).remove(0);
    has(&first.reads, "Paging @ben");
    assert!(
        first.buttons().contains(&"Start runbook: Drain the queue".to_owned()),
        "{first:?}"
    );
    let page = stage.workspace.dm(&stage.ben).remove(0);
    assert!(
        page.buttons().contains(&"Start runbook: Drain the queue".to_owned()),
        "{page:?}"
    );
    types(&stage, &stage.ana, "#ops", "/incident declare sev3 Orders are late").await;
    types(&stage, &stage.ana, "#ops", "/incident link INC-1 A-1").await;
    presses(&stage, &stage.ben, &first, "Start runbook: Drain the queue").await;
    let run = head(&stage, "#cloud");
    has(&run.reads, "Started for A-1 by @ben");
    presses(&stage, &stage.ben, &card(&stage, &run), "Done").await;
    minutes(&stage, 1).await;
    let told = "R-1 Drain the queue in #cloud (1 of 2)";
    has(&newest(&stage, "#cloud", "A-1 P").reads, told);
    has(&stage.workspace.dm(&stage.ben)[0].reads, told);
    let incident = newest(&stage, "#incidents", "INC-1");
    has(&incident.reads, told);
    presses(&stage, &stage.ben, &card(&stage, &run), "Done").await;
    has(
        &reads(&stage.workspace.thread(&incident)),
        "@ben finished the runbook “Drain the queue” (R-1)",
    );
    let alert = newest(&stage, "#cloud", "A-1 P");
    has(
        &reads(&stage.workspace.thread(&alert)),
        "@ben finished the runbook “Drain the queue” (R-1)",
    );
    let answer = types(&stage, &stage.ana, "#ops", "/alert show 1").await;
    has(&answer, "@ben finished the runbook");
    fine(&stage);
}

#[tokio::test]
async fn what_is_not_taken_back_is_told_when_the_incident_is_resolved() {
    let (mut stage, _folder) = with(&[("database", DATABASE)]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev2 The queue grows").await;
    types(&stage, &stage.ben, ROOM, "/runbook run database").await;
    let run = head(&stage, ROOM);
    for said in ["done", "done", "skip because tomorrow morning"] {
        says(&stage, &stage.ben, &run, said).await;
    }
    has(
        &head(&stage, ROOM).reads,
        "“Scale up” is not taken back yet (“Scale down”)",
    );
    // Long after the run has ended, and after a restart, it is still known.
    types(&stage, &stage.ben, ROOM, "/incident lead @ben").await;
    types(&stage, &stage.ben, ROOM, "/incident remind updates off").await;
    minutes(&stage, 60 * 13).await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    let incident = newest(&stage, ROOM, "[Resolve…]");
    presses(&stage, &stage.ben, &incident, "Resolve…").await;
    let form = stage.workspace.views(&stage.ben).pop().expect("a form");
    has(&form.reads, "“Scale up” is not taken back yet");
    types(&stage, &stage.ben, ROOM, "/runbook run database").await;
    let answer = types(&stage, &stage.ana, "#ops", "/incident resolve INC-1 it is over").await;
    has(&answer, "“Scale up” is not taken back yet");
    has(&answer, "R-2 Scale it still goes on.");
    let room = reads(&stage.workspace.messages(ROOM));
    has(
        &room,
        "What its runs leave behind:\nR-1 Scale it :leftwards_arrow_with_hook: “Scale up” is not taken back yet (“Scale down”).",
    );
    fine(&stage);
}

#[tokio::test]
async fn a_run_goes_on_where_its_incident_is_when_its_channel_is_archived() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev2 The queue grows").await;
    types(&stage, &stage.ben, ROOM, "/runbook run queue").await;
    says(&stage, &stage.ben, &head(&stage, ROOM), "done").await;
    stage.workspace.archive(ROOM);
    stage.settles().await.unwrap();
    let run = head(&stage, "#incidents");
    has(
        &run.reads,
        "This run goes on here: where its thread was, nothing can be posted any more",
    );
    has(&run.reads, "1. Stop the intake · @ben");
    presses(&stage, &stage.ben, &card(&stage, &run), "Done").await;
    has(&head(&stage, "#incidents").reads, "Done after");
    has(
        &newest(&stage, "#incidents", "INC-1 SEV2").reads,
        "R-1 Drain the queue in #incidents (done)",
    );
    fine(&stage);
}

#[tokio::test]
async fn of_two_who_fill_in_the_same_form_the_second_reads_who_was_first() {
    let page = "---\nservices: [queue]\nalerts: [\"*queue*\"]\nparameters:\n  host: {prompt: Which host, required: true}\n---\n\
                # Drain it\n\n## Stop {{host}}\n\n## Look\n";
    let (stage, _folder) = with(&[("queue", page)]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev2 The queue grows").await;
    let seen = newest(&stage, ROOM, "INC-1 SEV2");
    let form = async |who: &Person| {
        presses(&stage, who, &seen, "Start runbook: Drain it").await;
        stage.workspace.views(who).pop().expect("a form")
    };
    let (one, other) = (form(&stage.ben).await, form(&stage.cleo).await);
    let host = [("value.host", Fill::Text("db-3"))];
    let taken = stage.ben.submits(&one, &host).await.unwrap();
    assert!(!matches!(taken, Submitted::Errors(_)), "{taken:?}");
    stage.settles().await.unwrap();
    assert_eq!(stage.cleo.submits(&other, &host).await.unwrap(), Submitted::Another);
    let told = stage.workspace.views(&stage.cleo).pop().expect("why").reads;
    has(&told, "@ben has begun it already: R-1");
    fine(&stage);
}

#[tokio::test]
async fn a_merged_incident_takes_its_runs_along_and_a_drill_is_called_one() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev3 The queue grows").await;
    types(&stage, &stage.ana, "#ops", "/incident declare sev3 Orders are late").await;
    types(&stage, &stage.ben, "#ops", "/runbook run queue for INC-1").await;
    types(&stage, &stage.ben, "#ops", "/runbook practice queue for INC-2").await;
    types(&stage, &stage.ana, "#ops", "/incident merge INC-1 into INC-2").await;
    let goes_on = newest(&stage, "#incidents", "INC-2 SEV3");
    has(
        &goes_on.reads,
        "R-1 Drain the queue in #incidents (0 of 2) and R-2 Drain the queue in #incidents (0 of 2, a drill)",
    );
    let run = newest(&stage, "#incidents", "Started for INC-1");
    says(&stage, &stage.ben, &run, "done").await;
    minutes(&stage, 1).await;
    has(
        &newest(&stage, "#incidents", "INC-2 SEV3").reads,
        "R-1 Drain the queue in #incidents (1 of 2)",
    );
    let thread = reads(&stage.workspace.thread(&goes_on));
    has(
        &thread,
        "@ben started the runbook “Drain the queue” (R-2) in #incidents as a drill",
    );
    fine(&stage);
}

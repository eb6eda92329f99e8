//! Incidents that ended long ago: let go from memory, and as whole as ever when somebody asks.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::{Fill, Submitted};

use super::{card, has, lines, opens, quiet, submits, thread, types};
use crate::setting::stage;

/// Long enough for it to be let go.
async fn later(stage: &Stage, days: i64) {
    stage.passes(TimeDelta::days(days)).await.unwrap();
    types(stage, &stage.dora, "/incident list").await;
}

async fn ended(stage: &Stage) {
    for typed in [
        "/incident declare Checkout times out",
        "/incident lead @cleo",
        "/incident update half of them cannot pay",
        "/incident action alert on the queue for @ben",
        "/incident resolve INC-1 a bad release",
    ] {
        types(stage, &stage.ana, typed).await;
    }
}

#[tokio::test]
async fn what_is_still_due_is_asked_for_after_months_and_a_restart() {
    let (mut stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare Checkout times out").await;
    types(
        &stage,
        &stage.ana,
        "/incident action move to the new pool for @ben by 2026-06-01 09:00",
    )
    .await;
    let form = opens(&stage, &stage.ana, &card(&stage), "Resolve…").await;
    let fields = [("aftermath", Fill::Choices(&["rollback"]))];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    later(&stage, 70).await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let asked = |stage: &Stage| {
        let said = lines(stage.workspace.dm(&stage.ana));
        said.iter().filter(|line| line.contains("The postmortem of")).count()
    };
    let before = asked(&stage);
    stage.passes(TimeDelta::days(1)).await.unwrap();
    assert_eq!(asked(&stage), before + 1, "still due, so still asked for");
    assert!(
        !lines(stage.workspace.dm(&stage.ben))
            .iter()
            .any(|line| line.contains("due"))
    );
    stage.passes(TimeDelta::days(30)).await.unwrap();
    has(&lines(stage.workspace.dm(&stage.ben)), "move to the new pool");
    quiet(&stage);
}

#[tokio::test]
async fn it_is_shown_whole_and_exported() {
    let (mut stage, _folder) = stage().await;
    ended(&stage).await;
    for restarted in [false, true] {
        later(&stage, 9).await;
        if restarted {
            stage.stop().await.unwrap();
            stage.start().await.unwrap();
            stage.settles().await.unwrap();
        }
        let shown = types(&stage, &stage.ben, "/incident show INC-1").await;
        assert!(
            shown.contains("Resolved after") && shown.contains("a bad release") && shown.contains("1 open action"),
            "{shown}"
        );
        let told = types(&stage, &stage.ben, "/incident timeline INC-1").await;
        assert!(
            told.contains("half of them cannot pay") && told.contains("resolves it"),
            "{told}"
        );
        let listed = types(&stage, &stage.ben, "/incident list all").await;
        assert!(listed.contains("INC-1"), "{listed}");
        let roles = types(&stage, &stage.ben, "/incident roles INC-1").await;
        assert!(roles.contains("lead: @cleo"), "{roles}");
        let files = |stage: &Stage| -> Vec<String> {
            let said = stage.workspace.dm(&stage.ben).into_iter();
            said.flat_map(|message| message.files)
                .map(|file| file.content)
                .collect()
        };
        let before = files(&stage).len();
        types(&stage, &stage.ben, "/incident export INC-1").await;
        types(&stage, &stage.ben, "/incident postmortem INC-1").await;
        let files = files(&stage);
        assert_eq!(files.len(), before + 3, "Markdown, JSON and the draft");
        assert!(
            files[before..]
                .iter()
                .all(|file| file.contains("half of them cannot pay"))
        );
    }
    quiet(&stage);
}

#[tokio::test]
async fn it_is_worked_on_as_any_other() {
    let (mut stage, _folder) = stage().await;
    ended(&stage).await;
    later(&stage, 20).await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let late = types(&stage, &stage.ben, "/incident update INC-1 is it over?").await;
    assert!(
        late.contains("INC-1 was resolved") && late.contains("You wrote: is it over?"),
        "{late}"
    );
    let edited = types(&stage, &stage.ben, "/incident edit INC-1 1 a third of them cannot pay").await;
    assert!(edited.contains("update 1 is put right"), "{edited}");
    assert!(card(&stage).reads.contains("a third of them"), "{}", card(&stage).reads);
    later(&stage, 1).await;
    let updates = types(&stage, &stage.ben, "/incident updates INC-1").await;
    assert!(updates.contains("before: half of them cannot pay"), "{updates}");
    let noted = stage
        .cleo
        .replies(&card(&stage), "@nightbell note it was the disk")
        .await;
    noted.unwrap();
    stage.settles().await.unwrap();
    has(&thread(&stage), "@cleo notes: it was the disk");
    later(&stage, 1).await;
    let done = types(&stage, &stage.ben, "/incident done INC-1 1").await;
    assert!(done.contains("action 1 is done"), "{done}");
    later(&stage, 1).await;
    let linked = types(
        &stage,
        &stage.cleo,
        "/incident postmortem INC-1 https://wiki.example.com/1",
    )
    .await;
    assert!(linked.contains("the postmortem is linked"), "{linked}");
    later(&stage, 1).await;
    let analyses = types(&stage, &stage.cleo, "/incident list analyses").await;
    assert!(analyses.contains("https://wiki.example.com/1"), "{analyses}");
    // What is added long after is asked for as well, though nothing else keeps it in memory.
    types(
        &stage,
        &stage.cleo,
        "/incident action INC-1 tell sales for @dora by in 3d",
    )
    .await;
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    later(&stage, 3).await;
    has(&lines(stage.workspace.dm(&stage.dora)), "tell sales");
    types(&stage, &stage.dora, "/incident done INC-1 2").await;
    later(&stage, 1).await;
    stage.ben.clicks(&card(&stage), "Reopen").await.unwrap();
    stage.settles().await.unwrap();
    has(&thread(&stage), "@ben reopens it.");
    assert!(card(&stage).reads.contains("Investigating"), "{}", card(&stage).reads);
    types(&stage, &stage.ben, "/incident update we look again").await;
    assert!(card(&stage).reads.contains("we look again"));
    quiet(&stage);
}

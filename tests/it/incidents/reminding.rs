//! What people are reminded of, and the analysis afterwards.

use chrono::TimeDelta;

use super::{card, has, lines, opens, quiet, submits, thread, types};
use crate::setting::stage;
use nightbell::sim::{Fill, Submitted};

fn minutes(number: i64) -> TimeDelta {
    TimeDelta::minutes(number)
}

#[tokio::test]
async fn no_lead_and_no_news_are_asked_about_moved_by_a_press_and_switched_off() {
    let (mut stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    stage.passes(minutes(9)).await.unwrap();
    assert!(thread(&stage).is_empty());
    stage.passes(minutes(1)).await.unwrap();
    has(&thread(&stage), "has no lead after 10 min. Who takes it?");
    let asked = stage.workspace.thread(&card(&stage)).pop().unwrap();
    stage.ben.clicks(&asked, "Take the lead").await.unwrap();
    stage.settles().await.unwrap();
    // SEV3: every four hours; a restart loses none.
    stage.passes(minutes(60)).await.unwrap();
    stage.stop().await.unwrap();
    stage.hand.advance(minutes(171));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    has(
        &thread(&stage),
        "@ben INC-1 SEV3 checkout times out: readers have heard nothing for 4 h",
    );
    let count = thread(&stage).len();
    types(&stage, &stage.ben, "/incident snooze 5h because the vendor sleeps").await;
    stage.passes(minutes(270)).await.unwrap();
    assert_eq!(
        thread(&stage).len(),
        count + 1,
        "only that it was moved: {:?}",
        thread(&stage)
    );
    stage.passes(minutes(31)).await.unwrap();
    assert_eq!(thread(&stage).len(), count + 2, "{:?}", thread(&stage));
    types(&stage, &stage.ben, "/incident remind updates off").await;
    let count = thread(&stage).len();
    stage.passes(TimeDelta::days(2)).await.unwrap();
    assert_eq!(thread(&stage).len(), count);
    types(&stage, &stage.ben, "/incident status monitoring").await;
    stage.passes(TimeDelta::days(1)).await.unwrap();
    has(&thread(&stage), "Is it over?");
    quiet(&stage);
}

#[tokio::test]
async fn an_analysis_is_asked_of_the_lead_until_it_is_linked() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    types(&stage, &stage.ana, "/incident lead @cleo").await;
    types(&stage, &stage.ana, "/incident update half of them cannot pay").await;
    types(&stage, &stage.ana, "/incident action alert on the queue for @ben").await;
    let form = opens(&stage, &stage.ana, &card(&stage), "Resolve…").await;
    let fields = [
        ("text", Fill::Text("a bad release")),
        ("aftermath", Fill::Choices(&["rollback"])),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    let asked = stage.workspace.dm(&stage.cleo).pop().expect("a message");
    assert!(
        asked
            .reads
            .contains("The postmortem of INC-1 SEV3 checkout times out is due by Mar 4 20:00"),
        "{}",
        asked.reads
    );
    stage.cleo.clicks(&asked, "Draft").await.unwrap();
    stage.settles().await.unwrap();
    let files = stage
        .workspace
        .dm(&stage.cleo)
        .into_iter()
        .flat_map(|message| message.files);
    let draft = files.last().expect("a file");
    assert_eq!(draft.name, "INC-1-postmortem.md");
    insta::assert_snapshot!(draft.content);
    let times_asked = |stage: &nightbell::demo::Stage| {
        let said = lines(stage.workspace.dm(&stage.cleo));
        said.iter().filter(|line| line.contains("The postmortem of")).count()
    };
    assert_eq!(times_asked(&stage), 1);
    stage.passes(TimeDelta::days(1)).await.unwrap();
    assert_eq!(times_asked(&stage), 2);
    stage.passes(TimeDelta::days(1)).await.unwrap();
    assert_eq!(times_asked(&stage), 3);
    let due = types(&stage, &stage.ana, "/incident list postmortems").await;
    assert!(due.contains("due since"), "{due}");
    let said = types(
        &stage,
        &stage.cleo,
        "/incident postmortem INC-1 https://wiki.example.com/inc-1",
    )
    .await;
    assert!(said.contains("is linked"), "{said}");
    stage.passes(TimeDelta::days(3)).await.unwrap();
    assert_eq!(times_asked(&stage), 3);
    let written = types(&stage, &stage.ana, "/incident list postmortems").await;
    assert!(written.contains("https://wiki.example.com/inc-1"), "{written}");
    let others = types(&stage, &stage.ana, "/incident list postmortems payments").await;
    assert!(others.contains("There are no postmortems of Payments yet."), "{others}");
    quiet(&stage);
}

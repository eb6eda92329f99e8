//! What is to be done: by whom, by when, asked for until it is done.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::{Fill, Person, Submitted};

use super::{card, lines, opens, quiet, submits, types, types_in};
use crate::setting::stage;

fn asked(stage: &Stage, who: &Person) -> Vec<String> {
    let said = lines(stage.workspace.dm(who)).into_iter();
    said.filter(|line| line.contains("this is due now")).collect()
}

#[tokio::test]
async fn the_form_asks_by_when_and_the_owner_is_asked_every_day_until_it_is_done() {
    let (mut stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare checkout times out").await;
    let form = opens(&stage, &stage.ana, &card(&stage), "Add action…").await;
    let due = stage.hand.now() + TimeDelta::hours(2);
    let before = [
        ("text", Fill::Text("raise the limit")),
        ("due", Fill::Moment((due - TimeDelta::hours(3)).timestamp())),
    ];
    let past = submits(&stage, &stage.ana, &form, &before).await;
    assert!(
        matches!(past, Submitted::Errors(ref errors) if errors["due"].contains("has passed")),
        "{past:?}"
    );
    let ben = stage.ben.id().to_owned();
    let fields = [
        ("text", Fill::Text("raise the limit")),
        ("person", Fill::Person(&ben)),
        ("due", Fill::Moment(due.timestamp())),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    let listed = types(&stage, &stage.ana, "/incident actions INC-1").await;
    assert!(
        listed.contains("1. raise the limit · @ben · by Mar 3 22:00"),
        "{listed}"
    );
    types(&stage, &stage.ana, "/incident resolve").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    assert!(form.reads.contains("1 action still open"), "{}", form.reads);
    submits(&stage, &stage.ana, &form, &[]).await;
    stage.passes(TimeDelta::minutes(119)).await.unwrap();
    assert!(asked(&stage, &stage.ben).is_empty());
    stage.passes(TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(asked(&stage, &stage.ben).len(), 1);
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.passes(TimeDelta::days(2)).await.unwrap();
    let again = asked(&stage, &stage.ben);
    assert_eq!(again.len(), 3, "once a day: {again:?}");
    let last = stage.workspace.dm(&stage.ben).pop().expect("a message");
    stage.ben.clicks(&last, "Done").await.unwrap();
    stage.settles().await.unwrap();
    let told = stage.workspace.ephemerals(&stage.ben).pop().expect("an answer");
    assert!(told.reads.contains("action 1 is done"), "{}", told.reads);
    let listed = types(&stage, &stage.ben, "/incident actions INC-1").await;
    assert!(listed.contains(":white_check_mark: 1. raise the limit"), "{listed}");
    stage.passes(TimeDelta::days(3)).await.unwrap();
    assert_eq!(asked(&stage, &stage.ben).len(), 3);
    let none = types(&stage, &stage.ben, "/incident done INC-1 7").await;
    assert!(none.contains("INC-1 has no action 7"), "{none}");
    quiet(&stage);
}

#[tokio::test]
async fn everybody_is_asked_for_what_is_theirs_and_whoever_leads_for_what_is_nobodys() {
    let (stage, _folder) = stage().await;
    for typed in [
        "/incident declare checkout times out",
        "/incident lead @cleo",
        "/incident action raise the limit for @ben by 2026-03-03 22:00",
        "/incident action tell sales for @dora by 2026-03-03 22:00",
        "/incident action tidy up by 2026-03-03 22:00",
        "/incident action look again for @ben by 2026-03-03 23:00",
        "/incident remind updates off",
    ] {
        types(&stage, &stage.ana, typed).await;
    }
    stage.workspace.deactivate(&stage.dora);
    let mut refused = String::new();
    // The workspace is read again a moment after it changed.
    while !refused.contains("@dora has left") {
        refused = types(
            &stage,
            &stage.ana,
            "/incident action look for @dora by 2026-03-03 23:00",
        )
        .await;
    }
    stage.passes(TimeDelta::hours(2)).await.unwrap();
    let of_ben = asked(&stage, &stage.ben);
    assert!(of_ben.len() == 1 && !of_ben[0].contains("look again"), "{of_ben:?}");
    let of_cleo = asked(&stage, &stage.cleo);
    assert_eq!(of_cleo.len(), 1, "{of_cleo:?}");
    assert!(
        of_cleo[0].contains("2. tell sales") && of_cleo[0].contains("3. tidy up"),
        "whoever has left is passed over: {of_cleo:?}"
    );
    stage.passes(TimeDelta::hours(1)).await.unwrap();
    let of_ben = asked(&stage, &stage.ben);
    assert!(
        of_ben.len() == 2 && of_ben[1].contains("look again") && !of_ben[1].contains("raise the limit"),
        "{of_ben:?}"
    );
    let last = stage.workspace.dm(&stage.ben).pop().expect("a message");
    stage.ben.clicks(&last, "In 30 min").await.unwrap();
    stage.passes(TimeDelta::minutes(30)).await.unwrap();
    assert_eq!(asked(&stage, &stage.ben).len(), 3);
    types(&stage, &stage.ana, "/incident remind actions off").await;
    stage.passes(TimeDelta::days(2)).await.unwrap();
    assert_eq!(asked(&stage, &stage.ben).len(), 3, "nobody wants these any more");
    quiet(&stage);
}

#[tokio::test]
async fn mine_and_everybodys_are_listed_across_incidents() {
    let (stage, _folder) = stage().await;
    let nothing = types(&stage, &stage.ben, "/incident actions").await;
    assert!(nothing.starts_with("Nothing is on you."), "{nothing}");
    for typed in [
        "/incident declare checkout times out",
        "/incident action INC-1 raise the limit for @ben",
        "/incident declare paying fails",
        "/incident action INC-2 tell sales for @ben by in 2h",
        "/incident action INC-2 tidy up",
    ] {
        types(&stage, &stage.ana, typed).await;
    }
    let mine = types_in(&stage, &stage.ben, "@nightbell", "/incident actions").await;
    let (first, second) = (mine.find("INC-2 1. tell sales"), mine.find("INC-1 1. raise the limit"));
    assert!(
        mine.starts_with("2 actions on you") && first < second && first.is_some(),
        "{mine}"
    );
    let others = types(&stage, &stage.cleo, "/incident actions").await;
    assert!(others.contains("3 actions are with others or nobody"), "{others}");
    let all = types(&stage, &stage.cleo, "/incident list actions").await;
    assert!(
        all.starts_with("3 open actions") && all.contains("INC-2 2. tidy up"),
        "{all}"
    );
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let home = stage.workspace.home(&stage.ben).expect("a Home tab").reads;
    assert!(home.contains("Your actions") && home.contains("tell sales"), "{home}");
    stage.ben.clicks_home("Done").await.unwrap();
    stage.settles().await.unwrap();
    let home = stage.workspace.home(&stage.ben).expect("a Home tab").reads;
    assert!(
        home.contains("action 1 is done") && !home.contains("INC-2 1. tell sales"),
        "{home}"
    );
    quiet(&stage);
}

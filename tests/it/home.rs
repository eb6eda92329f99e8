//! The Home tab.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::Person;

use crate::setting::stage;

fn home(stage: &Stage, person: &Person) -> String {
    stage.workspace.home(person).map(|home| home.reads).unwrap_or_default()
}

#[tokio::test]
async fn it_shows_what_waits_and_changes_while_somebody_looks() {
    let (stage, _folder) = stage().await;
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let quiet = home(&stage, &stage.ben);
    assert!(
        quiet.contains("Nothing waits for you.") && quiet.contains("All quiet."),
        "{quiet}"
    );
    assert!(
        quiet.contains("Cloud") && !quiet.contains("Payments"),
        "only their own team: {quiet}"
    );
    stage
        .ana
        .types("#ops", "/alert the API times out for cloud")
        .await
        .unwrap();
    stage
        .ana
        .types("#ops", "/alert checkout is down for payments")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let busy = home(&stage, &stage.ben);
    let (waiting, open) = busy.split_once("Open alerts").unwrap();
    assert!(
        waiting.contains("A-1 P3 the API times out") && waiting.contains("[Acknowledge]"),
        "{busy}"
    );
    assert!(open.contains("A-2 P3 checkout is down"), "{busy}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_pressed_on_it_is_done_and_answered_there() {
    let (stage, _folder) = stage().await;
    stage
        .ana
        .types("#ops", "/alert the API times out for cloud")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    stage.ben.clicks_home("Acknowledge").await.unwrap();
    stage.settles().await.unwrap();
    let taken = home(&stage, &stage.ben);
    assert!(taken.starts_with("A-1 P3 the API times out is yours"), "{taken}");
    assert!(taken.contains("acknowledged by @ben"), "{taken}");
    let card = stage.workspace.messages("#cloud").remove(0);
    assert!(card.reads.contains("Acknowledged by @ben"));
    stage.ben.clicks_home("Snooze…").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(stage.workspace.views(&stage.ben).len(), 1, "forms open from it too");
    stage.ben.clicks_home("Raise an alert").await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(stage.workspace.views(&stage.ben).len(), 2);
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn whoever_is_in_no_team_sees_everybody_and_is_told_so() {
    let (stage, _folder) = stage().await;
    stage.ana.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let all = home(&stage, &stage.ana);
    assert!(
        all.contains("You are in no team's rotation; this is everybody."),
        "{all}"
    );
    assert!(all.contains("Cloud") && all.contains("Payments"), "{all}");
}

#[tokio::test]
async fn it_shows_shifts_and_a_cover_that_is_asked_for_can_be_taken_there() {
    let (stage, _folder) = stage().await;
    stage.ben.types("#ops", "/oncall cover me 2h cloud").await.unwrap();
    stage.settles().await.unwrap();
    stage.cleo.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let before = home(&stage, &stage.cleo);
    let (waiting, _) = before.split_once("Incidents").unwrap();
    assert!(waiting.contains("@ben asks for cover (O-1)"), "{before}");
    assert!(!waiting.contains("Nothing waits for you."), "{before}");
    assert!(before.contains("now until Mar 9 08:00: Cloud (secondary)"), "{before}");
    stage.cleo.clicks_home("Take it").await.unwrap();
    stage.settles().await.unwrap();
    let after = home(&stage, &stage.cleo);
    assert!(after.starts_with("It is yours (O-1)"), "{after}");
    assert!(
        after.contains("now until Mar 3 22:00: Cloud (primary) (O-1)"),
        "{after}"
    );
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn it_lists_open_incidents_ones_own_first_and_declares_one() {
    let (stage, _folder) = stage().await;
    for typed in [
        "/incident declare paying is slow",
        "/incident declare search is slow",
        "/incident lead INC-1 @ben",
    ] {
        stage.ana.types("#ops", typed).await.unwrap();
        stage.settles().await.unwrap();
    }
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let busy = home(&stage, &stage.ben);
    let (mine, other) = (
        busy.find("Yours: INC-1 SEV3 paying is slow"),
        busy.find("INC-2 SEV3 search is slow"),
    );
    assert!(mine.is_some() && mine < other, "{busy}");
    stage
        .ana
        .types("#ops", "/incident resolve INC-1 it is fast again")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    let less = home(&stage, &stage.ben);
    assert!(!less.contains("INC-1 SEV3"), "it changes while somebody looks: {less}");
    stage.ben.clicks_home("Declare an incident").await.unwrap();
    stage.settles().await.unwrap();
    let form = stage.workspace.views(&stage.ben).pop().expect("a form");
    assert!(form.reads.contains("What do people notice?"), "{}", form.reads);
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_nobody_answers_waits_for_everybody_who_was_paged() {
    let (stage, _folder) = stage().await;
    let raised = "/alert the API times out for cloud";
    stage.ana.types("#ops", raised).await.unwrap();
    // Ben, then Cleo, then everybody hears of it.
    for minutes in [6, 60] {
        stage.passes(TimeDelta::minutes(minutes)).await.unwrap();
        stage.ben.opens_home().await.unwrap();
        stage.settles().await.unwrap();
        let home = home(&stage, &stage.ben);
        let (waiting, rest) = home.split_once("Incidents").unwrap();
        assert!(waiting.contains("A-1 P3 the API times out"), "{home}");
        assert!(waiting.contains("[Acknowledge]"), "{home}");
        assert!(rest.contains("No other alert is open."), "{home}");
        assert!(!home.contains("All quiet"), "{home}");
    }
    stage.ana.types("#ops", "/alert assign 1 to payments").await.unwrap();
    stage.settles().await.unwrap();
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let handed_on = home(&stage, &stage.ben);
    assert!(handed_on.contains("Nothing waits for you."), "{handed_on}");
}

#[tokio::test]
async fn incidents_are_ones_own_then_the_worst_then_the_oldest_and_not_quiet() {
    let (stage, _folder) = stage().await;
    for declared in [
        "sev3 search is slow",
        "sev4 a typo",
        "sev3 exports fail",
        "sev1 nobody can sign in",
    ] {
        let typed = format!("/incident declare {declared}");
        stage.ana.types("#ops", &typed).await.unwrap();
        stage.settles().await.unwrap();
    }
    stage.ana.types("#ops", "/incident lead INC-2 @dora").await.unwrap();
    stage.settles().await.unwrap();
    stage.dora.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let home = home(&stage, &stage.dora);
    let at = |id: &str| home.find(id).unwrap_or_else(|| panic!("{id} is not in {home}"));
    assert!(
        at("Yours: INC-2") < at("INC-4") && at("INC-4") < at("INC-1") && at("INC-1") < at("INC-3"),
        "{home}"
    );
    assert!(home.contains("No alert is open."), "{home}");
    assert!(!home.contains("quiet"), "{home}");
}

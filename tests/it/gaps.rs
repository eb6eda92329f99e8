//! Before it breaks: gaps ahead are told in time, once, with what helps; and check names whom no page is known to reach.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::Person;

use crate::setting::stage_with;

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// A team that nobody answers for on Friday 20 March from 11:00 to 13:00 UTC. It is Tuesday 3 March, 20:00.
const WEB: &str = "[teams.web]\nname = \"Web & Co\"\nchannel = \"#ops\"\n\
    [[teams.web.rotations]]\nname = \"primary\"\ntime_zone = \"Europe/Berlin\"\nstart = \"2026-03-02 09:00\"\n\
    every = \"1 week\"\nmembers = [\"@ana\", \"@ben\"]\n\
    [[teams.web.freezes]]\nname = \"move\"\nfrom = \"2026-03-20 12:00\"\nto = \"2026-03-20 14:00\"\n\
    time_zone = \"Europe/Berlin\"\non_call = { primary = \"nobody\" }\n";

fn warnings(stage: &Stage) -> Vec<String> {
    let all = stage.workspace.messages("#ops").into_iter().map(|it| it.reads);
    all.filter(|text| text.contains("A gap ahead")).collect()
}

#[tokio::test]
async fn a_gap_is_told_a_week_and_a_day_before_also_over_restarts() {
    let (mut stage, _folder) = stage_with(WEB).await;
    stage.passes(TimeDelta::days(9) + TimeDelta::hours(14)).await.unwrap();
    assert_eq!(warnings(&stage), Vec::<String>::new(), "an hour too early");
    // The bot is down when it is due.
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::hours(2));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let told = warnings(&stage);
    assert_eq!(told.len(), 1);
    insta::assert_snapshot!(told[0], @"
    :warning: A gap ahead
    Mar 20 11:00 until Mar 20 13:00, 2 h: nobody is on call for Web & Co (primary); a page then goes to #incidents.
    Who can be there? `/oncall override web primary @you from … to …` settles it now, with times on your own clock; `/oncall take web primary for 1h` when it has begun.
    ");
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.passes(TimeDelta::days(5)).await.unwrap();
    assert_eq!(warnings(&stage).len(), 1, "once");
    stage.passes(TimeDelta::days(1)).await.unwrap();
    assert_eq!(warnings(&stage).len(), 2, "and a day before");
    stage.passes(TimeDelta::days(3)).await.unwrap();
    assert_eq!(warnings(&stage).len(), 2);
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_warning_says_helps() {
    let (stage, _folder) = stage_with(WEB).await;
    stage.passes(TimeDelta::days(10)).await.unwrap();
    assert_eq!(warnings(&stage).len(), 1);
    // On her own clock, which is Lisbon's.
    let put = types(
        &stage,
        &stage.ana,
        "/oncall override web primary @ana from 2026-03-20 11:00 to 2026-03-20 13:00",
    )
    .await;
    assert!(put.contains("@ana is on call for Web & Co (primary)"), "{put}");
    stage.passes(TimeDelta::days(8)).await.unwrap();
    assert_eq!(warnings(&stage).len(), 1, "it is no gap any more");
}

#[tokio::test]
async fn check_names_who_never_answered_a_test_also_after_a_restart() {
    let (mut stage, _folder) = stage_with("").await;
    let never = "answered a test page, so nobody knows whether one wakes them";
    let check = types(&stage, &stage.ana, "/oncall check cloud").await;
    insta::assert_snapshot!(check, @"
    Cloud
    primary: the clocks of Europe/Berlin change Mar 29 01:00; the shift over it is an hour longer or shorter.
    secondary: the clocks of Europe/Berlin change Mar 29 01:00; the shift over it is an hour longer or shorter.
    @ben and @cleo have never answered a test page, so nobody knows whether one wakes them. `/alert test` pages whoever types it.
    ");
    types(&stage, &stage.ana, "/alert test cloud").await;
    let page = stage.workspace.dm(&stage.ben).pop().unwrap();
    stage.ben.clicks(&page, "Acknowledge").await.unwrap();
    stage.settles().await.unwrap();
    // The alert is long gone; what it showed stays.
    stage.passes(TimeDelta::hours(3)).await.unwrap();
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let check = types(&stage, &stage.ana, "/oncall check cloud").await;
    let said = check.lines().find(|line| line.contains(never)).unwrap_or_default();
    assert!(!said.contains("@ben") && said.contains("@cleo"), "{check}");
    assert!(said.ends_with("`/alert test` pages whoever types it."), "{said}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn check_names_a_level_whose_person_left() {
    let (stage, _folder) = stage_with(&format!(
        "{WEB}[[teams.web.escalation]]\npage = [\"primary\"]\n[[teams.web.escalation]]\npage = [\"@dora\", \"@nemo\"]\n"
    ))
    .await;
    stage.workspace.deactivate(&stage.dora);
    stage.settles().await.unwrap();
    let mut check = String::new();
    // The workspace is read again a moment after it changed.
    while !check.contains("who has left") {
        check = types(&stage, &stage.ana, "/oncall check web").await;
    }
    for said in [
        "level 2 pages :warning: @dora, who has left. Nobody is reached there: name somebody else in the configuration.",
        "level 2 pages :warning: `@nemo`, whom nobody here is called. Nobody is reached there",
    ] {
        assert!(check.contains(said), "{check}");
    }
}

/// Three rotations that are on call in turn. It is 20:00 UTC: the Americas have it.
const SUN: &str = "[teams.sun]\nname = \"Sun\"\nchannel = \"#ops\"\n\
    [[teams.sun.rotations]]\nname = \"Asia\"\ntime_zone = \"UTC\"\nstart = \"2026-03-02 00:00\"\n\
    every = \"1 week\"\nmembers = [\"@ana\"]\nhours = [\"Mon-Sun 22:00-08:00\"]\n\
    [[teams.sun.rotations]]\nname = \"Europe\"\ntime_zone = \"UTC\"\nstart = \"2026-03-02 00:00\"\n\
    every = \"1 week\"\nmembers = [\"@ben\"]\nhours = [\"Mon-Sun 08:00-15:00\"]\n\
    [[teams.sun.rotations]]\nname = \"Americas\"\ntime_zone = \"UTC\"\nstart = \"2026-03-02 00:00\"\n\
    every = \"1 week\"\nmembers = [\"@dora\"]\nhours = [\"daily AMERICAS\"]\n\
    [[teams.sun.escalation]]\npage = [\"Asia\", \"Europe\", \"Americas\"]\nwait = \"10m\"\n";

#[tokio::test]
async fn rotations_that_follow_the_sun_are_no_trouble_to_each_other() {
    let (stage, _folder) = stage_with(&SUN.replace("AMERICAS", "15:00-22:00")).await;
    let check = types(&stage, &stage.ana, "/oncall check sun").await;
    assert!(!check.contains("nobody is on call"), "{check}");
    let raised = types(&stage, &stage.ana, "/alert the site is slow for sun").await;
    assert!(raised.contains("paging @dora"), "{raised}");
    assert_eq!(stage.workspace.messages("#incidents").len(), 0, "nobody was missed");
    let card = stage.workspace.messages("#ops").into_iter();
    let card = card.rev().find(|it| it.reads.contains("the site is slow")).unwrap();
    for line in stage.workspace.thread(&card) {
        assert!(!line.reads.contains("out of its hours"), "{}", line.reads);
    }
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn check_says_once_when_rotations_of_one_level_leave_an_hour() {
    let (stage, _folder) = stage_with(&SUN.replace("AMERICAS", "15:00-21:00")).await;
    let check = types(&stage, &stage.ana, "/oncall check sun").await;
    let gaps: Vec<&str> = check
        .lines()
        .filter(|line| line.contains("nobody is on call"))
        .collect();
    assert_eq!(gaps.len(), 3, "{check}");
    let first =
        "Asia, Europe and Americas: Mar 3 21:00 until Mar 3 22:00 nobody is on call; a page then goes to #incidents.";
    assert!(gaps[0].ends_with(first), "{check}");
    let raised = types(&stage, &stage.ana, "/oncall check").await;
    assert_eq!(
        raised.matches("answered a test page").count(),
        1,
        "once for all teams: {raised}"
    );
}

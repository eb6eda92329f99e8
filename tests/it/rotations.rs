//! Rotations that change: members who join and leave, and freezes.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::Person;

use crate::setting::stage_with;

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

/// A team whose rotation changes on Mondays at 9:00 in Berlin: Ana, then Ben. It is Tuesday 3 March.
fn web(more: &str) -> String {
    format!(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.rotations]]\nname = \"primary\"\ntime_zone = \"Europe/Berlin\"\nstart = \"2026-03-02 09:00\"\n\
         every = \"1 week\"\nmembers = [\"@ana\", \"@ben\"]\n{more}"
    )
}

#[tokio::test]
async fn somebody_joins_and_somebody_leaves_without_disturbing_who_is_on_call() {
    let change = "[[teams.web.rotations.changes]]\nfrom = \"2026-03-12\"\nmembers = [\"@ana\", \"@cleo\", \"@dora\"]\n";
    let (stage, _folder) = stage_with(&web(change)).await;
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(now.contains("@ana until Mar 9 08:00, then @ben"), "{now}");
    let plan = types(&stage, &stage.ana, "/oncall schedule web 30 days").await;
    insta::assert_snapshot!(plan, @"
    Web, the next 30 days
    primary (Europe/Berlin)
    now until Mar 9 08:00: @ana
    Mar 9 08:00 until Mar 16 08:00: @ben
    Mar 16 08:00 until Mar 23 08:00: @ana
    Mar 23 08:00 until Mar 30 07:00: @cleo
    Mar 30 07:00 until Apr 6 07:00: @dora
    From Mar 16 08:00 on the order is @ana, @cleo, @dora.
    ");
    let why = types(&stage, &stage.ana, "/oncall explain web now").await;
    insta::assert_snapshot!(why, @"
    Web, Mar 3 20:00
    primary: @ana
    1. The rotation changes every week since Mon 2 Mar 2026 09:00 on the clocks of Europe/Berlin, in this order: @ana, @ben. From the turn of Mar 16 08:00 on it is: @ana, @cleo, @dora.
    2. It is the turn of @ana from Mar 2 08:00 until Mar 9 08:00.
    This holds until Mar 9 08:00.
    ");
    let why = types(&stage, &stage.ana, "/oncall explain web 2026-03-20 12:00").await;
    insta::assert_snapshot!(why, @"
    Web, Mar 20 12:00
    primary: @ana
    1. The rotation changes every week since Mon 2 Mar 2026 09:00 on the clocks of Europe/Berlin, in this order: @ana, @cleo, @dora. That order holds since the first turn from Thu 12 Mar 2026 00:00 on.
    2. It is the turn of @ana from Mar 16 08:00 until Mar 23 08:00.
    This holds until Mar 23 08:00.
    ");
    // Who leaves has it to the end of their shift; the first who stays goes on after them.
    stage.passes(TimeDelta::days(10)).await.unwrap();
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(now.contains("@ben until Mar 16 08:00, then @ana"), "{now}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn check_says_when_a_change_leaves_somebody_alone() {
    let change = "[[teams.web.rotations.changes]]\nfrom = \"2026-03-12\"\nmembers = [\"@cleo\"]\n";
    let (stage, _folder) = stage_with(&web(change)).await;
    let check = types(&stage, &stage.ana, "/oncall check web").await;
    assert!(
        check.contains("primary: from Mar 16 08:00 on only @cleo takes turns; nobody relieves them."),
        "{check}"
    );
    stage.passes(TimeDelta::days(14)).await.unwrap();
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(now.contains("primary: @cleo until Mar 23 08:00, then again"), "{now}");
}

const FREEZE: &str = "[[teams.web.freezes]]\nname = \"quiet <week>\"\nfrom = \"2026-03-06 12:00\"\n\
                      to = \"2026-03-18 12:00\"\non_call = { primary = \"@cleo\" }\n";

#[tokio::test]
async fn a_freeze_replaces_the_rotation_for_its_interval_and_overrides_hold_before_it() {
    let (stage, _folder) = stage_with(&web(FREEZE)).await;
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(now.contains("@ana until Mar 6 11:00, then @cleo"), "{now}");
    types(
        &stage,
        &stage.dora,
        "/oncall override web @dora from 2026-03-10 9:00 to 2026-03-10 17:00",
    )
    .await;
    let plan = types(&stage, &stage.ana, "/oncall schedule web 20 days").await;
    insta::assert_snapshot!(plan, @"
    Web, the next 20 days
    primary (Europe/Berlin)
    now until Mar 6 11:00: @ana
    Mar 6 11:00 until Mar 10 13:00: @cleo (quiet <week>)
    Mar 10 13:00 until Mar 10 21:00: @dora (O-1)
    Mar 10 21:00 until Mar 18 11:00: @cleo (quiet <week>)
    Mar 18 11:00 until Mar 23 08:00: @ana
    Mar 23 08:00 until Mar 30 07:00: @ben
    ");
    let why = types(&stage, &stage.ana, "/oncall explain web 2026-03-10 12:00").await;
    insta::assert_snapshot!(why, @"
    Web, Mar 10 12:00
    primary: @cleo
    1. The rotation changes every week since Mon 2 Mar 2026 09:00 on the clocks of Europe/Berlin, in this order: @ana, @ben.
    2. It is the turn of @ben from Mar 9 08:00 until Mar 16 08:00.
    3. The freeze quiet <week> replaces the rotation from Mar 6 11:00 until Mar 18 11:00: @cleo is on call.
    This holds until Mar 10 13:00.
    ");
    let before = stage.workspace.messages("#ops").len();
    // It begins by itself: the handoff says so, and pages follow.
    stage.passes(TimeDelta::days(4)).await.unwrap();
    let told = stage.workspace.messages("#ops")[before..]
        .iter()
        .map(|it| it.reads.clone())
        .collect::<String>();
    assert!(
        told.contains("Handoff of Web (primary): @ana leaves, @cleo is on call until Mar 10"),
        "{told}"
    );
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(now.contains("@cleo (quiet <week>) until"), "{now}");
    let raised = types(&stage, &stage.ana, "/alert the site is slow for web").await;
    assert!(raised.contains("paging @cleo"), "{raised}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_freeze_with_nobody_goes_to_the_next_level_and_check_says_so() {
    let levels = "[[teams.web.escalation]]\npage = [\"primary\"]\n[[teams.web.escalation]]\npage = [\"@dora\"]\n";
    let freeze = FREEZE.replace("2026-03-06", "2026-03-02").replace("@cleo", "nobody");
    let (stage, _folder) = stage_with(&web(&(freeze + levels))).await;
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(
        now.contains("primary: nobody (quiet <week>) until Mar 18 11:00, then @ana"),
        "{now}"
    );
    let raised = types(&stage, &stage.ana, "/alert the site is slow for web").await;
    assert!(raised.contains("paging @dora"), "{raised}");
    let check = types(&stage, &stage.ana, "/oncall check web").await;
    assert!(
        check.contains("until Mar 18 11:00 nobody is on call; a page then goes to level 2."),
        "{check}"
    );
}

#[tokio::test]
async fn somebody_unknown_in_a_change_or_a_freeze_is_said_and_not_left_out() {
    let change = "[[teams.web.rotations.changes]]\nfrom = \"2026-03-12\"\nmembers = [\"@ana\", \"@nemo\"]\n";
    let freeze = FREEZE.replace("@cleo", "@nobody.here");
    let (stage, _folder) = stage_with(&web(&(change.to_owned() + &freeze))).await;
    let check = types(&stage, &stage.ana, "/oncall check web").await;
    assert!(
        check.contains("primary: :warning: `@nemo`, whom nobody here is called."),
        "{check}"
    );
    assert!(
        check.contains("primary: :warning: `@nobody.here`, whom nobody here is called."),
        "{check}"
    );
}

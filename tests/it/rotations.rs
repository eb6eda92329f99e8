//! Rotations that change: members who join and leave.

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
    Mar 3 20:00 until Mar 9 08:00: @ana
    Mar 9 08:00 until Mar 16 08:00: @ben
    Mar 16 08:00 until Mar 23 08:00: @ana
    Mar 23 08:00 until Mar 30 07:00: @cleo
    Mar 30 07:00 until Apr 2 20:00: @dora
    From Mar 16 08:00 on the order is @ana, @cleo, @dora.
    ");
    let why = types(&stage, &stage.ana, "/oncall explain web now").await;
    insta::assert_snapshot!(why, @"
    Web at Mar 3 20:00
    primary: @ana
    1. The rotation changes every week since Mon 2 Mar 2026 09:00 on the clocks of Europe/Berlin, in this order: @ana, @ben. From the turn at Mar 16 08:00 on it is: @ana, @cleo, @dora.
    2. It is the turn of @ana from Mar 2 08:00 until Mar 9 08:00.
    This holds until Mar 9 08:00.
    ");
    let why = types(&stage, &stage.ana, "/oncall explain web 2026-03-20 12:00").await;
    insta::assert_snapshot!(why, @"
    Web at Mar 20 12:00
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

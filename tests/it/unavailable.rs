//! `/oncall unavailable`: the shift stays, and pages pass to the next level for a while.

use chrono::TimeDelta;
use nightbell::demo::Stage;
use nightbell::sim::{Message, Person};

use crate::setting::{stage, stage_with};

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

fn newest(messages: Vec<Message>, words: &str) -> Message {
    let found = messages.into_iter().rev().find(|message| message.reads.contains(words));
    found.unwrap_or_else(|| panic!("nothing says `{words}`"))
}

fn quiet(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn pages_pass_on_the_channel_knows_and_it_ends_by_itself_also_over_a_restart() {
    let (mut stage, _folder) = stage().await;
    let said = types(&stage, &stage.ben, "/oncall unavailable 1h").await;
    assert!(
        said.starts_with("You are unavailable (O-1): Cloud (primary) from Mar 3 20:00 until Mar 3 21:00."),
        "{said}"
    );
    assert!(said.contains("Pages go to @cleo (level 2) meanwhile."), "{said}");
    let told = stage.workspace.messages("#cloud");
    assert_eq!(told.len(), 1, "no handoff is made of it: {told:?}");
    assert!(
        told[0].reads.starts_with("@ben is unavailable (O-1)"),
        "{}",
        told[0].reads
    );
    assert_eq!(stage.workspace.group("cloud-oncall"), ["cleo"]);

    types(&stage, &stage.ana, "/alert the API times out for cloud").await;
    assert!(
        newest(stage.workspace.dm(&stage.cleo), "You are paged")
            .reads
            .contains("A-1")
    );
    let now = types(&stage, &stage.ana, "/oncall cloud").await;
    assert!(
        now.contains("primary: nobody, @ben is unavailable (O-1) until Mar 3 21:00"),
        "{now}"
    );
    let why = types(&stage, &stage.ana, "/oncall explain cloud").await;
    assert!(
        why.contains("they keep the shift, and pages go to the next level"),
        "{why}"
    );
    let plan = types(&stage, &stage.ana, "/oncall schedule cloud 7").await;
    assert!(plan.contains("nobody, @ben is unavailable (O-1)"), "{plan}");
    let check = types(&stage, &stage.ana, "/oncall check cloud").await;
    assert!(
        check.contains("@ben is unavailable (O-1); a page then goes to level 2"),
        "{check}"
    );
    let own = types(&stage, &stage.ben, "/oncall me").await;
    assert!(own.contains("Cloud (primary), unavailable (O-1)"), "{own}");

    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::hours(2));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let back = newest(stage.workspace.messages("#cloud"), "available again (O-1)");
    assert!(
        back.reads
            .starts_with("@ben is available again (O-1): Cloud (primary) until Mar 9 08:00."),
        "{}",
        back.reads
    );
    newest(stage.workspace.dm(&stage.ben), "You are available again (O-1)");
    let mut group = stage.workspace.group("cloud-oncall");
    group.sort();
    assert_eq!(group, ["ben", "cleo"]);
    assert!(
        newest(stage.workspace.messages("#cloud"), "That is over.")
            .buttons()
            .is_empty()
    );
    quiet(&stage);
}

#[tokio::test]
async fn it_ends_early_by_its_button_on_the_home_tab_or_by_a_word_and_only_for_them() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ben, "/oncall unavailable until 23:00").await;
    let in_channel = newest(stage.workspace.messages("#cloud"), "is unavailable");
    stage.cleo.clicks(&in_channel, "I'm available again").await.unwrap();
    stage.settles().await.unwrap();
    let refused = stage.workspace.ephemerals(&stage.cleo).pop().unwrap();
    assert!(
        refused.reads.contains("Only @ben can decide about O-1"),
        "{}",
        refused.reads
    );
    let own = newest(stage.workspace.dm(&stage.ben), "is unavailable");
    stage.ben.clicks(&own, "I'm available again").await.unwrap();
    stage.settles().await.unwrap();
    newest(stage.workspace.messages("#cloud"), "@ben is available again (O-1)");

    types(&stage, &stage.ben, "/oncall unavailable 2h").await;
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    stage.ben.clicks_home("I'm available again").await.unwrap();
    stage.settles().await.unwrap();
    let home = stage.workspace.home(&stage.ben).unwrap().reads;
    assert!(home.starts_with("Welcome back: pages for Cloud (primary)"), "{home}");
    types(&stage, &stage.ben, "/oncall unavailable 2h").await;
    let back = types(&stage, &stage.ben, "/oncall available").await;
    assert!(back.starts_with("Welcome back"), "{back}");
    quiet(&stage);
}

#[tokio::test]
async fn what_makes_no_sense_is_answered_kindly() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ben, "/oncall unavailable 1h").await;
    for (who, typed, said) in [
        (&stage.ana, "/oncall unavailable 1h", "You are not on call until"),
        (&stage.ana, "/oncall available", "You are available already"),
        (&stage.ana, "/oncall unavailable", "is missing"),
        (&stage.ana, "/oncall unavailable soon", "is not a"),
        (
            &stage.ben,
            "/oncall unavailable 30m",
            "You are unavailable already, until Mar 3 21:00",
        ),
        (
            &stage.ben,
            "/oncall unavailable 2h",
            "Cloud (primary) from Mar 3 21:00 until Mar 3 22:00",
        ),
        (
            &stage.cleo,
            "/oncall unavailable until 2026-03-10 12:00",
            "Pages to Cloud (secondary) go to :warning: #incidents, because no other level reaches anybody",
        ),
        (&stage.ben, "/oncall unavailable 2 years", "not a length of time"),
    ] {
        let answer = types(&stage, who, typed).await;
        assert!(answer.contains(said), "{typed}: {answer}");
    }
    types(&stage, &stage.ben, "/oncall available").await;
    let longer = types(&stage, &stage.ben, "/oncall unavailable until 2026-03-09 8:30").await;
    assert!(
        longer.contains("because no other level reaches anybody"),
        "cleo is away too: {longer}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn as_long_as_the_shift_is_not_longer() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/oncall take cloud for 4h").await;
    stage.passes(TimeDelta::seconds(20)).await.unwrap();
    let said = types(&stage, &stage.ana, "/oncall unavailable 4h").await;
    assert!(
        said.contains("until Mar 4 00:00") && !said.contains("You asked for longer"),
        "{said}"
    );
}

#[tokio::test]
async fn longer_than_the_shift_ends_with_it() {
    let (stage, _folder) = stage_with(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.rotations]]\nname = \"daily\"\nstart = \"2026-03-03 09:00\"\nevery = \"1 day\"\n\
         members = [\"@ana\", \"@dora\", \"@ben\"]\n",
    )
    .await;
    let said = types(&stage, &stage.ana, "/oncall unavailable 1d").await;
    assert!(
        said.contains("You asked for longer, until Mar 4 20:00: your shift ends before that"),
        "{said}"
    );
    stage.passes(TimeDelta::hours(12)).await.unwrap();
    let told = stage.workspace.messages("#ops");
    assert!(told.iter().any(|it| it.reads.contains("@ana leaves, @dora is on call")));
    assert!(
        !told.iter().any(|it| it.reads.contains("is available again")),
        "it is dora's now"
    );
    quiet(&stage);
}

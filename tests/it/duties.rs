//! Duties of a shift, from the handoff to the next one; and help when there is too much.

use chrono::TimeDelta;
use nightbell::demo::{Configuration, Stage};
use nightbell::sim::{Message, Person};

use crate::setting::{stage, stage_with};

const DUTIES: &str = "[[teams.cloud.duties]]\ntext = \"Read the <notes> of last week\"\n\
    [[teams.cloud.duties]]\ntext = \"Look through the open issues\"\nlink = \"https://example.com/issues?a=1&b=2\"\n\
    when = \"daily 10:00\"\n";

async fn types(stage: &Stage, who: &Person, text: &str) -> String {
    let answer = who.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

async fn clicks(stage: &Stage, who: &Person, on: &Message, label: &str) {
    who.clicks_as_seen(on, label).await.unwrap();
    stage.settles().await.unwrap();
}

fn newest(messages: Vec<Message>, words: &str) -> Message {
    let found = messages.into_iter().rev().find(|message| message.reads.contains(words));
    found.unwrap_or_else(|| panic!("nothing says `{words}`"))
}

/// As it reads now.
fn now(stage: &Stage, message: &Message) -> Message {
    stage.workspace.message(&message.channel, &message.ts).unwrap()
}

fn told(stage: &Stage, who: &Person) -> String {
    stage
        .workspace
        .ephemerals(who)
        .pop()
        .map(|message| message.reads)
        .unwrap_or_default()
}

fn quiet(stage: &Stage) {
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn whoever_takes_over_is_asked_answers_and_leaves_the_rest_to_the_next_one() {
    let (stage, _folder) = stage_with(DUTIES).await;
    stage.passes(TimeDelta::days(5) + TimeDelta::hours(12)).await.unwrap();
    let asked = newest(stage.workspace.dm(&stage.cleo), "Your duties");
    assert!(
        asked
            .reads
            .starts_with("You are on call for Cloud (primary) until Mar 16 08:00."),
        "{}",
        asked.reads
    );
    assert!(
        asked.reads.contains("• Read the <notes> of last week"),
        "{}",
        asked.reads
    );
    assert!(asked.reads.contains("Look through the open issues"), "{}", asked.reads);
    assert_eq!(
        asked.buttons(),
        ["Done", "Not today", "Done", "Not today", "I'm underwater"]
    );
    clicks(&stage, &stage.cleo, &asked, "Done").await;
    let after = now(&stage, &asked);
    assert!(
        after.reads.contains("Read the <notes> of last week: done"),
        "{}",
        after.reads
    );
    assert_eq!(after.buttons(), ["Done", "Not today", "I'm underwater"]);
    assert_eq!(told(&stage, &stage.cleo), "", "the message shows it");
    // Pressed again where it looked as before: nothing more happens.
    clicks(&stage, &stage.cleo, &asked, "Done").await;
    // Ben of the same team says the same a moment later, on his list.
    let list = types(&stage, &stage.ben, "/oncall duties cloud").await;
    assert!(
        list.contains("Cloud (primary): @cleo") && list.contains("[Not today]"),
        "{list}"
    );
    clicks(&stage, &stage.ben, &asked, "Not today").await;
    assert!(
        told(&stage, &stage.ben).starts_with("@cleo did \u{201c}Read the <notes> of last week\u{201d}"),
        "{}",
        told(&stage, &stage.ben)
    );
    clicks(&stage, &stage.ana, &asked, "Done").await;
    assert!(
        told(&stage, &stage.ana).starts_with("That is for @cleo to say"),
        "{}",
        told(&stage, &stage.ana)
    );

    // Six days at ten, on her clock; each time the older message says so.
    stage.passes(TimeDelta::days(6) + TimeDelta::hours(23)).await.unwrap();
    let daily: Vec<Message> = stage
        .workspace
        .dm(&stage.cleo)
        .into_iter()
        .filter(|message| message.reads.contains("Another day of your shift"))
        .collect();
    let asked_again = |message: &&Message| message.reads.contains("You have been asked again");
    let older = stage.workspace.dm(&stage.cleo).iter().filter(asked_again).count();
    assert_eq!((daily.len(), older), (1, 6), "only the newest asks");
    clicks(&stage, &stage.cleo, &asked, "Not today").await;
    assert!(
        told(&stage, &stage.cleo).contains("You have been asked again since"),
        "{}",
        told(&stage, &stage.cleo)
    );

    stage.passes(TimeDelta::hours(2)).await.unwrap();
    let next = newest(stage.workspace.dm(&stage.ben), "Your duties");
    assert!(
        next.reads
            .contains("Look through the open issues (left undone by @cleo)"),
        "{}",
        next.reads
    );
    let handoff = newest(stage.workspace.messages("#cloud"), "Left undone by @cleo");
    assert!(handoff.reads.contains("@ben goes on with it"), "{}", handoff.reads);
    let old = now(&stage, &daily[0]);
    assert!(
        old.reads.starts_with("Your shift for Cloud (primary) is over.") && old.reads.contains("left to @ben"),
        "{}",
        old.reads
    );
    assert!(old.buttons().is_empty());
    clicks(&stage, &stage.cleo, &daily[0], "Done").await;
    assert!(
        told(&stage, &stage.cleo).contains("That shift is over. @ben has Cloud (primary) now"),
        "{}",
        told(&stage, &stage.cleo)
    );
    quiet(&stage);
}

#[tokio::test]
async fn duties_are_asked_for_once_also_over_a_restart_and_what_is_gone_is_said() {
    let (mut stage, _folder) = stage_with(DUTIES).await;
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::hours(40));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let daily = |stage: &Stage| {
        let all = stage.workspace.dm(&stage.ben);
        all.into_iter()
            .filter(|message| message.reads.contains("Your duties"))
            .collect::<Vec<_>>()
    };
    assert_eq!(daily(&stage).len(), 1, "two mornings are one");
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(daily(&stage).len(), 1, "not again after a restart");
    let asked = daily(&stage).remove(0);
    // The configuration loses the duty, and the message is from before.
    stage.reloads(&Configuration::default().text).await.unwrap();
    stage.settles().await.unwrap();
    let mut none = String::new();
    // The configuration is taken over a moment later.
    while !none.contains("Cloud has no duties besides its pages") {
        none = types(&stage, &stage.ben, "/oncall duties cloud").await;
    }
    clicks(&stage, &stage.ben, &asked, "Done").await;
    let said = told(&stage, &stage.ben);
    assert!(
        said.contains("no longer among the duties in the configuration"),
        "{said}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn the_home_tab_and_the_answer_show_them_too() {
    let (stage, _folder) = stage_with(DUTIES).await;
    let before = types(&stage, &stage.ben, "/oncall duties").await;
    assert!(
        before.contains("(at the next handoff)") && before.contains("(each day at 10:00)"),
        "{before}"
    );
    stage.passes(TimeDelta::hours(14)).await.unwrap();
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let home = stage.workspace.home(&stage.ben).unwrap().reads;
    assert!(
        home.contains("Your duties") && home.contains("Look through the open issues"),
        "{home}"
    );
    stage.ben.clicks_home("Done").await.unwrap();
    stage.settles().await.unwrap();
    let home = stage.workspace.home(&stage.ben).unwrap().reads;
    assert!(home.contains("Look through the open issues: done"), "{home}");
    assert!(
        home.starts_with("Waiting for you"),
        "the tab shows it by itself: {home}"
    );
    let message = newest(stage.workspace.dm(&stage.ben), "Your duties");
    assert!(message.reads.contains("open issues: done"), "{}", message.reads);
    for (typed, said) in [
        ("/oncall duties clod", "There is no team called `clod`"),
        ("/oncall duties payments", "Payments has no duties besides its pages"),
    ] {
        let answer = types(&stage, &stage.ben, typed).await;
        assert!(answer.contains(said), "{typed}: {answer}");
    }
    let elsewhere = types(&stage, &stage.dora, "/oncall duties").await;
    assert!(
        elsewhere.contains("Cloud (primary): @ben") && !elsewhere.contains("[Done]"),
        "who is in no team sees all of them: {elsewhere}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn underwater_pages_the_next_level_with_what_is_open() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/alert the API times out for cloud").await;
    let said = types(&stage, &stage.ben, "/oncall underwater two databases & a <switch>").await;
    assert!(
        said.contains("@ben is underwater and asks for help: two databases & a <switch>: paging @cleo for Cloud"),
        "{said}"
    );
    let page = newest(stage.workspace.dm(&stage.cleo), "You are paged");
    assert!(
        page.reads.contains("A-2") && page.reads.contains("P3 the API times out"),
        "{}",
        page.reads
    );
    let again = types(&stage, &stage.ben, "/oncall underwater").await;
    assert!(again.starts_with("You have asked for help already: "), "{again}");
    let more = types(&stage, &stage.ben, "/oncall underwater and a third one").await;
    assert!(more.starts_with("Added to A-2"), "{more}");
    stage.ben.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    let home = stage.workspace.home(&stage.ben).unwrap().reads;
    assert!(home.contains("You have asked for help: A-2"), "{home}");
    clicks(&stage, &stage.cleo, &page, "Acknowledge").await;
    let own = newest(stage.workspace.dm(&stage.ben), "You raised this alert");
    assert!(own.reads.contains("Acknowledged by @cleo"), "{}", own.reads);
    quiet(&stage);
}

#[tokio::test]
async fn the_button_does_the_same_and_whoever_has_nobody_next_is_told_so() {
    let (stage, _folder) = stage().await;
    stage.passes(TimeDelta::days(5) + TimeDelta::hours(12)).await.unwrap();
    let handoff = newest(stage.workspace.dm(&stage.cleo), "You are on call for Cloud (primary)");
    clicks(&stage, &stage.cleo, &handoff, "I'm underwater").await;
    assert!(
        told(&stage, &stage.cleo).contains("paging @ben for Cloud"),
        "{}",
        told(&stage, &stage.cleo)
    );
    let secondary = newest(stage.workspace.dm(&stage.ben), "You are on call for Cloud (secondary)");
    clicks(&stage, &stage.ben, &secondary, "I'm underwater").await;
    assert!(
        told(&stage, &stage.ben).starts_with("I am sorry: Cloud has no level after yours"),
        "{}",
        told(&stage, &stage.ben)
    );
    for (who, typed, said) in [
        (
            &stage.dora,
            "/oncall underwater payments help",
            "Payments has no level after yours",
        ),
        (&stage.ana, "/oncall underwater it burns", "You are not on call now"),
        (&stage.ana, "/oncall underwater it burns", "You wrote: it burns"),
        (
            &stage.dora,
            "/oncall underwater cloud",
            "You are not on call for Cloud now",
        ),
        (&stage.ana, "/oncall underwater clod", "You are not on call now"),
    ] {
        let answer = types(&stage, who, typed).await;
        assert!(answer.contains(said), "{typed}: {answer}");
    }
    quiet(&stage);
}

#[tokio::test]
async fn duties_of_a_shift_that_one_took_in_another_team_are_ones_own() {
    let (stage, _folder) = stage_with(
        "[[teams.cloud.duties]]\ntext = \"Look at the graphs\"\nwhen = \"at handoff\"\n\
         [teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.rotations]]\nname = \"all\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 day\"\nmembers = [\"@ana\"]\n\
         [[teams.web.duties]]\ntext = \"Sort the issues\"\nwhen = \"at handoff\"\n",
    )
    .await;
    types(&stage, &stage.ana, "/oncall take cloud for 2h").await;
    let own = types(&stage, &stage.ana, "/oncall duties").await;
    assert!(
        own.contains("Look at the graphs") && own.contains("Sort the issues"),
        "{own}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn nobody_on_call_and_two_teams_at_once_are_told_apart() {
    let (stage, _folder) = stage_with(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.rotations]]\nname = \"office\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 day\"\n\
         members = [\"@ana\"]\nhours = [\"Mon-Fri 09:00-18:00\"]\n\
         [teams.data]\nname = \"Data\"\nchannel = \"#ops\"\n\
         [[teams.data.rotations]]\nname = \"all\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 day\"\nmembers = [\"@ben\"]\n\
         [[teams.data.escalation]]\npage = [\"all\"]\nwait = \"5m\"\n\
         [[teams.data.escalation]]\npage = [\"@dora\"]\nwait = \"5m\"\n",
    )
    .await;
    let nobody = types(&stage, &stage.ana, "/oncall underwater web").await;
    assert!(nobody.starts_with("Nobody is on call for Web now"), "{nobody}");
    let which = stage
        .ben
        .types("#ops", "/oncall underwater help me")
        .await
        .unwrap()
        .unwrap();
    assert!(
        which.reads.contains("You are on call for Cloud and Data."),
        "{}",
        which.reads
    );
    assert_eq!(which.buttons(), ["Cloud", "Data"]);
    clicks(&stage, &stage.ben, &which, "Data").await;
    let page = newest(stage.workspace.dm(&stage.dora), "You are paged");
    assert!(page.reads.contains("asks for help: help me"), "{}", page.reads);
    quiet(&stage);
}

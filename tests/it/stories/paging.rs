//! Levels, waits, repeats, and everybody who cannot be reached.

use chrono::TimeDelta;
use nightbell::demo::Configuration;

use super::Story;

#[tokio::test]
async fn when_everybody_was_paged_in_vain_it_is_loud_until_somebody_acts() {
    let story = Story::begins().await;
    story.ana_types("/alert the API times out for cloud").await;
    story.passes(TimeDelta::minutes(15)).await.unwrap();
    let loud = |story: &Story| {
        let fallback = story.workspace.messages("#incidents");
        fallback
            .iter()
            .filter(|message| message.notifies().contains(&"channel".to_owned()))
            .count()
    };
    assert_eq!(loud(&story), 1);
    story.passes(TimeDelta::minutes(29)).await.unwrap();
    assert_eq!(loud(&story), 1);
    story.passes(TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(loud(&story), 2);
    assert!(story.thread("#cloud").iter().any(|line| line.contains("Still nobody")));
    let raiser = story.workspace.dm(&story.ana);
    assert!(
        raiser
            .iter()
            .any(|message| message.reads.contains("Nobody has answered")),
        "{raiser:?}"
    );
    story.types(&story.dora, "#ops", "/alert resolve 1").await;
    story.passes(TimeDelta::hours(3)).await.unwrap();
    assert_eq!(loud(&story), 2, "somebody acted");
}

#[tokio::test]
async fn an_acknowledgement_ends_paging() {
    let story = Story::begins().await;
    story.ana_types("/alert the API times out for cloud").await;
    story.types(&story.ben, "#ops", "/alert ack 1 for 7d").await;
    story.passes(TimeDelta::hours(24)).await.unwrap();
    assert_eq!(story.workspace.dm(&story.cleo).len(), 0);
    assert_eq!(story.workspace.dm(&story.ben).len(), 1);
}

#[tokio::test]
async fn p4_and_p5_are_shown_and_page_nobody_until_somebody_asks() {
    let story = Story::begins().await;
    let answer = story.ana_types("/alert p5 the certificate ends in May for cloud").await;
    assert!(answer.contains("page nobody there"), "{answer}");
    story.passes(TimeDelta::hours(2)).await.unwrap();
    assert_eq!(story.workspace.dm(&story.ben).len(), 0);
    assert!(
        story
            .card("#cloud")
            .reads
            .contains("P5 alerts of this team page nobody.")
    );
    story.ana_types("/alert escalate 1").await;
    assert_eq!(story.workspace.dm(&story.ben).len(), 1);
}

fn configured(more: &str) -> Configuration {
    Configuration {
        text: format!("{}\n{more}", Configuration::default().text),
        ..Configuration::default()
    }
}

#[tokio::test]
async fn levels_repeat_as_often_as_the_policy_says() {
    let story = Story::with(configured(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.escalation]]\npage = [\"@ben\"]\nwait = \"5m\"\n\
         [teams.web.policy]\nrepeat = 2\n",
    ))
    .await;
    story.ana_types("/alert the site is slow for web").await;
    story.passes(TimeDelta::minutes(14)).await.unwrap();
    assert_eq!(story.workspace.dm(&story.ben).len(), 3);
    assert!(story.workspace.messages("#incidents").is_empty());
    story.passes(TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(story.workspace.messages("#incidents").len(), 1);
}

#[tokio::test]
async fn whoever_cannot_be_paged_is_said_and_the_next_level_follows_at_once() {
    let story = Story::with(configured(
        "[teams.web]\nname = \"Web\"\nchannel = \"#nowhere\"\n\
         [[teams.web.rotations]]\nname = \"later\"\nstart = \"2030-01-07 09:00\"\nevery = \"1 week\"\nmembers = [\"@ben\"]\n\
         [[teams.web.escalation]]\npage = [\"later\", \"@nobody-here\"]\nwait = \"5m\"\n\
         [[teams.web.escalation]]\npage = [\"@dora\"]\n",
    ))
    .await;
    story.ana_types("/alert the site is slow for web").await;
    assert_eq!(story.workspace.dm(&story.dora).len(), 1, "the level that has somebody");
    let fallback = story.workspace.messages("#incidents");
    let all = fallback
        .iter()
        .map(|message| message.reads.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    for said in [
        "Nobody is on call in the rotation `later` yet",
        "Nobody here is called `@nobody-here`",
        "the channel of Web",
    ] {
        assert!(all.contains(said), "{said} is missing in:\n{all}");
    }
    let oncall = story.ana_types("/oncall web").await;
    assert!(oncall.contains("nobody yet; @ben starts"), "{oncall}");
}

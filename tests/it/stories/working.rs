//! Working on an alert: by command, button, reply and reaction; two people at once.

use chrono::TimeDelta;

use super::Story;

async fn raised() -> Story {
    let story = Story::begins().await;
    story.ana_types("/alert the API times out for cloud").await;
    story
}

#[tokio::test]
async fn two_people_press_at_once_and_the_second_is_told_who_was_first() {
    let story = raised().await;
    let before = story.card("#cloud");
    story.cleo.clicks_as_seen(&before, "Acknowledge").await.unwrap();
    story.dora.clicks_as_seen(&before, "Acknowledge").await.unwrap();
    story.settles().await.unwrap();
    let told = story.told(&story.dora).reads;
    assert!(told.starts_with("A-1 was acknowledged by @cleo"), "{told}");
    assert!(story.card("#cloud").reads.contains("Acknowledged by @cleo"));
    assert!(
        story.workspace.ephemerals(&story.cleo).is_empty(),
        "the first sees it on the card"
    );
}

#[tokio::test]
async fn two_people_press_escalate_at_once_and_no_level_is_skipped() {
    let story = raised().await;
    let before = story.card("#cloud");
    story.dora.clicks_as_seen(&before, "Escalate").await.unwrap();
    story.ana.clicks_as_seen(&before, "Escalate").await.unwrap();
    story.settles().await.unwrap();
    assert_eq!(story.workspace.dm(&story.cleo).len(), 1);
    let told = story.told(&story.ana).reads;
    assert!(
        told.contains("was escalated by @dora") && told.contains("just before you"),
        "{told}"
    );
    assert!(story.card("#cloud").reads.contains("Paging @cleo, level 2 of 2"));
}

#[tokio::test]
async fn replies_in_the_thread_are_commands_and_talk_is_talk() {
    let story = raised().await;
    let card = story.card("#cloud");
    let before = story.workspace.everything().len();
    for talk in [
        "is anybody looking?",
        "ack, I think",
        "thanks for cloud",
        "I will resolve it soon",
    ] {
        story.cleo.replies(&card, talk).await.unwrap();
    }
    story.settles().await.unwrap();
    assert_eq!(story.workspace.everything().len(), before + 4, "nobody answers talk");
    story.cleo.replies(&card, "ack").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.contains("Acknowledged by @cleo"));
    story
        .cleo
        .replies(&card, "@nightbell note the pool is stuck")
        .await
        .unwrap();
    story.settles().await.unwrap();
    assert!(
        story
            .thread("#cloud")
            .iter()
            .any(|line| line == "@cleo noted:\nthe pool is stuck"),
        "{:?}",
        story.thread("#cloud")
    );
    story
        .dora
        .replies(&card, "Resolve because it was restarted")
        .await
        .unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.contains("Resolved by @dora"));
    story.ana.replies(&card, "ack").await.unwrap();
    story.settles().await.unwrap();
    let told = story.told(&story.ana);
    assert!(
        told.reads.contains("was resolved by @dora") && told.thread.is_some(),
        "{told:?}"
    );
}

#[tokio::test]
async fn replies_to_a_page_in_the_direct_conversation_work() {
    let story = raised().await;
    let page = story.workspace.dm(&story.ben).remove(0);
    story.ben.replies(&page, "ack").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.contains("Acknowledged by @ben"));
    story.ben.types("@nightbell", "resolve 1 because done").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.contains("Resolved by @ben"));
    let dm = story.workspace.dm(&story.ben);
    assert!(dm.iter().any(|message| message.reads.contains("is resolved")), "{dm:?}");
}

#[tokio::test]
async fn eyes_acknowledge_and_a_check_mark_resolves() {
    let story = raised().await;
    let card = story.card("#cloud");
    story.cleo.reacts(&card, "tada").await.unwrap();
    story.cleo.reacts(&card, "eyes").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.contains("Acknowledged by @cleo"));
    story.dora.reacts(&card, "eyes").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.told(&story.dora).reads.contains("was acknowledged by @cleo"));
    let page = story.workspace.dm(&story.ben).remove(0);
    story.ben.reacts(&page, "white_check_mark").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.card("#cloud").reads.contains("Resolved by @ben"));
}

#[tokio::test]
async fn the_raiser_hears_how_it_goes_and_of_each_outcome_once() {
    let story = raised().await;
    story.passes(TimeDelta::minutes(5)).await.unwrap();
    story.types(&story.cleo, "#ops", "/alert ack 1").await;
    story.types(&story.cleo, "#ops", "/alert resolve 1").await;
    let dm = story.workspace.dm(&story.ana);
    let (card, lines): (Vec<_>, Vec<_>) = dm.into_iter().partition(|message| message.thread.is_none());
    assert_eq!(card.len(), 1, "one message, edited");
    assert!(card[0].reads.contains("Resolved by @cleo"));
    let lines: Vec<String> = lines.into_iter().map(|message| message.reads).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("@cleo acknowledged") && lines[1].starts_with("@cleo resolved it"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn lists_show_what_needs_somebody_a_page_at_a_time() {
    let story = Story::begins().await;
    assert_eq!(story.ana_types("/alert list").await, "No open alerts. All quiet.");
    for number in 1..=12 {
        story.ana_types(&format!("/alert p4 thing {number} for cloud")).await;
    }
    story.ana_types("/alert p1 fire for payments").await;
    let list = story.types(&story.ana, "#ops", "/alert list").await;
    assert!(list.reads.starts_with("13 open alerts\nA-13 P1 fire"), "{}", list.reads);
    assert!(list.reads.contains("Page 1 of 2"));
    story.ana.clicks(&list, "Next").await.unwrap();
    story.settles().await.unwrap();
    let second = story.told(&story.ana).reads;
    assert!(
        second.contains("Page 2 of 2") && second.contains("A-1 P4 thing 1"),
        "{second}"
    );
    let of_payments = story.ana_types("/alert list payments").await;
    assert!(of_payments.starts_with("1 open alert of Payments"), "{of_payments}");
    story.ana_types("/alert resolve 13").await;
    assert!(!story.ana_types("/alert list").await.contains("fire"));
    story.passes(TimeDelta::hours(3)).await.unwrap();
    story.ana_types("/alert p4 one more for cloud").await;
    assert!(
        story.ana_types("/alert list all").await.contains("14 alerts"),
        "the archive counts too"
    );
    assert!(
        story
            .ana_types("/alert list payments all")
            .await
            .contains("resolved by @ana")
    );
}

#[tokio::test]
async fn an_alert_is_shown_with_its_timeline() {
    let story = raised().await;
    story.ana_types("/alert note 1 the <pool> is *stuck*").await;
    story.ana_types("/alert resolve 1 because restarted").await;
    let shown = story.ana_types("/alert show A-1").await;
    for line in [
        "@ana raised it.",
        "Paging @ben (on call for Cloud, primary)",
        "@ana noted: the <pool> is",
        "@ana resolved it",
    ] {
        assert!(shown.contains(line), "{line} is missing in:\n{shown}");
    }
    assert!(
        story
            .ana_types("/alert show 99")
            .await
            .contains("There is no alert A-99. The newest is A-1.")
    );
}

#[tokio::test]
async fn whoever_acts_twice_hears_that_it_is_so() {
    let story = raised().await;
    story.ana_types("/alert ack 1").await;
    assert!(story.ana_types("/alert ack 1").await.contains("You already have A-1"));
    story.ana_types("/alert close 1").await;
    assert!(
        story
            .ana_types("/alert resolve 1")
            .await
            .contains("You already resolved A-1")
    );
    assert!(
        story
            .ana_types("/alert escalate 1")
            .await
            .contains("was resolved by @ana")
    );
}

#[tokio::test]
async fn a_list_says_how_long_ago_it_was_over_and_a_card_which_day() {
    let story = Story::begins().await;
    story.ana_types("/alert the API times out for cloud").await;
    story.passes(TimeDelta::minutes(3)).await.unwrap();
    story.types(&story.ben, "#ops", "/alert ack 1 for 3d").await;
    let open = story.ana_types("/alert list").await;
    assert!(open.contains("acknowledged by @ben · raised 3 min ago"), "{open}");
    assert!(story.card("#cloud").reads.contains("at 20:03, until Mar 6 20:03"));
    story.passes(TimeDelta::hours(26)).await.unwrap();
    story.ana_types("/alert resolve 1").await;
    story.passes(TimeDelta::minutes(11)).await.unwrap();
    let all = story.ana_types("/alert list all").await;
    assert!(all.contains("resolved by @ana · 11 min ago"), "{all}");
    let card = story.card("#cloud").reads;
    assert!(card.contains("Resolved by @ana at Mar 4 22:03"), "{card}");
    let mine = story.types(&story.dora, "#ops", "/alert list mine").await.reads;
    assert!(mine.starts_with("No open alert is yours"), "{mine}");
}

#[tokio::test]
async fn oncall_says_who_until_when_and_who_is_next() {
    let story = Story::begins().await;
    let all = story.ana_types("/oncall").await;
    assert!(all.contains("primary: @ben until Mar 9 08:00, then @cleo"), "{all}");
    assert!(all.contains("Payments\nThis team has no rotations"), "{all}");
    let cloud = story.ana_types("/oncall cloud ops").await;
    assert!(
        cloud.starts_with("Cloud\nprimary: @ben") && !cloud.contains("Payments"),
        "{cloud}"
    );
    assert!(
        story
            .ana_types("/oncall clod")
            .await
            .contains("There is no team called `clod`")
    );
    assert!(story.ana_types("/oncall help").await.contains("/oncall [<user|team>]"));
}

#[tokio::test]
async fn a_button_that_no_version_made_is_answered() {
    let story = raised().await;
    let mut card = story.card("#cloud");
    let blocks = card.blocks.take().expect("a card has blocks").to_string();
    card.blocks = serde_json::from_str(&blocks.replace("alert:1:ack:", "pager:1:take:")).ok();
    story.dora.clicks_as_seen(&card, "Acknowledge").await.unwrap();
    story.settles().await.unwrap();
    let told = story.told(&story.dora).reads;
    assert!(told.contains("I no longer know what this button does"), "{told}");
    assert!(story.card("#cloud").reads.contains("Triggered"));
}

//! What nobody should type and somebody will: a kind answer, nothing lost, nobody woken by accident.

use nightbell::sim::NewUser;

use super::Story;

#[tokio::test]
async fn foreign_text_is_shown_as_typed_and_notifies_nobody() {
    for text in [
        "<!channel> look",
        "<!subteam^S1> and @here and @channel",
        "<https://evil.example|https://good.example> &amp; &lt;b&gt; it",
        "`code` *bold* _slanted_ ~gone~ > quote",
        "🔥 fire \u{202e}gnirts thgir\u{202c} \u{200b}zero",
        "<@U0001> <#C0001> <!date^0^{date}|never>",
    ] {
        let story = Story::begins().await;
        story.ana_types(&format!("/alert {text} for cloud")).await;
        story.types(&story.ana, "#ops", &format!("/alert note 1 {text}")).await;
        story.types(&story.cleo, "#ops", "/alert ack 1").await;
        story
            .types(&story.cleo, "#ops", &format!("/alert snooze 1 2h because {text}"))
            .await;
        story
            .types(&story.cleo, "#ops", &format!("/alert resolve 1 because {text}"))
            .await;
        story.ana_types("/alert list all").await;
        story.ana_types("/alert show 1").await;
        let visible: String = text
            .chars()
            .filter(|letter| !"\u{200b}\u{202e}\u{202c}".contains(*letter))
            .collect();
        let card = story.card("#cloud").reads;
        let said = card.lines().next().unwrap_or_default();
        let said: String = said
            .chars()
            .filter(|letter| !"\u{200b}\u{202e}\u{202c}".contains(*letter))
            .collect();
        assert!(said.contains(&visible), "{text}: {said}");
        for message in story.workspace.everything() {
            for notified in message.notifies() {
                assert!(
                    [story.ben.id(), story.cleo.id()].contains(&notified.as_str()),
                    "{text} notifies {notified}: {message:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn forty_thousand_characters_are_kept_and_can_be_read() {
    let story = Story::begins().await;
    let text = "0123456789 ".repeat(3_600).trim_end().to_owned();
    let answer = story.ana_types(&format!("/alert {text} for cloud")).await;
    assert!(answer.starts_with("A-1 P3 0123"), "{answer}");
    let card = story.card("#cloud");
    let whole: String = story
        .workspace
        .thread(&card)
        .iter()
        .map(|reply| reply.reads.replace(['\n', ' '], ""))
        .collect();
    assert!(
        whole.contains(&text.replace(' ', "")),
        "the thread has {} characters of it",
        whole.len()
    );
    let question = story.ana_types(&format!("/alert {text}")).await;
    assert!(question.contains("too long for a button"), "{}", &question[..200]);
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_with_what_would_work_and_what_was_typed() {
    let story = Story::begins().await;
    for (typed, says) in [
        ("lsit", "Did you mean `/alert list"),
        ("ack", "The alert is missing."),
        ("ack it", "`it` is not the id of an alert"),
        ("ack INC-7", "`INC-7` is the id of an incident"),
        ("ack R-3", "is the id of a run of a runbook"),
        ("ack 99", "There is no alert A-99"),
        ("note 1", "The text is missing."),
        ("resolve 1 fixed", "I do not know what to do with `fixed` there."),
        (
            "list the moon",
            "There is no team called `the moon`. There are `Cloud` and `Payments`.",
        ),
        ("list cluod", "There is no team called `cluod`. Did you mean `Cloud`?"),
        ("p9 disk full for cloud", "`p9` is no priority: there are `p1`"),
        ("note A-99 it began at nine", "There is no alert A-99"),
        ("snooze A-99 2h because it is late", "it is late"),
        ("resolve A-99 because the disk is new", "the disk is new"),
    ] {
        let answer = story.ana_types(&format!("/alert {typed}")).await;
        assert!(answer.contains(says), "{typed}: {answer}");
        assert!(
            answer.contains(typed) || typed.contains("99"),
            "what was typed is given back: {answer}"
        );
    }
    for empty in ["/alert \"\" for cloud", "/alert for cloud", "/alert p1"] {
        assert_eq!(
            story.ana.types("#ops", empty).await.unwrap(),
            None,
            "{empty} opens the form"
        );
    }
    story.settles().await.unwrap();
    assert_eq!(story.workspace.views(&story.ana).len(), 3);
    assert!(
        story.workspace.messages("#cloud").is_empty(),
        "nothing was raised by accident"
    );
}

#[tokio::test]
async fn words_of_what_was_refused_are_given_back_and_an_id_alone_is_shown() {
    let story = Story::begins().await;
    story.ana_types("/alert disk full for cloud").await;
    let shown = story.ana_types("/alert a-1").await;
    assert!(shown.contains("Timeline"), "{shown}");
    let refused = story.ana_types("/alert note A-99 *it* began at <nine>").await;
    assert!(refused.ends_with("You wrote:\n*it* began at <nine>"), "{refused}");
    let p9 = story
        .types(&story.ana, "#ops", "/alert p9 the disk is full for cloud")
        .await;
    assert_eq!(p9.buttons(), ["Open the form"]);
    assert_eq!(story.workspace.messages("#cloud").len(), 1, "nothing was raised by it");
    for typed in ["/runbook shwo disk-full", "/oncall shedule cloud"] {
        let answer = story.types(&story.ana, "#ops", typed).await;
        assert!(answer.reads.contains("Did you mean"), "{}", answer.reads);
        assert_eq!(answer.buttons(), Vec::<String>::new(), "{typed} raises nothing");
    }
    let which = story.ana_types("/alert the build is red").await;
    assert!(
        which.contains("[Page Cloud]") && !which.contains("The nearest"),
        "{which}"
    );
}

#[tokio::test]
async fn help_explains_everything_one_word_and_what_other_bots_call_it() {
    let story = Story::begins().await;
    let all = story.ana_types("/alert help").await;
    for usage in [
        "/alert [<priority>] <message> for <team>",
        "/alert ack <alert>…",
        "/alert snooze <alert> <duration>",
    ] {
        assert!(all.contains(usage), "{usage} is missing in:\n{all}");
    }
    assert!(story.ana_types("/alert help ack").await.contains("About `ack`"));
    assert!(story.ana_types("/alert help mute").await.contains("snooze"));
    assert!(
        story
            .ana_types("/alert help fnord")
            .await
            .contains("I do not know `fnord`")
    );
}

#[tokio::test]
async fn somebody_of_another_workspace_is_refused_kindly() {
    let story = Story::begins().await;
    let stranger = story.workspace.add_user(NewUser {
        name: "mallory".to_owned(),
        stranger: true,
        ..NewUser::default()
    });
    let answer = story.types(&stranger, "#ops", "/alert disk full for cloud").await;
    assert!(
        answer.reads.contains("only take requests from people of the workspace"),
        "{}",
        answer.reads
    );
    story.ana_types("/alert disk full for cloud").await;
    stranger.clicks(&story.card("#cloud"), "Resolve").await.unwrap();
    story.settles().await.unwrap();
    assert!(story.told(&stranger).reads.contains("only take requests"));
    assert!(story.card("#cloud").reads.contains("Triggered"));
}

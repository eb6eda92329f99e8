//! What people do with a run: together, with words, with checks, over and over.

use nightbell::sim::Person;

use super::{QUEUE, card, fine, has, head, lacks, presses, reads, says, thread, told, types, with};

async fn checks(stage: &nightbell::demo::Stage, who: &Person, on: &nightbell::sim::Message) {
    who.reacts(on, "white_check_mark").await.unwrap();
    stage.settles().await.unwrap();
}

#[tokio::test]
async fn a_check_on_the_card_finishes_its_step_and_no_other() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    let run = head(&stage, "#cloud");
    let first = card(&stage, &run);
    checks(&stage, &stage.cleo, &first).await;
    has(&head(&stage, "#cloud").reads, "1. Stop the intake · @cleo");
    // The same card again, and the head of the thread: neither is the step that is to be done now.
    checks(&stage, &stage.ben, &first).await;
    has(&told(&stage, &stage.ben), "@cleo finished this step");
    checks(&stage, &stage.ben, &run).await;
    has(&head(&stage, "#cloud").reads, "Now: 2. Wait until it is empty");
    checks(&stage, &stage.ben, &card(&stage, &run)).await;
    has(&head(&stage, "#cloud").reads, "Done after");
    fine(&stage);
}

#[tokio::test]
async fn words_to_the_bot_in_the_thread_are_understood_with_its_name_or_without() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    let run = head(&stage, "#cloud");
    says(&stage, &stage.cleo, &run, "@nightbell done").await;
    has(&head(&stage, "#cloud").reads, "1. Stop the intake · @cleo");
    says(&stage, &stage.cleo, &run, "@nightbell skip because it is empty already").await;
    has(&head(&stage, "#cloud").reads, "skipped by @cleo");
    has(&head(&stage, "#cloud").reads, "it is empty already");
    fine(&stage);
}

#[tokio::test]
async fn a_step_is_done_for_each_value_of_a_list() {
    let page = "---\nparameters:\n  server: {prompt: Which servers, default: [http, rpc]}\n---\n\
                ## Restart {{server}}\n\n<!-- step: repeat=server -->\n\n```sh\nrestart {{server}}\n```\n\n## Look\n";
    let (stage, _folder) = with(&[("servers", page)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run servers").await;
    let run = head(&stage, "#cloud");
    has(&card(&stage, &run).reads, "1. Restart http (1 of 2: http)");
    has(&card(&stage, &run).reads, "restart http");
    presses(&stage, &stage.ben, &card(&stage, &run), "Done").await;
    has(&card(&stage, &run).reads, "restart rpc");
    presses(&stage, &stage.ben, &card(&stage, &run), "Done").await;
    has(&card(&stage, &run).reads, "2. Look");
    fine(&stage);
}

#[tokio::test]
async fn a_value_of_several_lines_stays_one_word_and_fills_in_no_other_blank() {
    let page = "## Restart {{x}}\n\n```sh\nrestart {{x}} {{y}}\n```\n";
    let (stage, _folder) = with(&[("test", page)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run test").await;
    let run = head(&stage, "#cloud");
    says(&stage, &stage.ben, &run, "x=one\n\"{{y}}\" 'two'").await;
    says(&stage, &stage.ben, &run, "y=three").await;
    let seen = card(&stage, &run).reads;
    has(&seen, "restart 'one\n\"{{y}}\" '\\''two'\\''' three");
    fine(&stage);
}

#[tokio::test]
async fn a_block_that_pages_nobody_known_says_so() {
    let page = "## Ask\n\n```alert\nit burns for fire brigade\n```\n";
    let (stage, _folder) = with(&[("test", page)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run test").await;
    let seen = card(&stage, &head(&stage, "#cloud"));
    has(&seen.reads, "There is no team `fire brigade` here");
    lacks(&seen.buttons().join(" "), "Page");
    fine(&stage);
}

#[tokio::test]
async fn two_people_who_finish_two_steps_at_once_both_see_where_it_stands() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    let run = head(&stage, "#cloud");
    let seen = card(&stage, &run);
    let (one, other) = tokio::join!(
        stage.ben.clicks_as_seen(&seen, "Done"),
        stage.cleo.clicks_as_seen(&seen, "Done")
    );
    (one.unwrap(), other.unwrap());
    stage.settles().await.unwrap();
    let both = format!("{}{}", told(&stage, &stage.ben), told(&stage, &stage.cleo));
    has(&both, "finished this step");
    has(&head(&stage, "#cloud").reads, "Now: 2. Wait until it is empty");
    assert_eq!(thread(&stage, &run).len(), 2, "{}", reads(&thread(&stage, &run)));
    fine(&stage);
}

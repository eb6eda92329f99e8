//! What of a run's thread people can take away: it goes on, and says so once.

use super::{QUEUE, card, fine, has, head, lacks, minutes, presses, reads, says, thread, types, with};

#[tokio::test]
async fn a_run_whose_head_is_deleted_goes_on_in_a_new_thread_and_says_so_once() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    let old = head(&stage, "#cloud");
    let card_of_old = card(&stage, &old);
    stage.dora.deletes(&old).await.unwrap();
    stage.settles().await.unwrap();
    let new = head(&stage, "#cloud");
    assert_ne!(old.ts, new.ts);
    has(
        &new.reads,
        "This run goes on here: the message at the head of its thread was deleted.",
    );
    let left = thread(&stage, &old);
    let left = left.iter().find(|message| message.ts == card_of_old.ts);
    has(
        &left.expect("it stands").reads,
        "R-1 Drain the queue goes on in a new thread, in #cloud",
    );
    presses(&stage, &stage.ben, &card(&stage, &new), "Done").await;
    says(&stage, &stage.ben, &new, "it is nearly empty").await;
    presses(&stage, &stage.ben, &card(&stage, &new), "Done").await;
    has(&head(&stage, "#cloud").reads, "Done after");
    let all = reads(&stage.workspace.messages("#cloud"));
    assert_eq!(all.matches("goes on here").count(), 1, "{all}");
    fine(&stage);
}

#[tokio::test]
async fn a_head_that_is_deleted_while_nobody_listens_is_missed_with_the_next_step() {
    let (mut stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    let old = head(&stage, "#cloud");
    stage.stop().await.unwrap();
    stage.dora.deletes(&old).await.unwrap();
    stage.start().await.unwrap();
    types(&stage, &stage.ben, "#ops", "/runbook done R-1").await;
    minutes(&stage, 1).await;
    let new = head(&stage, "#cloud");
    has(&new.reads, "the message at the head of its thread was deleted");
    has(&new.reads, "Now: 2. Wait until it is empty");
    let cards = thread(&stage, &new);
    assert_eq!(cards.len(), 1, "{}", reads(&cards));
    presses(&stage, &stage.ben, &cards[0], "Done").await;
    has(&head(&stage, "#cloud").reads, "Done after");
    let all = reads(&stage.workspace.messages("#cloud"));
    assert_eq!(all.matches("goes on here").count(), 1, "{all}");
    fine(&stage);
}

#[tokio::test]
async fn a_card_that_is_deleted_is_posted_again_and_one_that_is_over_is_not() {
    let (mut stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    let run = head(&stage, "#cloud");
    stage.dora.deletes(&card(&stage, &run)).await.unwrap();
    stage.settles().await.unwrap();
    has(&card(&stage, &run).reads, "1. Stop the intake");
    assert_eq!(thread(&stage, &run).len(), 1);
    let first = card(&stage, &run);
    presses(&stage, &stage.ben, &first, "Done").await;
    stage.dora.deletes(&first).await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(thread(&stage, &run).len(), 1, "{}", reads(&thread(&stage, &run)));
    // Nobody listens while the next one goes.
    stage.stop().await.unwrap();
    stage.dora.deletes(&card(&stage, &run)).await.unwrap();
    stage.start().await.unwrap();
    types(&stage, &stage.ben, "#ops", "/runbook assign @cleo R-1").await;
    minutes(&stage, 1).await;
    has(&card(&stage, &run).reads, "@cleo, this is yours.");
    lacks(&head(&stage, "#cloud").reads, "goes on here");
    fine(&stage);
}

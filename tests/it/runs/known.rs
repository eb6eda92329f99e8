//! What is known of runs and runbooks besides their threads: the Home tab, figures, and what is to be looked through.

use chrono::TimeDelta;

use super::{QUEUE, card, fine, has, head, lacks, minutes, reads, says, shelf, types, with};

#[tokio::test]
async fn the_home_tab_has_ones_runs_and_the_steps_that_are_ones_own_with_the_way_there() {
    let (stage, _folder) = with(&[("queue", QUEUE)]).await;
    types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
    types(&stage, &stage.ana, "#payments", "/runbook run queue").await;
    let home = |person| stage.workspace.home(person).expect("a Home tab").reads;
    stage.ana.opens_home().await.unwrap();
    stage.settles().await.unwrap();
    has(&home(&stage.ana), "R-2 Drain the queue · 0 of 2");
    lacks(&home(&stage.ana), "R-1");
    says(&stage, &stage.ben, &head(&stage, "#cloud"), "assign @ana").await;
    has(&card(&stage, &head(&stage, "#cloud")).reads, "@ana, this is yours");
    minutes(&stage, 1).await;
    let seen = home(&stage.ana);
    let (first, second) = (
        seen.find("Your step: R-1 Drain the queue"),
        seen.find("R-2 Drain the queue"),
    );
    assert!(first.is_some() && first < second, "{seen}");
    assert_eq!(seen.matches("Go to its thread").count(), 2, "{seen}");
    let link = format!("/p{}", head(&stage, "#cloud").ts.replace('.', ""));
    let drawn = stage.workspace.home(&stage.ana).unwrap().view.to_string();
    has(&drawn, &link);
    fine(&stage);
}

#[tokio::test]
async fn history_counts_what_was_left_out_what_was_blocked_and_where_it_was_stopped() {
    let (mut stage, _folder) = with(&[("queue", QUEUE)]).await;
    for said in [
        &["block because no access", "done", "skip because it is empty"][..],
        &[
            "block because no access",
            "block because still none",
            "done",
            "stop because it shrank",
        ][..],
        &["done", "skip because it is empty"][..],
    ] {
        types(&stage, &stage.ben, "#cloud", "/runbook run queue").await;
        let run = head(&stage, "#cloud");
        for words in said {
            stage.passes(TimeDelta::minutes(2)).await.unwrap();
            says(&stage, &stage.ben, &run, words).await;
        }
    }
    types(&stage, &stage.ben, "#cloud", "/runbook practice queue").await;
    let expected = "`queue`: 3 runs (1 drill); 2 came to the end, half of them within 6 min; 1 stopped.\n\
                    Most often left out: Wait until it is empty (2×).\n\
                    Most often blocked: Stop the intake (3×).\n\
                    Stopped at: Wait until it is empty (1×).";
    let told = types(&stage, &stage.ana, "#ops", "/runbook history queue").await;
    assert_eq!(told.replace('`', ""), expected.replace('`', ""));
    // The same from the archive.
    stage.passes(TimeDelta::hours(13)).await.unwrap();
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    let again = types(&stage, &stage.ana, "#ops", "/runbook history queue").await;
    assert_eq!(again, told);
    fine(&stage);
}

#[tokio::test]
async fn whoever_keeps_a_runbook_is_told_once_a_week_that_it_is_to_be_looked_through() {
    let dated =
        |owner: &str, title: &str, review: &str| format!("---\n{owner}review: {review}\n---\n# {title}\n\n## A\n");
    let a = dated("owner: payments\n", "Refund", "2026-03-01");
    let b = dated("owner: payments\n", "Close the books", "2026-03-10");
    let c = dated("", "Whose is it", "2026-01-01");
    let d = dated("owner: cloud\n", "Fine", "2027-01-01");
    let (mut stage, _folder) = with(&[("a", &a), ("b", &b), ("c", &c), ("d", &d)]).await;
    let count = |channel: &str| {
        let said = reads(&stage.workspace.messages(channel));
        said.matches("looked through by now").count()
    };
    // It is Tuesday evening; Monday, the 9th, at ten in Berlin comes in five days and a half.
    stage.passes(TimeDelta::hours(24 * 5 + 12)).await.unwrap();
    assert_eq!((count("#payments"), count("#incidents")), (0, 0));
    stage.passes(TimeDelta::hours(2)).await.unwrap();
    let said = reads(&stage.workspace.messages("#payments"));
    has(
        &said,
        "1 runbook of Payments was to be looked through by now.\n• Refund (`runbooks/a.md`), by 1 Mar 2026",
    );
    lacks(&said, "Close the books");
    has(
        &reads(&stage.workspace.messages("#incidents")),
        "1 runbook that no team keeps was to be looked through by now.\n• Whose is it",
    );
    lacks(&reads(&stage.workspace.messages("#cloud")), "looked through");
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.passes(TimeDelta::hours(3)).await.unwrap();
    let count = |channel: &str| {
        let said = reads(&stage.workspace.messages(channel));
        said.matches("looked through by now").count()
    };
    assert_eq!(
        (count("#payments"), count("#incidents")),
        (1, 1),
        "once, and a restart is no reason"
    );
    // The bot is away when the next Monday's hour comes, and tells when it is back the same day.
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::hours(24 * 7));
    stage.start().await.unwrap();
    stage.passes(TimeDelta::minutes(5)).await.unwrap();
    has(
        &reads(&stage.workspace.messages("#payments")),
        "2 runbooks of Payments were to be looked through by now.",
    );
    // With a new date nobody is asked any more.
    let (a, b) = (
        a.replace("2026-03-01", "2027-03-01"),
        b.replace("2026-03-10", "2027-03-10"),
    );
    stage.shelves(shelf(&[("a", &a), ("b", &b)])).await.unwrap();
    stage.passes(TimeDelta::days(8)).await.unwrap();
    let said = reads(&stage.workspace.messages("#payments"));
    assert_eq!(said.matches("looked through by now").count(), 2, "{said}");
    fine(&stage);
}

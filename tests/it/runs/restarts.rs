//! The bot may stop at any point: what people see in the end is the same.

use std::collections::BTreeMap;

use nightbell::demo::Stage;

use super::{QUEUE, card, fine, head, newest, with};
use crate::hostile::seen;

/// One step of the story.
type Step = for<'s> fn(&'s Stage) -> std::pin::Pin<Box<dyn Future<Output = ()> + 's>>;

const PLACE: &str = "#incidents";

/// A run beside an incident, whose thread is deleted in the middle, in steps between which the bot may stop.
const STEPS: [Step; 8] = [
    |stage| {
        Box::pin(async {
            let text = "/incident declare sev3 The queue grows";
            drop(stage.ana.types("#ops", text).await.unwrap());
        })
    },
    |stage| {
        Box::pin(async {
            let card = newest(stage, PLACE, "INC-1");
            stage.ben.clicks(&card, "Start runbook: Drain the queue").await.unwrap();
        })
    },
    |stage| {
        Box::pin(async {
            let run = head(stage, PLACE);
            let said = stage.ben.replies(&run, "block because I have no access");
            drop(said.await.unwrap());
        })
    },
    |stage| Box::pin(async { stage.dora.deletes(&head(stage, PLACE)).await.unwrap() }),
    |stage| {
        Box::pin(async {
            let card = card(stage, &head(stage, PLACE));
            stage.cleo.reacts(&card, "white_check_mark").await.unwrap();
        })
    },
    |stage| {
        Box::pin(async {
            let card = card(stage, &head(stage, PLACE));
            stage.dora.deletes(&card).await.unwrap();
        })
    },
    |stage| {
        Box::pin(async {
            let card = card(stage, &head(stage, PLACE));
            stage.ben.clicks(&card, "Done").await.unwrap();
        })
    },
    |stage| {
        Box::pin(async {
            let text = "/incident resolve INC-1 it is empty";
            drop(stage.ana.types("#ops", text).await.unwrap());
        })
    },
];

async fn played(stop_after: Option<usize>, settle: bool) -> BTreeMap<String, Vec<String>> {
    let (mut stage, _folder) = with(&[("queue", QUEUE)]).await;
    for (number, step) in STEPS.iter().enumerate() {
        step(&stage).await;
        if settle || stop_after != Some(number) {
            stage.settles().await.unwrap();
        }
        if stop_after == Some(number) {
            stage.stop().await.unwrap();
            stage.start().await.unwrap();
            stage.workspace.redeliver();
            stage.settles().await.unwrap();
        }
    }
    fine(&stage);
    // Seconds pass differently when Slack's pace is waited for.
    let seconds = regex::Regex::new(r"\d+ s\b").unwrap();
    let mut seen = seen(&stage);
    for text in seen.values_mut().flatten() {
        *text = seconds.replace_all(text, "some seconds").into_owned();
    }
    seen.values_mut().for_each(|texts| texts.sort());
    seen
}

#[tokio::test]
async fn a_restart_after_any_step_of_a_run_changes_nothing_that_people_see() {
    let undisturbed = played(None, true).await;
    for step in 0..STEPS.len() {
        for settle in [true, false] {
            let when = if settle {
                "when all was said"
            } else {
                "in the middle of saying it"
            };
            assert_eq!(
                played(Some(step), settle).await,
                undisturbed,
                "stopped after step {step}, {when}"
            );
        }
    }
}

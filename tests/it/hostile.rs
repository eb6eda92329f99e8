//! Everything that can go wrong between us and Slack, at the worst moment: the page still arrives, once.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use nightbell::demo::{Configuration, Stage};
use nightbell::sim::{ActError, Disconnect, Fault, Message};

use crate::setting::stage;

async fn raise(stage: &Stage) -> Message {
    let answer = stage
        .ana
        .types("#ops", "/alert the API times out for cloud")
        .await
        .unwrap();
    answer.expect("an answer")
}

/// How many messages there are that say something, where people would see it.
fn cards(stage: &Stage) -> usize {
    stage
        .workspace
        .messages("#cloud")
        .iter()
        .filter(|message| message.reads.contains("the API times out"))
        .count()
}

fn pages(stage: &Stage) -> usize {
    stage.workspace.dm(&stage.ben).len()
}

#[tokio::test]
async fn whatever_slack_answers_to_a_call_everything_arrives_once() {
    let method = "chat.postMessage";
    let faults = [
        Fault::RateLimit { method, seconds: 30 },
        Fault::ServerError { method },
        Fault::ErrorAfterEffect { method },
        Fault::Slow {
            method,
            by: Duration::from_millis(50),
        },
        Fault::Refuse {
            method,
            code: "internal_error",
        },
        Fault::Refuse {
            method,
            code: "invalid_blocks",
        },
        Fault::Refuse {
            method,
            code: "service_unavailable",
        },
        Fault::RateLimit {
            method: "chat.update",
            seconds: 30,
        },
        Fault::ServerError { method: "chat.update" },
    ];
    for fault in faults {
        let (stage, _folder) = stage().await;
        // Once for each of the first three: the card, the raiser's message and the page. What is refused for its looks is
        // sent again at once, plain, and must not meet the same fault.
        let times = if matches!(
            fault,
            Fault::Refuse {
                code: "invalid_blocks",
                ..
            }
        ) {
            1
        } else {
            3
        };
        for _ in 0..times {
            stage.workspace.fault(fault.clone());
        }
        raise(&stage).await;
        stage.passes(TimeDelta::minutes(2)).await.unwrap();
        let seen = (cards(&stage), pages(&stage), stage.workspace.dm(&stage.ana).len());
        assert_eq!(seen, (1, 1, 1), "{fault:?}: card, page, raiser");
        assert_eq!(stage.workspace.complaints(), Vec::<String>::new(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_rate_limit_holds_one_method_and_no_other() {
    let (stage, _folder) = stage().await;
    raise(&stage).await;
    stage.settles().await.unwrap();
    stage.workspace.fault(Fault::RateLimit {
        method: "chat.update",
        seconds: 45,
    });
    stage.passes(TimeDelta::minutes(5)).await.unwrap();
    assert_eq!(
        stage.workspace.dm(&stage.cleo).len(),
        1,
        "the next page does not wait for an edit"
    );
}

#[tokio::test]
async fn a_command_whose_frame_is_cut_fails_for_its_author_and_the_next_one_works() {
    for fault in [Fault::CutFrame, Fault::CutAfterFrame] {
        let (stage, _folder) = stage().await;
        stage.workspace.fault(fault.clone());
        let cut = stage.ana.types("#ops", "/alert the API times out for cloud").await;
        assert_eq!(cut, Err(ActError::Unanswered), "{fault:?}");
        stage.connects().await.unwrap();
        stage.workspace.redeliver();
        let raised = stage.workspace.messages("#cloud").len();
        stage
            .ana
            .types("#ops", "/alert the queue is full for cloud")
            .await
            .unwrap()
            .expect("an answer");
        stage.settles().await.unwrap();
        assert!(stage.workspace.messages("#cloud").len() > raised, "{fault:?}");
    }
}

#[tokio::test]
async fn a_connection_that_slack_closes_is_replaced_and_nothing_typed_meanwhile_is_lost() {
    for why in [
        Disconnect::Warning,
        Disconnect::RefreshRequested,
        Disconnect::Unknown,
        Disconnect::Silent,
    ] {
        let (stage, _folder) = stage().await;
        let mut socket = stage.gauges().unwrap().socket.clone();
        let before = socket.borrow().opened;
        stage.workspace.disconnect(why);
        let replaced = socket.wait_for(|status| status.opened >= before + 2 && status.connected >= 2);
        tokio::time::timeout(Duration::from_secs(20), replaced)
            .await
            .unwrap()
            .unwrap();
        raise(&stage).await;
        stage.settles().await.unwrap();
        assert_eq!((cards(&stage), pages(&stage)), (1, 1), "{why:?}");
    }
}

#[tokio::test]
async fn a_command_that_comes_twice_raises_one_alert() {
    let (stage, _folder) = stage().await;
    stage.workspace.fault(Fault::Duplicate);
    raise(&stage).await;
    stage.settles().await.unwrap();
    assert_eq!((cards(&stage), pages(&stage)), (1, 1));
    assert_eq!(
        stage.workspace.complaints(),
        Vec::<String>::new(),
        "each copy is acknowledged once"
    );
}

#[tokio::test]
async fn an_event_whose_acknowledgement_is_lost_has_its_effect_once() {
    let (stage, _folder) = stage().await;
    raise(&stage).await;
    stage.settles().await.unwrap();
    let card = stage.workspace.messages("#cloud").remove(0);
    stage.workspace.fault(Fault::LoseAcknowledgement);
    let lost = stage.cleo.replies(&card, "note looking at it").await;
    assert_eq!(lost, Err(ActError::Unanswered));
    stage.workspace.redeliver();
    stage.settles().await.unwrap();
    let notes = stage
        .workspace
        .thread(&card)
        .iter()
        .filter(|reply| reply.reads.contains("@cleo noted"))
        .count();
    assert_eq!(notes, 1);
}

#[tokio::test]
async fn frames_that_nobody_understands_are_no_reason_to_stop() {
    let (stage, _folder) = stage().await;
    for frame in [
        "",
        "{",
        "[]",
        "null",
        "\u{0}\u{1}",
        r#"{"type":"unheard_of"}"#,
        r#"{"envelope_id":"x1","type":"unheard_of","payload":{}}"#,
        r#"{"envelope_id":"x2","type":"slash_commands","payload":null}"#,
        r#"{"envelope_id":"x3","type":"slash_commands","payload":{"command":7,"user_id":[]}}"#,
        r#"{"envelope_id":"x4","type":"events_api","payload":{"event":{"type":"message","text":{}}}}"#,
        r#"{"envelope_id":"x5","type":"interactive","payload":{"type":"block_actions","user":{"id":"U1"},"actions":[]}}"#,
    ] {
        stage.workspace.shout(frame);
    }
    raise(&stage).await;
    stage.settles().await.unwrap();
    assert_eq!((cards(&stage), pages(&stage)), (1, 1));
}

#[tokio::test]
async fn while_the_token_is_revoked_everything_waits_and_then_arrives() {
    let (stage, _folder) = stage().await;
    stage.workspace.revoke();
    raise(&stage).await;
    stage.settles().await.unwrap();
    assert_eq!(
        stage.gauges().unwrap().outbox.borrow().held.as_deref(),
        Some("token_revoked")
    );
    assert_eq!((cards(&stage), pages(&stage)), (0, 0));
    stage.workspace.restore();
    stage.passes(TimeDelta::minutes(2)).await.unwrap();
    assert_eq!((cards(&stage), pages(&stage)), (1, 1));
    assert_eq!(stage.gauges().unwrap().outbox.borrow().held, None);
}

#[tokio::test]
async fn a_channel_that_cannot_be_posted_to_gives_way_to_the_fallback_channel() {
    for (what, code) in [("archived", "is_archived"), ("without the bot", "not_in_channel")] {
        let (stage, _folder) = stage().await;
        match what {
            "archived" => stage.workspace.archive("#cloud"),
            _ => stage.workspace.remove_bot("#cloud"),
        }
        raise(&stage).await;
        stage.settles().await.unwrap();
        assert_eq!(pages(&stage), 1, "{what}: the page does not depend on the card");
        let fallback = stage.workspace.messages("#incidents");
        let card = fallback
            .iter()
            .find(|message| message.reads.contains("the API times out"));
        let card = card.unwrap_or_else(|| panic!("{what}: no card in {fallback:?}"));
        assert!(
            card.reads.contains(code) && card.reads.contains("the channel of Cloud"),
            "{}",
            card.reads
        );
        assert!(card.buttons().contains(&"Acknowledge".to_owned()));
    }
}

#[tokio::test]
async fn a_page_that_slack_refuses_escalates_at_once_and_the_fallback_channel_hears_of_it() {
    let (stage, _folder) = stage().await;
    // The bot has not heard yet that ben has left.
    stage.workspace.deactivate(&stage.ben);
    raise(&stage).await;
    stage.settles().await.unwrap();
    assert_eq!(
        stage.workspace.dm(&stage.cleo).len(),
        1,
        "the next level is paged without waiting"
    );
    let fallback = stage.workspace.messages("#incidents");
    assert!(
        fallback
            .iter()
            .any(|message| message.reads.contains("@ben") && message.reads.contains("did not get through")),
        "{fallback:?}"
    );
}

#[tokio::test]
async fn when_the_fallback_channel_is_gone_too_the_admins_and_the_raiser_are_told() {
    let (stage, _folder) = stage().await;
    stage.workspace.archive("#cloud");
    stage.workspace.archive("#incidents");
    raise(&stage).await;
    stage.settles().await.unwrap();
    for person in [&stage.dora, &stage.ana] {
        let told = stage.workspace.dm(person);
        assert!(
            told.iter()
                .any(|message| message.reads.contains("I could not post in #incidents either")),
            "{}: {told:?}",
            person.name()
        );
    }
}

#[tokio::test]
async fn a_second_copy_on_the_same_data_folder_ends_with_one_sentence() {
    let (first, folder) = stage().await;
    let mut second = Stage::furnish(folder.path().to_owned(), Configuration::default())
        .await
        .unwrap();
    let error = second.start().await.unwrap_err().to_string();
    assert!(error.contains("in use by another Nightbell"), "{error}");
    assert_eq!(second.workspace.calls().len(), 0, "it says nothing to Slack");
    raise(&first).await;
}

#[tokio::test]
async fn somebody_else_on_our_tokens_is_noticed() {
    let (stage, _folder) = stage().await;
    stage.workspace.strangers(1);
    stage.workspace.disconnect(Disconnect::RefreshRequested);
    let mut socket = stage.gauges().unwrap().socket.clone();
    let noticed = socket.wait_for(|status| {
        status
            .last_problem
            .as_ref()
            .is_some_and(|problem| format!("{problem:?}").contains("Strangers"))
    });
    tokio::time::timeout(Duration::from_secs(20), noticed)
        .await
        .unwrap()
        .unwrap();
}

/// One step of the story.
type Step = for<'s> fn(&'s Stage) -> std::pin::Pin<Box<dyn Future<Output = ()> + 's>>;

/// The story of the demo, in steps between which the bot may stop.
const STEPS: [Step; 5] = [
    |stage| Box::pin(async { drop(raise(stage).await) }),
    |stage| Box::pin(async { stage.passes(TimeDelta::minutes(5)).await.unwrap() }),
    |stage| {
        Box::pin(async {
            let page = stage.workspace.dm(&stage.cleo).remove(0);
            stage.cleo.clicks(&page, "Acknowledge").await.unwrap();
        })
    },
    |stage| {
        Box::pin(async {
            let card = stage.workspace.messages("#cloud").remove(0);
            stage.cleo.replies(&card, "note a pool was stuck").await.unwrap();
        })
    },
    |stage| {
        Box::pin(async {
            let card = stage.workspace.messages("#cloud").remove(0);
            stage.cleo.reacts(&card, "white_check_mark").await.unwrap();
        })
    },
];

/// What people see in the end, place by place; answers that only rode on an acknowledgement are not part of it.
pub(crate) fn seen(stage: &Stage) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in stage
        .workspace
        .everything()
        .into_iter()
        .filter(|message| message.only_to.is_none())
    {
        // Seconds pass differently when Slack's pace is waited for.
        let reads: String = message.reads.split(", after ").next().unwrap_or_default().to_owned();
        let place = format!("{} {}", message.channel, message.thread.is_some());
        places.entry(place).or_default().push(reads);
    }
    for messages in places.values_mut() {
        messages.sort();
    }
    places
}

async fn played(stop_after: Option<usize>, settle: bool) -> BTreeMap<String, Vec<String>> {
    let (mut stage, _folder) = stage().await;
    for (number, step) in STEPS.iter().enumerate() {
        step(&stage).await;
        if settle || stop_after != Some(number) {
            stage.settles().await.unwrap();
        }
        if stop_after == Some(number) {
            stage.stop().await.unwrap();
            stage.start().await.unwrap();
            // What happened while nobody listened, Slack says again.
            stage.workspace.redeliver();
            stage.settles().await.unwrap();
        }
    }
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
    seen(&stage)
}

#[tokio::test]
async fn a_restart_after_any_step_changes_nothing_that_people_see() {
    let undisturbed = played(None, true).await;
    for step in 0..STEPS.len() {
        assert_eq!(
            played(Some(step), true).await,
            undisturbed,
            "stopped after step {step}, when all was said"
        );
        assert_eq!(
            played(Some(step), false).await,
            undisturbed,
            "stopped after step {step}, in the middle of saying it"
        );
    }
}

#[tokio::test]
async fn after_downtime_everything_overdue_happens_at_once_and_one_message_admits_it() {
    let (mut stage, _folder) = stage().await;
    raise(&stage).await;
    stage
        .ana
        .types("#ops", "/alert checkout is down for payments")
        .await
        .unwrap();
    stage.settles().await.unwrap();
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::minutes(47));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(stage.workspace.dm(&stage.cleo).len(), 1, "the next level of cloud");
    let fallback = stage.workspace.messages("#incidents");
    let admitted: Vec<&Message> = fallback
        .iter()
        .filter(|message| message.reads.contains("I was away"))
        .collect();
    assert_eq!(admitted.len(), 1, "{fallback:?}");
    let said = &admitted[0].reads;
    assert!(
        said.contains("A-1 (due 20:05, 42 min late)") && said.contains("A-2 (due 20:10, 37 min late)"),
        "{said}"
    );
}

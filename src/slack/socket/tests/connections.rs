//! Connections that are lost, cut, refused or not ours alone, and how they end.

use super::*;

#[tokio::test]
async fn a_successor_is_up_before_the_old_connection_is_given_up() {
    for reason in ["warning", "refresh_requested", "a_reason_of_tomorrow"] {
        let timings = Timings {
            drain: Duration::from_millis(50),
            ..quick()
        };
        let mut stage = Stage::with(timings, 64).await;
        let mut old = stage.connects(1).await;
        old.says(&json!({"type": "disconnect", "reason": reason})).await;
        let mut new = stage.connects(2).await;
        old.says(&command("on the old", false)).await;
        new.says(&command("on the new", false)).await;
        for _ in 0..2 {
            stage.takes().await.reply.acknowledge();
        }
        assert_eq!(old.hears().await, Some(bare("on the old")));
        assert_eq!(new.hears().await, Some(bare("on the new")));
        assert_eq!(old.hears().await, None, "closed by the bot after a while");
        let status = stage.shows(|status| status.closing == 0).await;
        assert_eq!((status.connected, status.last_problem), (1, None));
    }
}

#[tokio::test]
async fn two_connections_are_held_and_a_lost_one_is_replaced() {
    let mut stage = Stage::with(
        Timings {
            connections: 2,
            ..quick()
        },
        64,
    )
    .await;
    let first = stage.connects(1).await;
    let mut second = stage.connects(2).await;
    assert_eq!(stage.shows(|status| status.connected == 2).await.last_problem, None);
    drop(first);
    let _third = stage.connects(2).await;
    assert_eq!(stage.shows(|status| status.connected == 2).await.opened, 3);
    second.says(&command("e-1", false)).await;
    stage.takes().await.reply.acknowledge();
    assert_eq!(second.hears().await, Some(bare("e-1")));
}

#[tokio::test]
async fn a_frame_cut_in_the_middle_a_close_and_one_too_large_lead_to_a_new_connection() {
    let mut stage = Stage::quick().await;
    let slack = stage.connects(1).await;
    let mut stream = slack.0.into_inner();
    // The beginning of a text frame of 100 bytes.
    stream.write_all(&[0x81, 100, b'{', b'"']).await.unwrap();
    drop(stream);
    let mut slack = stage.connects(1).await;
    slack.0.close(None).await.unwrap();
    let slack = stage.connects(1).await;
    let mut stream = slack.0.into_inner();
    // The header of a text frame of a terabyte.
    stream.write_all(&[0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]).await.unwrap();
    let _fourth = stage.connects(1).await;
    assert_eq!(stage.status.borrow().opened, 4);
}

#[tokio::test]
async fn a_silent_peer_is_left_and_one_that_never_greets_too() {
    let timings = Timings {
        ping_every: Duration::from_millis(100),
        silence: Duration::from_millis(800),
        open_within: Duration::from_secs(1),
        ..quick()
    };
    let mut stage = Stage::with(timings, 64).await;
    // Nobody reads this connection, so nobody answers its pings.
    let _silent = stage.connects(1).await;
    let _mute = stage.accepts().await;
    let status = stage
        .shows(|status| status.connected == 0 && status.last_problem.is_some())
        .await;
    assert!(matches!(status.last_problem, Some(Problem::Unreachable { why }) if why.contains("nothing heard")));
    let _third = stage.connects(1).await;
}

#[tokio::test]
async fn a_peer_that_accepts_and_never_upgrades_is_left() {
    let mut stage = Stage::with(
        Timings {
            open_within: Duration::from_secs(1),
            ..quick()
        },
        64,
    )
    .await;
    let (_never_upgraded, _) = stage.listener.accept().await.unwrap();
    let _second = stage.connects(1).await;
}

#[tokio::test]
async fn a_failing_open_is_tried_again_and_a_refused_token_shows() {
    let timings = Timings {
        rare_pause: Duration::from_millis(1),
        ..quick()
    };
    let mut stage = Stage::with(timings, 64).await;
    let refusal = |code: &str| Answered::json(&json!({"ok": false, "error": code}));
    stage.web.answers([
        Answered::status(500, ""),
        refusal("internal_error"),
        refusal("token_revoked"),
    ]);
    let slack = stage.connects(1).await;
    drop(slack);
    let _slack = stage.connects(1).await;
    assert_eq!(stage.shows(|status| status.connected == 1).await.last_problem, None);

    let mut stage = Stage::with(
        Timings {
            rare_pause: Duration::from_hours(1),
            ..quick()
        },
        64,
    )
    .await;
    let mut slack = stage.connects(1).await;
    stage.web.always(refusal("invalid_auth"));
    slack.0.close(None).await.unwrap();
    let unauthorized = Some(Problem::Unauthorized {
        code: "invalid_auth".into(),
    });
    stage.shows(|status| status.last_problem == unauthorized).await;
}

#[tokio::test]
async fn a_rate_limit_on_opening_is_obeyed() {
    let mut stage = Stage::quick().await;
    let slack = stage.connects(1).await;
    stage
        .web
        .answers([Answered::status(429, "").with("retry-after", "3600")]);
    drop(slack);
    stage
        .shows(|status| matches!(&status.last_problem, Some(Problem::Unreachable { why }) if why.contains("pause")))
        .await;
}

#[tokio::test]
async fn a_disabled_socket_mode_and_too_many_connections_show_and_are_not_hammered() {
    let cases = [
        ("link_disabled", Problem::LinkDisabled),
        ("too_many_websockets", Problem::TooManyConnections),
    ];
    for (reason, problem) in cases {
        let long = Duration::from_hours(1);
        let mut stage = Stage::with(
            Timings {
                rare_pause: long,
                longest_pause: long,
                ..quick()
            },
            64,
        )
        .await;
        let mut slack = stage.connects(1).await;
        slack.says(&json!({"type": "disconnect", "reason": reason})).await;
        let status = stage.shows(|status| status.connected == 0 && status.closing == 0).await;
        assert_eq!(status.last_problem, Some(problem));
        assert_eq!(slack.hears().await, None);
        assert_eq!(stage.web.asked().len(), 1);
    }
}

#[tokio::test]
async fn strangers_on_the_same_token_show_until_they_are_gone() {
    let mut stage = Stage::quick().await;
    let slack = stage.connects(3).await;
    assert_eq!(
        stage.shows(|status| status.connected == 1).await.last_problem,
        Some(Problem::Strangers(2))
    );
    drop(slack);
    let _slack = stage.connects(1).await;
    assert_eq!(stage.shows(|status| status.connected == 1).await.last_problem, None);
}

#[tokio::test]
async fn what_there_is_no_room_for_is_not_acknowledged() {
    let timings = Timings {
        room_within: Duration::from_millis(10),
        ..quick()
    };
    let mut stage = Stage::with(timings, 1).await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("taken", false)).await;
    slack.says(&command("too many", false)).await;
    slack
        .says(&json!({"type": "disconnect", "reason": "refresh_requested"}))
        .await;
    let mut successor = stage.connects(2).await;
    stage.takes().await.reply.acknowledge();
    assert_eq!(slack.hears().await, Some(bare("taken")));
    successor.says(&command("later", false)).await;
    assert_eq!(stage.takes().await.envelope.id, "later");
}

#[tokio::test]
async fn shutting_down_takes_nothing_more_but_acknowledges_what_was_taken() {
    let mut stage = Stage::quick().await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("taken", true)).await;
    let taken = stage.takes().await;
    stage.shutdown.send(true).unwrap();
    assert_eq!(taken.reply.acknowledge_with(json!({"text": "done"})), Carried::Payload);
    assert_eq!(slack.hears().await.unwrap()["payload"]["text"], "done");
    assert_eq!(slack.hears().await, None, "closed properly");
    stage.bot.await.unwrap();
    assert_eq!(stage.status.borrow().connected, 0);
    assert!(stage.deliveries.recv().await.is_none());
}

#[tokio::test]
async fn shutting_down_does_not_wait_for_ever_and_ends_also_while_connecting() {
    let timings = Timings {
        shutdown_within: Duration::from_millis(20),
        acknowledge_within: Duration::from_mins(1),
        ..quick()
    };
    let mut stage = Stage::with(timings, 64).await;
    let mut slack = stage.connects(1).await;
    slack.says(&command("never handled", true)).await;
    let held = stage.takes().await;
    stage.shutdown.send(true).unwrap();
    stage.bot.await.unwrap();
    assert_eq!(held.reply.acknowledge_with(json!({})), Carried::Lost);

    let stage = Stage::quick().await;
    let (_never_upgraded, _) = stage.listener.accept().await.unwrap();
    stage.shutdown.send(true).unwrap();
    stage.bot.await.unwrap();
}

#[tokio::test]
async fn when_nobody_takes_deliveries_any_more_the_socket_ends() {
    let mut stage = Stage::quick().await;
    let _slack = stage.connects(1).await;
    drop(stage.deliveries);
    stage.bot.await.unwrap();
}

#[test]
fn pauses_double_with_jitter_up_to_a_bound_and_begin_again_after_a_reset() {
    let (first, longest) = (Duration::from_millis(500), Duration::from_mins(1));
    let mut backoff = Backoff::new(first, longest, 7);
    for step in [1_u32, 2, 4, 8, 16, 32, 64, 128, 256] {
        let full = (first * step).min(longest);
        let pause = backoff.next();
        assert!(full / 2 <= pause && pause <= full, "{pause:?} of {full:?}");
    }
    for _ in 0..100 {
        assert!(backoff.next() <= longest);
    }
    backoff.reset();
    assert!(backoff.next() <= first);
    let mut one = Backoff::new(first, longest, 7);
    let mut other = Backoff::new(first, longest, 8);
    assert_ne!(one.next(), other.next(), "two bots do not come back together");
}

//! A clock moved by hand, and waiting for it.

use super::*;

fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_manual_clock_wakes_a_sleeper_only_when_its_time_has_come() {
    let (clock, hand) = Clock::manual(noon());
    let sleeper = tokio::spawn({
        let clock = clock.clone();
        async move { clock.sleep_until(noon() + TimeDelta::minutes(10)).await }
    });
    hand.advance(TimeDelta::minutes(9));
    tokio::task::yield_now().await;
    assert!(!sleeper.is_finished());
    hand.advance(TimeDelta::minutes(1));
    sleeper.await.unwrap();
}

#[test]
fn story_time_never_runs_backwards() {
    let (clock, hand) = Clock::manual(noon());
    hand.advance(TimeDelta::minutes(-5));
    hand.advance_to(noon() - TimeDelta::days(1));
    assert_eq!(clock.now(), noon());
}

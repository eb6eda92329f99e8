//! Buckets, holds, back-off, and the part of everything that is kept for pages.

use super::*;

/// The instants, in milliseconds, at which entries go when each is settled at once and time jumps to `wake_at`.
fn times(lanes: &mut Lanes, until: i64) -> Vec<(i64, u64)> {
    let mut now = at(0);
    let mut sent = Vec::new();
    loop {
        let ids = deliver_all(lanes, now);
        sent.extend(ids.into_iter().map(|id| ((now - at(0)).num_milliseconds(), id)));
        match lanes.wake_at() {
            Some(next) if next <= at(until) => {
                assert!(next > now, "waking must lie in the future");
                now = next;
            }
            _ => return sent,
        }
    }
}

#[test]
fn a_channel_gets_a_burst_and_then_one_message_a_second() {
    let mut lanes = Lanes::new(Pace::default());
    for id in 1..=6 {
        lanes.add(id, post(&format!("thread/{id}"), Urgency::Routine, "C1"));
    }
    lanes.add(7, post("thread/7", Urgency::Routine, "C2"));
    let expected = [(0, 1), (0, 2), (0, 3), (0, 7), (1000, 4), (2000, 5), (3000, 6)];
    assert_eq!(
        times(&mut lanes, 60_000),
        expected,
        "three of a burst of four, one is kept for a page"
    );
}

#[test]
fn a_page_finds_the_token_that_was_kept_for_it() {
    let mut lanes = Lanes::new(Pace::default());
    for id in 1..=5 {
        lanes.add(id, post(&format!("thread/{id}"), Urgency::Routine, "C1"));
    }
    assert_eq!(deliver_all(&mut lanes, at(0)), [1, 2, 3]);
    lanes.add(6, post("fallback/1", Urgency::Page, "C1"));
    assert_eq!(deliver_all(&mut lanes, at(0)), [6]);
}

#[test]
fn edits_count_against_their_method_and_not_against_the_channel() {
    let mut lanes = Lanes::new(Pace::default());
    for id in 1..=60 {
        lanes.add(id, edit(&format!("card/{id}"), Urgency::Routine));
    }
    let sent = times(&mut lanes, 59_999);
    let at_once = sent.iter().filter(|(millis, _)| *millis == 0).count();
    assert_eq!(at_once, 7, "a burst of ten, three of them kept for pages");
    assert!(
        sent.len() <= 50,
        "never more than fifty in the first minute, but {}",
        sent.len()
    );
    assert!(sent.len() >= 45, "and not many fewer, but {}", sent.len());
}

#[test]
fn no_minute_has_more_calls_than_slack_allows() {
    for (limit, burst) in [(50, 10), (300, 40), (100, 20)] {
        let mut lanes = Lanes::new(Pace {
            update: Rate::per_minute(limit, burst, 0),
            ..Pace::default()
        });
        for id in 1..=u64::from(limit) * 3 {
            lanes.add(id, edit(&format!("card/{id}"), Urgency::Routine));
        }
        let sent = times(&mut lanes, 600_000);
        assert_eq!(sent.len(), usize::from(limit) * 3);
        for (index, (begin, _)) in sent.iter().enumerate() {
            let minute = sent[index..].iter().take_while(|(millis, _)| millis - begin < 60_000);
            assert!(
                minute.count() <= usize::from(limit),
                "a minute from {begin} ms has too many"
            );
        }
    }
}

#[test]
fn a_pause_holds_one_method_and_everybody_who_needs_it() {
    let mut lanes = unpaced();
    lanes.add(1, post("card/1", Urgency::Routine, "C1"));
    lanes.add(2, post("card/2", Urgency::Page, "C2"));
    lanes.add(3, edit("card/3", Urgency::Routine));
    assert_eq!(lanes.next(at(0)).map(|turn| turn.id), Some(2));
    let wait = Verdict::Wait {
        method: "chat.postMessage",
        pause: TimeDelta::seconds(30),
    };
    lanes.done(2, wait, at(0));
    assert_eq!(deliver_all(&mut lanes, at(0)), [3], "edits go on");
    assert_eq!(lanes.wake_at(), Some(at(30_000)));
    assert_eq!(deliver_all(&mut lanes, at(29_999)), NOBODY);
    let first = lanes.next(at(30_000));
    assert_eq!(
        first.map(|turn| (turn.id, turn.fate)),
        Some((2, Fate::Fresh)),
        "a 429 leaves no doubt"
    );
}

#[test]
fn the_longer_of_two_pauses_counts_and_an_absurd_one_is_cut() {
    let mut lanes = unpaced();
    let wait = |pause| Verdict::Wait {
        method: "chat.update",
        pause,
    };
    lanes.add(1, edit("card/1", Urgency::Routine));
    lanes.add(2, edit("card/2", Urgency::Routine));
    assert_eq!(drain(&mut lanes, at(0)), [1, 2]);
    lanes.done(1, wait(TimeDelta::seconds(20)), at(0));
    lanes.done(2, wait(TimeDelta::seconds(5)), at(0));
    assert_eq!(lanes.wake_at(), Some(at(20_000)));
    assert_eq!(drain(&mut lanes, at(20_000)), [1, 2]);
    lanes.done(1, wait(TimeDelta::MAX), at(20_000));
    assert_eq!(lanes.wake_at(), Some(at(20_000) + TimeDelta::hours(1)));
}

#[test]
fn a_pause_of_the_look_up_holds_only_what_must_be_looked_up() {
    let mut lanes = unpaced();
    let doubtful = |lane| Header {
        fate: Fate::Doubtful,
        ..post(lane, Urgency::Page, "C1")
    };
    lanes.add(1, doubtful("page/1/U1"));
    lanes.add(2, doubtful("page/2/U1"));
    lanes.add(3, post("page/3/U1", Urgency::Page, "C1"));
    assert_eq!(lanes.next(at(0)).map(|turn| turn.id), Some(1));
    let wait = Verdict::Wait {
        method: LOOK_UP,
        pause: TimeDelta::seconds(10),
    };
    lanes.done(1, wait, at(0));
    assert_eq!(deliver_all(&mut lanes, at(0)), [3]);
    assert_eq!(deliver_all(&mut lanes, at(10_000)), [1, 2]);
}

#[test]
fn failures_back_off_from_a_second_to_a_minute() {
    let mut lanes = unpaced();
    lanes.add(1, post("card/1", Urgency::Routine, "C1"));
    let mut now = at(0);
    let mut waits = Vec::new();
    for _ in 0..9 {
        assert_eq!(drain(&mut lanes, now), [1]);
        lanes.done(1, Verdict::Doubt, now);
        let wake = lanes.wake_at().expect("it is tried again");
        waits.push((wake - now).num_seconds());
        now = wake;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn the_last_places_are_for_pages() {
    let mut lanes = Lanes::new(Pace {
        in_flight: 8,
        in_flight_for_pages: 2,
        ..Pace::lifted()
    });
    for id in 1..=10 {
        lanes.add(id, post(&format!("card/{id}"), Urgency::Routine, "C1"));
    }
    assert_eq!(drain(&mut lanes, at(0)), [1, 2, 3, 4, 5, 6]);
    assert_eq!(lanes.wake_at(), None);
    for id in 11..=13 {
        lanes.add(id, post(&format!("page/{id}"), Urgency::Page, "C1"));
    }
    assert_eq!(drain(&mut lanes, at(0)), [11, 12], "and no more than eight altogether");
    lanes.done(1, Verdict::Settled, at(0));
    assert_eq!(drain(&mut lanes, at(0)), [13]);
}

#[test]
fn a_refused_token_holds_everything_and_one_call_at_a_time_asks_again() {
    let mut lanes = unpaced();
    for id in 1..=3 {
        lanes.add(id, post(&format!("card/{id}"), Urgency::Routine, "C1"));
    }
    assert_eq!(drain(&mut lanes, at(0)), [1, 2, 3]);
    for id in 1..=3 {
        lanes.done(id, Verdict::Unauthorized, at(0));
    }
    assert!(lanes.is_barred());
    assert_eq!(lanes.wake_at(), Some(at(30_000)));
    assert_eq!(drain(&mut lanes, at(29_999)), NOBODY);
    assert_eq!(drain(&mut lanes, at(30_000)), [1]);
    lanes.done(1, Verdict::Unauthorized, at(30_100));
    assert_eq!(lanes.wake_at(), Some(at(60_100)));
    assert_eq!(drain(&mut lanes, at(60_100)), [1]);
    lanes.done(1, Verdict::Settled, at(60_200));
    assert!(!lanes.is_barred());
    assert_eq!(drain(&mut lanes, at(60_200)), [2, 3]);
}

#[test]
fn a_probe_that_says_nothing_about_the_token_does_not_let_everybody_go() {
    let mut lanes = unpaced();
    lanes.add(1, post("card/1", Urgency::Routine, "C1"));
    lanes.add(2, post("card/2", Urgency::Routine, "C1"));
    drain(&mut lanes, at(0));
    lanes.done(1, Verdict::Unauthorized, at(0));
    lanes.done(2, Verdict::Unauthorized, at(0));
    assert_eq!(drain(&mut lanes, at(30_000)), [1]);
    lanes.done(1, Verdict::Again, at(30_000));
    assert!(lanes.is_barred());
    assert_eq!(lanes.wake_at(), Some(at(60_000)));
}

#[test]
fn channels_that_are_quiet_again_are_forgotten() {
    let mut lanes = Lanes::new(Pace {
        channel: Rate::every(TimeDelta::seconds(1), 4, 1),
        in_flight: 8,
        ..Pace::lifted()
    });
    for id in 0..10_000 {
        lanes.add(id, post(&format!("page/{id}"), Urgency::Page, &format!("U{id}")));
        let now = at(i64::try_from(id).expect("small") * 1000);
        assert_eq!(deliver_all(&mut lanes, now), [id]);
    }
    assert!(lanes.gates.channels() <= 256, "but {} are kept", lanes.gates.channels());
    assert!(lanes.by_subject.is_empty() && lanes.items.is_empty() && lanes.ready.is_empty());
}

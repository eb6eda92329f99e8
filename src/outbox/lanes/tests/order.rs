//! Who goes before whom, and what a drop, an expiry and a failure do to the order.

use super::*;

#[test]
fn within_a_lane_one_at_a_time_in_order() {
    let mut lanes = unpaced();
    lanes.add(1, post("card/17", Urgency::Routine, "C1"));
    lanes.add(2, edit("card/17", Urgency::Routine));
    lanes.add(3, edit("card/17", Urgency::Routine));
    lanes.add(4, post("card/18", Urgency::Routine, "C1"));

    assert_eq!(
        drain(&mut lanes, at(0)),
        [1, 4],
        "the rest of card/17 waits for its post"
    );
    assert_eq!((lanes.waiting(), lanes.in_flight()), (2, 2));
    assert_eq!(lanes.wake_at(), None, "only an answer can change anything");

    lanes.done(1, Verdict::Settled, at(0));
    assert_eq!(drain(&mut lanes, at(0)), [2]);
    lanes.done(2, Verdict::Settled, at(0));
    assert_eq!(drain(&mut lanes, at(0)), [3]);
}

#[test]
fn pages_before_replies_before_routine_then_the_oldest() {
    let mut lanes = unpaced();
    lanes.add(1, post("card/1", Urgency::Routine, "C1"));
    lanes.add(2, post("raiser/1", Urgency::Reply, "C2"));
    lanes.add(3, post("page/1/U1", Urgency::Page, "C3"));
    lanes.add(4, post("card/2", Urgency::Routine, "C4"));
    lanes.add(5, post("page/2/U2", Urgency::Page, "C5"));
    lanes.add(6, post("raiser/2", Urgency::Reply, "C6"));
    assert_eq!(drain(&mut lanes, at(0)), [3, 5, 2, 6, 1, 4]);
}

#[test]
fn a_page_lends_its_urgency_to_what_stands_before_it_in_its_lane() {
    let mut lanes = unpaced();
    lanes.add(1, post("card/1", Urgency::Routine, "C1"));
    lanes.add(2, edit("page/1/U1", Urgency::Routine));
    lanes.add(3, post("page/1/U1", Urgency::Page, "U1"));
    assert_eq!(deliver_all(&mut lanes, at(0)), [2, 3, 1]);
}

#[test]
fn a_failed_entry_keeps_its_place_in_its_lane() {
    let mut lanes = unpaced();
    lanes.add(1, post("thread/1", Urgency::Routine, "C1"));
    lanes.add(2, post("thread/1", Urgency::Routine, "C1"));
    assert_eq!(drain(&mut lanes, at(0)), [1]);
    lanes.done(1, Verdict::Again, at(0));
    assert_eq!(drain(&mut lanes, at(999)), NOBODY, "the second does not overtake");
    assert_eq!(lanes.wake_at(), Some(at(1000)));
    assert_eq!(deliver_all(&mut lanes, at(1000)), [1, 2]);
}

#[test]
fn a_call_of_unknown_fate_comes_back_as_doubtful_and_counts_its_attempts() {
    let mut lanes = unpaced();
    lanes.add(7, post("card/1", Urgency::Routine, "C1"));
    let turn = |attempt, fate| Turn {
        id: 7,
        method: "chat.postMessage",
        attempt,
        fate,
    };
    assert_eq!(lanes.next(at(0)), Some(turn(1, Fate::Fresh)));
    lanes.done(7, Verdict::Doubt, at(0));
    assert_eq!(lanes.next(at(1000)), Some(turn(2, Fate::Doubtful)));
    lanes.done(7, Verdict::Again, at(1000));
    assert_eq!(
        lanes.next(at(3000)),
        Some(turn(3, Fate::Doubtful)),
        "doubt is not forgotten"
    );
}

#[test]
fn a_dropped_entry_that_waits_is_gone_and_the_next_takes_its_place() {
    let mut lanes = unpaced();
    lanes.add(1, edit("card/1", Urgency::Routine));
    lanes.add(2, edit("card/1", Urgency::Routine));
    lanes.drop_entry(1);
    lanes.drop_entry(99);
    assert_eq!(deliver_all(&mut lanes, at(0)), [2]);
    assert_eq!(
        (lanes.waiting(), lanes.by_subject.len(), lanes.items.len()),
        (0, 0, 0),
        "nothing is left behind"
    );
}

#[test]
fn an_entry_dropped_in_flight_keeps_its_lane_busy_and_is_not_tried_again() {
    let mut lanes = unpaced();
    lanes.add(1, edit("card/1", Urgency::Routine));
    assert_eq!(drain(&mut lanes, at(0)), [1]);
    lanes.drop_entry(1);
    lanes.add(2, edit("card/1", Urgency::Routine));
    assert_eq!(
        drain(&mut lanes, at(0)),
        NOBODY,
        "two edits of one message are never under way together"
    );
    assert_eq!(lanes.done(1, Verdict::Again, at(0)), Interest::Dropped);
    assert_eq!(deliver_all(&mut lanes, at(0)), [2]);
}

#[test]
fn an_entry_dropped_while_it_rests_lets_the_lane_go_on_at_once() {
    let mut lanes = unpaced();
    lanes.add(1, edit("card/1", Urgency::Routine));
    lanes.add(2, edit("card/1", Urgency::Routine));
    drain(&mut lanes, at(0));
    lanes.done(1, Verdict::Again, at(0));
    lanes.drop_entry(1);
    assert_eq!(deliver_all(&mut lanes, at(0)), [2]);
}

#[test]
fn an_id_that_is_known_is_not_added_twice() {
    let mut lanes = unpaced();
    lanes.add(1, edit("card/1", Urgency::Routine));
    lanes.add(1, edit("card/1", Urgency::Page));
    assert_eq!(drain(&mut lanes, at(0)), [1]);
    lanes.add(1, edit("card/1", Urgency::Page));
    lanes.done(1, Verdict::Settled, at(0));
    assert_eq!(drain(&mut lanes, at(0)), NOBODY);
}

#[test]
fn an_answer_for_what_is_not_in_flight_changes_nothing() {
    let mut lanes = unpaced();
    lanes.add(1, edit("card/1", Urgency::Routine));
    assert_eq!(lanes.done(1, Verdict::Settled, at(0)), Interest::Dropped);
    assert_eq!(lanes.done(2, Verdict::Settled, at(0)), Interest::Dropped);
    assert_eq!(drain(&mut lanes, at(0)), [1]);
}

#[test]
fn an_expired_entry_is_given_up_wherever_it_stands() {
    let expiring = |millis| Header {
        expires: Some(at(millis)),
        ..post("thread/1", Urgency::Reply, "C1")
    };
    let mut lanes = unpaced();
    lanes.add(1, post("thread/1", Urgency::Reply, "C1"));
    lanes.add(2, expiring(5000));
    lanes.add(3, expiring(9000));
    drain(&mut lanes, at(0));
    assert_eq!(lanes.wake_at(), Some(at(5000)));
    assert_eq!(lanes.expired(at(4999)), None);
    assert_eq!(lanes.expired(at(5000)), Some(2));
    assert_eq!(lanes.expired(at(5000)), None);
    lanes.done(1, Verdict::Settled, at(5000));
    assert_eq!(drain(&mut lanes, at(5000)), [3]);
    assert_eq!(lanes.expired(at(60_000)), None, "what is in flight is not given up");
    lanes.done(3, Verdict::Again, at(60_000));
    assert_eq!(lanes.expired(at(60_000)), Some(3), "what comes back too late is");
}

#[test]
fn a_doubtful_entry_is_not_given_up_unseen() {
    let mut lanes = unpaced();
    let header = Header {
        expires: Some(at(1000)),
        fate: Fate::Doubtful,
        ..post("card/1", Urgency::Reply, "C1")
    };
    lanes.add(1, header);
    assert_eq!(lanes.expired(at(5000)), None);
    assert_eq!(drain(&mut lanes, at(5000)), [1]);
}

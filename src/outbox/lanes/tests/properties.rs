//! What holds for every history: order, one at a time, nothing lost, pages never behind.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// One thing that happens to the lanes.
#[derive(Debug, Clone)]
enum Step {
    Add { lane: u8, urgency: Urgency, kind: Kind },
    Drop(usize),
    Next,
    Done(usize, Verdict),
    Pass(i64),
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Post { channel: u8, fate: Fate },
    Edit,
}

fn step() -> impl Strategy<Value = Step> {
    let urgency = prop::sample::select(Urgency::ALL.to_vec());
    let fate = prop_oneof![Just(Fate::Fresh), Just(Fate::Doubtful)];
    let kind = prop_oneof![
        (0..3_u8, fate).prop_map(|(channel, fate)| Kind::Post { channel, fate }),
        Just(Kind::Edit)
    ];
    let wait = (
        prop::sample::select(vec!["chat.postMessage", "chat.update", LOOK_UP]),
        0..90_i64,
    );
    let verdict = prop_oneof![
        4 => Just(Verdict::Settled),
        1 => Just(Verdict::Gone),
        1 => Just(Verdict::Again),
        1 => Just(Verdict::Doubt),
        1 => Just(Verdict::Unauthorized),
        1 => wait.prop_map(|(method, seconds)| Verdict::Wait { method, pause: TimeDelta::seconds(seconds) }),
    ];
    prop_oneof![
        4 => (0..6_u8, urgency, kind).prop_map(|(lane, urgency, kind)| Step::Add { lane, urgency, kind }),
        1 => any::<usize>().prop_map(Step::Drop),
        6 => Just(Step::Next),
        5 => (any::<usize>(), verdict).prop_map(|(which, verdict)| Step::Done(which, verdict)),
        2 => (0..40_000_i64).prop_map(Step::Pass),
    ]
}

/// What should be so, kept in the plainest way.
#[derive(Default)]
struct Model {
    lane_of: BTreeMap<u64, u8>,
    waiting: BTreeSet<u64>,
    in_flight: BTreeMap<u64, Interest>,
}

impl Model {
    fn start(&mut self, id: u64) {
        assert!(self.waiting.remove(&id), "{id} was not waiting");
        let lane = self.lane_of[&id];
        let same_lane = |other: &&u64| self.lane_of[*other] == lane;
        assert!(
            !self.in_flight.keys().any(|other| self.lane_of[other] == lane),
            "two of lane {lane} in flight"
        );
        let overtaken = self.waiting.iter().filter(same_lane).find(|other| **other < id);
        assert_eq!(overtaken, None, "{id} overtook in lane {lane}");
        self.in_flight.insert(id, Interest::Wanted);
    }

    fn finish(&mut self, id: u64, settled: bool) -> Interest {
        let interest = self.in_flight.remove(&id).expect("it is in flight");
        if !settled && interest == Interest::Wanted {
            self.waiting.insert(id);
        }
        interest
    }
}

fn is_final(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Settled | Verdict::Gone)
}

proptest! {
    #[test]
    fn every_history_keeps_order_and_loses_nothing(steps in prop::collection::vec(step(), 1..200)) {
        let mut lanes = Lanes::new(Pace::default());
        let mut model = Model::default();
        let mut now = at(0);
        let mut next_id = 0;
        for step in steps {
            match step {
                Step::Add { lane, urgency, kind } => {
                    next_id += 1;
                    let name = format!("lane/{lane}");
                    let header = match kind {
                        Kind::Post { channel, fate } => Header { fate, ..post(&name, urgency, &format!("C{channel}")) },
                        Kind::Edit => edit(&name, urgency),
                    };
                    lanes.add(next_id, header);
                    model.lane_of.insert(next_id, lane);
                    model.waiting.insert(next_id);
                }
                Step::Drop(which) => {
                    if next_id > 0 {
                        let id = which as u64 % next_id + 1;
                        lanes.drop_entry(id);
                        model.waiting.remove(&id);
                        model.in_flight.entry(id).and_modify(|interest| *interest = Interest::Dropped);
                    }
                }
                Step::Next => {
                    if let Some(turn) = lanes.next(now) {
                        model.start(turn.id);
                    } else if let Some(wake) = lanes.wake_at() {
                        prop_assert!(wake > now, "nothing may go, yet waking is due");
                    }
                }
                Step::Done(which, verdict) => {
                    if !model.in_flight.is_empty() {
                        let id = *model.in_flight.keys().nth(which % model.in_flight.len()).expect("in range");
                        let expected = model.finish(id, is_final(verdict));
                        prop_assert_eq!(lanes.done(id, verdict, now), expected);
                    }
                }
                Step::Pass(millis) => now += TimeDelta::milliseconds(millis),
            }
            prop_assert_eq!(lanes.waiting(), model.waiting.len());
            prop_assert_eq!(lanes.in_flight(), model.in_flight.len());
        }

        // From here on Slack is well: everything that waits goes, in bounded time.
        for id in model.in_flight.keys().copied().collect::<Vec<_>>() {
            model.finish(id, true);
            lanes.done(id, Verdict::Settled, now);
        }
        let patience = now + TimeDelta::minutes(30);
        while now < patience {
            while let Some(turn) = lanes.next(now) {
                model.start(turn.id);
                model.finish(turn.id, true);
                lanes.done(turn.id, Verdict::Settled, now);
            }
            match lanes.wake_at() {
                Some(wake) => now = wake,
                None => break,
            }
        }
        prop_assert!(model.waiting.is_empty(), "{:?} never went", model.waiting);
        prop_assert!(lanes.items.is_empty() && lanes.by_subject.is_empty() && lanes.ready.is_empty());
        prop_assert!(lanes.resting.is_empty() && lanes.expiring.is_empty());
    }

    #[test]
    fn a_page_goes_at_once_whatever_routine_traffic_there_is(
        flood in prop::collection::vec((0..5_u8, any::<bool>(), 0..900_i64), 1..300),
        every in 15..60_u64,
    ) {
        let mut lanes = Lanes::new(Pace::default());
        let mut now = at(0);
        for (id, (channel, is_post, pause)) in (1_u64..).zip(&flood) {
            now += TimeDelta::milliseconds(*pause);
            let lane = format!("card/{id}");
            let header = if *is_post {
                post(&lane, Urgency::Routine, &format!("C{channel}"))
            } else {
                edit(&lane, Urgency::Routine)
            };
            lanes.add(id, header);
            // Routine calls stay in flight: only the places kept for pages are left.
            drop(drain(&mut lanes, now));
            if id % every == 0 {
                let page = 1_000_000 + id;
                lanes.add(page, post(&format!("page/{id}"), Urgency::Page, &format!("U{id}")));
                prop_assert_eq!(lanes.next(now).map(|turn| turn.id), Some(page));
                lanes.done(page, Verdict::Settled, now);
            }
        }
    }
}

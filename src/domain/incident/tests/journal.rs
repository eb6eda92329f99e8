//! The journal is the incident: folding it, or a snapshot of it, gives the same.

use proptest::prelude::*;

use super::*;
use crate::domain::World;

fn asks() -> impl Strategy<Value = Ask> {
    prop_oneof![
        proptest::sample::select(Status::OPEN.to_vec()).prop_map(|to| Ask::Status {
            to,
            note: Some("because".to_owned()),
        }),
        proptest::sample::select(Severity::ALL.to_vec()).prop_map(|to| Ask::Severity { to, because: None }),
        Just(Ask::TakeLead),
        any::<String>().prop_map(|text| Ask::Update(Words::free(text))),
        (proptest::option::of(0usize..4), any::<String>()).prop_map(|(number, text)| Ask::EditUpdate {
            number,
            words: Words::free(text),
        }),
        any::<String>().prop_map(Ask::Note),
        (0usize..4).prop_map(Ask::Did),
        any::<String>().prop_map(|text| Ask::Act {
            text,
            owner: None,
            due: Some(at(40)),
        }),
        Just(resolve()),
        Just(Ask::Reopen(None)),
        any::<String>().prop_map(Ask::Cancel),
        (1i64..200).prop_map(|minutes| Ask::Snooze {
            length: TimeDelta::minutes(minutes),
            because: Some("later".to_owned()),
            of: None,
        }),
        (proptest::sample::select(Nag::ALL.to_vec()), any::<bool>()).prop_map(|(of, on)| Ask::Switch { of, on }),
        (0u64..4).prop_map(|id| Ask::Merge(IncidentId(id))),
        any::<String>().prop_map(Ask::Written),
    ]
}

proptest! {
    #[test]
    fn whatever_is_asked_the_journal_folds_to_the_same_world(asked in proptest::collection::vec((asks(), 0i64..30), 0..40)) {
        let mut desk = declared(Severity::Sev1);
        for (wish, minutes) in asked {
            desk.tick_at(desk.now + TimeDelta::minutes(minutes));
            drop(ask(&mut desk, "ben", wish));
        }
        let mut folded = World::default();
        for (event, at) in &desk.journal {
            let stored = serde_json::to_vec(event).expect("plain data");
            let read: crate::domain::Event = serde_json::from_slice(&stored).expect("what was written");
            prop_assert_eq!(&read, event);
            folded.apply(&read, *at);
        }
        prop_assert_eq!(folded.incidents(), desk.world.incidents());
        let stored = serde_json::to_vec(incident(&desk)).expect("plain data");
        let mut recalled = World::default();
        recalled.recall_incident(serde_json::from_slice(&stored).expect("what was written"));
        prop_assert_eq!(recalled.incidents().get(I1), desk.world.incidents().get(I1));
        prop_assert_eq!(recalled.incidents().next_deadline(), incident(&desk).deadline());
    }
}

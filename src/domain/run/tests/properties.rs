//! Whatever people ask of a run.

use proptest::prelude::*;

use super::*;

fn any_ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        Just(Ask::Done),
        Just(Ask::Back),
        Just(Ask::Confirm),
        ".{0,5}".prop_map(|because| Ask::Skip { because }),
        ".{0,5}".prop_map(|because| Ask::Block { because }),
        ".{0,5}".prop_map(|text| Ask::Say { text }),
        "(a=[xy,]{0,4}|one|again|.{0,5})".prop_map(|text| Ask::Tell { text }),
        Just(Ask::Unblock),
        (0..4_usize).prop_map(|way| Ask::Decide { way }),
        (0..3_usize, any::<bool>()).prop_map(|(item, on)| Ask::Tick { item, on }),
        ("[abx]", ".{0,5}").prop_map(|(name, value)| Ask::Fill {
            values: Values::from([(name, value)])
        }),
        Just(Ask::Stop {
            because: because("enough")
        }),
    ]
}

proptest! {
    /// Whatever people do: nothing panics, the journal adds up to the run, and an open run has a step.
    #[test]
    fn a_run_is_what_its_journal_says(asks in prop::collection::vec(any_ask(), 0..40)) {
        let mut repeated = step("B {{a}}", vec![Block::Box { text: prose("box") }]);
        repeated.repeat = Some("a".to_owned());
        let steps = vec![
            step("A", vec![ways(&[("one", 1), ("two", 2), ("three", 3)])]),
            repeated,
            step("C {{b}}", vec![ways(&[("again", 0), ("on", 3)])]),
            step("D", vec![]),
        ];
        let mut desk = Desk::with(book(steps, vec![parameter("a"), parameter("b")]), &[]).unwrap();
        for ask in asks {
            // A refusal is as good an answer as any.
            drop(desk.asks("ana", ask));
            let run = desk.run();
            prop_assert_eq!(run.is_open(), run.current.is_some());
            let (behind, all) = run.progress();
            prop_assert!(behind <= all);
        }
        let mut again = Runs::default();
        for (event, at) in &desk.journal {
            let json = serde_json::to_string(event).unwrap();
            again.apply(R1, &serde_json::from_str(&json).unwrap(), *at);
        }
        prop_assert_eq!(&again, &desk.runs);
        let stored = serde_json::to_string(desk.run()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Run>(&stored).unwrap(), desk.run());
    }
}

//! Patterns: what compiles, what fits, and that a match prints as what it was read from.

use proptest::prelude::*;

use super::*;
use crate::command::markup::Visible;
use crate::command::tests::roster;
use crate::command::words::Typed;
use crate::command::{commands, table};

fn pattern(written: &str) -> Result<Pattern, PatternError> {
    Pattern::try_from(written.to_owned())
}

fn typed(text: &str) -> Typed {
    let visible = Visible {
        text: text.to_owned(),
        mentions: Vec::new(),
    };
    Typed::new(visible, None)
}

fn matched(pattern: &Pattern, text: &str) -> Option<Matched> {
    match pattern.read(typed(text).words(), &roster()) {
        Match::Mine(matched) => Some(matched),
        Match::NotMine | Match::Wrong(_) => None,
    }
}

#[test]
fn mistakes_in_a_pattern_are_named() {
    let message = |written| pattern(written).expect_err(written).to_string();
    assert_eq!(
        message("ack [<alert>"),
        "the brackets of `ack [<alert>` do not pair up at `[`"
    );
    assert_eq!(
        message("ack <alert>]"),
        "the brackets of `ack <alert>]` do not pair up at `]`"
    );
    assert_eq!(
        message("ack <alert"),
        "the brackets of `ack <alert` do not pair up at `<`"
    );
    assert!(message("ack <alarm>").starts_with("`ack <alarm>` has a blank `<alarm>`, which is none of <alert>, "));
    assert_eq!(message("list []"), "`list []` has an empty group or choice");
    assert_eq!(message("list (open|)"), "`list (open|)` has an empty group or choice");
    assert!(message("<message> because <reason>").contains("two blanks"));
}

#[test]
fn a_table_with_an_unknown_key_or_pattern_is_an_error() {
    let usage = "command = '/x'\ndescription = ''\nhint = ''\n[[usage]]\naction = 'help'\ndoes = ''\nexamples = []\n";
    assert!(table::read(&format!("{usage}pattern = 'help'")).is_ok());
    assert!(table::read(&format!("{usage}pattern = 'help'\nalias = []")).is_err());
    let error = table::read(&format!("{usage}pattern = 'help <wrd>'")).expect_err("no such blank");
    assert!(error.to_string().contains("<wrd>"), "{error}");
}

#[test]
fn matching_has_three_outcomes() {
    let roster = roster();
    let pattern = pattern("ack <alert>").expect("a pattern");
    assert_eq!(pattern.read(typed("list").words(), &roster), Match::NotMine);
    assert!(matches!(pattern.read(typed("ack 17").words(), &roster), Match::Mine(_)));
    let Match::Wrong(wrong) = pattern.read(typed("ack soon").words(), &roster) else {
        panic!("`soon` is no id");
    };
    assert_eq!((wrong.at, wrong.fault), (1, Fault::NotAnAlert));
}

#[test]
fn choices_are_read_as_the_word_that_was_said() {
    let pattern = pattern("list (all|everything) [<team>]").expect("a pattern");
    let matched = matched(&pattern, "list everything cloud").expect("it fits");
    assert!(matched.says("everything"));
    assert_eq!(matched.to_string(), "list everything cloud");
}

#[test]
fn what_is_missing_or_left_over_is_told_where_it_stands() {
    let roster = roster();
    let rows = [
        (
            "resolve <alert> [because <reason>]",
            "resolve",
            1,
            Fault::Missing(Blank::Alert),
        ),
        (
            "resolve <alert> [because <reason>]",
            "resolve 1 because",
            3,
            Fault::Missing(Blank::Reason),
        ),
        (
            "resolve <alert> [because <reason>]",
            "resolve 1 as done",
            2,
            Fault::Surplus,
        ),
        ("list [<team>] [all]", "list nobody", 1, Fault::UnknownTeam),
        ("list [<team>] [all]", "list cloud nobody", 2, Fault::Surplus),
    ];
    for (written, text, at, fault) in rows {
        let Match::Wrong(wrong) = pattern(written).expect("a pattern").read(typed(text).words(), &roster) else {
            panic!("{text} fits");
        };
        assert_eq!((wrong.at, wrong.fault), (at, fault), "{text}");
    }
}

/// Something that fits a blank.
fn filling(blank: Blank) -> BoxedStrategy<String> {
    match blank {
        Blank::Alert => "(A-|a|#|)[1-9][0-9]{0,5}".boxed(),
        Blank::Alerts => "((A-|a|#|)[1-9][0-9]{0,3} ){1,4}".boxed(),
        Blank::Team | Blank::Who => {
            proptest::sample::select(vec!["cloud", "Cloud Ops", "k8s", "data platform", "billing"])
                .prop_map(str::to_owned)
                .boxed()
        }
        Blank::Priority => "[pP][1-5]:?".boxed(),
        Blank::Duration => "([1-9][0-9]{0,2} ?(s|m|h|d|min|days) ?){1,2}".boxed(),
        Blank::Word => "[a-z]{1,8}".boxed(),
        Blank::User => proptest::sample::select(vec!["@ana", "@ben"])
            .prop_map(str::to_owned)
            .boxed(),
        Blank::Rotation => Just("primary".to_owned()).boxed(),
        Blank::Time => proptest::sample::select(vec!["now", "in 2h", "mon 18:00", "2026-11-21 09:00", "tomorrow"])
            .prop_map(str::to_owned)
            .boxed(),
        Blank::Override => "(O-|o|#|)[1-9][0-9]{0,3}".boxed(),
        Blank::Run => "(R-|r|#|)[1-9][0-9]{0,3}".boxed(),
        Blank::Cause => "(A-|a|INC-|inc)[1-9][0-9]{0,3}".boxed(),
        Blank::Values => "[a-z]{1,5}=[a-z0-9]{1,5}( [a-z]{1,5}=[a-z]{1,5})?".boxed(),
        Blank::Runbook => proptest::sample::select(vec!["disk-full", "Disk is full", "restart"])
            .prop_map(str::to_owned)
            .boxed(),
        Blank::Days => "[1-9]( days)?".boxed(),
        Blank::Incident => "(INC-|inc)[1-9][0-9]{0,3}".boxed(),
        Blank::Severity => "(sev|SEV|sev-)[1-4]".boxed(),
        Blank::Status => proptest::sample::select(vec!["investigating", "identified", "monitoring", "resolved"])
            .prop_map(str::to_owned)
            .boxed(),
        Blank::Role => proptest::sample::select(vec!["lead", "scribe"])
            .prop_map(str::to_owned)
            .boxed(),
        Blank::Template => Just("outage".to_owned()).boxed(),
        Blank::Number => "[1-9][0-9]?".boxed(),
        Blank::Link => "https://[a-z]{1,8}[.]example/[a-z0-9]{0,6}".boxed(),
        Blank::Topic => {
            proptest::sample::select(vec!["all", "customers", "cloud", "sev2", "INC-7", "service checkout"])
                .prop_map(str::to_owned)
                .boxed()
        }
        Blank::Message | Blank::Text | Blank::Reason | Blank::Title => {
            let word = prop_oneof![
                proptest::sample::select(vec![
                    "for", "because", "cloud", "p1", "list", "“x”", "\"y\"", "don’t", "—", "a,", "‘"
                ])
                .prop_map(str::to_owned),
                "[a-z&<>.,!“”\"«-]{1,9}",
            ];
            proptest::collection::vec(word, 1..7)
                .prop_map(|words| words.join(" "))
                .boxed()
        }
    }
}

fn filled(elements: &[Element]) -> BoxedStrategy<Vec<String>> {
    let mut line = Just(Vec::new()).boxed();
    for element in elements {
        let part = match element {
            Element::Literal(words) | Element::Choice(words) => proptest::sample::select(words.clone())
                .prop_map(|word| vec![word])
                .boxed(),
            Element::Blank(blank) => filling(*blank).prop_map(|text| vec![text]).boxed(),
            Element::Optional(group) => prop_oneof![Just(Vec::new()), filled(group)].boxed(),
        };
        line = (line, part)
            .prop_map(|(mut line, part)| {
                line.extend(part);
                line
            })
            .boxed();
    }
    line
}

fn usage_and_line() -> impl Strategy<Value = (Pattern, String)> {
    let patterns: Vec<Pattern> = commands()
        .iter()
        .flat_map(|command| &command.usages)
        .flat_map(|usage| [Some(usage.pattern.clone()), usage.thread.clone()])
        .flatten()
        .collect();
    proptest::sample::select(patterns).prop_flat_map(|pattern| {
        let line = filled(&pattern.elements).prop_map(|parts| parts.join(" "));
        (Just(pattern), line)
    })
}

proptest! {
    #[test]
    fn a_match_prints_as_a_line_that_reads_as_the_same((pattern, line) in usage_and_line()) {
        if let Some(read) = matched(&pattern, &line) {
            let printed = read.to_string();
            prop_assert_eq!(matched(&pattern, &printed), Some(read), "{} printed as {}", line, printed);
        }
    }
}

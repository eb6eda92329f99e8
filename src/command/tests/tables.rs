//! The tables promise only what works.

use super::*;

#[test]
fn every_example_of_the_tables_is_read_by_its_own_usage_and_no_other() {
    let roster = roster();
    for command in commands() {
        for usage in &command.usages {
            assert!(!usage.examples.is_empty(), "`{}` has no example", usage.pattern);
            for example in &usage.examples {
                let typed = Typed::new(markup::visible(example, &roster), None);
                let fits = |other: &&Usage| matches!(other.pattern.read(typed.words(), &roster), Match::Mine(_));
                let raises = |other: &&Usage| other.action == Action::Raise;
                let mine: Vec<Action> = command
                    .usages
                    .iter()
                    .filter(fits)
                    // `note 12 waiting for cloud` fits both; the word of ours wins.
                    .filter(|other| !raises(other) || usage.action == Action::Raise)
                    .map(|other| other.action)
                    .collect();
                let expected: &[Action] = match example.as_str() {
                    // A word could be a team's name; words of ours win.
                    "help" if command.command == "/oncall" => &[Action::Help],
                    // A bare number is the update's, where an incident could stand too.
                    "edit 2" => &[Action::Edit, Action::EditForm],
                    // The name of a template is no text for readers.
                    _ if usage.action == Action::UpdateWith => &[Action::UpdateWith, Action::Update],
                    _ => &[usage.action],
                };
                assert_eq!(mine, expected, "{} {example}", command.command);
                let reading = with(None, "COPS", |speaker| slash(&command.command, example, &[], speaker));
                assert!(
                    !matches!(reading, Reading::Confused(_) | Reading::NotForUs),
                    "{} {example}: {reading:?}",
                    command.command
                );
            }
        }
    }
}

#[test]
fn every_thread_form_is_understood_with_a_mention() {
    // The thread of a run has a reader of its own.
    let commands = commands().iter().filter(|command| command.command != "/runbook");
    for usage in commands.flat_map(|command| &command.usages) {
        let Some(thread) = &usage.thread else { continue };
        let filled = thread
            .as_str()
            .replace("<text>", "words")
            .replace("[because <reason>]", "because x")
            .replace("<reason>", "x")
            .replace("<user|team>", "cloud")
            .replace("[for <duration>]", "for 2h")
            .replace("<duration>", "2h");
        let reading = said(&format!("<@UBOT> {filled}"), Addressed::Mention, Some(17));
        assert!(
            matches!(reading, Reading::Ask(_) | Reading::Show(_)),
            "{filled}: {reading:?}"
        );
    }
}

//! What `help` finds.

use super::*;
use crate::command::commands;

fn found(word: Option<&str>) -> (Found, Vec<Action>) {
    let help = help(Command::named("/alert").expect("a command of ours"), word);
    (help.found, help.usages.iter().map(|usage| usage.action).collect())
}

#[test]
fn help_alone_says_everything() {
    let (found, usages) = found(None);
    assert_eq!((found, usages.len()), (Found::All, 17));
}

#[test]
fn help_knows_words_aliases_and_what_others_call_it() {
    assert_eq!(
        found(Some("ack")),
        (Found::Exactly, vec![Action::Acknowledge, Action::AcknowledgeAll])
    );
    assert_eq!(
        found(Some("ACKNOWLEDGE")),
        (Found::Exactly, vec![Action::Acknowledge, Action::AcknowledgeAll])
    );
    assert_eq!(found(Some("mute")), (Found::Exactly, vec![Action::Snooze]));
    assert_eq!(found(Some("page")), (Found::Exactly, vec![Action::Raise]));
}

#[test]
fn help_forgives_slips_of_the_finger() {
    assert_eq!(
        found(Some("akc")),
        (Found::Nearest, vec![Action::Acknowledge, Action::AcknowledgeAll])
    );
    assert_eq!(
        found(Some("reslove")),
        (Found::Nearest, vec![Action::Resolve, Action::ResolveAll])
    );
    assert_eq!(found(Some("fnord")).0, Found::Nothing);
    assert_eq!(found(Some(&"x".repeat(40_000))).0, Found::Nothing);
}

#[test]
fn a_word_of_ours_is_no_word_of_others() {
    for command in commands() {
        for usage in &command.usages {
            for word in &usage.words {
                let ours = command
                    .usages
                    .iter()
                    .any(|usage| usage.first_words().any(|known| known == word));
                assert!(!ours, "`{word}` is typed already");
                assert_eq!(known_elsewhere(command, word).len(), 1, "`{word}` stands at two usages");
            }
        }
    }
}

#[test]
fn the_table_of_the_readme_has_a_row_per_usage() {
    let command = Command::named("/alert").expect("a command of ours");
    let table = markdown(command);
    assert_eq!(table.lines().count(), command.usages.len() + 2);
    assert!(table.contains(
        "| `/alert resolve <alert>… [because <reason>]`, also `close`, in its thread `resolve [because <reason>]` | ends"
    ));
    assert!(table.contains("| `/alert` | opens the form"));
}

//! Shortcuts: what they expand to, and what is wrong with some.

use super::*;

fn shortcuts() -> Vec<Shortcut> {
    let shortcut = |command: &str, expansions: &[(&str, &str)]| Shortcut {
        command: command.to_owned(),
        description: String::new(),
        hint: String::new(),
        expansions: expansions
            .iter()
            .map(|(pattern, means)| Expansion::new(pattern, means).expect("a good one"))
            .collect(),
    };
    vec![
        shortcut("/pd-support", &[("<message>", "/alert <message> for support")]),
        shortcut(
            "/genie",
            &[
                ("alert <message> for <team>", "/alert <message> for <team>"),
                ("whoisoncall <team>", "/oncall <team>"),
                ("whoisoncall", "/oncall"),
            ],
        ),
    ]
}

fn means(command: &str, typed: &str) -> String {
    match expand(command, typed, &shortcuts()) {
        Expanded::Means(command, rest) => format!("{command} {rest}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_shortcut_is_what_it_means() {
    assert_eq!(
        means("/pd-support", "the phones are dead"),
        "/alert the phones are dead for support"
    );
    assert_eq!(means("/PD-support", " two\nlines "), "/alert two\nlines for support");
    assert_eq!(
        means("/genie", "Alert waiting for parts for  cloud ops"),
        "/alert waiting for parts for cloud ops",
        "the message ends at the last `for`"
    );
    assert_eq!(means("/genie", "whoisoncall cloud"), "/oncall cloud");
    assert_eq!(means("/genie", "WhoIsOnCall"), "/oncall ");
}

#[test]
fn what_stands_in_a_blank_is_taken_as_it_is_typed() {
    assert_eq!(
        means("/pd-support", "$1 <message> \\d .* <@U1|ana>"),
        "/alert $1 <message> \\d .* <@U1|ana> for support"
    );
}

#[test]
fn what_does_not_fit_names_every_way() {
    let ways = [
        "/genie alert <message> for <team>",
        "/genie whoisoncall <team>",
        "/genie whoisoncall",
    ];
    assert_eq!(
        expand("/genie", "ack 12", &shortcuts()),
        Expanded::Unfit(ways.map(str::to_owned).to_vec())
    );
    assert_eq!(
        expand("/pd-support", "  ", &shortcuts()),
        Expanded::Unfit(vec!["/pd-support <message>".to_owned()])
    );
    assert_eq!(expand("/nothing", "x", &shortcuts()), Expanded::Unknown);
}

#[test]
fn mistakes_are_named() {
    let mistake = |pattern: &str, means: &str| Expansion::new(pattern, means).expect_err("a mistake");
    assert_eq!(mistake("<message", "/alert <message> for x"), ExpansionError::Blank);
    assert_eq!(mistake("<Message>", "/alert x for y"), ExpansionError::Blank);
    assert_eq!(
        mistake("<a> <a>", "/alert <a> for x"),
        ExpansionError::Twice("a".to_owned())
    );
    assert_eq!(
        mistake("<a>", "/alert <a> for <team>"),
        ExpansionError::Unfilled("team".to_owned())
    );
    assert_eq!(
        mistake("<a> for <team>", "/alert <a> for x"),
        ExpansionError::Lost("team".to_owned())
    );
    assert_eq!(mistake("<a>", "/shrug <a>"), ExpansionError::NotOurs);
    assert_eq!(mistake("<a>", "alert <a> for x"), ExpansionError::NotOurs);
}

//! Raw text and what its author saw.

use proptest::prelude::*;

use super::*;
use crate::command::tests::roster;

#[test]
fn raw_text_becomes_what_its_author_saw() {
    let rows = [
        ("plain", "plain"),
        ("<@U1>", "@ana"),
        ("<@U1|somebody>", "@ana"),
        ("<@U9|zoe>", "@zoe"),
        ("<@U9>", "@U9"),
        ("<@W9>", "@W9"),
        ("<!subteam^S1|@old-name>", "@cloud-support"),
        ("<!subteam^S9|@sre>", "@sre"),
        ("<!subteam^S9>", "@S9"),
        ("<#C1|ops>", "#ops"),
        ("<#C1|>", "#C1"),
        ("<#C1>", "#C1"),
        ("<https://a.example/x?y&amp;z>", "https://a.example/x?y&z"),
        ("<https://a.example|a.example>", "a.example"),
        ("<https://a.example/|https://a.example>", "https://a.example"),
        (
            "<https://evil.example|https://good.example>",
            "https://good.example (https://evil.example)",
        ),
        ("<https://a.example|Dashboard>", "Dashboard (https://a.example)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("<tel:+4912|+4912>", "+4912"),
        ("<!channel>", "@channel"),
        ("<!here|here>", "@here"),
        ("<!everyone>", "@everyone"),
        ("<!date^1700000000^{date}|14 November>", "14 November"),
        ("<!unknown>", "<!unknown>"),
        ("<!unknown|shown>", "shown"),
        ("<nothing of ours>", "<nothing of ours>"),
        ("a < b > c", "a < b > c"),
        ("<@U1", "<@U1"),
        ("<<@U1>>", "<@ana>"),
        ("<>", "<>"),
        ("<@>", "<@>"),
        ("<|>", "<|>"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("&nbsp;", "&nbsp;"),
        ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        ("a\u{0}\u{7}\u{1b}[31m\u{7f}\u{85}b", "a[31mb"),
        ("a\u{200b}\u{feff}\u{ad}b", "ab"),
        ("a\u{a0}b\u{202f}c", "a b c"),
        ("👩‍💻 ❤️ 🏳️‍🌈", "👩‍💻 ❤️ 🏳️‍🌈"),
        ("שלום \u{200f}abc", "שלום \u{200f}abc"),
        ("abc\u{202e}fdp", "abcfdp"),
    ];
    for (raw, expected) in rows {
        assert_eq!(visible(raw, &roster()).text, expected, "{raw}");
    }
}

#[test]
fn blank_is_what_nobody_can_see() {
    assert!(is_blank(" \n\u{200d}\u{200f}\u{fe0f}"));
    assert!(!is_blank(" x "));
}

proptest! {
    #[test]
    fn text_that_was_escaped_comes_back_and_mentions_nobody(text in "[ -~]{0,40}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let seen = visible(&escaped, &roster());
        prop_assert_eq!(seen.text, text);
        prop_assert!(seen.mentions.is_empty());
    }

    #[test]
    fn mentions_lie_in_the_text_and_apart(raw in "[<>@#!|&;a-zU0-9^: ]{0,60}") {
        let seen = visible(&raw, &roster());
        let mut end = 0;
        for (range, _) in &seen.mentions {
            prop_assert!(range.start >= end && range.end <= seen.text.len() && seen.text.get(range.clone()).is_some());
            end = range.end;
        }
    }
}

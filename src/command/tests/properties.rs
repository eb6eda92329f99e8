//! What holds for anything that can be typed.

use proptest::prelude::*;

use super::*;
use crate::domain::priority::Priority;

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(text in any_line(), here in proptest::option::of(0u64..100)) {
        for addressed in [Addressed::Plain, Addressed::Mention, Addressed::Direct] {
            said(&text, addressed, here);
        }
        alert(&text);
        oncall(&text);
        incident(&text);
        with(here, "CCLOUD", |speaker| {
            reaction(&text, &somewhere(), Some(3), true, speaker);
            form::draft_from_message(&text, speaker);
        });
        click(&text, &text);
    }

    #[test]
    fn a_quoted_message_is_raised_as_it_is(message in "[a-z!?][a-z!?.,:;&<> ’“”\n-]{0,30}[a-z]") {
        let escaped = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let Reading::Ask(Request::Raise(raise)) = alert(&format!("\"{escaped}\" for cloud")) else {
            panic!("it names a team");
        };
        prop_assert_eq!(raise.summary, message);
        prop_assert_eq!(raise.priority, Priority::P3);
    }
}

/// Lines made of what is hard to read: words of ours, markup, quotes, and anything at all.
fn any_line() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        proptest::sample::select(vec![
            "ack",
            "resolve",
            "because",
            "for",
            "cloud",
            "cloud ops",
            "list",
            "all",
            "note",
            "help",
            "p1",
            "A-17",
            "INC-7",
            "\"",
            "“",
            "”",
            "'",
            "«",
            "<@U1>",
            "<@UBOT>",
            "<!subteam^S1|@x>",
            "<#C1|>",
            "<",
            ">",
            "|",
            "&amp;",
            "<!here>",
            "<https://x|y>",
            "<!date^1^{date}|then>",
            "\u{200b}",
            "\u{a0}",
            "\n",
            "👩‍💻",
            "ع",
            "the",
            "team",
            "@ana",
            "",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        "[<>@#!|&;a-zU0-9^ ]{0,12}",
    ];
    let joint = proptest::sample::select(vec!["", " ", " ", "  "]);
    proptest::collection::vec((part, joint), 0..12)
        .prop_map(|parts| parts.into_iter().map(|(part, joint)| part + joint).collect())
}

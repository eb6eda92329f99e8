//! Whatever a page holds, it is read or refused; and what is read can be walked through to its end.

use proptest::prelude::*;

use super::super::{print, read, read_bytes};

/// Bits of pages, in any order: more of them meet than in letters thrown together.
fn pages() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "---\n",
        "title: a\n",
        "parameters:\n  a:\n    choices: [x]\n",
        "alerts: [\"*\"]\n",
        "## A\n",
        "## B {{a}}\n",
        "# T\n",
        "### C\n",
        "1. one\n",
        "2. two\n",
        "   - [A](#a)\n",
        "- [A](#a)\n",
        "- [B](#b-a)\n",
        "- [ ] box\n",
        "```sh\n",
        "```\n",
        "~~~http\nGET https://x\n",
        "```alert\nx for y\n```\n",
        "> [!WARNING]\n> w\n",
        "> ",
        "<!-- step: repeat=a expect=1m -->\n",
        "<!-- step: undo=#a secret -->\n",
        "<!--",
        "-->",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "![i](x)\n",
        "<b>",
        "\n\n",
        "{{a}}",
        "{{",
        "}}",
        "*x*",
        "**",
        "`",
        "\\",
        "\u{feff}",
        "é",
        "[^1]",
        "&amp;",
        "\t",
        "\r\n",
        ":",
        "- ",
        "*a",
        "&b ",
        "!!x ",
        "{",
        "[",
        "%",
    ]);
    prop::collection::vec(bits, 0..40).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn no_text_panics_the_reader(text in prop_oneof![".{0,200}", "(?s).{0,200}", pages()]) {
        match read(&text, "x.md") {
            Ok(readable) => {
                prop_assert!(!readable.runbook.steps.is_empty());
                let steps = readable.runbook.steps.len();
                for step in &readable.runbook.steps {
                    prop_assert!(step.ways().iter().all(|way| way.to < steps));
                    prop_assert!(step.undo.is_none_or(|undo| undo < steps));
                }
                print(&readable.runbook);
                readable.drawn(crate::config::Colours::Without);
            }
            Err(problems) => prop_assert!(!problems.to_string().is_empty()),
        }
    }

    #[test]
    fn no_bytes_panic_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(read_bytes(&bytes, "x.md"));
    }
}

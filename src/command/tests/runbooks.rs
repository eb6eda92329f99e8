//! `/runbook`, typed and said in the thread of a run.

use super::*;

fn typed(text: &str) -> String {
    line(&with(None, "COPS", |speaker| slash("/runbook", text, &[], speaker)))
}

/// Said in the thread of R-3.
fn in_thread(text: &str) -> String {
    let reading = with(None, "COPS", |speaker| {
        let speaker = Speaker {
            run: Some(RunId(3)),
            ..*speaker
        };
        reply(text, Addressed::Plain, &UserId::new("UBOT"), &speaker)
    });
    line(&reading)
}

#[test]
fn runbooks_are_named_by_file_title_or_beginning() {
    let rows = [
        ("run disk-full", "run disk-full {} in COPS"),
        ("run Disk Full", "run disk-full {} in COPS"),
        ("start “A disk is full”", "run disk-full {} in COPS"),
        ("run rest", "run restart {} in COPS"),
        ("practice disk-full.md", "practice disk-full {} in COPS"),
        (
            "run disk-full server=db-3 why=it is 'slow' x=\"a b\"",
            r#"run disk-full {"server": "db-3", "why": "it is 'slow", "x": "a b"} in COPS"#,
        ),
        (
            "run disk-full now",
            "`run <runbook> [for <incident|alert>] [<name=value>]` lacks <name=value>",
        ),
        ("run disk-full for INC-7", "run disk-full {} for INC-7"),
        ("practice disk-full for inc7", "practice disk-full {} for INC-7"),
        (
            "run disk-full for A-12 server=db-3",
            r#"run disk-full {"server": "db-3"} for A-12"#,
        ),
        ("run disk-full for 12", "no cause 12"),
        ("run disk-full for us", "no cause us"),
        ("run disk-full for R-3", "R-3 is Run"),
        ("run nothing", "no runbook nothing"),
        ("show disk-full", "Runbook(RunbookId(\"disk-full\"))"),
        ("", "Runbooks { words: \"\" }"),
        ("disk", "Runbooks { words: \"disk\" }"),
        ("search restart it", "Runbooks { words: \"restart it\" }"),
    ];
    for (text, expected) in rows {
        assert_eq!(typed(text), expected, "{text}");
    }
}

#[test]
fn a_run_is_named_or_ones_own() {
    let rows = [
        ("done", "Done of Mine"),
        ("done R-3", "Done of Run(RunId(3))"),
        ("done 3", "Done of Run(RunId(3))"),
        (
            "skip r3 because it is gone",
            "Skip { because: \"it is gone\" } of Run(RunId(3))",
        ),
        ("skip because it is gone", "Skip { because: \"it is gone\" } of Mine"),
        (
            "note R-3 two of 5 are slow",
            "Note { text: \"two of 5 are slow\" } of Run(RunId(3))",
        ),
        ("note 5 nodes are slow", "Note { text: \"5 nodes are slow\" } of Mine"),
        (
            "set R-3 server=db-3",
            "Fill { values: {\"server\": \"db-3\"} } of Run(RunId(3))",
        ),
        ("stop 3 because enough", "Stop { because: \"enough\" } of Run(RunId(3))"),
        ("assign <@U2> R-3", "Assign { to: UserId(\"U2\") } of Run(RunId(3))"),
        ("runs mine", "Runs(Of(UserId(\"U1\")))"),
    ];
    for (text, expected) in rows {
        assert_eq!(typed(text), expected, "{text}");
    }
    assert!(typed("skip").contains("<reason>"), "{}", typed("skip"));
}

#[test]
fn what_is_said_in_a_thread_is_a_command_or_else_said() {
    let rows = [
        ("done", "Done of Run(RunId(3))"),
        ("Done.", "Done of Run(RunId(3))"),
        (
            "skip because it is gone",
            "Skip { because: \"it is gone\" } of Run(RunId(3))",
        ),
        ("skip it is gone", "Skip { because: \"it is gone\" } of Run(RunId(3))"),
        ("note x", "Note { text: \"x\" } of Run(RunId(3))"),
        (
            "we are done with it soon",
            "Say { text: \"we are done with it soon\" } of Run(RunId(3))",
        ),
        ("By hand", "Say { text: \"By hand\" } of Run(RunId(3))"),
        (
            "assign the disk to nobody",
            "Say { text: \"assign the disk to nobody\" } of Run(RunId(3))",
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(in_thread(text), expected, "{text}");
    }
}

//! Subcommands: ids, lists, help, and what is said when they do not fit.

use super::*;

#[test]
fn alerts_are_named_by_id_in_any_spelling() {
    table(
        alert,
        &[
            ("ack 17", "ack A-17"),
            ("ACK a-17", "ack A-17"),
            ("acknowledge A17", "ack A-17"),
            ("ack #17", "ack A-17"),
            ("ack A-17.", "ack A-17"),
            ("ack A\u{2011}17", "ack A-17"),
            ("ack A–17", "ack A-17"),
            ("\"ack 17\"", "ack A-17"),
            ("`ack 17`", "ack A-17"),
            ("show 017", "show A-17"),
            ("resolve 17", "resolve A-17"),
            ("close a17", "resolve A-17"),
            (
                "resolve 17 because the disk was replaced",
                "resolve A-17 because the disk was replaced",
            ),
            ("resolve 17 because: “replaced”", "resolve A-17 because replaced"),
            (
                "resolve 17 because fixed for cloud",
                "resolve A-17 because fixed for cloud",
            ),
            ("escalate 17", "escalate A-17 None"),
            ("ack 17 for 2h", "ack A-17 for 2 h"),
            ("ack 17 for 1 week 2 days", "ack A-17 for 9 d"),
            ("unack 17", "unack A-17"),
            ("ack 17, 18 and 19", "`ack <alert>… [for <duration>]` and then and 19"),
            ("ack 17 18 17 for 2h", "ack A-17 for 2 h & ack A-18 for 2 h"),
            (
                "close 17, a18 because done",
                "resolve A-17 because done & resolve A-18 because done",
            ),
            ("assign 17 to payments", "assign A-17 to Team(TeamId(\"payments\"))"),
            ("assign 17 to <@U2>", "assign A-17 to Person(UserId(\"U2\"))"),
            ("assign 17 to nobody", "no team nobody: cloud data payments"),
            ("reopen a17", "reopen A-17"),
            (
                "snooze 17 1h30m because the vendor is on it for cloud",
                "snooze A-17 for 1 h 30 min because the vendor is on it for cloud",
            ),
            ("note 17 restarted it for cloud", "note A-17 restarted it for cloud"),
            ("note 17 see <@U2>\nand wait", "note A-17 see @ben\nand wait"),
            ("ack 99999999999999999999999", "ack A-18446744073709551615"),
        ],
    );
}

#[test]
fn an_id_alone_is_shown() {
    table(
        alert,
        &[
            ("A-17", "show A-17"),
            ("a17", "show A-17"),
            ("#17", "show A-17"),
            ("inc-7", "inc-7 is Incident"),
            ("r-3", "r-3 is Run"),
            ("a17 for cloud", "cloud P3 <- a17"),
        ],
    );
}

#[test]
fn no_priority_is_asked_about_and_raises_nothing() {
    table(
        alert,
        &[
            ("p9 disk full for cloud", "no priority p9, cloud P3 <- disk full"),
            ("P0 disk full for clod", "no priority p0, - P3 <- disk full for clod"),
            ("p9", "no priority p9, - P3 <- "),
            ("p95 latency is high for cloud", "cloud P3 <- p95 latency is high"),
            ("\"p9 disk full\" for cloud", "cloud P3 <- p9 disk full"),
        ],
    );
}

#[test]
fn too_long_is_told_apart_from_no_length_of_time() {
    table(
        oncall,
        &[
            ("take cloud for 5000d", "too long 5000d"),
            ("cover me 5000 days", "too long 5000 days"),
            ("take cloud for ever", "no duration ever"),
            ("schedule cloud 9999", "no days 9999"),
        ],
    );
}

#[test]
fn today_and_tomorrow_are_the_speakers_also_after_a_beginning() {
    let cover = |until: &str| format!("Cover {{ team: None, from: Some(1970-01-02T09:00:00Z), until: {until} }}");
    table(
        oncall,
        &[
            (
                "cover me from tomorrow 9:00 to tomorrow 8:00",
                &cover("1970-01-02T08:00:00Z"),
            ),
            ("cover me from tomorrow 9:00 to 8:00", &cover("1970-01-03T08:00:00Z")),
            (
                "cover me from tomorrow 9:00 to sat 8:00",
                &cover("1970-01-03T08:00:00Z"),
            ),
        ],
    );
}

#[test]
fn lists_and_help() {
    table(
        alert,
        &[
            ("list", "list - Open 0"),
            ("List.", "list - Open 0"),
            ("list all", "list - All 0"),
            ("list mine", "list - Mine(UserId(\"U1\")) 0"),
            ("list cloud mine", "list cloud Mine(UserId(\"U1\")) 0"),
            ("list open", "list - Open 0"),
            ("ack all", "sweep Acknowledge - U1"),
            ("ack all cloud", "sweep Acknowledge cloud U1"),
            ("resolve all", "sweep Resolve - U1"),
            ("resolve all clod", "no team clod: cloud data payments"),
            ("list cloud", "list cloud Open 0"),
            ("list cloud ops all", "list cloud All 0"),
            ("list <!subteam^S1>", "list cloud Open 0"),
            ("list clod", "no team clod: cloud data payments"),
            ("list @ana", "person U1: cloud"),
            ("list cloud soon", "`list [<team>] [(open|mine|all)]` and then soon"),
            ("help", "help /alert -"),
            ("help?", "help /alert -"),
            ("HELP ack", "help /alert ack"),
            ("help how do I ack", "help /alert how"),
        ],
    );
}

#[test]
fn what_begins_like_a_usage_and_does_not_fit_is_told_apart() {
    table(
        alert,
        &[
            (
                "snooze 17",
                "`snooze <alert> <duration> because <reason>` lacks <duration>",
            ),
            (
                "snooze 17 2h",
                "`snooze <alert> <duration> because <reason>` lacks <reason>",
            ),
            ("snooze 17 soon because lunch", "no duration soon"),
            ("ack 17 for ever", "no duration ever"),
            ("ack", "`ack <alert>… [for <duration>]` lacks <alert>…"),
            ("show", "`show <alert>` lacks <alert>"),
            ("note 17", "`note <alert> <text>` lacks <text>"),
            ("note 17 \"\"", "`note <alert> <text>` lacks <text>"),
            (
                "resolve 17 because",
                "`resolve <alert>… [because <reason>]` lacks <reason>",
            ),
            (
                "resolve 17 fixed",
                "`resolve <alert>… [because <reason>]` and then fixed",
            ),
            ("ack 17 18", "ack A-17 & ack A-18"),
            ("ack for 30m", "no alert for"),
            ("ack it", "no alert it"),
            ("ack INC-7", "INC-7 is Incident"),
            ("show r-3", "r-3 is Run"),
            ("ack \u{200b}", "`ack <alert>… [for <duration>]` lacks <alert>…"),
        ],
    );
}

#[test]
fn a_message_that_begins_with_a_word_of_ours_is_offered_and_not_raised() {
    table(
        alert,
        &[
            (
                "show is broken for cloud",
                "`show <alert>` or cloud P3 <- show is broken for cloud",
            ),
            (
                "list of users is empty for cloud",
                "`list [<team>] [(open|mine|all)]` or cloud P3 <- list of users is empty for cloud",
            ),
            (
                "ack 17 18 for cloud",
                "`ack <alert>… [for <duration>]` or cloud P3 <- ack 17 18 for cloud",
            ),
            (
                "help us for data platform",
                "`help [<word>]` or data P3 <- help us for data",
            ),
        ],
    );
}

#[test]
fn an_unknown_first_word_is_answered_with_the_nearest_usages() {
    table(
        alert,
        &[
            ("mute 17", "unknown mute: snooze"),
            ("snoze 17 10m because lunch", "unknown snoze: snooze note"),
            ("aks 17", "unknown aks: ack ack"),
            ("akc 17", "unknown akc: ack ack"),
            ("lsit", "unknown lsit: list"),
            ("lits cloud", "unknown lits: list"),
            ("shwo A-17", "unknown shwo: show"),
            ("resolv 17 because done", "unknown resolv: resolve resolve"),
            ("hepl", "unknown hepl: help"),
            ("reopne 17", "unknown reopne: reopen"),
            ("fnord", "unknown fnord: <> help"),
            ("transfer 17", "unknown transfer: assign"),
        ],
    );
    let Problem::UnknownWord { draft, .. } = problem_of(alert("fire")) else {
        panic!("a single word is no message");
    };
    assert_eq!(draft.summary, "fire", "the word is kept as a message");
}

#[test]
fn oncall_takes_a_team_or_nothing() {
    table(
        oncall,
        &[
            ("", "oncall -"),
            ("cloud", "oncall cloud"),
            ("Cloud Ops", "oncall cloud"),
            ("<!subteam^S1|@cloud-support>", "oncall cloud"),
            ("clod", "no team clod: cloud data payments"),
            ("@ana", "OnCallOf(UserId(\"U1\"))"),
            ("ben", "OnCallOf(UserId(\"U2\"))"),
            ("cloud now", "`[<user|team>]` and then now"),
            ("help", "help /oncall -"),
            ("help schedule", "help /oncall schedule"),
            ("help me please", "help /oncall me"),
            ("hepl", "unknown hepl: help"),
        ],
    );
}

#[test]
fn one_is_unavailable_for_a_time_or_until_one() {
    let hour = "Unavailable { until: 1970-01-01T01:00:00Z }";
    table(
        oncall,
        &[
            ("unavailable 1h", hour),
            ("Unavailable 60m", hour),
            ("unavailable until 1:00", hour),
            ("unavailable until in 1h", hour),
            ("unavailable", "`unavailable <duration>` lacks <duration>"),
            ("unavailable soon", "no duration soon"),
            ("unavailable until soon", "no time soon"),
            ("available", "Available"),
            ("back", "Available"),
            ("available now", "`available` and then now"),
        ],
    );
}

#[test]
fn help_is_asked_for_with_or_without_a_team_and_words() {
    table(
        oncall,
        &[
            ("underwater", "underwater - -"),
            ("underwater cloud", "underwater cloud -"),
            ("underwater cloud ops two at once", "underwater cloud two at once"),
            ("underwater two at once for clod", "underwater - two at once for clod"),
            ("Underwater <!subteam^S1|@cloud-support> help", "underwater cloud help"),
        ],
    );
}

#[test]
fn duties_are_a_teams_or_ones_own() {
    let show = |team: &str| format!("Duties {{ team: {team}, by: UserId(\"U1\") }}");
    table(
        oncall,
        &[
            ("duties", &show("None")),
            ("duties cloud ops", &show("Some(TeamId(\"cloud\"))")),
            ("duties clod", "no team clod: cloud data payments"),
            ("duties cloud now", "`duties [<team>]` and then now"),
        ],
    );
}

#[test]
fn a_calendar_is_ones_own_or_a_teams() {
    let mine = "calendar Person(UserId(\"U1\"))";
    table(
        oncall,
        &[
            ("calendar", mine),
            ("Calendar me", mine),
            ("ics", mine),
            ("calendar cloud ops", "calendar Team(TeamId(\"cloud\"))"),
            ("ics <!subteam^S1|@cloud-support>", "calendar Team(TeamId(\"cloud\"))"),
            ("calendar clod", "no team clod: cloud data payments"),
            ("calendar @ben", "person U2: cloud payments"),
            ("calendar me please", "`calendar [me]` and then please"),
            ("calender", "unknown calender: calendar calendar"),
            ("ical", "unknown ical: calendar"),
        ],
    );
}

#[test]
fn an_unknown_command_is_told_with_what_was_typed() {
    let reading = with(None, "COPS", |speaker| slash("/pager", "x &amp; <@U1>", &[], speaker));
    let Reading::Confused(misread) = reading else {
        panic!("it is confused");
    };
    assert_eq!(misread.problem, Problem::UnknownCommand);
    assert_eq!(
        (misread.command.as_str(), misread.typed.as_str()),
        ("/pager", "x & @ana")
    );
}

#[test]
fn a_misread_gives_everything_back_that_was_typed() {
    for typed in ["mute 17", "ack it", "“disk full” for moon", "line one\n\nline two"] {
        let Reading::Confused(misread) = alert(typed) else {
            panic!("{typed} is understood");
        };
        assert_eq!(misread.typed, typed);
        assert_eq!(misread.command, "/alert");
    }
}

//! Lines as people type them, and what they were read as.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::domain::alert::Raise;
use crate::domain::escalation::Policy;
use crate::domain::ids::{GroupId, TeamId};
use crate::domain::priority::Priority;
use crate::domain::roster::{Person, Standing};
use crate::domain::rotation::{Member, Period, Rotation};
use crate::domain::team::Team;

/// A workspace with three teams; ana and ben are cloud's, cleo is nobody's.
pub(super) fn roster() -> Roster {
    let person = |id: &str, handle: &str, name: &str| Person {
        id: UserId::new(id),
        handle: handle.to_owned(),
        name: name.to_owned(),
        email: Some(format!("{handle}@example.com")),
        zone: None,
        standing: Standing::Active,
    };
    let people = [
        person("U1", "ana", "Ana Ruiz"),
        person("U2", "ben", "Ben"),
        person("U3", "cleo", "Cleo"),
        person("UBOT", "nightbell", "Nightbell"),
    ];
    let team = |id: &str, name: &str, aliases: &[&str], group: Option<&str>, members: &[&str]| Team {
        id: TeamId::new(id),
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        channel: Ok(ChannelId::new(format!("C{}", id.to_uppercase()))),
        group: group.map(GroupId::new),
        rotations: vec![Rotation {
            name: "primary".to_owned(),
            zone: Tz::UTC,
            start: chrono::NaiveDate::from_ymd_opt(2026, 1, 5)
                .and_then(|day| day.and_hms_opt(9, 0, 0))
                .expect("a date"),
            every: Period::Weeks(1),
            members: members.iter().map(|id| Member::Known(UserId::new(*id))).collect(),
        }],
        policy: Policy::default(),
        posts_only: Vec::new(),
    };
    let teams = [
        team("cloud", "Cloud", &["cloud ops", "k8s"], Some("S1"), &["U1", "U2"]),
        team("payments", "Payments", &["billing"], None, &["U2"]),
        team("data", "Data Platform", &[], Some("S2"), &[]),
    ];
    Roster {
        teams: teams.into_iter().map(|team| (team.id.clone(), team)).collect(),
        people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
        groups: [("S1", "cloud-support"), ("S2", "data-people")]
            .map(|(id, handle)| (GroupId::new(id), handle.to_owned()))
            .into(),
        fallback: ChannelId::new("CFALL"),
        admins: Vec::new(),
        zone: Tz::UTC,
    }
}

/// Reads something with ana speaking in `#ops`, which is no team's channel.
fn with<T>(here: Option<u64>, channel: &str, read: impl FnOnce(&Speaker<'_>) -> T) -> T {
    let roster = roster();
    read(&Speaker {
        roster: &roster,
        by: &UserId::new("U1"),
        channel: &ChannelId::new(channel),
        here: here.map(AlertId),
    })
}

fn alert(text: &str) -> Reading {
    with(None, "COPS", |speaker| slash("/alert", text, speaker))
}

fn oncall(text: &str) -> Reading {
    with(None, "COPS", |speaker| slash("/oncall", text, speaker))
}

fn said(text: &str, addressed: Addressed, here: Option<u64>) -> Reading {
    with(here, "COPS", |speaker| {
        reply(text, addressed, &UserId::new("UBOT"), speaker)
    })
}

fn problem_of(reading: Reading) -> Problem {
    match reading {
        Reading::Confused(misread) => misread.problem,
        other => panic!("not confused: {other:?}"),
    }
}

/// A reading in a line, so that tables can be read.
fn line(reading: &Reading) -> String {
    let ids = |teams: &[TeamId]| teams.iter().map(TeamId::as_str).collect::<Vec<_>>().join(" ");
    let first_words = |usages: &[&Usage]| {
        let words = usages.iter().map(|usage| usage.pattern.first_word().unwrap_or("<>"));
        words.collect::<Vec<_>>().join(" ")
    };
    match reading {
        Reading::Ask(Request::Raise(raise)) => format!("{} {} <- {}", raise.team, raise.priority, raise.summary),
        Reading::Ask(Request::Acknowledge { alert }) => format!("ack {alert}"),
        Reading::Ask(Request::Resolve { alert, because: None }) => format!("resolve {alert}"),
        Reading::Ask(Request::Resolve {
            alert,
            because: Some(reason),
        }) => format!("resolve {alert} because {reason}"),
        Reading::Ask(Request::Escalate { alert, drawn_for }) => format!("escalate {alert} {drawn_for:?}"),
        Reading::Ask(Request::Note { alert, text }) => format!("note {alert} {text}"),
        Reading::Show(Question::Alerts { team, closed, page }) => {
            format!("list {} {closed:?} {page}", team.as_ref().map_or("-", TeamId::as_str))
        }
        Reading::Show(Question::Alert(alert)) => format!("show {alert}"),
        Reading::Show(Question::OnCall(team)) => {
            format!("oncall {}", team.as_ref().map_or("-", TeamId::as_str))
        }
        Reading::Show(Question::Help { command, word }) => {
            format!("help {} {}", command.command, word.as_deref().unwrap_or("-"))
        }
        Reading::Form(draft) => format!("form {}", short(draft)),
        Reading::NotForUs => "not for us".to_owned(),
        Reading::Confused(misread) => match &misread.problem {
            Problem::UnknownCommand => "unknown command".to_owned(),
            Problem::UnknownWord { word, nearest, .. } => format!("unknown {word}: {}", first_words(nearest)),
            Problem::Missing { usage, blank } => format!("`{}` lacks {blank}", usage.pattern),
            Problem::NotAnAlert { word, .. } => format!("no alert {word}"),
            Problem::OtherKind { word, kind, .. } => format!("{word} is {kind:?}"),
            Problem::Surplus { words, usage } => format!("`{}` and then {words}", usage.pattern),
            Problem::NoTeam { draft, nearest } => format!("no team, {}: {}", short(draft), ids(nearest)),
            Problem::UnknownTeam { word, nearest, draft } => format!(
                "no team {word}{}: {}",
                draft
                    .as_ref()
                    .map(|draft| format!(", {}", short(draft)))
                    .unwrap_or_default(),
                ids(nearest)
            ),
            Problem::PersonNotTeam { person, nearest, draft } => format!(
                "person {person}{}: {}",
                draft
                    .as_ref()
                    .map(|draft| format!(", {}", short(draft)))
                    .unwrap_or_default(),
                ids(nearest)
            ),
            Problem::LooksLikeMessage { usage, draft, team } => {
                format!("`{}` or {} for {team}", usage.pattern, short(draft))
            }
        },
    }
}

fn short(draft: &Draft) -> String {
    format!(
        "{} {} <- {}",
        draft.team.as_ref().map_or("-", TeamId::as_str),
        draft.priority,
        draft.summary
    )
}

/// Checks a table of `typed => reading` lines.
fn table(read: impl Fn(&str) -> Reading, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(typed, expected)| {
            let actual = line(&read(typed));
            (actual != *expected).then(|| format!("{typed:?}\n    expected {expected}\n    read     {actual}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_message_is_raised_however_people_write_it() {
    table(
        alert,
        &[
            ("disk full for cloud", "cloud P3 <- disk full"),
            ("Disk FULL For Cloud", "cloud P3 <- Disk FULL"),
            ("  disk   full  for   cloud  ", "cloud P3 <- disk   full"),
            ("\"disk full\" for cloud", "cloud P3 <- disk full"),
            ("“disk full” for cloud", "cloud P3 <- disk full"),
            ("„disk full“ for cloud", "cloud P3 <- disk full"),
            ("«disk full» for cloud", "cloud P3 <- disk full"),
            ("‘disk full’ for cloud", "cloud P3 <- disk full"),
            ("'disk full' for cloud", "cloud P3 <- disk full"),
            ("\"disk full for cloud\"", "cloud P3 <- disk full"),
            ("disk full for \"cloud\"", "cloud P3 <- disk full"),
            ("\"disk full\" for \"cloud ops\"", "cloud P3 <- disk full"),
            (
                "the \"big\" disk is full for cloud",
                "cloud P3 <- the \"big\" disk is full",
            ),
            ("can’t log in for cloud", "cloud P3 <- can’t log in"),
            ("disk full for cloud ops", "cloud P3 <- disk full"),
            ("disk full for Cloud  Ops", "cloud P3 <- disk full"),
            ("disk full for data platform", "data P3 <- disk full"),
            ("disk full for k8s", "cloud P3 <- disk full"),
            ("disk full for the cloud team", "cloud P3 <- disk full"),
            ("disk full for cloud.", "cloud P3 <- disk full"),
            ("disk full for cloud!!", "cloud P3 <- disk full"),
            ("disk full for cloud?", "cloud P3 <- disk full"),
            ("disk full, for cloud", "cloud P3 <- disk full"),
            ("disk full — for cloud", "cloud P3 <- disk full"),
            ("disk full! for cloud", "cloud P3 <- disk full!"),
            ("disk\u{a0}full\u{a0}for\u{a0}cloud", "cloud P3 <- disk full"),
            ("disk full f\u{200b}or cl\u{200b}oud", "cloud P3 <- disk full"),
            ("waiting for parts for cloud", "cloud P3 <- waiting for parts"),
            ("waiting for cloud for payments", "payments P3 <- waiting for cloud"),
            ("for sale for cloud", "cloud P3 <- for sale"),
            ("disk full for <!subteam^S1|@cloud-support>", "cloud P3 <- disk full"),
            ("disk full for <!subteam^S1>", "cloud P3 <- disk full"),
            ("disk full for @cloud-support", "cloud P3 <- disk full"),
            ("disk full for cloud-support", "cloud P3 <- disk full"),
            ("disk full for <!subteam^S2|@data-people>.", "data P3 <- disk full"),
            ("disk full for @cloud", "cloud P3 <- disk full"),
            ("disk full for <#CCLOUD|cloud-alerts>", "cloud P3 <- disk full"),
            ("<@U2> says disk full for cloud", "cloud P3 <- @ben says disk full"),
            ("see <#C9|ops> for cloud", "cloud P3 <- see #ops"),
            ("a &lt; b &amp;&amp; c for cloud", "cloud P3 <- a < b && c"),
            ("a &amp;lt; b for cloud", "cloud P3 <- a &lt; b"),
            ("line one\nline two for cloud", "cloud P3 <- line one\nline two"),
            ("line one\nfor cloud", "cloud P3 <- line one"),
            ("🔥 👩‍💻 down for cloud", "cloud P3 <- 🔥 👩‍💻 down"),
            ("الخادم معطل for cloud", "cloud P3 <- الخادم معطل"),
            ("`rm -rf` ran for cloud", "cloud P3 <- `rm -rf` ran"),
            ("bell\u{7} rang\u{0} for cloud", "cloud P3 <- bell rang"),
            ("<!channel> look for cloud", "cloud P3 <- @channel look"),
            ("@here look for cloud", "cloud P3 <- @here look"),
            ("&lt;!channel&gt; look for cloud", "cloud P3 <- <!channel> look"),
            (
                "see <https://a.example/x|https://a.example/x> for cloud",
                "cloud P3 <- see https://a.example/x",
            ),
            (
                "see <http://a.example|a.example> for cloud",
                "cloud P3 <- see a.example",
            ),
            (
                "ask <mailto:a@b.example|a@b.example> for cloud",
                "cloud P3 <- ask a@b.example",
            ),
            ("aks is down for cloud", "cloud P3 <- aks is down"),
            ("listing is down for cloud", "cloud P3 <- listing is down"),
            ("\"list\" is broken for cloud", "cloud P3 <- \"list\" is broken"),
            ("\"ack 17\" for cloud", "cloud P3 <- ack 17"),
        ],
    );
}

#[test]
fn a_priority_may_lead() {
    table(
        alert,
        &[
            ("p1 checkout down for payments", "payments P1 <- checkout down"),
            ("P1: checkout down for payments", "payments P1 <- checkout down"),
            ("p5 “checkout down” for billing", "payments P5 <- checkout down"),
            ("p6 checkout down for payments", "payments P3 <- p6 checkout down"),
            ("checkout p1 down for payments", "payments P3 <- checkout p1 down"),
            ("\"p1 is a printer\" for cloud", "cloud P3 <- p1 is a printer"),
            (
                "p2 checkout down",
                "no team, - P2 <- checkout down: cloud data payments",
            ),
        ],
    );
}

#[test]
fn what_lacks_only_little_opens_the_form() {
    table(
        alert,
        &[
            ("", "form - P3 <- "),
            ("   ", "form - P3 <- "),
            ("\u{200b}\u{a0}", "form - P3 <- "),
            ("p1", "form - P1 <- "),
            ("p1 for cloud", "form cloud P1 <- "),
            ("for cloud", "form cloud P3 <- "),
            ("\"\" for cloud", "form cloud P3 <- "),
            ("“” for cloud ops", "form cloud P3 <- "),
            ("\"\"", "form - P3 <- "),
            ("cloud", "form cloud P3 <- "),
            ("<!subteam^S1>", "form cloud P3 <- "),
            ("for cloud disk full", "form cloud P3 <- disk full"),
            ("for cloud ops: disk full", "form cloud P3 <- disk full"),
        ],
    );
}

#[test]
fn the_form_knows_the_team_whose_channel_it_is() {
    let reading = with(None, "CDATA", |speaker| slash("/alert", "", speaker));
    assert_eq!(line(&reading), "form data P3 <- ");
    let reading = with(None, "CDATA", |speaker| slash("/alert", "disk full", speaker));
    assert_eq!(line(&reading), "no team, - P3 <- disk full: data cloud payments");
}

#[test]
fn a_message_without_a_known_team_loses_nothing() {
    table(
        alert,
        &[
            ("back online", "no team, - P3 <- back online: cloud data payments"),
            (
                "lost packets everywhere",
                "no team, - P3 <- lost packets everywhere: cloud data payments",
            ),
            ("disk full", "no team, - P3 <- disk full: cloud data payments"),
            ("“disk full”", "no team, - P3 <- disk full: cloud data payments"),
            (
                "disk full for clod",
                "no team clod, - P3 <- disk full: cloud data payments",
            ),
            (
                "p1 disk full for paymens",
                "no team paymens, - P1 <- disk full: payments data cloud",
            ),
            (
                "disk full for data platfrom",
                "no team data platfrom, - P3 <- disk full: data payments cloud",
            ),
            (
                "disk full for moon",
                "no team moon, - P3 <- disk full for moon: cloud payments data",
            ),
            (
                "\"disk full\" for moon",
                "no team moon, - P3 <- disk full: cloud payments data",
            ),
            (
                "disk full for @moon",
                "no team @moon, - P3 <- disk full: cloud payments data",
            ),
            (
                "waiting for parts",
                "no team parts, - P3 <- waiting for parts: payments data cloud",
            ),
            (
                "waiting for the new parts to arrive",
                "no team, - P3 <- waiting for the new parts to arrive: cloud data payments",
            ),
            ("disk full for", "no team, - P3 <- disk full for: cloud data payments"),
            ("disk full for <@U1>", "person U1, - P3 <- disk full: cloud"),
            ("disk full for <@U1|ana>", "person U1, - P3 <- disk full: cloud"),
            ("disk full for @ben", "person U2, - P3 <- disk full: cloud payments"),
            ("disk full for ana", "person U1, - P3 <- disk full: cloud"),
            ("disk full for Ana Ruiz", "person U1, - P3 <- disk full: cloud"),
            (
                "disk full for <mailto:ben@example.com|ben@example.com>",
                "person U2, - P3 <- disk full: cloud payments",
            ),
            (
                "disk full for <@U3>",
                "person U3, - P3 <- disk full: cloud data payments",
            ),
            (
                "disk full for <@U99>",
                "person U99, - P3 <- disk full: cloud data payments",
            ),
        ],
    );
}

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
            ("note 17 restarted it for cloud", "note A-17 restarted it for cloud"),
            ("note 17 see <@U2>\nand wait", "note A-17 see @ben\nand wait"),
            ("ack 99999999999999999999999", "ack A-18446744073709551615"),
        ],
    );
}

#[test]
fn lists_and_help() {
    table(
        alert,
        &[
            ("list", "list - LeftOut 0"),
            ("List.", "list - LeftOut 0"),
            ("list all", "list - Included 0"),
            ("list cloud", "list cloud LeftOut 0"),
            ("list cloud ops all", "list cloud Included 0"),
            ("list <!subteam^S1>", "list cloud LeftOut 0"),
            ("list clod", "no team clod: cloud data payments"),
            ("list @ana", "person U1: cloud"),
            ("list cloud soon", "`list [<team>] [all]` and then soon"),
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
            ("ack", "`ack <alert>` lacks <alert>"),
            ("show", "`show <alert>` lacks <alert>"),
            ("note 17", "`note <alert> <text>` lacks <text>"),
            ("note 17 \"\"", "`note <alert> <text>` lacks <text>"),
            (
                "resolve 17 because",
                "`resolve <alert> [because <reason>]` lacks <reason>",
            ),
            (
                "resolve 17 fixed",
                "`resolve <alert> [because <reason>]` and then fixed",
            ),
            ("ack 17 18", "`ack <alert>` and then 18"),
            ("ack for 30m", "no alert for"),
            ("ack it", "no alert it"),
            ("ack INC-7", "INC-7 is Incident"),
            ("show r-3", "r-3 is Run"),
            ("ack \u{200b}", "`ack <alert>` lacks <alert>"),
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
                "`list [<team>] [all]` or cloud P3 <- list of users is empty for cloud",
            ),
            (
                "ack 17 18 for cloud",
                "`ack <alert>` or cloud P3 <- ack 17 18 for cloud",
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
            ("snooze 17", "unknown snooze: ack"),
            ("snooze 17 10m because lunch", "unknown snooze: ack"),
            ("aks 17", "unknown aks: ack"),
            ("akc 17", "unknown akc: ack"),
            ("lsit", "unknown lsit: list"),
            ("lits cloud", "unknown lits: list"),
            ("shwo A-17", "unknown shwo: show"),
            ("resolv 17 because done", "unknown resolv: resolve"),
            ("hepl", "unknown hepl: help"),
            ("reopen 17", "unknown reopen: <> help"),
            ("fnord", "unknown fnord: <> help"),
            ("assign 17 to ben", "unknown assign: ack"),
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
            ("@ana", "person U1: cloud"),
            ("cloud now", "`[<team>]` and then now"),
            ("help", "help /oncall -"),
            ("help schedule", "help /oncall schedule"),
            ("help me please", "help /oncall me"),
            ("hepl", "unknown hepl: help"),
        ],
    );
}

#[test]
fn an_unknown_command_is_told_with_what_was_typed() {
    let reading = with(None, "COPS", |speaker| slash("/pager", "x &amp; <@U1>", speaker));
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
fn plain_talk_in_a_thread_is_ours_only_when_it_is_exact() {
    table(
        |text| said(text, Addressed::Plain, Some(17)),
        &[
            ("ack", "ack A-17"),
            ("Ack.", "ack A-17"),
            ("ACK!", "ack A-17"),
            ("acknowledge", "ack A-17"),
            ("resolve", "resolve A-17"),
            ("close", "resolve A-17"),
            (
                "resolve because the disk was replaced",
                "resolve A-17 because the disk was replaced",
            ),
            ("close because “done”", "resolve A-17 because done"),
            ("escalate", "escalate A-17 None"),
            ("note restarted the node", "note A-17 restarted the node"),
            ("note 12 servers are back", "note A-17 12 servers are back"),
            ("ack from me too", "not for us"),
            ("close enough", "not for us"),
            ("resolve it please", "not for us"),
            ("note", "not for us"),
            ("show", "not for us"),
            ("list", "not for us"),
            ("help", "not for us"),
            ("disk full for cloud", "not for us"),
            ("", "not for us"),
            ("<@U2> ack", "not for us"),
        ],
    );
    table(
        |text| said(text, Addressed::Plain, None),
        &[("ack", "not for us"), ("ack 17", "not for us")],
    );
}

#[test]
fn a_mention_makes_all_of_it_ours() {
    table(
        |text| said(text, Addressed::Mention, Some(17)),
        &[
            ("<@UBOT> ack", "ack A-17"),
            ("<@UBOT|nightbell>: ack", "ack A-17"),
            ("ack <@UBOT>", "ack A-17"),
            ("<@UBOT> ack 12", "ack A-12"),
            ("<@UBOT> show", "show A-17"),
            ("<@UBOT> note 12 servers", "note A-17 12 servers"),
            ("<@UBOT> note", "`note <alert> <text>` lacks <text>"),
            ("<@UBOT> list all", "list - Included 0"),
            ("<@UBOT> oncall cloud", "oncall cloud"),
            ("<@UBOT> /on-call cloud", "oncall cloud"),
            ("<@UBOT>", "help /alert -"),
            ("<@UBOT> help", "help /alert -"),
            (
                "<@UBOT> thanks for cloud",
                "`[<priority>] <message> for <team>` or cloud P3 <- thanks for cloud",
            ),
            ("<@UBOT> alert disk full for cloud", "cloud P3 <- disk full"),
            ("<@UBOT> what is going on", "unknown what: <> help"),
            ("<@UBOT> ack it", "no alert it"),
        ],
    );
}

#[test]
fn a_direct_message_is_a_command_with_or_without_its_word() {
    table(
        |text| said(text, Addressed::Direct, None),
        &[
            ("ack 17", "ack A-17"),
            ("/alert ack 17", "ack A-17"),
            ("alert ack 17", "ack A-17"),
            ("alert disk full for cloud", "cloud P3 <- disk full"),
            ("disk full for cloud", "cloud P3 <- disk full"),
            ("alert disk full", "no team, - P3 <- disk full: cloud data payments"),
            ("alert", "form - P3 <- "),
            ("oncall", "oncall -"),
            ("help", "help /alert -"),
            ("ack", "`ack <alert>` lacks <alert>"),
            ("hello", "unknown hello: help"),
            ("good morning to you", "unknown good: <> help"),
            (
                "disk full for clod",
                "no team clod, - P3 <- disk full: cloud data payments",
            ),
        ],
    );
    assert_eq!(line(&said("ack", Addressed::Direct, Some(17))), "ack A-17");
}

#[test]
fn reactions_count_only_on_an_alert() {
    let on = |here, emoji| line(&with(here, "COPS", |speaker| reaction(emoji, speaker)));
    assert_eq!(on(Some(17), "eyes"), "ack A-17");
    assert_eq!(on(Some(17), "eyes::skin-tone-3"), "ack A-17");
    assert_eq!(on(Some(17), "white_check_mark"), "resolve A-17");
    assert_eq!(on(Some(17), "heavy_check_mark"), "resolve A-17");
    assert_eq!(on(Some(17), "tada"), "not for us");
    assert_eq!(on(Some(17), ""), "not for us");
    assert_eq!(on(None, "eyes"), "not for us");
}

#[test]
fn what_is_no_button_or_form_of_ours_is_not_for_us() {
    assert_eq!(click("x", "y"), Reading::NotForUs);
    assert_eq!(click("", ""), Reading::NotForUs);
    assert!(with(None, "COPS", |speaker| submission("other", &BTreeMap::new(), speaker)).is_none());
}

#[test]
fn a_misread_gives_everything_back_that_was_typed() {
    for typed in ["snooze 17", "ack it", "“disk full” for moon", "line one\n\nline two"] {
        let Reading::Confused(misread) = alert(typed) else {
            panic!("{typed} is understood");
        };
        assert_eq!(misread.typed, typed);
        assert_eq!(misread.command, "/alert");
    }
}

#[test]
fn a_message_of_40_000_characters_is_kept_whole_and_read_at_once() {
    let long = "for ".repeat(10_000);
    let Reading::Ask(Request::Raise(Raise { summary, team, .. })) = alert(&format!("{long}for cloud")) else {
        panic!("it names a team");
    };
    assert_eq!((summary.len(), team.as_str()), (long.trim_end().len(), "cloud"));
    let word = "x".repeat(40_000);
    let Reading::Ask(Request::Raise(raise)) = alert(&format!("{word} for cloud")) else {
        panic!("it names a team");
    };
    assert_eq!(raise.summary, word);
    let Problem::NoTeam { draft, .. } = problem_of(alert(&"<@U1> ".repeat(6_000))) else {
        panic!("it names no team");
    };
    assert_eq!(draft.summary.len(), "@ana ".len() * 6_000 - 1);
    let quotes = "“".repeat(13_000);
    assert!(matches!(alert(&format!("{quotes} for cloud")), Reading::Ask(_)));
    assert!(matches!(alert(&format!("{word} for {word}")), Reading::Confused(_)));
}

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
                    _ => &[usage.action],
                };
                assert_eq!(mine, expected, "{} {example}", command.command);
                let reading = with(None, "COPS", |speaker| slash(&command.command, example, speaker));
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
    for usage in commands().iter().flat_map(|command| &command.usages) {
        let Some(thread) = &usage.thread else { continue };
        let filled = thread
            .as_str()
            .replace("<text>", "words")
            .replace("[because <reason>]", "because x");
        let reading = said(&format!("<@UBOT> {filled}"), Addressed::Mention, Some(17));
        assert!(
            matches!(reading, Reading::Ask(_) | Reading::Show(_)),
            "{filled}: {reading:?}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(text in any_line(), here in proptest::option::of(0u64..100)) {
        for addressed in [Addressed::Plain, Addressed::Mention, Addressed::Direct] {
            said(&text, addressed, here);
        }
        alert(&text);
        oncall(&text);
        with(here, "CCLOUD", |speaker| {
            reaction(&text, speaker);
            form::draft_from_message(&text, speaker);
        });
        click(&text, &text);
    }

    #[test]
    fn a_quoted_message_is_raised_as_it_is(message in "[a-z!?.,:;&<> ’“”\n-]{1,30}[a-z]") {
        prop_assume!(!message.contains('"') && message.trim() == message);
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

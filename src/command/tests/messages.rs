//! Messages to a team, in all the ways people write them.

use super::*;
use crate::domain::alert::Raise;

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
            ("disk full for Cloud-Ops", "cloud P3 <- disk full"),
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
            ("p60 checkout down for payments", "payments P3 <- p60 checkout down"),
            ("checkout p1 down for payments", "payments P3 <- checkout p1 down"),
            ("\"p1\" for cloud", "cloud P3 <- p1"),
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
            ("p1 \"\" for cloud", "form cloud P1 <- "),
            ("“ ” for cloud", "form cloud P3 <- "),
            (", , for cloud", "form cloud P3 <- "),
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
    let reading = with(None, "CDATA", |speaker| slash("/alert", "", &[], speaker));
    assert_eq!(line(&reading), "form data P3 <- ");
    let reading = with(None, "CDATA", |speaker| slash("/alert", "disk full", &[], speaker));
    assert_eq!(line(&reading), "data P3 <- disk full");
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

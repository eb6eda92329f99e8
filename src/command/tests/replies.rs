//! Replies, reactions, and what is not for us.

use super::*;

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
            ("<@UBOT> list all", "list - All 0"),
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
            ("ack", "`ack <alert>… [for <duration>]` lacks <alert>…"),
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
    let on = |here, emoji| {
        line(&with(here, "COPS", |speaker| {
            reaction(emoji, &somewhere(), None, false, speaker)
        }))
    };
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
    assert!(
        with(None, "COPS", |speaker| submission(
            "other",
            "",
            &BTreeMap::new(),
            speaker.roster
        ))
        .is_none()
    );
}

//! `/incident` as it is typed.

use super::*;

#[test]
fn incidents_are_typed_as_people_say_them() {
    table(
        incident,
        &[
            (
                "declare sev2 checkout times out",
                "declare SEV2 - <- checkout times out",
            ),
            ("declare the search is slow", "declare SEV3 - <- the search is slow"),
            ("new sev1 everything is down", "declare SEV1 - <- everything is down"),
            (
                "status identified",
                "the open one Status { to: Identified, note: None }",
            ),
            (
                "status INC-7 monitoring the pool is up",
                "INC-7 Status { to: Monitoring, note: Some(\"the pool is up\") }",
            ),
            ("status 7 monitoring", "INC-7 Status { to: Monitoring, note: None }"),
            ("status INC-7 resolved", "sheet Resolve(Some(IncidentId(7)))"),
            (
                "status resolved it holds",
                "the open one Status { to: Resolved, note: Some(\"it holds\") }",
            ),
            ("severity sev1", "the open one Severity { to: Sev1, because: None }"),
            (
                "sev inc7 sev3 because one customer",
                "INC-7 Severity { to: Sev3, because: Some(\"one customer\") }",
            ),
            ("lead @ana", "the open one Role { role: \"lead\", who: UserId(\"U1\") }"),
            (
                "role INC-7 scribe ben",
                "INC-7 Role { role: \"scribe\", who: UserId(\"U2\") }",
            ),
            ("update", "sheet Update(None, None)"),
            ("update 7", "sheet Update(Some(IncidentId(7)), None)"),
            (
                "update INC-7 with Outage",
                "sheet Update(Some(IncidentId(7)), Some(\"outage\"))",
            ),
            ("update with outtage", "no template outtage"),
            (
                "update with the vendor we found it",
                "the open one Update(Words { text: Some(\"with the vendor we found it\"), broken: None, affected: None, \
                 workaround: None, next: None, upstream: None })",
            ),
            ("edit", "sheet Edit(None, None)"),
            ("edit 7", "sheet Edit(None, Some(7))"),
            ("edit INC-7", "sheet Edit(Some(IncidentId(7)), None)"),
            ("edit INC-7 2", "sheet Edit(Some(IncidentId(7)), Some(2))"),
            (
                "edit 2 we look",
                "the open one EditUpdate { number: Some(2), words: Words { text: Some(\"we look\"), broken: None, \
                 affected: None, workaround: None, next: None, upstream: None } }",
            ),
            ("updates INC-7", "Updates(Some(IncidentId(7)))"),
            ("note 7 servers are back", "the open one Note(\"7 servers are back\")"),
            ("note INC-7 servers are back", "INC-7 Note(\"servers are back\")"),
            ("link A-12", "the open one Link(AlertId(12))"),
            ("link INC-7 12", "INC-7 Link(AlertId(12))"),
            (
                "page data platform the disk is full",
                "the open one Page { team: TeamId(\"data\"), message: Some(\"the disk is full\") }",
            ),
            (
                "action raise the limit for @ben by 2026-11-21 09:00",
                "the open one Act { text: \"raise the limit\", owner: Some(UserId(\"U2\")), due: Some(2026-11-21T09:00:00Z) }",
            ),
            (
                "action raise the limit by 2026-11-21 09:00 for @ben",
                "the open one Act { text: \"raise the limit\", owner: Some(UserId(\"U2\")), due: Some(2026-11-21T09:00:00Z) }",
            ),
            (
                "action \"look for @ben\" for @ben",
                "the open one Act { text: \"look for @ben\", owner: Some(UserId(\"U2\")), due: None }",
            ),
            (
                "action scale it by two nodes for @ben",
                "the open one Act { text: \"scale it by two nodes\", owner: Some(UserId(\"U2\")), due: None }",
            ),
            (
                "action raise the limit by 2026-11-21",
                "the open one Act { text: \"raise the limit\", owner: None, due: Some(2026-11-21T17:00:00Z) }",
            ),
            ("actions", "OpenActions { of: Some(UserId(\"U1\")), team: None }"),
            ("actions 7", "Actions(Some(IncidentId(7)))"),
            (
                "list actions data platform",
                "OpenActions { of: None, team: Some(TeamId(\"data\")) }",
            ),
            ("done 2", "the open one Did(2)"),
            ("done INC-7 2", "INC-7 Did(2)"),
            ("remind updates off", "the open one Switch { of: Update, on: false }"),
            ("resolve", "sheet Resolve(None)"),
            ("close INC-7", "sheet Resolve(Some(IncidentId(7)))"),
            ("merge 8 into 7", "INC-8 Merge(IncidentId(7))"),
            ("cancel because a drill", "the open one Cancel(\"a drill\")"),
            ("cancel", "`cancel [<incident>] because <reason>` lacks <reason>"),
            ("list all", "incidents - All"),
            ("list data platform", "incidents data Open"),
            ("timeline 7", "Timeline(Some(IncidentId(7)))"),
            ("status fixed", "no status fixed"),
            ("severity terrible", "no severity terrible"),
            ("role wizard @ana", "no role wizard"),
            ("lead nobody-here", "nobody nobody-here"),
            ("checkout is down", "unknown checkout: declare help"),
        ],
    );
}

#[test]
fn where_an_incident_is_worked_on_only_what_is_addressed_to_us_is_understood() {
    let roster = roster();
    let read = |text: &str, addressed| {
        let speaker = Speaker {
            roster: &roster,
            by: &UserId::new("U1"),
            channel: &ChannelId::new("CINC"),
            now: chrono::DateTime::UNIX_EPOCH,
            here: None,
            incident: Some(IncidentId(7)),
            run: None,
        };
        line(&reply(text, addressed, &UserId::new("UBOT"), &speaker))
    };
    // Nothing is done that was not said to us, and who seems to have meant us hears how to say it.
    assert_eq!(read("resolve", Addressed::Plain), "overheard");
    assert_eq!(read("update we roll back", Addressed::Plain), "overheard");
    assert_eq!(read("note that the pool is small", Addressed::Plain), "not for us");
    assert_eq!(read("it is back", Addressed::Plain), "not for us");
    assert_eq!(read("<@UBOT>", Addressed::Mention), "help /incident -");
    assert_eq!(read("<@UBOT> ack A-3", Addressed::Mention), "ack A-3");
    // In the direct message about an incident everything is about it.
    assert_eq!(
        read("unsubscribe", Addressed::Direct),
        "Unsubscribe { who: None, to: Some(Incident(IncidentId(7))) }"
    );
    assert_eq!(
        read("status monitoring", Addressed::Direct),
        "INC-7 Status { to: Monitoring, note: None }"
    );
    assert!(read("<@UBOT> update we roll back", Addressed::Mention).starts_with("INC-7 Update("));
    assert_eq!(
        read("<@UBOT> note restarted db-3", Addressed::Mention),
        "INC-7 Note(\"restarted db-3\")"
    );
    assert_eq!(
        read("<@UBOT> alert disk full for cloud", Addressed::Mention),
        "cloud P3 <- disk full"
    );
    assert_eq!(
        read("<@UBOT> frobnicate", Addressed::Mention),
        "unknown frobnicate: declare help"
    );
}

#[test]
fn how_bad_it_is_is_read_as_people_type_it() {
    table(
        incident,
        &[
            ("declare sev 1 broken", "declare SEV1 - <- broken"),
            ("declare SEV-2 broken", "declare SEV2 - <- broken"),
            ("declare sev5 broken", "no severity sev5"),
            ("declare sev 5 broken", "no severity sev5"),
            (
                "declare sev2",
                "`declare [<severity>] <title> [for <team>]` lacks <title>",
            ),
            (
                "declare sev 2",
                "`declare [<severity>] <title> [for <team>]` lacks <title>",
            ),
            (
                "declare several nodes are down",
                "declare SEV3 - <- several nodes are down",
            ),
            ("declare 2 nodes are down", "declare SEV3 - <- 2 nodes are down"),
            ("sev 1", "the open one Severity { to: Sev1, because: None }"),
            ("severity 7 2", "INC-7 Severity { to: Sev2, because: None }"),
            ("sev INC-7 sev 2", "INC-7 Severity { to: Sev2, because: None }"),
            (
                "severity sev3 only one customer",
                "the open one Severity { to: Sev3, because: Some(\"only one customer\") }",
            ),
        ],
    );
}

#[test]
fn a_declaration_names_its_team_as_an_alert_does() {
    table(
        incident,
        &[
            (
                "declare sev2 cloud is down for cloud",
                "declare SEV2 cloud <- cloud is down",
            ),
            (
                "declare slow for some for data platform",
                "declare SEV3 data <- slow for some",
            ),
            ("declare slow for everybody", "declare SEV3 - <- slow for everybody"),
            ("declare down for @ana", "declare SEV3 - <- down for @ana"),
        ],
    );
}

#[test]
fn what_is_nearly_a_usage_is_understood() {
    let all_off = "the open one Switch { of: Update, on: false }";
    table(
        incident,
        &[
            ("lead me", "the open one Role { role: \"lead\", who: UserId(\"U1\") }"),
            (
                "role scribe me",
                "the open one Role { role: \"scribe\", who: UserId(\"U1\") }",
            ),
            (
                "role comms @ben",
                "the open one Role { role: \"communications\", who: UserId(\"U2\") }",
            ),
            (
                "action look at it for me",
                "the open one Act { text: \"look at it\", owner: Some(UserId(\"U1\")), due: None }",
            ),
            ("list open data platform", "incidents data Open"),
            ("list mine", "incidents - Mine(UserId(\"U1\"))"),
            ("list postmortems", "Analyses(None)"),
            ("list analyses data platform", "Analyses(Some(TeamId(\"data\")))"),
            ("merge INC-9 INC-10", "INC-9 Merge(IncidentId(10))"),
            ("merge INC-9", "`merge [<incident>] into <incident>` lacks <incident>"),
            ("cancel INC-6 typo", "INC-6 Cancel(\"typo\")"),
            ("cancel typo", "no incident typo"),
            ("reopen INC-6 because it is back", "INC-6 Reopen(Some(\"it is back\"))"),
            ("remind update off", all_off),
            ("remind updates off", all_off),
            (
                "title INC-7 nobody can pay",
                "INC-7 Describe(Details { title: Some(\"nobody can pay\"), rest: None })",
            ),
            ("details 7", "sheet Details(Some(IncidentId(7)))"),
            (
                "subscribe INC-4",
                "Subscribe { who: None, to: Some(Incident(IncidentId(4))), level: Updates }",
            ),
            (
                "subscribe data platform here status",
                "Subscribe { who: Some(Channel(ChannelId(\"COPS\"))), to: Some(Team(TeamId(\"data\"))), level: Status }",
            ),
            (
                "unsubscribe INC-4",
                "Unsubscribe { who: None, to: Some(Incident(IncidentId(4))) }",
            ),
            (
                "unsubscribe",
                "Subscriptions { of: UserId(\"U1\"), here: ChannelId(\"COPS\") }",
            ),
        ],
    );
}

#[test]
fn an_incident_that_is_named_is_meant_wherever_it_is_said() {
    let read = |text: &str| line(&said(text, Addressed::Mention, None));
    assert!(read("<@UBOT> update INC-4 we roll back").starts_with("INC-4 Update("));
    assert_eq!(read("<@UBOT> show INC-4"), "Incident(Some(IncidentId(4)))");
}

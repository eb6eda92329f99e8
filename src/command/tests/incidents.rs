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
            ("new sev1 everything is down", "unknown new: declare"),
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
    assert_eq!(read("resolve", Addressed::Plain), "not for us");
    assert_eq!(read("update we roll back", Addressed::Plain), "not for us");
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

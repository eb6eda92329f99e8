//! Who a name fits, and what becomes of a file in a workspace that does not fit it.

use crate::{
    config::{self, File, Severity},
    domain::{escalation::Target, ids::TeamId, roster::Standing, rotation::Member},
};

use super::*;

fn person(id: &str, handle: &str, display_name: &str) -> Person {
    Person {
        id: UserId::new(id),
        handle: handle.to_owned(),
        display_name: display_name.to_owned(),
        real_name: String::new(),
        email: Some(format!("{handle}@example.com")),
        zone: Some("Europe/Lisbon".to_owned()),
        workspace: "T1".to_owned(),
        kind: Kind::Member,
        activity: Activity::Active,
    }
}

fn channel(id: &str, name: &str) -> Channel {
    Channel {
        id: ChannelId::new(id),
        name: name.to_owned(),
        archived: false,
        member: true,
        private: false,
    }
}

fn group(id: &str, handle: &str) -> Group {
    Group {
        id: GroupId::new(id),
        handle: handle.to_owned(),
        name: "Cloud".to_owned(),
        members: vec![],
    }
}

fn directory(people: Vec<Person>) -> Directory {
    let channels = [channel("C1", "oncall-fallback"), channel("C2", "cloud-alerts")];
    Directory::new("T1", people, channels, [group("S1", "cloud-support")])
}

/// The usual people: Ana, Ben, Cleo who left, and a program.
fn people() -> Vec<Person> {
    vec![
        Person {
            real_name: "Ana Alves".to_owned(),
            ..person("U1", "aalves", "Ana")
        },
        person("U2", "ben", ""),
        Person {
            activity: Activity::Deactivated,
            ..person("U3", "cleo", "Cleo")
        },
        Person {
            kind: Kind::Bot,
            zone: Some("Nowhere/Known".to_owned()),
            ..person("U4", "robot", "Robot")
        },
    ]
}

fn id(found: &Found<'_>) -> Option<String> {
    found.person().map(|person| person.id.to_string())
}

#[test]
fn people_are_found_by_each_of_their_names_in_any_case() {
    let directory = directory(people());
    for name in [
        "U1",
        "aalves",
        "@AALVES",
        "@ana",
        "Ana  Alves",
        "AAlves@Example.com",
        " @Ana ",
    ] {
        assert_eq!(id(&directory.person_named(name)).as_deref(), Some("U1"), "{name}");
    }
    assert_eq!(directory.person_named("@nobody"), Found::Nobody);
    assert_eq!(
        directory.person_named(""),
        Found::Nobody,
        "an empty display name is nobody's"
    );
    assert_eq!(directory.person_named("@"), Found::Nobody);
}

#[test]
fn channels_and_groups_are_found_by_name_and_id() {
    let directory = directory(vec![]);
    for name in ["C2", "#cloud-alerts", "Cloud-Alerts"] {
        assert_eq!(
            directory.channel_named(name).unwrap().id,
            ChannelId::new("C2"),
            "{name}"
        );
    }
    for name in ["S1", "@cloud-support", "cloud-Support"] {
        assert_eq!(directory.group_named(name).unwrap().id, GroupId::new("S1"), "{name}");
    }
    assert_eq!(directory.channel_named("#clod"), None);
    assert_eq!(directory.group_named("clod"), None);
}

#[test]
fn somebody_who_can_be_reached_comes_before_somebody_who_left() {
    let mut everybody = people();
    everybody.push(person("U9", "cleo2", "cleo"));
    assert_eq!(id(&directory(everybody).person_named("@cleo")).as_deref(), Some("U9"));
    assert_eq!(id(&directory(people()).person_named("@cleo")).as_deref(), Some("U3"));
}

#[test]
fn a_handle_wins_over_a_display_name_that_anybody_may_take() {
    let mut everybody = people();
    everybody.push(person("U0", "mallory", "ben"));
    let directory = directory(everybody);
    let Found::OneByHandle(ben, others) = directory.person_named("@ben") else {
        panic!()
    };
    assert_eq!((ben.id.as_str(), others[0].id.as_str()), ("U2", "U0"));
}

#[test]
fn a_display_name_of_two_is_nobodys() {
    let mut everybody = people();
    everybody.push(person("U5", "ana.b", "ana"));
    let directory = directory(everybody);
    let Found::Several(both) = directory.person_named("@ana") else {
        panic!()
    };
    assert_eq!(both.len(), 2);
    assert_eq!(
        id(&directory.person_named("aalves")).as_deref(),
        Some("U1"),
        "the handle is clear"
    );
}

#[test]
fn people_of_other_workspaces_are_found_by_their_id_only() {
    let stranger = Person {
        workspace: "T2".to_owned(),
        ..person("U7", "dora", "Dora")
    };
    let directory = directory(vec![stranger]);
    assert_eq!(directory.person_named("@dora"), Found::Nobody);
    assert_eq!(directory.person_named("dora@example.com"), Found::Nobody);
    assert_eq!(id(&directory.person_named("U7")).as_deref(), Some("U7"));
}

/// A file whose first rotation has these members and whose channels are as the directory has them.
fn file(members: &str) -> File {
    let text = format!(
        r##"[workspace]
time_zone = "Europe/Berlin"
fallback_channel = "#oncall-fallback"
admins = ["@ben", "@nobody"]

[teams.cloud]
name = "Cloud"
channel = "#cloud-alerts"
usergroup = "cloud-support"

[[teams.cloud.rotations]]
name = "primary"
start = "2026-01-05 09:00"
every = "1 week"
members = [{members}]

[[teams.cloud.escalation]]
page = ["primary", "#cloud-alert", "C77", "@bne"]
wait = "2m"
"##
    );
    config::read(&text, "nightbell.toml").unwrap_or_else(|problems| panic!("{problems}"))
}

fn shown(file: &File, findings: &[Finding]) -> String {
    let problems = findings.iter().map(|finding| &finding.problem);
    file.render(problems, Severity::Warning, config::Colours::Without)
}

#[test]
fn what_the_file_names_becomes_ids_and_what_is_unknown_stays_as_it_was_written() {
    let file = file(r#""@ana", "@bob", "U2", "@cleo", "@robot", "U99""#);
    let (roster, findings) = roster(&file, &directory(people()));
    let known = |id: &str| Member::Known(UserId::new(id));
    let unknown = |name: &str| Member::Unknown(name.to_owned());
    let cloud = &roster.teams[&TeamId::new("cloud")];
    assert_eq!(
        cloud.rotations[0].members,
        [
            known("U1"),
            unknown("@bob"),
            known("U2"),
            known("U3"),
            known("U4"),
            unknown("U99")
        ]
    );
    assert_eq!(cloud.rotations[0].zone, chrono_tz::Tz::Europe__Berlin);
    assert_eq!(cloud.channel, Ok(ChannelId::new("C2")));
    assert_eq!(cloud.group, Some(GroupId::new("S1")));
    assert_eq!(
        cloud.policy.levels[0].targets,
        [
            Target::Rotation("primary".into()),
            Target::Channel(Err("#cloud-alert".into())),
            // A private channel the bot does not see: Slack has the last word.
            Target::Channel(Ok(ChannelId::new("C77"))),
            Target::Person(unknown("@bne")),
        ]
    );
    assert_eq!(cloud.policy.levels[0].wait_seconds, 120);
    assert_eq!(roster.fallback, ChannelId::new("C1"));
    assert_eq!(roster.admins, [UserId::new("U2")]);
    let standing = |id: &str| roster.people[&UserId::new(id)].standing;
    assert_eq!(standing("U1"), Standing::Active);
    assert_eq!(standing("U3"), Standing::Deactivated);
    assert_eq!(standing("U4"), Standing::Bot);
    assert_eq!(roster.people[&UserId::new("U1")].name, "Ana");
    assert_eq!(
        roster.people[&UserId::new("U2")].name,
        "ben",
        "the handle, for want of another name"
    );
    assert_eq!(
        roster.people[&UserId::new("U1")].zone,
        Some(chrono_tz::Tz::Europe__Lisbon)
    );
    assert_eq!(
        roster.people[&UserId::new("U4")].zone,
        None,
        "a zone nobody knows is none"
    );
    insta::assert_snapshot!(shown(&file, &findings), @r##"
    warning: nobody in the workspace answers to `@nobody`
     --> nightbell.toml:4:19
      |
    4 | admins = ["@ben", "@nobody"]
      |                   ^^^^^^^^^

    warning: nobody in the workspace answers to `@bob`
      --> nightbell.toml:15:20
       |
    15 | members = ["@ana", "@bob", "U2", "@cleo", "@robot", "U99"]
       |                    ^^^^^^

    warning: `@cleo` was deactivated, so no page reaches them
      --> nightbell.toml:15:34
       |
    15 | members = ["@ana", "@bob", "U2", "@cleo", "@robot", "U99"]
       |                                  ^^^^^^^
       |
       = help: name somebody else

    warning: `@robot` is a program, and nobody wakes up for it
      --> nightbell.toml:15:43
       |
    15 | members = ["@ana", "@bob", "U2", "@cleo", "@robot", "U99"]
       |                                           ^^^^^^^^
       |
       = help: name a person

    warning: nobody in the workspace answers to `U99`
      --> nightbell.toml:15:53
       |
    15 | members = ["@ana", "@bob", "U2", "@cleo", "@robot", "U99"]
       |                                                     ^^^^^

    warning: there is no channel `#cloud-alert`
      --> nightbell.toml:18:20
       |
    18 | page = ["primary", "#cloud-alert", "C77", "@bne"]
       |                    ^^^^^^^^^^^^^^
       |
       = help: did you mean `#cloud-alerts`?
       = help: if it is private, invite the bot, since it cannot see the channel otherwise

    warning: there is no channel `C77`
      --> nightbell.toml:18:36
       |
    18 | page = ["primary", "#cloud-alert", "C77", "@bne"]
       |                                    ^^^^^
       |
       = help: if it is private, invite the bot, since it cannot see the channel otherwise

    warning: nobody in the workspace answers to `@bne`
      --> nightbell.toml:18:43
       |
    18 | page = ["primary", "#cloud-alert", "C77", "@bne"]
       |                                           ^^^^^^
       |
       = help: did you mean `@ben`?
    "##);
    insta::assert_snapshot!(findings[1], @r##"
    nightbell.toml:15: nobody in the workspace answers to `@bob`
    "##);
}

#[test]
fn names_that_are_not_clear_are_found_out() {
    let mut everybody = people();
    everybody.push(person("U5", "ana.b", "ana"));
    everybody.push(person("U6", "mallory", "ben"));
    let file = file(r#""@ana", "@ben""#);
    let (roster, findings) = roster(&file, &directory(everybody));
    let members = &roster.teams[&TeamId::new("cloud")].rotations[0].members;
    assert_eq!(
        members[..],
        [Member::Unknown("@ana".into()), Member::Known(UserId::new("U2"))]
    );
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    nightbell.toml:4: `@ben` is the handle of `U2` (ben) and what others are called; write the id to be clear; the others are `U6` (ben)
    nightbell.toml:4: nobody in the workspace answers to `@nobody`
    nightbell.toml:15: `@ana` fits several people, so it pages none of them; write one of the ids: `U1` (Ana), `U5` (ana)
    nightbell.toml:15: `@ben` is the handle of `U2` (ben) and what others are called; write the id to be clear; the others are `U6` (ben)
    nightbell.toml:18: there is no channel `#cloud-alert`; did you mean `#cloud-alerts`? if it is private, invite the bot, since it cannot see the channel otherwise
    nightbell.toml:18: there is no channel `C77`; if it is private, invite the bot, since it cannot see the channel otherwise
    nightbell.toml:18: nobody in the workspace answers to `@bne`; did you mean `@ben`?
    "##);
}

#[test]
fn a_fallback_channel_that_is_missing_or_closed_is_found_out_and_still_tried() {
    let (missing, findings) = roster(&file(r#""@ana""#), &Directory::default());
    assert_eq!(missing.fallback, ChannelId::new("oncall-fallback"));
    assert!(
        findings[0]
            .to_string()
            .contains("there is no channel `#oncall-fallback`")
    );

    let archived = Channel {
        archived: true,
        ..channel("C1", "oncall-fallback")
    };
    let outside = Channel {
        member: false,
        ..channel("C2", "cloud-alerts")
    };
    let directory = Directory::new("T1", people(), [archived, outside], []);
    let (closed, findings) = roster(&file(r#""@ana""#), &directory);
    assert_eq!(closed.fallback, ChannelId::new("C1"));
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    nightbell.toml:3: channel `#oncall-fallback` is archived; unarchive `#oncall-fallback`, or name another channel
    nightbell.toml:4: nobody in the workspace answers to `@nobody`
    nightbell.toml:8: the bot is not in channel `#cloud-alerts`; type `/invite @nightbell` in `#cloud-alerts`
    nightbell.toml:9: there is no user group `@cloud-support`
    nightbell.toml:18: there is no channel `#cloud-alert`; did you mean `#cloud-alerts`? if it is private, invite the bot, since it cannot see the channel otherwise
    nightbell.toml:18: there is no channel `C77`; if it is private, invite the bot, since it cannot see the channel otherwise
    nightbell.toml:18: nobody in the workspace answers to `@bne`; did you mean `@ben`?
    "##);
}

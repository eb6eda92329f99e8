//! The file of the manual, what it means, and that no text makes the reader panic.

mod actions;
mod agreement;
mod duties;
mod environment;
mod incidents;
mod mistakes;
mod rotations;
mod rules;
mod starter;
mod templates;
mod values;

use proptest::prelude::*;

use crate::domain::{ids::TeamId, priority::Priority, rotation::Period};

use super::*;

/// The example of the manual, without what a later release brings.
const EXAMPLE: &str = r##"
[workspace]
time_zone        = "Europe/Berlin"
fallback_channel = "#oncall-fallback"
admins           = ["@ana"]

[teams.cloud]
name      = "Cloud"
aliases   = ["cloud ops"]
channel   = "#cloud-alerts"
usergroup = "cloud-support"

[[teams.cloud.rotations]]
name      = "primary"
time_zone = "America/New_York"
start     = "2026-01-05 09:00"
every     = "1 week"
members   = ["@ana", "@ben", "U03CLEO"]

[[teams.cloud.rotations]]
name      = "secondary"
start     = 2026-01-05T09:00:00
every     = "12h"
members   = ["dora@example.com"]

[[teams.cloud.escalation]]
page = ["primary"]
wait = "10m"

[[teams.cloud.escalation]]
page = ["Secondary", "@ana", "#ops", "C024BE91L", "team:the database people"]

[teams.cloud.policy]
repeat = 2

[teams.database]
name = "The Database People"
channel = "C0DATABASE"

[[teams.database.rotations]]
name    = "dba"
start   = "2026-01-05 09:00"
every   = "day"
members = ["@eve", "@ana"]

[teams.database.policy]
posts_only = []
"##;

/// Reads a text that is meant to be right.
fn right(text: &str) -> File {
    read(text, "nightbell.toml").unwrap_or_else(|problems| panic!("{problems}"))
}

/// What people read about a text that is meant to be wrong.
fn wrong(text: &str) -> String {
    read(text, "nightbell.toml")
        .expect_err("this file has a mistake")
        .to_string()
}

#[test]
fn the_example_of_the_manual_is_read() {
    let file = right(EXAMPLE);
    assert_eq!(file.workspace.zone, chrono_tz::Tz::Europe__Berlin);
    assert_eq!(
        file.workspace.fallback.value,
        ChannelReference::Name("oncall-fallback".into())
    );
    assert_eq!(file.workspace.fallback.mark.line, 4);
    let cloud = &file.teams[0];
    assert_eq!(cloud.id.value, TeamId::new("cloud"));
    assert_eq!(cloud.name.value, "Cloud");
    assert_eq!(
        cloud.group.as_ref().unwrap().value,
        GroupReference::Handle("cloud-support".into())
    );
    let [primary, secondary] = &cloud.rotations[..] else {
        panic!()
    };
    assert_eq!(primary.zone, chrono_tz::Tz::America__New_York);
    assert_eq!(secondary.zone, chrono_tz::Tz::Europe__Berlin, "the workspace's");
    assert_eq!(primary.start, secondary.start, "with or without quotes");
    assert_eq!((primary.every, secondary.every), (Period::Weeks(1), Period::Hours(12)));
    let members: Vec<String> = primary.members.iter().map(|member| member.value.to_string()).collect();
    assert_eq!(members, ["@ana", "@ben", "U03CLEO"]);
    assert_eq!(primary.members[2].mark.line, 18);
    assert_eq!(
        secondary.members[0].value,
        PersonReference::Email("dora@example.com".into())
    );
    assert_eq!(
        (cloud.policy.repeat, &cloud.policy.posts_only[..]),
        (2, &[Priority::P4, Priority::P5][..])
    );
}

#[test]
fn a_level_names_rotations_people_channels_and_teams() {
    let file = right(EXAMPLE);
    let level = &file.teams[0].levels[1];
    assert_eq!(level.wait, chrono::TimeDelta::minutes(10), "what is usual");
    let targets: Vec<&Target> = level.targets.iter().map(|target| &target.value).collect();
    assert_eq!(
        targets,
        [
            // By the name the rotation gives itself.
            &Target::Rotation("secondary".into()),
            &Target::Person(PersonReference::Handle("ana".into())),
            &Target::Channel(ChannelReference::Name("ops".into())),
            &Target::Channel(ChannelReference::Id(crate::domain::ids::ChannelId::new("C024BE91L"))),
            // By its key, whichever of its names was written.
            &Target::Team(TeamId::new("database")),
        ]
    );
}

#[test]
fn a_team_without_levels_pages_its_rotations_in_order() {
    let file = right(EXAMPLE);
    let database = &file.teams[1];
    assert_eq!(database.levels.len(), 1);
    assert_eq!(database.levels[0].targets[0].value, Target::Rotation("dba".into()));
    assert_eq!((database.policy.repeat, &database.policy.posts_only[..]), (0, &[][..]));
}

#[test]
fn two_teams_may_be_the_second_level_of_each_other() {
    let team = |key: &str, other: &str| {
        format!(
            "[teams.{key}]\nchannel = '#{key}'\nescalation = [{{ page = ['@{key}'] }}, {{ page = ['team:{other}'] }}]\n"
        )
    };
    let file = format!(
        "[workspace]\nfallback_channel = '#f'\n{}{}",
        team("a", "b"),
        team("b", "a")
    );
    assert_eq!(right(&file).teams.len(), 2);
}

#[test]
fn the_summary_says_who_is_on_call_now() {
    let now = "2026-01-12T12:00:00Z".parse().unwrap();
    insta::assert_snapshot!(summary(&right(EXAMPLE), now), @r##"
    nightbell.toml is fine: 2 teams, 3 rotations, 5 people; fallback #oncall-fallback

    Cloud (#cloud-alerts)
      primary    @ana until Mon 2026-01-12 09:00 (America/New_York), then @ben
      secondary  dora@example.com until Mon 2026-01-12 21:00 (Europe/Berlin)

    The Database People (C0DATABASE)
      dba        @ana until Tue 2026-01-13 09:00 (Europe/Berlin), then @eve
    "##);
    let before = "2026-01-05T07:00:00Z".parse().unwrap();
    insta::assert_snapshot!(summary(&right(EXAMPLE), before), @r##"
    nightbell.toml is fine: 2 teams, 3 rotations, 5 people; fallback #oncall-fallback

    Cloud (#cloud-alerts)
      primary    nobody yet; @ana from Mon 2026-01-05 09:00 (America/New_York)
      secondary  nobody yet; dora@example.com from Mon 2026-01-05 09:00 (Europe/Berlin)

    The Database People (C0DATABASE)
      dba        nobody yet; @eve from Mon 2026-01-05 09:00 (Europe/Berlin)
    "##);
}

#[test]
fn a_file_of_the_disk_is_read_or_its_absence_explained() {
    let folder = tempfile::tempdir().unwrap();
    let now = "2026-01-12T12:00:00Z".parse().unwrap();
    let path = folder.path().join("nightbell.toml");
    assert!(matches!(check(&path, now), Err(LoadError::Missing(_))));
    std::fs::write(&path, EXAMPLE).unwrap();
    assert!(
        check(&path, now)
            .unwrap()
            .contains("is fine: 2 teams, 3 rotations, 5 people")
    );
    std::fs::write(&path, "[workspace").unwrap();
    assert!(matches!(check(&path, now), Err(LoadError::Mistakes(_))));
    std::fs::write(&path, " ".repeat(2 << 20)).unwrap();
    assert!(matches!(check(&path, now), Err(LoadError::TooLarge(_))));
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(check(&path, now), Err(LoadError::Unreadable { .. })));
    assert!(matches!(check(folder.path(), now), Err(LoadError::Unreadable { .. })));
}

/// The example with some of its bytes cut out, doubled or replaced: near enough to reach every corner.
fn damaged() -> impl Strategy<Value = String> {
    let characters: Vec<char> = EXAMPLE.chars().collect();
    let length = characters.len();
    (
        0..length,
        0..40_usize,
        "\\PC{0,8}|[\\[\\]{}=\"'#@:\\n\\r\\t .0-9a-z]{0,8}",
    )
        .prop_map(move |(at, cut, put)| {
            let mut text: String = characters[..at].iter().collect();
            text.push_str(&put);
            text.extend(characters.iter().skip(at + cut));
            text
        })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        if let Err(problems) = read(&text, "nightbell.toml") {
            prop_assert!(!problems.to_string().is_empty());
        }
    }

    #[test]
    fn no_damage_makes_it_panic(text in damaged()) {
        if let Err(problems) = read(&text, "nightbell.toml") {
            prop_assert!(!problems.problems.is_empty());
            let plain = problems.to_string();
            prop_assert!(plain.bytes().all(|byte| byte != 0x1b));
            prop_assert!(problems.render(Colours::With).len() > plain.len());
        }
    }

    #[test]
    fn no_token_is_ever_shown(token in "xoxb-[a-z0-9]{8,30}|xapp-1-[A-Z0-9]{8,30}", at in 0..EXAMPLE.len()) {
        let text = format!("{}\"{token}\"{}", &EXAMPLE[..at], &EXAMPLE[at..]);
        let shown = match read(&text, "nightbell.toml") {
            Ok(file) => format!("{file:?}"),
            Err(problems) => format!("{problems} {problems:?}"),
        };
        prop_assert!(!shown.contains(&token), "{}", shown);
    }
}

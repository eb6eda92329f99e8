//! A table of broken files, and what is read about each.

pub(super) use super::wrong;

/// A file with one team and one rotation, in which `from` is replaced by `to`.
pub(super) fn with(from: &str, to: &str) -> String {
    const SOUND: &str = r##"[workspace]
time_zone = "Europe/Berlin"
fallback_channel = "#fallback"

[teams.cloud]
channel = "#cloud"

[[teams.cloud.rotations]]
name = "primary"
start = "2026-01-05 09:00"
every = "1 week"
members = ["@ana"]

[[teams.cloud.escalation]]
page = ["primary"]
wait = "10m"
"##;
    assert!(super::read(SOUND, "nightbell.toml").is_ok());
    assert!(SOUND.contains(from), "{from}");
    wrong(&SOUND.replace(from, to))
}

/// The sentences alone, one line each.
pub(super) fn said(drawn: &str) -> String {
    let lines = drawn.lines().map(str::trim_start);
    let sentences = lines.filter_map(|line| {
        let hint = line.strip_prefix("= ").or(line.strip_prefix("╰ "));
        hint.or(line.strip_prefix("error: "))
    });
    sentences.collect::<Vec<_>>().join("\n")
}

#[test]
fn all_mistakes_of_a_file_are_drawn_at_once() {
    let file = r##"
[workspace]
time_zone = "Europe/Berln"
fallback_chanel = "#fallback"

[teams.cloud]
name = "Cloud"
channel = "cloud"

[[teams.cloud.rotations]]
name = "primary"
start = "2026-03-29 02:30"
every = "1 fortnight"
members = ["ana", "@ben"]
hours = ["Mon-Fri 09:00-18:00"]

[[teams.cloud.escalation]]
page = ["primry", "team:datbase"]
wait = "1s"

[teams.database]
name = "CLOUD"
channel = "#database"
"##;
    insta::assert_snapshot!(wrong(file), @r##"
    error: there is no time zone `Europe/Berln`
     --> nightbell.toml:3:13
      |
    3 | time_zone = "Europe/Berln"
      |             ^^^^^^^^^^^^^^
      |
      = help: did you mean `Europe/Berlin`, `Europe/Dublin` or `Europe/Jersey`?

    error: `[workspace]` has no key `fallback_chanel`
     --> nightbell.toml:4:1
      |
    4 | fallback_chanel = "#fallback"
      | ^^^^^^^^^^^^^^^
      |
      = help: did you mean `fallback_channel`?

    error: `cloud` is not a channel
     --> nightbell.toml:8:11
      |
    8 | channel = "cloud"
      |           ^^^^^^^
      |
      = help: write `#cloud`

    error: `1 fortnight` is not the length of a shift
      --> nightbell.toml:13:9
       |
    13 | every = "1 fortnight"
       |         ^^^^^^^^^^^^^
       |
       = help: write a number of hours, days, weeks or months, such as `12 hours` or `1 week`

    error: `ana` is not a person
      --> nightbell.toml:14:12
       |
    14 | members = ["ana", "@ben"]
       |            ^^^^^
       |
       = help: write `@ana`, an e-mail address or a Slack id such as `U03CLEO`

    error: `hours` is not known to this release
      --> nightbell.toml:15:1
       |
    15 | hours = ["Mon-Fri 09:00-18:00"]
       | ^^^^^
       |
       = help: rotations run round the clock in this release; leave the line out until then

    error: team `cloud` has no rotation `primry`
      --> nightbell.toml:18:9
       |
    18 | page = ["primry", "team:datbase"]
       |         ^^^^^^^^
       |
       = help: did you mean `primary`?

    error: there is no team `datbase`
      --> nightbell.toml:18:19
       |
    18 | page = ["primry", "team:datbase"]
       |                   ^^^^^^^^^^^^^^
       |
       = help: did you mean `team:database`?

    error: a wait of `1s` is not between 30 seconds and 24 hours
      --> nightbell.toml:19:8
       |
    19 | wait = "1s"
       |        ^^^^
       |
       = help: write for example `10m`

    error: nobody would be paged for team `database`
      --> nightbell.toml:21:8
       |
    21 | [teams.database]
       |        ^^^^^^^^
       |
       = help: add a rotation, `[[teams.database.rotations]]`, or a level, `[[teams.database.escalation]]`

    error: `CLOUD` already names team `cloud`
      --> nightbell.toml:22:8
       |
     6 | [teams.cloud]
       |        ----- here
    ...
    22 | name = "CLOUD"
       |        ^^^^^^^
       |
       = help: give each team its own names; upper and lower case make no difference
    "##);
}

#[test]
fn a_text_that_is_not_toml_is_told_where_it_stops_being_so() {
    insta::assert_snapshot!(wrong("[workspace\nfallback_channel = \"#f\"\n"), @r##"
    error: this is not TOML: unclosed table, expected `]`
     --> nightbell.toml:1:11
      |
    1 | [workspace
      |           ^
    "##);
    insta::assert_snapshot!(said(&wrong("a = 1\na = 2\n")), @r##"
    this is not TOML: duplicate key
    "##);
}

#[test]
fn an_empty_file_says_what_it_needs() {
    insta::assert_snapshot!(wrong(""), @r##"
    error: there is no `[workspace]`, which says where a page goes that reaches nobody
    --> nightbell.toml
     = help: add `[workspace]` and below it `fallback_channel = "#oncall-fallback"`

    error: no team is configured, so nobody would be paged
    --> nightbell.toml
     = help: add a section `[teams.cloud]` with a `channel` and a rotation `[[teams.cloud.rotations]]`
    "##);
}

#[test]
fn a_token_in_the_file_is_reported_and_never_drawn() {
    let drawn = with(
        "[teams.cloud]",
        "slack_bot_token = \"s3cret-ü\" # or xapp-1-AB-CD\nadmins = ['xoxb-1-2-SeCrEt']\n\n[teams.cloud]",
    );
    assert!(!drawn.contains("s3cret") && !drawn.contains("SeCrEt") && !drawn.contains("AB-CD"));
    insta::assert_snapshot!(drawn, @r##"
    error: `slack_bot_token` is a secret, and secrets do not stand in this file
     --> nightbell.toml:5:1
      |
    5 | slack_bot_token = "*********" # or xapp-*******
      | ^^^^^^^^^^^^^^^
      |
      = help: set it in the environment, as `SLACK_BOT_TOKEN`, and revoke this one if others could read the file

    error: a token stands in this file, where anybody may read it
     --> nightbell.toml:6:11
      |
    6 | admins = ['***************']
      |           ^^^^^^^^^^^^^^^^^
      |
      = help: set it in the environment, as `SLACK_BOT_TOKEN`, and revoke this one if others could read the file
    "##);
}

#[test]
fn keys_of_a_later_release_are_told_so_kindly() {
    let drawn = with("[teams.cloud]", "incident_channel = \"#incidents\"\n[teams.cloud]");
    insta::assert_snapshot!(said(&drawn), @r##"
    `incident_channel` is not known to this release
    help: incidents come in a later release; leave the line out until then
    "##);
}

#[test]
fn mistakes_in_values_say_what_would_work() {
    let mut sentences = Vec::new();
    for (from, to) in [
        // Zones and times.
        ("\"Europe/Berlin\"", "\"berlin\""),
        ("\"Europe/Berlin\"", "\"europe/berlin\""),
        ("\"Europe/Berlin\"", "\"Mars/Olympus_Mons\""),
        ("\"Europe/Berlin\"", "1"),
        ("2026-01-05 09:00", "2026-03-29 02:30"),
        ("2026-01-05 09:00", "2026-01-05"),
        ("2026-01-05 09:00", "Monday 9am"),
        ("2026-01-05 09:00", "1815-06-18 11:00"),
        ("\"2026-01-05 09:00\"", "2026-01-05T09:00:00Z"),
        ("1 week", "0 weeks"),
        ("1 week", "99999999999 weeks"),
        ("1 week", "10m"),
        ("10m", "10"),
        ("10m", "0s"),
        ("10m", "25h"),
        ("10m", "99999999999w"),
        // People, channels, groups.
        ("\"@ana\"", "\"ana\""),
        ("\"@ana\"", "\"@\""),
        ("\"@ana\"", "\"<@U03CLEO|ana>\""),
        ("\"@ana\"", "\"#ana\""),
        ("\"@ana\"", "\"\""),
        ("\"@ana\"", "\"@a\\nb\""),
        ("\"@ana\"", "7"),
        ("[\"@ana\"]", "[]"),
        ("[\"@ana\"]", "\"@ana\""),
        ("\"#fallback\"", "\"fallback\""),
        ("\"#fallback\"", "\"On call\""),
        ("\"#fallback\"", "\"D024BE91L\""),
        ("\"#cloud\"", "\"<#C024BE91L|cloud>\""),
        (
            "channel = \"#cloud\"",
            "channel = \"#cloud\"\nusergroup = \"the cloud\"",
        ),
        // Names.
        ("name = \"primary\"", "name = \"@primary\""),
        ("name = \"primary\"", "naem = \"primary\""),
        (
            "channel = \"#cloud\"",
            "channel = \"#cloud\"\naliases = [\"all\", \"#x\"]",
        ),
        ("channel = \"#cloud\"", "chanel = \"#cloud\""),
        // Levels.
        ("[\"primary\"]", "[\"primry\"]"),
        ("[\"primary\"]", "[\"the boss\"]"),
        ("[\"primary\"]", "[\"primary\", \"Primary\"]"),
        ("[\"primary\"]", "[\"team:cloud\"]"),
        ("[\"primary\"]", "[\"team:clod\"]"),
        ("[\"primary\"]", "[]"),
        ("page = [\"primary\"]", ""),
        ("[[teams.cloud.escalation]]", "[teams.cloud.escalation]"),
        // The policy.
        (
            "[[teams.cloud.escalation]]",
            "[teams.cloud.policy]\nrepeat = -1\nposts_only = [\"p6\"]\n[[teams.cloud.escalation]]",
        ),
        (
            "[[teams.cloud.escalation]]",
            "[teams.cloud.policy]\nrepeat = 101\n[[teams.cloud.escalation]]",
        ),
    ] {
        sentences.push(format!("{}\n{}", to.replace('\n', "⏎"), said(&with(from, to))));
    }
    insta::assert_snapshot!(sentences.join("\n\n"), @r##"
    "berlin"
    there is no time zone `berlin`
    help: did you mean `Europe/Berlin`?

    "europe/berlin"
    there is no time zone `europe/berlin`
    help: did you mean `Europe/Berlin`?

    "Mars/Olympus_Mons"
    there is no time zone `Mars/Olympus_Mons`
    help: write the name of a city's zone, such as `Europe/Berlin`

    1
    `time_zone` wants a text in quotes, and this is a number
    help: write for example `time_zone = "Europe/Berlin"`

    2026-03-29 02:30
    a clock change in Europe/Berlin skips `2026-03-29 02:30`
    help: use `2026-03-29 01:59` or `2026-03-29 03:00`

    2026-01-05
    `2026-01-05` is not a wall-clock time
    help: add the time of the handover: `2026-01-05 09:00`

    Monday 9am
    `Monday 9am` is not a wall-clock time
    help: write the date and the time on the wall, such as `2026-01-05 09:00`

    1815-06-18 11:00
    `1815-06-18 11:00` is not a time between the years 2000 and 2199
    help: write the date and the time on the wall, such as `2026-01-05 09:00`

    2026-01-05T09:00:00Z
    `2026-01-05T09:00:00Z` is not a wall-clock time
    help: write the date and the time on the wall, such as `2026-01-05 09:00`

    0 weeks
    a shift of `0 weeks` is not between an hour and a year
    help: write for example `1 week`

    99999999999 weeks
    a shift of `99999999999 weeks` is not between an hour and a year
    help: write for example `1 week`

    10m
    `10m` is not the length of a shift
    help: write a number of hours, days, weeks or months, such as `12 hours` or `1 week`

    10
    `10` is not a duration
    help: write a duration as `45s`, `10m`, `2h30m`, `3d` or `1 week`

    0s
    a wait of `0s` is not between 30 seconds and 24 hours
    help: write for example `10m`

    25h
    a wait of `25h` is not between 30 seconds and 24 hours
    help: write for example `10m`

    99999999999w
    a wait of `99999999999w` is not between 30 seconds and 24 hours
    help: write for example `10m`

    "ana"
    `ana` is not a person
    help: write `@ana`, an e-mail address or a Slack id such as `U03CLEO`

    "@"
    `@` is not a person
    help: write `@ana`, an e-mail address or a Slack id such as `U03CLEO`

    "<@U03CLEO|ana>"
    `<@U03CLEO|ana>` is not a person
    help: write `U03CLEO`

    "#ana"
    `#ana` is not a person
    help: a channel takes no turns; name people here

    ""
    an empty text stands in `members`
    help: write for example `members = ["@ana", "@ben"]`

    "@a\nb"
    a text in `members` has a line break or another control character in it
    help: write for example `members = ["@ana", "@ben"]`

    7
    `members` wants a text in quotes, and this is a number
    help: write for example `members = ["@ana", "@ben"]`

    []
    `members` is empty, so nobody would ever be on call
    help: write for example `members = ["@ana", "@ben"]`

    "@ana"
    `members` wants a list in brackets, and this is a text
    help: write for example `members = ["@ana", "@ben"]`

    "fallback"
    `fallback` is not a channel
    help: write `#fallback`

    "On call"
    `On call` is not a channel
    help: write `#on-call`

    "D024BE91L"
    `D024BE91L` is not a channel
    help: this is the id of a person or a conversation; name a channel such as `#cloud-alerts`

    "<#C024BE91L|cloud>"
    `<#C024BE91L|cloud>` is not a channel
    help: write `C024BE91L`

    channel = "#cloud"⏎usergroup = "the cloud"
    `the cloud` is not the handle of a user group
    help: write it as people mention it, such as `cloud-support`

    name = "@primary"
    `@primary` would be read as a person, a channel or a team
    help: name the rotation with plain words, such as `primary`

    naem = "primary"
    `[[teams.cloud.rotations]]` has no key `naem`
    help: did you mean `name`?

    channel = "#cloud"⏎aliases = ["all", "#x"]
    `all` has a meaning of its own in commands and cannot name a team
    help: write it as people say it, such as `cloud ops`
    `#x` begins with a sign that stands for people and channels
    help: write it as people say it, such as `cloud ops`

    chanel = "#cloud"
    `[teams.cloud]` has no key `chanel`
    help: did you mean `channel`?

    ["primry"]
    team `cloud` has no rotation `primry`
    help: did you mean `primary`?

    ["the boss"]
    team `cloud` has no rotation `the boss`
    help: a level pages a rotation of its team, `@person`, a Slack id, an e-mail address, `#channel` or `team:<key>`

    ["primary", "Primary"]
    this level pages the same one twice
    help: leave one of them out

    ["team:cloud"]
    team `cloud` pages itself
    help: name one of its rotations instead

    ["team:clod"]
    there is no team `clod`
    help: did you mean `team:cloud`?

    []
    `page` is empty, so this level would page nobody
    help: write for example `page = ["primary"]`


    `[[teams.cloud.escalation]]` has no `page`
    help: write for example `page = ["primary"]`

    [teams.cloud.escalation]
    `escalation` wants sections in double brackets, and this is a single section
    help: write for example `[[teams.cloud.escalation]]`

    [teams.cloud.policy]⏎repeat = -1⏎posts_only = ["p6"]⏎[[teams.cloud.escalation]]
    `repeat` is a whole number from 0 to 100
    help: write for example `repeat = 2`
    `p6` is not a priority
    help: a priority is one of `p1`, `p2`, `p3`, `p4`, `p5`

    [teams.cloud.policy]⏎repeat = 101⏎[[teams.cloud.escalation]]
    `repeat` is a whole number from 0 to 100
    help: write for example `repeat = 2`
    "##);
}

//! A table of broken files, and what is read about each.

pub(super) use super::wrong;

/// A file with one team and one rotation.
pub(super) const SOUND: &str = r##"[workspace]
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

/// That file, in which `from` is replaced by `to`.
pub(super) fn with(from: &str, to: &str) -> String {
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
hours = ["Mon-Fri 9 to 18"]

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

    error: `Mon-Fri 9 to 18` names no hours
      --> nightbell.toml:15:10
       |
    15 | hours = ["Mon-Fri 9 to 18"]
       |          ^^^^^^^^^^^^^^^^^
       |
       = help: hours are written as days and times, such as `Mon-Fri 09:00-18:00`, `Sat,Sun 00:00-24:00` or `daily 22:00-06:00`

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
       = help: give each team its own names; upper and lower case, spaces and hyphens make no difference
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
    let drawn = with("[teams.cloud]", "[components]\n[teams.cloud]");
    insta::assert_snapshot!(said(&drawn), @r##"
    `components` is not known to this release
    help: components are configured in a later release
    "##);
}

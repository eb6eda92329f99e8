//! Mistakes in single values, each with what would work.

use super::mistakes::*;

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

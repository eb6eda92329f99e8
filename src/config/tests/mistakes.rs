//! A table of broken files, and what is read about each.

use super::wrong;

/// A file with one team and one rotation, in which `from` is replaced by `to`.
fn with(from: &str, to: &str) -> String {
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
fn said(drawn: &str) -> String {
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
    insta::assert_snapshot!(wrong(file), @"");
}

#[test]
fn a_text_that_is_not_toml_is_told_where_it_stops_being_so() {
    insta::assert_snapshot!(wrong("[workspace\nfallback_channel = \"#f\"\n"), @"");
    insta::assert_snapshot!(said(&wrong("a = 1\na = 2\n")), @"");
}

#[test]
fn an_empty_file_says_what_it_needs() {
    insta::assert_snapshot!(wrong(""), @"");
}

#[test]
fn a_token_in_the_file_is_reported_and_never_drawn() {
    let drawn = with(
        "[teams.cloud]",
        "slack_bot_token = \"s3cret-ü\" # or xapp-1-AB-CD\nadmins = ['xoxb-1-2-SeCrEt']\n\n[teams.cloud]",
    );
    assert!(!drawn.contains("s3cret") && !drawn.contains("SeCrEt") && !drawn.contains("AB-CD"));
    insta::assert_snapshot!(drawn, @"");
}

#[test]
fn keys_of_a_later_release_are_told_so_kindly() {
    let drawn = with(
        "[teams.cloud]",
        "incident_channel = \"#incidents\"\n[teams.cloud.policy]\nack = \"30m\"\n[teams.cloud]",
    );
    insta::assert_snapshot!(said(&drawn), @"");
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
    insta::assert_snapshot!(sentences.join("\n\n"), @"");
}

#[test]
fn mistakes_between_teams_are_found() {
    let file = |teams: &str| said(&wrong(&format!("[workspace]\nfallback_channel = '#f'\n{teams}")));
    let page = |key: &str, target: &str| {
        format!("[teams.{key}]\nchannel = '#{key}'\nescalation = [{{ page = ['{target}'] }}]\n")
    };
    let circle = page("a", "team:b") + &page("b", "team:c") + &page("c", "team:a") + &page("d", "team:a");
    let group = |key: &str| page(key, "@x").replace("escalation", "usergroup = 'g'\nescalation");
    let sentences = [
        file(&circle),
        file(&(group("a") + &group("b"))),
        file(&(page("a", "@x") + &page("b", "@x") + "[teams.c]\naliases = ['A', ' b ', 'B']\nchannel = '#c'\nescalation = [{ page = ['@x'] }]")),
        file("[teams.lonely]\nchannel = '#l'\n"),
        file("[teams.Cloud]\nchannel = '#l'\nescalation = [{ page = ['@x'] }]"),
        file("[teams.'']\nchannel = '#l'\nescalation = [{ page = ['@x'] }]"),
        file("[teams]\n"),
        file("[teams]\ncloud = 1\n"),
        file("teams = 1\n"),
        file("[[teams]]\nname = 'cloud'\n"),
        file(&page("a", "@x").replace("escalation", "rotations = [{ name = 'r', start = '2026-01-05 09:00', every = 'day', members = ['@a'] }, { name = 'R', start = '2026-01-05 09:00', every = 'day', members = ['@a'] }]\nescalation")),
    ];
    insta::assert_snapshot!(sentences.join("\n\n"), @"");
}

#[test]
fn a_file_with_very_many_mistakes_is_drawn_in_part() {
    let many: String = (0..1000).map(|number| format!("key{number} = 1\n")).collect();
    let drawn = wrong(&many);
    assert!(drawn.ends_with("more."), "{drawn}");
    assert!(drawn.len() < 20_000);
}

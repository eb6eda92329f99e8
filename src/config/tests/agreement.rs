//! Mistakes that show only when parts of the file are held against each other.

use super::mistakes::*;

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
    insta::assert_snapshot!(sentences.join("\n\n"), @r##"
    the first levels page each other in a circle: `a`, `b`, `c`, `a`
    help: let one of them page a rotation or a person

    two teams have the user group `@g`
    help: a mention of it would not say which team is meant; give it to one of them

    `A` already names team `a`
    help: give each team its own names; upper and lower case, spaces and hyphens make no difference
    `b` already names team `b`
    help: give each team its own names; upper and lower case, spaces and hyphens make no difference

    nobody would be paged for team `lonely`
    help: add a rotation, `[[teams.lonely.rotations]]`, or a level, `[[teams.lonely.escalation]]`

    the key of a team has only lower-case letters, digits, `-` and `_`, at most 60 of them
    help: write `[teams.cloud]`; what people call it goes into `name`

    the key of a team has only lower-case letters, digits, `-` and `_`, at most 60 of them
    help: write `[teams.cloud]`; what people call it goes into `name`

    no team is configured, so nobody would be paged
    help: add a section `[teams.cloud]`

    `cloud` stands among the teams and is no section
    help: write `[teams.cloud]` and its keys below

    no team is configured, so nobody would be paged
    help: add a section `[teams.cloud]` with a `channel` and a rotation `[[teams.cloud.rotations]]`
    `[workspace]` has no key `teams`
    help: it may have `time_zone`, `fallback_channel`, `incident_channel`, `admins` or `guests`

    `teams` wants a section, and this is a list
    help: write for example `[teams.cloud]`

    team `a` has two rotations named `R`
    help: give each its own name, such as `primary` and `secondary`
    "##);
}

#[test]
fn a_file_with_very_many_mistakes_is_drawn_in_part() {
    let many = (0..1000).fold(String::new(), |text, number| text + &format!("key{number} = 1\n"));
    let drawn = wrong(&many);
    assert!(drawn.ends_with("more."), "{drawn}");
    assert!(drawn.len() < 20_000);
}

//! Rotations that change: members who join or leave.

use super::mistakes::{SOUND, said};
use super::{right, wrong};

/// The sound file with sections of its rotation.
fn rotating(sections: &str) -> String {
    SOUND.replace(
        "members = [\"@ana\"]\n",
        &format!("members = [\"@ana\", \"@ben\"]\n{sections}"),
    )
}

fn change(from: &str, members: &str) -> String {
    format!("[[teams.cloud.rotations.changes]]\nfrom = {from}\nmembers = {members}\n")
}

#[test]
fn members_change_from_a_date_or_a_time_on() {
    let changes = [
        change("\"2026-12-01\"", "[\"@ana\", \"@cleo\"]"),
        change("2026-12-08", "[\"@cleo\"]"),
        change("\"2026-12-08 09:00\"", "[\"@ana\", \"@ben\", \"@cleo\"]"),
        change("2026-12-14T18:00:00", "[\"@ben\"]"),
    ];
    let file = right(&rotating(&changes.concat()));
    let rotation = &file.teams[0].rotations[0];
    let from: Vec<String> = rotation.changes.iter().map(|change| change.from.to_string()).collect();
    assert_eq!(
        from,
        [
            "2026-12-01 00:00:00",
            "2026-12-08 00:00:00",
            "2026-12-08 09:00:00",
            "2026-12-14 18:00:00"
        ]
    );
    let summary = super::summary(&file, "2026-12-01T12:00:00Z".parse().unwrap());
    assert!(summary.contains("3 people"), "{summary}");
    // Ben has his turn from Monday 30 November on and leaves; ana comes after him as before.
    assert!(
        summary.contains("primary  @ben until Mon 2026-12-07 09:00 (Europe/Berlin), then @ana"),
        "{summary}"
    );
}

#[test]
fn mistakes_in_changes_point_into_the_file() {
    let both = |first: &str, second: &str| change(first, "[\"@ana\"]") + &change(second, "[\"@ben\"]");
    let mut sentences = Vec::new();
    for sections in [
        both("\"2026-12-08\"", "\"2026-12-01\""),
        both("\"2026-12-01\"", "\"2026-12-01 00:00\""),
        change("\"2026-01-05 09:00\"", "[\"@ana\"]"),
        change("\"2025-12-01\"", "[\"@ana\"]"),
        change("\"2026-12-01\"", "[]"),
        change("\"2026-12-01\"", "[\"ana\"]"),
        change("\"December\"", "[\"@ana\"]"),
        change("\"1926-12-01\"", "[\"@ana\"]"),
        change("\"2026-03-29 02:30\"", "[\"@ana\"]"),
        "[[teams.cloud.rotations.changes]]\nmembers = [\"@ana\"]\n".to_owned(),
        "[[teams.cloud.rotations.changes]]\nfrom = \"2026-12-01\"\n".to_owned(),
        "[[teams.cloud.rotations.changes]]\nfrom = \"2026-12-01\"\nmember = [\"@ana\"]\n".to_owned(),
        "[teams.cloud.rotations.changes]\nfrom = \"2026-12-01\"\nmembers = [\"@ana\"]\n".to_owned(),
    ] {
        sentences.push(said(&wrong(&rotating(&sections))));
    }
    insta::assert_snapshot!(sentences.join("\n\n"));
}

#[test]
fn the_second_place_of_a_mistake_is_shown_too() {
    let sections = change("\"2026-12-08\"", "[\"@ana\"]") + &change("\"2026-12-08\"", "[\"@ben\"]");
    insta::assert_snapshot!(wrong(&rotating(&sections)), @r#"
    error: two changes of a rotation begin at the same time
      --> nightbell.toml:17:8
       |
    14 | from = "2026-12-08"
       |        ------------ the first one
    ...
    17 | from = "2026-12-08"
       |        ^^^^^^^^^^^^
       |
       = help: keep the one that holds, or give each its own date
    "#);
}

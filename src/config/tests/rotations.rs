//! Rotations that change: members who join or leave, and freezes.

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

/// The sound file, with a second rotation and a freeze of these lines.
fn frozen(lines: &str) -> String {
    let second = "[[teams.cloud.rotations]]\nname = \"Second line\"\nstart = \"2026-01-05 09:00\"\nevery = \"1 day\"\n\
                  members = [\"@ben\"]\n";
    format!("{SOUND}{second}{lines}")
}

fn freeze(from: &str, to: &str, on_call: &str) -> String {
    format!("[[teams.cloud.freezes]]\nname = \"quiet\"\nfrom = {from}\nto = {to}\non_call = {on_call}\n")
}

const WHO: &str = "{ primary = \"@eve\", \"second line\" = \"nobody\" }";

#[test]
fn a_freeze_says_who_has_each_rotation() {
    let later = freeze("\"2027-01-02 09:00\"", "\"2027-01-04 09:00\"", WHO);
    let freezes = later + &freeze("2026-12-24T09:00:00", "\"2027-01-02 09:00\"", WHO) + "time_zone = \"Asia/Tokyo\"\n";
    let file = right(&frozen(&freezes));
    let [primary, second] = &file.teams[0].rotations[..] else {
        panic!()
    };
    let intervals = |rotation: &crate::config::Rotation| -> Vec<String> {
        let shown = |freeze: &crate::config::Freeze| {
            let who = freeze.who.as_ref().map(|who| who.value.to_string());
            format!("{} to {}: {who:?}", freeze.from, freeze.until)
        };
        rotation.freezes.iter().map(shown).collect()
    };
    assert_eq!(
        intervals(primary),
        [
            "2026-12-24 00:00:00 UTC to 2027-01-02 00:00:00 UTC: Some(\"@eve\")",
            "2027-01-02 08:00:00 UTC to 2027-01-04 08:00:00 UTC: Some(\"@eve\")",
        ]
    );
    assert!(intervals(second)[0].ends_with(": None"));
    let summary = super::summary(&file, "2027-01-03T12:00:00Z".parse().unwrap());
    assert!(summary.contains("3 people"), "{summary}");
    assert!(
        summary.contains("primary      @eve until Mon 2027-01-04 09:00 (Europe/Berlin), by the freeze quiet"),
        "{summary}"
    );
    assert!(
        summary.contains("Second line  nobody until Mon 2027-01-04 09:00"),
        "{summary}"
    );
}

#[test]
fn mistakes_in_freezes_point_into_the_file() {
    let (from, to) = ("\"2026-12-24 09:00\"", "\"2027-01-02 09:00\"");
    let mut sentences = Vec::new();
    for lines in [
        freeze(to, from, WHO),
        freeze(from, from, WHO),
        freeze(from, to, WHO) + &freeze("\"2027-01-02 08:59\"", "\"2027-01-03 09:00\"", WHO),
        freeze(from, "\"2026-12-26 09:00\"", WHO)
            + &freeze("\"2026-12-23 09:00\"", "\"2026-12-24 09:01\"", WHO)
            + &freeze("\"2026-12-26 09:00\"", to, WHO),
        freeze(from, to, "{ primary = \"@eve\" }"),
        freeze(
            from,
            to,
            "{ primry = \"@eve\", primary = \"@eve\", \"second line\" = \"nobody\" }",
        ),
        freeze(from, to, "{ primary = [\"@eve\"], \"second line\" = \"eve\" }"),
        freeze(from, to, "\"@eve\""),
        freeze("\"2026-12-24\"", "\"soon\"", WHO),
        freeze("\"2026-03-29 02:30\"", to, WHO),
        "[[teams.cloud.freezes]]\n".to_owned(),
        "[[teams.cloud.freezes]]\nmembers = [\"@eve\"]\n".to_owned(),
        freeze(from, to, WHO) + "time_zone = \"Berlin\"\n",
    ] {
        sentences.push(said(&wrong(&frozen(&lines))));
    }
    let nothing = SOUND.to_owned() + "[teams.web]\nchannel = \"#web\"\n[[teams.web.escalation]]\npage = [\"@ana\"]\n";
    let freeze = freeze(from, to, "{}").replace("cloud", "web");
    sentences.push(said(&wrong(&(nothing + &freeze))));
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

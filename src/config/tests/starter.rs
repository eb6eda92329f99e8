//! The configuration that `nightbell init` writes.

use super::super::starter::{STARTER, StarterError, write};
use super::right;

#[test]
fn the_starter_has_no_mistake_and_one_team_to_copy() {
    let file = right(STARTER);
    assert_eq!(file.teams.len(), 1);
    assert_eq!(file.teams[0].levels.len(), 2);
}

#[test]
fn every_setting_the_starter_hides_behind_a_hash_works_when_it_is_uncovered() {
    let uncovered: Vec<String> = STARTER
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(setting)
                if setting.starts_with('[') || setting.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                setting.to_owned()
            }
            _ => line.to_owned(),
        })
        .collect();
    let file = right(&uncovered.join("\n"));
    assert_eq!(file.workspace.admins.len(), 1);
    assert_eq!(file.intake.len(), 1);
    assert_eq!(file.actions.secrets.len(), 1);
    assert_eq!(file.teams[0].rotations[0].zone, chrono_tz::Tz::America__New_York);
    assert_eq!(file.teams[0].rotations[0].changes.len(), 1);
    assert_eq!(file.teams[0].rotations[0].freezes.len(), 1);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nightbell.toml");
    write(&path).unwrap();
    std::fs::write(&path, "mine").unwrap();
    assert!(matches!(write(&path), Err(StarterError::Exists(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
}

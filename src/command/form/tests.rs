//! Submissions, as Slack brings them.

use super::*;
use crate::command::tests::roster;
use crate::domain::alert::Raise;
use crate::domain::ids::{ChannelId, UserId};

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(block, text)| ((*block).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn a_complete_form_is_a_request() {
    let request = read(
        &fields(&[
            ("team", "cloud"),
            ("priority", "p1"),
            ("summary", " <disk> & full\u{0} "),
            ("service", ""),
        ]),
        &roster(),
    );
    let expected = Raise {
        team: TeamId::new("cloud"),
        summary: "<disk> & full".to_owned(),
        priority: Priority::P1,
        service: None,
        to: None,
        alike: Alike::Raise,
    };
    assert_eq!(request, Ok(Request::Raise(expected)));
}

#[test]
fn every_problem_is_on_its_field_and_all_come_at_once() {
    let problems = read(&BTreeMap::new(), &roster()).expect_err("nothing is filled in");
    assert_eq!(
        problems.into_iter().collect::<Vec<_>>(),
        ["priority", "summary", "team"].map(|field| (field.to_owned(), FieldProblem::Missing))
    );
    let service = "s".repeat(81);
    let summary = "ü".repeat(3001);
    let problems = read(
        &fields(&[
            ("team", "gone"),
            ("priority", "p9"),
            ("summary", &summary),
            ("service", &service),
        ]),
        &roster(),
    )
    .expect_err("nothing of it fits");
    let expected = [
        ("priority", FieldProblem::UnknownPriority),
        ("service", FieldProblem::TooLong { limit: 80 }),
        ("summary", FieldProblem::TooLong { limit: 3000 }),
        ("team", FieldProblem::UnknownTeam),
    ];
    assert_eq!(
        problems.into_iter().collect::<Vec<_>>(),
        expected.map(|(field, problem)| (field.to_owned(), problem))
    );
}

#[test]
fn a_summary_that_cannot_be_seen_is_missing() {
    let problems = read(
        &fields(&[
            ("team", "cloud"),
            ("priority", "p3"),
            ("summary", "\u{200b}\u{200d} \n"),
        ]),
        &roster(),
    )
    .expect_err("there is nothing to see");
    assert_eq!(problems.get("summary"), Some(&FieldProblem::Missing));
}

#[test]
fn ids_are_unique() {
    let mut blocks: Vec<&str> = Field::ALL.iter().map(|field| field.block_id()).collect();
    blocks.dedup();
    assert_eq!(blocks.len(), Field::ALL.len());
}

#[test]
fn a_long_draft_is_cut_between_characters_and_says_so() {
    assert_eq!(prefill("disk full"), Prefill::Whole("disk full"));
    let long = "🔥".repeat(2000);
    let Prefill::Cut(cut) = prefill(&long) else {
        panic!("it does not fit");
    };
    assert_eq!(cut.chars().count(), 1500);
}

#[test]
fn teams_come_by_name_in_groups_of_100() {
    let mut roster = roster();
    let names = |roster: &Roster| -> Vec<String> {
        let choices = team_choices(roster);
        choices.iter().flatten().map(|team| team.name.clone()).collect()
    };
    assert_eq!(names(&roster), ["Cloud", "Data Platform", "Payments"]);
    let cloud = roster.teams[&TeamId::new("cloud")].clone();
    for number in 0..150 {
        let id = TeamId::new(format!("team-{number}"));
        roster.teams.insert(id.clone(), Team { id, ..cloud.clone() });
    }
    assert_eq!(
        team_choices(&roster).iter().map(Vec::len).collect::<Vec<_>>(),
        [100, 53]
    );
}

#[test]
fn a_message_becomes_a_draft_as_it_was_read() {
    let roster = roster();
    let (by, channel) = (UserId::new("U1"), ChannelId::new("CPAYMENTS"));
    let speaker = Speaker {
        roster: &roster,
        by: &by,
        channel: &channel,
        now: chrono::DateTime::UNIX_EPOCH,
        here: None,
        incident: None,
        run: None,
    };
    let draft = draft_from_message("<@U2> checkout is &lt;slow&gt;", &speaker);
    assert_eq!(draft.summary, "@ben checkout is <slow>");
    assert_eq!(
        draft.team,
        Some(TeamId::new("payments")),
        "the team whose channel it is"
    );
    let draft = draft_from_message("checkout is slow for cloud", &speaker);
    assert_eq!(draft.summary, "checkout is slow for cloud", "nothing is taken away");
    assert_eq!(draft.team, Some(TeamId::new("cloud")));
}

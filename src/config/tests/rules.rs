//! Rules for bots' posts, and who may do what.

use super::mistakes::{SOUND, said};
use super::{right, wrong};
use crate::config::May;
use crate::domain::alert::AfterClearing;
use crate::domain::ids::TeamId;
use crate::domain::roster::Guests;

#[test]
fn who_may_do_what_is_anyone_the_team_or_people() {
    let file = right(&format!(
        "{SOUND}[teams.cloud.policy]\nresolve = \"Team\"\nassign = [\"@ana\", \"U03CLEO\"]\n"
    ));
    let policy = &file.teams[0].policy;
    assert_eq!((&policy.resolve, &policy.snooze), (&May::Team, &May::Anyone));
    assert!(matches!(&policy.assign, May::People(people) if people.len() == 2));
    assert_eq!(file.workspace.guests, Guests::KeptOut);
}

#[test]
fn a_rule_says_which_posts_are_alerts() {
    let file = right(&format!(
        "{SOUND}[[intake]]\nchannel = \"#alerts\"\ntitle = '^(?P<policy>.+) fires'\nfields = {{ Severity = \"critical\" }}\n\
         team = \"Cloud\"\npriority = \"p1\"\nkey = \"{{policy}}\"\ncleared = '^(?P<policy>.+) is over'\nresolve = true\n"
    ));
    let [rule] = file.intake.try_into().expect("one rule");
    assert_eq!(
        rule.criteria.team,
        TeamId::new("cloud"),
        "the key of the team, however it is named"
    );
    assert_eq!(rule.criteria.then, AfterClearing::Resolve);
    assert!(
        rule.criteria.fields.contains_key("severity"),
        "names of fields have no case"
    );
}

/// What is said about a rule with these lines beside its channel and team.
fn rule(lines: &str) -> String {
    let rule = format!("{SOUND}[[intake]]\nchannel = \"#alerts\"\nteam = \"cloud\"\n{lines}\n");
    said(&wrong(&rule))
}

#[test]
fn mistakes_in_rules_say_what_would_work() {
    let file = format!("{SOUND}[[intake]]\ntitle = \"x\"\n");
    let mut sentences = vec![said(&wrong(&file))];
    for lines in [
        "title = '('",
        "title = 'a{1000}{1000}'",
        "titel = 'x'",
        "priority = 'p9'",
        "resolve = 'yes'",
        "fields = 'severity'",
        "fields = { severity = '[' }",
        "key = '{policy}'",
        "key = '{policy'",
        "title = '(?P<policy>.+)'\ncleared = 'over'",
    ] {
        sentences.push(rule(lines));
    }
    let unknown = SOUND.to_owned() + "[[intake]]\nchannel = \"#alerts\"\nteam = \"clod\"\n";
    sentences.push(said(&wrong(&unknown)));
    for policy in ["resolve = 'nobody'", "resolve = []", "resolve = 7", "snooze = ['ana']"] {
        sentences.push(said(&wrong(&format!("{SOUND}[teams.cloud.policy]\n{policy}\n"))));
    }
    let guests = SOUND.replace("[workspace]\n", "[workspace]\nguests = \"maybe\"\n");
    sentences.push(said(&wrong(&guests)));
    insta::assert_snapshot!(sentences.join("\n\n"));
}

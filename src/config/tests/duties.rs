//! Duties of a team's shifts.

use super::mistakes::{SOUND, said};
use super::{right, wrong};
use crate::domain::duty::When;

fn with(duties: &str) -> String {
    format!("{SOUND}{duties}")
}

#[test]
fn a_duty_is_once_or_daily_for_the_first_rotation_unless_it_says_otherwise() {
    let file = right(&with(
        "[[teams.cloud.rotations]]\nname = \"Second\"\nstart = \"2026-01-05 09:00\"\nevery = \"1 week\"\nmembers = [\"@ben\"]\n\
         [[teams.cloud.duties]]\ntext = \"a\"\n\
         [[teams.cloud.duties]]\ntext = \"b\"\nwhen = \"At handoff\"\nrotation = \"second\"\n\
         [[teams.cloud.duties]]\ntext = \"c\"\nwhen = \"daily\"\nlink = \"https://example.com/?a=1&b=2\"\n\
         [[teams.cloud.duties]]\ntext = \"d\"\nwhen = \"daily at 16:30\"\n",
    ));
    let read: Vec<String> = file.teams[0]
        .duties
        .iter()
        .map(|duty| {
            let when = match duty.when {
                When::AtHandoff => "handoff".to_owned(),
                When::Daily(time) => time.to_string(),
            };
            format!("{} {when} {}", duty.text, duty.rotation)
        })
        .collect();
    assert_eq!(
        read,
        [
            "a handoff primary",
            "b handoff Second",
            "c 09:00:00 primary",
            "d 16:30:00 primary"
        ]
    );
}

#[test]
fn mistakes_in_duties_say_what_would_work() {
    let mut sentences = Vec::new();
    for lines in [
        "when = \"daily\"",
        "text = \"\"",
        "text = \"a\"\nwhen = \"weekly\"",
        "text = \"a\"\nwhen = \"daily 25:00\"",
        "text = \"a\"\nlink = \"example.com\"",
        "text = \"a\"\nlink = \"https://example.com/a|b\"",
        "text = \"a\"\nlink = \"javascript:alert(1)\"",
        "text = \"a\"\nrotation = \"primry\"",
        "text = \"a\"\nwhat = \"b\"",
        "text = \"a\"\n[[teams.cloud.duties]]\ntext = \"a\"",
    ] {
        sentences.push(said(&wrong(&with(&format!("[[teams.cloud.duties]]\n{lines}\n")))));
    }
    let many: Vec<String> = (0..13)
        .map(|number| format!("[[teams.cloud.duties]]\ntext = \"duty {number}\"\n"))
        .collect();
    sentences.push(said(&wrong(&with(&many.concat()))));
    let teamless = "[teams.leads]\nchannel = \"#leads\"\n[[teams.leads.escalation]]\npage = [\"@ana\"]\n\
                    [[teams.leads.duties]]\ntext = \"a\"\n";
    sentences.push(said(&wrong(&with(teamless))));
    insta::assert_snapshot!(sentences.join("\n\n"));
}

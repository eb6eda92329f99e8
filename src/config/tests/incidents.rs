//! `[incidents]` and its subscriptions: what is said of their mistakes.

use super::mistakes::{SOUND, said};
use super::{right, wrong};
use crate::domain::ids::TeamId;
use crate::domain::incident::{Level, Topic};

#[test]
fn standing_subscriptions_name_the_team_by_its_key() {
    let file = right(&format!(
        "{SOUND}\n[[incidents.subscriptions]]\nchannel = \"#support\"\nto = \"team:Cloud\"\nlevel = \"Status\"\n"
    ));
    let [standing] = file.incidents.standing.try_into().expect("one subscription");
    assert_eq!(standing.to, Topic::Team(TeamId::new("cloud")));
    assert_eq!(standing.level, Level::Status);
}

#[test]
fn mistakes_say_what_would_work() {
    let subscription = |lines: &str| format!("[[incidents.subscriptions]]\n{lines}");
    let rows = [
        "[incidents]\nchanels = [\"sev1\"]".to_owned(),
        "[incidents]\nchannels = [\"sev7\"]".to_owned(),
        "[incidents]\nroles = [\"scribe\"]".to_owned(),
        "[incidents]\nroles = [\"liaison\", \"Liaison\"]".to_owned(),
        "[incidents]\nupdates = { sev9 = \"1h\" }".to_owned(),
        "[incidents]\nlead_after = \"soon\"".to_owned(),
        subscription("channel = \"#support\""),
        subscription("to = \"all\""),
        subscription("channel = \"#support\"\nto = \"everything\""),
        subscription("channel = \"#support\"\nto = \"all\"\nlevel = \"much\""),
        subscription("channel = \"#support\"\nto = \"team:clowd\""),
        subscription("chanel = \"#support\"\nto = \"all\""),
    ];
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "{row}\n  {}",
                said(&wrong(&format!("{SOUND}\n{row}\n"))).replace('\n', "\n  ")
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

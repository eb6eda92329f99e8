//! The operator's own slash commands, with the examples that are shipped.

use nightbell::command::Shortcut;
use nightbell::config;
use nightbell::demo::{Configuration, Stage};
use tempfile::TempDir;

use crate::setting::stage_as;

fn examples() -> Vec<(String, String)> {
    vec![
        (
            "genie.toml".to_owned(),
            include_str!("../../commands/examples/genie.toml").to_owned(),
        ),
        (
            "pd-support.toml".to_owned(),
            include_str!("../../commands/examples/pd-support.toml").replace("for support", "for cloud"),
        ),
    ]
}

async fn stage() -> (Stage, TempDir) {
    stage_as(Configuration {
        commands: examples(),
        ..Configuration::default()
    })
    .await
}

async fn types(stage: &Stage, text: &str) -> String {
    let answer = stage.cleo.types("#ops", text).await.unwrap();
    stage.settles().await.unwrap();
    answer.map(|answer| answer.reads).unwrap_or_default()
}

#[tokio::test]
async fn the_shipped_examples_work_as_they_are() {
    let (stage, _folder) = stage().await;
    let raised = types(&stage, "/pd-support the phones are dead").await;
    assert!(
        raised.contains("A-1 P3 the phones are dead: paging @ben for Cloud"),
        "{raised}"
    );
    let raised = types(&stage, "/genie alert waiting for parts for cloud ops").await;
    assert!(raised.contains("A-2 P3 waiting for parts: paging @ben"), "{raised}");
    let urgent = types(&stage, "/genie alert checkout is down with P1 priority for payments").await;
    assert!(urgent.contains("A-3 P1 checkout is down: paging @dora"), "{urgent}");
    let who = types(&stage, "/genie whoisoncall cloud").await;
    assert!(who.contains("primary: @ben"), "{who}");
    let taken = types(&stage, "/genie ack 2").await;
    assert!(taken.contains("A-2 P3 waiting for parts is yours"), "{taken}");
    let noted = types(&stage, "/genie addNote they arrive on Monday to A-2").await;
    assert!(noted.contains("Noted"), "{noted}");
    let closed = types(&stage, "/genie close A-2").await;
    assert!(closed.contains("is resolved"), "{closed}");
    assert_eq!(stage.workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_does_not_fit_names_the_ways_and_gives_the_words_back() {
    let (stage, _folder) = stage().await;
    let answer = types(&stage, "/genie rota of <everything>").await;
    assert!(answer.contains("/genie alert <message> for <team>"), "{answer}");
    assert!(answer.contains("/genie rota of <everything>"), "{answer}");
    let team = types(&stage, "/genie alert disk full for clod").await;
    assert!(team.contains("There is no team called `clod`"), "{team}");
    assert!(team.contains("disk full"), "{team}");
}

fn mistakes(sources: &[(&str, &str)]) -> String {
    match config::read_shortcuts(sources) {
        Ok(shortcuts) => panic!("{shortcuts:?}"),
        Err(files) => files.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"),
    }
}

#[test]
fn collisions_and_mistakes_are_shown_with_file_line_and_caret() {
    let usage = "[[usage]]\npattern = \"<message>\"\nmeans = \"/alert <message> for cloud\"\n";
    let ours = format!("command = \"/Alert\"\ndescription = \"d\"\n{usage}");
    let twice = format!("command = \"/page\"\ndescription = \"d\"\n{usage}");
    let odd = format!("command = \"page me\"\ndescription = \"d\"\n{usage}");
    let lost = "command = \"/x\"\ndescription = \"d\"\n[[usage]]\npattern = \"<message>\"\nmeans = \"/alert disk for cloud\"\n";
    let said = mistakes(&[
        ("a.toml", &ours),
        ("b.toml", &twice),
        ("c.toml", &twice),
        ("d.toml", &odd),
        ("e.toml", lost),
        ("f.toml", "command = \"/y\"\ndescripton = \"d\"\n"),
        ("g.toml", "command = \n"),
    ]);
    for part in [
        "`/Alert` is a command of Nightbell itself",
        "--> a.toml:1:11",
        "^^^^^^^^",
        "another file has `/page` already",
        "--> c.toml:1:11",
        "`page me` cannot be a slash command",
        "`<message>` would be lost",
        "--> e.toml:5:9",
        "has no key `descripton`",
        "it has no `[[usage]]`",
        "this is not TOML",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(!said.contains("b.toml"), "the first one is right:\n{said}");
}

#[test]
fn the_manifest_has_them() {
    let sources = examples();
    let sources: Vec<(&str, &str)> = sources
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let shortcuts: Vec<Shortcut> = config::read_shortcuts(&sources).unwrap();
    let manifest = nightbell::command::manifest::manifest(&shortcuts);
    let commands = manifest["features"]["slash_commands"].as_array().unwrap();
    let names: Vec<&str> = commands
        .iter()
        .filter_map(|command| command["command"].as_str())
        .collect();
    assert_eq!(
        names,
        ["/alert", "/oncall", "/incident", "/runbook", "/genie", "/pd-support"]
    );
}

//! What is said of shifts: at their change, of a person, of a time that makes no sense, and in long lists.

use nightbell::demo::Configuration;
use nightbell::domain::runbook::Library;

use crate::setting::{newest, quiet, stage_as, stage_with, types};

#[tokio::test]
async fn a_handoff_names_incidents_and_unfinished_runs() {
    let text = "---\nowner: cloud\n---\n# Restart it\n## Stop\nStop it.\n## Start\nStart it.\n";
    let readable = nightbell::runbooks::read(text, "runbooks/restart.md").unwrap();
    let (stage, _folder) = stage_as(Configuration {
        runbooks: Library::new([readable.runbook], Vec::new()),
        ..Configuration::default()
    })
    .await;
    for typed in [
        "/alert the API times out for cloud",
        "/alert ack 1 for 7d",
        "/incident declare sev3 Customers see errors",
        "/incident link A-1",
        "/incident declare sev4 Something of nobody",
        "/runbook run restart",
        "/runbook practice restart",
        "/oncall take cloud for 1h",
    ] {
        types(&stage, &stage.dora, typed).await;
    }
    let told = stage.workspace.messages("#cloud").into_iter();
    let handoff = told
        .rev()
        .find(|it| it.reads.starts_with("Handoff of Cloud (primary)"))
        .unwrap();
    for said in [
        "1 open alert:",
        "1 open incident:\nINC-1 SEV3 Customers see errors",
        "1 unfinished run:\nR-1 Restart it",
    ] {
        assert!(handoff.reads.contains(said), "{said}: {}", handoff.reads);
    }
    assert!(!handoff.reads.contains("INC-2"), "{}", handoff.reads);
    let direct = newest(&stage, &stage.dora);
    assert!(
        direct.reads.contains("INC-1") && direct.reads.contains("R-1"),
        "{}",
        direct.reads
    );
    quiet(&stage);
}

#[tokio::test]
async fn what_a_person_is_on_call_for_is_said() {
    let (stage, _folder) = stage_with("").await;
    for (typed, said) in [
        ("/oncall ben", "@ben is on call now:\nCloud (primary) until Mar 9 08:00"),
        ("/oncall @ana", "@ana is on call for nothing now."),
        ("/oncall dora", "The escalation policy of Payments names them."),
    ] {
        let answer = types(&stage, &stage.ana, typed).await;
        assert!(answer.contains(said), "{typed}: {answer}");
    }
    quiet(&stage);
}

#[tokio::test]
async fn an_end_before_the_beginning_is_refused_with_both() {
    let (stage, _folder) = stage_with("").await;
    let typed = "/oncall cover me from tomorrow 9:00 to tomorrow 8:00";
    let said = types(&stage, &stage.ben, typed).await;
    assert!(
        said.contains("It would end (Mar 4 07:00) before it begins (Mar 4 08:00)"),
        "{said}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn a_long_list_of_shifts_is_cut_nowhere() {
    let names: Vec<String> = (0..6)
        .map(|number| format!("a rotation with quite a long name, number {number}"))
        .collect();
    let rotations: Vec<String> = names
        .iter()
        .map(|name| {
            format!(
                "[[teams.web.rotations]]\nname = \"{name}\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 day\"\n\
                 members = [\"@ana\", \"@ben\"]\n"
            )
        })
        .collect();
    let team = format!(
        "[teams.web]\nname = \"A team with a long name\"\nchannel = \"#ops\"\n{}",
        rotations.concat()
    );
    let (stage, _folder) = stage_with(&team).await;
    let own = types(&stage, &stage.ana, "/oncall me").await;
    assert!(!own.contains('…'), "{own}");
    assert_eq!(own.lines().filter(|line| line.ends_with(')')).count(), 40, "{own}");
    quiet(&stage);
}

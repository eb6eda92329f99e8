//! What can be read without a network: the configuration, shortcuts and runbooks beside it.

use super::*;

#[tokio::test]
async fn the_manifest_and_the_check_know_the_shortcuts_beside_the_configuration() {
    let home = home();
    fs::create_dir(home.path().join("commands")).unwrap();
    let genie = include_str!("../../../../commands/examples/genie.toml");
    fs::write(home.path().join("commands/genie.toml"), genie).unwrap();
    // In a checkout, our own tables lie in the same folder.
    fs::write(
        home.path().join("commands/alert.toml"),
        include_str!("../../../../commands/alert.toml"),
    )
    .unwrap();
    let manifest = runs(home.path(), &["manifest"]).await;
    assert!(
        manifest.code == Some(0) && manifest.out.contains("\"/genie\""),
        "{}",
        manifest.err
    );
    assert_eq!(runs(home.path(), &["check"]).await.code, Some(0));
    fs::write(home.path().join("commands/mine.toml"), genie).unwrap();
    for command in ["check", "manifest"] {
        let collision = runs(home.path(), &[command]).await;
        assert_eq!(collision.code, Some(1));
        assert!(
            collision.err.contains("another file has `/genie` already")
                && collision.err.contains("commands/mine.toml:4:15"),
            "{command}: {}",
            collision.err
        );
    }
}

#[tokio::test]
async fn the_check_reads_the_runbooks_beside_the_configuration_too() {
    let home = home();
    let folder = home.path().join("runbooks");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("restart.md"),
        "---\nowner: paymnts\n---\n## Restart {{server}}\n",
    )
    .unwrap();
    let fine = runs(home.path(), &["check"]).await;
    assert_eq!(fine.code, Some(0), "{}", fine.err);
    for said in [
        "1 runbook in runbooks, with 1 step",
        "`{{server}}` is used here and not declared",
        "the team `paymnts` keeps it: did you mean `Payments`?",
    ] {
        assert!(fine.out.contains(said), "{said}: {}", fine.out);
    }
    let shown = runs(home.path(), &["runbook", "runbooks/restart.md"]).await;
    assert!(
        shown.code == Some(0) && shown.out.contains("1. Restart {{server}}"),
        "{}",
        shown.out
    );

    fs::write(folder.join("bad.md"), "## A\n\n- [on](#nowhere)\n").unwrap();
    for arguments in [&["check"][..], &["runbook", "runbooks/bad.md"]] {
        let bad = runs(home.path(), arguments).await;
        assert_eq!(bad.code, Some(1));
        assert!(
            bad.err.contains("this leads to `#nowhere`") && bad.err.contains("runbooks/bad.md:3:4"),
            "{}",
            bad.err
        );
    }
    let missing = runs(home.path(), &["runbook", "none.md"]).await;
    assert!(missing.err.contains("failed to read `none.md`"), "{}", missing.err);
}

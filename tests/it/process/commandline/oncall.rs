//! `nightbell oncall`: who is on call, without Slack.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_on_call_is_printed_with_reasons_also_while_the_bot_runs() {
    let (workspace, ana, home, child) = running().await;
    let taken = ana.types("#ops", "/oncall take cloud for 2h").await.unwrap().unwrap();
    assert!(
        taken.reads.contains("@ana is on call for Cloud (primary)"),
        "{}",
        taken.reads
    );
    let asks = async |more: &[&str]| runs(home.path(), &[&["oncall"], more].concat()).await;

    let now = asks(&["cloud ops"]).await;
    assert_eq!(now.code, Some(0), "{}", now.err);
    let lines: Vec<&str> = now.out.lines().map(str::trim).collect();
    assert!(
        lines[0].starts_with("Cloud, ") && lines[0].ends_with(" (Europe/Berlin)") && lines[1] == "level 1, for 5 min:",
        "{}",
        now.out
    );
    assert!(
        lines[2].starts_with("primary: @ana (O-1) until "),
        "the bot knows her name: {}",
        now.out
    );
    assert!(
        lines[3].starts_with("It is the turn of @") && lines[4].starts_with("@ana took it from "),
        "{}",
        now.out
    );
    assert!(!now.out.contains(['<', '*']), "no markup: {}", now.out);
    let others = asks(&["--at", "2026-03-02 09:00"]).await;
    let expected = "\
Cloud, Mon 2 Mar 2026 09:00 (Europe/Berlin)
  level 1, for 5 min:
    primary: @ben until Mon 9 Mar 2026 09:00, then @cleo
      It is the turn of @ben from Mon 2 Mar 2026 09:00 until Mon 9 Mar 2026 09:00.
  level 2, for 10 min:
    secondary: @cleo until Mon 9 Mar 2026 09:00, then @ben
      It is the turn of @cleo from Mon 2 Mar 2026 09:00 until Mon 9 Mar 2026 09:00.

Payments, Mon 2 Mar 2026 09:00 (Europe/Berlin)
  level 1, for 10 min:
    @dora
";
    assert_eq!(
        (others.out.as_str(), others.code),
        (expected, Some(0)),
        "{}",
        others.err
    );

    let calendar = asks(&["cloud", "--ics"]).await;
    assert_eq!(calendar.code, Some(0), "{}", calendar.err);
    assert!(calendar.out.starts_with("BEGIN:VCALENDAR\r\n") && calendar.out.ends_with("END:VCALENDAR\r\n"));
    assert!(
        calendar.out.contains("SUMMARY:@ana on call: Cloud (primary)\r\n"),
        "{}",
        calendar.out
    );
    stop(child, &workspace).await;

    let alone = asks(&["cloud"]).await;
    assert_eq!(alone.code, Some(0), "{}", alone.err);
    let id = format!("primary: {} (O-1) until ", ana.id());
    assert!(
        alone.out.contains(&id),
        "without a bot nobody knows her name: {}",
        alone.out
    );
    let again = asks(&["cloud", "--ics"]).await.out;
    let uids = |text: &str| -> Vec<String> {
        let lines = text.split("\r\n").filter(|line| line.starts_with("UID:"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(uids(&again), uids(&calendar.out), "the shifts have the same names");
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_said_about_on_call_is_said_with_what_would_work() {
    let home = home();
    let asks = async |more: &[&str]| {
        let ran = runs(home.path(), &[&["oncall"], more].concat()).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
        ran.err.trim_end().to_owned()
    };
    assert_eq!(
        asks(&[]).await,
        "there is no data folder data; `--data` names another, and `nightbell run` makes one"
    );
    fs::create_dir(home.path().join("data")).unwrap();
    assert_eq!(asks(&["clod"]).await, "there is no team `clod`; did you mean `cloud`?");
    assert_eq!(
        asks(&["zebra"]).await,
        "there is no team `zebra`; there are: `cloud`, `payments`"
    );
    let no_time = asks(&["--at", "soon"]).await;
    assert!(
        no_time.starts_with("`soon` is no time; write one like `now`, `in 2h`"),
        "{no_time}"
    );
    let skipped = asks(&["--at", "2026-03-29 02:30"]).await;
    assert!(
        skipped.contains("does not exist") && skipped.contains("`2026-03-29 03:00`"),
        "{skipped}"
    );
    let empty = asks(&["payments", "--ics"]).await;
    assert!(
        empty.starts_with("nobody is on call in the 90 days after that"),
        "{empty}"
    );
    let missing = asks(&["--config", "none.toml"]).await;
    assert!(missing.contains("none.toml"), "{missing}");
}

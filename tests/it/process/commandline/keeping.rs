//! Backup, restore, export and the journal: what is stored, in other hands.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_the_running_bot_is_restored_and_goes_on() {
    let (workspace, ana, home, child) = running().await;
    ana.types("#ops", "/alert the API times out for cloud").await.unwrap();
    let saved = runs(home.path(), &["backup", "monday"]).await;
    assert_eq!(saved.code, Some(0), "{}", saved.err);
    let twice = runs(home.path(), &["backup", "monday"]).await;
    assert!(
        twice.code == Some(1) && twice.err.contains("is there already"),
        "{}",
        twice.err
    );
    ana.types("#ops", "/alert the queue is full for cloud").await.unwrap();
    let busy = runs(home.path(), &["restore", "monday"]).await;
    assert!(
        busy.code == Some(1) && busy.err.contains("in use by another Nightbell"),
        "{}",
        busy.err
    );
    stop(child, &workspace).await;

    let none = runs(home.path(), &["restore", "tuesday"]).await;
    assert!(
        none.code == Some(1) && none.err.contains("failed to open `tuesday`"),
        "{}",
        none.err
    );
    let restored = runs(home.path(), &["restore", "monday"]).await;
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    assert!(
        restored.out.contains("what was there is kept as data.before-"),
        "{}",
        restored.out
    );
    let child = start(&workspace, &home).await;
    assert!(shows(&ana, "A-1").await.contains("the API times out"));
    assert!(shows(&ana, "A-2").await.contains("There is no alert A-2"));
    let raised = ana
        .types("#ops", "/alert something new for payments")
        .await
        .unwrap()
        .unwrap();
    assert!(raised.reads.starts_with("A-2 P3 something new"), "{}", raised.reads);
    stop(child, &workspace).await;
    let still = runs(home.path(), &["backup", "at-rest"]).await;
    assert_eq!(still.code, Some(0), "also without a bot: {}", still.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn export_and_journal_read_a_running_bot_and_one_that_is_not() {
    let (workspace, ana, home, child) = running().await;
    ana.types("#ops", "/alert the API times out for cloud").await.unwrap();
    ana.types("#ops", "/alert note 1 looking at it").await.unwrap();
    ana.types("#ops", "/incident declare sev3 customers cannot log in")
        .await
        .unwrap();
    let exported = async |child: Option<Child>| {
        let out = runs(home.path(), &["export"]).await;
        let journal = runs(home.path(), &["journal", "A-1"]).await;
        let incident = runs(home.path(), &["journal", "inc-1"]).await;
        let whole = runs(home.path(), &["journal"]).await;
        let nonsense = runs(home.path(), &["journal", "X-1"]).await;
        if let Some(child) = child {
            stop(child, &workspace).await;
        }
        assert!(
            out.code == Some(0) && journal.code == Some(0),
            "{} {}",
            out.err,
            journal.err
        );
        let lines: Vec<Value> = out
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let [alert, declared] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert_eq!(
            (&alert["kind"], &alert["summary"]),
            (&json!("alert"), &json!("the API times out"))
        );
        assert_eq!(
            (&declared["kind"], &declared["title"]),
            (&json!("incident"), &json!("customers cannot log in"))
        );
        let noted = alert["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .any(|moment| moment["what"]["text"] == "looking at it");
        assert!(noted, "{alert}");
        assert!(journal.out.contains("A-1 noted: "), "{}", journal.out);
        assert!(
            incident.out.contains("INC-1 declared: ") && !incident.out.contains("A-1"),
            "{}",
            incident.out
        );
        assert_eq!(whole.out.matches("A-1 raised").count(), 1, "{}", whole.out);
        assert!(whole.out.contains("INC-1 declared: "), "{}", whole.out);
        assert!(
            nonsense.code == Some(1) && nonsense.err.contains("`INC-3`"),
            "{}",
            nonsense.err
        );
    };
    exported(Some(child)).await;
    exported(None).await;
    let left: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("copy"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "no copy is left behind");
}

//! The stored shape of what is kept.

use super::*;

#[test]
fn a_report_kept_by_an_older_version_is_read() {
    let kept = r#"{"message":"disk full","team":"cloud","from":"cron"}"#;
    let cry: Cry = serde_json::from_str(kept).unwrap();
    let report = cry.report();
    assert_eq!(report.team, TeamId::new("cloud"));
    assert_eq!(report.key, None);
    assert!(matches!(
        report.what,
        Observation::Firing(Firing {
            priority: Priority::P3,
            ..
        })
    ));
}

//! Bots' posts and what they mean; among them the nine policies of a build tracker.

use regex::Regex;

use super::*;

fn channel(id: &str) -> ChannelId {
    ChannelId::new(id)
}

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?m){text}")).unwrap()
}

fn template(text: &str) -> Template {
    Template::new(text).unwrap()
}

fn criteria() -> Criteria {
    Criteria {
        from: None,
        text: None,
        title: None,
        colour: None,
        fields: BTreeMap::new(),
        team: TeamId::new("cloud"),
        priority: Priority::P3,
        service: None,
        summary: None,
        key: None,
        cleared: None,
        then: AfterClearing::Tell,
    }
}

fn rule(criteria: Criteria) -> Rule {
    Rule {
        channel: channel("C1"),
        place: "#alerts".to_owned(),
        criteria,
    }
}

/// What a monitor of a cloud writes: an attachment with a title, a colour and fields.
fn post(title: &str, colour: &str, fields: &[(&str, &str)]) -> Post {
    Post {
        channel: channel("C1"),
        author: "Cloud Monitoring".to_owned(),
        text: String::new(),
        attachments: vec![Attachment {
            title: title.to_owned(),
            text: "measured over 5 min".to_owned(),
            colour: colour.to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }],
    }
}

fn only(reports: Vec<Report>) -> Report {
    let [report] = reports.try_into().expect("one report");
    report
}

fn firing(report: &Report) -> &Firing {
    match &report.what {
        Observation::Firing(firing) => firing,
        Observation::Cleared { .. } => panic!("it is firing"),
    }
}

#[test]
fn the_policies_of_a_build_tracker_page_when_critical_and_are_shown_when_not() {
    let title = Some(pattern(r"^\[ALERT\] (?P<policy>.+) on (?P<service>.+)"));
    let cleared = Some(pattern(r"^\[RESOLVED\] (?P<policy>.+) on (?P<service>.+)"));
    let severity = |word: &str| BTreeMap::from([("severity".to_owned(), pattern(&format!("(?i)^{word}$")))]);
    let with = |priority, word: &str| {
        rule(Criteria {
            title: title.clone(),
            fields: severity(word),
            priority,
            service: Some(template("{service}")),
            summary: Some(template("{policy}: {title}")),
            key: Some(template("{service}/{policy}")),
            cleared: cleared.clone(),
            then: AfterClearing::Resolve,
            ..criteria()
        })
    };
    let rules = [with(Priority::P1, "critical"), with(Priority::P4, "warning")];
    let policies = [
        ("High container CPU use", "WARNING", Priority::P4),
        ("High container memory use", "WARNING", Priority::P4),
        ("Container startup latency", "WARNING", Priority::P4),
        ("Redis: CPU", "WARNING", Priority::P4),
        ("Redis: failover", "WARNING", Priority::P4),
        ("Redis: memory", "WARNING", Priority::P4),
        ("Pending requests", "WARNING", Priority::P4),
        ("Instance precondition failed", "WARNING", Priority::P4),
        ("External uptime check", "CRITICAL", Priority::P1),
    ];
    for (policy, severity, priority) in policies {
        let fired = post(
            &format!("[ALERT] {policy} on build-tracker"),
            "danger",
            &[("Severity", severity)],
        );
        let report = only(reports(&rules, &fired));
        assert_eq!(report.key.as_deref(), Some(format!("build-tracker/{policy}").as_str()));
        assert_eq!(report.source, "Cloud Monitoring in #alerts");
        let firing = firing(&report);
        assert_eq!(
            (firing.priority, firing.service.as_deref()),
            (priority, Some("build-tracker"))
        );
        assert!(firing.summary.starts_with(&format!("{policy}: [ALERT]")));
        assert_eq!(firing.labels["Severity"], severity);
        let over = post(
            &format!("[RESOLVED] {policy} on build-tracker"),
            "good",
            &[("Severity", severity)],
        );
        let cleared = only(reports(&rules, &over));
        assert_eq!(cleared.key, report.key, "both are about the same thing");
        assert_eq!(
            cleared.what,
            Observation::Cleared {
                then: AfterClearing::Resolve
            }
        );
    }
    assert_eq!(reports(&rules, &post("Deployed build-tracker 1.2", "good", &[])), []);
}

#[test]
fn every_pattern_that_is_given_has_to_be_found() {
    let strict = Criteria {
        from: Some(pattern("Monitoring")),
        text: Some(pattern("5 min")),
        title: Some(pattern("down")),
        colour: Some(pattern("danger|#d00")),
        fields: BTreeMap::from([("host".to_owned(), pattern("^db"))]),
        ..criteria()
    };
    let rules = [rule(strict)];
    let fits = post("it is down", "danger", &[(" Host ", "db-3")]);
    assert_eq!(reports(&rules, &fits).len(), 1);
    let without = |change: &dyn Fn(&mut Post)| {
        let mut post = fits.clone();
        change(&mut post);
        reports(&rules, &post).len()
    };
    assert_eq!(without(&|post| post.author = "Jenkins".to_owned()), 0);
    assert_eq!(without(&|post| post.attachments[0].text.clear()), 0);
    assert_eq!(without(&|post| post.attachments[0].title = "up".to_owned()), 0);
    assert_eq!(without(&|post| post.attachments[0].colour = "good".to_owned()), 0);
    assert_eq!(without(&|post| post.attachments[0].fields.clear()), 0);
    assert_eq!(without(&|post| post.channel = channel("C2")), 0);
}

#[test]
fn without_a_key_the_same_words_are_the_same_thing() {
    let rules = [rule(criteria())];
    let plain = Post {
        channel: channel("C1"),
        author: String::new(),
        text: "disk full on db-3\nsince 10:00".to_owned(),
        attachments: Vec::new(),
    };
    let report = only(reports(&rules, &plain));
    assert_eq!(firing(&report).summary, "disk full on db-3");
    assert_eq!(report.key.as_deref(), Some("disk full on db-3"));
    assert_eq!(report.source, "a program in #alerts");
}

#[test]
fn the_first_rule_that_fits_decides_and_each_attachment_is_a_report() {
    let urgent = Criteria {
        title: Some(pattern("down")),
        priority: Priority::P1,
        ..criteria()
    };
    let rules = [rule(urgent), rule(criteria())];
    let mut post = post("db is down", "", &[]);
    let mut slow = post.attachments[0].clone();
    slow.title = "db is slow".to_owned();
    post.attachments.push(slow);
    let priorities: Vec<Priority> = reports(&rules, &post)
        .iter()
        .map(|report| firing(report).priority)
        .collect();
    assert_eq!(priorities, [Priority::P1, Priority::P3]);
    post.attachments = vec![post.attachments[0].clone(); 100];
    assert_eq!(reports(&rules, &post).len(), REPORTS);
}

#[test]
fn a_post_that_clears_without_saying_what_is_left_alone() {
    let rules = [rule(Criteria {
        title: Some(pattern("^ALERT (?P<policy>.+)")),
        key: Some(template("{policy}")),
        cleared: Some(pattern("^good$")),
        ..criteria()
    })];
    assert_eq!(reports(&rules, &post("all is well", "good", &[])), []);
    let over = only(reports(&rules, &post("ALERT db", "good", &[])));
    assert_eq!(
        over.what,
        Observation::Cleared {
            then: AfterClearing::Tell
        }
    );
    assert_eq!(over.key.as_deref(), Some("db"), "the other pattern says what");
}

#[test]
fn empty_and_endless_posts_are_no_trouble() {
    let rules = [rule(criteria())];
    assert_eq!(
        reports(
            &rules,
            &Post {
                text: "  \n ".to_owned(),
                ..post("", "", &[])
            }
        )
        .len(),
        1
    );
    let nothing = Post {
        channel: channel("C1"),
        author: String::new(),
        text: String::new(),
        attachments: Vec::new(),
    };
    assert_eq!(reports(&rules, &nothing), []);
    let endless = Post {
        text: "x".repeat(1_000_000),
        ..nothing
    };
    let report = only(reports(&rules, &endless));
    assert_eq!(firing(&report).summary.chars().count(), LONGEST_SUMMARY);
    assert_eq!(report.key.map(|key| key.len()), Some(LONGEST_KEY));
}

#[test]
fn a_blank_that_nothing_fills_is_found() {
    let template = Template::new("{policy} on {host}: {title}").unwrap();
    assert_eq!(template.unfilled(&["policy"]), Some("host"));
    assert_eq!(template.unfilled(&["policy", "host"]), None);
    assert_eq!(Template::new("{policy"), Err(TemplateError));
}

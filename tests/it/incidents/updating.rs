//! What readers are told: templates, and putting any of it right.

use nightbell::demo::Stage;
use nightbell::sim::{Fill, OpenView, Submitted};
use tempfile::TempDir;

use super::{card, has, lines, opens, quiet, submits, thread, types};
use crate::setting::{stage, stage_with};

const TEMPLATES: &str = r#"
[[templates]]
name = "outage"
severity = ["sev1", "sev2", "sev3"]
broken = "{services} cannot be reached ({id}, {severity})"
affected = "{scope}"
workaround = "none known yet; {lead} looks"
next = "we say more in 30 minutes"

[[templates]]
name = "vendor trouble"
broken = "{title}"
upstream = "https://status.example.com"

[[templates]]
name = "all clear"
status = "monitoring"
next = "we watch it for a day"
"#;

async fn with_templates() -> (Stage, TempDir) {
    let (stage, folder) = stage_with(TEMPLATES).await;
    types(&stage, &stage.ana, "/incident").await;
    let form = stage.workspace.views(&stage.ana).pop().expect("a form");
    let fields = [
        ("title", Fill::Text("Checkout times out")),
        ("scope", Fill::Choice("several")),
        ("services", Fill::Text("checkout, Payments,, CHECKOUT ")),
    ];
    assert_eq!(submits(&stage, &stage.ana, &form, &fields).await, Submitted::Closed);
    (stage, folder)
}

fn form(stage: &Stage) -> OpenView {
    stage.workspace.views(&stage.ana).pop().expect("a form")
}

#[tokio::test]
async fn a_template_fills_the_form_in_and_what_was_typed_stays() {
    let (stage, _folder) = with_templates().await;
    types(&stage, &stage.ana, "/incident lead @ben").await;
    let opened = opens(&stage, &stage.ana, &card(&stage), "Update…").await;
    assert!(opened.reads.contains("From a template"), "{}", opened.reads);
    assert!(
        !opened.reads.contains("all clear"),
        "it is for another status: {}",
        opened.reads
    );
    let typed = [("workaround", Fill::Text("pay by invoice"))];
    let picked = stage
        .ana
        .picks(&opened, "template", Fill::Choice("outage"), &typed)
        .await;
    picked.unwrap();
    stage.settles().await.unwrap();
    let filled = form(&stage);
    for words in [
        "checkout and Payments cannot be reached (INC-1, SEV3)",
        "several customers",
        "pay by invoice",
        "we say more in 30 minutes",
    ] {
        assert!(filled.reads.contains(words), "{words}: {}", filled.reads);
    }
    // Another template takes the place of the first one's words, and of nobody's own.
    let picked = stage
        .ana
        .picks(&filled, "template", Fill::Choice("vendor trouble"), &[])
        .await;
    picked.unwrap();
    stage.settles().await.unwrap();
    let other = form(&stage);
    assert!(
        other.reads.contains("https://status.example.com")
            && other.reads.contains("pay by invoice")
            && !other.reads.contains("we say more in 30 minutes"),
        "{}",
        other.reads
    );
    assert_eq!(submits(&stage, &stage.ana, &other, &[]).await, Submitted::Closed);
    let told = card(&stage).reads;
    assert!(
        told.contains("Broken: Checkout times out") && told.contains("Workaround: pay by invoice"),
        "{told}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn a_template_is_typed_and_said_too_and_nearly_its_name_is_told_to_nobody() {
    let (stage, _folder) = with_templates().await;
    types(&stage, &stage.ana, "/incident update with Vendor  Trouble").await;
    let typed = form(&stage);
    assert!(typed.reads.contains("https://status.example.com"), "{}", typed.reads);
    assert_eq!(submits(&stage, &stage.ana, &typed, &[]).await, Submitted::Closed);
    for wrong in ["/incident update with outtage", "/incident update with"] {
        let said = types(&stage, &stage.ana, wrong).await;
        assert!(
            said.contains("is not a template; there are `outage`, `vendor trouble` and `all clear`"),
            "{said}"
        );
    }
    let told = types(&stage, &stage.ana, "/incident update with luck it is over tonight").await;
    assert!(told.contains("readers are told"), "{told}");
    let asked = stage.ana.replies(&card(&stage), "@nightbell update with outage").await;
    asked.unwrap();
    stage.settles().await.unwrap();
    let offered = stage.workspace.ephemerals(&stage.ana).pop().expect("an answer");
    let opened = opens(&stage, &stage.ana, &offered, "Open the form").await;
    assert!(opened.reads.contains("none known yet; … looks"), "{}", opened.reads);
    quiet(&stage);
}

#[tokio::test]
async fn any_update_is_put_right_typed_by_form_and_from_the_thread() {
    let (stage, _folder) = stage().await;
    types(&stage, &stage.ana, "/incident declare Checkout times out").await;
    types(&stage, &stage.dora, "/incident subscribe").await;
    let none = types(&stage, &stage.ana, "/incident edit").await;
    assert!(none.contains("Nothing was told about INC-1 yet"), "{none}");
    for text in ["half of them", "all of them", "all of them"] {
        types(&stage, &stage.ana, &format!("/incident update {text}")).await;
    }
    let said = types(&stage, &stage.ben, "/incident edit 1 a third of them").await;
    assert!(said.contains("update 1 is put right"), "{said}");
    has(&thread(&stage), "Update 1, put right by @ben\na third of them");
    let told = lines(stage.workspace.dm(&stage.dora));
    has(&told, "Update 1, put right by @ben");
    let standing = told.iter().find(|line| line.starts_with("INC-1")).expect("her message");
    assert!(standing.contains("all of them"), "the last one stands: {standing}");
    let missing = types(&stage, &stage.ben, "/incident edit INC-1 7 nobody at all").await;
    assert!(
        missing.contains("INC-1 has no update 7; the last is 3.") && missing.contains("You wrote: nobody at all"),
        "{missing}"
    );
    let same = types(&stage, &stage.ben, "/incident edit 1 a third of them").await;
    assert!(same.contains("it says so already"), "{same}");
    // By form: the last one first, any other by the menu.
    let last = opens(&stage, &stage.ana, &card(&stage), "Edit the last update…").await;
    assert!(last.reads.contains("all of them"), "{}", last.reads);
    stage.ana.picks(&last, "which", Fill::Choice("1"), &[]).await.unwrap();
    stage.settles().await.unwrap();
    let first = form(&stage);
    assert!(first.reads.contains("a third of them"), "{}", first.reads);
    let fields = [("broken", Fill::Text("a quarter of them"))];
    assert_eq!(submits(&stage, &stage.ana, &first, &fields).await, Submitted::Closed);
    has(
        &thread(&stage),
        "Update 1, put right by @ana\nBroken: a quarter of them",
    );
    // From the thread, with words, and with the form behind a button.
    let words = stage
        .ana
        .replies(&card(&stage), "@nightbell edit 3 nobody any more")
        .await;
    words.unwrap();
    stage.settles().await.unwrap();
    assert!(card(&stage).reads.contains("nobody any more"), "{}", card(&stage).reads);
    let standing = lines(stage.workspace.dm(&stage.dora)).into_iter();
    let standing: Vec<String> = standing.filter(|line| line.starts_with("INC-1")).collect();
    assert!(standing[0].contains("nobody any more"), "{standing:?}");
    let button = stage.ana.replies(&card(&stage), "@nightbell edit 2").await;
    button.unwrap();
    stage.settles().await.unwrap();
    let offered = stage.workspace.ephemerals(&stage.ana).pop().expect("an answer");
    let second = opens(&stage, &stage.ana, &offered, "Open the form").await;
    let fields = [("broken", Fill::Text("all but one"))];
    assert_eq!(submits(&stage, &stage.ana, &second, &fields).await, Submitted::Closed);
    // Everything it ever said is kept.
    let listed = types(&stage, &stage.ben, "/incident updates").await;
    assert!(
        listed.contains("Update 1 by @ana")
            && listed.contains("before: a third of them · before that: half of them")
            && listed.contains("Broken: all but one"),
        "{listed}"
    );
    let timeline = types(&stage, &stage.ben, "/incident timeline").await;
    for words in ["Update 1 by @ana half of them", "Update 2 by @ana", "Update 3 by @ana"] {
        assert!(timeline.contains(words), "{words}: {timeline}");
    }
    types(&stage, &stage.ben, "/incident resolve INC-1 it is over").await;
    let late = types(&stage, &stage.ben, "/incident edit INC-1 2 all of them after all").await;
    assert!(late.contains("update 2 is put right"), "{late}");
    quiet(&stage);
}

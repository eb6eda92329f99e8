//! The story `nightbell demo` plays: somebody raises an alert, the first on call sleeps, the second answers and is asked
//! whether they are still on it; a monitor posts, and is snoozed until it says itself that it is over; somebody needs cover,
//! and somebody takes it; customers notice something, and it becomes an incident with a channel of its own; another one has a
//! runbook, which is stepped through beside it.

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use serde_json::json;

use super::{Configuration, Stage};
use crate::runbooks;
use crate::sim::{Fill, Line, Message, Person};

/// Plays the story in a workspace of its own and returns what people read.
///
/// # Errors
/// When the story does not go as it should.
pub async fn play() -> anyhow::Result<Vec<Line>> {
    let folder = std::env::temp_dir().join(format!("nightbell-demo-{}", std::process::id()));
    let played = told(folder.clone()).await;
    drop(std::fs::remove_dir_all(folder));
    played
}

async fn told(folder: std::path::PathBuf) -> anyhow::Result<Vec<Line>> {
    let configuration = Configuration {
        runbooks: runbooks::shipped(),
        ..Configuration::default()
    };
    let mut stage = Stage::open(folder, configuration).await?;
    a_teammate_raises(&stage).await?;
    a_monitor_raises(&stage).await?;
    somebody_needs_cover(&stage).await?;
    customers_notice(&stage).await?;
    a_runbook_fits(&stage).await?;
    let complaints = stage.workspace.complaints();
    ensure!(
        complaints.is_empty(),
        "Slack would have disliked: {}",
        complaints.join("; ")
    );
    stage.stop().await?;
    stage.workspace.stop();
    Ok(stage.workspace.transcript())
}

async fn a_teammate_raises(stage: &Stage) -> anyhow::Result<()> {
    let Stage { ana, cleo, .. } = stage;
    let typed = ana.types("#ops", "/alert the API times out for cloud").await;
    typed.ok().context("/alert was not answered")?;
    stage.settles().await?;

    // Ben is first on call, and sleeps.
    stage.passes(TimeDelta::minutes(5)).await?;
    stage.hand.advance(TimeDelta::minutes(2));
    presses(stage, cleo, "Acknowledge").await?;

    // Half an hour is soon over: Cleo is asked, and still on it.
    stage.passes(TimeDelta::minutes(25)).await?;
    presses(stage, cleo, "Still on it").await?;

    stage.passes(TimeDelta::minutes(9)).await?;
    says(
        stage,
        cleo,
        "#cloud",
        "resolve because a stuck connection pool was restarted",
    )
    .await
}

async fn a_monitor_raises(stage: &Stage) -> anyhow::Result<()> {
    let Stage { dora, .. } = stage;
    posts(stage, "[FIRING] External uptime check").await?;
    says(stage, dora, "#payments", "snooze 1h because it is being deployed").await?;
    // It repeats itself: that is counted, and wakes nobody.
    stage.passes(TimeDelta::minutes(20)).await?;
    posts(stage, "[FIRING] External uptime check").await?;
    stage.passes(TimeDelta::minutes(41)).await?;
    posts(stage, "[RESOLVED] External uptime check").await
}

async fn somebody_needs_cover(stage: &Stage) -> anyhow::Result<()> {
    let Stage { ben, cleo, .. } = stage;
    let typed = ben
        .types("#ops", "/oncall cover me from tomorrow 18:00 to 20:00 cloud")
        .await;
    typed.ok().context("/oncall was not answered")?;
    stage.settles().await?;
    presses(stage, cleo, "Take it").await?;
    // The evening comes: the team reads the handoff, and reads it again when Ben is back.
    stage.passes(TimeDelta::hours(22)).await?;
    let typed = ben.types("#ops", "/oncall cloud").await;
    typed.ok().context("/oncall was not answered")?;
    stage.settles().await
}

async fn customers_notice(stage: &Stage) -> anyhow::Result<()> {
    let Stage { ana, ben, dora, .. } = stage;
    let room = "#inc-1-checkout-times-out";
    let steps = [
        (dora, "#ops", "/incident subscribe to all"),
        (ana, "#cloud", "/incident declare sev2 Checkout times out"),
        (ben, room, "/incident lead @ben"),
        (ben, room, "/incident update customers cannot pay; invoices still work"),
        (ben, room, "/incident status identified the release of this morning"),
        (ben, room, "/incident action alert on the queue length for @ana"),
        (ben, room, "/incident resolve the release was rolled back"),
    ];
    for (who, channel, text) in steps {
        let typed = who.types(channel, text).await;
        typed.ok().with_context(|| format!("`{text}` was not answered"))?;
        stage.settles().await?;
        stage.passes(TimeDelta::minutes(3)).await?;
    }
    Ok(())
}

async fn a_runbook_fits(stage: &Stage) -> anyhow::Result<()> {
    let Stage { ana, ben, cleo, .. } = stage;
    let typed = ana
        .types("#ops", "/incident declare sev3 The frontend of acme does not respond")
        .await;
    typed.ok().context("/incident was not answered")?;
    stage.settles().await?;
    stage.passes(TimeDelta::minutes(2)).await?;

    // Its card offers what fits, and asks for what has to be known first.
    let card = newest(stage, "INC-2")?;
    let pressed = ben.clicks(&card, "Start runbook: Restart a customer's frontend").await;
    pressed.ok().context("the runbook was not offered")?;
    stage.settles().await?;
    let form = stage.workspace.views(ben).pop().context("there is no form")?;
    let submitted = ben.submits(&form, &[("value.slug", Fill::Text("acme"))]).await;
    submitted.ok().context("the form was not taken")?;
    stage.settles().await?;

    let run = newest(stage, "R-1")?;
    for (who, said) in [
        (ben, "by hand"),
        (ben, "two of the pods are restarting all the time"),
        (ben, "[Tick]"),
        (ben, "done"),
        (cleo, "[I have read this]"),
        (cleo, "done"),
        (ben, "done"),
    ] {
        stage.passes(TimeDelta::minutes(1)).await?;
        let said_or_pressed = match said.strip_prefix('[').and_then(|label| label.strip_suffix(']')) {
            Some(label) => {
                let cards = stage.workspace.thread(&run).into_iter().rev();
                let mut cards = cards.filter(|message| message.buttons().iter().any(|button| button == label));
                let card = cards.next().with_context(|| format!("no card has {label}"))?;
                who.clicks(&card, label).await
            }
            None => who.replies(&run, said).await.map(|_| ()),
        };
        said_or_pressed
            .ok()
            .with_context(|| format!("`{said}` was not answered"))?;
        stage.settles().await?;
    }
    let typed = ana
        .types("#ops", "/incident resolve INC-2 its frontend was restarted")
        .await;
    typed.ok().context("/incident was not answered")?;
    stage.settles().await
}

/// The newest message where incidents are that has some words.
fn newest(stage: &Stage, words: &str) -> anyhow::Result<Message> {
    let messages = stage.workspace.messages("#incidents").into_iter().rev();
    let mut found = messages.filter(|message| message.reads.contains(words));
    found
        .next()
        .with_context(|| format!("nothing in #incidents has {words}"))
}

pub(super) async fn posts(stage: &Stage, title: &str) -> anyhow::Result<()> {
    let attachments = json!([{
        "title": title,
        "fields": [{"title": "Severity", "value": "CRITICAL"}, {"title": "Region", "value": "europe-west1"}],
    }]);
    stage
        .workspace
        .bot_posts("#build-alerts", "Monitoring", title, &attachments);
    stage.settles().await
}

/// Presses a button of the newest direct message that has it.
async fn presses(stage: &Stage, who: &Person, label: &str) -> anyhow::Result<()> {
    let has_it = |message: &Message| message.buttons().iter().any(|button| button == label);
    let messages = stage.workspace.dm(who);
    let message = messages.into_iter().rev().find(has_it);
    let message = message.with_context(|| format!("{} has no button {label}", who.name()))?;
    let pressed = who.clicks(&message, label).await;
    pressed.ok().with_context(|| format!("[{label}] was not answered"))?;
    stage.settles().await
}

/// Replies in the thread of the newest card of a channel.
pub(super) async fn says(stage: &Stage, who: &Person, channel: &str, text: &str) -> anyhow::Result<()> {
    let card = stage.workspace.messages(channel).pop().context("there is no card")?;
    let said = who.replies(&card, text).await;
    said.ok().with_context(|| format!("`{text}` was not answered"))?;
    stage.settles().await
}

//! The workspace that people look at: nine people in five zones, five teams, and a day in which something has happened.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};

use super::story::{posts, says};
use super::{Configuration, Scenery, Stage};
use crate::runbooks;
use crate::sim::{Message, Person};

/// How long before now its story begins.
const BEFORE: TimeDelta = TimeDelta::hours(25);

/// Sets the stage, a day before `now`, without the bot.
pub(super) async fn furnish(data: PathBuf, now: DateTime<Utc>) -> anyhow::Result<Stage> {
    let scenery = Scenery {
        begins: now - BEFORE,
        people: &[
            ("emre", "Emre Yıldız", "Europe/Berlin"),
            ("farah", "Farah Haddad", "America/New_York"),
            ("goro", "Goro Tanaka", "Asia/Tokyo"),
            ("hana", "Hana Sato", "Asia/Tokyo"),
        ],
        channels: &[
            "general",
            "ops",
            "incidents",
            "cloud",
            "support",
            "pupper",
            "dev-experience",
            "payments",
            "alerts",
            "build-alerts",
        ],
        groups: &[
            ("support-oncall", "Support on call"),
            ("pupper-oncall", "Pupper on call"),
        ],
    };
    let configuration = Configuration {
        text: include_str!("showcase.toml").to_owned(),
        runbooks: runbooks::shipped(),
        ..Configuration::default()
    };
    Stage::furnish_with(data, configuration, &scenery).await
}

/// What happened since yesterday, until `now`.
pub(super) async fn happens(stage: &Stage, now: DateTime<Utc>) -> anyhow::Result<()> {
    let Stage { ana, ben, dora, .. } = stage;
    types(
        stage,
        dora,
        "#general",
        "Welcome to the demo :wave: Everything here is simulated, and the bot is the real one.",
    )
    .await?;
    types(
        stage,
        ana,
        "#ops",
        "/alert build runner 7 has no disk left for dev experience",
    )
    .await?;
    stage.passes(TimeDelta::minutes(4)).await?;
    presses(stage, "Acknowledge").await?;
    stage.passes(TimeDelta::minutes(17)).await?;
    says(stage, ben, "#dev-experience", "note the old images were never removed").await?;
    presses(stage, "Resolve").await?;

    stage.passes(TimeDelta::hours(5)).await?;
    posts(stage, "[FIRING] External uptime check").await?;
    stage.passes(TimeDelta::minutes(3)).await?;
    presses(stage, "Acknowledge").await?;
    stage.passes(TimeDelta::minutes(12)).await?;
    posts(stage, "[RESOLVED] External uptime check").await?;

    // Nobody answers at first, and the next level does.
    stage.passes(TimeDelta::hours(9)).await?;
    types(
        stage,
        ana,
        "#support",
        "/alert p2 one institution gets timeouts on every request for pupper",
    )
    .await?;
    stage.passes(TimeDelta::minutes(6)).await?;
    presses(stage, "Acknowledge").await?;
    stage.passes(TimeDelta::minutes(20)).await?;
    says(
        stage,
        dora,
        "#pupper",
        "resolve because their firewall was opened again",
    )
    .await?;

    types(
        stage,
        ben,
        "#cloud",
        "/oncall cover me from tomorrow 18:00 to 20:00 cloud",
    )
    .await?;
    stage.passes(now - TimeDelta::minutes(3) - stage.hand.now()).await?;
    steps(stage).await?;
    types(stage, ana, "#ops", "/alert the API times out for cloud").await?;
    types(
        stage,
        ana,
        "#ops",
        "I have raised an alert, customers are writing to us",
    )
    .await?;
    stage.passes(now - stage.hand.now()).await
}

/// A run in the middle of its runbook.
async fn steps(stage: &Stage) -> anyhow::Result<()> {
    let Stage { ben, cleo, .. } = stage;
    types(
        stage,
        ben,
        "#cloud",
        "/runbook run restart-cloud-frontend slug=acme-corp",
    )
    .await?;
    let thread = || -> anyhow::Result<Message> {
        let messages = stage.workspace.messages("#cloud").into_iter().rev();
        let mut heads = messages.filter(|message| message.reads.contains("Restart a customer's frontend"));
        heads.next().context("no run was started")
    };
    for (who, said) in [
        (ben, "the customer changed their site configuration an hour ago"),
        (ben, "by hand"),
        (cleo, "all pods are those of acme-corp"),
    ] {
        who.replies(&thread()?, said)
            .await
            .ok()
            .context("nothing could be said")?;
        stage.settles().await?;
    }
    Ok(())
}

async fn types(stage: &Stage, who: &Person, channel: &str, text: &str) -> anyhow::Result<()> {
    let typed = who.types(channel, text).await;
    typed.ok().with_context(|| format!("`{text}` was not answered"))?;
    stage.settles().await
}

/// Whoever has the newest message with this button presses it.
async fn presses(stage: &Stage, label: &str) -> anyhow::Result<()> {
    let has_it = |message: &Message| message.buttons().iter().any(|button| button == label);
    let people = stage.workspace.members().into_iter();
    let people = people.filter_map(|member| stage.workspace.person(&member.id));
    let newest = people
        .filter_map(|person| {
            let message = stage.workspace.dm(&person).into_iter().rev().find(has_it)?;
            Some((person, message))
        })
        .max_by(|(_, one), (_, other)| one.ts.cmp(&other.ts));
    let (person, message) = newest.with_context(|| format!("nobody has a button {label}"))?;
    let pressed = person.clicks(&message, label).await;
    pressed.ok().with_context(|| format!("[{label}] was not answered"))?;
    stage.settles().await
}

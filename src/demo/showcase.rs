//! The workspace that people look at: nine people in five zones, five teams, and a day in which something has happened.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::story::{posts, says};
use super::{Configuration, Scenery, Stage};
use crate::runbooks;
use crate::sim::{Message, Person};

/// How long before now its story begins.
pub(super) const BEFORE: TimeDelta = TimeDelta::hours(25);

/// Sets the stage, without the bot.
pub(super) async fn furnish(data: PathBuf, begins: DateTime<Utc>) -> anyhow::Result<Stage> {
    let scenery = Scenery {
        begins,
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
            "oncall-fallback",
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
    types(stage, dora, "#general", "Good morning :coffee:").await?;
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

    incident(
        stage,
        dora,
        "/incident declare sev2 Sign-in fails for everybody",
        &[
            "/incident lead @ben",
            "/incident update nobody can sign in; whoever is signed in can work",
            "/incident status identified the certificate expired",
            "/incident action alert a week before a certificate expires for @ben",
            "/incident resolve the certificate was renewed",
        ],
    )
    .await?;
    incident(
        stage,
        ana,
        "/incident declare sev4 The help page shows last year's prices",
        &["/incident lead @dora", "/incident resolve the page was published again"],
    )
    .await?;

    // Nobody answers at first, and the next level does.
    stage.passes(TimeDelta::hours(8)).await?;
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
    let hers = turn_of_dora(now) + Days::new(1);
    let swap = format!("/oncall swap @farah {hers} 02:00 for {} 02:00", hers + Days::new(1));
    types(stage, dora, "#pupper", &swap).await?;
    stage.passes(now - TimeDelta::minutes(3) - stage.hand.now()).await?;
    presses(stage, "Done").await?;
    steps(stage).await?;
    types(stage, ana, "#ops", "/alert the API times out for cloud").await?;
    types(stage, dora, "#support", "/incident declare sev2 Customers cannot pay").await?;
    types(
        stage,
        dora,
        "#support",
        "/runbook run outage for INC-3 service=checkout",
    )
    .await?;
    let run = head(stage, "#inc-3-customers-cannot-pay", "as of version")?;
    replies(stage, dora, &run, "it is ours").await?;
    types(
        stage,
        ana,
        "#ops",
        "I have raised an alert, customers are writing to us",
    )
    .await?;
    types(stage, dora, "#ops", WELCOME).await?;
    stage.passes(now - stage.hand.now()).await
}

/// What a newcomer reads first.
const WELCOME: &str = "\
Welcome :wave: Everything here is simulated, but for the bot: that is the real one. Some things to try:
1. Type `/alert checkout is slow for cloud` below, and look into #cloud.
2. In the menu at the top, act as whoever is paged, and press *Acknowledge*. Or answer nothing and push the clock: the \
next level is paged, and in the end everybody hears of it.
3. `/oncall cloud` says who is on call; `/incident declare sev2 checkout fails` opens a channel and invites people.
4. `/alert help`, `/oncall help`, `/incident help` and `/runbook help` say what else there is.
5. Under *Faults*, cut the bot's connections, restart it, or let Slack be down, and see what becomes of a page.";

/// Somebody declares an incident, and it is worked on, some minutes a step.
async fn incident(stage: &Stage, who: &Person, declared: &str, steps: &[&str]) -> anyhow::Result<()> {
    types(stage, who, "#ops", declared).await?;
    for step in steps {
        stage.passes(TimeDelta::minutes(6)).await?;
        types(stage, who, "#ops", step).await?;
    }
    Ok(())
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
    for (who, said) in [
        (ben, "the customer changed their site configuration an hour ago"),
        (ben, "by hand"),
        (cleo, "all pods are those of acme-corp"),
    ] {
        let run = head(stage, "#cloud", "as of version")?;
        replies(stage, who, &run, said).await?;
    }
    Ok(())
}

/// The newest message of a channel that has some words.
fn head(stage: &Stage, channel: &str, words: &str) -> anyhow::Result<Message> {
    let messages = stage.workspace.messages(channel).into_iter().rev();
    let mut heads = messages.filter(|message| message.reads.contains(words));
    heads
        .next()
        .with_context(|| format!("nothing in {channel} has {words}"))
}

async fn replies(stage: &Stage, who: &Person, to: &Message, said: &str) -> anyhow::Result<()> {
    who.replies(to, said).await.ok().context("nothing could be said")?;
    stage.settles().await
}

/// The next day on which Dora's turn in Pupper's rotation begins, that has not begun: she is the first of three.
fn turn_of_dora(now: DateTime<Utc>) -> NaiveDate {
    let begun = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default();
    let from = now.date_naive() + Days::new(1);
    let since = (from - begun).num_days().rem_euclid(3);
    from + Days::new(u64::try_from(3 - since).unwrap_or_default())
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

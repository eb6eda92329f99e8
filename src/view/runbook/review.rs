//! Runbooks that are to be looked through, told to whoever keeps them.

use crate::domain::Event;
use crate::domain::ids::{RunbookId, TeamId};
use crate::domain::runbook::ReviewEvent;
use crate::outbox::{Entry, Urgency};
use crate::slack::call::Message;
use crate::view::Scene;
use crate::view::blocks::{context, section};
use crate::view::calls::post;
use crate::view::text::{count, escape, headline, team};

/// How many are named; `/runbook list` has the rest.
const NAMED: usize = 40;

/// One message a team, in its channel; in the fallback channel where it has none, or nobody keeps them.
pub fn announce(scene: Scene<'_>, events: &[Event]) -> Vec<Entry> {
    let told = events.iter().filter_map(|event| match event {
        Event::Reviews {
            what: ReviewEvent::Told { team, runbooks },
        } => Some((team.as_ref(), runbooks)),
        _ => None,
    });
    let entries = told.map(|(team, runbooks)| {
        let fallback = &scene.roster.fallback;
        let own = team.and_then(|team| scene.roster.teams.get(team)?.channel.as_ref().ok());
        let message = late(scene, team, runbooks);
        let call = post(own.unwrap_or(fallback), None, message.clone());
        let subject = format!("reviews/{}", team.map_or("", TeamId::as_str));
        let mut entry = scene.entry(&subject, Urgency::Routine, call, crate::domain::Errand::Nothing);
        entry.otherwise = own
            .filter(|own| *own != fallback)
            .map(|_| post(fallback, None, message));
        entry
    });
    entries.collect()
}

fn late(scene: Scene<'_>, of: Option<&TeamId>, runbooks: &[RunbookId]) -> Message {
    let total = count(runbooks.len(), "runbook");
    let were = if runbooks.len() == 1 { "was" } else { "were" };
    let lead = match of {
        Some(of) => format!(
            ":book: {total} of {} {were} to be looked through by now.",
            team(scene.roster, of)
        ),
        None => format!(":book: {total} that no team keeps {were} to be looked through by now."),
    };
    let lines: Vec<String> = runbooks
        .iter()
        .take(NAMED)
        .filter_map(|id| scene.roster.runbooks.get(id))
        .map(|book| {
            let review = book.review.map(|review| format!(", by {}", review.format("%-d %b %Y")));
            format!(
                "• *{}* (`{}`){}",
                escape(&headline(&book.title, 150)),
                escape(&book.file),
                review.unwrap_or_default()
            )
        })
        .collect();
    let mut drawn = vec![section(&lead)];
    drawn.extend(lines.chunks(8).map(|some| section(&some.join("\n"))));
    if runbooks.len() > NAMED {
        let more = runbooks.len() - NAMED;
        drawn.push(context(&format!("… and {more} more.")));
    }
    let who = if of.is_none() {
        " `owner` says which team keeps it."
    } else {
        ""
    };
    drawn.push(context(&format!(
        "Is what they say still so? Then give `review` in the file a new date; without one, nobody is asked.{who}"
    )));
    crate::view::message(format!("{lead}\n{}", lines.join("\n")), drawn)
}

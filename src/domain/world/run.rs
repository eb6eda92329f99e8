//! Runs among everything else: what they are for, and where they go on when their thread is gone.

use super::World;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::oncall::Staff;
use crate::domain::run::{self, Event as Happened, Run, Start};
use crate::domain::{Errand, Event, Outcome, Refusal, alert};

impl World {
    /// Starts a run; the alert it is for remembers it.
    pub(super) fn start_run(&self, by: &UserId, start: &Start, staff: Staff<'_>) -> Result<Vec<Event>, Refusal> {
        let alert = start.alert.map(|id| self.known(id)).transpose()?;
        let id = crate::domain::ids::RunId(self.runs.last() + 1);
        let begun = run::start(&staff.runbooks, by, start).map_err(|refusal| Refusal::Run(Box::new(refusal)))?;
        let mut events: Vec<Event> = begun.into_iter().map(|what| Event::Run { id, what }).collect();
        // The alert comes after it, because its card shows the run.
        if let (Some(alert), Some(book)) = (alert, staff.runbooks.get(&start.runbook)) {
            let drill = if start.practice { " as a drill" } else { "" };
            let what = alert::Event::Noted {
                by: by.clone(),
                text: format!("started the runbook “{}” ({id}){drill}", book.title),
            };
            events.push(Event::Alert { id: alert.id, what });
        }
        Ok(events)
    }

    /// A message of a run was delivered, or never will be.
    pub(super) fn run_settled(&self, errand: &Errand, outcome: &Outcome, staff: Staff<'_>) -> Option<Event> {
        let (id, visit) = match errand {
            Errand::Root { run } => (*run, None),
            Errand::StepCard { run, visit } => (*run, Some(*visit)),
            _ => return None,
        };
        let run = self.runs.get(id)?;
        let what = match (outcome, visit) {
            (Outcome::Delivered(Some(at)), None) => Happened::RootPosted { at: at.clone() },
            (Outcome::Delivered(Some(at)), Some(visit)) => Happened::CardPosted { visit, at: at.clone() },
            // The thread of that card was given up before.
            (Outcome::Refused { .. }, Some(_)) if run.root.is_none() => return None,
            (Outcome::Refused { code }, _) if run.is_open() => Happened::Moved {
                code: code.clone(),
                to: self.elsewhere(run, staff)?,
            },
            (Outcome::Delivered(None) | Outcome::Refused { .. } | Outcome::Read(_), _) => return None,
        };
        Some(Event::Run { id, what })
    }

    /// Where a run goes on: where its alert is, where its team is, or where everything ends that has no place. Each is tried
    /// once.
    fn elsewhere(&self, run: &Run, staff: Staff<'_>) -> Option<ChannelId> {
        let alert = run.alert.and_then(|id| self.alerts.get(&id));
        let card = alert.and_then(|alert| alert.card_channel.clone().ok());
        let owner = run.runbook.owner.as_deref().and_then(|owner| staff.team_named(owner));
        let team = owner.and_then(|team| team.channel.clone().ok());
        let mut places: Vec<ChannelId> = card.into_iter().chain(team).chain([staff.fallback.clone()]).collect();
        places.dedup();
        match places.iter().position(|place| *place == run.channel) {
            Some(at) => places.into_iter().nth(at + 1),
            None => places.into_iter().next(),
        }
    }
}

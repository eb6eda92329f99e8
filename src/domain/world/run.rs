//! Runs among everything else: what they are for, and where they go on when their thread is gone.

use chrono::{DateTime, Utc};

use super::World;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, MessageRef, RunId, UserId};
use crate::domain::incident::{self, Incident};
use crate::domain::oncall::Staff;
use crate::domain::run::{self, Ask, Chapter, Event as Happened, Run, Start, Target};
use crate::domain::{Errand, Event, Outcome, Refusal, alert};

/// What the chat service says when the head of a thread was taken away and its channel is still there.
const HEAD_GONE: [&str; 3] = ["message_not_found", "thread_not_found", "cannot_reply_to_message"];
/// What it says when nothing can be written in a channel any more.
const CHANNEL_GONE: [&str; 3] = ["is_archived", "channel_not_found", "not_in_channel"];
/// How it goes on record that somebody took the head of a thread away.
const TAKEN_AWAY: &str = "message_deleted";

impl World {
    /// Starts a run; what it is for remembers it.
    pub(super) fn start_run(
        &self,
        by: &UserId,
        start: &Start,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let refused = |refusal| Refusal::Run(Box::new(refusal));
        start.alert.map(|id| self.known(id)).transpose()?;
        let incident = start.incident.map(|id| self.incidents.meant(Some(id)));
        incident.transpose().map_err(Refusal::Incident)?;
        if let Some(run) = self.runs.going(start) {
            let (id, by, channel) = (run.id, run.by.clone(), run.channel.clone());
            return Err(refused(run::Refusal::Going { id, by, channel }));
        }
        let id = RunId(self.runs.last() + 1);
        let begun = run::start(&staff.runbooks, by, start).map_err(refused)?;
        let run = begun.first().and_then(|event| Run::begin(id, event, now));
        let mut events: Vec<Event> = begun.into_iter().map(|what| Event::Run { id, what }).collect();
        // What it is for comes after it, because its card shows the run.
        events.extend(run.into_iter().flat_map(|run| self.told_of(&run, &run.beginning())));
        Ok(events)
    }

    /// What somebody asks of a run, and what whatever it is for hears of it.
    pub(super) fn go_on_with_run(
        &self,
        by: &UserId,
        target: Target,
        ask: &Ask,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let decided = self.runs.decide(by, target, ask, &staff.actions);
        let (id, happened) = decided.map_err(|refusal| Refusal::Run(Box::new(refusal)))?;
        let mut ended = Vec::new();
        if let Some(run) = self.runs.get(id).filter(|run| run.is_open()) {
            let mut run = run.clone();
            for event in &happened {
                run.apply(event, now);
            }
            ended.extend(run.end().into_iter().flat_map(|end| self.told_of(&run, &end)));
        }
        let events = happened.into_iter().map(|what| Event::Run { id, what });
        Ok(events.chain(ended).collect())
    }

    /// What a run is for keeps what became of it.
    fn told_of(&self, run: &Run, chapter: &Chapter) -> Vec<Event> {
        let alert = run.alert.filter(|id| self.alerts.contains_key(id));
        let of_alert = alert.map(|id| Event::Alert {
            id,
            what: alert::Event::Run(chapter.clone()),
        });
        let of_incidents = self.incidents_of(run).map(|incident| Event::Incident {
            id: incident.id,
            what: incident::Event::Run(chapter.clone()),
        });
        of_alert.into_iter().chain(of_incidents).collect()
    }

    /// The incidents in memory that a run counts for, the oldest first.
    pub fn incidents_of<'w>(&'w self, run: &'w Run) -> impl Iterator<Item = &'w Incident> {
        self.incidents.iter().filter(|incident| self.counts_for(run, incident))
    }

    /// The runs in memory that count for an incident, the oldest first.
    pub fn runs_of<'w>(&'w self, incident: &'w Incident) -> impl Iterator<Item = &'w Run> {
        self.runs.iter().filter(|run| self.counts_for(run, incident))
    }

    /// Whether a run is for an incident, for one that was merged into it, or for one of its alerts while it was open.
    fn counts_for(&self, run: &Run, incident: &Incident) -> bool {
        if run.incident.map(|id| self.incidents.successor(id)) == Some(incident.id) {
            return true;
        }
        let began_before_its_end = incident.ended_at.is_none_or(|end| run.at <= end);
        let is_one_of_its_alerts = run.alert.is_some_and(|alert| incident.alerts.contains(&alert));
        is_one_of_its_alerts && began_before_its_end && incident.merged_into.is_none()
    }

    /// Where something is worked on, and so its runs.
    pub fn place_of(&self, alert: Option<AlertId>, incident: Option<IncidentId>) -> Option<ChannelId> {
        let incident = incident.and_then(|id| self.incidents.get(self.incidents.successor(id)));
        let room = incident.and_then(|incident| incident.room().cloned());
        let board = incident.and_then(|incident| incident.card_channel.clone().ok());
        let alert = alert.and_then(|id| self.alerts.get(&id));
        let card = alert.and_then(|alert| alert.card_channel.clone().ok());
        room.or(board).or(card)
    }

    /// Runs that need not stay in memory: an open incident shows those that are for it, and asks at its end what is left to
    /// undo.
    pub fn retirable_runs(&self, now: DateTime<Utc>) -> Vec<RunId> {
        let over = self.runs.retirable(now);
        let is_free = |run: &&Run| !self.incidents_of(run).any(Incident::is_open);
        over.filter(is_free).map(|run| run.id).collect()
    }

    /// A message of a run was delivered, or never will be.
    pub(super) fn run_settled(&self, errand: &Errand, outcome: &Outcome, staff: Staff<'_>) -> Option<Event> {
        let id = match errand {
            Errand::Root { run, .. }
            | Errand::StepCard { run, .. }
            | Errand::RunThread { run, .. }
            | Errand::StepDrawn { run, .. } => *run,
            _ => return None,
        };
        let run = self.runs.get(id)?;
        if is_about_another_thread(run, errand) {
            return None;
        }
        let what = match (errand, outcome) {
            (Errand::Root { .. }, Outcome::Delivered(Some(at))) => Happened::RootPosted { at: at.clone() },
            (Errand::StepCard { visit, .. }, Outcome::Delivered(Some(at))) => Happened::CardPosted {
                visit: *visit,
                at: at.clone(),
            },
            (_, Outcome::Refused { .. }) if !run.is_open() => return None,
            // A thread that never took a card is not begun again in the same place, so that this ends.
            (Errand::StepCard { .. } | Errand::RunThread { .. }, Outcome::Refused { code })
                if HEAD_GONE.contains(&code.as_str()) && !run.cards.is_empty() =>
            {
                begun_again(run, code)
            }
            (Errand::StepDrawn { visit, .. }, Outcome::Refused { code }) if HEAD_GONE.contains(&code.as_str()) => {
                let is_current = run.current.as_ref().is_some_and(|current| current.visit == *visit);
                is_current.then_some(Happened::CardLost { visit: *visit })?
            }
            (Errand::RunThread { .. } | Errand::StepDrawn { .. }, Outcome::Refused { code })
                if !CHANNEL_GONE.contains(&code.as_str()) =>
            {
                return None;
            }
            (_, Outcome::Refused { code }) => moved(run, code, self.elsewhere(run, staff)?),
            (_, Outcome::Delivered(_) | Outcome::Read(_)) => return None,
        };
        Some(Event::Run { id, what })
    }

    /// Somebody took a message of ours away: the card of a step is posted again, a thread begins again.
    pub(super) fn card_or_head_gone(&self, at: &MessageRef) -> Option<Event> {
        let run = self.runs.get(self.runs.shown_by(at)?).filter(|run| run.is_open())?;
        let what = match self.runs.visit_shown_by(at) {
            None => begun_again(run, TAKEN_AWAY),
            Some(visit) => {
                let is_current = run.current.as_ref().is_some_and(|current| current.visit == visit);
                is_current.then_some(Happened::CardLost { visit })?
            }
        };
        Some(Event::Run { id: run.id, what })
    }

    /// Nothing can be written in a channel any more: its runs go on elsewhere.
    pub(super) fn runs_lost(&self, channel: &ChannelId, code: &str, staff: Staff<'_>) -> Vec<Event> {
        let there = self.runs.iter().filter(|run| run.is_open() && run.channel == *channel);
        let moved = there.filter_map(|run| {
            let what = moved(run, code, self.elsewhere(run, staff)?);
            Some(Event::Run { id: run.id, what })
        });
        moved.collect()
    }

    /// Where a run goes on: where its incident or alert is worked on, where its team is, or where everything ends that has no
    /// place. Each is tried once.
    fn elsewhere(&self, run: &Run, staff: Staff<'_>) -> Option<ChannelId> {
        let incidents: Vec<&Incident> = self.incidents_of(run).collect();
        let rooms = incidents.iter().filter_map(|incident| incident.room().cloned());
        let boards = incidents
            .iter()
            .filter_map(|incident| incident.card_channel.clone().ok());
        let card = self.place_of(run.alert, None);
        let owner = run.runbook.owner.as_deref().and_then(|owner| staff.team_named(owner));
        let team = owner.and_then(|team| team.channel.clone().ok());
        let last = [staff.fallback.clone()];
        let mut places: Vec<ChannelId> = Vec::new();
        for place in rooms.chain(boards).chain(card).chain(team).chain(last) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        match places.iter().position(|place| *place == run.channel) {
            Some(at) => places.into_iter().nth(at + 1),
            None => places.into_iter().next(),
        }
    }
}

/// Whether a message belonged to a thread that was given up since, or to a card that was lost.
fn is_about_another_thread(run: &Run, errand: &Errand) -> bool {
    match errand {
        Errand::Root { channel, .. } => channel.as_ref().is_some_and(|channel| *channel != run.channel),
        Errand::StepCard { under, .. } => run.root.is_none() || under.is_some() && *under != run.root,
        Errand::RunThread { under, .. } => run.root.as_ref() != Some(under),
        Errand::StepDrawn { visit, at, .. } => run.cards.get(visit) != Some(at),
        _ => false,
    }
}

fn begun_again(run: &Run, code: &str) -> Happened {
    moved(run, code, run.channel.clone())
}

fn moved(run: &Run, code: &str, to: ChannelId) -> Happened {
    let current = run.current.as_ref().map(|current| current.visit);
    Happened::Moved {
        code: code.to_owned(),
        to,
        left: current.and_then(|visit| run.cards.get(&visit).cloned()),
    }
}

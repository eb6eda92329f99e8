//! Runs among everything else: what they are for, and where they go on when their thread is gone.

use chrono::{DateTime, Utc};

use super::World;
use crate::domain::alert::Raise;
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
        let refused = |refusal| Refusal::Run(Box::new(refusal));
        let (id, happened) = self.runs.decide(by, target, ask, staff, now).map_err(refused)?;
        if let Some(run) = self.runs.get(id) {
            let asked = match ask {
                Ask::Page { page, fills } => Some((Some(*page), run.may_page(*page, *fills, staff))),
                Ask::Help => Some((None, self.help_for(run, staff, now))),
                _ => None,
            };
            if let Some((page, raise)) = asked {
                return self.paged_by_run(by, run, page, &raise.map_err(refused)?, staff, now);
            }
        }
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

    /// What is raised when somebody else is to help with a run's step.
    ///
    /// # Errors
    /// The refusal, for whoever wants it.
    pub fn help_for(&self, run: &Run, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Raise, run::Refusal> {
        let alert = run.alert.and_then(|id| self.alerts.get(&id)).map(|alert| &alert.team);
        let incidents = self.incidents_of(run).filter_map(|incident| incident.team.as_ref());
        let here = staff.team_of_channel(&run.channel).map(|team| &team.id);
        let teams: Vec<_> = alert.into_iter().chain(incidents).chain(here).collect();
        run.may_call_help(&teams, staff, now)
    }

    /// An alert that a step raises, and that its run and its incident know of it.
    fn paged_by_run(
        &self,
        by: &UserId,
        run: &Run,
        page: Option<usize>,
        asked: &Raise,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let (alert, team) = (AlertId(self.last_alert + 1), asked.team.clone());
        let raised = alert::raise(by, asked, staff, now)?;
        let mut events: Vec<Event> = raised
            .into_iter()
            .map(|what| Event::Alert { id: alert, what })
            .collect();
        if let Some(id) = run
            .incident
            .filter(|id| self.incidents.get(*id).is_some_and(Incident::is_open))
        {
            let by = by.clone();
            let what = incident::Event::AlertLinked { by, alert };
            events.push(Event::Incident { id, what });
        }
        let what = Happened::Paged {
            by: by.clone(),
            page,
            team,
            alert,
        };
        events.push(Event::Run { id: run.id, what });
        Ok(events)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::{Desk, channel, message, refused, roster, user};
    use crate::domain::incident::Severity;
    use crate::domain::runbook::{Runbook, Step, Values};

    const R1: RunId = RunId(1);
    const INC1: IncidentId = IncidentId(1);

    /// A run in #ops for an incident with a channel, of a runbook that Cloud keeps.
    fn desk() -> Desk {
        let mut desk = Desk::new(roster());
        let declared = incident::Event::Declared {
            by: user("ana"),
            title: "slow".to_owned(),
            severity: Severity::Sev2,
            scope: None,
            services: Vec::new(),
            team: None,
            alert: None,
            room: Some("inc-1-slow".to_owned()),
            people: Vec::new(),
            card: Ok(channel("board")),
            cadence: incident::Cadence::default(),
        };
        let opened = incident::Event::RoomOpened {
            channel: channel("room"),
            name: None,
        };
        let started = Happened::Started {
            by: user("ana"),
            runbook: Box::new(Runbook {
                owner: Some("cloud".to_owned()),
                steps: vec![Step::default(), Step::default()],
                ..Runbook::default()
            }),
            values: Values::new(),
            practice: false,
            alert: None,
            incident: Some(INC1),
            channel: channel("ops"),
        };
        for what in [declared, opened] {
            desk.world.apply(&Event::Incident { id: INC1, what }, desk.now);
        }
        desk.world.apply(&Event::Run { id: R1, what: started }, desk.now);
        desk
    }

    fn run(desk: &Desk) -> &Run {
        desk.world.runs().get(R1).expect("it was started")
    }

    #[test]
    fn each_place_is_tried_once_the_incidents_own_first_and_then_it_ends() {
        let mut desk = desk();
        let mut places = Vec::new();
        for _ in 0..10 {
            let before = run(&desk).channel.clone();
            let errand = Errand::Root {
                run: R1,
                channel: Some(before.clone()),
            };
            desk.settle_any(errand, refused("is_archived"));
            if run(&desk).channel == before {
                break;
            }
            places.push(run(&desk).channel.clone());
        }
        assert_eq!(
            places,
            ["room", "board", "cloud-alerts", "fallback"].map(channel),
            "and no further"
        );
    }

    #[test]
    fn a_loss_that_many_calls_report_begins_one_new_thread() {
        let mut desk = desk();
        let (old, card) = (message("ops", "1"), message("ops", "2"));
        for what in [
            Happened::RootPosted { at: old.clone() },
            Happened::CardPosted {
                visit: 1,
                at: card.clone(),
            },
        ] {
            desk.world.apply(&Event::Run { id: R1, what }, desk.now);
        }
        let under = || Errand::RunThread {
            run: R1,
            under: old.clone(),
        };
        desk.settle_any(under(), refused("invalid_blocks"));
        assert_eq!(run(&desk).moved, None, "a wording that is refused is no loss");
        desk.settle_any(under(), refused("message_not_found"));
        assert_eq!(run(&desk).moved.as_deref(), Some("message_not_found"));
        assert_eq!(
            (run(&desk).channel.clone(), run(&desk).root.clone()),
            (channel("ops"), None)
        );
        let new = message("ops", "3");
        let what = Happened::RootPosted { at: new.clone() };
        desk.world.apply(&Event::Run { id: R1, what }, desk.now);
        let late = Errand::StepCard {
            run: R1,
            visit: 1,
            under: Some(old.clone()),
        };
        desk.settle_any(under(), refused("thread_not_found"));
        desk.settle_any(late, refused("thread_not_found"));
        assert_eq!(run(&desk).root, Some(new.clone()), "the new thread stays");
        // A thread that takes no card at all is not begun in the same place for ever.
        let first = Errand::StepCard {
            run: R1,
            visit: 1,
            under: Some(new),
        };
        desk.settle_any(first, refused("thread_not_found"));
        assert_eq!(run(&desk).channel, channel("room"));
    }
}

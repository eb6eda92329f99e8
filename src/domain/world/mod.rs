//! Everything that is going on, in memory: open alerts and those that closed lately.
//!
//! Alerts that closed long ago are retired to the store's archive and come back only while somebody asks about them, so
//! that memory stays flat over the years.

mod incidents;
mod run;
mod settled;
mod time;
mod underwater;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::alert::{self, Alert, Alike, Observation, Page, Raise, Refusal, Report, Words};
use super::ids::{AlertId, MessageRef, OverrideId, RunId, UserId};
use super::incident::{Incidents, Subscriptions};
use super::oncall::{self, Override, Overrides, Staff, Watch, WatchEvent, Watches};
use super::permission::Deed;
use super::roster::Roster;
use super::run::{Run, Runs};
use super::runbook::Reviews;
use super::{Event, Input, Request};

/// How long a closed alert stays in memory.
const CLOSED_FOR: TimeDelta = TimeDelta::hours(1);
/// How many closed alerts stay in memory at the most.
const CLOSED_AT_MOST: usize = 200;
/// How long an alert is remembered when nearly the same is raised again, and how many of the newest are looked at.
const SIMILAR_WITHIN: TimeDelta = TimeDelta::minutes(30);
const SIMILAR_AMONG: usize = 100;
/// Nothing longer is compared, in bytes: whoever is asked back must be able to answer with a button that carries it all.
const SIMILAR_UP_TO: usize = 600;

/// The state that the journal's events add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct World {
    alerts: BTreeMap<AlertId, Alert>,
    last_alert: u64,
    overrides: Overrides,
    watches: Watches,
    incidents: Incidents,
    subscriptions: Subscriptions,
    runs: Runs,
    reviews: Reviews,
    /// When each alert needs us next; kept in step by [`World::apply`].
    deadlines: BTreeSet<(DateTime<Utc>, AlertId)>,
    /// When each closed alert closed.
    closed: BTreeSet<(DateTime<Utc>, AlertId)>,
    /// Which alert a message of ours shows.
    shown: HashMap<MessageRef, AlertId>,
    /// Alerts by the key their source knows them by.
    keys: BTreeSet<(String, AlertId)>,
}

/// The highest id of each kind ever given; 0 before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastIds {
    /// Of alerts.
    pub alert: u64,
    /// Of overrides.
    pub overriding: u64,
    /// Of watches.
    pub watch: u64,
    /// Of incidents.
    pub incident: u64,
    /// Of subscriptions.
    pub subscription: u64,
    /// Of runs.
    pub run: u64,
}

impl World {
    /// An empty world whose next ids follow the highest ever given.
    pub fn after(last: LastIds) -> Self {
        Self {
            last_alert: last.alert,
            overrides: Overrides::after(last.overriding),
            watches: Watches::after(last.watch),
            incidents: Incidents::after(last.incident),
            subscriptions: Subscriptions::after(last.subscription),
            runs: Runs::after(last.run),
            ..Self::default()
        }
    }

    /// The roster with what people agreed on: who is on call follows from it.
    pub fn staff<'a>(&'a self, roster: &'a Roster) -> Staff<'a> {
        Staff {
            roster,
            overrides: &self.overrides,
        }
    }

    /// What follows from an input; changes nothing.
    ///
    /// # Errors
    /// The refusal, for whoever asked.
    pub fn decide(&self, input: &Input, roster: &Roster, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let mut events = self.follows(input, roster, now)?;
        let mut turned = self.alerts_turned(&events);
        events.append(&mut turned);
        Ok(events)
    }

    fn follows(&self, input: &Input, roster: &Roster, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let staff = self.staff(roster);
        match input {
            Input::Asked { by, what } => self.asked(by, what, staff, now),
            Input::Reported(report) => self.reported(report, staff, now),
            Input::Tick => Ok(self.overdue(staff, now)),
            Input::LookAhead => {
                let warnings = self.watches.warnings(staff, now).into_iter();
                Ok(warnings.map(|(id, what)| Event::Watch { id, what }).collect())
            }
            Input::Started { unsent } => {
                let late = unsent
                    .iter()
                    .filter_map(|(id, queued)| Some((*id, self.alerts.get(id)?.unsent(*queued, now))));
                let mut events: Vec<Event> = late.flat_map(|(id, events)| about(id, events)).collect();
                let interrupted = self.runs.interrupted().into_iter();
                events.extend(interrupted.map(|(id, what)| Event::Run { id, what }));
                events.extend(self.overdue(staff, now));
                Ok(events)
            }
            Input::Answered(heard) => {
                let answered = self.runs.answered(heard).into_iter();
                Ok(answered.map(|what| Event::Run { id: heard.run, what }).collect())
            }
            Input::MessageGone { at } => Ok(self.card_or_head_gone(at).into_iter().collect()),
            Input::ChannelGone { channel, code } => {
                let mut events = self.lost(channel, code, roster);
                events.extend(self.runs_lost(channel, code, staff));
                Ok(events)
            }
            Input::Settled { errand, outcome } => Ok(self.settled(errand, outcome, staff, now)),
        }
    }

    fn asked(&self, by: &UserId, what: &Request, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        self.permitted(by, what, staff, now)?;
        let next = AlertId(self.last_alert + 1);
        let (id, events) = match what {
            Request::Raise(raise) => {
                if let Some(id) = self.similar(raise, now) {
                    return Err(Refusal::Similar { id });
                }
                (next, alert::raise(by, raise, staff, now)?)
            }
            Request::HandoffNote { team, text } => {
                let watch = staff.teams.get(team).and_then(|team| team.rotations.first());
                let watch = watch.and_then(|rotation| self.watches.of(team, &rotation.name));
                let refusal = oncall::Refusal::NoSuchRotation {
                    team: team.clone(),
                    rotation: None,
                };
                let id = watch.ok_or(Refusal::OnCall(refusal))?.id;
                let what = WatchEvent::NoteLeft {
                    by: by.clone(),
                    text: text.trim().to_owned(),
                };
                return Ok(vec![Event::Watch { id, what }]);
            }
            Request::Declare(_) | Request::Incident { .. } | Request::Subscription(_) => {
                return self.about_incidents(by, what, staff, now);
            }
            Request::OnCall(ask) => {
                let events = staff.decide(by, ask, now).map_err(Refusal::OnCall)?.into_iter();
                return Ok(events.map(|(id, what)| Event::OnCall { id, what }).collect());
            }
            Request::Underwater { team, text } => {
                return self.underwater(by, team.as_ref(), text.as_deref(), staff, now);
            }
            Request::Duty { task, how } => {
                let events = self
                    .watches
                    .answer(by, *task, *how, staff, now)
                    .map_err(Refusal::OnCall)?;
                let about = |what| Event::Watch { id: task.of, what };
                return Ok(events.into_iter().map(about).collect());
            }
            Request::StartRun(start) => return self.start_run(by, start, staff, now),
            Request::Run { target, ask } => return self.go_on_with_run(by, *target, ask, staff, now),
            Request::Test { team } => (next, alert::test(by, team.as_ref(), staff, now)?),
            Request::Join { alert, text } => (*alert, self.known(*alert)?.join(by, text)?),
            Request::Acknowledge { alert, lease } => (*alert, self.known(*alert)?.acknowledge(by, *lease, staff, now)?),
            Request::GiveBack { alert } => (*alert, self.known(*alert)?.give_back(by, staff, now)?),
            Request::Snooze { alert, length, because } => {
                (*alert, self.known(*alert)?.snooze(by, *length, because, now)?)
            }
            Request::Assign { alert, to } => (*alert, self.known(*alert)?.assign(by, to, staff, now)?),
            Request::Reopen { alert } => (*alert, self.known(*alert)?.reopen(by, staff, now)?),
            Request::Resolve { alert, because } => (*alert, self.known(*alert)?.resolve(by, because.as_deref())?),
            Request::Escalate { alert, drawn_for } => {
                (*alert, self.known(*alert)?.escalate(by, *drawn_for, staff, now)?)
            }
            Request::Note { alert, text } => (*alert, self.known(*alert)?.note(by, text)?),
        };
        let answered = self.test_answered(id, &events, staff);
        Ok(about(id, events).into_iter().chain(answered).collect())
    }

    /// Who is known to be reached by pages from now on, when an answer to a test is among what happened to an alert.
    fn test_answered(&self, id: AlertId, events: &[alert::Event], staff: Staff<'_>) -> Option<Event> {
        let by = events.iter().find_map(|event| match event {
            alert::Event::Tested { by } => by.as_ref(),
            _ => None,
        })?;
        let team = staff.teams.get(&self.alerts.get(&id)?.team)?;
        let (id, what) = self.watches.answered(team, by)?;
        Some(Event::Watch { id, what })
    }

    /// Refuses what only some people may do.
    fn permitted(&self, by: &UserId, what: &Request, staff: Staff<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let (id, deed) = match what {
            Request::Resolve { alert, .. } => (alert, Deed::Resolve),
            Request::Assign { alert, .. } => (alert, Deed::Assign),
            Request::Snooze { alert, .. } => (alert, Deed::Snooze),
            _ => return Ok(()),
        };
        let alert = self.known(*id)?;
        if alert.test.is_some() {
            return Ok(());
        }
        staff.permits(by, &alert.team, deed, now)
    }

    /// An open alert of the same team, at least as urgent, that says nearly the same and is not old.
    fn similar(&self, raise: &Raise, now: DateTime<Utc>) -> Option<AlertId> {
        if raise.alike == Alike::Raise || raise.to.is_some() || raise.summary.len() > SIMILAR_UP_TO {
            return None;
        }
        let words = Words::of(&raise.summary);
        let newest = self.alerts.values().rev().take(SIMILAR_AMONG);
        newest
            .take_while(|alert| now - alert.raised_at <= SIMILAR_WITHIN)
            .find(|alert| {
                alert.is_open()
                    && alert.test.is_none()
                    && alert.team == raise.team
                    && alert.priority <= raise.priority
                    && words.are_nearly_those_of(&alert.summary)
            })
            .map(|alert| alert.id)
    }

    fn reported(&self, report: &Report, staff: Staff<'_>, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let known = self.with_key(report, now);
        let (id, events) = match (&report.what, known) {
            (Observation::Firing(firing), Some(alert)) => {
                (alert.id, alert.repeated(&report.source, firing.priority, staff, now))
            }
            (Observation::Firing(firing), None) => (
                AlertId(self.last_alert + 1),
                alert::first_report(report, firing, staff, now)?,
            ),
            (Observation::Cleared { then }, Some(alert)) => (alert.id, alert.cleared(&report.source, *then)),
            (Observation::Cleared { .. }, None) => return Ok(Vec::new()),
        };
        Ok(about(id, events))
    }

    /// The alert that a report is about: the newest of its key, an open one before one that has just ended.
    pub fn with_key(&self, report: &Report, now: DateTime<Utc>) -> Option<&Alert> {
        let key = report.scoped_key()?;
        let first = (key.clone(), AlertId(0));
        let of_key = self.keys.range(first..).take_while(|(other, _)| *other == key);
        of_key
            .filter_map(|(_, id)| self.alerts.get(id))
            .filter(|alert| alert.takes_reports(now))
            .max_by_key(|alert| (alert.is_open(), alert.id))
    }

    /// Takes in what happened. Total, and the only mutation.
    pub fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        let (id, what) = match event {
            Event::Alert { id, what } => (id, what),
            Event::OnCall { id, what } => return self.overrides.apply(*id, what, at),
            Event::Watch { id, what } => return self.watches.apply(*id, what, at),
            Event::Incident { id, what } => return self.incidents.apply(*id, what, at),
            Event::Subscription { id, what } => return self.subscriptions.apply(*id, what),
            Event::Run { id, what } => return self.runs.apply(*id, what, at),
            Event::Reviews { what } => return self.reviews.apply(what, at),
        };
        match self.alerts.remove(id) {
            Some(mut alert) => {
                self.unfile(&alert);
                alert.apply(what, at);
                self.file(alert);
            }
            None => {
                if let Some(alert) = Alert::begin(*id, what, at) {
                    self.last_alert = self.last_alert.max(id.0);
                    self.file(alert);
                }
            }
        }
    }

    /// Takes an alert in, as a snapshot or the archive kept it.
    pub fn recall(&mut self, alert: Alert) {
        self.last_alert = self.last_alert.max(alert.id.0);
        if let Some(before) = self.alerts.remove(&alert.id) {
            self.unfile(&before);
        }
        self.file(alert);
    }

    /// Lets an alert go, for the archive.
    pub fn retire(&mut self, id: AlertId) -> Option<Alert> {
        let alert = self.alerts.remove(&id)?;
        self.unfile(&alert);
        Some(alert)
    }

    /// Closed alerts that need not stay in memory: closed for an hour, or the oldest when there are many. At most
    /// `at_most`, the oldest first.
    pub fn retirable(&self, now: DateTime<Utc>, at_most: usize) -> Vec<AlertId> {
        let surplus = self.closed.len().saturating_sub(CLOSED_AT_MOST);
        self.closed
            .iter()
            .enumerate()
            .take_while(|(position, (closed, _))| *position < surplus || now - *closed >= CLOSED_FOR)
            .take(at_most)
            .map(|(_, (_, id))| *id)
            .collect()
    }

    /// When something must happen by itself next.
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        let alerts = self.deadlines.first().map(|(due, _)| *due);
        let others = self
            .overrides
            .next_deadline()
            .into_iter()
            .chain(self.incidents.next_deadline())
            .chain(self.runs.next_deadline());
        alerts.into_iter().chain(others).min()
    }

    /// What people agreed on about who is on call.
    pub fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// Every rotation's last handoff.
    pub fn watches(&self) -> &Watches {
        &self.watches
    }

    /// Runs of runbooks.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// Who was told when which runbooks are to be looked through.
    pub fn reviews(&self) -> &Reviews {
        &self.reviews
    }

    /// Takes that in, as a snapshot kept it.
    pub fn recall_reviews(&mut self, known: Reviews) {
        self.reviews = known;
    }

    /// Takes a run in, as a snapshot or the archive kept it.
    pub fn recall_run(&mut self, known: Run) {
        self.runs.recall(known);
    }

    /// Lets a run go, for the archive.
    pub fn retire_run(&mut self, id: RunId) -> Option<Run> {
        self.runs.retire(id)
    }

    /// Takes a watch in, as a snapshot kept it.
    pub fn recall_watch(&mut self, known: Watch) {
        self.watches.recall(known);
    }

    /// Takes an override in, as a snapshot or the archive kept it.
    pub fn recall_override(&mut self, known: Override) {
        self.overrides.recall(known);
    }

    /// Lets an override go, for the archive.
    pub fn retire_override(&mut self, id: OverrideId) -> Option<Override> {
        self.overrides.retire(id)
    }

    /// An alert in memory.
    pub fn alert(&self, id: AlertId) -> Option<&Alert> {
        self.alerts.get(&id)
    }

    /// Alerts in memory, the oldest first.
    pub fn alerts(&self) -> impl DoubleEndedIterator<Item = &Alert> {
        self.alerts.values()
    }

    /// The alert that a message of ours shows.
    pub fn shown_by(&self, message: &MessageRef) -> Option<AlertId> {
        self.shown.get(message).copied()
    }

    /// The highest id ever given to an alert; 0 before the first.
    pub fn last_alert(&self) -> u64 {
        self.last_alert
    }

    fn known(&self, id: AlertId) -> Result<&Alert, Refusal> {
        self.alerts.get(&id).ok_or(Refusal::NoSuchAlert { id })
    }

    fn file(&mut self, alert: Alert) {
        if let Some(due) = alert.deadline() {
            self.deadlines.insert((due, alert.id));
        }
        if let Page::Ended { at, .. } = alert.page {
            self.closed.insert((at, alert.id));
        }
        if let Some(key) = &alert.key {
            self.keys.insert((key.clone(), alert.id));
        }
        for message in alert.messages() {
            self.shown.insert(message.clone(), alert.id);
        }
        self.alerts.insert(alert.id, alert);
    }

    fn unfile(&mut self, alert: &Alert) {
        if let Some(due) = alert.deadline() {
            self.deadlines.remove(&(due, alert.id));
        }
        if let Page::Ended { at, .. } = alert.page {
            self.closed.remove(&(at, alert.id));
        }
        if let Some(key) = &alert.key {
            self.keys.remove(&(key.clone(), alert.id));
        }
        for message in alert.messages() {
            self.shown.remove(message);
        }
    }
}

fn about(id: AlertId, events: Vec<alert::Event>) -> Vec<Event> {
    events.into_iter().map(|what| Event::Alert { id, what }).collect()
}

#[cfg(test)]
mod tests;

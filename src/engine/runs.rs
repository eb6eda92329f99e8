//! Runs: the forms that ask before they start, and where they begin.

use super::answer::Way;
use super::batch::Batch;
use super::{Engine, EngineError};
use crate::command::Reading;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::run::{self, Answer, Heard, Hindrance, Start, Target};
use crate::domain::runbook::Asked;
use crate::domain::{Event, Input, Request};
use crate::view;

impl Engine {
    /// What must be in memory to decide a request.
    pub(super) fn recall_for(&mut self, by: &UserId, request: &Request) -> Result<(), EngineError> {
        if let Some(alert) = request.alert() {
            self.recall(alert)?;
        }
        if let Request::Run { target, .. } = request {
            if let Target::Run(run) | Target::Visit(run, _) = target {
                self.recall_run(*run)?;
            }
            // What a run is for hears how it ended.
            let run = self.world.runs().meant(*target, by).ok();
            if let Some((alert, incident)) = run.map(|run| (run.alert, run.incident)) {
                alert.map(|id| self.recall(id)).transpose()?;
                incident.map(|id| self.recall_incident(id)).transpose()?;
            }
        }
        for incident in request.incidents() {
            self.recall_incident(incident)?;
        }
        Ok(())
    }

    /// Keeps what a run wants sent until it is stored.
    pub(super) fn ordered(&self, event: &Event, batch: &mut Batch) {
        if let Event::Run {
            id,
            what: run::Event::Sending { number, .. },
        } = event
        {
            let run = self.world.runs().get(*id);
            let order = run.and_then(|run| run.order(*number, &self.configuration.roster.actions));
            batch.orders.push((*id, *number, order));
        }
    }

    /// Has it sent; what cannot be is said at once, and was not sent.
    pub(super) fn order(&mut self, batch: &mut Batch) {
        for (run, number, order) in std::mem::take(&mut batch.orders) {
            if order.is_some_and(|order| self.orders.try_send(order).is_ok()) {
                continue;
            }
            let answer = Answer::NotSent { why: Hindrance::Busy };
            self.pass(&Input::Answered(Heard { run, number, answer }), batch);
        }
    }

    /// A run begins where what it is for is worked on, if it does not say where; else where the button stands.
    pub(super) fn placed(&mut self, reading: Reading, place: Option<ChannelId>) -> Result<Reading, EngineError> {
        let Reading::Ask(Request::StartRun(mut start)) = reading else {
            return Ok(reading);
        };
        if start.channel.as_str().is_empty() {
            // A button of a list does not say what it is for; the channel of an incident does.
            if let (None, None, Some(place)) = (start.alert, start.incident, &place) {
                start.incident = self.incident_at(place, None)?;
            }
            start.alert.map(|id| self.recall(id)).transpose()?;
            start.incident.map(|id| self.recall_incident(id)).transpose()?;
            let fallback = || self.configuration.roster.fallback.clone();
            let own = self.world.place_of(start.alert, start.incident);
            start.channel = own.or(place).unwrap_or_else(fallback);
        }
        Ok(Reading::Ask(Request::StartRun(start)))
    }

    /// Whether something must be known before it starts that nobody has said.
    pub(super) fn wants_a_form(&self, start: &Start) -> bool {
        if self.world.runs().going(start).is_some() {
            return false;
        }
        let book = self.configuration.roster.runbooks.get(&start.runbook);
        let mut parameters = book.into_iter().flat_map(|book| &book.parameters);
        parameters.any(|parameter| {
            parameter.asked == Asked::AtTheStart
                && parameter.default.is_none()
                && !start.values.contains_key(&parameter.name)
        })
    }

    /// Opens the form that asks for it.
    pub(super) fn open_start(&mut self, start: &Start, trigger: Option<String>, way: Way, batch: &mut Batch) {
        let Some(book) = self.configuration.roster.runbooks.get(&start.runbook) else {
            return;
        };
        let form = view::runbook::form::start(book, start);
        let too_late = view::runbook::form::start_too_late(self.scene(), start);
        if let Some(trigger) = trigger {
            self.open_view(trigger, form, too_late, way.url(), batch);
        }
    }
}

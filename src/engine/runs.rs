//! Runs: the forms that ask before they start, and where they begin.

use super::answer::Way;
use super::batch::Batch;
use super::{Engine, EngineError};
use crate::command::Reading;
use crate::domain::ids::ChannelId;
use crate::domain::run::{self, Answer, Heard, Hindrance, Start, Target};
use crate::domain::runbook::Asked;
use crate::domain::{Event, Input, Request};
use crate::view;

impl Engine {
    /// What must be in memory to decide a request.
    pub(super) fn recall_for(&mut self, request: &Request) -> Result<(), EngineError> {
        if let Some(alert) = request.alert() {
            self.recall(alert)?;
        }
        if let Request::Run {
            target: Target::Run(run) | Target::Visit(run, _),
            ..
        } = request
        {
            self.recall_run(*run)?;
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

    /// A run that a button starts begins where the button stands; one for an alert where the alert is.
    pub(super) fn placed(&self, reading: Reading, place: Option<ChannelId>) -> Reading {
        match reading {
            Reading::Ask(Request::StartRun(mut start)) if start.channel.as_str().is_empty() => {
                let alert = start.alert.and_then(|id| self.world.alert(id));
                let card = alert.and_then(|alert| alert.card_channel.clone().ok());
                let fallback = || self.configuration.roster.fallback.clone();
                start.channel = card.or(place).unwrap_or_else(fallback);
                Reading::Ask(Request::StartRun(start))
            }
            other => other,
        }
    }

    /// Whether something must be known before it starts that nobody has said.
    pub(super) fn wants_a_form(&self, start: &Start) -> bool {
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

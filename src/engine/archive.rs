//! What is over: let go from memory, and brought back while somebody asks about it.

use super::batch::Batch;
use super::{About, Engine, EngineError, journal, place};
use crate::domain::alert::Alert;
use crate::domain::ids::{AlertId, MessageRef, RunId};
use crate::domain::run::Run;

/// How many alerts go to the archive after one round.
const RETIRED_AT_ONCE: usize = 64;

impl Engine {
    /// Lets go of alerts that closed long ago and that no call is about any more.
    pub(super) fn retire(&mut self, batch: &mut Batch) {
        let candidates = self.world.retirable(self.clock.now(), RETIRED_AT_ONCE);
        for id in candidates
            .into_iter()
            .filter(|id| !self.ledger.waits_for(*id))
            .collect::<Vec<_>>()
        {
            self.world.retire(id);
            // One that was only looked at has no rows outside the archive.
            if self.rows.remove(&About::Alert(id)).is_some() {
                batch.current().retired.push(journal::stream(id));
            }
        }
        for id in self.world.overrides().retirable(self.clock.now()) {
            self.world.retire_override(id);
            let subject = About::Override(id);
            if self.rows.remove(&subject).is_some() {
                batch.current().retired.push(journal::stream(subject));
            }
        }
        for id in self.world.incidents().retirable(self.clock.now()) {
            self.world.retire_incident(id);
            let subject = About::Incident(id);
            if self.rows.remove(&subject).is_some() {
                batch.current().retired.push(journal::stream(subject));
            }
        }
        for id in self.world.retirable_runs(self.clock.now()) {
            self.world.retire_run(id);
            let subject = About::Run(id);
            if self.rows.remove(&subject).is_some() {
                batch.current().retired.push(journal::stream(subject));
            }
        }
        batch.close();
    }

    /// Brings a run back into memory that is in the archive.
    pub(super) fn recall_run(&mut self, id: RunId) -> Result<(), EngineError> {
        if self.world.runs().get(id).is_none() && id.0 <= self.world.runs().last() {
            let stream = journal::stream(About::Run(id));
            let rows = self.store.archived(stream)?;
            if let Some(run) = journal::recall_run(stream, rows)? {
                self.world.recall_run(run);
            }
        }
        Ok(())
    }

    /// The newest runs of the archive.
    pub(super) fn archived_runs(&self, at_most: usize) -> Result<Vec<Run>, EngineError> {
        let streams = self.store.archived_latest(journal::RUN, u64::MAX, at_most)?;
        let mut runs = Vec::with_capacity(streams.len());
        for stream in streams {
            runs.extend(journal::recall_run(stream, self.store.archived(stream)?)?);
        }
        Ok(runs)
    }

    /// The run that a message of ours shows; it is in memory afterwards.
    pub(super) fn run_shown_by(&mut self, message: &MessageRef) -> Result<Option<RunId>, EngineError> {
        if let Some(id) = self.world.runs().shown_by(message) {
            return Ok(Some(id));
        }
        let found = self.store.place(&place(message))?;
        let Some(id) = found
            .filter(|stream| stream.kind == journal::RUN)
            .map(|stream| RunId(stream.id))
        else {
            return Ok(None);
        };
        self.recall_run(id)?;
        Ok(Some(id))
    }

    /// Brings an alert back into memory that is in the archive.
    pub(super) fn recall(&mut self, id: AlertId) -> Result<(), EngineError> {
        if self.world.alert(id).is_none() && id.0 <= self.world.last_alert() {
            let stream = journal::stream(id);
            let rows = self.store.archived(stream)?;
            if let Some(alert) = journal::recall(stream, rows)? {
                self.world.recall(alert);
            }
        }
        Ok(())
    }

    /// The newest alerts of the archive.
    pub(super) fn archive(&self, at_most: usize) -> Result<Vec<Alert>, EngineError> {
        let streams = self.store.archived_latest(journal::ALERT, u64::MAX, at_most)?;
        let mut alerts = Vec::with_capacity(streams.len());
        for stream in streams {
            alerts.extend(journal::recall(stream, self.store.archived(stream)?)?);
        }
        Ok(alerts)
    }

    /// The alert that a message of ours shows; it is in memory afterwards.
    pub(super) fn shown_by(&mut self, message: &MessageRef) -> Result<Option<AlertId>, EngineError> {
        if let Some(id) = self.world.shown_by(message) {
            return Ok(Some(id));
        }
        let found = self
            .store
            .place(&place(message))?
            .filter(|stream| stream.kind == journal::ALERT);
        let Some(id) = found.map(|stream| AlertId(stream.id)) else {
            return Ok(None);
        };
        self.recall(id)?;
        Ok(Some(id))
    }
}

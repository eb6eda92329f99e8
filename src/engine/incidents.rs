//! Incidents that are not in memory, where an incident is worked on, and what is kept of what people say there.

use super::batch::Batch;
use super::delivery::fields;
use super::{Engine, EngineError, journal, place};
use crate::command::form::incident::{KEEP, SHORTCUT, Sheet};
use crate::command::{self, Speaker, form};
use crate::domain::ids::{ChannelId, IncidentId, MessageId, MessageRef, UserId};
use crate::domain::incident::{self, Declaration, Incident};
use crate::domain::{Errand, Subject as About};
use crate::outbox::{Subject, Urgency};
use crate::slack::envelope::{MessageShortcut, ViewRef};
use crate::slack::{Call, Replace, Reply};
use crate::view;

impl Engine {
    /// Somebody used a message shortcut.
    pub(super) fn shortcut(
        &mut self,
        shortcut: MessageShortcut,
        reply: Reply,
        batch: &mut Batch,
    ) -> Result<(), EngineError> {
        let by = UserId::new(shortcut.user);
        let channel = ChannelId::new(shortcut.channel);
        if self.is_stranger(shortcut.user_team.as_deref()) {
            batch.replies.push((reply, None));
            return Ok(());
        }
        if shortcut.callback == SHORTCUT {
            let title = command::visible(&shortcut.message.text, &self.configuration.roster);
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            let draft = Declaration {
                title,
                team: self
                    .configuration
                    .roster
                    .team_of_channel(&channel)
                    .map(|team| team.id.clone()),
                ..Declaration::default()
            };
            let sheet = Sheet::declare(draft);
            if let Ok(form) = view::incident::sheet::open(self.scene(), &sheet) {
                let too_late = view::incident::sheet::too_late(&sheet);
                self.open_view(shortcut.trigger, form, too_late, Some(shortcut.response_url), batch);
            }
            batch.replies.push((reply, None));
            return Ok(());
        }
        if shortcut.callback == KEEP {
            let at = |ts: String| MessageRef {
                channel: channel.clone(),
                message: MessageId::new(ts),
            };
            let thread = shortcut.message.thread.map(at);
            let here = self.incident_at(&channel, thread.as_ref())?;
            let meant = here.map_or_else(|| self.world.incidents().meant(None).map(|it| it.id), Ok);
            let said = match meant {
                Ok(id) => {
                    self.keep(&by, Some(id), &at(shortcut.message.ts), batch);
                    view::incident::keeps(id)
                }
                Err(refusal) => {
                    let meant = view::incident::Meant::Keep(&at(shortcut.message.ts));
                    let which = view::incident::unclear(self.scene(), &refusal, &meant);
                    which.unwrap_or_else(|| view::incident::refused(self.scene(), &refusal))
                }
            };
            let call = Call::Respond {
                url: shortcut.response_url,
                replace: Replace::Nothing,
                message: said,
            };
            let entry = self.reply_entry(call);
            self.enqueue(&entry, batch);
            batch.replies.push((reply, None));
            return Ok(());
        }
        if shortcut.callback == form::SHORTCUT {
            let speaker = Speaker {
                roster: &self.configuration.roster,
                by: &by,
                channel: &channel,
                now: self.clock.now(),
                here: None,
                incident: None,
                run: None,
            };
            let draft = form::draft_from_message(&shortcut.message.text, &speaker);
            self.open_form(shortcut.trigger, &draft, Some(shortcut.response_url), batch);
        }
        batch.replies.push((reply, None));
        Ok(())
    }

    /// Something was picked in a form that fills in the rest of it: the form is drawn again. False where a pick waits for the
    /// submission.
    pub(super) fn picked(
        &mut self,
        view: Option<&ViewRef>,
        menu: &str,
        value: Option<&str>,
        batch: &mut Batch,
    ) -> Result<bool, EngineError> {
        let (Some(view), Some(value)) = (view, value) else {
            return Ok(false);
        };
        let fields = fields(view.values.clone());
        let picked = form::incident::picked(&view.callback, &view.private_metadata, menu, value, &fields);
        let Some((sheet, so_far)) = picked else {
            return Ok(false);
        };
        if let Some(id) = sheet.incident() {
            self.recall_incident(id)?;
        }
        // When it is over by now, the submission says so.
        if let Ok(drawn) = view::incident::sheet::again(self.scene(), &sheet, &so_far) {
            let mut entry = self.reply_entry(Call::UpdateView {
                view_id: view.id.clone(),
                // Of two picks in a row the later one counts, whichever state it was made in.
                hash: None,
                view: drawn,
            });
            entry.subject = Subject::new(&format!("form/{}", view.id));
            entry.urgency = Urgency::Page;
            self.enqueue(&entry, batch);
        }
        Ok(true)
    }

    /// Brings an incident back into memory that is in the archive.
    pub(super) fn recall_incident(&mut self, id: IncidentId) -> Result<(), EngineError> {
        if self.world.incidents().get(id).is_none() && id.0 <= self.world.incidents().last() {
            let stream = journal::stream(About::Incident(id));
            let rows = self.store.archived(stream)?;
            if let Some(incident) = journal::recall_incident(stream, rows)? {
                self.world.recall_incident(incident);
            }
        }
        Ok(())
    }

    /// Brings the alerts of an incident back, so that its files say what they were about.
    pub(super) fn recall_alerts_of(&mut self, id: Option<IncidentId>) -> Result<(), EngineError> {
        let alerts = self.world.incidents().meant(id).map(|incident| incident.alerts.clone());
        for alert in alerts.unwrap_or_default() {
            self.recall(alert)?;
        }
        Ok(())
    }

    /// The newest incidents of the archive.
    pub(super) fn archived_incidents(&self, at_most: usize) -> Result<Vec<Incident>, EngineError> {
        let streams = self.store.archived_latest(journal::INCIDENT, u64::MAX, at_most)?;
        let mut incidents = Vec::with_capacity(streams.len());
        for stream in streams {
            incidents.extend(journal::recall_incident(stream, self.store.archived(stream)?)?);
        }
        Ok(incidents)
    }

    /// The incident that a place belongs to: its own channel, or a message of ours that shows it; in memory afterwards.
    pub(super) fn incident_at(
        &mut self,
        channel: &ChannelId,
        message: Option<&MessageRef>,
    ) -> Result<Option<IncidentId>, EngineError> {
        let incidents = self.world.incidents();
        let known = incidents
            .of_channel(channel)
            .or_else(|| message.and_then(|message| incidents.shown_by(message)));
        if known.is_some() {
            return Ok(known);
        }
        let places = [Some(channel.as_str().to_owned()), message.map(place)];
        for place in places.into_iter().flatten() {
            let found = self.store.place(&place)?;
            if let Some(stream) = found.filter(|stream| stream.kind == journal::INCIDENT) {
                let id = IncidentId(stream.id);
                self.recall_incident(id)?;
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Looks a message up, to keep what it says.
    pub(super) fn keep(&mut self, by: &UserId, incident: Option<IncidentId>, at: &MessageRef, batch: &mut Batch) {
        let mut entry = self.reply_entry(Call::ReadMessage {
            channel: at.channel.as_str().to_owned(),
            ts: at.message.as_str().to_owned(),
        });
        let by = by.clone();
        entry.errand = match incident {
            Some(id) => Errand::Incident {
                id,
                what: incident::Errand::Keep { by, at: at.clone() },
            },
            None => Errand::Keep { by },
        };
        self.enqueue(&entry, batch);
    }
}

//! What programs report and ask: bots that post in channels, and scripts on this machine.

use std::collections::BTreeMap;

use tracing::{info, warn};

use super::batch::Batch;
use super::mailbox::LocalReport;
use super::{Engine, EngineError};
use crate::command;
use crate::domain::alert::Report;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::{Event, Input, Refusal};
use crate::intake::{self, Attachment, Post};
use crate::slack::Reply;
use crate::slack::envelope::Said;
use crate::view;

impl Engine {
    /// A bot posted something. Nobody is answered; what fits no rule is left alone.
    pub(super) fn posted(
        &mut self,
        said: &Said,
        names: Vec<String>,
        reply: Reply,
        batch: &mut Batch,
    ) -> Result<(), EngineError> {
        let reports = intake::reports(&self.configuration.rules, &self.post(said));
        if !reports.is_empty() && !self.is_repeated(&names, batch)? {
            batch.remember(names, self.clock.now());
            for report in reports {
                if let Err(refusal) = self.report(&report, batch) {
                    warn!(?refusal, "what a bot reported could not become an alert");
                }
            }
        }
        batch.replies.push((reply, None));
        Ok(())
    }

    /// A post as people read it.
    fn post(&self, said: &Said) -> Post {
        let roster = &self.configuration.roster;
        let read = |text: &str| command::visible(text, roster);
        Post {
            channel: ChannelId::new(said.channel.as_str()),
            author: read(&said.bot_name),
            text: read(&said.text),
            attachments: said
                .attachments
                .iter()
                .map(|attachment| Attachment {
                    title: read(&attachment.title),
                    text: read(&attachment.text),
                    colour: attachment.colour.clone(),
                    fields: attachment
                        .fields
                        .iter()
                        .map(|(name, value)| (read(name), read(value)))
                        .collect(),
                })
                .collect(),
        }
    }

    /// Somebody on this machine reported something and waits until it is stored.
    pub(super) fn local_report(&mut self, local: LocalReport, batch: &mut Batch) -> Result<(), EngineError> {
        let LocalReport { name, mut report, done } = local;
        // Scripts name teams as people do.
        if let Some(team) = self.configuration.roster.team_named(report.team.as_str()) {
            report.team = team.id.clone();
        }
        let names: Vec<String> = name.into_iter().map(|name| format!("report/{name}")).collect();
        if self.is_repeated(&names, batch)? {
            batch.tell(done, Ok("it was taken before".to_owned()));
            return Ok(());
        }
        batch.remember(names, self.clock.now());
        let outcome = self.report(&report, batch);
        let said = view::reported(self.scene(), &report, &outcome);
        batch.tell(done, said);
        batch.close();
        Ok(())
    }

    /// What those of some people are called whom the workspace knows.
    pub(super) fn handles(&self, of: Vec<UserId>) -> BTreeMap<UserId, String> {
        let people = &self.configuration.roster.people;
        let called = |id: UserId| Some((id.clone(), people.get(&id)?.handle.clone()));
        of.into_iter().filter_map(called).collect()
    }

    fn report(&mut self, report: &Report, batch: &mut Batch) -> Result<Vec<Event>, Refusal> {
        let input = Input::Reported(report.clone());
        let now = self.clock.now();
        let events = self.world.decide(&input, &self.configuration.roster, now)?;
        if events.is_empty() {
            info!("a report changed nothing");
        }
        self.happen(&events, batch);
        Ok(events)
    }
}

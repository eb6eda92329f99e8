//! What happens in the workspace: things said, reactions, and changes of who and what there is.

use tracing::{error, info};

use super::answer::{Way, is_direct};
use super::batch::Batch;
use super::delivery::{Asker, named};
use super::{Engine, EngineError};
use crate::command::{self, Addressed, Speaker};
use crate::domain::Input;
use crate::domain::ids::{ChannelId, MessageId, MessageRef, UserId};
use crate::slack::Reply;
use crate::slack::envelope::{Event, EventKind, Gone, Said};

impl Engine {
    pub(super) fn event(&mut self, event: Event, reply: Reply, batch: &mut Batch) -> Result<(), EngineError> {
        let mut names = named("event", &event.id);
        match event.what {
            EventKind::Message(said) | EventKind::Mention(said) => return self.said(said, names, reply, batch),
            EventKind::HomeOpened { user } => self.home(&UserId::new(user), None, batch),
            EventKind::Reaction {
                user,
                emoji,
                channel,
                ts,
                added: true,
            } if user != self.bot.as_str() => {
                let message = message_ref(&channel, &ts);
                let (here, run) = (self.shown_by(&message)?, self.run_shown_by(&message)?);
                let in_channel = ChannelId::new(channel.clone());
                let incident = self.incident_at(&in_channel, Some(&message))?;
                // Of a reply Slack does not say whose it is: that is looked up with what it says.
                let under_a_card = self.world.incidents().has_card_in(&in_channel);
                if here.is_none() && run.is_none() && incident.is_none() && !under_a_card {
                    batch.replies.push((reply, None));
                    return Ok(());
                }
                let by = UserId::new(user.clone());
                let speaker = Speaker {
                    roster: &self.configuration.roster,
                    by: &by,
                    channel: &in_channel,
                    now: self.clock.now(),
                    here,
                    incident,
                    run,
                };
                let visit = self.world.runs().visit_shown_by(&message);
                let reading = command::reaction(&emoji, &message, visit, under_a_card, &speaker);
                names.extend(named(
                    "reaction",
                    &format!("{channel}/{ts}/{user}/{emoji}/{}", event.at.timestamp()),
                ));
                let thread = is_direct(&channel).then_some(ts);
                let asker = Asker::by_event(by, Way::back(channel, thread, user), names);
                return self.react(reading, asker, reply, batch);
            }
            EventKind::MessageGone { channel, ts } => self.message_gone(&message_ref(&channel, &ts), batch)?,
            EventKind::ChannelGone { channel, how } => {
                let code = match how {
                    Gone::Archived => "is_archived",
                    Gone::Deleted => "channel_not_found",
                };
                self.channel_gone(&channel, code, batch);
            }
            EventKind::LeftChannel { user, channel }
                if user.as_deref().is_none_or(|user| user == self.bot.as_str()) =>
            {
                self.channel_gone(&channel, "not_in_channel", batch);
            }
            EventKind::UserChanged { .. }
            | EventKind::GroupChanged { .. }
            | EventKind::ChannelBack { .. }
            | EventKind::ChannelRenamed { .. } => self.refresh.notify_one(),
            EventKind::JoinedChannel { user, .. } if user == self.bot.as_str() => self.refresh.notify_one(),
            EventKind::TokensRevoked => error!("Slack has revoked the app's tokens: install the app again"),
            EventKind::Other { kind } => info!(event.kind = kind, "an event that nothing follows from"),
            EventKind::Reaction { .. } | EventKind::JoinedChannel { .. } | EventKind::LeftChannel { .. } => {}
        }
        batch.replies.push((reply, None));
        Ok(())
    }

    /// Somebody took a message away: what it showed of a run is posted again.
    fn message_gone(&mut self, at: &MessageRef, batch: &mut Batch) -> Result<(), EngineError> {
        if self.run_shown_by(at)?.is_some() {
            self.pass(&Input::MessageGone { at: at.clone() }, batch);
        }
        Ok(())
    }

    /// A channel is closed to us: what goes on there goes on elsewhere, before anything is said into the void.
    fn channel_gone(&mut self, channel: &str, code: &str, batch: &mut Batch) {
        let (channel, code) = (ChannelId::new(channel), code.to_owned());
        self.pass(&Input::ChannelGone { channel, code }, batch);
        self.refresh.notify_one();
    }

    /// A message in a channel we are in, or in a direct conversation with us.
    fn said(&mut self, said: Said, mut names: Vec<String>, reply: Reply, batch: &mut Batch) -> Result<(), EngineError> {
        self.mentioned(&said, batch)?;
        if said.from_bot && said.user.as_deref() != Some(self.bot.as_str()) {
            let is_new = matches!(said.subtype.as_deref(), None | Some("bot_message")) && said.thread.is_none();
            if is_new {
                names.extend(named("message", &format!("{}/{}", said.channel, said.ts)));
                return self.posted(&said, names, reply, batch);
            }
            batch.replies.push((reply, None));
            return Ok(());
        }
        let author = said.user.filter(|user| user != self.bot.as_str());
        // Edits, joins and the like are not said to anybody; a file with words is.
        let is_new = matches!(said.subtype.as_deref(), None | Some("thread_broadcast" | "file_share"));
        let Some(user) = author.filter(|_| is_new) else {
            batch.replies.push((reply, None));
            return Ok(());
        };
        let place = ChannelId::new(said.channel.as_str());
        let under = said.thread.as_deref().map(|thread| message_ref(&said.channel, thread));
        let is_ours = said.text.contains(&format!("<@{}", self.bot));
        let incident = if is_ours || (is_direct(&said.channel) && under.is_some()) {
            self.incident_at(&place, under.as_ref())?
        } else {
            // What is merely said is looked at only where somebody works now.
            let incidents = self.world.incidents();
            let shown = || under.as_ref().and_then(|under| incidents.shown_by(under));
            incidents.of_channel(&place).or_else(shown)
        };
        let here = match &said.thread {
            Some(thread) => self.shown_by(&message_ref(&said.channel, thread))?,
            None => None,
        };
        let run = match &said.thread {
            Some(thread) if here.is_none() => self.run_shown_by(&message_ref(&said.channel, thread))?,
            Some(_) | None => None,
        };
        let addressed = if is_ours {
            Addressed::Mention
        } else if is_direct(&said.channel) && here.is_none() && run.is_none() {
            Addressed::Direct
        } else {
            Addressed::Plain
        };
        if addressed == Addressed::Plain && here.is_none() && run.is_none() && incident.is_none() {
            batch.replies.push((reply, None));
            return Ok(());
        }
        names.extend(named("message", &format!("{}/{}", said.channel, said.ts)));
        let way = Way::back(said.channel.clone(), said.thread, user.clone());
        let by = UserId::new(user);
        let channel = ChannelId::new(said.channel);
        let speaker = Speaker {
            roster: &self.configuration.roster,
            by: &by,
            channel: &channel,
            now: self.clock.now(),
            here,
            incident,
            run,
        };
        let reading = command::reply(&said.text, addressed, &self.bot, &speaker);
        let reading = self.placed(reading, Some(channel))?;
        self.react(reading, Asker::by_event(by, way, names), reply, batch)
    }
}

fn message_ref(channel: &str, ts: &str) -> MessageRef {
    MessageRef {
        channel: ChannelId::new(channel),
        message: MessageId::new(ts),
    }
}

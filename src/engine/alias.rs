//! A team is mentioned where its user group cannot be kept: whoever is on call is named instead, once in each thread.

use super::answer::is_direct;
use super::batch::Batch;
use super::{About, Engine, EngineError, journal};
use crate::domain::ids::{GroupId, TeamId, WatchId};
use crate::domain::team::Team;
use crate::outbox::Subject;
use crate::slack::Call;
use crate::slack::envelope::Said;
use crate::view;

impl Engine {
    /// Answers a mention; also a program's, whose words nobody may have seen otherwise, and never our own.
    pub(super) fn mentioned(&mut self, said: &Said, batch: &mut Batch) -> Result<(), EngineError> {
        let is_own = said.user.as_deref() == Some(self.bot.as_str());
        let is_new = matches!(
            said.subtype.as_deref(),
            None | Some("thread_broadcast" | "file_share" | "bot_message")
        );
        if is_own || !is_new || is_direct(&said.channel) || !said.text.contains('@') && !said.text.contains("<!subteam")
        {
            return Ok(());
        }
        let thread = said.thread.as_ref().unwrap_or(&said.ts).clone();
        for (team, watch) in self.missed_mentions(&said.text) {
            let name = format!("alias/{}/{thread}/{team}", said.channel);
            // Names of deliveries are forgotten after a day; a place is kept, and a thread may go on for weeks.
            if self.store.place(&name)?.is_some() || self.is_repeated(std::slice::from_ref(&name), batch)? {
                continue;
            }
            let Some(message) = view::oncall::instead_of_group(self.scene(), &team) else {
                continue;
            };
            batch
                .current()
                .places
                .push((name.clone(), journal::stream(About::Watch(watch))));
            batch.remember(vec![name.clone()], self.clock.now());
            let mut entry = self.reply_entry(Call::PostMessage {
                channel: said.channel.clone(),
                thread: Some(thread.clone()),
                broadcast: false,
                message,
            });
            entry.subject = Subject::new(&name);
            self.enqueue(&entry, batch);
        }
        Ok(())
    }

    /// The teams whose user group a text mentions in vain, each with the watch over its first rotation.
    fn missed_mentions(&self, text: &str) -> Vec<(TeamId, WatchId)> {
        let teams = self.configuration.roster.teams.values();
        let found = teams.filter_map(|team| {
            let watch = self.world.watches().of(&team.id, &team.rotations.first()?.name)?;
            let in_vain = match &team.group {
                Some(group) => watch.group_refused.is_some() && mentions(text, group),
                None => names(text, team),
            };
            in_vain.then(|| (team.id.clone(), watch.id))
        });
        found.collect()
    }
}

/// Whether a text mentions a user group, as Slack writes it.
fn mentions(text: &str, group: &GroupId) -> bool {
    let opening = format!("<!subteam^{group}");
    let mut after = text.split(&opening).skip(1);
    after.any(|rest| rest.starts_with(['|', '>']))
}

/// Whether a text has the team's handle as people write it, where Slack knows no such group.
fn names(text: &str, team: &Team) -> bool {
    let Some(handle) = &team.handle else { return false };
    let text = text.to_lowercase();
    let handle = format!("@{handle}");
    let is_word = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    let mut places = text.match_indices(&handle);
    places.any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + found.len()..].chars();
        let ends = match after.next() {
            Some('.') => !after.next().is_some_and(is_word),
            next => !next.is_some_and(is_word),
        };
        // `ana@cloud-oncall` is an address.
        ends && !before.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_mentioned_by_its_whole_id() {
        let group = GroupId::new("S1");
        assert!(mentions("hey <!subteam^S1> there", &group));
        assert!(mentions("hey <!subteam^S12> and <!subteam^S1|@cloud>", &group));
        assert!(!mentions("hey <!subteam^S12> there", &group));
    }
}

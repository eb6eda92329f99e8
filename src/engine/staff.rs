//! What follows from who is on call: user groups, the next change of shift, and warnings about gaps ahead.

use std::sync::Arc;

use super::Engine;
use super::batch::Batch;
use crate::domain::Input;
use crate::domain::ids::{GroupId, UserId};
use crate::domain::runbook::next_review;
use crate::outbox::Entry;
use crate::slack::Call;
use crate::view;

impl Engine {
    /// Warns about gaps ahead.
    pub(super) fn look_ahead(&mut self, batch: &mut Batch) {
        let now = self.clock.now();
        let configuration = Arc::clone(&self.configuration);
        let roster = &configuration.roster;
        if let Ok(events) = self.world.decide(&Input::LookAhead, roster, now) {
            self.happen(&events, batch);
            batch.close();
        }
        self.next_look = self.world.watches().next_look(self.world.staff(roster), now);
    }

    /// Who is on call may have changed: the user groups follow, and the next change is looked for, and when somebody is told next
    /// which runbooks to look through.
    pub(super) fn staff_changed(&mut self, batch: &mut Batch) {
        let scene = self.scene();
        let mut groups: Vec<(GroupId, Entry)> = Vec::new();
        for team in scene.roster.teams.values() {
            let Some(group) = &team.group else { continue };
            let read = scene.roster.group_members.get(group);
            let known = self.groups.get(group).or(read).map_or(&[][..], Vec::as_slice);
            groups.extend(view::user_group(scene, team, known).map(|entry| (group.clone(), entry)));
        }
        let staff = self.world.staff(&self.configuration.roster);
        let now = self.clock.now();
        let asks = self.world.watches().next_ask(staff, now);
        let reviews = next_review(staff.roster, now);
        self.next_change = staff.next_change(now).into_iter().chain(asks).chain(reviews).min();
        for (group, entry) in groups {
            if let Call::SetGroup { users, .. } = &entry.call {
                self.groups.insert(group, users.iter().map(UserId::new).collect());
            }
            self.enqueue(&entry, batch);
        }
    }
}

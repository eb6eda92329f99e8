//! Which levels of an escalation policy somebody is in now, and whom the levels after them reach.

use chrono::{DateTime, Utc};

use super::Staff;
use crate::domain::alert::reached;
use crate::domain::escalation::{Recipient, Target};
use crate::domain::ids::UserId;
use crate::domain::rotation::Member;
use crate::domain::team::Team;

impl Staff<'_> {
    /// The first level of a team that pages somebody now, or would if they were not unavailable; counted from 0.
    pub fn level_of(&self, team: &Team, who: &UserId, now: DateTime<Utc>) -> Option<usize> {
        let is_them = |member: &Member| matches!(member, Member::Known(known) if known == who);
        let pages = |target: &Target| match target {
            Target::Person(member) => is_them(member),
            Target::Rotation(name) => team
                .rotation(name)
                .and_then(|rotation| self.holder(&team.id, rotation, now).who)
                .is_some_and(|member| is_them(&member)),
            Target::Channel(_) | Target::Team(_) => false,
        };
        let mut levels = team.policy.levels.iter();
        levels.position(|level| level.targets.iter().any(pages))
    }

    /// The level that pages a rotation of a team first; counted from 0.
    pub fn level_of_rotation(&self, team: &Team, rotation: &str) -> Option<usize> {
        let pages = |target: &Target| matches!(target, Target::Rotation(name) if name == rotation);
        let mut levels = team.policy.levels.iter();
        levels.position(|level| level.targets.iter().any(pages))
    }

    /// The first of a team's levels from `from` on that reaches anybody but `except` now, and whom; counted from 0.
    pub fn next_level(
        &self,
        team: &Team,
        from: usize,
        except: &UserId,
        now: DateTime<Utc>,
    ) -> Option<(usize, Vec<Recipient>)> {
        let levels = team.policy.levels.iter().enumerate().skip(from);
        levels
            .map(|(number, level)| {
                let mut others = reached(level, &team.id, *self, now);
                others.retain(|who| !matches!(who, Recipient::Person(user) if user == except));
                (number, others)
            })
            .find(|(_, others)| !others.is_empty())
    }
}

//! Teams: people who answer for something.

use chrono::{DateTime, TimeDelta, Utc};

use super::duty::Duty;
use super::escalation::{Policy, Target};
use super::ids::{ChannelId, GroupId, TeamId, UserId};
use super::permission::Permissions;
use super::priority::Priority;
use super::rotation::{Member, Rotation};

/// A team as the configuration describes it and the workspace knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its key in the configuration.
    pub id: TeamId,
    /// What people call it.
    pub name: String,
    /// What else people call it.
    pub aliases: Vec<String>,
    /// Where its alerts are shown: the channel's id, or the name that the workspace does not know.
    pub channel: Result<ChannelId, String>,
    /// The user group that is mentioned to reach it.
    pub group: Option<GroupId>,
    /// How the configuration calls that group, without `@`, whether the workspace knows it or not.
    pub handle: Option<String>,
    /// Its rotations, in the order of the configuration.
    pub rotations: Vec<Rotation>,
    /// What whoever is on call looks after besides pages.
    pub duties: Vec<Duty>,
    /// Who is paged.
    pub policy: Policy,
    /// Priorities that are shown in the channel and page nobody.
    pub posts_only: Vec<Priority>,
    /// How long an acknowledgement holds, unless whoever gives it says otherwise; whole seconds.
    pub lease: TimeDelta,
    /// Who may do what to its alerts.
    pub permissions: Permissions,
}

/// How long an acknowledgement holds where nobody says otherwise.
pub const USUAL_LEASE: TimeDelta = TimeDelta::minutes(30);

impl Team {
    /// Its rotation of that name.
    pub fn rotation(&self, name: &str) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.name == name)
    }

    /// Everybody in its rotations at an instant or later, and named by its levels; some more than once.
    pub fn people(&self, instant: DateTime<Utc>) -> impl Iterator<Item = &UserId> {
        let rotations = self.rotations.iter();
        let rotating = rotations.flat_map(move |rotation| rotation.members_from(instant));
        let targets = self.policy.levels.iter().flat_map(|level| &level.targets);
        let named = targets.filter_map(|target| match target {
            Target::Person(member) => Some(member),
            Target::Rotation(_) | Target::Channel(_) | Target::Team(_) => None,
        });
        rotating.chain(named).filter_map(|member| match member {
            Member::Known(user) => Some(user),
            Member::Unknown(_) => None,
        })
    }
}

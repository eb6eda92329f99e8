//! Who may do what. Anyone raises, notes and acknowledges; ending, moving and silencing an alert can be kept to some.

use chrono::{DateTime, Utc};

use super::alert::Refusal;
use super::ids::{TeamId, UserId};
use super::roster::{Guests, Roster, Standing};
use super::team::Team;

/// What can be kept to some people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Ending an alert.
    Resolve,
    /// Giving an alert to somebody else.
    Assign,
    /// Leaving an alert alone for a while.
    Snooze,
}

/// Some people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Circle {
    /// Every member of the workspace.
    #[default]
    Anyone,
    /// Everybody in the team's rotations and levels.
    Team,
    /// These.
    People(Vec<UserId>),
}

/// Who may do what to a team's alerts. Whoever runs the bot may do everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Who may end them.
    pub resolve: Circle,
    /// Who may give them to somebody else.
    pub assign: Circle,
    /// Who may leave them alone for a while.
    pub snooze: Circle,
}

impl Permissions {
    /// Who may do this.
    pub fn circle(&self, deed: Deed) -> &Circle {
        match deed {
            Deed::Resolve => &self.resolve,
            Deed::Assign => &self.assign,
            Deed::Snooze => &self.snooze,
        }
    }
}

impl Roster {
    /// Whether somebody may do this to an alert of that team.
    ///
    /// # Errors
    /// The refusal, which says who may.
    pub fn permits(&self, by: &UserId, team: &TeamId, deed: Deed, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.admins.contains(by) {
            return Ok(());
        }
        let refused = |who: Circle| Refusal::NotAllowed {
            deed,
            team: team.clone(),
            who,
        };
        let circle = self
            .teams
            .get(team)
            .map_or(&Circle::Anyone, |team| team.permissions.circle(deed));
        let is_in = match circle {
            Circle::Anyone => true,
            Circle::Team => self.teams.get(team).is_some_and(|team| team.has(by, now)),
            Circle::People(people) => people.contains(by),
        };
        let standing = self.people.get(by).map(|person| person.standing);
        let is_kept_out = standing == Some(Standing::Guest)
            && self.guests == Guests::KeptOut
            && !matches!(circle, Circle::People(_) if is_in);
        if is_in && !is_kept_out {
            Ok(())
        } else {
            Err(refused(circle.clone()))
        }
    }
}

impl Team {
    /// Whether somebody is in one of its rotations at an instant or later, or named by one of its levels.
    pub fn has(&self, user: &UserId, instant: DateTime<Utc>) -> bool {
        self.people(instant).any(|person| person == user)
    }
}

//! Somebody on call asks for help: for which team, and whether they have before.

use chrono::{DateTime, Utc};

use super::{World, about};
use crate::domain::Event;
use crate::domain::alert::{Alert, Refusal, is_in, underwater, underwater_key};
use crate::domain::ids::{AlertId, TeamId, UserId};
use crate::domain::oncall::{self, Staff};
use crate::domain::team::Team;

impl World {
    /// The open alert with which somebody has asked for help.
    pub fn underwater_of(&self, who: &UserId, team: &TeamId) -> Option<&Alert> {
        let key = underwater_key(who, team);
        let first = (key.clone(), AlertId(0));
        let of_key = self.keys.range(first..).take_while(|(other, _)| *other == key);
        of_key
            .filter_map(|(_, id)| self.alerts.get(id))
            .find(|alert| alert.is_open())
    }

    pub(super) fn underwater(
        &self,
        by: &UserId,
        team: Option<&TeamId>,
        text: Option<&str>,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        let team = self.team_of(by, team, text, staff, now).map_err(Refusal::OnCall)?;
        if let Some(alert) = self.underwater_of(by, &team.id) {
            return match text {
                Some(text) => Ok(about(alert.id, alert.join(by, text)?)),
                None => Err(Refusal::OnCall(oncall::Refusal::AlreadyUnderwater { alert: alert.id })),
            };
        }
        let open: Vec<&Alert> = self.open_of(&team.id).collect();
        let events = underwater(by, team, text, &open, staff, now)?;
        Ok(about(AlertId(self.last_alert + 1), events))
    }

    fn open_of(&self, team: &TeamId) -> impl Iterator<Item = &Alert> {
        let is_theirs = move |alert: &&Alert| alert.is_open() && alert.test.is_none() && alert.team == *team;
        self.alerts.values().filter(is_theirs)
    }

    /// The team that was named, or the one they have to do with now.
    fn team_of<'r>(
        &self,
        by: &UserId,
        team: Option<&TeamId>,
        text: Option<&str>,
        staff: Staff<'r>,
        now: DateTime<Utc>,
    ) -> Result<&'r Team, oncall::Refusal> {
        if let Some(team) = team {
            let found = staff.roster.teams.get(team);
            return found.ok_or_else(|| oncall::Refusal::NoSuchTeam { team: team.clone() });
        }
        let is_theirs = |team: &&Team| {
            staff.level_of(team, by, now).is_some() || self.open_of(&team.id).any(|alert| is_in(alert, by))
        };
        let mut theirs = staff.roster.teams.values().filter(is_theirs);
        let text = text.map(str::to_owned);
        match (theirs.next(), theirs.next()) {
            (Some(team), None) => Ok(team),
            (Some(one), Some(other)) => Err(oncall::Refusal::WhichTeam {
                teams: [one, other]
                    .into_iter()
                    .chain(theirs)
                    .map(|team| team.id.clone())
                    .collect(),
                text,
            }),
            (None, _) => Err(oncall::Refusal::NoShiftNow { text }),
        }
    }
}

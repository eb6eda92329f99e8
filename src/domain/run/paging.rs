//! Alerts that a step raises, each once for each visit, and help that somebody calls.

use chrono::{DateTime, Utc};

use super::{Refusal, Run};
use crate::domain::alert::{Alike, Raise};
use crate::domain::escalation::Target;
use crate::domain::ids::{AlertId, TeamId, UserId};
use crate::domain::oncall::Staff;
use crate::domain::priority::Priority;
use crate::domain::rotation::Member;
use crate::domain::runbook::{Block, filled};
use crate::domain::team::Team;

/// An alert that the current step can raise, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How urgent it is.
    pub priority: Priority,
    /// What it says.
    pub message: String,
    /// For whom, as the page names them.
    pub team: String,
    /// As what it was raised in this visit.
    pub raised: Option<AlertId>,
}

impl Run {
    /// The alerts of the current step that can be seen.
    pub fn pages(&self) -> Vec<Page> {
        let Some((current, step)) = self.step() else {
            return Vec::new();
        };
        let values = self.values_at(current.step, current.pass);
        let blocks = step.visible(current.confirmed).iter();
        let pages = blocks.filter_map(|block| match block {
            Block::Page {
                message,
                team,
                priority,
            } => Some((message, team, *priority)),
            _ => None,
        });
        pages
            .enumerate()
            .map(|(at, (message, team, priority))| Page {
                priority: priority.unwrap_or_default(),
                message: filled(message, &values),
                team: filled(team, &values),
                raised: current.paged.get(&at).copied(),
            })
            .collect()
    }

    /// What is raised, if it can be.
    ///
    /// # Errors
    /// The refusal, for whoever wants it.
    pub fn may_page(&self, page: usize, fills: u64, staff: Staff<'_>) -> Result<Raise, Refusal> {
        let id = self.id;
        if fills != self.fills {
            return Err(Refusal::Changed { id });
        }
        if self.practice {
            return Err(Refusal::Drill { id });
        }
        let page = self.pages().into_iter().nth(page).ok_or(Refusal::NoSuchPage { id })?;
        if let Some(alert) = page.raised {
            return Err(Refusal::AlreadyPaged { id, alert });
        }
        let lacking: Vec<_> = self.step().map(|(_, step)| self.lacks(step)).unwrap_or_default();
        if !lacking.is_empty() {
            let lacking = lacking.into_iter().cloned().collect();
            return Err(Refusal::Needs { id, lacking });
        }
        let known = staff.team_named(&page.team);
        let team = known.ok_or_else(|| Refusal::NoSuchTeam {
            id,
            team: page.team.clone(),
        })?;
        Ok(Raise {
            team: team.id.clone(),
            summary: format!("{} ({id})", page.message),
            priority: page.priority,
            service: None,
            to: None,
            alike: Alike::Raise,
        })
    }

    /// What is raised when somebody else is to help with the current step, if anybody can be paged.
    ///
    /// # Errors
    /// The refusal, for whoever wants it.
    pub fn may_call_help(&self, of: &[&TeamId], staff: Staff<'_>, now: DateTime<Utc>) -> Result<Raise, Refusal> {
        let id = self.id;
        if self.practice {
            return Err(Refusal::Drill { id });
        }
        let Some((current, step)) = self.step() else {
            return Err(Refusal::NobodyToPage { id });
        };
        if let Some(alert) = current.helped {
            return Err(Refusal::AlreadyPaged { id, alert });
        }
        let owner = self.runbook.owner.as_deref().and_then(|owner| staff.team_named(owner));
        let others = of.iter().filter_map(|team| staff.teams.get(*team));
        let team = owner.into_iter().chain(others).next();
        let team = team.ok_or(Refusal::NobodyToPage { id })?;
        let title = filled(&step.title, &self.values_at(current.step, current.pass));
        Ok(Raise {
            team: team.id.clone(),
            summary: format!("{id} {} needs help with “{title}”", self.runbook.title),
            priority: Priority::default(),
            service: None,
            to: self.helper(team, staff, now),
            alike: Alike::Raise,
        })
    }

    /// Whoever of a team is on call and not in it yet: the second rotation first, then the others, then whom levels name.
    fn helper(&self, team: &Team, staff: Staff<'_>, now: DateTime<Utc>) -> Option<UserId> {
        let rotations = team.rotations.get(1).into_iter().chain(&team.rotations);
        let on_call = rotations.filter_map(|rotation| staff.who(&team.id, rotation, now).who);
        let levels = team.policy.levels.iter().flat_map(|level| &level.targets);
        let named = levels.filter_map(|target| match target {
            Target::Person(member) => Some(member.clone()),
            Target::Rotation(_) | Target::Channel(_) | Target::Team(_) => None,
        });
        let people = on_call.chain(named).filter_map(|member| match member {
            Member::Known(user) => Some(user),
            Member::Unknown(_) => None,
        });
        people
            .filter(|user| staff.is_there(user))
            .find(|user| user != self.whose())
    }
}

//! Alerts that a step raises, each once for each visit.

use super::{Refusal, Run};
use crate::domain::alert::{Alike, Raise};
use crate::domain::ids::AlertId;
use crate::domain::oncall::Staff;
use crate::domain::priority::Priority;
use crate::domain::runbook::{Block, filled};

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
    pub fn may_page(&self, page: usize, staff: Staff<'_>) -> Result<Raise, Refusal> {
        let id = self.id;
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
}

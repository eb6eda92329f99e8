//! What an incident says of itself: its title, whom it touches, what is broken, who answers for it; from its beginning,
//! and in other words later.

use chrono::{DateTime, Utc};

use super::{Details, Event, Incident, Refusal, Rest};
use crate::domain::alert::on_call;
use crate::domain::ids::UserId;
use crate::domain::oncall::Staff;
use crate::domain::roster::fold;

/// The longest title.
const LONGEST_TITLE: usize = 500;

impl Incident {
    /// What is described in other words; nothing where it says what it said.
    pub(super) fn describe(
        &self,
        by: UserId,
        details: &Details,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let before = Rest {
            scope: self.scope,
            services: self.services.clone(),
            team: self.team.clone(),
        };
        let title = details.title.as_deref().map_or_else(|| Ok(self.title.clone()), title)?;
        let rest = details.rest.clone().unwrap_or_else(|| before.clone());
        let rest = Rest {
            services: services(&rest.services),
            ..rest
        };
        if let Some(team) = rest.team.as_ref().filter(|team| !staff.teams.contains_key(*team)) {
            return Err(Refusal::NoSuchTeam { team: team.clone() });
        }
        if title == self.title && rest == before {
            return Ok(Vec::new());
        }
        let is_theirs_now = self.is_open() && rest.team != before.team;
        let theirs = rest.team.as_ref().filter(|_| is_theirs_now);
        Ok(vec![Event::Described {
            people: theirs.map(|team| on_call(team, staff, now)).unwrap_or_default(),
            called: (title != self.title).then(|| self.title.clone()),
            by,
            title,
            rest,
            before,
        }])
    }
}

/// A title as it is kept: on one line, and not longer than anybody reads.
pub(super) fn title(typed: &str) -> Result<String, Refusal> {
    let title = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = title.chars().count();
    if title.is_empty() {
        return Err(Refusal::Empty);
    }
    if length > LONGEST_TITLE {
        return Err(Refusal::TitleTooLong { length, title });
    }
    Ok(title)
}

/// Each service once, however often and however it was typed; the first way of writing it stays.
pub(super) fn services(typed: &[String]) -> Vec<String> {
    let mut services: Vec<String> = Vec::new();
    for service in typed {
        let service = service.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_known = services.iter().any(|known| fold(known) == fold(&service));
        if !service.is_empty() && !is_known {
            services.push(service);
        }
    }
    services
}

//! Whoever is on call has more than they can carry: an alert of their team that begins after their own level.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::decide::Refusal;
use super::event::{Cause, Event};
use super::paging::{FIRST, page_from};
use super::{Alert, Page};
use crate::domain::escalation::{Level, Policy, Recipient, Target};
use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::{self, Staff};
use crate::domain::priority::Priority;
use crate::domain::rotation::Member;
use crate::domain::team::Team;

/// How many open alerts the page names, and how much of each.
const NAMED: usize = 10;
const EXCERPT: usize = 150;

/// What an alert is known by with which somebody asks for help. No program's key begins with this sign, because no team's does.
pub fn underwater_key(by: &UserId, team: &TeamId) -> String {
    format!("@underwater/{team}/{by}")
}

/// Whether somebody takes care of an alert, or is paged about it.
pub fn is_in(alert: &Alert, user: &UserId) -> bool {
    match &alert.page {
        Page::Acknowledged { by, .. } => by == user,
        Page::Paging { .. } | Page::Exhausted { .. } => alert
            .reached
            .iter()
            .any(|who| matches!(who, Recipient::Person(known) if known == user)),
        Page::Quiet | Page::Snoozed { .. } | Page::Ended { .. } => false,
    }
}

/// Pages the levels after the one somebody is in, with what is open. `open` are the team's open alerts.
///
/// # Errors
/// When they are in no level, or nobody is in one after it.
pub fn underwater(
    by: &UserId,
    team: &Team,
    text: Option<&str>,
    open: &[&Alert],
    staff: Staff<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let refuse = |refusal| Err(Refusal::OnCall(refusal));
    let paged = || {
        let theirs = open.iter().find(|alert| is_in(alert, by))?;
        theirs.step.map(|step| step.level)
    };
    let said = || text.map(str::to_owned);
    let Some(level) = staff.level_of(team, by, now).or_else(paged) else {
        return refuse(oncall::Refusal::NotYourShift {
            team: team.id.clone(),
            text: said(),
        });
    };
    let Some((next, _)) = staff.next_level(team, level + 1, by, now) else {
        return refuse(oncall::Refusal::NobodyNext {
            team: team.id.clone(),
            text: said(),
        });
    };
    let policy = Policy {
        levels: team
            .policy
            .levels
            .iter()
            .skip(next)
            .filter_map(|level| without(level, by))
            .collect(),
        repeat: team.policy.repeat,
    };
    let name = staff.people.get(by).map_or(by.as_str(), |person| &person.handle);
    let text = text.map(|text| format!(": {text}")).unwrap_or_default();
    let labels: BTreeMap<String, String> = open
        .iter()
        .rev()
        .take(NAMED)
        .map(|alert| {
            let line = alert.summary.lines().next().unwrap_or_default();
            let line: String = line.chars().take(EXCERPT).collect();
            (alert.id.to_string(), format!("{} {line}", alert.priority))
        })
        .collect();
    let mut events = vec![Event::Raised {
        by: by.into(),
        team: team.id.clone(),
        summary: format!("@{name} is underwater and asks for help{text}"),
        // As urgent as what they drown in.
        priority: open
            .iter()
            .map(|alert| alert.priority)
            .min()
            .unwrap_or_default()
            .min(Priority::default()),
        service: None,
        card: team.channel.clone(),
        policy: policy.clone(),
        key: Some(underwater_key(by, &team.id)),
        labels,
        test: None,
    }];
    events.extend(page_from(Some(FIRST), &policy, &team.id, staff, Cause::Asked, now));
    Ok(events)
}

/// A level without somebody; none when it has nobody else.
fn without(level: &Level, user: &UserId) -> Option<Level> {
    let is_other = |target: &&Target| !matches!(target, Target::Person(Member::Known(known)) if known == user);
    let targets: Vec<Target> = level.targets.iter().filter(is_other).cloned().collect();
    (!targets.is_empty()).then_some(Level {
        targets,
        wait_seconds: level.wait_seconds,
    })
}

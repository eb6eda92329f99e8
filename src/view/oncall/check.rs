//! What could keep a page from somebody: gaps, people who cannot be reached, double bookings, clock changes, each with what
//! it would cost.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Offset as _, TimeDelta, TimeZone as _, Utc};

use super::told;
use super::words::{interval, member};
use crate::domain::escalation::Target;
use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::Stint;
use crate::domain::roster::Standing;
use crate::domain::rotation::{Member, Rotation};
use crate::domain::team::Team;
use crate::slack::call::Message;
use crate::view::text::{channel, count, date, escape, list, name};
use crate::view::{Scene, say};

/// How far ahead is looked.
const AHEAD: TimeDelta = TimeDelta::days(90);
/// How many people one finding names.
const PEOPLE: usize = 20;
/// How many findings of a team are said.
const FINDINGS: usize = 15;

/// Looks at one team, or at all.
pub fn check(scene: Scene<'_>, of: Option<&TeamId>) -> Message {
    let teams = scene
        .roster
        .teams
        .values()
        .filter(|team| of.is_none_or(|of| team.id == *of));
    let teams: Vec<&Team> = teams.collect();
    let mut parts = Vec::new();
    for team in &teams {
        let findings = of_team(scene, team);
        if findings.is_empty() {
            continue;
        }
        let more = findings.len().saturating_sub(FINDINGS);
        let mut lines: Vec<String> = findings.into_iter().take(FINDINGS).collect();
        if more > 0 {
            lines.push(format!("… and {more} more."));
        }
        parts.push(format!("*{}*\n{}", escape(&team.name), lines.join("\n")));
    }
    parts.truncate(45);
    parts.extend(never_answered(scene, &teams));
    if parts.is_empty() {
        return say(
            "In the next 90 days somebody is on call at every moment that the rotations promise, and can be reached.",
        );
    }
    told(&parts)
}

/// What is to be said of one team, a sentence or two each; what needs somebody begins with a warning sign.
pub fn findings(scene: Scene<'_>, team: &Team) -> Vec<String> {
    let mut found = of_team(scene, team);
    found.extend(never_answered(scene, &[team]));
    found
}

/// The same without what is said once for all teams.
fn of_team(scene: Scene<'_>, team: &Team) -> Vec<String> {
    let mut found = unreachable_by_name(scene, team);
    let until = scene.now + AHEAD;
    let mut busy: BTreeMap<&UserId, Vec<(&Rotation, Stint)>> = BTreeMap::new();
    for rotation in &team.rotations {
        let label = escape(&rotation.name);
        found.extend(unreachable(scene, rotation, &label));
        found.extend(alone(scene, rotation, &label));
        let stints = scene.staff().shifts(&team.id, rotation, scene.now, until);
        found.extend(gaps(scene, team, rotation, &stints).iter().take(3).map(|gap| {
            let away = gap.by.as_ref().and_then(|by| scene.world.overrides().get(by.id()?));
            let why = away.map_or_else(
                || "nobody is on call".to_owned(),
                |it| format!("{} is unavailable ({})", name(scene.roster, &it.by), it.id),
            );
            let label = of_level(scene, team, rotation);
            format!(
                ":warning: {label}: {} {why}; a page then goes to {}.",
                interval(gap.from, gap.until),
                then(scene, team, rotation)
            )
        }));
        found.extend(clock_change(rotation, scene.now, until).map(|at| {
            format!(
                "{label}: the clocks of {} change {}; the shift over it is an hour longer or shorter.",
                rotation.zone,
                date(at)
            )
        }));
        for stint in stints {
            let mut members = rotation.members_from(scene.now);
            if let Some(Member::Known(user)) = members.find(|one| Some(*one) == stint.who.as_ref()) {
                busy.entry(user).or_default().push((rotation, stint));
            }
        }
    }
    for (user, stints) in busy {
        let double = stints.iter().enumerate().find_map(|(at, (rotation, stint))| {
            let other = stints[at + 1..].iter().find(|(other, theirs)| {
                other.name != rotation.name && theirs.from < stint.until && stint.from < theirs.until
            })?;
            Some((rotation, stint, other))
        });
        if let Some((rotation, stint, (other, theirs))) = double {
            found.push(format!(
                ":warning: {} is on call in {} and in {} at once, {}: one person would answer both levels.",
                name(scene.roster, user),
                escape(&rotation.name),
                escape(&other.name),
                interval(stint.from.max(theirs.from), stint.until.min(theirs.until))
            ));
        }
    }
    found
}

/// When a page to the level of a rotation reaches nobody. Rotations that follow the sun stand in for each other, so the
/// first of a level speaks for all of them.
fn gaps(scene: Scene<'_>, team: &Team, rotation: &Rotation, stints: &[Stint]) -> Vec<Stint> {
    let mut gaps: Vec<Stint> = stints.iter().filter(|stint| stint.who.is_none()).cloned().collect();
    let staff = scene.staff();
    let Some(level) = staff.level_of_rotation(team, &rotation.name) else {
        return gaps;
    };
    let targets = &team.policy.levels[level].targets;
    let is_there = |target: &Target| match target {
        Target::Person(one) => can_be_paged(scene, one),
        Target::Channel(channel) => channel.is_ok(),
        Target::Team(_) => true,
        Target::Rotation(_) => false,
    };
    let rotations = || {
        targets.iter().filter_map(|target| match target {
            Target::Rotation(name) => team.rotation(name),
            Target::Person(_) | Target::Channel(_) | Target::Team(_) => None,
        })
    };
    let is_first = rotations().next().is_some_and(|first| first.name == rotation.name);
    if !is_first || targets.iter().any(is_there) {
        return Vec::new();
    }
    for other in rotations().skip(1) {
        let shifts = staff.shifts(&team.id, other, scene.now, scene.now + AHEAD);
        for shift in shifts.iter().filter(|shift| shift.who.is_some()) {
            gaps = gaps.into_iter().flat_map(|gap| without(gap, shift)).collect();
        }
    }
    gaps
}

/// All rotations of the level that a rotation is in.
fn of_level(scene: Scene<'_>, team: &Team, rotation: &Rotation) -> String {
    let level = scene.staff().level_of_rotation(team, &rotation.name);
    let targets = level.into_iter().flat_map(|level| &team.policy.levels[level].targets);
    let names: Vec<String> = targets
        .filter_map(|target| match target {
            Target::Rotation(name) => Some(escape(name)),
            Target::Person(_) | Target::Channel(_) | Target::Team(_) => None,
        })
        .collect();
    if names.is_empty() {
        escape(&rotation.name)
    } else {
        list(&names)
    }
}

/// What is left of a gap beside a shift of somebody.
fn without(gap: Stint, shift: &Stint) -> Vec<Stint> {
    let before = Stint {
        until: gap.until.min(shift.from),
        ..gap.clone()
    };
    let after = Stint {
        from: gap.from.max(shift.until),
        ..gap
    };
    [before, after]
        .into_iter()
        .filter(|part| part.from < part.until)
        .collect()
}

/// Members who cannot be paged, each once.
fn unreachable(scene: Scene<'_>, rotation: &Rotation, label: &str) -> Vec<String> {
    let mut known: Vec<&Member> = Vec::new();
    for one in rotation.members_from(scene.now) {
        if !can_be_paged(scene, one) && !known.contains(&one) {
            known.push(one);
        }
    }
    let said = |one: &Member| {
        let who = member(scene, one);
        format!(
            ":warning: {label}: {who}. A page in their turn goes on to the next level. Name somebody else in the \
             configuration; `/oncall override` helps until then."
        )
    };
    known.into_iter().map(said).collect()
}

/// People whom a level names and who cannot be paged.
fn unreachable_by_name(scene: Scene<'_>, team: &Team) -> Vec<String> {
    let mut found = Vec::new();
    for (number, level) in team.policy.levels.iter().enumerate() {
        for target in &level.targets {
            if let Target::Person(one) = target
                && !can_be_paged(scene, one)
            {
                let who = member(scene, one);
                found.push(format!(
                    ":warning: level {} pages {who}. Nobody is reached there: name somebody else in the configuration.",
                    number + 1
                ));
            }
        }
    }
    found
}

/// Whom no test page is known to reach.
fn never_answered(scene: Scene<'_>, teams: &[&Team]) -> Option<String> {
    let people: BTreeSet<&UserId> = teams.iter().flat_map(|team| team.people(scene.now)).collect();
    let untested: Vec<String> = people
        .into_iter()
        .filter(|user| {
            can_be_paged(scene, &Member::Known((*user).clone())) && !scene.world.watches().has_answered(user)
        })
        .map(|user| name(scene.roster, user))
        .collect();
    let more = untested.len().saturating_sub(PEOPLE);
    let others = (more > 0).then(|| count(more, "other"));
    let shown: Vec<String> = untested.iter().take(PEOPLE).cloned().chain(others).collect();
    let never = if untested.len() == 1 { "has never" } else { "have never" };
    (!shown.is_empty()).then(|| {
        format!(
            "{} {never} answered a test page, so nobody knows whether one wakes them. `/alert test` pages whoever types \
             it.",
            list(&shown)
        )
    })
}

/// A change that leaves somebody alone with a rotation.
fn alone(scene: Scene<'_>, rotation: &Rotation, label: &str) -> Option<String> {
    let mut changes = rotation.changes_after(scene.now);
    let (first, change) = changes.find(|(_, change)| change.members.iter().all(|one| *one == change.members[0]))?;
    let who = member(scene, change.members.first()?);
    let first = date(first);
    Some(format!(
        ":warning: {label}: from {first} on only {who} takes turns; nobody relieves them. Add somebody to that change in \
         the configuration."
    ))
}

/// Whom a page reaches when a rotation has nobody.
fn then(scene: Scene<'_>, team: &Team, rotation: &Rotation) -> String {
    let pages = |target: &Target| matches!(target, Target::Rotation(name) if *name == rotation.name);
    let levels = &team.policy.levels;
    let level = levels.iter().position(|level| level.targets.iter().any(pages));
    match level {
        Some(at) if at + 1 < levels.len() => format!("level {}", at + 2),
        Some(_) => channel(&scene.roster.fallback),
        None => "whoever the escalation policy names".to_owned(),
    }
}

fn can_be_paged(scene: Scene<'_>, one: &Member) -> bool {
    match one {
        Member::Unknown(_) => false,
        Member::Known(user) => !matches!(
            scene.roster.people.get(user).map(|person| person.standing),
            Some(Standing::Deactivated | Standing::Bot)
        ),
    }
}

/// The first clock change of a rotation's zone between two instants, to the hour.
fn clock_change(rotation: &Rotation, from: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let offset = |at: DateTime<Utc>| rotation.zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    let hours = (until - from).num_hours();
    (1..=hours)
        .map(|hour| from + TimeDelta::hours(hour))
        .find(|at| offset(*at) != offset(*at - TimeDelta::hours(1)))
}

//! People and times, as answers about on-call say them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::{By, Kind, Override, Part};
use crate::domain::roster::Standing;
use crate::domain::rotation::{Member, Rotation};
use crate::domain::team::Team;
use crate::slack::call::Message;
use crate::view::text::{between, date, escape, list, name, shift};
use crate::view::{Scene, say};

/// A member, with a warning where they cannot be paged.
pub(super) fn member(scene: Scene<'_>, member: &Member) -> String {
    match member {
        Member::Unknown(name) => format!(":warning: `{}`, whom nobody here is called", escape(name)),
        Member::Known(user) => match scene.roster.people.get(user).map(|person| person.standing) {
            Some(Standing::Deactivated) => format!(":warning: {}, who has left", name(scene.roster, user)),
            Some(Standing::Bot) => format!(":warning: {}, which is a bot", name(scene.roster, user)),
            Some(Standing::Active | Standing::Guest) | None => name(scene.roster, user),
        },
    }
}

/// What says so, in brackets after whoever is on call; nothing where the rotation does.
pub(super) fn by(by: Option<&By>) -> String {
    match by {
        Some(By::Override(id)) => format!(" ({id})"),
        Some(By::Freeze(name)) => format!(" ({})", escape(name)),
        None => String::new(),
    }
}

/// Some members in order.
pub(super) fn members(scene: Scene<'_>, members: &[Member]) -> String {
    let members: Vec<String> = members.iter().map(|one| member(scene, one)).collect();
    members.join(", ")
}

/// `Mon 9 Mar 18:00 until Tue 10 Mar 09:00`, in the reader's zone.
pub(super) fn interval(from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    format!("{} until {}", date(from), date(until))
}

/// The same on the wall clock of a zone, for what somebody typed: they see how it was understood.
pub(super) fn on_the_wall(from: DateTime<Utc>, until: DateTime<Utc>, zone: Tz) -> String {
    let shown = |at: DateTime<Utc>| at.with_timezone(&zone).format("%a %-d %b %Y %H:%M").to_string();
    format!("{} to {} ({zone})", shown(from), shown(until))
}

/// `Cloud (primary)`.
pub(super) fn rotation_of(scene: Scene<'_>, part: &Part) -> String {
    shift(scene.roster, &part.team, &part.rotation)
}

/// Every part: which rotation, when.
pub(super) fn parts(scene: Scene<'_>, parts: &[Part]) -> String {
    let said: Vec<String> = parts
        .iter()
        .map(|part| format!("{} from {}", rotation_of(scene, part), interval(part.from, part.until)))
        .collect();
    list(&said)
}

/// `@ben is on call for Cloud (primary) from … until … (O-3).`, a sentence for each part.
pub(super) fn on_call(scene: Scene<'_>, it: &Override) -> String {
    let sentences = it.parts.iter().map(|part| {
        let who = part
            .who
            .as_ref()
            .map_or_else(String::new, |user| name(scene.roster, user));
        let when = interval(part.from, part.until);
        format!(
            "{who} is on call for {} from {when}, {} ({}).",
            rotation_of(scene, part),
            between(part.from, part.until),
            it.id
        )
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// A team that has rotations.
///
/// # Errors
/// What is said where there is none.
pub(super) fn with_rotations<'a>(scene: Scene<'a>, of: &TeamId) -> Result<&'a Team, Message> {
    let Some(team) = scene.roster.teams.get(of) else {
        return Err(say("This team is no longer there. `/oncall` shows those there are."));
    };
    if team.rotations.is_empty() {
        return Err(say(format!(
            "{} has no rotations; its escalation policy names whom to page.",
            escape(&team.name)
        )));
    }
    Ok(team)
}

/// What it is, as the beginning of a line.
pub(super) fn kind(it: &Override) -> &'static str {
    match it.kind {
        Kind::Override | Kind::Take => "override",
        Kind::Cover { .. } => "cover",
        Kind::Swap { .. } => "swap",
        Kind::Unavailable => "unavailability",
    }
}

/// Whether somebody is in a team, or has one of its rotations now because they took it or were put there.
pub(in crate::view) fn answers_for(scene: Scene<'_>, team: &Team, user: &UserId) -> bool {
    let has_it = |rotation: &Rotation| {
        let holder = scene.staff().holder(&team.id, rotation, scene.now).who;
        matches!(holder, Some(Member::Known(who)) if who == *user)
    };
    team.has(user, scene.now) || team.rotations.iter().any(has_it)
}

/// Some people by name.
pub(super) fn people(scene: Scene<'_>, who: &[UserId]) -> String {
    list(&who.iter().map(|user| name(scene.roster, user)).collect::<Vec<_>>())
}

//! Shifts as a calendar file that any calendar reads.
//!
//! Each shift has a name of its own (its `UID`): the team, the rotation and when it begins by the rotation alone. So a file
//! that is read after a cover or a swap changes the shift that is there already instead of adding another. Where a shift
//! is divided, the last part that is left to the rotation keeps the name, and each other part is named after an override
//! or a freeze; a shift that was given away whole keeps its name with whoever has it now, and is cancelled in the calendar of the one
//! who gave it. `SEQUENCE` is the newest override of the shift; between files that agree on it, the later one (`DTSTAMP`)
//! holds.
//!
//! Being on call is `TRANSPARENT`: it is not being busy.

mod ics;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::explain::because;
use super::words::with_rotations;
use crate::command::Whose;
use crate::domain::Errand;
use crate::domain::ids::UserId;
use crate::domain::oncall::{By, Slot, Stint};
use crate::domain::rotation::{Member, Rotation};
use crate::domain::team::Team;
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Message, SharedFile};
use crate::view::calls::{post_to, share};
use crate::view::text::{count, escape, plain, team as team_name};
use crate::view::{Scene, say};
use ics::{Ics, instant};

/// How far ahead a calendar goes.
const AHEAD: TimeDelta = TimeDelta::days(90);
/// The longest file that is sent, in octets; it is stored until it is sent.
const SENT: usize = 256 << 10;

/// A calendar of shifts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The file.
    pub text: String,
    /// How many shifts it has.
    pub shifts: usize,
    /// Where it ends, when not all shifts found a place.
    pub cut: Option<DateTime<Utc>>,
}

/// The shifts of the coming 90 days, the next one first, in at most so many octets; none when there are none.
pub fn calendar(scene: Scene<'_>, whose: &Whose, at_most: usize) -> Option<Calendar> {
    let mut events = Vec::new();
    for (team, rotation) in scene.staff().rotations() {
        if matches!(whose, Whose::Team(of) if team.id != *of) {
            continue;
        }
        let slots = scene.staff().slots(&team.id, rotation, scene.now, scene.now + AHEAD);
        for slot in &slots {
            events.extend(events_of(scene, team, rotation, slot, whose));
        }
    }
    // The one that begins first; the name, so that the same shifts are always the same file.
    events.sort_by(|one, other| (one.from, &one.name).cmp(&(other.from, &other.name)));
    if !events.iter().any(|event| event.standing == Standing::Confirmed) {
        return None;
    }
    let mut file = Ics::default();
    file.line("BEGIN", "VCALENDAR");
    file.line("VERSION", "2.0");
    file.line("PRODID", "-//Nightbell//Nightbell//EN");
    file.line("CALSCALE", "GREGORIAN");
    file.line("METHOD", "PUBLISH");
    file.text("X-WR-CALNAME", &title(scene, whose));
    let (mut shifts, mut cut) = (0, None);
    for event in &events {
        let drawn = event.draw(scene.now);
        if file.len() + drawn.len() > at_most {
            cut = Some(event.from);
            break;
        }
        file.append(&drawn);
        shifts += usize::from(event.standing == Standing::Confirmed);
    }
    file.line("END", "VCALENDAR");
    Some(Calendar {
        text: file.finish(),
        shifts,
        cut,
    })
}

/// What the calendar is called.
fn title(scene: Scene<'_>, whose: &Whose) -> String {
    match whose {
        Whose::Person(_) => "On call".to_owned(),
        Whose::Team(of) => {
            let name = scene.roster.teams.get(of).map_or(of.as_str(), |team| &team.name);
            format!("On call: {name}")
        }
        Whose::Everybody => "On call: all teams".to_owned(),
    }
}

/// A shift, or the part of one that somebody has.
struct Event {
    name: String,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    sequence: u64,
    summary: String,
    description: String,
    standing: Standing,
}

/// Whether a shift takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It does.
    Confirmed,
    /// Somebody else has it now.
    Cancelled,
}

impl Event {
    fn draw(&self, now: DateTime<Utc>) -> Ics {
        let mut ics = Ics::default();
        ics.line("BEGIN", "VEVENT");
        ics.line("UID", &self.name);
        ics.time("DTSTAMP", now);
        ics.line("SEQUENCE", &self.sequence.to_string());
        ics.time("DTSTART", self.from);
        ics.time("DTEND", self.until);
        ics.text("SUMMARY", &self.summary);
        ics.text("DESCRIPTION", &self.description);
        ics.line(
            "STATUS",
            match self.standing {
                Standing::Confirmed => "CONFIRMED",
                Standing::Cancelled => "CANCELLED",
            },
        );
        ics.line("TRANSP", "TRANSPARENT");
        ics.line("END", "VEVENT");
        ics
    }
}

fn events_of(scene: Scene<'_>, team: &Team, rotation: &Rotation, slot: &Slot, whose: &Whose) -> Vec<Event> {
    let mut events = Vec::new();
    let what = format!("{} ({})", team.name, rotation.name);
    let sequence = slot.newest.map_or(0, |id| id.0);
    let shift = slot.shift();
    for ((at, piece), name) in slot.pieces.iter().enumerate().zip(names(team, rotation, slot)) {
        let who = piece.who.as_ref();
        let has_it = who.map_or_else(|| "nobody".to_owned(), |who| called(scene, who));
        let is_whose = |who: Option<&Member>| who.is_some_and(|who| is_theirs(who, whose));
        let event = |from, until, summary, standing| Event {
            name,
            from,
            until,
            sequence,
            summary,
            description: reasons(scene, team, rotation, piece),
            standing,
        };
        if piece.until > scene.now && is_whose(who) {
            let summary = match whose {
                Whose::Person(_) => format!("On call: {what}"),
                Whose::Team(_) | Whose::Everybody => format!("{has_it} on call: {what}"),
            };
            events.push(event(piece.from, piece.until, summary, Standing::Confirmed));
        } else if shift == Some(at) && is_whose(slot.turn.as_ref()) && !is_whose(who) {
            // Their calendar may have it from before.
            let summary = format!("Not on call: {what}, {has_it} has it");
            events.push(event(slot.from, slot.until, summary, Standing::Cancelled));
        }
    }
    events
}

fn is_theirs(who: &Member, whose: &Whose) -> bool {
    match whose {
        Whose::Person(user) => matches!(who, Member::Known(known) if known == user),
        Whose::Team(_) | Whose::Everybody => true,
    }
}

/// The name of each piece of a slot. What went before is forgotten some time after it is over, and must not rename what
/// comes: so pieces are named from the last to the first, and after what follows them.
fn names(team: &Team, rotation: &Rotation, slot: &Slot) -> Vec<String> {
    let of = format!(
        "{}.{}.{}",
        encoded(team.id.as_str()),
        encoded(&rotation.name),
        instant(slot.from)
    );
    let shift = slot.shift();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut next = None;
    let mut names = Vec::with_capacity(slot.pieces.len());
    for (at, piece) in slot.pieces.iter().enumerate().rev() {
        let part = match (&piece.by, next) {
            _ if shift == Some(at) => String::new(),
            (Some(by), _) => format!(".{}", name_of(by)),
            (None, Some(next)) => format!(".before-{}", name_of(next)),
            (None, None) => ".rest".to_owned(),
        };
        next = piece.by.as_ref();
        let times = known.entry(part.clone()).or_default();
        *times += 1;
        let again = if *times > 1 { format!("-{times}") } else { String::new() };
        names.push(format!("{of}{part}{again}@nightbell"));
    }
    names.reverse();
    names
}

fn name_of(by: &By) -> String {
    match by {
        By::Override(id) => id.to_string(),
        By::Freeze(name) => format!("freeze-{}", encoded(name)),
    }
}

/// A name in letters that divide nothing and need no escaping; different names stay different.
fn encoded(name: &str) -> String {
    let mut encoded = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            encoded.push(letter);
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "_{:x}_", u32::from(letter));
        }
    }
    encoded
}

fn called(scene: Scene<'_>, member: &Member) -> String {
    match member {
        Member::Known(user) => match scene.roster.people.get(user) {
            Some(person) => person.name.clone(),
            None => user.to_string(),
        },
        Member::Unknown(name) => name.clone(),
    }
}

/// Why they have it, on the clocks of the rotation.
fn reasons(scene: Scene<'_>, team: &Team, rotation: &Rotation, piece: &Stint) -> String {
    let found = scene.staff().who(&team.id, rotation, piece.from);
    let reasons: Vec<String> = found
        .because
        .iter()
        .map(|reason| plain(&because(scene, rotation, reason), rotation.zone))
        .collect();
    format!("{} Times in {}.", reasons.join(" "), rotation.zone)
}

/// What whoever asked for a calendar is told, and the file on its way to them; no file when there is nothing in it.
pub fn send(scene: Scene<'_>, to: &UserId, whose: &Whose) -> (Message, Option<Entry>) {
    let Some(calendar) = calendar(scene, whose, SENT) else {
        return (nothing(scene, whose), None);
    };
    let shifts = count(calendar.shifts, "shift");
    let (what, file) = match whose {
        Whose::Person(_) => ("your shifts".to_owned(), "on-call.ics".to_owned()),
        Whose::Team(of) => (
            format!("the shifts of {}", team_name(scene.roster, of)),
            format!("on-call-{of}.ics"),
        ),
        Whose::Everybody => ("the shifts of all teams".to_owned(), "on-call-all.ics".to_owned()),
    };
    let reach = match calendar.cut {
        Some(until) => format!(
            "{shifts}, up to {} UTC: that is as much as one file takes",
            until.format("%a %-d %b %Y %H:%M")
        ),
        None => format!("{shifts} in the next 90 days"),
    };
    let comment = format!(
        "Here are {what} ({reach}). Open the file to add them to your calendar. It does not change by itself: after a \
         cover, a swap or a change of the rotation ask again; the new file changes what the old one brought."
    );
    let sorry = say(format!(
        "I could not give you the file with {what}: Slack did not take it. `/oncall schedule` shows shifts here. \
         Whoever runs me finds the reason with `nightbell doctor` or in the log."
    ));
    let file = SharedFile {
        name: file,
        title: title(scene, whose),
        content: calendar.text,
    };
    let call = share(to.as_str(), file, comment);
    let entry = Entry {
        otherwise: Some(post_to(to.as_str(), sorry)),
        ..scene.entry(&format!("calendar/{to}"), Urgency::Reply, call, Errand::Nothing)
    };
    let said = format!("I am sending you {what} as a file, in a direct message: {reach}.");
    (say(said), Some(entry))
}

/// There is nothing to put into a calendar.
fn nothing(scene: Scene<'_>, whose: &Whose) -> Message {
    match whose {
        Whose::Person(_) => say(
            "You are not on call in the next 90 days, so there is nothing to put into a calendar. \
             `/oncall calendar <team>` gives you the shifts of a whole team."
                .replace("<team>", "&lt;team&gt;"),
        ),
        Whose::Team(of) => match with_rotations(scene, of) {
            Ok(team) => say(format!(
                "Nobody is on call for {} in the next 90 days, so there is nothing to put into a calendar. \
                 `/oncall check {}` says why.",
                escape(&team.name),
                team.id
            )),
            Err(said) => said,
        },
        Whose::Everybody => say("Nobody is on call for any team in the next 90 days."),
    }
}

#[cfg(test)]
mod tests;

//! A rotation: who takes turns, when, and who does from a date on.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use toml::de::DeTable;

use crate::domain::rotation::{Hours, Period};

use super::{
    super::{
        file::{Change, PersonReference, Rotation},
        problem::{Mark, Problem, Written},
    },
    collector::Collector,
    section::{Key, Section, Shape},
    time, value,
};

const ROTATION: Shape = Shape {
    keys: &[
        Key("name", r#"name = "primary""#),
        Key("time_zone", r#"time_zone = "Europe/Berlin""#),
        Key("start", r#"start = "2026-01-05 09:00""#),
        Key("every", r#"every = "1 week""#),
        Key("members", r#"members = ["@ana", "@ben"]"#),
        Key("changes", "[[teams.cloud.rotations.changes]]"),
        Key("hours", r#"hours = ["Mon-Fri 09:00-18:00"]"#),
    ],
    later: &[],
};

const CHANGE: Shape = Shape {
    keys: &[
        Key("from", r#"from = "2026-12-01""#),
        Key("members", r#"members = ["@ana", "@cleo"]"#),
    ],
    later: &[],
};

/// Reads a rotation of a team.
pub(super) fn read(team: &str, mark: Mark, entries: &DeTable<'_>, workspace: Tz, out: &mut Collector<'_>) -> Rotation {
    let title = format!("`[[teams.{team}.rotations]]`");
    let section = Section::open(&title, Some(mark.clone()), entries, &ROTATION, out);
    let name = section.required("name", out).filter(|name| check_name(name, out));
    let zone = section.text("time_zone", out).and_then(|text| time::zone(&text, out));
    // In a zone that could not be read every time exists, so that one mistake is not reported twice.
    let unread = section.has("time_zone") && zone.is_none();
    let zone = if unread { Tz::UTC } else { zone.unwrap_or(workspace) };
    let start = section
        .required_time("start", out)
        .and_then(|text| time::start(&text, zone, out));
    let every = section.required("every", out).and_then(|text| time::every(&text, out));
    let members = members(&section, out);
    let changes = changes(team, &section, start, zone, out);
    Rotation {
        name: name.unwrap_or(Written {
            value: String::new(),
            mark,
        }),
        zone,
        start: start.unwrap_or_default(),
        every: every.unwrap_or(Period::Weeks(1)),
        members,
        changes,
        freezes: Vec::new(),
        hours: hours(&section, out),
    }
}

fn members(section: &Section<'_>, out: &mut Collector<'_>) -> Vec<Written<PersonReference>> {
    let members = section.filled_list("members", "nobody would ever be on call", out);
    members.iter().filter_map(|text| value::person(text, out)).collect()
}

/// Other members from a date on; each begins after the one before it.
fn changes(
    team: &str,
    section: &Section<'_>,
    start: Option<NaiveDateTime>,
    zone: Tz,
    out: &mut Collector<'_>,
) -> Vec<Change> {
    let title = format!("`[[teams.{team}.rotations.changes]]`");
    let mut changes: Vec<Change> = Vec::new();
    let mut last: Option<Written<NaiveDateTime>> = None;
    for (mark, entries) in section.tables("changes", out) {
        let section = Section::open(&title, Some(mark), entries, &CHANGE, out);
        let written = section.required_time("from", out);
        let from = written.and_then(|text| {
            let value = time::since(&text, zone, out)?;
            Some(text.map(|_| value))
        });
        let members = members(&section, out);
        let Some(from) = from else { continue };
        if start.is_some_and(|start| from.value <= start) {
            let what = "this change is not after the start of its rotation";
            out.push(Problem::at(&from.mark, what).help("put these people into the `members` of the rotation itself"));
        }
        match &last {
            Some(before) if before.value == from.value => out.push(
                Problem::at(&from.mark, "two changes of a rotation begin at the same time")
                    .also(&before.mark, "the first one")
                    .help("keep the one that holds, or give each its own date"),
            ),
            Some(before) if before.value > from.value => out.push(
                Problem::at(&from.mark, "this change begins before the one above it")
                    .also(&before.mark, "the one above it")
                    .help("write changes in the order of their dates"),
            ),
            _ => {}
        }
        changes.push(Change {
            from: from.value,
            members,
        });
        last = Some(from);
    }
    changes
}

fn hours(section: &Section<'_>, out: &mut Collector<'_>) -> Vec<Hours> {
    if !section.has("hours") {
        return Vec::new();
    }
    let texts = section.filled_list("hours", "nobody would ever be on call", out);
    let hours = texts.iter().filter_map(|text| {
        let read: Result<Hours, _> = text.value.parse();
        if let Err(error) = &read {
            out.push(Problem::at(&text.mark, format!("`{}` names no hours", text.value)).help(error.to_string()));
        }
        read.ok()
    });
    hours.collect()
}

/// Reports a name that would read as something else in `page`.
fn check_name(name: &Written<String>, out: &mut Collector<'_>) -> bool {
    let confusing = name.value.contains(['@', '#', '<']) || name.value.starts_with("team:");
    if confusing {
        let what = format!("`{}` would be read as a person, a channel or a team", name.value);
        out.push(Problem::at(&name.mark, what).help("name the rotation with plain words, such as `primary`"));
    }
    !confusing
}

/// Reports rotations of one name.
pub(super) fn check_names(team: &str, rotations: &[Rotation], out: &mut Collector<'_>) {
    for (index, rotation) in rotations.iter().enumerate() {
        let name = &rotation.name;
        let same = |other: &&Rotation| other.name.value.to_lowercase() == name.value.to_lowercase();
        if let Some(first) = rotations[..index].iter().find(same).filter(|_| !name.value.is_empty()) {
            out.push(
                Problem::at(
                    &name.mark,
                    format!("team `{team}` has two rotations named `{}`", name.value),
                )
                .also(&first.name.mark, "the first one")
                .help("give each its own name, such as `primary` and `secondary`"),
            );
        }
    }
}

//! Freezes: who has each rotation of a team for an interval, in place of its turns and its hours.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use toml::de::DeTable;

use crate::domain::rotation::first_moment;

use super::{
    super::{
        file::{Freeze, PersonReference, Rotation},
        problem::{Mark, Problem, Written},
        suggest,
    },
    collector::Collector,
    section::{Key, Section, Shape},
    time, value,
};

const FREEZE: Shape = Shape {
    keys: &[
        Key("name", r#"name = "year-end freeze""#),
        Key("from", r#"from = "2026-12-24 09:00""#),
        Key("to", r#"to = "2027-01-02 09:00""#),
        Key("time_zone", r#"time_zone = "Europe/Berlin""#),
        Key("on_call", r#"on_call = { primary = "@ana" }"#),
    ],
    later: &[],
};

/// What is written for a rotation that nobody has.
const NOBODY: &str = "nobody";

/// The interval of a freeze, and where its beginning stands.
type Interval = Written<(DateTime<Utc>, DateTime<Utc>)>;

/// Reads a team's freezes into its rotations.
pub(super) fn read_all(
    team: &str,
    section: &Section<'_>,
    rotations: &mut [Rotation],
    workspace: Tz,
    out: &mut Collector<'_>,
) {
    let mut known: Vec<Interval> = Vec::new();
    for (mark, entries) in section.tables("freezes", out) {
        if rotations.is_empty() {
            let what = format!("team `{team}` has no rotations that a freeze could replace");
            out.push(Problem::at(&mark, what).help("change its levels instead"));
            continue;
        }
        if let Some(interval) = read(team, &mark, entries, rotations, workspace, out) {
            check_overlap(&interval, &known, out);
            known.push(interval);
        }
    }
    for rotation in rotations {
        rotation.freezes.sort_by_key(|freeze| freeze.from);
    }
}

fn read(
    team: &str,
    mark: &Mark,
    entries: &DeTable<'_>,
    rotations: &mut [Rotation],
    workspace: Tz,
    out: &mut Collector<'_>,
) -> Option<Interval> {
    let title = format!("`[[teams.{team}.freezes]]`");
    let section = Section::open(&title, Some(mark.clone()), entries, &FREEZE, out);
    let name = section.required("name", out);
    let zone = section.text("time_zone", out).and_then(|text| time::zone(&text, out));
    let zone = zone.unwrap_or(workspace);
    let mut moment = |key: &str| {
        let text = section.required_time(key, out)?;
        let moment = first_moment(zone, time::start(&text, zone, out)?)?;
        Some(text.map(|_| moment))
    };
    let (from, to) = (moment("from"), moment("to"));
    let on_call = on_call(team, &section, mark, rotations, out);
    let (name, from, to) = (name?, from?, to?);
    if to.value <= from.value {
        out.push(
            Problem::at(&to.mark, format!("the freeze `{}` ends before it begins", name.value))
                .also(&from.mark, "it begins here")
                .help("`to` is the time at which the rotations go on"),
        );
        return None;
    }
    for (rotation, who) in rotations.iter_mut().zip(on_call) {
        rotation.freezes.push(Freeze {
            name: name.value.clone(),
            from: from.value,
            until: to.value,
            who,
        });
    }
    Some(from.map(|from| (from, to.value)))
}

/// Who has each rotation, in the order of the rotations.
fn on_call(
    team: &str,
    section: &Section<'_>,
    mark: &Mark,
    rotations: &[Rotation],
    out: &mut Collector<'_>,
) -> Vec<Option<Written<PersonReference>>> {
    if !section.has("on_call") {
        section.missing("on_call", out);
        return Vec::new();
    }
    let Some((_, entries)) = section.table("on_call", out) else {
        return Vec::new();
    };
    let texts = section.texts("on_call", out);
    let names: Vec<&str> = rotations.iter().map(|rotation| rotation.name.value.as_str()).collect();
    // A rotation whose name could not be read is reported where it stands.
    if names.iter().any(|name| name.is_empty()) {
        return Vec::new();
    }
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    for (typed, text) in &texts {
        if !names.iter().any(|name| same(name, typed)) {
            let problem = Problem::at(&text.mark, format!("team `{team}` has no rotation `{typed}`"));
            out.push(problem.help_if(suggest::did_you_mean(typed, "", names.iter().copied())));
        }
    }
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        if !entries.keys().any(|typed| same(name, typed.get_ref())) {
            let what = format!("this freeze does not say who is on call in `{name}`");
            let is_bare = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            let key = if is_bare { name.to_owned() } else { format!("{name:?}") };
            let hint = format!("a freeze replaces every rotation: add `{key} = \"@ana\"`, or `{key} = \"{NOBODY}\"`");
            out.push(Problem::at(mark, what).help(hint));
        } else if let Some((_, text)) = texts.iter().find(|(typed, _)| same(name, typed)) {
            let nobody = same(&text.value, NOBODY);
            found.push(if nobody { None } else { value::person(text, out) });
        }
    }
    found
}

fn check_overlap(interval: &Interval, known: &[Interval], out: &mut Collector<'_>) {
    let (from, until) = interval.value;
    let meets = |other: &&Interval| other.value.0 < until && from < other.value.1;
    if let Some(other) = known.iter().find(meets) {
        out.push(
            Problem::at(&interval.mark, "two freezes of a team overlap")
                .also(&other.mark, "the other one begins here")
                .help("let one end where the other begins"),
        );
    }
}

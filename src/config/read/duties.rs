//! Duties of a team's shifts.

use chrono::NaiveTime;
use toml::de::DeTable;
use url::Url;

use super::super::{
    file::Rotation,
    problem::{Mark, Problem, Written},
    suggest,
};
use super::{
    collector::Collector,
    section::{Key, Section, Shape},
    time,
};
use crate::domain::duty::{Duty, When};

const DUTY: Shape = Shape {
    keys: &[
        Key("text", r#"text = "Look through the customers' open issues""#),
        Key("link", r#"link = "https://example.com/issues""#),
        Key("when", r#"when = "daily 10:00""#),
        Key("rotation", r#"rotation = "primary""#),
    ],
    later: &[],
};

/// How many duties a shift has at the most: all of them stand in one message.
const MOST: usize = 12;

/// Reads all duties of a team, in the order of the file.
pub(super) fn read(team: &str, section: &Section<'_>, rotations: &[Rotation], out: &mut Collector<'_>) -> Vec<Duty> {
    let mut duties: Vec<(Duty, Mark)> = Vec::new();
    for (mark, entries) in section.tables("duties", out) {
        let Some(duty) = duty(team, &mark, entries, rotations, out) else {
            continue;
        };
        let of_shift = || duties.iter().filter(|(other, _)| other.rotation == duty.rotation);
        if let Some((_, first)) = of_shift().find(|(other, _)| other.text == duty.text) {
            let problem = Problem::at(&mark, "this duty stands here twice").also(first, "the first time");
            out.push(problem.help("leave one of them out"));
        } else if of_shift().count() == MOST {
            let what = format!("`{}` has more than {MOST} duties", duty.rotation);
            out.push(Problem::at(&mark, what).help("write several of them into one document and link it"));
        }
        duties.push((duty, mark));
    }
    duties.into_iter().map(|(duty, _)| duty).collect()
}

fn duty(
    team: &str,
    mark: &Mark,
    entries: &DeTable<'_>,
    rotations: &[Rotation],
    out: &mut Collector<'_>,
) -> Option<Duty> {
    let title = format!("`[[teams.{team}.duties]]`");
    let section = Section::open(&title, Some(mark.clone()), entries, &DUTY, out);
    let text = section.required("text", out);
    let link = section.text("link", out).and_then(|text| link(&text, out));
    let when = match section.text("when", out) {
        Some(text) => when(&text, out)?,
        None => When::AtHandoff,
    };
    let rotation = match (section.text("rotation", out), rotations.first()) {
        (Some(name), _) => named(team, &name, rotations, out)?,
        (None, Some(first)) => first.name.value.clone(),
        (None, None) => {
            let what = format!("team `{team}` has no rotation, so nobody would have this duty");
            out.push(Problem::at(mark, what).help(format!("add a rotation, `[[teams.{team}.rotations]]`")));
            return None;
        }
    };
    Some(Duty {
        text: text?.value,
        link,
        when,
        rotation,
    })
}

fn named(team: &str, name: &Written<String>, rotations: &[Rotation], out: &mut Collector<'_>) -> Option<String> {
    let known = || rotations.iter().map(|rotation| rotation.name.value.as_str());
    let found = known().find(|known| known.to_lowercase() == name.value.to_lowercase());
    if found.is_none() {
        let what = format!("team `{team}` has no rotation `{}`", name.value);
        out.push(Problem::at(&name.mark, what).help_if(suggest::did_you_mean(&name.value, "", known())));
    }
    found.map(str::to_owned)
}

/// An address that can stand in a message as it is.
fn link(text: &Written<String>, out: &mut Collector<'_>) -> Option<String> {
    let is_web = Url::parse(&text.value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let is_plain = !text.value.contains(|c: char| c.is_whitespace() || "<>|".contains(c));
    if is_web && is_plain {
        return Some(text.value.clone());
    }
    let problem = Problem::at(&text.mark, format!("`{}` is not an address of the web", text.value));
    out.push(problem.help("write it as a browser shows it, such as `https://example.com/issues`"));
    None
}

/// `at handoff`, `daily`, `daily 10:00`.
fn when(text: &Written<String>, out: &mut Collector<'_>) -> Option<When> {
    let said = text.value.to_lowercase();
    let words: Vec<&str> = said.split_whitespace().filter(|word| *word != "at").collect();
    let read = match words[..] {
        ["handoff"] => Some(When::AtHandoff),
        ["daily"] => NaiveTime::from_hms_opt(9, 0, 0).map(When::Daily),
        ["daily", time] => time::of_day(time).map(When::Daily),
        _ => None,
    };
    if read.is_none() {
        let problem = Problem::at(
            &text.mark,
            format!("`{}` does not say when a duty is asked for", text.value),
        );
        out.push(problem.help("write `at handoff`, `daily` (at 09:00) or a time, such as `daily 10:00`"));
    }
    read
}

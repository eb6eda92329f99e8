//! A team: its names, its rotations, whom its levels page.

use chrono::TimeDelta;
use chrono_tz::Tz;
use toml::de::{DeTable, DeValue};

use crate::domain::ids::TeamId;

use super::{
    super::{
        file::{ChannelReference, Level, Rotation, Target, Team},
        problem::{Mark, Problem, Written},
    },
    collector::Collector,
    duties, freeze, policy, rotation,
    section::{Key, Section, Shape},
    time, value,
};

const TEAM: Shape = Shape {
    keys: &[
        Key("name", r#"name = "Cloud""#),
        Key("aliases", r#"aliases = ["cloud ops"]"#),
        Key("channel", r##"channel = "#cloud-alerts""##),
        Key("usergroup", r#"usergroup = "cloud-support""#),
        Key("rotations", "[[teams.cloud.rotations]]"),
        Key("freezes", "[[teams.cloud.freezes]]"),
        Key("escalation", "[[teams.cloud.escalation]]"),
        Key("duties", "[[teams.cloud.duties]]"),
        Key("policy", "[teams.cloud.policy]"),
    ],
    later: &[],
};

const LEVEL: Shape = Shape {
    keys: &[Key("page", r#"page = ["primary"]"#), Key("wait", r#"wait = "10m""#)],
    later: &[],
};

/// How long a level waits that does not say so.
const USUAL_WAIT: TimeDelta = TimeDelta::minutes(10);

/// Reads all teams, in the order of the file.
pub(super) fn read_all(teams: &DeTable<'_>, zone: Tz, out: &mut Collector<'_>) -> Vec<Team> {
    let mut ordered: Vec<_> = teams.iter().collect();
    ordered.sort_by_key(|(key, _)| key.span().start);
    if ordered.is_empty() {
        out.push(
            Problem::of_file("no team is configured, so nobody would be paged").help("add a section `[teams.cloud]`"),
        );
    }
    ordered
        .into_iter()
        .filter_map(|(key, value)| {
            let key = Written {
                value: key.get_ref().to_string(),
                mark: out.mark(key.span()),
            };
            read(&key, value.get_ref(), zone, out)
        })
        .collect()
}

fn read(key: &Written<String>, value: &DeValue<'_>, zone: Tz, out: &mut Collector<'_>) -> Option<Team> {
    check_key(key, out);
    let Some(entries) = value.as_table() else {
        let problem = Problem::at(
            &key.mark,
            format!("`{}` stands among the teams and is no section", key.value),
        );
        out.push(problem.help(format!("write `[teams.{}]` and its keys below", key.value)));
        return None;
    };
    let title = format!("`[teams.{}]`", key.value);
    let section = Section::open(&title, Some(key.mark.clone()), entries, &TEAM, out);
    let name = section.text("name", out).filter(|name| check_name(name, out));
    let aliases = section.list("aliases", out).unwrap_or_default();
    let channel = section
        .required("channel", out)
        .and_then(|text| value::channel(&text, out));
    let group = section.text("usergroup", out).and_then(|text| value::group(&text, out));
    let mut rotations: Vec<Rotation> = section
        .tables("rotations", out)
        .into_iter()
        .map(|(mark, entries)| rotation::read(&key.value, mark, entries, zone, out))
        .collect();
    rotation::check_names(&key.value, &rotations, out);
    freeze::read_all(&key.value, &section, &mut rotations, zone, out);
    let levels = levels(key, &section, &rotations, out);
    let duties = duties::read(&key.value, &section, &rotations, out);
    let policy = policy::read(&key.value, &section, out);
    Some(Team {
        id: key.clone().map(TeamId::new),
        name: name.unwrap_or_else(|| key.clone()),
        aliases: aliases.into_iter().filter(|alias| check_name(alias, out)).collect(),
        channel: channel.unwrap_or_else(|| key.clone().map(ChannelReference::Name)),
        group,
        rotations,
        duties,
        levels,
        policy,
    })
}

fn check_key(key: &Written<String>, out: &mut Collector<'_>) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if !key.value.is_empty() && key.value.len() <= 60 && key.value.chars().all(plain) {
        check_name(key, out);
        return;
    }
    let what = "the key of a team has only lower-case letters, digits, `-` and `_`, at most 60 of them";
    let spaced = key.value.to_lowercase().replace(char::is_whitespace, "-");
    let usable: String = spaced.chars().filter(|c| plain(*c)).take(60).collect();
    let usable = if usable.is_empty() { "cloud".to_owned() } else { usable };
    let hint = format!("write `[teams.{usable}]`; what people call it goes into `name`");
    out.push(Problem::at(&key.mark, what).help(hint));
}

/// Reports a name that the words of a command would swallow.
fn check_name(name: &Written<String>, out: &mut Collector<'_>) -> bool {
    const TAKEN: [&str; 8] = ["me", "mine", "all", "open", "here", "help", "channel", "everyone"];
    let what = if TAKEN.contains(&name.value.to_lowercase().as_str()) {
        format!(
            "`{}` has a meaning of its own in commands and cannot name a team",
            name.value
        )
    } else if name.value.starts_with(['@', '#', '<']) {
        format!(
            "`{}` begins with a sign that stands for people and channels",
            name.value
        )
    } else {
        return true;
    };
    out.push(Problem::at(&name.mark, what).help("write it as people say it, such as `cloud ops`"));
    false
}

fn levels(
    team: &Written<String>,
    section: &Section<'_>,
    rotations: &[Rotation],
    out: &mut Collector<'_>,
) -> Vec<Level> {
    let names: Vec<&str> = rotations.iter().map(|rotation| rotation.name.value.as_str()).collect();
    let known = value::Rotations {
        team: &team.value,
        complete: names.iter().all(|name| !name.is_empty()),
        names: &names,
    };
    if section.has("escalation") {
        let tables = section.tables("escalation", out).into_iter();
        return tables
            .map(|(mark, entries)| level(mark, entries, &known, out))
            .collect();
    }
    if rotations.is_empty() && !section.has("rotations") {
        out.push(
            Problem::at(&team.mark, format!("nobody would be paged for team `{}`", team.value)).help(format!(
                "add a rotation, `[[teams.{0}.rotations]]`, or a level, `[[teams.{0}.escalation]]`",
                team.value
            )),
        );
    }
    rotations
        .iter()
        .map(|rotation| Level {
            targets: vec![rotation.name.clone().map(Target::Rotation)],
            wait: USUAL_WAIT,
        })
        .collect()
}

fn level(mark: Mark, entries: &DeTable<'_>, rotations: &value::Rotations<'_>, out: &mut Collector<'_>) -> Level {
    let title = format!("`[[teams.{}.escalation]]`", rotations.team);
    let section = Section::open(&title, Some(mark), entries, &LEVEL, out);
    let page = section.filled_list("page", "this level would page nobody", out);
    let wait = section.text("wait", out).and_then(|text| time::wait(&text, out));
    let mut targets: Vec<Written<Target>> = Vec::with_capacity(page.len());
    for text in &page {
        let Some(target) = value::target(text, rotations, out) else {
            continue;
        };
        match targets.iter().find(|other| other.value == target.value) {
            Some(first) => out.push(
                Problem::at(&target.mark, "this level pages the same one twice")
                    .also(&first.mark, "the first time")
                    .help("leave one of them out"),
            ),
            None => targets.push(target),
        }
    }
    Level {
        targets,
        wait: wait.unwrap_or(USUAL_WAIT),
    }
}

//! Names of people, channels and groups, in the forms people write them.
//!
//! The forms tell themselves apart by their first character, so that nothing is guessed: `@ana` is a person, `#ops` a
//! channel, `U03CLEO` an id. A bare word is a rotation where a rotation can stand, and a mistake anywhere else.

use crate::domain::{
    ids::{ChannelId, GroupId, TeamId, UserId},
    priority::Priority,
};

use super::{
    super::{
        file::{ChannelReference, GroupReference, PersonReference, Target},
        problem::{Problem, Written},
        suggest,
    },
    collector::Collector,
};

/// Reads a person, or reports why this is none.
pub(super) fn person(text: &Written<String>, out: &mut Collector<'_>) -> Option<Written<PersonReference>> {
    let typed = text.value.as_str();
    if let Some(person) = parse_person(typed) {
        return Some(text.clone().map(|_| person));
    }
    let hint = if let Some(id) = mentioned(typed, "<@") {
        format!("write `{id}`")
    } else if typed.starts_with('#') {
        "a channel takes no turns; name people here".to_owned()
    } else {
        format!(
            "write `@{}`, an e-mail address or a Slack id such as `U03CLEO`",
            bare(typed, "ana")
        )
    };
    out.push(Problem::at(&text.mark, format!("`{typed}` is not a person")).help(hint));
    None
}

/// Reads a channel, or reports why this is none.
pub(super) fn channel(text: &Written<String>, out: &mut Collector<'_>) -> Option<Written<ChannelReference>> {
    let typed = text.value.as_str();
    if let Some(channel) = parse_channel(typed) {
        return Some(text.clone().map(|_| channel));
    }
    let hint = if let Some(id) = mentioned(typed, "<#") {
        format!("write `{id}`")
    } else if is_id(typed, "DUW") {
        "this is the id of a person or a conversation; name a channel such as `#cloud-alerts`".to_owned()
    } else {
        let name = bare(typed, "cloud-alerts").to_lowercase();
        format!("write `#{}`", name.replace(char::is_whitespace, "-"))
    };
    out.push(Problem::at(&text.mark, format!("`{typed}` is not a channel")).help(hint));
    None
}

/// Reads a user group, or reports why this is none.
pub(super) fn group(text: &Written<String>, out: &mut Collector<'_>) -> Option<Written<GroupReference>> {
    let typed = text.value.as_str();
    if is_id(typed, "S") {
        return Some(text.clone().map(|id| GroupReference::Id(GroupId::new(id))));
    }
    let handle = typed.strip_prefix('@').unwrap_or(typed);
    if !handle.is_empty() && !handle.contains(|c: char| c.is_whitespace() || "@#<>".contains(c)) {
        let handle = handle.to_lowercase();
        return Some(text.clone().map(|_| GroupReference::Handle(handle)));
    }
    let problem = Problem::at(&text.mark, format!("`{typed}` is not the handle of a user group"));
    out.push(problem.help("write it as people mention it, such as `cloud-support`"));
    None
}

/// The rotations of the team a target is read for.
pub(super) struct Rotations<'r> {
    /// The team's key.
    pub(super) team: &'r str,
    /// Their names.
    pub(super) names: &'r [&'r str],
    /// Whether `names` lacks one that could not be read; then a name that is not found is nobody's mistake.
    pub(super) complete: bool,
}

/// Reads whom a level pages, or reports why this is nobody.
pub(super) fn target(
    text: &Written<String>,
    rotations: &Rotations<'_>,
    out: &mut Collector<'_>,
) -> Option<Written<Target>> {
    let typed = text.value.as_str();
    let named = rotations
        .names
        .iter()
        .find(|name| name.to_lowercase() == typed.to_lowercase());
    let target = if let Some(name) = named {
        Target::Rotation((*name).to_owned())
    } else if let Some(team) = typed.strip_prefix("team:") {
        Target::Team(TeamId::new(team.trim()))
    } else if typed.starts_with('#') || typed.starts_with("<#") || is_id(typed, "CG") {
        Target::Channel(channel(text, out)?.value)
    } else if typed.starts_with("<@") || parse_person(typed).is_some() {
        Target::Person(person(text, out)?.value)
    } else {
        if rotations.complete {
            let what = format!("team `{}` has no rotation `{typed}`", rotations.team);
            let nearest = suggest::did_you_mean(typed, "", rotations.names.iter().copied());
            let forms = "a level pages a rotation of its team, `@person`, a Slack id, an e-mail address, `#channel` or `team:<key>`";
            out.push(Problem::at(&text.mark, what).help(nearest.unwrap_or_else(|| forms.to_owned())));
        }
        return None;
    };
    Some(text.clone().map(|_| target))
}

/// Reads a priority, or reports what would work.
pub(super) fn priority(text: &Written<String>, out: &mut Collector<'_>) -> Option<Priority> {
    let read: Result<Priority, _> = text.value.parse();
    if let Err(error) = &read {
        let problem = Problem::at(&text.mark, format!("`{}` is not a priority", text.value));
        out.push(problem.help(error.to_string()));
    }
    read.ok()
}

fn parse_person(typed: &str) -> Option<PersonReference> {
    if is_id(typed, "UW") {
        return Some(PersonReference::Id(UserId::new(typed)));
    }
    if let Some(handle) = typed.strip_prefix('@') {
        let usable = !handle.trim().is_empty() && !handle.contains(['@', '#', '<', '>']);
        return usable.then(|| PersonReference::Handle(handle.trim().to_owned()));
    }
    let (local, host) = typed.split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>#".contains(c));
    (plain(local) && plain(host) && host.contains('.')).then(|| PersonReference::Email(typed.to_owned()))
}

fn parse_channel(typed: &str) -> Option<ChannelReference> {
    if is_id(typed, "CG") {
        return Some(ChannelReference::Id(ChannelId::new(typed)));
    }
    let name = typed.strip_prefix('#')?;
    let usable = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || "#@<>,.".contains(c));
    usable.then(|| ChannelReference::Name(name.to_lowercase()))
}

/// Whether the text is an id of Slack's whose first letter is one of `kinds`.
fn is_id(typed: &str, kinds: &str) -> bool {
    let mut characters = typed.chars();
    characters.next().is_some_and(|first| kinds.contains(first))
        && typed.len() > 1
        && characters.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// The id inside a mention that was copied out of Slack: `<@U1|ana>`.
fn mentioned<'t>(typed: &'t str, opening: &str) -> Option<&'t str> {
    let inside = typed.strip_prefix(opening)?.strip_suffix('>')?;
    let id = inside.split('|').next()?;
    is_id(id, "UWCG").then_some(id)
}

/// The text without signs around it, for a hint; `usual` when nothing is left.
fn bare<'t>(typed: &'t str, usual: &'t str) -> &'t str {
    let word = typed
        .trim_start_matches(['@', '#', '<', '!'])
        .trim_end_matches('>')
        .trim();
    if word.is_empty() { usual } else { word }
}

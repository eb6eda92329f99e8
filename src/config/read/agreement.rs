//! What only the whole file can show: names that two teams claim, teams that do not exist, teams that page in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{ids::TeamId, incident::Topic, roster::fold_team};

use super::{
    super::{
        file::{File, Target, Team},
        problem::{Mark, Problem},
        suggest,
    },
    collector::Collector,
};

/// Reports what does not fit together, and writes the key of the team into targets that name it otherwise.
pub(super) fn check(file: &mut File, out: &mut Collector<'_>) {
    names(&file.teams, out);
    groups(&file.teams, out);
    resolve_teams(&mut file.teams, out);
    circles(&file.teams, out);
    intake(file, out);
    subscriptions(file, out);
}

/// Writes the key of the team into every subscription.
fn subscriptions(file: &mut File, out: &mut Collector<'_>) {
    for it in &mut file.incidents.standing {
        let Topic::Team(named) = &mut it.to else { continue };
        let wanted = fold_team(named.as_str());
        let is_it = |team: &&Team| team.names().any(|(name, _)| fold_team(name) == wanted);
        if let Some(team) = file.teams.iter().find(is_it) {
            *named = team.id.value.clone();
            continue;
        }
        let keys = file.teams.iter().map(|team| team.id.value.as_str());
        let nearest = suggest::did_you_mean(named.as_str(), "team:", keys);
        let problem = Problem::at(&it.channel.mark, format!("there is no team `{named}` to subscribe to"));
        out.push(problem.help_if(nearest));
    }
}

/// Writes the key of the team into every rule.
fn intake(file: &mut File, out: &mut Collector<'_>) {
    for rule in &mut file.intake {
        let wanted = fold_team(rule.team.value.as_str());
        let named = |team: &&Team| team.names().any(|(name, _)| fold_team(name) == wanted);
        if let Some(team) = file.teams.iter().find(named) {
            rule.criteria.team = team.id.value.clone();
            continue;
        }
        let keys = file.teams.iter().map(|team| team.id.value.as_str());
        let nearest = suggest::did_you_mean(rule.team.value.as_str(), "", keys);
        let problem = Problem::at(&rule.team.mark, format!("there is no team `{}`", rule.team.value));
        out.push(problem.help_if(nearest));
    }
}

fn names(teams: &[Team], out: &mut Collector<'_>) {
    let mut owners: BTreeMap<String, (&TeamId, &Mark)> = BTreeMap::new();
    for team in teams {
        let mut said = BTreeSet::new();
        for (name, mark) in team.names() {
            let folded = fold_team(name);
            match owners.get(&folded) {
                // A team that names itself twice harms nobody.
                Some((owner, first)) if **owner != team.id.value => {
                    if said.insert(folded) {
                        out.push(
                            Problem::at(mark, format!("`{name}` already names team `{owner}`"))
                                .also(first, "here")
                                .help("give each team its own names; upper and lower case, spaces and hyphens make no difference"),
                        );
                    }
                }
                Some(_) => {}
                None => {
                    owners.insert(folded, (&team.id.value, mark));
                }
            }
        }
    }
}

fn groups(teams: &[Team], out: &mut Collector<'_>) {
    for (index, team) in teams.iter().enumerate() {
        let Some(group) = &team.group else { continue };
        let other = teams[..index]
            .iter()
            .find_map(|other| other.group.as_ref().filter(|first| first.value == group.value));
        if let Some(first) = other {
            out.push(
                Problem::at(&group.mark, format!("two teams have the user group `{}`", group.value))
                    .also(&first.mark, "the first")
                    .help("a mention of it would not say which team is meant; give it to one of them"),
            );
        }
    }
}

fn resolve_teams(teams: &mut [Team], out: &mut Collector<'_>) {
    let known: Vec<(String, TeamId)> = teams
        .iter()
        .flat_map(|team| team.names().map(|(name, _)| (fold_team(name), team.id.value.clone())))
        .collect();
    let keys: Vec<String> = teams.iter().map(|team| team.id.value.as_str().to_owned()).collect();
    for team in teams {
        let own = team.id.value.clone();
        for target in team.levels.iter_mut().flat_map(|level| &mut level.targets) {
            let Target::Team(named) = &mut target.value else {
                continue;
            };
            let wanted = fold_team(named.as_str());
            let found = known.iter().find(|(name, _)| *name == wanted);
            match found {
                Some((_, id)) if *id == own => out.push(
                    Problem::at(&target.mark, format!("team `{own}` pages itself"))
                        .help("name one of its rotations instead"),
                ),
                Some((_, id)) => *named = id.clone(),
                None => {
                    let nearest = suggest::did_you_mean(named.as_str(), "team:", keys.iter().map(String::as_str));
                    out.push(Problem::at(&target.mark, format!("there is no team `{named}`")).help_if(nearest));
                }
            }
        }
    }
}

/// A target `team:x` pages the first level of `x`. So only first levels can form a circle; two teams that are each
/// other's second level are a backup for each other.
fn circles(teams: &[Team], out: &mut Collector<'_>) {
    let first: BTreeMap<&TeamId, Vec<(&TeamId, &Mark)>> = teams
        .iter()
        .map(|team| {
            let targets = team.levels.first().into_iter().flat_map(|level| &level.targets);
            let others = targets.filter_map(|target| match &target.value {
                Target::Team(other) if *other != team.id.value => Some((other, &target.mark)),
                Target::Team(_) | Target::Rotation(_) | Target::Person(_) | Target::Channel(_) => None,
            });
            (&team.id.value, others.collect())
        })
        .collect();
    // A team reported once is not reported again from the other side of the same circle.
    let mut reported: BTreeSet<&TeamId> = BTreeSet::new();
    for team in teams.iter().map(|team| &team.id.value) {
        for &(next, mark) in first.get(team).into_iter().flatten() {
            let Some(way) = way_back(next, team, &first) else {
                continue;
            };
            if way.iter().any(|on_it| reported.contains(on_it)) {
                continue;
            }
            reported.extend(&way);
            let way: Vec<String> = way.iter().map(|id| format!("`{id}`")).collect();
            let what = format!(
                "the first levels page each other in a circle: `{team}`, {}",
                way.join(", ")
            );
            out.push(Problem::at(mark, what).help("let one of them page a rotation or a person"));
        }
    }
}

/// The teams from `from` to `to`, both included, along first levels; none when no way leads there.
fn way_back<'t>(
    from: &'t TeamId,
    to: &'t TeamId,
    first: &BTreeMap<&'t TeamId, Vec<(&'t TeamId, &'t Mark)>>,
) -> Option<Vec<&'t TeamId>> {
    let mut came_from: BTreeMap<&TeamId, &TeamId> = BTreeMap::new();
    let mut open = vec![from];
    while let Some(team) = open.pop() {
        if team == to {
            let mut way = vec![to];
            let mut step = to;
            while step != from {
                step = came_from.get(step)?;
                way.push(step);
            }
            way.reverse();
            return Some(way);
        }
        for (next, _) in first.get(team).into_iter().flatten() {
            if *next != from && !came_from.contains_key(next) {
                came_from.insert(next, team);
                open.push(next);
            }
        }
    }
    None
}

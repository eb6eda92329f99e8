//! *I'm underwater*: the button, and why nobody was paged.

use slack_morphism::prelude::SlackBlock;

use crate::command::Button;
use crate::domain::ids::{TeamId, UserId};
use crate::domain::oncall::Refusal;
use crate::domain::rotation::Member;
use crate::domain::team::Team;
use crate::slack::call::Message;
use crate::view::alert::list::line;
use crate::view::blocks::{actions, confirmed, press, section};
use crate::view::text::{channel, escape, list, shorten, team as team_name};
use crate::view::{Scene, message, say};

/// The button; none where the team is gone.
pub(super) fn button(scene: Scene<'_>, of: &TeamId) -> Option<SlackBlock> {
    let team = scene.roster.teams.get(of)?;
    let what = format!(
        "This pages the next level of {}, and says what is open.",
        shorten(&team.name, 100)
    );
    let underwater = Button::Underwater {
        team: of.clone(),
        text: None,
    };
    actions(vec![confirmed(
        press("I'm underwater", &underwater),
        &what,
        "Page them",
    )])
}

/// For each team somebody is on call for: the button, or how the help they asked for stands.
pub(in crate::view) fn on_home(scene: Scene<'_>, user: &UserId) -> Vec<SlackBlock> {
    let mut drawn = Vec::new();
    for team in scene.roster.teams.values() {
        if let Some(alert) = scene.world.underwater_of(user, &team.id) {
            drawn.push(section(&format!("You have asked for help: {}", line(scene, alert))));
        } else if has_it(scene, user, team) {
            drawn.push(section(&format!("You are on call for *{}* now.", escape(&team.name))));
            drawn.extend(button(scene, &team.id));
        }
    }
    drawn
}

fn has_it(scene: Scene<'_>, user: &UserId, team: &Team) -> bool {
    let mut rotations = team.rotations.iter();
    rotations.any(|rotation| {
        let holder = scene.staff().holder(&team.id, rotation, scene.now).who;
        holder.is_some_and(|who| matches!(who, Member::Known(known) if known == *user))
    })
}

/// Nobody was paged: why, and what would work with the same words.
pub(super) fn refused(scene: Scene<'_>, refusal: &Refusal) -> Message {
    let named = |team: &TeamId| team_name(scene.roster, team);
    match refusal {
        Refusal::WhichTeam { teams, text } => {
            let all: Vec<String> = teams.iter().map(named).collect();
            let said = format!(
                "You are on call for {}. Whose next level is to be paged?{}",
                list(&all),
                wrote(text.as_deref())
            );
            let buttons = teams.iter().map(|team| {
                let underwater = Button::Underwater {
                    team: team.clone(),
                    text: text.clone(),
                };
                (team, underwater)
            });
            let buttons = buttons.filter(|(_, button)| button.fits());
            let buttons = buttons.map(|(team, button)| {
                let label = scene.roster.teams.get(team).map_or(team.as_str(), |team| &team.name);
                press(label, &button)
            });
            let mut drawn = vec![section(&said)];
            drawn.extend(actions(buttons.collect()));
            message(said, drawn)
        }
        Refusal::NoShiftNow { text } => say(format!(
            "You are not on call now, so there is no level after yours. `/alert` raises an alert for any team.{}",
            wrote(text.as_deref())
        )),
        Refusal::NotYourShift { team, text } => {
            let anybody = scene.roster.teams.get(team).is_some_and(|team| {
                let mut rotations = team.rotations.iter();
                rotations.any(|rotation| scene.staff().who(&team.id, rotation, scene.now).who.is_some())
            });
            let who = if anybody
                || scene
                    .roster
                    .teams
                    .get(team)
                    .is_none_or(|team| team.rotations.is_empty())
            {
                format!(
                    "You are not on call for {} now, and have none of its alerts",
                    named(team)
                )
            } else {
                format!(
                    "Nobody is on call for {} now, so nobody is after you either",
                    named(team)
                )
            };
            say(format!(
                "{who}. `/alert &lt;message&gt; for {team}` pages whoever its escalation policy names.{}",
                wrote(text.as_deref())
            ))
        }
        Refusal::NobodyNext { team, text } => say(format!(
            "I am sorry: {} has no level after yours in which anybody can be paged now, so I could page only you. \
             `/oncall cover me 2h` asks the others of its rotations, `/alert` pages another team, and {} is the place \
             where everybody reads.{}",
            named(team),
            channel(&scene.roster.fallback),
            wrote(text.as_deref())
        )),
        Refusal::AlreadyUnderwater { alert } => say(match scene.world.alert(*alert) {
            Some(alert) => format!(
                "You have asked for help already: {}. `/alert escalate {}` pages one level more; words after \
                 `/oncall underwater` are added to it.",
                line(scene, alert),
                alert.id
            ),
            None => format!("You have asked for help already, with {alert}."),
        }),
        _ => say("Nothing has changed."),
    }
}

/// What they typed, so that it is not lost.
fn wrote(text: Option<&str>) -> String {
    text.map(|text| format!(" You wrote: {}", escape(&shorten(text, 2000))))
        .unwrap_or_default()
}

//! Which team was meant: the nearest by name, buttons that carry the message, and the form that has all of them.

use slack_morphism::prelude::SlackBlockButtonElement;

use super::Scene;
use super::blocks::press;
use super::text::{list, team};
use crate::command::{Button, Command, Draft};
use crate::domain::ids::{TeamId, UserId};

/// How many teams are offered as buttons; the form has them all.
const OFFERED: usize = 5;
/// How many teams are named as what may have been meant.
const NEAR: usize = 3;

/// What is said, and the buttons under it.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) buttons: Vec<SlackBlockButtonElement>,
}

impl Answer {
    pub(super) fn words(text: String) -> Self {
        Self {
            text,
            buttons: Vec::new(),
        }
    }
}

/// The teams that are called nearly so, else some of those there are.
pub(super) fn there_are(scene: Scene<'_>, nearest: &[TeamId], near: usize) -> String {
    let named = |most: usize| {
        let names = nearest
            .iter()
            .take(most)
            .map(|id| format!("`{}`", team(scene.roster, id)));
        names.collect::<Vec<_>>()
    };
    if nearest.is_empty() {
        return "There are no teams in the configuration yet.".to_owned();
    }
    if near > 0 {
        return format!("Did you mean {}?", one_of(&named(near.min(NEAR))));
    }
    match nearest.len().saturating_sub(OFFERED) {
        0 => format!("There are {}.", list(&named(OFFERED))),
        more => format!(
            "There are {} and {more} more: `/oncall` shows them all.",
            named(OFFERED).join(", ")
        ),
    }
}

/// The nearest teams, as buttons that carry the message.
pub(super) fn raising(
    scene: Scene<'_>,
    lead: &str,
    command: &Command,
    nearest: &[TeamId],
    draft: Option<&Draft>,
) -> Answer {
    let (Some(draft), false) = (draft, nearest.is_empty()) else {
        return Answer::words(format!("{lead} {}", there_are(scene, nearest, 0)));
    };
    let carrying = nearest.iter().take(OFFERED).map(|id| Button::Raise {
        team: id.clone(),
        draft: draft.clone(),
    });
    let mut buttons: Vec<_> = nearest
        .iter()
        .zip(carrying)
        .filter(|(_, button)| button.fits())
        .map(|(id, button)| press(&format!("Page {}", plain_team(scene, id)), &button))
        .collect();
    let how = format!("`{} … for &lt;team&gt;`", command.command);
    // The buttons name the teams.
    let text = if buttons.is_empty() {
        format!(
            "{lead} The message is too long for a button, so please type the team yourself: {how}. {}",
            there_are(scene, nearest, 0)
        )
    } else {
        format!("{lead} Nothing was raised yet: press a button, or type: {how}.")
    };
    buttons.extend(open_form(draft));
    Answer { text, buttons }
}

/// A button that pages the person all the same, and their team when they do not answer.
pub(super) fn directly(
    scene: Scene<'_>,
    person: &UserId,
    nearest: &[TeamId],
    draft: Option<&Draft>,
) -> Option<SlackBlockButtonElement> {
    let handle = scene.roster.people.get(person)?.handle.as_str();
    let team = nearest.first()?.clone();
    let label = format!("Page @{handle}, then {}", plain_team(scene, &team));
    let draft = Draft {
        to: Some(person.clone()),
        ..draft?.clone()
    };
    let button = Button::Raise { team, draft };
    button.fits().then(|| press(&label, &button))
}

/// A button that opens the form for an alert, with what is known.
pub(super) fn open_form(draft: &Draft) -> Option<SlackBlockButtonElement> {
    let open = Button::OpenForm { draft: draft.clone() };
    open.fits().then(|| press("Open the form", &open))
}

/// A team's name for a label, which is plain text.
pub(super) fn plain_team(scene: Scene<'_>, id: &TeamId) -> String {
    scene
        .roster
        .teams
        .get(id)
        .map_or_else(|| id.as_str().to_owned(), |team| team.name.clone())
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn one_of(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

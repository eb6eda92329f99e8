//! Nearly the same was raised a moment ago: is it the same? Nothing is merged, and nothing is lost, before somebody says.

use super::card::{state, title};
use crate::command::{Button, Draft};
use crate::domain::alert::{Alike, Raise};
use crate::domain::ids::AlertId;
use crate::slack::call::Message;
use crate::view::blocks::{actions, context, literal, press, section};
use crate::view::text::{between, escape, shorten, team};
use crate::view::{Scene, message, say};

/// Asks whether what was to be raised is what `id` says already.
pub fn show(scene: Scene<'_>, raise: &Raise, id: AlertId) -> Message {
    let Some(alert) = scene.world.alert(id) else {
        return say(format!("{id} says nearly the same."));
    };
    let text = format!(
        "Is this {}? It says nearly the same for {}, was raised {} ago, and is open. {} Nothing new was raised yet.",
        escape(&title(alert)),
        team(scene.roster, &alert.team),
        between(alert.raised_at, scene.now),
        state(scene, alert),
    );
    let summary = raise.summary.as_str();
    let draft = Draft {
        team: Some(raise.team.clone()),
        priority: raise.priority,
        summary: raise.summary.clone(),
        service: raise.service.clone(),
        to: None,
        alike: Alike::Raise,
    };
    let join = Button::Join {
        alert: id,
        draft: draft.clone(),
    };
    let again = Button::Raise {
        team: raise.team.clone(),
        draft,
    };
    let mut drawn = vec![section(&text), context("You wrote:")];
    let written = shorten(summary, 2900);
    drawn.extend(literal(&written));
    if join.fits() && again.fits() {
        drawn.extend(actions(vec![
            press(&format!("Add it to {id}"), &join),
            press("Raise a new alert", &again),
        ]));
    } else {
        drawn.push(context(&format!(
            "It is too long for a button. `/alert note {id} …` adds it there; other words raise it anew."
        )));
    }
    message(format!("{text}\nYou wrote: {}", escape(&written)), drawn)
}

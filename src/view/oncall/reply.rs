//! What whoever changed something about on-call is told: what was understood, with weekday, date and zone, and what follows.

use super::words::{interval, kind, member, on_call, on_the_wall, parts, people};
use crate::domain::Event;
use crate::domain::ids::UserId;
use crate::domain::oncall::{Ask, Event as Happened, Kind, Override, Refusal};
use crate::slack::call::Message;
use crate::view::text::{date, escape, name, team};
use crate::view::{Scene, say};

/// It was done, or it already was.
pub fn done(scene: Scene<'_>, by: &UserId, asked: &Ask, events: &[Event]) -> Message {
    let happened = events.iter().find_map(|event| match event {
        Event::OnCall { id, what } => Some((*id, what)),
        Event::Alert { .. } | Event::Watch { .. } | Event::Run { .. } => None,
    });
    let id = match (happened, asked) {
        (Some((id, _)), _) => id,
        (None, Ask::Agree(id) | Ask::Decline(id) | Ask::Cancel(id)) => *id,
        (None, _) => return say("Nothing has changed."),
    };
    let Some(it) = scene.world.overrides().get(id) else {
        return say("Done.");
    };
    let zone = scene.roster.zone_of(by);
    let typed = on_the_wall(it.from(), it.until(), zone);
    let undo = format!("`/oncall cancel {id}` takes it back.");
    say(match happened.map(|(_, what)| what) {
        Some(Happened::Made { .. }) => format!(
            "{} {undo} I understood: {typed}.{}",
            on_call(scene, it),
            replaced(scene, it)
        ),
        Some(Happened::Asked { .. }) => match &it.kind {
            Kind::Swap { with } => format!(
                "{} is asked whether they agree ({id}). Until they do, nothing changes. {undo} I understood: {typed}.",
                name(scene.roster, with)
            ),
            Kind::Cover { asked } => format!(
                "{} {} asked ({id}): {}. Until somebody takes it, it stays with you. {undo} I understood: {typed}.",
                people(scene, asked),
                if asked.len() == 1 { "is" } else { "are" },
                parts(scene, &it.parts)
            ),
            Kind::Override | Kind::Take => on_call(scene, it),
        },
        Some(Happened::Agreed { .. }) => match it.kind {
            Kind::Swap { .. } => format!("Agreed ({id}): {}.", parts(scene, &it.parts)),
            _ => format!("It is yours ({id}): {}. *Undo* gives it back.", parts(scene, &it.parts)),
        },
        Some(Happened::GivenBack { .. }) => format!("You gave {id} back; it is asked for again."),
        Some(Happened::Declined { .. }) => format!("You declined {id}; nothing has changed."),
        Some(Happened::Cancelled { .. }) => format!("The {} {id} is off; the rotation holds again.", kind(it)),
        Some(Happened::Lapsed | Happened::AskPosted { .. }) | None => format!("{id} is as you want it already."),
    })
}

/// Which older overrides this one holds before.
fn replaced(scene: Scene<'_>, it: &Override) -> String {
    let mut older = Vec::new();
    for part in &it.parts {
        for (other, theirs) in scene.world.overrides().holding(&part.team, &part.rotation) {
            if other.id < it.id && theirs.from < part.until && part.from < theirs.until && !older.contains(&other.id) {
                older.push(other.id);
            }
        }
    }
    if older.is_empty() {
        return String::new();
    }
    let older: Vec<String> = older.iter().map(ToString::to_string).collect();
    format!(" It holds before the older {}, where they overlap.", older.join(", "))
}

/// It was not done: what is so, then what would work.
pub fn refused(scene: Scene<'_>, refusal: &Refusal) -> Message {
    let called = |user: &UserId| name(scene.roster, user);
    say(match refusal {
        Refusal::NoSuchTeam { team } => {
            format!(
                "The team `{}` is no longer there. `/oncall` shows those there are.",
                escape(team.as_str())
            )
        }
        Refusal::NoSuchRotation { team: of, rotation } => {
            let whose = team(scene.roster, of);
            let known: Vec<String> = scene
                .roster
                .teams
                .get(of)
                .map(|team| {
                    team.rotations
                        .iter()
                        .map(|it| format!("`{}`", escape(&it.name)))
                        .collect()
                })
                .unwrap_or_default();
            match rotation {
                Some(name) => format!(
                    "{whose} has no rotation `{}`. It has: {}.",
                    escape(name),
                    known.join(", ")
                ),
                None => format!("{whose} has no rotation; its escalation policy names whom to page."),
            }
        }
        Refusal::NoSuchOverride { id } => {
            let last = scene.world.overrides().last();
            let range = if last == 0 {
                "There has been none yet.".to_owned()
            } else {
                format!("The newest is O-{last}.")
            };
            format!("There is no override {id}, or it has been over for long. {range} `/oncall schedule <team>` shows those to come.")
                .replace("<team>", "&lt;team&gt;")
        }
        Refusal::Unreachable { who } => format!(
            "{} cannot be paged: name somebody else.",
            member(scene, &crate::domain::rotation::Member::Known(who.clone()))
        ),
        Refusal::EndsBeforeItBegins { from, until } => format!(
            "It would end ({}) before it begins ({}). Say the end again, perhaps with its date.",
            date(*until),
            date(*from)
        ),
        Refusal::Over { since } => format!(
            "That is over since {}; what has passed cannot be changed.",
            date(*since)
        ),
        Refusal::TooLong => {
            "That is longer than a year. For so long, change the rotation in the configuration.".to_owned()
        }
        Refusal::NotOnCall { who, from, until, next } => {
            let when = until.map_or_else(
                || format!("at {}", date(*from)),
                |until| format!("from {}", interval(*from, until)),
            );
            let next = next
                .map(|next| format!(" Their next shift begins at {}.", date(next)))
                .unwrap_or_default();
            format!("{} is not on call {when}.{next}", called(who))
        }
        Refusal::NobodyElse => {
            "There is nobody else in the rotation who could be asked. `/oncall override` puts anybody on call."
                .to_owned()
        }
        Refusal::Own => "That is your own; somebody else has to take it or agree to it.".to_owned(),
        Refusal::NotTheirs { id, who } if who.is_empty() => format!("{id} is not yours to change."),
        Refusal::NotTheirs { id, who } => format!("{id} is for {} to say.", people(scene, who)),
        Refusal::AlreadyAgreed { id, by } => {
            let by = by.as_ref().map_or_else(|| "somebody".to_owned(), called);
            format!("{by} was faster: {id} is taken.")
        }
        Refusal::Off { id } => format!("{id} is off; ask again if it is still needed."),
        Refusal::Guest => "Guests of this workspace do not change who is on call; a member can.".to_owned(),
    })
}

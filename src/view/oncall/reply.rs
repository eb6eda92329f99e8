//! What whoever changed something about on-call is told: what was understood, with weekday, date and zone, and what follows.

use super::words::{interval, kind, member, on_call, on_the_wall, parts, people};
use super::{unavailable, underwater};
use crate::domain::Event;
use crate::domain::ids::UserId;
use crate::domain::oncall::{Ask, Event as Happened, How, Kind, Override, Refusal};
use crate::slack::call::Message;
use crate::view::text::{between, date, escape, name, team, time};
use crate::view::{Scene, say};

/// It was done, or it already was.
pub fn done(scene: Scene<'_>, by: &UserId, asked: &Ask, events: &[Event]) -> Message {
    let happened = events.iter().find_map(|event| match event {
        Event::OnCall { id, what } => Some((*id, what)),
        Event::Alert { .. }
        | Event::Watch { .. }
        | Event::Incident { .. }
        | Event::Subscription { .. }
        | Event::Run { .. }
        | Event::Reviews { .. } => None,
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
        Some(Happened::Made {
            kind: Kind::Unavailable,
            ..
        }) => unavailable(scene, it, asked, &typed),
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
            Kind::Override | Kind::Take | Kind::Unavailable => on_call(scene, it),
        },
        Some(Happened::Agreed { .. }) => match it.kind {
            Kind::Swap { .. } => format!("Agreed ({id}): {}.", parts(scene, &it.parts)),
            _ => format!("It is yours ({id}): {}. *Undo* gives it back.", parts(scene, &it.parts)),
        },
        Some(Happened::GivenBack { .. }) => format!("You gave {id} back; it is asked for again."),
        Some(Happened::Declined { .. }) => format!("You declined {id}; nothing has changed."),
        Some(Happened::Cancelled { .. }) if it.kind == Kind::Unavailable => match unavailable::back(scene, it) {
            Some(again) => format!("Welcome back: pages for {again} come to you again ({id})."),
            None => format!("Welcome back ({id})."),
        },
        Some(Happened::Cancelled { .. }) => format!("The {} {id} is off; the rotation holds again.", kind(it)),
        Some(Happened::Lapsed | Happened::Ended | Happened::AskPosted { .. }) | None => {
            format!("{id} is as you want it already.")
        }
    })
}

/// For how long, whom pages reach meanwhile, and what does not end with it.
fn unavailable(scene: Scene<'_>, it: &Override, asked: &Ask, typed: &str) -> String {
    let shorter = match asked {
        Ask::Unavailable { until } if it.until() < *until => format!(
            " You asked for longer, until {}: your shift ends before that, and then nobody misses you.",
            date(*until)
        ),
        _ => String::new(),
    };
    format!(
        "You are unavailable ({}): {}. {}{shorter} It ends by itself; `/oncall available` ends it now. I understood: \
         {typed}.",
        it.id,
        parts(scene, &it.parts),
        unavailable::instead(scene, it)
    )
}

/// Which older overrides this one holds before.
fn replaced(scene: Scene<'_>, it: &Override) -> String {
    let mut older = Vec::new();
    for part in &it.parts {
        for (other, theirs) in scene.world.overrides().holding(&part.team, &part.rotation) {
            let replaces = other.kind != Kind::Unavailable && other.id < it.id;
            if replaces && theirs.from < part.until && part.from < theirs.until && !older.contains(&other.id) {
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
            let when = until.map_or_else(|| date(*from), |until| format!("from {}", interval(*from, until)));
            let next = next
                .map(|next| format!(" Their next shift begins {}.", date(next)))
                .unwrap_or_default();
            format!("{} is not on call {when}.{next}", called(who))
        }
        Refusal::NoShift { until, next } => {
            let next = next
                .map(|next| format!(" Your next shift begins {}.", date(next)))
                .unwrap_or_default();
            format!(
                "You are not on call until {}, so no page for a shift would come to you: there is nothing to do.{next} \
                 For a time to come, `/oncall cover me` with its beginning and end asks the others.",
                date(*until)
            )
        }
        Refusal::AlreadyUnavailable { until } => format!(
            "You are unavailable already, until {}. Name a later time for longer; `/oncall available` ends it now.",
            date(*until)
        ),
        Refusal::Available => "You are available already: nothing keeps the pages for your shifts from you.".to_owned(),
        Refusal::WhichTeam { .. }
        | Refusal::NoShiftNow { .. }
        | Refusal::NotYourShift { .. }
        | Refusal::NobodyNext { .. }
        | Refusal::AlreadyUnderwater { .. } => return underwater::refused(scene, refusal),
        Refusal::NoSuchDuty => {
            "I know no such duty any more. `/oncall duties` shows those there are, with buttons that work.".to_owned()
        }
        Refusal::OldDuty { of, is_over: true } => {
            let watch = scene.world.watches().get(*of);
            let now = watch.and_then(|watch| Some((watch, watch.who.as_ref()?)));
            let now = now.map(|(watch, who)| {
                let rotation = format!("{} ({})", team(scene.roster, &watch.team), escape(&watch.rotation));
                format!(" {} has {rotation} now, with what was left.", member(scene, who))
            });
            format!(
                "That shift is over.{} `/oncall duties` shows how it stands.",
                now.unwrap_or_default()
            )
        }
        Refusal::OldDuty { is_over: false, .. } => {
            "You have been asked again since: the newest message has the buttons that count, and so has \
             `/oncall duties`."
                .to_owned()
        }
        Refusal::DutyGone { text } => format!(
            "\u{201c}{}\u{201d} is no longer among the duties in the configuration, so there is nothing to do.",
            escape(text)
        ),
        Refusal::NotTheirDuty { who } => {
            format!(
                "That is for {} to say, who has the shift, or for somebody of the team.",
                called(who)
            )
        }
        Refusal::DutyAnswered { text, answer } => {
            let how = match answer.how {
                How::Done => "did",
                How::NotToday => "said *Not today* to",
            };
            format!(
                "{} {how} \u{201c}{}\u{201d} {} ago, at {}.",
                called(&answer.by),
                escape(text),
                between(answer.at, scene.now),
                time(answer.at)
            )
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

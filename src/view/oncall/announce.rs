//! From what happened to an override to the messages that tell it: those who are concerned, and the team's channel.

use super::unavailable;
use super::words::{kind, on_call, parts, people};
use crate::command::Button;
use crate::domain::ids::{ChannelId, MessageRef, OverrideId, UserId};
use crate::domain::oncall::{Event, Kind, Override, Standing};
use crate::domain::{self, Errand};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};
use crate::view::blocks::{actions, press, section};
use crate::view::calls::{post_to, update};
use crate::view::text::name;
use crate::view::{Scene, message, say};

/// The messages that follow from one input's events.
pub fn announce(scene: Scene<'_>, events: &[domain::Event]) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
    };
    for event in events {
        if let domain::Event::OnCall { id, what } = event
            && let Some(it) = scene.world.overrides().get(*id)
        {
            desk.happened(it, what);
        }
    }
    desk.entries
}

struct Desk<'a> {
    scene: Scene<'a>,
    entries: Vec<Entry>,
}

impl Desk<'_> {
    fn happened(&mut self, it: &Override, what: &Event) {
        let called = |user: &UserId| name(self.scene.roster, user);
        match what {
            Event::Made {
                kind: Kind::Unavailable,
                ..
            } => {
                for channel in self.channels(it) {
                    self.ask(it, channel.as_str());
                }
                self.ask(it, it.by.as_str());
            }
            Event::Made { by, .. } => {
                let told = on_call(self.scene, it);
                // What holds from now on is a handoff, and told as one.
                if it.from() > self.scene.now {
                    self.tell_teams(it, &told);
                }
                self.tell_concerned(it, by, &format!("{} put you on call. {told}", called(by)));
            }
            Event::Asked { by, kind: asked, .. } => match asked {
                Kind::Swap { with } => self.ask(it, with.as_str()),
                Kind::Cover { asked } => {
                    for user in asked.iter().filter(|user| *user != by) {
                        self.ask(it, user.as_str());
                    }
                    for channel in self.channels(it) {
                        self.ask(it, channel.as_str());
                    }
                }
                Kind::Override | Kind::Take | Kind::Unavailable => {}
            },
            Event::Agreed { by } => {
                let told = on_call(self.scene, it);
                let said = match it.kind {
                    Kind::Swap { .. } => format!("{} agreed to swap. {told}", called(by)),
                    _ => format!("{} takes it. {told}", called(by)),
                };
                self.tell(it, it.by.as_str(), &said);
                // A cover's question stands in the channel and says it already.
                if matches!(it.kind, Kind::Swap { .. }) {
                    self.tell_teams(it, &told);
                }
                self.redraw(it);
            }
            Event::GivenBack { by } => {
                let said = format!(
                    "{} gave {} back: {} is asked for again.",
                    called(by),
                    it.id,
                    parts(self.scene, &it.parts)
                );
                self.tell(it, it.by.as_str(), &said);
                self.redraw(it);
            }
            Event::Declined { by } => {
                let said = format!("{} would rather not swap ({}). Nothing has changed.", called(by), it.id);
                self.tell(it, it.by.as_str(), &said);
                self.redraw(it);
            }
            Event::Cancelled { .. } if it.kind == Kind::Unavailable => self.back(it),
            Event::Ended => self.back(it),
            Event::Cancelled { by } => {
                let said = format!(
                    "{} cancelled the {} {}: {}. The rotation holds again.",
                    called(by),
                    kind(it),
                    it.id,
                    parts(self.scene, &it.parts)
                );
                self.tell_concerned(it, by, &said);
                if it.asks.is_empty() {
                    self.tell_teams(it, &said);
                }
                self.redraw(it);
            }
            Event::Lapsed => {
                let said = format!(
                    ":warning: Nobody agreed to the {} {} in time: {} stays with you.",
                    kind(it),
                    it.id,
                    parts(self.scene, &it.parts)
                );
                self.tell(it, it.by.as_str(), &said);
                self.redraw(it);
            }
            Event::AskPosted { at } => {
                // It may have been answered while it was on its way.
                let is_answered = match it.kind {
                    Kind::Unavailable => it.standing == Standing::Off,
                    _ => it.standing != Standing::Asked,
                };
                if is_answered {
                    self.redraw_one(it, at);
                }
            }
        }
    }

    /// Whoever was unavailable no longer is; said where they still have what they had.
    fn back(&mut self, it: &Override) {
        if let Some(again) = unavailable::back(self.scene, it) {
            let who = name(self.scene.roster, &it.by);
            self.tell_teams(it, &format!("{who} is available again ({}): {again}.", it.id));
            let said = format!("You are available again ({}): pages for {again} come to you.", it.id);
            self.tell(it, it.by.as_str(), &said);
        }
        self.redraw(it);
    }

    fn tell_concerned(&mut self, it: &Override, by: &UserId, text: &str) {
        let mut concerned: Vec<&UserId> = it.parts.iter().filter_map(|part| part.who.as_ref()).collect();
        concerned.push(&it.by);
        if let Kind::Swap { with } = &it.kind {
            concerned.push(with);
        }
        concerned.sort_unstable();
        concerned.dedup();
        for user in concerned.into_iter().filter(|user| *user != by) {
            self.tell(it, user.as_str(), text);
        }
    }

    fn tell_teams(&mut self, it: &Override, text: &str) {
        for channel in self.channels(it) {
            self.tell(it, channel.as_str(), text);
        }
    }

    /// The channels of the teams it is about.
    fn channels(&self, it: &Override) -> Vec<ChannelId> {
        let teams = it
            .parts
            .iter()
            .filter_map(|part| self.scene.roster.teams.get(&part.team));
        let mut channels: Vec<ChannelId> = teams.filter_map(|team| team.channel.clone().ok()).collect();
        channels.sort_unstable();
        channels.dedup();
        channels
    }

    fn ask(&mut self, it: &Override, to: &str) {
        let call = post_to(to, question(self.scene, it));
        self.send(it.id, &format!("ask/{to}"), call, Errand::Ask { of: it.id });
    }

    fn tell(&mut self, it: &Override, to: &str, text: &str) {
        self.send(it.id, &format!("tell/{to}"), post_to(to, say(text)), Errand::Nothing);
    }

    fn redraw(&mut self, it: &Override) {
        for at in &it.asks {
            self.redraw_one(it, at);
        }
    }

    fn redraw_one(&mut self, it: &Override, at: &MessageRef) {
        let call = update(at, question(self.scene, it));
        self.send(it.id, &format!("ask/{}", at.channel), call, Errand::Nothing);
    }

    fn send(&mut self, id: OverrideId, lane: &str, call: Call, errand: Errand) {
        let subject = format!("override/{}/{lane}", id.0);
        self.entries
            .push(self.scene.entry(&subject, Urgency::Reply, call, errand));
    }
}

/// What somebody asks for, in a sentence.
pub(in crate::view) fn wish(scene: Scene<'_>, it: &Override) -> String {
    let asker = name(scene.roster, &it.by);
    match &it.kind {
        Kind::Swap { with } => {
            let other = name(scene.roster, with);
            let gives = |who: &UserId| {
                let theirs: Vec<_> = it
                    .parts
                    .iter()
                    .filter(|part| part.who.as_ref() == Some(who))
                    .cloned()
                    .collect();
                parts(scene, &theirs)
            };
            format!(
                "{asker} would like to swap ({}): {other} would take {}, and {asker} {}.",
                it.id,
                gives(with),
                gives(&it.by)
            )
        }
        Kind::Unavailable => unavailable::said(scene, it),
        _ => format!("{asker} asks for cover ({}): {}.", it.id, parts(scene, &it.parts)),
    }
}

/// The message that asks, as it stands now.
fn question(scene: Scene<'_>, it: &Override) -> Message {
    let what = wish(scene, it);
    let agree = Button::Agree { of: it.id };
    let decline = Button::Decline { of: it.id };
    let (state, buttons) = match (it.standing, &it.kind) {
        (Standing::Asked, Kind::Swap { .. }) => (
            String::new(),
            vec![press("Agree", &agree), press("Rather not", &decline)],
        ),
        (Standing::Asked, _) => (String::new(), vec![press("Take it", &agree)]),
        (Standing::Agreed, Kind::Unavailable) => (
            String::new(),
            vec![press("I'm available again", &Button::Available { of: it.id })],
        ),
        (Standing::Off, Kind::Unavailable) => (" *That is over.*".to_owned(), Vec::new()),
        (Standing::Agreed, Kind::Swap { .. }) => (" *Agreed.*".to_owned(), Vec::new()),
        (Standing::Agreed, _) => {
            let took: Vec<UserId> = it.parts.first().and_then(|part| part.who.clone()).into_iter().collect();
            (
                format!(" *{} takes it.*", people(scene, &took)),
                vec![press("Undo", &decline)],
            )
        }
        (Standing::Off, _) => (" *It is off.*".to_owned(), Vec::new()),
    };
    let text = format!("{what}{state}");
    let mut drawn = vec![section(&text)];
    drawn.extend(actions(buttons));
    message(text, drawn)
}

//! From what happened to a run to the messages that show it.
//!
//! The head of the thread is posted first; its receipt brings the card of the current step, and so does each new visit. A
//! card whose step is over becomes a line, also when its receipt comes late.

use std::collections::BTreeSet;

use super::card;
use crate::domain::ids::RunId;
use crate::domain::run::{Event as Happened, Run};
use crate::domain::{Errand, Event, Subject};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};
use crate::view::calls::{post, reply, update};
use crate::view::text::{between, escape, mention, name};
use crate::view::{Scene, blocks, message};

/// The messages that follow from one input's events.
pub fn announce(scene: Scene<'_>, events: &[Event]) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
        changed: Vec::new(),
        shown_on: BTreeSet::new(),
    };
    for event in events {
        if let Event::Run { id, what } = event
            && let Some(run) = scene.world.runs().get(*id)
        {
            desk.happened(run, what);
        }
    }
    desk.redraw();
    desk.entries
}

struct Desk<'a> {
    scene: Scene<'a>,
    entries: Vec<Entry>,
    /// Whose head no longer shows what is so.
    changed: Vec<RunId>,
    /// Whose cards no longer show how far a run is.
    shown_on: BTreeSet<Subject>,
}

impl Desk<'_> {
    fn happened(&mut self, run: &Run, what: &Happened) {
        match what {
            Happened::Started { .. } => return self.post_root(run),
            Happened::Moved { left, .. } => {
                self.post_root(run);
                if let Some(at) = left {
                    let call = update(at, card::left_behind(run));
                    self.send(run, "thread", Urgency::Routine, call, Errand::Nothing);
                }
                return self.moved_on(run);
            }
            Happened::CardLost { .. } => return self.post_step(run),
            Happened::RootPosted { .. } => {
                self.moved_on(run);
                self.post_step(run);
                // What happened before it stood.
                if run.lines.is_empty() && run.is_open() {
                    return;
                }
            }
            Happened::CardPosted { visit, .. } => {
                let is_current = run.current.as_ref().is_some_and(|current| current.visit == *visit);
                if is_current {
                    self.redraw_step(run);
                } else {
                    self.close(run, *visit);
                }
                return;
            }
            Happened::Finished { .. } | Happened::WentBack { .. } => {
                let last = run.visits - u64::from(run.is_open());
                self.close(run, last);
                self.post_step(run);
            }
            Happened::Stopped { .. } => self.close(run, run.visits),
            Happened::Filled { .. } => self.redraw_step(run),
            Happened::Blocked { by, because } => {
                self.redraw_step(run);
                let who = name(self.scene.roster, by);
                self.tell(run, format!(":no_entry: {who}: blocked. {}", escape(because)));
            }
            Happened::Assigned { by, to } => {
                self.redraw_step(run);
                let who = name(self.scene.roster, by);
                self.tell(run, format!("{}, {who} gives you this step.", mention(to)));
            }
            // What is sent is told once it is answered.
            Happened::Ticked { .. } | Happened::Sending { .. } => return self.redraw_step(run),
            Happened::Confirmed { .. } => {
                self.uncovered(run);
                return self.redraw_step(run);
            }
            Happened::Answered { number, answer } => {
                self.redraw_step(run);
                if let Some(sent) = run.sent.iter().find(|sent| sent.number == *number) {
                    let message = super::sending::answered(run, sent, answer);
                    self.in_thread(run, message, None);
                }
                return;
            }
            // It stands in the thread already, or its form has just been closed.
            Happened::Noted { .. } => return,
            Happened::Nudged { times } => return self.nudge(run, *times),
        }
        self.changed.push(run.id);
        self.moved_on(run);
        if !run.is_open() {
            self.tell(run, format!("{}{}", card::banner(run), card::state(self.scene, run)));
        }
    }

    fn post_root(&mut self, run: &Run) {
        let call = post(&run.channel, None, card::root(self.scene, run));
        let errand = Errand::Root {
            run: run.id,
            channel: Some(run.channel.clone()),
        };
        self.send(run, "root", Urgency::Reply, call, errand);
    }

    /// The card of the current step; what does not fit into it comes first.
    fn post_step(&mut self, run: &Run) {
        let Some((current, step)) = run.step() else { return };
        for page in card::before(run, current, step) {
            self.in_thread(run, page, None);
        }
        let errand = Errand::StepCard {
            run: run.id,
            visit: current.visit,
            under: run.root.clone(),
        };
        self.in_thread(run, card::step(self.scene, run, current, step), Some(errand));
    }

    /// What a gate hid comes to light; as a rule all of it is on the card.
    fn uncovered(&mut self, run: &Run) {
        let Some((current, step)) = run.step() else { return };
        let mut covered = current.clone();
        covered.confirmed = covered.confirmed.saturating_sub(1);
        let known = card::before(run, &covered, step).len();
        for page in card::before(run, current, step).into_iter().skip(known) {
            self.in_thread(run, page, None);
        }
    }

    fn redraw_step(&mut self, run: &Run) {
        let Some((current, step)) = run.step() else { return };
        if let Some(at) = run.cards.get(&current.visit) {
            let call = update(at, card::step(self.scene, run, current, step));
            let errand = Errand::StepDrawn {
                run: run.id,
                visit: current.visit,
                at: at.clone(),
            };
            self.send(run, "thread", Urgency::Reply, call, errand);
        }
    }

    /// A card whose step is over becomes a line.
    fn close(&mut self, run: &Run, visit: u64) {
        if let Some(at) = run.cards.get(&visit) {
            let call = update(at, card::over(self.scene, run, visit));
            self.send(run, "thread", Urgency::Reply, call, Errand::Nothing);
        }
    }

    /// A step takes too long: whoever has it is asked, and then help is offered.
    fn nudge(&mut self, run: &Run, times: u32) {
        let Some((current, step)) = run.step() else { return };
        let whom = current.assignee.as_ref().unwrap_or(&run.by);
        let title = card::step_title(run, current.step, current.pass, step);
        let since = between(current.since, self.scene.now);
        let lead = card::banner(run);
        if times < 2 {
            let text = format!(
                "{lead}{} *{title}* has taken {since}, longer than it should. `done`, `block because …`, or say how it goes.",
                mention(whom)
            );
            return self.tell(run, text);
        }
        let text = format!(
            "{lead}*{title}* has taken {since}. Shall somebody help {}?",
            mention(whom)
        );
        let offer = (!run.practice)
            .then(|| super::offer::page_secondary(self.scene, run, &title))
            .flatten();
        let mut drawn = vec![blocks::section(&text)];
        drawn.extend(blocks::actions(offer.into_iter().collect()));
        self.in_thread(run, message(text, drawn), None);
    }

    fn redraw(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.dedup();
        for run in changed.into_iter().filter_map(|id| self.scene.world.runs().get(id)) {
            if let Some(root) = &run.root {
                let call = update(root, card::root(self.scene, run));
                let errand = Errand::RunThread {
                    run: run.id,
                    under: root.clone(),
                };
                self.send(run, "root", Urgency::Routine, call, errand);
            }
        }
        for subject in std::mem::take(&mut self.shown_on) {
            match subject {
                Subject::Alert(id) => self.entries.extend(crate::view::alert::redrawn(self.scene, id)),
                Subject::Incident(id) => self.entries.extend(crate::view::incident::redrawn(self.scene, id)),
                _ => {}
            }
        }
    }

    fn tell(&mut self, run: &Run, text: String) {
        self.in_thread(run, crate::view::say(text), None);
    }

    /// In the thread, once it has a head; until then its receipt brings what is current.
    fn in_thread(&mut self, run: &Run, message: Message, errand: Option<Errand>) {
        if let Some(root) = &run.root {
            let errand = errand.unwrap_or_else(|| Errand::RunThread {
                run: run.id,
                under: root.clone(),
            });
            self.send(run, "thread", Urgency::Reply, reply(root, message), errand);
        }
    }

    /// What it is for shows on its card how far the run is.
    fn moved_on(&mut self, run: &Run) {
        let scene = self.scene;
        self.shown_on.extend(run.alert.map(Subject::Alert));
        let incidents = scene.world.incidents_of(run);
        self.shown_on
            .extend(incidents.map(|incident| Subject::Incident(incident.id)));
    }

    fn send(&mut self, run: &Run, lane: &str, urgency: Urgency, call: Call, errand: Errand) {
        let subject = format!("run/{}/{lane}", run.id.0);
        self.entries.push(self.scene.entry(&subject, urgency, call, errand));
    }
}

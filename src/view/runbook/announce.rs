//! From what happened to a run to the messages that show it.
//!
//! The head of the thread is posted first; its receipt brings the card of the current step, and so does each new visit. A
//! card whose step is over becomes a line, also when its receipt comes late.

use super::card;
use crate::domain::ids::RunId;
use crate::domain::run::{Event as Happened, Run};
use crate::domain::{Errand, Event};
use crate::outbox::{Entry, Urgency};
use crate::slack::call::{Call, Message};
use crate::view::calls::{post, reply, update};
use crate::view::text::{between, channel, escape, list, mention, name};
use crate::view::{Scene, blocks, message};

/// The messages that follow from one input's events.
pub fn announce(scene: Scene<'_>, events: &[Event]) -> Vec<Entry> {
    let mut desk = Desk {
        scene,
        entries: Vec::new(),
        changed: Vec::new(),
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
}

impl Desk<'_> {
    fn happened(&mut self, run: &Run, what: &Happened) {
        match what {
            Happened::Started { .. } | Happened::Moved { .. } => return self.post_root(run),
            Happened::RootPosted { .. } => {
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
                    self.in_thread(run, message, Errand::Nothing);
                }
                return;
            }
            // It stands in the thread already, or its form has just been closed.
            Happened::Noted { .. } => return,
            Happened::Nudged { times } => return self.nudge(run, *times),
        }
        self.changed.push(run.id);
        if !run.is_open() {
            self.tell(run, format!("{}{}", card::banner(run), card::state(self.scene, run)));
        }
    }

    fn post_root(&mut self, run: &Run) {
        let call = post(&run.channel, None, card::root(self.scene, run));
        self.send(run, "root", Urgency::Reply, call, Errand::Root { run: run.id });
    }

    /// The card of the current step; what does not fit into it comes first.
    fn post_step(&mut self, run: &Run) {
        let Some((current, step)) = run.step() else { return };
        for page in card::before(run, current, step) {
            self.in_thread(run, page, Errand::Nothing);
        }
        let errand = Errand::StepCard {
            run: run.id,
            visit: current.visit,
        };
        self.in_thread(run, card::step(self.scene, run, current, step), errand);
    }

    /// What a gate hid comes to light; as a rule all of it is on the card.
    fn uncovered(&mut self, run: &Run) {
        let Some((current, step)) = run.step() else { return };
        let mut covered = current.clone();
        covered.confirmed = covered.confirmed.saturating_sub(1);
        let known = card::before(run, &covered, step).len();
        for page in card::before(run, current, step).into_iter().skip(known) {
            self.in_thread(run, page, Errand::Nothing);
        }
    }

    fn redraw_step(&mut self, run: &Run) {
        let Some((current, step)) = run.step() else { return };
        if let Some(at) = run.cards.get(&current.visit) {
            let call = update(at, card::step(self.scene, run, current, step));
            self.send(run, "thread", Urgency::Reply, call, Errand::Nothing);
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
        self.in_thread(run, message(text, drawn), Errand::Nothing);
    }

    fn redraw(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.dedup();
        for run in changed.into_iter().filter_map(|id| self.scene.world.runs().get(id)) {
            if let Some(root) = &run.root {
                let call = update(root, card::root(self.scene, run));
                self.send(run, "root", Urgency::Routine, call, Errand::Nothing);
            }
        }
    }

    fn tell(&mut self, run: &Run, text: String) {
        self.in_thread(run, crate::view::say(text), Errand::Nothing);
    }

    /// In the thread, once it has a head; until then its receipt brings what is current.
    fn in_thread(&mut self, run: &Run, message: Message, errand: Errand) {
        if let Some(root) = &run.root {
            self.send(run, "thread", Urgency::Reply, reply(root, message), errand);
        }
    }

    fn send(&mut self, run: &Run, lane: &str, urgency: Urgency, call: Call, errand: Errand) {
        let subject = format!("run/{}/{lane}", run.id.0);
        self.entries.push(self.scene.entry(&subject, urgency, call, errand));
    }
}

/// Where runs of an alert are, in a sentence; none when there are none.
pub fn of_alert(scene: Scene<'_>, alert: crate::domain::ids::AlertId) -> Option<String> {
    let runs: Vec<String> = scene
        .world
        .runs()
        .of_alert(alert)
        .map(|run| {
            let (behind, all) = run.progress();
            format!("{} in {} ({behind} of {all})", card::title(run), channel(&run.channel))
        })
        .collect();
    (!runs.is_empty()).then(|| format!(":book: {}", list(&runs)))
}

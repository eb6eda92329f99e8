//! What can happen to a run, and what it changes. Stored for ever: a field may be added with a default, never renamed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Answer, Ended, How, Line, NOTES, Note, Run};
use crate::domain::ids::{AlertId, ChannelId, IncidentId, MessageRef, RunId, TeamId, UserId};
use crate::domain::runbook::{Runbook, Values, filled};

/// One fact about one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody started it.
    Started {
        /// Who.
        by: UserId,
        /// What is done, as it stands now.
        runbook: Box<Runbook>,
        /// What is known.
        #[serde(default)]
        values: Values,
        /// Whether nothing of it is real.
        #[serde(default)]
        practice: bool,
        /// The alert it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alert: Option<AlertId>,
        /// The incident it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        incident: Option<IncidentId>,
        /// Where its thread is to be.
        channel: ChannelId,
    },
    /// Somebody said what it wanted to know.
    Filled {
        /// Who.
        by: UserId,
        /// What.
        values: Values,
        /// What of it was known otherwise before.
        #[serde(default, skip_serializing_if = "Values::is_empty")]
        earlier: Values,
    },
    /// The current step was finished.
    Finished {
        /// By whom.
        by: UserId,
        /// How.
        #[serde(flatten)]
        how: How,
    },
    /// Something keeps the current step from being done.
    Blocked {
        /// Who says so.
        by: UserId,
        /// What.
        because: String,
    },
    /// Nothing keeps the current step from being done any more.
    Unblocked {
        /// Who says so.
        by: UserId,
    },
    /// An alert of the current step was raised.
    Paged {
        /// By whom.
        by: UserId,
        /// Which of the step's alerts, from 0; none when it was for help.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<usize>,
        /// For whom.
        team: TeamId,
        /// As which alert.
        alert: AlertId,
    },
    /// The step before is current again.
    WentBack {
        /// Who wants it.
        by: UserId,
    },
    /// The current step is somebody's.
    Assigned {
        /// Who says so.
        by: UserId,
        /// Whose.
        to: UserId,
    },
    /// Somebody said something.
    Noted {
        /// Who.
        by: UserId,
        /// What.
        text: String,
        /// Whether it was said where its thread does not show it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        elsewhere: bool,
    },
    /// A box was ticked, or no longer is.
    Ticked {
        /// By whom.
        by: UserId,
        /// Which, from 0.
        item: usize,
        /// Whether it is ticked now.
        on: bool,
    },
    /// A gate was confirmed.
    Confirmed {
        /// By whom.
        by: UserId,
    },
    /// The current step takes longer than it should.
    Nudged {
        /// How often somebody was reminded with this.
        times: u32,
    },
    /// It was stopped.
    Stopped {
        /// By whom.
        by: UserId,
        /// Why.
        because: String,
    },
    /// Somebody wants a request of the current step sent.
    Sending {
        /// Which of the run's, counted from 1.
        number: u64,
        /// Who.
        by: UserId,
        /// Which of the step's, from 0.
        request: usize,
        /// Its first line, as people see it.
        line: String,
    },
    /// It is known what came of a request, or that nobody will know.
    Answered {
        /// Which of the run's.
        number: u64,
        /// What.
        answer: Answer,
    },
    /// The head of its thread stands.
    RootPosted {
        /// Where.
        at: MessageRef,
    },
    /// The card of a visit stands.
    CardPosted {
        /// Which visit.
        visit: u64,
        /// Where.
        at: MessageRef,
    },
    /// Somebody took the card of a visit away.
    CardLost {
        /// Which visit.
        visit: u64,
    },
    /// Where its thread was, or was to be, nothing can be posted.
    Moved {
        /// The chat service's word for why.
        code: String,
        /// Where it goes on: the same place when only the head of its thread is gone.
        to: ChannelId,
        /// The card of the current step, which may still stand where the thread was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<MessageRef>,
    },
}

impl Event {
    /// Where a message of ours now stands, when that is what happened.
    pub fn message(&self) -> Option<&MessageRef> {
        match self {
            Self::RootPosted { at } | Self::CardPosted { at, .. } => Some(at),
            _ => None,
        }
    }
}

impl Run {
    /// The run that an event begins; none when it begins none.
    pub fn begin(id: RunId, event: &Event, at: DateTime<Utc>) -> Option<Self> {
        let Event::Started {
            by,
            runbook,
            values,
            practice,
            alert,
            incident,
            channel,
        } = event
        else {
            return None;
        };
        let mut run = Self {
            id,
            runbook: (**runbook).clone(),
            by: by.clone(),
            at,
            alert: *alert,
            incident: *incident,
            practice: *practice,
            channel: channel.clone(),
            values: values.clone(),
            lines: Vec::new(),
            current: None,
            ended: None,
            root: None,
            cards: std::collections::BTreeMap::new(),
            notes: Vec::new(),
            blocks: Vec::new(),
            moved: None,
            visits: 0,
            sent: Vec::new(),
            sends: 0,
            fills: 0,
            raised: Vec::new(),
        };
        run.visit((!run.runbook.steps.is_empty()).then_some((0, 0)), at);
        Some(run)
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing.
    pub fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::Started { .. } => {}
            Event::Filled { values, .. } => self.fill(values),
            Event::Finished { by, how } => self.finish(by, how, at),
            Event::WentBack { .. } => {
                if let Some(line) = self.lines.pop() {
                    // The list may have become shorter.
                    let step = self.runbook.steps.get(line.step);
                    let last = step.map_or(0, |step| self.passes(step).len().saturating_sub(1));
                    self.visit(Some((line.step, line.pass.min(last))), at);
                }
            }
            Event::Noted { by, text, .. } => {
                let step = self.current.as_ref().map_or(0, |current| current.step);
                let (by, text) = (by.clone(), text.clone());
                keep(&mut self.notes, Note { by, at, step, text });
            }
            Event::Stopped { by, because } => {
                let step = self.current.take().map(|current| current.step);
                self.ended = Some(Ended {
                    by: by.clone(),
                    at,
                    because: Some(because.clone()),
                    step,
                });
            }
            Event::Sending {
                number,
                by,
                request,
                line,
            } => self.sending(*number, *request, by, line, at),
            Event::Answered { number, answer } => self.heard(*number, answer),
            Event::RootPosted { at } => self.root = Some(at.clone()),
            Event::CardPosted { visit, at } => {
                self.cards.insert(*visit, at.clone());
                // Cards that are over are told once that they are; the last few may still be on their way.
                while self.cards.len() > 3 {
                    self.cards.pop_first();
                }
            }
            Event::CardLost { visit } => drop(self.cards.remove(visit)),
            Event::Moved { to, code, .. } => {
                self.moved = Some(code.clone());
                self.channel = to.clone();
                self.root = None;
                self.cards.clear();
            }
            Event::Paged { alert, .. } => {
                self.raised.push(*alert);
                self.change_step(event, at);
            }
            Event::Blocked { .. }
            | Event::Unblocked { .. }
            | Event::Assigned { .. }
            | Event::Ticked { .. }
            | Event::Confirmed { .. }
            | Event::Nudged { .. } => self.change_step(event, at),
        }
    }

    /// What changes the current step and leaves it current.
    fn change_step(&mut self, event: &Event, at: DateTime<Utc>) {
        let Some(current) = &mut self.current else { return };
        match event {
            Event::Blocked { by, because } => {
                let note = Note {
                    by: by.clone(),
                    at,
                    step: current.step,
                    text: because.clone(),
                };
                current.blocked = Some(note.clone());
                keep(&mut self.blocks, note);
            }
            Event::Unblocked { .. } => {
                current.blocked = None;
                // Nobody could go on before.
                current.since = at;
            }
            Event::Paged { page, alert, .. } => match page {
                Some(page) => drop(current.paged.insert(*page, *alert)),
                None => current.helped = Some(*alert),
            },
            Event::Assigned { to, .. } => current.assignee = Some(to.clone()),
            Event::Ticked { item, on: true, .. } => drop(current.ticked.insert(*item)),
            Event::Ticked { item, on: false, .. } => drop(current.ticked.remove(item)),
            Event::Confirmed { .. } => current.confirmed += 1,
            Event::Nudged { times } => current.nudges = *times,
            _ => {}
        }
    }

    /// What was ticked and read for another value does not count for this one.
    fn fill(&mut self, values: &Values) {
        let changed = |name: &String| {
            self.values
                .get(name)
                .is_some_and(|known| values.get(name) != Some(known))
        };
        let needs = self.step().map(|(_, step)| step.needs()).unwrap_or_default();
        let begins_anew = needs.iter().any(|name| values.contains_key(name) && changed(name));
        if let Some(current) = self.current.as_mut().filter(|_| begins_anew) {
            current.ticked.clear();
            current.confirmed = 0;
            current.paged.clear();
        }
        self.values.extend(values.clone());
        self.fills += 1;
    }

    /// A line with what its step was called, so that a later value does not change what was done.
    fn titled(&self, line: Line) -> Line {
        let Some(step) = self.runbook.steps.get(line.step) else {
            return line;
        };
        let passes = self.passes(step);
        Line {
            title: filled(&step.title, &self.values_at(line.step, line.pass)),
            value: passes.get(line.pass).map(|value| (value.clone(), passes.len())),
            ..line
        }
    }

    fn finish(&mut self, by: &UserId, how: &How, at: DateTime<Utc>) {
        let Some(current) = &self.current else { return };
        let line = Line {
            step: current.step,
            pass: current.pass,
            visit: current.visit,
            by: by.clone(),
            at,
            how: how.clone(),
            title: String::new(),
            value: None,
        };
        let line = self.titled(line);
        self.lines.push(line.clone());
        let next = self.after(&line);
        self.visit(next, at);
        if self.current.is_none() {
            self.ended = Some(Ended {
                by: by.clone(),
                at,
                because: None,
                step: None,
            });
        }
    }
}

/// The newest notes; older ones stay in the journal.
fn keep(notes: &mut Vec<Note>, note: Note) {
    if notes.len() >= NOTES {
        notes.remove(0);
    }
    notes.push(note);
}

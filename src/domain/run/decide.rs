//! What people ask of runs, and what follows from it.

use super::{Ended, Event, How, Line, Run, Runs};
use chrono::{DateTime, Utc};

use crate::domain::ids::{AlertId, ChannelId, IncidentId, RunId, RunbookId, UserId};
use crate::domain::runbook::{Allowed, Asked, Forbidden, Library, Parameter, Runbook, Unfit, Values, filled};

/// The longest value, note or reason, in characters.
const LONGEST: usize = 3000;

/// A runbook to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Which.
    pub runbook: RunbookId,
    /// What is known.
    pub values: Values,
    /// Whether nothing of it is to be real.
    pub practice: bool,
    /// The alert it is for.
    pub alert: Option<AlertId>,
    /// The incident it is for.
    pub incident: Option<IncidentId>,
    /// Where its thread is to be; empty where its place follows from what it is for.
    pub channel: ChannelId,
    /// Whether it was offered: what somebody else has begun by then is not begun twice.
    pub offered: bool,
}

/// Which run is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Run(RunId),
    /// This one, as it was drawn at that visit.
    Visit(RunId, u64),
    /// The one that whoever asks is in the middle of.
    Mine,
}

/// What is to be done with a run's current step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// It is done.
    Done,
    /// It is left out.
    Skip {
        /// Why.
        because: String,
    },
    /// Something keeps it from being done.
    Block {
        /// What.
        because: String,
    },
    /// The one before is to be done again.
    Back,
    /// It is somebody's.
    Assign {
        /// Whose.
        to: UserId,
    },
    /// Something is to be remembered.
    Note {
        /// What.
        text: String,
    },
    /// Somebody said something in the thread: the words of a way, a value, or else a note.
    Say {
        /// What.
        text: String,
    },
    /// A way is taken.
    Decide {
        /// Which, from 0.
        way: usize,
    },
    /// A box is ticked, or no longer.
    Tick {
        /// Which, from 0.
        item: usize,
        /// Whether it is to be ticked.
        on: bool,
    },
    /// The next gate is confirmed.
    Confirm,
    /// What it wants to know is said.
    Fill {
        /// What.
        values: Values,
    },
    /// One of its requests is sent.
    Send {
        /// Which, from 0.
        request: usize,
        /// What whoever confirmed it was shown, by [`Run::seal`].
        seal: u32,
    },
    /// The run ends here.
    Stop {
        /// Why.
        because: String,
    },
}

/// Why something cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No runbook is called that.
    NoSuchRunbook {
        /// What was said.
        word: String,
    },
    /// There is no such run.
    NoSuchRun {
        /// What was asked for.
        id: RunId,
    },
    /// Somebody has begun it already, for the same.
    Going {
        /// Which run that is.
        id: RunId,
        /// Who.
        by: UserId,
        /// Where.
        channel: ChannelId,
    },
    /// Whoever asks is in the middle of none.
    NoneOfYours,
    /// Whoever asks is in the middle of several.
    Several(Vec<RunId>),
    /// It is over.
    Over {
        /// Which.
        id: RunId,
        /// How.
        ended: Ended,
    },
    /// The step has been finished since the card was drawn.
    Stale {
        /// Which run.
        id: RunId,
        /// How it was finished; none when somebody went back.
        line: Option<Line>,
    },
    /// It has to be known before the run starts.
    Missing {
        /// Which runbook.
        runbook: RunbookId,
        /// What.
        lacking: Vec<Parameter>,
        /// The alert it is for.
        alert: Option<AlertId>,
        /// The incident it is for.
        incident: Option<IncidentId>,
    },
    /// It has to be known before the step is done.
    Needs {
        /// Which run.
        id: RunId,
        /// What.
        lacking: Vec<Parameter>,
    },
    /// The runbook does not ask for that.
    UnknownName {
        /// What was said.
        name: String,
        /// What it asks for.
        known: Vec<String>,
    },
    /// The value does not fit.
    Unfit {
        /// Of what.
        parameter: Box<Parameter>,
        /// What was said.
        value: String,
        /// Why.
        why: Unfit,
    },
    /// A gate must be confirmed first.
    Gate {
        /// Which run.
        id: RunId,
    },
    /// Boxes must be ticked first.
    Boxes {
        /// Which run.
        id: RunId,
        /// How many.
        open: usize,
    },
    /// A way must be taken.
    Undecided {
        /// Which run.
        id: RunId,
        /// What they are called.
        ways: Vec<String>,
    },
    /// There is no step before.
    First {
        /// Which run.
        id: RunId,
    },
    /// The step has no such request.
    NoSuchRequest {
        /// Which run.
        id: RunId,
    },
    /// In a drill nothing is sent.
    Drill {
        /// Which run.
        id: RunId,
    },
    /// It is being sent already.
    UnderWay {
        /// Which run.
        id: RunId,
        /// Who sent it.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It is no longer what whoever confirmed it was shown.
    Changed {
        /// Which run.
        id: RunId,
    },
    /// It must not be sent.
    Forbidden {
        /// Which run.
        id: RunId,
        /// Why.
        why: Forbidden,
    },
    /// Nothing said in this step is kept.
    Secret {
        /// Which run.
        id: RunId,
    },
    /// It has no words.
    Empty,
    /// It is too long.
    TooLong,
}

/// Starts a run.
///
/// # Errors
/// The refusal, for whoever asked.
pub fn start(library: &Library, by: &UserId, start: &Start) -> Result<Vec<Event>, Refusal> {
    let unknown = || Refusal::NoSuchRunbook {
        word: start.runbook.as_str().to_owned(),
    };
    let book = library.get(&start.runbook).ok_or_else(unknown)?;
    let mut values = checked(book, &start.values)?;
    let lacking: Vec<Parameter> = book
        .parameters
        .iter()
        .filter(|parameter| parameter.asked == Asked::AtTheStart && parameter.default.is_none())
        .filter(|parameter| !values.contains_key(&parameter.name))
        .cloned()
        .collect();
    if !lacking.is_empty() {
        return Err(Refusal::Missing {
            runbook: book.id.clone(),
            lacking,
            alert: start.alert,
            incident: start.incident,
        });
    }
    for parameter in &book.parameters {
        if let Some(default) = &parameter.default {
            values.entry(parameter.name.clone()).or_insert_with(|| default.clone());
        }
    }
    Ok(vec![Event::Started {
        by: by.clone(),
        runbook: Box::new(Runbook::clone(book)),
        values,
        practice: start.practice,
        alert: start.alert,
        incident: start.incident,
        channel: start.channel.clone(),
    }])
}

/// Values that a runbook asks for and that fit.
fn checked(book: &Runbook, values: &Values) -> Result<Values, Refusal> {
    let mut checked = Values::new();
    for (name, value) in values {
        let named = |parameter: &&Parameter| parameter.name.eq_ignore_ascii_case(name);
        let parameter = book.parameters.iter().find(named).ok_or_else(|| Refusal::UnknownName {
            name: name.clone(),
            known: book.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
        })?;
        let value = value.trim();
        if value.chars().count() > LONGEST {
            return Err(Refusal::TooLong);
        }
        if value.is_empty() {
            continue;
        }
        // Of a list, each value has to fit.
        let is_list = book
            .steps
            .iter()
            .any(|step| step.repeat.as_ref() == Some(&parameter.name));
        let each: Vec<&str> = if is_list {
            value.split(',').map(str::trim).collect()
        } else {
            vec![value]
        };
        for one in each {
            parameter.accepts(one).map_err(|why| Refusal::Unfit {
                parameter: Box::new(parameter.clone()),
                value: one.to_owned(),
                why,
            })?;
        }
        checked.insert(parameter.name.clone(), value.to_owned());
    }
    Ok(checked)
}

impl Runs {
    /// The run that is meant.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn meant<'r>(&'r self, target: Target, by: &'r UserId) -> Result<&'r Run, Refusal> {
        match target {
            Target::Run(id) | Target::Visit(id, _) => self.get(id).ok_or(Refusal::NoSuchRun { id }),
            Target::Mine => {
                let mine: Vec<&Run> = self.of(by).collect();
                match mine.as_slice() {
                    [] => Err(Refusal::NoneOfYours),
                    [one] => Ok(one),
                    several => Err(Refusal::Several(several.iter().map(|run| run.id).collect())),
                }
            }
        }
    }

    /// What follows from what somebody asks of a run.
    ///
    /// # Errors
    /// The refusal, for whoever asked.
    pub fn decide(
        &self,
        by: &UserId,
        target: Target,
        ask: &Ask,
        allowed: &Allowed,
    ) -> Result<(RunId, Vec<Event>), Refusal> {
        let run = self.meant(target, by)?;
        let drawn_for = match target {
            Target::Visit(_, visit) => Some(visit),
            Target::Run(_) | Target::Mine => None,
        };
        Ok((run.id, run.decide(by, drawn_for, ask, allowed)?))
    }
}

impl Run {
    /// What follows from what somebody asks of it.
    fn decide(&self, by: &UserId, drawn_for: Option<u64>, ask: &Ask, allowed: &Allowed) -> Result<Vec<Event>, Refusal> {
        let id = self.id;
        if let Some(ended) = &self.ended {
            return match ask {
                // What is said after the end stays in the thread.
                Ask::Say { .. } => Ok(Vec::new()),
                _ => Err(Refusal::Over {
                    id,
                    ended: ended.clone(),
                }),
            };
        }
        let Some((current, step)) = self.step() else {
            return Ok(Vec::new());
        };
        if drawn_for.is_some_and(|visit| visit != current.visit) {
            let line = self.lines.iter().rev().find(|line| Some(line.visit) == drawn_for);
            return Err(Refusal::Stale {
                id,
                line: line.cloned(),
            });
        }
        let by = by.clone();
        Ok(match ask {
            Ask::Done => {
                self.may_be_done()?;
                vec![Event::Finished { by, how: How::Done }]
            }
            Ask::Skip { because } => {
                let because = worded(because)?;
                vec![Event::Finished {
                    by,
                    how: How::Skipped { because },
                }]
            }
            Ask::Block { because } => vec![Event::Blocked {
                by,
                because: worded(because)?,
            }],
            Ask::Back if self.lines.is_empty() => return Err(Refusal::First { id }),
            Ask::Back => vec![Event::WentBack { by }],
            Ask::Assign { to } if current.assignee.as_ref() == Some(to) => Vec::new(),
            Ask::Assign { to } => vec![Event::Assigned { by, to: to.clone() }],
            Ask::Note { .. } | Ask::Say { .. } if step.secret => return Err(Refusal::Secret { id }),
            Ask::Note { text } => vec![Event::Noted {
                by,
                text: worded(text)?,
            }],
            Ask::Say { text } => return self.said(by, text, allowed),
            Ask::Decide { way } if step.ways().len() <= *way => return Err(self.undecided()),
            Ask::Decide { way } => {
                self.may_go_on()?;
                vec![Event::Finished {
                    by,
                    how: How::Decided { way: *way },
                }]
            }
            Ask::Tick { item, on } if *item < step.boxes() && current.ticked.contains(item) != *on => {
                vec![Event::Ticked {
                    by,
                    item: *item,
                    on: *on,
                }]
            }
            Ask::Confirm if current.confirmed < step.gates() => vec![Event::Confirmed { by }],
            Ask::Tick { .. } | Ask::Confirm => Vec::new(),
            Ask::Fill { values } => {
                let values = checked(&self.runbook, values)?;
                if values.iter().all(|(name, value)| self.values.get(name) == Some(value)) {
                    return Ok(Vec::new());
                }
                vec![Event::Filled { by, values }]
            }
            Ask::Send { request, seal } => return self.send(by, *request, *seal, allowed),
            Ask::Stop { because } => vec![Event::Stopped {
                by,
                because: worded(because)?,
            }],
        })
    }

    /// What was said in the thread: the words of a way, `name=value` for something that is wanted, or else a note.
    fn said(&self, by: UserId, text: &str, allowed: &Allowed) -> Result<Vec<Event>, Refusal> {
        let Some((_, step)) = self.step() else {
            return Ok(Vec::new());
        };
        let words = text.trim().trim_end_matches(['.', '!']).to_lowercase();
        let values = self.values_at(self.current.as_ref().map_or(0, |current| current.step), 0);
        let called = |words: &str| filled(words, &values).to_lowercase();
        if let Some(way) = step.ways().iter().position(|way| called(&way.words) == words) {
            return self.decide(&by, None, &Ask::Decide { way }, allowed);
        }
        let lacking = self.lacks(step);
        if let Some((name, value)) = text.split_once(['=', ':'])
            && lacking
                .iter()
                .any(|parameter| parameter.name.eq_ignore_ascii_case(name.trim()))
        {
            let values = Values::from([(name.trim().to_owned(), value.trim().to_owned())]);
            return self.decide(&by, None, &Ask::Fill { values }, allowed);
        }
        Ok(vec![Event::Noted {
            by,
            text: worded(text)?,
        }])
    }

    fn undecided(&self) -> Refusal {
        let ways = self.step().map_or(&[][..], |(_, step)| step.ways());
        Refusal::Undecided {
            id: self.id,
            ways: ways.iter().map(|way| way.words.clone()).collect(),
        }
    }

    /// Whether nothing is left of the current step but to say that it is done.
    fn may_be_done(&self) -> Result<(), Refusal> {
        let Some((_, step)) = self.step() else { return Ok(()) };
        self.may_go_on()?;
        if step.ways().is_empty() {
            Ok(())
        } else {
            Err(self.undecided())
        }
    }

    fn may_go_on(&self) -> Result<(), Refusal> {
        let Some((current, step)) = self.step() else {
            return Ok(());
        };
        let id = self.id;
        if current.confirmed < step.gates() {
            return Err(Refusal::Gate { id });
        }
        let lacking = self.lacks(step);
        if !lacking.is_empty() {
            let lacking = lacking.into_iter().cloned().collect();
            return Err(Refusal::Needs { id, lacking });
        }
        match step.boxes().saturating_sub(current.ticked.len()) {
            0 => Ok(()),
            open => Err(Refusal::Boxes { id, open }),
        }
    }
}

fn worded(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > LONGEST * 10 {
        return Err(Refusal::TooLong);
    }
    Ok(text.to_owned())
}

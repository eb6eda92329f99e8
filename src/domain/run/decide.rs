//! What follows from what people ask of runs.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Ask, Event, How, Refusal, Run, Runs, Start, Target};
use crate::domain::ids::{RunId, UserId};
use crate::domain::oncall::Staff;
use crate::domain::runbook::{Asked, Library, Parameter, Runbook, Values, filled};

/// The longest value, note or reason, in characters.
const LONGEST: usize = 3000;
/// How long after a step was finished somebody else may still have meant it.
const JUST_NOW: TimeDelta = TimeDelta::seconds(10);

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
            value
                .split([',', '\n'])
                .map(str::trim)
                .filter(|one| !one.is_empty())
                .collect()
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
            Target::Of(incident) => {
                let mut theirs = self
                    .iter()
                    .filter(|run| run.is_open() && run.incident == Some(incident));
                match (theirs.next(), theirs.next()) {
                    (Some(only), None) => Ok(only),
                    _ => self.meant(Target::Mine, by),
                }
            }
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
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<(RunId, Vec<Event>), Refusal> {
        let run = self.meant(target, by)?;
        let drawn_for = match target {
            Target::Visit(_, visit) => Some(visit),
            Target::Run(_) | Target::Of(_) | Target::Mine => None,
        };
        if drawn_for.is_none() {
            run.not_just_finished(by, ask, now)?;
        }
        Ok((run.id, run.decide(by, drawn_for, ask, staff)?))
    }
}

impl Run {
    /// What follows from what somebody asks of it.
    fn decide(&self, by: &UserId, drawn_for: Option<u64>, ask: &Ask, staff: Staff<'_>) -> Result<Vec<Event>, Refusal> {
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
                line: line.cloned().map(Box::new),
            });
        }
        let by = by.clone();
        Ok(match ask {
            // A single way is no choice.
            Ask::Done if step.ways().len() == 1 => return self.decide(&by, None, &Ask::Decide { way: 0 }, staff),
            Ask::Done => {
                self.may_be_done()?;
                vec![Event::Finished { by, how: How::Done }]
            }
            // Leaving a choice out would leave open where to go.
            Ask::Skip { .. } if step.ways().len() > 1 => return Err(self.undecided()),
            Ask::Skip { because } => {
                let because = step.kept(worded(because)?);
                vec![Event::Finished {
                    by,
                    how: How::Skipped { because },
                }]
            }
            Ask::Block { because } => vec![Event::Blocked {
                by,
                because: step.kept(worded(because)?),
            }],
            Ask::Unblock if current.blocked.is_some() => vec![Event::Unblocked { by }],
            Ask::Back if self.lines.is_empty() => return Err(Refusal::First { id }),
            Ask::Back => vec![Event::WentBack { by }],
            Ask::Assign { to } if current.assignee.as_ref() == Some(to) => Vec::new(),
            Ask::Assign { to } if !staff.is_there(to) => return Err(Refusal::CannotTake { who: to.clone() }),
            Ask::Assign { to } => vec![Event::Assigned { by, to: to.clone() }],
            Ask::Note { .. } if step.secret => return Err(Refusal::Secret { id }),
            Ask::Note { text } => vec![Event::Noted {
                by,
                text: worded(text)?,
                elsewhere: true,
            }],
            Ask::Say { text } | Ask::Tell { text } => return self.said(by, ask, text, staff),
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
            // A page begins an alert too, so the world decides it.
            Ask::Page { .. } | Ask::Help | Ask::Unblock | Ask::Tick { .. } | Ask::Confirm => Vec::new(),
            Ask::Fill { values } => {
                if let Some((name, _)) = values.iter().find(|(_, value)| value.trim().is_empty()) {
                    return Err(Refusal::NoValue { name: name.clone() });
                }
                let values = checked(&self.runbook, values)?;
                if values.iter().all(|(name, value)| self.values.get(name) == Some(value)) {
                    return Ok(Vec::new());
                }
                let differs = |name: &&String| {
                    self.values
                        .get(*name)
                        .is_some_and(|known| values.get(*name) != Some(known))
                };
                // Whoever is in the middle of a list would lose their place in it.
                let list = step.repeat.as_ref().filter(|_| current.pass > 0);
                if let Some(name) = list.filter(|name| values.contains_key(*name)).filter(differs) {
                    let name = name.clone();
                    return Err(Refusal::GoneThrough { id, name });
                }
                let names: Vec<&String> = values.keys().filter(differs).collect();
                let known = names.into_iter().filter_map(|name| self.values.get_key_value(name));
                let earlier = known.map(|(name, value)| (name.clone(), value.clone())).collect();
                vec![Event::Filled { by, values, earlier }]
            }
            Ask::Send { request, seal } => return self.send(by, *request, *seal, &staff.actions),
            Ask::Stop { because } => vec![Event::Stopped {
                by,
                because: step.kept(worded(because)?),
            }],
        })
    }

    /// What was said in the thread: the words of a way, `name=value` for something that is wanted, or else a note.
    fn said(&self, by: UserId, ask: &Ask, text: &str, staff: Staff<'_>) -> Result<Vec<Event>, Refusal> {
        let Some((_, step)) = self.step() else {
            return Ok(Vec::new());
        };
        if let Some(way) = self.way_called(text) {
            return self.decide(&by, None, &Ask::Decide { way }, staff);
        }
        let known = |name: &str| {
            self.runbook
                .parameters
                .iter()
                .any(|parameter| parameter.name.eq_ignore_ascii_case(name))
        };
        let lacking = self.lacks(step);
        let asks_for = |name: &str| {
            lacking
                .iter()
                .any(|parameter| parameter.name.eq_ignore_ascii_case(name))
        };
        // `name=value` is about what the runbook asks for; with a colon only while it does.
        let said = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let said = said.filter(|(name, _)| known(name));
        let said = said.or_else(|| {
            let (name, value) = text.split_once(':')?;
            Some((name.trim(), value.trim())).filter(|(name, _)| asks_for(name))
        });
        if let Some((name, value)) = said {
            let values = Values::from([(name.to_owned(), value.to_owned())]);
            return self.decide(&by, None, &Ask::Fill { values }, staff);
        }
        if matches!(ask, Ask::Tell { .. }) {
            let ways = step.ways().iter().map(|way| way.words.clone()).collect();
            return Err(Refusal::NotUnderstood { id: self.id, ways });
        }
        if step.secret {
            return Err(Refusal::Secret { id: self.id });
        }
        Ok(vec![Event::Noted {
            by,
            text: worded(text)?,
            elsewhere: false,
        }])
    }

    /// The way that is called so, whatever quotes and stops somebody's keyboard has.
    fn way_called(&self, text: &str) -> Option<usize> {
        let (current, step) = self.step()?;
        let values = self.values_at(current.step, current.pass);
        let words = spoken(text);
        let mut ways = step.ways().iter();
        ways.position(|way| spoken(&filled(&way.words, &values)) == words)
    }

    /// Refuses to finish a step that became current a moment ago because somebody else finished the one before: two who say
    /// `done` at the same time mean the same step.
    fn not_just_finished(&self, by: &UserId, ask: &Ask, now: DateTime<Utc>) -> Result<(), Refusal> {
        let finishes = match ask {
            Ask::Done | Ask::Skip { .. } | Ask::Decide { .. } => true,
            Ask::Say { text } => self.way_called(text).is_some(),
            _ => false,
        };
        let last = self
            .lines
            .last()
            .filter(|line| self.is_open() && finishes && line.by != *by);
        match last.filter(|line| now - line.at < JUST_NOW && line.visit + 1 == self.visits) {
            Some(line) => Err(Refusal::JustFinished {
                id: self.id,
                line: Box::new(line.clone()),
            }),
            None => Ok(()),
        }
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

/// Words without what keyboards add and people leave out.
fn spoken(words: &str) -> String {
    let plain = words.to_lowercase().replace(['’', '‘'], "'");
    let letters = plain.replace(['.', ',', '!', '?', ';', ':', '“', '”', '"'], " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
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

//! Requests that a step sends: each at most once for each time somebody confirmed it.
//!
//! That somebody wants it sent is stored before anything is sent, and what came of it after. So whatever was under way when
//! the process ended is known to have been, and is said to be unknown: it is never sent again by itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Event, Refusal, Run, Runs};
use crate::domain::ids::{RunId, UserId};
use crate::domain::runbook::{Allowed, HttpRequest, Site, Values};

/// How many requests a run remembers; older ones stay in its journal.
const REMEMBERED: usize = 50;

/// A request that somebody had sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Which of the run's, counted from 1.
    pub number: u64,
    /// For which visit.
    pub visit: u64,
    /// Which of the step's, from 0.
    pub request: usize,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// Its first line, as people see it.
    pub line: String,
    /// What came of it; none while it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "came", rename_all = "snake_case")]
pub enum Answer {
    /// This came back.
    Answered {
        /// Its status, such as 201.
        status: u16,
        /// Where it leads, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
        /// Its first lines; nothing in a secret step.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        excerpt: String,
        /// How long it took, in milliseconds.
        took_ms: u64,
    },
    /// Nothing was sent.
    NotSent {
        /// Why.
        why: Hindrance,
    },
    /// It was sent, and nobody knows whether it was heard.
    Unknown {
        /// Why.
        why: Doubt,
    },
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Hindrance {
    /// The environment has no such secret.
    Unset {
        /// The variable.
        name: String,
    },
    /// The name of the host leads nowhere.
    NoAddress {
        /// Which host.
        host: String,
    },
    /// The host has a private address, and nobody allowed that.
    Private {
        /// Which host.
        host: String,
        /// The address.
        address: String,
    },
    /// There was no connection.
    NoConnection {
        /// The reason, as the network says it.
        cause: String,
    },
    /// It is no request that could be sent.
    Malformed {
        /// The reason.
        cause: String,
    },
    /// Too many were under way, or the process was about to end.
    Busy,
}

/// Why nobody knows what became of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Doubt {
    /// Nothing came back.
    Silence {
        /// Within so many seconds.
        seconds: u64,
    },
    /// The connection broke off.
    Cut {
        /// The reason, as the network says it.
        cause: String,
    },
    /// The process ended while it was under way.
    Restart,
}

/// A request to be sent now, with everything it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Of which run.
    pub run: RunId,
    /// Which of the run's.
    pub number: u64,
    /// What is sent.
    pub request: HttpRequest,
    /// What its blanks are filled in with.
    pub values: Values,
    /// Where it goes.
    pub site: Site,
    /// Whether nothing of the answer but its status is to be kept.
    pub is_secret: bool,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Of which run.
    pub run: RunId,
    /// Which of the run's requests.
    pub number: u64,
    /// What came of it.
    pub answer: Answer,
}

impl Run {
    /// The requests of the current step that can be seen, each with the one that was sent last for it in this visit.
    pub fn requests(&self) -> Vec<(&HttpRequest, Option<&Sent>)> {
        let Some((current, step)) = self.step() else {
            return Vec::new();
        };
        let last = |at: usize| {
            let mut sent = self.sent.iter().rev();
            sent.find(|sent| sent.visit == current.visit && sent.request == at)
        };
        let requests = step.requests(current.confirmed).enumerate();
        requests.map(|(at, request)| (request, last(at))).collect()
    }

    /// What a form that asks whether to send shows: it is sent only while it is still that.
    pub fn seal(&self, request: usize) -> Option<u32> {
        let (current, _) = self.step()?;
        let (what, sent) = self.requests().into_iter().nth(request)?;
        let values = self.values_at(current.step, current.pass);
        let before = sent.map_or(0, |sent| sent.number);
        let shown = format!("{before} {}", what.shown(&values).text());
        Some(crc32fast::hash(shown.as_bytes()))
    }

    /// Whether one of the current step's requests can be sent.
    ///
    /// # Errors
    /// The refusal, for whoever wants it.
    pub fn may_send(&self, request: usize, allowed: &Allowed) -> Result<(&HttpRequest, Site), Refusal> {
        let id = self.id;
        let Some((current, step)) = self.step() else {
            return Err(Refusal::NoSuchRequest { id });
        };
        if self.practice {
            return Err(Refusal::Drill { id });
        }
        let requests = self.requests();
        let Some((what, sent)) = requests.get(request) else {
            let is_hidden = step.requests(step.gates()).count() > request;
            return Err(if is_hidden {
                Refusal::Gate { id }
            } else {
                Refusal::NoSuchRequest { id }
            });
        };
        let lacking = self.lacks(step);
        if !lacking.is_empty() {
            let lacking = lacking.into_iter().cloned().collect();
            return Err(Refusal::Needs { id, lacking });
        }
        if let Some(sent) = sent.filter(|sent| sent.answer.is_none()) {
            return Err(Refusal::UnderWay {
                id,
                by: sent.by.clone(),
                at: sent.at,
            });
        }
        let values = self.values_at(current.step, current.pass);
        let judged = allowed.judge(what, &values);
        let site = judged.map_err(|why| Refusal::Forbidden { id, why })?;
        Ok((what, site.clone()))
    }

    /// Sends one of the current step's requests, as it was shown.
    pub(super) fn send(&self, by: UserId, request: usize, seal: u32, allowed: &Allowed) -> Result<Vec<Event>, Refusal> {
        let (what, _) = self.may_send(request, allowed)?;
        if self.seal(request) != Some(seal) {
            return Err(Refusal::Changed { id: self.id });
        }
        let Some((current, step)) = self.step() else {
            return Ok(Vec::new());
        };
        let shown = what.shown(&self.values_at(current.step, current.pass));
        // What a secret step is filled in with is nobody's business later.
        let line = if step.secret {
            what.shown(&Values::new()).line()
        } else {
            shown.line()
        };
        Ok(vec![Event::Sending {
            number: self.sends + 1,
            by,
            request,
            line,
        }])
    }

    /// What is to be sent now that somebody wants it; none when it is not the run's last request.
    pub fn order(&self, number: u64, allowed: &Allowed) -> Option<Order> {
        let sent = self.sent.iter().rev().find(|sent| sent.number == number)?;
        let (current, step) = self.step()?;
        let (what, _) = self.requests().into_iter().nth(sent.request)?;
        let values = self.values_at(current.step, current.pass);
        Some(Order {
            run: self.id,
            number,
            request: what.clone(),
            site: allowed.judge(what, &values).ok()?.clone(),
            values,
            is_secret: step.secret,
        })
    }

    /// Requests of which nobody knows yet what came of them.
    pub fn under_way(&self) -> impl Iterator<Item = &Sent> {
        self.sent.iter().filter(|sent| sent.answer.is_none())
    }

    pub(super) fn sending(&mut self, number: u64, request: usize, by: &UserId, line: &str, at: DateTime<Utc>) {
        self.sends = self.sends.max(number);
        if self.sent.len() >= REMEMBERED {
            self.sent.remove(0);
        }
        self.sent.push(Sent {
            number,
            visit: self.current.as_ref().map_or(self.visits, |current| current.visit),
            request,
            by: by.clone(),
            at,
            line: line.to_owned(),
            answer: None,
        });
    }

    pub(super) fn heard(&mut self, number: u64, answer: &Answer) {
        let sent = self.sent.iter_mut().find(|sent| sent.number == number);
        if let Some(sent) = sent.filter(|sent| sent.answer.is_none()) {
            sent.answer = Some(answer.clone());
        }
    }
}

impl Runs {
    /// How many requests are under way.
    pub fn under_way(&self) -> usize {
        self.iter().map(|run| run.under_way().count()).sum()
    }

    /// What came of a request; nothing when that is known already.
    pub fn answered(&self, heard: &Heard) -> Option<Event> {
        let mut waiting = self.get(heard.run)?.under_way();
        waiting.find(|sent| sent.number == heard.number)?;
        Some(Event::Answered {
            number: heard.number,
            answer: heard.answer.clone(),
        })
    }

    /// Requests that were under way when the last process ended.
    pub fn interrupted(&self) -> Vec<(RunId, Event)> {
        let answer = Answer::Unknown { why: Doubt::Restart };
        let under_way = self
            .iter()
            .flat_map(|run| run.under_way().map(|sent| (run.id, sent.number)));
        under_way
            .map(|(id, number)| {
                let answer = answer.clone();
                (id, Event::Answered { number, answer })
            })
            .collect()
    }
}

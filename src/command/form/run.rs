//! The forms about a run: skipping, blocking, assigning, noting, filling in, and starting. Which run and which visit travel
//! in the form's `private_metadata`, and what is to be started as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FieldProblem, about, typed};
use crate::domain::Request;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, RunId, RunbookId, UserId};
use crate::domain::run::{Ask, Refusal, Start, Target};
use crate::domain::runbook::Values;

/// What a form about a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AboutRun {
    /// Leaving the step out.
    Skip,
    /// Saying what keeps it from being done.
    Block,
    /// Giving it to somebody.
    Assign,
    /// Writing something down.
    Note,
    /// Saying what it wants to know.
    Fill,
    /// Starting a run.
    Start,
    /// Sending one of its requests, from 0.
    Send(usize),
}

/// How the field of a parameter begins.
const VALUE: &str = "value.";

/// The field of a parameter.
pub fn value_field(name: &str) -> String {
    format!("{VALUE}{name}")
}

/// What is to be started, as it travels in a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    runbook: RunbookId,
    #[serde(default)]
    practice: bool,
    #[serde(default)]
    alert: Option<AlertId>,
    #[serde(default)]
    incident: Option<IncidentId>,
    #[serde(default)]
    offered: bool,
    channel: ChannelId,
    /// Values that have no field.
    #[serde(default)]
    values: Values,
}

impl From<&Start> for Draft {
    fn from(start: &Start) -> Self {
        Self {
            runbook: start.runbook.clone(),
            practice: start.practice,
            alert: start.alert,
            incident: start.incident,
            offered: start.offered,
            channel: start.channel.clone(),
            values: Values::new(),
        }
    }
}

impl AboutRun {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Skip,
        Self::Block,
        Self::Assign,
        Self::Note,
        Self::Fill,
        Self::Start,
        Self::Send(0),
    ];

    /// The form's `callback_id`.
    pub fn callback(self) -> &'static str {
        match self {
            Self::Skip => "skip_step",
            Self::Block => "block_step",
            Self::Assign => "assign_step",
            Self::Note => "note_step",
            Self::Fill => "fill_run",
            Self::Start => "start_run",
            Self::Send(_) => "send_request",
        }
    }

    /// The form of that `callback_id`.
    pub fn called(callback: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.callback() == callback)
    }

    /// The field that a refusal is about.
    pub fn field_of(self, refusal: &Refusal) -> String {
        let lacking = |lacking: &[crate::domain::runbook::Parameter]| {
            lacking
                .first()
                .map_or_else(|| VALUE.to_owned(), |parameter| value_field(&parameter.name))
        };
        match (self, refusal) {
            (_, Refusal::Unfit { parameter, .. }) => value_field(&parameter.name),
            (_, Refusal::Missing { lacking: of, .. } | Refusal::Needs { lacking: of, .. }) => lacking(of),
            (Self::Assign, _) => about::PERSON.to_owned(),
            (Self::Note, _) => about::TEXT.to_owned(),
            (Self::Skip | Self::Block | Self::Fill | Self::Start | Self::Send(_), _) => about::REASON.to_owned(),
        }
    }

    /// Reads a submission; none when it is none of ours.
    pub fn read(
        self,
        metadata: &str,
        fields: &BTreeMap<String, String>,
    ) -> Option<Result<Request, BTreeMap<String, FieldProblem>>> {
        if self == Self::Start {
            let draft: Draft = serde_json::from_str(metadata).ok()?;
            let mut given = draft.values;
            given.extend(values(fields));
            return Some(Ok(Request::StartRun(Start {
                runbook: draft.runbook,
                values: given,
                practice: draft.practice,
                alert: draft.alert,
                incident: draft.incident,
                channel: draft.channel,
                offered: draft.offered,
            })));
        }
        let (run, visit) = metadata.split_once(':')?;
        let run = RunId(run.parse().ok()?);
        if let Self::Send(_) = self {
            return sending(run, visit).map(Ok);
        }
        let target = match self {
            // What is known of a run, and what was seen, is true at every step.
            Self::Fill | Self::Note => Target::Run(run),
            _ => Target::Visit(run, visit.parse().ok()?),
        };
        let missing = |field: &str| BTreeMap::from([(field.to_owned(), FieldProblem::Missing)]);
        let wanted = |field: &str| typed(fields, field).ok_or_else(|| missing(field));
        let ask = match self {
            Self::Skip => wanted(about::REASON).map(|because| Ask::Skip { because }),
            Self::Block => wanted(about::REASON).map(|because| Ask::Block { because }),
            Self::Note => wanted(about::TEXT).map(|text| Ask::Note { text }),
            Self::Assign => wanted(about::PERSON).map(|person| Ask::Assign {
                to: UserId::new(person),
            }),
            Self::Fill | Self::Start | Self::Send(_) => Ok(Ask::Fill { values: values(fields) }),
        };
        Some(ask.map(|ask| Request::Run { target, ask }))
    }
}

/// What is sent: which visit, which request, and what was shown of it.
fn sending(run: RunId, metadata: &str) -> Option<Request> {
    let mut parts = metadata.split(':');
    let visit = parts.next()?.parse().ok()?;
    let request = parts.next()?.parse().ok()?;
    let seal = parts.next()?.parse().ok()?;
    Some(Request::Run {
        target: Target::Visit(run, visit),
        ask: Ask::Send { request, seal },
    })
}

/// What was filled in for parameters.
fn values(fields: &BTreeMap<String, String>) -> Values {
    let values = fields.iter().filter_map(|(field, value)| {
        let name = field.strip_prefix(VALUE)?;
        Some((name.to_owned(), value.trim().to_owned()))
    });
    values.filter(|(_, value)| !value.is_empty()).collect()
}

//! The buttons of runs, on the wire: `run:3:7:done` is about run 3 as it stood at visit 7.

use super::Button;
use crate::command::form::run::AboutRun;
use crate::command::reading::Reading;
use crate::domain::Request;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, RunId, RunbookId};
use crate::domain::run::{Ask, Start, Target};
use crate::domain::runbook::Values;

/// What a button on a step's card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnStep {
    /// The step is done.
    Done,
    /// The step before is to be done again.
    Back,
    /// The next gate is confirmed.
    Confirm,
    /// A way is taken.
    Way(usize),
    /// A box is ticked, or no longer.
    Tick(usize, bool),
    /// A request is shown, to be sent.
    Send(usize),
    /// A form is opened.
    Form(AboutRun),
}

/// The forms that a button opens, by their word on the wire.
const FORMS: [(&str, AboutRun); 5] = [
    ("skip", AboutRun::Skip),
    ("block", AboutRun::Block),
    ("assign", AboutRun::Assign),
    ("note", AboutRun::Note),
    ("fill", AboutRun::Fill),
];

impl OnStep {
    fn words(self) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::Back => "back".to_owned(),
            Self::Confirm => "confirm".to_owned(),
            Self::Way(way) => format!("way:{way}"),
            Self::Tick(item, on) => format!("tick:{item}:{}", u8::from(on)),
            Self::Send(request) => format!("send:{request}"),
            Self::Form(about) => {
                let form = FORMS.iter().find(|(_, form)| *form == about);
                form.map_or("note", |(word, _)| *word).to_owned()
            }
        }
    }

    /// Its `action_id` and `value`.
    pub(super) fn encode(self, run: RunId, visit: u64) -> (String, String) {
        let words = self.words();
        (format!("run.{words}"), format!("run:{}:{visit}:{words}", run.0))
    }

    /// What a press on it means.
    pub(super) fn pressed(self, run: RunId, visit: u64) -> Reading {
        let target = Target::Visit(run, visit);
        let ask = match self {
            Self::Form(about) => return Reading::AboutRun(about, target),
            Self::Send(request) => return Reading::AboutRun(AboutRun::Send(request), target),
            Self::Done => Ask::Done,
            Self::Back => Ask::Back,
            Self::Confirm => Ask::Confirm,
            Self::Way(way) => Ask::Decide { way },
            Self::Tick(item, on) => Ask::Tick { item, on },
        };
        Reading::Ask(Request::Run { target, ask })
    }
}

pub(super) fn parse(rest: &str) -> Option<Button> {
    let mut parts = rest.splitn(3, ':');
    let run = RunId(parts.next()?.parse().ok()?);
    let visit = parts.next()?.parse().ok()?;
    let words: Vec<&str> = parts.next()?.split(':').collect();
    let what = match words.as_slice() {
        ["done"] => OnStep::Done,
        ["back"] => OnStep::Back,
        ["confirm"] => OnStep::Confirm,
        ["way", way] => OnStep::Way(way.parse().ok()?),
        ["send", request] => OnStep::Send(request.parse().ok()?),
        ["tick", item, on] => OnStep::Tick(item.parse().ok()?, *on == "1"),
        [word] => OnStep::Form(FORMS.iter().find(|(known, _)| known == word)?.1),
        _ => return None,
    };
    Some(Button::Step { run, visit, what })
}

/// What it is for stands before the runbook: `start:12:…` is for an alert, `start:inc7:…` for an incident.
pub(super) fn encode_start(
    runbook: &RunbookId,
    alert: Option<AlertId>,
    incident: Option<IncidentId>,
) -> (String, String) {
    let alert = alert.map(|alert| alert.0.to_string());
    let incident = incident.map(|incident| format!("inc{}", incident.0));
    let what = incident.or(alert).unwrap_or_default();
    (format!("runbook.start:{runbook}"), format!("start:{what}:{runbook}"))
}

pub(super) fn parse_start(rest: &str) -> Option<Button> {
    let (what, runbook) = rest.split_once(':')?;
    let (alert, incident) = match (what, what.strip_prefix("inc")) {
        ("", _) => (None, None),
        (_, Some(incident)) => (None, Some(IncidentId(incident.parse().ok()?))),
        (alert, None) => (Some(AlertId(alert.parse().ok()?)), None),
    };
    Some(Button::StartRun {
        runbook: RunbookId::new(runbook),
        alert,
        incident,
    })
}

/// A run that begins where what it is for is worked on, or else where the button stands; whoever hears the press knows
/// where that is.
pub(super) fn start(runbook: RunbookId, alert: Option<AlertId>, incident: Option<IncidentId>) -> Reading {
    Reading::Ask(Request::StartRun(Start {
        runbook,
        values: Values::new(),
        practice: false,
        alert,
        incident,
        channel: ChannelId::new(""),
        offered: true,
    }))
}

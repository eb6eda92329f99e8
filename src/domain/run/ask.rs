//! What people can ask of runs, and why it cannot be done.

use chrono::{DateTime, Utc};

use super::{Ended, Line, Seal};
use crate::domain::ids::{AlertId, ChannelId, IncidentId, RunId, RunbookId, UserId};
use crate::domain::runbook::{Forbidden, Parameter, Unfit, Values};

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
    /// The one that goes on for this incident, or else one's own.
    Of(IncidentId),
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
    /// Nothing keeps it from being done any more.
    Unblock,
    /// One of its alerts is raised.
    Page {
        /// Which, from 0.
        page: usize,
        /// How often values had been filled in when it was drawn.
        fills: u64,
    },
    /// Something is to be remembered, said where the thread does not show it.
    Note {
        /// What.
        text: String,
    },
    /// Somebody said something in the thread: the words of a way, a value, or else a note.
    Say {
        /// What.
        text: String,
    },
    /// Somebody said something to us in the thread: the words of a way, or a value.
    Tell {
        /// What.
        text: String,
    },
    /// Somebody else is paged to help with the step.
    Help,
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
        /// What whoever confirmed it was shown, by [`super::Run::seal`].
        seal: Seal,
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
        line: Option<Box<Line>>,
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
    /// Nothing was said for it.
    NoValue {
        /// For what.
        name: String,
    },
    /// It was said to us, and is none of what can be said in the thread of a run.
    NotUnderstood {
        /// Which run.
        id: RunId,
        /// What a way of the current step would be called.
        ways: Vec<String>,
    },
    /// Nobody can be paged for help.
    NobodyToPage {
        /// Which run.
        id: RunId,
    },
    /// Somebody finished the step before a moment ago: whoever asks may have meant that one.
    JustFinished {
        /// Which run.
        id: RunId,
        /// How it was finished.
        line: Box<Line>,
    },
    /// The list is being gone through.
    GoneThrough {
        /// Which run.
        id: RunId,
        /// Whose list.
        name: String,
    },
    /// Somebody has left, or is a program.
    CannotTake {
        /// Who.
        who: UserId,
    },
    /// The step raises no such alert.
    NoSuchPage {
        /// Which run.
        id: RunId,
    },
    /// Nobody has a team of that name.
    NoSuchTeam {
        /// Which run.
        id: RunId,
        /// What it is called.
        team: String,
    },
    /// It was raised already.
    AlreadyPaged {
        /// Which run.
        id: RunId,
        /// As what.
        alert: AlertId,
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

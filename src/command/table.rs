//! The tables of `commands/*.toml`: what can be typed, in one place for the parser, `help`, the README and the manifest.
//!
//! They are embedded and read on first use. A mistake in them is a failing test here, never something that happens to a
//! running bot; so the error that names it is only ever seen by whoever edits a table.

use once_cell::sync::Lazy;
use serde::Deserialize;

use super::pattern::{Match, Pattern};
use super::words::Words;
use crate::domain::roster::Roster;

/// The texts of the tables, in the order of the manifest and the README.
const SOURCES: [&str; 4] = [
    include_str!("../../commands/alert.toml"),
    include_str!("../../commands/oncall.toml"),
    include_str!("../../commands/incident.toml"),
    include_str!("../../commands/runbook.toml"),
];

static COMMANDS: Lazy<Vec<Command>> = Lazy::new(|| {
    let commands: Result<Vec<Command>, toml::de::Error> = SOURCES.into_iter().map(read).collect();
    commands.expect("the embedded tables are read by a test")
});

/// A slash command and everything that can be typed after it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The command with its slash, such as `/alert`.
    pub command: String,
    /// What it is for, in a line.
    pub description: String,
    /// What Slack shows while somebody types it.
    pub hint: String,
    /// What can be typed, in the order in which `help` says it.
    #[serde(rename = "usage")]
    pub usages: Vec<Usage>,
}

/// One thing that can be typed after a command.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// What follows from it.
    pub action: Action,
    /// How it is written.
    pub pattern: Pattern,
    /// Other words for its first word.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How it is written as a reply about one alert.
    #[serde(default)]
    pub thread: Option<Pattern>,
    /// Other ways of writing it that are understood and not shown: how people type it who have not looked it up.
    #[serde(default)]
    pub also: Vec<Pattern>,
    /// What it does, in a line; what can be typed stands in backticks.
    pub does: String,
    /// Lines that can be typed as they stand, without the command.
    pub examples: Vec<String>,
    /// What people who come from elsewhere try first: `help` finds it by these, the parser does not take them.
    #[serde(default)]
    pub words: Vec<String>,
}

/// What a usage leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The raise form.
    Form,
    /// A new alert.
    Raise,
    /// A list of alerts.
    List,
    /// One alert.
    Show,
    /// An acknowledgement.
    Acknowledge,
    /// An acknowledgement of everything that somebody was paged about.
    AcknowledgeAll,
    /// The end of everything that somebody was paged about.
    ResolveAll,
    /// The end of an acknowledgement.
    GiveBack,
    /// A pause.
    Snooze,
    /// The end of an alert.
    Resolve,
    /// The end of its end.
    Reopen,
    /// Somebody else.
    Assign,
    /// The next level.
    Escalate,
    /// A note.
    Note,
    /// A page about nothing.
    Test,
    /// Who is on call.
    OnCall,
    /// A team's shifts.
    Schedule,
    /// One's own shifts.
    Shifts,
    /// A calendar file.
    Calendar,
    /// Being on call oneself.
    Take,
    /// Asking others.
    Cover,
    /// Putting somebody on call.
    Override,
    /// Giving each other a shift.
    Swap,
    /// The end of an override.
    Cancel,
    /// Not being paged for a while.
    Unavailable,
    /// Being paged again.
    Available,
    /// The next level, because there is too much for one.
    Underwater,
    /// What belongs to a shift besides pages.
    Duties,
    /// Something for whoever is on call next.
    HandoffNote,
    /// Why somebody is on call.
    Explain,
    /// What could keep a page from somebody.
    Reachable,
    /// The form that declares an incident.
    DeclareForm,
    /// A new incident.
    Declare,
    /// A list of incidents.
    IncidentList,
    /// One incident.
    IncidentShow,
    /// How far it has come.
    Status,
    /// How bad it is.
    Severity,
    /// Who leads it.
    Lead,
    /// Who does something else.
    Role,
    /// Who does what.
    Roles,
    /// The form for an update.
    UpdateForm,
    /// The form for an update, filled in by a template.
    UpdateWith,
    /// An update.
    Update,
    /// What it is called.
    Title,
    /// The form for its title, whom it touches, what is broken and who answers for it.
    DetailsForm,
    /// The form that puts the last update right.
    EditForm,
    /// An update that is put right.
    Edit,
    /// What readers were told.
    Updates,
    /// A note in an incident's timeline.
    IncidentNote,
    /// Everything that happened.
    Timeline,
    /// An alert that belongs to it.
    Link,
    /// A team that is paged for it.
    Page,
    /// Something that is to be done.
    AddAction,
    /// What is to be done.
    Actions,
    /// What is to be done, in every incident.
    ActionList,
    /// That it is done.
    Done,
    /// A reminder that comes later.
    IncidentSnooze,
    /// A kind of reminder, on or off.
    Remind,
    /// The end of an incident.
    IncidentResolve,
    /// The end of its end.
    IncidentReopen,
    /// That it was none.
    CancelIncident,
    /// That it is the same as another.
    Merge,
    /// All of it, in files.
    Export,
    /// A draft of the analysis.
    Postmortem,
    /// Where the analysis is.
    PostmortemLink,
    /// Why there is none.
    PostmortemDeclined,
    /// A list of analyses.
    Analyses,
    /// To be told.
    Subscribe,
    /// To be told no more.
    Unsubscribe,
    /// Who is told of what.
    Subscriptions,
    /// Runbooks, all or those with some words.
    Runbooks,
    /// One runbook.
    ShowRunbook,
    /// A new run.
    StartRun,
    /// A new run of which nothing is real.
    Practice,
    /// A list of runs.
    Runs,
    /// One run.
    RunStatus,
    /// The end of a step.
    StepDone,
    /// A step left out.
    StepSkip,
    /// A step that cannot be done.
    StepBlock,
    /// A step that can be done after all.
    StepUnblock,
    /// The step before.
    StepBack,
    /// A note about a step.
    StepNote,
    /// Somebody for a step.
    StepAssign,
    /// What a run wants to know.
    RunFill,
    /// A request of a step.
    StepSend,
    /// The end of a run before its end.
    RunStop,
    /// Earlier runs of a runbook.
    RunHistory,
    /// What is wrong with the files.
    RunbookCheck,
    /// What can be typed.
    Help,
}

impl Action {
    /// Whether it is about incidents.
    pub(super) fn is_about_incidents(self) -> bool {
        matches!(
            self,
            Self::DeclareForm
                | Self::Declare
                | Self::IncidentList
                | Self::IncidentShow
                | Self::Status
                | Self::Severity
                | Self::Lead
                | Self::Role
                | Self::Roles
                | Self::UpdateForm
                | Self::UpdateWith
                | Self::Update
                | Self::Title
                | Self::DetailsForm
                | Self::EditForm
                | Self::Edit
                | Self::Updates
                | Self::IncidentNote
                | Self::Timeline
                | Self::Link
                | Self::Page
                | Self::AddAction
                | Self::Actions
                | Self::ActionList
                | Self::Done
                | Self::IncidentSnooze
                | Self::Remind
                | Self::IncidentResolve
                | Self::IncidentReopen
                | Self::CancelIncident
                | Self::Merge
                | Self::Export
                | Self::Postmortem
                | Self::PostmortemLink
                | Self::PostmortemDeclined
                | Self::Analyses
                | Self::Subscribe
                | Self::Unsubscribe
                | Self::Subscriptions
        )
    }

    /// Whether it changes an incident, and hardly anybody says it who does not mean that.
    pub(super) fn is_said_of_incidents(self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::Severity
                | Self::Lead
                | Self::Role
                | Self::UpdateForm
                | Self::Update
                | Self::Link
                | Self::Done
                | Self::IncidentResolve
                | Self::IncidentReopen
                | Self::CancelIncident
                | Self::Merge
                | Self::Subscribe
                | Self::Unsubscribe
        )
    }

    /// Whether it changes something, so that it is worth listening for where people talk to each other.
    pub(super) fn is_a_request(self) -> bool {
        match self {
            Self::Acknowledge
            | Self::GiveBack
            | Self::Snooze
            | Self::Resolve
            | Self::Reopen
            | Self::Escalate
            | Self::Assign
            | Self::Note
            | Self::Raise => true,
            // The others ask before they do anything, or belong to nothing that is talked about; and where an incident is
            // worked on people talk: there only what is addressed to us is for us.
            _ => false,
        }
    }
}

/// Whether a text is one of the tables themselves.
pub fn is_ours(text: &str) -> bool {
    SOURCES.contains(&text)
}

/// All commands.
pub fn commands() -> &'static [Command] {
    &COMMANDS
}

impl Command {
    /// The command of that name, with or without its slash, whatever its case; also as `on-call`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let bare = |name: &str| name.trim_start_matches('/').replace('-', "").to_lowercase();
        commands().iter().find(|command| bare(&command.command) == bare(name))
    }

    /// The usage that leads to `action`.
    pub fn usage(&self, action: Action) -> Option<&Usage> {
        self.usages.iter().find(|usage| usage.action == action)
    }
}

impl Usage {
    /// The first words that lead to it, the usual one first; none when it begins with a blank.
    pub fn first_words(&self) -> impl Iterator<Item = &str> {
        self.pattern
            .first_word()
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
    }

    /// Reads words: as it is written, else in one of the other ways.
    pub(super) fn read(&self, words: Words<'_>, roster: &Roster) -> Match {
        match self.pattern.read(words, roster) {
            Match::Mine(matched) => Match::Mine(matched),
            unfit => {
                let others = self.also.iter().map(|pattern| pattern.read(words, roster));
                let mut fitting = others.filter(|read| matches!(read, Match::Mine(_)));
                fitting.next().unwrap_or(unfit)
            }
        }
    }
}

/// Reads one table.
pub(super) fn read(source: &str) -> Result<Command, toml::de::Error> {
    let mut command: Command = toml::from_str(source)?;
    for usage in &mut command.usages {
        usage.pattern.also_begins_with(&usage.aliases);
        if let Some(thread) = &mut usage.thread {
            thread.also_begins_with(&usage.aliases);
        }
        for pattern in &mut usage.also {
            pattern.also_begins_with(&usage.aliases);
        }
    }
    Ok(command)
}

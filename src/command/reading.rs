//! What was meant, as values: everything that typed words, a reaction, a click or a form can turn into.
//!
//! There are no sentences here. A [`Problem`] carries what its answer needs (the usage, the word, the nearest teams, the
//! draft that must not be lost) and the view finds the words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::form::about::About;
use super::form::incident::Sheet;
use super::form::run::AboutRun;
use super::pattern::Blank;
use super::table::{Command, Usage};
use super::time::NoInstant;
use crate::domain::Request;
use crate::domain::alert::{Alike, Raise};
use crate::domain::ids::{AlertId, ChannelId, IncidentId, MessageRef, RunbookId, TeamId, UserId};
use crate::domain::priority::Priority;
use crate::domain::run::Target;

/// What somebody meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Something is to be done.
    Ask(Request),
    /// Several things are to be done, each answered.
    Several(Vec<Request>),
    /// Something is to be shown; nothing changes.
    Show(Question),
    /// A calendar is to be sent to whoever asks.
    Calendar(Whose),
    /// The raise form is to be opened, filled in as far as it is known. Where no form can be opened (a reply has no
    /// trigger) the answer offers a button that opens it.
    Form(Draft),
    /// A form about an alert is to be opened.
    About(About, AlertId),
    /// A form about incidents is to be opened.
    Sheet(Sheet),
    /// An incident is to be sent to whoever asks, whole; the only open one when none.
    Export(Option<IncidentId>),
    /// A draft of an incident's analysis is to be sent; the only open one's when none.
    Postmortem(Option<IncidentId>),
    /// A message is to be kept in an incident's timeline.
    Keep {
        /// In which; the one whose thread it is in when none.
        incident: Option<IncidentId>,
        /// Which message.
        at: MessageRef,
    },
    /// A form about a run's step is to be opened.
    AboutRun(AboutRun, Target),
    /// It was meant for us and we do not understand it.
    Confused(Misread),
    /// It was not meant for us: stay silent.
    NotForUs,
}

/// What can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A list of alerts.
    Alerts {
        /// Of this team; of all teams when none.
        team: Option<TeamId>,
        /// Which of them.
        which: Which,
        /// Which page of it, counted from 0.
        page: usize,
    },
    /// What would be done to every alert that this person was paged about: asked before it is done.
    Sweep {
        /// What.
        what: Sweep,
        /// Of this team; of all teams when none.
        team: Option<TeamId>,
        /// Who was paged.
        of: UserId,
    },
    /// One alert.
    Alert(AlertId),
    /// A list of incidents.
    Incidents {
        /// Of this team; of all teams when none.
        team: Option<TeamId>,
        /// Which of them.
        which: Which,
    },
    /// One incident; the only open one when none.
    Incident(Option<IncidentId>),
    /// Everything that happened to an incident.
    Timeline(Option<IncidentId>),
    /// Who does what.
    Roles(Option<IncidentId>),
    /// What readers were told, with what it said before it was put right.
    Updates(Option<IncidentId>),
    /// What is to be done in an incident.
    Actions(Option<IncidentId>),
    /// What is to be done in every incident.
    OpenActions {
        /// By this person; by anybody when none.
        of: Option<UserId>,
        /// In incidents of this team; of all teams when none.
        team: Option<TeamId>,
    },
    /// A list of analyses: of this team, or of all teams when none.
    Analyses(Option<TeamId>),
    /// Who is told of what: somebody, and a channel.
    Subscriptions {
        /// Who asks.
        of: UserId,
        /// Where.
        here: ChannelId,
    },
    /// Who is on call: for this team, or for all teams when none.
    OnCall(Option<TeamId>),
    /// What somebody is on call for.
    OnCallOf(UserId),
    /// A team's coming shifts.
    Schedule {
        /// Whose.
        team: TeamId,
        /// How many days of them.
        days: u32,
    },
    /// Somebody's own shifts.
    Shifts(UserId),
    /// What belongs to a shift besides pages.
    Duties {
        /// Of this team; of those the one who asks belongs to when none.
        team: Option<TeamId>,
        /// Who asks.
        by: UserId,
    },
    /// Why somebody is on call.
    Explain {
        /// For which team.
        team: TeamId,
        /// When; now when none.
        at: Option<DateTime<Utc>>,
    },
    /// What could keep a page from somebody: of this team, or of all teams when none.
    Reachable(Option<TeamId>),
    /// Runbooks that have some words; all of them when there are none.
    Runbooks {
        /// Which words.
        words: String,
    },
    /// One runbook.
    Runbook(RunbookId),
    /// Earlier runs of a runbook.
    RunHistory(RunbookId),
    /// What is wrong with the runbook files.
    RunbookMistakes,
    /// A list of runs.
    Runs(RunScope),
    /// One run.
    Run {
        /// Which.
        target: Target,
        /// Who asks.
        by: UserId,
    },
    /// What can be typed.
    Help {
        /// After which command.
        command: &'static Command,
        /// The word that is to be explained; everything when none.
        word: Option<String>,
    },
}

/// Which runs a list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunScope {
    /// Those that go on.
    Open,
    /// Those of them that have to do with this person.
    Of(UserId),
    /// Also those that are over.
    All,
}

/// Whose shifts a calendar has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those of a person, in every team.
    Person(UserId),
    /// Those of a team.
    Team(TeamId),
    /// All there are.
    Everybody,
}

/// What can be done to many alerts at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// Acknowledge them.
    Acknowledge,
    /// Resolve them.
    Resolve,
}

impl Sweep {
    /// The request for one of them.
    pub fn request(self, alert: AlertId) -> Request {
        match self {
            Self::Acknowledge => Request::Acknowledge { alert, lease: None },
            Self::Resolve => Request::Resolve { alert, because: None },
        }
    }
}

/// Which alerts a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Which {
    /// Those that still need somebody.
    #[default]
    Open,
    /// Those of them that have to do with this person: they were paged, have it, or raised it.
    Mine(UserId),
    /// Every one, also those that are over.
    All,
}

/// An alert that somebody is about to raise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The team, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// How urgent it is.
    #[serde(default)]
    pub priority: Priority,
    /// What is wrong, as plain text: never markup, so whoever shows it escapes it.
    pub summary: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Who is to be paged before the team is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<UserId>,
    /// What happens when an open alert says nearly the same.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub alike: Alike,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_usual(alike: &Alike) -> bool {
    *alike == Alike::Ask
}

impl Draft {
    /// The request that raises it for `team`, whatever team the draft named.
    pub fn raise_for(self, team: TeamId) -> Request {
        Request::Raise(Raise {
            team,
            summary: self.summary,
            priority: self.priority,
            service: self.service,
            to: self.to,
            alike: self.alike,
        })
    }
}

/// What was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The slash command it was read as, such as `/alert`.
    pub command: String,
    /// All that was typed, as its author saw it: to be given back.
    pub typed: String,
    /// Why.
    pub problem: Problem,
}

/// Why something was not understood, and what may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No such slash command is ours.
    UnknownCommand,
    /// It reads like something for us, and was said to nobody in particular where people talk.
    Overheard {
        /// Who we are.
        bot: UserId,
    },
    /// It is a shortcut, and none of its ways fits.
    UnfitShortcut {
        /// The ways it can be typed, with the command.
        ways: Vec<String>,
    },
    /// The first word is none of ours.
    UnknownWord {
        /// That word.
        word: String,
        /// The usages that are nearest to it, the best first; never empty.
        nearest: Vec<&'static Usage>,
        /// The same words read as a message that somebody wanted to raise.
        draft: Draft,
    },
    /// A blank was left empty.
    Missing {
        /// The usage it belongs to.
        usage: &'static Usage,
        /// Which.
        blank: Blank,
    },
    /// The word is no alert's id.
    NotAnAlert {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no length of time.
    NotADuration {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is a length of time beyond all that can be asked for.
    TooLong {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The words.
        word: String,
    },
    /// The word is no number of days, or none that can be asked for.
    NotDays {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
        /// The most that can be asked for.
        most: u32,
    },
    /// A message begins with what looks like a priority and is none.
    NotAPriority {
        /// The word.
        word: String,
        /// The message, with its team as far as it is known.
        draft: Draft,
    },
    /// The words are no time.
    NotATime {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The words.
        word: String,
    },
    /// The time on the wall is none, or two.
    NoInstant {
        /// Why.
        why: NoInstant,
    },
    /// The words name nobody.
    NotAPerson {
        /// The usage that wants somebody.
        usage: &'static Usage,
        /// The words.
        word: String,
    },
    /// The word is no run's id.
    NotARun {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The words name no runbook.
    NotARunbook {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The words.
        word: String,
    },
    /// The word is neither an incident's id nor an alert's.
    NotACause {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no override's id.
    NotAnOverride {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no incident's id.
    NotAnIncident {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no severity.
    NotASeverity {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no status.
    NotAStatus {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no role.
    NotARole {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// No template is called so.
    NotATemplate {
        /// The usage that wants one.
        usage: &'static Usage,
        /// What was typed.
        word: String,
    },
    /// The word is no web address.
    NotALink {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is no number.
    NotANumber {
        /// The usage that wants one.
        usage: &'static Usage,
        /// The word.
        word: String,
    },
    /// The word is the id of something that is no alert.
    OtherKind {
        /// The usage that wants an alert.
        usage: &'static Usage,
        /// The word.
        word: String,
        /// What it is the id of.
        kind: OtherKind,
    },
    /// More was typed than the usage takes.
    Surplus {
        /// The usage.
        usage: &'static Usage,
        /// What is left over.
        words: String,
    },
    /// A message without a team.
    NoTeam {
        /// The message.
        draft: Draft,
        /// All teams, the likeliest first: the one whose channel it was typed in.
        nearest: Vec<TeamId>,
    },
    /// No team is called that.
    UnknownTeam {
        /// What was typed for it.
        word: String,
        /// All teams, the nearest by name first.
        nearest: Vec<TeamId>,
        /// How many of them are called nearly that.
        near: usize,
        /// The message that was to be raised; none when only a team was asked for.
        draft: Option<Draft>,
    },
    /// A person where a team is wanted.
    PersonNotTeam {
        /// The person.
        person: UserId,
        /// The teams they belong to; all teams when they belong to none.
        nearest: Vec<TeamId>,
        /// The message that was to be raised; none when only a team was asked for.
        draft: Option<Draft>,
    },
    /// It begins like a usage and does not fit it, but read as a message it is complete.
    LooksLikeMessage {
        /// The usage it begins like; the raising one where nothing was to be raised by accident.
        usage: &'static Usage,
        /// The message, with `team`.
        draft: Draft,
        /// The team it names.
        team: TeamId,
    },
}

/// What an id can belong to that is no alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherKind {
    /// `INC-7`.
    Incident,
    /// `R-3`, a run of a runbook.
    Run,
}

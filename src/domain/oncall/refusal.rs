//! Why something about on-call was not done.

use chrono::{DateTime, Utc};

use super::Answer;
use crate::domain::ids::{AlertId, OverrideId, TeamId, UserId, WatchId};

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such team.
    NoSuchTeam {
        /// Its key.
        team: TeamId,
    },
    /// The team has no rotation of that name, or none at all.
    NoSuchRotation {
        /// Whose.
        team: TeamId,
        /// The name; none when it has no rotation.
        rotation: Option<String>,
    },
    /// There is no such override.
    NoSuchOverride {
        /// The id.
        id: OverrideId,
    },
    /// The person has left, or is a program.
    Unreachable {
        /// Who.
        who: UserId,
    },
    /// It would end before it begins.
    EndsBeforeItBegins {
        /// Its beginning.
        from: DateTime<Utc>,
        /// Its end.
        until: DateTime<Utc>,
    },
    /// It is over already.
    Over {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It is longer than a year.
    TooLong,
    /// Somebody is not on call then.
    NotOnCall {
        /// Who.
        who: UserId,
        /// From then on.
        from: DateTime<Utc>,
        /// Until then; none for a single instant.
        until: Option<DateTime<Utc>>,
        /// When they are next.
        next: Option<DateTime<Utc>>,
    },
    /// Whoever wants to be unavailable has no shift then, so nothing reaches them.
    NoShift {
        /// Until when they looked.
        until: DateTime<Utc>,
        /// When they are on call next.
        next: Option<DateTime<Utc>>,
    },
    /// They are unavailable for all of that time already.
    AlreadyUnavailable {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// They are available already.
    Available,
    /// Whoever is underwater is in several teams.
    WhichTeam {
        /// Which.
        teams: Vec<TeamId>,
        /// What they wrote.
        text: Option<String>,
    },
    /// Whoever is underwater is on call for no team.
    NoShiftNow {
        /// What they wrote.
        text: Option<String>,
    },
    /// Whoever is underwater is not on call for this team.
    NotYourShift {
        /// Which.
        team: TeamId,
        /// What they wrote.
        text: Option<String>,
    },
    /// No level of the team follows in which somebody can be paged.
    NobodyNext {
        /// Which team.
        team: TeamId,
        /// What they wrote.
        text: Option<String>,
    },
    /// They have asked for help already.
    AlreadyUnderwater {
        /// With which alert.
        alert: AlertId,
    },
    /// There is no such duty.
    NoSuchDuty,
    /// The duty was asked for again since, or its shift is over.
    OldDuty {
        /// The rotation's watch.
        of: WatchId,
        /// Whether the shift is over.
        is_over: bool,
    },
    /// The duty is not in the configuration any more.
    DutyGone {
        /// What it said.
        text: String,
    },
    /// The duty is for somebody else to answer.
    NotTheirDuty {
        /// Who has it.
        who: UserId,
    },
    /// Somebody else answered the duty.
    DutyAnswered {
        /// What it says.
        text: String,
        /// Who, when, and how.
        answer: Answer,
    },
    /// There is nobody else in the rotation who could be asked.
    NobodyElse,
    /// It is their own.
    Own,
    /// It is for somebody else to say.
    NotTheirs {
        /// Which.
        id: OverrideId,
        /// Who may.
        who: Vec<UserId>,
    },
    /// Somebody was first.
    AlreadyAgreed {
        /// Which.
        id: OverrideId,
        /// Who.
        by: Option<UserId>,
    },
    /// It is off.
    Off {
        /// Which.
        id: OverrideId,
    },
    /// Guests of the workspace may not.
    Guest,
}

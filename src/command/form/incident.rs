//! The forms about incidents: declaring one, and what needs fields. An incident's number travels in the form's
//! `private_metadata`; when a new one is declared, the alert it comes from does.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{FieldProblem, typed};
use crate::domain::Request;
use crate::domain::alert::Refusal as Refused;
use crate::domain::ids::{AlertId, IncidentId, TeamId, UserId};
use crate::domain::incident::{Aftermath, Ask, Declaration, Details, Refusal, Rest, Scope, Severity, Status, Words};
use crate::domain::roster::Roster;

/// The `callback_id` of the message shortcut that declares an incident.
pub const SHORTCUT: &str = "declare_incident_from_message";
/// The `callback_id` of the message shortcut that keeps a message in an incident's timeline.
pub const KEEP: &str = "keep_in_timeline";

/// A form that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    /// To declare an incident.
    Declare(Box<Declaration>),
    /// To tell readers something, with the words of a template; of the only open one when none.
    Update(Option<IncidentId>, Option<String>),
    /// To put right what they were told: in this update, counted from 1, or in the last.
    Edit(Option<IncidentId>, Option<usize>),
    /// To describe it in other words.
    Details(Option<IncidentId>),
    /// To say how far it has come.
    Status(Option<IncidentId>),
    /// To say how bad it is.
    Severity(Option<IncidentId>),
    /// To give somebody a role.
    Role(Option<IncidentId>),
    /// To write something down.
    Note(Option<IncidentId>),
    /// To remember something that is to be done.
    Act(Option<IncidentId>),
    /// To page a team.
    Page(Option<IncidentId>),
    /// To end it.
    Resolve(Option<IncidentId>),
}

/// A kind of form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// See [`Sheet::Declare`].
    Declare,
    /// See [`Sheet::Update`].
    Update,
    /// See [`Sheet::Edit`].
    Edit,
    /// See [`Sheet::Details`].
    Details,
    /// See [`Sheet::Status`].
    Status,
    /// See [`Sheet::Severity`].
    Severity,
    /// See [`Sheet::Role`].
    Role,
    /// See [`Sheet::Note`].
    Note,
    /// See [`Sheet::Act`].
    Act,
    /// See [`Sheet::Page`].
    Page,
    /// See [`Sheet::Resolve`].
    Resolve,
}

/// The field for a title.
pub const TITLE: &str = "title";
/// The field for a severity.
pub const SEVERITY: &str = "severity";
/// The field for whom it touches.
pub const SCOPE: &str = "scope";
/// The field for what is broken, as services.
pub const SERVICES: &str = "services";
/// The field for a team.
pub const TEAM: &str = "team";
/// The field for a status.
pub const STATUS: &str = "status";
/// The field for a role.
pub const ROLE: &str = "role";
/// The field for a person.
pub const PERSON: &str = "person";
/// The field for any text.
pub const TEXT: &str = "text";
/// The field for when something is due.
pub const DUE: &str = "due";
/// The fields of an update.
pub const PARTS: [&str; 5] = ["broken", "affected", "workaround", "next", "upstream"];
/// The menu of templates.
pub const TEMPLATE: &str = "template";
/// The menu of updates that can be put right.
pub const WHICH: &str = "which";
/// The field for what it took.
pub const AFTERMATH: &str = "aftermath";
/// The choices of what it took.
pub const TOOK: [&str; 3] = ["rollback", "hotfix", "external"];
/// The most characters that may be typed into a text, and into a title.
pub const LONGEST: usize = 3000;
/// See [`LONGEST`].
pub const LONGEST_TITLE: usize = 500;
/// The most characters of services.
pub const LONGEST_SERVICES: usize = 300;

impl Sheet {
    /// To declare an incident.
    pub fn declare(draft: Declaration) -> Self {
        Self::Declare(Box::new(draft))
    }

    /// A form of that kind about an incident; none for declaring, which is about none.
    pub fn about(kind: Kind, id: Option<IncidentId>) -> Option<Self> {
        Some(match kind {
            Kind::Declare => return None,
            Kind::Update => Self::Update(id, None),
            Kind::Edit => Self::Edit(id, None),
            Kind::Details => Self::Details(id),
            Kind::Status => Self::Status(id),
            Kind::Severity => Self::Severity(id),
            Kind::Role => Self::Role(id),
            Kind::Note => Self::Note(id),
            Kind::Act => Self::Act(id),
            Kind::Page => Self::Page(id),
            Kind::Resolve => Self::Resolve(id),
        })
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Declare(_) => Kind::Declare,
            Self::Update(..) => Kind::Update,
            Self::Edit(..) => Kind::Edit,
            Self::Details(_) => Kind::Details,
            Self::Status(_) => Kind::Status,
            Self::Severity(_) => Kind::Severity,
            Self::Role(_) => Kind::Role,
            Self::Note(_) => Kind::Note,
            Self::Act(_) => Kind::Act,
            Self::Page(_) => Kind::Page,
            Self::Resolve(_) => Kind::Resolve,
        }
    }

    /// The incident it is about, where one was named.
    pub fn incident(&self) -> Option<IncidentId> {
        match self {
            Self::Declare(_) => None,
            Self::Update(id, _)
            | Self::Edit(id, _)
            | Self::Details(id)
            | Self::Status(id)
            | Self::Severity(id)
            | Self::Role(id)
            | Self::Note(id)
            | Self::Act(id)
            | Self::Page(id)
            | Self::Resolve(id) => *id,
        }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Declare,
        Self::Update,
        Self::Edit,
        Self::Details,
        Self::Status,
        Self::Severity,
        Self::Role,
        Self::Note,
        Self::Act,
        Self::Page,
        Self::Resolve,
    ];

    /// A word for it: part of its `callback_id`, and of the buttons that open it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Declare => "declare",
            Self::Update => "update",
            Self::Edit => "edit",
            Self::Details => "details",
            Self::Status => "status",
            Self::Severity => "severity",
            Self::Role => "role",
            Self::Note => "note",
            Self::Act => "action",
            Self::Page => "page",
            Self::Resolve => "resolve",
        }
    }

    /// The kind of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The form's `callback_id`.
    pub fn callback(self) -> String {
        format!("incident_{}", self.word())
    }

    /// The form of that `callback_id`.
    pub fn called(callback: &str) -> Option<Self> {
        Self::named(callback.strip_prefix("incident_")?)
    }

    /// The field that a refusal is about.
    pub fn field_of(self, refusal: &Refused) -> &'static str {
        let refusal = match refusal {
            Refused::Incident(refusal) => Some(refusal),
            _ => None,
        };
        match self {
            Self::Declare | Self::Details if matches!(refusal, Some(Refusal::NoSuchTeam { .. })) => TEAM,
            Self::Declare | Self::Details => TITLE,
            Self::Update | Self::Edit => PARTS[0],
            Self::Status if matches!(refusal, Some(Refusal::NoteMissing { .. })) => TEXT,
            Self::Status => STATUS,
            Self::Severity => SEVERITY,
            Self::Role if matches!(refusal, Some(Refusal::NoSuchRole { .. })) => ROLE,
            Self::Role => PERSON,
            Self::Act if matches!(refusal, Some(Refusal::Unreachable { .. })) => PERSON,
            Self::Act if matches!(refusal, Some(Refusal::DuePast { .. })) => DUE,
            Self::Note | Self::Act | Self::Resolve => TEXT,
            Self::Page => TEAM,
        }
    }

    /// Reads a submission.
    ///
    /// # Errors
    /// Every problem at once, by the `block_id` of its field.
    pub fn read(
        self,
        metadata: &str,
        fields: &BTreeMap<String, String>,
        roster: &Roster,
    ) -> Result<Request, BTreeMap<String, FieldProblem>> {
        let (id, number) = metadata.split_once('/').unwrap_or((metadata, ""));
        let mut reader = Reader {
            fields,
            number: number.parse().ok(),
            problems: BTreeMap::new(),
        };
        let id = id.parse().ok();
        let request = if self == Self::Declare {
            Request::Declare(reader.declaration(id.map(AlertId), roster))
        } else {
            let ask = reader.ask(self, roster);
            Request::Incident {
                id: id.map(IncidentId),
                ask,
            }
        };
        if reader.problems.is_empty() {
            Ok(request)
        } else {
            Err(reader.problems)
        }
    }
}

/// Reads what was picked in a form that fills in the rest of it: which form it is from now on, and what stands in its
/// fields so far; none where a pick waits for the submission.
pub fn picked(
    callback: &str,
    metadata: &str,
    menu: &str,
    value: &str,
    fields: &BTreeMap<String, String>,
) -> Option<(Sheet, Words)> {
    let id = metadata
        .split('/')
        .next()
        .and_then(|id| id.parse().ok())
        .map(IncidentId)?;
    let sheet = match (Kind::called(callback)?, menu) {
        (Kind::Update, TEMPLATE) => Sheet::Update(Some(id), Some(value.to_owned())),
        (Kind::Edit, WHICH) => Sheet::Edit(Some(id), Some(value.parse().ok()?)),
        _ => return None,
    };
    let [broken, affected, workaround, next, upstream] = PARTS.map(|part| typed(fields, part));
    let so_far = Words {
        text: None,
        broken,
        affected,
        workaround,
        next,
        upstream,
    };
    Some((sheet, so_far))
}

struct Reader<'f> {
    fields: &'f BTreeMap<String, String>,
    /// The update that the form was opened for.
    number: Option<usize>,
    problems: BTreeMap<String, FieldProblem>,
}

impl Reader<'_> {
    fn declaration(&mut self, alert: Option<AlertId>, roster: &Roster) -> Declaration {
        let title = self.needed(TITLE, LONGEST_TITLE);
        let Rest { scope, services, team } = self.rest(roster);
        Declaration {
            title,
            severity: self.severity(),
            scope,
            services,
            team,
            alert,
        }
    }

    /// What is said of an incident besides its title.
    fn rest(&mut self, roster: &Roster) -> Rest {
        let services = self.text(SERVICES, LONGEST_SERVICES).unwrap_or_default();
        let scope = typed(self.fields, SCOPE);
        Rest {
            scope: Scope::ALL
                .into_iter()
                .find(|known| scope.as_deref() == Some(known.word())),
            services: services.split(',').map(|service| service.trim().to_owned()).collect(),
            team: self.team(roster),
        }
    }

    fn ask(&mut self, kind: Kind, roster: &Roster) -> Ask {
        match kind {
            // Its own way: it is about no incident yet.
            Kind::Declare | Kind::Note => Ask::Note(self.needed(TEXT, LONGEST)),
            Kind::Update => Ask::Update(self.words()),
            Kind::Edit => Ask::EditUpdate {
                number: typed(self.fields, WHICH)
                    .and_then(|number| number.parse().ok())
                    .or(self.number),
                words: self.words(),
            },
            Kind::Details => Ask::Describe(Details {
                title: Some(self.needed(TITLE, LONGEST_TITLE)),
                rest: Some(self.rest(roster)),
            }),
            Kind::Status => Ask::Status {
                to: self
                    .chosen(STATUS)
                    .and_then(|word| word.parse().ok())
                    .unwrap_or(Status::Investigating),
                note: self.text(TEXT, LONGEST),
            },
            Kind::Severity => Ask::Severity {
                to: self.severity(),
                because: self.text(TEXT, LONGEST),
            },
            Kind::Role => Ask::Role {
                role: self.chosen(ROLE).unwrap_or_default(),
                who: UserId::new(self.chosen(PERSON).unwrap_or_default()),
            },
            Kind::Act => Ask::Act {
                text: self.needed(TEXT, LONGEST),
                owner: typed(self.fields, PERSON).map(UserId::new),
                due: self.moment(DUE),
            },
            Kind::Page => {
                let team = self.team(roster);
                if team.is_none() && !self.problems.contains_key(TEAM) {
                    self.problem(TEAM, FieldProblem::Missing);
                }
                Ask::Page {
                    team: team.unwrap_or_else(|| TeamId::new("")),
                    message: self.text(TEXT, LONGEST),
                }
            }
            Kind::Resolve => {
                let took = typed(self.fields, AFTERMATH).unwrap_or_default();
                let has = |word: &str| took.split(',').any(|chosen| chosen == word);
                Ask::Resolve {
                    summary: self.text(TEXT, LONGEST),
                    aftermath: Aftermath {
                        rollback: has(TOOK[0]),
                        hotfix: has(TOOK[1]),
                        external: has(TOOK[2]),
                    },
                }
            }
        }
    }

    fn words(&mut self) -> Words {
        let [broken, affected, workaround, next, upstream] = PARTS.map(|part| self.text(part, LONGEST));
        let words = Words {
            text: None,
            broken,
            affected,
            workaround,
            next,
            upstream,
        };
        if words.is_empty() {
            self.problem(PARTS[0], FieldProblem::Missing);
        }
        words
    }

    fn severity(&mut self) -> Severity {
        let chosen = self.chosen(SEVERITY);
        chosen.and_then(|word| word.parse().ok()).unwrap_or_default()
    }

    fn team(&mut self, roster: &Roster) -> Option<TeamId> {
        let team = typed(self.fields, TEAM).map(TeamId::new)?;
        if roster.teams.contains_key(&team) {
            return Some(team);
        }
        self.problem(TEAM, FieldProblem::UnknownTeam);
        None
    }

    /// An instant that was picked, in seconds since 1970.
    fn moment(&self, field: &str) -> Option<DateTime<Utc>> {
        let seconds = typed(self.fields, field)?.parse().ok()?;
        DateTime::from_timestamp(seconds, 0)
    }

    fn chosen(&mut self, field: &str) -> Option<String> {
        let chosen = typed(self.fields, field);
        if chosen.is_none() {
            self.problem(field, FieldProblem::Missing);
        }
        chosen
    }

    fn needed(&mut self, field: &str, limit: usize) -> String {
        let text = self.text(field, limit);
        if text.is_none() && !self.problems.contains_key(field) {
            self.problem(field, FieldProblem::Missing);
        }
        text.unwrap_or_default()
    }

    fn text(&mut self, field: &str, limit: usize) -> Option<String> {
        let text = typed(self.fields, field)?;
        if text.chars().count() > limit {
            self.problem(field, FieldProblem::TooLong { limit });
            return None;
        }
        Some(text)
    }

    fn problem(&mut self, field: &str, problem: FieldProblem) {
        self.problems.insert(field.to_owned(), problem);
    }
}

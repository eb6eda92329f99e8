//! Buttons: what a press means, and how that travels through Slack and back.
//!
//! A button carries our ids and how much of the timeline its card showed, such as `alert:17:ack:4`, so that a press on an
//! old card can be recognised. Buttons that raise something carry the whole draft, so that a press needs no memory of
//! ours. What comes back is outside input: whatever [`Button::encode`] did not write is no button.

mod incident;
mod run;

pub use incident::{Carrying, Press};
pub use run::OnStep;

use super::form::about::About;
use super::form::incident::{Kind, Sheet};
use super::reading::{Draft, Question, Reading, Sweep, Which};
use crate::domain::Request;
use crate::domain::ids::{AlertId, ChannelId, IncidentId, OverrideId, RunId, RunbookId, TeamId, UserId, WatchId};
use crate::domain::incident::{Ask as OfIncident, Declaration, Recipient, Topic, Wish};
use crate::domain::oncall::{Ask, How, TaskRef};

/// The longest `value` that Block Kit takes; counted as UTF-16, the strictest way to count characters.
const LONGEST_VALUE: usize = 2000;
/// How the `action_id` of a menu begins.
pub const MENU: &str = "menu";
/// The longest `value` of an option of a menu.
const LONGEST_OPTION: usize = 150;
/// The longest `action_id` that Block Kit takes.
const LONGEST_ACTION: usize = 255;

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Button {
    /// Acknowledges an alert.
    Acknowledge {
        /// Which.
        alert: AlertId,
        /// How many moments the card showed it stands on.
        drawn_for: u64,
    },
    /// No longer takes care of an alert.
    GiveBack {
        /// Which.
        alert: AlertId,
        /// How many moments the card showed it stands on.
        drawn_for: u64,
    },
    /// Goes on with an alert that was over.
    Reopen {
        /// Which.
        alert: AlertId,
        /// How many moments the card showed it stands on.
        drawn_for: u64,
    },
    /// Resolves an alert.
    Resolve {
        /// Which.
        alert: AlertId,
        /// How many moments the card showed it stands on.
        drawn_for: u64,
    },
    /// Pages the next level of an alert.
    Escalate {
        /// Which.
        alert: AlertId,
        /// How many moments the card showed it stands on.
        drawn_for: u64,
    },
    /// Opens a form about an alert.
    About {
        /// Which alert.
        alert: AlertId,
        /// Which form.
        about: About,
    },
    /// Says the same as an open alert.
    Join {
        /// The open alert.
        alert: AlertId,
        /// What was to be raised.
        draft: Draft,
    },
    /// Takes a cover, or agrees to a swap.
    Agree {
        /// Which.
        of: OverrideId,
    },
    /// Gives a cover back, or declines a swap.
    Decline {
        /// Which.
        of: OverrideId,
    },
    /// Pages the next level of a team, because there is too much for one.
    Underwater {
        /// Which team.
        team: TeamId,
        /// What for.
        text: Option<String>,
    },
    /// Says what became of a duty.
    Duty {
        /// Which.
        task: TaskRef,
        /// What.
        how: How,
    },
    /// Says that somebody who was unavailable no longer is.
    Available {
        /// By which override they were.
        of: OverrideId,
    },
    /// Shows an alert.
    Show {
        /// Which.
        alert: AlertId,
    },
    /// Raises a draft for a team.
    Raise {
        /// The team.
        team: TeamId,
        /// The draft; the team it names itself does not count.
        draft: Draft,
    },
    /// Shows a page of a list.
    List {
        /// Of this team; of all teams when none.
        team: Option<TeamId>,
        /// Which of them.
        which: Which,
        /// Which page, counted from 0.
        page: usize,
    },
    /// Does something to many alerts, after somebody was asked.
    Sweep {
        /// What.
        what: Sweep,
        /// To which; never none.
        alerts: Vec<AlertId>,
    },
    /// Opens the form that declares an incident.
    Declare {
        /// The alert it comes from.
        alert: Option<AlertId>,
        /// What it is called so far.
        title: String,
    },
    /// Opens a form about an incident.
    Sheet {
        /// Which incident.
        incident: IncidentId,
        /// Which form.
        kind: Kind,
    },
    /// Opens the form for an update, filled in by a template.
    UpdateWith {
        /// Of which incident.
        incident: IncidentId,
        /// Which template.
        template: String,
    },
    /// Opens the form that puts an update right.
    EditUpdate {
        /// Of which incident.
        incident: IncidentId,
        /// Which, counted from 1.
        number: usize,
    },
    /// Does something about an incident at once.
    Incident {
        /// Which.
        incident: IncidentId,
        /// What.
        press: Press,
    },
    /// Says that an action is done.
    Did {
        /// In which incident.
        incident: IncidentId,
        /// Which, counted from 1.
        number: usize,
    },
    /// Does something about incidents that takes more than which one.
    Carrying(Carrying),
    /// Ends a channel's subscription to an incident.
    Unsubscribe {
        /// Which incident.
        incident: IncidentId,
        /// Which channel.
        channel: ChannelId,
    },
    /// Does something with a run's step.
    Step {
        /// Which run.
        run: RunId,
        /// The visit its card was drawn for.
        visit: u64,
        /// What.
        what: OnStep,
    },
    /// Starts a runbook where the button stands.
    StartRun {
        /// Which.
        runbook: RunbookId,
        /// The alert it is for.
        alert: Option<AlertId>,
        /// The incident it is for.
        incident: Option<IncidentId>,
    },
    /// Opens the raise form.
    OpenForm {
        /// What it is filled in with.
        draft: Draft,
    },
}

/// A button on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Its `action_id`, different for every two buttons that can stand in one block.
    pub action: String,
    /// Its `value`.
    pub value: String,
}

impl Encoded {
    /// Whether Slack accepts it. A button that does not fit is left out and the text is repeated instead.
    pub fn fits(&self) -> bool {
        self.value.encode_utf16().count() <= LONGEST_VALUE && self.action.encode_utf16().count() <= LONGEST_ACTION
    }
}

impl Button {
    /// How it is written into a message.
    pub fn encode(&self) -> Encoded {
        let (action, value) = match self {
            Self::Acknowledge { alert, drawn_for } => (
                format!("alert.ack:{}", alert.0),
                format!("alert:{}:ack:{drawn_for}", alert.0),
            ),
            Self::Resolve { alert, drawn_for } => (
                format!("alert.resolve:{}", alert.0),
                format!("alert:{}:resolve:{drawn_for}", alert.0),
            ),
            Self::GiveBack { alert, drawn_for } => (
                format!("alert.unack:{}", alert.0),
                format!("alert:{}:unack:{drawn_for}", alert.0),
            ),
            Self::Reopen { alert, drawn_for } => (
                format!("alert.reopen:{}", alert.0),
                format!("alert:{}:reopen:{drawn_for}", alert.0),
            ),
            Self::Escalate { alert, drawn_for } => (
                format!("alert.escalate:{}", alert.0),
                format!("alert:{}:escalate:{drawn_for}", alert.0),
            ),
            Self::About { alert, about } => {
                let form = match about {
                    About::Snooze => "snooze",
                    About::Assign => "assign",
                    About::Note => "note",
                };
                (format!("alert.{form}:{}", alert.0), format!("alert:{}:{form}", alert.0))
            }
            Self::Join { alert, draft } => (
                format!("alert.join:{}", alert.0),
                format!("join:{}", json(&(alert, draft))),
            ),
            Self::Agree { of } => (format!("oncall.agree:{}", of.0), format!("oncall:{}:agree", of.0)),
            Self::Decline { of } => (format!("oncall.decline:{}", of.0), format!("oncall:{}:decline", of.0)),
            Self::Underwater { team, text } => (
                format!("oncall.underwater:{team}"),
                format!("underwater:{}", json(&(team, text))),
            ),
            Self::Duty { task, how } => {
                let how = match how {
                    How::Done => "done",
                    How::NotToday => "not-today",
                };
                let TaskRef { of, round, task } = task;
                (
                    format!("oncall.duty:{}:{task}:{how}", of.0),
                    format!("duty:{}:{round}:{task}:{how}", of.0),
                )
            }
            Self::Available { of } => (
                format!("oncall.available:{}", of.0),
                format!("oncall:{}:available", of.0),
            ),
            Self::Show { alert } => (format!("alert.show:{}", alert.0), format!("alert:{}:show", alert.0)),
            Self::Raise { team, draft } => {
                let to = draft.to.as_ref().map(|user| format!(":{user}")).unwrap_or_default();
                (
                    format!("alert.raise:{team}{to}"),
                    format!("raise:{}", json(&(team, draft))),
                )
            }
            Self::Sweep { what, alerts } => {
                let what = match what {
                    Sweep::Acknowledge => "ack",
                    Sweep::Resolve => "resolve",
                };
                let ids: Vec<String> = alerts.iter().map(|alert| alert.0.to_string()).collect();
                (format!("alert.sweep:{what}"), format!("sweep:{what}:{}", ids.join(",")))
            }
            Self::List { team, which, page } => {
                let which = match which {
                    Which::Open => "open".to_owned(),
                    Which::All => "all".to_owned(),
                    Which::Mine(user) => format!("mine={user}"),
                };
                let team = team.as_ref().map(|team| format!(":{team}")).unwrap_or_default();
                (format!("alert.list:{page}"), format!("list:{which}:{page}{team}"))
            }
            Self::Declare { alert, title } => (
                "incident.declare".to_owned(),
                format!("declare:{}", json(&(alert, title))),
            ),
            Self::Sheet { incident, kind } => (
                format!("incident.{}:{}", kind.word(), incident.0),
                format!("incident:{}:form:{}", incident.0, kind.word()),
            ),
            Self::UpdateWith { incident, template } => (
                format!("incident.with:{}", incident.0),
                format!("incident:{}:with:{template}", incident.0),
            ),
            Self::EditUpdate { incident, number } => (
                format!("incident.edit:{}:{number}", incident.0),
                format!("incident:{}:edit:{number}", incident.0),
            ),
            Self::Incident { incident, press } => (
                format!("incident.{}.now:{}", press.word(), incident.0),
                format!("incident:{}:{}", incident.0, press.word()),
            ),
            Self::Did { incident, number } => (
                format!("incident.did:{}:{number}", incident.0),
                format!("incident:{}:did:{number}", incident.0),
            ),
            Self::Carrying(what) => (what.action(), format!("{}:{}", Carrying::FAMILY, json(what))),
            Self::Unsubscribe { incident, channel } => (
                format!("incident.unsubscribe:{}", incident.0),
                format!("incident:{}:unsubscribe:{channel}", incident.0),
            ),
            Self::Step { run, visit, what } => what.encode(*run, *visit),
            Self::StartRun {
                runbook,
                alert,
                incident,
            } => run::encode_start(runbook, *alert, *incident),
            Self::OpenForm { draft } => ("alert.form".to_owned(), format!("form:{}", json(draft))),
        };
        Encoded { action, value }
    }

    /// Whether Slack accepts it.
    pub fn fits(&self) -> bool {
        self.encode().fits()
    }

    /// Its `value` in a menu; none when it is too long for one.
    pub fn in_menu(&self) -> Option<String> {
        Some(self.encode().value).filter(|value| value.encode_utf16().count() <= LONGEST_OPTION)
    }

    /// Reads a press; none when it is no button of ours.
    pub fn parse(action: &str, value: &str) -> Option<Self> {
        let (family, rest) = value.split_once(':')?;
        let button = match family {
            "alert" => Self::parse_alert(rest),
            "oncall" => Self::parse_oncall(rest),
            "underwater" => serde_json::from_str(rest)
                .ok()
                .map(|(team, text)| Self::Underwater { team, text }),
            "duty" => Self::parse_duty(rest),
            "incident" => Self::parse_incident(rest),
            "declare" => serde_json::from_str(rest)
                .ok()
                .map(|(alert, title)| Self::Declare { alert, title }),
            Carrying::FAMILY => serde_json::from_str(rest).ok().map(Self::Carrying),
            "run" => run::parse(rest),
            "start" => run::parse_start(rest),
            "list" => Self::parse_list(rest),
            "sweep" => Self::parse_sweep(rest),
            "raise" => serde_json::from_str(rest)
                .ok()
                .map(|(team, draft)| Self::Raise { team, draft }),
            "join" => serde_json::from_str(rest)
                .ok()
                .map(|(alert, draft)| Self::Join { alert, draft }),
            "form" => serde_json::from_str(rest).ok().map(|draft| Self::OpenForm { draft }),
            _ => None,
        }?;
        // In a menu, the name belongs to the menu and not to what was picked.
        (action.starts_with(MENU) || button.encode().action == action).then_some(button)
    }

    fn parse_alert(rest: &str) -> Option<Self> {
        let parts: Vec<&str> = rest.split(':').collect();
        let alert = AlertId(parts.first()?.parse().ok()?);
        match parts[1..] {
            ["show"] => Some(Self::Show { alert }),
            ["snooze"] => Some(Self::About {
                alert,
                about: About::Snooze,
            }),
            ["assign"] => Some(Self::About {
                alert,
                about: About::Assign,
            }),
            ["note"] => Some(Self::About {
                alert,
                about: About::Note,
            }),
            [verb, drawn_for] => {
                let drawn_for = drawn_for.parse().ok()?;
                match verb {
                    "ack" => Some(Self::Acknowledge { alert, drawn_for }),
                    "unack" => Some(Self::GiveBack { alert, drawn_for }),
                    "reopen" => Some(Self::Reopen { alert, drawn_for }),
                    "resolve" => Some(Self::Resolve { alert, drawn_for }),
                    "escalate" => Some(Self::Escalate { alert, drawn_for }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn parse_oncall(rest: &str) -> Option<Self> {
        let (id, verb) = rest.split_once(':')?;
        let of = OverrideId(id.parse().ok()?);
        match verb {
            "agree" => Some(Self::Agree { of }),
            "decline" => Some(Self::Decline { of }),
            "available" => Some(Self::Available { of }),
            _ => None,
        }
    }

    fn parse_duty(rest: &str) -> Option<Self> {
        let parts: Vec<&str> = rest.split(':').collect();
        let [of, round, task, how] = parts[..] else { return None };
        let task = TaskRef {
            of: WatchId(of.parse().ok()?),
            round: round.parse().ok()?,
            task: task.parse().ok()?,
        };
        let how = match how {
            "done" => How::Done,
            "not-today" => How::NotToday,
            _ => return None,
        };
        Some(Self::Duty { task, how })
    }

    fn parse_incident(rest: &str) -> Option<Self> {
        let parts: Vec<&str> = rest.split(':').collect();
        let incident = IncidentId(parts.first()?.parse().ok()?);
        match parts[1..] {
            ["form", kind] => {
                let kind = Kind::named(kind).filter(|kind| *kind != Kind::Declare)?;
                Some(Self::Sheet { incident, kind })
            }
            ["with", ..] => Some(Self::UpdateWith {
                incident,
                template: rest.splitn(3, ':').nth(2)?.to_owned(),
            }),
            ["edit", number] => Some(Self::EditUpdate {
                incident,
                number: number.parse().ok()?,
            }),
            ["did", number] => Some(Self::Did {
                incident,
                number: number.parse().ok()?,
            }),
            ["unsubscribe", channel] => Some(Self::Unsubscribe {
                incident,
                channel: ChannelId::new(channel),
            }),
            [word] => {
                let press = Press::ALL.into_iter().find(|press| press.word() == word)?;
                Some(Self::Incident { incident, press })
            }
            _ => None,
        }
    }

    fn parse_sweep(rest: &str) -> Option<Self> {
        let (what, ids) = rest.split_once(':')?;
        let what = match what {
            "ack" => Sweep::Acknowledge,
            "resolve" => Sweep::Resolve,
            _ => return None,
        };
        let alerts: Result<Vec<AlertId>, _> = ids.split(',').map(|id| id.parse().map(AlertId)).collect();
        Some(Self::Sweep {
            what,
            alerts: alerts.ok()?,
        })
    }

    fn parse_list(rest: &str) -> Option<Self> {
        let mut parts = rest.splitn(3, ':');
        let which = match parts.next()? {
            "open" => Which::Open,
            "all" => Which::All,
            mine => Which::Mine(UserId::new(mine.strip_prefix("mine=")?)),
        };
        let page = parts.next()?.parse().ok()?;
        let team = parts.next().map(TeamId::new);
        Some(Self::List { team, which, page })
    }

    /// What a press on it means.
    pub fn pressed(self) -> Reading {
        match self {
            Self::Acknowledge { alert, drawn_for: _ } => Reading::Ask(Request::Acknowledge { alert, lease: None }),
            Self::GiveBack { alert, drawn_for: _ } => Reading::Ask(Request::GiveBack { alert }),
            Self::Reopen { alert, drawn_for: _ } => Reading::Ask(Request::Reopen { alert }),
            Self::Resolve { alert, drawn_for: _ } => Reading::Ask(Request::Resolve { alert, because: None }),
            Self::Escalate { alert, drawn_for } => Reading::Ask(Request::Escalate {
                alert,
                drawn_for: Some(drawn_for),
            }),
            Self::About { alert, about } => Reading::About(about, alert),
            Self::Join { alert, draft } => Reading::Ask(Request::Join {
                alert,
                text: draft.summary,
            }),
            Self::Agree { of } => Reading::Ask(Request::OnCall(Ask::Agree(of))),
            Self::Decline { of } => Reading::Ask(Request::OnCall(Ask::Decline(of))),
            Self::Underwater { team, text } => Reading::Ask(Request::Underwater { team: Some(team), text }),
            Self::Duty { task, how } => Reading::Ask(Request::Duty { task, how }),
            Self::Available { of } => Reading::Ask(Request::OnCall(Ask::Cancel(of))),
            Self::Step { run, visit, what } => what.pressed(run, visit),
            Self::StartRun {
                runbook,
                alert,
                incident,
            } => run::start(runbook, alert, incident),
            Self::Show { alert } => Reading::Show(Question::Alert(alert)),
            Self::Raise { team, draft } => Reading::Ask(draft.raise_for(team)),
            Self::List { team, which, page } => Reading::Show(Question::Alerts { team, which, page }),
            Self::Sweep { what, alerts } => {
                Reading::Several(alerts.into_iter().map(|alert| what.request(alert)).collect())
            }
            Self::Declare { alert, title } => Reading::Sheet(Sheet::declare(Declaration {
                title,
                alert,
                ..Declaration::default()
            })),
            Self::Sheet { incident, kind } => {
                Sheet::about(kind, Some(incident)).map_or(Reading::NotForUs, Reading::Sheet)
            }
            Self::UpdateWith { incident, template } => Reading::Sheet(Sheet::Update(Some(incident), Some(template))),
            Self::EditUpdate { incident, number } => Reading::Sheet(Sheet::Edit(Some(incident), Some(number))),
            Self::Incident { incident, press } => press.reading(incident),
            Self::Did { incident, number } => Reading::Ask(Request::Incident {
                id: Some(incident),
                ask: OfIncident::Did(number),
            }),
            Self::Carrying(what) => what.reading(),
            Self::Unsubscribe { incident, channel } => Reading::Ask(Request::Subscription(Wish::Unsubscribe {
                who: Some(Recipient::Channel(channel)),
                to: Some(Topic::Incident(incident)),
            })),
            Self::OpenForm { draft } => Reading::Form(draft),
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("strings and enums always become JSON")
}

#[cfg(test)]
mod tests;

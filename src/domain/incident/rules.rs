//! How incidents are dealt with here: what the configuration says of them.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Severity, Subscription, Template};
use crate::domain::ids::ChannelId;
use crate::domain::roster::fold;

/// The roles every workspace has.
pub const LEAD: &str = "lead";
/// Who tells readers what is going on.
pub const COMMUNICATIONS: &str = "communications";
/// Who writes everything down.
pub const SCRIBE: &str = "scribe";

/// What the configuration says of incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Where what goes on is shown: the channel's id, or the name that the workspace does not know. The fallback channel
    /// when none.
    pub channel: Option<Result<ChannelId, String>>,
    /// Which severities get a channel of their own.
    pub rooms: Vec<Severity>,
    /// Roles beside those every workspace has.
    pub roles: Vec<String>,
    /// When people are reminded.
    pub cadence: Cadence,
    /// Who receives updates without having asked for them.
    pub standing: Vec<Subscription>,
    /// Updates that stand ready.
    pub templates: Vec<Template>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            channel: None,
            rooms: vec![Severity::Sev1, Severity::Sev2],
            roles: Vec::new(),
            cadence: Cadence::default(),
            standing: Vec::new(),
            templates: Vec::new(),
        }
    }
}

impl Rules {
    /// Every role there is.
    pub fn all_roles(&self) -> impl Iterator<Item = &str> {
        [LEAD, COMMUNICATIONS, SCRIBE]
            .into_iter()
            .chain(self.roles.iter().map(String::as_str))
    }

    /// The template of that name.
    pub fn template(&self, name: &str) -> Option<&Template> {
        let wanted = fold(name);
        self.templates.iter().find(|template| fold(&template.name) == wanted)
    }
}

/// When people are reminded of an incident; whole seconds. An incident keeps those that stood when it was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// How long it may be without a lead.
    pub lead: u32,
    /// How long readers may hear nothing, from SEV1 to SEV4.
    pub updates: [u32; 4],
    /// How long it may be watched.
    pub monitoring: u32,
    /// How long an analysis may take.
    pub analysis: u32,
}

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

impl Default for Cadence {
    fn default() -> Self {
        Self {
            lead: 10 * MINUTE,
            updates: [30 * MINUTE, HOUR, 4 * HOUR, DAY],
            monitoring: DAY,
            analysis: DAY,
        }
    }
}

impl Cadence {
    /// How long it may be without a lead.
    pub fn lead(&self) -> TimeDelta {
        seconds(self.lead)
    }

    /// How long readers may hear nothing of an incident of that severity.
    pub fn updates(&self, severity: Severity) -> TimeDelta {
        seconds(self.updates[severity.rank()])
    }

    /// How long it may be watched.
    pub fn monitoring(&self) -> TimeDelta {
        seconds(self.monitoring)
    }

    /// How long an analysis may take.
    pub fn analysis(&self) -> TimeDelta {
        seconds(self.analysis)
    }
}

fn seconds(number: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(number))
}
